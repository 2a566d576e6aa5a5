"""People who are on record twice in the demo, and two pairs who only look so."""

from datetime import timedelta

PAIRS = 12
MISSPELT = [("Y", "J"), ("Th", "T"), ("ti", "ty"), ("ri", "ry"), ("F", "P"), ("el", "al")]


def make_doubles(rng, population, members, *, settled):
    """Turn 12 people without a NIK into second records of somebody in their village, and give 2
    pairs of neighbours nearly the same data though they are two people each.

    Half of the second records are lines in a register. `settled` are people who stay as they are.
    """
    taken = {id(person) for person in settled}
    in_register = {id(member.person) for member in members}
    without = [r for r in population.residents if r.person.nik_state == "none"]
    free = [r for r in without if id(r.person) not in taken]
    listed = [r for r in free if id(r.person) in in_register]
    others = [r for r in free if id(r.person) not in in_register]
    finder = Finder(rng, population, taken)
    for number in range(PAIRS):
        second = finder.pair(listed if number % 2 else others, number)
        record_again(rng, *second, number)
    cousins, twins = finder.pair(others, 1), finder.pair(others, 2)
    be_cousins(*cousins)
    be_twins(*twins)


class Finder:
    """Finds somebody with a NIK in the village of somebody without one."""

    def __init__(self, rng, population, taken):
        self.rng = rng
        self.taken = taken
        self.holders = [
            r
            for r in population.residents
            if r.person.nik_state == "confirmed" and r.person.born_on and id(r.person) not in taken
        ]

    def pair(self, candidates, number):
        """(holder, the other): of one sex and village, the holder not the younger one."""
        for other in self.rng.sample(candidates, len(candidates)):
            fitting = [h for h in self.holders if self.fits(h, other, number)]
            if id(other.person) not in self.taken and fitting:
                holder = self.rng.choice(fitting)
                self.taken |= {id(holder.person), id(other.person)}
                return holder, other
        raise LookupError("Nobody in the demo fits.")

    def fits(self, holder, other, number):
        """Whoever loses or shortens a second name has one (see `spelt_otherwise`)."""
        one, two = holder.person, other.person
        names = 3 if number % 4 in (1, 2) else 2
        return (
            id(one) not in self.taken
            and one.sex == two.sex
            and one.village_id == two.village_id
            and holder.born <= other.born
            and len(one.name.split()) >= names
        )


def record_again(rng, holder, second, number):
    """Make `second` the same human as `holder`, as another clerk wrote it down."""
    one, two = holder.person, second.person
    two.name = spelt_otherwise(one.name, number)
    two.born_on, two.birth_year, second.born = holder.born, None, holder.born
    two.birth_place = one.birth_place
    if rng.random() < 0.5:
        two.hamlet, two.phones = one.hamlet, list(one.phones)


def spelt_otherwise(name, number):
    """Four ways in which a name is written twice: capitals, an initial, a name less, letters."""
    first, *middle, family = name.split()
    if number % 4 == 0:
        return name.upper()
    if number % 4 == 1:
        return " ".join([first, *(part[0] for part in middle), family])
    if number % 4 == 2:
        return f"{first} {family}"
    return misspelt(name)


def misspelt(name):
    for wrong, right in MISSPELT:
        if wrong in name:
            return name.replace(wrong, right, 1)
    return name.replace("a", "ah", 1)


def be_cousins(one, other):
    """Two people of one name and one year, born on different days."""
    born = one.born + timedelta(days=57 if one.born.month < 7 else -57)
    other.person.name = one.person.name
    other.person.born_on, other.person.birth_year, other.born = born, None, born


def be_twins(one, other):
    """Two people born on one day in one house, with the same family name and other first ones."""
    first, *_middle, family = one.person.name.split()
    second = {"P": "Bui", "L": "Mau"}[one.person.sex]
    second = {"Bui": "Bete", "Mau": "Bau"}[second] if second in one.person.name else second
    other.person.name = f"{first} {second} {family}"
    other.person.born_on, other.person.birth_year, other.born = one.born, None, one.born
    other.person.hamlet, other.person.address = one.person.hamlet, one.person.address
    other.person.phones = list(one.person.phones)
