"""A consent is withdrawn while the record of its person is joined into another: no deadlock, and
nothing of what the person said is lost."""

import threading
from functools import partial

import pytest
from django.core.exceptions import ValidationError
from django.db import OperationalError, connection, transaction

from cooperatives import services
from cooperatives.models import Consent, Person, access
from cooperatives.services import joining as joinings
from malaka_portal.actors import acting
from tests.factories.cooperatives import ConsentFactory, PersonFactory
from tests.factories.portal import UserFactory, village

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts):
    """Run the acts in threads, all starting together; the errors."""
    barrier, failed = threading.Barrier(len(acts)), []

    def run(act):
        try:
            with acting(command="test"):
                barrier.wait(10)
                act()
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return failed


@pytest.fixture
def people():
    """Three records of one person, the last with a consent to be recorded."""
    place = village()
    found = [PersonFactory(name="Maria Bria", village=place) for _number in range(3)]
    ConsentFactory(person=found[2], purpose="record")
    return found


def join(duplicate, survivor):
    by = UserFactory()
    return lambda: services.join_people(duplicate=duplicate, survivor=survivor, by=by)


def is_heard(person):
    """Is the consent withdrawn, and out of the lists whoever holds it now, who is `person`?"""
    consent, holder = Consent.objects.get(), Person.objects.get(pk=person.pk)
    return (consent.withdrawn_on, consent.person, holder.is_withheld) == (
        access.today(),
        holder,
        True,
    )


# --- at any moment --------------------------------------------------------------------------------
def test_withdrawing_and_joining_at_the_same_moment_both_happen(people):
    survivor, _other, duplicate = people
    consent = Consent.objects.get()

    failed = at_once(lambda: services.withdraw_consent(consent=consent), join(duplicate, survivor))

    assert failed == []
    assert is_heard(survivor)


def test_the_consent_is_found_wherever_two_joinings_have_taken_it(people):
    last, second, first = people
    consent = Consent.objects.get()

    failed = at_once(
        join(first, second),
        join(second, last),
        lambda: services.withdraw_consent(consent=consent),
    )
    holder = Person.objects.get(pk=Consent.objects.get().person_id)

    assert {type(error) for error in failed} <= {ValidationError}  # of a record joined before
    assert holder.joined_into_id is None
    assert is_heard(holder)


def test_an_objection_is_not_written_on_a_record_that_has_just_been_joined(people):
    survivor, _other, duplicate = people
    Consent.objects.update(purpose="contact")
    failed = at_once(
        lambda: services.record_objection(person=duplicate, channel="written"),
        join(duplicate, survivor),
    )
    survivor.refresh_from_db()

    # either it went along, or whoever recorded it was told
    assert survivor.is_withheld == (failed == [])
    assert [error.code for error in failed] == ([] if survivor.is_withheld else ["joined"])


# --- at the worst moment --------------------------------------------------------------------------
def withdraw_as(withdraw, duplicate, survivor, monkeypatch):
    """Withdraw and join so that each waits until the other has its locks, if the other can have
    them; the errors."""
    consent_locked, people_locked = threading.Event(), threading.Event()
    save, lock = Consent.save, joinings.lock_people

    def save_late(row, *args, **kwargs):
        consent_locked.set()
        people_locked.wait(1)
        save(row, *args, **kwargs)

    def lock_late(*people):
        assert consent_locked.wait(10)
        found = lock(*people)
        people_locked.set()
        return found

    monkeypatch.setattr(Consent, "save", save_late)
    monkeypatch.setattr(joinings, "lock_people", lock_late)
    return at_once(withdraw, join(duplicate, survivor))


def stale(people):
    """The consent as a page showed it before the first joining."""
    last, second, first = people
    consent = Consent.objects.get()
    with acting(command="test"):
        join(first, second)()
    return consent, second, last


def test_at_the_worst_moment_nobody_waits_in_a_circle(people, monkeypatch):
    consent = Consent.objects.get()
    survivor, _other, duplicate = people
    withdraw = partial(services.withdraw_consent, consent=consent)

    assert withdraw_as(withdraw, duplicate, survivor, monkeypatch) == []
    assert is_heard(survivor)


def test_at_the_worst_moment_after_another_joining_nobody_waits_in_a_circle(people, monkeypatch):
    consent, duplicate, survivor = stale(people)
    withdraw = partial(services.withdraw_consent, consent=consent)

    assert withdraw_as(withdraw, duplicate, survivor, monkeypatch) == []
    assert is_heard(survivor)


def control(consent, *, person_first):
    """Withdraws with its locks in the wrong order, or with those of a person of yesterday."""
    with transaction.atomic():
        if person_first:
            Person.objects.select_for_update(of=("self",)).get(pk=consent.person_id)
        found = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
        found.withdrawn_on = access.today()
        found.save()


def test_control_the_consent_locked_first_is_a_circle(people, monkeypatch):
    consent = Consent.objects.get()
    withdraw = partial(control, consent, person_first=False)

    failed = withdraw_as(withdraw, people[2], people[0], monkeypatch)
    assert [type(error) for error in failed] == [OperationalError]
    assert "deadlock" in str(failed[0])


def test_control_the_person_of_yesterday_locked_first_is_a_circle(people, monkeypatch):
    consent, duplicate, survivor = stale(people)
    withdraw = partial(control, consent, person_first=True)

    failed = withdraw_as(withdraw, duplicate, survivor, monkeypatch)
    assert [type(error) for error in failed] == [OperationalError]
    assert "deadlock" in str(failed[0])
