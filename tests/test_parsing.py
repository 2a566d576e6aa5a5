"""What people type is read right or refused; never guessed, never a crash."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given, settings
from hypothesis import strategies as st

from malaka_portal import identity_numbers, parsing

TODAY = date(2026, 11, 24)
PARSERS = [
    parsing.parse_rupiah,
    parsing.parse_date,
    parsing.parse_phone,
    identity_numbers.parse_national_id,
    identity_numbers.parse_cooperative_number,
]
# a first example may have to import and compile: no reason to fail on a slow machine
unhurried = settings(deadline=None)
any_text = st.text() | st.text(alphabet="0123456789 .,-/()+RrPpJjTtMmAaGgDdEeSs\u00a0\u0663\u00b2")


def error_code(parse, text, **kwargs):
    with pytest.raises(ValidationError) as caught:
        parse(text, **kwargs)
    return caught.value.code


# --- rupiah -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("0", 0),
        ("1500000", 1_500_000),
        ("1.500.000", 1_500_000),
        ("Rp 1.500.000,00", 1_500_000),
        ("Rp1.500.000", 1_500_000),
        ("Rp. 1.500.000,-", 1_500_000),
        ("rp\u00a01.500.000", 1_500_000),
        ("  1 500 000 ", 1_500_000),
        ("1\u202f500\u202f000", 1_500_000),
        ("1.500", 1500),
        ("15.000", 15_000),
        ("15,00", 15),
        ("1,5 jt", 1_500_000),
        ("1,5jt", 1_500_000),
        ("1,5\u00a0Juta", 1_500_000),
        ("Rp 1,5 jt", 1_500_000),
        ("0,5 jt", 500_000),
        ("1,234567 jt", 1_234_567),
        ("50rb", 50_000),
        ("50 ribu", 50_000),
        ("1.500 rb", 1_500_000),
        ("2 juta", 2_000_000),
        ("1,2 M", 1_200_000_000),
        ("1,2m", 1_200_000_000),
        ("1,2 miliar", 1_200_000_000),
        ("1 milyar", 1_000_000_000),
        ("1 triliun", 10**12),
        ("(12.000.000)", -12_000_000),
        ("(Rp12.000.000)", -12_000_000),
        ("Rp (12.000.000)", -12_000_000),
        ("(1,5 jt)", -1_500_000),
        ("-5000", -5000),
        ("\u22125000", -5000),
        ("-Rp5.000", -5000),
        ("Rp -5.000", -5000),
        ("1.000.000.000.000.000", 10**15),
        ("-1000 triliun", -(10**15)),
    ],
)
def test_rupiah_is_read(text, amount):
    assert parsing.parse_rupiah(text) == amount


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1.500,50", "cents"),
        ("1,0000005 jt", "cents"),
        ("15,000", "rupiah_invalid"),
        ("1,500,000", "rupiah_invalid"),
        ("1,500,000.00", "rupiah_invalid"),
        ("1.50", "rupiah_invalid"),
        ("15.00", "rupiah_invalid"),
        ("1.5 jt", "rupiah_invalid"),
        ("1,5", "rupiah_invalid"),
        ("0.500", "rupiah_invalid"),
        ("1.500 000", "rupiah_invalid"),
        ("1 5", "rupiah_invalid"),
        ("1500000.0", "rupiah_invalid"),
        ("5.32E+15", "rupiah_invalid"),
        ("", "rupiah_invalid"),
        ("Rp", "rupiah_invalid"),
        ("-", "rupiah_invalid"),
        ("--5", "rupiah_invalid"),
        ("(-5)", "rupiah_invalid"),
        ("(5", "rupiah_invalid"),
        ("5)", "rupiah_invalid"),
        ("5 kg", "rupiah_invalid"),
        ("5,- jt", "rupiah_invalid"),
        ("\u0661\u0662\u0663", "rupiah_invalid"),
        ("1\u00b2", "rupiah_invalid"),
        ("9" * 5000, "rupiah_invalid"),
        ("1.000.000.000.000.001", "rupiah_bounds"),
        ("-1001 T", "rupiah_bounds"),
    ],
)
def test_rupiah_is_refused(text, code):
    assert error_code(parsing.parse_rupiah, text) == code


@pytest.mark.parametrize(
    ("amount", "text"),
    [(1_500_000, "Rp1.500.000"), (-1_500_000, "-Rp1.500.000"), (0, "Rp0"), (999, "Rp999")],
)
def test_rupiah_is_written(amount, text):
    assert parsing.format_rupiah(amount) == text


@unhurried
@given(st.integers(-parsing.RUPIAH_LIMIT, parsing.RUPIAH_LIMIT))
def test_written_rupiah_reads_back(amount):
    assert parsing.parse_rupiah(parsing.format_rupiah(amount)) == amount
    assert parsing.parse_rupiah(parsing.format_number(amount)) == amount


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (1, "satu"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (15, "lima belas"),
        (20, "dua puluh"),
        (21, "dua puluh satu"),
        (100, "seratus"),
        (111, "seratus sebelas"),
        (1000, "seribu"),
        (1500, "seribu lima ratus"),
        (2001, "dua ribu satu"),
        (15_000, "lima belas ribu"),
        (100_000, "seratus ribu"),
        (1_000_000, "satu juta"),
        (1_001_000, "satu juta seribu"),
        (1_500_000, "satu juta lima ratus ribu"),
        (2 * 10**9, "dua miliar"),
        (10**12, "satu triliun"),
        (10**15, "seribu triliun"),
        (-15_000, "minus lima belas ribu"),
    ],
)
def test_spelled_out(number, words):
    assert parsing.spell_out(number) == words


@unhurried
@given(st.integers(-parsing.RUPIAH_LIMIT, parsing.RUPIAH_LIMIT))
def test_spelled_out_is_words_alone(number):
    words = parsing.spell_out(number)
    assert words == words.strip()
    assert words.replace(" ", "").isalpha()
    assert "  " not in words


# --- dates --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text",
    [
        "4-8-2026",
        "04-08-2026",
        "4/8/2026",
        "04/08/2026",
        "4.8.2026",
        "4 - 8 - 2026",
        "2026-08-04",
        "4 Agustus 2026",
        "4 agustus 2026",
        "4\u00a0Agustus  2026",
        "4 Agt 2026",
        "4 Agt. 2026",
        "4 Agu 2026",
        "4-Ags-2026",
        " 4 AGUSTUS 2026 ",
    ],
)
def test_date_is_read(text):
    assert parsing.parse_date(text) == date(2026, 8, 4)


@pytest.mark.parametrize(
    ("month", "names"),
    list(
        enumerate(
            [
                ["Januari", "Jan"],
                ["Februari", "Pebruari", "Feb", "Peb"],
                ["Maret", "Mar"],
                ["April", "Apr"],
                ["Mei"],
                ["Juni", "Jun"],
                ["Juli", "Jul"],
                ["Agustus", "Agt", "Agu", "Ags", "Agst"],
                ["September", "Sep", "Sept"],
                ["Oktober", "Okt"],
                ["November", "Nopember", "Nov", "Nop"],
                ["Desember", "Des"],
            ],
            start=1,
        )
    ),
)
def test_every_month_name(month, names):
    for name in names:
        assert parsing.parse_date(f"4 {name} 2026") == date(2026, month, 4)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("04/13/2026", "date_impossible"),
        ("31-2-2026", "date_impossible"),
        ("29 Februari 2026", "date_impossible"),
        ("4-8-0000", "date_impossible"),
        ("0-8-2026", "date_impossible"),
        ("1/2/30", "year_two_digits"),
        ("12/3/24", "year_two_digits"),
        ("4 Agustus 26", "year_two_digits"),
        ("4-8/2026", "date_invalid"),
        ("4 Agu", "date_invalid"),
        ("4 Sesuatu 2026", "date_invalid"),
        ("4-8-206", "date_invalid"),
        ("2026/08/04", "date_invalid"),
        ("20260804", "date_invalid"),
        ("", "date_invalid"),
        ("kemarin", "date_invalid"),
        ("\u0664-8-2026", "date_invalid"),
    ],
)
def test_date_is_refused(text, code):
    assert error_code(parsing.parse_date, text) == code


def test_date_bounds_are_included():
    bounds = {"earliest": date(2026, 1, 1), "latest": date(2026, 12, 31)}
    assert parsing.parse_date("1-1-2026", **bounds) == date(2026, 1, 1)
    assert parsing.parse_date("31-12-2026", **bounds) == date(2026, 12, 31)
    assert error_code(parsing.parse_date, "31-12-2025", **bounds) == "date_too_early"
    assert error_code(parsing.parse_date, "1-1-2027", **bounds) == "date_too_late"


def test_bounds_message_names_the_limit():
    with pytest.raises(ValidationError, match="31-12-2026"):
        parsing.parse_date("1-1-2027", latest=date(2026, 12, 31))


@pytest.mark.parametrize(
    ("day", "long", "short"),
    [
        (date(2026, 11, 4), "4 November 2026", "4 Nov 2026"),
        (date(2026, 8, 17), "17 Agustus 2026", "17 Agt 2026"),
        (date(2026, 5, 1), "1 Mei 2026", "1 Mei 2026"),
        (date(2026, 10, 31), "31 Oktober 2026", "31 Okt 2026"),
        (date(2026, 12, 25), "25 Desember 2026", "25 Des 2026"),
    ],
)
def test_date_is_written(day, long, short):
    assert parsing.format_date(day) == long
    assert parsing.format_date_short(day) == short


@unhurried
@given(st.dates())
def test_written_date_reads_back(day):
    assert parsing.parse_date(parsing.format_date(day)) == day
    assert parsing.parse_date(parsing.format_date_short(day)) == day
    assert parsing.parse_date(parsing.format_date_numeric(day)) == day
    assert parsing.parse_date(day.isoformat()) == day


# --- telephone ----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "e164"),
    [
        ("0812-3456-7890", "+6281234567890"),
        ("081234567890", "+6281234567890"),
        ("6281234567890", "+6281234567890"),
        ("+62 812 3456 7890", "+6281234567890"),
        ("+62\u00a0812\u00a03456\u00a07890", "+6281234567890"),
        ("81234567890", "+6281234567890"),
        ("0812.3456.7890", "+6281234567890"),
        ("0812345678", "+62812345678"),
        ("0812345678901", "+62812345678901"),
        ("0389-21234", "+6238921234"),
        ("(0389) 21234", "+6238921234"),
        ("(021) 1234 5678", "+622112345678"),
        ("+670 7712 3456", "+67077123456"),
        ("+670 331 2345", "+6703312345"),
    ],
)
def test_phone_is_read(text, e164):
    assert parsing.parse_phone(text) == e164


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "081234567",  # eight digits after the 0
        "08123456789012",
        "+620812345678",
        "0012345678",
        "7712 3456",
        "+670 8712 3456",
        "+670 7712 345",
        "+1 202 555 0123",
        "0812-3456-7890 / 0813-3456-7890",
        "0812 hp bapak",
        "\u0660812-3456-7890",
        "+",
    ],
)
def test_phone_is_refused(text):
    assert error_code(parsing.parse_phone, text) == "phone_invalid"


@pytest.mark.parametrize(
    ("e164", "text"),
    [
        ("+6281234567890", "0812-3456-7890"),
        ("+62812345678", "0812-3456-78"),
        ("+62812345678901", "0812-3456-78901"),
        ("+6238921234", "0389-21234"),
        ("+622112345678", "021-12345678"),
        ("+67077123456", "+670 7712 3456"),
        ("+6703312345", "+670 331 2345"),
        ("+12025550123", "+12025550123"),
        ("", ""),
    ],
)
def test_phone_is_written(e164, text):
    assert parsing.format_phone(e164) == text


def test_whatsapp_number_has_no_plus():
    assert parsing.whatsapp_number("+6281234567890") == "6281234567890"


@unhurried
@given(
    st.from_regex(r"\+628[0-9]{8,11}", fullmatch=True)
    | st.from_regex(r"\+62[2-79][0-9]{7,10}", fullmatch=True)
    | st.from_regex(r"\+670(7[0-9]{7}|[234][0-9]{6})", fullmatch=True)
)
def test_written_phone_reads_back(e164):
    assert parsing.parse_phone(e164) == e164
    assert parsing.parse_phone(parsing.format_phone(e164)) == e164


# --- NIK of a person ----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("5321104507909001", "5321104507909001"),
        ("5304104507909001", "5304104507909001"),  # Belu's code, from before Malaka
        ("53.21.10.450790.9001", "5321104507909001"),
        ("5321 1045 0790 9001", "5321104507909001"),
        ("532110-450790-9001", "5321104507909001"),
        ("5321102902000001", "5321102902000001"),  # 29 Feb 2000
        ("5321107112990001", "5321107112990001"),  # a woman, 31 December
    ],
)
def test_national_id_is_read(text, digits):
    assert identity_numbers.parse_national_id(text, today=TODAY) == digits


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("532110050790001", "nik_length"),
        ("53211005079000011", "nik_length"),
        ("", "nik_length"),
        ("532110O507900001", "nik_letters"),
        ("5,32E+15", "nik_letters"),
        ("\u0665321100507900001", "nik_letters"),
        ("5321103002900001", "nik_date"),  # 30 February
        ("5321102902900001", "nik_date"),  # 29 February 1990
        ("5321103507900001", "nik_date"),  # day 35
        ("5321107207900001", "nik_date"),  # a woman's day 32
        ("5321100013900001", "nik_date"),
        ("5321100513900001", "nik_date"),
        ("5321100507900000", "nik_serial"),
        ("2221100507900001", "nik_region"),
        ("5421100507900001", "nik_region"),
        ("9921100507900001", "nik_region"),
        ("5300100507900001", "nik_region"),
        ("5321000507900001", "nik_region"),
    ],
)
def test_national_id_is_refused(text, code):
    assert error_code(identity_numbers.parse_national_id, text, today=TODAY) == code


def test_length_message_counts():
    with pytest.raises(ValidationError) as caught:
        identity_numbers.parse_national_id("5321-1005-0790-001")
    assert caught.value.params == {"count": 15}


def test_every_province_and_no_other():
    known = {*range(11, 22), *range(31, 37), *range(51, 54), *range(61, 66), *range(71, 77)}
    known |= {81, 82, *range(91, 98)}
    assert {f"{code}" for code in known} == identity_numbers._PROVINCES


@pytest.mark.parametrize(
    ("nik", "region", "sex", "born"),
    [
        ("5321104507909001", "53.21.10", "P", date(1990, 7, 5)),
        ("5304104507909001", "53.04.10", "P", date(1990, 7, 5)),
        ("5321100507909001", "53.21.10", "L", date(1990, 7, 5)),
        ("5321100101260001", "53.21.10", "L", date(2026, 1, 1)),
        ("5321100101270001", "53.21.10", "L", date(1927, 1, 1)),
        ("5321106902000001", "53.21.10", "P", date(2000, 2, 29)),
    ],
)
def test_what_a_national_id_says(nik, region, sex, born):
    assert identity_numbers.read_national_id(nik, today=TODAY) == identity_numbers.NationalId(
        region, sex, born
    )


@pytest.mark.parametrize(
    ("known", "codes"),
    [
        ({}, []),
        ({"sex": ""}, []),
        ({"born_on": date(1990, 7, 5), "birth_year": 1990, "sex": "P"}, []),
        ({"born_on": date(1890, 7, 5)}, []),  # two digits cannot tell
        ({"birth_year": 1990}, []),
        ({"born_on": date(1990, 7, 6)}, ["nik_birthdate_mismatch"]),
        ({"born_on": date(1991, 7, 5)}, ["nik_birthdate_mismatch"]),
        ({"birth_year": 1991}, ["nik_birthdate_mismatch"]),
        ({"sex": "L"}, ["nik_sex_mismatch"]),
        ({"birth_year": 1991, "sex": "L"}, ["nik_birthdate_mismatch", "nik_sex_mismatch"]),
    ],
)
def test_mismatches_warn(known, codes):
    unknown = {"born_on": None, "birth_year": None, "sex": None}
    found = identity_numbers.mismatches("5321104507909001", **unknown | known, today=TODAY)
    assert [warning.code for warning in found] == codes
    assert all(str(warning.message) for warning in found)


def test_mask_shows_the_last_four():
    assert identity_numbers.mask_national_id("0004") == "••••••••••••0004"
    assert identity_numbers.mask_national_id("") == ""


# --- NIK of a cooperative -----------------------------------------------------------------------
@pytest.mark.parametrize("text", ["3275070060001", "32.75-07 0060001"])
def test_cooperative_number_is_read(text):
    assert identity_numbers.parse_cooperative_number(text) == "3275070060001"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("5321104507909001", "nik_ktp"),
        ("327507006000", "coop_number_length"),
        ("32750700600011", "coop_number_length"),
        ("", "coop_number_length"),
        ("327507006000I", "coop_number_letters"),
    ],
)
def test_cooperative_number_is_refused(text, code):
    assert error_code(identity_numbers.parse_cooperative_number, text) == code


# --- every parser -------------------------------------------------------------------------------
@pytest.mark.parametrize("parse", PARSERS)
@unhurried
@given(text=any_text)
def test_nothing_but_validation_errors(parse, text):
    try:
        parse(text)
    except ValidationError as error:
        assert error.code
        assert error.messages


@pytest.mark.parametrize("parse", PARSERS)
def test_messages_do_not_repeat_the_text(parse):
    with pytest.raises(ValidationError) as caught:
        parse("rahasia5321")
    assert "rahasia5321" not in " ".join(caught.value.messages)
