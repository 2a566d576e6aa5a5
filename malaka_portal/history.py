"""Who changed what: kept by triggers in the database, whichever door the change came through.

Every tracked table has an append-only table of events, filled by statement-level triggers. The
application says who acts (`actors.acting`); PostgreSQL refuses a write of the application that has
no actor, and records raw SQL under its database role (migration `0003_actors`).
"""

import pghistory
import pgtrigger
from django.db import models
from pghistory.models import Event

# Bookkeeping of the row itself: no change that anybody would look for.
UNTOLD = ("created_at", "updated_at")


class HistoryEvent(Event):
    """One state of a row. The identifiers are wide enough for the whole country."""

    pgh_id = models.BigAutoField(primary_key=True)

    class Meta:
        abstract = True


def tracked(*, exclude=(), inserts=True, model_name=None, app_label=None):
    """Class decorator: every insert, update and delete of the model leaves an event.

    `exclude` names fields whose values must not be kept twice (passwords, sealed numbers).
    `inserts=False` is for reference data that a release brings along.
    A model with a `version` gets the trigger that raises it.
    """

    def track(model):
        untold = {f.name for f in model._meta.local_fields} & set(UNTOLD)
        events = [pghistory.UpdateEvent(), pghistory.DeleteEvent()]
        if inserts:
            events.insert(0, pghistory.InsertEvent())
        pghistory.track(
            *events,
            exclude=sorted(untold | set(exclude)),
            level=pghistory.Statement,
            append_only=True,
            base_model=HistoryEvent,
            model_name=model_name or f"{model.__name__}Event",
            app_label=app_label,
        )(model)
        if "version" in {f.name for f in model._meta.local_fields}:
            pgtrigger.register(raise_version(sorted(untold | set(exclude))))(model)
        return model

    return track


def raise_version(untold):
    """The trigger that counts the changes of a row, so that an edit can tell it has aged."""
    return pgtrigger.Trigger(
        name="version",
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        condition=pgtrigger.AnyChange(exclude=untold),
        func="NEW.version = OLD.version + 1; RETURN NEW;",
    )
