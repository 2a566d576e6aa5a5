"""Every write of a tracked row leaves an event that says who did it, through every door."""

import getpass
import sys
from contextlib import contextmanager

import psycopg2
import pytest
from django.db import DatabaseError, connection, transaction
from django.test import RequestFactory
from django.urls import reverse
from pghistory import runtime

import manage
from malaka_portal.actors import ActorMiddleware, acting
from malaka_portal.changes import changes_of
from malaka_portal.models import RegionAlias, User
from tests.factories.portal import RegionAliasFactory, RegionFactory, UserFactory, village


def forget_actor():
    """As at the start of a transaction: the settings of the one before are gone."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pghistory.context_id', '', true)")


@contextmanager
def nobody():
    """The test stops being the actor."""
    wrappers, connection.execute_wrappers[:] = list(connection.execute_wrappers), []
    yield
    connection.execute_wrappers[:] = wrappers


def who(row):
    return [change.who for change in changes_of(row, personal=True)]


@pytest.mark.django_db
def test_a_change_is_told_with_field_before_and_after():
    alias = RegionAliasFactory(name="Alas Sel")
    with acting(command="correct"):
        RegionAlias.objects.filter(pk=alias.pk).update(name="Alas Selat")

    (change,) = changes_of(alias, personal=True)

    assert (change.who, change.label) == ("perintah correct", "update")
    assert [(d.label, d.after) for d in change.differences] == [
        ("wilayah", "Alas Selatan"),
        ("nama", "Alas Selat"),
    ]


@pytest.mark.django_db
def test_a_user_is_named_and_only_what_differs_is_told(client):
    user = UserFactory(first_name="Yosefina", last_name="Bria", language="id")
    client.force_login(user)

    client.post(reverse("account"), {"language": "en"})
    latest = changes_of(user, personal=True)[0]

    assert latest.who == "Yosefina Bria"
    assert [(d.before, d.after) for d in latest.differences] == [("Bahasa Indonesia", "English")]


@pytest.mark.django_db
def test_a_password_and_a_sign_in_leave_no_event():
    user = UserFactory()
    before = user.pgh_event_model.objects.filter(pgh_obj=user).count()

    user.set_password("something else entirely")
    user.save()

    assert user.pgh_event_model.objects.filter(pgh_obj=user).count() == before
    kept = {f.name for f in user.pgh_event_model._meta.fields}
    assert kept & {"password", "last_login"} == set()


@pytest.mark.django_db
def test_a_write_of_the_portal_without_an_actor_is_refused():
    alias = RegionAliasFactory()
    forget_actor()

    with (
        nobody(),
        pytest.raises(DatabaseError, match="without an actor"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("UPDATE malaka_portal_regionalias SET name = 'x'")

    alias.refresh_from_db()
    assert alias.name != "x"


@pytest.mark.django_db
def test_copy_into_a_staging_table_then_insert_names_the_actor():
    RegionAliasFactory(name="first")
    with acting(command="import"), connection.cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE staging (name text) ON COMMIT DROP")
        cursor.execute("INSERT INTO staging VALUES ('first'), ('second')")
        cursor.execute(
            "UPDATE malaka_portal_regionalias a SET name = a.name || '!' FROM staging s"
            " WHERE a.name = s.name"
        )

    alias = RegionAlias.objects.get()

    assert (alias.name, who(alias)) == ("first!", ["perintah import"])


@pytest.mark.django_db(transaction=True)
def test_raw_sql_is_known_by_its_database_role():
    alias = RegionAliasFactory()
    settings = connection.get_connection_params()
    plain = {k: settings[k] for k in ("user", "host", "port", "password") if settings.get(k)}
    stranger = psycopg2.connect(dbname=connection.settings_dict["NAME"], **plain)
    with stranger, stranger.cursor() as cursor:
        cursor.execute("UPDATE malaka_portal_regionalias SET name = 'raw'")
        cursor.execute("SELECT session_user")
        (role,) = cursor.fetchone()
    stranger.close()

    assert who(alias) == [f"langsung di basis data, sebagai {role}"]


@pytest.mark.django_db
def test_events_cannot_be_changed_or_removed():
    alias = RegionAliasFactory()
    RegionAlias.objects.filter(pk=alias.pk).update(name="x")
    events = RegionAlias.pgh_event_model.objects.filter(pgh_obj_id=alias.pk)

    with pytest.raises(DatabaseError), transaction.atomic():
        events.update(name="y")
    with pytest.raises(DatabaseError), transaction.atomic():
        events._raw_delete("default")

    assert [e.name for e in events] == ["x"]


@pytest.mark.django_db
def test_giving_someone_a_group_is_remembered():
    from django.contrib.auth.models import Group

    from malaka_portal.models.user import UserGroup

    user, group = UserFactory(), Group.objects.create(name="Tenun")

    with acting(command="grant"):
        user.groups.add(group)

    event = UserGroup.pgh_event_model.objects.get(user=user)
    assert (event.group, event.pgh_label) == (group, "insert")
    assert event.pgh_context.metadata == {"command": "grant"}


@pytest.mark.django_db
def test_a_command_is_the_actor_of_what_it_writes(monkeypatch):
    region = RegionFactory()

    def execute(argv):
        User.objects.create(username="from-the-shell", area=region)

    monkeypatch.setattr("django.core.management.execute_from_command_line", execute)
    monkeypatch.setattr(sys, "argv", ["manage.py", "shell", "-c", "secret"])
    manage.main()

    user = User.objects.get(username="from-the-shell")
    event = user.pgh_event_model.objects.get(pgh_obj=user)
    assert event.pgh_context.metadata == {"command": "shell", "by": getpass.getuser()}


def test_only_requests_that_may_write_have_an_actor():
    seen = []

    def view(request):
        value = runtime._tracker.__dict__.get("value")
        seen.append(value and value.metadata.get("url"))

    middleware = ActorMiddleware(view)
    for method in ("get", "post"):
        request = getattr(RequestFactory(), method)("/orang/1/")
        request.user = User(pk=7)
        middleware(request)

    assert seen == [None, "/orang/1/"]


@pytest.mark.django_db
def test_telling_a_history_costs_the_same_for_one_change_and_three(django_assert_num_queries):
    counts = []
    for changes in (1, 3):
        alias = RegionAliasFactory(region=village())
        for number in range(changes):
            RegionAlias.objects.filter(pk=alias.pk).update(name=f"{changes}-{number}")
        with django_assert_num_queries(2):
            counts.append(len(changes_of(alias, personal=True)))

    assert counts == [1, 3]
