import csv
from pathlib import Path

import pytest

from malaka_portal.actors import acting
from malaka_portal.models import Region, RegionAlias
from malaka_portal.regions import load_regions

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """All of Indonesia, loaded once for the tests of this module and taken out again."""
    with django_db_blocker.unblock(), acting(command="test"):
        written = load_regions()
        yield written
        RegionAlias.objects.all().delete()
        Region.objects.all()._raw_delete("default")


def test_loading_brings_all_of_indonesia(loaded):
    levels = [Region.objects.filter(level=level).count() for level in Region.Level]

    assert levels == [38, 514, 7285, 83762]
    assert loaded == sum(levels)


def test_loading_twice_writes_nothing(loaded):
    assert load_regions() == 0


def test_malaka_is_as_the_office_lists_it(loaded):
    with (Path(__file__).parents[1] / "data" / "malaka_wilayah.csv").open() as file:
        office = {row["village_code"]: row for row in csv.DictReader(file)}

    ours = Region.objects.below("53.21").villages().select_related("parent")

    assert len(office) == 127
    assert {r.code: (r.name, r.parent.name, r.postal_code) for r in ours} == {
        code: (row["village_name"], row["district_name"], row["postal_code"])
        for code, row in office.items()
    }


def test_alas_selatan_is_in_kobalima_timur(loaded):
    found = Region.objects.get(code="53.21.10.2004")

    assert (found.name, found.parent.name) == ("Alas Selatan", "Kobalima Timur")
    assert [r.name for r in found.trail()] == [
        "Nusa Tenggara Timur",
        "Kabupaten Malaka",
        "Kobalima Timur",
    ]


def test_a_code_of_the_statistics_office_is_no_code_of_ours(loaded):
    assert not Region.objects.filter(code="5321100").exists()
    assert Region.objects.get(bps_code="5321100").name == "Malaka Timur"
