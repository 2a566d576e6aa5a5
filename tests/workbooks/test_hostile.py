"""Files that mean harm, or are not what they say: a plain refusal, and nothing else happens."""

import random
import resource
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError

from malaka_portal.workbooks import limits
from malaka_portal.workbooks.reading import read
from malaka_portal.workbooks.refusals import MESSAGES
from tests.workbooks.files import END, TYPES, encrypted, row, start, text_cell, write_book

DATA = Path(__file__).parents[1] / "data" / "workbooks"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ENTITY = '<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(9))


def book(*pieces, **parts):
    return lambda path: write_book(path, [*pieces], **parts)


def content(data):
    return lambda path: path.write_bytes(data)


def rows(count, columns="AB"):
    yield start()
    for n in range(1, count + 1):
        yield row(n, *(f'<c r="{letter}{n}"><v>{n}</v></c>' for letter in columns))
    yield END


def many(count, cell):
    yield start()
    for _n in range(count):
        yield f"<row>{cell}</row>"
    yield END


def cut(path):
    whole = (DATA / "buku-daftar-anggota.xlsx").read_bytes()
    path.write_bytes(whole[: len(whole) // 2])


def locked(path):
    path.write_bytes(
        (DATA / "daftar-anggota.xls").read_bytes().replace(b"\xe1\x00\x02", b"\x2f\x00\x02")
    )


ONE = row(1, text_cell("A1", "satu"))
HOSTILE = {
    "empty": (content(b""), "file_empty"),
    "only blank lines": (content(b"\n\n;;\n"), "file_empty"),
    "zip bomb": (book(start(), row(1, text_cell("A1", "A" * 40_000_000)), END), "file_too_heavy"),
    "row bomb": (
        lambda path: write_book(path, many(300_000, "<c><v>1</v></c>")),
        "file_too_heavy",
    ),
    "too many rows": (
        lambda path: write_book(path, rows(limits.WORKBOOK.rows + 1, "A")),
        "file_too_many_rows",
    ),
    "far cell": (
        book(start(), ONE, row(1048576, text_cell("XFD1048576", "x")), END),
        "file_too_heavy",
    ),
    "cell far below": (
        book(start(), ONE, row(1048576, text_cell("A1048576", "x")), END),
        "file_too_many_rows",
    ),
    "cell far to the right": (
        book(start(), row(1, text_cell("XFD1", "x")), END),
        "file_too_many_columns",
    ),
    "one text many times": (
        lambda path: write_book(
            path,
            many(30_000, '<c t="s"><v>0</v></c>'),
            members={"xl/sharedStrings.xml": f"<sst><si><t>{'A' * 32_000}</t></si></sst>"},
        ),
        "file_too_heavy",
    ),
    "XXE": (book(ENTITY, start(), row(1, text_cell("A1", "&e;")), END), "file_damaged"),
    "billion laughs": (
        book(
            f'<!DOCTYPE a [<!ENTITY l0 "ha">{LAUGHS}]>',
            start(),
            row(1, text_cell("A1", "&l9;")),
            END,
        ),
        "file_damaged",
    ),
    "entities further down": (
        book(f"<!--{'-x' * 2000}-->", ENTITY, start(), row(1, text_cell("A1", "&e;")), END),
        "file_damaged",
    ),
    "way out of the folder": (book(start(), ONE, END, members={"../../x": "x"}), "file_damaged"),
    "too many members": (
        book(start(), ONE, END, members={f"x{n}": "" for n in range(2_000)}),
        "file_too_heavy",
    ),
    "web page": (content(b"\n<html><table><tr><td>1</td></tr></table></html>"), "file_web_page"),
    "XML of 2003": (content(b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>'), "file_web_page"),
    "cut in half": (cut, "file_damaged"),
    "sheet cut in half": (book(start(), ONE, "<row><c r"), "file_damaged"),
    "cells without sense": (
        book(start(), '<row r="x"><c r="!!"><v>a</v></c></row>', END),
        "file_damaged",
    ),
    "archive with a password": (
        lambda path: encrypted(write_book(path, [start(), ONE, END])),
        "file_password",
    ),
    "new workbook with a password": (
        content(OLE + bytes(504) + "EncryptedPackage".encode("utf-16-le") + bytes(600)),
        "file_password",
    ),
    "old workbook with a password": (locked, "file_password"),
    "macros": (book(start(), ONE, END, members={"xl/vbaProject.bin": b"x"}), "file_macros"),
    "macros by type": (
        book(start(), ONE, END, types=TYPES.replace(".sheet.main", ".sheet.macroEnabled.main")),
        "file_macros",
    ),
    "old macros": (
        content(OLE + bytes(504) + "_VBA_PROJECT_CUR".encode("utf-16-le")),
        "file_macros",
    ),
    "old document": (
        content(OLE + bytes(504) + "WordDocument".encode("utf-16-le")),
        "file_not_spreadsheet",
    ),
    "old workbook without a container": (
        content(b"\x09\x04\x06\x00" + bytes(99)),
        "file_other_format",
    ),
    "junk": (content(random.Random(1).randbytes(20_000)), "file_not_spreadsheet"),
    "junk that begins as an archive": (
        content(b"PK\x03\x04" + random.Random(2).randbytes(20_000)),
        "file_damaged",
    ),
    "junk that begins as an old workbook": (
        content(OLE + random.Random(3).randbytes(20_000)),
        "file_damaged",
    ),
    "a picture": (content(b"\x89PNG\r\n\x1a\n" + bytes(100)), "file_not_spreadsheet"),
    "a paper": (content(b"%PDF-1.7\n1 0 obj\n"), "file_not_spreadsheet"),
    "a quotation mark that is never closed": (content(b'a;b\n1;"dua\n3;4\n'), "file_quotes"),
    "many columns of text": (content(b";".join([b"x"] * 257)), "file_too_many_columns"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_and_harms_nothing(tmp_path, name):
    make, code = HOSTILE[name]
    path = tmp_path / "data.xlsx"
    make(path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    with pytest.raises(ValidationError) as caught:
        read(path, "data.xlsx")

    assert caught.value.code == code
    assert code in MESSAGES
    assert "root:" not in str(caught.value)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 20 * 1024  # kilobytes


def test_a_document_of_another_program_says_how_to_go_on(tmp_path):
    from zipfile import ZipFile

    path = tmp_path / "data.ods"
    with ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")

    with pytest.raises(ValidationError) as caught:
        read(path, "data.ods")

    assert caught.value.code == "file_other_format"


@pytest.mark.parametrize("said", ["A1:B2", "A1:XFD1048576"])
def test_a_lying_dimension_hides_no_row(tmp_path, said):
    lines = [row(n, text_cell(f"A{n}", n), text_cell(f"C{n}", n)) for n in range(1, 60)]
    path = write_book(tmp_path / "x", [start(f'<dimension ref="{said}"/>'), *lines, END])

    (sheet,) = read(path, "x.xlsx").sheets

    assert list(sheet.rows) == [[str(n), None, str(n)] for n in range(1, 60)]


def test_every_refusal_says_how_to_mend_it():
    facts = {"megabytes": 1, "sheet": "x", "rows": "1", "columns": 1, "line": 1}

    texts = [str(message % facts) for message in MESSAGES.values()]

    assert [text for text in texts if text.count(". ") < 1 and "," not in text] == []


def test_a_refusal_of_a_text_names_the_line(tmp_path):
    path = tmp_path / "data.csv"
    path.write_bytes(b'a;b\n"1\n2";3\n4;"lima\n6;7\n8;9\n')

    with pytest.raises(ValidationError) as caught:
        read(path, "data.csv")

    assert (caught.value.code, caught.value.params) == ("file_quotes", {"line": 4})


@pytest.mark.parametrize("name", ["daftar-anggota.xls", "buku-daftar-anggota-kecil.xlsx"])
@pytest.mark.parametrize("seed", range(8))
def test_a_file_with_spoilt_bytes_is_read_or_refused(tmp_path, name, seed):
    chance = random.Random(seed)
    spoilt = bytearray((DATA / name).read_bytes())
    for _n in range(20):
        spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
    path = tmp_path / name
    path.write_bytes(spoilt)

    try:
        sheets = read(path, name).sheets
    except ValidationError as error:
        assert error.code in MESSAGES
    else:
        assert all(list(sheet.rows) is not None for sheet in sheets)
