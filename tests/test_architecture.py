"""Promises about the whole code base, kept by machine rather than by review."""

from importlib import import_module
from pathlib import Path

import factory
import pytest
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.template import engines
from django.urls import URLResolver, get_resolver, reverse

from tests.factories.portal import UserFactory, village

ROOT = Path(__file__).parents[1]
OURS = ["malaka_portal", "cooperatives", "trainings", "markets"]
PUBLIC = {"login", "health"}
# Where anybody signed in may go: nothing there belongs to someone.
EVERYBODY = {
    "dashboard": [],
    "account": [],
    "account-password": [],
    "region-list": [],
    "region-detail": ["53.21.10"],
}
ONLY_POST = {"logout", "account-end-sessions"}
ONLY_DEBUG = {"components"}
MODELS = [m for m in apps.get_models() if m._meta.app_label in OURS]


def patterns(resolver=None):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "admin":
                yield from patterns(pattern)
        else:
            yield pattern


def test_only_the_listed_views_are_public():
    assert {p.name for p in patterns() if not getattr(p.callback, "login_required", True)} == PUBLIC


def test_every_address_has_a_row_here():
    known = PUBLIC | set(EVERYBODY) | ONLY_POST | ONLY_DEBUG

    assert {p.name for p in patterns()} == known


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(EVERYBODY))
def test_a_page_is_open_to_who_is_signed_in_and_to_nobody_else(client, name):
    village()
    url = reverse(name, args=EVERYBODY[name])

    stranger = client.get(url)
    client.force_login(UserFactory())

    assert (stranger.status_code, stranger["Location"]) == (302, f"/masuk/?next={url}")
    assert client.get(url).status_code == 200
    assert client.get(f"/en{url}").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("name", sorted(ONLY_POST))
def test_an_act_does_not_answer_to_get(client, name):
    client.force_login(UserFactory())

    assert client.get(reverse(name)).status_code == 405


@pytest.mark.django_db
def test_the_gallery_is_for_developers(client, settings):
    client.force_login(UserFactory())
    assert client.get(reverse("components")).status_code == 404

    settings.DEBUG = True
    assert client.get(reverse("components")).status_code == 200


@pytest.mark.django_db
def test_migrations_are_complete():
    call_command("makemigrations", check=True, dry_run=True)


@pytest.mark.django_db
def test_django_talks_to_postgresql_through_psycopg2():
    connection.ensure_connection()

    assert connection.Database.__name__ == "psycopg2"
    assert connection.pg_version >= 150000


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_every_model_says_whose_its_rows_are(model):
    answers = {name for kind in type(model.objects.all()).__mro__[:-1] for name in vars(kind)}
    own = vars(type(model.objects.all()))

    assert {"seen_by", "managed_by", "visible_to"} <= answers
    assert {"seen_by", "managed_by"} <= set(own)


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_every_model_has_an_admin_and_a_factory(model):
    made = {
        value._meta.model
        for path in (ROOT / "tests" / "factories").glob("*.py")
        for value in vars(import_module(f"tests.factories.{path.stem}")).values()
        if isinstance(value, type) and issubclass(value, factory.Factory)
    }

    assert admin.site.is_registered(model)
    assert model in made


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_every_model_says_what_a_row_is(model):
    assert model.__doc__ and not model.__doc__.startswith(f"{model.__name__}(")


TEMPLATES = sorted(str(p.relative_to(ROOT / "templates")) for p in ROOT.glob("templates/**/*.html"))


@pytest.mark.parametrize("path", TEMPLATES)
def test_template_compiles(path):
    engines["django"].get_template(path)


@pytest.mark.parametrize("path", TEMPLATES)
def test_template_has_no_style_or_script_of_its_own(path):
    text = (ROOT / "templates" / path).read_text()

    assert [w for w in ("<style", "style=", "<script>", "onclick=", "|safe") if w in text] == []


def test_no_module_is_over_400_lines():
    long = [
        str(path)
        for app in OURS
        for path in (ROOT / app).rglob("*.py")
        if len(path.read_text().splitlines()) > 400
    ]

    assert long == []
