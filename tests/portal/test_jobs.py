"""The regular jobs: when they are due, that none is done twice, and what a failure leaves."""

import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from datetime import time as time_of_day

import pytest
import time_machine
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from cooperatives.models import CooperativeSummary, RegionSummary
from malaka_portal import jobs
from malaka_portal.jobs import Job
from malaka_portal.models import JobRun
from tests.factories.cooperatives import CooperativeFactory
from tests.factories.portal import JobRunFactory, UserFactory

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)  # in Malaka
MINUTE = timedelta(minutes=1)


def last(started=None, done=None):
    return JobRun(name="x", started_at=started, done_at=done)


@pytest.mark.parametrize(
    ("run", "due"),
    [
        (None, True),
        (last(), True),
        (last(NOON, NOON), False),
        (last(NOON - 0.9 * MINUTE, NOON - 0.9 * MINUTE), False),
        (last(NOON - MINUTE, NOON - MINUTE), True),
        (last(NOON - 0.5 * MINUTE, NOON - 5 * MINUTE), False),  # failed, or runs now
        (last(NOON - MINUTE, NOON - 5 * MINUTE), True),
    ],
)
def test_a_job_of_every_minute(run, due):
    assert Job("x", None, every=MINUTE).is_due(run, NOON) is due


def wita(day, hour, minute=0):
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("now", "run", "due"),
    [
        (wita(24, 2, 14), last(wita(23, 2, 15), wita(23, 2, 15)), False),
        (wita(24, 2, 15), last(wita(23, 2, 15), wita(23, 2, 15)), True),
        (wita(24, 12), last(wita(24, 2, 15), wita(24, 2, 16)), False),
        (wita(24, 12), last(wita(22, 2, 15), wita(22, 2, 15)), True),  # nobody worked at night
        (wita(24, 3), last(wita(24, 2, 15), wita(23, 2, 15)), False),  # failed just now
        (wita(24, 3, 15), last(wita(24, 2, 15), wita(23, 2, 15)), True),
    ],
)
def test_a_job_of_every_night(now, run, due):
    assert Job("x", None, at=time_of_day(2, 15)).is_due(run, now) is due


@pytest.mark.parametrize("given", [{}, {"every": MINUTE, "at": time_of_day(1)}])
def test_a_job_says_when(given):
    with pytest.raises(TypeError):
        jobs.job(**given)(lambda: None)


def run_in_threads(job, count=8):
    """How often the job ran when so many workers looked at the same moment."""
    together = threading.Barrier(count)
    ran = []

    def work():
        together.wait()
        ran.extend(jobs.run_due(NOON, {job.name: job}))
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(ran)


@pytest.fixture
def slow_job():
    begun = []

    def slow():
        begun.append(1)
        time.sleep(0.2)

    return Job("slow", slow, every=MINUTE), begun


@pytest.mark.django_db(transaction=True)
def test_of_many_workers_one_does_the_job(slow_job):
    job, begun = slow_job

    assert (run_in_threads(job), len(begun)) == (1, 1)
    assert jobs.run_due(NOON + 0.5 * MINUTE, {"slow": job}) == []
    assert jobs.run_due(NOON + MINUTE, {"slow": job}) == ["slow"]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_several_do_it(slow_job, monkeypatch):
    """The control: if one did it all the same, the test above would prove nothing."""
    job, begun = slow_job
    JobRunFactory(name="slow")
    together, read = threading.Barrier(8), JobRun.objects.get_or_create

    def read_together(**values):
        row = read(**values)
        together.wait(5)
        return row

    monkeypatch.setattr(jobs, "locked", contextmanager(lambda name: (yield True)))
    monkeypatch.setattr(JobRun.objects, "get_or_create", read_together)

    assert (run_in_threads(job), len(begun)) == (8, 8)


@pytest.mark.django_db(transaction=True)
def test_a_worker_that_is_killed_leaves_its_job_to_the_others():
    """A lock lives as long as the connection that took it, and no longer."""
    held, gone = threading.Event(), threading.Event()

    def die_at_work():
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        lock = jobs.locked("x")
        assert lock.__enter__() is True
        held.set()
        gone.wait(5)
        connection.close()  # without having let go of the lock

    thread = threading.Thread(target=die_at_work)
    thread.start()
    held.wait(5)
    job = Job("x", lambda: None, every=MINUTE)
    while_held = jobs.run_due(NOON, {"x": job})
    gone.set()
    thread.join()

    assert while_held == []
    for _ in range(50):  # the server notices the end of a connection a moment later
        if jobs.run_due(NOON, {"x": job}):
            return
        time.sleep(0.05)
    raise AssertionError("the lock stayed")


@pytest.mark.django_db
def test_a_job_that_fails_stops_no_other_and_tells_no_more_than_its_kind(caplog):
    def bad():
        raise ValueError("5321104507909001 is odd")

    ran = []
    made = {
        "bad": Job("bad", bad, every=MINUTE),
        "good": Job("good", lambda: ran.append(1), every=MINUTE),
    }
    assert jobs.run_due(NOON, made) == ["bad", "good"]

    failed, done = JobRun.objects.in_bulk(["bad", "good"]).values()
    assert ran == [1]
    assert (failed.error, failed.done_at, failed.started_at) == ("ValueError", None, NOON)
    assert (done.error, done.done_at) == ("", NOON)
    assert "The job bad failed." in caplog.text


@pytest.mark.django_db
def test_the_worker_rolls_up_and_checks_and_clears(capsys):
    CooperativeFactory()
    call_command("work", once=True)

    assert sorted(capsys.readouterr().out.split()) == [
        "check_summaries",
        "clear_sessions",
        "find_duplicates",
        "forget_files",
        "forget_replaced_copies",
        "roll_up",
        "work_on_imports",
    ]
    assert RegionSummary.objects.nation().cooperatives == 1
    assert [run.error for run in JobRun.objects.all()] == [""] * 7
    call_command("work", once=True)
    assert capsys.readouterr().out == ""


@pytest.mark.django_db
def test_a_wrong_summary_is_told_as_a_failed_job(monkeypatch):
    CooperativeFactory()
    CooperativeSummary.objects.update(products=3)
    monkeypatch.setattr("cooperatives.services.summary.SHARES", 1)
    call_command("work", once=True)

    assert JobRun.objects.get(name="check_summaries").error == "SummariesDiffer"


@pytest.mark.django_db
@time_machine.travel("2026-11-24 04:00Z", tick=False)
def test_the_back_office_shows_the_jobs(client):
    JobRunFactory(name="roll_up", error="ValueError")
    client.force_login(UserFactory(is_superuser=True, is_staff=True))

    assert "ValueError" in client.get(reverse("admin:malaka_portal_jobrun_changelist")).text
