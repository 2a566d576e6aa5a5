"""That the number of a cooperative may be published is said of that number: another one is asked
for anew, whichever door wrote it."""

import pytest
from django.contrib.messages import get_messages
from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from cooperatives.models import Cooperative
from tests.factories.cooperatives import CooperativeFactory
from tests.factories.portal import UserFactory

pytestmark = pytest.mark.django_db
TOLD = (
    "The number is a new one, so visitors do not see it. If they may, open “Edit” and tick that "
    "it may be published."
)


@pytest.fixture
def cooperative():
    return CooperativeFactory(phone="+6281234567890", phone_is_public=True)


@pytest.fixture
def root(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def is_public():
    return Cooperative.objects.get().phone_is_public


def by_model(row):
    row.phone = "+6281234567891"
    row.save()


def by_sql(row):
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cooperatives_cooperative SET phone = '+6281234567891'")


def by_bulk(row):
    Cooperative.objects.update(phone="+6281234567891", phone_is_public=True)


@pytest.mark.parametrize("change", [by_model, by_sql, by_bulk])
def test_another_number_is_not_published(cooperative, change):
    change(cooperative)

    assert (Cooperative.objects.get().phone, is_public()) == ("+6281234567891", False)


def test_whoever_ticks_it_together_with_the_number_confirms_it(cooperative):
    Cooperative.objects.update(phone_is_public=False)
    Cooperative.objects.update(phone="+6281234567891", phone_is_public=True)
    assert is_public()

    Cooperative.objects.update(name="Koperasi Baru")
    assert is_public()


def send(client, url, form, **changes):
    """The form as the page shows it, with changes."""
    shown = {name: form[name].value() for name in form.fields}
    kept = {name: value for name, value in shown.items() if value not in (None, False)}
    return client.post(url, kept | changes)


def test_the_page_tells_that_visitors_do_not_see_the_new_number(root, cooperative):
    url = reverse("cooperatives:cooperative-update", args=[cooperative.pk])
    form = root.get(url).context["form"]
    typed = {"phone": "0812-3456-7891", "village": cooperative.village.name}
    response = send(root, url, form, **typed)

    assert (response.status_code, is_public()) == (302, False)
    told = [str(message) for message in get_messages(response.wsgi_request)]
    assert told == [_("Saved."), _(TOLD)]


def test_the_page_tells_nothing_of_a_number_that_stays(root, cooperative):
    url = reverse("cooperatives:cooperative-update", args=[cooperative.pk])
    form = root.get(url).context["form"]
    response = send(root, url, form, name="Koperasi Baru", village=cooperative.village.name)

    assert (response.status_code, is_public()) == (302, True)
    assert [str(m) for m in get_messages(response.wsgi_request)] == [_("Saved.")]


def test_the_back_office_does_not_publish_it_either(root, cooperative):
    url = reverse("admin:cooperatives_cooperative_change", args=[cooperative.pk])
    form = root.get(url).context["adminform"].form
    response = send(root, url, form, phone="0812-3456-7891", village=cooperative.village_id)

    assert (response.status_code, is_public()) == (302, False)
