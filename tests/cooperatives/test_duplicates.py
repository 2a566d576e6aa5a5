"""Who may be on record twice: which pairs are found, with which reasons, by which door."""

from datetime import date, time

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from cooperatives import jobs, services
from cooperatives.models import Person, PersonToCompare, Suspicion
from cooperatives.services import duplicates
from malaka_portal.jobs import JOBS
from tests.factories.cooperatives import (
    NIK,
    OTHER_NIK,
    JoiningFactory,
    PersonFactory,
    SuspicionFactory,
    with_nik,
)
from tests.factories.portal import UserFactory, village

pytestmark = pytest.mark.django_db
BORN = date(1985, 7, 5)
NEIGHBOUR = ("53.21.10.2005", "Alas Utara")
REGENCY = ("53.21.02.2001", "Kletek")
FAR = ("33.01.01.2001", "Jauh")


def pair(one, other):
    """The suspicion between two people made of these values, as (score, reasons); None if none."""
    first = PersonFactory(**{"sex": "", "name": "Emerensiana Abuk"} | one)
    second = PersonFactory(**{"sex": "", "name": "Emerensiana Abuk"} | other)
    services.find_duplicates()
    found = Suspicion.objects.filter(first=first, second=second).first()
    return found and (found.score, found.reasons)


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        # the same day of birth
        (
            {"born_on": BORN},
            {"born_on": BORN},
            (95, ["name_same", "born_same", "village_same"]),
        ),
        (
            {"born_on": BORN, "phones": ["+6281200000001"]},
            {"born_on": BORN, "phones": ["+6281200000002", "+6281200000001"]},
            (100, ["name_same", "born_same", "village_same", "phone_same"]),
        ),
        (
            {"born_on": BORN, "name": "Yoseph Klau"},
            {"born_on": BORN, "name": "Josef Klau"},
            (90, ["name_alike", "born_same", "village_same"]),
        ),
        (
            {"born_on": BORN, "name": "Emerensiana Abuk"},
            {"born_on": BORN, "name": "Emerenciana Abuk Bria"},
            (80, ["name_near", "born_same", "village_same"]),
        ),
        (
            {"born_on": BORN, "sex": "P", "name": "Yohana Bria"},
            {"born_on": BORN, "sex": "L", "name": "Yohanes Bria"},
            (55, ["name_near", "born_same", "village_same", "sex_differs"]),
        ),
        ({"born_on": BORN, "name": "Yosef Klau"}, {"born_on": BORN, "name": "Maria Un"}, None),
        ({"born_on": BORN, "name": "Yosef Klau"}, {"name": "Yosefina Klau"}, None),
        # the same name in one district
        (
            {"born_on": BORN},
            {"birth_year": 1985},
            (75, ["name_same", "year_same", "village_same"]),
        ),
        (
            {"birth_year": 1985},
            {"birth_year": 1985, "village": NEIGHBOUR},
            (68, ["name_same", "year_same", "district_same"]),
        ),
        (
            {"born_on": BORN},
            {"born_on": date(1985, 5, 7)},
            (75, ["name_same", "year_same", "village_same"]),
        ),
        ({}, {"born_on": BORN}, (55, ["name_same", "birth_unknown", "village_same"])),
        ({}, {}, (55, ["name_same", "birth_unknown", "village_same"])),
        ({}, {"village": NEIGHBOUR}, None),
        ({"birth_year": 1985}, {"birth_year": 1986}, None),
        ({"born_on": BORN}, {"born_on": date(1986, 7, 5)}, None),
        # far away
        ({"born_on": BORN}, {"born_on": BORN, "village": FAR}, (80, ["name_same", "born_same"])),
        (
            {"born_on": BORN},
            {"born_on": BORN, "village": None},
            (80, ["name_same", "born_same"]),
        ),
        (
            {"born_on": BORN, "name": "Emerenciana Abuk"},
            {"born_on": BORN, "village": REGENCY},
            (65, ["name_near", "born_same"]),
        ),
        ({"born_on": BORN, "name": "Emerenciana Abuk"}, {"born_on": BORN, "village": FAR}, None),
        ({"birth_year": 1985}, {"birth_year": 1985, "village": REGENCY}, None),
    ],
)
def test_a_pair_and_its_reasons(one, other, found):
    places = [
        values | {"village": village(*values["village"])} if values.get("village") else values
        for values in (one, other)
    ]

    assert pair(*places) == found


def test_every_reason_has_its_points_and_the_points_stay_in_range():
    best = sum(sign.points for sign in duplicates.SIGNS if sign.points > 0)

    assert {sign.reason for sign in duplicates.SIGNS} == set(Suspicion.Reason)
    assert best > 100  # more than any pair can have: some exclude each other
    assert 40 + 40 + 15 + 5 == 100


def test_two_checked_niks_are_two_people():
    one = with_nik(PersonFactory(name="Maria Bria", born_on=BORN), NIK)
    with_nik(PersonFactory(name="Maria Bria", born_on=BORN), OTHER_NIK)
    services.find_duplicates()
    assert Suspicion.objects.count() == 0

    third = PersonFactory(name="Maria Bria", born_on=BORN)
    services.find_duplicates()

    assert Suspicion.objects.filter(first=one, second=third).exists()
    assert Suspicion.objects.count() == 2


def test_who_was_joined_is_not_looked_at_again():
    joining = JoiningFactory(survivor__name="Maria Bria", survivor__born_on=BORN)
    Person.objects.filter(pk=joining.duplicate_id).update(born_on=BORN)
    services.find_duplicates()

    assert Suspicion.objects.count() == 0


def test_whoever_objects_to_being_recorded_is_not_compared():
    people = PersonFactory.create_batch(2, name="Maria Bria", born_on=BORN)
    services.find_duplicates()
    objection = services.record_objection(person=people[0], channel="written")
    assert Suspicion.objects.pending().listed().count() == 0
    services.find_duplicates()
    assert Suspicion.objects.count() == 0

    objection.delete()
    services.find_duplicates()

    assert Suspicion.objects.count() == 1


def test_the_reasons_make_a_sentence():
    found = SuspicionFactory.build(reasons=["name_near", "born_same"])

    near, born = Suspicion.Reason.NAME_NEAR.label, Suspicion.Reason.BORN_SAME.label
    assert found.why == f"{str(near)[0].upper()}{str(near)[1:]}, {born}"


# --- kept up to date ------------------------------------------------------------------------------
def waiting():
    return sorted(PersonToCompare.objects.values_list("person_id", flat=True))


def by_orm(person):
    person.birth_year = 1985
    person.save()


def by_update(person):
    Person.objects.filter(pk=person.pk).update(birth_year=1985)


def by_sql(person):
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE cooperatives_person SET birth_year = 1985 WHERE id = %s", [person.pk]
        )


@pytest.mark.parametrize("door", [by_orm, by_update, by_sql])
def test_whoever_is_changed_waits_to_be_compared_whichever_the_door(door):
    person, _other = PersonFactory(), PersonFactory()
    PersonToCompare.objects.all().delete()
    door(person)

    assert waiting() == [person.pk]


def test_whoever_is_recorded_waits_too():
    made = Person.objects.bulk_create(PersonFactory.build_batch(3, village=village()))

    assert waiting() == [person.pk for person in made]


def test_a_change_of_what_is_not_compared_queues_nobody():
    person = PersonFactory()
    PersonToCompare.objects.all().delete()
    person.hamlet = "Metamauk"
    person.save()

    assert waiting() == []


def test_the_queue_is_emptied_in_batches():
    PersonFactory.create_batch(5, name="Maria Bria")

    assert services.find_duplicates(batch=2) == 5
    assert (waiting(), Suspicion.objects.count()) == ([], 10)
    assert services.find_duplicates() == 0


def test_only_those_asked_for_are_compared():
    first = PersonFactory(name="Maria Bria")
    second = PersonFactory(name="Yosef Klau")

    assert services.find_duplicates(people=[second.pk]) == 1
    assert waiting() == [first.pk]


def test_a_suspicion_goes_and_changes_with_its_people():
    one = PersonFactory(name="Maria Bria", born_on=BORN)
    other = PersonFactory(name="Maria Bria", born_on=BORN)
    services.find_duplicates()
    Person.objects.filter(pk=other.pk).update(name="Maria Brya")
    services.find_duplicates()
    assert Suspicion.objects.get(first=one).reasons[0] == "name_alike"

    Person.objects.filter(pk=other.pk).update(name="Yosef Klau")
    services.find_duplicates()

    assert Suspicion.objects.count() == 0


@pytest.mark.parametrize("status", ["different", "joined"])
def test_what_somebody_decided_stays(status):
    people = PersonFactory.create_batch(2, name="Maria Bria", born_on=BORN)
    decided = {"status": status, "decided_by": UserFactory(), "decided_at": timezone.now()}
    found = SuspicionFactory(first=people[0], second=people[1], **decided)
    services.find_duplicates()
    Person.objects.filter(pk=people[1].pk).update(name="Yosef Klau")
    services.find_duplicates()

    found.refresh_from_db()
    assert (found.status, found.score) == (status, 80)
    assert list(Suspicion.objects.pending()) == []


def test_the_worker_compares_at_night_whoever_was_written_past_django():
    people = PersonFactory.create_batch(2, name="Maria Bria", born_on=BORN)
    jobs.find_duplicates()
    found = JOBS["find_duplicates"]

    assert Suspicion.objects.get().first == people[0]
    assert (waiting(), found.at, found.every) == ([], time(1, 15), None)


def test_a_night_compares_so_many_and_leaves_the_rest_to_the_next():
    PersonFactory.create_batch(5)

    assert services.find_duplicates(batch=2, most=3) == 4
    assert len(waiting()) == 1
    assert services.find_duplicates(batch=2, most=3) == 1


def test_the_command_says_how_many_it_compared(capsys):
    PersonFactory.create_batch(2)
    call_command("find_duplicates")

    assert capsys.readouterr().out == "2 changed records compared.\n"


@pytest.mark.django_db(transaction=True)
def test_whoever_is_saved_in_the_portal_is_compared_at_once():
    PersonFactory(name="Maria Bria", born_on=BORN)
    PersonFactory(name="Maria Bria", born_on=BORN)

    assert Suspicion.objects.count() == 1
    assert waiting() == []


def test_no_nik_is_in_a_suspicion():
    person = with_nik(PersonFactory(name="Maria Bria", born_on=BORN))
    PersonFactory(name="Maria Bria", born_on=BORN)
    services.find_duplicates()
    with connection.cursor() as cursor:
        cursor.execute("SELECT s::text FROM cooperatives_suspicion s")
        [(text,)] = cursor.fetchall()

    assert [n for n in (NIK, NIK[-4:], person.nik_hash) if n in text] == []


# --- constraints ----------------------------------------------------------------------------------
DECIDED = {"status": "different", "decided_at": timezone.now()}


@pytest.mark.parametrize(
    "values",
    [{"score": 101}, {"status": "joined"}, DECIDED, {"decided_at": timezone.now()}],
)
def test_the_database_refuses_a_suspicion_that_cannot_be(values):
    with pytest.raises(IntegrityError), transaction.atomic():
        SuspicionFactory(**values)


def test_a_pair_is_on_the_list_once_and_in_one_order():
    found = SuspicionFactory()

    for first, second in ((found.first, found.second), (found.second, found.first)):
        with pytest.raises(IntegrityError), transaction.atomic():
            SuspicionFactory(first=first, second=second)
    with pytest.raises(IntegrityError), transaction.atomic():
        SuspicionFactory(first=found.first, second=found.first)
