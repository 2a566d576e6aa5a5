"""The history of a row in words: who changed which field, from what to what, and when."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath

from django.db.models import FileField
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from malaka_portal.fields import PhoneField
from malaka_portal.identity_numbers import mask_national_id
from malaka_portal.models import User
from malaka_portal.parsing import format_date, format_phone

# Kept for the machine's sake: sort keys, copies of other rows' columns, counters, hashes,
# the secret address of a visitor's request.
UNTOLD_FIELDS = {"id", "version", "name_key", "name_order", "district", "nik_hash", "code"}


@dataclass(frozen=True)
class Difference:
    """One field that changed; `before` is empty for a new row."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class Change:
    """One act on one row, at `when` (aware), by `who` in words."""

    when: datetime
    who: str
    what: str
    label: str  # insert, update or delete
    differences: list


def changes_of(row, *, personal, limit=100):
    """The last `limit` changes of `row`, the latest first; `personal` shows personal columns too.

    A constant number of queries: the events, the acts' users, and one per kind of related row.
    """
    model = type(row)
    events = list(
        model.pgh_event_model.objects.filter(pgh_obj_id=row.pk)
        .select_related("pgh_context")
        .order_by("-pgh_id")[: limit + 1]
    )
    fields = told_fields(model, personal)
    names = related_names(events, fields)
    actors = actor_names(events)
    previous = [*events[1:], None][: len(events)]
    told = [
        change(event, before, fields, names, actors)
        for event, before in zip(events, previous, strict=True)
    ]
    return [c for c in told[:limit] if c.differences or c.label != "update"]


def told_fields(model, personal):
    """The fields whose values the history shows, in the model's own order."""
    hidden = UNTOLD_FIELDS | (set() if personal else set(getattr(model, "personal_fields", ())))
    kept = {f.name for f in model.pgh_event_model._meta.fields}
    return [f for f in model._meta.local_fields if f.name in kept and f.name not in hidden]


def change(event, before, fields, names, actors):
    return Change(
        when=event.pgh_created_at,
        who=actors(event.pgh_context),
        what={"insert": _("recorded"), "update": _("changed"), "delete": _("deleted")}[
            event.pgh_label
        ],
        label=event.pgh_label,
        differences=list(differences(event, before, fields, names)),
    )


def differences(event, before, fields, names):
    for field in fields:
        new = getattr(event, field.attname)
        old = getattr(before, field.attname) if before else None
        empty = (None, "", [])
        if event.pgh_label == "delete" or new == old or (old in empty and new in empty):
            continue
        yield Difference(
            label=str(field.verbose_name),
            before=in_words(field, old, names) if before else "",
            after=in_words(field, new, names),
        )


def in_words(field, value, names):
    """A stored value as people write it; `–` for nothing."""
    if value in (None, "", []):
        return "–"
    if field.is_relation:
        return names[field.remote_field.model].get(value, str(value))
    if field.name == "nik_last4":
        return mask_national_id(value)
    if field.choices:
        return str(capfirst(dict(field.flatchoices).get(value, value)))
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(in_words(field.base_field, item, names) for item in value)
    if isinstance(field, FileField):
        return _("file %(name)s") % {"name": PurePath(str(value)).stem[:6]}
    if isinstance(field, PhoneField):
        return format_phone(value)
    if isinstance(value, datetime):
        return in_wita(value)
    if isinstance(value, date):
        return format_date(value)
    return str(value)


def related_names(events, fields):
    """The related rows' names, one query per model."""
    wanted = defaultdict(set)
    for field in fields:
        if field.is_relation:
            wanted[field.remote_field.model].update(getattr(e, field.attname) for e in events)
    return {
        model: {pk: str(row) for pk, row in model._default_manager.in_bulk(pks - {None}).items()}
        for model, pks in wanted.items()
    }


def actor_names(events):
    """A function that names the actor of an act, from one query for all of them."""
    acts = [e.pgh_context.metadata for e in events if e.pgh_context]
    users = User.objects.in_bulk({who["user"] for who in acts if who.get("user")})

    def name(context):
        who = context.metadata if context else {}
        if user := users.get(who.get("user")):
            return user.get_full_name() or user.get_username()
        if "command" in who:
            return _("the command %(command)s") % {"command": who["command"]}
        if "database_role" in who:
            return _("directly in the database, as %(role)s") % {"role": who["database_role"]}
        if "user" in who:  # a request of nobody who is signed in
            return _("a visitor")
        return pgettext("actor", "somebody without an account")

    return name


def in_wita(when):
    """A moment as offices in Malaka write it: `24 November 2026 08.30 WITA`."""
    if when is None:
        return "–"
    local = timezone.localtime(when)
    return f"{format_date(local.date())} {local:%H.%M} WITA"


def state_at(row, version):
    """The event in which `row` had this version; None when there is none."""
    if version is None:
        return None
    events = type(row).pgh_event_model.objects
    return events.filter(pgh_obj_id=row.pk, version=version).order_by("-pgh_id").first()


def last_change(row):
    """Who changed `row` last and when, as (who, when); (None, None) without any event."""
    event = (
        type(row)
        .pgh_event_model.objects.filter(pgh_obj_id=row.pk)
        .select_related("pgh_context")
        .order_by("-pgh_id")
        .first()
    )
    if event is None:
        return None, None
    return actor_names([event])(event.pgh_context), event.pgh_created_at
