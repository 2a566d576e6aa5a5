"""A newcomer signs in on a phone, with JavaScript and without."""

import re

import pytest
from playwright.sync_api import expect

from tests.factories.portal import PASSWORD, UserFactory, village

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_wrong_password_is_explained_and_the_right_one_opens_the_home_page(page, live_server):
    UserFactory(username="yosefina", first_name="Yosefina")
    village()
    page.goto(f"{live_server.url}/akun/")
    expect(page.get_by_role("heading", name="Masuk")).to_be_visible()

    page.get_by_label("Nama pengguna").fill("yosefina")
    page.get_by_label("Sandi").fill("salah sama sekali")
    page.get_by_role("button", name="Masuk").click()
    expect(page).to_have_title(re.compile("^Galat:"))
    expect(page.get_by_role("alert")).to_contain_text("tidak cocok")
    expect(page.get_by_label("Nama pengguna")).to_have_value("yosefina")

    page.get_by_label("Sandi").fill(PASSWORD)
    page.get_by_role("button", name="Masuk").click()
    expect(page.get_by_role("heading", name="Akun saya")).to_be_visible()
    page.get_by_role("button", name="Akhiri semua sesi saya").click()
    expect(page.get_by_role("status")).to_contain_text("sudah diakhiri")

    page.get_by_role("navigation", name="Menu bawah").get_by_role("link", name="Beranda").click()
    expect(page.get_by_role("heading", name="Beranda")).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("heading", name="Home")).to_be_visible()
    assert page.complaints == []


@pytest.mark.parametrize("width", [320, 360, 1280])
@pytest.mark.parametrize("path", ["/masuk/", "/", "/akun/", "/akun/sandi/", "/wilayah/53.21/"])
def test_no_page_is_wider_than_the_screen(page, live_server, client, path, width):
    village("53.21.10.2004", "Desa dengan nama yang sungguh panjang sekali di tepi batas")
    if path != "/masuk/":
        client.force_login(UserFactory())
        page.context.add_cookies(
            [{"name": "sesi", "value": client.cookies["sesi"].value, "url": live_server.url}]
        )
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(live_server.url + path)

    box = page.locator("html").bounding_box()
    main = page.get_by_role("main").bounding_box()

    assert box["width"] <= width
    assert main["x"] >= 0 and main["x"] + main["width"] <= width
    assert page.complaints == []
