"""Two taps on a slow line save once, and a form changed after saving loses nothing."""

import pytest
from django.utils.translation import gettext as _
from playwright.sync_api import expect

from malaka_portal.models import RegionAlias
from tests.factories.portal import RegionFactory, UserFactory

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.portal.once_urls"),
]


@pytest.fixture
def officer(page, live_server, client):
    RegionFactory()
    client.force_login(UserFactory())
    cookie = {"name": "sesi", "value": client.cookies["sesi"].value, "url": live_server.url}
    page.context.add_cookies([cookie])
    return page


def test_two_taps_on_a_slow_line_save_once(officer, live_server):
    officer.goto(f"{live_server.url}/uji/lambat/")
    officer.get_by_label("Nama", exact=True).fill("Alas")
    officer.get_by_role("button", name="Simpan").focus()
    asked = []
    officer.on("request", lambda request: asked.append(request.method))
    for _tap in range(2):  # by keyboard: `click` would wait for the page to come
        officer.keyboard.press("Enter")
        officer.wait_for_timeout(300)
    expect(officer.get_by_role("heading", level=1)).to_contain_text("Nusa Tenggara Timur")

    assert asked.count("POST") == 2
    assert RegionAlias.objects.count() == 1
    assert officer.complaints == []


def test_a_form_that_was_saved_elsewhere_meanwhile_can_be_kept_as_a_new_record(
    officer, live_server
):
    address = f"{live_server.url}/uji/sekali/"
    officer.goto(address)
    names = ("csrfmiddlewaretoken", "_kunci")
    sent = {name: officer.locator(f"input[name={name}]").input_value() for name in names}
    first = officer.request.post(
        address, form=sent | {"name": "Alas"}, headers={"Referer": address}
    )
    assert first.ok

    officer.get_by_label("Nama", exact=True).fill("Alas Selatan")
    officer.get_by_label("NIK pencatat").fill("5321104507909001")
    officer.get_by_role("button", name="Simpan").click()
    expect(officer.get_by_role("heading", level=1)).to_have_text(_("This form was already saved"))
    expect(officer.get_by_role("main")).to_contain_text("Alas Selatan")
    expect(officer.get_by_role("main")).not_to_contain_text("5321104507909001")
    width = officer.locator("html").bounding_box()["width"]
    officer.get_by_role("button", name=_("Save as a new record")).click()
    expect(officer.get_by_role("heading", level=1)).to_contain_text("Nusa Tenggara Timur")

    names = sorted(
        name.rpartition(" ")[0] for name in RegionAlias.objects.values_list("name", flat=True)
    )
    assert names == ["Alas", "Alas Selatan"]
    assert width <= 360
