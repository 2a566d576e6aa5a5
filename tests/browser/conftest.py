"""What the browser tests share: signing in without the form, and the regions of one district."""

import pytest
from django.test import Client

from tests.factories.portal import RegionFactory


@pytest.fixture
def sign_in(live_server):
    """Gives a page the session of a user, and opens `path` where there is one; None is a visitor,
    who has no session."""

    def sign_in(page, user, path=None):
        if user is None:
            return page
        client = Client()
        client.force_login(user)
        cookie = {"name": "sesi", "value": client.cookies["sesi"].value, "url": live_server.url}
        page.context.add_cookies([cookie])
        if path:
            page.goto(live_server.url + path)
        return page

    return sign_in


@pytest.fixture
def phone(browser, request):
    """Makes further phones beside `page`, with JavaScript where that one has it."""
    contexts = []
    kind = request.node.callspec.params.get("page", "with JavaScript")

    def phone():
        context = browser.new_context(
            viewport={"width": 360, "height": 740},
            locale="id-ID",
            timezone_id="Asia/Makassar",
            java_script_enabled=kind == "with JavaScript",
        )
        contexts.append(context)
        return context.new_page()

    yield phone
    for context in contexts:
        context.close()


@pytest.fixture
def wehali():
    """The village Wehali in the district Malaka Tengah, as the officers know them."""
    RegionFactory(code="53", level=1, name="Nusa Tenggara Timur")
    RegionFactory(code="53.21", level=2, name="Malaka", parent_id="53")
    RegionFactory(code="53.21.01", level=3, name="Malaka Tengah", parent_id="53.21")
    return RegionFactory(code="53.21.01.2001", level=4, name="Wehali", parent_id="53.21.01")
