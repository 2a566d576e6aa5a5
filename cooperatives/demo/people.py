"""The demo's people: made up, household by household, in the real villages of Malaka.

Nobody is real. The serial of every NIK is from 9000 on, which no register office has reached for
one day of birth in one district; telephone numbers have 0000 in their middle, which no network
gives out; names are drawn by lot. A number that somebody finds in the demo leads to nobody.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from cooperatives.demo import names
from cooperatives.demo.plans import MARK, made_up_phone
from cooperatives.models import Person

FIRST_SERIAL = 9000
Occupation, Education, Missing = Person.Occupation, Person.Education, Person.NikMissing

OCCUPATIONS = {
    "P": {"housewife": 34, "farmer": 32, "weaver": 17, "trader": 8, "civil": 4, "livestock": 2},
    "L": {"farmer": 62, "livestock": 9, "fisher": 6, "trader": 5, "craftsman": 6, "civil": 5},
}
EDUCATIONS = {
    "old": {"none": 18, "some_sd": 24, "sd": 40, "smp": 9, "sma": 7, "s1": 2},
    "young": {"some_sd": 4, "sd": 26, "smp": 24, "sma": 34, "d3": 3, "s1": 9},
}
MISSING = {"unknown": 60, "not_recorded": 29, "lost": 10, "foreign": 1}


@dataclass
class Resident:
    """A person to be, with the day of birth that the record may know or not."""

    person: Person
    born: date
    household: tuple


def weighted(rng, table):
    return rng.choices(list(table), weights=list(table.values()))[0]


class Population:
    """Makes people out of one random generator, and remembers whom it has made."""

    def __init__(self, rng, villages):
        self.rng = rng
        self.villages = villages
        self.by_district = defaultdict(list)
        for village in villages:
            self.by_district[village.code[:8]].append(village)
        self.residents = []
        self.niks = set()

    # --- one person ---
    def add(self, household, sex, name="", born=None):
        """One more resident of `household`; returns the Resident."""
        rng = self.rng
        family, village, hamlet, address, phones = household
        born = born or date(2007, 6, 30) - timedelta(days=int(rng.betavariate(1.3, 1.9) * 23000))
        person = Person(
            name=name or self.name(sex, family),
            sex=sex,
            village=village,
            hamlet=hamlet,
            address=address,
            phones=list(phones) if rng.random() < 0.8 else [],
            birth_place=rng.choice(names.BIRTH_PLACES) if rng.random() < 0.8 else "",
            occupation=self.occupation(sex, born),
            education=weighted(rng, EDUCATIONS["old" if born.year < 1975 else "young"]),
        )
        chance = rng.random()
        if chance < 0.78 or name:
            person.born_on = born
        elif chance < 0.93:
            person.birth_year = born.year
        resident = Resident(person, born, household)
        self.residents.append(resident)
        return resident

    def name(self, sex, family):
        """`Maria Hoar Seran`: a saint's name, often a second one, and the family's."""
        rng = self.rng
        parts = [rng.choice(names.GIVEN[sex])]
        if rng.random() < 0.45:
            parts.append(rng.choice(names.MIDDLE[sex]))
        if parts[-1] == family:
            parts.pop()
        return " ".join([*parts, family])

    def occupation(self, sex, born):
        if born.year > 2003 and self.rng.random() < 0.4:
            return Occupation.STUDENT
        return weighted(self.rng, OCCUPATIONS[sex] | {"village": 2, "other": 2, "": 3})

    # --- households ---
    def household(self, village):
        """(family name, village, hamlet, address, telephones) that its people share."""
        rng = self.rng
        address = f"{MARK}, RT 00{rng.randint(1, 6)}/RW 00{rng.randint(1, 3)}"
        phones = [made_up_phone(rng) for _number in range(weighted(rng, {0: 1, 1: 6, 2: 1}))]
        family = rng.choice(names.FAMILIES)
        return family, village, rng.choice(names.HAMLETS), address, phones

    def settle(self, village, count, women):
        """`count` people in households of one to three; `women` is their share. Returns them."""
        made = []
        while len(made) < count:
            household = self.household(village)
            for _person in range(min(weighted(self.rng, {1: 4, 2: 4, 3: 1}), count - len(made))):
                made.append(self.add(household, "P" if self.rng.random() < women else "L"))
        return made

    def neighbours(self, code, count, women):
        """`count` new people around the village `code`: most in it, some elsewhere nearby."""
        here = next(village for village in self.villages if village.code == code)
        nearby = self.rng.choice(self.by_district[code[:8]])
        inside = round(count * 0.7)
        return [*self.settle(here, inside, women), *self.settle(nearby, count - inside, women)]

    def fill_up(self, total):
        """Further people, members of nothing, until there are `total`: some live with members."""
        rng = self.rng
        households = [resident.household for resident in self.residents]
        while len(self.residents) < total:
            if rng.random() < 0.5:
                self.add(rng.choice(households), rng.choice("PL"))
            else:
                self.settle(rng.choice(self.villages), 1, 0.5)

    # --- identity numbers ---
    def give_identity_numbers(self):
        """Most people's NIK is known and checked; the others say why it is missing."""
        for number, resident in enumerate(self.residents):
            person = resident.person
            if person.born_on and self.rng.random() < 0.9 or self.rng.random() < 0.3:
                # one in five hundred contradicts its record, as typing errors do
                person.confirm_national_id(self.nik(resident, disagrees=number % 500 == 7))
            else:
                person.nik_missing = weighted(self.rng, MISSING)

    def nik(self, resident, disagrees=False):
        """A free number for somebody; the region is that of first issue, often still Belu's."""
        rng, born = self.rng, resident.born
        if disagrees:
            born += timedelta(days=rng.randint(40, 300))
        region = resident.person.village_id[:8].replace(".", "")
        if rng.random() < 0.25:
            region = f"5304{rng.randint(1, 24):02d}"
        day = born.day + (40 if resident.person.sex == "P" else 0)
        front = f"{region}{day:02d}{born:%m%y}"
        while (nik := f"{front}{rng.randint(FIRST_SERIAL, 9999)}") in self.niks:
            pass
        self.niks.add(nik)
        return nik
