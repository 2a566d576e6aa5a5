"""Who may open what: every role at every address with a row, own, another's and missing.

The addresses come from the URLconf and what is expected from the scopes and the rules, so that a
new page is in the matrix the day it is made. The anchors at the end are typed by hand.
"""

import re

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.db import connection
from django.urls import reverse

from tests.addresses import open_with_a_row, views, with_a_permission, with_a_row
from tests.factories.roles import ROLES, actor, other_rows, own_rows, published_rows
from tests.test_architecture import arguments

pytestmark = pytest.mark.django_db
MISSING = 987654321
SECRET = "Rahasia"  # in every name that may not leak


VIEWS = with_a_row()
OPEN_VIEWS = open_with_a_row()


def asked_of(view):
    """(model of the row in the address, permission asked or None)."""
    made = getattr(view, "view_class", view)
    model = made.model
    if parent := getattr(made, "related_field", None):
        model = model._meta.get_field(parent).related_model
    return model, getattr(made, "permission_required", None)


def expected(user, model, row, perm):
    if not model.objects.visible_to(user).filter(pk=row.pk).exists():
        return 404
    return 200 if perm is None or user.has_perm(perm, row) else 403


def ask(client, name, pk):
    """GET, or an empty POST where a page answers to nothing else; what is made or done is a 200."""
    url = reverse(name, args=[pk])
    response = client.get(url)
    if response.status_code == 405:
        response = client.post(url)
    return (200 if response.status_code == 302 else response.status_code), body(response, pk)


def body(response, pk):
    """The page without what differs between any two requests."""
    text = response.getvalue().decode(errors="replace").replace(f"/{pk}/", "/PK/")
    return re.sub(r'value="[\w-]{20,}"', "TOKEN", text)


def test_the_matrix_has_addresses():
    assert len(VIEWS) > 25


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", sorted(VIEWS))
def test_role_at_address(client, name, role):
    own, other = own_rows(), other_rows()
    user = actor(role, own)
    model, perm = asked_of(VIEWS[name])
    client.force_login(user)

    missing_status, missing_body = ask(client, name, MISSING)
    assert missing_status == 404
    for row in (other[model.__name__], own[model.__name__]):
        wanted = expected(user, model, row, perm)
        status, shown = ask(client, name, row.pk)
        assert (status, row.pk) == (wanted, row.pk)
        if wanted == 404:
            assert shown == missing_body
            assert SECRET not in shown


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_a_visitor_is_asked_to_sign_in_whatever_the_row(client, name):
    own = own_rows()
    model, _perm = asked_of(VIEWS[name])

    answers = set()
    for pk in (own[model.__name__].pk, MISSING):
        response = client.get(reverse(name, args=[pk]))
        answers.add((response.status_code, response["Location"].partition("?")[0]))

    assert answers == {(302, "/masuk/")}


def open_address(name, row):
    """A page for everybody; a photo's names its product too."""
    of = {"product": row.product_id} if hasattr(row, "product_id") else {}
    return reverse(name, kwargs={"pk": row.pk} | of)


@pytest.mark.parametrize("role", [None, *ROLES])
@pytest.mark.parametrize("name", sorted(OPEN_VIEWS))
def test_an_open_page_shows_published_rows_to_everybody_and_no_other(client, name, role):
    own, published = own_rows(), published_rows()
    model = OPEN_VIEWS[name].model.__name__
    if role:
        client.force_login(actor(role, own))
    hidden, shown = own[model], published[model]
    missing = type(hidden)(pk=MISSING)
    if hasattr(hidden, "product_id"):
        missing.product_id = MISSING

    found = [client.get(open_address(name, row)) for row in (missing, hidden, shown)]

    if found[2].streaming:
        found[2].getvalue()  # a photo
    assert [response.status_code for response in found] == [404, 404, 200]
    refused = body(found[1], hidden.pk).replace(f"/{getattr(hidden, 'product_id', 0)}/", "/PK/")
    assert body(found[0], MISSING) == refused
    assert SECRET not in found[1].content.decode()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("name", "perm"), sorted(with_a_permission().items()))
def test_role_at_an_address_without_a_row(client, name, perm, role):
    user = actor(role, own_rows())
    client.force_login(user)

    status = client.get(reverse(name)).status_code

    assert status == (200 if user.has_perm(perm) else 403)


def everything():
    """How many rows there are of every model, the history included."""
    exist = connection.introspection.table_names()
    tables = [m for m in apps.get_models() if m._meta.db_table in exist and m != Session]
    return {model: model._base_manager.count() for model in tables}


def address_of(name, view, rows):
    if name in OPEN_VIEWS:
        return open_address(name, rows[view.model.__name__])
    if name in VIEWS:
        return reverse(name, args=[rows[asked_of(view)[0].__name__].pk])
    if name == "cooperatives:quote-status":
        return reverse(name, args=[rows["QuoteRequest"].code])
    return reverse(name, args=arguments(name, rows["Cooperative"]))


@pytest.mark.parametrize("role", ["officer", "administrator"])
def test_a_get_never_writes(client, role):
    own = own_rows()
    client.force_login(actor(role, own))
    client.get(reverse("account"))  # opens the session's clock
    before = everything()
    for name, view in views().items():
        client.get(address_of(name, view, own)).getvalue()  # a file is open until it is read

    assert everything() == before


ANCHORS = [
    ("cooperative-detail", "officer", 200, 404),
    ("cooperative-detail", "supervisor", 200, 404),
    ("cooperative-detail", "staff", 200, 404),
    ("cooperative-detail", "viewer", 200, 404),
    ("cooperative-detail", "administrator", 200, 200),
    ("cooperative-detail", "stranger", 404, 404),
    ("cooperative-update", "officer", 403, 404),
    ("cooperative-update", "staff", 200, 404),
    ("member-create", "officer", 200, 404),
    ("member-create", "supervisor", 403, 404),
    ("member-create", "staff", 200, 404),
    ("member-create", "viewer", 403, 404),
    ("member-update", "supervisor", 403, 404),
    ("person-update", "officer", 200, 404),
    ("person-update", "viewer", 403, 404),
    ("person-reveal", "officer", 403, 404),
    ("person-reveal", "staff", 200, 404),
    ("person-reveal", "viewer", 403, 404),
    ("person-dossier", "officer", 403, 404),
    ("person-dossier", "staff", 403, 404),
    ("person-dossier", "viewer", 403, 404),
    ("person-dossier", "keeper", 200, 404),
    ("person-dossier", "administrator", 200, 200),
    ("person-object", "officer", 200, 404),
    ("person-object", "supervisor", 403, 404),
    ("person-object", "viewer", 403, 404),
    ("person-object", "keeper", 200, 404),
    ("person-update", "keeper", 403, 404),
    ("person-reveal", "keeper", 403, 404),
    ("nikclaim-decide", "officer", 403, 404),
    ("nikclaim-decide", "viewer", 404, 404),
    ("nikclaim-decide", "staff", 200, 404),
    ("quoterequest-detail", "officer", 200, 404),
    ("quoterequest-detail", "supervisor", 200, 404),
    ("quoterequest-detail", "viewer", 404, 404),
    ("quoterequest-answer", "officer", 200, 404),
    ("quoterequest-answer", "supervisor", 403, 404),
    ("quoterequest-answer", "staff", 200, 404),
    ("quoterequest-answer", "viewer", 404, 404),
    ("quoterequest-correct", "officer", 200, 404),
    ("quoterequest-correct", "supervisor", 403, 404),
    ("quoterequest-correct", "staff", 200, 404),
    ("officer-invite", "officer", 403, 404),
    ("officer-invite", "staff", 200, 404),
]


@pytest.mark.parametrize(("name", "role", "at_own", "at_other"), ANCHORS)
def test_anchor(client, name, role, at_own, at_other):
    name = f"cooperatives:{name}"
    own, other = own_rows(), other_rows()
    user = actor(role, own)
    model, _perm = asked_of(VIEWS[name])
    client.force_login(user)

    found = [ask(client, name, rows[model.__name__].pk)[0] for rows in (other, own)]

    assert found == [at_other, at_own]
