"""What the database keeps true about the registry, and whose rows are whose."""

from datetime import date

import pytest
from django.db import IntegrityError, InternalError, transaction

from cooperatives.models import (
    Consent,
    Cooperative,
    Member,
    NikClaim,
    Officer,
    Person,
    Proposal,
    YearlySnapshot,
)
from malaka_portal.models import User
from tests.factories.cooperatives import (
    AmendmentFactory,
    ConsentFactory,
    CooperativeFactory,
    MemberFactory,
    NikClaimFactory,
    OfficerFactory,
    PersonFactory,
    ProposalFactory,
    StatusChangeFactory,
    YearlySnapshotFactory,
    decided,
    with_nik,
)
from tests.factories.portal import UserFactory, village

pytestmark = pytest.mark.django_db


def refused(make, **values):
    """The database itself refuses the row."""
    with pytest.raises(IntegrityError), transaction.atomic():
        make(**values)
    return True


@pytest.mark.parametrize(
    ("make", "values"),
    [
        (CooperativeFactory, {"registry_number": "123"}),
        (CooperativeFactory, {"fiscal_year_end": 13}),
        (CooperativeFactory, {"latitude": "-9.5"}),
        (
            CooperativeFactory,
            {
                "certificate_issued_on": date(2025, 1, 2),
                "certificate_valid_until": date(2025, 1, 1),
            },
        ),
        (YearlySnapshotFactory, {"fiscal_year": 25}),
        (YearlySnapshotFactory, {"total_assets": -1}),
        (YearlySnapshotFactory, {"external_capital": -1}),
        (YearlySnapshotFactory, {"business_volume": -1}),
        (PersonFactory, {"nik_state": "confirmed"}),
        (PersonFactory, {"nik_hash": "0" * 64, "nik_cipher": b"x"}),
        (PersonFactory, {"nik_missing": ""}),
        (PersonFactory, {"nik_state": "joined"}),
        (PersonFactory, {"birth_year": 90}),
        (PersonFactory, {"birth_year": 1990, "born_on": date(1990, 7, 5)}),
        (ConsentFactory, {"given_on": date(2026, 2, 1), "withdrawn_on": date(2026, 1, 1)}),
        (ConsentFactory, {"channel": "spoken"}),
        (OfficerFactory, {"started_on": date(2024, 1, 1), "ended_on": date(2024, 1, 1)}),
        (OfficerFactory, {"body": "supervisors", "role": "treasurer"}),
        (MemberFactory, {"left_on": date(2023, 1, 1), "left_reason": "request"}),
        (MemberFactory, {"left_on": date(2025, 1, 1)}),
        (MemberFactory, {"left_reason": "moved"}),
        (NikClaimFactory, {"status": "confirmed"}),
        (ProposalFactory, {"status": "accepted"}),
    ],
)
def test_the_database_refuses_a_row_that_cannot_be(make, values):
    assert refused(make, **values)


def test_a_registry_number_belongs_to_one_cooperative():
    CooperativeFactory(registry_number="3275070060001")

    assert refused(CooperativeFactory, registry_number="3275070060001")


def test_an_amendment_is_recorded_once():
    first = AmendmentFactory()

    assert refused(AmendmentFactory, cooperative=first.cooperative, number=first.number)


def test_a_member_number_is_unique_within_its_cooperative_only():
    first = MemberFactory(number="7")

    assert refused(MemberFactory, cooperative=first.cooperative, number="7")
    assert MemberFactory(number="7").number == "7"


def test_a_person_has_one_open_line_per_cooperative():
    first = MemberFactory(left_on=date(2024, 6, 1), left_reason="moved")
    again = MemberFactory(cooperative=first.cooperative, person=first.person)

    assert refused(MemberFactory, cooperative=first.cooperative, person=again.person)


def test_a_consent_is_in_force_once():
    first = ConsentFactory()

    assert refused(ConsentFactory, person=first.person)
    assert list(Consent.objects.in_force()) == [first]


def test_a_nik_belongs_to_one_person():
    with_nik(PersonFactory())

    assert refused(lambda: with_nik(PersonFactory()))


def test_one_claim_per_person_waits_for_its_check():
    claim = NikClaimFactory()
    NikClaimFactory(person=claim.person, **decided("refused"))

    assert refused(NikClaimFactory, person=claim.person)


def test_a_record_is_not_joined_into_itself():
    person = PersonFactory()

    assert refused(
        lambda: Person.objects.filter(pk=person.pk).update(joined_into=person, nik_state="joined")
    )


def test_one_chair_at_a_time_and_the_next_may_begin_the_day_the_term_ends():
    first = OfficerFactory(role="chair", ended_on=date(2026, 1, 1))

    assert refused(
        OfficerFactory,
        cooperative=first.cooperative,
        role="chair",
        started_on=date(2025, 12, 31),
    )
    assert OfficerFactory(
        cooperative=first.cooperative, role="chair", started_on=date(2026, 1, 1)
    ).pk


def test_nobody_is_on_the_board_and_among_the_supervisors_at_once():
    term = OfficerFactory(ended_on=date(2025, 1, 1))
    both = {"cooperative": term.cooperative, "person": term.person, "body": "supervisors"}

    assert refused(OfficerFactory, **both, role="member", started_on=date(2024, 12, 1))
    assert OfficerFactory(**both, role="member", started_on=date(2025, 1, 1)).pk


def test_the_same_office_is_not_held_twice_at_once():
    term = OfficerFactory()

    assert refused(
        OfficerFactory,
        cooperative=term.cooperative,
        person=term.person,
        started_on=date(2025, 1, 1),
    )


def test_yearly_figures_are_never_overwritten_and_a_correction_counts():
    first = YearlySnapshotFactory(members_female=20)
    with pytest.raises(InternalError), transaction.atomic():
        YearlySnapshot.objects.update(members_female=21)
    later = YearlySnapshotFactory(cooperative=first.cooperative, members_female=21)

    assert list(YearlySnapshot.objects.current()) == [later]


def test_the_status_follows_its_latest_change_whichever_comes_in_last():
    cooperative = CooperativeFactory()
    StatusChangeFactory(cooperative=cooperative, status="frozen", since=date(2026, 2, 1))
    StatusChangeFactory(cooperative=cooperative, status="inactive", since=date(2025, 2, 1))

    cooperative.refresh_from_db()

    assert cooperative.status == "frozen"
    assert list(Cooperative.objects.active()) == []


def test_lines_follow_the_name_and_the_district_of_their_person():
    member = MemberFactory()
    member.person.name = "Agustina Hoar"
    member.person.village = village("53.21.02.2001", "Kletek")
    member.person.save()
    member.refresh_from_db()
    member.person.refresh_from_db()

    assert (member.name_key, member.district_id) == (member.person.name_key, "53.21.02")

    member.number = "9"
    member.name_key = "stale"
    member.save()
    member.refresh_from_db()

    assert member.name_key == member.person.name_key


def test_every_change_raises_the_version_and_a_save_without_change_does_not():
    member = MemberFactory()
    Member.objects.filter(pk=member.pk).update(number="8")
    member.refresh_from_db()
    member.save()
    member.refresh_from_db()

    assert member.version == 2


def test_the_register_as_of_a_day():
    here = MemberFactory(joined_on=date(2024, 1, 2))
    gone = MemberFactory(
        joined_on=date(2024, 1, 2), left_on=date(2024, 6, 1), left_reason="deceased"
    )

    days = [date(2024, 1, 1), date(2024, 1, 2), date(2024, 5, 31), date(2024, 6, 1)]

    assert [set(Member.objects.on(day)) for day in days] == [
        set(),
        {here, gone},
        {here, gone},
        {here},
    ]
    assert list(Member.objects.current()) == [here]


# --- whose rows -----------------------------------------------------------------------------------
def anew(user):
    """As a request loads the user."""
    return User.objects.get(pk=user.pk)


@pytest.fixture
def ours():
    """A member's line in a cooperative with a board member and a supervisor; and one elsewhere."""
    term = OfficerFactory()
    OfficerFactory(cooperative=term.cooperative, body="supervisors", role="member")
    MemberFactory()
    return MemberFactory(cooperative=term.cooperative)


def board_of(line):
    return anew(line.cooperative.officers.get(body="board").user)


def supervisor_of(line):
    return anew(line.cooperative.officers.get(body="supervisors").user)


def test_the_board_writes_its_register_and_the_supervisors_read_it(ours):
    board, supervisor = board_of(ours), supervisor_of(ours)

    assert list(Member.objects.managed_by(board)) == [ours]
    assert list(Member.objects.visible_to(board)) == [ours]
    assert list(Member.objects.managed_by(supervisor)) == []
    assert list(Member.objects.visible_to(supervisor)) == [ours]


def test_an_ended_term_sees_nothing(ours):
    ours.cooperative.officers.update(ended_on=date(2025, 1, 1))

    assert list(Member.objects.visible_to(board_of(ours))) == []
    assert list(Cooperative.objects.visible_to(board_of(ours))) == []
    assert list(Person.objects.visible_to(board_of(ours))) == []


def test_a_term_that_has_not_begun_sees_nothing(ours):
    ours.cooperative.officers.update(started_on=date(2999, 1, 1))

    assert list(Member.objects.visible_to(board_of(ours))) == []


def test_people_are_seen_through_their_lines_and_changed_when_all_are_ours(ours):
    board = board_of(ours)
    officers = set(Person.objects.filter(terms__cooperative=ours.cooperative))

    assert set(Person.objects.seen_by(board)) == {ours.person} | officers
    assert set(Person.objects.managed_by(board)) == {ours.person} | officers

    MemberFactory(person=ours.person)

    assert set(Person.objects.seen_by(board)) == {ours.person} | officers
    assert set(Person.objects.managed_by(board)) == officers


def test_rights_of_groups_hold_within_the_area(ours):
    elsewhere = MemberFactory(
        cooperative=CooperativeFactory(village=village("33.01.01.2001", "Jauh")),
        person=PersonFactory(village=village("33.01.01.2001", "Jauh")),
    )
    granted = ["cooperatives.view_member", "cooperatives.view_person"]
    user = UserFactory(granted=granted, area=village().parent.parent)

    assert set(Member.objects.visible_to(user)) == set(Member.objects.all()) - {elsewhere}
    assert elsewhere.person not in Person.objects.visible_to(user)
    assert elsewhere in Member.objects.visible_to(anew(UserFactory(granted=granted)))


def test_claims_and_proposals_belong_to_the_cooperative_that_made_them(ours):
    claim, proposal = (
        make(cooperative=ours.cooperative) for make in (NikClaimFactory, ProposalFactory)
    )
    NikClaimFactory(), ProposalFactory()
    board = board_of(ours)

    assert list(NikClaim.objects.visible_to(board)) == [claim]
    assert list(Proposal.objects.visible_to(board)) == [proposal]
    assert list(NikClaim.objects.pending()) == list(NikClaim.objects.all())
    assert list(Proposal.objects.pending()) == list(Proposal.objects.all())


def test_officers_read_the_terms_and_the_office_writes_them(ours):
    board = board_of(ours)

    assert list(Officer.objects.managed_by(board)) == []
    assert set(Officer.objects.visible_to(board)) == set(ours.cooperative.officers.all())
