"""The demo's enterprises: whole, believable, and nobody's."""

import re
from collections import Counter
from datetime import date, timedelta

import pytest
from django.db import connection
from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import ExtractYear
from django.utils import timezone

from cooperatives import demo
from cooperatives.demo import plans, requests
from cooperatives.models import (
    Credential,
    Enterprise,
    EnterpriseMembership,
    EnterpriseSnapshot,
    GroupMember,
    Member,
    Person,
    PersonToCompare,
    PriceChange,
    Product,
    ProductMotif,
    ProductPhoto,
    QuoteRequest,
    Support,
    Suspicion,
)
from malaka_portal.models import Region
from malaka_portal.permit_numbers import parse_halal, parse_nib, parse_pirt
from tests.cooperatives.test_demo import db, grouped, said  # noqa: F401 (fixtures: the same demo)

LAST_DAY, MARK = plans.LAST_DAY, plans.MARK
MODELS = [
    Enterprise,
    GroupMember,
    EnterpriseMembership,
    EnterpriseSnapshot,
    Support,
    Credential,
    Product,
    ProductMotif,
    ProductPhoto,
    QuoteRequest,
    PriceChange,
]


# --- how much -------------------------------------------------------------------------------------
def test_it_makes_what_it_promises():
    counts = [m.objects.count() for m in (Enterprise, Product, QuoteRequest)]

    assert counts == [300, 500, 40]
    assert grouped(Enterprise.objects, "kind") == {
        "individual": 244,
        "weavers": 40,
        "group": 10,
        "company": 6,
    }
    assert set(grouped(Enterprise.objects, "line")) == set(Enterprise.Line.values) - {"other"}
    assert set(grouped(Enterprise.objects, "status")) == set(Enterprise.Status.values)
    assert 20 < Enterprise.objects.filter(cooperative=None).count() < 60


def test_the_same_numbers_come_out_at_every_run(monkeypatch):
    made = {}

    def remember(*batches):
        made.update({type(rows[0]): made.get(type(rows[0]), []) + rows for rows in batches})
        return Counter()

    monkeypatch.setattr(demo, "save", remember)
    monkeypatch.setattr(requests, "set_back", lambda rows: None)
    demo.fill(1)

    def found(model, *fields):
        rows = model.objects.order_by("pk").values_list(*fields)
        return list(rows), [tuple(demo_value(row, f) for f in fields) for row in made[model]]

    for model, *fields in [
        (Person, "name", "born_on"),
        (Enterprise, "name", "started_on", "village_id", "phone"),
        (GroupMember, "person__name", "role", "joined_on"),
        (EnterpriseSnapshot, "year", "monthly_turnover", "capital", "evidence"),
        (Support, "what", "amount", "received_on"),
        (Credential, "kind", "status", "number"),
        (Product, "name", "palette", "is_published", "stopped_on"),
        (PriceChange, "price", "since"),
        (ProductPhoto, "caption", "size_bytes"),
        (QuoteRequest, "what", "quantity", "contact_phone", "status"),
    ]:
        before, again = found(model, *fields)
        assert before == again, model


def demo_value(row, path):
    for name in path.split("__"):
        row = getattr(row, name)
    return row


def test_every_row_is_one_act_of_the_command():
    acts = {
        event.pgh_context_id
        for model in MODELS
        if hasattr(model, "pgh_event_model")
        for event in model.pgh_event_model.objects.order_by("pk")[:50]
    }
    (act,) = acts

    assert act == Person.pgh_event_model.objects.first().pgh_context_id


# --- nobody is real -------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        ("nib", r"9000\d{9}"),  # no day begins with 90, nor did older numbers
        ("pirt", r"9\d{2}5321019\d{3}\d{2}"),  # packagings are numbered 1 to 8
        ("halal", r"ID00\d{15}"),  # provinces are numbered 11 to 97
        ("trademark", r"IDM999\d{6}|JID202699\d{4}"),
        ("other", r"9\d{3}/SKU/[IVX]+/202\d"),
    ],
)
def test_numbers_of_papers_cannot_be_somebodys(kind, shape):
    papers = Credential.objects.filter(kind=kind).exclude(number="")

    assert papers.count() > 5
    assert [p.number for p in papers if not re.fullmatch(shape, p.number)] == []
    assert papers.values("number").distinct().count() == papers.count()


@pytest.mark.parametrize(
    ("kind", "parse"), [("nib", parse_nib), ("pirt", parse_pirt), ("halal", parse_halal)]
)
def test_a_form_takes_these_numbers_as_they_are(kind, parse):
    numbers = Credential.objects.filter(kind=kind).exclude(number="")

    assert [n for n in numbers.values_list("number", flat=True) if parse(n) != n] == []


def test_decrees_count_from_9000_and_companies_say_that_they_are_examples():
    decrees = Enterprise.objects.exclude(decree_number="").values_list("decree_number", flat=True)

    assert [number for number in decrees if not number.startswith("90")] == []
    assert not Enterprise.objects.filter(kind="company").exclude(name__contains="Contoh").exists()


def test_every_telephone_number_belongs_to_nobody():
    phones = [*Enterprise.objects.exclude(phone="").values_list("phone", flat=True)]
    phones += QuoteRequest.objects.values_list("contact_phone", flat=True)

    assert [n for n in phones if n[:4] != "+628" or n[6:10] != "0000" or len(n) != 14] == []


def test_every_address_and_figure_is_marked_as_made_up():
    assert not Enterprise.objects.exclude(address__startswith=MARK).exists()
    assert not EnterpriseSnapshot.objects.exclude(source__startswith=MARK).exists()
    assert not QuoteRequest.objects.exclude(contact_name__contains="Contoh").exists()


# --- rows that hang together ----------------------------------------------------------------------
def test_no_constraint_is_broken_not_even_one_of_the_forms():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for model in MODELS:
        for row in model.objects.order_by("?")[:60]:
            row.full_clean()


def test_nothing_happens_after_the_last_day_nor_before_an_enterprise_began():
    began = F("enterprise__started_on")
    days = [
        (Enterprise, "started_on", "closed_on", "decree_date"),
        (GroupMember, "joined_on", "left_on"),
        (EnterpriseMembership, "since", "until"),
        (Support, "received_on"),
        (PriceChange, "since"),
        (Product, "stopped_on"),
    ]

    for model, *fields in days:
        for field in fields:
            assert not model.objects.filter(**{f"{field}__gt": LAST_DAY}).exists(), field
    assert not Enterprise.objects.filter(decree_date__lt=F("started_on")).exists()
    assert not GroupMember.objects.filter(joined_on__lt=began).exists()
    assert not EnterpriseMembership.objects.filter(since__lt=began).exists()
    assert not Support.objects.filter(received_on__lt=began).exists()
    assert not Credential.objects.filter(issued_on__lt=began).exists()
    assert not PriceChange.objects.filter(since__lt=F("product__enterprise__started_on")).exists()
    assert not EnterpriseSnapshot.objects.filter(
        year__lt=ExtractYear("enterprise__started_on")
    ).exists()


def test_what_has_closed_does_nothing_more():
    closed = F("enterprise__closed_on")

    assert not EnterpriseMembership.objects.filter(until__gt=closed).exists()
    assert not EnterpriseMembership.objects.filter(since__gt=closed).exists()
    assert not Support.objects.filter(received_on__gt=closed).exists()
    assert not Credential.objects.filter(issued_on__gt=closed).exists()
    assert not EnterpriseSnapshot.objects.filter(year__gte=ExtractYear(closed)).exists()
    assert not Product.objects.filter(
        enterprise__closed_on__isnull=False, stopped_on__isnull=True
    ).exists()


def test_an_enterprise_belongs_to_the_cooperative_that_keeps_its_record():
    kept = Enterprise.objects.exclude(cooperative=None)
    belongs = Q(memberships__cooperative=F("cooperative"))

    assert kept.filter(belongs).distinct().count() == kept.count()
    assert not EnterpriseMembership.objects.filter(
        since__lt=F("cooperative__legal_entity_date")
    ).exists()
    assert EnterpriseMembership.objects.exclude(until=None).count() > 10


def test_owners_are_grown_up_and_of_the_cooperative_and_own_one_enterprise_each():
    individual = Enterprise.objects.filter(kind="individual").select_related("owner")
    known = individual.exclude(cooperative=None)
    of_it = Q(owner__members__cooperative=F("cooperative"), owner__members__left_on=None)
    treasurer = Q(owner__name="Dominikus Klau")

    assert individual.values("owner").distinct().count() == individual.count()
    assert known.filter(of_it | treasurer).distinct().count() == known.count()
    assert [
        e.name
        for e in individual
        if e.owner.born_on and e.started_on.year - e.owner.born_on.year < 17
    ] == []
    assert not individual.exclude(village=F("owner__village")).exists()


def test_groups_have_six_to_twelve_people_of_whom_one_leads():
    groups = Enterprise.objects.filter(kind__in=Enterprise.GROUPS).annotate(
        people=Count("group_members"),
        leaders=Count("group_members", filter=Q(group_members__role="leader")),
    )
    people = {group.people for group in groups}

    assert (min(people), max(people)) == (6, 12)
    assert {group.leaders for group in groups} == {1}
    assert not Enterprise.objects.filter(kind="weavers", decree_number="").exists()
    assert set(
        GroupMember.objects.filter(enterprise__kind="weavers").values_list("person__sex", flat=True)
    ) == {"P"}
    assert 5 < GroupMember.objects.exclude(left_on=None).count() < 60


# --- figures --------------------------------------------------------------------------------------
def test_figures_are_of_two_to_four_years_and_a_correction_is_a_later_row():
    years = Enterprise.objects.annotate(count=Count("snapshots__year", distinct=True))
    rows, current = EnterpriseSnapshot.objects, EnterpriseSnapshot.objects.current()
    latest = rows.filter(enterprise=OuterRef("pk")).order_by("-year", "-id")

    assert set(years.values_list("count", flat=True)) == {2, 3, 4}
    assert 3 <= rows.count() - current.count() <= 10
    for field, copy in (
        ("year", "figures_year"),
        ("monthly_turnover", "monthly_turnover"),
        ("scale", "scale"),
        ("scale_basis", "scale_basis"),
    ):
        values = Enterprise.objects.annotate(latest=Subquery(latest.values(field)[:1]))
        assert [e.name for e in values if e.latest != getattr(e, copy)] == []


def test_nearly_all_are_micro_of_every_size():
    scales = grouped(Enterprise.objects, "scale")
    bounds = [0, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 25_000_000, 170_000_000]
    micro = Enterprise.objects.filter(scale="micro")
    bands = [
        micro.filter(monthly_turnover__gte=low, monthly_turnover__lt=high).count()
        for low, high in zip(bounds, bounds[1:], strict=False)
    ]

    assert set(scales) == {"micro", "small", "medium"}
    assert (scales["medium"], 5 <= scales["small"] <= 15) == (1, True)
    assert min(bands) >= 10
    assert set(grouped(Enterprise.objects, "scale_basis")) == {"sales", "capital"}


def test_support_is_a_timeline():
    kinds = grouped(Support.objects, "kind")
    most = Enterprise.objects.annotate(count=Count("supports")).aggregate(Max("count"))

    assert set(kinds) == set(Support.Kind.values) - {"other"}
    assert most == {"count__max": 4}


# --- papers ---------------------------------------------------------------------------------------
def test_papers_are_in_every_state():
    states = set(Credential.objects.values_list("kind", "status").order_by().distinct())

    assert {status for kind, status in states if kind == "halal"} == set(Credential.Status.values)
    for kind in ("nib", "pirt", "trademark"):
        assert {s for k, s in states if k == kind} == {"held", "in_process", "not_yet"}
    assert (
        not Credential.objects.filter(status="non_halal")
        .exclude(enterprise__products__name__icontains="babi")
        .exists()
    )


def test_some_papers_have_run_out_and_some_soon_will_whenever_the_demo_is_made():
    today = timezone.localdate()
    papers = Credential.objects

    assert papers.expired(on=today).count() >= 10
    assert papers.ending(on=today, days=30).count() >= 6
    assert papers.ending(on=today, days=90).count() >= 12
    assert papers.ending(on=today + timedelta(days=200), days=365).count() >= 10


def test_a_food_permit_is_of_a_food_and_its_number_tells_its_end():
    permits = Credential.objects.filter(kind="pirt").exclude(number="")

    assert [p.number for p in permits if f"{p.valid_until:%y}" != p.number[-2:]] == []
    assert not Credential.objects.filter(kind="pirt").exclude(enterprise__line="food").exists()


# --- people who are on record twice ---------------------------------------------------------------
ALIKE = """
    SELECT a.id, b.id FROM cooperatives_person a JOIN cooperatives_person b
        ON a.village_id = b.village_id AND a.sex = b.sex AND a.id <> b.id
    WHERE a.nik_hash IS NOT NULL AND b.nik_hash IS NULL AND {same}
        AND similarity(a.name_key, b.name_key) >= 0.5
"""


def alike(same):
    with connection.cursor() as cursor:
        cursor.execute(ALIKE.format(same=same))
        return cursor.fetchall()


def namesakes():
    return alike(
        "a.name = b.name AND a.born_on <> b.born_on"
        " AND date_part('year', a.born_on) = date_part('year', b.born_on)"
    )


def test_twelve_people_are_on_record_twice_and_two_pairs_only_look_so():
    born_together = alike("a.born_on = b.born_on")

    assert len(born_together) == 12 + 1  # with a pair of twins
    assert len(namesakes()) == 1
    assert len({pk for pair in born_together for pk in pair}) == 2 * len(born_together)


def test_they_wait_on_the_work_list_among_others_that_came_about_by_chance():
    wanted = alike("a.born_on = b.born_on") + namesakes()
    waiting = {
        frozenset(pair) for pair in Suspicion.objects.pending().values_list("first", "second")
    }

    assert {frozenset(pair) for pair in wanted} < waiting
    assert len(waiting) < 40
    assert not PersonToCompare.objects.exists()


def test_half_of_those_who_are_on_record_twice_are_members_twice():
    seconds = [second for _first, second in alike("a.born_on = b.born_on")]
    in_register = Member.objects.filter(person__in=seconds)

    assert in_register.values("person").distinct().count() == 6
    assert Person.objects.filter(pk__in=seconds, nik_state="none").count() == len(seconds)


# --- scale ----------------------------------------------------------------------------------------
def test_villages_are_those_of_malaka():
    villages = Region.objects.villages().below(demo.MALAKA)

    assert not Enterprise.objects.exclude(village__in=villages).exists()
    assert Enterprise.objects.values("district").distinct().count() == 12
    assert Enterprise.objects.filter(started_on__lt=date(2005, 1, 1)).count() == 0
