"""What the database keeps true about enterprises and their papers; bands, and states of papers."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, transaction

from cooperatives.models import (
    Credential,
    Enterprise,
    EnterpriseSnapshot,
    IndustryCode,
    access,
)
from malaka_portal.models import Parameter
from tests.factories.cooperatives import PersonFactory
from tests.factories.enterprises import (
    CredentialFactory,
    EnterpriseFactory,
    EnterpriseMembershipFactory,
    EnterpriseSnapshotFactory,
    GroupMemberFactory,
    IndustryCodeFactory,
    SupportFactory,
)
from tests.factories.portal import ParameterFactory

pytestmark = pytest.mark.django_db
PLAIN = {"kind": "other", "number": "12/2024"}


def broken(make, **values):
    """The constraint that the database names when it refuses the row."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make(**values)
    return caught.value.__cause__.diag.constraint_name


BROKEN = [
    (EnterpriseFactory, {"owner": None}, "enterprise_individual_has_an_owner"),
    (EnterpriseFactory, {"status": "closed"}, "enterprise_closed_says_when"),
    (EnterpriseFactory, {"closed_on": date(2025, 1, 1)}, "enterprise_closed_says_when"),
    (
        EnterpriseFactory,
        {"status": "closed", "started_on": date(2025, 1, 2), "closed_on": date(2025, 1, 1)},
        "enterprise_closed_after_start",
    ),
    (EnterpriseFactory, {"decree_number": "1"}, "enterprise_decree_of_a_group"),
    (
        EnterpriseFactory,
        {"kind": "weavers", "decree_date": date(2025, 1, 1)},
        "enterprise_decree_of_a_group",
    ),
    (
        GroupMemberFactory,
        {"joined_on": date(2025, 1, 2), "left_on": date(2025, 1, 1)},
        "groupmember_left_after_joining",
    ),
    (
        EnterpriseMembershipFactory,
        {"since": date(2025, 1, 2), "until": date(2025, 1, 1)},
        "enterprisemembership_ends_after_start",
    ),
    (EnterpriseSnapshotFactory, {"year": 25}, "enterprisesnapshot_year_in_range"),
    (
        EnterpriseSnapshotFactory,
        {"monthly_turnover": -1},
        "enterprisesnapshot_monthly_turnover_not_negative",
    ),
    (EnterpriseSnapshotFactory, {"capital": -1}, "enterprisesnapshot_capital_not_negative"),
    (
        EnterpriseSnapshotFactory,
        {"workers_disabled": 3},
        "enterprisesnapshot_disabled_among_the_workers",
    ),
    (SupportFactory, {"amount": -1}, "support_amount_not_negative"),
    (CredentialFactory, {"number": ""}, "credential_held_has_a_number"),
    (CredentialFactory, {"status": "non_halal"}, "credential_states_of_halal"),
    (CredentialFactory, {"status": "not_required"}, "credential_states_of_halal"),
    (
        CredentialFactory,
        {"issued_on": date(2025, 1, 2), "valid_until": date(2025, 1, 1)},
        "credential_ends_after_issue",
    ),
    (CredentialFactory, {"kind": "nib", "number": "123"}, "credential_nib_shape"),
    (CredentialFactory, {"kind": "pirt", "number": "123"}, "credential_pirt_shape"),
    (CredentialFactory, {"kind": "halal", "number": "ID53"}, "credential_halal_shape"),
    (IndustryCodeFactory, {"code": "131"}, "industrycode_five_digits"),
]


@pytest.mark.parametrize(
    ("make", "values", "name"), BROKEN, ids=[f"{n}-{v}" for _m, v, n in BROKEN]
)
def test_the_database_refuses_a_row_that_cannot_be(make, values, name):
    assert broken(make, **values) == f"cooperatives_{name}"


def test_nobody_is_twice_in_a_group_at_a_time():
    first = GroupMemberFactory()
    again = {"enterprise": first.enterprise, "person": first.person}

    assert broken(GroupMemberFactory, **again) == "cooperatives_groupmember_once_in_a_group"
    first.left_on = date(2025, 1, 1)
    first.save()
    assert GroupMemberFactory(**again).left_on is None


def test_a_group_has_one_leader():
    first = GroupMemberFactory(role="leader")
    second = {"enterprise": first.enterprise, "role": "leader"}

    assert broken(GroupMemberFactory, **second) == "cooperatives_groupmember_one_leader"
    first.left_on = date(2025, 1, 1)
    first.save()
    assert GroupMemberFactory(**second).role == "leader"


def test_an_enterprise_belongs_to_a_cooperative_once_at_a_time():
    first = EnterpriseMembershipFactory()
    again = {"enterprise": first.enterprise, "cooperative": first.cooperative}

    assert broken(EnterpriseMembershipFactory, **again) == "cooperatives_enterprisemembership_once"


def test_a_paper_is_recorded_once():
    first = CredentialFactory()
    again = {"enterprise": first.enterprise, "number": first.number}

    assert broken(CredentialFactory, **again) == "cooperatives_credential_number_once"
    assert CredentialFactory(number=first.number).number == first.number


def test_a_code_stands_once_in_a_version_and_old_versions_stay():
    IndustryCode.objects.filter(code="99999").delete()
    row = {"classification": "KBLI2020", "code": "99999", "title": "x"}
    IndustryCode.objects.create(**row)

    assert broken(IndustryCode.objects.create, **row) == "cooperatives_industrycode_code_once"
    assert IndustryCode.objects.create(**row | {"classification": "KBLI2025"}).pk


def test_a_statutory_number_has_one_value_a_day():
    first = ParameterFactory(key="x")

    assert (
        broken(Parameter.objects.create, key="x", value=1, valid_from=first.valid_from)
        == "malaka_portal_parameter_once_a_day"
    )


def test_figures_are_never_overwritten_and_a_correction_counts():
    first = EnterpriseSnapshotFactory(year=2025)
    second = EnterpriseSnapshotFactory(enterprise=first.enterprise, year=2025)

    with pytest.raises(InternalError), transaction.atomic():
        EnterpriseSnapshot.objects.filter(pk=first.pk).update(monthly_turnover=1)
    assert list(EnterpriseSnapshot.objects.current()) == [second]


def test_only_a_group_has_members_and_it_stays_one_while_it_has():
    alone = GroupMemberFactory.build(enterprise=EnterpriseFactory(), person=PersonFactory())
    member = GroupMemberFactory()
    member.enterprise.kind = "individual"

    with pytest.raises(ValidationError, match="Only a group|Hanya kelompok"):
        alone.full_clean()
    with pytest.raises(ValidationError) as caught:
        member.enterprise.full_clean()
    assert set(caught.value.error_dict) == {"kind"}
    member.left_on = date(2025, 1, 1)
    member.save()
    member.enterprise.full_clean()


@pytest.mark.parametrize(
    ("turnover", "band"),
    [
        (0, "0-1"),
        (999_999, "0-1"),
        (1_000_000, "1-2.5"),
        (2_499_999, "1-2.5"),
        (2_500_000, "2.5-5"),
        (5_000_000, "5-10"),
        (10_000_000, "10-25"),
        (24_999_999, "10-25"),
        (25_000_000, "25-"),
        (160_000_000, "25-"),
        (170_000_000, None),
        (None, None),
    ],
)
def test_the_band_of_a_turnover_and_the_rows_of_a_band_are_the_same(turnover, band):
    enterprise = EnterpriseSnapshotFactory(monthly_turnover=turnover, capital=1).enterprise
    enterprise.refresh_from_db()

    found = [b for b in Enterprise.Band if Enterprise.objects.in_band(b).exists()]
    assert enterprise.band == band
    assert found == ([band] if band else [])


@pytest.mark.parametrize(
    ("days", "status", "state"),
    [
        (None, "held", "valid"),
        (91, "held", "valid"),
        (90, "held", "ending"),
        (0, "held", "ending"),
        (-1, "held", "expired"),
        (-1, "in_process", "in_process"),
    ],
)
def test_the_state_of_a_paper(days, status, state):
    until = None if days is None else access.today() + timedelta(days=days)
    paper = CredentialFactory(status=status, issued_on=None, valid_until=until)

    assert paper.state() == state
    assert paper.is_expired() == (state == "expired")
    assert (paper in Credential.objects.expired(on=access.today())) == (state == "expired")
    ending = Credential.objects.ending(on=access.today(), days=90)
    assert (paper in ending) == (state == "ending")
