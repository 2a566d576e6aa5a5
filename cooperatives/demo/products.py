"""What the demo's enterprises and cooperatives make: products, their motifs and prices."""

from datetime import date, timedelta
from typing import NamedTuple

from cooperatives.demo import wares
from cooperatives.demo.people import weighted
from cooperatives.demo.plans import (
    LAST_DAY,
    WEAVERS_OF_THE_DEMO,
    WITHOUT_MEMBERS,
    Plan,
    day_between,
)
from cooperatives.models import Cooperative, Enterprise, Motif, PriceChange, Product, ProductMotif

Kind, Palette, Dye, Technique = (
    Product.Kind,
    Product.Palette,
    Product.DyePractice,
    Product.Technique,
)
Area = Motif.Area
PRODUCTS, PUBLISHED = 500, 300
# Which motifs of Malaka are not for sale, the portal's makers do not know (domain, question 16).
# So the demo makes two up, and says so.
SACRED = [("Motif pusaka contoh I", Area.FOHO), ("Motif pusaka contoh II", Area.FOHO)]
SACRED_PRODUCTS = 6
MEANING = "Data contoh: milik rumah adat, tidak dijual."


class Offer(NamedTuple):
    """A product to be, and who makes it: `plan` is the cooperative it stands with, if any."""

    row: Product
    plan: Plan | None
    since: date  # it was made and had its first price
    motifs: list


class Maker(NamedTuple):
    """An enterprise, or a cooperative itself, with the wares that it may make."""

    enterprise: Enterprise | None
    plan: Plan | None
    started: date
    closed: date | None
    wares: list


def known_motifs():
    """The motifs on record, by name; two that are not for sale are added to them."""
    for name, area in SACRED:
        values = {"meaning": MEANING, "is_not_for_sale": True}
        Motif.objects.get_or_create(name=name, area=area, defaults=values)
    return list(Motif.objects.order_by("area", "name"))


# --- products -------------------------------------------------------------------------------------
def make_offers(rng, ventures, plans, motifs, scale):
    """500 × `scale` products in the order in which they came about."""
    makers = [
        Maker(v.row, v.plan, v.row.started_on, v.row.closed_on, v.wares)
        for v in ventures
        if v.wares
    ]
    makers += [
        Maker(None, plan, plan.founded, None, wares.CLOTHS)
        for plan in plans
        if plan.group == Cooperative.Group.CRAFTS
        for _turn in range(2)
    ]
    offers = make_of_each(rng, makers, motifs, PRODUCTS * scale)
    rng.shuffle(offers)
    make_some_sacred(offers, motifs)
    let_some_stop(rng, offers)
    publish(rng, offers, PUBLISHED * scale)
    return offers


def make_of_each(rng, makers, motifs, count):
    """`count` offers, one at least of each maker, who makes nothing twice."""
    made = {id(maker): set() for maker in makers}
    weights = [usual_number(maker) for maker in makers]
    offers, waiting = [], list(makers)
    while len(offers) < count:
        maker = waiting.pop() if waiting else rng.choices(makers, weights)[0]
        offer = make_offer(rng, maker, motifs)
        if offer.row.name not in made[id(maker)]:
            made[id(maker)].add(offer.row.name)
            offers.append(offer)
    return offers


def usual_number(maker):
    """How often a further product is this maker's: groups make more, the demo's weavers most."""
    ours = maker.plan is not None and maker.plan.name == WEAVERS_OF_THE_DEMO
    shown = maker.plan is not None and maker.plan.row.public_since is not None
    group = maker.enterprise is not None and maker.enterprise.is_group
    return (3 if group else 1) * (4 if shown else 1) * (1.5 if ours else 1)


def make_offer(rng, maker, motifs):
    is_cloth = maker.wares is wares.CLOTHS
    ware = rng.choices(maker.wares, wares.CLOTHS_WEIGHTS if is_cloth else None)[0]
    first = max(maker.started, date(2021, 1, 10))
    since = day_between(rng, first, min(maker.closed or LAST_DAY, date(2026, 6, 30)))
    row = Product(
        enterprise=maker.enterprise,
        cooperative=maker.plan.row if maker.plan else None,
        name=ware.name,
        kind=ware.kind,
        unit=ware.unit,
        size=ware.size,
        ingredients=ware.ingredients,
        capacity_per_month=rng.choice([2, 4, 6, 10]) if is_cloth else rng.randint(2, 20) * 10,
        lead_time_days=rng.choice([14, 21, 30, 45] if is_cloth else [3, 5, 7]),
    )
    chosen = []
    if is_cloth:
        chosen = choose_motifs(rng, motifs)
        dye(rng, row, chosen)
    else:
        calm = rng.choice([Palette.TURMERIC, Palette.LEAF, Palette.EARTH, Palette.NATURAL])
        row.palette = wares.COLOUR_OF.get(ware.name, calm)
        row.description = rng.choice(wares.ABOUT_FOOD) if ware.kind == Kind.FOOD else ""
    return Offer(row, maker.plan, since, chosen)


def choose_motifs(rng, motifs):
    """One to three motifs of one area, or none for a plain cloth."""
    if rng.random() < 0.1:
        return []
    area = Area.FEHAN if rng.random() < 0.75 else Area.DAWAN
    there = [motif for motif in motifs if motif.area == area]
    return rng.sample(there, min(len(there), rng.choice([1, 1, 2, 3])))


def dye(rng, row, motifs):
    """Give a cloth its colour, what it is dyed with, how it is woven and a name."""
    row.palette = weighted(rng, wares.PALETTES)
    row.technique = weighted(rng, wares.TECHNIQUES) if motifs else Technique.PLAIN
    if row.palette != Palette.NATURAL:
        row.dye_practice = weighted(rng, wares.PRACTICES)
        plants = rng.choice(wares.DYES[row.palette])
        row.dyes = "" if row.dye_practice == Dye.SYNTHETIC else plants
    row.description = rng.choice(wares.ABOUT_CLOTH)
    row.name += f" {motifs[0].name.lower()}" if motifs else " polos"
    if rng.random() < 0.4:
        row.name += f" {wares.COLOURS[row.palette]}"


def make_some_sacred(offers, motifs):
    """A few cloths of weaver groups, the demo accounts' too, have a motif that is not for sale."""
    sacred = [motif for motif in motifs if motif.is_not_for_sale]
    woven = [
        offer
        for offer in offers
        if offer.motifs and offer.row.enterprise and offer.row.enterprise.is_group
    ]
    ours = [
        next(offer for offer in woven if offer.plan and offer.plan.name == name)
        for name in (WEAVERS_OF_THE_DEMO, WITHOUT_MEMBERS)
    ]
    others = [offer for offer in woven if offer not in ours]
    for number, offer in enumerate([*ours, *others][:SACRED_PRODUCTS]):
        offer.motifs[:] = [sacred[number % len(sacred)]]
        offer.row.name, offer.row.unit = "Tais pusaka", Product.Unit.SHEET
        offer.row.size = "60 x 140 cm"


def let_some_stop(rng, offers):
    """What a closed enterprise made, and a few others, are no longer made."""
    for offer in offers:
        closed = offer.row.enterprise.closed_on if offer.row.enterprise else None
        first = offer.since + timedelta(days=60)
        if closed:
            offer.row.stopped_on = closed
        elif first < LAST_DAY and rng.random() < 0.06:
            offer.row.stopped_on = day_between(rng, first, LAST_DAY)


def publish(rng, offers, count):
    """Show `count` of them: of cooperatives that agreed, still made, and for sale."""
    may = [
        offer
        for offer in offers
        if offer.plan and offer.plan.row.public_since and offer.row.stopped_on is None
        if not any(motif.is_not_for_sale for motif in offer.motifs)
    ]
    for offer in rng.sample(may, min(count, len(may))):
        offer.row.is_published = True


# --- what belongs to them -------------------------------------------------------------------------
def make_product_motifs(offers):
    return [
        ProductMotif(product=offer.row, motif=motif) for offer in offers for motif in offer.motifs
    ]


def make_prices(rng, offers):
    """One to four prices of each, mostly rising, by three months at least."""
    costs = {ware.name: ware.cost for ware in every_ware()}
    return [
        PriceChange(product=offer.row, price=price, since=day)
        for offer in offers
        for day, price in prices_of(rng, offer, costs)
    ]


def every_ware():
    themed = [ware for theme in wares.THEMES.values() for ware in theme.wares]
    return [*wares.CLOTHS, *themed, *wares.DYESTUFFS]


def prices_of(rng, offer, costs):
    """[(day, rupiah)] in order."""
    row = offer.row
    low, high = next((c for name, c in costs.items() if row.name.startswith(name)), (900, 2000))
    price = rng.uniform(low, high) * 1000
    if row.dye_practice == Dye.NATURAL:
        price *= wares.NATURAL_COSTS
    last = row.stopped_on or LAST_DAY
    found, day = [], offer.since
    for _step in range(rng.choice([1, 2, 2, 3, 4])):
        if found and day > last:
            break
        found.append((day, whole(price)))
        day += timedelta(days=rng.randint(90, 420))
        price *= rng.choice([1.05, 1.08, 1.12, 1.15, 0.95])
    return found


def whole(price):
    """As prices are said: to 5,000 rupiah, what is cheap to 500."""
    step = 5000 if price > 50_000 else 500
    return round(price / step) * step
