"""The registry in the back office: the portal's rows, rules and history, through another door."""

import re
import threading
from datetime import date

import pytest
from django.contrib import admin
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext as _

from cooperatives.models import Cooperative, Member, Officer, Person, YearlySnapshot
from malaka_portal.actors import acting
from malaka_portal.changes import changes_of
from tests.factories.cooperatives import (
    NIK,
    OTHER_NIK,
    AmendmentFactory,
    ConsentFactory,
    CooperativeFactory,
    MemberFactory,
    NikClaimFactory,
    OfficerFactory,
    PersonFactory,
    ProposalFactory,
    StatusChangeFactory,
    YearlySnapshotFactory,
    with_nik,
)
from tests.factories.portal import UserFactory, village

FACTORIES = [
    AmendmentFactory,
    ConsentFactory,
    CooperativeFactory,
    MemberFactory,
    NikClaimFactory,
    OfficerFactory,
    PersonFactory,
    ProposalFactory,
    StatusChangeFactory,
    YearlySnapshotFactory,
]
EVERY = pytest.mark.parametrize("factory", FACTORIES, ids=lambda f: f._meta.model.__name__)
CONFIRMED = Person.NikState.CONFIRMED
EDITORS = ["cooperatives.view_cooperative"]
EDITORS += [
    f"cooperatives.{a}_{m}" for a in ("view", "add", "change") for m in ("person", "member")
]


def address(row_or_model, page, *args):
    opts = row_or_model._meta
    return reverse(f"admin:{opts.app_label}_{opts.model_name}_{page}", args=args)


def change_page(row, page="change"):
    return address(row, page, row.pk)


def fields_of(response):
    """What a browser would send back from the form as it stands."""
    form = response.context["adminform"].form
    values = {}
    for bound in form:
        value = bound.value()
        value = value() if callable(value) else value
        if value not in (None, False):
            values[bound.html_name] = bound.field.prepare_value(value)
    return values


@pytest.fixture
def root(client, db):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def staff(db):
    """A client of staff whose rights hold in Malaka; `granted` adds permissions."""

    def make(*granted, area="53.21"):
        village()
        user = UserFactory(is_staff=True, area_id=area, granted=[*EDITORS, *granted])
        client = Client()
        client.force_login(user)
        return client

    return make


# --- every model ----------------------------------------------------------------------------------
@EVERY
def test_lists_and_forms_open_at_the_same_cost_for_one_row_and_three(root, factory):
    pages = [address(factory._meta.model, "changelist"), change_page(factory())]
    opened = [root.get(page).status_code for page in pages]  # also fills Django's own caches

    def costs():
        found = []
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                root.get(page)
            found.append(len(queries))
        return found

    for_one = costs()
    factory.create_batch(2)

    assert opened == [200, 200]
    assert costs() == for_one
    assert for_one[0] <= 9
    assert for_one[1] <= 13


@EVERY
def test_nobody_deletes(root, factory):
    row = factory()
    page = root.get(change_page(row)).content.decode()
    response = root.post(change_page(row, "delete"), {"post": "yes"})
    root.post(
        address(row, "changelist"),
        {"action": "delete_selected", "_selected_action": row.pk, "post": "yes"},
    )

    assert response.status_code == 403
    assert "deletelink" not in page
    assert type(row).objects.filter(pk=row.pk).exists()


@EVERY
def test_nothing_is_edited_in_a_list_and_no_sealed_column_is_shown(root, factory):
    row = factory()
    pages = [root.get(address(row, "changelist")), root.get(change_page(row))]

    assert admin.site.get_model_admin(type(row)).list_editable == ()
    assert [
        p for p in pages if re.search("nik_cipher|nik_hash|last_member_serial", str(p.content))
    ] == []


@pytest.mark.parametrize("factory", [NikClaimFactory, ProposalFactory], ids=["claim", "proposal"])
def test_what_waits_for_the_programme_is_only_looked_at(root, factory):
    row = factory()

    assert root.get(address(row, "add")).status_code == 403
    assert root.post(change_page(row), {"note": "x"}).status_code == 403
    assert (
        'type="submit"' not in str(root.get(change_page(row)).content).partition("content-main")[2]
    )


def test_yearly_figures_are_added_and_never_changed(root):
    cooperative = CooperativeFactory()
    typed = {"cooperative": cooperative.pk, "fiscal_year": "2024", "total_assets": "1.500.000"}
    response = root.post(address(YearlySnapshot, "add"), typed)
    row = YearlySnapshot.objects.get()

    assert (response.status_code, row.total_assets) == (302, 1_500_000)
    assert root.post(change_page(row), typed).status_code == 403


def test_money_is_typed_as_people_write_it(root):
    page = root.get(address(YearlySnapshot, "add")).content.decode()

    assert re.search(
        r'<input[^>]*name="total_assets"[^>]*type="text"|type="text" name="total_assets"', page
    )


# --- whose rows -----------------------------------------------------------------------------------
@pytest.fixture
def far_away():
    place = village("33.01.01.2001", "Jauh")
    return MemberFactory(
        cooperative=CooperativeFactory(village=place), person=PersonFactory(village=place)
    )


def test_staff_see_the_rows_of_their_area_and_open_no_other(staff, far_away):
    here, client = MemberFactory(), staff()
    listed = client.get(address(Member, "changelist")).context["cl"].result_list

    assert list(listed) == [here]
    assert client.get(change_page(here)).status_code == 200
    for page in ("change", "history"):
        assert client.get(change_page(far_away, page)).status_code == 302
    assert client.post(change_page(far_away), {"number": "9"}).status_code == 302
    assert client.get(change_page(far_away.person)).status_code == 302


def test_a_row_is_not_tied_to_what_its_editor_may_not_see(staff, far_away):
    here, client = MemberFactory(), staff()
    typed = {"cooperative": far_away.cooperative_id, "person": here.person_id, "number": "7"}
    typed |= {"status": "member", "joined_on": "1-2-2026"}
    response = client.post(address(Member, "add"), typed)

    assert response.status_code == 200
    assert list(response.context["adminform"].form.errors) == ["cooperative"]


def test_staff_without_the_right_open_nothing(staff):
    row = StatusChangeFactory()

    assert staff().get(address(row, "changelist")).status_code == 403
    assert staff().get(change_page(row)).status_code == 403


def test_personal_columns_are_for_those_who_may_see_them(staff):
    person = with_nik(PersonFactory(born_on=date(1990, 7, 5), phones=["+6281200001234"]))
    secrets = [person.masked_nik, "05-07-1990", "5 Juli 1990", "0812-0000-1234"]
    shut, opened = staff(), staff("cooperatives.view_personal_data")

    def shown(client):
        pages = [client.get(address(person, "changelist")), client.get(change_page(person))]
        pages.append(client.get(change_page(person, "history")))
        text = "".join(page.content.decode() for page in pages)
        return [secret for secret in secrets if secret in text]

    assert shown(shut) == []
    assert set(shown(opened)) == {secrets[0], secrets[1], secrets[2], secrets[3]}


def test_the_last_digits_of_a_claimed_nik_are_personal_too(staff):
    claim = NikClaimFactory()
    client = staff("cooperatives.view_nikclaim")
    pages = [client.get(address(claim, "changelist")), client.get(change_page(claim))]

    assert [page.status_code for page in pages] == [200, 200]
    assert [page for page in pages if claim.nik_last4 in page.content.decode()] == []


def test_whoever_may_not_see_personal_fields_does_not_wipe_them(staff):
    person = PersonFactory(born_on=date(1990, 7, 5), address="RT 1", phones=["+6281200001234"])
    client = staff()
    typed = fields_of(client.get(change_page(person))) | {"name": "Maria Seran"}
    client.post(change_page(person), typed)
    person.refresh_from_db()

    assert (person.name, person.born_on) == ("Maria Seran", date(1990, 7, 5))
    assert (person.address, person.phones) == ("RT 1", ["+6281200001234"])


# --- finding --------------------------------------------------------------------------------------
def test_people_are_found_by_their_name_in_any_spelling(root):
    person = PersonFactory(name="Djosefina Soeri")
    PersonFactory(name="Maria Bria")
    for row in (
        MemberFactory(person=person),
        OfficerFactory(person=person, cooperative=CooperativeFactory()),
    ):
        found = root.get(address(row, "changelist"), {"q": "yosefina suri"}).context["cl"]
        assert list(found.result_list) == [row]
    found = root.get(address(person, "changelist"), {"q": "suri"}).context["cl"]

    assert list(found.result_list) == [person]


def test_cooperatives_are_found_by_name_and_by_number(root):
    row = CooperativeFactory(name="Tenun Feto Malaka", registry_number="5321100049001")
    CooperativeFactory(name="KUD Rai Fehan")
    found = [
        list(root.get(address(row, "changelist"), {"q": q}).context["cl"].result_list)
        for q in ("feto", "5321 1000 49001", "5321100049002")
    ]

    assert found == [[row], [row], []]


# --- two editors ----------------------------------------------------------------------------------
def test_the_second_editor_sees_both_values_and_loses_nothing(root):
    row = CooperativeFactory(name="Tenun Feto", address="Jalan A")
    opened = fields_of(root.get(change_page(row)))
    with acting(command="meanwhile"):
        Cooperative.objects.filter(pk=row.pk).update(address="Jalan B")

    first = root.post(change_page(row), opened | {"address": "Jalan C"})
    row.refresh_from_db()
    form = first.context["adminform"].form

    assert (first.status_code, row.address) == (200, "Jalan B")
    assert form.errors["address"] == [_("Stored now: %(value)s") % {"value": "Jalan B"}]
    assert form["address"].value() == "Jalan C"

    second = root.post(change_page(row), fields_of(first))
    row.refresh_from_db()
    assert (second.status_code, row.address, row.name) == (302, "Jalan C", "Tenun Feto")


def test_saving_without_a_conflict_raises_the_version_once(root):
    row = MemberFactory()
    response = root.post(change_page(row), fields_of(root.get(change_page(row))) | {"number": "88"})
    row.refresh_from_db()

    assert (response.status_code, row.number, row.version) == (302, "88", 2)


def test_the_row_is_locked_from_reading_to_saving(root):
    row = CooperativeFactory()
    typed = fields_of(root.get(change_page(row)))
    with CaptureQueriesContext(connection) as queries:
        root.post(change_page(row), typed | {"address": "Jalan B"})
    sql = [query["sql"] for query in queries]
    locking = next(i for i, text in enumerate(sql) if "FOR UPDATE" in text)
    saving = next(i for i, text in enumerate(sql) if 'UPDATE "cooperatives_cooperative"' in text)

    assert locking < saving


def test_a_form_without_its_version_does_not_overwrite(root):
    row = CooperativeFactory(address="Jalan A")
    typed = fields_of(root.get(change_page(row))) | {"address": "Jalan B"}
    del typed["_versi"]
    response = root.post(change_page(row), typed)
    row.refresh_from_db()

    assert (response.status_code, row.address) == (200, "Jalan A")


@EVERY
def test_every_form_that_changes_a_row_carries_its_version(root, factory):
    row = factory()
    page = root.get(change_page(row))

    assert ("_versi" in str(page.content)) == page.context["has_change_permission"]


# --- NIK ------------------------------------------------------------------------------------------
def save_person(client, person, **typed):
    response = client.post(change_page(person), fields_of(client.get(change_page(person))) | typed)
    person.refresh_from_db()
    return response


def test_a_nik_is_written_and_not_shown_again(root):
    person = PersonFactory()
    response = save_person(root, person, nik="5321 1045 0790 9001")
    page = root.get(change_page(person)).content.decode()

    assert (response.status_code, person.nik_state, person.national_id()) == (302, CONFIRMED, NIK)
    assert person.nik_missing == ""
    assert NIK not in page
    assert person.masked_nik in page
    assert re.search(r'<input[^>]*name="nik"[^>]*>', page)[0].count("value=") == 0


def test_leaving_the_nik_empty_keeps_it_and_a_new_one_replaces_it(root):
    person = with_nik(PersonFactory())
    save_person(root, person, name="Maria Hoar")
    kept = person.national_id()
    save_person(root, person, nik=OTHER_NIK)

    assert (kept, person.national_id(), person.name) == (NIK, OTHER_NIK, "Maria Hoar")


def test_a_nik_that_somebody_else_holds_is_refused_in_words(root):
    with_nik(PersonFactory())
    person = PersonFactory()
    response = save_person(root, person, nik=NIK)

    assert response.status_code == 200
    assert response.context["adminform"].form.errors == {
        "nik": [_("Somebody else on record already has this NIK.")]
    }
    assert person.nik_state == Person.NikState.NONE


def test_a_nik_that_is_none_is_refused_in_words(root):
    response = save_person(root, PersonFactory(), nik="532110")

    assert list(response.context["adminform"].form.errors) == ["nik"]


def test_a_nik_that_disagrees_is_saved_with_a_warning(root):
    person = PersonFactory(sex="L", born_on=date(1990, 7, 6))
    response = save_person(root, person, nik=NIK)
    warnings = [str(m) for m in root.get(response["Location"]).context["messages"] if m.level == 30]

    assert person.national_id() == NIK
    assert len(warnings) == 2


def test_a_missing_nik_has_a_reason(root):
    response = save_person(root, PersonFactory(), nik_missing="")

    assert response.context["adminform"].form.errors == {
        "nik_missing": [_("Say why there is no NIK.")]
    }


def test_a_record_joined_into_another_stays_as_it_was(root):
    person = PersonFactory(nik_state="joined", nik_missing="", joined_into=PersonFactory())

    assert root.get(change_page(person)).context["has_change_permission"] is False
    assert root.post(change_page(person), {"name": "x"}).status_code == 403


@pytest.mark.django_db(transaction=True)
def test_a_nik_taken_while_the_form_was_sent_is_an_error_of_the_form(client):
    """Another transaction writes the same NIK after the form has looked, before it saves."""
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    first, second = PersonFactory(), PersonFactory()
    typed = fields_of(client.get(change_page(second))) | {"nik": NIK}

    def take():
        with acting(command="meanwhile"):
            with_nik(Person.objects.get(pk=first.pk))
        connections.close_all()

    confirm = Person.confirm_national_id

    def confirm_and_be_late(person, nik):
        confirm(person, nik)
        if person.pk == second.pk and not Person.objects.with_national_id(nik).exists():
            thread = threading.Thread(target=take)
            thread.start()
            thread.join()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Person, "confirm_national_id", confirm_and_be_late)
        response = client.post(change_page(second), typed)

    assert response.status_code == 200
    assert _("Somebody else on record already has this NIK.") in str(
        response.context["adminform"].form.errors
    )
    assert Person.objects.with_national_id(NIK).get() == first


# --- adding, and what was done --------------------------------------------------------------------
def test_staff_add_a_person(staff):
    client = staff("cooperatives.view_personal_data")
    typed = {"name": "Agustina Hoar", "sex": "P", "village": "53.21.10.2004", "nik": NIK}
    typed |= {"nik_missing": "unknown", "phones": "0812-0000-1234, 0813-0000-1234"}
    response = client.post(address(Person, "add"), typed)
    person = Person.objects.get()

    assert response.status_code == 302
    assert (person.name, person.national_id(), person.nik_missing) == ("Agustina Hoar", NIK, "")
    assert person.phones == ["+6281200001234", "+6281300001234"]
    assert changes_of(person, personal=True)[0].who == "Maria"


def test_an_account_is_tied_to_a_term_by_superusers_only(staff, root):
    term = OfficerFactory()
    granted = [f"cooperatives.{act}_officer" for act in ("view", "change")]
    other = UserFactory()
    clerk = staff(*granted)
    typed = fields_of(clerk.get(change_page(term)))
    assert "user" not in typed

    response = clerk.post(change_page(term), typed | {"user": other.pk, "decree": "SK 1"})
    term.refresh_from_db()
    assert (response.status_code, term.decree, term.user == other) == (302, "SK 1", False)

    root.post(change_page(term), fields_of(root.get(change_page(term))) | {"user": other.pk})
    term.refresh_from_db()
    assert term.user == other


def test_a_second_chair_is_an_error_of_the_form(root):
    term = OfficerFactory(role="chair")
    typed = {"cooperative": term.cooperative_id, "person": PersonFactory().pk, "body": "board"}
    typed |= {"role": "chair", "started_on": "1-2-2025"}
    response = root.post(address(Officer, "add"), typed)

    assert response.context["adminform"].form.non_field_errors() == [
        _("There is already a chair in this period. End that term first.")
    ]


def test_the_history_is_the_triggers_own(root):
    member = MemberFactory(number="TFM-0001")
    with acting(command="correct"):
        Member.objects.filter(pk=member.pk).update(number="TFM-0009")
    page = root.get(change_page(member, "history"))

    assert [t.name for t in page.templates][0] == "admin/changes.html"
    for text in ("TFM-0001", "TFM-0009", _("the command %(command)s") % {"command": "correct"}):
        assert text in page.content.decode()


def test_a_model_without_events_keeps_djangos_history(root):
    assert root.get(change_page(YearlySnapshotFactory(), "history")).status_code == 200
