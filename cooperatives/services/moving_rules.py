"""The rules of joining that the registry's own rows need."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cooperatives.models import Member, NikClaim, Person
from cooperatives.services.moving import Moves, rule_for, stay
from malaka_portal.parsing import format_date

for label, name in (
    ("cooperatives.person", "joined_into"),
    ("cooperatives.suspicion", "first"),
    ("cooperatives.suspicion", "second"),
    ("cooperatives.joining", "survivor"),
    ("cooperatives.joining", "duplicate"),
):
    rule_for(label, name)(stay)


# --- lines ----------------------------------------------------------------------------------------
@rule_for("cooperatives.member")
def lines(rows, pair):
    """Lines move. Two of one register must fit together: see `fit`."""
    both = rows.filter(person__in=[pair.duplicate, pair.survivor]).select_related("cooperative")
    moving = [line for line in both if line.person_id == pair.duplicate.pk]
    staying = [line for line in both if line.person_id == pair.survivor.pk]
    values = {line.pk: {"person_id": pair.survivor.pk} for line in moving}
    found = Moves()
    for line in moving:
        for other in staying:
            if line.cooperative_id == other.cooperative_id and is_real(line) and is_real(other):
                fit(line, other, values, found)
    found.changes = [(line, values[line.pk]) for line in both if line.pk in values]
    return found


def is_real(line):
    """Neither a mistake nor the repetition of another line: such a line stands in no one's way."""
    return line.left_reason != Member.LeftReason.MISTAKE and line.repeats_id is None


def fit(line, other, values, found):
    """One human being is once a member of a cooperative at a time (law 25/1992, 18).

    Both open: refused, one has to be closed. One within the other: it stays in the book and is
    marked as repeating the other. Overlapping otherwise: refused, somebody has to mend a date.
    """
    about = {"cooperative": line.cooperative, "first": other.number, "second": line.number}
    if line.left_on is None and other.left_on is None:
        found.problems.append(
            _(
                "Both are members of %(cooperative)s, as %(first)s and %(second)s. "
                "Close one of the two lines first, as recorded by mistake."
            )
            % about
        )
    elif lies_within(line, other):
        values[line.pk]["repeats_id"] = other.pk
        found.notes.append(repetition(line, other))
    elif lies_within(other, line):
        values.setdefault(other.pk, {})["repeats_id"] = line.pk
        found.notes.append(repetition(other, line))
    elif overlap(line, other):
        found.problems.append(
            _(
                "The lines %(first)s and %(second)s of %(cooperative)s overlap in part. Correct "
                "the day of joining of one, or let its reason be “recorded by mistake”."
            )
            % about
        )


def lies_within(line, other):
    """Is `line` closed, and all of it inside `other`?"""
    if line.left_on is None or line.joined_on < other.joined_on:
        return False
    return other.left_on is None or line.left_on <= other.left_on


def overlap(line, other):
    """Do they share a day? Who leaves on a day may join again on it."""
    first, last = sorted([line, other], key=lambda one: one.joined_on)
    return first.left_on is None or first.left_on > last.joined_on


def repetition(inner, outer):
    return _(
        "%(cooperative)s: the closed line %(inner)s (%(from)s to %(until)s) lies within %(outer)s. "
        "It stays in the register, marked as a repetition."
    ) % {
        "cooperative": inner.cooperative,
        "inner": inner.number,
        "from": format_date(inner.joined_on),
        "until": format_date(inner.left_on),
        "outer": outer.number,
    }


# --- consents -------------------------------------------------------------------------------------
@rule_for("cooperatives.consent")
def consents(rows, pair):
    """Of two consents to one purpose the newer one goes on: it replaced the older on the day it was
    given. Else the second would outlive the withdrawal of the first; and an end of today would say
    that the person took back what they did not."""
    found, ended = Moves(), []
    moving = {
        consent.pk: {"person_id": pair.survivor.pk}
        for consent in rows.filter(person=pair.duplicate)
    }
    both = list(rows.filter(person__in=[pair.survivor, pair.duplicate]))
    for older, newer in doubled(both, pair):
        moving.setdefault(older.pk, {})["withdrawn_on"] = newer.given_on
        ended.append(older.pk)
    # those that end come first, or two would be in force for a moment
    order = sorted(both, key=lambda consent: (consent.pk not in ended, consent.pk))
    found.changes = [(consent, moving[consent.pk]) for consent in order if consent.pk in moving]
    if ended:
        found.notes.append(
            ngettext(
                "%(count)d consent is on record twice: the newer one holds.",
                "%(count)d consents are on record twice: the newer ones hold.",
                len(ended),
            )
            % {"count": len(ended)}
        )
    return found


def doubled(consents, pair):
    """(older, newer) of every purpose to which a consent of both is in force."""
    in_force = {}
    for consent in consents:
        if consent.withdrawn_on is None:
            in_force.setdefault(consent.purpose, []).append(consent)
    for same in in_force.values():
        if len(same) == 2:
            yield sorted(same, key=lambda one: (one.given_on, one.person_id == pair.survivor.pk))


# --- NIK that wait for their check ----------------------------------------------------------------
@rule_for("cooperatives.nikclaim")
def claims(rows, pair):
    """Decided ones move as they are. One that waits is settled by the joining when the survivor
    holds that number, moves along when the survivor has none, and else has to be decided first."""
    found = Moves()
    for claim in rows.filter(person=pair.duplicate):
        values = {"person_id": pair.survivor.pk}
        if claim.status == NikClaim.Status.PENDING:
            settle(claim, pair, values, found)
        found.changes.append((claim, values))
    return found


def settle(claim, pair, values, found):
    if pair.survivor.nik_hash == claim.nik_hash:
        values |= {
            "status": NikClaim.Status.JOINED,
            "decided_by_id": pair.by.pk,
            "decided_at": timezone.now(),
        }
        found.notes.append(_("The NIK that waits for its check is the one on record: settled."))
    elif pair.survivor.nik_state == Person.NikState.NONE:
        found.survivor = {"nik_state": Person.NikState.CLAIMED, "nik_missing": ""}
        found.notes.append(_("The NIK that waits for its check goes on waiting."))
    else:
        found.problems.append(
            _(
                "A NIK of %(name)s waits for its check, and the other record has a NIK too. "
                "Decide about that NIK first."
            )
            % {"name": pair.duplicate}
        )
