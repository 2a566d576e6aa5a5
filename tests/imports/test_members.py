"""The register of members as offices keep it: the sample files, row by row."""

import json
import re
from io import StringIO
from pathlib import Path

import openpyxl
import pytest
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from cooperatives.models import Cooperative, Member, NikClaim, Person
from malaka_portal.imports import acts
from malaka_portal.models import Import, ImportLine
from tests.factories.cooperatives import (
    NIK,
    OTHER_NIK,
    CooperativeFactory,
    MemberFactory,
    OfficerFactory,
    PersonFactory,
    with_nik,
)
from tests.factories.portal import village

TABLES = ["person", "member", "nikclaim", "cooperative", "cooperativesummary"]
UNTOLD = ("version", "updated_at", "rolled_at")
DATA = Path(__file__).parents[1] / "data" / "workbooks"


def run(file, cooperative, *flags):
    out = StringIO()
    call_command(
        "import_spreadsheet",
        "members",
        str(DATA / file),
        cooperative=str(cooperative.pk),
        stdout=out,
        **dict.fromkeys(flags, True),
    )
    return json.loads(out.getvalue())


def by_row(said, level):
    return {p["row"]: p["reason"] for p in said["problems"] if p["level"] == level}


@pytest.fixture
def malaka(db):
    call_command("load_regions", stdout=StringIO())


@pytest.mark.parametrize("name", ["buku-daftar-anggota-kecil", "buku-daftar-anggota"])
def test_the_truth_of_the_samples_row_by_row(malaka, name):
    truth = json.loads((DATA / f"{name}.truth.json").read_text())
    cooperative = CooperativeFactory(village_id="53.21.10.2004")

    said = run(f"{name}.xlsx", cooperative, "json", "save")

    assert by_row(said, "error") == {bad["row"]: bad["why"] for bad in truth["bad"]}
    assert by_row(said, "warning") == {odd["row"]: odd["why"] for odd in truth["warn"]}
    assert said["refused"] == len(truth["bad"])
    assert said["created"] == truth["rows"] - said["refused"]
    assert Member.objects.count() == Person.objects.count() == said["created"]


def all_rows():
    """Every row that an import may touch, but for what an undo need not bring back."""
    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT to_jsonb(t) FROM cooperatives_{table} t ORDER BY to_jsonb(t)")
            rows = [json.loads(row) for (row,) in cursor.fetchall()]
            found[table] = [{k: v for k, v in row.items() if k not in UNTOLD} for row in rows]
    return found


def events():
    return {
        model._meta.label: model.objects.count()
        for model in (Member.pgh_event_model, Person.pgh_event_model, NikClaim.pgh_event_model)
    }


def sums(said):
    return {name: said[name] for name in ("created", "changed", "unchanged", "refused")}


SMALL = "buku-daftar-anggota-kecil.xlsx"


def test_what_is_read_is_created_changed_unchanged_refused_or_skipped(malaka):
    said = run(SMALL, CooperativeFactory(), "json")

    assert said["read"] == 69 == sum(sums(said).values()) + said["skipped"]


def test_without_save_nothing_is_kept(malaka):
    cooperative = CooperativeFactory()
    before = all_rows()

    run(SMALL, cooperative, "json")

    assert all_rows() == before
    assert Import.objects.count() == 0


def test_the_same_file_again_adds_no_row_and_no_history(malaka):
    cooperative = CooperativeFactory()
    first = run(SMALL, cooperative, "json", "save")
    rows, history = all_rows(), events()

    again = run(SMALL, cooperative, "json", "save")

    assert sums(again) == {
        "created": 0,
        "changed": 0,
        "unchanged": first["created"],
        "refused": first["refused"],
    }
    assert (all_rows(), events()) == (rows, history)


def test_an_import_is_taken_back_and_every_table_is_as_it_was(malaka):
    cooperative = CooperativeFactory()
    MemberFactory(cooperative=cooperative, number="9001")
    before = all_rows()
    run(SMALL, cooperative, "json", "save")
    assert all_rows() != before

    acts.undo(Import.objects.get())

    assert all_rows() == before


def test_every_number_becomes_a_claim_and_none_stands_in_the_working_papers(malaka):
    run(SMALL, CooperativeFactory(), "json", "save")

    for line in ImportLine.objects.all():
        for sealed in ("nik_hash", "nik_cipher"):
            line.writes.get("claim", {}).pop(sealed, None)
        told = json.dumps([line.writes, line.old, line.seen, line.message, line.warnings])
        assert re.findall(r"[0-9]{16}", told) == []
    assert NikClaim.objects.filter(person__nik_state="claimed").count() == NikClaim.objects.count()


# --- what a line is known by ----------------------------------------------------------------------
HEADINGS = (
    "No Anggota",
    "Nama Lengkap",
    "NIK",
    "Tgl Lahir",
    "Desa",
    "Pekerjaan",
    "HP",
    "Tgl Masuk",
)


@pytest.fixture
def register(db, tmp_path):
    """Brings a register of the lines that a test writes; the sums and the reasons by row."""
    cooperative = CooperativeFactory(village=village())

    def bring(*lines, headings=HEADINGS, save=True):
        path = tmp_path / "buku.xlsx"
        book = openpyxl.Workbook()
        for line in (headings, *lines):
            book.active.append(line)
        book.save(path)
        said = run(path, cooperative, "json", *(["save"] if save else []))
        return sums(said), by_row(said, "error")

    bring.cooperative = cooperative
    return bring


MARIA = (
    "0001",
    "Maria Bria",
    NIK,
    "05-07-1990",
    "Alas Selatan",
    "Petani",
    "081234567890",
    "1-2-2020",
)


def counted(**given):
    return dict.fromkeys(("created", "changed", "unchanged", "refused"), 0) | given


def test_a_line_is_new_and_then_known(register):
    assert register(MARIA) == (counted(created=1), {})
    assert register(MARIA) == (counted(unchanged=1), {})


@pytest.mark.parametrize(
    ("place", "value", "column", "wanted"),
    [
        (4, "", "village_id", "53.21.10.2004"),  # a blank blanks nothing
        (5, "Guru honorer", "occupation_note", "Guru honorer"),
        (5, "Penenun", "occupation", "weaver"),
        (6, "0812 9999 0000", "phones", ["+6281234567890", "+6281299990000"]),
    ],
)
def test_what_differs_is_changed_and_a_blank_changes_nothing(
    register, place, value, column, wanted
):
    register(MARIA)
    told = list(MARIA)
    told[place] = value

    found, _errors = register(told)

    assert found == (counted(changed=1) if value else counted(unchanged=1))
    assert getattr(Person.objects.get(), column) == wanted


def test_a_new_name_under_a_known_number_and_nik_is_a_correction(register):
    register(MARIA)

    assert register(("0001", "Maria Bria Nahak", *MARIA[2:])) == (counted(changed=1), {})
    assert Person.objects.get().name == "Maria Bria Nahak"


def test_another_person_under_a_known_number_is_refused(register):
    register(MARIA)

    found = register(("0001", "Yosef Seran", OTHER_NIK, "", "", "", "", ""))

    assert found == (counted(refused=1), {2: "duplicate_member_number"})


def test_a_known_nik_under_another_number_is_refused(register):
    register(MARIA)

    found = register(("0002", "Maria Bria", NIK, "", "", "", "", ""))

    assert found == (counted(refused=1), {2: "duplicate_nik"})


def test_the_same_person_under_another_number_is_refused_without_any_nik(register):
    register(MARIA)

    found = register(("0002", "MARIA BRIA", "", "5/7/1990", "Desa Alas Selatan", "", "", ""))

    assert found == (counted(refused=1), {2: "duplicate_person"})


def test_who_has_neither_number_nor_nik_nor_birth_date_is_known_by_name_and_village(register):
    told = ("", "Maria Bria", "", "", "Alas Selatan", "", "", "1-2-2020")

    assert register(told) == (counted(created=1), {})
    assert register(told) == (counted(unchanged=1), {})


def test_two_of_one_name_with_numbers_of_their_own_are_two(register):
    told = [(number, "Maria Bria", "", "", "", "", "", "1-2-2020") for number in ("1", "2")]

    assert register(*told) == (counted(created=2), {})


def test_another_nik_for_a_known_member_is_refused(register):
    register(MARIA)

    found = register(("0001", "Maria Bria", OTHER_NIK, "", "", "", "", ""))

    assert found == (counted(refused=1), {2: "nik_differs"})


def test_a_nik_that_was_missing_is_claimed_later(register):
    register((*MARIA[:2], "belum ada", *MARIA[3:]))
    assert NikClaim.objects.count() == 0

    assert register(MARIA) == (counted(changed=1), {})
    assert NikClaim.objects.get().national_id() == NIK
    assert Person.objects.get().nik_state == "claimed"


def test_two_lines_of_one_file_are_never_one(register):
    found = register(
        MARIA,
        ("0001", "Yosef Seran", "", "", "", "", "", "1-2-2020"),
        ("0003", "Maria B.", NIK, "", "", "", "", "1-2-2020"),
        ("0004", "Maria Bria", "", "5-7-1990", "Alas Selatan", "", "", "1-2-2020"),
    )

    reasons = {3: "duplicate_member_number", 4: "duplicate_nik", 5: "duplicate_person"}
    assert found == (counted(created=1, refused=3), reasons)


def test_a_nik_held_elsewhere_is_entered_like_an_unused_one(register):
    elsewhere = MemberFactory(person=with_nik(PersonFactory()))

    assert register(MARIA) == (counted(created=1), {})
    assert NikClaim.objects.get().person_id != elsewhere.person_id


def test_lines_without_a_number_get_the_next_free_ones(register):
    MemberFactory(cooperative=register.cooperative, number="TFM-0002")

    register(*[("", f"Anggota {n}", "", "", "", "", "", "1-2-2020") for n in (1, 2)])

    numbers = Member.objects.exclude(number="TFM-0002").values_list("number", flat=True)
    assert sorted(numbers) == ["TFM-0001", "TFM-0003"]
    assert Cooperative.objects.get(pk=register.cooperative.pk).last_member_serial == 0


def test_the_savings_are_kept_as_declared_with_their_row(register):
    headings = ("No Anggota", "Nama Lengkap", "Tgl Masuk", "Simpanan Pokok")

    register(("0001", "Maria Bria", "1-2-2020", "Rp 100.000"), headings=headings)

    member = Member.objects.get()
    place = _("%(file)s, row %(row)d") % {"file": "buku.xlsx", "row": 2}
    assert (member.declared_savings, member.declared_source) == (100_000, place)


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        (1, "", "no_name"),
        (1, "M" * 101, "too_long"),
        (2, "53210450790900", "nik_short"),
        (2, 5321104507909001, "nik_number_lost_digit"),
        (3, "31/02/1990", "bad_date"),
        (3, "5-7-90", "bad_date"),
        (4, "Desa Entah", "unknown_village"),
        (6, "08", "phone_invalid"),
        (7, "1-2-2099", "bad_date"),
    ],
)
def test_a_line_is_refused_for_its_first_trouble(register, place, value, reason):
    told = list(MARIA)
    told[place] = value

    assert register(told) == (counted(refused=1), {2: reason})
    assert Member.objects.count() == 0


# --- a list that was taken out --------------------------------------------------------------------
@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
@pytest.mark.parametrize("address", ["cooperatives:member-list", "cooperatives:register"])
def test_a_list_that_was_taken_out_comes_back_unchanged(
    malaka, client, tmp_path, address, kind, language
):
    cooperative = CooperativeFactory()
    run(SMALL, cooperative, "json", "save")
    gone = Member.objects.earliest("id")
    Member.objects.filter(pk=gone.pk).update(left_on="2026-01-02", left_reason="moved")
    officer = OfficerFactory(cooperative=cooperative, role="secretary").user
    client.force_login(officer)
    with override(language):
        url = reverse(address, args=[cooperative.pk] if address.endswith("register") else [])
    path = tmp_path / f"anggota.{kind}"
    path.write_bytes(client.post(url, {"format": kind}).getvalue())
    rows, history = all_rows(), events()

    said = run(path, cooperative, "json", "save")

    assert said["problems"] == []
    assert sums(said) == counted(unchanged=Member.objects.filter(cooperative=cooperative).count())
    assert (all_rows(), events()) == (rows, history)


def test_a_row_that_was_changed_after_it_was_taken_out_is_refused(malaka, client, tmp_path):
    cooperative = CooperativeFactory()
    run(SMALL, cooperative, "json", "save")
    client.force_login(OfficerFactory(cooperative=cooperative, role="secretary").user)
    path = tmp_path / "anggota.xlsx"
    answer = client.post(
        reverse("cooperatives:register", args=[cooperative.pk]), {"format": "xlsx"}
    )
    path.write_bytes(answer.getvalue())
    Person.objects.filter(members__number="0001").update(hamlet="Dusun Baru")

    said = run(path, cooperative, "json", "save")

    assert [problem["reason"] for problem in said["problems"]] == ["stale"]
    assert said["refused"] == 1
    assert Person.objects.get(members__number="0001").hamlet == "Dusun Baru"
