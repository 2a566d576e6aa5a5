"""Every kind of page of the registry, in the longest names that there can be: axe finds nothing,
nothing is wider than the screen, and what an officer opens is small."""

from pathlib import Path
from urllib.parse import urlsplit

import brotli
import pytest
from django.middleware.gzip import GZipMiddleware

from malaka_portal.models import Region
from malaka_portal.regions import walk
from malaka_portal.static_files import small
from tests.browser.scenes import PAGES, Registry
from tests.browser.test_accessibility import faults

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ROOT = Path(__file__).parents[2]
WIDTHS = [320, 360, 768, 1280]
HEADERS = 600  # bytes of a request and of the headers of its answer
PADDING = 100  # random bytes with which every page is lengthened, at most
FIRST, REPEATED, REQUESTS = 14 * 1024 - PADDING, 6 * 1024 - PADDING, 4
# What an officer opens, and how; the home page stands outside the registry's own addresses.
OFFICERS_PAGES = {
    "home": "/",
    "record": PAGES["record, officer"],
    "member form": PAGES["member form"],
    "member recorded": PAGES["member recorded"],
    "members": PAGES["members"],
    "member": PAGES["member"],
    "requests": PAGES["requests"],
    "request": PAGES["request, officer"],
    "enterprises": PAGES["enterprises, officer"],
    "enterprise": PAGES["enterprise, officer"],
    "enterprise form": PAGES["new enterprise"],
    "paper form": PAGES["new paper"],
    "papers that run out": PAGES["papers that run out"],
    "products": PAGES["products"],
    "product": PAGES["product"],
    "product form": PAGES["product form"],
    "photo form": PAGES["new photo"],
    "motifs": PAGES["motifs, officer"],
}
WITH_PHOTOS = 60 * 1024
# What a visitor opens: no page is larger than what comes in a connection's first window.
VISITORS_PAGES = {
    name: PAGES[name]
    for name in (
        "front page",
        "showcase",
        "shown product",
        "shown cooperatives",
        "shown cooperative",
        "quote form",
        "quote, received",
        "quote, answered",
    )
}


@pytest.fixture
def phone(browser, request):
    """A page without cache, with JavaScript; `made` says what the server sent to it."""
    context = browser.new_context(locale="id-ID", viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda m: page.complaints.append(m.text) if m.type == "error" else None)
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    yield page
    context.close()


@pytest.mark.parametrize("name", PAGES)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(phone, live_server, sign_in, name):
    scene, registry = PAGES[name], Registry(longest=True)
    sign_in(phone, registry.user(scene.who))
    scene.open(phone, live_server.url + scene.url(registry))
    found = {}
    for width in WIDTHS:
        phone.set_viewport_size({"width": width, "height": 740})
        wide = phone.evaluate("document.documentElement.scrollWidth")
        found[width] = (faults(phone), wide <= width or wide)

    assert found == dict.fromkeys(WIDTHS, ([], True))
    assert [text for text in phone.complaints if "409" not in text] == []


def load_malaka():
    """The twelve districts of Malaka and all their villages, which the form offers."""
    rows = list(walk("53.21"))
    Region.objects.bulk_create(
        [Region(code=row[0], level=row[1], name=row[2], parent_id=row[3]) for row in rows],
        ignore_conflicts=True,
    )
    return sum(row[1] == Region.Level.VILLAGE for row in rows)


class Wire:
    """What a page costs: bytes of its answers as they are sent, and requests.

    The test's server sends files as they are, ours small and compressed: each counts as its brotli.
    """

    def __init__(self, page):
        self.page, self.sent = page, {}
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.responseReceived", self.begun)
        session.on("Network.loadingFinished", self.ended)
        self.begun_with = {}

    def begun(self, event):
        response = event["response"]
        path = urlsplit(response["url"]).path
        self.begun_with[event["requestId"]] = path, response["encodedDataLength"]

    def ended(self, event):
        path, headers = self.begun_with.get(event["requestId"], ("", 0))
        if not path.startswith("/static/"):
            self.sent[path] = event["encodedDataLength"] - headers
        elif not path.endswith((".webmanifest", "icon.svg")):  # not part of what is shown
            data = (ROOT / path.removeprefix("/")).read_bytes()
            self.sent[path] = len(brotli.compress(small(path.removeprefix("/static/"), data)))

    def load(self, act):
        """(bytes, requests) of the document that `act` ends with, and of its files."""
        self.sent.clear()
        act()
        self.page.wait_for_load_state("networkidle")
        documents = [path for path in self.sent if not path.startswith("/static/")]
        last = {path: size for path, size in self.sent.items() if path not in documents[:-1]}
        return sum(last.values()) + HEADERS * len(last), len(last)


@pytest.mark.parametrize("name", OFFICERS_PAGES | VISITORS_PAGES)
def test_what_an_officer_or_a_visitor_opens_fits_the_first_window_of_a_connection(
    phone, live_server, sign_in, monkeypatch, name
):
    monkeypatch.setattr(GZipMiddleware, "max_random_bytes", 0)
    registry = Registry()
    assert load_malaka() == 127
    if name in OFFICERS_PAGES:
        sign_in(phone, registry.officer)
    wire, scene = Wire(phone), (OFFICERS_PAGES | VISITORS_PAGES)[name]
    if isinstance(scene, str):
        size, requests = wire.load(lambda: phone.goto(live_server.url + scene))
    else:
        address = live_server.url + scene.url(registry)
        size, requests = wire.load(lambda: scene.open(phone, address))
    document = phone.url
    repeated = wire.sent[urlsplit(document).path] + HEADERS

    print(f"{name}: first {size} bytes in {requests} requests, then {repeated}")
    assert (size <= FIRST, repeated <= REPEATED, requests <= REQUESTS) == (True, True, True)


def test_a_page_with_photos_shows_small_ones(phone, live_server, sign_in):
    registry = Registry(rows=0)
    sign_in(phone, registry.officer)
    wire, scene = Wire(phone), PAGES["product with photos"]
    address = live_server.url + scene.url(registry)
    wire.load(lambda: phone.goto(address))
    photos = [size for path, size in wire.sent.items() if path.startswith("/produk/foto/")]

    assert len(photos) == 2 and max(photos) <= 12_000
    assert sum(wire.sent.values()) + HEADERS * len(wire.sent) <= WITH_PHOTOS
    assert (
        phone.locator("main img").evaluate_all(
            "all => all.map(i => [i.loading, i.hasAttribute('width'), i.hasAttribute('height')])"
        )
        == [["lazy", True, True]] * 2
    )


def test_the_measure_counts_the_page_its_style_its_icons_and_its_script(
    phone, live_server, sign_in
):
    registry = Registry(rows=0)
    sign_in(phone, registry.officer)
    wire = Wire(phone)
    form = PAGES["member form"].url(registry)
    wire.load(lambda: phone.goto(live_server.url + form))

    files = {"/static/css/futus.css", "/static/img/icons.svg", "/static/js/sheets.js"}
    assert set(wire.sent) == {form} | files
    assert wire.sent[form] > 2000
