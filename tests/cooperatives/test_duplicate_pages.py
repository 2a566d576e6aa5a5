"""The pages of journey J10: the list, two records compared, what joining does, taking it back."""

import uuid
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext as _

from cooperatives.models import Joining, Member, NikClaim, Person, Suspicion
from cooperatives.views import duplicate
from malaka_portal.models import User
from tests.factories.cooperatives import (
    NIK,
    ConsentFactory,
    JoiningFactory,
    MemberFactory,
    NikClaimFactory,
    OfficerFactory,
    PersonFactory,
    SuspicionFactory,
    with_nik,
)
from tests.factories.portal import RegionFactory, UserFactory, village
from tests.factories.roles import MALAKA, group

pytestmark = pytest.mark.django_db
FAR = "33.01.01.2001"
LIST = reverse("cooperatives:suspicion-list")


@pytest.fixture
def staff(client):
    village()
    user = UserFactory(first_name="Rani", last_name="Seran", area=RegionFactory(code=MALAKA))
    user.groups.add(group("Staf program"))
    client.force_login(user)
    client.get(reverse("account"))  # opens the session's clock
    return User.objects.get(pk=user.pk)


@pytest.fixture
def suspicion():
    first = PersonFactory(
        name="Emerensiana Abuk", born_on=date(1985, 7, 5), phones=["+6281200000001"]
    )
    second = PersonFactory(
        name="Emerenciana Abuk",
        born_on=date(1985, 7, 5),
        phones=["+6281200000002"],
        hamlet="Metamauk",
    )
    MemberFactory(person=first, number="TFM-0001")
    MemberFactory(person=second, number="TFM-0002", left_on=None)
    ConsentFactory(person=second)
    return SuspicionFactory(first=first, second=second, reasons=["name_near", "born_same"])


def url_of(row):
    return row.get_absolute_url()


def post(client, url, **data):
    return client.post(url, {"_kunci": str(uuid.uuid4())} | data)


PICKS = {"name": "survivor", "phones": "duplicate", "hamlet": "duplicate", "act": "join"}


def join(client, url, **picks):
    """The two steps: what will happen, and that it happens. Returns both answers."""
    review = post(client, url, **PICKS | picks)
    seen = {"_rencana": review.context["plan"].fingerprint(), "simpan": "1"}
    return review, post(client, url, **PICKS | picks | seen)


# --- the list -------------------------------------------------------------------------------------
def test_the_work_list_counts_them_and_leads_there(client, staff, suspicion):
    text = client.get(reverse("cooperatives:work-list")).content.decode()

    assert _("Possible duplicates (%(count)s)") % {"count": 1} in text
    assert f'href="{LIST}"' in text


def test_who_may_not_join_is_not_shown_the_count(client, suspicion):
    client.force_login(OfficerFactory().user)

    assert LIST not in client.get(reverse("cooperatives:work-list")).content.decode()
    assert client.get(LIST).context["rows"] == []


def test_the_likeliest_stand_first_with_their_reasons(client, staff, suspicion):
    better = SuspicionFactory(score=95, reasons=["name_same", "born_same"])
    response = client.get(LIST)

    assert [row.object for row in response.context["rows"]] == [better, suspicion]
    assert suspicion.why in response.content.decode()


def test_decided_ones_are_shown_on_request_only(client, staff, suspicion):
    post(client, url_of(suspicion), act="different", note="Kembar")

    assert client.get(LIST).context["rows"] == []
    [row] = client.get(f"{LIST}?putus=on").context["rows"]
    assert row.object == suspicion


def test_both_people_lie_in_the_area_or_the_pair_is_out_of_sight(client, staff, suspicion):
    there = village(FAR, "Jauh")
    Person.objects.filter(pk=suspicion.second_id).update(village=there)
    Member.objects.filter(person=suspicion.second).delete()

    assert client.get(LIST).context["rows"] == []
    assert client.get(url_of(suspicion)).status_code == 404
    assert post(client, url_of(suspicion), act="different").status_code == 404
    assert Suspicion.objects.get().status == "pending"


def test_the_list_costs_the_same_for_any_number_of_rows(client, staff):
    costs = []
    for more in (1, 3):
        SuspicionFactory.create_batch(more)
        with CaptureQueriesContext(connection) as queries:
            client.get(LIST)
        costs.append(len([q for q in queries if "SAVEPOINT" not in q["sql"]]))

    assert costs[0] == costs[1] <= 8


def test_the_pair_costs_the_same_however_much_they_have(client, staff, suspicion):
    costs = []
    for _turn in range(2):
        with CaptureQueriesContext(connection) as queries:
            client.get(url_of(suspicion))
        costs.append(len([q for q in queries if "SAVEPOINT" not in q["sql"]]))
        MemberFactory.create_batch(3, person=suspicion.first)

    assert costs[0] == costs[1] <= 8


# --- side by side ---------------------------------------------------------------------------------
def test_differences_are_marked_in_words(client, staff, suspicion):
    response = client.get(url_of(suspicion))
    marked = {row.label: row.differs for row in response.context["form"].compared}
    text = response.content.decode()

    assert [label for label, differs in marked.items() if differs] == [
        str(Person._meta.get_field(name).verbose_name).capitalize()
        for name in ("name", "hamlet", "phones")
    ]
    assert text.count(f">{_('different').capitalize()}<") == 3
    assert "0812-0000-0002" in text and "TFM-0002" in text


def test_a_nik_is_masked(client, staff, suspicion):
    with_nik(suspicion.second)
    text = client.get(url_of(suspicion)).content.decode()

    assert "••••••••••••9001" in text and NIK not in text


def test_who_may_not_see_personal_data_compares_the_rest(client, suspicion):
    may = ["view_suspicion", "join_people", "view_person"]
    user = UserFactory(granted=[f"cooperatives.{name}" for name in may])
    client.force_login(user)
    response = client.get(url_of(suspicion))
    text = response.content.decode()

    assert list(response.context["form"].fields) == ["name", "hamlet"]
    assert [secret for secret in ("0812", "1985", "••") if secret in text] == []


def test_what_joining_does_is_counted_and_nothing_is_saved_yet(client, staff, suspicion):
    review = post(client, url_of(suspicion), **PICKS)
    found = {table.model.__name__: table.count for table in review.context["plan"].moving}

    assert found == {"Member": 1, "Consent": 1}
    assert "0812-0000-0002" in review.content.decode()
    assert Joining.objects.count() == 0
    assert Suspicion.objects.get().status == "pending"


def test_joined_the_old_address_leads_to_the_survivor(client, staff, suspicion):
    _review, answer = join(client, url_of(suspicion))
    survivor = Person.objects.get(pk=suspicion.first_id)

    assert answer["Location"] == url_of(survivor)
    old = client.get(url_of(suspicion.second))
    assert (old.status_code, old["Location"]) == (302, url_of(survivor))
    assert (survivor.name, survivor.phones) == ("Emerensiana Abuk", ["+6281200000002"])
    assert survivor.hamlet == "Metamauk"
    assert Suspicion.objects.get().decided_by == staff


def test_the_last_day_to_undo_it_is_a_day_of_malaka(monkeypatch):
    """Joined at 04.00 in Malaka, when it is still the day before by UTC."""
    told, joining = [], JoiningFactory(joined_at=datetime(2026, 11, 23, 20, 0, tzinfo=UTC))
    monkeypatch.setattr(duplicate.messages, "success", lambda request, text: told.append(text))
    duplicate.joined(None, joining)

    assert told == [
        _("The two records of %(name)s are one now. This can be undone until %(day)s.")
        % {"name": joining.survivor, "day": "24 Desember 2026"}
    ]


def test_the_officer_of_the_duplicate_follows_the_old_address_too(client, staff, suspicion):
    line = suspicion.second.members.get()
    join(client, url_of(suspicion))
    client.force_login(OfficerFactory(cooperative=line.cooperative).user)

    assert client.get(url_of(suspicion.second))["Location"] == url_of(suspicion.first)


def test_an_old_address_tells_a_stranger_nothing(client, staff, suspicion):
    join(client, url_of(suspicion))
    client.force_login(OfficerFactory().user)

    assert client.get(url_of(suspicion.second)).status_code == 404


def test_an_old_address_leads_through_two_joinings(client, staff, suspicion):
    join(client, url_of(suspicion))
    third = with_nik(PersonFactory(name="Emerensiana Abuk"))
    again = SuspicionFactory(first=suspicion.first, second=third)
    review = post(client, url_of(again), act="join")
    picks = {name: field.initial for name, field in review.context["form"].fields.items()}
    join(client, url_of(again), **picks)

    assert client.get(url_of(suspicion.second))["Location"] == url_of(third)


def test_the_history_has_one_entry_that_names_the_act_and_who(client, staff, suspicion):
    join(client, url_of(suspicion))
    for person, other in (
        (suspicion.first, suspicion.second),
        (suspicion.second, suspicion.first),
    ):
        page = client.get(reverse("cooperatives:person-history", args=[person.pk]))
        words = _("joined with record %(number)d of %(name)s") % {
            "number": other.pk,
            "name": Person.objects.get(pk=other.pk),
        }
        told = [c for c in page.context["changes"] if c.what == words]
        assert [c.who for c in told] == ["Rani Seran"]


def test_sent_twice_it_is_joined_once(client, staff, suspicion):
    review = post(client, url_of(suspicion), **PICKS)
    seen = {"_rencana": review.context["plan"].fingerprint(), "simpan": "1"}
    sent = PICKS | seen | {"_kunci": str(uuid.uuid4())}
    answers = [client.post(url_of(suspicion), sent)["Location"] for _turn in range(2)]

    assert answers == [url_of(suspicion.first)] * 2
    assert Joining.objects.count() == 1


def test_without_having_seen_what_will_happen_nothing_happens(client, staff, suspicion):
    response = post(client, url_of(suspicion), **PICKS, simpan="1")

    assert response.status_code == 200
    assert len(response.context["form"].non_field_errors()) == 1
    assert Joining.objects.count() == 0


def test_what_changed_meanwhile_is_shown_before_it_happens(client, staff, suspicion):
    review = post(client, url_of(suspicion), **PICKS)
    ConsentFactory(person=suspicion.second, purpose="contact")
    seen = {"_rencana": review.context["plan"].fingerprint(), "simpan": "1"}
    response = post(client, url_of(suspicion), **PICKS | seen)

    assert response.status_code == 200
    assert {t.model.__name__: t.count for t in response.context["plan"].moving}["Consent"] == 2
    assert Joining.objects.count() == 0


def test_a_choice_that_is_none_is_an_error_with_a_sentence(client, staff, suspicion):
    response = post(client, url_of(suspicion), **PICKS | {"name": "third"})

    assert response.status_code == 200
    assert "name" in response.context["form"].errors
    assert _("Error:") in response.content.decode()


def test_what_stands_in_the_way_is_said_and_there_is_no_button(client, staff, suspicion):
    mine = suspicion.first.members.get()
    Member.objects.filter(person=suspicion.second).update(cooperative=mine.cooperative)
    response = post(client, url_of(suspicion), **PICKS)
    text = response.content.decode()

    assert "TFM-0001" in text and "TFM-0002" in text
    assert 'name="simpan"' not in text
    assert _("Error:") in text


def test_a_line_within_another_is_told_before_and_marked_after(client, staff, suspicion):
    mine, other = suspicion.first.members.get(), suspicion.second.members.get()
    Member.objects.filter(pk=other.pk).update(
        cooperative=mine.cooperative,
        joined_on=date(2024, 3, 1),
        left_on=date(2025, 1, 1),
        left_reason="moved",
    )
    review, _answer = join(client, url_of(suspicion))

    assert len(review.context["plan"].notes) == 1
    other.refresh_from_db()
    assert other.repeats == mine
    page = client.get(url_of(other)).content.decode()
    register = client.get(reverse("cooperatives:register", args=[mine.cooperative_id]))
    assert "TFM-0001" in page
    shown = [item["column"].name for item in register.context["headings"]]
    assert shown[-1] == "repeats"


# --- two people -----------------------------------------------------------------------------------
def test_not_the_same_person(client, staff, suspicion):
    response = post(client, url_of(suspicion), act="different", note="Kembar")
    suspicion.refresh_from_db()

    assert response["Location"] == LIST
    assert (suspicion.status, suspicion.note, suspicion.decided_by) == (
        "different",
        "Kembar",
        staff,
    )
    page = client.get(url_of(suspicion)).content.decode()
    assert "Rani Seran" in page and "Kembar" in page


def test_no_nik_in_the_note(client, staff, suspicion):
    response = post(client, url_of(suspicion), act="different", note=f"NIK {NIK}")

    assert "note" in response.context["different"].errors
    assert _("Error:") in response.content.decode()
    assert Suspicion.objects.get().status == "pending"


@pytest.mark.parametrize("act", ["join", "different"])
def test_the_second_to_decide_is_told_who_was_first(client, staff, suspicion, act):
    post(client, url_of(suspicion), act="different")
    client.force_login(UserFactory(is_superuser=True))
    response = post(client, url_of(suspicion), **PICKS | {"act": act, "simpan": "1"})
    page = client.get(response["Location"])

    assert response["Location"] == url_of(suspicion)
    assert "Rani Seran" in str(list(page.context["messages"])[-1])
    assert Joining.objects.count() == 0


# --- by a NIK -------------------------------------------------------------------------------------
def test_a_claimed_nik_leads_to_the_same_comparison(client, staff):
    holder = with_nik(PersonFactory(name="Maria Bria"))
    line = MemberFactory(person__name="Maria Brya")
    claim = NikClaimFactory(person=line.person, cooperative=line.cooperative)
    Person.objects.filter(pk=line.person_id).update(nik_state="claimed", nik_missing="")
    url = reverse("cooperatives:nikclaim-join", args=[claim.pk])
    decide = client.get(reverse("cooperatives:nikclaim-decide", args=[claim.pk]))
    assert f'href="{url}"' in decide.content.decode()

    assert client.get(url).context["survivor"] == holder
    review, answer = join(client, url, name="duplicate")

    claim.refresh_from_db()
    holder.refresh_from_db()
    assert answer["Location"] == url_of(holder)
    assert len(review.context["plan"].notes) == 1
    assert (claim.status, claim.decided_by, claim.person) == ("joined", staff, holder)
    assert holder.name == "Maria Brya"

    post(client, url_of(Joining.objects.get()))
    claim.refresh_from_db()
    assert (claim.status, claim.decided_by, claim.person) == ("pending", None, line.person)
    assert NikClaim.objects.pending().count() == 1


# --- taking it back -------------------------------------------------------------------------------
@pytest.fixture
def joining(client, staff, suspicion):
    join(client, url_of(suspicion))
    return Joining.objects.get()


def test_the_persons_page_leads_to_the_undoing(client, staff, joining):
    assert f'href="{url_of(joining)}"' in client.get(url_of(joining.survivor)).content.decode()
    text = client.get(url_of(joining)).content.decode()

    assert "Rani Seran" in text
    assert _("Undo the joining") in text


def test_undone_there_are_two_records_again(client, staff, joining):
    answer = post(client, url_of(joining))
    page = client.get(url_of(joining.duplicate))

    assert answer["Location"] == url_of(joining.duplicate)
    assert (page.status_code, page.context["person"]) == (200, joining.duplicate)
    assert Suspicion.objects.get().status == "pending"
    again = post(client, url_of(joining))
    assert again["Location"] == url_of(joining)


def test_too_late_it_is_refused_with_a_sentence(client, staff, joining):
    moment = joining.joined_at - timedelta(days=31)
    Joining.objects.filter(pk=joining.pk).update(joined_at=moment)
    text = client.get(url_of(joining)).content.decode()
    post(client, url_of(joining))

    assert _("Undo the joining") not in text
    assert _("It was joined more than 30 days ago, so it stays as it is.") in text
    assert Joining.objects.get().undone_at is None


def test_who_may_not_undo_is_not_led_there(client, joining):
    cooperative = joining.survivor.members.first().cooperative
    client.force_login(OfficerFactory(cooperative=cooperative).user)

    assert url_of(joining) not in client.get(url_of(joining.survivor)).content.decode()
    assert client.get(url_of(joining)).status_code == 404


def test_nobody_undoes_what_lies_partly_outside_their_area(client, staff, joining):
    there = village(FAR, "Jauh")
    Person.objects.filter(pk=joining.duplicate_id).update(village=there)

    assert client.get(url_of(joining)).status_code == 404
