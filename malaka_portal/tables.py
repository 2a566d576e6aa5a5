"""A list's columns, declared once: the page, the card on a phone and the export read them."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Any, NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.html import conditional_escape, escape, format_html
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _

EMPTY = "–"


@dataclass(frozen=True)
class Column:
    """One column. The first of a list is its row's heading, and the title of a phone's card.

    `value` is a path of attributes (`"person__name"`, by default the column's name) or a callable
    of the row; a field with choices gives its label. `link` is a callable of the row that gives an
    address, or None. `format` is a callable of the value, for the page only. `personal` columns
    are for those who may see personal data. `of_today` columns tell of a person as they are now:
    like the personal ones they stay blank on a closed line for whoever sees it by an office alone.
    `identifier`s stay texts in a spreadsheet (`0031`), `numeric` ones stand at the right. `sort`
    names one of the list's sorts. `corner` puts the cell (a tag) in the upper right corner of the
    card.
    """

    name: str
    label: str
    value: str | Callable[[Any], Any] = ""
    link: Callable[[Any], str | None] | None = None
    format: Callable[[Any], str] | None = None
    personal: bool = False
    of_today: bool = False
    identifier: bool = False
    numeric: bool = False
    sort: str = ""
    corner: bool = False

    def read(self, row):
        if callable(self.value):
            return self.value(row)
        return follow(row, self.value or self.name)

    def cell(self, row, *, hidden=False):
        """What the page shows of `row`; nothing when the value is `hidden`."""
        value = None if hidden else self.read(row)
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


def body(rows):
    """The table's rows as HTML. Python, not a template: they are most of a list's cost."""
    tags = {}  # the opening tag of a cell, which depends on its column and two marks only
    parts = []
    for row in rows:
        parts.append('<tr role="row">')
        head, *rest = row.cells
        parts.append(f'<th scope="row" role="rowheader">{content(head)}</th>')
        for cell in rest:
            key = (cell.column.name, cell.nowrap, cell.blank)
            if key not in tags:
                tags[key] = opening_tag(cell)
            parts.append(f"{tags[key]}{content(cell)}</td>")
        parts.append("</tr>\n")
    return mark_safe("".join(parts))  # every part is escaped above


def content(cell):
    text = conditional_escape(cell.text)
    return f'<a href="{escape(cell.url)}">{text}</a>' if cell.url else text


def opening_tag(cell):
    classes = format_html(' class="{}"', cell.classes) if cell.classes else ""
    return format_html('<td role="cell" data-label="{}"{}>', cell.column.label, classes)


class Table:
    """The columns of a list that one user may see. `by_office`: rows that do not show their
    person (`shows_person`) keep the columns about them blank."""

    def __init__(self, columns, *, may_see_personal=False, by_office=False):
        self.may_see_personal = may_see_personal
        self.columns = [column for column in columns if may_see_personal or not column.personal]
        self.by_office = by_office

    def hides(self, column, row):
        about_person = column.personal or column.of_today
        return self.by_office and about_person and not getattr(row, "shows_person", True)

    def page(self, objects):
        """The columns that have something to show on this page, and the `Row`s."""
        rows = [
            Row(item, [c.cell(item, hidden=self.hides(c, item)) for c in self.columns])
            for item in objects
        ]
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
        return [None if self.hides(c, row) else c.exported(row) for c in self.columns]


class ChoiceLabel(str):
    """The label of a choice: pages begin it with a capital, files take it as it is."""


def follow(row, path):
    """The value at the end of a path such as `person__village__name`; None if it breaks off."""
    *steps, last = path.split("__")
    for step in steps:
        row = row and getattr(row, step)
    if row is None:
        return None
    labels = labels_of(type(row), last, get_language())
    value = getattr(row, last)
    if labels is None:
        return value
    return labels.get(value) or ChoiceLabel("" if value is None else value)


@cache
def labels_of(kind, name, language):
    """{value: label} of a field with choices; None for any other attribute. Asking the row, as by
    `get_status_display()`, builds and translates the table anew for each."""
    if not hasattr(kind, "_meta"):
        return None
    try:
        choices = getattr(kind._meta.get_field(name), "flatchoices", None)
    except FieldDoesNotExist:  # a property
        return None
    return {value: ChoiceLabel(label) for value, label in choices} if choices else None


def show(value):
    """A value as pages write it: 4 Nov 2026, Yes or No, anything else as it is."""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "SHORT_DATETIME_FORMAT")
    if isinstance(value, date):
        return short_date(value, get_language())
    if isinstance(value, ChoiceLabel):
        return value[:1].upper() + value[1:]
    return str(value) if isinstance(value, Promise) else value


@lru_cache(maxsize=2000)
def short_date(day, language):
    return date_format(day, "SHORT_DATE_FORMAT")


def tag(label, colour="", hollow=False):
    """A status tag for a column's `format`; colours: green, yellow, red, blue."""
    return tag_html(str(label), colour, hollow)


@lru_cache(maxsize=500)
def tag_html(label, colour, hollow):
    context = {"label": label, "colour": colour, "hollow": hollow}
    return render_to_string("components/tag.html", context)
