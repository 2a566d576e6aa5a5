"""The dossier: everything about one person, nothing secret, nothing of anybody else."""

import io
import json
from datetime import date

import pytest
from django.apps import apps
from django.db import models
from django.utils import translation
from django.utils.translation import gettext as _
from pypdf import PdfReader

from cooperatives.models import Person
from cooperatives.reports.dossier import gather, relations
from cooperatives.services import join_people
from malaka_portal.history import HistoryEvent
from malaka_portal.models import AccessLog
from tests.factories.cooperatives import (
    NIK,
    OTHER_NIK,
    ConsentFactory,
    MemberFactory,
    NikClaimFactory,
    OfficerFactory,
    PersonFactory,
    ProposalFactory,
    with_nik,
)
from tests.factories.enterprises import (
    CredentialFactory,
    EnterpriseFactory,
    GroupMemberFactory,
    ProductFactory,
)
from tests.factories.portal import AccessLogFactory, RegionFactory, UserFactory
from tests.factories.roles import group

pytestmark = pytest.mark.django_db
REASON = "Permintaan salinan data"


@pytest.fixture
def person():
    """Somebody with something of every kind, and a neighbour who is nobody's business."""
    line = MemberFactory(person__name="Emerensiana Abuk", number="TFM-0042")
    found = with_nik(line.person)
    found.address, found.phones = "RT 03 RW 01", ["+6281234567890"]
    found.save()
    clerk = UserFactory(username="rani.secret", first_name="Rani", last_name="Seran", is_staff=True)
    OfficerFactory(
        person=found, cooperative=line.cooperative, role="treasurer", user__username="ema.secret"
    )
    ConsentFactory(person=found, channel="spoken", witness="Petrus Saksi")
    ConsentFactory(person=found, purpose="sharing", withdrawn_on=date(2026, 3, 1))
    claim = NikClaimFactory(
        person=found,
        nik=OTHER_NIK,
        cooperative=line.cooperative,
        status="refused",
        decided_by=clerk,
        decided_at="2026-11-01T00:00Z",
    )
    ProposalFactory(person=found, cooperative=line.cooperative, proposed_by=clerk)
    enterprise = EnterpriseFactory(owner=found, name="Tenun Ema", cooperative=line.cooperative)
    CredentialFactory(enterprise=enterprise)
    ProductFactory(enterprise=enterprise, name="Tais Feto")
    GroupMemberFactory(person=found)
    AccessLogFactory(object_id=found.pk, user=clerk, reason="Cek dengan dinas")
    AccessLogFactory(subject="cooperatives.nikclaim", object_id=claim.pk, user=clerk, reason="NIK?")
    AccessLogFactory(object_id=PersonFactory(name="Tetangga").pk, reason="bukan dia")
    return found


@pytest.fixture
def keeper(client):
    """The data protection officer, signed in."""
    user = UserFactory(first_name="Yosefina", last_name="Bria", username="yosefina.secret")
    user.groups.add(group("Petugas data pribadi"))
    client.force_login(user)
    return user


def ask(client, person, kind="json", **values):
    return client.post(f"/orang/{person.pk}/berkas/", {"reason": REASON, "format": kind, **values})


def text_of(response):
    """The words of the paper, its line breaks aside."""
    pages = PdfReader(io.BytesIO(response.content)).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


# --- what is in it --------------------------------------------------------------------------------
def tied_to_a_person():
    """(model, field) of every tie in the whole portal, found another way than the dossier does."""
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_fields + model._meta.local_many_to_many:
            if field.remote_field and field.remote_field.model is Person:
                yield model, field.name


def is_history(model):
    return issubclass(model, HistoryEvent)


def is_in_between(model):
    return bool(model._meta.auto_created)


def test_every_tie_to_a_person_is_told():
    expected = {
        (model, field)
        for model, field in tied_to_a_person()
        if not is_history(model) and not is_in_between(model)
    }

    told = {(tie.model, tie.field) for tie in relations() if "__" not in tie.field}
    assert told == expected
    assert len(expected) >= 7


def test_what_belongs_to_their_enterprise_is_told():
    told = {(tie.model._meta.model_name, tie.field) for tie in relations() if "__" in tie.field}

    assert told == {
        ("credential", "enterprise__owner"),
        ("enterprisemembership", "enterprise__owner"),
        ("enterprisesnapshot", "enterprise__owner"),
        ("pricechange", "product__enterprise__owner"),
        ("product", "enterprise__owner"),
        ("productphoto", "product__enterprise__owner"),
        ("support", "enterprise__owner"),
    }


def test_a_further_tie_would_be_told():
    """The negative control: a model made just now, with two ties, one of them hidden."""
    try:

        class Visit(models.Model):
            guest = models.ForeignKey(Person, models.PROTECT, related_name="+")
            hosts = models.ManyToManyField(Person, related_name="visits")

            class Meta:
                app_label = "cooperatives"

        told = {(tie.model, tie.field) for tie in relations()}
    finally:
        for name in ("visit", "visit_hosts"):
            apps.all_models["cooperatives"].pop(name)
        apps.clear_cache()
    assert {(Visit, "guest"), (Visit, "hosts")} <= told
    assert Visit not in {tie.model for tie in relations()}


def test_every_row_is_in_the_file(client, keeper, person):
    told = ask(client, person).json()

    rows = {(p["model"], p["relation"]): len(p["rows"]) for p in told["records"] if p["rows"]}
    assert rows == {
        ("cooperatives.consent", "person"): 2,
        ("cooperatives.credential", "enterprise__owner"): 1,
        ("cooperatives.enterprise", "owner"): 1,
        ("cooperatives.groupmember", "person"): 1,
        ("cooperatives.member", "person"): 1,
        ("cooperatives.nikclaim", "person"): 1,
        ("cooperatives.officer", "person"): 1,
        ("cooperatives.product", "enterprise__owner"): 1,
        ("cooperatives.proposal", "person"): 1,
    }
    assert told["person"]["name"] == "Emerensiana Abuk"
    assert told["person"]["phones"] == ["+6281234567890"]
    assert told["person"]["village"] == {"id": "53.21.10.2004", "name": "Alas Selatan"}


def test_the_keys_are_stable():
    told = gather(PersonFactory())

    assert [field.name for field in vars(type(told))["__dataclass_fields__"].values()] == [
        "person",
        "acts",
        "parts",
        "accesses",
        "names",
    ]


def test_the_head_of_the_file(client, keeper, person):
    told = ask(client, person, id_checked="on").json()

    assert list(told) == [
        "format",
        "made_at",
        "made_by",
        "reason",
        "id_card_checked",
        "person",
        "history",
        "records",
        "accesses",
        "not_included",
    ]
    assert told["format"] == "portal-malaka-dossier/1"
    assert told["made_by"] == {"role": "staff", "name": "Yosefina Bria"}
    assert told["made_at"].endswith("+08:00")
    assert (told["reason"], told["id_card_checked"]) == (REASON, True)


def test_the_history_of_the_person_and_of_each_row_is_in_it(client, keeper, person):
    person.address = "RT 05"
    person.save()
    line = person.members.get()
    line.number = "TFM-0043"
    line.save()

    told = ask(client, person).json()

    last = told["history"][-1]
    assert (last["what"], last["values"]) == ("update", {"address": "RT 05"})
    assert last["by"] == {"role": "command", "name": "test"}
    (member,) = next(p["rows"] for p in told["records"] if p["model"] == "cooperatives.member")
    assert [act["what"] for act in member["history"]] == ["insert", "update"]
    assert member["history"][-1]["values"] == {"number": "TFM-0043"}


def test_who_looked_is_in_it_and_nobody_elses_log(client, keeper, person):
    told = ask(client, person).json()

    assert [(log["kind"], log["subject"], log["reason"]) for log in told["accesses"]] == [
        ("reveal", "cooperatives.person", "Cek dengan dinas"),
        ("reveal", "cooperatives.nikclaim", "NIK?"),
    ]
    assert told["accesses"][0]["by"] == {"role": "staff", "name": "Rani Seran"}


def test_the_records_that_were_joined_into_theirs_belong_to_it(client, keeper, person):
    duplicate = PersonFactory(name="Ema Abuk")
    ConsentFactory(person=duplicate, purpose="contact", withdrawn_on=date(2026, 3, 1))
    Person.objects.filter(pk=duplicate.pk).update(
        nik_state="joined", nik_missing="", joined_into=person
    )

    told = ask(client, person).json()

    parts = {p["model"]: p["rows"] for p in told["records"]}
    assert [row["name"] for row in parts["cooperatives.person"]] == ["Ema Abuk"]
    assert [row["purpose"] for row in parts["cooperatives.consent"]] == [
        "public",
        "sharing",
        "contact",
    ]


def test_also_those_that_were_joined_through_another(client, keeper):
    first, second, third = (PersonFactory() for _number in range(3))
    consent = ConsentFactory(person=first)
    for duplicate, survivor in ((first, second), (second, third)):
        join_people(duplicate=duplicate, survivor=survivor, by=keeper)
    AccessLogFactory(object_id=first.pk, reason="Cek lama")

    told = ask(client, third).json()

    parts = {p["model"]: p["rows"] for p in told["records"]}
    [row] = parts["cooperatives.consent"]
    assert row["id"] == consent.pk
    assert row["history"][0]["what"] == "insert"
    assert {person["id"] for person in parts["cooperatives.person"]} == {first.pk, second.pk}
    assert [log["reason"] for log in told["accesses"]] == ["Cek lama"]


def test_of_a_joined_record_there_is_none(client, keeper):
    duplicate, survivor = PersonFactory(), PersonFactory()
    join_people(duplicate=duplicate, survivor=survivor, by=keeper)

    response = ask(client, duplicate)

    assert response.context["form"].errors["__all__"] == [
        _("This record belongs to another record of the same person. Choose that one.")
    ]
    assert AccessLog.objects.count() == 0


# --- what is not in it ----------------------------------------------------------------------------
def keys_of(value):
    if isinstance(value, dict):
        for key, item in value.items():
            yield key
            yield from keys_of(item)
    elif isinstance(value, list):
        for item in value:
            yield from keys_of(item)


@pytest.mark.parametrize("kind", ["json", "pdf"])
def test_no_secret_is_in_it(client, keeper, person, kind):
    response = ask(client, person, kind, id_checked="on")

    text = text_of(response) if kind == "pdf" else response.content.decode()
    secrets = {
        "hash": person.nik_hash,
        "claimed hash": person.nikclaims.get().nik_hash,
        "claimed number": OTHER_NIK,
        "account": "secret",
        "password": "pbkdf2",
    }
    assert [name for name, secret in secrets.items() if secret in text] == []
    if kind == "json":
        odd = ("cipher", "hash", "password")
        assert [key for key in keys_of(response.json()) if key.endswith(odd)] == []


@pytest.mark.parametrize("kind", ["json", "pdf"])
def test_no_other_person_is_in_it(client, keeper, person, kind):
    for name in ("Tetangga", "Petrus Saksi"):
        assert name not in (
            text_of(ask(client, person, kind))
            if kind == "pdf"
            else ask(client, person, kind).content.decode()
        )


def test_another_owner_of_the_same_group_has_no_name_in_it(client, keeper, person):
    partner = GroupMemberFactory(
        enterprise=person.groups.get().enterprise, person__name="Maria Rekan"
    )

    text = ask(client, person).content.decode()

    assert partner.person.name not in text


@pytest.mark.parametrize("kind", ["json", "pdf"])
def test_of_what_they_took_over_nothing_from_before_is_in_it(client, keeper, kind):
    before, after = PersonFactory(), PersonFactory()
    enterprise = EnterpriseFactory(owner=before, address="Rumah lama", hamlet="Metamauk")
    enterprise.owner, enterprise.address = after, "Rumah baru"
    enterprise.save()
    enterprise.hamlet = "Umasukaer"
    enterprise.save()
    told = ask(client, after, kind)
    text = told.content.decode() if kind == "json" else text_of(told)
    former = ask(client, before).json()["records"]

    assert [word in text for word in ("Rumah lama", "Rumah baru", "Umasukaer")] == [0, 1, 1]
    if kind == "json":
        parts = {part["model"]: part["rows"] for part in told.json()["records"]}
        [row] = parts["cooperatives.enterprise"]
        assert [act["values"].get("hamlet") for act in row["history"]] == ["Metamauk", "Umasukaer"]
    assert {p["model"]: p["rows"] for p in former}["cooperatives.enterprise"] == []


# --- the NIK --------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["json", "pdf"])
def test_the_whole_nik_only_where_the_ktp_was_checked(client, keeper, person, kind):
    def read(response):
        return text_of(response) if kind == "pdf" else response.content.decode()

    masked, whole = ask(client, person, kind), ask(client, person, kind, id_checked="on")

    assert (NIK in read(masked), NIK in read(whole)) == (False, True)
    assert NIK[-4:] in read(masked)
    assert list(
        AccessLog.objects.filter(kind="dossier").order_by("id").values_list("query", flat=True)
    ) == [f"/orang/{person.pk}/berkas/", f"/orang/{person.pk}/berkas/?ktp=ya"]


# --- the paper ------------------------------------------------------------------------------------
def test_the_paper_can_be_read(client, keeper, person):
    response = ask(client, person, "pdf", id_checked="on")

    text = text_of(response)
    reader = PdfReader(io.BytesIO(response.content))
    with translation.override("id"):
        told = [
            _("All that the portal holds about you"),
            "Emerensiana Abuk",
            NIK,
            "TFM-0042",
            person.members.get().cooperative.name,
            "Tenun Ema",
            "Tais Feto",
            str(person.consents.first().get_purpose_display()),
            "0812-3456-7890",
            "Cek dengan dinas",
            "Rani Seran",
            REASON,
            "Yosefina Bria",
            "WITA",
        ]
        last = _("Page %(number)d of %(count)d") % {
            "number": len(reader.pages),
            "count": len(reader.pages),
        }
    assert [w for w in told if " ".join(w.split()).lower() not in text.lower()] == []
    assert len(reader.pages) >= 2
    assert last in " ".join(reader.pages[-1].extract_text().split())
    width, height = reader.pages[0].mediabox[2:]
    assert (round(width), round(height)) == (595, 842)
    assert response["Content-Type"] == "application/pdf"
    assert response["Content-Disposition"].startswith(
        'attachment; filename="berkas-emerensiana-abuk-'
    )


def test_odd_letters_do_not_stop_the_paper(client, keeper):
    person = PersonFactory(name="Tétun <b>Fehan</b> & Ćiril 漢")

    text = text_of(ask(client, person, "pdf"))

    assert "Tétun <b>Fehan</b> &" in text
    assert ask(client, person).json()["person"]["name"] == person.name


def test_the_paper_is_indonesian_whatever_the_page(client, keeper, person):
    response = client.post(f"/en/orang/{person.pk}/berkas/", {"reason": REASON, "format": "pdf"})

    with translation.override("id"):
        name = str(person.members.model._meta.verbose_name_plural)
    assert name.capitalize() in text_of(response)


# --- who may, and what is written down ------------------------------------------------------------
def test_it_is_logged_before_the_first_byte(client, keeper, person, monkeypatch):
    seen = []

    def render(*args, **kwargs):
        seen.append(AccessLog.objects.filter(kind="dossier").count())
        return b"%PDF"

    monkeypatch.setattr("cooperatives.views.privacy.as_pdf", render)
    ask(client, person, "pdf")

    log = AccessLog.objects.get(kind="dossier")
    assert seen == [1]
    assert (log.user, log.subject, log.object_id) == (keeper, "cooperatives.person", person.pk)
    assert (log.reason, log.format, log.rows) == (REASON, "pdf", 11)


def test_without_a_reason_there_is_none(client, keeper, person):
    response = ask(client, person, reason="")

    assert list(response.context["form"].errors) == ["reason"]
    assert AccessLog.objects.filter(kind="dossier").count() == 0


@pytest.mark.parametrize(
    ("name", "status"),
    [("Petugas data pribadi", 200), ("Staf program", 403), ("Peninjau", 403)],
)
def test_only_the_data_protection_officer_may(client, person, name, status):
    user = UserFactory()
    user.groups.add(group(name))
    client.force_login(user)

    assert ask(client, person).status_code == status


def test_outside_the_area_there_is_nothing(client, person):
    user = UserFactory(area=RegionFactory(code="33"))
    user.groups.add(group("Petugas data pribadi"))
    client.force_login(user)

    assert ask(client, person).status_code == 404


def test_the_page_of_the_person_shows_who_looked(client, keeper, person):
    ask(client, person)

    page = client.get(person.get_absolute_url())

    shown = [(log.get_kind_display(), log.reason) for log in page.context["accesses"]]
    kinds = AccessLog.Kind
    assert shown == [
        (kinds.DOSSIER.label, REASON),
        (kinds.REVEAL.label, "NIK?"),
        (kinds.REVEAL.label, "Cek dengan dinas"),
    ]
    assert f'href="/orang/{person.pk}/berkas/"' in page.content.decode()


def test_an_officer_sees_who_looked_and_a_reviewer_does_not(client, person):
    cooperative = person.members.get().cooperative
    officer, reviewer = OfficerFactory(cooperative=cooperative).user, UserFactory()
    reviewer.groups.add(group("Peninjau"))
    seen = []
    for user in (officer, reviewer):
        client.force_login(user)
        page = client.get(person.get_absolute_url())
        seen.append(("Cek dengan dinas" in page.content.decode(), page.context["accesses"] is None))

    assert seen == [(True, False), (False, True)]


def test_as_many_queries_for_three_lines_as_for_one(client, keeper, django_assert_num_queries):
    def counted(person):
        with django_assert_num_queries(34):
            ask(client, person)

    one, three = PersonFactory(), PersonFactory()
    MemberFactory(person=one)
    ConsentFactory(person=one)
    for purpose in ("public", "contact", "survey"):
        MemberFactory(person=three)
        ConsentFactory(person=three, purpose=purpose)
    client.get("/akun/")  # the session's clock

    counted(one)
    counted(three)


def test_the_file_is_plain_json(client, keeper, person):
    response = ask(client, person)

    assert response["Content-Type"] == "application/json"
    assert json.loads(response.content) == response.json()
    assert response["Cache-Control"] == "private, no-store"
