"""DATA KOPERASI: how its lines are read, recognised, saved and taken back."""

import json
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext_lazy as _

from cooperatives.models import Cooperative, Officer, Person, StatusChange, YearlySnapshot
from tests.factories.cooperatives import (
    CooperativeFactory,
    OfficerFactory,
    PersonFactory,
    StatusChangeFactory,
    YearlySnapshotFactory,
)
from tests.factories.portal import RegionFactory, UserFactory, village
from tests.imports.drafting import bring, checked, one, outcomes, reasons, save, undo, warnings

FILE = Path(__file__).parents[1] / "data" / "workbooks" / "data-koperasi-malaka.xlsx"
ROW_5 = _("%(file)s, row %(row)d") % {"file": "data.xlsx", "row": 5}
TITLE = "DATA KOPERASI KECAMATAN ALAS TAHUN 2025"
NUMBER = "5321100010001"
LINE = {
    "name": "KSU Tasi Feto",
    "legal_number": "518/2/BH/XXII.8/1997",
    "legal_date": "16/07/1997",
    "registry_number": 5321100010001.0,
    "kind": "Serba Usaha",
    "village": "Ds. Alas Selatan",
    "chair": "Yohanes Hoar",
    "phones": 81200007205.0,
    "members_male": 114.0,
    "members_female": 107.0,
    "last_meeting": "20 Maret 2024",
    "own_capital": "Rp 332.000.000",
    "external_capital": "183 jt",
    "total_assets": 510000000.0,
    "business_volume": "373.000.000",
    "net_surplus": "(12.000.000)",
    "status": "Aktif",
}
TABLES = ("cooperative", "cooperativesummary", "person", "officer", "yearlysnapshot")
TABLES += ("statuschange",)
UNTOLD = ("version", "updated_at", "rolled_at")


@pytest.fixture(autouse=True)
def place(db):
    return village()


def line(**cells):
    return LINE | cells


def other(**cells):
    """A line of another cooperative."""
    mine = {"name": "Koperasi Loro", "legal_number": "AHU-0000003", "registry_number": ""}
    return LINE | mine | cells


def everything():
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT to_jsonb(t) FROM cooperatives_{table} t ORDER BY to_jsonb(t)")
            rows = [json.loads(row) for (row,) in cursor.fetchall()]
            found[table] = [{k: v for k, v in row.items() if k not in UNTOLD} for row in rows]
    return found


def events():
    models = (Cooperative, Person, Officer, YearlySnapshot, StatusChange)
    return [model.pgh_event_model.objects.count() for model in models]


# --- a new cooperative --------------------------------------------------------------------------
def test_a_line_becomes_a_cooperative_with_its_chair_and_figures():
    _row, drafts = bring("cooperatives", LINE, title=TITLE)

    found = Cooperative.objects.get()
    assert outcomes(drafts) == ["created"]
    assert (found.name, found.kind, found.status) == ("KSU Tasi Feto", "multi", "active")
    assert (found.legal_entity_number, found.legal_entity_date) == (
        "518/2/BH/XXII.8/1997",
        date(1997, 7, 16),
    )
    assert (found.registry_number, found.village_id) == (NUMBER, "53.21.10.2004")
    assert (found.phone, found.last_annual_meeting_on) == ("+6281200007205", date(2024, 3, 20))
    figures = YearlySnapshot.objects.get()
    assert (figures.fiscal_year, figures.source) == (2025, ROW_5)
    assert [figures.members_male, figures.members_female] == [114, 107]
    assert [figures.own_capital, figures.external_capital] == [332_000_000, 183_000_000]
    assert [figures.total_assets, figures.business_volume] == [510_000_000, 373_000_000]
    assert figures.net_surplus == -12_000_000
    assert StatusChange.objects.count() == 0


def test_the_chair_is_a_person_with_a_name_only_since_the_last_meeting():
    _row, [draft] = bring("cooperatives", LINE, title=TITLE)

    term = Officer.objects.get()
    assert (term.body, term.role, term.started_on) == ("board", "chair", date(2024, 3, 20))
    assert (term.person.name, term.person.sex, term.person.village) == ("Yohanes Hoar", "", None)
    assert warnings(draft) == ["chair_since"]


def test_without_a_meeting_the_term_begins_today():
    bring("cooperatives", line(last_meeting="Belum"), title=TITLE, today=date(2026, 11, 24))

    assert Officer.objects.get().started_on == date(2026, 11, 24)
    assert Cooperative.objects.get().last_annual_meeting_on is None


def test_a_chair_is_never_taken_for_somebody_of_the_same_name():
    known = PersonFactory(name="Yohanes Hoar")

    bring("cooperatives", LINE, title=TITLE)

    assert Officer.objects.get().person_id != known.pk
    assert Person.objects.count() == 2


def test_not_active_is_a_change_of_status_that_names_the_file():
    bring("cooperatives", line(status="Tidak aktif"), title=TITLE)

    change = StatusChange.objects.get()
    assert (change.status, change.since) == ("inactive", date(2025, 12, 31))
    assert change.reason == ROW_5
    assert Cooperative.objects.get().status == "inactive"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("KSP", "savings"),
        ("Simpan Pinjam", "savings"),
        ("Serba Usaha", "multi"),
        ("Koperasi Jasa", "service"),
        ("PEMASARAN", "marketing"),
        ("Konsumen", "consumer"),
        ("Produsen", "producer"),
    ],
)
def test_kinds_as_offices_call_them(text, kind):
    assert one("cooperatives", line(kind=text)).writes["cooperative"]["kind"] == kind


def test_a_name_tells_the_kind_when_the_column_does_not():
    assert one("cooperatives", line(kind="")).writes["cooperative"]["kind"] == "multi"


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"name": ""}, ("name", "no_name")),
        ({"village": "-"}, ("village", "no_village")),
        ({"village": "Betunn"}, ("village", "unknown_village")),
        ({"name": "Tasi Feto", "kind": ""}, ("kind", "no_kind")),
        ({"kind": "Koperasi Angkasa"}, ("kind", "unknown_kind")),
        ({"registry_number": "532110001000"}, ("registry_number", "coop_number_length")),
        ({"last_meeting": "kemarin"}, ("last_meeting", "bad_date")),
        ({"legal_date": "31-02-2020"}, ("legal_date", "bad_date")),
        ({"total_assets": "-5"}, ("total_assets", "below_zero")),
        ({"external_capital": "(5)"}, ("external_capital", "below_zero")),
        ({"business_volume": "-5"}, ("business_volume", "below_zero")),
        ({"members_male": "banyak"}, ("members_male", "quantity")),
        ({"phones": "12"}, ("phones", "phone_invalid")),
        ({"chair": "a" * 101}, ("chair", "too_long")),
    ],
)
def test_what_is_refused(cells, found):
    draft = one("cooperatives", line(**cells))

    assert (draft.problem[:2], draft.writes) == (found, {})


def test_without_a_year_last_year_is_taken_and_told():
    draft = one("cooperatives", LINE, today=date(2026, 11, 24))

    assert draft.writes["figures"]["fiscal_year"] == 2025
    assert "year_assumed" in warnings(draft)


@pytest.mark.parametrize("where", ["title", "sheet", "file_name"])
def test_the_year_of_title_sheet_or_file(where):
    draft = one("cooperatives", LINE, **{where: "Data koperasi 2023.xlsx"})

    assert draft.writes["figures"]["fiscal_year"] == 2023


def test_the_sum_of_members_is_compared():
    assert "members_sum" in warnings(one("cooperatives", line(members_all=300), title=TITLE))
    assert "members_sum" not in warnings(one("cooperatives", line(members_all=221), title=TITLE))
    alone = line(members_all=300, members_male="", members_female="")
    assert "members_without_sex" in warnings(one("cooperatives", alone, title=TITLE))


def test_a_remark_is_told_to_be_left_out():
    assert "remark_not_kept" in warnings(one("cooperatives", line(status="kantor pindah")))


# --- villages -----------------------------------------------------------------------------------
@pytest.fixture
def namesakes():
    """Suai in two districts, Wemasa in one."""
    village("53.21.01.2001", "Suai")
    village("53.21.02.2001", "Suai")
    village("53.21.02.2002", "Wemasa")
    for code, name in (("53.21.01", "Wewiku"), ("53.21.02", "Kobalima")):
        RegionFactory._meta.model.objects.filter(code=code).update(name=name)


@pytest.mark.parametrize(
    "where",
    [
        {"sheet": "Kobalima"},
        {"title": "DATA KOPERASI KECAMATAN KOBALIMA TAHUN 2025"},
        {"title": "Kec. Kobalima, Kab. Malaka"},
    ],
)
def test_a_village_is_looked_for_in_the_district_of_the_sheet(namesakes, where):
    draft = one("cooperatives", line(village="SUAI"), **where)

    assert draft.writes["cooperative"]["village_id"] == "53.21.02.2001"
    assert "village_elsewhere" not in warnings(draft)


def test_then_in_the_regency_which_is_told(namesakes):
    draft = one("cooperatives", line(village="Wemasa"), sheet="Wewiku")

    assert draft.writes["cooperative"]["village_id"] == "53.21.02.2002"
    assert "village_elsewhere" in warnings(draft)


def test_without_a_district_two_of_a_name_are_asked_about(namesakes):
    draft = one("cooperatives", line(village="Suai"))

    assert draft.problem[:2] == ("village", "ambiguous_village")


def test_a_village_outside_the_users_area_is_refused(namesakes):
    draft = one("cooperatives", LINE, user=UserFactory(area_id="53.21.02"))

    assert draft.problem[:2] == ("village", "outside_area")


# --- known cooperatives -------------------------------------------------------------------------
def test_the_same_file_a_second_time_writes_nothing():
    lines = (line(status="Tidak aktif"), other(status=""))
    bring("cooperatives", *lines, title=TITLE)
    before, history = everything(), events()

    _row, drafts = bring("cooperatives", *lines, title=TITLE)

    assert outcomes(drafts) == ["unchanged", "unchanged"]
    assert (everything(), events()) == (before, history)


@pytest.mark.parametrize(
    "cells",
    [
        {"_id": True, "registry_number": "", "legal_number": "", "name": "Lain"},
        {"name": "Lain", "legal_number": "", "village": ""},
        {"name": "Lain", "legal_number": "518 2 bh xxii8 1997", "registry_number": ""},
        {"registry_number": "", "legal_number": "", "name": "ksu tasi-feto"},
    ],
)
def test_by_what_a_cooperative_is_known_again(cells):
    bring("cooperatives", LINE, title=TITLE)
    known = Cooperative.objects.get()
    if "_id" in cells:
        cells = cells | {"_id": known.pk, "_versi": known.version}

    draft = one("cooperatives", line(**cells), title=TITLE)

    assert (draft.problem, draft.rows["cooperative"]) == (None, known.pk)


def test_another_registry_number_makes_another_cooperative():
    bring("cooperatives", LINE, title=TITLE)
    cells = line(registry_number="5321100010002", legal_number="")

    assert one("cooperatives", cells, title=TITLE).outcome == "created"


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"_id": 10**9}, ("_id", "id_unknown")),
        ({"_id": True, "_versi": 9}, ("_versi", "stale")),
        (
            {"registry_number": "5321100010002"},
            ("registry_number", "registry_number_differs"),
        ),
        (
            {"registry_number": "", "legal_number": "518/9"},
            ("legal_number", "legal_number_differs"),
        ),
        ({"registry_number": "5321100019999"}, ("registry_number", "duplicate_registry_number")),
        ({"legal_number": "BH/LAIN"}, ("legal_number", "duplicate_legal_number")),
    ],
)
def test_lines_that_contradict_what_is_known(cells, found):
    bring("cooperatives", LINE, title=TITLE)
    CooperativeFactory(registry_number="5321100019999", legal_entity_number="BH / lain")
    if cells.get("_id") is True:
        cells = cells | {"_id": Cooperative.objects.get(registry_number=NUMBER).pk}
    if cells.get("registry_number") == "5321100019999":
        cells = cells | {"_id": Cooperative.objects.get(registry_number=NUMBER).pk}

    draft = one("cooperatives", line(**cells), title=TITLE)

    assert draft.problem[:2] == found


def test_a_registry_number_of_another_area_is_refused():
    CooperativeFactory(registry_number=NUMBER, village=village("53.22.01.2001", "Jauh"))

    draft = one("cooperatives", LINE, user=UserFactory(area_id="53.21"))

    assert draft.problem[:2] == ("registry_number", "duplicate_registry_number")


def test_a_cooperative_of_another_area_is_not_recognised_by_its_legal_number():
    CooperativeFactory(
        legal_entity_number=LINE["legal_number"], village=village("53.22.01.2001", "Jauh")
    )

    assert one("cooperatives", LINE, user=UserFactory(area_id="53.21")).outcome == "created"


@pytest.mark.parametrize(
    ("second", "found"),
    [
        (other(registry_number=NUMBER), ("registry_number", "duplicate_registry_number")),
        (
            other(legal_number="518.2 BH XXII 8 1997"),
            ("legal_number", "duplicate_legal_number"),
        ),
        (
            line(registry_number="", legal_number=""),
            ("name", "duplicate_cooperative"),
        ),
    ],
)
def test_the_second_of_two_equal_rows_is_refused(second, found):
    drafts = checked("cooperatives", LINE, second, title=TITLE)

    assert reasons(drafts) == [(6, *found)]


def test_rows_that_mean_one_cooperative_by_different_numbers_do_not_merge():
    bring("cooperatives", LINE, title=TITLE)
    by_legal = line(name="Lain", registry_number="")
    by_registry = line(legal_number="")

    drafts = checked("cooperatives", by_legal, by_registry, title=TITLE)

    assert reasons(drafts) == [(6, "name", "duplicate_cooperative")]


def test_two_of_a_name_with_numbers_of_their_own_are_two():
    drafts = checked("cooperatives", LINE, line(registry_number="5321100010002", legal_number=""))

    assert outcomes(drafts) == ["created", "created"]


def test_a_blank_never_blanks_and_what_differs_changes():
    bring("cooperatives", LINE, title=TITLE)
    cells = dict.fromkeys(LINE, "") | {
        "name": "KSU Tasi Feto Baru",
        "registry_number": NUMBER,
        "last_meeting": "5-2-2026",
    }

    _row, [draft] = bring("cooperatives", cells, title=TITLE, today=date(2026, 11, 24))

    found = Cooperative.objects.get()
    assert draft.outcome == "changed"
    assert draft.writes == {
        "cooperative": {"name": "KSU Tasi Feto Baru", "last_annual_meeting_on": "2026-02-05"}
    }
    assert (found.name, found.phone) == ("KSU Tasi Feto Baru", "+6281200007205")


def test_an_older_meeting_does_not_take_the_place_of_a_newer_one():
    bring("cooperatives", LINE, title=TITLE)

    draft = one("cooperatives", line(last_meeting="1-1-2020"), title=TITLE)

    assert draft.outcome == "unchanged"


# --- status -------------------------------------------------------------------------------------
def known(**columns):
    return CooperativeFactory(registry_number=NUMBER, **columns)


def bare(**cells):
    return {"name": "KSU Tasi Feto", "registry_number": NUMBER} | cells


def status_of(draft):
    return draft.writes.get("status", {}).get("status")


def test_a_status_that_is_known_makes_no_second_change():
    StatusChangeFactory(cooperative=known())

    assert status_of(one("cooperatives", bare(status="tdk aktif"), title=TITLE)) is None


def test_active_again_is_a_change():
    StatusChangeFactory(cooperative=known())

    assert status_of(one("cooperatives", bare(status="Aktif"), title=TITLE)) == "active"


def test_a_later_status_of_the_portal_stands():
    StatusChangeFactory(cooperative=known(), since=date(2026, 2, 1))

    draft = one("cooperatives", bare(status="Aktif"), title=TITLE)

    assert (status_of(draft), warnings(draft)) == (None, ["status_older"])


@pytest.mark.parametrize(("status", "told"), [("frozen", []), ("dissolved", [])])
def test_not_active_says_nothing_new_of_one_that_is_frozen_or_dissolved(status, told):
    StatusChangeFactory(cooperative=known(), status=status)

    draft = one("cooperatives", bare(status="Tidak aktif"), title=TITLE)

    assert (status_of(draft), warnings(draft)) == (None, told)


def test_a_dissolved_cooperative_does_not_come_back_by_a_list():
    StatusChangeFactory(cooperative=known(), status="dissolved")

    draft = one("cooperatives", bare(status="Aktif"), title=TITLE)

    assert (status_of(draft), warnings(draft)) == (None, ["status_older"])


# --- figures ------------------------------------------------------------------------------------
def test_equal_figures_of_a_year_are_unchanged_and_blanks_count_for_nothing():
    YearlySnapshotFactory(cooperative=known(), members_female=20, total_assets=5)

    draft = one("cooperatives", bare(members_female=20.0, total_assets=""), title=TITLE)

    assert "figures" not in draft.writes


def test_different_figures_are_another_row_which_keeps_what_the_file_leaves_blank():
    YearlySnapshotFactory(cooperative=known(), members_female=20, total_assets=5)

    bring("cooperatives", bare(name="", members_female=0) | {"name": "KSU"}, title=TITLE)

    first, second = YearlySnapshot.objects.order_by("id")
    assert (first.members_female, first.total_assets) == (20, 5)
    assert (second.members_female, second.total_assets, second.fiscal_year) == (0, 5, 2025)


def test_the_latest_row_of_the_year_counts():
    cooperative = known()
    YearlySnapshotFactory(cooperative=cooperative, members_female=20)
    YearlySnapshotFactory(cooperative=cooperative, members_female=25)

    assert "figures" not in one("cooperatives", bare(members_female=25), title=TITLE).writes
    assert "figures" in one("cooperatives", bare(members_female=20), title=TITLE).writes


# --- chairs -------------------------------------------------------------------------------------
def chair(**columns):
    return OfficerFactory(cooperative=known(), role="chair", person__name="Yohanes Hoar", **columns)


def test_the_same_chair_is_unchanged():
    chair()

    draft = one("cooperatives", bare(chair="YOHANES HOAR"), title=TITLE)

    assert ("term" in draft.writes, warnings(draft)) == (False, [])


def test_another_chair_replaces_nobody_and_is_told():
    chair()

    draft = one("cooperatives", bare(chair="Maria Seuk"), title=TITLE)

    assert ("term" in draft.writes, warnings(draft)) == (False, ["other_chair"])


def test_after_a_term_that_ended_the_next_begins_no_earlier():
    chair(ended_on=date(2026, 5, 1))

    bring("cooperatives", bare(chair="Maria Seuk", last_meeting="20-03-2024"), title=TITLE)

    assert Officer.objects.get(ended_on=None).started_on == date(2026, 5, 1)


# --- saving, taking back, counting --------------------------------------------------------------
def test_taking_back_brings_every_table_back():
    StatusChangeFactory(cooperative=known(phone="+6281200000001"))
    before = everything()
    row, drafts = bring(
        "cooperatives", line(status="Aktif"), other(status="Tidak aktif"), title=TITLE
    )
    assert outcomes(drafts) == ["changed", "created"]
    assert Cooperative.objects.get(registry_number=NUMBER).status == "active"
    assert everything() != before

    undo(row)

    assert everything() == before


def many(count):
    return [
        other(name=f"Koperasi {n}", legal_number=f"BH {n}", registry_number=f"53211000{n:05}")
        for n in range(count)
    ]


def statements(act, *args, **kwargs):
    with CaptureQueriesContext(connection) as asked:
        act(*args, **kwargs)
    return len(asked)


def test_as_many_queries_for_many_lines_as_for_one():
    few, more = many(1), many(40)

    assert statements(checked, "cooperatives", *few) == statements(checked, "cooperatives", *more)
    one_row, rows = (checked("cooperatives", *lines) for lines in (many(41)[40:], more))
    assert statements(save, "cooperatives", one_row) == statements(save, "cooperatives", rows)


def test_a_thousand_lines():
    _row, drafts = bring("cooperatives", *many(1000), title=TITLE)

    assert set(outcomes(drafts)) == {"created"}
    assert Cooperative.objects.count() == YearlySnapshot.objects.count() == 1000


# --- the sample ---------------------------------------------------------------------------------
def run():
    out = StringIO()
    call_command("import_spreadsheet", "cooperatives", str(FILE), json=True, save=True, stdout=out)
    return json.loads(out.getvalue())


def test_the_offices_own_file_comes_in_whole_and_a_second_time_changes_nothing():
    call_command("load_regions", stdout=StringIO())
    truth = json.loads(FILE.with_suffix("").with_suffix(".truth.json").read_text())

    first = run()
    history = events()
    second = run()

    assert [p for p in first["problems"] if p["level"] == "error"] == truth["bad"]
    assert {p["reason"] for p in first["problems"]} == {"chair_since"}
    assert (first["created"], first["refused"]) == (truth["rows"], 0)
    assert Cooperative.objects.filter(status="inactive").count() == truth["inactive"]
    assert StatusChange.objects.count() == truth["inactive"]
    assert YearlySnapshot.objects.filter(fiscal_year=2025).count() == truth["rows"]
    assert (second["unchanged"], second["changed"], second["problems"]) == (truth["rows"], 0, [])
    assert events() == history
