"""The regular jobs: which there are, and running those that are due.

An app registers its own in its module `jobs`. Any number of workers may call `run_due` at once:
a job holds an advisory lock of the database while it runs, which goes when its worker dies.

    @job(every=timedelta(minutes=1))
    def roll_up(): ...
"""

import logging
import zlib
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from malaka_portal.actors import acting
from malaka_portal.models import JobRun

LOCKS = 5321  # the first half of every job's lock, so that it is nobody else's
RETRY = timedelta(hours=1)  # until a daily job that failed is tried again
JOBS = {}
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """`run` takes nothing. It is due `every` so often, or once a day at `at` (WITA)."""

    name: str
    run: Callable
    every: timedelta | None = None
    at: time | None = None

    def is_due(self, last, now):
        """`last` is its JobRun, or None if it never ran."""
        if last is None or last.started_at is None:
            return True
        again = last.started_at + (self.every or RETRY)  # it failed, or runs at this moment
        return again <= now and not (last.done_at and self.is_done(last.done_at, now))

    def is_done(self, done_at, now):
        """Is what was done at `done_at` still enough?"""
        if self.every:
            return done_at + self.every > now
        local = timezone.localtime(now)
        today = datetime.combine(local.date(), self.at, tzinfo=local.tzinfo)
        return done_at >= (today if today <= now else today - timedelta(days=1))


def job(*, every=None, at=None):
    """Decorator: makes the function a regular job of its own name."""

    def register(run):
        if (every is None) == (at is None):
            raise TypeError("A job runs every so often, or at a time of the day.")
        JOBS[run.__name__] = Job(run.__name__, run, every, at)
        return run

    return register


def run_due(now=None, jobs=None):
    """Run every job that is due and that no other worker is running; returns their names."""
    now = now or timezone.now()
    jobs = JOBS if jobs is None else jobs
    known = JobRun.objects.in_bulk(list(jobs))
    due = [item for item in jobs.values() if item.is_due(known.get(item.name), now)]
    return [item.name for item in due if run_alone(item, now)]


def run_alone(item, now):
    """Run the job unless somebody else does, or did since we looked. Did we?"""
    with locked(item.name) as is_ours:
        if not is_ours:
            return False
        last, _made = JobRun.objects.get_or_create(name=item.name)
        if not item.is_due(last, now):
            return False
        last.started_at, last.finished_at = now, None
        last.save()
        last.error = attempt(item)
        last.finished_at = timezone.now()
        last.done_at = last.done_at if last.error else now
        last.save()
        return True


def attempt(item):
    """Run the job; the kind of error that stopped it, else nothing."""
    try:
        with acting(command="work", job=item.name):
            item.run()
    except Exception as error:
        log.exception("The job %s failed.", item.name)
        return type(error).__name__[:100]
    return ""


@contextmanager
def locked(name):
    """The advisory lock of `name`, if it is free: yields whether it is ours."""
    key = zlib.crc32(name.encode()) - 2**31
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [LOCKS, key])
        is_ours = cursor.fetchone()[0]
    try:
        yield is_ours
    finally:
        if is_ours and connection.connection and not connection.connection.closed:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCKS, key])


@job(at=time(3, 40))
def clear_sessions():
    """Sessions that have run out are kept by nobody."""
    call_command("clearsessions")
