"""The list of who looked at data: whose rows, which filters, and what calls for a question."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.utils import timezone
from django.utils.translation import gettext as _

from malaka_portal import accesses
from malaka_portal.models import AccessLog
from tests.factories.cooperatives import MemberFactory, OfficerFactory, PersonFactory
from tests.factories.portal import AccessLogFactory, UserFactory

pytestmark = pytest.mark.django_db
URL = "/akses/"
NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


@pytest.fixture
def officer_of_data(client):
    """Whoever answers for personal data."""
    user = UserFactory(granted=["malaka_portal.view_accesslog", "cooperatives.view_person"])
    client.force_login(user)
    return user


def logged(at, **values):
    """A row of the log as of `at`; the log itself knows only now."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(timezone, "now", lambda: at)
        return AccessLogFactory(**values)


def cells(response, name):
    at = [column.name for column in accesses.COLUMNS].index(name)
    names = [item["column"].name for item in response.context["headings"]]
    assert accesses.COLUMNS[at].name in names
    return [row.cells[names.index(name)].text for row in response.context["rows"]]


# --- whose rows -----------------------------------------------------------------------------------
def test_everybody_sees_their_own_entries_from_their_account(client):
    mine, _other = AccessLogFactory(reason="punya saya"), AccessLogFactory(reason="orang lain")
    client.force_login(mine.user)

    account = client.get("/akun/").content.decode()
    response = client.get(f"{URL}?pengguna={mine.user.pk}")

    assert f'href="{URL}?pengguna={mine.user.pk}"' in account
    assert cells(response, "reason") == ["punya saya"]
    assert response.context["search_label"] == ""


def test_the_name_of_another_user_is_no_choice(client):
    mine, other = AccessLogFactory(), AccessLogFactory()
    client.force_login(mine.user)

    response = client.get(f"{URL}?pengguna={other.user.pk}")

    assert list(response.context["filter_form"].errors) == ["pengguna"]
    assert other.user.get_username() not in response.content.decode()


def test_whoever_answers_for_personal_data_sees_all_the_newest_first(client, officer_of_data):
    for hours in (1, 3, 2):
        logged(NOW - timedelta(hours=hours), reason=f"{hours} jam")

    assert cells(client.get(URL), "reason") == ["1 jam", "2 jam", "3 jam"]


def test_staff_of_the_programme_see_only_their_own(client):
    from tests.factories.roles import group

    AccessLogFactory(reason="orang lain")
    staff = UserFactory()
    staff.groups.add(group("Staf program"))
    client.force_login(staff)

    assert client.get(URL).context["rows"] == []


# --- what a row says ------------------------------------------------------------------------------
def test_a_row_names_the_record_only_where_it_is_in_sight(client, officer_of_data):
    person, member = PersonFactory(name="Maria Bria"), MemberFactory()
    AccessLogFactory(object_id=person.pk)
    AccessLogFactory(subject="cooperatives.member", object_id=member.pk)
    AccessLogFactory(subject="gone.model", object_id=7)

    response = client.get(URL)

    number = _("number %(number)d")
    assert cells(response, "record") == [
        number % {"number": 7},
        number % {"number": member.pk},  # no right to see members
        "Maria Bria",
    ]
    assert member.person.name not in response.content.decode()
    assert f'href="/orang/{person.pk}/"' in response.content.decode()


def test_a_row_says_what_was_filtered_and_leads_there(client, officer_of_data):
    AccessLogFactory(
        kind="export",
        object_id=None,
        rows=12,
        query="/anggota/?kecamatan=53.21.10&kelamin=P",
        format="xlsx",
    )
    AccessLogFactory(kind="export", object_id=None, query="//evil.example/?a=b")

    response = client.get(URL)

    assert cells(response, "query") == ["a: b", "kecamatan: 53.21.10, kelamin: P"]
    assert [row.cells[3].url for row in response.context["rows"]] == [
        "",
        "/anggota/?kecamatan=53.21.10&kelamin=P",
    ]


def test_moments_are_those_of_malaka(client, officer_of_data):
    logged(datetime(2026, 11, 24, 15, 30, tzinfo=UTC))

    assert cells(client.get(URL), "at") == ["24 November 2026 23.30 WITA"]


# --- filters --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("jenis=export", ["b"]),
        ("dari=24-11-2026", ["b"]),
        ("sampai=23-11-2026", ["a"]),
        ("sampai=31-12-9999", ["b", "a"]),
        ("dari=31-12-9999", []),
        ("dari=1-1-0001", ["b", "a"]),
        ("dari=23-11-2026&sampai=24-11-2026", ["b", "a"]),
        ("cari=rani+ser", ["b"]),
        ("cari=rani+bria", []),
    ],
)
def test_filters(client, officer_of_data, query, found):
    rani = UserFactory(username="rani", first_name="Rani", last_name="Seran")
    logged(datetime(2026, 11, 23, 15, 59, tzinfo=UTC), reason="a")
    logged(datetime(2026, 11, 23, 16, 0, tzinfo=UTC), kind="export", reason="b", user=rani)

    response = client.get(f"{URL}?{query}")

    assert (cells(response, "reason") if response.context["rows"] else []) == found


def test_the_list_is_paged(client, officer_of_data):
    for number in range(30):
        logged(NOW + timedelta(minutes=number), reason=str(number))

    first = client.get(URL)
    second = client.get(first.context["page"].next_url)

    assert cells(first, "reason") + cells(second, "reason") == [
        str(number) for number in range(29, -1, -1)
    ]


def test_as_many_queries_for_three_rows_as_for_one(
    client, officer_of_data, django_assert_num_queries
):
    AccessLogFactory(object_id=PersonFactory().pk, kind="export")
    client.get(URL)  # the session's clock
    with django_assert_num_queries(8):
        client.get(URL)
    for _number in range(2):
        AccessLogFactory(object_id=PersonFactory().pk, kind="export")
    with django_assert_num_queries(8):
        client.get(URL)


def test_taking_the_log_out_is_logged_too(client, officer_of_data):
    AccessLogFactory(reason="Verifikasi data")

    response = client.post(f"{URL}?jenis=reveal", {"format": "csv"})

    text = b"".join(response.streaming_content).decode()
    log = AccessLog.objects.get(kind="export")
    assert "Verifikasi data" in text
    assert (log.user, log.subject, log.rows, log.query) == (
        officer_of_data,
        "malaka_portal.accesslog",
        1,
        "/akses/?jenis=reveal",
    )


# --- too many exports -----------------------------------------------------------------------------
def exports(user, *hours, rows=10):
    for hour in hours:
        logged(NOW - timedelta(hours=hour), user=user, kind="export", object_id=None, rows=rows)


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ((1, 2, 3), []),
        ((1, 2, 3, 4), [(4, 40)]),
        ((1, 2, 3, 25), []),  # a day has 24 hours
        ((1, 2, 3, 24.9), [(4, 40)]),
        ((100, 101, 102, 103), [(4, 40)]),  # seen on the Monday after
        ((170, 171, 172, 173), []),
    ],
)
def test_more_than_three_exports_within_24_hours(hours, expected):
    exports(UserFactory(), *sorted(hours, reverse=True))

    assert [(a.exports, a.rows) for a in accesses.export_alerts(NOW)] == expected


def test_many_rows_in_one_file(settings):
    greedy, modest = UserFactory(), UserFactory()
    exports(greedy, 1, rows=5001)
    exports(modest, 1, rows=5000)

    assert [a.user for a in accesses.export_alerts(NOW)] == [greedy]


def test_the_limit_is_that_of_the_day(settings):
    settings.EXPORT_LIMITS = [(date(2026, 11, 24), 1, 100), (date(2026, 1, 1), 3, 5000)]
    before, after = UserFactory(), UserFactory()
    exports(before, 27, 26)  # on 23 November in Malaka
    exports(after, 2, 1)

    assert [a.user for a in accesses.export_alerts(NOW)] == [after]


def test_other_accesses_and_other_users_are_not_added_up():
    exports(UserFactory(), 2, 1)
    exports(UserFactory(), 2, 1)
    reader = UserFactory()
    for _number in range(5):
        AccessLogFactory(user=reader, kind="reveal")

    assert accesses.export_alerts(NOW) == []


def test_the_alert_stands_at_the_top_for_who_answers_for_data_only(client, officer_of_data):
    greedy = OfficerFactory(user__first_name="Yosefina", user__last_name="Bria").user
    for _number in range(4):
        AccessLogFactory(user=greedy, kind="export", object_id=None, rows=3)

    shown = client.get(URL).content.decode()
    client.force_login(greedy)
    own = client.get(URL).content.decode()

    assert (_("Needs action") in shown, "Yosefina Bria" in shown) == (True, True)
    assert f'href="{URL}?pengguna={greedy.pk}&amp;jenis=export"' in shown
    assert _("Needs action") not in own
