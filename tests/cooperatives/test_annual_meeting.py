"""The annual meeting (RAT): its state on a day, in Python and in SQL, and where it is told."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils.translation import gettext as _

from cooperatives import forms
from cooperatives.models import Cooperative, MeetingState, meeting_of
from cooperatives.models.annual_meeting import NEVER, owed_since, stand
from malaka_portal.models import Parameter, User
from tests.factories.cooperatives import CooperativeFactory, OfficerFactory
from tests.factories.portal import ParameterFactory, UserFactory, village
from tests.factories.roles import MALAKA, group

State = MeetingState


def meeting(on, last_on=None, founded_on=None, year_end=12, ministry=3, **more):
    return stand(
        on=on,
        year_end=year_end,
        last_on=last_on,
        founded_on=founded_on,
        ministry_months=ministry,
        law_months=6,
        **more,
    )


# The fiscal year 2025: domain 11.4, and the days around each border.
HELD = [
    (date(2026, 1, 1), State.IN_TIME),
    (date(2026, 3, 31), State.IN_TIME),
    (date(2026, 4, 1), State.LATE),
    (date(2026, 6, 30), State.LATE),
    (date(2026, 7, 1), State.AFTER_LAW),
    (date(2026, 11, 20), State.AFTER_LAW),
]
NOT_HELD = [
    (date(2025, 12, 31), State.IN_TIME),  # the year 2025 is not over: 2024 counts
    (date(2026, 1, 1), State.DUE),
    (date(2026, 3, 31), State.DUE),
    (date(2026, 4, 1), State.MINISTRY),
    (date(2026, 6, 30), State.MINISTRY),
    (date(2026, 7, 1), State.LAW),
    (date(2026, 12, 31), State.LAW),
    (date(2027, 1, 1), State.DUE),  # the year 2026 is over, and is asked about from now on
]


@pytest.mark.parametrize(("day", "state"), HELD)
def test_a_meeting_about_2025_that_was_held(day, state):
    assert meeting(date(2026, 11, 24), last_on=day).state == state


@pytest.mark.parametrize(("day", "state"), NOT_HELD)
def test_no_meeting_about_2025(day, state):
    assert meeting(day, last_on=date(2025, 3, 14)).state == state


@pytest.mark.parametrize(
    ("year_end", "ministry", "law"),
    [
        (12, date(2026, 3, 31), date(2026, 6, 30)),
        (6, date(2026, 9, 30), date(2026, 12, 31)),
        (11, date(2026, 2, 28), date(2026, 5, 31)),
        (2, date(2026, 5, 31), date(2026, 8, 31)),
    ],
)
def test_deadlines_follow_the_end_of_the_fiscal_year(year_end, ministry, law):
    found = meeting(date(2026, 11, 24), year_end=year_end)

    assert (found.ministry_deadline, found.law_deadline) == (ministry, law)


def test_a_secondary_cooperative_has_until_the_law_s_deadline():
    states = [meeting(day, ministry=6).state for day in (date(2026, 6, 30), date(2026, 7, 1))]

    assert states == [State.DUE, State.LAW]


@pytest.mark.parametrize(
    ("day", "left"),
    [
        (date(2026, 3, 1), 30),
        (date(2026, 3, 31), 0),
        (date(2026, 4, 1), 90),
        (date(2026, 6, 30), 0),
        (date(2026, 7, 1), None),
    ],
)
def test_days_are_left_until_the_next_deadline(day, left):
    assert meeting(day, last_on=date(2025, 3, 14)).days_left == left


def test_a_meeting_that_was_held_leaves_no_days_to_count():
    assert meeting(date(2026, 2, 1), last_on=date(2026, 1, 20)).days_left is None


@pytest.mark.parametrize(
    ("day", "last_on", "missed"),
    [
        (date(2026, 6, 30), date(2024, 3, 1), False),  # about 2023; 2025 may still be held
        (date(2026, 7, 1), date(2024, 3, 1), True),  # none about 2024, none about 2025
        (date(2026, 7, 1), date(2025, 12, 31), False),  # late, but about 2024
        (date(2027, 2, 1), date(2024, 3, 1), True),  # still, though 2026 is only due
        (date(2026, 7, 1), None, True),
    ],
)
def test_two_years_missed(day, last_on, missed):
    assert meeting(day, last_on=last_on).two_missed is missed


@pytest.mark.parametrize(
    ("day", "state", "missed"),
    [
        (date(2025, 12, 31), State.NOT_YET, False),
        (date(2026, 1, 1), State.DUE, False),
        (date(2026, 7, 1), State.LAW, False),
        (date(2027, 6, 30), State.MINISTRY, False),
        (date(2027, 7, 1), State.LAW, True),
    ],
)
def test_a_cooperative_founded_in_2025_owes_a_meeting_about_2025_first(day, state, missed):
    found = meeting(day, founded_on=date(2025, 6, 2))

    assert (found.state, found.two_missed) == (state, missed)


def test_a_dissolved_cooperative_owes_nothing():
    found = meeting(date(2026, 7, 1), exempt=True)

    assert (found.state, found.two_missed, found.days_left) == (State.NONE, False, None)


# --- the database says the same -------------------------------------------------------------------
DAYS = [
    date(2024, 2, 29),
    date(2025, 12, 31),
    date(2026, 1, 1),
    date(2026, 3, 31),
    date(2026, 4, 1),
    date(2026, 6, 30),
    date(2026, 7, 1),
    date(2026, 11, 24),
]
FOUNDED = [None, date(2019, 5, 12), date(2025, 6, 2), date(2026, 2, 1)]


@pytest.fixture
def every_case(db):
    """Cooperatives of every month, level and age, with every last meeting of `DAYS`."""
    place = village()
    Cooperative.objects.bulk_create(
        Cooperative(
            name="K",
            kind="producer",
            village=place,
            fiscal_year_end=month,
            level=level,
            last_annual_meeting_on=last_on,
            legal_entity_date=founded_on,
            status=status,
        )
        for month in (1, 2, 6, 11, 12)
        for level in ("primary", "secondary")
        for last_on in (None, *DAYS)
        for founded_on in FOUNDED
        for status in ("active", "frozen", "dissolved")
    )
    return list(Cooperative.objects.all())


def test_the_column_is_what_python_works_out(every_case):
    for row in every_case:
        expected = owed_since(
            year_end=row.fiscal_year_end,
            last_on=row.last_annual_meeting_on,
            founded_on=row.legal_entity_date,
        )
        assert row.annual_meeting_owed_since == expected
    assert NEVER in {row.annual_meeting_owed_since for row in every_case}


@pytest.mark.parametrize("on", DAYS)
def test_sql_and_python_agree_about_every_case(every_case, on):
    found = {row.pk: row.meeting_state for row in Cooperative.objects.with_annual_meeting(on=on)}
    listed = {
        row.pk: str(state)
        for state in MeetingState
        for row in Cooperative.objects.annual_meeting(state, on=on)
    }
    missed = {row.pk for row in Cooperative.objects.missed_two_meetings(on=on)}
    stands = {row.pk: meeting_of(row, on=on) for row in every_case}

    assert found == listed == {pk: str(stand.state) for pk, stand in stands.items()}
    assert missed == {pk for pk, stand in stands.items() if stand.two_missed}


def test_a_new_law_holds_from_its_day_on(every_case):
    ParameterFactory(
        key="annual_meeting.law.months", value=4, valid_from=date(2026, 1, 1), regulation="UU baru"
    )
    before, after = date(2025, 5, 31), date(2026, 5, 31)
    rows = Cooperative.objects.filter(fiscal_year_end=12, level="primary", status="active")

    def overdue(day):
        return rows.annual_meeting(State.LAW, on=day).count()

    assert (overdue(before), overdue(after) > 0) == (0, True)
    row = rows.annual_meeting(State.LAW, on=after).first()
    assert meeting_of(row, on=after).law_deadline == date(2026, 4, 30)


@pytest.mark.django_db
def test_without_the_statutory_numbers_nothing_is_told(client):
    Parameter.objects.filter(key__startswith="annual_meeting").delete()
    cooperative = CooperativeFactory()
    client.force_login(staff())

    listed = client.get(reverse("cooperatives:cooperative-list"))
    page = client.get(cooperative.get_absolute_url())

    assert meeting_of(cooperative, on=date(2026, 7, 1)) is None
    assert (listed.status_code, page.status_code) == (200, 200)


# --- where it is told -----------------------------------------------------------------------------
def staff():
    village()
    user = UserFactory(area_id=MALAKA)
    user.groups.add(group("Staf program"))
    return User.objects.get(pk=user.pk)


@pytest.mark.django_db
@time_machine.travel("2026-11-24 04:00Z", tick=False)
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("rat=law", ["Tanpa", "Tua"]),
        ("rat=two", ["Tanpa", "Tua"]),
        ("rat=in_time", ["Rajin"]),
        ("rat=late", ["Lambat"]),
        ("rat=ministry", []),
        ("rat=not_yet", ["Baru"]),
        ("rat=law&status=inactive", ["Tua"]),
        ("rat=x", ["Baru", "Bubar", "Lambat", "Rajin", "Tanpa", "Tua"]),
        ("ketua=tidak", ["Baru", "Lambat", "Tanpa", "Tua"]),
        ("ketua=ada", ["Rajin"]),
    ],
)
def test_cooperatives_are_listed_by_their_meeting_and_by_their_chair(client, query, found):
    rows = {
        "Rajin": {"last_annual_meeting_on": date(2026, 3, 31)},
        "Lambat": {"last_annual_meeting_on": date(2026, 4, 1)},
        "Tua": {"last_annual_meeting_on": date(2020, 2, 1), "status": "inactive"},
        "Tanpa": {},
        "Baru": {"legal_entity_date": date(2026, 2, 1)},
        "Bubar": {"status": "dissolved"},
    }
    made = {name: CooperativeFactory(name=name, **values) for name, values in rows.items()}
    OfficerFactory(cooperative=made["Rajin"], role="chair")
    OfficerFactory(cooperative=made["Lambat"], role="chair", ended_on=date(2026, 1, 1))
    OfficerFactory(cooperative=made["Tua"], role="chair", body="supervisors")
    client.force_login(staff())

    response = client.get(f"{reverse('cooperatives:cooperative-list')}?{query}")

    assert [row.object.name for row in response.context["rows"]] == found


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "last_on", "words"),
    [
        ("2026-02-01", date(2025, 3, 1), ["still to be held", "Ministry's deadline"]),
        ("2026-07-01", date(2025, 3, 1), ["overdue by the law", "is over"]),
        ("2026-07-01", date(2026, 3, 1), ["held in time", "Deadline by the law"]),
        (
            "2026-07-01",
            None,
            [
                "No meeting was held for two years. "
                "The cooperative is in danger of being declared not active."
            ],
        ),
    ],
)
def test_the_page_of_a_cooperative_says_how_it_stands(client, now, last_on, words):
    officer = OfficerFactory(cooperative__last_annual_meeting_on=last_on)
    with time_machine.travel(f"{now} 04:00Z", tick=False):
        client.force_login(officer.user)
        text = client.get(officer.cooperative.get_absolute_url()).content.decode().lower()

    assert [word for word in words if _(word).lower().replace("'", "&#x27;") not in text] == []


@pytest.mark.django_db
def test_the_list_names_the_chair_and_the_state(client):
    chair = OfficerFactory(role="chair", person__name="Petronela Tae")
    client.force_login(staff())
    response = client.get(reverse("cooperatives:cooperative-list"))
    cells = {cell.column.name: cell.text for cell in response.context["rows"][0].cells}

    assert response.context["rows"][0].object == chair.cooperative
    assert cells["chair_name"] == "Petronela Tae"
    assert str(State.LAW.label).lower() in cells["meeting_state"].lower()


# --- the days that forms accept -------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize("name", ["legal_entity_date", "last_annual_meeting_on"])
def test_neither_the_founding_nor_a_meeting_lies_in_the_future(name):
    """Else the day from which a meeting is owed may be one that no calendar has."""
    field = forms.CooperativeForm().fields[name]

    with pytest.raises(ValidationError) as refused:
        field.clean("31-12-9999")
    assert refused.value.code == "date_too_late"
