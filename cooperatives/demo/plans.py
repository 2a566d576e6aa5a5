"""Which cooperatives the demo has: a plan for each, and the row that follows from it."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from cooperatives.demo import names
from cooperatives.models import Cooperative

Kind, Group = Cooperative.Kind, Cooperative.Group
WEAVERS_OF_THE_DEMO = "Tenun Feto Malaka"
WITHOUT_MEMBERS = "Koperasi Contoh Impor"
WITHOUT_CHAIR = ("Koperasi Tenun Ro Hai", "KUD Loro Matan")
MARK = "Data contoh"  # every address of the demo begins with it
LAST_DAY = date(2026, 10, 31)  # nothing in the demo is later
ROMAN = names.words("I II III IV V VI VII VIII IX X XI XII")
PHONE_PREFIXES = names.words("811 812 813 821 822 823 851 852 853")


@dataclass
class Plan:
    """A cooperative to be: `members` is how many lines its register gets."""

    name: str
    prefix: str
    kind: str
    group: str
    sector: str
    members: int
    women: float  # share among the members
    founded: date
    village: str = ""
    of_village: bool = False  # a Koperasi Desa Merah Putih
    row: Cooperative = None


def day_between(rng, first, last):
    return first + timedelta(days=rng.randrange((last - first).days + 1))


def made_up_phone(rng):
    """`+62 8xx 0000 nnnn`: no network gives such numbers out, so nobody's telephone rings."""
    return f"+62{rng.choice(PHONE_PREFIXES)}0000{rng.randint(1, 9999):04d}"


def make_plans(rng, villages, scale):
    """60 × `scale` plans: the two that demo accounts belong to, and all the others.

    `villages` are the Region rows of Malaka; every district gets its share.
    """
    plans = [
        Plan(WEAVERS_OF_THE_DEMO, "TFM", Kind.PRODUCER, Group.CRAFTS, "C", 64, 0.94, day(2014, 3))
    ]
    plans[0].village = "53.21.10.2004"
    for number in range(1, scale + 1):
        batch = ordinary_plans(rng, short=2 if number == 1 else 0)
        rng.shuffle(batch)
        for plan, village in zip(batch, spread(rng, villages, len(batch)), strict=True):
            plan.village = village.code
            if plan.of_village:
                plan.name = f"Koperasi Desa Merah Putih {village.name}"
            elif number > 1:
                plan.name = f"{plan.name} {number}"
        plans += batch
    share_out(rng, plans, 3000 * scale)
    empty = Plan(WITHOUT_MEMBERS, "KCI", Kind.CONSUMER, Group.GENERAL, "G", 0, 0.5, day(2019, 5))
    empty.village = "53.21.01.2009"
    return [*plans, empty]


def day(year, month):
    return date(year, month, 12)


def spread(rng, villages, count):
    """`count` villages, the first of them in as many districts as there are."""
    shuffled = rng.sample(villages, len(villages))
    firsts = list({village.code[:8]: village for village in shuffled}.values())
    return [*firsts, *(v for v in shuffled if v not in firsts)][:count]


def ordinary_plans(rng, short):
    """60 plans but for `short`, which are made by hand; villages follow later."""

    def founded(first, last):
        return day_between(rng, date(first, 1, 5), date(last, 12, 20))

    weavers = [
        Plan(name, prefix, Kind.PRODUCER, Group.CRAFTS, "C", 34, 0.93, founded(2010, 2023))
        for name, prefix in names.WEAVERS
    ]
    savings = [
        Plan(name, prefix, Kind.SAVINGS, Group.GENERAL, "K", 118, 0.55, founded(1998, 2016))
        for name, prefix in names.SAVINGS
    ]
    units = [
        Plan(name, "", Kind.MULTI, Group.FARMERS, "A", 104, 0.35, founded(1998, 2004))
        for name in names.VILLAGE_UNITS
    ]
    producers = [
        Plan(name, "", Kind.PRODUCER, group, "A", 40, 0.45, founded(2006, 2022))
        for name, group in names.PRODUCERS
    ]
    others = [
        Plan(name, "", kind, group, sector, 44, 0.5, founded(2002, 2021))
        for name, kind, group, sector in names.OTHERS
    ]
    of_villages = [
        Plan("", "", Kind.CONSUMER, Group.GENERAL, "G", 24, 0.5, founded_in_2025(rng))
        for _number in range(names.VILLAGE_COOPERATIVES + 2 - short)
    ]
    for plan in of_villages:
        plan.of_village = True
    return [*weavers, *savings, *units, *producers, *others, *of_villages]


def founded_in_2025(rng):
    """The villages of Malaka all founded theirs within a few weeks (domain 1.11)."""
    return day_between(rng, date(2025, 5, 26), date(2025, 7, 18))


def share_out(rng, plans, total):
    """Make the registers differ in size and, with the first's, add up to `total` lines."""
    rest = plans[1:]
    wanted = total - plans[0].members
    weights = [plan.members * rng.uniform(0.7, 1.4) for plan in rest]
    for plan, weight in zip(rest, weights, strict=True):
        plan.members = max(16, round(weight * wanted / sum(weights)))
    missing = wanted - sum(plan.members for plan in rest)
    largest = sorted(rest, key=lambda plan: -plan.members)
    for number in range(abs(missing)):
        largest[number % len(largest)].members += 1 if missing > 0 else -1


# --- rows -----------------------------------------------------------------------------------------
def make_cooperatives(rng, plans):
    """A saved-to-be row for each plan, in the same order."""
    last_in_village = Counter()
    for number, plan in enumerate(plans, start=1):
        plan.row = Cooperative(
            name=plan.name,
            kind=plan.kind,
            group=plan.group,
            sector=plan.sector,
            is_village_cooperative=plan.of_village,
            village_id=plan.village,
            address=f"{MARK} – Dusun {rng.choice(names.HAMLETS)}, RT 00{rng.randint(1, 6)}",
            member_number_prefix=plan.prefix,
            last_member_serial=plan.members,
            **legal_entity(rng, plan, number),
            **registration(rng, plan, last_in_village),
            **contact(rng, plan),
        )
    return [plan.row for plan in plans]


def legal_entity(rng, plan, number):
    """Numbers as the decrees of each time wrote them; the running number is from 9000 on."""
    if plan.of_village and rng.random() < 0.3:  # the deed is still on its way
        return {}
    running, year = 9000 + number, plan.founded.year
    month = ROMAN[plan.founded.month - 1]
    if year >= 2018:
        text = f"AHU-{running:07d}.AH.01.{29 if year >= 2022 else 26}.TAHUN {year}"
    elif year >= 2013:
        text = f"518.21/{running}/BH/XIX.21/{month}/{year}"
    else:
        text = f"{running}/BH/KWK.24/{month}/{year}"
    return {"legal_entity_number": text, "legal_entity_date": plan.founded}


def registration(rng, plan, last_in_village):
    """NIK Koperasi, and the certificate that only some of those who have one hold."""
    ours = plan.name == WEAVERS_OF_THE_DEMO
    if not ours and rng.random() < (0.75 if plan.of_village else 0.3):
        return {}
    last_in_village[plan.village] += 1
    _province, _regency, district, village = plan.village.split(".")
    running = 9000 + last_in_village[plan.village]
    values = {"registry_number": f"5321{district}{village[1:]}{running}"}
    if plan.of_village or (not ours and rng.random() < 0.35):
        return values
    earliest = max(plan.founded + timedelta(days=400), date(2021, 3, 1))
    issued = date(2026, 4, 20) if ours else day_between(rng, earliest, date(2026, 9, 30))
    return values | {
        "certificate_grade": "B" if ours else rng.choice(["A", "B", "B", "C1", "C1", "C2", "C3"]),
        "certificate_issued_on": issued,
        "certificate_valid_until": issued.replace(year=issued.year + 2, day=min(issued.day, 28)),
    }


def contact(rng, plan):
    values = {"last_annual_meeting_on": last_meeting(rng, plan)}
    if rng.random() < 0.7:
        values |= {"phone": made_up_phone(rng), "phone_is_public": rng.random() < 0.5}
    if rng.random() < 0.8:
        latitude, longitude = names.CENTRES[plan.village[:8]]
        values["latitude"] = Decimal(f"{latitude + rng.uniform(-0.012, 0.012):.6f}")
        values["longitude"] = Decimal(f"{longitude + rng.uniform(-0.012, 0.012):.6f}")
    return values


def last_meeting(rng, plan):
    """Annual meetings are held in the first half of a year, by some every year."""
    year = rng.choice([2026, 2026, 2026, 2025, 2024, 0])
    if plan.name == WEAVERS_OF_THE_DEMO:
        return date(2026, 3, 14)
    return day_between(rng, day(year, 2), day(year, 6)) if year > plan.founded.year else None
