"""Records are found wherever they stand, and nothing that may be one is passed over."""

import json
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from malaka_portal.workbooks.book import Sheet
from malaka_portal.workbooks.headings import Heading, fold
from malaka_portal.workbooks.reading import read
from malaka_portal.workbooks.tables import Reason, find
from tests.workbooks.test_reading import DATA, REGISTERS

_NAMES = """No, Nama, Nama Lengkap, Nama Koperasi, NIK, Tempat Tanggal Lahir, L/P, Pekerjaan, Desa,
No HP, SHU, Simpanan Pokok, Badan Hukum Nomor, Badan Hukum Tanggal, Anggota L, Anggota P, Ketua,
Jabatan"""
NAMES = {fold(name) for name in _NAMES.split(",")}
HEADING = ["No", "Nama", "NIK", "Desa", "Simpanan Pokok"]
MARIA = [1, "Maria", "5321114211679001", "Biau", 100000]
PETRUS = [2, "Petrus", None, "Suai", 50000]


def table(*rows):
    return find(Sheet("x", rows), NAMES)


def reasons(*rows, heading=HEADING, first=MARIA):
    """The reasons of `rows` below a heading and a record; None for a record."""
    found = table(heading, first, *rows)
    skipped = {number: str(reason) for number, reason in found.skipped}
    return [skipped.get(number) for number in range(3, len(rows) + 3)]


def test_a_sheet_without_a_heading_has_no_table():
    assert table() is None
    assert table(["Laporan"], ["Nama", "Maria"], [1, 2, 3]) is None


# --- the truth ----------------------------------------------------------------------------------
@pytest.mark.parametrize("name", REGISTERS)
def test_registers_give_all_their_records(name):
    truth = json.loads((DATA / f"{name}.truth.json").read_text())
    (sheet,) = read(DATA / f"{name}.xlsx", "x").sheets

    found = find(sheet, NAMES)

    numbered = [n for n, row in enumerate(sheet.rows, start=1) if row and isinstance(row[0], int)]
    assert list(found.numbers) == numbered
    assert len(found) == truth["rows"]
    assert [s for s in found.skipped if s.reason != Reason.BLANK] == [
        (1, "title"),
        (2, "title"),
        (4, "header"),
        (5, "column_numbers"),
        (len(sheet.rows) - 3, "total"),
        (len(sheet.rows) - 1, "signature"),
        (len(sheet.rows), "signature"),
    ]


def test_a_sheet_for_each_district():
    truth = json.loads((DATA / "data-koperasi-malaka.truth.json").read_text())
    sheets = read(DATA / "data-koperasi-malaka.xlsx", "x").sheets

    tables = [find(sheet, NAMES) for sheet in sheets]

    assert sum(map(len, tables)) == truth["rows"]
    assert {table.headings for table in tables} == {tables[0].headings}
    assert [heading.parts for heading in tables[0].headings][2:12] == [
        ("Badan Hukum", "Nomor"),
        ("Badan Hukum", "Tanggal"),
        ("NIK",),
        ("Jenis",),
        ("Alamat/Desa",),
        ("Ketua",),
        ("HP",),
        ("Anggota", "L"),
        ("Anggota", "P"),
        ("Anggota", "Jml"),
    ]
    first = next(tables[0].records())
    assert (first.number, first.cells[1], len(first.cells)) == (5, "KSU Maju Bersama 55", 19)


# --- headings -----------------------------------------------------------------------------------
def texts(*rows):
    return [heading.text for heading in table(*rows).headings]


def test_a_heading_is_found_wherever_it_stands():
    kop = [["BUKU ANGGOTA"], [], ["Nama Koperasi", ":", "KSU Futus"], ["Desa", "Biau"], []]

    found = table(*kop, [None, *HEADING], [None, *MARIA])

    assert list(found.numbers) == [7]
    assert [heading.letter for heading in found.headings if heading.parts] == list("BCDEF")


def test_a_title_right_above_is_no_group():
    assert texts(["DAFTAR ANGGOTA"], HEADING, MARIA) == HEADING
    assert texts(["Kecamatan", "Wewiku", None, "Tahun 2025"], HEADING, MARIA) == HEADING


def test_groups_may_head_some_columns_of_a_full_row():
    groups = [None, None, "Badan Hukum", None, "Anggota"]
    columns = ["No", "Nama Koperasi", "Nomor", "Tanggal", "L", "P"]
    record = [1, "KSU Futus", "518/1", "1-2-2020", 3, 4]

    assert texts(groups, columns, record) == [
        "No",
        "Nama Koperasi",
        "Badan Hukum Nomor",
        "Badan Hukum Tanggal",
        "Anggota L",
        "Anggota P",
    ]


def test_a_first_record_is_no_second_level():
    heading = ["No", "Nama", None, "Desa", "NIK"]
    record = [None, "Maria", "Bete", "Biau", None]

    found = table(heading, record)

    assert list(found.numbers) == [2]


def test_a_heading_on_two_lines_is_one():
    found = table(["No", "Nama", "Tempat,", "Simpanan"], [None, None, "Tanggal Lahir", "Pokok"])

    assert [heading.key for heading in found.headings] == [
        "no",
        "nama",
        "tempat tanggal lahir",
        "simpanan pokok",
    ]


def test_columns_without_a_heading_are_told():
    found = table(HEADING, [*MARIA, None, "pindah ke Suai"], PETRUS)

    assert [h.letter for h in found.headings if not h.parts] == ["G"]
    assert [len(line.cells) for line in found.records()] == [7, 7]


def test_letters_of_columns():
    assert [Heading(at).letter for at in (0, 25, 26, 51, 52, 255)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "BA",
        "IV",
    ]


# --- lines without a record ---------------------------------------------------------------------
def test_numbers_of_columns():
    for numbers in (
        [1, 2, 3, 4, 5],
        ["1", "2", "3", "4", "5"],
        ["(1)", "(2)", "(3)", "(4)", "(5 = 3 x 4)"],
        ["a", "b", "c", "d", "e"],
        ["1.", None, "2.", None, "3."],
    ):
        assert [s.reason for s in table(HEADING, numbers, MARIA).skipped] == [
            "header",
            "column_numbers",
        ]
    assert reasons([1, 2, 3, 4, 5]) == [None]  # far from a heading it may be a record
    assert table(HEADING, [1, "Maria", 2, 3], MARIA).numbers.tolist() == [2, 3]


def test_a_heading_of_every_page():
    numbers = [1, 2, 3, 4, 5]

    assert reasons(HEADING, numbers, PETRUS) == ["repeated_header", "column_numbers", None]
    assert reasons([name.upper() for name in HEADING]) == ["repeated_header"]


def test_totals():
    assert reasons([None, "JUMLAH"]) == ["total"]
    assert reasons(["Jumlah", None, None, None, 150000]) == ["total"]
    assert reasons([None, "Total Simpanan", None, None, "Rp 150.000"]) == ["total"]
    assert reasons([None, "JUMLAH KECAMATAN WEWIKU", None, None, "1,5 jt"]) == ["total"]
    assert reasons([None, "Sub Total", "-", "-", 100000]) == ["total"]


def test_what_may_be_a_record_is_no_total():
    assert reasons([7, "JUMLAH"]) == [None]
    assert reasons([None, "Jumlah", "5321114211679001"]) == [None]
    assert reasons([None, "Jumlah", 5321114211679000]) == [None]
    assert reasons([None, "Jumlah", None, "Biau", 5]) == [None]
    assert reasons([None, "Jumlah", 12, None, 5]) == [None]  # nobody has a figure there
    assert reasons([None, "Total Jaya"]) == [None]
    assert reasons([None, None, None, None, 150000]) == [None]


def test_signatures():
    assert reasons(
        [None, None, None, "Betun, 31 Desember 2025"],
        [None, "Mengetahui:", None, "Bendahara,"],
        [None, "Kepala Dinas", None, None],
        [],
        [None, "(Yohanes Bria)", None, "Maria Seuk"],
        [None, "NIP. 19800312 200501 1 001"],
        [None, "________", None, "........"],
    ) == ["signature", "signature", "signature", "blank", "signature", "signature", "blank"]
    assert reasons([None, None, None, "Betun, ..............."]) == ["signature"]


def test_what_may_be_a_record_is_no_signature():
    assert reasons([9, "Ketua"]) == [None]
    assert reasons([None, "Ketua", "Ketua,"], [None, "Maria", "Suai", "x"]) == ["signature", None]
    assert reasons([None, None, None, "Ketua,"], [8, "Maria"], [None, "Petrus"]) == [
        "signature",
        None,
        None,
    ]


def test_a_column_of_offices_or_births_holds_no_signatures():
    heading = ["No", "Nama", "Jabatan", "Tempat Tanggal Lahir"]
    first = [1, "Maria", "Ketua", "Betun, 12-03-1980"]

    assert reasons([None, None, "Sekretaris"], heading=heading, first=first) == [None]
    assert reasons([None, None, None, "Suai, 1 Mei 1990"], heading=heading, first=first) == [
        "signature"
    ]
    births = [row[1:] for row in (heading, first, [None, None, None, "Suai, 1 Mei 1990"])]
    assert list(table(*births).numbers) == [2, 3]  # where nothing is numbered it may be a record


def test_titles_between_records():
    assert reasons(["Kecamatan Wewiku"], PETRUS) == ["title", None]
    assert reasons([None, "Catatan: belum lengkap"]) == ["title"]
    assert reasons(["KOPERASI FUTUS"]) == ["title"]
    assert reasons([None, "Kelompok Tenun Biau"], [None, "A. N. Seran"]) == [None, None]
    assert list(table(["Desa", "Nama"], ["Desa Biau"], ["Desa Suai", "x"]).numbers) == [2, 3]

    found = table(["BUKU KAMI"], HEADING, MARIA, [None, "Buku kami"], PETRUS)
    assert found.skipped == ((1, "title"), (2, "header"), (4, "title"))


def test_a_name_alone_is_a_record():
    assert reasons([None, "Maria Bete"], ["7."], [None, None, None, "Desa Biau"]) == [None] * 3
    assert reasons([None, None, "Dinas"], [None, True]) == [None, None]


def test_records_above_the_heading_are_not_lost():
    found = table([7, "Yosef", "5321"], ["Maria", "5321", "Biau", 5, date(2020, 1, 1)], HEADING)

    assert list(found.numbers) == [1, 2]


def test_blank_lines():
    assert reasons([], [None, " "], [None, "-", "–", "___"], ["", ""]) == ["blank"] * 4


# --- properties ---------------------------------------------------------------------------------
WORDS = ["Jumlah", "JUMLAH", "Total", "Ketua,", "NIP", "Betun, 1 Mei 2025", "Kecamatan Wewiku"]
WORDS += [*HEADING, "-", "", " ", "Maria", "Rp 5.000", "(1)", "1", "2", "a", "x:"]
CELLS = st.one_of(
    st.none(), st.sampled_from(WORDS), st.integers(0, 10**16), st.booleans(), st.floats(0, 9)
)
ROWS = st.lists(st.lists(CELLS, max_size=6), max_size=12)


def is_record_for_sure(row):
    """Numbered, with a text and more: nobody may pass it over, whatever it says."""
    return isinstance(row[0], int) and not isinstance(row[0], bool) and "Maria" in row[1:]


@settings(max_examples=300, deadline=None)
@given(above=ROWS, below=ROWS)
def test_every_row_is_a_record_or_skipped_with_a_reason(above, below):
    rows = [*above, HEADING, *below]
    found = table(*rows)

    told = [*found.numbers, *(number for number, _reason in found.skipped)]
    records = {line.number: line.cells for line in found.records()}

    assert sorted(told) == list(range(1, len(rows) + 1))
    assert list(records) == list(found.numbers)
    assert all((records[n] + [None] * 6)[:6] == (rows[n - 1] + [None] * 6)[:6] for n in records)


@settings(max_examples=300, deadline=None)
@given(below=ROWS)
def test_a_numbered_line_with_a_text_is_never_skipped(below):
    found = table(HEADING, MARIA, *below)

    skipped = [below[number - 3] for number, _reason in found.skipped if number > 2]

    assert [row for row in skipped if row and is_record_for_sure(row)] == []


@settings(max_examples=300, deadline=None)
@given(below=ROWS)
def test_a_line_with_different_texts_in_several_columns_is_never_skipped(below):
    record = [None, "Maria", "belum ada", "Biau"]
    found = table(HEADING, MARIA, *below, record)

    assert found.numbers[-1] == len(below) + 3
