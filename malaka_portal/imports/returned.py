"""The refused lines of a file, given back in its own layout with what is to be mended."""

from itertools import groupby

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from malaka_portal.imports.layout import TO_MEND
from malaka_portal.models import ImportLine
from malaka_portal.spreadsheets import xlsx_sheets
from malaka_portal.workbooks.reading import read

MOST_DIGITS = 10**15  # beyond, a spreadsheet keeps a number's first digits only


def refused_file(row):
    """Bytes of an XLSX: the sheets of the file down to their headings, then the refused rows as
    they are, and a last column that says what to mend. It can be brought in again as it is.

    ValidationError when the file is no longer kept.
    """
    if not row.file:
        raise ValidationError(_("The file is no longer kept. Take your own copy."), "file_gone")
    book = read(row.file.path, row.file_name)
    refused = row.lines.filter(outcome=ImportLine.Outcome.REFUSED).order_by("sheet", "number")
    lines = refused.values_list("sheet", "number", "message")
    return xlsx_sheets(sheets(row, book, lines), author=row.user.get_username())


def sheets(row, book, lines):
    layouts = {layout["at"]: layout for layout in row.layout["sheets"]}
    for at, group in groupby(lines, key=lambda line: line[0]):
        rows = book.sheets[at].rows
        first, last, width = (layouts[at][name] for name in ("first", "last", "width"))
        top = [padded(map(as_text, cells), width) for cells in rows[:last]]
        top[first - 1].append(str(TO_MEND))
        yield book.sheets[at].name, top[0], [*top[1:], *refused_rows(rows, group, width)]


def refused_rows(rows, group, width):
    for _at, number, message in group:
        yield [*padded(map(kept, rows[number - 1]), width), message]


def padded(cells, width):
    cells = list(cells)[:width]
    return cells + [""] * (width - len(cells))


def as_text(cell):
    return "" if cell is None else str(cell)


def kept(cell):
    """The cell as it is; but a number that has lost its last digits must be seen to have."""
    if isinstance(cell, int | float) and abs(cell) >= MOST_DIGITS:
        return f"{cell:.5E}".replace(".", ",")
    return cell
