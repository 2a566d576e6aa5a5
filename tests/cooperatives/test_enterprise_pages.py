"""Pages of enterprises: the list, one enterprise, and what is recorded about it."""

import csv
import io
import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from cooperatives import forms
from cooperatives.models import (
    Enterprise,
    EnterpriseMembership,
    EnterpriseSnapshot,
    GroupMember,
    IndustryCode,
    Person,
    Support,
    access,
)
from malaka_portal.models import AccessLog, User
from tests.factories.cooperatives import (
    NIK,
    ConsentFactory,
    CooperativeFactory,
    MemberFactory,
    OfficerFactory,
    PersonFactory,
)
from tests.factories.enterprises import (
    CredentialFactory,
    EnterpriseFactory,
    EnterpriseMembershipFactory,
    EnterpriseSnapshotFactory,
    GroupMemberFactory,
    IndustryCodeFactory,
    SupportFactory,
)
from tests.factories.portal import UserFactory, village
from tests.factories.roles import MALAKA, group

pytestmark = pytest.mark.django_db
LIST = reverse("cooperatives:enterprise-list")


@pytest.fixture
def officer():
    return OfficerFactory(cooperative__name="Tenun Feto Malaka")


@pytest.fixture
def ours(officer):
    """A weaver's business that the officer's cooperative keeps."""
    owner = MemberFactory(cooperative=officer.cooperative, person__name="Maria Bria").person
    return EnterpriseFactory(
        cooperative=officer.cooperative,
        owner=owner,
        name="Tenun Mama Bria",
        phone="+6281200001234",
        address="Jalan Rahasia 7",
    )


def of_group(name):
    village()
    user = UserFactory(area_id=MALAKA)
    user.groups.add(group(name))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def staff():
    return of_group("Staf program")


def url(name, *args):
    return reverse(f"cooperatives:{name}", args=args)


def text(response):
    assert response.status_code == 200
    return response.content.decode()


def names(response):
    return [row.object.name for row in response.context["rows"]]


def send(client, to, **data):
    return client.post(to, data | {"_kunci": str(uuid.uuid4())})


def shown(client, address):
    """What a browser would send back of a form that nobody has touched."""
    form = client.get(address).context["form"]
    values = {name: form[name].value() for name in form.fields}
    prepared = {name: form.fields[name].prepare_value(value) for name, value in values.items()}
    return {name: "" if value is None else value for name, value in prepared.items()}


# --- the list -----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["enterprise-list", "credential-list"])
@pytest.mark.parametrize("who", ["officer", "staff"])
def test_a_list_costs_the_same_for_any_number_of_rows(client, officer, staff, name, who):
    client.force_login(officer.user if who == "officer" else staff)
    client.get(reverse("account"))  # opens the session's clock
    costs = []
    for more in (1, 2):
        for _ in range(more):
            made = EnterpriseFactory(cooperative=officer.cooperative, phone="+6281200001234")
            EnterpriseSnapshotFactory(enterprise=made)
            CredentialFactory(enterprise=made, valid_until=date(2026, 1, 2))
        with CaptureQueriesContext(connection) as queries:
            response = client.get(url(name))
        costs.append(len([q for q in queries if "SAVEPOINT" not in q["sql"]]))

    assert len(response.context["rows"]) == 3
    assert costs[0] == costs[1] <= 8


def test_a_page_of_an_enterprise_costs_the_same_for_any_number_of_rows(client, officer):
    made = EnterpriseFactory(cooperative=officer.cooperative, kind="weavers")
    client.force_login(officer.user)
    client.get(reverse("account"))
    costs = []
    for more in (1, 2):
        for at in range(more):
            GroupMemberFactory(enterprise=made)
            EnterpriseSnapshotFactory(enterprise=made, year=2020 + more + at)
            EnterpriseMembershipFactory(enterprise=made)
            SupportFactory(enterprise=made)
            CredentialFactory(enterprise=made)
        with CaptureQueriesContext(connection) as queries:
            response = client.get(made.get_absolute_url())
        costs.append(len([q for q in queries if "SAVEPOINT" not in q["sql"]]))

    assert len(response.context["members"]) == 3
    assert costs[0] == costs[1] <= 17


@pytest.fixture
def three(officer):
    """A weaver, a maker of food in another district, and a group that has closed."""
    weaver = EnterpriseFactory(
        cooperative=officer.cooperative, name="Tenun Bria", sales_channels=["market", "fair"]
    )
    food = EnterpriseFactory(
        cooperative=officer.cooperative,
        name="Keripik Klau",
        line="food",
        village=village("53.21.02.2001", "Kletek"),
    )
    EnterpriseFactory(
        cooperative=officer.cooperative,
        name="Kelompok Un",
        kind="weavers",
        status="closed",
        closed_on=date(2025, 1, 1),
    )
    EnterpriseSnapshotFactory(enterprise=weaver, monthly_turnover=1_200_000)
    EnterpriseSnapshotFactory(enterprise=food, monthly_turnover=1_000_000_000)
    CredentialFactory(enterprise=weaver)
    CredentialFactory(enterprise=food, status="in_process", number="")


ALL = ["Kelompok Un", "Keripik Klau", "Tenun Bria"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ALL),
        ("cari=bria", ["Tenun Bria"]),
        ("cari=klau+krip", []),
        ("cari=klau+keri", ["Keripik Klau"]),
        ("jenis=weavers", ["Kelompok Un"]),
        ("bidang=food", ["Keripik Klau"]),
        ("status=closed", ["Kelompok Un"]),
        ("kecamatan=53.21.02", ["Keripik Klau"]),
        ("skala=micro", ["Tenun Bria"]),
        ("skala=small", ["Keripik Klau"]),
        ("omzet=1-2.5", ["Tenun Bria"]),
        ("omzet=25-", []),
        ("penjualan=fair", ["Tenun Bria"]),
        ("penjualan=online", []),
        ("belum=nib", ["Keripik Klau"]),
        ("belum=halal", ["Keripik Klau"]),
        ("jenis=nonsense", ALL),
    ],
)
def test_filters_and_search(client, officer, three, query, found):
    client.force_login(officer.user)

    assert names(client.get(f"{LIST}?{query}")) == found


@pytest.mark.parametrize("status", ["non_halal", "not_required"])
def test_a_maker_of_food_that_needs_no_halal_certificate_is_not_reminded(
    client, officer, three, status
):
    food = Enterprise.objects.get(line="food")
    CredentialFactory(enterprise=food, kind="halal", status=status, number="")
    client.force_login(officer.user)

    assert names(client.get(f"{LIST}?belum=halal")) == []


def test_a_list_of_one_cooperative_comes_from_a_link_and_stays_within_the_scope(
    client, staff, officer, three
):
    EnterpriseFactory(name="Lain")
    far = EnterpriseFactory(name="Jauh", village=village("33.01.01.2001", "Jauh")).cooperative
    client.force_login(staff)

    here = client.get(f"{LIST}?koperasi={officer.cooperative_id}")
    assert names(here) == ALL
    assert names(client.get(f"{LIST}?koperasi={far.pk}")) == []
    assert "Lain" in names(client.get(LIST))
    assert "Jauh" not in names(client.get(LIST))


def test_the_scale_stands_with_the_year_of_its_figures(client, officer, three):
    client.force_login(officer.user)
    row = client.get(f"{LIST}?cari=bria").context["rows"][0]

    assert [(c.column.name, c.text) for c in row.cells][-3:-1] == [
        ("scale", f"{Enterprise.Scale.MICRO.label} (2025)".capitalize()),
        ("monthly_turnover", "Rp1.200.000"),
    ]


def taken_out(client, user):
    client.force_login(user)
    response = client.post(LIST, {"format": "csv"})
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content), delimiter=";"))


def test_a_file_has_the_owner_and_for_those_who_may_the_telephone(client, officer, ours):
    rows = taken_out(client, officer.user)

    assert {"Maria Bria", "0812-0000-1234", "Jalan Rahasia 7"} <= set(rows[1])
    assert AccessLog.objects.get().subject == "cooperatives.enterprise"


def test_a_reviewer_takes_out_no_personal_columns(client, ours):
    header, row = taken_out(client, of_group("Peninjau"))

    assert "Maria Bria" in row
    assert {"0812-0000-1234", "Jalan Rahasia 7"} & set(row) == set()
    assert len(header) == len(row)


# --- one enterprise -----------------------------------------------------------------------------


def test_the_page_tells_everything_and_links_only_to_what_is_in_sight(client, officer, ours):
    stranger = PersonFactory(name="Yosef Klau")
    other = CooperativeFactory(name="Koperasi Lain")
    Enterprise.objects.filter(pk=ours.pk).update(kind="weavers", industry_code=code())
    GroupMemberFactory(enterprise=ours, person=stranger, role="leader")
    EnterpriseMembershipFactory(enterprise=ours, cooperative=other)
    EnterpriseSnapshotFactory(enterprise=ours, monthly_turnover=1_200_000, workers_paid_male=4)
    SupportFactory(enterprise=ours, what="Alat tenun", amount=750_000)
    client.force_login(officer.user)

    page = text(client.get(ours.get_absolute_url()))

    told = ["0812-0000-1234", "Jalan Rahasia 7", "13122 ", "PP 7/2021", "Rp1.200.000"]
    told += ["Yosef Klau", "Koperasi Lain", "Alat tenun", "Rp750.000", "4 L / 0 P", "0 L / 2 P"]
    assert [word for word in told if word not in page] == []
    assert f'href="{ours.owner.get_absolute_url()}"' in page
    assert f'href="{officer.cooperative.get_absolute_url()}"' in page
    assert stranger.get_absolute_url() not in page
    assert other.get_absolute_url() not in page
    assert str(Enterprise.Band.UNDER_2_5.label) in page


def test_a_reviewer_reads_without_personal_columns_and_without_links_to_write(client, ours):
    group_of = EnterpriseFactory(kind="weavers", name="Kelompok", phone="+6281200009999")
    GroupMemberFactory(enterprise=group_of, person__name="Yosef Klau")
    client.force_login(of_group("Peninjau"))

    page = text(client.get(ours.get_absolute_url()))
    of_the_group = text(client.get(group_of.get_absolute_url()))

    assert "Maria Bria" in page
    assert "0812-0000-1234" not in page and "Rahasia" not in page
    assert "0812-0000-9999" not in of_the_group and "Yosef Klau" not in of_the_group
    assert "/baru/" not in page and "/ubah/" not in page
    history = text(client.get(url("enterprise-history", ours.pk)))
    assert "0812-0000-1234" not in history and "Rahasia" not in history


def test_a_supervisor_reads_and_does_not_write(client, officer, ours):
    supervisor = OfficerFactory(cooperative=officer.cooperative, body="supervisors", role="member")
    client.force_login(supervisor.user)

    page = text(client.get(ours.get_absolute_url()))

    assert "0812-0000-1234" in page
    assert "/baru/" not in page


def test_history_tells_a_change_in_words(client, officer, ours):
    client.force_login(officer.user)
    address = url("enterprise-update", ours.pk)
    send(client, address, **shown(client, address) | {"sales_channels": ["home", "online"]})

    page = text(client.get(url("enterprise-history", ours.pk)))

    assert str(Enterprise.Channel.ONLINE.label).split(" ")[0].lower() in page.lower()


def test_the_cooperative_counts_its_enterprises_and_search_finds_them(client, officer, ours):
    client.force_login(officer.user)

    page = text(client.get(officer.cooperative.get_absolute_url()))
    found = text(client.get(url("search") + "?q=mama+bria"))

    assert f'href="{LIST}?koperasi={officer.cooperative_id}"><b class="figure">1</b>' in page
    assert url("enterprise-add", officer.cooperative_id) in page
    assert f'href="{ours.get_absolute_url()}">Tenun Mama Bria</a>' in found


# --- writing ------------------------------------------------------------------------------------


def code(number="13122", version="KBLI2020"):
    return IndustryCodeFactory(code=number, classification=version)


ANSWERS = {
    "name": "Tenun Sinar Wehali",
    "kind": "individual",
    "line": "weaving",
    "owner": "Maria Bria",
    "status": "running",
    "started_on": "2-1-2020",
    "village": "Alas Selatan",
    "hamlet": "Metamauk",
    "phone": "0812-3456-7890",
    "industry_code": "13122",
    "sales_channels": ["home", "market"],
}


@pytest.fixture
def add(officer, ours, client):
    client.force_login(officer.user)
    code()
    return url("enterprise-add", officer.cooperative_id)


def test_an_officer_registers_an_enterprise_of_the_own_cooperative(client, officer, ours, add):
    elsewhere = CooperativeFactory()

    response = send(client, add, **ANSWERS, cooperative=elsewhere.pk)

    made = Enterprise.objects.get(name="Tenun Sinar Wehali")
    assert (response.status_code, response["Location"]) == (302, made.get_absolute_url())
    assert (made.cooperative, made.owner) == (officer.cooperative, ours.owner)
    assert (made.phone, made.sales_channels) == ("+6281234567890", ["home", "market"])
    assert str(made.industry_code).startswith("13122 ")
    assert made.district_id == "53.21.10"


def test_sent_twice_it_is_recorded_once(client, add):
    sent = ANSWERS | {"_kunci": str(uuid.uuid4())}

    answers = [client.post(add, sent) for _ in range(2)]

    assert Enterprise.objects.filter(name="Tenun Sinar Wehali").count() == 1
    assert answers[0]["Location"] == answers[1]["Location"]
    changed = client.post(add, sent | {"name": "Lain"})
    assert changed.status_code == 409
    assert Enterprise.objects.filter(name="Lain").count() == 0


def errors(client, to, **changes):
    """{field: its first message} of the answers with these changes; none of it is saved."""
    before = Enterprise.objects.count()
    response = send(client, to, **ANSWERS | changes)
    page = text(response)
    form = response.context["form"]
    assert Enterprise.objects.count() == before
    assert all(f'href="#id_{name}"' in page for name in form.errors if name != "__all__")
    return {name: str(found[0]) for name, found in form.errors.items()}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"owner": ""}, "owner"),
        ({"owner": "Nobody Here"}, "owner"),
        ({"owner": NIK}, "owner"),
        ({"owner": "Maria\0Bria"}, "owner"),
        ({"status": "closed"}, "closed_on"),
        ({"closed_on": "2-1-2024"}, "closed_on"),
        ({"decree_number": "SK 1/2024"}, "decree_number"),
        ({"kind": "weavers", "decree_issuer": "Dinas Pariwisata"}, "decree_number"),
        ({"industry_code": "99999"}, "industry_code"),
        ({"village": "Entah"}, "village"),
        ({"phone": "12"}, "phone"),
        ({"started_on": "1-1-2999"}, "started_on"),
        ({"name": ""}, "name"),
    ],
)
def test_what_is_wrong_is_told_at_its_field(client, add, changes, field):
    assert list(errors(client, add, **changes)) == [field]


def test_closed_before_it_started_is_told(client, add):
    changes = {"status": "closed", "started_on": "2-1-2025", "closed_on": "1-1-2025"}

    assert list(errors(client, add, **changes)) == ["__all__"]


def test_people_out_of_sight_are_not_found_and_not_told(client, add):
    MemberFactory(person__name="Petronela Seran")

    assert "Petronela" not in errors(client, add, owner="Petronela Seran")["owner"]
    assert "Petronela" not in errors(client, add, owner="Petro")["owner"]


def test_two_people_of_one_name_are_told_apart_by_the_number_of_their_record(
    client, officer, ours, add
):
    second = MemberFactory(cooperative=officer.cooperative, person__name="Maria Bria").person

    response = send(client, add, **ANSWERS)
    label = f"Maria Bria (Alas Selatan, no. {second.pk})"
    assert label in response.context["form"].errors["owner"][0]
    assert f"<option>{label}</option>" in text(response)

    assert send(client, add, **ANSWERS | {"owner": label}).status_code == 302
    assert Enterprise.objects.get(name="Tenun Sinar Wehali").owner == second


def test_an_owner_is_found_by_the_member_number_or_by_some_words(client, officer, ours, add):
    line = ours.owner.members.get()
    Person.objects.filter(pk=ours.owner_id).update(name="Regina Seran")

    for at, typed in enumerate(
        [line.number, "seran reg", f"Regina Seran (x, no. {ours.owner_id})"]
    ):
        assert send(client, add, **ANSWERS | {"name": f"U{at}", "owner": typed}).status_code == 302
    assert Enterprise.objects.filter(owner=ours.owner, name__startswith="U").count() == 3


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("10794", ("10794", "KBLI2025")),
        ("13122", ("13122", "KBLI2020")),
        ("Industri tempe", ("10307", "KBLI2025")),
        ("gula merah", ("10722", "KBLI2020")),
        ("", None),
    ],
)
def test_a_classification_is_found_by_code_or_title(client, add, typed, found):
    for version, number, title in (
        ("KBLI2020", "10794", "Industri kerupuk"),
        ("KBLI2025", "10794", "Industri kerupuk"),
        ("KBLI2025", "10307", "Industri tempe"),
        ("KBLI2020", "10391", "Industri tempe kedelai"),
        ("KBLI2020", "10722", "Industri gula merah"),
    ):
        IndustryCode.objects.get_or_create(
            classification=version, code=number, defaults={"title": title}
        )
    assert send(client, add, **ANSWERS | {"industry_code": typed}).status_code == 302

    kept = Enterprise.objects.get(name="Tenun Sinar Wehali").industry_code
    assert ((kept.code, kept.classification) if kept else None) == found


def test_the_version_of_a_classification_that_is_stored_stays(client, officer, ours):
    old = code("10794", "KBLI2020")
    code("10794", "KBLI2025")
    Enterprise.objects.filter(pk=ours.pk).update(industry_code=old)
    client.force_login(officer.user)
    address = url("enterprise-update", ours.pk)

    assert send(client, address, **shown(client, address) | {"hamlet": "x"}).status_code == 302
    ours.refresh_from_db()
    assert (ours.industry_code, ours.hamlet) == (old, "x")


def test_staff_choose_the_cooperative_or_none(client, staff, officer, ours):
    client.force_login(staff)
    code()
    address = url("enterprise-create")

    kept = send(client, address, **ANSWERS, cooperative="tenun feto malaka")
    office = send(client, address, **ANSWERS | {"name": "Kantor"})
    unknown = send(client, address, **ANSWERS, cooperative="Entah")

    assert (kept.status_code, office.status_code, unknown.status_code) == (302, 302, 200)
    kept_by = Enterprise.objects.filter(name__in=["Tenun Sinar Wehali", "Kantor"])
    assert set(kept_by.values_list("name", "cooperative")) == {
        ("Tenun Sinar Wehali", officer.cooperative_id),
        ("Kantor", None),
    }


def test_staff_register_nothing_outside_their_area(client, staff, ours):
    village("33.01.01.2001", "Jauh")
    client.force_login(staff)
    code()

    response = send(client, url("enterprise-create"), **ANSWERS | {"village": "33.01.01.2001"})

    assert response.status_code == 200
    assert Enterprise.objects.filter(name="Tenun Sinar Wehali").count() == 0


def test_an_officer_does_not_move_a_record_and_the_office_does(client, officer, staff, ours):
    other = CooperativeFactory(name="Koperasi Lain")
    address = url("enterprise-update", ours.pk)
    moved = []
    for user in (officer.user, staff):
        client.force_login(user)
        send(client, address, **shown(client, address) | {"cooperative": "Koperasi Lain"})
        ours.refresh_from_db()
        moved.append(ours.cooperative == other)

    assert moved == [False, True]


def test_an_owner_out_of_sight_stays_when_something_else_is_changed(client, officer, ours):
    stranger = PersonFactory(name="Yosef Klau")
    Enterprise.objects.filter(pk=ours.pk).update(owner=stranger)
    client.force_login(officer.user)
    address = url("enterprise-update", ours.pk)

    assert send(client, address, **shown(client, address) | {"hamlet": "x"}).status_code == 302
    ours.refresh_from_db()
    assert (ours.owner, ours.hamlet) == (stranger, "x")


def test_the_second_editor_sees_both_values_and_what_they_left_alone_is_kept(client, officer, ours):
    client.force_login(officer.user)
    address = url("enterprise-update", ours.pk)
    opened = shown(client, address)
    first = opened | {"hamlet": "Satu", "sales_channels": ["home", "fair"]}
    assert send(client, address, **first).status_code == 302

    response = send(client, address, **opened | {"hamlet": "Dua"})

    page = text(response)
    assert set(response.context["form"].errors) == {"__all__", "hamlet"}
    assert "Satu" in page and 'value="Dua"' in page
    assert page.count("checked") == 2  # the ticks that the first editor has made
    again = shown_again(response)
    assert send(client, address, **again).status_code == 302
    ours.refresh_from_db()
    assert (ours.hamlet, ours.sales_channels) == ("Dua", ["home", "fair"])


def shown_again(response):
    form = response.context["form"]
    values = {name: form[name].value() for name in form.fields}
    return {name: "" if value is None else value for name, value in values.items()}


# --- figures ------------------------------------------------------------------------------------

FIGURES = {"year": "2025", "monthly_turnover": "1,2 jt", "workers_unpaid_female": "2"}


@pytest.fixture
def figures(client, officer, ours):
    client.force_login(officer.user)
    return url("enterprisesnapshot-create", ours.pk)


def test_figures_are_recorded_and_corrected_by_recording_them_again(client, ours, figures):
    assert send(client, figures, **FIGURES).status_code == 302
    assert shown(client, f"{figures}?tahun=2025")["monthly_turnover"] == "1.200.000"
    send(client, figures, **FIGURES | {"monthly_turnover": "2.000.000", "workers_paid_male": ""})

    page = text(client.get(ours.get_absolute_url()))
    ours.refresh_from_db()
    assert EnterpriseSnapshot.objects.count() == 2
    assert (ours.monthly_turnover, ours.figures_year, ours.scale) == (2_000_000, 2025, "micro")
    assert "Rp2.000.000" in page and "Rp1.200.000" not in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"year": "2999"}, "year"),
        ({"year": "25"}, "year"),
        ({"year": ""}, "year"),
        ({"monthly_turnover": "banyak"}, "monthly_turnover"),
        ({"monthly_turnover": "-5000"}, "__all__"),
        ({"workers_disabled": "3"}, "__all__"),
        ({"workers_unpaid_female": "-1"}, "workers_unpaid_female"),
        ({"workers_unpaid_female": "2147483647"}, "workers_unpaid_female"),
        ({"monthly_turnover": "", "workers_unpaid_female": ""}, "__all__"),
        ({"source": f"KTP {NIK}"}, "source"),
    ],
)
def test_figures_that_cannot_be_are_told(client, figures, changes, field):
    response = send(client, figures, **FIGURES | changes)

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert EnterpriseSnapshot.objects.count() == 0


def test_the_most_workers_can_be_added_up(client, figures):
    most = dict.fromkeys(forms.EnterpriseSnapshotForm.workers, "536.870.911")
    assert send(client, figures, year="2025", **most).status_code == 302
    assert EnterpriseSnapshot.objects.get().workers_disabled == 2**29 - 1


def test_a_turnover_of_nothing_is_a_figure(client, ours, figures):
    assert send(client, figures, year="2025", monthly_turnover="0").status_code == 302
    ours.refresh_from_db()
    assert (ours.monthly_turnover, ours.band) == (0, "0-1")


@pytest.mark.parametrize("odd", ["?tahun=", "?tahun=abc", "?tahun=1999", "?tahun=٢٠٢٥"])
def test_an_odd_year_in_the_address_begins_an_empty_form(client, figures, odd):
    assert client.get(figures + odd).status_code == 200


# --- support, memberships, the group ------------------------------------------------------------


def test_support_is_recorded_and_mended(client, officer, ours):
    client.force_login(officer.user)
    given = {"kind": "tools", "what": "Alat tenun", "provider": "Dinas", "received_on": "4-3-2025"}

    assert send(client, url("support-create", ours.pk), **given).status_code == 302
    support = Support.objects.get()
    change = given | {"amount": "750rb", "_versi": support.version}
    answer = send(client, url("support-update", support.pk), **change)

    support.refresh_from_db()
    assert answer["Location"] == ours.get_absolute_url()
    assert (support.enterprise, support.amount) == (ours, 750_000)


def test_an_enterprise_joins_and_leaves_a_cooperative(client, officer, ours):
    client.force_login(officer.user)
    address = url("enterprisemembership-create", ours.pk)
    joined = shown(client, address) | {"since": "2-1-2024"}
    assert joined["cooperative"] == str(officer.cooperative)

    assert send(client, address, **joined).status_code == 302
    twice = send(client, address, **joined)
    line = EnterpriseMembership.objects.get()
    too_early = client.post(url("membership-end", line.pk), {"on": "1-1-2024"})
    ended = client.post(url("membership-end", line.pk), {"on": "5-6-2025"})
    again = client.post(url("membership-end", line.pk), {"on": "6-6-2025"})

    assert (twice.status_code, len(twice.context["form"].errors)) == (200, 1)
    assert (too_early.status_code, ended.status_code, again.status_code) == (200, 302, 200)
    line.refresh_from_db()
    assert line.until == date(2025, 6, 5)


def test_somebody_joins_a_group_leads_it_and_leaves(client, officer, ours):
    Enterprise.objects.filter(pk=ours.pk).update(kind="weavers")
    MemberFactory(cooperative=officer.cooperative, person__name="Yosefina Klau")
    client.force_login(officer.user)
    address = url("groupmember-create", ours.pk)
    joined = {"person": "Maria Bria", "role": "leader", "joined_on": "2-1-2024"}

    assert send(client, address, **joined).status_code == 302
    twice = send(client, address, **joined | {"role": "member"})
    second_leader = send(client, address, **joined | {"person": "Yosefina Klau"})
    member = GroupMember.objects.get()
    change = {"role": "member", "joined_on": "2-1-2023", "_versi": member.version}
    assert client.post(url("groupmember-update", member.pk), change).status_code == 302
    early = client.post(url("groupmember-leave", member.pk), {"on": "1-1-2023"})
    left = client.post(url("groupmember-leave", member.pk), {"on": "5-6-2025"})
    again = client.post(url("groupmember-leave", member.pk), {"on": "5-6-2025"})

    assert [twice.status_code, second_leader.status_code] == [200, 200]
    assert [early.status_code, left.status_code, again.status_code] == [200, 302, 200]
    member.refresh_from_db()
    assert (member.role, member.left_on) == ("member", date(2025, 6, 5))
    page = text(client.get(ours.get_absolute_url()))
    assert f'aria-label="{member.person}' not in page
    assert url("groupmember-leave", member.pk) not in page


def test_only_a_group_takes_members(client, officer, ours):
    client.force_login(officer.user)
    joined = {"person": "Maria Bria", "role": "leader", "joined_on": "2-1-2024"}

    response = send(client, url("groupmember-create", ours.pk), **joined)

    assert (response.status_code, GroupMember.objects.count()) == (200, 0)
    assert url("groupmember-create", ours.pk) not in text(client.get(ours.get_absolute_url()))


def test_whoever_objects_to_being_recorded_stands_in_no_list_and_is_not_chosen(client, ours, add):
    Person.objects.filter(pk=ours.owner_id).update(name="Regina Seran")
    ConsentFactory(
        person=ours.owner,
        purpose="record",
        given_on=None,
        text_version="",
        withdrawn_on=access.today(),
    )

    assert names(client.get(LIST)) == []
    assert "Tenun Mama Bria" not in text(client.get(url("search") + "?q=mama+bria"))
    cooperative = text(client.get(ours.cooperative.get_absolute_url()))
    assert f'href="{LIST}?koperasi={ours.cooperative_id}"><b class="figure">0</b>' in cooperative
    assert list(errors(client, add, owner="Regina Seran")) == ["owner"]
    line = ours.owner.members.get()
    assert list(errors(client, add, owner=line.number)) == ["owner"]
