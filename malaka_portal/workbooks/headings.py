"""The heading of a table: where it stands, and what each column is called, in one or two levels.

Two levels are a row of groups above a row of columns: ("Badan Hukum", "Nomor"). Cells that were
merged keep their text in the first and are empty in the others.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

SEARCHED = 500  # rows; no sheet has a longer title
_SHARE = 0.75  # of the known names of the best row: the first row with as many is the heading
_UNITS = {"rp", "rupiah", "orang", "org"}
_SIGNS = re.compile(r"[\W_]+")


@lru_cache(maxsize=4096)
def fold(text):
    """A text without case, accents and signs: " No. Anggota* " and "NO ANGGOTA" are one."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return _SIGNS.sub(" ", "".join(c for c in plain if not unicodedata.combining(c))).strip()


def has_value(cell):
    """Whether a person sees something in the cell."""
    return cell is not None and (not isinstance(cell, str) or bool(cell.strip()))


@dataclass(frozen=True)
class Heading:
    """What stands above the column `position` (0 is A): its parts from the top, () for nothing."""

    position: int
    parts: tuple = ()

    @property
    def letter(self):
        """The column as Excel names it."""
        first, last = divmod(self.position, 26)
        return (chr(64 + first) if first else "") + chr(65 + last)

    @property
    def text(self):
        """The heading in one line, blank for a column without one."""
        return " ".join(" ".join(part.split()) for part in self.parts)

    @property
    def key(self):
        """By what the column is remembered."""
        return fold(self.text)

    @property
    def whole_names(self):
        """The whole heading, folded, and without the unit at its end: "aset (rp)" is "aset"."""
        words = self.key.split()
        bare = " ".join(words[:-1]) if len(words) > 1 and words[-1] in _UNITS else self.key
        return [self.key, bare]

    @property
    def names(self):
        """What the column may be known by: the whole heading, else its last part alone."""
        return [n for n in dict.fromkeys((*self.whole_names, fold(self.parts[-1]))) if n]


@dataclass(frozen=True)
class Header:
    """The heading of a whole table: the rows (from 0) from `first` to `last`, and its columns."""

    first: int
    last: int
    headings: tuple

    def known(self, names):
        """How many different names of `names` stand in it."""
        found = (set(h.names) & names for h in self.headings if h.parts)
        return len({min(here) for here in found if here})


def find_header(rows, names):
    """The first Header in the rows with as many of the folded `names` as any other, or None."""
    head = list(islice(rows, SEARCHED))
    found = []
    for at in range(len(head)):
        below = head[at + 1] if at + 1 < len(head) else []
        header = _two_levels(at, head[at], below, names) or _one_level(at, head[at])
        if header and (count := header.known(names)) >= 2:
            found.append((count, header))
    if not found:
        return None
    enough = _SHARE * max(count for count, _header in found)
    return next(header for count, header in found if count >= enough)


def _text(cell):
    """A part of a heading; years and dates can be one. Blank for nothing."""
    return str(cell).strip() if has_value(cell) else ""


def _one_level(at, row):
    texts = [_text(cell) for cell in row]
    headings = (Heading(c, (text,) if text else ()) for c, text in enumerate(texts))
    return Header(at, at, tuple(headings)) if any(texts) else None


def _two_levels(at, above, below, names):
    """The header of two rows, or None where the lower one is no second level."""
    if not all(isinstance(cell, str) for cell in (*above, *below) if has_value(cell)):
        return None
    width = max(len(above), len(below))
    tops, lows = (
        [_text(cell) for cell in row] + [""] * (width - len(row)) for row in (above, below)
    )
    groups = _groups(tops, lows)
    headings = [
        Heading(c, tuple(part for part in (groups[c] if lows[c] else tops[c], lows[c]) if part))
        for c in range(width)
    ]
    under = [c for c in range(width) if lows[c]]
    if not under or not all(_belongs(c, tops, lows, groups, headings, names) for c in under):
        return None
    if not _parts_a_group(tops, under, headings, names):
        return None
    return Header(at, at + 1, tuple(headings))


def _groups(tops, lows):
    """For each column the group above it: its own text, or that of the nearest one to the left."""
    groups, group = [], ""
    for top, low in zip(tops, lows, strict=True):
        group = top or (group if low else "")
        groups.append(group)
    return groups


def _belongs(c, tops, lows, groups, headings, names):
    """Whether the cell of the lower row is part of a heading, and not of a first record."""
    begins_group = c + 1 < len(lows) and lows[c + 1] and not tops[c + 1]
    if tops[c]:
        return bool(begins_group) or headings[c].key in names
    return bool(groups[c]) or fold(lows[c]) in names


def _parts_a_group(tops, under, headings, names):
    """Whether the upper row heads some of the columns: a title would head them all."""
    heads = [c for c, top in enumerate(tops) if top]
    if len(heads) == 1:
        return any(headings[c].key in names for c in under if len(headings[c].parts) == 2)
    first = under[0]
    if heads and heads[0] == first and is_serial_name(headings[first].parts[-1]):
        return False
    return any(len(headings[c].parts) == 2 for c in under)


_SERIAL_NAMES = {"no", "nr", "no urut", "nomor urut", "urut", "nomor", "number"}


def is_serial_name(text):
    """Whether a column of this name numbers the lines."""
    return fold(text) in _SERIAL_NAMES


def serial_position(headings):
    """The position of the column that numbers the lines, or None: the first that has a name."""
    first = next((heading for heading in headings if heading.parts), None)
    if first and len(first.parts) == 1 and is_serial_name(first.parts[0]):
        return first.position
    return None
