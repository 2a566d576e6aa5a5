"""What a joining of two records does to the rows of every table that refers to people.

The tables are found, not listed: whatever refers to a person moves with them, unless its relation
has a rule of its own. An app above the registry gives one with `rule_for` in `AppConfig.ready()`.
A rule changes nothing: it says what is to change, so that the same answer is shown, done, and
taken back.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Model
from django.utils.text import capfirst

from cooperatives.models import Person
from malaka_portal.forms import violation_message
from malaka_portal.history import HistoryEvent

RULES = {}


@dataclass(frozen=True)
class Pair:
    """The two records, and who joins them. `duplicate` will lead to `survivor`."""

    duplicate: Person
    survivor: Person
    by: Any


@dataclass
class Moves:
    """What one relation's rows become. `changes` pairs a row with its new values by column;
    `notes` are sentences for whoever decides, `problems` forbid the joining, and `survivor` holds
    new values of the surviving record itself."""

    changes: list = field(default_factory=list)
    notes: list = field(default_factory=list)
    problems: list = field(default_factory=list)
    survivor: dict = field(default_factory=dict)


@dataclass
class Table:
    """One relation's part in a joining: its model, its column, and its `Moves`."""

    model: type[Model]
    column: str
    moves: Moves

    @property
    def label(self):
        return capfirst(str(self.model._meta.verbose_name_plural))

    @property
    def count(self):
        """How many rows go over to the survivor."""
        return sum(self.column in values for _row, values in self.moves.changes)


def rule_for(label, name="person"):
    """Decorate the rule of the relation `name` of a model (`"trainings.enrolment"`): a function
    of its rows (a queryset, locked) and the `Pair` that gives `Moves`."""

    def keep(rule: Callable[[Any, Pair], Moves]):
        RULES[label.lower(), name] = rule
        return rule

    return keep


def stay(rows, pair):
    """The rule of relations that tell of the two records as such."""
    return Moves()


def columns():
    """Every column of every app that refers to a person, as its field, in a fixed order."""
    relations = Person._meta.get_fields(include_hidden=True)
    found = [
        relation.field
        for relation in relations
        if relation.auto_created
        and not relation.concrete
        and (relation.one_to_many or relation.one_to_one)
        and not issubclass(relation.related_model, HistoryEvent)
    ]
    return sorted(found, key=lambda column: (column.model._meta.label_lower, column.name))


def tables(pair):
    """What happens to the rows of each relation, as `Table`s; the rows are locked."""
    return [table_of(column, pair) for column in columns()]


def table_of(column, pair):
    rows = column.model._base_manager.order_by("pk").select_for_update(of=("self",))
    rule = RULES.get((column.model._meta.label_lower, column.name))
    moves = rule(rows, pair) if rule else move_all(column, rows, pair)
    return Table(column.model, column.attname, moves)


def move_all(column, rows, pair):
    """The rule of every relation without one: the duplicate's rows become the survivor's."""
    mine = rows.filter(**{column.name: pair.duplicate})
    return Moves([(row, {column.attname: pair.survivor.pk}) for row in mine])


def write(model, changes):
    """Write [(pk, values)], one statement for all rows that get the same values. Returns the
    sentence of the constraint that stands in the way; None when it is done."""
    alike = {}
    for pk, values in changes:
        alike.setdefault(tuple(sorted(values.items())), []).append(pk)
    try:
        with transaction.atomic():
            for values, pks in alike.items():
                model._base_manager.filter(pk__in=pks).update(**dict(values))
    except IntegrityError as error:
        label = capfirst(str(model._meta.verbose_name_plural))
        return f"{label}: {violation_message(model(), error)}"
    return None
