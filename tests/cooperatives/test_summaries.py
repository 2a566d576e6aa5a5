"""The summaries: kept by every door, lost by no race, rolled up, and checked against the rows."""

import threading
from datetime import date
from importlib import import_module
from io import StringIO
from pkgutil import iter_modules

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models import F
from django.urls import reverse

from cooperatives import migrations, services
from cooperatives.models import (
    Cooperative,
    CooperativeSummary,
    Enterprise,
    Member,
    Person,
    Product,
    QuoteRequest,
    RegionSummary,
)
from cooperatives.models.counting import columns
from malaka_portal.actors import acting
from malaka_portal.models import User
from tests.factories.cooperatives import (
    CooperativeFactory,
    MemberFactory,
    OfficerFactory,
    PersonFactory,
)
from tests.factories.enterprises import (
    EnterpriseFactory,
    ProductFactory,
    PublicProductFactory,
    QuoteRequestFactory,
)
from tests.factories.portal import UserFactory, village
from tests.factories.summaries import RegionSummaryFactory

LEFT = {"left_on": date(2026, 2, 1), "left_reason": "moved"}


def told(cooperative):
    """What the summary says, without the zeros."""
    row = CooperativeSummary.objects.filter(pk=cooperative.pk).values(*columns()).get()
    return {name: count for name, count in row.items() if count}


def agrees():
    return CooperativeSummary.objects.differing() == []


def people(*sexes):
    return [PersonFactory(sex=sex) for sex in sexes]


# --- members, by every door -----------------------------------------------------------------------
@pytest.mark.django_db
def test_a_cooperative_has_its_row_from_the_beginning():
    place = village()
    made = Cooperative.objects.bulk_create(
        Cooperative(name=name, kind="producer", village=place) for name in "AB"
    )

    assert set(CooperativeSummary.objects.values_list("pk", flat=True)) == {c.pk for c in made}
    assert told(made[0]) == {}


@pytest.mark.django_db
def test_members_are_counted_one_by_one_and_many_at_once():
    here, there = CooperativeFactory(), CooperativeFactory()
    MemberFactory(cooperative=here, person__sex="P")
    Member.objects.bulk_create(
        Member(cooperative=cooperative, person=person, number=f"{number}")
        for cooperative in (there, here)
        for number, person in enumerate(people("L", "L", "P", ""))
    )

    assert told(here) == {"members_male": 2, "members_female": 2, "members_unknown": 1}
    assert told(there) == {"members_male": 2, "members_female": 1, "members_unknown": 1}
    assert agrees()


@pytest.mark.django_db
def test_members_that_come_from_a_staging_table_are_counted():
    cooperative = CooperativeFactory()
    rows = [(person.pk, number) for number, person in enumerate(people("P", "L", "P"))]
    with connection.cursor() as cursor:
        cursor.execute("CREATE TEMPORARY TABLE staging (person_id bigint, number text)")
        lines = StringIO("".join(f"{person}\t{number}\n" for person, number in rows))
        cursor.copy_expert("COPY staging FROM STDIN", lines)
        cursor.execute(
            "INSERT INTO cooperatives_member (created_at, updated_at, cooperative_id, person_id,"
            " number, status, joined_on, left_reason) SELECT now(), now(), %s, person_id, number,"
            " 'member', '2026-01-02', '' FROM staging",
            [cooperative.pk],
        )

    assert told(cooperative) == {"members_male": 1, "members_female": 2}
    assert agrees()


@pytest.mark.django_db
def test_members_are_counted_in_the_back_office(client):
    cooperative, person = CooperativeFactory(), PersonFactory(sex="L")
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    sent = {
        "cooperative": cooperative.pk,
        "person": person.pk,
        "number": "7",
        "status": "member",
        "joined_on": "2-1-2026",
    }
    made = client.post(reverse("admin:cooperatives_member_add"), sent)
    assert made.status_code == 302, made.context["errors"]
    assert told(cooperative) == {"members_male": 1}

    row = Member.objects.get()
    url = reverse("admin:cooperatives_member_change", args=[row.pk])
    closed = {"left_on": "1-2-2026", "left_reason": "moved", "_versi": row.version}
    changed = client.post(url, sent | closed)

    assert changed.status_code == 302, changed.context["errors"]
    assert told(cooperative) == {"members_left": 1}


@pytest.mark.django_db
def test_a_line_that_is_closed_opened_moved_and_deleted_is_counted():
    here, there = CooperativeFactory(), CooperativeFactory()
    member = MemberFactory(cooperative=here, person__sex="P")
    rows, seen = Member.objects.filter(pk=member.pk), []
    rows.update(**LEFT)
    seen.append((told(here), told(there)))
    rows.update(left_on=None, left_reason="")
    seen.append((told(here), told(there)))
    rows.update(cooperative=there)
    seen.append((told(here), told(there)))
    rows.update(person=PersonFactory(sex="L"))
    seen.append((told(here), told(there)))
    rows.update(number="9")
    seen.append((told(here), told(there)))
    rows.delete()
    seen.append((told(here), told(there)))

    assert seen == [
        ({"members_left": 1}, {}),
        ({"members_female": 1}, {}),
        ({}, {"members_female": 1}),
        ({}, {"members_male": 1}),
        ({}, {"members_male": 1}),
        ({}, {}),
    ]
    assert agrees()


@pytest.mark.django_db
def test_many_lines_change_in_one_statement():
    cooperatives = [CooperativeFactory() for _ in range(3)]
    for cooperative in cooperatives:
        for sex in ("L", "P", "P"):
            MemberFactory(cooperative=cooperative, person__sex=sex)
    Member.objects.filter(person__sex="P").update(**LEFT)

    found = [told(cooperative) for cooperative in cooperatives]
    assert found == [{"members_male": 1, "members_left": 2}] * 3


@pytest.mark.django_db
def test_a_person_s_sex_moves_their_open_lines():
    person = PersonFactory(sex="")
    here, there = CooperativeFactory(), CooperativeFactory()
    MemberFactory(cooperative=here, person=person)
    MemberFactory(cooperative=there, person=person, **LEFT)
    person.sex = "P"
    person.save()

    assert (told(here), told(there)) == ({"members_female": 1}, {"members_left": 1})
    assert agrees()


@pytest.mark.django_db
def test_who_objects_to_being_recorded_is_counted_apart_and_back_again():
    person = PersonFactory(sex="P")
    here, there = CooperativeFactory(), CooperativeFactory()
    MemberFactory(cooperative=here, person=person)
    MemberFactory(cooperative=there, person=person, **LEFT)
    Person.objects.update(is_withheld=True)
    apart = told(here), told(there)
    person.refresh_from_db()
    person.sex = "L"
    person.save()
    Person.objects.update(is_withheld=False)

    assert apart == ({"members_withheld": 1}, {})
    assert (told(here), told(there)) == ({"members_male": 1}, {"members_left": 1})
    assert agrees()


@pytest.mark.django_db
def test_nothing_is_counted_when_the_transaction_fails():
    cooperative = CooperativeFactory()
    MemberFactory(cooperative=cooperative, number="1")
    with pytest.raises(IntegrityError), transaction.atomic():
        MemberFactory(cooperative=cooperative, number="2")
        MemberFactory(cooperative=cooperative, number="1")

    assert told(cooperative) == {"members_female": 1}


@pytest.mark.django_db
def test_the_service_of_the_form_counts_too():
    officer = OfficerFactory()
    person = Person(name="Yosef Klau", sex="L", village=village())
    day = date(2026, 1, 2)
    member = services.register_member(cooperative=officer.cooperative, person=person, joined_on=day)
    services.close_line(member=member, on=day, reason="moved")

    assert told(officer.cooperative) == {"members_left": 1}


# --- enterprises, products, requests --------------------------------------------------------------
@pytest.mark.django_db
def test_enterprises_are_counted_where_their_record_is_kept():
    here, there = CooperativeFactory(), CooperativeFactory()
    enterprise = EnterpriseFactory(cooperative=here)
    EnterpriseFactory(cooperative=None)  # the office keeps it
    rows, seen = Enterprise.objects.filter(pk=enterprise.pk), []
    for change in (
        {},
        {"status": "closed", "closed_on": date(2026, 1, 2)},
        {"cooperative": there},
        {"cooperative": None},
        {"cooperative": here, "name": "Tais Baru"},
    ):
        if change:
            rows.update(**change)
        seen.append((told(here), told(there)))

    assert seen == [
        ({"enterprises": 1}, {}),
        ({"enterprises_closed": 1}, {}),
        ({}, {"enterprises_closed": 1}),
        ({}, {}),
        ({"enterprises_closed": 1}, {}),
    ]


@pytest.mark.django_db
def test_products_are_counted_as_they_are_published_and_move_with_their_enterprise():
    product = PublicProductFactory()
    here, there = product.cooperative, CooperativeFactory()
    ProductFactory(enterprise=product.enterprise)
    before = told(here)
    product.enterprise.cooperative = there
    product.enterprise.save()
    moved = told(here), told(there)
    Product.objects.filter(pk=product.pk).update(is_published=True)

    assert before == {"enterprises": 1, "products": 1, "products_published": 1}
    assert moved == ({}, {"enterprises": 1, "products": 2})
    assert told(there) == {"enterprises": 1, "products": 1, "products_published": 1}
    Product.objects.filter(pk=product.pk).delete()
    assert told(there) == {"enterprises": 1, "products": 1}
    assert agrees()


@pytest.mark.django_db
def test_requests_wait_until_they_are_answered():
    request = QuoteRequestFactory()
    before = told(request.cooperative)
    QuoteRequest.objects.update(status="answered", answered_at="2026-11-24T00:00Z")

    assert (before, told(request.cooperative)) == ({"requests_waiting": 1}, {})


# --- at the same moment ---------------------------------------------------------------------------
THREADS, EACH = 8, 12


def at_once(act, count=THREADS):
    """Run `act(number)` in so many threads that begin together; what went wrong in them."""
    together, errors = threading.Barrier(count), []

    def run(number):
        try:
            together.wait()
            with acting(command="test", by=f"thread {number}"):
                act(number)
        except Exception as error:  # told by the test
            errors.append(repr(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[number]) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return errors


@pytest.fixture
def registers(transactional_db):
    """Three cooperatives, and a person for every line to come."""
    return [CooperativeFactory() for _ in range(3)], [
        [PersonFactory(sex="LP"[number % 2]) for number in range(EACH)] for _ in range(THREADS)
    ]


def test_eight_writers_at_once_lose_no_count_and_never_wait_in_a_ring(registers):
    cooperatives, crowd = registers

    def write(number):
        # each goes through the cooperatives in an order of its own, in every statement
        order = cooperatives if number % 2 else cooperatives[::-1]
        for person in crowd[number]:
            lines = [
                Member(
                    cooperative=c,
                    person=person,
                    number=f"{number}-{person.pk}",
                    joined_on=date(2026, 1, 2),
                )
                for c in order
            ]
            Member.objects.bulk_create(lines)
        Member.objects.filter(person__in=crowd[number][:4]).update(**LEFT)

    assert at_once(write) == []
    now = {"members_male": 32, "members_female": 32, "members_left": 32}
    assert [told(cooperative) for cooperative in cooperatives] == [now] * 3
    assert agrees()


def test_counting_by_reading_and_writing_back_does_lose_some(registers):
    """The control: if it lost nothing, the test above would prove nothing."""
    cooperative = registers[0][0]

    def write(_number):
        for _ in range(EACH):
            with transaction.atomic():
                row = CooperativeSummary.objects.get(pk=cooperative.pk)
                row.requests_waiting += 1
                row.save()

    assert at_once(write) == []
    assert told(cooperative)["requests_waiting"] < THREADS * EACH


def test_a_difference_added_in_one_statement_loses_none(registers):
    cooperative = registers[0][0]

    def write(_number):
        rows = CooperativeSummary.objects.filter(pk=cooperative.pk)
        for _ in range(EACH):
            rows.update(requests_waiting=F("requests_waiting") + 1)

    assert at_once(write) == []
    assert told(cooperative) == {"requests_waiting": THREADS * EACH}


@pytest.mark.parametrize("first", ["line", "sex"])
def test_a_line_and_the_sex_of_its_person_change_at_the_same_moment(transactional_db, first):
    """Whoever comes second waits; without the locks one of the two is counted wrongly."""
    cooperative, person = CooperativeFactory(), PersonFactory(sex="")
    begun, other_waits = threading.Event(), threading.Event()

    def add_line():
        Member.objects.create(cooperative=cooperative, person=person, number="1")

    def set_sex():
        Person.objects.filter(pk=person.pk).update(sex="P")

    acts = [add_line, set_sex] if first == "line" else [set_sex, add_line]

    def act(number):
        if number == 0:
            with transaction.atomic():
                acts[0]()
                begun.set()
                other_waits.wait(0.5)
        else:
            begun.wait(5)
            acts[1]()
            other_waits.set()

    assert at_once(act, 2) == []
    assert told(cooperative) == {"members_female": 1}
    assert agrees()


# --- by region ------------------------------------------------------------------------------------
@pytest.fixture
def two_provinces(db):
    here, there = village(), village("33.01.01.2001", "Jauh")
    for place, number in ((here, 3), (there, 1)):
        cooperative = CooperativeFactory(village=place)
        for _ in range(number):
            MemberFactory(cooperative=cooperative, person__sex="P")
        QuoteRequestFactory(cooperative=cooperative)
    far = Cooperative.objects.get(village=there)
    product = PublicProductFactory(
        enterprise__village=here,
        enterprise__cooperative=CooperativeFactory(village=there, public_since=date(2026, 1, 2)),
    )
    EnterpriseFactory(village=here, cooperative=None)
    return far, product


def rolled_up():
    fields = ["cooperatives", *columns()]
    return {
        row.region_id: {f: getattr(row, f) for f in fields if getattr(row, f)}
        for row in RegionSummary.objects.all()
    }


def test_the_roll_up_counts_every_region_and_the_nation(two_provinces):
    assert services.roll_up() == 7

    here = {
        "cooperatives": 1,
        "members_female": 3,
        "requests_waiting": 1,
        "enterprises": 2,
        "products_published": 1,
    }
    there = {"cooperatives": 2, "members_female": 1, "requests_waiting": 1}
    both = {name: here.get(name, 0) + there.get(name, 0) for name in here | there}
    assert rolled_up() == {
        None: both,
        **dict.fromkeys(("53", "53.21", "53.21.10"), here),
        **dict.fromkeys(("33", "33.01", "33.01.01"), there),
    }


def test_the_roll_up_counts_what_a_user_of_the_area_sees(two_provinces):
    withheld = Member.objects.filter(cooperative__village__code__startswith="53").first()
    Person.objects.filter(pk=withheld.person_id).update(is_withheld=True)
    services.roll_up()
    user = UserFactory(area_id="53.21", granted=[f"cooperatives.view_{m}" for m in SEEN])
    user = User.objects.get(pk=user.pk)
    summary = RegionSummary.objects.get(region_id="53.21")

    def seen(model):
        return model.objects.visible_to(user).listed()

    assert summary.enterprises == seen(Enterprise).count() == 2
    assert summary.products_published == seen(Product).public().count() == 1
    assert summary.members_female == seen(Member).current().count() == 2
    assert summary.members_withheld == 1
    assert summary.cooperatives == seen(Cooperative).count() == 1


@pytest.mark.parametrize(
    "hide",
    [
        lambda product: Cooperative.objects.update(status="frozen"),
        lambda product: Cooperative.objects.update(public_since=None),
        lambda product: Enterprise.objects.update(status="closed", closed_on=date(2026, 1, 2)),
        lambda product: Person.objects.update(is_withheld=True),
        lambda product: Product.objects.update(is_published=False),
    ],
    ids=["frozen", "not public", "closed", "objects", "not published"],
)
def test_the_roll_up_counts_as_published_what_everybody_sees(db, hide):
    product = PublicProductFactory()
    hide(product)
    services.roll_up()
    nation = RegionSummary.objects.nation()

    assert nation.products_published == Product.objects.public().count() == 0
    assert nation.products == Product.objects.listed().count()


SEEN = ["cooperative", "member", "enterprise", "product"]


def test_the_roll_up_writes_over_itself_and_takes_away_what_is_gone(two_provinces):
    services.roll_up()
    first = RegionSummary.objects.nation().as_of
    far, _product = two_provinces
    Cooperative.objects.filter(village__code__startswith="33").update(village=village())
    services.roll_up()

    assert set(rolled_up()) == {None, "53", "53.21", "53.21.10"}
    assert RegionSummary.objects.nation().as_of > first


@pytest.mark.django_db
def test_an_empty_registry_has_a_nation_with_nothing_in_it():
    call_command("roll_up", stdout=StringIO())

    assert rolled_up() == {None: {}}


@pytest.mark.django_db
def test_a_region_has_one_summary():
    RegionSummaryFactory()
    with pytest.raises(IntegrityError, match="regionsummary_once"), transaction.atomic():
        RegionSummaryFactory()
    RegionSummaryFactory(region=village())
    with pytest.raises(IntegrityError, match="regionsummary_once"):
        RegionSummaryFactory(region=village())


# --- checked --------------------------------------------------------------------------------------
def check(**options):
    out, err = StringIO(), StringIO()
    call_command("check_summaries", stdout=out, stderr=err, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_the_check_finds_a_wrong_number_and_mends_it():
    cooperative = MemberFactory(person__sex="P").cooperative
    assert "agree" in check(all=True)
    CooperativeSummary.objects.update(members_female=5)
    found = services.check_summaries(day=date(2026, 11, 24), whole=True)

    assert found == [(cooperative.pk, {"members_female": 5}, {"members_female": 1})]
    with pytest.raises(CommandError, match="1 summaries differ") as failure:
        check(all=True)
    assert failure.value.returncode == 1
    with pytest.raises(CommandError, match="set right"):
        check(all=True, mend=True)
    assert told(cooperative) == {"members_female": 1}
    assert "agree" in check(all=True)


@pytest.mark.django_db
def test_the_check_finds_a_summary_that_is_missing_and_makes_it():
    cooperative = CooperativeFactory()
    CooperativeSummary.objects.all().delete()

    assert services.check_summaries(day=date(2026, 11, 24), whole=True) == [
        (cooperative.pk, {}, {})
    ]
    with pytest.raises(CommandError):
        check(all=True, mend=True)
    assert told(cooperative) == {}


@pytest.mark.django_db
def test_each_cooperative_has_its_turn_within_thirty_days():
    for _ in range(4):
        CooperativeFactory()
    CooperativeSummary.objects.update(products=1)
    turns = [
        [found[0] for found in services.check_summaries(day=date.fromordinal(740000 + number))]
        for number in range(30)
    ]

    assert sorted(sum(turns, [])) == sorted(Cooperative.objects.values_list("pk", flat=True))


@pytest.mark.django_db
def test_who_sees_summaries():
    own, other = OfficerFactory(), CooperativeFactory()
    user = User.objects.get(pk=own.user_id)

    assert list(CooperativeSummary.objects.visible_to(user)) == [own.cooperative.summary]
    assert not CooperativeSummary.objects.managed_by(user).exists()
    assert not RegionSummary.objects.visible_to(user).exists()
    assert other.summary.pk == other.pk


@pytest.mark.django_db
def test_the_migration_counts_what_is_on_record_already():
    PublicProductFactory()
    MemberFactory(person__sex="L")
    MemberFactory(**LEFT)
    QuoteRequestFactory()
    EnterpriseFactory(status="closed", closed_on=date(2026, 1, 2))
    CooperativeSummary.objects.all().delete()
    names = [name for _finder, name, _is_package in iter_modules(migrations.__path__)]
    name = next(name for name in names if name.endswith("_summaries"))
    migration = import_module(f"cooperatives.migrations.{name}")
    with connection.cursor() as cursor:
        cursor.execute(migration.BACKFILL)

    assert CooperativeSummary.objects.count() == Cooperative.objects.count() == 5
    assert agrees()
