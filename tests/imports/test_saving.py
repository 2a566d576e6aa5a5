"""What checked lines write, and how it is taken back: on the real tables, with their triggers."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from cooperatives.models import Cooperative, Member, NikClaim, Person
from malaka_portal import national_id
from malaka_portal.imports.parts import Part
from malaka_portal.imports.saving import Stale, save_lines
from malaka_portal.imports.undoing import undo_import
from malaka_portal.models import Import, ImportWrite
from tests.factories.cooperatives import NIK, CooperativeFactory, MemberFactory
from tests.factories.imports import ImportFactory, ImportLineFactory

PARTS = [
    Part("person", Person),
    Part("member", Member, refers={"person_id": "person"}),
    Part("claim", NikClaim, refers={"person_id": "person"}),
]
TABLES = ["person", "member", "nikclaim", "cooperative", "cooperativesummary"]
UNTOLD = ("version", "updated_at", "rolled_at")


@pytest.fixture
def cooperative(db):
    return CooperativeFactory()


@pytest.fixture
def imported(db):
    return ImportFactory()


def new_line(imported, cooperative, number, **person):
    writes = {
        "person": {"name": f"Maria {number}", "sex": "P"} | person,
        "member": {
            "cooperative_id": cooperative.pk,
            "number": f"{number:04}",
            "joined_on": "2020-07-26",
        },
    }
    return ImportLineFactory(import_of=imported, number=number, writes=writes)


def change_line(imported, member, number=9, **columns):
    return ImportLineFactory(
        import_of=imported,
        number=number,
        outcome="changed",
        writes={"person": columns},
        rows={"person": member.person_id, "member": member.pk},
        versions={"person": member.person.version, "member": member.version},
    )


def everything():
    """Every row of the tables, but for what an undo need not bring back."""
    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT to_jsonb(t) FROM cooperatives_{table} t ORDER BY to_jsonb(t)")
            rows = [json.loads(row) for (row,) in cursor.fetchall()]
            found[table] = [{k: v for k, v in row.items() if k not in UNTOLD} for row in rows]
    return found


def test_new_lines_make_their_rows_with_the_defaults_of_the_model(imported, cooperative):
    new_line(imported, cooperative, 6, phones=["+6281300008911", "+67077123456"], born_on=None)
    new_line(imported, cooperative, 7, born_on="1967-11-02")

    save_lines(imported, PARTS)

    first, second = Member.objects.order_by("number")
    assert first.person.phones == ["+6281300008911", "+67077123456"]
    assert (first.person.nik_state, first.person.nik_missing) == ("none", "unknown")
    assert (first.status, str(first.joined_on)) == ("member", "2020-07-26")
    assert (second.person.phones, str(second.person.born_on)) == ([], "1967-11-02")
    assert first.created_at.date() == timezone.now().date()
    assert Import.objects.get().state == "saved"


def test_a_sealed_number_becomes_a_claim_that_opens(imported, cooperative):
    line = new_line(imported, cooperative, 6, nik_state="claimed", nik_missing="")
    sealed = national_id.sealed_columns(NIK)
    line.writes["claim"] = sealed | {
        "nik_cipher": "\\x" + sealed["nik_cipher"].hex(),
        "cooperative_id": cooperative.pk,
    }
    line.save()

    save_lines(imported, PARTS)

    claim = NikClaim.objects.get()
    assert (claim.national_id(), claim.status) == (NIK, "pending")
    assert claim.person.nik_state == "claimed"


def test_a_changed_line_changes_its_own_columns_only(imported, cooperative):
    member = MemberFactory(cooperative=cooperative, person__hamlet="Dusun A")
    other = MemberFactory(cooperative=cooperative, person__hamlet="Dusun B")
    change_line(imported, member, 9, birth_place="Kletek")
    change_line(imported, other, 10, hamlet="Dusun C")

    save_lines(imported, PARTS)

    people = Person.objects.in_bulk([member.person_id, other.person_id])
    assert people[member.person_id].birth_place == "Kletek"
    assert people[member.person_id].hamlet == "Dusun A"
    assert people[other.person_id].hamlet == "Dusun C"
    assert people[member.person_id].version == 2


def test_every_row_is_in_the_history_with_the_one_who_acted(imported, cooperative):
    new_line(imported, cooperative, 6)

    save_lines(imported, PARTS)

    event = Member.pgh_event_model.objects.get()
    assert event.pgh_context.metadata["by"] == "pytest"


def test_a_row_that_was_changed_since_the_check_stops_everything(imported, cooperative):
    member = MemberFactory(cooperative=cooperative)
    change_line(imported, member, hamlet="Dusun C")
    new_line(imported, cooperative, 10)
    Person.objects.filter(pk=member.person_id).update(hamlet="Dusun B")
    before = everything()

    with pytest.raises(Stale):
        save_lines(imported, PARTS)

    assert everything() == before
    assert Import.objects.get().state == "checked"


def test_a_number_that_was_taken_since_the_check_stops_everything(imported, cooperative):
    new_line(imported, cooperative, 6)
    new_line(imported, cooperative, 7)
    MemberFactory(cooperative=cooperative, number="0007")
    before = everything()

    with pytest.raises(Stale):
        save_lines(imported, PARTS)

    assert everything() == before
    assert ImportWrite.objects.count() == 0


def test_taking_back_brings_every_table_back(imported, cooperative):
    member = MemberFactory(
        cooperative=cooperative, person__phones=["+6281300008911"], person__sex="L"
    )
    before = everything()
    new_line(imported, cooperative, 6)
    change_line(imported, member, phones=[], sex="P", birth_place="Kletek")
    save_lines(imported, PARTS)
    assert everything() != before

    undo_import(imported, PARTS)

    assert everything() == before
    assert Import.objects.get().state == "undone"


def refusal(imported):
    with pytest.raises(ValidationError) as caught:
        undo_import(imported, PARTS)
    return caught.value


def test_it_is_not_taken_back_twice(imported, cooperative):
    new_line(imported, cooperative, 6)
    save_lines(imported, PARTS)
    undo_import(imported, PARTS)

    assert refusal(imported).code == "not_saved"


def test_it_is_not_taken_back_after_seven_days(imported, cooperative):
    new_line(imported, cooperative, 6)
    save_lines(imported, PARTS)
    Import.objects.update(saved_at=timezone.now() - timedelta(days=7, minutes=1))

    assert refusal(imported).code == "too_late"


def test_a_row_that_somebody_worked_on_since_stops_it_and_is_named(imported, cooperative):
    for number in range(6, 13):
        new_line(imported, cooperative, number)
    save_lines(imported, PARTS)
    Person.objects.filter(name__in=["Maria 7", "Maria 9"]).update(hamlet="Dusun A")
    before = everything()

    found = refusal(imported)

    assert found.code == "changed_since"
    assert found.params["lines"] == "7, 9"
    assert everything() == before


def test_a_row_that_others_refer_to_stops_it(imported, cooperative):
    new_line(imported, cooperative, 6)
    save_lines(imported, PARTS)
    MemberFactory(cooperative=CooperativeFactory(), person=Person.objects.get())

    found = refusal(imported)

    assert (found.code, found.params["what"]) == ("depended_on", Member._meta.verbose_name)
    assert Member.objects.count() == 2


def test_the_summary_follows(imported, cooperative):
    new_line(imported, cooperative, 6)
    new_line(imported, cooperative, 7)

    save_lines(imported, PARTS)
    after = Cooperative.objects.get().summary.members_female
    undo_import(imported, PARTS)

    assert (after, Cooperative.objects.get().summary.members_female) == (2, 0)


def statements(imported):
    with CaptureQueriesContext(connection) as asked:
        save_lines(imported, PARTS)
    return len(asked)


def test_as_many_statements_for_many_lines_as_for_one(cooperative):
    one, many = ImportFactory(), ImportFactory()
    new_line(one, cooperative, 1)
    for number in range(2, 40):
        new_line(many, cooperative, number)

    assert statements(one) == statements(many)
