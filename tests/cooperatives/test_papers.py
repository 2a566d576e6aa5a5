"""Papers of enterprises: their numbers, until when they hold, and their copies."""

import uuid
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.urls import reverse

from cooperatives import services, tables
from cooperatives.models import Credential, access
from malaka_portal.models import AccessLog, User
from tests.factories.cooperatives import NIK, OfficerFactory
from tests.factories.enterprises import (
    CredentialFactory,
    EnterpriseFactory,
    PaperFactory,
    picture,
)
from tests.factories.portal import UserFactory, village
from tests.factories.roles import MALAKA, group

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.4 salinan NIB"
LIST = reverse("cooperatives:credential-list")
ANSWERS = {"kind": "nib", "status": "held", "number": "NIB 9120 0012 3456 7"}


@pytest.fixture
def officer():
    return OfficerFactory()


@pytest.fixture
def ours(officer):
    return EnterpriseFactory(cooperative=officer.cooperative, name="Tenun Mama Bria")


@pytest.fixture
def add(client, officer, ours):
    client.force_login(officer.user)
    return reverse("cooperatives:credential-create", args=[ours.pk])


def url(name, paper):
    return reverse(f"cooperatives:credential-{name}", args=[paper.pk])


def pdf(content=PDF, name="nib.pdf"):
    return SimpleUploadedFile(name, content, content_type="application/pdf")


def send(client, to, **data):
    return client.post(to, data | {"_kunci": str(uuid.uuid4())})


def reviewer():
    village()
    user = UserFactory(area_id=MALAKA)
    user.groups.add(group("Peninjau"))
    return User.objects.get(pk=user.pk)


# --- numbers and rules --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "number", "printed"),
    [
        ({}, "9120001234567", "9120001234567"),
        (
            {"kind": "pirt", "number": "P-IRT No. 2065321010001-29"},
            "206532101000129",
            "2065321010001-29",
        ),
        (
            {"kind": "halal", "number": "id 5311 0000 1234 50121"},
            "ID53110000123450121",
            "ID53110000123450121",
        ),
        ({"kind": "trademark", "number": " IDM000123456 "}, "IDM000123456", "IDM000123456"),
        ({"kind": "halal", "status": "non_halal", "number": ""}, "", ""),
        ({"kind": "halal", "status": "not_required", "number": ""}, "", ""),
        ({"kind": "pirt", "status": "in_process", "number": ""}, "", ""),
    ],
)
def test_a_paper_is_recorded_with_its_number_in_one_spelling(
    client, ours, add, answers, number, printed
):
    response = send(client, add, **ANSWERS | answers)

    paper = Credential.objects.get()
    assert (response.status_code, response["Location"]) == (302, ours.get_absolute_url())
    assert (paper.enterprise, paper.number, paper.shown_number) == (ours, number, printed)
    assert printed in client.get(paper.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"number": "912000123456"}, "number"),
        ({"number": NIK}, "number"),
        ({"number": ""}, "number"),
        ({"kind": "pirt", "number": NIK}, "number"),
        ({"kind": "halal", "number": "ID53"}, "number"),
        ({"kind": "other", "number": f"KTP {NIK}"}, "number"),
        ({"kind": "other", "number": "1", "covers": f"KTP {NIK}"}, "covers"),
        ({"status": "non_halal"}, "status"),
        ({"kind": ""}, "kind"),
        ({"issued_on": "2-1-2025", "valid_until": "1-1-2025"}, "__all__"),
        ({"issued_on": "1-1-2999"}, "issued_on"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_is_kept(client, add, changes, field):
    response = send(client, add, **ANSWERS | changes)

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert Credential.objects.count() == 0


def test_a_paper_that_is_recorded_already_is_told(client, ours, add):
    CredentialFactory(enterprise=ours, number="9120001234567")

    response = send(client, add, **ANSWERS)

    assert (response.status_code, Credential.objects.count()) == (200, 1)
    assert list(response.context["form"].errors) == ["__all__"]


def test_a_renewal_changes_the_row_and_the_history_keeps_the_old_dates(client, officer, ours):
    day = access.today()
    paper = CredentialFactory(enterprise=ours, valid_until=day.replace(year=2025, day=3))
    client.force_login(officer.user)
    sent = ANSWERS | {"number": paper.number, "valid_until": f"3-1-{day.year + 3}"}

    response = send(client, url("update", paper), **sent, _versi=paper.version)

    paper.refresh_from_db()
    assert response["Location"] == paper.get_absolute_url()
    assert paper.state() == "valid"
    history = client.get(url("history", paper)).content.decode()
    assert "2025</del>" in history and str(day.year + 3) in history


def test_the_second_editor_of_a_paper_sees_both_values(client, officer, ours):
    paper = PaperFactory(enterprise=ours)
    client.force_login(officer.user)
    sent = ANSWERS | {"number": paper.number, "issued_on": "2-1-2024", "_versi": 1}
    send(client, url("update", paper), **sent, covers="satu", document=pdf(PDF + b"1"))

    response = send(client, url("update", paper), **sent, covers="dua", document=pdf())
    merged = send(client, url("update", paper), **sent | {"issued_on": "2-1-2023"}, covers="satu")

    assert set(response.context["form"].errors) == {"__all__", "covers", "document"}
    assert "satu" in response.content.decode()
    assert "credentials/" not in response.content.decode()
    paper.refresh_from_db()
    assert merged.status_code == 302
    with paper.document.open() as copy:
        assert (paper.covers, copy.read()) == ("satu", PDF + b"1")
    assert paper.issued_on.year == 2023


# --- copies -------------------------------------------------------------------------------------


def test_a_copy_is_kept_and_handed_out_and_that_is_written_down(client, officer, ours, add):
    send(client, add, **ANSWERS, document=pdf())
    paper = Credential.objects.get()

    page = client.get(paper.get_absolute_url()).content.decode()
    response = client.post(url("file", paper))

    assert response.getvalue() == PDF
    assert f'action="{url("file", paper)}"' in page
    assert "nib.pdf" not in page and paper.document.name not in page
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith("attachment;")
    assert "Tenun Mama Bria" in response["Content-Disposition"]
    log = AccessLog.objects.get()
    assert (log.kind, log.subject, log.object_id, log.user) == (
        "file",
        "cooperatives.credential",
        paper.pk,
        officer.user,
    )


def test_a_link_to_a_copy_leads_to_its_paper_and_writes_nothing(client, officer, ours):
    paper = PaperFactory(enterprise=ours)
    client.force_login(officer.user)

    response = client.get(url("file", paper))

    assert response["Location"] == paper.get_absolute_url()
    assert AccessLog.objects.count() == 0


def test_a_reviewer_sees_that_there_is_a_copy_and_does_not_get_it(client, ours):
    paper = PaperFactory(enterprise=ours)
    client.force_login(reviewer())

    page = client.get(paper.get_absolute_url())
    history = client.get(url("history", paper)).content.decode()

    assert url("file", paper) not in page.content.decode()
    assert client.post(url("file", paper)).status_code == 403
    assert paper.document.name.rpartition("/")[2][:6] not in history
    assert AccessLog.objects.count() == 0


def test_a_stranger_gets_the_page_of_a_row_that_is_not_there(client, ours):
    paper = PaperFactory(enterprise=ours)
    client.force_login(OfficerFactory().user)

    assert client.post(url("file", paper)).status_code == 404


def test_a_paper_without_a_copy_has_none_to_hand_out(client, officer, ours):
    paper = CredentialFactory(enterprise=ours)
    client.force_login(officer.user)

    assert client.post(url("file", paper)).status_code == 404
    assert AccessLog.objects.count() == 0


def test_a_photo_of_a_paper_will_do(client, ours, add):
    photo = SimpleUploadedFile("IMG_1.jpg", picture(kind="JPEG").read(), "image/jpeg")

    assert send(client, add, **ANSWERS, document=photo).status_code == 302
    assert Credential.objects.get().document.name.endswith(".jpg")


def test_another_field_is_wrong_and_the_page_says_that_the_file_is_to_be_chosen_again(client, add):
    response = send(client, add, **ANSWERS | {"number": "12"}, document=pdf())
    without = send(client, add, **ANSWERS | {"number": "12"})

    assert 'enctype="multipart/form-data"' in response.content.decode()
    assert 'value="12"' in response.content.decode()
    words = "notice warning"
    assert words in response.content.decode()
    assert words not in without.content.decode()
    assert Credential.objects.count() == 0


def test_a_file_that_is_none_is_told_at_its_field(client, add):
    response = send(client, add, **ANSWERS, document=pdf(b"MZ hello", "nib.pdf"))

    assert list(response.context["form"].errors) == ["document"]
    assert Credential.objects.count() == 0


def test_a_form_that_is_too_large_is_refused_with_a_page_that_says_so(client, add, settings):
    settings.MAX_BODY_BYTES = 1000

    response = send(client, add, **ANSWERS, document=pdf(PDF * 100))

    assert (response.status_code, Credential.objects.count()) == (413, 0)


def test_sent_twice_it_is_kept_once_and_another_file_is_asked_about(client, add):
    key = str(uuid.uuid4())

    answers = [
        client.post(add, ANSWERS | {"_kunci": key, "document": pdf(content)})
        for content in (PDF, PDF, PDF + b"other")
    ]

    assert [answer.status_code for answer in answers] == [302, 302, 409]
    assert Credential.objects.count() == 1


def test_a_change_without_a_file_keeps_the_copy(client, officer, ours):
    paper = PaperFactory(enterprise=ours)
    kept = paper.document.name
    client.force_login(officer.user)

    send(client, url("update", paper), **ANSWERS | {"number": paper.number}, covers="x", _versi=1)

    paper.refresh_from_db()
    assert (paper.covers, paper.document.name) == ("x", kept)


# --- a copy that is replaced ----------------------------------------------------------------------
def replace(client, paper, content=PDF + b" baru", **more):
    answers = ANSWERS | {"number": paper.number, "document": pdf(content), "_versi": paper.version}
    return send(client, url("update", paper), **answers | more)


@pytest.fixture
def kept(client, officer, ours):
    """A paper with a copy; an officer is signed in who may replace it."""
    client.force_login(officer.user)
    return PaperFactory(enterprise=ours)


def is_there(name):
    return Credential._meta.get_field("document").storage.exists(name)


def test_a_copy_that_is_replaced_goes_once_that_is_sure(
    client, kept, django_capture_on_commit_callbacks
):
    former = kept.document.name
    with django_capture_on_commit_callbacks(execute=False) as after_commit:
        assert replace(client, kept).status_code == 302
    kept.refresh_from_db()

    assert (is_there(former), is_there(kept.document.name)) == (True, True)
    for act in after_commit:
        act()
    assert (is_there(former), is_there(kept.document.name)) == (False, True)
    # the history says still that there was another one, and who replaced it
    names = Credential.pgh_event_model.objects.order_by("pgh_id").values_list("document", flat=True)
    assert list(names) == [former, kept.document.name]
    kept.document.delete(save=False)


def test_a_copy_stays_whose_replacement_is_refused_or_undone(
    client, kept, django_capture_on_commit_callbacks
):
    former = kept.document.name
    with django_capture_on_commit_callbacks(execute=True):
        assert replace(client, kept, number="12").status_code == 200
        assert replace(client, kept, b"MZ hello").status_code == 200
        with pytest.raises(ZeroDivisionError), transaction.atomic():
            kept.document = pdf()
            kept.save()
            raise ZeroDivisionError
        kept.refresh_from_db()
        kept.covers = "x"
        kept.save()

    assert (Credential.objects.get().document.name, is_there(former)) == (former, True)


def test_a_copy_stays_that_a_save_of_other_columns_leaves_named(
    kept, django_capture_on_commit_callbacks
):
    former = kept.document.name
    with django_capture_on_commit_callbacks(execute=True):
        kept.document, kept.covers = "", "x"
        kept.save(update_fields=["covers"])

    assert is_there(former)


def test_what_cannot_be_removed_breaks_nothing_and_is_found_at_night(
    client, kept, monkeypatch, django_capture_on_commit_callbacks
):
    former, storage = kept.document.name, Credential._meta.get_field("document").storage
    with monkeypatch.context() as patch:
        patch.setattr(storage._wrapped, "delete", lambda name: 1 / 0)
        with django_capture_on_commit_callbacks(execute=True):
            assert replace(client, kept).status_code == 302
    other = PaperFactory(enterprise=kept.enterprise)
    kept.refresh_from_db()
    assert is_there(former)

    services.forget_replaced_copies()
    services.forget_replaced_copies()

    assert not is_there(former)
    assert is_there(kept.document.name) and is_there(other.document.name)


# --- the list of those that run out -------------------------------------------------------------


@pytest.fixture
def papers(ours):
    today = access.today()
    food = EnterpriseFactory(
        cooperative=ours.cooperative, line="food", village=village("53.21.02.2001", "Kletek")
    )
    for days, kind, number, whose in (
        (-3, "pirt", "206532101000129", food),
        (0, "nib", "9000000000000", ours),
        (30, "nib", "9000000000030", ours),
        (31, "nib", "9000000000031", ours),
        (91, "nib", "9000000000091", ours),
    ):
        until = today + timedelta(days=days)
        CredentialFactory(
            enterprise=whose,
            kind=kind,
            number=number,
            covers=number,
            issued_on=None,
            valid_until=until,
        )
    CredentialFactory(enterprise=ours)  # without an end
    CredentialFactory(
        enterprise=food, kind="halal", status="in_process", number="", valid_until=today
    )


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["206532101000129", *(f"90000000000{n}" for n in ("00", "30", "31", "91"))]),
        ("masa=habis", ["206532101000129"]),
        ("masa=30", ["9000000000000", "9000000000030"]),
        ("masa=90", ["9000000000000", "9000000000030", "9000000000031"]),
        ("jenis=pirt", ["206532101000129"]),
        ("kecamatan=53.21.02", ["206532101000129"]),
        ("masa=90&kecamatan=53.21.02", []),
        ("masa=x", ["206532101000129", *(f"90000000000{n}" for n in ("00", "30", "31", "91"))]),
    ],
)
def test_papers_that_run_out_first_stand_on_top(client, officer, papers, query, found):
    client.force_login(officer.user)

    response = client.get(f"{LIST}?{query}")

    assert [row.object.number for row in response.context["rows"]] == found


def test_the_list_turns_its_pages_by_the_day(client, officer, ours):
    day = access.today()
    for number in range(30):
        CredentialFactory(enterprise=ours, valid_until=day + timedelta(days=number // 10))
    client.force_login(officer.user)

    first = client.get(LIST)
    second = client.get(first.context["page"].next_url)

    seen = [row.object.pk for page in (first, second) for row in page.context["rows"]]
    wanted = Credential.objects.order_by("valid_until", "pk").values_list("pk", flat=True)
    assert seen == list(wanted)


@pytest.mark.parametrize(
    ("days", "left", "colour"),
    [
        (-1, "ran out 1 day ago|sudah lewat 1 hari", "red"),
        (-2520, "ran out 2,520 days ago|sudah lewat 2.520 hari|ran out 2.520 days ago", "red"),
        (0, "runs out today|habis hari ini", "yellow"),
        (12, "12 days left|tinggal 12 hari", "yellow"),
        (None, "valid|berlaku", "green"),
    ],
)
def test_a_state_is_told_in_words(days, left, colour):
    until = None if days is None else access.today() + timedelta(days=days)
    state = tables.state_of_paper(CredentialFactory(issued_on=None, valid_until=until))

    assert str(state) in left.split("|")
    assert state.colour == colour


def test_a_reviewer_sees_no_telephone_in_the_list(client, ours, papers):
    type(ours).objects.filter(pk=ours.pk).update(phone="+6281200001234")
    client.force_login(reviewer())

    assert "0812-0000-1234" not in client.get(LIST).content.decode()
