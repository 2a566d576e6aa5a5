"""The demo's registers: who joined which cooperative when, who left, who leads it."""

from dataclasses import dataclass
from datetime import date, timedelta

from cooperatives.demo.people import Resident, weighted
from cooperatives.demo.plans import (
    LAST_DAY,
    WEAVERS_OF_THE_DEMO,
    WITHOUT_CHAIR,
    WITHOUT_MEMBERS,
    day_between,
)
from cooperatives.models import Cooperative, Member, Officer, Person

Group = Cooperative.Group
Body, Role = Officer.Body, Officer.Role
FOUNDERS = 14  # they joined on the first day, and hold the offices
REASONS = {"request": 40, "moved": 30, "deceased": 22, "dismissed": 5, "mistake": 3}
TERM = 5  # years


@dataclass(frozen=True)
class Office:
    """The office of a demo account's owner, and who that is."""

    username: str
    cooperative: str
    name: str
    sex: str
    born: date
    body: str
    role: str


OFFICES = [
    Office(
        "yosefina",
        WEAVERS_OF_THE_DEMO,
        "Yosefina Bria",
        "P",
        date(1988, 3, 14),
        Body.BOARD,
        Role.SECRETARY,
    ),
    Office(
        "pengawas",
        WEAVERS_OF_THE_DEMO,
        "Maria Goreti Seran",
        "P",
        date(1975, 8, 22),
        Body.SUPERVISORS,
        Role.CHAIR,
    ),
    Office(
        "bendahara",
        WITHOUT_MEMBERS,
        "Dominikus Klau",
        "L",
        date(1983, 11, 2),
        Body.BOARD,
        Role.TREASURER,
    ),
]


def offices_of(plan):
    return [office for office in OFFICES if office.cooperative == plan.name]


# --- who is in which register ---------------------------------------------------------------------
def settle_members(population, plans):
    """People for every register: [(plan, [Resident])], some of them in a second one."""
    registers = []
    for plan in plans:
        owners = [known(population, plan, office) for office in offices_of(plan)]
        guests = max(1, plan.members // 50) if plan.members else 0
        guests = 7 if plan.name == WEAVERS_OF_THE_DEMO else guests
        new = max(plan.members - guests - len(owners), 0)
        people = owners + population.neighbours(plan.village, new, plan.women)
        if plan.group == Group.CRAFTS:
            make_weavers(population.rng, people)
        registers.append((plan, people))
    return [(plan, with_guests(population.rng, plan, own, registers)) for plan, own in registers]


def make_weavers(rng, residents):
    for resident in residents:
        if resident.person.sex == "P" and rng.random() < 0.75:
            resident.person.occupation = Person.Occupation.WEAVER


def known(population, plan, office):
    """The Resident who owns a demo account."""
    village = next(v for v in population.villages if v.code == plan.village)
    household = population.household(village)
    return population.add(household, office.sex, office.name, office.born)


def with_guests(rng, plan, own, registers):
    """`own` people and, up to the register's size, members of others: of the district if any."""
    missing = plan.members - len(own)
    if missing <= 0:
        return own
    others = [(p, r) for p, people in registers if p is not plan for r in people]
    near = [r for p, r in others if p.village[:8] == plan.village[:8]]
    pool = near if len(near) > missing else [r for _plan, r in others]
    if plan.women > 0.9:
        pool = [r for r in pool if r.person.sex == "P"]
    return own + rng.sample(pool, missing)


# --- lines ----------------------------------------------------------------------------------------
def make_members(rng, plan, residents):
    """The register's lines, by day of joining and numbered in that order."""
    if not plan.members:
        return []
    own = len(offices_of(plan))
    grown_up = plan.founded - timedelta(days=22 * 365)
    ordered = sorted(residents[own:], key=lambda r: max(r.born, grown_up))
    founders = residents[:own] + ordered[: FOUNDERS - own]
    joined = [(plan.founded, r) for r in founders]
    joined += [(joined_on(rng, plan, r), r) for r in ordered[FOUNDERS - own :]]
    joined.sort(key=lambda pair: pair[0])
    return [
        Member(
            cooperative=plan.row,
            person=resident.person,
            number=f"{plan.prefix}-{serial:04d}" if plan.prefix else f"{serial:04d}",
            joined_on=day,
            status=status_of(rng, day),
        )
        for serial, (day, resident) in enumerate(joined, start=1)
    ]


def joined_on(rng, plan, resident: Resident):
    """A day since the founding on which the person was 17, more often an early one."""
    grown_up = resident.born + timedelta(days=17 * 365 + 5)
    first = min(max(plan.founded, grown_up), LAST_DAY)
    return first + timedelta(days=int(rng.betavariate(1.1, 1.6) * (LAST_DAY - first).days))


def status_of(rng, day):
    chance = rng.random()
    if day > date(2026, 3, 1) and chance < 0.4:
        return Member.Status.CANDIDATE
    return Member.Status.EXTRAORDINARY if chance > 0.99 else Member.Status.MEMBER


def let_some_leave(rng, members, stay):
    """Close about one line in fourteen; whoever holds or held an office (`stay`) remains."""
    for member in members:
        if id(member.person) in stay or rng.random() > 0.075:
            continue
        if (LAST_DAY - member.joined_on).days < 200:
            continue
        earliest = member.joined_on + timedelta(days=90)
        member.left_on = day_between(rng, earliest, LAST_DAY)
        member.left_reason = weighted(rng, REASONS)


# --- offices --------------------------------------------------------------------------------------
def make_officers(rng, plan, members, users, owners):
    """The terms of a cooperative's board and supervisors, with predecessors where it is old.

    `users` are the demo accounts by name, `owners` their people by user name.
    """
    start = start_of_term(rng, plan)
    taken = {office.username for office in offices_of(plan)}
    people = [m.person for m in members[:FOUNDERS] if not owns(m.person, owners, taken)]
    rng.shuffle(people)
    terms = [
        Officer(
            cooperative=plan.row,
            person=owners[office.username],
            user=users[office.username],
            body=office.body,
            role=office.role,
            started_on=start,
            elected_in=f"RAT {start.year}",
        )
        for office in offices_of(plan)
    ]
    filled = {(term.body, term.role) for term in terms}
    for body, role in seats(rng, plan):
        if people and (body, role) not in filled:
            terms += seat(rng, plan, people, body, role, start)
    return terms


def owns(person, owners, usernames):
    return any(owners[username] is person for username in usernames)


def start_of_term(rng, plan):
    if plan.of_village:
        return plan.founded
    return max(plan.founded, day_between(rng, date(2022, 2, 1), date(2026, 6, 20)))


def seats(rng, plan):
    """The offices to fill, the supervisors' members last."""
    found = [(Body.BOARD, role) for role in (Role.CHAIR, Role.SECRETARY, Role.TREASURER)]
    vices = 2 if plan.of_village else rng.choice([0, 0, 1])
    found += [(Body.BOARD, Role.VICE_CHAIR)] * vices
    found.append((Body.SUPERVISORS, Role.CHAIR))
    return found + [(Body.SUPERVISORS, Role.MEMBER)] * rng.choice([1, 2, 2])


def seat(rng, plan, people, body, role, start):
    """The open term of one office and perhaps the one before; some boards have lost their chair."""
    earlier = years_before(start, TERM)
    term = Officer(
        cooperative=plan.row,
        person=people.pop(),
        body=body,
        role=role,
        started_on=start,
        elected_in=f"RAT {start.year}" if start > plan.founded else "Rapat pendirian",
        decree=f"{rng.randint(1, 30):02d}/SK-RA/{start.year}" if rng.random() < 0.4 else "",
    )
    if body == Body.BOARD and role == Role.CHAIR and plan.name in WITHOUT_CHAIR:
        term.ended_on = start + timedelta(days=100)
        term.end_reason = "Mengundurkan diri"
        return [term]
    if earlier < plan.founded or not people or rng.random() < 0.45:
        return [term]
    before = Officer(
        cooperative=plan.row,
        person=people.pop(),
        body=body,
        role=role,
        started_on=earlier,
        ended_on=start,
        elected_in=f"RAT {earlier.year}",
        end_reason="Masa bakti selesai",
    )
    return [before, term]


def years_before(day, years):
    return day.replace(year=day.year - years, day=min(day.day, 28))
