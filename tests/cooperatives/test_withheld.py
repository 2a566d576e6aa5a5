"""Who objects to being recorded stands in no list, search or export; the register keeps them."""

import threading
import uuid
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from cooperatives import services
from cooperatives.models import Consent, Cooperative, Member, Officer, Person, access
from malaka_portal.actors import acting
from malaka_portal.models import AccessLog, Parameter
from malaka_portal.submissions import FIELD
from tests.factories.cooperatives import (
    NIK,
    OTHER_NIK,
    ConsentFactory,
    MemberFactory,
    NikClaimFactory,
    OfficerFactory,
    PersonFactory,
    ProposalFactory,
    with_nik,
)
from tests.factories.portal import ParameterFactory, UserFactory, village
from tests.factories.roles import group

pytestmark = pytest.mark.django_db
WITA = ZoneInfo("Asia/Makassar")


def objection(person, **values):
    """The row of an objection; `values` say when."""
    when = {} if values else {"withdrawn_on": access.today()}
    return ConsentFactory(
        person=person, purpose="record", given_on=None, text_version="", **when, **values
    )


def withheld(row):
    row.refresh_from_db()
    return row.is_withheld


# --- the columns that triggers keep ---------------------------------------------------------------
def test_an_objection_withholds_the_person_and_their_lines():
    line, other = MemberFactory(), MemberFactory()

    objection(line.person)

    assert withheld(line.person) and withheld(line)
    assert not withheld(other.person) and not withheld(other)


def test_a_line_that_is_opened_later_is_withheld_too():
    person = PersonFactory()
    objection(person)

    assert withheld(MemberFactory(person=person))


@pytest.mark.parametrize("purpose", ["public", "contact", "survey", "sharing"])
def test_another_purpose_withdrawn_withholds_nobody(purpose):
    consent = ConsentFactory(purpose=purpose, withdrawn_on=access.today())

    assert not withheld(consent.person)


def test_the_last_word_counts():
    person = PersonFactory()
    consent = ConsentFactory(person=person, purpose="record")
    states = [withheld(person)]
    consent.withdrawn_on = access.today()
    consent.save()
    states.append(withheld(person))
    again = ConsentFactory(person=person, purpose="record", given_on=access.today())
    states.append(withheld(person))
    Consent.objects.filter(pk=again.pk)._raw_delete("default")
    states.append(withheld(person))
    Consent.objects.update(withdrawn_on=None)
    states.append(withheld(person))

    assert states == [False, True, False, True, False]


def test_a_consent_from_before_the_withdrawal_does_not_outweigh_it():
    """As after joining two records of one person."""
    person = PersonFactory()
    ConsentFactory(person=person, purpose="record", given_on=date(2026, 1, 2))
    objection(person, withdrawn_on=date(2026, 3, 1))

    assert withheld(person)


def test_a_consent_that_moves_to_another_person_moves_the_state():
    one, other = PersonFactory(), PersonFactory()
    objection(one)

    Consent.objects.update(person=other)

    assert (withheld(one), withheld(other)) == (False, True)


def test_the_state_is_no_change_of_the_person():
    person = PersonFactory()
    events = Person.pgh_event_model.objects

    objection(person)

    person.refresh_from_db()
    assert (person.version, events.filter(pgh_obj_id=person.pk).count()) == (1, 1)


@pytest.mark.parametrize(
    "values",
    [
        {"given_on": None, "purpose": "public", "withdrawn_on": date(2026, 3, 1)},
        {"given_on": None, "purpose": "record"},
        {"text_version": ""},
    ],
)
def test_only_an_objection_was_never_given(values):
    with pytest.raises(IntegrityError, match="given_or_objection"), transaction.atomic():
        ConsentFactory(**values)


# --- the 72 hours ---------------------------------------------------------------------------------
def test_processing_stops_within_the_hours_of_the_law():
    at = datetime(2026, 11, 24, 10, 0, tzinfo=WITA)

    consent = ConsentFactory(withdrawn_at=at)

    consent.refresh_from_db()
    assert consent.withdrawn_on == date(2026, 11, 24)
    assert consent.stop_by == datetime(2026, 11, 27, 10, 0, tzinfo=WITA)
    in_force = ConsentFactory()
    in_force.refresh_from_db()
    assert in_force.stop_by is None


def test_the_hours_are_those_of_the_law_on_the_day():
    ParameterFactory(key="consent.withdrawal.hours", value=24, valid_from=date(2026, 11, 24))
    before, after = ConsentFactory(), ConsentFactory()
    for consent, day in ((before, 23), (after, 24)):
        consent.withdrawn_at = datetime(2026, 11, day, 10, 0, tzinfo=WITA)
        consent.save()
        consent.refresh_from_db()

    assert before.stop_by == datetime(2026, 11, 26, 10, 0, tzinfo=WITA)
    assert after.stop_by == datetime(2026, 11, 25, 10, 0, tzinfo=WITA)


def test_before_the_law_its_first_number_counts():
    consent = ConsentFactory(given_on=date(2020, 1, 2), withdrawn_on=date(2021, 3, 1))

    consent.refresh_from_db()
    assert consent.stop_by == datetime(2021, 3, 4, tzinfo=WITA)


def test_a_later_change_of_the_row_leaves_the_hour_that_was_told():
    consent = ConsentFactory(withdrawn_on=date(2026, 3, 1))
    ParameterFactory(key="consent.withdrawal.hours", value=24, valid_from=date(2026, 1, 1))

    Consent.objects.update(text_version="2026-2", stop_by=timezone.now())

    consent.refresh_from_db()
    assert consent.stop_by == datetime(2026, 3, 4, tzinfo=WITA)
    Consent.objects.update(withdrawn_on=date(2026, 3, 2))
    consent.refresh_from_db()
    assert consent.stop_by == datetime(2026, 3, 3, tzinfo=WITA)


@pytest.fixture
def no_law():
    Parameter.objects.filter(key="consent.withdrawal.hours").delete()


def test_where_the_law_s_number_is_missing_nothing_is_guessed(no_law):
    consent = ConsentFactory()

    with pytest.raises(IntegrityError, match="consent.withdrawal.hours"), transaction.atomic():
        Consent.objects.update(withdrawn_on=access.today())
    with pytest.raises(IntegrityError, match="consent.withdrawal.hours"), transaction.atomic():
        objection(PersonFactory())
    assert Consent.objects.get() == consent
    assert Consent.objects.update(text_version="2026-2") == 1  # whatever needs no hour goes on


def test_whoever_withdraws_is_told_that_the_number_is_missing(client, no_law):
    consent = ConsentFactory()
    client.force_login(UserFactory(is_superuser=True))
    told = str(Consent.trigger_messages["cooperatives_consent_hours_are_known"])
    withdrawn = client.post(
        reverse("cooperatives:consent-withdraw", args=[consent.pk]), follow=True
    )
    objects = client.post(
        reverse("cooperatives:person-object", args=[consent.person_id]),
        {"channel": "written", "_kunci": str(uuid.uuid4())},
    )

    assert [str(message) for message in withdrawn.context["messages"]] == [told]
    assert objects.context["form"].non_field_errors() == [told]
    assert Consent.objects.get().withdrawn_on is None


def test_the_day_of_a_late_hour_is_the_day_in_malaka():
    consent = ConsentFactory(withdrawn_at=datetime(2026, 11, 23, 16, 30, tzinfo=UTC))

    consent.refresh_from_db()
    assert consent.withdrawn_on == date(2026, 11, 24)


def test_a_day_alone_counts_from_its_first_moment_and_today_from_now():
    before = timezone.now() - timedelta(minutes=5)
    today = ConsentFactory(withdrawn_on=access.today())
    earlier = ConsentFactory(withdrawn_on=date(2026, 3, 1))
    again = ConsentFactory(withdrawn_on=date(2026, 3, 1))
    Consent.objects.filter(pk=again.pk).update(withdrawn_on=None)

    for consent in (today, earlier, again):
        consent.refresh_from_db()
    assert before < today.withdrawn_at <= timezone.now()
    assert earlier.withdrawn_at == datetime(2026, 3, 1, tzinfo=WITA)
    assert again.withdrawn_at is None


def test_a_withdrawal_does_not_lie_in_the_future():
    consent = ConsentFactory.build(withdrawn_at=timezone.now() + timedelta(hours=1))

    with pytest.raises(ValidationError) as refused:
        consent.clean()

    assert list(refused.value.message_dict) == ["withdrawn_at"]


# --- what may be used -----------------------------------------------------------------------------
def test_a_name_is_public_only_with_consent_in_force_and_nothing_against_it():
    agreed, took_back, objects, joined, never = PersonFactory.create_batch(5)
    ConsentFactory(person=agreed)
    ConsentFactory(person=took_back, withdrawn_on=date(2026, 3, 1))
    ConsentFactory(person=objects)
    objection(objects)
    ConsentFactory(person=joined)
    Person.objects.filter(pk=joined.pk).update(
        nik_state="joined", nik_missing="", joined_into=agreed
    )

    assert list(Person.objects.shown_publicly()) == [agreed]
    people = (agreed, took_back, objects, never)
    assert [Consent.objects.holds(p, "public") for p in people] == [True, False, False, False]
    assert not Consent.objects.holds(agreed, "sharing")


def test_every_kind_of_row_of_a_person_leaves_the_lists():
    line, term = MemberFactory(), OfficerFactory()
    for person in (line.person, term.person):
        objection(person)

    assert [m.objects.listed().count() for m in (Person, Member, Officer, Consent)] == [0] * 4
    assert [m.objects.count() for m in (Person, Member, Officer)] == [2, 1, 1]


# --- pages ----------------------------------------------------------------------------------------
@pytest.fixture
def gone():
    """A member and officer who objects, with a NIK and a claim that waits."""
    line = MemberFactory(person__name="Emerensiana Abuk", cooperative__name="Tenun Fafoe")
    with_nik(line.person)
    OfficerFactory(person=line.person, cooperative=line.cooperative, role="treasurer", user=None)
    NikClaimFactory(person=line.person, cooperative=line.cooperative, nik=OTHER_NIK)
    ProposalFactory(person=line.person, cooperative=line.cooperative)
    MemberFactory(person__name="Maria Bria", cooperative=line.cooperative)
    objection(line.person)
    return line


def sent(**values):
    """A form as a page sends it, with the key of its rendering."""
    return values | {FIELD: str(uuid.uuid4())}


def staff_user(*more):
    user = UserFactory(granted=more)
    user.groups.add(group("Staf program"))
    return user


LISTS = ["/orang/", "/anggota/", "/pengurus/", "/pekerjaan/", "/cari/?q=Abuk", "/orang/?cari=abuk"]


@pytest.mark.parametrize("url", LISTS)
@pytest.mark.parametrize("role", ["staff", "officer", "superuser"])
def test_nobody_finds_them_in_a_list(client, gone, url, role):
    users = {
        "staff": lambda: staff_user(),
        "officer": lambda: OfficerFactory(cooperative=gone.cooperative).user,
        "superuser": lambda: UserFactory(is_superuser=True, is_staff=True),
    }
    client.force_login(users[role]())

    shown = client.get(url)

    assert shown.status_code == 200
    assert "Emerensiana" not in shown.content.decode()


@pytest.mark.parametrize("url", LISTS)
def test_the_same_lists_show_them_before(client, gone, url):
    Consent.objects.filter(purpose="record")._raw_delete("default")
    client.force_login(staff_user())

    assert "Emerensiana" in client.get(url).content.decode()


@pytest.mark.parametrize("url", ["/orang/", "/anggota/", "/pengurus/"])
def test_no_file_has_them(client, gone, url):
    OfficerFactory(person__name="Yosefina Bria")
    client.force_login(staff_user())

    response = client.post(url, {"format": "csv"})

    text = b"".join(response.streaming_content).decode()
    assert ("Emerensiana" in text, "Bria" in text) == (False, True)


@pytest.mark.parametrize("model", ["person", "member", "officer", "consent", "nikclaim"])
def test_the_lists_of_the_back_office_leave_them_out(client, gone, model):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))

    shown = client.get(f"/admin/cooperatives/{model}/")

    assert shown.status_code == 200
    assert "Emerensiana" not in shown.content.decode()


def test_the_register_keeps_the_line_on_page_and_file(client, gone):
    client.force_login(staff_user())
    url = f"/koperasi/{gone.cooperative_id}/buku-anggota/"

    response = client.post(url, {"format": "csv"})

    assert "Emerensiana" in client.get(url).content.decode()
    assert "Emerensiana" in b"".join(response.streaming_content).decode()
    assert "Emerensiana" in client.get(f"/koperasi/{gone.cooperative_id}/").content.decode()


def test_a_register_is_named_after_its_day(client, gone):
    client.force_login(staff_user())
    url = f"/koperasi/{gone.cooperative_id}/buku-anggota/"

    names = [
        client.post(url + query, {"format": "csv"})["Content-Disposition"].rpartition("fafoe-")[2]
        for query in ("?tanggal=31-12-2025", "")
    ]

    assert names == ['2025-12-31.csv"', f'{access.today():%Y-%m-%d}.csv"']


def test_numbers_of_the_home_page_are_those_of_the_lists(client, gone):
    client.force_login(staff_user())

    figures = client.get("/").context["figures"]

    counts = {tile.url.partition("?")[0]: tile.number for tile in figures.tiles}
    assert counts["/anggota/"] == 1


def test_a_nik_finds_them_only_for_who_answers_their_requests(client, gone):
    found = []
    for user in (staff_user(), staff_user("cooperatives.make_dossier")):
        client.force_login(user)
        found.append("Emerensiana" in client.post("/cari/", {"q": NIK}).content.decode())

    assert found == [False, True]


def test_the_filter_is_for_who_answers_their_requests_and_shows_the_hour(client, gone):
    Consent.objects.filter(purpose="record").update(
        withdrawn_at=datetime(2026, 11, 24, 10, 0, tzinfo=WITA)
    )
    client.force_login(staff_user())
    without = client.get("/orang/?tarik=on")
    client.force_login(staff_user("cooperatives.make_dossier"))
    shown = client.get("/orang/?tarik=on")

    assert "Emerensiana" not in without.content.decode()
    assert [[row.cells[0].text, row.cells[-1].text] for row in shown.context["rows"]] == [
        ["Emerensiana Abuk", "27 November 2026 10.00 WITA"]
    ]


def test_nobody_takes_them_out_as_a_file(client, gone):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))

    page, taken = client.get("/orang/?tarik=on"), client.post("/orang/?tarik=on", {"format": "csv"})

    assert (page.context["export_url"], taken.status_code) == ("", 403)


def test_the_page_says_since_when_and_by_when(client, gone):
    Consent.objects.filter(purpose="record").update(
        withdrawn_at=datetime(2026, 11, 24, 10, 0, tzinfo=WITA)
    )
    client.force_login(staff_user())

    shown = client.get(gone.person.get_absolute_url()).content.decode()

    assert "24 November 2026 10.00 WITA" in shown
    assert "27 November 2026 10.00 WITA" in shown


# --- saying so ------------------------------------------------------------------------------------
def test_staff_record_an_objection(client):
    person = PersonFactory()
    client.force_login(staff_user())
    url = f"/orang/{person.pk}/keberatan/"

    wrong = client.post(url, sent(channel="spoken", witness=""))
    right = client.post(url, sent(channel="spoken", witness="Kepala dusun"))

    consent = Consent.objects.get()
    assert list(wrong.context["form"].errors) == ["__all__"]
    assert right["Location"] == person.get_absolute_url()
    assert (consent.purpose, consent.given_on, consent.witness) == ("record", None, "Kepala dusun")
    assert withheld(person)


def test_an_objection_withdraws_the_consent_there_is():
    given = ConsentFactory(purpose="record")

    services.record_objection(person=given.person, channel="written")

    given.refresh_from_db()
    assert given.withdrawn_on == access.today()
    assert Consent.objects.count() == 1
    with pytest.raises(ValidationError) as refused:
        services.record_objection(person=given.person, channel="written")
    assert refused.value.code == "withheld"


def test_a_new_consent_brings_them_back(client, gone):
    client.force_login(staff_user())

    client.post(
        f"/orang/{gone.person_id}/persetujuan/baru/",
        sent(
            purpose="record",
            text_version="2026-1",
            channel="written",
            given_on=f"{access.today():%d-%m-%Y}",
        ),
    )

    assert not withheld(gone.person)
    assert "Emerensiana" in client.get("/orang/").content.decode()


def test_a_consent_on_the_form_has_a_day_and_a_text(client):
    client.force_login(staff_user())

    url = f"/orang/{PersonFactory().pk}/persetujuan/baru/"
    response = client.post(url, sent(purpose="record"))

    assert {"given_on", "text_version"} <= set(response.context["form"].errors)


@pytest.mark.parametrize("form", ["keberatan", "persetujuan/baru"])
def test_on_a_joined_record_it_would_say_nothing_of_the_person(client, form):
    duplicate, survivor = PersonFactory(village=village()), PersonFactory(village=village())
    services.join_people(duplicate=duplicate, survivor=survivor, by=UserFactory())
    client.force_login(staff_user())
    given = {"purpose": "public", "text_version": "2026-1", "given_on": "2-1-2026"}

    response = client.post(f"/orang/{duplicate.pk}/{form}/", sent(channel="written", **given))

    assert response.context["form"].errors["__all__"] == [
        _("This record belongs to another record of the same person. Choose that one.")
    ]
    assert Consent.objects.count() == 0


# --- for the ministry -----------------------------------------------------------------------------
@pytest.mark.parametrize("url", ["/orang/", "/anggota/", "/pengurus/"])
def test_a_list_for_the_ministry_has_only_who_agreed(client, url):
    cooperative = Cooperative.objects.get(pk=MemberFactory().cooperative_id)
    for name, values in {
        "Agatha": {},
        "Bernadeta": {"withdrawn_on": date(2026, 3, 1)},
        "Cecilia": {"purpose": "contact"},
    }.items():
        line = MemberFactory(cooperative=cooperative, person__name=name)
        OfficerFactory(cooperative=cooperative, person=line.person, role="member", user=None)
        ConsentFactory(**{"person": line.person, "purpose": "sharing", **values})
    client.force_login(staff_user())

    response = client.post(f"{url}?kementerian=on", {"format": "csv"})

    text = b"".join(response.streaming_content).decode()
    names = ("Agatha", "Bernadeta", "Cecilia", "Maria")
    assert [name in text for name in names] == [True, False, False, False]
    assert AccessLog.objects.get().query == f"{url}?kementerian=on"


# --- what it costs --------------------------------------------------------------------------------
PLANS = {
    "people": (Person.objects.current(), "name_order", "person_name"),
    "members": (Member.objects.all(), "name_order", "member_all"),
    "withheld": (Person.objects.withheld(), "name_order", "person_withheld"),
}


@pytest.mark.parametrize("name", PLANS)
def test_the_lists_still_read_their_index(name):
    rows, order, index = PLANS[name]
    ten_thousand_members()

    listed = rows if name == "withheld" else rows.listed()
    plan = listed.order_by(order, "id")[:26].explain()

    assert (index in plan, "Sort" in plan) == (True, False), plan


def ten_thousand_members():
    """10,000 people with a line each, one in a hundred of whom objects."""
    cooperative, place = MemberFactory().cooperative, village()
    people = Person.objects.bulk_create(
        Person(name=f"Maria {number % 97} Bria {number}", village=place) for number in range(10_000)
    )
    Member.objects.bulk_create(
        Member(cooperative=cooperative, person=person, number=str(number), joined_on="2024-01-02")
        for number, person in enumerate(people)
    )
    Consent.objects.bulk_create(
        Consent(person=person, purpose="record", withdrawn_on=access.today())
        for person in people[::100]
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cooperatives_person, cooperatives_member")


# --- two at once ----------------------------------------------------------------------------------
def at_once(count, act):
    """What `act()` gave, or the error it raised, in `count` threads that begin together."""
    barrier, results = threading.Barrier(count), []

    def run():
        try:
            with acting(command="test", by="pytest"):
                barrier.wait()
                results.append(act())
        except ValidationError as error:
            results.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_record_the_same_objection_record_one():
    person = PersonFactory()

    results = at_once(4, lambda: services.record_objection(person=person, channel="written"))

    assert sorted(map(str, results))[-3:] == ["withheld"] * 3
    assert Consent.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_there_would_be_more(monkeypatch):
    """The negative control: everybody reads first, and then everybody writes."""
    person, all_read = PersonFactory(), threading.Barrier(2)

    def unlocked(*args, **kwargs):
        return Person.objects.all()

    def in_force(rows):
        all_read.wait(timeout=10)
        return rows.filter(withdrawn_on__isnull=True)

    monkeypatch.setattr(type(Person.objects.all()), "select_for_update", unlocked)
    monkeypatch.setattr(type(Consent.objects.all()), "in_force", in_force)
    at_once(2, lambda: services.record_objection(person=person, channel="written"))

    assert Consent.objects.count() == 2
    assert withheld(person)
