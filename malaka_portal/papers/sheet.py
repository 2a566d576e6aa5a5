"""A paper's content: plain values, ready to be written as PDF or XLSX."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from itertools import groupby
from typing import Any

from django.utils.translation import gettext as _

from malaka_portal.models import Letterhead
from malaka_portal.parsing import format_date_numeric, format_number
from malaka_portal.tables import follow

# Kinds of a column: how its values are written, and where they stand in the cell.
TEXT, IDENTIFIER, DATE, COUNT, MONEY = "text", "identifier", "date", "count", "money"
MARK = "mark"  # a sign of a letter or two
ORDINAL = "ordinal"  # 1, 2, 3: the paper numbers its own rows
BLANK = "blank"  # for a signature or a note by hand
THUMB = "thumb"  # for the print of a thumb
NUMBERS = (COUNT, MONEY)


@dataclass(frozen=True)
class PaperColumn:
    """One column of a paper.

    `value` is a path of attributes, a key of a row that is a dict, or a callable of the row;
    without one the column stays empty, to be filled in by hand. `width` is its share of the page,
    in millimetres. Neighbours of one `group` stand under a common heading. Neighbours of one
    `stack` share a column in print, one above the other, each after its `prefix`; a spreadsheet
    has them apart. `personal` and `of_today` are those of a list's column. `total` adds the values
    up. `upright` turns the heading.
    """

    label: str
    value: str | Callable[[Any], Any] = ""
    width: float = 20
    kind: str = TEXT
    group: str = ""
    stack: str = ""
    prefix: str = ""
    personal: bool = False
    of_today: bool = False
    total: bool = False
    upright: bool = False

    def read(self, row):
        if not self.value:
            return None
        if callable(self.value):
            return self.value(row)
        return row.get(self.value) if isinstance(row, dict) else follow(row, self.value)

    def show(self, value):
        """The value as it is printed."""
        if value is None or value == "":
            text = ""
        elif isinstance(value, date):
            text = format_date_numeric(value)
        elif self.kind in (COUNT, MONEY):
            text = format_number(value)
        else:
            text = str(value)
        return f"{self.prefix} {text or '–'}" if self.prefix else text


@dataclass(frozen=True)
class Section:
    """A row across the whole table that says what the rows below it have in common."""

    text: str


@dataclass(frozen=True)
class Signature:
    """Who signs: `Betun, 24 November 2026`, the office, room for the hand, the name, and below it
    the rank and the number. Without a name there is a line for it."""

    opening: str
    office: str
    name: str = ""
    below: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sheet:
    """All that is on the paper. `rows` are lists with a value for each column, or `Section`s;
    `row_height` in millimetres is the least; `size` of the letters in points."""

    title: str
    lines: list[str]
    columns: list[PaperColumn]
    rows: list
    notes: list[str] = field(default_factory=list)
    letterhead: Letterhead | None = None
    signatures: list[Signature] = field(default_factory=list)
    landscape: bool = True
    row_height: float = 0
    size: float = 8
    foot: str = ""

    @property
    def count(self):
        """How many rows there are, without the headings among them."""
        return sum(not isinstance(row, Section) for row in self.rows)

    @property
    def groups(self):
        """(common heading or "", columns under it), from left to right; a column without a common
        heading stands alone."""
        return neighbours(self.columns, "group")

    @property
    def totals(self):
        """A value for each column, None for those that are not added up; [] if none is. The first
        text says what the row is."""
        if not any(column.total for column in self.columns) or not self.count:
            return []
        rows = [row for row in self.rows if not isinstance(row, Section)]
        sums = [
            sum(row[at] or 0 for row in rows) if column.total else None
            for at, column in enumerate(self.columns)
        ]
        texts = [at for at, column in enumerate(self.columns) if column.kind == TEXT]
        if texts:
            sums[texts[0]] = _("TOTAL")
        return sums

    @property
    def empty_text(self):
        return "" if self.rows else _("There is nothing to list.")


def neighbours(columns, name):
    """(value of the attribute `name`, the columns that share it side by side)."""
    found = []
    for value, run in groupby(columns, lambda column: getattr(column, name)):
        same = list(run)
        found += [(value, same)] if value else [("", [column]) for column in same]
    return found
