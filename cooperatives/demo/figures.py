"""How the demo's enterprises fare year by year, and what support they received."""

from datetime import date

from cooperatives.demo.people import weighted
from cooperatives.demo.plans import LAST_DAY, MARK, day_between
from cooperatives.models import Enterprise, EnterpriseSnapshot, Support

Kind, Line = Enterprise.Kind, Enterprise.Line
Evidence = EnterpriseSnapshot.Evidence
MILLION = 1_000_000
# Turnover a month in millions of rupiah, from and to: the finer bands of micro (domain R2.1).
BANDS = [(0.3, 0.95), (1.1, 2.4), (2.6, 4.8), (5.2, 9.5), (10.5, 24), (26, 60)]
USUAL = {  # how often which band
    Kind.INDIVIDUAL: [22, 30, 24, 14, 8, 2],
    Kind.WEAVERS: [4, 14, 28, 30, 20, 4],
    Kind.GROUP: [8, 18, 26, 26, 18, 4],
}
SMALL, MEDIUM = (180, 900), (1350, 2200)  # a month, in millions of rupiah
SMALL_TRADERS = 4  # so many, of no cooperative, are small enterprises, as the companies are
LAST_YEAR = 2025
GRANTS = [  # kind, what, from whom, worth in thousands of rupiah or nothing
    ("tools", "Alat tenun gedogan, 2 unit", "Dinas Koperasi dan UKM Kab. Malaka", (1500, 3500)),
    ("tools", "Alat pemintal benang", "Dekranasda Kab. Malaka", (600, 1400)),
    ("materials", "Benang katun 20 pak", "Dana desa", (1200, 2600)),
    ("materials", "Bibit tarum dan mengkudu", "Program pewarna alami", (300, 700)),
    ("training", "Pelatihan pewarnaan alami, 3 hari", "Program pewarna alami", None),
    ("training", "Pelatihan motif dan mutu kain", "Dekranasda Kab. Malaka", None),
    ("market", "Ikut pameran Tenun NTT", "Dekranasda Prov. NTT", None),
]
FOOD_GRANTS = [
    ("tools", "Mesin pengiris pisang", "Dinas Koperasi dan UKM Kab. Malaka", (1800, 3800)),
    ("tools", "Alat pengemas (sealer)", "Dana desa", (350, 800)),
    ("permits", "Pendampingan NIB dan P-IRT", "Dinas Koperasi dan UKM Kab. Malaka", None),
    ("permits", "Pendampingan sertifikat halal", "Program SEHATI", None),
    ("training", "Pelatihan cara produksi pangan yang baik", "Dinas Kesehatan Kab. Malaka", None),
    ("market", "Titip jual di toko oleh-oleh", "Dekranasda Kab. Malaka", None),
]
OTHER_GRANTS = [
    ("capital", "Bantuan modal usaha", "Dana desa", (1000, 5000)),
    ("mentoring", "Pendampingan pembukuan, 4 kunjungan", "Pendamping program", None),
    ("training", "Pelatihan pembukuan sederhana", "Dinas Koperasi dan UKM Kab. Malaka", None),
]


# --- figures --------------------------------------------------------------------------------------
def make_figures(rng, ventures):
    """Figures of two to four years; a few years have a correction, which is a later row."""
    found, small = [], 0
    for number, venture in enumerate(ventures):
        row = venture.row
        turnover = usual_turnover(rng, venture.row)
        is_shop = row.kind == Kind.INDIVIDUAL and row.line == Line.TRADE
        if is_shop and venture.plan is None and small < SMALL_TRADERS:
            small += 1
            turnover = rng.uniform(*SMALL) * MILLION
        if row.kind == Kind.COMPANY:
            first = not any(r.enterprise.kind == Kind.COMPANY for r in found)
            turnover = rng.uniform(*(MEDIUM if first else SMALL)) * MILLION
        workers = workers_of(rng, venture)
        for year in years_of(rng, venture):
            values = figures_of(rng, year, turnover * 1.07 ** (year - 2022), workers)
            found.append(snapshot(row, **values))
            if year == 2024 and number % 40 == 17:
                found.append(correction(row, values))
    return found


def usual_turnover(rng, row):
    """Of one month in rupiah, at the prices of 2022."""
    band = rng.choices(BANDS, USUAL.get(row.kind, USUAL[Kind.INDIVIDUAL]))[0]
    return rng.uniform(*band) * MILLION


def years_of(rng, venture):
    """Two to four years in which it was open all the time, the last of them the latest."""
    row = venture.row
    last = LAST_YEAR
    if row.closed_on:
        last = row.closed_on.year - 1
    elif row.started_on.year < LAST_YEAR - 1 and rng.random() < 0.1:
        last -= 1
    return range(max(row.started_on.year, last - rng.randint(1, 3)), last + 1)


def workers_of(rng, venture):
    """Unpaid are the owner's family or the group; only some pay somebody."""
    if venture.people:
        women = sum(r.person.sex == "P" for r in venture.people)
        return {
            "workers_unpaid_female": women,
            "workers_unpaid_male": len(venture.people) - women,
            "workers_disabled": rng.choice([0, 0, 0, 0, 1]),
        }
    if venture.row.kind == Kind.COMPANY:
        return {"workers_paid_female": rng.randint(2, 9), "workers_paid_male": rng.randint(4, 20)}
    paid = rng.choice([0, 0, 0, 1, 2])
    return {
        "workers_unpaid_female": rng.choice([1, 1, 2]),
        "workers_unpaid_male": rng.choice([0, 0, 1]),
        "workers_paid_female": paid,
        "workers_disabled": 1 if rng.random() < 0.04 else 0,
    }


def figures_of(rng, year, turnover, workers):
    """One year's figures: of some only the capital is known, of some only the turnover."""
    sales = whole(turnover * rng.uniform(0.85, 1.15))
    capital = whole(sales * rng.uniform(2, 6))
    chance = rng.random()
    known = {"monthly_turnover": sales, "capital": capital}
    if chance < 0.35:
        known = {"monthly_turnover": sales}
    elif chance > 0.95:
        known = {"capital": capital}
    return (
        known
        | workers
        | {
            "year": year,
            "evidence": weighted(rng, {"A": 12, "B": 28, "C": 38, "D": 22}),
        }
    )


def whole(amount):
    """Rupiah without small change, as people tell them."""
    return int(amount) // 10_000 * 10_000


def snapshot(row, source="wawancara", **values):
    return EnterpriseSnapshot(enterprise=row, source=f"{MARK}, {source}", **values)


def correction(row, values):
    """A later row for the same year, which is the one that counts: the cash book said less."""
    amounts = [name for name in ("monthly_turnover", "capital") if name in values]
    less = {name: whole(values[name] * 0.8) for name in amounts}
    books = {"source": "pembetulan menurut buku kas", "evidence": Evidence.BOOKS}
    return snapshot(row, **values | less | books)


# --- support --------------------------------------------------------------------------------------
def make_supports(rng, ventures):
    """Nearly half received something, one to four times since they began."""
    found = []
    for venture in ventures:
        if rng.random() > 0.45:
            continue
        last = venture.row.closed_on or LAST_DAY
        first = max(venture.row.started_on, date(2021, 1, 10))
        if first < last:
            found += supports_of(rng, venture.row, first, last)
    return found


def supports_of(rng, row, first, last):
    grants = OTHER_GRANTS
    if row.line in (Line.WEAVING, Line.DYEING):
        grants = GRANTS + OTHER_GRANTS
    elif row.line == Line.FOOD:
        grants = FOOD_GRANTS + OTHER_GRANTS
    chosen = rng.sample(grants, min(rng.choice([1, 1, 2, 3, 4]), len(grants)))
    days = sorted(day_between(rng, first, last) for _grant in chosen)
    return [
        Support(
            enterprise=row,
            kind=kind,
            what=what,
            provider=provider,
            amount=rng.randint(*worth) * 1000 if worth else None,
            received_on=day,
        )
        for day, (kind, what, provider, worth) in zip(days, chosen, strict=True)
    ]
