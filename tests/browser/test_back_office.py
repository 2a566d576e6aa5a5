"""The back office under the portal's strict rules: no script or style that the browser refuses."""

import pytest

from tests.browser.test_accessibility import AXE
from tests.factories.cooperatives import PersonFactory, with_nik
from tests.factories.portal import UserFactory, village

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGES = {
    "sign-in": "/admin/login/",
    "index": "/admin/",
    "list": "/admin/malaka_portal/region/",
    "form": "/admin/malaka_portal/user/{pk}/change/",
    "record": "/admin/cooperatives/person/{person}/change/",
    "history": "/admin/cooperatives/person/{person}/history/",
}
CONTRAST = "axe.run({runOnly: ['color-contrast']}).then(r => r.violations)"


@pytest.fixture(params=["light", "dark"])
def visit(request, browser, live_server, client):
    """Opens an address as a superuser, and returns the page with the browser's complaints."""
    village()
    person = with_nik(PersonFactory())
    user = UserFactory(username="admin", is_staff=True, is_superuser=True)
    client.force_login(user)
    context = browser.new_context(locale="id-ID", color_scheme=request.param)
    cookie = {"name": "sesi", "value": client.cookies["sesi"].value, "url": live_server.url}

    def go(path, width):
        if "login" not in path:
            context.add_cookies([cookie])
        page = context.new_page()
        page.complaints = []
        page.on(
            "console",
            lambda m: page.complaints.append(m.text) if m.type in {"error", "warning"} else None,
        )
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(live_server.url + path.format(pk=user.pk, person=person.pk))
        page.wait_for_load_state("networkidle")
        return page

    yield go
    context.close()


@pytest.mark.ignore_template_errors  # Django's own widget of a password asks for what is not there
@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_the_browser_refuses_nothing_and_every_text_can_be_read(visit, path, width):
    page = visit(path, width)
    complaints = list(page.complaints)
    page.evaluate(AXE)
    found = [
        (node["html"], node["failureSummary"])
        for fault in page.evaluate(CONTRAST)
        for node in fault["nodes"]
    ]

    assert complaints == []
    assert found == []


def test_the_browser_would_refuse_a_style_of_its_own(visit):
    page = visit("/admin/", 1280)
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<b style=\"color:red\">x</b>')")

    assert ["Content Security Policy" in text for text in page.complaints] == [True]


def test_the_way_back_to_the_portal(visit):
    page = visit("/admin/", 360)
    page.locator("#user-tools a").first.click()

    assert page.locator("h1").inner_text() == "Beranda"
