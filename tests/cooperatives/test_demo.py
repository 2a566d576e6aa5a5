"""The demo: whole, believable, and nobody's."""

import csv
import io
import random
from datetime import date
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.models import Count, F, Q
from django.test import override_settings

from cooperatives import demo
from cooperatives.demo import lines, people, plans
from cooperatives.models import (
    Amendment,
    Consent,
    Cooperative,
    Member,
    NikClaim,
    Officer,
    Person,
    Proposal,
    StatusChange,
    YearlySnapshot,
)
from malaka_portal.demo import ACCOUNTS, PASSWORD, accounts_here, seed_accounts
from malaka_portal.identity_numbers import mismatches, parse_national_id
from malaka_portal.models import Region, User

VILLAGES = Path(__file__).parents[1] / "data" / "malaka_wilayah.csv"
TODAY = date(2026, 11, 24)


def load_malaka():
    """The regency, its districts and villages, as `load_regions` would leave them."""
    with VILLAGES.open() as file:
        rows = list(csv.DictReader(file))
    found = [Region(code="53", level=1, name="Nusa Tenggara Timur")]
    found.append(Region(code="53.21", level=2, name="Malaka", parent_id="53"))
    districts = {row["district_code"]: row["district_name"] for row in rows}
    for code, name in districts.items():
        found.append(Region(code=code, level=3, name=name, parent_id="53.21"))
    for row in rows:
        parent = row["district_code"]
        found.append(
            Region(code=row["village_code"], level=4, name=row["village_name"], parent_id=parent)
        )
    Region.objects.bulk_create(found)


@pytest.fixture(scope="module")
def said(django_db_setup, django_db_blocker, tmp_path_factory):
    """What the command says at its first run; its rows stay for this module, in one transaction."""
    said = io.StringIO()
    files = override_settings(DEBUG=True, MEDIA_ROOT=str(tmp_path_factory.mktemp("media")))
    with django_db_blocker.unblock(), files, transaction.atomic():
        load_malaka()
        call_command("seed_demo", stdout=said)
        yield said.getvalue()
        transaction.set_rollback(True)


@pytest.fixture(autouse=True)
def db(said):
    """In place of pytest-django's: what a test writes is undone, what the command wrote stays."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def grouped(rows, *fields):
    """{values: how many} of the rows of a queryset."""
    counted = rows.order_by().values_list(*fields).annotate(count=Count("pk"))
    return {row[0] if len(fields) == 1 else row[:-1]: row[-1] for row in counted}


def numbers():
    """(person, NIK) of everybody whose NIK is known."""
    return [(p, p.national_id()) for p in Person.objects.filter(nik_state="confirmed")]


# --- the command ----------------------------------------------------------------------------------
def test_the_command_says_what_it_made(said):
    assert said == (
        "Demo data added: 60 cooperatives, 4000 people, 3000 members, 300 enterprises, "
        "500 products.\n"
    )


def test_it_makes_what_it_promises():
    models = [Cooperative, Person, Member, NikClaim, Proposal]

    assert [m.objects.count() for m in models] == [60, 4000, 3000, 12, 5]
    assert all(m.objects.count() > 10 for m in (Amendment, YearlySnapshot, Consent, Officer))
    assert User.objects.count() == len(ACCOUNTS)


def test_every_group_has_an_account_to_try_it_with():
    tried = User.objects.filter(groups__isnull=False).values_list("groups__name", flat=True)

    assert sorted(tried) == sorted(Group.objects.values_list("name", flat=True))


def test_a_second_run_adds_nothing(settings):
    settings.DEBUG = True
    before = [m.objects.count() for m in (User, Cooperative, Person, Member)]
    said = io.StringIO()

    call_command("seed_demo", stdout=said)

    assert said.getvalue() == "The registry is not empty: no demo data added.\n"
    assert [m.objects.count() for m in (User, Cooperative, Person, Member)] == before


def test_it_refuses_when_debug_is_off(settings):
    settings.DEBUG = False

    with pytest.raises(ImproperlyConfigured):
        call_command("seed_demo")
    with pytest.raises(ImproperlyConfigured):
        seed_accounts()


def test_it_asks_for_the_regions_first(settings, monkeypatch):
    settings.DEBUG = True
    monkeypatch.setattr(demo, "MALAKA", "53.99")

    with pytest.raises(CommandError, match="load_regions"):
        call_command("seed_demo")


@pytest.mark.parametrize("scale", [1, 3])
def test_the_same_seed_plans_the_same_and_the_scale_multiplies(scale):
    villages = list(Region.objects.villages())
    first, second = (plans.make_plans(random.Random(1), villages, scale) for _turn in range(2))

    assert first == second
    assert (len(first), sum(p.members for p in first)) == (60 * scale, 3000 * scale)
    assert min(p.members for p in first if p.name != plans.WITHOUT_MEMBERS) >= lines.FOUNDERS
    assert {p.village[:8] for p in first} == {v.code[:8] for v in villages}


def test_every_row_is_one_act_of_the_command():
    acts = {
        event.pgh_context_id
        for model in (Cooperative, Person, Member, Officer, User)
        for event in model.pgh_event_model.objects.select_related("pgh_context")
    }
    (act,) = acts
    context = Member.pgh_event_model.objects.select_related("pgh_context").first().pgh_context

    assert (context.pk, context.metadata) == (act, {"command": "seed_demo"})


# --- nobody is real -------------------------------------------------------------------------------
def test_serials_of_nik_are_from_9000_on_and_every_nik_is_well_formed():
    claimed = [claim.national_id() for claim in NikClaim.objects.all()]
    known = [nik for _person, nik in numbers()] + claimed

    assert len(known) > 3000
    assert [n for n in known if parse_national_id(n, today=TODAY) != n or int(n[-4:]) < 9000] == []
    assert len({nik for _person, nik in numbers()}) == len(numbers())


def test_nik_agree_with_their_people_but_for_a_few():
    disagreeing = [
        person
        for person, nik in numbers()
        if mismatches(
            nik,
            born_on=person.born_on,
            birth_year=person.birth_year,
            sex=person.sex,
            today=TODAY,
        )
    ]
    belu = [nik for _person, nik in numbers() if nik.startswith("5304")]

    assert 1 <= len(disagreeing) <= 8
    assert 500 <= len(belu) <= 1100


def test_whoever_has_no_nik_says_why():
    without = Person.objects.filter(nik_state="none")
    reasons = set(without.values_list("nik_missing", flat=True))

    assert reasons == {"unknown", "not_recorded", "lost", "foreign"}


def test_telephone_numbers_belong_to_nobody_and_households_share_them():
    phones = [n for p in Person.objects.all() for n in p.phones]
    phones += list(Cooperative.objects.exclude(phone="").values_list("phone", flat=True))

    assert [n for n in phones if n[:4] != "+628" or n[6:10] != "0000" or len(n) != 14] == []
    assert len(set(phones)) < len(phones) * 0.8


def test_every_address_and_figure_is_marked_as_made_up():
    mark = plans.MARK

    assert not Cooperative.objects.exclude(address__startswith=mark).exists()
    assert not Person.objects.exclude(address__startswith=mark).exists()
    assert not YearlySnapshot.objects.exclude(source__startswith=mark).exists()


# --- rows that hang together ----------------------------------------------------------------------
def test_no_constraint_is_broken_not_even_one_of_the_forms():
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for model in (Cooperative, StatusChange, Amendment, YearlySnapshot, NikClaim, Proposal):
        for row in model.objects.all():
            row.full_clean()
    for model in (Person, Member, Officer, Consent):
        for row in model.objects.order_by("?")[:60]:
            row.full_clean()


def test_cooperatives_lie_in_every_district_of_malaka():
    codes = Cooperative.objects.values_list("village_id", flat=True)
    latitudes = Cooperative.objects.filter(latitude__isnull=False)

    assert {code[:8] for code in codes} == set(
        Region.objects.filter(level=3).values_list("code", flat=True)
    )
    assert not latitudes.exclude(
        latitude__range=(-9.78, -9.30), longitude__range=(124.63, 125.08)
    ).exists()


def test_deeds_and_certificates_of_both_kinds():
    deeds = Cooperative.objects
    certificates = deeds.filter(certificate_valid_until__isnull=False)

    assert deeds.filter(legal_entity_number__startswith="AHU-").count() > 10
    assert deeds.filter(legal_entity_number__contains="/BH/").count() > 10
    assert certificates.filter(certificate_valid_until__lt=TODAY).count() > 3
    assert certificates.filter(certificate_valid_until__gte=TODAY).count() > 3
    assert certificates.filter(registry_number__isnull=True).count() == 0


def test_statuses_follow_their_changes():
    found = dict(Cooperative.objects.values_list("status").annotate(Count("pk")).order_by())

    assert set(found) == {"active", "inactive", "frozen", "dissolving"}


def test_officers_are_members_of_their_cooperative_since_before_their_term():
    terms = Officer.objects.exclude(cooperative__name=plans.WITHOUT_MEMBERS)
    lines_of_theirs = Q(
        cooperative__members__person=F("person"),
        cooperative__members__joined_on__lte=F("started_on"),
        cooperative__members__left_on__isnull=True,
    )

    assert terms.filter(lines_of_theirs).distinct().count() == terms.count()
    assert terms.filter(ended_on__isnull=False).count() > 30


def test_two_cooperatives_have_no_chair():
    chaired = Officer.objects.open(on=TODAY).filter(body="board", role="chair")
    without = Cooperative.objects.exclude(pk__in=chaired.values("cooperative_id"))

    names = {*plans.WITHOUT_CHAIR, plans.WITHOUT_MEMBERS}
    assert set(without.values_list("name", flat=True)) == names


def test_members_joined_grown_up_and_after_the_founding():
    assert not Member.objects.filter(joined_on__lt=F("cooperative__legal_entity_date")).exists()
    assert not Member.objects.filter(joined_on__year__lt=1998).exists()
    assert [
        m
        for m in Member.objects.select_related("person")
        if m.person.born_on and m.joined_on.year - m.person.born_on.year < 16
    ] == []


def test_registers_count_on_from_their_last_number():
    for cooperative in Cooperative.objects.annotate(lines=Count("members")):
        assert cooperative.last_member_serial == cooperative.lines


def test_some_left_and_some_are_in_two_cooperatives():
    twice = Person.objects.annotate(lines=Count("members__cooperative", distinct=True))

    assert 100 < Member.objects.exclude(left_on=None).count() < 400
    assert 30 < twice.filter(lines__gt=1).count() < 150


def test_yearly_figures_hang_together_and_a_correction_is_a_later_row():
    rows = YearlySnapshot.objects.all()

    assert not rows.exclude(total_assets=F("own_capital") + F("external_capital")).exists()
    assert set(rows.values_list("fiscal_year", flat=True)) == {2022, 2023, 2024, 2025}
    assert 1 <= rows.count() - YearlySnapshot.objects.current().count() <= 6


def test_two_of_the_claimed_nik_are_held_by_somebody_else():
    held = [
        claim
        for claim in NikClaim.objects.pending()
        if Person.objects.filter(nik_hash=claim.nik_hash).exclude(pk=claim.person_id).exists()
    ]

    assert len(held) == 2
    assert set(NikClaim.objects.values_list("person__nik_state", flat=True)) == {"claimed"}


def test_proposals_are_about_people_known_elsewhere_and_would_change_something():
    for proposal in Proposal.objects.pending().select_related("person"):
        assert proposal.person.members.values("cooperative").distinct().count() > 1
        assert all(proposal.seen[name] != value for name, value in proposal.values.items())


# --- accounts -------------------------------------------------------------------------------------
@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda a: a.username)
def test_every_account_signs_in(client, account):
    typed = {"username": account.username, "password": PASSWORD}
    response = client.post("/masuk/", typed)

    assert (response.status_code, response["Location"]) == (302, "/")


def test_every_account_has_its_role():
    staff = User.objects.get(username="staf")
    reviewer = User.objects.get(username="peninjau")
    superusers = User.objects.filter(is_superuser=True)

    assert [u.username for u in superusers] == ["admin"]
    assert [
        (u.is_staff, u.area_id, [g.name for g in u.groups.all()]) for u in (staff, reviewer)
    ] == [
        (True, "53.21", ["Staf program"]),
        (False, "53.21", ["Peninjau"]),
    ]
    assert Cooperative.objects.visible_to(staff).count() == 60
    assert Person.objects.visible_to(reviewer).count() == 4000
    assert reviewer.has_perm("cooperatives.view_personal_data") is False


def test_officers_accounts_see_their_cooperative_only():
    secretary, supervisor, treasurer = (
        User.objects.get(username=name) for name in ("yosefina", "pengawas", "bendahara")
    )
    weavers = Cooperative.objects.get(name="Tenun Feto Malaka")
    empty = Cooperative.objects.get(name="Koperasi Contoh Impor")

    assert weavers.member_number_prefix == "TFM"
    assert list(Cooperative.objects.managed_by(secretary)) == [weavers]
    assert list(Cooperative.objects.managed_by(supervisor)) == []
    assert list(Cooperative.objects.visible_to(supervisor)) == [weavers]
    assert Member.objects.managed_by(secretary).count() == 64
    assert list(Cooperative.objects.managed_by(treasurer)) == [empty]
    assert not empty.members.exists()
    assert {
        o.user.username: (o.role, o.person.name) for o in weavers.officers.exclude(user=None)
    } == {
        "yosefina": ("secretary", "Yosefina Bria"),
        "pengawas": ("chair", "Maria Goreti Seran"),
    }


def test_the_accounts_are_listed_with_what_they_are_for():
    listed = accounts_here()
    User.objects.filter(username="pengawas").update(username="renamed")

    assert [name for name, _role in listed] == [a.username for a in ACCOUNTS]
    assert all(role for _name, role in listed)
    assert "pengawas" not in dict(accounts_here())


def test_no_name_of_the_made_up_people_is_only_one_word():
    assert not Person.objects.exclude(name__contains=" ").exists()
    assert people.FIRST_SERIAL == 9000
