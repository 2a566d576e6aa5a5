"""Journey J10 in a browser: two records of one person are joined, parted, or told apart."""

from datetime import date

import pytest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from playwright.sync_api import expect

from cooperatives.models import Consent, Joining, Member, Person, Suspicion
from malaka_portal.models import User
from tests.factories.cooperatives import (
    ConsentFactory,
    CooperativeFactory,
    MemberFactory,
    PersonFactory,
)
from tests.factories.portal import UserFactory
from tests.factories.roles import group

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def staff(wehali):
    user = UserFactory(username="rani", first_name="Rani", last_name="Seran", area_id="53.21")
    user.groups.add(group("Staf program"))
    return User.objects.get(pk=user.pk)


@pytest.fixture
def pair(wehali):
    """Emerensiana, recorded twice: with four differences, and a line in two registers."""
    known = {"village": wehali, "born_on": date(1985, 7, 5), "sex": "P"}
    first = PersonFactory(
        name="Emerensiana Abuk", phones=["+6281200000001"], hamlet="Metamauk", **known
    )
    second = PersonFactory(
        name="Emerenciana Abuk",
        phones=["+6281200000002"],
        hamlet="Wekmidar",
        address="RT 01",
        **known,
    )
    for person, name in ((first, "Tenun Feto"), (second, "Kacang Hijau")):
        MemberFactory(person=person, cooperative=CooperativeFactory(name=name, village=wehali))
    ConsentFactory(person=second)
    return first, second


class Clicks:
    """A hand that counts: what is pressed, and how many pages that opens."""

    def __init__(self, page):
        self.page, self.clicks, self.screens = page, 0, 1

    def press(self, role, name, *, opens=True, **more):
        control = self.page.get_by_role("main").get_by_role(role, name=name, **more)
        control.click()
        self.clicks += 1
        self.screens += opens
        self.page.wait_for_load_state("networkidle")


def heading(page, name):
    return page.get_by_role("heading", name=name, exact=True)


@pytest.fixture
def hand(page, sign_in, staff, pair):
    """Rani at the list of possible duplicates."""
    yield Clicks(sign_in(page, staff, "/pekerjaan/ganda/"))
    assert page.complaints == []


def test_a_pair_is_joined_in_three_screens_and_seven_clicks(hand, pair, live_server):
    first, second = pair
    page = hand.page
    expect(heading(page, _("Possible duplicates"))).to_be_visible()
    hand.press("link", "Emerensiana Abuk – Emerenciana Abuk")
    hand.press("radio", "0812-0000-0002", opens=False)
    hand.press("radio", "Wekmidar", opens=False)
    hand.press("button", _("One person: see what joining does"))
    expect(heading(page, _("What joining does"))).to_be_visible()
    moves = page.locator("section", has=heading(page, _("What moves"))).locator("dl div")
    counted = [" ".join(text.split()) for text in moves.all_inner_texts()]
    row = ngettext("%(count)s row", "%(count)s rows", 1) % {"count": 1}
    tables = [str(model._meta.verbose_name_plural) for model in (Consent, Member)]
    assert counted == [f"{name[0].upper()}{name[1:]} {row}" for name in tables]
    assert Joining.objects.count() == 0
    screens = hand.screens
    hand.press("button", _("Join the two records"))

    assert (screens, hand.clicks) == (3, 5)
    expect(heading(page, "Emerensiana Abuk")).to_be_visible()
    expect(page.get_by_text("0812-0000-0002")).to_be_visible()
    page.goto(f"{live_server.url}/orang/{second.pk}/")
    assert page.url.endswith(f"/orang/{first.pk}/")
    person = Person.objects.get(pk=first.pk)
    assert (person.phones, person.hamlet, person.address) == (
        ["+6281200000002"],
        "Wekmidar",
        "RT 01",
    )


def test_the_joining_is_undone_from_the_persons_page(hand, pair):
    first, second = pair
    page = hand.page
    hand.press("link", "Emerensiana Abuk – Emerenciana Abuk")
    hand.press("button", _("One person: see what joining does"))
    hand.press("button", _("Join the two records"))
    hand.press("link", _("The record of %(name)s was joined here") % {"name": second})
    hand.press("button", _("Undo the joining"))

    expect(heading(page, "Emerenciana Abuk")).to_be_visible()
    assert page.url.endswith(f"/orang/{second.pk}/")
    assert Suspicion.objects.get().status == "pending"


def test_two_people_do_not_come_up_again(hand, pair):
    page = hand.page
    hand.press("link", "Emerensiana Abuk – Emerenciana Abuk")
    page.locator("[name=note]").fill("Saudara kembar")
    hand.press("button", _("Not the same person"))

    expect(page.get_by_text(_("No possible duplicates. Well kept!"))).to_be_visible()
    assert (hand.screens, hand.clicks) == (3, 2)
    assert Suspicion.objects.get().note == "Saudara kembar"


def test_differences_are_told_in_words_on_the_narrowest_screen(hand):
    page = hand.page
    page.set_viewport_size({"width": 320, "height": 740})
    hand.press("link", "Emerensiana Abuk – Emerenciana Abuk")
    different = page.get_by_text(_("different").capitalize(), exact=True)

    assert different.count() == 4
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
