"""A backup, made and restored as docs/operations.md says, is the portal again."""

import psycopg2
import pytest
from django.db import connection

from malaka_portal.actors import acting
from tests import programs
from tests.factories.cooperatives import MemberFactory, with_nik

pytestmark = pytest.mark.django_db(transaction=True)

TRIAL = "portal_restore_trial"
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1"
CHANGE = "UPDATE cooperatives_person SET hamlet = hamlet || '?' RETURNING version"
EVENTS = "SELECT pgh_label, hamlet FROM cooperatives_personevent ORDER BY pgh_id"


@pytest.fixture
def dump(tmp_path):
    with_nik(MemberFactory().person)
    with acting(command="test"), connection.cursor() as cursor:
        cursor.execute(CHANGE)
    path = tmp_path / "portal.dump"
    programs.run("pg_dump", "-Fc", f"--file={path}", "-d", connection.settings_dict["NAME"])
    return path


@pytest.fixture
def restored(dump):
    """Connects to the restored database, as psql does or as the portal (`app`)."""
    name = f"{TRIAL}_{connection.settings_dict['NAME']}"[:60]
    programs.run("dropdb", "--if-exists", name)
    programs.run("createdb", name)
    flags = ("--no-owner", "--exit-on-error", "--single-transaction")
    programs.run("pg_restore", *flags, f"--dbname={name}", str(dump))
    opened = []

    def connect(*, app):
        params = connection.get_connection_params()
        known = {k: params[k] for k in ("user", "host", "port", "password") if params.get(k)}
        options = "-c portal.app=on" if app else ""
        opened.append(psycopg2.connect(dbname=name, options=options, **known))
        return opened[-1].cursor()

    yield connect
    [each.close() for each in opened]
    programs.run("dropdb", name)


def rows(cursor, sql):
    cursor.execute(sql)
    return cursor.fetchall()


def test_everything_comes_back_and_the_triggers_work(restored):
    there = restored(app=False)
    with connection.cursor() as here:
        assert rows(here, TABLES) == rows(there, TABLES)
        for (table,) in rows(here, TABLES):
            count = f'SELECT count(*) FROM "{table}"'
            assert (table, rows(here, count)) == (table, rows(there, count))
        (version,) = rows(here, "SELECT version FROM cooperatives_person")[0]
        known = rows(here, EVENTS)

    assert rows(there, CHANGE) == [(version + 1,)]
    assert rows(there, EVENTS) == [*known, ("update", "??")]


def test_the_restored_database_refuses_a_write_without_an_actor(restored):
    with pytest.raises(psycopg2.errors.InsufficientPrivilege, match="without an actor"):
        restored(app=True).execute(CHANGE)


def test_a_dump_that_was_cut_off_is_noticed(dump):
    assert programs.run("pg_restore", "--file=/dev/null", str(dump)).returncode == 0
    dump.write_bytes(dump.read_bytes()[: dump.stat().st_size * 9 // 10])

    cut = programs.run("pg_restore", "--file=/dev/null", str(dump), check=False)

    assert cut.returncode == 1
