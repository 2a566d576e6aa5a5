"""What an app declares of a paper, and how it becomes a sheet for one user and one day."""

from django.utils import timezone
from django.utils.translation import gettext as _

from malaka_portal.models import Letterhead
from malaka_portal.papers.sheet import ORDINAL, Section, Sheet, Signature
from malaka_portal.parsing import format_date
from malaka_portal.rules import PERSONAL, grants, sees_by_office


class Paper:
    """A paper as of a day. A subclass says `slug` (in the file's name), `title`, `summary` (what it
    is for), `model` (whose rows are taken out, for the log of accesses), `columns`, and what it
    `asks` for beside the day; `rows()` gives its rows in order, within what `user` may see.

    `with_personal`: fill the personal columns, if `may_fill`; else they stay empty, for the hand.
    """

    do_not_call_in_templates = True  # a page shows the class, it makes no paper of it
    slug = ""
    title = ""
    summary = ""
    model = None
    columns = ()
    asks = ()
    landscape = True
    row_height = 0
    size = 8

    def __init__(self, user, *, day, with_personal=False, **asked):
        self.user, self.day, self.asked = user, day, asked
        self.with_personal = with_personal and self.has_personal() and self.may_fill(user, **asked)

    # --- who ---
    @classmethod
    def may_print(cls, user):
        """May `user` print it at all?"""
        return grants(user, f"{cls.model._meta.app_label}.view_{cls.model._meta.model_name}")

    @classmethod
    def has_personal(cls):
        return any(column.personal for column in cls.columns)

    @classmethod
    def may_fill(cls, user, **asked):
        """May `user` see the personal columns of all rows?"""
        return grants(user, PERSONAL)

    def told(self):
        """What was asked for beside the day, for the log of accesses: {name: value}."""
        return {}

    # --- what ---
    def rows(self):
        raise NotImplementedError

    def heading(self):
        return self.title

    def lines(self):
        """The lines under the title."""
        return [_("As of %(day)s") % {"day": format_date(self.day)}]

    def notes(self):
        """What must be said below the table."""
        return []

    def hides(self, column, row):
        """Does the cell stay empty for this user?"""
        if column.personal and not self.with_personal:
            return True
        about_person = column.personal or column.of_today
        return about_person and self.by_office and not getattr(row, "shows_person", True)

    @property
    def by_office(self):
        return sees_by_office(self.user, self.model)

    def sheet(self):
        """The `Sheet`, in a constant number of queries."""
        head = Letterhead.objects.on(timezone.localdate())
        return Sheet(
            title=str(self.heading()).upper(),
            lines=[str(line) for line in self.lines()],
            columns=list(self.columns),
            rows=list(self.numbered(self.rows())),
            notes=[str(note) for note in self.notes()],
            letterhead=head,
            signatures=self.signatures(head),
            landscape=self.landscape,
            row_height=self.row_height,
            size=self.size,
            foot=self.foot(),
        )

    def numbered(self, rows):
        """Lists of plain values; `Section`s pass through."""
        number = 0
        for row in rows:
            if isinstance(row, Section):
                yield row
                continue
            number += 1
            yield [
                number
                if column.kind == ORDINAL
                else None
                if self.hides(column, row)
                else column.read(row)
                for column in self.columns
            ]

    def signatures(self, head):
        """Who signs, from left to right: the office, on the day of printing."""
        return [of_office(head, dated(head.place if head else ""))]

    def foot(self):
        who = self.user.get_full_name() or self.user.get_username()
        return _("Portal Malaka, printed on %(day)s by %(name)s") % {
            "day": format_date(timezone.localdate()),
            "name": who,
        }


def dated(place):
    """`Betun, 24 November 2026`: signed when it is printed, whatever day it shows."""
    day = format_date(timezone.localdate())
    return f"{place or '.' * 24}, {day}"


def of_office(head, opening):
    """The signature of the head of the office."""
    if head is None:
        return Signature(opening, _("Head of the office"))
    below = [head.signatory_rank] if head.signatory_rank else []
    if head.signatory_number:
        below.append(f"NIP. {spaced(head.signatory_number)}")
    return Signature(opening, head.signatory_title, head.signatory_name, tuple(below))


def spaced(number):
    """A NIP as it is written: birth date, month of appointment, sex, serial number."""
    return f"{number[:8]} {number[8:14]} {number[14]} {number[15:]}"
