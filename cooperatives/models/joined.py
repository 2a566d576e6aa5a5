"""The triggers that keep rows off a record that was joined into another: no row would be looked
for there any more.

Joining locks its two people FOR UPDATE before it looks at their rows (services/joining.py). So a
row that comes takes its person FOR KEY SHARE, in the order of the ids, and is looked at then:
either the joining waits and takes the row along, or it is waited for and the row is refused. A
stronger lock would let two who write about one person wait for each other's change of it.
"""

import pgtrigger
from django.utils.translation import gettext_lazy as _

JOINED = _("This record belongs to another record of the same person. Choose that one.")

REFUSE_JOINED = """
    PERFORM FROM cooperatives_person WHERE id IN ({ids}) ORDER BY id FOR KEY SHARE;
    IF EXISTS (
        SELECT FROM cooperatives_person WHERE id IN ({ids}) AND joined_into_id IS NOT NULL
    ) THEN
        RAISE EXCEPTION 'The record of this person was joined into another.'
            USING ERRCODE = 'check_violation', CONSTRAINT = '{name}';
    END IF;
    RETURN NULL;
"""


def keep_off_joined(name, column="person"):
    """The two triggers of a table whose foreign key `column` leads to a person. `name` is that of
    the constraint they name, for the model's `trigger_messages`."""
    return [
        pgtrigger.Trigger(
            name="not_joined_insert",
            level=pgtrigger.Statement,
            when=pgtrigger.After,
            operation=pgtrigger.Insert,
            referencing=pgtrigger.Referencing(new="new_values"),
            func=REFUSE_JOINED.format(ids=f"SELECT {column}_id FROM new_values", name=name),
        ),
        pgtrigger.Trigger(
            name="not_joined_update",
            when=pgtrigger.After,
            operation=pgtrigger.Update,
            condition=pgtrigger.Q(**{f"old__{column}__df": pgtrigger.F(f"new__{column}")}),
            func=REFUSE_JOINED.format(ids=f"NEW.{column}_id", name=name),
        ),
    ]
