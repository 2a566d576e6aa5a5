"""What an officer still sees of somebody who has left: the line, and nothing of today."""

import csv
import io
import uuid
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext as _

from cooperatives.models import Consent, NikClaim, Person, Proposal
from malaka_portal.models import User
from malaka_portal.rules import may_see_personal
from tests.factories.cooperatives import (
    NIK,
    OTHER_NIK,
    ConsentFactory,
    MemberFactory,
    OfficerFactory,
    PersonFactory,
    with_nik,
)
from tests.factories.portal import RegionFactory, UserFactory, village
from tests.factories.roles import MALAKA, group

pytestmark = pytest.mark.django_db
TODAY = {
    "phones": ["+6281200004321"],
    "address": "Jalan Baru 7",
    "birth_place": "Kota Baru",
    "born_on": "1991-07-13",
    "hamlet": "Dusun Baru",
    "occupation": "weaver",
}
SHOWN = ("4321", "Jalan Baru", "Kota Baru", "1991", "••9001", "Dusun Baru", "Pindah Desa")


@pytest.fixture
def term():
    return OfficerFactory()


@pytest.fixture
def left(term):
    place = village("53.21.02.2001", "Pindah Desa")
    person = with_nik(PersonFactory(name="Yosef Klau", village=place, **TODAY))
    return MemberFactory(
        cooperative=term.cooperative,
        person=person,
        number="TFM-0042",
        left_on=date(2025, 1, 1),
        left_reason="moved",
    )


@pytest.fixture
def officer(client, term):
    client.force_login(term.user)
    return User.objects.get(pk=term.user_id)


def page(client, name, row=None):
    return client.get(reverse(f"cooperatives:{name}", args=[row.pk] if row else []))


def told(response):
    text = response.content.decode()
    return [secret for secret in SHOWN if secret in text]


def exported(client, name, row=None):
    url = reverse(f"cooperatives:{name}", args=[row.pk] if row else [])
    body = b"".join(client.post(url, {"format": "csv"}).streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(body), delimiter=";"))


def test_the_line_is_still_the_registers(client, officer, left):
    text = page(client, "member-detail", left).content.decode()

    assert "Yosef Klau" in text and "TFM-0042" in text and "Pindah" in text
    assert _("Everything about this person") not in text


@pytest.mark.parametrize("name", ["member-detail", "member-history", "member-recorded"])
def test_a_page_of_a_closed_line_says_nothing_of_today(client, officer, left, name):
    response = page(client, name, left)

    assert (response.status_code, told(response)) == (200, [])


@pytest.mark.parametrize("name", ["member-list", "register"])
def test_a_list_says_nothing_of_today(client, officer, left, name):
    response = page(client, name, left.cooperative if name == "register" else None)

    assert "Yosef Klau" in response.content.decode()
    assert told(response) == []


@pytest.mark.parametrize("name", ["member-list", "register"])
def test_nor_does_its_file(client, officer, left, name):
    head, *rows = exported(client, name, left.cooperative if name == "register" else None)
    [line] = [row for row in rows if "TFM-0042" in row]

    assert "Yosef Klau" in line
    assert [secret for secret in SHOWN if secret in ";".join(line)] == []
    assert len(line) == len(head)


def test_control_an_open_line_shows_it_all(client, officer, left):
    left.left_on, left.left_reason = None, ""
    left.save()

    assert told(page(client, "member-detail", left)) == list(SHOWN)
    assert told(page(client, "member-list")) == ["4321", "••9001", "Pindah Desa"]
    assert told(page(client, "register", left.cooperative)) == [
        "Jalan Baru",
        "Kota Baru",
        "1991",
        "Dusun Baru",
        "Pindah Desa",
    ]


def test_control_staff_are_shown_it_all(client, left):
    user = UserFactory(area=RegionFactory(code=MALAKA))
    user.groups.add(group("Staf program"))
    client.force_login(user)

    assert told(page(client, "member-detail", left)) == list(SHOWN)
    assert "4321" in page(client, "member-list").content.decode()


def test_the_person_is_out_of_sight(client, officer, left):
    urls = ["person-detail", "person-history", "person-update", "person-propose", "person-claim"]

    assert [page(client, name, left.person).status_code for name in urls] == [404] * 5
    assert list(Person.objects.seen_by(officer).filter(pk=left.person_id)) == []
    assert list(Person.objects.managed_by(officer).filter(pk=left.person_id)) == []
    assert not may_see_personal(officer, left)


def test_nothing_is_sent_about_the_person(client, officer, left):
    person = left.person
    key = {"_kunci": str(uuid.uuid4())}
    posts = [
        ("person-propose", {"name": "Lain", "reason": "salah"}),
        ("person-claim", {"nik": OTHER_NIK}),
        ("person-update", {"name": "Lain"}),
        ("consent-create", {"purpose": "public", "text_version": "1", "given_on": "1-1-2026"}),
    ]
    answers = [
        client.post(reverse(f"cooperatives:{name}", args=[person.pk]), data | key).status_code
        for name, data in posts
    ]

    assert answers == [404] * 4
    assert (NikClaim.objects.count(), Proposal.objects.count()) == (0, 0)
    assert Consent.objects.count() == 0


def test_consents_of_who_left_are_not_read(officer, left):
    ConsentFactory(person=left.person)

    assert list(Consent.objects.visible_to(officer)) == []


def test_the_search_finds_the_line_and_not_the_person(client, officer, left):
    search = reverse("cooperatives:search")
    by_name = client.get(search, {"q": "Yosef Klau"})
    by_number = client.get(search, {"q": "TFM-0042"})
    by_nik = client.post(search, {"q": NIK})

    assert list(by_name.context["people"]) == []
    assert list(by_number.context["members"]) == [left]
    assert by_nik.context["people"] == []


def test_who_came_back_is_seen_by_the_open_line(client, officer, left):
    again = MemberFactory(
        cooperative=left.cooperative, person=left.person, joined_on=date(2026, 1, 1)
    )

    assert told(page(client, "member-detail", again)) == list(SHOWN)
    assert told(page(client, "member-detail", left)) == []
    assert page(client, "person-detail", left.person).status_code == 200


def test_an_open_term_is_enough(client, officer, left):
    OfficerFactory(
        cooperative=left.cooperative,
        person=left.person,
        user=None,
        body="supervisors",
        role="member",
    )

    assert page(client, "person-detail", left.person).status_code == 200


def test_an_ended_term_shows_no_telephone(client, officer, term):
    person = PersonFactory(name="Klara Ended", phones=["+6281200004321"])
    ended = OfficerFactory(
        cooperative=term.cooperative,
        person=person,
        user=None,
        role="treasurer",
        ended_on=date(2025, 1, 1),
    )

    assert "Klara Ended" in page(client, "officer-list").content.decode()
    assert "4321" not in page(client, "officer-list").content.decode()
    assert page(client, "person-detail", person).status_code == 404
    assert (
        _("Everything about this person")
        not in page(client, "officer-detail", ended).content.decode()
    )


def test_closed_lines_cost_no_further_query(client, officer, left):
    client.get(reverse("account"))
    costs = []
    for turn in range(2):
        with CaptureQueriesContext(connection) as queries:
            page(client, "member-list")
        costs.append(len([q for q in queries if "SAVEPOINT" not in q["sql"]]))
        for number in range(3):
            MemberFactory(
                cooperative=left.cooperative,
                number=f"X{turn}{number}",
                left_on=date(2025, 1, 1),
                left_reason="moved",
            )

    assert costs[0] == costs[1]
