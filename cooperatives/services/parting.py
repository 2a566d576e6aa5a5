"""Taking a joining back: both records as they were, or the reasons why that cannot be any more."""

from django.apps import apps
from django.contrib.postgres.functions import TransactionNow
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cooperatives.models import Joining, Person, Suspicion
from cooperatives.services import moving
from cooperatives.services.duplicates import compare_again
from cooperatives.services.joining import lock_people, pair_of, put
from cooperatives.services.keeping import DUPLICATE, SURVIVOR
from cooperatives.services.packing import packed, unpacked


@transaction.atomic
def undo_joining(*, joining, by):
    """Both records are as before; returns the Joining. ValidationError says what later work
    stands in the way, or that it is too late."""
    duplicate, survivor = lock_people(joining.duplicate, joining.survivor)
    lock_rows(joining)
    joining = Joining.objects.select_for_update(of=("self",)).get(pk=joining.pk)
    if refusals := list(reasons_against(joining, duplicate, survivor)):
        raise ValidationError(refusals)
    # first: no row goes to a record that is joined into another
    put(duplicate, unpacked(Person, joining.before[DUPLICATE]))
    for label, rows in rows_by_model(joining):
        model = apps.get_model(label)
        changes = [(row["pk"], unpacked(model, row["before"])) for row in reversed(rows)]
        if told := moving.write(model, changes):
            raise ValidationError(told)
    put(survivor, unpacked(Person, joining.before[SURVIVOR]))
    joining.undone_by, joining.undone_at = by, TransactionNow()
    joining.save()
    joining.refresh_from_db(fields=["undone_at"])
    pair_of(survivor, duplicate).filter(status=Suspicion.Status.JOINED).update(
        status=Suspicion.Status.PENDING, decided_by=None, decided_at=None
    )
    compare_again([survivor.pk])
    return joining


def lock_rows(joining):
    for label, rows in rows_by_model(joining):
        kept = apps.get_model(label)._base_manager.order_by("pk").select_for_update(of=("self",))
        list(kept.filter(pk__in=[row["pk"] for row in rows]).values_list("pk"))


def rows_by_model(joining):
    """What moved, as [(model's label, rows)]."""
    found = {}
    for row in joining.moved:
        found.setdefault(row["model"], []).append(row)
    return list(found.items())


def reasons_against(joining, duplicate=None, survivor=None):
    """Why a joining cannot be undone any more, in sentences; the people as locked, if they are."""
    duplicate, survivor = duplicate or joining.duplicate, survivor or joining.survivor
    if joining.undone_at:
        yield _("This joining has been undone already.")
        return
    if not joining.is_open:
        yield _("It was joined more than 30 days ago, so it stays as it is.")
        return
    if survivor.joined_into_id:
        yield _("%(name)s has been joined into another record since. Undo that joining first.") % {
            "name": survivor
        }
    for person, role in ((duplicate, DUPLICATE), (survivor, SURVIVOR)):
        if changed := changed_columns(person, joining.after[role]):
            yield _("%(name)s was changed after the joining: %(fields)s.") % {
                "name": person,
                "fields": ", ".join(
                    str(Person._meta.get_field(column).verbose_name) for column in changed
                ),
            }
    yield from rows_in_the_way(joining)


def changed_columns(row, after):
    """The columns of `row` that no longer hold the values of `after`."""
    return [column for column, value in after.items() if packed(getattr(row, column)) != value]


def rows_in_the_way(joining):
    """Moved rows that are gone or somebody else's by now."""
    for label, rows in rows_by_model(joining):
        model = apps.get_model(label)
        found = model._base_manager.in_bulk([row["pk"] for row in rows])
        for row in rows:
            now = found.get(row["pk"])
            if now is None or changed_columns(now, row["after"]):
                yield _("%(table)s: %(row)s was changed after the joining.") % {
                    "table": capfirst(str(model._meta.verbose_name)),
                    "row": now or row["pk"],
                }
