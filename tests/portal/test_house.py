"""Settings, headers, sizes and error pages."""

import gzip
import logging
import os
import stat
import subprocess
import sys
from pathlib import Path

import brotli
import pytest
from django.urls import reverse

from malaka_portal import keys
from malaka_portal.logs import HideIdentityNumbers
from tests.factories.portal import UserFactory, village

ROOT = Path(__file__).parents[2]


def start_with(**env):
    """`manage.py check` in an environment with nothing but `env`."""
    clean = {"PATH": os.environ["PATH"], "DEBUG": "off", "SECRET_KEY": "x" * 60} | env
    return subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        cwd=ROOT,
        env=clean,
        capture_output=True,
        text=True,
    )


def test_without_debug_and_database_the_portal_refuses_to_start_and_says_why():
    result = start_with()

    assert result.returncode != 0
    assert "DATABASE_URL is not set" in result.stderr


def test_production_settings_pass_the_deployment_check_without_a_warning():
    result = start_with(
        SECRET_KEY="k9-" + "pWqz4LhT7" * 8,
        DATABASE_URL="postgres://portal@localhost/portal",
        ALLOWED_HOSTS="portal.example",
    )

    assert "no issues (0 silenced)" in result.stdout + result.stderr
    assert result.returncode == 0


def test_missing_keys_are_written_once_and_for_the_owner_alone(tmp_path):
    path = tmp_path / ".env"
    path.write_text("SECRET_KEY=mine")
    keys.write_missing(path)
    first = path.read_text()
    keys.write_missing(path)

    assert first.startswith("SECRET_KEY=mine\n")
    assert path.read_text() == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_identity_numbers_do_not_reach_the_log():
    record = logging.LogRecord("x", 30, "", 0, "NIK %s", ("5321104507909001",), None)
    HideIdentityNumbers().filter(record)

    assert record.getMessage() == "NIK ••••••••••••••••"


@pytest.mark.django_db
def test_security_headers(client):
    response = client.get("/masuk/")

    assert "unsafe" not in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] == "same-origin"
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert response["Cross-Origin-Resource-Policy"] == "same-origin"


@pytest.mark.django_db
def test_pages_of_signed_in_users_are_not_kept_by_anybody(client):
    client.force_login(UserFactory())

    assert client.get("/akun/")["Cache-Control"] == "no-store"


def test_the_stylesheet_is_small():
    css = (ROOT / "static" / "css" / "futus.css").read_bytes()

    assert len(brotli.compress(css)) <= 6000


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["login", "dashboard", "account", "region-list"])
def test_first_load_fits_the_first_window_of_a_connection(client, name):
    village()
    if name != "login":
        client.force_login(UserFactory())
    html = client.get(reverse(name), headers={"Accept-Encoding": "gzip"}).content
    assert gzip.decompress(html).strip().lower().startswith(b"<!doctype html>")
    files = ["css/futus.css", "img/icons.svg", "img/futus-band.svg"]

    total = len(html) + sum(len(brotli.compress((ROOT / "static" / f).read_bytes())) for f in files)

    assert total + 600 * (1 + len(files)) <= 14 * 1024


@pytest.mark.django_db
def test_a_missing_page_is_a_futus_page_with_a_way_on(client):
    client.force_login(UserFactory())
    response = client.get("/tidak-ada/")

    assert response.status_code == 404
    assert b"futus" in response.content
    assert b'href="/"' in response.content


@pytest.mark.django_db
def test_a_form_without_its_token_gets_a_page_that_says_so(django_user_model):
    from django.test import Client

    response = Client(enforce_csrf_checks=True).post("/masuk/", {})

    assert response.status_code == 403
    assert b"futus" in response.content


@pytest.mark.django_db
def test_health(client):
    assert client.get("/sehat").content == b"ok\n"


@pytest.mark.django_db
def test_an_officer_cannot_make_themselves_staff(client):
    user = UserFactory(is_staff=True, granted=["malaka_portal.change_user"])
    client.force_login(user)
    url = reverse("admin:malaka_portal_user_change", args=[user.pk])
    client.post(url, {"username": user.username, "is_superuser": "on"})
    user.refresh_from_db()

    assert not user.is_superuser
