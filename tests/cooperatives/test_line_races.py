"""A line comes while its person objects to being recorded: whoever is first, it is left out."""

import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from cooperatives import services
from cooperatives.models import Member, Person, access
from malaka_portal.actors import acting
from tests.factories.cooperatives import CooperativeFactory, MemberFactory, PersonFactory
from tests.factories.portal import UserFactory, village

pytestmark = pytest.mark.django_db(transaction=True)
WAITS = 0.4  # seconds in which the other act would have passed if it could


def one_after_the_other(first, second):
    """Begin `second` while what `first` did is not committed; returns the errors."""
    done, failed = threading.Event(), []

    def run(act, before, after):
        try:
            with acting(command="test"), transaction.atomic():
                before()
                act()
                after()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    def hold():
        done.set()
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(%s)", [WAITS])

    def nothing():
        pass

    threads = [
        threading.Thread(target=run, args=[first, nothing, hold]),
        threading.Thread(target=run, args=[second, lambda: done.wait(10), nothing]),
    ]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return failed


def insert_line(person, cooperative):
    """A line past every service, as the back office or plain SQL write it."""
    return lambda: MemberFactory(person=person, cooperative=cooperative)


def object_(person):
    return lambda: services.record_objection(person=person, channel="written")


def race(*, line_first):
    """(errors, is the line left out of lists, is the person)"""
    person, cooperative = PersonFactory(village=village()), CooperativeFactory()
    acts = [insert_line(person, cooperative), object_(person)]
    failed = one_after_the_other(*(acts if line_first else reversed(acts)))
    line = Member.objects.get(person=person)
    return failed, line.is_withheld, Person.objects.get(pk=person.pk).is_withheld


def test_a_line_that_comes_before_the_objection_is_left_out():
    assert race(line_first=True) == ([], True, True)


def test_a_line_that_comes_after_the_objection_is_left_out():
    assert race(line_first=False) == ([], True, True)


def test_control_without_the_lock_the_line_stays_in_the_lists():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prosrc, p.oid::regprocedure FROM pg_proc p"
            " JOIN pg_trigger t ON t.tgfoid = p.oid"
            " WHERE t.tgrelid = 'cooperatives_member'::regclass"
            " AND tgname LIKE '%%again_from_person%%'"
        )
        body, name = cursor.fetchone()
        create = "CREATE OR REPLACE FUNCTION {} RETURNS trigger LANGUAGE plpgsql AS $body${}$body$"
        try:
            cursor.execute(create.format(name, "BEGIN RETURN NULL; END;"))
            found = race(line_first=True), race(line_first=False)
        finally:
            cursor.execute(create.format(name, body))

    assert found == (([], True, True), ([], False, True))


def test_a_line_that_comes_while_its_person_moves_and_is_renamed_follows():
    place = village("53.21.11.2001", "Kamanasa")
    person, cooperative = PersonFactory(village=village()), CooperativeFactory()
    rename = Person.objects.filter(pk=person.pk).update
    failed = one_after_the_other(
        lambda: rename(name="Yosefina Seran", village=place), insert_line(person, cooperative)
    )
    person.refresh_from_db()

    line = Member.objects.get()
    assert (failed, line.name_key, line.district_id) == ([], person.name_key, place.pk[:8])


# --- nobody waits in a circle ---------------------------------------------------------------------
def crossing(acts):
    """Run all acts at once, each in a transaction; returns the errors."""
    barrier, failed = threading.Barrier(len(acts)), []

    def run(act):
        try:
            with acting(command="test"):
                barrier.wait(20)
                act()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return failed


@pytest.mark.parametrize("turn", range(3))
def test_lines_objections_names_and_sexes_at_once_are_no_circle(turn):
    """Many lines of the same people in one statement, against all that changes people."""
    place, by = village(), UserFactory()
    people = [PersonFactory(name=f"Maria Bria {n}", village=place, sex="P") for n in range(12)]
    cooperatives = CooperativeFactory.create_batch(3)
    for person in people[:7]:
        MemberFactory(person=person, cooperative=cooperatives[0])

    def lines(cooperative, order):
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO cooperatives_member (created_at, updated_at, version, cooperative_id,"
                " person_id, number, status, joined_on, left_reason, name_key, name_order)"
                " SELECT now(), now(), 1, %s, id, 'X-' || id, 'member', '2024-01-02', '', '', ''"
                f" FROM cooperatives_person WHERE id = ANY(%s) ORDER BY id {order}",
                [cooperative.pk, [person.pk for person in people]],
            )

    def join():
        services.join_people(duplicate=people[7], survivor=people[6], by=by)

    def change_sex():
        """As whoever changes many people has to: locked first, in the order of the ids."""
        changed = Person.objects.filter(pk__in=[person.pk for person in people])
        with transaction.atomic():
            list(changed.order_by("pk").select_for_update().values_list("pk"))
            changed.update(sex="L")

    acts = [
        join,
        lambda: lines(cooperatives[1], "ASC"),
        lambda: lines(cooperatives[2], "DESC"),
        change_sex,
        lambda: Person.objects.filter(pk=people[3].pk).update(name="Yosefina Seran"),
        lambda: Member.objects.filter(person__in=people).update(status="candidate"),
        *(object_(person) for person in people[:3]),
        lambda: services.find_duplicates(),
    ]
    failed = crossing(acts)
    withheld = Member.objects.filter(person__in=people[:3])

    # whoever comes after the joining is refused, or their lines stand in its way: they are told
    told = (ValidationError, IntegrityError)
    assert [error for error in failed if not isinstance(error, told)] == []
    assert set(withheld.values_list("is_withheld", flat=True)) == {True}
    assert services.check_summaries(day=access.today(), whole=True) == []
