"""What a kind of spreadsheet may have in its columns, and by which names offices call them."""

from collections.abc import Callable
from dataclasses import dataclass

from malaka_portal.workbooks.headings import fold
from malaka_portal.workbooks.values import text_of


@dataclass(frozen=True)
class Column:
    """One thing that a line says. `names` are headings as seen in files, groups in front.

    `read` makes a value of a cell, None of nothing; it raises ValidationError. A person who may not
    see personal data is not shown the values of a column that `is_personal`.
    """

    key: str
    label: str
    names: tuple
    read: Callable = text_of
    is_required: bool = False
    is_personal: bool = False


def columns_by_name(columns):
    """{folded name: Column}. ValueError where two columns have the same name."""
    found = {}
    for column in columns:
        for name in map(fold, (column.label, *column.names)):
            if found.setdefault(name, column) is not column:
                raise ValueError(f"Two columns are called {name!r}.")
    return found


def names_of(columns):
    """The folded names for `tables.find`."""
    return set(columns_by_name(columns))
