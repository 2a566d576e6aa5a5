"""What a worker does for the imports: long files, and files that are no longer needed."""

import logging
from datetime import time, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from malaka_portal.actors import acting
from malaka_portal.imports import acts
from malaka_portal.jobs import job
from malaka_portal.models import Import
from malaka_portal.models.importing import UNDO_DAYS

State = Import.State
log = logging.getLogger(__name__)


@job(every=timedelta(seconds=2))
def work_on_imports():
    """Check and save the long files that wait, the oldest first.

    Each file is one transaction, and its state says what is to be done: a worker that is killed
    in the middle leaves the state as it was, and the next one begins the file anew.
    """
    waiting = Import.objects.filter(state__in=[State.QUEUED, State.SAVING]).order_by("updated_at")
    for row in waiting:
        with acting(user=row.user_id, url=row.get_absolute_url(), job="work_on_imports"):
            work_on(row)


def work_on(row):
    """Do what the state of `row` says. A trouble is told on its page, and stops no other file."""
    try:
        acts.check(row) if row.state == State.QUEUED else acts.save(row)
    except ValidationError as error:
        give_back(row, error.messages[0])
    except Exception:
        log.exception("The import %d failed.", row.pk)
        give_back(row, _("The portal could not finish; nothing was saved. Try once more."))


def give_back(row, trouble):
    """To its user, with what went wrong."""
    state = State.CHECKED if row.state == State.SAVING else State.UPLOADED
    Import.objects.filter(pk=row.pk, state=row.state).update(
        state=state, trouble=trouble, updated_at=timezone.now()
    )


@job(at=time(3, 50))
def forget_files():
    """Files and lines are working papers: gone once a saved import can no longer be taken back,
    and when nobody has come back to a file for as long."""
    old = timezone.now() - timedelta(days=UNDO_DAYS)
    done = Q(state__in=[State.SAVED, State.UNDONE], saved_at__lt=old)
    left = Q(state__in=[State.UPLOADED, State.CHECKED], updated_at__lt=old)
    for row in Import.objects.filter(done | left).exclude(file=""):
        with acting(command="work", job="forget_files"):
            acts.forget(row)
