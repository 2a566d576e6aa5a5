"""What lines of a file write: rows of several tables, one statement a table.

The lines stand in `ImportLine`, so that saving is INSERT ... SELECT and UPDATE ... FROM, with
PostgreSQL's own types, defaults, triggers and constraints, as for every other door.
"""

from dataclasses import dataclass, field

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

LINES, WRITES = "malaka_portal_importline", "malaka_portal_importwrite"
CAST = {  # how a JSON text becomes a column's value; texts need no cast
    "date": "({})::date",
    "bool": "({})::boolean",
    "bytea": "({})::bytea",
    "timestamp with time zone": "({})::timestamptz",
}


def plain_default(field):
    """The value that a field has when nobody gives one, also where the database gives it."""
    if field.has_default() or not field.has_db_default():
        return field.get_default()
    return getattr(field.db_default, "value", field.db_default)


def is_reckoned(field):
    """Is the field's default an expression of the database, such as the time?"""
    default = field.db_default if field.has_db_default() else None
    return hasattr(default, "resolve_expression") and not isinstance(default, models.Value)


@dataclass(frozen=True)
class Part:
    """The rows of one model that a file makes or changes, one a line.

    `refers` {column: earlier part} fills keys to rows of the same line; `fixed` {column: value}
    is alike for the whole file. `ignored` names pgtrigger protections of the model that stand in
    the way of taking the rows back (Decision: an import may delete what it made).

    What triggers keep beside the rows is looked after when they are taken back: `kept_beside`
    [(model, column)] are rows that stand and fall with them, `settle` (column, SQL) sets right what
    was copied from them: the SQL gets as `%s` the ids that their `column` held.
    """

    name: str
    model: type[models.Model]
    refers: dict = field(default_factory=dict)
    ignored: tuple = ()
    kept_beside: tuple = ()
    settle: tuple | None = None

    @property
    def table(self):
        return self.model._meta.db_table

    def field(self, column):
        """The model's field that stands in `column`. KeyError when there is none."""
        return {each.column: each for each in self.model._meta.concrete_fields}[column]

    def value(self, source, column):
        """SQL for `column` out of the JSON object `source`, in the column's own type."""
        kind = self.field(column)
        if isinstance(kind, ArrayField):
            return (
                f"(SELECT coalesce(array_agg(item), '{{}}') FROM"
                f" jsonb_array_elements_text({source} -> '{column}') item)"
            )
        text = f"{source} ->> '{column}'"
        if isinstance(kind, models.JSONField):
            return f"{source} -> '{column}'"
        target = kind.db_type(connection).split("(")[0]
        if target in ("varchar", "text", "char"):
            return f"({text})"
        return CAST.get(target, f"({{}})::{target}").format(text)

    def defaults(self, given):
        """{column: value} of the columns that the model fills and the file does not."""
        return {
            each.column: each.get_db_prep_save(plain_default(each), connection)
            for each in self.model._meta.concrete_fields
            if each.column not in given
            and not each.primary_key
            and not each.generated
            and not each.null
            and not is_reckoned(each)
            and not getattr(each, "auto_now", False)
            and not getattr(each, "auto_now_add", False)
        }

    def stamps(self, *, new):
        """Columns of the model that say when a row was made or changed."""
        wanted = ("auto_now", "auto_now_add") if new else ("auto_now",)
        return [
            each.column
            for each in self.model._meta.concrete_fields
            if any(getattr(each, name, False) for name in wanted)
        ]
