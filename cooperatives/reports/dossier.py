"""All that is held about one person, for the person themself (law 27/2022: access and copy).

The relations are read off the models, so that whatever a later app ties to a person is in it by
itself. Left out are secrets (sealed numbers, their fingerprints), what a machine derives, and what
belongs to other people: those are told by their number alone, users by role and name.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db import models

from cooperatives.models import Person
from malaka_portal.history import HistoryEvent
from malaka_portal.models import AccessLog, User

MACHINE = {"name_key", "name_order"}  # sort keys
SECRET = ("_cipher", "_hash", "password")


@dataclass(frozen=True)
class Relation:
    """`model` has a `field` (FK, one-to-one or many-to-many, or a path of them) to the person, or,
    when that is empty, is what a many-to-many field of the person leads to.

    A model whose rows are somebody's own names in `dossier_follows` the relations whose rows are
    theirs too, such as the products of an enterprise.
    """

    model: type
    field: str
    own: str = ""  # the name of the person's own many-to-many field

    def rows(self, ids):
        """The rows that belong to the people `ids`, the oldest first."""
        manager = self.model._base_manager
        if self.own:
            numbers = Person._base_manager.filter(pk__in=ids).values_list(self.own, flat=True)
            return list(manager.filter(pk__in=[pk for pk in numbers if pk]).order_by("pk"))
        return list(manager.filter(**{f"{self.field}__in": ids}).distinct().order_by("pk"))


@dataclass(frozen=True)
class Act:
    """One change of a row: the fields that it set, each with its new value."""

    when: datetime
    by: dict  # see `told_actor`
    what: str  # insert, update or delete
    values: list


@dataclass(frozen=True)
class Part:
    """The rows of one relation, and the acts on each by its number."""

    relation: Relation
    rows: list
    acts: dict


@dataclass(frozen=True)
class Dossier:
    person: Person
    acts: list
    parts: list[Part]
    accesses: list[AccessLog]
    names: "Names"

    @property
    def row_count(self):
        return 1 + sum(len(part.rows) for part in self.parts)


def gather(person):
    """The Dossier of `person` and of the records that turned out to be theirs."""
    ids = records_of(person)
    names = Names(ids)
    parts = [part_of(relation, relation.rows(ids), names) for relation in relations()]
    acts = acts_on(Person, [person], names)[person.pk]
    names.note(Person, [person])
    looked = {Person._meta.label_lower: ids}
    for part in parts:
        label = part.relation.model._meta.label_lower
        looked[label] = [*looked.get(label, ()), *(row.pk for row in part.rows)]
    accesses = AccessLog.objects.about(looked).select_related("user").order_by("at", "id")
    return Dossier(person, acts, parts, list(accesses.prefetch_related("user__groups")), names)


def records_of(person):
    """The numbers of the record and of those that were joined into it, be it through another."""
    ids, found = [], [person.pk]
    while found:
        ids += found
        found = list(Person.objects.filter(joined_into__in=found).values_list("pk", flat=True))
    return ids


def relations():
    """Every tie between a person and a row of another model, in the order of the models."""
    found = []
    for tie in Person._meta.get_fields(include_hidden=True):
        if tie.many_to_many and not tie.auto_created:
            found.append(Relation(tie.related_model, "", own=tie.name))
        elif tie.is_relation and tie.auto_created and not tie.concrete and is_told(tie):
            found += followed(Relation(tie.related_model, tie.field.name))
    return sorted(found, key=lambda tie: (tie.model._meta.label_lower, tie.field))


def followed(relation):
    """`relation` and those that its model names in `dossier_follows`."""
    yield relation
    for name in getattr(relation.model, "dossier_follows", ()):
        tie = relation.model._meta.get_field(name)
        yield from followed(Relation(tie.related_model, f"{tie.field.name}__{relation.field}"))


def is_told(tie):
    """Not the history's own tables, which are told with the rows, nor the tables between two."""
    model = tie.related_model
    return not issubclass(model, HistoryEvent) and not model._meta.auto_created


def part_of(relation, rows, names):
    names.note(relation.model, rows)
    tie = f"{relation.field}_id" if relation.field and "__" not in relation.field else ""
    return Part(relation, rows, acts_on(relation.model, rows, names, tie=tie))


def told_fields(model):
    """The columns of `model` that the dossier tells."""
    others = getattr(model, "others_fields", frozenset())
    return [f for f in model._meta.concrete_fields if not is_hidden(f) and f.name not in others]


def is_hidden(field):
    machine = field.name in MACHINE or isinstance(field, models.GeneratedField)
    return machine or isinstance(field, models.BinaryField) or field.name.endswith(SECRET)


# --- history --------------------------------------------------------------------------------------
def acts_on(model, rows, names, *, tie=""):
    """{number of the row: its `Act`s, the oldest first}, without what was recorded while the row
    was somebody else's, as its column `tie` said then."""
    acts = defaultdict(list)
    events = getattr(model, "pgh_event_model", None)
    if events is None or not rows:
        return acts
    found = list(
        events.objects.filter(pgh_obj_id__in=[row.pk for row in rows])
        .select_related("pgh_context")
        .order_by("pgh_id")
    )
    own = {None, *names.ids}
    found = [event for event in found if not tie or getattr(event, tie, None) in own]
    kept = {f.name for f in events._meta.fields}
    fields = [f for f in told_fields(model) if f.name in kept and f.name not in ("id", "version")]
    names.note(model, found, fields)
    tell = teller(found)
    before = {}
    for event in found:
        values = changed(event, before.get(event.pgh_obj_id), fields)
        before[event.pgh_obj_id] = event
        if values or event.pgh_label != "update":
            act = Act(event.pgh_created_at, tell(event.pgh_context), event.pgh_label, values)
            acts[event.pgh_obj_id].append(act)
    return acts


def changed(event, before, fields):
    """(field, value) of what `event` changed; nothing of a deletion."""
    if event.pgh_label == "delete":
        return []
    empty = (None, "", [])
    pairs = [(f, getattr(event, f.attname)) for f in fields]
    if before is None:
        return [(field, value) for field, value in pairs if value not in empty]
    return [(field, value) for field, value in pairs if value != getattr(before, field.attname)]


def teller(events):
    """A function that tells the actor of an act, from two queries for all of them."""
    contexts = [event.pgh_context.metadata for event in events if event.pgh_context]
    numbers = {context["user"] for context in contexts if context.get("user")}
    users = User.objects.prefetch_related("groups").in_bulk(numbers) if numbers else {}

    def tell(context):
        who = context.metadata if context else {}
        if user := users.get(who.get("user")):
            return told_user(user)
        known = [kind for kind in ("command", "database_role") if kind in who]
        return {"role": known[0], "name": who[known[0]]} if known else {"role": "", "name": ""}

    return tell


def told_user(user):
    """A user by role and name, never by the name they sign in with."""
    role = "officer"
    if user.is_superuser:
        role = "administrator"
    elif user.is_staff or user.groups.all():
        role = "staff"
    return {"role": role, "name": user.get_full_name()}


# --- names of related rows ------------------------------------------------------------------------
class Names:
    """What foreign keys lead to, in words: one query for each model.

    `ids` are the numbers of the person's own records. Other people have no name here, nor has a row
    that may be theirs.
    """

    def __init__(self, ids):
        self.ids = set(ids)
        self.wanted = defaultdict(set)
        self.found = {}
        self.of_people = {relation.model for relation in relations()}

    def note(self, model, rows, fields=None):
        """Remember what the `rows` of `model`, or their events, refer to."""
        for field in told_fields(model) if fields is None else fields:
            if field.is_relation:
                numbers = {getattr(row, field.attname) for row in rows} - {None}
                self.wanted[field.remote_field.model] |= numbers

    def __call__(self, field, value):
        """{"id", "name"} of the row that `field` leads to; a user by role and name."""
        model = field.remote_field.model
        if model is User:
            user = self.rows(model).get(value)
            return told_user(user) if user else {"role": "", "name": ""}
        if model is Person or model in self.of_people:
            return {"id": value, "self": value in self.ids} if model is Person else {"id": value}
        row = self.rows(model).get(value)
        return {"id": value, "name": str(row) if row else ""}

    def rows(self, model):
        if model not in self.found:
            rows = model._base_manager.all()
            rows = rows.prefetch_related("groups") if model is User else rows
            self.found[model] = rows.in_bulk(self.wanted[model])
        return self.found[model]
