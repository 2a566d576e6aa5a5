"""The scratch databases, one for each number of members: made once and used again."""

import hashlib
import sys
import time
from pathlib import Path

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.db import connection, connections
from django.db.utils import load_backend

from bench import data
from bench.peers.models import copy_the_register
from cooperatives.models import Officer, Person
from cooperatives.services import roll_up
from malaka_portal.actors import acting
from malaka_portal.models import User
from malaka_portal.regions import load_regions

STAFF, OFFICER, SMALL, LOCAL, ADMIN = "staff", "officer", "small", "local", "admin"  # user names
NOBODY = ""  # somebody without an account
_wrappers = {}


def name_of(rows):
    return f"portal_bench_{rows}"


def use(rows):
    """Let the default connection be the database of `rows` members; the others stay open."""
    if rows not in _wrappers:
        home = connections.settings["default"]
        values = home | {"NAME": name_of(rows), "OPTIONS": dict(home["OPTIONS"])}
        _wrappers[rows] = load_backend(home["ENGINE"]).DatabaseWrapper(values, "default")
    connections["default"] = _wrappers[rows]


def forget(rows):
    if rows in _wrappers:
        _wrappers.pop(rows).close()


def fingerprint():
    """Changes with the generator and the schema: a database made by others is made anew."""
    sources = [data.__file__, __file__, *sorted(settings.BASE_DIR.glob("*/migrations/0*.py"))]
    return hashlib.sha256(b"".join(Path(path).read_bytes() for path in sources)).hexdigest()[:16]


def prepare(rows, *, fresh=False):
    """Make the database of `rows` members, unless there is one that fits; then use it."""
    home = connections.create_connection("default")
    with home._nodb_cursor() as cursor:
        cursor.execute(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s",
            [name_of(rows)],
        )
        found = cursor.fetchone()
        if found and (fresh or found[0] != fingerprint()):
            forget(rows)
            cursor.execute(f"DROP DATABASE {name_of(rows)}")
            found = None
        if not found:
            cursor.execute(f"CREATE DATABASE {name_of(rows)}")
    use(rows)
    if not found:
        make(rows)


def make(rows):
    began = time.monotonic()
    say(f"Making {name_of(rows)} ...")
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
    call_command("migrate", verbosity=0)
    load_regions_as_bench()
    largest = data.fill(rows)
    with acting(command="bench"):
        roll_up()
    make_users(rows, largest)
    copy_the_register()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
        cursor.execute(f"COMMENT ON DATABASE {name_of(rows)} IS '{fingerprint()}'")
        cursor.execute("RESET statement_timeout")
    say(f"Made in {time.monotonic() - began:.0f} s.")


def load_regions_as_bench():
    with acting(command="bench"):
        load_regions()


def make_users(rows, largest):
    """Staff who see every cooperative, staff of a small regency, the secretaries of the largest
    and of a middling cooperative, and an administrator for the peers' pages."""
    with acting(command="bench"):
        staff = User.objects.create(username=STAFF)
        local = User.objects.create(username=LOCAL, area_id=data.SMALL_REGENCY)
        for user in (staff, local):
            user.groups.add(Group.objects.get(name="Staf program"))
        User.objects.create(username=ADMIN, is_staff=True, is_superuser=True)
        make_secretary(OFFICER, largest)
        make_secretary(SMALL, largest + data.cooperatives_of(rows) // 2)


def make_secretary(username, cooperative):
    Officer.objects.create(
        cooperative_id=cooperative,
        person=Person.objects.filter(members__cooperative_id=cooperative).order_by("pk").first(),
        user=User.objects.create(username=username),
        body=Officer.Body.BOARD,
        role=Officer.Role.SECRETARY,
        started_on="2024-01-01",
    )


def say(text):
    print(text, file=sys.stderr, flush=True)
