"""Which column of a sheet is which, by its heading: what is sure is taken, doubts are asked."""

from dataclasses import dataclass, field
from difflib import SequenceMatcher

from malaka_portal.workbooks.columns import columns_by_name
from malaka_portal.workbooks.headings import fold, serial_position

CLOSE = 0.8  # of SequenceMatcher.ratio: "nama lengakp" and "nama lengkap"


@dataclass(frozen=True)
class Doubt:
    """A heading that is probably the column with the key `suggestion`."""

    heading: object
    suggestion: str


@dataclass
class Matching:
    """What became of the headings of a sheet: each stands in one place here."""

    sure: dict = field(default_factory=dict)  # key of a column -> Heading
    doubts: list = field(default_factory=list)
    unknown: list = field(default_factory=list)  # Headings; those without a name hold values too
    left_out: list = field(
        default_factory=list
    )  # the numbers of lines, and what was settled before
    duplicates: dict = field(default_factory=dict)  # key -> the Headings that all seem to be it
    missing: list = field(default_factory=list)  # keys of required columns without a sure heading

    @property
    def is_settled(self):
        """Whether nothing has to be asked before the lines can be read."""
        return not (self.doubts or self.unknown or self.duplicates or self.missing)

    def cells(self, line):
        """{key: cell} of a Line, for the columns that are sure."""
        return {key: line.cells[heading.position] for key, heading in self.sure.items()}


def match(headings, columns, remembered=None):
    """The Matching of a table's `headings` with a kind's `columns`.

    `remembered` says what was settled before: {heading.key: key of a column, or None to leave out}.
    """
    return _Matcher(headings, columns, remembered or {}).match()


class _Matcher:
    def __init__(self, headings, columns, remembered):
        self.headings = headings
        self.columns = columns
        self.names = columns_by_name(columns)
        keys = {column.key for column in columns} | {None}
        self.remembered = {name: key for name, key in remembered.items() if key in keys}
        self.found = Matching()
        self.serial = serial_position(headings)

    def match(self):
        left = [heading for heading in self.headings if not self._is_settled(heading)]
        taken = set(self.found.sure) | set(self.found.duplicates)
        left = self._take(left, self._by_whole, taken)
        left = self._take(left, self._by_last_part, taken)
        for heading in left:
            self._ask(heading, taken)
        self.found.missing = [
            column.key for column in self.columns if column.is_required and column.key not in taken
        ]
        return self.found

    def _is_settled(self, heading):
        """By what was remembered; whatever only numbers the lines is left out."""
        if heading.parts and heading.key in self.remembered:
            if key := self.remembered[heading.key]:
                self._add(key, heading)
            else:
                self.found.left_out.append(heading)
            return True
        known = any(name in self.names for name in heading.names[:1]) if heading.parts else False
        if heading.position == self.serial and not known:
            self.found.left_out.append(heading)
            return True
        return False

    def _add(self, key, heading):
        if key in self.found.duplicates:
            self.found.duplicates[key].append(heading)
        elif key in self.found.sure:
            self.found.duplicates[key] = [self.found.sure.pop(key), heading]
        else:
            self.found.sure[key] = heading

    def _take(self, headings, key_of, taken):
        """Adds the headings of which `key_of` knows a column that is free; the others."""
        left = []
        for heading in headings:
            key = key_of(heading)
            if key and key not in taken:
                self._add(key, heading)
            else:
                left.append(heading)
        taken |= set(self.found.sure) | set(self.found.duplicates)
        return left

    def _by_whole(self, heading):
        column = next((self.names[n] for n in heading.whole_names if n in self.names), None)
        return column and column.key

    def _by_last_part(self, heading):
        """Of two levels, the last where its group does not say that it is about something else."""
        if len(heading.parts) < 2 or fold(heading.parts[0]) in self.names:
            return None
        last = fold(heading.parts[-1])
        alike = [h for h in self.headings if h.parts and fold(h.parts[-1]) == last]
        return self.names[last].key if last in self.names and len(alike) == 1 else None

    def _ask(self, heading, taken):
        names = {name: c.key for name, c in self.names.items() if c.key not in taken}
        close = [(_likeness(heading.key, name), name) for name in names] if heading.parts else []
        likeness, name = max(close, default=(0, ""))
        if likeness < CLOSE:
            self.found.unknown.append(heading)
        else:
            self.found.doubts.append(Doubt(heading, names[name]))


def _likeness(heading, name):
    """1 for a heading that has all the words of the name and others: "nama lengkap anggota"."""
    if " " in name and set(name.split()) <= set(heading.split()):
        return 1
    matcher = SequenceMatcher(None, heading, name, autojunk=False)
    return matcher.ratio() if matcher.quick_ratio() >= CLOSE else 0
