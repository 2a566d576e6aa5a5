"""Villages as offices write them in their sheets."""

import csv
import json
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from hypothesis import given
from hypothesis import strategies as st

from malaka_portal.places import Village, VillageIndex, place_key
from malaka_portal.regions import ALIASES
from malaka_portal.workbooks.reading import read
from malaka_portal.workbooks.tables import find
from tests.factories.portal import RegionAliasFactory, village
from tests.workbooks.columns import MEMBER_NAMES

DATA = Path(__file__).parents[1] / "data"
with (DATA / "malaka_wilayah.csv").open() as file:
    MALAKA = [
        Village(row["village_code"], row["village_name"], row["district_name"])
        for row in csv.DictReader(file)
    ]
SPELLINGS = [(code, name) for code, names in ALIASES.items() for name in names]
INDEX = VillageIndex(MALAKA, spellings=SPELLINGS)


def code(text, index=INDEX, **options):
    return index.find(text, **options).code


def refusal(text, index=INDEX, **options):
    with pytest.raises(ValidationError) as caught:
        index.find(text, **options)
    return caught.value.code, [str(choice) for choice in caught.value.params["choices"]]


DRESSES = [
    "{}",
    "Ds. {}",
    "Desa {}",
    "desa   {} ",
    "Kel. {}",
    "Kelurahan {}",
    "Desa/Kel. {}",
    "DS.{}",
    "{}, Kec. {district}",
    "{} ({district})",
    "Ds {} Kec {district}",
    "Dusun A RT 002, Desa {}, Kec. {district}",
]


@given(
    st.sampled_from([v for v in MALAKA if v.name != "Umalawain"]),
    st.sampled_from(DRESSES),
    st.sampled_from([str, str.upper, str.lower]),
)
def test_every_village_is_found_in_every_dress(village, dress, case):
    text = case(dress.format(village.name, district=village.district))

    assert INDEX.find(text) == village


def test_spelling_variants_count():
    assert code("Meotroy") == "53.21.08.2001"
    assert code("Desa Wekmurak, Kec. Rinhat") == "53.21.05.2006"
    assert code("BANI BANI") == code("banibani") == code("Bani-Bani") == "53.21.06.2005"
    assert code("Tafuli 1") == "53.21.05.2017"
    assert code("Tafuli") == "53.21.05.2011"
    assert code("53.21.10.2004") == "53.21.10.2004"


def test_districts_are_known_by_the_titles_of_sheets():
    assert [INDEX.district_of(t) for t in ("Wewiku", "Kec. WEWIKU", "KECAMATAN LAEN MANEN")] == [
        "53.21.03",
        "53.21.03",
        "53.21.08",
    ]
    assert [INDEX.district_of(text) for text in ("Sheet1", "", "Kec.")] == [None] * 3


TWINS = VillageIndex(
    [
        Village("53.21.01.2001", "Sukamaju", "Malaka Tengah"),
        Village("53.21.03.2009", "Suka Maju", "Wewiku"),
        Village("53.21.03.2010", "Weoe", "Wewiku"),
    ]
)


def test_equal_names_are_told_with_the_choices():
    assert refusal("Ds. Sukamaju", TWINS) == (
        "ambiguous_village",
        ["Sukamaju (Malaka Tengah)", "Suka Maju (Wewiku)"],
    )
    assert code("Sukamaju", TWINS, district="53.21.03") == "53.21.03.2009"
    assert code("Sukamaju, Kec. Malaka Tengah", TWINS, district="53.21.03") == "53.21.01.2001"


def test_a_village_elsewhere_is_offered_and_not_taken():
    assert refusal("Weoe", TWINS, district="53.21.01") == ("unknown_village", ["Weoe (Wewiku)"])


def test_close_spellings_are_offered_and_not_taken():
    kind, names = refusal("Ds. Motaulum")

    assert (kind, names[0]) == ("unknown_village", "Motaulun (Malaka Barat)")
    assert refusal("Kakanuik", district="53.21.01")[1][0] == "Kakaniuk (Malaka Tengah)"


def test_unknown_villages():
    assert refusal("Desa Entah") == ("unknown_village", [])
    assert refusal("53.21.10.9999") == ("unknown_village", [])
    assert refusal("Kelurahan") == ("unknown_village", [])
    with pytest.raises(ValidationError) as caught:
        INDEX.find("Desa Entah")
    assert caught.value.messages == [
        _("There is no village “%(text)s” here. Choose one from the list.") % {"text": "Desa Entah"}
    ]


def test_what_was_settled_before_counts_first():
    index = VillageIndex(
        MALAKA, aliases={place_key("Desa Entah"): "53.21.01.2001", "lain": "99.99.99.9999"}
    )

    assert code("ENTAH", index) == "53.21.01.2001"
    assert refusal("Lain", index)[0] == "unknown_village"


@given(st.text(max_size=20), st.sampled_from([None, "53.21.03"]))
def test_no_text_breaks_the_search(text, district):
    try:
        assert INDEX.find(text, district=district) in MALAKA
    except ValidationError as error:
        assert error.code in ("unknown_village", "ambiguous_village")


def test_the_register_has_only_the_unknown_villages_that_it_should():
    truth = json.loads((DATA / "workbooks" / "buku-daftar-anggota.truth.json").read_text())
    (sheet,) = read(DATA / "workbooks" / "buku-daftar-anggota.xlsx", "x").sheets

    unknown = []
    for line in find(sheet, MEMBER_NAMES).records():
        try:
            INDEX.find(line.cells[6])
        except ValidationError as error:
            unknown.append((line.number, error.code))

    assert unknown == [
        (bad["row"], bad["why"]) for bad in truth["bad"] if bad["why"] == "unknown_village"
    ]


def test_every_cooperative_lies_in_the_district_of_its_sheet():
    from tests.workbooks.test_tables import NAMES

    for sheet in read(DATA / "workbooks" / "data-koperasi-malaka.xlsx", "x").sheets:
        district = INDEX.district_of(sheet.name)
        found = [INDEX.find(line.cells[6]) for line in find(sheet, NAMES).records()]
        assert {one.district for one in found} == {sheet.name}
        assert district == found[0].district_code


@pytest.mark.django_db
def test_the_index_of_an_area_takes_two_queries(django_assert_num_queries):
    here, there = village(), village("53.21.01.2001", "Barene")
    RegionAliasFactory(region=here, name="Alas Sel")
    RegionAliasFactory(region=there, name="Barena")
    RegionAliasFactory(region=here.parent, name="Kobalima Tim")

    with django_assert_num_queries(2):
        index = VillageIndex.within("53.21.10", aliases={"alassana": here.code})

    assert [code(text, index) for text in ("Alas Selatan", "alas sel", "Alas Sana")] == [
        here.code
    ] * 3
    assert index.district_of("Kobalima Tim") == "53.21.10"
    assert refusal("Barene", index)[0] == refusal("Barena", index)[0] == "unknown_village"
    assert code("Barena", VillageIndex.within("")) == there.code
