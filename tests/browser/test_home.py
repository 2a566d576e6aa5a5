"""From the home page to the list that proves what it says, and back."""

import re
from datetime import date

import pytest
from django.utils.translation import gettext as _
from playwright.sync_api import expect

from malaka_portal.lists import in_words
from tests.browser.scenes import Registry
from tests.factories.cooperatives import MemberFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_staff_go_from_what_needs_action_to_the_list_that_proves_it(page, sign_in):
    registry = Registry(rows=2)
    sign_in(page, registry.staff, "/")
    card = page.get_by_role("region", name=_("Needs action"))
    line = card.get_by_role("link", name=re.compile(r"\bRAT\b")).first
    count = int(line.inner_text().split()[0])
    line.click()

    expect(page.get_by_text(in_words(count)).first).to_be_visible()
    expect(page.get_by_role("row")).to_have_count(count + 1)
    assert count > 2
    assert page.complaints == []


def test_an_officer_sees_a_new_member_counted_at_once(page, sign_in):
    registry = Registry(rows=2)
    registry.cooperative.last_annual_meeting_on = date(2020, 3, 1)
    registry.cooperative.save()
    sign_in(page, registry.officer, "/")
    tile = page.get_by_role("list", name=_("Main figures")).get_by_role("listitem").first
    before = int(tile.locator("b").inner_text())
    MemberFactory(cooperative=registry.cooperative, number="TFM-7777")
    page.reload()

    expect(tile.locator("b")).to_have_text(str(before + 1))
    tile.get_by_role("link").click()
    expect(page.get_by_text(in_words(before + 1)).first).to_be_visible()
    page.go_back()
    page.get_by_role("link", name=_("No annual meeting (RAT) was held for two years")).click()
    expect(page.get_by_role("heading", name=_("Annual meeting (RAT)"))).to_be_visible()
