"""DATA UMKM: how its lines are read, recognised, saved and taken back."""

import json
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import gettext as _

from cooperatives.models import Credential, Enterprise, EnterpriseSnapshot, Person, Support
from cooperatives.tables import ENTERPRISE_COLUMNS, ENTERPRISE_FILE_COLUMNS
from malaka_portal.imports.kinds import KINDS
from malaka_portal.imports.layout import columns_of
from malaka_portal.tables import Column, Table
from malaka_portal.workbooks.columns import columns_by_name
from malaka_portal.workbooks.headings import fold
from tests.factories.cooperatives import (
    NIK,
    OTHER_NIK,
    CooperativeFactory,
    NikClaimFactory,
    PersonFactory,
    with_nik,
)
from tests.factories.enterprises import (
    CredentialFactory,
    EnterpriseFactory,
    EnterpriseSnapshotFactory,
    IndustryCodeFactory,
    SupportFactory,
)
from tests.factories.portal import ParameterFactory, UserFactory, village
from tests.imports.drafting import bring, checked, one, outcomes, reasons, save, undo, warnings

TITLE = "DATA UMKM KABUPATEN MALAKA TAHUN 2025"
NIB = "9120001234567"
LINE = {
    "name": "Maria Bria",
    "nik": NIK,
    "sex": "P",
    "village": "Desa Alas Selatan",
    "line": "Tenun ikat",
    "capital": "5 jt",
    "monthly_turnover": "Rp 1.500.000",
    "nib": 9120001234567.0,
    "pirt": "-",
    "halal": "belum",
    "phones": "0812 3456 7890",
    "support": "Alat tenun 2023 dari Dinas Koperasi",
}
TABLES = ("person", "enterprise", "credential", "enterprisesnapshot", "support")
TABLES += ("cooperative", "cooperativesummary")
UNTOLD = ("version", "updated_at", "rolled_at")
EVENTS = (Person, Enterprise, Credential, EnterpriseSnapshot, Support)


@pytest.fixture(autouse=True)
def place(db):
    return village()


def line(**cells):
    return LINE | cells


def other(**cells):
    mine = {"name": "Yosef Seran", "nik": "", "sex": "L", "nib": "", "support": ""}
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
    return [model.pgh_event_model.objects.count() for model in EVENTS]


# --- a new enterprise ---------------------------------------------------------------------------
def test_a_line_becomes_an_enterprise_with_owner_figures_paper_and_support():
    _row, drafts = bring("enterprises", LINE, title=TITLE)

    found = Enterprise.objects.get()
    assert outcomes(drafts) == ["created"]
    assert (found.name, found.kind) == ("Tenun ikat Maria Bria", "individual")
    assert found.line == "weaving"
    assert (found.village_id, found.phone, found.status) == (
        "53.21.10.2004",
        "+6281234567890",
        "running",
    )
    owner = found.owner
    assert (owner.name, owner.sex, owner.village_id) == ("Maria Bria", "P", "53.21.10.2004")
    figures = EnterpriseSnapshot.objects.get()
    assert (figures.year, figures.monthly_turnover, figures.capital) == (2025, 1_500_000, 5_000_000)
    paper = Credential.objects.get()
    assert (paper.kind, paper.status, paper.number) == ("nib", "held", NIB)
    help_given = Support.objects.get()
    assert (help_given.kind, help_given.what) == ("tools", LINE["support"])
    assert (help_given.provider, help_given.received_on) == ("Dinas Koperasi", date(2023, 12, 31))


def test_the_owners_nik_is_written_as_by_the_office():
    bring("enterprises", LINE, title=TITLE)

    owner = Person.objects.get()
    assert (owner.nik_state, owner.nik_missing, owner.national_id()) == ("confirmed", "", NIK)


def test_an_owner_on_record_by_nik_is_taken():
    known = with_nik(PersonFactory(name="MARIA BRIA"))

    _row, [draft] = bring("enterprises", LINE, title=TITLE)

    assert draft.outcome == "created"
    assert Enterprise.objects.get().owner_id == known.pk
    assert Person.objects.count() == 1


def test_an_owner_without_nik_is_never_taken_for_somebody_of_the_same_name():
    known = PersonFactory(name="Maria Bria")

    bring("enterprises", line(nik=""), title=TITLE)

    assert Enterprise.objects.get().owner_id != known.pk


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"owner": "Maria Bria", "name": "Mutiara"}, ("Mutiara", "Maria Bria", "individual")),
        ({"business": "Mutiara"}, ("Mutiara", "Maria Bria", "individual")),
        ({"name": "Kelompok Fetosawa", "nik": ""}, ("Kelompok Fetosawa", None, "weavers")),
        (
            {"name": "KUB Sehati", "nik": "", "line": "keripik"},
            ("KUB Sehati", None, "group"),
        ),
    ],
)
def test_whose_name_the_column_nama_holds(cells, found):
    bring("enterprises", line(**cells), title=TITLE)

    row = Enterprise.objects.get()
    assert (row.name, row.owner and row.owner.name, row.kind) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Kios sembako", "trade"),
        ("Keripik pisang", "food"),
        ("tenun", "weaving"),
        ("Bengkel motor", "service"),
        ("Ternak babi", "farming"),
        ("anyaman", "craft"),
        ("Pewarnaan", "dyeing"),
    ],
)
def test_lines_of_business_in_the_offices_words(text, found):
    assert one("enterprises", line(line=text)).writes["enterprise"]["line"] == found


def test_what_fits_no_line_is_other_and_told():
    draft = one("enterprises", line(line="Batik tulis"), title=TITLE)

    assert draft.writes["enterprise"]["line"] == "other"
    assert draft.writes["enterprise"]["name"] == "Batik tulis Maria Bria"
    assert "line_other" in warnings(draft)


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"name": ""}, ("name", "no_name")),
        ({"name": "N" * 101}, ("name", "too_long")),
        ({"village": ""}, ("village", "no_village")),
        ({"village": "Entah"}, ("village", "unknown_village")),
        ({"nik": 5321104507909001.0}, ("nik", "nik_number_lost_digit")),
        ({"nik": "532110"}, ("nik", "nik_short")),
        ({"sex": "x"}, ("sex", "sex_invalid")),
        ({"capital": "-1"}, ("capital", "below_zero")),
        ({"monthly_turnover": "-1"}, ("monthly_turnover", "below_zero")),
        ({"workers": "dua"}, ("workers", "quantity")),
        ({"nib": "123"}, ("nib", "nib_length")),
        ({"pirt": 2065321010001299.0}, ("pirt", "number_lost_digits")),
        ({"pirt": "2065"}, ("pirt", "pirt_length")),
        ({"halal": "ID12"}, ("halal", "halal_shape")),
        ({"phones": "12"}, ("phones", "phone_invalid")),
        ({"kbli": "99999"}, ("kbli", "unknown_kbli")),
        ({"kind": "yayasan"}, ("kind", "unknown_kind")),
        ({"status": "entah"}, ("status", "unknown_status")),
        ({"status": "closed"}, ("status", "closing_day")),
        ({"channels": "ke bulan"}, ("channels", "unknown_channel")),
        ({"support": "a" * 201}, ("support", "too_long")),
        ({"support": f"untuk {NIK}"}, ("support", "nik_in_text")),
        ({"owner": "", "name": "Mutiara"}, ("owner", "no_owner")),
    ],
)
def test_what_is_refused(cells, found):
    draft = one("enterprises", line(**cells), title=TITLE)

    assert (draft.problem and draft.problem[:2], draft.writes) == (found, {})


def test_the_village_may_stand_in_the_address():
    cells = line(address="Alas Selatan")
    del cells["village"]

    assert one("enterprises", cells).writes["enterprise"]["village_id"] == "53.21.10.2004"


def test_a_village_outside_the_users_area_is_refused():
    village("53.21.02.2001", "Wemasa")

    draft = one("enterprises", LINE, user=UserFactory(area_id="53.21.02"))

    assert draft.problem[:2] == ("village", "outside_area")


def test_without_a_year_last_year_is_taken_and_told():
    draft = one("enterprises", LINE, today=date(2026, 11, 24))

    assert draft.writes["figures"]["year"] == 2025
    assert "year_assumed" in warnings(draft)


def test_workers_of_whom_nothing_is_told_are_noted_not_guessed():
    _row, [draft] = bring("enterprises", line(workers="3 orang"), title=TITLE)

    figures = EnterpriseSnapshot.objects.get()
    assert figures.source.endswith("(TK 3)")
    assert (figures.workers_paid_male, figures.workers_unpaid_female) == (0, 0)
    assert "workers_untold" in warnings(draft)


def test_workers_who_are_told_apart_are_counted():
    bring("enterprises", line(workers_unpaid_female=2, workers_paid_male=1), title=TITLE)

    figures = EnterpriseSnapshot.objects.get()
    assert (figures.workers_paid_male, figures.workers_unpaid_female) == (1, 2)


def test_channels_and_kbli_of_the_portals_own_list():
    code = IndustryCodeFactory()
    label = str(Enterprise.Channel.ONLINE.label)
    cells = line(kbli=13122.0, channels=f"{Enterprise.Channel.HOME.label}, {label}")

    bring("enterprises", cells, title=TITLE)

    row = Enterprise.objects.get()
    assert (row.sales_channels, row.industry_code_id) == (["home", "online"], code.pk)


def test_a_new_enterprise_is_kept_by_the_cooperative_of_that_name():
    cooperative = CooperativeFactory(name="Tenun Feto")

    draft = one("enterprises", line(cooperative="TENUN FETO"))
    stray = one("enterprises", line(cooperative="Entah"))

    assert draft.writes["enterprise"]["cooperative_id"] == cooperative.pk
    assert "cooperative_id" not in stray.writes["enterprise"]
    assert "cooperative_unknown" in warnings(stray)


# --- papers -------------------------------------------------------------------------------------
def test_a_paper_without_its_number_is_told_and_not_kept():
    draft = one("enterprises", line(nib="ada", pirt="Sudah", halal=""), title=TITLE)

    assert {"nib", "pirt", "halal"} & set(draft.writes) == set()
    assert warnings(draft).count("paper_without_number") == 2


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("proses", ("in_process", "")),
        ("tidak wajib", ("not_required", "")),
        ("Non Halal", ("non_halal", "")),
        ("ID53110000123450121", ("held", "ID53110000123450121")),
    ],
)
def test_states_of_a_halal_certificate(text, found):
    bring("enterprises", line(nib="", halal=text), title=TITLE)

    paper = Credential.objects.get()
    assert (paper.kind, paper.status, paper.number) == ("halal", *found)


def test_a_paper_in_process_gets_its_number_and_another_number_is_another_paper():
    bring("enterprises", line(pirt="proses"), title=TITLE)
    bring("enterprises", line(pirt="P-IRT No. 2065321010001-29"), title=TITLE)
    assert Credential.objects.filter(kind="pirt").count() == 1

    bring("enterprises", line(pirt="206532101000230"), title=TITLE)

    papers = Credential.objects.filter(kind="pirt").values_list("status", "number")
    assert sorted(papers) == [("held", "206532101000129"), ("held", "206532101000230")]


def test_ada_says_nothing_new_of_a_paper_with_a_number():
    bring("enterprises", LINE, title=TITLE)

    assert "paper_without_number" not in warnings(one("enterprises", line(nib="ada"), title=TITLE))


# --- known enterprises --------------------------------------------------------------------------
def test_the_same_file_a_second_time_writes_nothing():
    lines = (line(workers=3, halal="proses"), other(), other(name="Kelompok Fetosawa"))
    bring("enterprises", *lines, title=TITLE)
    before, history = everything(), events()

    _row, drafts = bring("enterprises", *lines, title=TITLE)

    assert outcomes(drafts) == ["unchanged"] * 3
    assert (everything(), events()) == (before, history)


@pytest.mark.parametrize(
    "cells",
    [
        {"_id": True, "owner": "Maria Bria", "name": "Baru", "nik": "", "nib": ""},
        {"business": "Lain", "nik": ""},
        {"nib": "", "village": ""},
        {"nib": "", "line": "Kios"},  # the only one of this owner
        {"nib": "", "nik": "", "name": "MARIA BRIA"},
    ],
)
def test_by_what_an_enterprise_is_known_again(cells):
    bring("enterprises", LINE, title=TITLE)
    known = Enterprise.objects.get()
    if "_id" in cells:
        cells = cells | {"_id": known.pk, "_versi": known.version}

    draft = one("enterprises", line(**cells), title=TITLE)

    assert (draft.problem, draft.rows["enterprise"]) == (None, known.pk)


def test_the_same_name_of_another_owner_is_another_enterprise():
    EnterpriseFactory(name="Kios Sehati", owner__name="Yosef Seran")

    draft = one("enterprises", line(name="Kios Sehati", owner="Maria Bria", nik=""), title=TITLE)

    assert draft.outcome == "created"


@pytest.mark.parametrize(
    ("cells", "found"),
    [
        ({"_id": 10**9}, ("_id", "id_unknown")),
        ({"_id": True, "_versi": 9}, ("_versi", "stale")),
        ({"nib": "9120001234568", "_id": True}, ("nib", "duplicate_nib")),
        ({"nik": OTHER_NIK}, ("nik", "nik_differs")),
    ],
)
def test_lines_that_contradict_what_is_known(cells, found):
    bring("enterprises", LINE, title=TITLE)
    known = Enterprise.objects.get()
    CredentialFactory(number="9120001234568")
    if cells.get("_id") is True:
        cells = cells | {"_id": known.pk, "owner": "Maria Bria", "name": known.name}

    assert one("enterprises", line(**cells), title=TITLE).problem[:2] == found


def test_a_nik_of_somebody_with_another_name_is_refused():
    with_nik(PersonFactory(name="Yosef Seran"))

    assert one("enterprises", LINE, title=TITLE).problem[:2] == ("nik", "nik_of_another")


def test_a_nik_of_somebody_beyond_the_users_reach_is_refused():
    with_nik(PersonFactory(name="Maria Bria"))

    draft = one("enterprises", LINE, title=TITLE, user=UserFactory(area_id="53.21"))

    assert draft.problem[:2] == ("nik", "nik_of_another")


def test_a_nib_of_another_area_is_refused():
    CredentialFactory(number=NIB, enterprise__village=village("53.22.01.2001", "Jauh"))

    draft = one("enterprises", line(nik=""), title=TITLE, user=UserFactory(area_id="53.21"))

    assert draft.problem[:2] == ("nib", "duplicate_nib")


def test_a_claimed_nik_of_a_known_owner_is_left_to_its_check():
    known = EnterpriseFactory(
        name="Tenun ikat Maria Bria", owner__name="Maria Bria", owner__nik_state="claimed"
    )
    NikClaimFactory(person=known.owner)

    draft = one("enterprises", line(nib=""), title=TITLE)

    assert (draft.problem, draft.rows["enterprise"]) == (None, known.pk)
    assert "owner" not in draft.writes


def test_a_known_owner_gets_the_nik_that_was_missing():
    known = EnterpriseFactory(name="Tenun ikat Maria Bria", owner__name="Maria Bria")

    bring("enterprises", LINE, title=TITLE)

    assert Person.objects.get(pk=known.owner_id).national_id() == NIK


@pytest.mark.parametrize(
    ("second", "found"),
    [
        (other(nib=NIB), ("nib", "duplicate_nib")),
        (line(nib="", village=""), ("name", "duplicate_enterprise")),
        (line(nib="", nik=""), ("name", "duplicate_enterprise")),
        (line(nib="", business="Kios"), ("nik", "duplicate_nik")),
    ],
)
def test_the_second_of_two_equal_rows_is_refused(second, found):
    assert reasons(checked("enterprises", LINE, second, title=TITLE)) == [(6, *found)]


def test_two_businesses_of_an_owner_on_record_come_in_together():
    with_nik(PersonFactory(name="Maria Bria"))

    _row, drafts = bring("enterprises", LINE, line(nib="", business="Kios"), title=TITLE)

    assert outcomes(drafts) == ["created", "created"]
    assert Enterprise.objects.filter(owner__name="Maria Bria").count() == 2


def test_what_a_list_does_not_change_is_told():
    known = EnterpriseFactory(name="Mutiara", owner__name="Maria Bria")
    cells = {
        "_id": known.pk,
        "name": "Mutiara",
        "owner": "Yosef Seran",
        "kind": "company",
        "cooperative": "Lain",
    }

    draft = one("enterprises", cells)

    assert (draft.outcome, warnings(draft)) == (
        "unchanged",
        ["other_kind", "other_owner", "other_cooperative"],
    )


def test_a_guessed_line_does_not_replace_a_known_one():
    EnterpriseFactory(name="Batik tulis Maria Bria", owner__name="Maria Bria", line="craft")

    draft = one("enterprises", {"name": "Maria Bria", "line": "Batik tulis", **ONLY_VILLAGE})

    assert draft.outcome == "unchanged"


ONLY_VILLAGE = {"village": "Alas Selatan"}


def test_figures_that_differ_are_another_row_and_keep_what_is_blank():
    known = EnterpriseFactory(name="Tenun ikat Maria Bria", owner__name="Maria Bria")
    EnterpriseSnapshotFactory(enterprise=known, capital=7)

    cells = line(nib="", support="", capital="", monthly_turnover=3_000_000)
    bring("enterprises", cells, title=TITLE)

    second = EnterpriseSnapshot.objects.order_by("id").last()
    assert EnterpriseSnapshot.objects.count() == 2
    assert (second.monthly_turnover, second.capital) == (3_000_000, 7)
    assert second.workers_unpaid_female == 2


def test_support_that_is_known_is_not_recorded_again():
    known = EnterpriseFactory(name="Tenun ikat Maria Bria", owner__name="Maria Bria")
    SupportFactory(enterprise=known, what="Alat tenun")

    assert "support" not in one("enterprises", line(support="ALAT  TENUN"), title=TITLE).writes
    assert "support" not in one("enterprises", line(support="belum pernah"), title=TITLE).writes


# --- the portal's own list ----------------------------------------------------------------------
@pytest.fixture
def scales():
    ParameterFactory(key="scale.sales.micro", value=2_000_000_000)


def test_a_list_that_was_taken_out_comes_back_unchanged(scales):
    cooperative = CooperativeFactory()
    full = EnterpriseFactory(
        cooperative=cooperative,
        sales_channels=["home", "online"],
        industry_code=IndustryCodeFactory(),
        hamlet="Dusun A",
        address="Jalan B",
        phone="+6281234567890",
    )
    EnterpriseSnapshotFactory(enterprise=full, year=2023)
    EnterpriseFactory(kind="weavers", owner=None, cooperative=None, status="starting")
    EnterpriseFactory(status="closed", closed_on=date(2025, 1, 1))
    keys = (Column("_id", "_id", "pk"), Column("_versi", "_versi", "version"))
    columns = (*keys, *ENTERPRISE_COLUMNS, *ENTERPRISE_FILE_COLUMNS)
    table = Table(list(columns), may_see_personal=True)
    sources = columns_by_name(columns_of(KINDS["enterprises"]))
    found = [sources[fold(str(heading))].key for heading in table.header()]
    rows = Enterprise.objects.order_by("id")
    lines = [dict(zip(found, table.exported(row), strict=True)) for row in rows]

    drafts = checked("enterprises", *lines)

    assert [draft.problem for draft in drafts] == [None] * 3
    assert [(draft.outcome, warnings(draft)) for draft in drafts] == [("unchanged", [])] * 3


# --- saving, taking back, counting --------------------------------------------------------------
def test_taking_back_brings_every_table_back(scales):
    known = EnterpriseFactory(name="Tenun ikat Maria Bria", owner__name="Maria Bria")
    EnterpriseSnapshotFactory(enterprise=known, year=2024)
    CredentialFactory(enterprise=known, kind="halal", status="in_process", number="")
    before = everything()
    row, drafts = bring("enterprises", line(halal="ID53110000123450121"), other(), title=TITLE)
    known.refresh_from_db()
    assert outcomes(drafts) == ["changed", "created"]
    assert (known.figures_year, known.monthly_turnover) == (2025, 1_500_000)

    undo(row)

    assert everything() == before
    known.refresh_from_db()
    assert (known.figures_year, known.monthly_turnover) == (2024, 2_000_000)


def many(count, first=0):
    return [other(name=f"Yosef {n}", nib=f"91{n:011}") for n in range(first, first + count)]


def statements(act, *args, **kwargs):
    with CaptureQueriesContext(connection) as asked:
        act(*args, **kwargs)
    return len(asked)


def test_as_many_queries_for_many_lines_as_for_one():
    few, more = many(1), many(40, 1)

    assert statements(checked, "enterprises", *few) == statements(checked, "enterprises", *more)
    one_row, rows = (checked("enterprises", *lines) for lines in (few, more))
    assert statements(save, "enterprises", one_row) == statements(save, "enterprises", rows)


def test_a_thousand_lines():
    _row, drafts = bring("enterprises", *many(1000), title=TITLE)

    assert set(outcomes(drafts)) == {"created"}
    assert Enterprise.objects.count() == EnterpriseSnapshot.objects.count() == 1000


def test_only_who_registers_enterprises_and_people_may_bring_such_a_file():
    assert not KINDS["enterprises"].may_import(UserFactory())
    assert KINDS["enterprises"].may_import(UserFactory(is_superuser=True))
    assert _("enterprises (UMKM)") == str(KINDS["enterprises"].label)
