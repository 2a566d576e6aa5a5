"""The registry's regular jobs."""

from datetime import time, timedelta

from django.utils import timezone

from cooperatives import services
from malaka_portal.jobs import job

MOST_A_NIGHT = 1_000_000  # people compared: about two minutes


class SummariesDiffer(Exception):
    """Some summaries do not say what their rows say; `check_summaries --all --mend` mends them."""


@job(every=timedelta(minutes=1))
def roll_up():
    """The summaries of the regions and of the nation."""
    services.roll_up()


@job(at=time(2, 15))
def check_summaries():
    """A thirtieth part of the cooperatives' summaries against their rows."""
    if found := services.check_summaries(day=timezone.localdate()):
        raise SummariesDiffer(f"{len(found)} summaries, of the cooperatives {found[:20]}")


@job(at=time(1, 15))
def find_duplicates():
    """Whoever was written past Django since the last night is compared. What a night does not
    manage waits for the next one, or for the command of that name."""
    services.find_duplicates(most=MOST_A_NIGHT)


@job(at=time(2, 45))
def forget_replaced_copies():
    """Copies of papers that were replaced and that a crash has left behind."""
    services.forget_replaced_copies()
