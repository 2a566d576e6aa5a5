"""The pages from which papers are printed: who may print what, and what is written down."""

from io import BytesIO

import openpyxl
import pytest
import time_machine
from django.urls import reverse
from django.utils.translation import gettext as _

from cooperatives.views import paper as views
from malaka_portal.models import AccessLog
from tests.factories.cooperatives import CooperativeFactory, MemberFactory, PersonFactory
from tests.factories.enterprises import EnterpriseFactory
from tests.factories.portal import LetterheadFactory
from tests.factories.roles import ROLES, actor, other_rows, own_rows
from tests.printed import pages_of, words_of

pytestmark = pytest.mark.django_db
LIST = "/koperasi/cetak/"
REASON = "buku ditandatangani saat RAT"
OFFICE = ["rekapitulasi-koperasi", "daftar-koperasi", "status-rat", "daftar-umkm"]
BOOKS = ["buku-daftar-anggota", "buku-daftar-pengurus", "buku-daftar-pengawas"]


def sent(slug, kind="pdf", **values):
    """What the form of one paper posts; its fields carry the paper's name."""
    values = {"day": "24-11-2026", "fiscal_year": "2025"} | values
    return {"paper": slug, "format": kind} | {f"{slug}-{key}": v for key, v in values.items()}


@pytest.fixture
def own():
    return own_rows()


def signed_in(client, role, own):
    user = actor(role, own)
    client.force_login(user)
    return user


def offered(client, url=LIST):
    return [form.paper.slug for form in client.get(url).context["forms"]]


@time_machine.travel("2026-11-24 10:00+08:00")
@pytest.mark.parametrize("role", ROLES)
def test_who_is_offered_which_papers(client, own, role):
    signed_in(client, role, own)

    wanted = {"officer": OFFICE[3:], "supervisor": OFFICE[3:], "stranger": []}.get(role, OFFICE)
    assert offered(client) == wanted
    for slug in OFFICE:
        status = client.post(LIST, sent(slug)).status_code
        assert (slug, status) == (slug, 200 if slug in wanted else 400)


@pytest.mark.parametrize("role", [role for role in ROLES if role != "stranger"])
def test_whoever_sees_a_cooperative_prints_its_books(client, own, role):
    signed_in(client, role, own)
    url = reverse("cooperatives:paper-books", args=[own["Cooperative"].pk])

    assert offered(client, url) == BOOKS
    for slug in BOOKS:
        for kind, start in (("pdf", b"%PDF-"), ("xlsx", b"PK")):
            response = client.post(url, sent(slug, kind))
            assert response.content.startswith(start)
            assert response["Cache-Control"] == "private, no-store"


def test_no_book_of_a_cooperative_out_of_sight(client, own):
    other = other_rows()["Cooperative"]
    signed_in(client, "staff", own)
    url = reverse("cooperatives:paper-books", args=[other.pk])

    assert client.post(url, sent(BOOKS[0])).status_code == 404
    assert AccessLog.objects.count() == 0


@time_machine.travel("2026-11-24 10:00+08:00")
def test_no_row_of_another_area_is_on_a_paper(client, own):
    other_rows()
    signed_in(client, "staff", own)

    for slug in OFFICE[1:]:
        text = words_of(client.post(LIST, sent(slug)).content)
        assert "Lain" not in text.replace("Lain-lain", "")
    assert "Koperasi Rahasia Sendiri" in words_of(client.post(LIST, sent(OFFICE[1])).content)


@time_machine.travel("2026-11-24 10:00+08:00")
def test_personal_columns_want_a_reason_and_are_written_down(client, own):
    user = signed_in(client, "officer", own)
    url = reverse("cooperatives:paper-books", args=[own["Cooperative"].pk])
    own["Person"].address = "RT 77"
    own["Person"].save()

    without = client.post(url, sent(BOOKS[0], with_former="on"))
    refused = client.post(url, sent(BOOKS[0], with_personal="on", reason="rapat"))
    filled = client.post(
        url, sent(BOOKS[0], with_personal="on", with_former="on", reason=f" {REASON} ")
    )

    assert "RT 77" not in words_of(without.content)
    assert refused.status_code == 200 and refused["Content-Type"].startswith("text/html")
    assert _("Say in 10 letters or more what for, or take the tick away.") in (
        refused.content.decode()
    )
    assert "RT 77" in words_of(filled.content)
    first, second = AccessLog.objects.order_by("id")
    assert (first.user, first.kind, first.subject) == (user, "export", "cooperatives.member")
    assert (first.rows, first.reason, first.format) == (1, "", "pdf")
    assert (second.rows, second.reason) == (1, REASON)
    assert second.query == f"{url}?daftar={BOOKS[0]}&tanggal=2026-11-24&data-pribadi=ya"


def test_a_nik_is_no_reason(client, own):
    signed_in(client, "officer", own)
    url = reverse("cooperatives:paper-books", args=[own["Cooperative"].pk])
    nik = "5321104507909001"

    response = client.post(url, sent(BOOKS[0], with_personal="on", reason=f"untuk NIK {nik}"))

    assert response["Content-Type"].startswith("text/html")
    assert AccessLog.objects.count() == 0


def test_a_reviewer_is_not_asked_for_what_they_may_not_see(client, own):
    signed_in(client, "viewer", own)
    url = reverse("cooperatives:paper-books", args=[own["Cooperative"].pk])
    own["Person"].address = "RT 77"
    own["Person"].save()

    form = client.get(url).context["forms"][0]
    response = client.post(url, sent(BOOKS[0], with_personal="on", reason=REASON))

    assert set(form.fields) == {"day", "with_former"}
    assert "RT 77" not in words_of(response.content)
    assert AccessLog.objects.get().reason == ""


@time_machine.travel("2026-11-24 10:00+08:00")
@pytest.mark.parametrize(
    ("slug", "values"),
    [
        ("status-rat", {"day": "31-02-2026"}),
        ("status-rat", {"day": "25-11-2026"}),  # tomorrow
        ("status-rat", {"day": ""}),
        ("status-rat", {"fiscal_year": "dua"}),
        ("status-rat", {"fiscal_year": "99999"}),
        ("daftar-koperasi", {"district": "33.01.01"}),
        ("daftar-koperasi", {"district": "x\0"}),
    ],
)
def test_what_is_wrong_is_said_at_the_field(client, own, slug, values):
    signed_in(client, "staff", own)

    response = client.post(LIST, sent(slug, **values))
    (form,) = [f for f in response.context["forms"] if f.paper.slug == slug]

    assert list(form.errors) == [next(iter(values))]
    assert f'href="#id_{slug}-{next(iter(values))}"' in response.content.decode()
    assert AccessLog.objects.count() == 0


@pytest.mark.parametrize("wrong", [{"paper": "x"}, {"format": "exe"}, {"format": ""}])
def test_an_unknown_paper_or_format_is_a_bad_request(client, own, wrong):
    signed_in(client, "staff", own)

    assert client.post(LIST, sent("daftar-koperasi") | wrong).status_code == 400


@time_machine.travel("2026-11-24 10:00+08:00")
def test_one_district_in_the_name_of_nobody_else(client, own):
    signed_in(client, "staff", own)

    response = client.post(LIST, sent("daftar-koperasi", "xlsx", district="53.21.10"))

    name = 'attachment; filename="daftar-koperasi-2026-11-24.xlsx"'
    assert response["Content-Disposition"] == name
    assert openpyxl.load_workbook(BytesIO(response.content)).active.max_row > 5
    assert "kecamatan=53.21.10" in AccessLog.objects.get().query


def test_too_long_a_paper_is_refused_in_words(client, own, monkeypatch):
    monkeypatch.setitem(views.MOST_ROWS, "pdf", 0)
    signed_in(client, "staff", own)

    response = client.post(LIST, sent("daftar-koperasi"))

    assert (
        _("This paper would be too long. Take Excel, or choose less.") in response.content.decode()
    )
    assert AccessLog.objects.count() == 0
    assert client.post(LIST, sent("daftar-koperasi", "xlsx")).content.startswith(b"PK")


def test_papers_are_in_indonesian_whatever_the_page(client, own):
    signed_in(client, "staff", own)

    response = client.post(f"/en{LIST}", sent("daftar-koperasi"))

    assert "Halaman 1 dari 1" in words_of(response.content)


@pytest.mark.parametrize(
    ("role", "text"),
    [
        ("administrator", "Record the letterhead"),
        ("staff", "Ask the administrator to record it."),
    ],
)
def test_a_missing_letterhead_is_told(client, own, role, text):
    signed_in(client, role, own)
    assert _(text) in client.get(LIST).content.decode()

    LetterheadFactory()
    assert _(text) not in client.get(LIST).content.decode()


def test_twelve_hundred_members_are_all_in_the_book(client, own):
    cooperative = CooperativeFactory(village=own["Cooperative"].village)
    people = [PersonFactory.build(village=cooperative.village) for _number in range(1200)]
    for number, person in enumerate(people):
        person.name = f"Orang{number:04}"
    type(people[0]).objects.bulk_create(people)
    lines = [
        MemberFactory.build(cooperative=cooperative, person=person, number=f"TFM-{number:04}")
        for number, person in enumerate(people)
    ]
    type(lines[0]).objects.bulk_create(lines)
    signed_in(client, "staff", own)
    url = reverse("cooperatives:paper-books", args=[cooperative.pk])

    pages = pages_of(client.post(url, sent(BOOKS[0])).content)

    names = [word for text in pages for word in text.split() if word.startswith("Orang")]
    assert names == [f"Orang{number:04}" for number in range(1200)]
    assert AccessLog.objects.get().rows == 1200


def test_links_lead_to_the_papers(client, own):
    cooperative = own["Cooperative"]
    EnterpriseFactory(cooperative=cooperative, village=cooperative.village)
    signed_in(client, "officer", own)
    books = reverse("cooperatives:paper-books", args=[cooperative.pk])

    for url, wanted in (
        (cooperative.get_absolute_url(), books),
        (reverse("cooperatives:register", args=[cooperative.pk]), books),
        (LIST, books),
        (reverse("cooperatives:cooperative-list"), LIST),
        (reverse("cooperatives:enterprise-list"), LIST),
    ):
        assert f'href="{wanted}"' in client.get(url).content.decode()


def test_the_day_of_the_form_is_today(client, own):
    with time_machine.travel("2026-11-24 10:00+08:00"):
        signed_in(client, "staff", own)
        form = client.get(LIST).context["forms"][2]

    assert form["day"].value() == "24-11-2026"
    assert form["fiscal_year"].value() == 2025
