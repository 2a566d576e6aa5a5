"""Taking a saved import back: every table as it was, but for history, versions and times."""

from contextlib import ExitStack

import pgtrigger
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from malaka_portal.imports.parts import LINES, WRITES
from malaka_portal.models import Import

SHOWN = 5  # lines that a refusal names


@transaction.atomic
def undo_import(row, parts):
    """Take back what the Import `row` wrote. ValidationError, and nothing is changed, when it was
    not saved, is older than seven days, or when later work depends on what it wrote."""
    row = Import.objects.select_for_update().get(pk=row.pk)
    if row.state != Import.State.SAVED:
        raise ValidationError(_("This import is not saved, or was taken back before."), "not_saved")
    if not row.can_be_undone:
        raise ValidationError(
            _("An import can be taken back for seven days. Mend the rows one by one."), "too_late"
        )
    with connection.cursor() as cursor, ExitStack() as stack:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for part in parts:
            refuse_later_work(cursor, row, part)
        for part in parts:
            for name in part.ignored:
                stack.enter_context(pgtrigger.ignore(f"{part.model._meta.label}:{name}"))
        try:
            with transaction.atomic():
                for part in reversed(parts):
                    take_back(cursor, row, part)
        except IntegrityError as error:
            raise depends(error) from None
    row.state, row.undone_at = Import.State.UNDONE, timezone.now()
    row.save()
    return row


def refuse_later_work(cursor, row, part):
    """ValidationError naming the lines whose rows somebody changed since; they stay locked."""
    cursor.execute(
        f"SELECT t.id, t.version FROM {part.table} t JOIN {WRITES} w ON w.row_id = t.id"
        " WHERE w.import_id = %s AND w.part = %s ORDER BY t.id FOR UPDATE OF t",
        [row.pk, part.name],
    )
    now = dict(cursor.fetchall())
    cursor.execute(
        f"SELECT w.row_id, w.version, l.number FROM {WRITES} w JOIN {LINES} l ON l.id = w.line_id"
        " WHERE w.import_id = %s AND w.part = %s ORDER BY l.sheet, l.number",
        [row.pk, part.name],
    )
    changed = [str(line) for pk, version, line in cursor.fetchall() if now.get(pk) != version]
    if changed:
        more = " …" if len(changed) > SHOWN else ""
        raise ValidationError(
            _(
                "It cannot be taken back: what came from these lines of the file (%(what)s) was "
                "changed since: %(lines)s. Mend the rows one by one."
            ),
            "changed_since",
            {
                "what": part.model._meta.verbose_name,
                "lines": ", ".join(changed[:SHOWN]) + more,
            },
        )


def depends(error):
    """The refusal that names what holds on to a row of the import."""
    tables = {model._meta.db_table: model for model in apps.get_models()}
    model = tables.get(error.__cause__.diag.table_name)
    return ValidationError(
        _(
            "It cannot be taken back: other records (%(what)s) refer to its rows by now. "
            "Mend the rows one by one."
        ),
        "depended_on",
        {"what": model._meta.verbose_name if model else error.__cause__.diag.table_name},
    )


def take_back(cursor, row, part):
    delete_new(cursor, row, part)
    cursor.execute(
        f"SELECT DISTINCT jsonb_object_keys(before) FROM {WRITES}"
        " WHERE import_id = %s AND part = %s AND before IS NOT NULL",
        [row.pk, part.name],
    )
    columns = [name for (name,) in cursor.fetchall()]
    if columns:
        restore(cursor, row, part, columns)


def restore(cursor, row, part, columns):
    values = [
        f"\"{column}\" = CASE WHEN w.before ? '{column}'"
        f' THEN {part.value("w.before", column)} ELSE t."{column}" END'
        for column in columns
    ]
    cursor.execute(
        f"UPDATE {part.table} t SET {', '.join(values)} FROM {WRITES} w WHERE t.id = w.row_id"
        " AND w.import_id = %s AND w.part = %s AND w.before IS NOT NULL",
        [row.pk, part.name],
    )


def delete_new(cursor, row, part):
    for model, column in part.kept_beside:
        cursor.execute(
            f"DELETE FROM {model._meta.db_table} t USING {WRITES} w WHERE t.{column} = w.row_id"
            " AND w.import_id = %s AND w.part = %s AND w.before IS NULL",
            [row.pk, part.name],
        )
    column, settle = part.settle or ("id", "")
    cursor.execute(
        f"DELETE FROM {part.table} t USING {WRITES} w WHERE t.id = w.row_id"
        f" AND w.import_id = %s AND w.part = %s AND w.before IS NULL RETURNING t.{column}",
        [row.pk, part.name],
    )
    if settle and (ids := sorted({pk for (pk,) in cursor.fetchall()})):
        cursor.execute(settle, [ids])
