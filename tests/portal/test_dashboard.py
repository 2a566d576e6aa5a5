"""The home page of every role: what needs action, the numbers, what happened lately."""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cooperatives import services
from cooperatives.models import Member, Person, Product, RegionSummary
from malaka_portal import activity, attention
from malaka_portal.actors import acting
from malaka_portal.figures import figures
from malaka_portal.lists import in_words
from malaka_portal.models import User
from tests.factories.cooperatives import (
    CooperativeFactory,
    JoiningFactory,
    MemberFactory,
    NikClaimFactory,
    OfficerFactory,
    PersonFactory,
    ProposalFactory,
    StatusChangeFactory,
    SuspicionFactory,
    decided,
)
from tests.factories.enterprises import (
    CredentialFactory,
    EnterpriseFactory,
    PublicProductFactory,
    QuoteRequestFactory,
)
from tests.factories.portal import UserFactory, village
from tests.factories.roles import ROLES, actor, other_rows, own_rows

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-24 04:00Z", tick=False):
        yield


@pytest.fixture
def every_list(monkeypatch):
    """As if the lists of papers, requests, enterprises and products had their pages already."""

    def address(name, query=""):
        return f"/{name}/{query}"

    monkeypatch.setattr(attention, "address", address)
    monkeypatch.setattr("malaka_portal.figures.address", address)


@pytest.fixture
def world():
    """Rows of the users' own cooperative, of others in Malaka and far away."""
    own, far = own_rows(), other_rows()
    here = own["Cooperative"]
    neighbour = CooperativeFactory(last_annual_meeting_on=date(2026, 5, 1))
    for cooperative in (here, neighbour, far["Cooperative"]):
        for sex in ("P", "P", "L", ""):
            MemberFactory(cooperative=cooperative, person__sex=sex)
        NikClaimFactory(cooperative=cooperative)
        EnterpriseFactory(cooperative=cooperative, village=cooperative.village)
        refused = NikClaimFactory(cooperative=cooperative, **decided("refused"))
        MemberFactory(cooperative=cooperative, person=refused.person)
        for days in (-1, 20, 80):
            CredentialFactory(
                enterprise__cooperative=cooperative,
                enterprise__village=cooperative.village,
                valid_until=TODAY + timedelta(days=days),
            )
    MemberFactory(cooperative=here, left_on=date(2026, 1, 2), left_reason="moved")
    Person.objects.filter(pk=MemberFactory(cooperative=here).person_id).update(is_withheld=True)
    PublicProductFactory(
        enterprise__cooperative=CooperativeFactory(
            public_since=date(2026, 1, 2), last_annual_meeting_on=date(2026, 2, 1)
        )
    )
    OfficerFactory(cooperative=neighbour, role="chair")
    return own


def home(client, user):
    client.force_login(user)
    response = client.get("/")
    assert response.status_code == 200
    return response


def counted_there(client, url):
    """How many rows the page of a line or of a figure shows."""
    response = client.get(url)
    assert response.status_code == 200, url
    context = response.context
    if "#refused" in url:
        return len(context["refused"])
    if "claim_count" in context:
        return context["claim_count"] + context["proposal_count"]
    if "page" in context:
        return context["page"].count
    assert context["cooperative"]
    return 1


@pytest.mark.parametrize("role", ROLES)
def test_every_number_is_what_its_list_shows(client, world, role):
    services.roll_up()
    context = home(client, actor(role, world)).context
    if role == "stranger":
        assert context["without_office"]
        return
    lines = attention.attention(
        User.objects.get(pk=context["user"].pk), on=TODAY, own=context["only"]
    )
    links = [(line.url, line.count) for line in lines]
    links += [(figure.url, figure.number) for figure in context["figures"].tiles]

    assert len(context["lines"]) <= 5 and len(context["figures"].tiles) <= 4
    for url, count in links:
        there = counted_there(client, url)
        assert (url, there) == (url, in_words(count) if isinstance(there, str) else count)


def lines(client, user):
    return [(line.url, line.count) for line in home(client, user).context["lines"]]


EXPECTED = {
    "staff": [
        ("/credential-list/?masa=habis", 2),
        ("/cooperative-list/?rat=two", 1),
        ("/quoterequest-list/?status=new", 1),
        ("/credential-list/?masa=30", 2),
        ("/work-list/", 4),
    ],
    "viewer": [
        ("/credential-list/?masa=habis", 2),
        ("/cooperative-list/?rat=two", 1),
        ("/credential-list/?masa=30", 2),
        ("/cooperative-list/?ketua=tidak", 2),
        ("/credential-list/?masa=90", 4),
    ],
    "administrator": [
        ("/person-list/?tarik=on", 1),
        ("/credential-list/?masa=habis", 3),
        ("/cooperative-list/?rat=two", 2),
        ("/quoterequest-list/?status=new", 2),
        ("/credential-list/?masa=30", 3),
    ],
    "stranger": [],
}


@pytest.mark.parametrize("role", EXPECTED)
def test_what_needs_action_stands_with_the_worst_first(client, world, every_list, role):
    user = actor(role, world)
    if role == "stranger":
        assert "lines" not in home(client, user).context
    else:
        assert lines(client, user) == EXPECTED[role]


def test_what_does_not_fit_on_the_list_of_the_worst_unfolds(client, world, every_list, monkeypatch):
    user = actor("staff", world)
    monkeypatch.setattr("malaka_portal.dashboard.SHOWN", 2)

    context = home(client, user).context

    found = [(line.url, line.count) for line in context["lines"] + context["further_lines"]]
    assert (len(context["lines"]), found[:5]) == (2, EXPECTED["staff"])


def test_an_officer_is_told_about_the_own_cooperative_in_its_own_words(client, world, every_list):
    user = actor("officer", world)
    page = world["Cooperative"].get_absolute_url()
    shown = home(client, user).context["lines"]

    assert [(line.url, line.text, line.tag) for line in shown] == [
        (
            "/credential-list/?masa=habis",
            _("%(count)s paper has run out") % {"count": 1},
            _("Run out"),
        ),
        (page, _("No annual meeting (RAT) was held for two years"), _("In danger")),
        (
            "/quoterequest-list/?status=new",
            _("%(count)s request for a quote waits for an answer") % {"count": 1},
            _("To answer"),
        ),
        (
            "/credential-list/?masa=30",
            _("%(count)s paper runs out within 30 days") % {"count": 1},
            _("Soon"),
        ),
        (
            "/work-list/#refused",
            _("%(count)s NIK was wrong: ask for it again") % {"count": 1},
            _("Refused"),
        ),
    ]


def plural(one, many, count):
    return ngettext(one, many, count) % {"count": count}


def test_the_rest_of_the_officer_s_lines(world, every_list):
    user = actor("officer", world)
    found = attention.attention(user, on=TODAY, own=world["Cooperative"])[5:]
    papers = "%(count)s papers run out within 90 days"
    waiting = "%(count)s NIK and changes wait for the programme"

    assert [(line.text, line.count) for line in found] == [
        (_("Nobody is recorded as the chair of the board"), 1),
        (plural("%(count)s paper runs out within 90 days", papers, 2), 2),
        (plural("%(count)s NIK or change waits for the programme", waiting, 3), 3),
    ]


def test_a_supervisor_reads_and_is_asked_for_nothing_that_only_the_board_can_do(world, every_list):
    user = actor("supervisor", world)
    urls = {line.url for line in attention.attention(user, on=TODAY)}

    assert not any(url.startswith("/work-list/") for url in urls)
    assert "/credential-list/?masa=habis" in urls


@pytest.mark.parametrize(
    ("now", "text"),
    [
        ("2026-02-01", "The annual meeting (RAT) is still to be held"),
        ("2026-05-01", "The annual meeting (RAT) is overdue by the ministry's deadline"),
        ("2026-08-01", "The annual meeting (RAT) is overdue by the law"),
        ("2027-08-01", "No annual meeting (RAT) was held for two years"),
    ],
)
def test_the_annual_meeting_comes_nearer(client, now, text):
    term = OfficerFactory(cooperative__last_annual_meeting_on=date(2025, 3, 1), role="chair")
    with time_machine.travel(f"{now} 04:00Z", tick=False):
        shown = home(client, term.user).context["lines"]

    assert [(line.text, line.url) for line in shown] == [
        (_(text), term.cooperative.get_absolute_url())
    ]


def test_requests_that_wait_too_long_are_noted(every_list):
    officer = OfficerFactory()
    late = QuoteRequestFactory(cooperative=officer.cooperative)
    QuoteRequestFactory(cooperative=officer.cooperative)
    type(late).objects.filter(pk=late.pk).update(created_at=timezone.now() - timedelta(days=4))
    found = attention.attention(officer.user, on=TODAY)
    line = next(line for line in found if "quoterequest" in line.url)

    assert (line.count, line.note) == (2, _("%(count)s for more than 3 days") % {"count": 1})


def duplicates(user):
    """The line about possible duplicates: its texts and counts, by its address."""
    found = attention.attention(user, on=TODAY)
    return {x.url: (x.text, x.count) for x in found if "ganda" in x.url or "suspicion" in x.url}


def test_possible_duplicates_are_told_to_who_joins_people_and_as_many_as_the_list_has(client):
    place, far = village(), village("33.01.01.2001", "Jauh")
    pairs = [[PersonFactory(village=place) for _n in range(2)] for _pair in range(5)]
    for first, second in pairs:
        SuspicionFactory(first=first, second=second)
    SuspicionFactory(first=PersonFactory(village=place), second=PersonFactory(village=far))
    SuspicionFactory(
        first=pairs[0][0], second=pairs[1][0], **decided("different"), decided_by=UserFactory()
    )
    Person.objects.filter(pk=pairs[0][0].pk).update(is_withheld=True)
    JoiningFactory(survivor=pairs[2][0])
    Person.objects.filter(pk=pairs[1][1].pk).update(
        joined_into=pairs[1][0], nik_state="joined", nik_missing=""
    )
    rows = {"Cooperative": CooperativeFactory(village=place)}
    staff = actor("staff", rows)
    found = duplicates(staff)
    ((url, (text, count)),) = found.items()
    client.force_login(staff)
    page = client.get(url)

    assert count == 3 == len(page.context["rows"])
    one, many = "%(count)s pair of people may be one person", "%(count)s pairs of people may be"
    assert text == plural(one, f"{many} one person each", 3)
    assert [duplicates(actor(role, rows)) for role in ("officer", "viewer", "keeper")] == [{}] * 3


def test_a_line_without_its_list_is_not_shown(monkeypatch):
    paper = CredentialFactory(valid_until=date(2026, 1, 1))
    officer = OfficerFactory(cooperative=paper.enterprise.cooperative)

    def address(name, query=""):
        return None if name == "credential-list" else f"/{name}/{query}"

    monkeypatch.setattr(attention, "address", address)

    urls = [line.url for line in attention.attention(officer.user, on=TODAY)]
    assert urls and not any("credential" in url for url in urls)
    monkeypatch.undo()
    assert attention.address("no-such-list") is None


def test_a_wider_list_with_nothing_more_in_it_is_not_shown(every_list):
    paper = CredentialFactory(valid_until=date(2026, 12, 1))
    user = OfficerFactory(cooperative=paper.enterprise.cooperative).user

    def shown():
        return [x.url for x in attention.attention(user, on=TODAY) if "masa" in x.url]

    assert shown() == ["/credential-list/?masa=30"]
    CredentialFactory(enterprise=paper.enterprise, valid_until=date(2027, 2, 1), covers="lain")
    assert shown() == ["/credential-list/?masa=30", "/credential-list/?masa=90"]


def test_counts_stop_at_a_limit(monkeypatch):
    monkeypatch.setattr(attention, "MOST_COUNTED", 2)
    for _number in range(4):
        CooperativeFactory()
    found = attention.attention(UserFactory(is_superuser=True), on=TODAY)

    assert [line.count for line in found] == [3, 3]
    assert _("more than %(limit)s") % {"limit": 2} in found[0].text


def test_who_has_nothing_to_do_is_told_so(client):
    term = OfficerFactory(cooperative__last_annual_meeting_on=date(2026, 3, 1), role="chair")
    text = home(client, term.user).content.decode()

    assert _("Nothing needs action now.") in text


def test_a_refused_nik_is_asked_again_until_another_is_written_down(client):
    term = OfficerFactory()
    claim = NikClaimFactory(cooperative=term.cooperative, **decided("refused"), note="salah ketik")
    client.force_login(term.user)
    url = reverse("cooperatives:work-list")

    text = client.get(url).content.decode()
    assert claim.person.name in text and "salah ketik" in text
    NikClaimFactory(cooperative=term.cooperative, person=claim.person)
    assert list(client.get(url).context["refused"]) == []


# --- the numbers ----------------------------------------------------------------------------------
def numbers(user, **more):
    found = figures(user, **more)
    return {figure.url: (figure.number, figure.note) for figure in found.tiles}, found.as_of


WOMEN = "%(percent)s%% women"
UNKNOWN = ", sex of %(count)s unknown"


def test_the_numbers_of_an_officer(world, every_list):
    found, as_of = numbers(actor("officer", world), own=world["Cooperative"])

    assert found == {
        # 1 + 4 of the world, 1 with the refused claim; not who left, not who objects
        "/member-list/?keadaan=now": (
            6,
            _(WOMEN) % {"percent": 80} + _(UNKNOWN) % {"count": 1},
        ),
        "/enterprise-list/": (5, ""),
        "/product-list/?tampil=ya": (0, ""),
    }
    assert as_of == timezone.now()


def test_the_numbers_of_an_area_and_of_the_nation(world, every_list):
    expected = {
        "/member-list/?keadaan=now": 11,
        "/cooperative-list/": 3,
        "/enterprise-list/": 10,
        "/product-list/?tampil=ya": 1,
    }
    staff, _now = numbers(actor("staff", world))
    assert {url: count for url, (count, _note) in staff.items()} == expected

    administrator = actor("administrator", world)
    live, _now = numbers(administrator)
    services.roll_up()
    with time_machine.travel("2026-11-24 05:00Z", tick=False):
        MemberFactory()
        rolled_up, as_of = numbers(administrator)

    assert rolled_up == live
    assert live["/member-list/?keadaan=now"][0] == 17
    assert as_of == RegionSummary.objects.nation().as_of == timezone.now()


def test_the_page_says_when_its_numbers_were_true(client, world):
    staff = home(client, actor("staff", world)).content.decode()

    assert _("data as of %(when)s") % {"when": "24 November 2026 12.00 WITA"} in staff


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("", 4),
        ("?keadaan=now", 3),
        ("?keadaan=left", None),
        ("?kelamin=P", None),
        ("?cari=a", None),
    ],
)
def test_a_long_list_of_members_knows_its_number(client, monkeypatch, query, rows):
    """Beyond the limit of counting: exact from the summary, `more than` where there is none."""
    monkeypatch.setattr("malaka_portal.lists.MOST_COUNTED", 2)
    term = OfficerFactory()
    for _number in range(3):
        MemberFactory(cooperative=term.cooperative, person__name="Ana")
    MemberFactory(cooperative=term.cooperative, left_on=date(2026, 1, 2), left_reason="moved")
    client.force_login(term.user)
    page = client.get(f"{reverse('cooperatives:member-list')}{query}").context["page"]

    few = "left" in query
    assert page.count == (in_words(1) if few else in_words(rows or 2, more=not rows))


def test_a_long_list_of_one_register_and_of_the_nation(client, monkeypatch):
    monkeypatch.setattr("malaka_portal.lists.MOST_COUNTED", 2)
    cooperative = CooperativeFactory()
    for number in range(6):
        MemberFactory(cooperative=cooperative if number % 2 else CooperativeFactory())
    services.roll_up()
    client.force_login(UserFactory(is_superuser=True))
    url = reverse("cooperatives:member-list")
    one = client.get(f"{url}?koperasi={cooperative.pk}").context["page"]
    everybody = client.get(url)
    rolled_up = RegionSummary.objects.nation()

    assert (one.count, one.as_of) == (in_words(3), None)
    assert everybody.context["page"].count == in_words(6)
    assert everybody.context["page"].as_of == rolled_up.as_of
    assert "24 November 2026 12.00 WITA" in everybody.content.decode()


@pytest.mark.parametrize("role", ["officer", "staff", "viewer", "province", "administrator"])
def test_every_number_is_exact_however_long_its_list(client, world, monkeypatch, role):
    monkeypatch.setattr("malaka_portal.lists.MOST_COUNTED", 0)
    PublicProductFactory(
        enterprise__cooperative=world["Cooperative"],
        enterprise__village=world["Cooperative"].village,
    )
    world["Cooperative"].public_since = date(2026, 1, 2)
    world["Cooperative"].save()
    with time_machine.travel("2026-11-24 03:00Z", tick=False):
        services.roll_up()
    user = actor("staff" if role == "province" else role, world)
    if role == "province":
        User.objects.filter(pk=user.pk).update(area="53")
    MemberFactory(cooperative=world["Cooperative"])  # the roll-up does not know of it yet
    shown = home(client, user).context["figures"]
    tiles = shown.tiles

    is_old = shown.as_of == RegionSummary.objects.nation().as_of
    assert is_old is (role in ("province", "administrator"))
    found = {figure.url: client.get(figure.url).context["page"].count for figure in tiles}
    assert found == {figure.url: in_words(figure.number) for figure in tiles}
    for name, rows in (("enterprise-list", "status=closed"), ("product-list", "tampil=tidak")):
        page = client.get(f"{reverse(f'cooperatives:{name}')}?{rows}").context["page"]
        assert page.count in (in_words(0), in_words(0, more=True))
    assert client.get(reverse("cooperatives:product-list")).context["page"].count == in_words(
        Product.objects.visible_to(User.objects.get(pk=client.session["_auth_user_id"]))
        .listed()
        .count()
    )


def test_the_list_of_cooperatives_shows_their_members(client, world):
    client.force_login(actor("staff", world))
    page = client.get(reverse("cooperatives:cooperative-list"))
    found = {row.object.pk: row.cells for row in page.context["rows"]}
    members = {
        pk: cell.text
        for pk, cells in found.items()
        for cell in cells
        if cell.column.name == "members"
    }

    assert members[world["Cooperative"].pk] == "6"


# --- what happened lately -------------------------------------------------------------------------
def told(user):
    return [(entry["text"], entry["url"]) for entry in activity.recent(user)]


def test_an_officer_sees_what_happened_at_home_only():
    term, other = OfficerFactory(person__name="Ketua Kami"), MemberFactory(person__name="Jauh")
    MemberFactory(cooperative=other.cooperative)
    with acting(user=term.user_id):
        member = MemberFactory(cooperative=term.cooperative, person__name="Ana Bria")
    with acting(user=term.user_id):
        Member.objects.filter(pk=member.pk).update(left_on=date(2026, 1, 2), left_reason="moved")
    found = activity.recent(term.user)

    # one transaction, one moment: what happened in it has no order among the kinds
    assert {(entry["text"], entry["url"]) for entry in found} == {
        (_("Has left: %(name)s") % {"name": "Ana Bria"}, member.get_absolute_url()),
        (_("New member: %(name)s") % {"name": "Ana Bria"}, member.get_absolute_url()),
        (_("New officer: %(name)s") % {"name": "Ketua Kami"}, term.get_absolute_url()),
        (
            _("New cooperative: %(name)s") % {"name": term.cooperative.name},
            term.cooperative.get_absolute_url(),
        ),
    }
    notes = {entry["text"]: entry["note"] for entry in found}
    command = _("the command %(command)s") % {"command": "test"}
    assert notes[_("New member: %(name)s") % {"name": "Ana Bria"}] == f"{term.cooperative} · Maria"
    assert notes[_("New officer: %(name)s") % {"name": "Ketua Kami"}].endswith(f" · {command}")
    assert notes[_("New cooperative: %(name)s") % {"name": term.cooperative.name}] == command
    assert len(notes) == len(found)


def test_an_import_of_many_is_one_line():
    cooperative = CooperativeFactory()
    people = [PersonFactory(name=f"Orang {number}") for number in range(30)]
    with acting(command="import"):
        Member.objects.bulk_create(
            Member(cooperative=cooperative, person=p, number=p.name, joined_on=date(2026, 1, 2))
            for p in people
        )
    found = told(UserFactory(is_superuser=True))

    text = _("New member: %(name)s") % {"name": "Orang 29"}
    assert (_("%(what)s and others") % {"what": text}, "") in found
    assert len(found) == 2


def test_a_change_of_status_is_told_once():
    cooperative = CooperativeFactory()
    with acting(command="test"):
        StatusChangeFactory(cooperative=cooperative)
    found = [text for text, _url in told(UserFactory(is_superuser=True))]

    assert sorted(found) == sorted(
        [
            _("Status of the cooperative: %(name)s") % {"name": _("not active")},
            _("New cooperative: %(name)s") % {"name": cooperative.name},
        ]
    )


def test_at_most_eight_changes_are_told():
    for _number in range(12):
        with acting(command="test"):
            MemberFactory()

    assert len(told(UserFactory(is_superuser=True))) == 8


@pytest.mark.parametrize("role", ["staff", "viewer", "keeper"])
def test_what_happened_in_the_area_and_nowhere_else(world, role):
    text = " ".join(entry["text"] + entry["note"] for entry in activity.recent(actor(role, world)))

    assert text and "Rahasia Lain" not in text


def test_no_value_is_told_and_nobody_who_objects(client):
    person = PersonFactory(
        name="Yang Keberatan", phones=["+6281200001234"], address="Jalan Rahasia"
    )
    term = OfficerFactory()
    MemberFactory(cooperative=term.cooperative, person=person)
    EnterpriseFactory(cooperative=term.cooperative, owner=person, name="Tenun Keberatan")
    text = home(client, term.user).content.decode()
    assert "Yang Keberatan" in text and "Tenun Keberatan" in text
    assert not [secret for secret in ("0812-0000-1234", "Rahasia") if secret in text]

    Person.objects.filter(pk=person.pk).update(is_withheld=True)
    assert "Keberatan" not in home(client, term.user).content.decode()


def test_every_kind_of_change_has_its_words():
    models = [source.model for source in activity.SOURCES]
    acts = [(model, act) for model in models for act in ("insert", "update")]
    ended = [(s.model, "ended") for s in activity.SOURCES if s.ended != "false"]

    assert set(activity.WORDS) == {*acts, *ended}


# --- what it costs --------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [role for role in ROLES if role != "stranger"])
def test_the_home_page_costs_the_same_for_any_number_of_rows(client, world, every_list, role):
    user = actor(role, world)
    client.force_login(user)
    client.get(reverse("account"))  # opens the session's clock
    costs = []
    for _number in range(2):
        with CaptureQueriesContext(connection) as queries:
            assert client.get("/").status_code == 200
        costs.append(len([q for q in queries if "SAVEPOINT" not in q["sql"]]))
        for _number in range(3):
            row = MemberFactory(cooperative=world["Cooperative"])
            NikClaimFactory(cooperative=world["Cooperative"], person=row.person)
            ProposalFactory(cooperative=world["Cooperative"], person=row.person)
            CooperativeFactory()

    print(role, costs)
    assert costs[0] == costs[1] <= 10


def test_all_lines_are_one_statement(world, every_list):
    user = actor("staff", world)
    attention.attention(user, on=TODAY)  # asks once for the user's rights
    with CaptureQueriesContext(connection) as queries:
        attention.attention(user, on=TODAY)

    assert len(queries) == 1


def test_without_office_and_group_there_is_a_way_on_and_nothing_else(client):
    village()
    text = home(client, UserFactory()).content.decode()

    assert _("Needs action") not in text
    assert _("Main figures") not in text
