"""The demo's enterprises: whose they are, where their record is kept, and who is in the groups."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from cooperatives.demo import names, wares
from cooperatives.demo.people import weighted
from cooperatives.demo.plans import (
    LAST_DAY,
    MARK,
    ROMAN,
    WEAVERS_OF_THE_DEMO,
    WITHOUT_MEMBERS,
    Plan,
    day_between,
    made_up_phone,
)
from cooperatives.models import (
    Cooperative,
    Enterprise,
    IndustryCode,
    Person,
)

Kind, Line, Status, Channel = (
    Enterprise.Kind,
    Enterprise.Line,
    Enterprise.Status,
    Enterprise.Channel,
)
Community = Cooperative.Group
BORN_BY = date(2003, 12, 31)  # nobody younger has a business, so that all were grown up by then
LATEST_START = date(2024, 12, 1)  # so that there are figures of two years
STARTING_SINCE = date(2023, 6, 1)  # younger than 3.5 years on the last day
# How many of each there are, with the companies 300.
COUNTS = {
    (Kind.WEAVERS, Line.WEAVING): 40,
    (Kind.GROUP, Line.FOOD): 7,
    (Kind.GROUP, Line.FARMING): 3,
    (Kind.INDIVIDUAL, Line.WEAVING): 80,
    (Kind.INDIVIDUAL, Line.FOOD): 62,
    (Kind.INDIVIDUAL, Line.TRADE): 45,
    (Kind.INDIVIDUAL, Line.FARMING): 22,
    (Kind.INDIVIDUAL, Line.CRAFT): 15,
    (Kind.INDIVIDUAL, Line.SERVICE): 14,
    (Kind.INDIVIDUAL, Line.DYEING): 6,
}
COMPANIES = [  # of which no register has one: they say "Contoh"
    ("CV Contoh Bangunan Fehan", Line.TRADE),
    ("PT Contoh Garam Wemasin", Line.FARMING),
    ("CV Contoh Tenun Nusantara", Line.WEAVING),
    ("CV Contoh Jaya Betun", Line.TRADE),
    ("CV Contoh Olahan Kelapa", Line.FOOD),
    ("PT Contoh Angkutan Perbatasan", Line.SERVICE),
]
OCCUPATIONS = {
    Line.WEAVING: "weaver",
    Line.DYEING: "weaver",
    Line.TRADE: "trader",
    Line.CRAFT: "craftsman",
    Line.FARMING: "farmer",
}
CHANNELS = {
    Line.WEAVING: {"home": 5, "cooperative": 5, "fair": 2, "dekranasda": 3, "online": 2},
    Line.FOOD: {"market": 6, "shop": 4, "home": 3, "online": 2, "cooperative": 2},
    Line.TRADE: {"shop": 6, "market": 4, "border": 2},
}
OTHER_CHANNELS = {"home": 4, "market": 4, "shop": 2, "online": 1}
INDUSTRIES = {Line.WEAVING: "13122", Line.DYEING: "13132"}


@dataclass
class Venture:
    """An enterprise to be: `plan` is the cooperative that keeps its record, if one does."""

    row: Enterprise
    plan: Plan | None
    theme: str = ""  # of makers of food, crafts and farm goods: which of them
    people: list = field(default_factory=list)  # of a group: its Residents

    @property
    def wares(self):
        """What this enterprise may make to sell; nothing for traders and services."""
        if self.theme:
            return wares.THEMES[self.theme].wares
        by_line = {Line.WEAVING: wares.CLOTHS, Line.DYEING: wares.DYESTUFFS}
        return by_line.get(self.row.line, [])


class Pool:
    """Who may own an enterprise or be in a group: each person owns one, and is in one group."""

    def __init__(self, rng, population, registers):
        self.rng = rng
        self.residents = {id(r.person): r for r in population.residents}
        self.members = {
            plan.name: [self.residents[id(m.person)] for m in members if m.left_on is None]
            for plan, members in registers
        }
        self.by_district = {}
        for resident in population.residents:
            district = resident.person.village_id[:8]
            self.by_district.setdefault(district, []).append(resident)
        self.owners, self.grouped = set(), set()

    def owner(self, plan, line):
        """A grown-up who has no enterprise yet: a member where there is a cooperative."""
        people = self.members[plan.name] if plan else self.anywhere()
        free = [r for r in people if id(r) not in self.owners and r.born <= BORN_BY]
        fitting = [r for r in free if r.person.occupation == OCCUPATIONS.get(line)]
        if line in (Line.WEAVING, Line.DYEING):
            free = [r for r in free if r.person.sex == Person.Sex.FEMALE] or free
        chosen = self.rng.choice(fitting or free)
        self.owners.add(id(chosen))
        return chosen

    def anywhere(self):
        return self.by_district[self.rng.choice(sorted(self.by_district))]

    def group(self, plan, village, count, women):
        """`count` people for a group, most of them of the cooperative, the others neighbours."""
        own = self.free(self.members[plan.name] if plan else [], women)
        inside = self.rng.sample(own, min(len(own), round(count * 0.75)))
        near = [r for r in self.free(self.by_district[village[:8]], women) if r not in inside]
        people = inside + self.rng.sample(near, min(len(near), count - len(inside)))
        self.grouped.update(id(r) for r in people)
        return sorted(people, key=lambda r: r.born)

    def free(self, residents, women):
        free = [r for r in residents if id(r) not in self.grouped and r.born <= BORN_BY]
        return [r for r in free if not women or r.person.sex == Person.Sex.FEMALE]


def make_ventures(rng, pool, villages, plans, owners, scale):
    """300 × `scale` enterprises, those of the demo accounts' cooperatives among the first.

    `owners` are the people of the accounts by user name.
    """
    maker = Maker(rng, pool, villages, plans)
    found = of_the_accounts(maker, owners)
    for number in range(scale):
        made = Counter((v.row.kind, v.row.line) for v in found) if number == 0 else Counter()
        for (kind, line), count in COUNTS.items():
            places = maker.places(line, count - made[kind, line])
            found += [maker.make(kind, line, plan) for plan in places]
        found += [maker.company(name, line, number) for name, line in COMPANIES]
    return found


def of_the_accounts(maker, owners):
    """What the officers among the demo accounts have to do with."""
    weavers, empty = (
        next(plan for plan in maker.plans if plan.name == name)
        for name in (WEAVERS_OF_THE_DEMO, WITHOUT_MEMBERS)
    )
    secretary, treasurer = (
        maker.pool.residents[id(owners[name])] for name in ("yosefina", "bendahara")
    )
    return [
        maker.individual(Line.WEAVING, weavers, secretary),
        *(maker.make(Kind.WEAVERS, Line.WEAVING, weavers) for _number in range(3)),
        *(maker.make(Kind.INDIVIDUAL, Line.WEAVING, weavers) for _number in range(7)),
        *(maker.make(Kind.INDIVIDUAL, Line.FOOD, weavers) for _number in range(2)),
        maker.individual(Line.TRADE, empty, treasurer),
        maker.make(Kind.WEAVERS, Line.WEAVING, empty),
        maker.make(Kind.GROUP, Line.FOOD, empty),
    ]


class Maker:
    """Makes enterprises out of the pool's people, in the villages of their cooperatives."""

    def __init__(self, rng, pool, villages, plans):
        self.rng = rng
        self.pool = pool
        self.villages = {village.code: village for village in villages}
        self.plans = plans
        self.names = set()
        self.decrees = 0

    def places(self, line, count):
        """`count` cooperatives that keep records of this line of business, None where none does.

        Rather those that agreed to be shown; the demo accounts' own have theirs already.
        """
        others = [p for p in self.plans if p.name not in (WEAVERS_OF_THE_DEMO, WITHOUT_MEMBERS)]
        weights = {p.name: 6 if p.row.public_since else 1 for p in others if keeps(p, line)}
        by_name = {plan.name: plan for plan in others}
        alone = count // 7
        chosen = self.rng.choices(list(weights), list(weights.values()), k=count - alone)
        return [by_name[name] for name in chosen] + [None] * alone

    def make(self, kind, line, plan):
        if kind == Kind.INDIVIDUAL:
            return self.individual(line, plan, self.pool.owner(plan, line))
        return self.group(kind, line, plan)

    def individual(self, line, plan, owner):
        """The business of one owner, at the owner's home."""
        self.pool.owners.add(id(owner))
        person = owner.person
        theme = self.theme(line)
        words = person.name.title().split()
        called = {
            "call": "Mama" if person.sex == Person.Sex.FEMALE else "Bapak",
            "given": words[0],
            "family": words[-1],
            "hamlet": person.hamlet,
        }
        patterns = wares.THEMES[theme].names if theme else wares.BUSINESSES[line]
        row = Enterprise(
            owner=person,
            name=self.name([pattern.format(**called) for pattern in patterns]),
            line=line,
            village=person.village,
            hamlet=person.hamlet,
            address=person.address,
            phone=person.phones[0] if person.phones and self.rng.random() < 0.7 else "",
            **self.life(owner.born, plan),
        )
        return self.venture(row, plan, theme)

    def group(self, kind, line, plan):
        """A group of 6 to 12 people; weavers are women, and have a decree of their village."""
        rng = self.rng
        village = self.villages[plan.village if plan else rng.choice(sorted(self.villages))]
        women = kind == Kind.WEAVERS
        people = self.pool.group(plan, village.code, rng.randint(6, 12), women)
        hamlet = rng.choice(names.HAMLETS)
        first = "Kelompok Tenun" if women else "KUB"
        called = [f"{first} {word} {hamlet}" for word in rng.sample(wares.GROUP_WORDS, 6)]
        row = Enterprise(
            kind=kind,
            owner=people[0].person if rng.random() < 0.3 else None,
            name=self.name(called),
            line=line,
            village=village,
            hamlet=hamlet,
            address=f"{MARK}, Dusun {hamlet}",
            phone=made_up_phone(rng) if rng.random() < 0.5 else "",
            **self.life(people[len(people) // 2].born, plan),
        )
        if women or rng.random() < 0.5:
            self.give_decree(row)
        return self.venture(row, plan, self.theme(line), people)

    def company(self, name, line, batch):
        village = self.villages[self.rng.choice(sorted(self.villages))]
        row = Enterprise(
            kind=Kind.COMPANY,
            name=f"{name} {batch + 1}" if batch else name,
            line=line,
            village=village,
            address=f"{MARK}, Jalan Contoh 9",
            phone=made_up_phone(self.rng),
            status=Status.RUNNING,
            started_on=day_between(self.rng, date(2012, 1, 10), date(2021, 12, 1)),
        )
        return self.venture(row, None, {Line.FOOD: "kelapa", Line.FARMING: "garam"}.get(line, ""))

    def venture(self, row, plan, theme="", people=()):
        row.cooperative = plan.row if plan else None
        channels = CHANNELS.get(row.line, OTHER_CHANNELS)
        wanted = {weighted(self.rng, channels) for _number in range(self.rng.randint(1, 3))}
        row.sales_channels = [value for value in Channel.values if value in wanted]
        return Venture(row, plan, theme, list(people))

    def theme(self, line):
        themes = {Line.FOOD: wares.FOODS, Line.CRAFT: wares.WORKSHOPS, Line.FARMING: wares.FARMS}
        return self.rng.choice(list(themes[line])) if line in themes else ""

    def name(self, candidates):
        """One that no other enterprise of the demo has, with a number where there is none."""
        candidates = self.rng.sample(candidates, len(candidates))
        more = (f"{candidates[0]} {number}" for number in range(2, 1000))
        found = next(name for name in [*candidates, *more] if name not in self.names)
        self.names.add(found)
        return found

    def life(self, born, plan):
        """When it started, whether it has closed. `born` is of somebody who was 17 by then."""
        rng = self.rng
        earliest = max(born + timedelta(days=17 * 366), date(2005, 1, 10))
        chance = rng.random()
        if chance < 0.22 or earliest > date(2022, 6, 1):
            started = day_between(rng, max(STARTING_SINCE, earliest), LATEST_START)
            return {"started_on": started, "status": Status.STARTING}
        started = day_between(rng, earliest, date(2023, 2, 28))
        older = plan is None or plan.founded.year < 2024
        if chance > 0.95 and older and started.year < 2022:
            closed = day_between(rng, date(2025, 2, 1), date(2026, 8, 31))
            return {"started_on": started, "status": Status.CLOSED, "closed_on": closed}
        return {"started_on": started, "status": Status.RUNNING}

    def give_decree(self, row):
        """A decree of the village or the tourism office; its running number is from 9000 on."""
        row.decree_date = day_between(
            self.rng, row.started_on, min(row.started_on + timedelta(days=500), LAST_DAY)
        )
        running = 9000 + self.decrees
        self.decrees += 1
        month, year = ROMAN[row.decree_date.month - 1], row.decree_date.year
        of_village = self.rng.random() < 0.6
        row.decree_number = f"{running}/{'KEP/DS' if of_village else 'SK/DISPAR'}/{month}/{year}"
        row.decree_issuer = (
            f"Kepala Desa {row.village.name}" if of_village else "Dinas Pariwisata Kab. Malaka"
        )


def keeps(plan, line):
    """Has this cooperative members who do this?"""
    if line in (Line.WEAVING, Line.DYEING):
        return plan.group == Community.CRAFTS
    if line == Line.CRAFT:
        return plan.group in (Community.CRAFTS, Community.WOMEN, Community.YOUTH)
    if line == Line.FARMING:
        return plan.group in (Community.FARMERS, Community.FISHERS)
    if line == Line.FOOD:
        return plan.sector == "A" or plan.of_village or plan.group == Community.WOMEN
    return plan.kind != Cooperative.Kind.PRODUCER


def give_industry_codes(rng, ventures):
    """The KBLI code of whatever has one here, some still in the version of 2020."""
    codes = {(c.classification, c.code): c for c in IndustryCode.objects.all()}
    for venture in ventures:
        theme = wares.THEMES.get(venture.theme)
        code = theme.industry if theme else INDUSTRIES.get(venture.row.line, "")
        versions = ["KBLI2025", "KBLI2020"] if rng.random() < 0.5 else ["KBLI2020"]
        known = [codes[version, code] for version in versions if (version, code) in codes]
        venture.row.industry_code = known[0] if known else None
