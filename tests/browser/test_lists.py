"""A list on a phone: search, filter, sort, turn the page, take it out, without JavaScript too."""

import gzip
import io
from pathlib import Path

import brotli
import openpyxl
import pytest
from django.utils.translation import gettext as _
from playwright.sync_api import expect

from malaka_portal.models import AccessLog
from tests.browser.test_accessibility import faults
from tests.factories.portal import AccessLogFactory, UserFactory
from tests.portal.list_views import AccessListView
from tests.portal.test_lists import allow

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.portal.list_views"),
]
LIST = "/uji/akses/"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def user(client, monkeypatch):
    monkeypatch.setattr(AccessListView, "page_size", 25)
    user = UserFactory(first_name="Emerensiana Yosefina Goreti Bria")
    allow(user, "view_personal_data", "export_national_id")
    for number in range(60):
        AccessLogFactory(
            user=user,
            subject=f"cooperatives.member_of_a_long_name_{number:02}",
            kind=["reveal", "export"][number % 2],
            rows=number,
            object_id=31 + number,
            reason="Verifikasi data anggota koperasi",
        )
    client.force_login(user)
    return user


@pytest.fixture
def go(page, client, live_server, user):
    cookie = {"name": "sesi", "value": client.cookies["sesi"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    page.goto(live_server.url + LIST)
    return page


def rows(page):
    return page.locator("tbody tr").count()


def test_a_list_is_searched_filtered_sorted_and_paged(go):
    page = go
    page.get_by_role("searchbox", name="Subject").fill("name_0")
    page.get_by_role("button", name=_("Search"), exact=True).click()
    assert rows(page) == 10

    page.locator("details.filters summary").click()
    page.get_by_label("Kind").select_option("export")
    page.get_by_label(_("Sort by")).select_option("subjek")
    page.get_by_role("button", name=_("Apply")).click()
    assert rows(page) == 5
    assert "name_01" in page.locator("tbody th").first.inner_text()

    page.get_by_role("link", name=_("Search: %(text)s") % {"text": "name_0"}).click()
    assert rows(page) == 25
    page.get_by_role("link", name=_("Next")).click()
    assert rows(page) == 5
    page.get_by_role("link", name=_("Previous")).click()
    assert rows(page) == 25
    assert page.complaints == []


def test_a_list_is_taken_out_with_a_reason_for_the_nik(go):
    page = go
    page.locator("details.export summary").click()
    page.get_by_label(_("Include the full NIK")).check()
    page.get_by_role("button", name="Excel").click()
    expect(page.locator(".error-summary")).to_be_visible()

    page.get_by_label(_("What the full NIK is for")).fill("Verifikasi data kementerian")
    with page.expect_download() as download:
        page.get_by_role("button", name="Excel").click()
    data = io.BytesIO(download.value.path().read_bytes())
    sheet = openpyxl.load_workbook(data)["Data 1"]

    assert sheet.max_row == 1 + 61  # the header, and the export's own row in this very table
    assert AccessLog.objects.filter(kind="export", reason="Verifikasi data kementerian").exists()


@pytest.mark.parametrize("width", [320, 360, 1280])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    browser, client, live_server, user, width
):
    context = browser.new_context(locale="id-ID", viewport={"width": width, "height": 740})
    cookie = {"name": "sesi", "value": client.cookies["sesi"].value, "url": live_server.url}
    context.add_cookies([cookie])
    page = context.new_page()
    for query in ("", "?besar=on", "?cari=zzz", "?baris=x&jenis=export"):
        page.goto(live_server.url + LIST + query)
        for summary in page.locator("summary").all():
            if summary.is_visible() and not summary.evaluate("e => e.parentElement.open"):
                summary.click()
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()


def test_a_first_page_fits_the_first_window_of_a_connection(client, user):
    html = client.get(LIST, headers={"Accept-Encoding": "gzip"}).content
    files = ["css/futus.css", "img/icons.svg"]
    total = len(html) + sum(len(brotli.compress((ROOT / "static" / f).read_bytes())) for f in files)

    assert gzip.decompress(html).count(b"<tr") == 26
    assert total + 600 * (1 + len(files)) <= 14 * 1024
