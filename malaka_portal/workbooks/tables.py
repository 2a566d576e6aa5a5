"""Where the records of a sheet stand: below its heading, between titles, totals and signatures.

Every row of a sheet is either a record or skipped with a reason. Only a line that holds no record
is skipped: one with a serial number is a record, and so is one with values in several columns, even
if its name is missing; when in doubt it is a record, for a record that is refused can be mended and
one that was passed over is lost.
"""

from array import array
from collections import deque
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from malaka_portal.workbooks import lines
from malaka_portal.workbooks.headings import Heading, find_header, has_value, serial_position

RECENT = 50  # records to which a doubtful line is compared


class Reason(StrEnum):
    """Why a row holds no record."""

    TITLE = "title"
    HEADER = "header"
    COLUMN_NUMBERS = "column_numbers"
    REPEATED_HEADER = "repeated_header"
    TOTAL = "total"
    SIGNATURE = "signature"
    BLANK = "blank"


class Skipped(NamedTuple):
    """A row without a record; `number` as Excel shows it."""

    number: int
    reason: Reason


class Line(NamedTuple):
    """A record: its row's number as Excel shows it; `cells[heading.position]` is a heading's."""

    number: int
    cells: list


@dataclass(frozen=True)
class Table:
    """The records of a sheet; `headings` are of the columns that have a name, or values."""

    sheet: object
    headings: tuple
    numbers: array  # of the rows that are records, as Excel shows them
    skipped: tuple

    def __len__(self):
        return len(self.numbers)

    def records(self):
        """The Lines, read from the sheet each time."""
        width, wanted = self.headings[-1].position + 1, iter(self.numbers)
        number = next(wanted, None)
        for at, row in enumerate(self.sheet.rows, start=1):
            if at == number:
                yield Line(at, row + [None] * (width - len(row)))
                number = next(wanted, None)


def find(sheet, names):
    """The Table in a sheet, or None; `names` are the folded names that its columns may have."""
    header = find_header(sheet.rows, names)
    if header is None:
        return None
    sorter = _Sorter(header, names)
    numbers, skipped = array("L"), []
    for at, row in enumerate(sheet.rows):
        reason = sorter.reason(at, row)
        if reason is None:
            numbers.append(at + 1)
        else:
            skipped.append(Skipped(at + 1, reason))
    return Table(sheet, _headings(header, sorter.filled), numbers, tuple(skipped))


def _headings(header, filled):
    named = {heading.position: heading for heading in header.headings if heading.parts}
    return tuple(named.get(c) or Heading(c) for c in sorted(filled | set(named)))


class _Sorter:
    """Tells records from other lines, from the top of a sheet to its end."""

    def __init__(self, header, names):
        self.header = header
        self.names = names | {name for h in header.headings if h.parts for name in h.names}
        self.serial = serial_position(header.headings)
        self.recent = deque(maxlen=RECENT)
        self.titles = set()
        self.signed = set()  # the columns of the signatures, once they have begun
        self.after_header = False
        self.filled = set()  # the columns in which records have values

    def reason(self, at, row):
        values = [(c, cell) for c, cell in enumerate(row) if has_value(cell)]
        if at < self.header.first:
            found = self._above(values)
        elif at <= self.header.last:
            found = Reason.HEADER
        else:
            found = self._below(row, values)
        if found is None:
            self.recent.append(row)
            self.filled.update(c for c, _cell in values)
        if found != Reason.BLANK:
            self.after_header = found in (Reason.HEADER, Reason.REPEATED_HEADER)
        return found

    def _above(self, values):
        """Above the heading stand titles; whatever could be a record there is one."""
        if not values:
            return Reason.BLANK
        if lines.may_be_record(values, self.serial, len(self.header.headings)):
            return None
        self.titles.update(lines.folded(values))
        return Reason.TITLE

    def _below(self, row, values):
        if self.after_header and lines.are_column_numbers(values, len(self.header.headings)):
            return Reason.COLUMN_NUMBERS
        if self.serial is not None and lines.is_serial(row, self.serial):
            self.signed = set()
            return None
        written = [(c, cell) for c, cell in values if not lines.is_mark(cell)]
        if not written:
            return Reason.BLANK
        if lines.repeats_header(written, self.header.headings, self.names):
            return Reason.REPEATED_HEADER
        if lines.is_total(written, self.recent):
            return Reason.TOTAL
        if self._is_title(written):
            return Reason.TITLE
        return Reason.SIGNATURE if self._is_signature(written) else None

    def _is_title(self, written):
        if len(written) != 1:
            return False
        ((c, cell),) = written
        return bool(lines.folded(written) & self.titles) or lines.is_section(
            c, cell, self.serial, self.recent
        )

    def _is_signature(self, written):
        if lines.is_signature(written, self.serial, self.recent):
            self.signed |= {c for c, _cell in written}
            return True
        if not self.signed or self.serial is None:
            return False
        return lines.is_signed(written, self.signed)
