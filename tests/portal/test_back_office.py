"""The back office has no door of its own."""

from datetime import timedelta

import brotli
import pytest
import time_machine
from django.conf import settings
from django.utils import timezone

from malaka_portal.models import SignInFailures
from tests.factories.portal import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("address", "signing_in"),
    [
        ("/admin/login/", "/masuk/?next=/admin/"),
        ("/admin/login/?next=/admin/auth/", "/masuk/?next=/admin/auth/"),
        ("/admin/", "/masuk/?next=/admin/"),
        ("/admin/malaka_portal/user/", "/masuk/?next=/admin/malaka_portal/user/"),
    ],
)
def test_strangers_sign_in_on_the_portals_own_page(client, address, signing_in):
    response = client.get(address, follow=True)

    assert response.redirect_chain[-1] == (signing_in, 302)
    assert "registration/login.html" in [t.name for t in response.templates]


def test_the_admins_own_form_does_not_sign_anybody_in(client):
    user = UserFactory(is_staff=True)
    typed = {"username": user.username, "password": PASSWORD}
    response = client.post("/admin/login/", typed)

    assert (response.status_code, response["Location"]) == (302, "/masuk/?next=/admin/")
    assert "_auth_user_id" not in client.session


def test_staff_get_from_the_sign_in_page_to_the_back_office_under_the_session_policy(client):
    user = UserFactory(is_staff=True)
    typed = {"username": user.username, "password": PASSWORD, "next": "/admin/", "own_phone": "on"}

    assert client.post("/masuk/", typed)["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/masuk/?next=/admin/"


def test_failures_on_the_way_to_the_back_office_are_counted(client):
    user = UserFactory(is_staff=True)
    for _ in range(3):
        client.post("/masuk/?next=/admin/", {"username": user.username, "password": "wrong"})

    assert SignInFailures.objects.get().count == 3


@pytest.mark.parametrize("address", ["/admin/", "/admin/login/", "/masuk/?next=/admin/"])
def test_whoever_is_no_staff_gets_a_page_that_says_so(client, address):
    client.force_login(UserFactory())
    response = client.get(address, follow=True)

    assert response.status_code == 403
    assert len(response.redirect_chain) <= 2
    assert "403.html" in [t.name for t in response.templates]


def test_staff_need_not_sign_in_twice(client):
    client.force_login(UserFactory(is_staff=True))

    assert client.get("/admin/login/?next=//evil.example/")["Location"] == "/admin/"


def test_signing_out_of_the_back_office_clears_what_the_browser_kept(client):
    client.force_login(UserFactory(is_staff=True))
    response = client.post("/admin/logout/")

    assert (response.status_code, response["Location"]) == (302, "/masuk/")
    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert "_auth_user_id" not in client.session


def test_the_password_is_changed_on_the_account_page(client):
    client.force_login(UserFactory(is_staff=True))

    assert client.get("/admin/password_change/")["Location"] == "/akun/sandi/"


def test_the_back_office_costs_two_kilobytes_of_style_at_most():
    css = (settings.BASE_DIR / "static" / "css" / "admin.css").read_bytes()

    assert len(brotli.compress(css)) <= 2048
