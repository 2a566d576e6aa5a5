"""Numbers of permits as people copy them from papers and chats."""

import pytest
from django.core.exceptions import ValidationError

from malaka_portal.permit_numbers import holds_national_id, parse_halal, parse_nib, parse_pirt

NIB, PIRT, HALAL = "9120001234567", "206532101000129", "ID53110000123450121"
NIK = "5321104507909001"


@pytest.mark.parametrize(
    "text",
    [
        NIB,
        "9120 0012 3456 7",
        "NIB 9120001234567",
        "NIB: 9120.0012.3456.7",
        "Nomor NIB : 9120-0012-34567",
        " nib.9120001234567 ",
    ],
)
def test_a_nib_in_any_spelling(text):
    assert parse_nib(text) == NIB


@pytest.mark.parametrize(
    "text",
    [
        PIRT,
        "P-IRT No. 2065321010001-29",
        "P-IRT 2065321010001-29",
        "PIRT: 2065321010001 29",
        "SPP-IRT No 2065321010001-29",
        "P.IRT No.206532101000129",
    ],
)
def test_a_home_food_permit_in_any_spelling(text):
    assert parse_pirt(text) == PIRT


@pytest.mark.parametrize(
    "text",
    [
        HALAL,
        "id53110000123450121",
        "ID 5311 0000 1234 50121",
        "53110000123450121",
        f"Halal {HALAL}",
    ],
)
def test_a_halal_number_in_any_spelling(text):
    assert parse_halal(text) == HALAL


def code_of(parse, text):
    with pytest.raises(ValidationError) as caught:
        parse(text)
    assert not any(digits in caught.value.messages[0] for digits in (NIK, NIB))
    return caught.value.code


@pytest.mark.parametrize(
    ("parse", "text", "code"),
    [
        (parse_nib, "912000123456", "nib_length"),
        (parse_nib, NIK, "nib_length"),
        (parse_nib, "91200O1234567", "nib_letters"),
        (parse_nib, "NIB", "nib_length"),
        (parse_nib, "٩١٢٠٠٠١٢٣٤٥٦٧", "nib_letters"),
        (parse_pirt, "20653210100012", "pirt_length"),
        (parse_pirt, "206532101000129999", "pirt_length"),
        (parse_pirt, NIK, "pirt_nik"),
        (parse_pirt, "P-IRT 12a", "pirt_letters"),
        (parse_halal, "ID5311", "halal_shape"),
        (parse_halal, "IX53110000123450121", "halal_shape"),
    ],
)
def test_what_is_no_such_number_is_told_without_repeating_it(parse, text, code):
    assert code_of(parse, text) == code


def test_a_nik_is_found_in_a_text_and_other_numbers_are_not():
    assert holds_national_id(f"SKU atas nama {NIK}")
    assert holds_national_id("5321.1045 0790 9001")
    assert not holds_national_id("503/1234/DPMPTSP/2024")
    assert not holds_national_id(HALAL)
