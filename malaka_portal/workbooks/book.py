"""A spreadsheet that was read: its sheets, and their rows, which stay in a file until asked for."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

ROWS_AT_ONCE = 1_000
_REVIVE = {
    "on": date.fromisoformat,
    "at": datetime.fromisoformat,
    "time": time.fromisoformat,
}


def _revived(found):
    ((kind, text),) = found.items()
    return _REVIVE[kind](text)


_decode = json.JSONDecoder(object_hook=_revived).decode


class Rows(Sequence):
    """Rows that are read from `memory` (lines of JSON) each time: half a million take no room."""

    def __init__(self, memory, ends):
        self._memory = memory
        self._ends = ends  # where row 1 begins, and where each row ends

    def __len__(self):
        return len(self._ends) - 1

    def __getitem__(self, index):
        if isinstance(index, slice):
            return [self[at] for at in range(*index.indices(len(self)))]
        at = index + len(self) if index < 0 else index
        if not 0 <= at < len(self):
            raise IndexError(index)
        return _decode(self._memory[self._ends[at] : self._ends[at + 1]].decode())

    def __iter__(self):
        for first in range(0, len(self), ROWS_AT_ONCE):
            last = min(first + ROWS_AT_ONCE, len(self))
            lines = self._memory[self._ends[first] : self._ends[last]].decode()
            # only "\n" parts rows: others of splitlines() may stand inside a text
            yield from map(_decode, lines[:-1].split("\n"))


@dataclass(frozen=True)
class Sheet:
    """One sheet: `rows[0]` is what Excel shows as row 1, without the empty cells at its end.

    A cell is a str, int, float, bool, date, datetime, time, or None when empty. Whatever a cell
    keeps as a number is a number here, so that 5321061609919740 is told from "5321061609919740".
    """

    name: str
    rows: Sequence
    is_hidden: bool = False


@dataclass(frozen=True)
class Book:
    """What a file holds: its name, and its sheets in their order."""

    name: str
    sheets: tuple
