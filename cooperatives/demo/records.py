"""What else is on file about the demo's cooperatives and people."""

from datetime import date, timedelta

from cooperatives.demo.plans import (
    LAST_DAY,
    MARK,
    ROMAN,
    WEAVERS_OF_THE_DEMO,
    WITHOUT_MEMBERS,
    day_between,
)
from cooperatives.models import (
    Amendment,
    Consent,
    Cooperative,
    NikClaim,
    Person,
    Proposal,
    StatusChange,
    YearlySnapshot,
)
from malaka_portal import national_id

Kind, Status = Cooperative.Kind, Cooperative.Status
# Assets per member in thousands of rupiah: from, to.
ASSETS = {Kind.SAVINGS: (3500, 9000), Kind.MULTI: (1500, 4000), Kind.PRODUCER: (400, 1200)}
OTHER_ASSETS = (300, 900)
ASLEEP_AMONG = 9  # of so many older cooperatives one is not active, and one was not


def older(plans):
    """The cooperatives that may have fallen asleep or changed their by-laws."""
    special = (WEAVERS_OF_THE_DEMO, WITHOUT_MEMBERS)
    return [plan for plan in plans if not plan.of_village and plan.name not in special]


def make_status_changes(rng, plans):
    """Some cooperatives sleep, some woke up again; one in each batch is frozen, one dissolving."""
    changes = []
    for number, plan in enumerate(older(plans)):
        since = day_between(rng, date(2023, 7, 1), date(2025, 6, 30))
        told = changes_of_status(number)
        for status, days, reason in told:
            day = since + timedelta(days=days)
            changes.append(
                StatusChange(cooperative=plan.row, status=status, since=day, reason=reason)
            )
        if told and told[-1][0] != Status.ACTIVE:
            last = day_between(rng, date(since.year - 1, 2, 1), date(since.year - 1, 6, 1))
            plan.row.last_annual_meeting_on = max(plan.founded, last)
    return changes


def changes_of_status(number):
    """[(status, days after the first change, reason)] of the older cooperative `number`."""
    if number % 39 == 11:
        return [(Status.FROZEN, 0, "Laporan keuangan belum dapat diperiksa")]
    if number % 39 == 23:
        return [(Status.DISSOLVING, 0, "Keputusan rapat anggota luar biasa")]
    if number % ASLEEP_AMONG == 3:
        return [(Status.INACTIVE, 0, "Tidak mengadakan RAT dua tahun berturut-turut")]
    if number % ASLEEP_AMONG == 7:
        return [
            (Status.INACTIVE, 0, "Pengurus tidak dapat dihubungi"),
            (Status.ACTIVE, 300, "RAT sudah diadakan lagi"),
        ]
    return []


def make_amendments(rng, plans):
    """Some changed their by-laws once or twice; the running numbers are from 9000 on."""
    subjects = ["Perubahan alamat", "Penambahan usaha", "Penyesuaian simpanan pokok"]
    found = []
    for number, plan in enumerate(older(plans)):
        earliest = plan.founded + timedelta(days=700)
        for turn in range(rng.choice([0, 0, 1, 1, 2])):
            if earliest >= LAST_DAY:
                break
            day = day_between(rng, earliest, LAST_DAY)
            running = 9000 + number * 3 + turn
            text = f"{running}/BH/PAD/XIX.21/{ROMAN[day.month - 1]}/{day.year}"
            found.append(
                Amendment(cooperative=plan.row, number=text, date=day, subject=rng.choice(subjects))
            )
    return found


# --- figures --------------------------------------------------------------------------------------
def make_snapshots(rng, registers):
    """Figures of 2022 to 2025: those that a cooperative's annual meetings have accepted.

    `registers` is [(plan, [Member])]. Members are counted in the register as of each 31 December.
    """
    found = []
    for number, (plan, members) in enumerate(registers):
        per_member = rng.uniform(*ASSETS.get(plan.kind, OTHER_ASSETS)) * 1000
        turnover = rng.uniform(0.5, 1.6)  # rupiah of business for each rupiah of assets
        for year in accepted_years(plan) if members else []:
            growth = 1.06 ** (year - 2022)
            figures = figures_of(rng, members, year, per_member * growth, turnover)
            found.append(YearlySnapshot(cooperative=plan.row, source=f"{MARK}, RAT", **figures))
            if year == 2024 and number % 12 == 5:
                found.append(correction(plan, figures))
    return found


def accepted_years(plan):
    """The years before that of the last annual meeting, as far as the cooperative stood then."""
    meeting = plan.row.last_annual_meeting_on
    return range(max(2022, plan.founded.year), meeting.year) if meeting else []


def figures_of(rng, members, year, per_member, turnover):
    """One year's figures in rupiah: own and external capital make up the assets."""
    end = date(year, 12, 31)
    there = [m for m in members if m.joined_on <= end and not (m.left_on and m.left_on <= end)]
    women = sum(m.person.sex == Person.Sex.FEMALE for m in there)
    assets = whole(len(there) * per_member * rng.uniform(0.95, 1.05))
    own = whole(assets * rng.uniform(0.5, 0.65))
    volume = whole(assets * turnover * rng.uniform(0.9, 1.1))
    return {
        "fiscal_year": year,
        "members_female": women,
        "members_male": len(there) - women,
        "employees_female": len(there) // 60,
        "employees_male": len(there) // 80,
        "own_capital": own,
        "external_capital": assets - own,
        "total_assets": assets,
        "business_volume": volume,
        "net_surplus": whole(volume * rng.uniform(-0.01, 0.09)),
    }


def whole(amount):
    """Rupiah without small change, as small cooperatives report."""
    return int(amount) // 1000 * 1000


def correction(plan, figures):
    """A later row for the same year, which is the one that counts."""
    less = whole(figures["net_surplus"] * 0.9)
    return YearlySnapshot(
        cooperative=plan.row,
        source=f"{MARK}, pembetulan setelah pemeriksaan",
        **figures | {"net_surplus": less},
    )


# --- consents -------------------------------------------------------------------------------------
def make_consents(rng, members):
    """About one member in three agreed to something; a few withdrew it."""
    people = list({id(m.person): m.person for m in members if m.left_on is None}.values())
    found = []
    for person in people:
        purposes = {"contact": 0.3, "public": 0.15, "survey": 0.1, "sharing": 0.08}
        for purpose, chance in purposes.items():
            if rng.random() < chance:
                found.append(consent(rng, person, purpose))
    return found


def consent(rng, person, purpose):
    spoken = rng.random() < 0.15
    given = day_between(rng, date(2025, 9, 1), date(2026, 8, 31))
    withdrawn = rng.random() < 0.04
    return Consent(
        person=person,
        purpose=purpose,
        text_version="2026-1" if given.year == 2026 else "2025-1",
        channel=Consent.Channel.SPOKEN if spoken else Consent.Channel.WRITTEN,
        witness="Kepala dusun" if spoken else "",
        given_on=given,
        withdrawn_on=given + timedelta(days=rng.randint(5, 60)) if withdrawn else None,
    )


# --- what waits for the programme -----------------------------------------------------------------
def make_claims(rng, population, registers, count=12, held=2):
    """`count` NIK that officers wrote down, `held` of them of a person recorded elsewhere too.

    The people must not have been given a NIK; they are marked as claimed.
    """
    holders = [r for r in population.residents if r.person.nik_state == "confirmed"]
    waiting = [
        (plan, member.person)
        for plan, members in registers
        for member in members
        if member.left_on is None and member.person.nik_state == "none"
        if member.person.nik_missing == "unknown"
    ]
    ours = [pair for pair in waiting if pair[0].name == WEAVERS_OF_THE_DEMO][: count // 3]
    chosen = ours + rng.sample([pair for pair in waiting if pair not in ours], count - len(ours))
    residents = {id(r.person): r for r in population.residents}
    claims = []
    for number, (plan, person) in enumerate(chosen):
        if number < held:
            nik = same_human(rng, residents[id(person)], holders)
        else:
            nik = population.nik(residents[id(person)])
        person.nik_state, person.nik_missing = Person.NikState.CLAIMED, ""
        claims.append(
            NikClaim(cooperative=plan.row, person=person, **national_id.sealed_columns(nik))
        )
    return claims


def same_human(rng, resident, holders):
    """Make `resident` a second record of somebody who holds a NIK, written a little otherwise.

    Returns that NIK.
    """
    person, born = resident.person, resident.born
    alike = [r for r in holders if r.person.sex == person.sex and r.person.born_on]
    holder = rng.choice([r for r in alike if r.born <= born])
    person.name = holder.person.name.upper()
    person.born_on, person.birth_year = holder.born, None
    return holder.person.national_id()


def make_proposals(registers, users, count=5):
    """Changes that the secretary proposes of people who are members elsewhere too.

    Values are as a form sends and shows them.
    """
    places = {}
    for plan, members in registers:
        for member in members:
            places.setdefault(id(member.person), set()).add(plan.name)
    ours = next(pair for pair in registers if pair[0].name == WEAVERS_OF_THE_DEMO)
    shared = [m.person for m in ours[1] if len(places[id(m.person)]) > 1][:count]
    return [
        Proposal(
            cooperative=ours[0].row,
            person=person,
            values=values,
            seen={name: getattr(person, name) for name in values},
            reason=reason,
            proposed_by=users["yosefina"],
        )
        for person, (values, reason) in zip(shared, wishes(shared), strict=True)
    ]


def wishes(people):
    """(proposed values, reason) for each of these people."""
    weaves = people[2].occupation == "weaver"
    found = [
        ({"hamlet": "Kota Baru"}, "Pindah rumah setelah menikah"),
        ({"name": f"{people[1].name} Taek"}, "Nama di KTP lebih lengkap"),
        ({"occupation": "trader" if weaves else "weaver"}, "Pekerjaannya sekarang lain"),
        ({"birth_place": "Kupang", "hamlet": "Kota Lama"}, "Dicocokkan dengan kartu keluarga"),
        ({"education": "d3"}, "Sudah lulus"),
    ]
    return found[: len(people)]
