import csv
import io
import threading
from types import SimpleNamespace

import openpyxl
import pytest
from django.db import DatabaseError, connection
from django.test import Client
from django.utils.translation import gettext as _

from malaka_portal.exports import snapshot
from malaka_portal.models import AccessLog, RegionAlias
from malaka_portal.tables import Table
from tests.factories.portal import AccessLogFactory, RegionAliasFactory, UserFactory, village
from tests.portal.list_views import AccessListView
from tests.portal.test_lists import allow, as_reader, logs

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.portal.list_views")]
LIST = "/uji/akses/"
REASON = "Verifikasi data oleh dinas provinsi"


@pytest.fixture
def user(client):
    user = UserFactory(username="maria")
    client.force_login(user)
    return user


def read_csv(response):
    text = response.getvalue().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def last_log():
    return AccessLog.objects.latest("id")


def test_an_export_has_the_rows_of_the_page_and_no_others(client, user):
    logs(user, "a", "b", "c", "d", rows=5)
    logs(user, "a", rows=6)
    AccessLogFactory(subject="theirs", rows=5)
    rows = read_csv(client.post(f"{LIST}?baris=5&urut=subjek", {"format": "csv"}))

    assert [row[1] for row in rows] == ["Subject", "a", "b", "c", "d"]


def test_an_export_carries_the_keys_that_an_import_needs(client, user):
    (log,) = logs(user, "a", object_id=31, rows=5)
    as_reader(user)
    response = client.post(f"{LIST}?cari=a&baris=5", {"format": "xlsx"})
    sheet = openpyxl.load_workbook(io.BytesIO(response.getvalue()))["Data 1"]

    assert [[cell.value for cell in row] for row in sheet] == [
        ["_id", "Subject", "At", "Kind", "Rows", "Number", "Who"],
        [log.pk, "a", sheet["C2"].value, log.get_kind_display(), 5, "31", "Maria"],
    ]
    assert sheet["C2"].is_date
    assert sheet.parent.properties.creator == "maria"
    assert response["Content-Disposition"].startswith('attachment; filename="')
    assert response["Content-Disposition"].endswith('.xlsx"')


def test_a_version_goes_along_where_there_is_one():
    view = AccessListView()
    fields = [SimpleNamespace(name="id"), SimpleNamespace(name="version")]
    view.rows = SimpleNamespace(model=SimpleNamespace(_meta=SimpleNamespace(fields=fields)))
    view.table = Table([])

    assert view.export_table(with_nik=False).header() == ["_id", "_versi"]


def test_personal_columns_are_exported_only_for_those_who_may_see_them(client, user):
    logs(user, "a", reason="Rahasia")
    as_reader(user)
    shut = read_csv(client.post(LIST, {"format": "csv"}))
    allow(user, "view_personal_data")
    opened = read_csv(client.post(LIST, {"format": "csv"}))

    assert "Rahasia" not in str(shut)
    assert "Reason" not in shut[0]
    assert opened[0][-1] == "Reason"
    assert opened[-1][-1] == "Rahasia"


def test_an_export_is_recorded_before_its_first_byte(client, user):
    logs(user, "a", "b")
    response = client.post(f"{LIST}?cari=5321104507909001", {"format": "csv"})
    assert last_log().rows == 0
    response = client.post(f"{LIST}?urut=subjek", {"format": "csv"})
    log = last_log()

    assert response.streaming
    assert (log.user, log.kind, log.subject) == (user, "export", "malaka_portal.accesslog")
    assert (log.rows, log.format, log.reason) == (3, "csv", "")
    assert log.query == f"{LIST}?urut=subjek"


def test_a_nik_in_the_search_does_not_reach_the_log(client, user):
    client.post(f"{LIST}?cari=5321104507909001", {"format": "csv"})

    assert last_log().query == f"{LIST}?cari={'•' * 16}"


def test_formulas_do_not_run_in_the_reader_s_spreadsheet(client, user):
    logs(user, "=1+1")

    assert read_csv(client.post(f"{LIST}?cari==1", {"format": "csv"}))[1][1] == "'=1+1"


@pytest.mark.parametrize(
    ("url", "data", "status"),
    [
        (LIST, {}, 400),
        (LIST, {"format": "exe"}, 400),
        (f"{LIST}?baris=x", {"format": "csv"}, 200),
        (LIST, {"format": "csv", "with_nik": "1", "reason": REASON}, 403),
        ("/uji/dijaga/", {"format": "csv"}, 403),
        ("/wilayah/", {"format": "csv"}, 405),
    ],
    ids=["nothing", "unknown", "bad filter", "NIK", "guarded", "no export"],
)
def test_what_is_not_exported(client, user, url, data, status):
    logs(user, "a")
    response = client.post(url, data)

    assert (response.status_code, response.streaming) == (status, False)
    assert AccessLog.objects.filter(kind="export").count() == 0


def test_an_export_with_its_own_permission(client, user):
    logs(user, "a")
    guarded = client.get("/uji/dijaga/")
    client.force_login(UserFactory(is_superuser=True))
    response = client.post("/uji/dijaga/", {"format": "csv"})

    assert guarded.context["export_url"] == ""
    assert response.status_code == 200


def test_an_export_needs_the_form_s_token(user):
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)

    assert client.post(LIST, {"format": "csv"}).status_code == 403


# --- the full NIK -------------------------------------------------------------------------------
@pytest.mark.parametrize("reason", ["", "   ", "kurang", "x" * 501])
def test_the_full_nik_needs_a_reason(client, user, reason):
    logs(user, "a")
    allow(user, "export_national_id")
    response = client.post(LIST, {"format": "csv", "with_nik": "1", "reason": reason})

    assert response.status_code == 200
    assert not response.streaming
    assert list(response.context["export_form"].errors) == ["reason"]
    assert f"<title>{_('Error:')} " in response.text
    assert AccessLog.objects.filter(kind="export").count() == 0


def test_the_full_nik_goes_along_with_permission_and_reason_and_is_recorded(client, user):
    logs(user, "a", "b")
    allow(user, "export_national_id")
    rows = read_csv(client.post(LIST, {"format": "csv", "with_nik": "1", "reason": REASON}))
    log = last_log()

    assert [row[-1] for row in rows[:3]] == ["NIK", "5321104507909001", "5321104507909001"]
    assert (log.reason, log.rows) == (REASON, 2)


def test_the_full_nik_stays_behind_unless_it_is_asked_for(client, user):
    logs(user, "a")
    allow(user, "export_national_id")

    assert "NIK" not in read_csv(client.post(LIST, {"format": "csv"}))[0]


def test_only_those_who_may_take_the_nik_are_offered_it(client, user):
    logs(user, "a")
    assert b"with_nik" not in client.get(LIST).content

    allow(user, "export_national_id")
    assert b"with_nik" in client.get(LIST).content


# --- the snapshot -------------------------------------------------------------------------------
def in_another_connection(act):
    def run():
        act()
        connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()


@pytest.mark.django_db(transaction=True)
def test_an_export_sees_one_moment_and_can_write_nothing():
    region = village()
    RegionAliasFactory(region=region)
    rows = snapshot(RegionAlias.objects.order_by("id"))
    next(rows)
    in_another_connection(lambda: RegionAliasFactory(region=region))

    assert RegionAlias.objects.count() == 1
    with pytest.raises(DatabaseError, match="read-only"):
        RegionAliasFactory(region=region)
    rows.close()
    assert RegionAlias.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_without_a_snapshot_the_other_row_would_be_seen():
    region = village()
    RegionAliasFactory(region=region)
    rows = RegionAlias.objects.order_by("id").iterator()
    next(rows)
    in_another_connection(lambda: RegionAliasFactory(region=region))

    assert RegionAlias.objects.count() == 2


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_stream_that_nobody_reads_to_its_end_leaves_no_transaction_open(client, kind):
    user = UserFactory()
    client.force_login(user)
    logs = [AccessLog(user=user, kind="export", subject=f"s{n}") for n in range(1_200)]
    AccessLog.objects.bulk_create(logs)
    response = client.post(LIST, {"format": kind})
    stream = iter(response.streaming_content)
    next(stream)
    inside = connection.in_atomic_block
    response.close()

    assert (inside, connection.in_atomic_block) == (True, False)
    assert last_log().rows == 1_200
