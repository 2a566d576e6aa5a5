"""Promises about the whole code base, kept by machine rather than by review."""

import re
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import factory
import pytest
from django import forms
from django.apps import apps
from django.contrib import admin
from django.core.management import call_command
from django.db import connection
from django.template import engines
from django.urls import reverse

from malaka_portal.fields import RupiahField
from malaka_portal.history import HistoryEvent
from malaka_portal.models import PortalQuerySet
from tests.addresses import is_open, views, with_a_permission, with_a_row
from tests.factories.portal import UserFactory, village

ROOT = Path(__file__).parents[1]
OURS = ["malaka_portal", "cooperatives", "trainings", "markets"]
PUBLIC = {
    "login",
    "health",
    "invitation",
    "dashboard",  # a front page for visitors
    "sitemap",
    "robots",
    "cooperatives:showcase",
    "cooperatives:showcase-product",
    "cooperatives:showcase-photo",
    "cooperatives:showcase-cooperatives",
    "cooperatives:showcase-cooperative",
    "cooperatives:quote-create",
    "cooperatives:quote-create-cooperative",
    "cooperatives:quote-status",
}
# Where anybody signed in may go: nothing there belongs to someone.
EVERYBODY = {
    "accesslog-list": [],
    "account": [],
    "account-password": [],
    "import-list": [],
    "region-list": [],
    "region-detail": ["53.21.10"],
    "cooperatives:cooperative-list": [],
    "cooperatives:paper-list": [],
    "cooperatives:member-list": [],
    "cooperatives:person-list": [],
    "cooperatives:officer-list": [],
    "cooperatives:yearlysnapshot-list": [],
    "cooperatives:enterprise-list": [],
    "cooperatives:credential-list": [],
    "cooperatives:product-list": [],
    "cooperatives:motif-list": [],
    "cooperatives:record": [],
    "cooperatives:search": [],
    "cooperatives:work-list": [],
    "cooperatives:quoterequest-list": [],
    "cooperatives:suspicion-list": [],
}
# Asked of the kind of file: tests/imports/test_wizard.py. None stands for a cooperative's number.
OF_A_KIND = {"import-create": ["cooperatives"], "import-create-for": ["members", None]}
ONLY_POST = {"logout", "account-end-sessions"}
ONLY_DEBUG = {"components"}
# Events and the tables between users and their groups are the history's and Django's own.
MODELS = [
    m
    for m in apps.get_models()
    if m._meta.app_label in OURS
    and not issubclass(m, HistoryEvent)
    and not m._meta.concrete_model._meta.auto_created
]


def arguments(name, cooperative):
    """What stands in the address `name`, if it names no row by its `pk`."""
    listed = (EVERYBODY | OF_A_KIND).get(name, [])
    return [cooperative.pk if part is None else part for part in listed]


def test_only_the_listed_views_are_public():
    open_to_all = {name for name, view in views().items() if is_open(view)}

    assert open_to_all == PUBLIC


def test_every_address_has_a_row_here_or_in_the_matrix():
    listed = PUBLIC | set(EVERYBODY) | set(OF_A_KIND) | ONLY_POST | ONLY_DEBUG

    assert set(views()) == listed | set(with_a_row()) | set(with_a_permission())


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
    kind = type(model.objects.all())

    assert kind.managed_by is not PortalQuerySet.managed_by
    assert kind.seen_by is not PortalQuerySet.seen_by
    assert callable(kind.visible_to)


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


def model_forms():
    for app in OURS:
        if find_spec(f"{app}.forms"):
            for value in vars(import_module(f"{app}.forms")).values():
                if isinstance(value, type) and issubclass(value, forms.ModelForm):
                    yield value


FORMS = sorted(
    {form for form in model_forms() if form._meta.model}, key=lambda form: form.__qualname__
)
MONEY = re.compile("capital|assets|volume|surplus|amount|price|saving|turnover|cost")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_form_names_its_fields_and_reads_money_as_rupiah(form):
    bare = (forms.IntegerField, forms.DecimalField, forms.FloatField)

    assert isinstance(form._meta.fields, list | tuple) and form._meta.exclude is None
    assert [n for n, f in form.base_fields.items() if MONEY.search(n) and isinstance(f, bare)] == []


YEAR = re.compile("year|_versi")


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_a_form_takes_no_dot_of_thousands_for_a_decimal_point(form):
    """Django's IntegerField reads 1.000 as 1: `CountField` does not. A year has no dots."""
    bare = [name for name, field in form.base_fields.items() if type(field) is forms.IntegerField]

    assert [name for name in bare if not YEAR.search(name)] == []


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_money_is_whole_rupiah(model):
    money = [f for f in model._meta.local_fields if MONEY.search(f.name)]

    assert [f.name for f in money if not isinstance(f, RupiahField)] == []


TEMPLATES = sorted(str(p.relative_to(ROOT / "templates")) for p in ROOT.glob("templates/**/*.html"))


@pytest.mark.parametrize("path", TEMPLATES)
def test_template_compiles(path):
    engines["django"].get_template(path)


@pytest.mark.parametrize("path", TEMPLATES)
def test_template_has_no_style_or_script_of_its_own(path):
    text = (ROOT / "templates" / path).read_text()

    assert [w for w in ("<style", "style=", "<script>", "onclick=", "|safe") if w in text] == []


@pytest.mark.parametrize("path", TEMPLATES)
def test_a_form_that_posts_says_where_to(path):
    """Without an action it goes to the page's own address with `#field` of the last link that was
    followed, and a browser gives the focus to that field, not to the errors of the new page."""
    text = (ROOT / "templates" / path).read_text()
    tags = re.findall(
        r'<form[^>]*method="post".*?novalidate|<form[^>]*method="post"[^>]*', text, re.S
    )

    assert [tag for tag in tags if "action=" not in tag] == []


def test_no_module_is_over_400_lines():
    long = [
        str(path)
        for app in OURS
        for path in (ROOT / app).rglob("*.py")
        if path.parent.name != "migrations"  # written by a machine
        if len(path.read_text().splitlines()) > 400
    ]

    assert long == []
