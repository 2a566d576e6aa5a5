"""An officer prints the own register, with and without JavaScript."""

import pytest
from django.urls import reverse
from django.utils.translation import gettext as _
from playwright.sync_api import expect

from malaka_portal.models import AccessLog
from tests.browser.scenes import Registry
from tests.printed import words_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
REASON = "buku ditandatangani saat RAT"


def test_an_officer_prints_the_register(page, live_server, sign_in):
    registry = Registry(rows=0)
    sign_in(page, registry.officer)
    page.goto(live_server.url + registry.cooperative.get_absolute_url())
    page.get_by_role("link", name=_("Print the books")).click()
    card = page.get_by_role("region", name=_("Register of members"))

    card.get_by_role("button", name="PDF").click()
    expect(page.get_by_role("alert")).to_contain_text(_("What the personal data are for"))
    card.get_by_label(_("What the personal data are for")).fill(REASON)
    with page.expect_download() as printed:
        card.get_by_role("button", name="PDF").click()
    with page.expect_download() as sheet:
        card.get_by_role("button", name="Excel").click()

    text = words_of(printed.value.path().read_bytes())
    assert registry.somebody.name in text and "Metamauk" in text
    assert printed.value.suggested_filename.startswith("buku-daftar-anggota-koperasi-tenun-feto")
    assert sheet.value.suggested_filename.endswith(".xlsx")
    logs = AccessLog.objects.filter(user=registry.officer, query__contains="daftar=").order_by("id")
    assert list(logs.values_list("kind", "subject", "reason", "format")) == [
        ("export", "cooperatives.member", REASON, "pdf"),
        ("export", "cooperatives.member", REASON, "xlsx"),
    ]
    assert page.complaints == []


def test_staff_print_a_list_for_one_district(page, live_server, sign_in):
    registry = Registry(rows=0)
    sign_in(page, registry.staff)
    page.goto(live_server.url + reverse("cooperatives:cooperative-list"))
    page.get_by_role("link", name=_("Print")).click()
    card = page.get_by_role("region", name=_("List of cooperatives"))

    card.get_by_label(_("District")).select_option("53.21.01")
    with page.expect_download() as printed:
        card.get_by_role("button", name="PDF").click()

    assert registry.cooperative.name in words_of(printed.value.path().read_bytes())
    assert AccessLog.objects.get(query__contains="daftar=daftar-koperasi").user == registry.staff
    assert page.complaints == []
