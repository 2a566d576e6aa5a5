import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from tests.factories.portal import RegionAliasFactory, RegionFactory, UserFactory, village

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "broken",
    [
        {"code": "5321100"},
        {"code": "53.21", "level": 2, "parent": None},
        {"valid_from": "2020-01-02", "valid_to": "2020-01-01"},
    ],
    ids=["shape", "parent", "period"],
)
def test_the_database_refuses(broken):
    with pytest.raises(IntegrityError), transaction.atomic():
        RegionFactory(**broken)


def test_a_spelling_is_recorded_once_for_a_region():
    first = RegionAliasFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        RegionAliasFactory(region=first.region, name=first.name)


@pytest.mark.parametrize("count", [1, 3])
def test_region_list_costs_the_same_for_any_number_of_rows(
    client, django_assert_num_queries, count
):
    district = village().parent
    for number in range(1, count):
        village(f"53.21.10.200{number}", f"Desa {number}")
    client.force_login(UserFactory())
    client.get(reverse("account"))  # opens the session's clock
    url = reverse("region-detail", args=[district.code])

    with django_assert_num_queries(8):
        response = client.get(url)

    assert len(response.context["page"].object_list) == count


def test_a_region_that_is_not_there_is_a_404(client):
    client.force_login(UserFactory())

    assert client.get(reverse("region-detail", args=["99.99"])).status_code == 404
