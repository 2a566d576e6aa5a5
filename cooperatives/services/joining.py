"""Two records of one person: what joining them does, and doing it."""

import hashlib
import json
from dataclasses import dataclass

from django.contrib.postgres.functions import TransactionNow
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cooperatives.models import Joining, Person, Suspicion
from cooperatives.services import moving, moving_rules  # noqa: F401  registers the rules
from cooperatives.services.duplicates import compare_again
from cooperatives.services.keeping import DUPLICATE, SURVIVOR, kept_values, order
from cooperatives.services.packing import packed, packed_all
from cooperatives.services.saving import save_or_explain
from malaka_portal.changes import in_wita


# --- what would happen ----------------------------------------------------------------------------
@dataclass
class Plan:
    """What joining a pair does: to the surviving record (`kept`), and to other tables."""

    pair: moving.Pair
    kept: dict
    tables: list
    problems: list

    @property
    def notes(self):
        return [note for table in self.tables for note in table.moves.notes]

    @property
    def moving(self):
        """The tables of which rows go over, with their counts."""
        return [table for table in self.tables if table.count]

    def fingerprint(self):
        """Of what whoever decides has seen: it changes when the records or their rows do."""
        seen = [
            [(p.pk, p.version) for p in (self.pair.duplicate, self.pair.survivor)],
            sorted(self.kept),
            [
                (table.model._meta.label, row.pk, sorted(values))
                for table in self.tables
                for row, values in table.moves.changes
            ],
        ]
        return hashlib.sha256(json.dumps(seen).encode()).hexdigest()[:32]


def lock_people(*people):
    """Both records as they are now, locked in the order of their ids, so that nobody who does the
    same waits in a circle."""
    ids = [person.pk for person in people]
    rows = Person.objects.select_for_update(of=("self",)).filter(pk__in=ids).order_by("pk")
    found = {person.pk: person for person in rows}
    return [found[pk] for pk in ids]


def plan_joining(*, duplicate, survivor, by, picks=()):
    """What joining would do, as a `Plan` with its problems; nothing is written. The rows stay
    locked until the caller's transaction ends."""
    duplicate, survivor = lock_people(duplicate, survivor)
    pair = moving.Pair(duplicate, survivor, by)
    problems = list(contradictions(pair))
    tables = moving.tables(pair)
    kept = kept_values(survivor, duplicate, dict(picks))
    for table in tables:
        problems += table.moves.problems
        kept |= table.moves.survivor
    plan = Plan(pair, kept, tables, problems)
    if not problems:
        problems += obstacles(plan)
    return plan


def contradictions(pair):
    """What forbids the joining whatever their rows are."""
    if pair.duplicate.joined_into_id or pair.survivor.joined_into_id:
        yield _("One of the two records has been joined already. Open the list again.")
    if pair.duplicate.nik_hash and pair.survivor.nik_hash:
        yield _("Both hold a checked NIK, and these differ: they are two people.")
    elif pair.duplicate.nik_hash:
        yield _("The record with the checked NIK is the one that stays.")


def obstacles(plan):
    """What the database would refuse, found by trying."""
    with transaction.atomic():
        found = write_moves(plan)
        transaction.set_rollback(True)
    return found


def write_moves(plan):
    """Move the rows of all tables; returns the sentences of what stands in the way."""
    told = [
        moving.write(table.model, [(row.pk, values) for row, values in table.moves.changes])
        for table in plan.tables
        if table.moves.changes
    ]
    return [sentence for sentence in told if sentence]


# --- doing it -------------------------------------------------------------------------------------
@transaction.atomic
def join_people(*, duplicate, survivor, by, picks=(), seen=""):
    """Make `duplicate` lead to `survivor`, with every row that refers to it; returns the Joining.

    `picks`: see `kept_values`. `seen` is the fingerprint of the plan that was shown; when
    something has changed since, or a rule is broken, ValidationError says what.
    """
    plan = plan_joining(duplicate=duplicate, survivor=survivor, by=by, picks=picks)
    if plan.problems:
        raise ValidationError(plan.problems)
    if seen and seen != plan.fingerprint():
        raise ValidationError(
            _("Something has changed since you looked. Check once more what will happen."),
            "changed_since",
        )
    if told := write_moves(plan):
        raise ValidationError(told)
    duplicate, survivor = plan.pair.duplicate, plan.pair.survivor
    leaving = {
        "nik_state": Person.NikState.JOINED,
        "nik_missing": "",
        "joined_into_id": survivor.pk,
    }
    before, after = {}, {SURVIVOR: packed_all(plan.kept), DUPLICATE: packed_all(leaving)}
    for role, person, values in ((DUPLICATE, duplicate, leaving), (SURVIVOR, survivor, plan.kept)):
        before[role] = {column: packed(getattr(person, column)) for column in values}
        put(person, values)
    joining = Joining.objects.create(
        survivor=survivor,
        duplicate=duplicate,
        joined_by=by,
        joined_at=TransactionNow(),
        moved=list(moved(plan)),
        before=before,
        after=after,
    )
    decide_pair(survivor, duplicate, by)
    compare_again([survivor.pk])
    joining.refresh_from_db(fields=["joined_at"])
    return joining


def put(person, values):
    if not values:
        return
    for column, value in values.items():
        setattr(person, column, value)
    # only these: a trigger on what has moved may have changed others of its columns by now
    save_or_explain(person, update_fields=[*values, "updated_at"])


def moved(plan):
    for table in plan.tables:
        for row, values in table.moves.changes:
            yield {
                "model": table.model._meta.label_lower,
                "pk": row.pk,
                "before": {column: packed(getattr(row, column)) for column in values},
                "after": packed_all(values),
            }


# --- suspicions -----------------------------------------------------------------------------------
def pair_of(one, other):
    first, second = sorted([one.pk, other.pk])
    return Suspicion.objects.filter(first_id=first, second_id=second)


def decide_pair(survivor, duplicate, by):
    """Whoever joins two people has decided the suspicion about them, however they came to it."""
    pair_of(survivor, duplicate).update(
        status=Suspicion.Status.JOINED, decided_by=by, decided_at=timezone.now(), note=""
    )


def pending_suspicion(suspicion):
    """`suspicion` with its two people, all locked. ValidationError when it is decided already."""
    people = lock_people(suspicion.first, suspicion.second)
    found = Suspicion.objects.select_for_update(of=("self",)).select_related("decided_by")
    suspicion = found.get(pk=suspicion.pk)
    if suspicion.status != Suspicion.Status.PENDING:
        raise ValidationError(
            _("Already decided by %(who)s, %(when)s."),
            "decided",
            {"who": name_of(suspicion.decided_by), "when": in_wita(suspicion.decided_at)},
        )
    suspicion.first, suspicion.second = people
    return suspicion


def name_of(user):
    return user.get_full_name() or user.get_username()


@transaction.atomic
def join_suspects(*, suspicion, by, picks=(), seen=""):
    """The two are one person; returns the Joining. ValidationError: see `join_people`, and when
    somebody else has decided."""
    suspicion = pending_suspicion(suspicion)
    survivor, duplicate = order(suspicion.first, suspicion.second)
    return join_people(duplicate=duplicate, survivor=survivor, by=by, picks=picks, seen=seen)


@transaction.atomic
def mark_different(*, suspicion, by, note=""):
    """The two are not one person: the pair is never put forward again."""
    suspicion = pending_suspicion(suspicion)
    suspicion.status, suspicion.note = Suspicion.Status.DIFFERENT, note
    suspicion.decided_by, suspicion.decided_at = by, timezone.now()
    suspicion.save()
    return suspicion
