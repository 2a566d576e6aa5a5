"""Settings, headers, sizes and error pages."""

import gzip
import logging
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import brotli
import pytest
from django.template.loader import get_template
from django.urls import reverse
from django.utils import translation

from malaka_portal import keys
from malaka_portal.logs import HideIdentityNumbers
from tests.factories.portal import UserFactory, village

ROOT = Path(__file__).parents[2]


def start_with(**env):
    """`manage.py check` in an environment with nothing but `env`."""
    nik_keys = {name: os.environ[name] for name in ("NIK_CIPHER_KEYS", "NIK_HASH_KEY")}
    clean = {"PATH": os.environ["PATH"], "DEBUG": "off", "SECRET_KEY": "x" * 60} | nik_keys | env
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


@pytest.mark.parametrize(
    ("folder", "complaint"),
    [("", "MEDIA_ROOT is not set"), (str(ROOT / "static" / "up"), "among the public files")],
)
def test_uploads_need_a_folder_that_is_not_public(folder, complaint):
    result = start_with(DATABASE_URL="postgres://portal@localhost/portal", MEDIA_ROOT=folder)

    assert result.returncode != 0
    assert complaint in result.stderr


def test_production_settings_pass_the_deployment_check_without_a_warning():
    result = start_with(
        SECRET_KEY="k9-" + "pWqz4LhT7" * 8,
        NIK_CIPHER_KEYS=os.environ["NIK_CIPHER_KEYS"],
        NIK_HASH_KEY=os.environ["NIK_HASH_KEY"],
        DATABASE_URL="postgres://portal@localhost/portal",
        MEDIA_ROOT="/var/lib/portal/media",
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


@pytest.mark.parametrize(
    "written",
    [
        "5321104507909001",
        "5321 1045 0790 9001",
        "532110.450790.9001",
        "/anggota/?cari=5321+1045+0790+9001",
        "/anggota/?cari=5321%201045%200790%209001",
    ],
)
def test_identity_numbers_do_not_reach_the_log(written):
    record = logging.LogRecord("x", 30, "", 0, "%s not found", (written,), None)
    HideIdentityNumbers().filter(record)

    assert record.getMessage() == re.sub("53.*9001", "•" * 16, written) + " not found"


def test_identity_numbers_do_not_reach_the_log_in_a_traceback():
    try:
        raise ValueError("5321104507909001 is odd")
    except ValueError:
        record = logging.LogRecord("x", 40, "", 0, "failed", (), sys.exc_info())
    HideIdentityNumbers().filter(record)

    assert logging.Formatter().format(record).endswith("ValueError: •••••••••••••••• is odd")


@pytest.mark.parametrize(
    "text", ["[2026-11-24 13:05:22 +0000] 127.0.0.1", "/anggota/1234567/ 081234567890", "1" * 17]
)
def test_other_numbers_stay_in_the_log(text):
    record = logging.LogRecord("x", 30, "", 0, text, (), None)
    HideIdentityNumbers().filter(record)

    assert record.getMessage() == text


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
@pytest.mark.parametrize("name", ["login", "invitation", "dashboard", "account", "region-list"])
def test_first_load_fits_the_first_window_of_a_connection(client, name):
    village()
    if name not in {"login", "invitation"}:
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


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("code", ["400", "403", "403_csrf", "404", "413", "429"])
def test_an_error_page_needs_no_request_and_leads_home_in_its_language(code, language):
    with translation.override(language):
        html = get_template(f"{code}.html").render()
        home = reverse("dashboard")

    assert home == {"id": "/", "en": "/en/"}[language]
    assert f'class="brand" href="{home}"' in html
    assert f'class="button" href="{home}"' in html


@pytest.mark.django_db
def test_the_brand_leads_home_in_the_language_of_the_page(client):
    assert 'class="brand" href="/en/"' in client.get("/en/masuk/").content.decode()
    assert 'class="brand" href="/"' in client.get("/masuk/").content.decode()


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


def test_the_script_of_the_sheets_is_small_and_old_enough_for_old_phones():
    script = (ROOT / "static" / "js" / "sheets.js").read_text()

    assert len(brotli.compress(script.encode())) <= 4096
    assert [new for new in ("?.", "??", ".at(", ".flatMap(", "replaceAll") if new in script] == []
