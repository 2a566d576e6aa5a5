"""Acts that write several records: the result, and all or nothing."""

import re
import threading
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from cooperatives import services
from cooperatives.models import Cooperative, Member, NikClaim, Officer, Person
from malaka_portal.actors import acting
from malaka_portal.models import User
from tests.factories.cooperatives import (
    NIK,
    OTHER_NIK,
    ConsentFactory,
    CooperativeFactory,
    MemberFactory,
    NikClaimFactory,
    OfficerFactory,
    PersonFactory,
    decided,
    with_nik,
)
from tests.factories.portal import UserFactory, village

pytestmark = pytest.mark.django_db


def register(cooperative, nik=NIK, name="Emerensiana Abuk"):
    person = Person(name=name, sex="P", village=village())
    return services.register_member(cooperative=cooperative, person=person, nik=nik)


def test_a_new_member_gets_the_next_number_and_the_nik_waits():
    cooperative = CooperativeFactory(member_number_prefix="TFM")
    MemberFactory(cooperative=cooperative, number="TFM-0001")

    member = register(cooperative)

    claim = NikClaim.objects.get()
    assert member.number == "TFM-0002"
    assert (claim.person, claim.cooperative, claim.status) == (
        member.person,
        cooperative,
        "pending",
    )
    assert claim.national_id() == NIK
    member.person.refresh_from_db()
    assert (member.person.nik_state, member.person.nik_hash) == ("claimed", None)


def test_a_number_taken_in_small_letters_is_passed_over():
    cooperative = CooperativeFactory(member_number_prefix="TFM")
    MemberFactory(cooperative=cooperative, number="tfm-0001")

    assert register(cooperative).number == "TFM-0002"


def test_without_a_prefix_the_number_is_digits_alone():
    assert register(CooperativeFactory(member_number_prefix="")).number == "0001"


def test_a_broken_rule_leaves_nothing_behind():
    cooperative = CooperativeFactory()

    with pytest.raises(ValidationError):
        register(cooperative, name="x" * 101)

    assert (Person.objects.count(), Member.objects.count(), NikClaim.objects.count()) == (0, 0, 0)


ACTOR = r"^SELECT set_config\(.*?true\); "
VALUES = r"'(?:[^']|'')*'(::\w+)?|\b\d+\b|s\d+_x\d+"


def statements(act):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        act()
    return [re.sub(VALUES, "?", re.sub(ACTOR, "", q["sql"])) for q in queries]


def test_a_known_and_an_unknown_nik_ask_the_same_of_the_database():
    ours, theirs = CooperativeFactory(), CooperativeFactory()
    with_nik(MemberFactory(cooperative=theirs).person, NIK)
    register(ours, "")  # the serial of the first number is behind us

    known = statements(lambda: register(ours, NIK))
    unknown = statements(lambda: register(ours, OTHER_NIK))

    assert len(known) > 5
    assert known == unknown


def test_the_own_register_knows_its_own_numbers_only():
    ours, theirs = CooperativeFactory(), CooperativeFactory()
    with_nik(MemberFactory(cooperative=theirs).person, NIK)
    claimed = register(ours, OTHER_NIK)

    assert services.line_with_national_id(ours, NIK) is None
    assert services.line_with_national_id(ours, OTHER_NIK) == claimed


# --- deciding a claim ---------------------------------------------------------------------------
def test_confirming_moves_the_number_to_the_person():
    claim, staff = NikClaimFactory(), UserFactory()

    services.confirm_claim(claim=claim, by=staff)

    claim.refresh_from_db()
    person = Person.objects.with_national_id(NIK).get()
    assert (person, person.national_id(), person.nik_state) == (claim.person, NIK, "confirmed")
    assert (claim.status, claim.decided_by) == ("confirmed", staff)


def test_confirming_a_number_that_somebody_holds_is_refused_and_joining_moves_the_lines():
    holder = with_nik(PersonFactory())
    line = MemberFactory()
    term = OfficerFactory(person=line.person)
    consent = ConsentFactory(person=line.person)
    claim = NikClaimFactory(person=line.person, cooperative=line.cooperative)

    with pytest.raises(ValidationError, match="KTP|NIK"):
        services.confirm_claim(claim=claim, by=UserFactory())
    services.join_claim(claim=claim, by=UserFactory())

    for row in (line, term, consent):
        row.refresh_from_db()
    duplicate = Person.objects.get(pk=claim.person_id)
    assert [row.person for row in (line, term, consent)] == [holder] * 3
    assert (duplicate.nik_state, duplicate.joined_into) == ("joined", holder)
    assert duplicate not in Person.objects.current()


def test_joining_two_members_of_one_register_is_refused_with_the_numbers():
    first = MemberFactory(number="1")
    with_nik(first.person)
    second = MemberFactory(number="2", cooperative=first.cooperative)
    claim = NikClaimFactory(person=second.person, cooperative=first.cooperative)

    with pytest.raises(ValidationError) as error:
        services.join_claim(claim=claim, by=UserFactory())

    assert "1" in error.value.messages[0] and "2" in error.value.messages[0]
    claim.refresh_from_db()
    assert claim.status == "pending"


def test_joining_without_anybody_to_join_is_refused():
    with pytest.raises(ValidationError):
        services.join_claim(claim=NikClaimFactory(), by=UserFactory())


def test_a_refused_number_leaves_the_person_without_one():
    member = register(CooperativeFactory())
    claim = NikClaim.objects.get()

    services.refuse_claim(claim=claim, by=UserFactory(), note="Angka terakhir salah")

    member.person.refresh_from_db()
    claim.refresh_from_db()
    assert (member.person.nik_state, member.person.nik_missing) == ("none", "unknown")
    assert (claim.status, claim.note) == ("refused", "Angka terakhir salah")


@pytest.mark.parametrize("act", ["confirm_claim", "join_claim", "refuse_claim"])
def test_what_is_decided_stays_decided(act):
    claim = NikClaimFactory(**decided("refused"))
    more = {"note": "lagi"} if act == "refuse_claim" else {}

    with pytest.raises(ValidationError):
        getattr(services, act)(claim=claim, by=UserFactory(), **more)


# --- leaving, ending, inviting -------------------------------------------------------------------
def test_a_line_is_closed_once():
    member = MemberFactory()
    closed = services.close_line(member=member, on=date(2025, 1, 1), reason="moved")

    assert (closed.left_on, closed.left_reason) == (date(2025, 1, 1), "moved")
    with pytest.raises(ValidationError):
        services.close_line(member=member, on=date(2025, 2, 1), reason="moved")


def test_a_line_is_not_closed_before_it_was_opened():
    member = MemberFactory(joined_on=date(2024, 1, 2))

    with pytest.raises(ValidationError):
        services.close_line(member=member, on=date(2024, 1, 1), reason="moved")

    member.refresh_from_db()
    assert member.left_on is None


def test_a_term_ends_once_and_with_it_the_access():
    officer = OfficerFactory()
    services.end_term(officer=officer, on=date(2025, 1, 1), reason="RAT 2024")

    user = User.objects.get(pk=officer.user_id)
    assert list(Cooperative.objects.visible_to(user)) == []
    with pytest.raises(ValidationError):
        services.end_term(officer=officer, on=date(2025, 2, 1), reason="")


def test_an_invited_officer_gets_an_account_without_rights_of_its_own():
    UserFactory(username="maria")
    officer = OfficerFactory(user=None, person__name="Maria Bria")

    user, code = services.invite_officer(officer=officer, by=UserFactory())

    officer.refresh_from_db()
    assert (user.username, officer.user) == ("maria2", user)
    assert not (user.is_staff or user.is_superuser or user.groups.exists())
    assert not user.has_usable_password()
    assert re.fullmatch(r"[A-Z0-9]{5}-[A-Z0-9]{5}", code)


def test_a_second_office_uses_the_account_of_the_first():
    first = OfficerFactory()
    second = OfficerFactory(person=first.person, user=None)

    user, _code = services.invite_officer(officer=second, by=UserFactory())

    assert user == first.user


def test_an_ended_term_is_not_invited():
    officer = OfficerFactory(user=None, ended_on=date(2025, 1, 1))

    with pytest.raises(ValidationError):
        services.invite_officer(officer=officer, by=UserFactory())

    assert Officer.objects.get().user is None


# --- at once ------------------------------------------------------------------------------------
def at_once(count, act):
    """Run `act` in as many threads, all starting together."""
    barrier = threading.Barrier(count)
    done, failed = [], []

    def run(number):
        try:
            with acting(command="test"):
                barrier.wait()
                done.append(act(number))
        except Exception as error:
            failed.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[n]) for n in range(count)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    return done, failed


@pytest.mark.django_db(transaction=True)
def test_members_saved_at_the_same_moment_get_different_numbers():
    cooperative = CooperativeFactory()

    done, failed = at_once(12, lambda n: register(cooperative, "", name=f"Orang {n}").number)

    assert failed == []
    assert sorted(done) == [f"TFM-{n:04d}" for n in range(1, 13)]


@pytest.mark.django_db(transaction=True)
def test_control_numbers_that_are_only_counted_collide():
    cooperative = CooperativeFactory()
    place = village()

    def count_and_save(number):
        serial = Member.objects.filter(cooperative=cooperative).count() + 1
        person = Person.objects.create(name=f"Orang {number}", village=place)
        Member.objects.create(cooperative=cooperative, person=person, number=f"{serial}")

    _done, failed = at_once(12, count_and_save)

    assert failed != []


@pytest.mark.django_db(transaction=True)
def test_two_who_confirm_the_same_number_leave_one_holder():
    claims = [NikClaimFactory(), NikClaimFactory()]
    staff = UserFactory()

    done, failed = at_once(2, lambda n: services.confirm_claim(claim=claims[n], by=staff))

    assert (len(done), [type(e) for e in failed]) == (1, [ValidationError])
    assert Person.objects.filter(nik_state="confirmed").count() == 1
