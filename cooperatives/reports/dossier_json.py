"""The dossier for a machine: stable English keys, values as they are stored."""

from django.core.files import File
from django.utils import timezone

from cooperatives.reports.dossier import told_fields, told_user

FORMAT = "portal-malaka-dossier/1"
NOT_INCLUDED = [
    "Exports and searches of whole lists name no people, so they are not among the accesses.",
    "Files such as photos and scans are told, not enclosed.",
    "Sealed numbers, their fingerprints and sort keys are left out; so are other people's data.",
]


def as_json(dossier, *, by, at, reason, nik, id_checked):
    """The dossier as plain values; `nik` as it may be told: whole, masked or empty."""
    person, names = dossier.person, dossier.names
    return {
        "format": FORMAT,
        "made_at": moment(at),
        "made_by": told_user(by),
        "reason": reason,
        "id_card_checked": id_checked,
        "person": row_values(person, names) | {"national_id": nik},
        "history": [act_values(act, names) for act in dossier.acts],
        "records": [part_values(part, names) for part in dossier.parts],
        "accesses": [access_values(log) for log in dossier.accesses],
        "not_included": NOT_INCLUDED,
    }


def part_values(part, names):
    return {
        "model": part.relation.model._meta.label_lower,
        "relation": part.relation.field or part.relation.own,
        "rows": [
            row_values(row, names)
            | {"history": [act_values(act, names) for act in part.acts.get(row.pk, [])]}
            for row in part.rows
        ],
    }


def row_values(row, names):
    return {f.name: plain(f, getattr(row, f.attname), names) for f in told_fields(type(row))}


def act_values(act, names):
    return {
        "at": moment(act.when),
        "by": act.by,
        "what": act.what,
        "values": {field.name: plain(field, value, names) for field, value in act.values},
    }


def access_values(log):
    return {
        "at": moment(log.at),
        "by": told_user(log.user),
        "kind": log.kind,
        "subject": log.subject,
        "id": log.object_id,
        "reason": log.reason,
        "format": log.format,
    }


def plain(field, value, names):
    """A value of `field` as JSON can hold it; a file is told by whether there is one."""
    if value is None or isinstance(value, (bool, int, float, list, dict)):
        found = value
    elif isinstance(value, File):
        found = bool(value)
    elif hasattr(value, "hour"):
        found = moment(value) if hasattr(value, "year") else value.isoformat()
    elif hasattr(value, "isoformat"):
        found = value.isoformat()
    else:
        found = str(value)
    return names(field, value) if field.is_relation and value is not None else found


def moment(when):
    """`2026-11-24T10:00:00+08:00`: the time in Malaka, with its distance from UTC."""
    return timezone.localtime(when).isoformat()
