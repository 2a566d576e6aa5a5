"""Who is in the demo's groups, and to which cooperatives its enterprises belong."""

from datetime import timedelta

from cooperatives.demo.plans import LAST_DAY, day_between
from cooperatives.models import EnterpriseMembership, GroupMember

Role = GroupMember.Role
ROLES = [Role.LEADER, Role.SECRETARY, Role.TREASURER]


def make_group_members(rng, ventures):
    """Who is in each group since when: the eldest leads it; a few have left."""
    return [
        group_member(rng, venture.row, number, resident)
        for venture in ventures
        for number, resident in enumerate(venture.people)
    ]


def group_member(rng, row, number, resident):
    last = row.closed_on or LAST_DAY
    grown_up = resident.born + timedelta(days=17 * 366)
    joined = max(row.started_on, grown_up)
    if number > 5 and rng.random() < 0.6:
        joined = day_between(rng, joined, last - timedelta(days=90))
    left = number > 4 and rng.random() < 0.12
    return GroupMember(
        enterprise=row,
        person=resident.person,
        role=ROLES[number] if number < len(ROLES) else Role.MEMBER,
        joined_on=joined,
        left_on=day_between(rng, joined + timedelta(days=60), last) if left else None,
    )


def make_memberships(rng, ventures, plans):
    """Where an enterprise belongs: to the cooperative with its record, sometimes to another."""
    found = []
    for venture in ventures:
        if venture.plan is None:
            continue
        found.append(membership(rng, venture.row, venture.plan))
        others = [
            plan
            for plan in plans
            if plan.village[:8] == venture.plan.village[:8] and plan is not venture.plan
            if plan.founded < (venture.row.closed_on or LAST_DAY)
        ]
        if others and rng.random() < 0.12:
            found.append(membership(rng, venture.row, rng.choice(others), may_end=True))
    return found


def membership(rng, row, plan, may_end=False):
    last = row.closed_on or LAST_DAY
    since = day_between(rng, max(row.started_on, plan.founded), last)
    ends = may_end and rng.random() < 0.5
    until = day_between(rng, since, last) if ends else row.closed_on
    return EnterpriseMembership(enterprise=row, cooperative=plan.row, since=since, until=until)
