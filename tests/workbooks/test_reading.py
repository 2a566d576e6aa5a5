"""What a file shows in Excel is what is read: row by row, numbers as numbers, texts as texts."""

import json
import subprocess
import sys
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from malaka_portal.spreadsheets import csv_rows, xlsx_rows
from malaka_portal.workbooks import limits, reading
from malaka_portal.workbooks.reading import read
from tests.workbooks.files import END, row, start, write_book

DATA = Path(__file__).parents[1] / "data" / "workbooks"
REGISTERS = ["buku-daftar-anggota-kecil", "buku-daftar-anggota"]


def read_text(path, content, name="data.csv"):
    path.write_bytes(content)
    (sheet,) = read(path, name).sheets
    return sheet


@pytest.fixture
def file(tmp_path):
    return tmp_path / "file"


# --- workbooks ----------------------------------------------------------------------------------
@pytest.mark.parametrize("name", REGISTERS)
def test_rows_have_the_numbers_that_excel_shows(name):
    truth = json.loads((DATA / f"{name}.truth.json").read_text())
    (sheet,) = read(DATA / f"{name}.xlsx", f"{name}.xlsx").sheets
    reasons = {
        "no_name": lambda row: row[1] is None,
        "sex_invalid": lambda row: row[4] == "X",
        "nik_number_lost_digit": lambda row: isinstance(row[2], int),
        "nik_short": lambda row: len(row[2]) == 15,
        "unknown_village": lambda row: row[6] == "Desa Entah",
    }

    told = [(bad["row"], bad["why"]) for bad in truth["bad"] if bad["why"] in reasons]

    assert [(n, why) for n, why in told if not reasons[why](sheet.rows[n - 1])] == []
    assert sum(isinstance(row[0], int) for row in sheet.rows if row) == truth["rows"]
    assert sheet.rows[3][1] == "Nama Lengkap"


def test_every_sheet_is_read_in_its_order():
    truth = json.loads((DATA / "data-koperasi-malaka.truth.json").read_text())
    book = read(DATA / "data-koperasi-malaka.xlsx", "data-koperasi-malaka.xlsx")

    rows = [row for sheet in book.sheets for row in sheet.rows]

    assert [sheet.name for sheet in book.sheets][:3] == ["Malaka Tengah", "Malaka Barat", "Wewiku"]
    assert len(book.sheets) == 12
    assert sum(bool(row) and isinstance(row[0], int) for row in rows) == truth["rows"]
    assert sum(row[-1] == "Tidak aktif" for row in rows if row) == truth["inactive"]


def test_cells_keep_their_kinds(file):
    workbook = openpyxl.Workbook()
    cells = [7, 7.5, "7", " spasi ", True, 5321061609919740, 1500000.0, -3]
    cells += [date(2020, 1, 2), datetime(2020, 1, 2, 3, 4, 5), time(8, 30), "dua\nbaris", "'0812"]
    for at, cell in enumerate(cells, start=3):
        workbook.active.cell(3, at, cell)
    workbook.save(file)

    (sheet,) = read(file, "x.xlsx").sheets

    assert list(sheet.rows) == [[], [], [None, None, *cells]]
    assert [type(cell) for cell in sheet.rows[2][2:]] == [
        int if cell == 1500000 else type(cell) for cell in cells
    ]


def test_a_formula_gives_the_value_that_was_kept(file):
    cells = '<c r="A1"><f>1+1</f><v>2</v></c><c r="B1" t="str"><f>"a"</f><v>a</v></c>'
    write_book(file, [start(), row(1, cells, '<c r="C1"><f>1+1</f></c>'), END])

    assert list(read(file, "x.xlsx").sheets[0].rows) == [[2, "a"]]


def test_hidden_sheets_are_marked_and_charts_left_out(file):
    workbook = openpyxl.Workbook()
    workbook.active.title = "Terlihat"
    for name, state in (("Tersembunyi", "hidden"), ("Dalam", "veryHidden")):
        workbook.create_sheet(name).sheet_state = state
    workbook.create_chartsheet("Grafik")
    workbook.save(file)

    sheets = read(file, "x.xlsx").sheets

    assert [(s.name, s.is_hidden) for s in sheets] == [
        ("Terlihat", False),
        ("Tersembunyi", True),
        ("Dalam", True),
    ]


def test_an_old_workbook_is_read_whatever_its_name(file):
    book = read(DATA / "daftar-anggota.xls", "daftar-anggota.xlsx")

    first, second = book.sheets
    assert list(first.rows) == [
        ["BUKU DAFTAR ANGGOTA"],
        [],
        [],
        ["No", "Nama Lengkap", "NIK", "Desa", "Tgl Masuk", "Simpanan Pokok"],
        [1, "Maria Bete", "5321114211679001", "Ds. Biau", date(2020, 7, 26), 100000],
        [2, "José Manek", 5321061609919741, "MOTAULUN", "26 Juli 2020", "Rp 100.000"],
        [3, "Petrus Tae"],
    ]
    assert (second.name, second.is_hidden, list(second.rows)) == (
        "Lama",
        True,
        [[], [], [None, "tersembunyi"]],
    )


def test_our_own_exports_come_back(file):
    header = ["Nama", "NIK", "Lahir", "Modal"]
    rows = [["José", "5321114211679001", date(1980, 3, 12), -5000], ["=1+1", "", None, 0]]
    file.write_bytes(b"".join(xlsx_rows(header, rows)))

    (sheet,) = read(file, "x.xlsx").sheets

    assert list(sheet.rows) == [
        header,
        ["José", "5321114211679001", date(1980, 3, 12), -5000],
        ["=1+1", None, None, 0],
    ]

    file.write_bytes(b"".join(csv_rows(header, rows)))
    assert read(file, "x.csv").sheets[0].rows[:2] == [
        header,
        ["José", "5321114211679001", "1980-03-12", "-5000"],
    ]


def test_rows_are_read_again_in_any_order():
    (sheet,) = read(DATA / "buku-daftar-anggota.xlsx", "x").sheets
    rows = list(sheet.rows)

    assert len(sheet.rows) == len(rows) == 1214
    assert [sheet.rows[at] for at in (1213, 5, 0)] == [rows[1213], rows[5], rows[0]]
    assert (sheet.rows[-1], sheet.rows[3:6]) == (rows[-1], rows[3:6])
    with pytest.raises(IndexError):
        sheet.rows[1214]


# --- texts --------------------------------------------------------------------------------------
TEXT = "No;Nama;Lahir\r\n1;José;Betun, 12-03-1980\r\n;;\r\n\r\n2;Maria;Suai, 1-2-1990\r\n;;\r\n"
ROWS = [
    ["No", "Nama", "Lahir"],
    ["1", "José", "Betun, 12-03-1980"],
    [],
    [],
    ["2", "Maria", "Suai, 1-2-1990"],
]
ENCODINGS = ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_text_is_read_in_any_dress(file, encoding, separator):
    content = TEXT.replace(";", separator).encode(encoding)

    assert list(read_text(file, content).rows) == ROWS


def test_commas_part_cells_where_nothing_else_does(file):
    content = 'No,Nama,Modal\n1,"Betun, Kios ""Maju""","Rp 1.500,00"\n2,Maria,"50;60"\n'

    assert list(read_text(file, content.encode()).rows) == [
        ["No", "Nama", "Modal"],
        ["1", 'Betun, Kios "Maju"', "Rp 1.500,00"],
        ["2", "Maria", "50;60"],
    ]


def test_a_line_for_excel_is_not_a_row(file):
    assert list(read_text(file, b"sep=|\r\na,b|c;d\r\n").rows) == [["a,b", "c;d"]]


def test_a_cell_of_several_lines_is_in_one_row(file):
    assert list(read_text(file, b'a;b\n"satu\ndua";x\nc;d\n').rows) == [
        ["a", "b"],
        ["satu\ndua", "x"],
        ["c", "d"],
    ]


def test_text_without_separators_is_one_column(file):
    assert list(read_text(file, b"Nama\nMaria\n").rows) == [["Nama"], ["Maria"]]


def test_the_sheet_of_a_text_has_the_name_of_its_file(file):
    assert read_text(file, b"a;b", name="Anggota 2025.csv").name == "Anggota 2025"


CELLS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=8)


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.lists(CELLS, min_size=4, max_size=4), min_size=1, max_size=6))
def test_no_cell_is_lost_or_moved(tmp_path_factory, rows):
    path = tmp_path_factory.mktemp("text") / "x.csv"
    rows = [["satu", "dua", "tiga", "empat"], *rows]
    lines = (";".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in rows)

    found = read_text(path, "\n".join(lines).encode()).rows

    padded = [row + [None] * (4 - len(row)) for row in found]
    wanted = [[cell or None for cell in row] for row in rows]
    while not any(wanted[-1]):
        wanted.pop()
    assert padded == wanted


# --- limits -------------------------------------------------------------------------------------
def test_an_honest_file_is_never_cut_short(file):
    lines = limits.TEXT.rows
    assert len(read_text(file, b"a;b\n" * lines + b";\n" * 100).rows) == lines

    with pytest.raises(ValidationError) as caught:
        read_text(file, b"a;b\n" * (lines + 1))
    assert (caught.value.code, caught.value.params["rows"]) == ("text_too_many_rows", "500.000")


@pytest.fixture
def program(monkeypatch):
    """Lets another program stand in for the process that reads."""

    def stand_in(text):
        monkeypatch.setattr(reading, "_COMMAND", [sys.executable, "-c", text])

    return stand_in


def refusal_of(file):
    with pytest.raises(ValidationError) as caught:
        read_text(file, b"a;b\n")
    return caught.value


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("raise SystemExit(3)", "file_damaged"),
        ("import os; os.abort()", "file_too_heavy"),
        ("print('[1]'); print('{\"sheet\": null, \"hidden\": false}')", "file_damaged"),
        ("print('[1]'); print('{\"sheet\": nu', end='')", "file_damaged"),
    ],
)
def test_a_process_that_fails_is_no_empty_book(file, program, caplog, text, code):
    program(text)

    assert refusal_of(file).code == code
    assert len(caplog.records) == 1


def test_a_process_that_takes_too_long_is_ended(file, program, monkeypatch):
    program("import time; time.sleep(60)")
    monkeypatch.setattr(limits, "SECONDS", 0.2)

    assert refusal_of(file).code == "file_too_heavy"


def test_the_process_gets_no_secrets(file, program, monkeypatch):
    monkeypatch.setenv("SECRET", "x")
    program(
        "import json, os;"
        " print(json.dumps({'refused': 'file_empty', 'facts': {'seen': 'SECRET' in os.environ}}))"
    )

    assert refusal_of(file).params == {"seen": False}


def test_the_process_starts_without_django():
    program = "import sys, malaka_portal.workbooks.child, malaka_portal.workbooks.signatures,"
    program += " malaka_portal.workbooks.text_files; print('django' in sys.modules)"

    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)

    assert said.stdout == "False\n"
