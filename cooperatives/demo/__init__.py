"""Demo data: a Kabupaten Malaka to try the portal out with, whole and made up.

Nothing in it is real but the places. Every address begins with "Data contoh", so that a page, an
export or a print shows what it is; running numbers of deeds and of NIK begin at 9000 and telephone
numbers have 0000 in their middle, so that none can be somebody's (see `people`).

The same numbers come out at every run (one seeded generator); only the sealing of the NIK differs.
"""

import random
from collections import Counter

from django.db import transaction

from cooperatives.demo import lines, records
from cooperatives.demo.people import Population
from cooperatives.demo.plans import make_cooperatives, make_plans
from cooperatives.models import Cooperative, Person
from malaka_portal.actors import acting
from malaka_portal.demo import seed_accounts
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
        return fill(scale) if is_empty() else None


def fill(scale):
    rng = random.Random(SEED)
    villages = list(Region.objects.villages().below(MALAKA).order_by("code"))
    users = User.objects.in_bulk([o.username for o in lines.OFFICES], field_name="username")
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
    return save(
        [plan.row for plan in plans],
        [resident.person for resident in population.residents],
        members,
        officers,
        status_changes,
        records.make_amendments(rng, plans),
        records.make_snapshots(rng, registers),
        records.make_consents(rng, members),
        claims,
        records.make_proposals(registers, users),
    )


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
