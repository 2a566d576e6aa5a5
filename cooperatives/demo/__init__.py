"""Demo data: a Kabupaten Malaka to try the portal out with, whole and made up.

Nothing in it is real but the places. Every address begins with "Data contoh", so that a page, an
export or a print shows what it is; running numbers of deeds and of NIK begin at 9000 and telephone
numbers have 0000 in their middle, so that none can be somebody's (see `people`). Of the papers of
enterprises see `papers`.

The same numbers come out at every run (one seeded generator). Only the sealing of the NIK and the
names of files are drawn anew, and a few days are counted from the day of the run: those on which
papers run out, and those of visitors' requests.
"""

import random
from collections import Counter

import pgtrigger
from django.db import transaction
from django.utils import timezone

from cooperatives.demo import (
    agreements,
    belonging,
    doubles,
    enterprises,
    figures,
    lines,
    papers,
    photos,
    products,
    records,
    requests,
)
from cooperatives.demo.people import Population
from cooperatives.demo.plans import make_cooperatives, make_plans
from cooperatives.models import Cooperative, Person
from malaka_portal.actors import acting
from malaka_portal.demo import ACCOUNTS, seed_accounts, seed_letterhead
from malaka_portal.models import Region, User

SEED = 5321
PEOPLE = 4000
BATCH = 1000
MALAKA = "53.21"


def is_empty():
    """Has the registry nothing in it yet?"""
    return not (Cooperative.objects.exists() or Person.objects.exists())


def seed(*, scale=1):
    """Fill an empty registry, `scale` times the usual size; returns how many rows of each model.

    Accounts that are missing are made in any case. None when the registry is not empty: nothing
    is added to it. Refuses, as the accounts do, where DEBUG is off.
    """
    with acting(command="seed_demo"), transaction.atomic():
        seed_accounts()
        seed_letterhead()
        return fill(scale) if is_empty() else None


def fill(scale):
    rng = random.Random(SEED)
    villages = list(Region.objects.villages().below(MALAKA).order_by("code"))
    users = User.objects.in_bulk([a.username for a in ACCOUNTS], field_name="username")
    plans = make_plans(rng, villages, scale)
    population = Population(rng, villages)
    settled = lines.settle_members(population, plans)
    owners = owners_of_accounts(settled)
    population.fill_up(PEOPLE * scale)
    population.give_identity_numbers()
    make_cooperatives(rng, plans)
    status_changes = records.make_status_changes(rng, plans)
    registers = [(plan, lines.make_members(rng, plan, people)) for plan, people in settled]
    officers = []
    for plan, members in registers:
        terms = lines.make_officers(rng, plan, members, users, owners)
        lines.let_some_leave(rng, members, {id(term.person) for term in terms})
        officers += terms
    members = [member for _plan, register in registers for member in register]
    claims = records.make_claims(rng, population, registers)
    amendments = records.make_amendments(rng, plans)
    snapshots = records.make_snapshots(rng, registers)
    consents = records.make_consents(rng, members)
    proposals = records.make_proposals(registers, users)
    kept = [row.person for row in [*officers, *claims, *proposals]]
    doubles.make_doubles(rng, population, members, settled=kept)
    agreements.agree_to_be_shown(rng, plans, status_changes)
    pool = enterprises.Pool(rng, population, registers)
    ventures = enterprises.make_ventures(rng, pool, villages, plans, owners, scale)
    consents += agreements.make_owners_consents(rng, ventures, consents)
    return save(
        [plan.row for plan in plans],
        [resident.person for resident in population.residents],
        members,
        officers,
        status_changes,
        amendments,
        snapshots,
        consents,
        claims,
        proposals,
    ) + save_businesses(rng, ventures, plans, users, scale)


def save_businesses(rng, ventures, plans, users, scale):
    """Write the enterprises and all that belongs to them; their people are written already."""
    enterprises.give_industry_codes(rng, ventures)
    offers = products.make_offers(rng, ventures, plans, products.known_motifs(), scale)
    sent = requests.make_requests(rng, offers, plans, users, timezone.now(), scale)
    written = save(
        [venture.row for venture in ventures],
        belonging.make_group_members(rng, ventures),
        belonging.make_memberships(rng, ventures, plans),
        figures.make_supports(rng, ventures),
        papers.make_papers(rng, ventures, timezone.localdate()),
        [offer.row for offer in offers],
        products.make_product_motifs(offers),
        photos.make_photos(rng, offers),
        [row for row, _sent in sent],
    )
    requests.set_back(sent)
    figures_of_years = figures.make_figures(rng, ventures)
    prices = products.make_prices(rng, offers)
    return (
        written
        + save_series(figures_of_years, "enterprise", "copy_figures")
        + save_series(prices, "product", "follow_price")
    )


def save_series(rows, parent, trigger):
    """Write rows in order of which the latest is repeated on the row of their `parent`.

    The trigger that does so runs for that one only: the copies of the others would be overwritten,
    and take a second of the few that the demo may take.
    """
    latest = {id(getattr(row, parent)): row for row in rows}
    last = {id(row) for row in latest.values()}
    with pgtrigger.ignore(f"{rows[0]._meta.label}:{trigger}"):
        written = save([row for row in rows if id(row) not in last])
    return written + save([row for row in rows if id(row) in last])


def owners_of_accounts(settled):
    """The people of the demo accounts, by user name: they stand first in their register."""
    return {
        office.username: resident.person
        for plan, people in settled
        for office, resident in zip(lines.offices_of(plan), people, strict=False)
    }


def save(*batches):
    """Write each batch, in this order: a row's relations are written before it."""
    written = Counter()
    for rows in batches:
        model = type(rows[0])
        model.objects.bulk_create(rows, batch_size=BATCH)
        written[model] += len(rows)
    return written
