"""The papers of the demo's enterprises: NIB, P-IRT, halal certificate, trade mark and others.

No number is a real one. A NIB begins with the day of its issue (older ones with 8120, 9120, 0220 or
1220), here with 9000. The first digit of a P-IRT number is the packaging, 1 to 8, here 9. A halal
number begins with the number of a province, 11 to 97, here with 00. A registered trade mark has not
reached IDM999000001, an application of one year not 990001, and no village numbers its letters from
9000 on.
"""

from datetime import date, timedelta

from cooperatives.demo import wares
from cooperatives.demo.people import weighted
from cooperatives.demo.plans import (
    LAST_DAY,
    ROMAN,
    WEAVERS_OF_THE_DEMO,
    WITHOUT_MEMBERS,
    day_between,
)
from cooperatives.models import Credential, Enterprise

Kind, Status = Credential.Kind, Credential.Status
Line = Enterprise.Line
# Days from today on which some papers run out, so that there is always something to call to mind.
# The first are those of the demo accounts' cooperatives, in this order.
DAYS_LEFT = {
    WEAVERS_OF_THE_DEMO: [-40, 12, 70],
    WITHOUT_MEMBERS: [-25, 20],
    "": [-200, -95, -14, -3, 0, 6, 17, 25, 29, 38, 47, 55, 66, 78, 89, 120],
}
STATES = {Status.HELD: 50, Status.IN_PROCESS: 18, Status.NOT_YET: 14, "": 18}
HALAL_STATES = {Status.HELD: 30, Status.IN_PROCESS: 26, Status.NOT_YET: 30, Status.NOT_REQUIRED: 3}
PACKAGING = 9
CLASSES = {Line.WEAVING: "kelas 24 (tekstil)", Line.FOOD: "kelas 30 (makanan ringan)"}


class Papers:
    """Makes papers, each with the next running number of its kind. `today` is a date."""

    def __init__(self, rng, today):
        self.rng = rng
        self.today = today
        self.running = 0

    def next(self):
        self.running += 1
        return self.running

    def paper(self, venture, kind, status=Status.HELD, **values):
        return Credential(enterprise=venture.row, kind=kind, status=status, **values)

    def issued(self, venture, since):
        """A day since `since` (a date) on which the enterprise existed."""
        last = venture.row.closed_on or LAST_DAY
        return day_between(self.rng, min(max(venture.row.started_on, since), last), last)

    def nib(self, venture, status):
        if status != Status.HELD:
            return self.paper(venture, Kind.NIB, status)
        number = f"9000{self.next():09d}"
        issued = self.issued(venture, date(2018, 8, 1))
        return self.paper(venture, Kind.NIB, number=number, issued_on=issued)

    def food_permit(self, venture, ware, status, ends=None):
        """P-IRT of one ware, good for five years; its last two digits are the year of the end."""
        if status != Status.HELD:
            return self.paper(venture, Kind.PIRT, status, covers=ware.name)
        if ends is None:
            ends = later(self.issued(venture, date(2020, 6, 1)), 5)
        running = self.next()
        number = f"{PACKAGING}{running % 15 + 1:02d}532101{9000 + running % 1000}{ends:%y}"
        return self.paper(
            venture,
            Kind.PIRT,
            number=number,
            covers=ware.name,
            issued_on=later(ends, -5),
            valid_until=ends,
        )

    def halal(self, venture, status):
        """Certificates of before 2023 ran for four years, since then they hold."""
        if status != Status.HELD:
            return self.paper(venture, Kind.HALAL, status)
        issued = self.issued(venture, date(2021, 9, 1))
        return self.paper(
            venture,
            Kind.HALAL,
            number=f"ID00{self.next():015d}",
            issued_on=issued,
            valid_until=later(issued, 4) if issued.year < 2023 else None,
        )

    def trademark(self, venture, status):
        covers = CLASSES.get(venture.row.line, "kelas 35 (perdagangan)")
        if status != Status.HELD:
            number = f"JID2026{990000 + self.next()}" if status == Status.IN_PROCESS else ""
            return self.paper(venture, Kind.TRADEMARK, status, number=number, covers=covers)
        issued = self.issued(venture, date(2019, 1, 10))
        return self.paper(
            venture,
            Kind.TRADEMARK,
            number=f"IDM999{self.next():06d}",
            covers=covers,
            issued_on=issued,
            valid_until=later(issued, 10),
        )

    def village_letter(self, venture, ends=None):
        """The village head's letter that there is such a business: good for a year."""
        issued = later(ends, -1) if ends else self.issued(venture, date(2025, 3, 1))
        number = f"{9000 + self.next()}/SKU/{ROMAN[issued.month - 1]}/{issued.year}"
        return self.paper(
            venture,
            Kind.OTHER,
            number=number,
            covers="Surat keterangan usaha dari desa",
            issued_on=issued,
            valid_until=ends or later(issued, 1),
        )


def later(day, years):
    """The same day so many years later, or earlier."""
    leaps = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + years, day=28 if leaps else day.day)


def make_papers(rng, ventures, today):
    """Papers in every state. A few run out on days counted from `today`, the others do not."""
    papers = Papers(rng, today)
    found = []
    for venture in ventures:
        found += papers_of(rng, papers, venture)
    return found + make_reminders(rng, papers, ventures)


def papers_of(rng, papers, venture):
    found = []
    state = weighted(rng, STATES)
    if state:
        found.append(papers.nib(venture, state))
    if venture.row.line == Line.FOOD:
        found += food_papers(rng, papers, venture)
    if venture.row.line in CLASSES and rng.random() < 0.09:
        wanted = {Status.HELD: 5, Status.IN_PROCESS: 4, Status.NOT_YET: 1}
        found.append(papers.trademark(venture, weighted(rng, wanted)))
    if rng.random() < 0.12 and (venture.row.closed_on or LAST_DAY).year == LAST_DAY.year:
        found.append(papers.village_letter(venture))
    return found


def food_papers(rng, papers, venture):
    found = []
    state = weighted(rng, STATES)
    for ware in rng.sample(venture.wares, rng.choice([1, 1, 2])) if state else []:
        found.append(papers.food_permit(venture, ware, state))
    if wares.FOODS[venture.theme].is_halal:
        found.append(papers.halal(venture, weighted(rng, HALAL_STATES)))
    else:
        found.append(papers.halal(venture, Status.NON_HALAL))
    return found


def make_reminders(rng, papers, ventures):
    """Papers that have run out or soon will: P-IRT of food makers, letters of the others."""
    found = []
    for name, days_left in DAYS_LEFT.items():
        fitting = [v for v in ventures if fits(v, name, papers.today)]
        rng.shuffle(fitting)
        for number, days in enumerate(days_left):
            venture = fitting[number % len(fitting)]
            ends = papers.today + timedelta(days=days)
            if venture.row.line == Line.FOOD and later(ends, -5) >= venture.row.started_on:
                ware = venture.wares[-1]
                found.append(papers.food_permit(venture, ware, Status.HELD, ends))
            else:
                found.append(papers.village_letter(venture, ends))
    return found


def fits(venture, name, today):
    """Is this an enterprise of the cooperative `name` (or of any other) that is open today?"""
    ours = venture.plan.name if venture.plan else ""
    wanted = ours == name if name else ours not in DAYS_LEFT
    return wanted and venture.row.closed_on is None and venture.row.started_on < later(today, -2)
