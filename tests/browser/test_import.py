"""Journey J4: an office's own register, from the file to the result, mended by kind of trouble."""

import pytest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from playwright.sync_api import expect

from cooperatives.models import Member
from tests.browser.scenes import Registry
from tests.imports.test_wizard import spreadsheet

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LINES = [
    ("X1", "Maria Bria", "Wehali", "1-2-2020"),
    ("X2", "Yosef Seran", "", "2-2-2020"),
    ("X3", "Martina Abuk", "Wehaly", "3-2-2020"),
    ("X4", "Rosa Klau", "Wehaly", "4-2-2020"),
    ("X5", "Martina Bano", "", "31-2-2020"),
]


def choose(page, file):
    page.get_by_label(_("File")).set_input_files(
        {"name": file.name, "mimeType": "application/zip", "buffer": file.read()}
    )
    page.get_by_role("button", name=_("Read the file")).click()


def test_a_register_is_brought_in_mended_and_taken_back(page, live_server, sign_in):
    registry = Registry(rows=0)
    before = Member.objects.count()
    sign_in(page, registry.officer)
    page.goto(live_server.url + registry.cooperative.get_absolute_url())
    page.get_by_role("link", name=_("Bring in members from a spreadsheet")).click()
    choose(page, spreadsheet(*LINES))

    troubles = _("%(refused)s of %(all)s rows need mending") % {"refused": 3, "all": 5}
    expect(page.get_by_role("heading", level=1)).to_have_text(troubles)
    expect(page.get_by_text(_("nothing is saved yet"))).to_be_visible()
    assert Member.objects.count() == before

    page.get_by_role("link", name=_("Unknown village: choose it once for all its rows")).click()
    expect(page.get_by_label("Wehaly")).to_have_value("Wehali (Malaka Tengah)")
    page.get_by_role("button", name=_("Check again")).click()
    mended = _("%(refused)s of %(all)s rows need mending") % {"refused": 1, "all": 5}
    expect(page.get_by_role("heading", level=1)).to_have_text(mended)

    with page.expect_download() as taken:
        page.locator("form[action$='/galat/'] button").click()
    page.locator("form[action$='/simpan/'] button").click()
    saved = ngettext("%(shown)s row is saved", "%(shown)s rows are saved", 4) % {"shown": 4}
    expect(page.get_by_role("heading", level=1)).to_have_text(saved)
    assert Member.objects.count() == before + 4
    result = page.url

    page.goto(f"{live_server.url}/impor/baru/members/{registry.cooperative.pk}/")
    page.get_by_label(_("File")).set_input_files(taken.value.path())
    page.get_by_role("button", name=_("Read the file")).click()
    again = _("%(refused)s of %(all)s rows need mending") % {"refused": 1, "all": 1}
    expect(page.get_by_role("heading", level=1)).to_have_text(again)

    page.goto(result)
    page.get_by_role("link", name=_("Take this import back")).click()
    page.get_by_role("button", name=_("Take it back")).click()
    back = _("This import was taken back")
    expect(page.get_by_role("heading", level=1)).to_have_text(back)
    assert Member.objects.count() == before
    assert page.complaints == []
