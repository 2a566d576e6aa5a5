"""An officer uses the code from the office on a phone, with JavaScript and without."""

import re

import pytest
from django.utils.translation import gettext
from playwright.sync_api import expect

from malaka_portal import invitations
from malaka_portal.account import INVITATION_REFUSED
from tests.factories.portal import UserFactory, village
from tests.portal.test_invitations import CHOSEN

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_mistyped_code_is_explained_and_the_right_one_opens_the_home_page(page, live_server):
    village()
    user = UserFactory(username="yosefina", first_name="Yosefina")
    code = invitations.invite(user, by=UserFactory(is_staff=True))
    page.goto(f"{live_server.url}/masuk/")
    page.get_by_role("link", name=gettext("Have an invitation code?")).click()

    page.get_by_label(gettext("User name")).fill("yosefina")
    page.get_by_label(gettext("Invitation code")).fill("aaaaa aaaaa")
    fill_passwords(page)
    expect(page).to_have_title(re.compile("^Galat:"))
    expect(page.get_by_role("alert")).to_contain_text(str(INVITATION_REFUSED))
    expect(page.get_by_label(gettext("User name"))).to_have_value("yosefina")

    page.get_by_label(gettext("Invitation code")).fill(code.lower())
    fill_passwords(page)
    expect(page.get_by_role("heading", name="Beranda")).to_be_visible()
    expect(page.get_by_role("status")).to_have_text(
        gettext("Welcome! Your password is set. From now on sign in with it.")
    )
    assert page.complaints == []


def fill_passwords(page):
    page.get_by_label(gettext("New password"), exact=True).fill(CHOSEN)
    page.get_by_label(gettext("New password, once more")).fill(CHOSEN)
    page.get_by_role("button", name=gettext("Save my password and sign in")).click()
