"""A list's columns, declared once: the page, the card on a phone and the export read them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from typing import Any, NamedTuple

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

EMPTY = "–"


@dataclass(frozen=True)
class Column:
    """One column. The first of a list is its row's heading, and the title of a phone's card.

    `value` is a path of attributes (`"person__name"`, by default the column's name) or a callable
    of the row; a field with choices gives its label. `link` is a callable of the row that gives an
    address, or None. `format` is a callable of the value, for the page only. `personal` columns
    are for those who may see personal data, `identifier`s stay texts in a spreadsheet (`0031`),
    `numeric` ones stand at the right. `sort` names one of the list's sorts. `corner` puts the cell
    (a tag) in the upper right corner of the card.
    """

    name: str
    label: str
    value: str | Callable[[Any], Any] = ""
    link: Callable[[Any], str | None] | None = None
    format: Callable[[Any], str] | None = None
    personal: bool = False
    identifier: bool = False
    numeric: bool = False
    sort: str = ""
    corner: bool = False

    def read(self, row):
        if callable(self.value):
            return self.value(row)
        return follow(row, self.value or self.name)

    def cell(self, row):
        """What the page shows of `row`."""
        value = self.read(row)
        blank = value is None or value == ""
        text = EMPTY if blank else (self.format or show)(value)
        url = (self.link(row) if self.link else None) or ""
        return Cell(text, url, blank, self, nowrap=self.identifier or isinstance(value, date))

    def exported(self, row):
        """The plain value for a spreadsheet: text, number, date, or None."""
        value = self.read(row)
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        if value is None or isinstance(value, (str, date)):
            return value
        is_number = isinstance(value, (int, float, Decimal)) and not self.identifier
        return value if is_number else str(value)


class Cell(NamedTuple):
    text: str
    url: str
    blank: bool
    column: Column
    nowrap: bool = False  # numbers and dates, which are not to be broken

    @property
    def classes(self):
        column = self.column
        names = {
            "numeric": column.numeric,
            "corner": column.corner,
            "nowrap": self.nowrap,
            "blank": self.blank,
        }
        return " ".join(name for name, holds in names.items() if holds)


class Row(NamedTuple):
    object: Any
    cells: list[Cell]


class Table:
    """The columns of a list that one user may see."""

    def __init__(self, columns, *, may_see_personal=False):
        self.columns = [column for column in columns if may_see_personal or not column.personal]

    def page(self, objects):
        """The columns that have something to show on this page, and the `Row`s."""
        rows = [Row(item, [column.cell(item) for column in self.columns]) for item in objects]
        shown = [
            at == 0 or not all(row.cells[at].blank for row in rows)
            for at in range(len(self.columns))
        ]
        columns = [column for column, keep in zip(self.columns, shown, strict=True) if keep]
        for row in rows:
            row.cells[:] = [c for c, keep in zip(row.cells, shown, strict=True) if keep]
        return columns, rows

    def header(self):
        return [str(column.label) for column in self.columns]

    def exported(self, row):
        return [column.exported(row) for column in self.columns]


class ChoiceLabel(str):
    """The label of a choice: pages begin it with a capital, files take it as it is."""


def follow(row, path):
    """The value at the end of a path such as `person__village__name`; None if it breaks off."""
    *steps, last = path.split("__")
    row = reduce(lambda here, step: here and getattr(here, step), steps, row)
    if row is None:
        return None
    display = getattr(row, f"get_{last}_display", None)
    return ChoiceLabel(display()) if display else getattr(row, last)


def show(value):
    """A value as pages write it: 4 Nov 2026, Yes or No, anything else as it is."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "SHORT_DATE_FORMAT")
    if isinstance(value, ChoiceLabel):
        return capfirst(value)
    return str(value) if isinstance(value, Promise) else value


def tag(label, colour="", hollow=False):
    """A status tag for a column's `format`; colours: green, yellow, red, blue."""
    context = {"label": label, "colour": colour, "hollow": hollow}
    return render_to_string("components/tag.html", context)
