"""A worker that is killed while it saves leaves nothing half done, and the next one finishes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.db import connection

from cooperatives.models import Member, Person
from malaka_portal.imports import acts, background
from malaka_portal.imports.kinds import KINDS
from malaka_portal.models import Import, ImportWrite
from tests.factories.cooperatives import CooperativeFactory
from tests.factories.portal import UserFactory
from tests.imports.test_wizard import GOOD, spreadsheet

pytestmark = pytest.mark.django_db(transaction=True)
ROOT = Path(__file__).parents[2]
WORKER = """
import sys
from django.conf import settings
settings.DATABASES["default"]["NAME"] = sys.argv[1]
import django
django.setup()
from malaka_portal.imports import background
background.work_on_imports()
"""
# The insert of the lines sleeps, as if there were many of them.
SLOW = """
CREATE FUNCTION slow_insert() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_sleep(3); RETURN NULL; END $$;
CREATE TRIGGER slow_insert BEFORE INSERT ON cooperatives_member
    FOR EACH STATEMENT EXECUTE FUNCTION slow_insert();
"""
QUICK = "DROP TRIGGER slow_insert ON cooperatives_member; DROP FUNCTION slow_insert();"


def run_sql(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


def is_asleep():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE wait_event = 'PgSleep' AND datname = current_database()"
        )
        return cursor.fetchone()[0] > 0


def wait_until(condition, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end and not condition():
        time.sleep(0.05)
    return condition()


@pytest.fixture
def slow():
    run_sql(SLOW)
    yield
    run_sql(QUICK)


def waiting_to_be_saved():
    user, cooperative = UserFactory(is_superuser=True), CooperativeFactory()
    file = spreadsheet(*((number, name, "", day) for number, name, _village, day in GOOD))
    row = acts.receive(kind=KINDS["members"], target=cooperative, upload=file, user=user)
    Import.objects.filter(pk=row.pk).update(state=Import.State.SAVING)
    return row


def start_worker():
    name = connection.settings_dict["NAME"]
    env = os.environ | {"DJANGO_SETTINGS_MODULE": "tests.settings"}
    return subprocess.Popen([sys.executable, "-c", WORKER, name], cwd=ROOT, env=env)


def test_a_worker_killed_in_mid_insert_leaves_nothing_and_the_next_one_saves(slow):
    row = waiting_to_be_saved()
    worker = start_worker()
    assert wait_until(is_asleep)
    os.kill(worker.pid, signal.SIGKILL)
    assert worker.wait(10) == -signal.SIGKILL

    assert wait_until(lambda: not is_asleep())
    row.refresh_from_db()
    found = [model.objects.count() for model in (Member, Person, ImportWrite)]
    assert (row.state, found) == (Import.State.SAVING, [0, 0, 0])

    background.work_on_imports()

    row.refresh_from_db()
    assert (row.state, Member.objects.count()) == (Import.State.SAVED, 2)


def test_control_a_worker_that_is_left_alone_saves(slow):
    row = waiting_to_be_saved()

    assert start_worker().wait(60) == 0

    row.refresh_from_db()
    assert (row.state, Member.objects.count()) == (Import.State.SAVED, 2)
