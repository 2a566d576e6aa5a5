"""A paper that was renewed as another row, or whose enterprise has closed, is not to be renewed:
neither the list of papers that run out nor the home page counts it."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench.plans import explain, nodes
from cooperatives.models import Credential, access
from malaka_portal.attention import attention
from tests.factories.enterprises import CredentialFactory, EnterpriseFactory
from tests.factories.portal import UserFactory

pytestmark = pytest.mark.django_db
LIST = reverse("cooperatives:credential-list")


def day(days):
    return None if days is None else access.today() + timedelta(days=days)


def paper(enterprise, days, **values):
    """A P-IRT that runs out in so many days (never: None)."""
    given = {"kind": "pirt", "covers": "Keripik pisang", "issued_on": None}
    number = f"2065321010001{Credential.objects.count():02}"
    given |= {"enterprise": enterprise, "number": number, "valid_until": day(days)}
    return CredentialFactory(**given | values)


@pytest.fixture
def root(client):
    user = UserFactory(is_staff=True, is_superuser=True)
    client.force_login(user)
    return user


def counted(client, user, query):
    """What the list shows and what the home page counts under `query`."""
    lines = attention(user, on=access.today())
    home = [line.count for line in lines if line.url == LIST + query]
    return len(client.get(LIST + query).context["rows"]), sum(home)


@pytest.mark.parametrize(
    ("days", "values", "count"),
    [
        (400, {}, 0),
        (None, {}, 0),
        (400, {"covers": "KERIPIK PISANG"}, 0),
        (-1, {}, 1),  # itself has run out
        (-9, {}, 1),  # an older one
        (-3, {}, 1),  # one of the same day: the newer row
        (400, {"covers": "Keripik ubi"}, 1),
        (400, {"kind": "other"}, 1),
        (400, {"status": "in_process"}, 1),
    ],
)
def test_a_paper_that_a_later_one_replaced_is_not_to_be_renewed(client, root, days, values, count):
    enterprise = EnterpriseFactory()
    paper(enterprise, -3)
    paper(enterprise, days, **values)

    assert counted(client, root, "?masa=habis") == (count, count)


def test_another_enterprises_paper_replaces_nothing(client, root):
    paper(EnterpriseFactory(), -3)
    paper(EnterpriseFactory(), 400)

    assert counted(client, root, "?masa=habis") == (1, 1)


def test_a_paper_that_runs_out_soon_and_was_renewed_is_not_called_to_mind(client, root):
    enterprise = EnterpriseFactory()
    paper(enterprise, 10)
    assert counted(client, root, "?masa=30") == (1, 1)

    paper(enterprise, 400)
    assert counted(client, root, "?masa=30") == (0, 0)


def test_a_closed_enterprise_renews_nothing(client, root):
    enterprise = EnterpriseFactory()
    paper(enterprise, -3)
    paper(enterprise, 10, covers="Keripik ubi")
    assert [counted(client, root, f"?masa={term}") for term in ("habis", "30")] == [(1, 1)] * 2

    enterprise.status, enterprise.closed_on = "closed", access.today()
    enterprise.save()
    assert [counted(client, root, f"?masa={term}") for term in ("habis", "30")] == [(0, 0)] * 2


def test_the_list_asks_as_much_for_many_papers_as_for_one(client, root):
    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(LIST + "?masa=habis")
        return len(found)

    paper(EnterpriseFactory(), -3)
    queries()
    few = queries()
    for _number in range(9):
        paper(EnterpriseFactory(), -3)
    assert queries() == few


def test_a_later_paper_is_found_by_its_index():
    enterprises = EnterpriseFactory.create_batch(3)
    Credential.objects.bulk_create(
        Credential(
            enterprise=enterprises[number % 3],
            kind="other",
            covers=f"Surat {number // 2}",
            number=str(number),
            valid_until=day(number % 1400 - 700),
        )
        for number in range(2000)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE cooperatives_credential")
    rows = Credential.objects.ending(on=access.today(), days=30).order_by("valid_until", "id")

    plan = explain(*rows.query.sql_with_params())
    assert {node.get("Index Name") for node in nodes(plan)} >= {"credential_later"}
