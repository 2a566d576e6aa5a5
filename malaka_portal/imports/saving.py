"""Saving the good lines of a checked file, all or nothing."""

from django.db import IntegrityError, connection, transaction
from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _

from malaka_portal.imports.parts import LINES, WRITES
from malaka_portal.models import Import

GOOD = "l.outcome IN ('created', 'changed')"


class Stale(Exception):
    """What the file was compared with has changed since: it must be checked again."""


@transaction.atomic
def save_lines(row, parts):
    """Write what the good lines of the Import `row` say, in the order of `parts`.

    Raises `Stale` when a row that a line changes was changed meanwhile, when another file of the
    kind was saved or taken back, or when a rule of the database says that the check is out of date;
    nothing is saved then.
    """
    with connection.cursor() as cursor:
        # deferred checks would pile up, and every further row would wait for them
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        refuse_after_others(cursor, row)
        try:
            with transaction.atomic():
                for part in parts:
                    save_part(cursor, row, part)
                for part in parts:
                    note_versions(cursor, row, part)
        except IntegrityError as error:
            raise Stale(str(error)) from error
    row.state, row.saved_at, row.trouble = Import.State.SAVED, timezone.now(), ""
    row.save()


def saves_of(row):
    """How often files of this kind, for the same row, were saved and taken back so far."""
    same = Import.objects.filter(kind=row.kind, target_id=row.target_id)
    return sum(same.aggregate(saved=Count("saved_at"), undone=Count("undone_at")).values())


def refuse_after_others(cursor, row):
    """One file of a kind at a time; Stale when another one came between the check and this.

    Two checks of the same file would both make its rows: names are not unique.
    """
    whose = f"import {row.kind} {row.target_id or ''}"
    cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [whose])
    state = Import.objects.select_for_update().values_list("state", flat=True).get(pk=row.pk)
    if state not in (Import.State.CHECKED, Import.State.SAVING):
        raise Stale(_("This file is not waiting to be saved."))
    if row.layout.get("saves") not in (None, saves_of(row)):
        raise Stale(_("Another file of this kind was saved meanwhile."))


def save_part(cursor, row, part):
    refuse_stale(cursor, row, part)
    plan(cursor, row, part)
    for new, columns in written(cursor, row, part):
        (insert if new else update)(cursor, row, part, columns)


def refuse_stale(cursor, row, part):
    """Lock the rows that lines change; Stale when one of them is not as it was looked at."""
    cursor.execute(
        f"SELECT t.version = (l.versions ->> %s)::int FROM {part.table} t JOIN {LINES} l"
        f" ON t.id = (l.rows ->> %s)::bigint WHERE l.import_id = %s AND {GOOD} AND l.writes ? %s"
        " ORDER BY t.id FOR UPDATE OF t",
        [part.name, part.name, row.pk, part.name],
    )
    if not all(same for (same,) in cursor.fetchall()):
        raise Stale(_("Somebody changed these rows meanwhile."))


def plan(cursor, row, part):
    """Note which rows will be made, under which id, and what the others held before."""
    cursor.execute(
        f"INSERT INTO {WRITES} (import_id, line_id, part, row_id, before)"
        " SELECT l.import_id, l.id, %s,"
        " coalesce(t.id, nextval(pg_get_serial_sequence(%s, 'id'))),"
        " CASE WHEN t.id IS NOT NULL THEN (SELECT jsonb_object_agg(name, to_jsonb(t) -> name)"
        " FROM jsonb_object_keys(l.writes -> %s) name) END"
        f" FROM {LINES} l LEFT JOIN {part.table} t ON t.id = (l.rows ->> %s)::bigint"
        f" WHERE l.import_id = %s AND {GOOD} AND l.writes ? %s ORDER BY l.sheet, l.number",
        [part.name, part.table, part.name, part.name, row.pk, part.name],
    )


def written(cursor, row, part):
    """(is it new, its columns) for new rows and for changed ones, as far as there are any."""
    cursor.execute(
        "SELECT w.before IS NULL AS new, array_agg(DISTINCT name ORDER BY name)"
        f" FROM {WRITES} w JOIN {LINES} l ON l.id = w.line_id,"
        " jsonb_object_keys(l.writes -> w.part) name"
        " WHERE w.import_id = %s AND w.part = %s GROUP BY 1",
        [row.pk, part.name],
    )
    return cursor.fetchall()


def source_of(part):
    """The lines of one part with the ids of the rows that they refer to."""
    joins = "".join(
        f" LEFT JOIN {WRITES} ref{at} ON ref{at}.line_id = l.id AND ref{at}.part = '{name}'"
        for at, name in enumerate(part.refers.values())
    )
    return f"{WRITES} w JOIN {LINES} l ON l.id = w.line_id{joins}"


def key_of(at, name):
    return f"coalesce(ref{at}.row_id, (l.rows ->> '{name}')::bigint)"


def insert(cursor, row, part, columns):
    """New rows. A column that only some of the lines have gets its default in the others."""
    given = {column: part.value(f"(l.writes -> '{part.name}')", column) for column in columns}
    defaults = part.defaults({*part.refers})
    for column in columns:
        if column in defaults:
            has = f"(l.writes -> '{part.name}') ? '{column}'"
            given[column] = f"CASE WHEN {has} THEN {given[column]} ELSE %({column})s END"
    given |= {column: key_of(at, name) for at, (column, name) in enumerate(part.refers.items())}
    given |= {column: f"%({column})s" for column in defaults if column not in given}
    given |= dict.fromkeys(part.stamps(new=True), "now()")
    names = ", ".join(f'"{column}"' for column in given)  # one may be a word of SQL: "group"
    cursor.execute(
        f"INSERT INTO {part.table} (id, {names})"
        f" SELECT w.row_id, {', '.join(given.values())} FROM {source_of(part)}"
        " WHERE w.import_id = %(import)s AND w.part = %(part)s AND w.before IS NULL ORDER BY w.id",
        defaults | {"import": row.pk, "part": part.name},
    )


def update(cursor, row, part, columns):
    """Rows that were there already: only the columns that their line changes."""
    values = [
        f"\"{column}\" = CASE WHEN (l.writes -> w.part) ? '{column}'"
        f' THEN {part.value("(l.writes -> w.part)", column)} ELSE t."{column}" END'
        for column in columns
    ]
    values += [f"{column} = now()" for column in part.stamps(new=False)]
    cursor.execute(
        f"UPDATE {part.table} t SET {', '.join(values)} FROM {WRITES} w"
        f" JOIN {LINES} l ON l.id = w.line_id WHERE t.id = w.row_id AND w.import_id = %s"
        " AND w.part = %s AND w.before IS NOT NULL",
        [row.pk, part.name],
    )


def note_versions(cursor, row, part):
    """How the rows stand now: by this an undo sees whether others worked on them since."""
    cursor.execute(
        f"UPDATE {WRITES} w SET version = t.version FROM {part.table} t"
        " WHERE t.id = w.row_id AND w.import_id = %s AND w.part = %s",
        [row.pk, part.name],
    )
