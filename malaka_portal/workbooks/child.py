"""`python -m malaka_portal.workbooks.child < FILE`: rows as lines of JSON, in a process of its own.

A hostile file can only harm this process, which has little memory, little time, no settings and no
keys. It starts without Django, to be quick. What it writes, a line each:

    [1, "Maria", {"on": "2020-01-02"}]          a row (dates as {"on"}, {"at"} or {"time"})
    {"sheet": "Desa", "hidden": false}          the rows above are those of this sheet
    {"end": true}                               all is said: without it the process has died
    {"refused": "file_macros", "facts": {}}     the other end: nothing can be read, and why
"""

import datetime
import json
import math
import resource

from malaka_portal.workbooks import limits
from malaka_portal.workbooks.refused import Refused

_WHOLE = 10**18  # a number without a fraction below this is written as a whole one
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def limit_this_process():
    bounds = {
        resource.RLIMIT_AS: limits.MEMORY,
        resource.RLIMIT_CPU: limits.PROCESSOR_SECONDS,
        resource.RLIMIT_FSIZE: limits.OUTPUT + limits.MEGABYTE,
        resource.RLIMIT_CORE: 0,
    }
    for what, most in bounds.items():
        hard = resource.getrlimit(what)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))


class Answer:
    """What is said to the portal, a line each."""

    def __init__(self, out):
        self._out = out
        self._size = 0

    def say(self, value):
        line = _encode(value).encode() + b"\n"
        self._size += len(line)
        if self._size > limits.OUTPUT:
            raise Refused("file_too_heavy")
        self._out.write(line)


def copy(file, answer):
    """The rows of the open file, to the end. Raises `Refused`."""
    from malaka_portal.workbooks.signatures import kind_of

    if kind_of(file) == "workbook":
        copy_workbook(file, answer)
    else:
        copy_text(file, answer)


def _check_size(file, size, code):
    if file.seek(0, 2) > size.megabytes * limits.MEGABYTE:
        raise Refused(code, megabytes=size.megabytes)
    file.seek(0)


def copy_text(file, answer):
    from malaka_portal.workbooks.text_files import rows_of

    _check_size(file, limits.TEXT, "text_too_large")
    rows = ([cell or None for cell in row] for row in rows_of(file))
    if not copy_rows(rows, answer, None, limits.TEXT.rows):
        raise Refused("file_empty")
    answer.say({"sheet": None, "hidden": False})


def copy_workbook(file, answer):
    from python_calamine import CalamineError, CalamineWorkbook, PasswordError

    _check_size(file, limits.WORKBOOK, "file_too_large")
    try:
        book = CalamineWorkbook.from_filelike(file)
        copy_sheets(book, answer)
    except PasswordError:
        raise Refused("file_password") from None
    except CalamineError:
        raise Refused("file_damaged") from None


def copy_sheets(book, answer):
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    left = limits.WORKBOOK.rows
    sheets = [one for one in book.sheets_metadata if one.typ == SheetTypeEnum.WorkSheet]
    if not sheets:
        raise Refused("file_no_sheets")
    for one in sheets:
        sheet = book.get_sheet_by_name(one.name)
        if sheet.end:
            left -= copy_rows(rows_of_sheet(sheet), answer, one.name, left)
        answer.say({"sheet": one.name, "hidden": one.visible != SheetVisibleEnum.Visible})


def rows_of_sheet(sheet):
    """Every row from the first of the sheet, whether or not something is in it.

    A formula gives the value that Excel kept; an error such as #REF! gives nothing.
    """
    if sheet.end[0] >= limits.WORKBOOK.rows:
        raise Refused("file_too_many_rows", sheet=sheet.name, rows=limits.WORKBOOK.rows)
    if sheet.end[1] >= limits.COLUMNS:
        raise Refused("file_too_many_columns", sheet=sheet.name, columns=limits.COLUMNS)
    margin = [None] * sheet.start[1]  # the empty rows above are given, the columns are not
    for cells in sheet.iter_rows():
        yield margin + [plain(cell) for cell in cells]


def plain(cell):
    """A cell as JSON has it. A whole number is an int, as Excel shows it."""
    kind = type(cell)
    if kind is str:
        return cell or None
    if kind is float:
        if not math.isfinite(cell):
            return str(cell)
        return int(cell) if cell.is_integer() and abs(cell) < _WHOLE else cell
    if kind is datetime.datetime:
        return {"at": cell.isoformat()}
    if kind is datetime.date:
        return {"on": cell.isoformat()}
    if kind is datetime.time:
        return {"time": cell.isoformat()}
    return str(cell) if kind is datetime.timedelta else cell


def copy_rows(rows, answer, sheet, most):
    """Writes the rows without the empty ones at the end; how many there were, at most `most`."""
    written = empty = 0
    for row in rows:
        while row and row[-1] is None:
            row.pop()
        if not row:
            empty += 1
            continue
        if written + empty >= most:
            code = "file_too_many_rows" if sheet else "text_too_many_rows"
            raise Refused(code, sheet=sheet, rows=most)
        if len(row) > limits.COLUMNS:
            raise Refused("file_too_many_columns", sheet=sheet or "CSV", columns=limits.COLUMNS)
        for _above in range(empty):
            answer.say([])
        answer.say(row)
        written, empty = written + empty + 1, 0
    return written


def main():
    limit_this_process()
    with open(0, "rb", closefd=False) as file, open(1, "wb", 1 << 20, closefd=False) as out:
        answer = Answer(out)
        try:
            copy(file, answer)
            answer.say({"end": True})
        except Refused as no:
            Answer(out).say({"refused": no.code, "facts": no.facts})
        except MemoryError:
            Answer(out).say({"refused": "file_too_heavy", "facts": {}})


if __name__ == "__main__":
    main()
