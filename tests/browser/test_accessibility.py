"""axe finds nothing on any kind of page, at three widths; and it does find a planted fault."""

from pathlib import Path

import pytest

from tests.factories.portal import RegionFactory, UserFactory, village

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text()
LONG = "Desa dengan nama yang sungguh panjang sekali di tepi batas negara"
PAGES = {
    "sign-in": "/masuk/",
    "invitation": "/undangan/",
    "home": "/",
    "account": "/akun/",
    "password": "/akun/sandi/",
    "list of 25": "/wilayah/53.21.10/",
    "not found": "/tidak-ada/",
    "English": "/en/akun/",
}


@pytest.fixture
def signed_in(browser, live_server, client):
    """Opens an address as someone who is signed in, at a given width."""
    district = village().parent
    for number in range(3001, 3025):
        RegionFactory(code=f"53.21.10.{number}", level=4, name=f"{LONG} {number}", parent=district)
    client.force_login(UserFactory(first_name="Emerensiana Yosefina Goreti Bria"))
    context = browser.new_context(locale="id-ID")
    cookie = {"name": "sesi", "value": client.cookies["sesi"].value, "url": live_server.url}

    def go(path, width):
        if path not in {"/masuk/", "/undangan/"}:
            context.add_cookies([cookie])
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 740})
        page.goto(live_server.url + path)
        return page

    yield go
    context.close()


def faults(page):
    """What axe finds, as (rule, first place)."""
    page.evaluate(AXE)
    found = page.evaluate(
        "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
        " 'best-practice']}).then(r => r.violations)"
    )
    return [(fault["id"], fault["nodes"][0]["html"]) for fault in found]


@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES.keys())
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(signed_in, path, width):
    page = signed_in(path, width)

    assert faults(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_axe_finds_a_planted_fault(signed_in):
    page = signed_in("/akun/", 360)
    page.evaluate("document.querySelector('main').innerHTML += '<img src=\"x\"><input>'")

    assert {"image-alt", "label"} <= {rule for rule, _place in faults(page)}


def test_a_page_needs_four_requests_at_most(signed_in):
    page = signed_in("/akun/", 360)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.reload()
    page.wait_for_load_state("networkidle")
    counted = [url for url in asked if not url.endswith((".webmanifest", "icon.svg"))]

    assert len(counted) <= 4
