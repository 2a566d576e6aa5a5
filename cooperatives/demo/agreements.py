"""Who in the demo agreed to be shown to everybody: cooperatives, and owners of enterprises."""

from datetime import date, timedelta

from cooperatives.demo.plans import (
    WEAVERS_OF_THE_DEMO,
    WITHOUT_MEMBERS,
    day_between,
    made_up_phone,
)
from cooperatives.demo.records import consent
from cooperatives.models import Consent, Cooperative

Kind, Group, Status = Cooperative.Kind, Cooperative.Group, Cooperative.Status
Purpose = Consent.Purpose
INTRODUCTIONS = {
    WEAVERS_OF_THE_DEMO: (
        "Kami 64 anggota, hampir semuanya perempuan penenun di Malaka. Tais, selendang dan tas "
        "kami tenun dengan alat gedogan; sebagian sudah kembali memakai pewarna tarum dan "
        "mengkudu. Pesanan seragam dan oleh-oleh kami layani."
    ),
    WITHOUT_MEMBERS: (
        "Koperasi contoh untuk mencoba impor buku anggota. Kami menjual tais dan makanan olahan."
    ),
    Group.CRAFTS: "Penenun desa kami membuat tais dan selendang dengan motif Malaka.",
    Group.FARMERS: "Kami mengolah hasil kebun anggota: jagung, pisang, kelapa dan kemiri.",
    Group.FISHERS: "Hasil laut dan olahannya dari nelayan pantai selatan Malaka.",
    Group.WOMEN: "Olahan kelor, pisang dan jagung dari dapur anggota kami.",
}
VILLAGES_TOO = 2  # so many of the villages' cooperatives
FROZEN_TOO = 1  # so many agreed and were frozen later: they are shown no more


def agree_to_be_shown(rng, plans, status_changes):
    """About 20 cooperatives: those that make something, and still work but for one."""
    for change in status_changes:  # the last one counts, as the database will say
        change.cooperative.status = change.status
    willing = [plan for plan in plans if makes_something(plan)]
    of_villages = [plan for plan in plans if plan.of_village]
    working = [plan for plan in willing + of_villages[:VILLAGES_TOO] if is_working(plan)]
    frozen = [plan for plan in willing if plan.row.status == Status.FROZEN]
    for plan in working + frozen[:FROZEN_TOO]:
        show(rng, plan)


def is_working(plan):
    return plan.row.status == Status.ACTIVE


def makes_something(plan):
    return (
        plan.kind in (Kind.PRODUCER, Kind.MARKETING)
        or plan.group == Group.WOMEN
        or plan.name == WITHOUT_MEMBERS
    )


def show(rng, plan):
    first = max(date(2025, 9, 1), plan.founded)
    plan.row.public_since = day_between(rng, first, date(2026, 9, 30))
    text = INTRODUCTIONS.get(plan.name) or INTRODUCTIONS.get(plan.group, "")
    plan.row.introduction = text if plan.name in INTRODUCTIONS or rng.random() < 0.7 else ""
    if plan.name == WEAVERS_OF_THE_DEMO:
        plan.row.phone, plan.row.phone_is_public = made_up_phone(rng), True


def make_owners_consents(rng, ventures, consents):
    """Half of the owners agreed to be named on public pages; a few took it back.

    `consents` are those that people gave already: one of a kind is in force at a time.
    """
    known = {id(c.person) for c in consents if c.purpose == Purpose.PUBLIC}
    found = []
    for venture in ventures:
        owner = venture.row.owner
        if owner is None or id(owner) in known or rng.random() > 0.5:
            continue
        known.add(id(owner))
        given = consent(rng, owner, Purpose.PUBLIC.value)
        if given.withdrawn_on is None and rng.random() < 0.1:
            given.withdrawn_on = given.given_on + timedelta(days=rng.randint(5, 60))
        found.append(given)
    return found
