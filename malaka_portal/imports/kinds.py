"""A kind of file: which columns it has, which rows its lines write, and how they are recognised.

A further kind is one class, registered by its app:

    @register
    class Participants(Kind):
        name, label = "participants", _("participants of a training")
        sources = (Source("name", _("Name"), names=("nama", "nama lengkap"), read=text), ...)
        parts = (Part("person", Person), Part("enrolment", Enrolment, refers={...}))
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

KINDS = {}
LONGEST_SEEN = 60  # characters of a cell that a problem shows


def register(kind):
    """Class decorator: the wizard and the command know the kind from now on."""
    KINDS[kind.name] = kind()
    return kind


@dataclass(frozen=True)
class Source:
    """One column of an office's file.

    `names` are the headings seen in such files, `read(cell, desk)` gives the value or
    ValidationError, whose code becomes the reason. `private` cells (a NIK) are never shown again.
    """

    key: str
    label: str
    names: tuple = ()
    read: Callable[[Any, Any], Any] = None
    required: bool = False
    private: bool = False


@dataclass
class Desk:
    """What one check has before it: whose file (None: a command's), for which row, on which day.

    Kinds put beside it what they compare with (`known`).
    """

    user: Any
    target: Any = None
    file_name: str = ""
    sheets: list = field(default_factory=list)  # their names
    titles: dict = field(default_factory=dict)  # {sheet: the text above its headings}
    sheet: int = 0  # of the line that is being read
    villages: Any = None
    today: Any = field(default_factory=timezone.localdate)
    known: dict = field(default_factory=dict)


@dataclass
class Draft:
    """One line while it is being checked. The first rule that it breaks is the one that is told."""

    number: int
    sheet: int = 0
    cells: dict = field(default_factory=dict)
    values: dict = field(default_factory=dict)
    label: str = ""
    problem: tuple | None = None  # column, reason, message, what the cell says
    warnings: list = field(default_factory=list)
    is_new: bool = False  # a new record all the same, though it leans on rows that are known
    writes: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)
    versions: dict = field(default_factory=dict)
    old: dict = field(default_factory=dict)

    def refuse(self, key, reason, message, seen=""):
        if self.problem is None:
            self.problem = (key, reason, str(message), str(seen)[:LONGEST_SEEN])

    def warn(self, key, reason, message):
        self.warnings.append({"column": key, "reason": reason, "message": str(message)})

    def make(self, part, **columns):
        """A new row; what the file leaves blank gets the model's default."""
        self.writes[part] = {k: plain(v) for k, v in columns.items() if not is_blank(v)}

    def compare(self, part, row, columns):
        """Recognised as `row` ({column: value}, with id and version): what differs is changed.
        A blank in the file never blanks what is known."""
        self.rows[part], self.versions[part] = row["id"], row["version"]
        wanted = {k: plain(v) for k, v in columns.items() if not is_blank(v)}
        differs = {k: v for k, v in wanted.items() if plain(row[k]) != v}
        if differs:
            self.writes[part] = differs
            self.old[part] = {k: plain(row[k]) for k in differs}

    @property
    def outcome(self):
        if self.problem:
            return "refused"
        if not self.writes:
            return "unchanged"
        return "changed" if self.rows and not self.is_new else "created"


def is_blank(value):
    return value is None or value == "" or value == []


def plain(value):
    """A value as JSON keeps it."""
    if isinstance(value, bytes | memoryview):
        return "\\x" + bytes(value).hex()
    return value.isoformat() if hasattr(value, "isoformat") else value


class Kind:
    """One kind of file. Subclasses declare, and say how a line is recognised."""

    name: ClassVar[str] = ""
    label: ClassVar[str] = ""
    sources: ClassVar[tuple] = ()
    parts: ClassVar[tuple] = ()
    ignored: ClassVar[tuple] = ()  # headings that are known and mean nothing here
    permission: ClassVar[str] = ""  # on the target, or in general
    target_model: ClassVar[Any] = None

    def may_import(self, user, target=None):
        return user.has_perm(self.permission, target) if target else user.has_perm(self.permission)

    def find_target(self, text):
        """The rows that `text` may mean: for commands."""
        raise NotImplementedError

    def prepare(self, desk, drafts):
        """Look up, in a constant number of queries, what the lines are compared with."""

    def check(self, draft, desk):
        """The rules of one line that are beyond a single cell."""

    def recognise(self, draft, desk):
        """What the line writes: `draft.make` for new rows, `draft.compare` for known ones."""
        raise NotImplementedError

    @property
    def shown_sources(self):
        """The columns that people write; `_id` and `_versi` come with a list that was taken out."""
        return [source for source in self.sources if not source.key.startswith("_")]

    def source(self, key):
        return next(each for each in self.sources if each.key == key)


def read_cells(kind, draft, desk):
    """Fill `draft.values`; the first cell that cannot be read is the draft's problem."""
    for source in kind.sources:
        if source.key not in draft.cells:
            continue
        cell = draft.cells[source.key]
        try:
            value = draft.values[source.key] = source.read(cell, desk)
            if source.required and is_blank(value):
                raise ValidationError(
                    _("%(label)s is missing. Fill it in."),
                    f"no_{source.key}",
                    {"label": source.label},
                )
        except ValidationError as error:
            seen = "" if source.private or cell is None else cell
            draft.refuse(source.key, error.code, error.messages[0], seen)


def check_drafts(kind, drafts, desk):
    """Check every draft, in the order of the file."""
    for draft in drafts:
        desk.sheet = draft.sheet
        read_cells(kind, draft, desk)
    kind.prepare(desk, drafts)
    for draft in drafts:
        kind.check(draft, desk)
        if draft.problem is None:
            kind.recognise(draft, desk)
        if draft.problem is not None:
            draft.writes, draft.rows, draft.versions, draft.old = {}, {}, {}, {}
    return drafts
