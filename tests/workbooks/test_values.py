"""Cells as offices fill them, read into values; what is not certain is refused, never guessed."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from malaka_portal.parsing import (
    format_date,
    format_date_numeric,
    format_date_short,
    format_number,
    format_phone,
    format_rupiah,
)
from malaka_portal.spreadsheets import defuse
from malaka_portal.workbooks.values import (
    Birth,
    code_of,
    count_of,
    date_of,
    is_nothing,
    national_id_of,
    phone_of,
    place_and_date,
    registry_number_of,
    rupiah_of,
    sex_of,
    text_of,
)

TODAY = date(2026, 11, 24)
READERS = [text_of, code_of, date_of, place_and_date, rupiah_of, count_of, phone_of, sex_of]
READERS += [national_id_of, registry_number_of]


def code(reader, cell, **options):
    """The code of the refusal."""
    with pytest.raises(ValidationError) as caught:
        reader(cell, **options)
    return caught.value.code


# --- nothing ------------------------------------------------------------------------------------
@pytest.mark.parametrize("reader", READERS)
def test_nothing_is_none(reader):
    assert [reader(cell) for cell in (None, "", "  ", "-", "–", "--", "...", "'")] == [None] * 8


@pytest.mark.parametrize("reader", READERS[2:])
def test_words_for_nothing_are_none(reader):
    words = ["tidak ada", "TIDAK ADA", "n/a", "belum  ada", "Belum", "nihil"]

    assert [reader(word) for word in words] == [None] * 6


def test_zero_is_something():
    assert not is_nothing(0) and not is_nothing(False) and not is_nothing("0")
    assert (rupiah_of(0), rupiah_of("0"), count_of(0)) == (0, 0, 0)


# --- text ---------------------------------------------------------------------------------------
def test_text():
    assert text_of("  Maria \n Bete\u00a0Nahak ") == "Maria Bete Nahak"
    assert text_of("belum ada") == "belum ada"
    assert [text_of(cell) for cell in (12, 7.5, True, date(2020, 1, 2), time(8, 5))] == [
        "12",
        "7,5",
        "Ya",
        "02-01-2020",
        "08.05",
    ]


def test_an_apostrophe_is_taken_off_where_it_defused_a_formula():
    assert [text_of(cell) for cell in ("'=1+1", "'-kios", "'Aisyiyah", "'0812")] == [
        "=1+1",
        "-kios",
        "'Aisyiyah",
        "'0812",
    ]
    assert [code_of(cell) for cell in ("'0012", 12, " 518/2/BH ")] == ["0012", "12", "518/2/BH"]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12))
def test_what_our_csv_defuses_comes_back(text):
    assert text_of(defuse(text)) == text_of(text) or text.startswith("'")


# --- dates --------------------------------------------------------------------------------------
DATES = st.dates(date(1920, 1, 1), date(2100, 12, 31))
FORMS = [
    format_date,
    format_date_short,
    format_date_numeric,
    date.isoformat,
    lambda day: f"{day:%d/%m/%Y}",
    lambda day: f"{day:%d.%m.%Y}",
    lambda day: f"{day.day}/{day.month}/{day.year}",
    lambda day: f"'{day:%d-%m-%Y} ",
    lambda day: f"{day} 00:00:00",
    lambda day: day,
    lambda day: datetime.combine(day, time(7, 30)),
    lambda day: (day - date(1899, 12, 30)).days,
    lambda day: (day - date(1899, 12, 30)).days + 0.25,
    lambda day: str((day - date(1899, 12, 30)).days),
]


@given(DATES, st.sampled_from(FORMS))
def test_a_date_in_every_form_is_the_same_day(day, form):
    cell = form(day)
    if isinstance(cell, str) and len(cell) == 4:  # before 1927 a day's number has four digits
        assert code(date_of, cell) == "bad_date"
    else:
        assert date_of(cell) == day


@pytest.mark.parametrize(
    "cell",
    ["2019-13-01", "tahun 2015", "31-02-2020", "12/25/2020", 2015, 12032020, -1, True, "x", 7.5e9]
    + ["12-03-80", "2015", time(8, 30), "1.5.2"],
)
def test_what_is_no_certain_date_is_refused(cell):
    assert code(date_of, cell) == "bad_date"


def test_bounds_hold_for_every_kind_of_cell():
    for cell in (date(2026, 11, 25), "25-11-2026", datetime(2026, 11, 25, 1), 46351):
        assert code(date_of, cell, latest=TODAY) == "bad_date"
        assert date_of(cell, latest=date(2026, 11, 25)) == date(2026, 11, 25)
    assert code(date_of, "1-1-1900", earliest=date(1910, 1, 1)) == "bad_date"


def test_years_of_two_digits_where_they_are_allowed():
    short = {"latest": TODAY, "short_years": True}

    assert date_of("06/04/17", **short) == date(2017, 4, 6)
    assert date_of("06/04/26", **short) == date(2026, 4, 6)
    assert date_of("6 April 27", **short) == date(1927, 4, 6)
    assert date_of("06/04/2017", **short) == date(2017, 4, 6)
    assert code(date_of, "25-11-26", **short) == "bad_date"  # tomorrow, not a hundred years ago
    assert code(date_of, "31-02-17", **short) == "bad_date"
    assert code(date_of, "x", **short) == "bad_date"


@given(st.dates(date(1927, 1, 1), TODAY))
def test_a_short_year_is_the_newest_that_can_be(day):
    assert date_of(f"{day:%d.%m.%y}", latest=TODAY, short_years=True) == day


def test_place_and_date():
    born = Birth("Betun", date(1980, 3, 12))
    cells = ["Betun, 12-03-1980", "Betun 12 Maret 1980", "Betun,12/3/1980", "Betun / 12.03.1980"]
    cells += ["Betun, tgl. 12 Mar 1980", "Betun (12-03-1980)", "'Betun, 1980-03-12"]

    assert [place_and_date(cell) for cell in cells] == [born] * 7
    assert place_and_date("12-03-1980") == Birth("", date(1980, 3, 12))
    assert place_and_date("-, 12-03-1980") == Birth("", date(1980, 3, 12))
    assert place_and_date(date(1980, 3, 12)) == Birth("", date(1980, 3, 12))
    assert place_and_date("Bani-Bani") == Birth("Bani-Bani", None)
    assert place_and_date("Betun, 1980") == Birth("Betun", None, 1980)
    assert place_and_date("tahun 1980") == Birth("", None, 1980)


@pytest.mark.parametrize(
    "cell",
    ["Betun, 12-03-80", "Betun, 31-02-1980", "Betun, 312-03-1980", "Betun, 12-1980", "Betun, 80"]
    + ["Betun, 25-11-2026", "Betun, 2027", "Betun 2, 12-03-1980", 1980],
)
def test_a_birth_that_is_not_certain_is_refused(cell):
    assert code(place_and_date, cell, latest=TODAY) == "bad_date"


@given(st.sampled_from(["Betun", "Io Kufeu", "Bani-Bani"]), DATES, st.sampled_from(FORMS[:7]))
def test_places_and_dates_in_every_form(place, day, form):
    assert place_and_date(f"{place}, {form(day)}") == Birth(place, day)


# --- numbers ------------------------------------------------------------------------------------
AMOUNTS = st.integers(-(10**15), 10**15)
AMOUNT_FORMS = [
    int,
    float,
    str,
    format_number,
    format_rupiah,
    lambda n: f"Rp {abs(n):,}".replace(",", ".") + ",00" if n >= 0 else f"({-n})",
    lambda n: f"({format_number(-n)})" if n < 0 else format_number(n),
]


@given(AMOUNTS, st.sampled_from(AMOUNT_FORMS))
def test_an_amount_in_every_form_is_the_same(amount, form):
    assert rupiah_of(form(amount)) == amount


def test_amounts_as_offices_write_them():
    cells = ["(12.000.000)", "0,1 jt", "Rp100.000,00", "Rp. 1.500,-", "1,5 jt", 100000.0]

    assert [rupiah_of(c) for c in cells] == [
        -12_000_000,
        100_000,
        100_000,
        1500,
        1_500_000,
        100_000,
    ]


def test_amounts_that_are_refused():
    assert code(rupiah_of, 1500.5) == "cents"
    assert rupiah_of(1500000.0000000002) == 1500000
    assert code(rupiah_of, 10**15 + 1) == "rupiah_bounds"
    assert code(rupiah_of, -1e17) == "rupiah_bounds"
    assert [code(rupiah_of, cell) for cell in ("15,000", True, date(2020, 1, 1))] == [
        "rupiah_invalid"
    ] * 3


def test_counts():
    assert [count_of(c) for c in (60, 60.0, "60", "1.500", "60 orang", "'7")] == [
        60,
        60,
        60,
        1500,
        60,
        7,
    ]
    assert [code(count_of, c) for c in (-1, 2.5, "1,5", "banyak", True)] == ["quantity"] * 5


# --- telephones ---------------------------------------------------------------------------------
MOBILES = st.from_regex(r"\A8[0-9]{8,11}\Z").map("+62{}".format)
PHONE_FORMS = [
    str,
    format_phone,
    lambda phone: phone[1:],
    lambda phone: "0" + phone[3:],
    lambda phone: f"'0{phone[3:]} ",
    lambda phone: int(phone[3:]),
    lambda phone: float(phone[3:]),
    lambda phone: int(phone[1:]),
]


@given(MOBILES, st.sampled_from(PHONE_FORMS))
def test_a_telephone_in_every_form_is_the_same(phone, form):
    assert phone_of(form(phone)) == phone


def test_fixed_lines_lose_their_zero_too():
    assert phone_of(389123456) == "+62389123456"
    assert [code(phone_of, c) for c in (812, -81234567890, 81234567890.5, "0812/0813", "x")] == [
        "phone_invalid"
    ] * 5


# --- people -------------------------------------------------------------------------------------
def test_sexes():
    men = ["L", "l", " L ", "Laki-laki", "LAKI - LAKI", "laki laki", "Pria", "LK", "Lk."]
    women = ["P", "p", "Perempuan", "PR", "Pr.", "wanita"]

    assert {sex_of(cell) for cell in men} == {"L"}
    assert {sex_of(cell) for cell in women} == {"P"}
    assert [code(sex_of, c) for c in ("X", "L/P", 1, "Lakiperempuan")] == ["sex_invalid"] * 4


NIK = "5321114211679001"


def test_national_ids_in_every_dress():
    cells = [NIK, f" {NIK} ", f"'{NIK}", "532111.421167.9001", "5321 1142 1167 9001", f"’{NIK}"]

    assert [national_id_of(cell, today=TODAY) for cell in cells] == [NIK] * 6


def test_a_national_id_that_excel_kept_as_a_number_is_told():
    for cell in (5321114211679000, 5321114211679000.0, "5,32111E+15", "5.32E+15"):
        assert code(national_id_of, cell) == "nik_number_lost_digit"


def test_national_ids_that_are_refused():
    assert code(national_id_of, "532111421167901") == "nik_short"
    assert code(national_id_of, 532111421167901) == "nik_short"
    assert code(national_id_of, f"{NIK}1") == "nik_long"
    assert code(national_id_of, 53211142116790012) == "nik_long"
    assert code(national_id_of, "5321113211679001", today=TODAY) == "nik_date"
    assert code(national_id_of, "KTP hilang") == "nik_letters"
    assert code(national_id_of, 5321.5) == "nik_letters"


@given(st.integers(0, 10**17))
def test_no_number_is_a_national_id(number):
    assert code(national_id_of, number).startswith("nik_")


def test_registry_numbers():
    cells = ["5321119140001", 5321119140001, 5321119140001.0, "'532111 914 0001", "5321.119.140001"]

    assert [registry_number_of(cell) for cell in cells] == ["5321119140001"] * 5
    assert code(registry_number_of, NIK) == "nik_ktp"
    assert code(registry_number_of, 5321114211679000) == "nik_ktp"
    assert code(registry_number_of, 532111914000) == "coop_number_length"
    assert code(registry_number_of, "5,32E+12") == "coop_number_letters"


# --- whatever comes -----------------------------------------------------------------------------
ANYTHING = st.one_of(
    st.text(max_size=30),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False, width=64, min_value=-1e18, max_value=1e18),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.just(str(timedelta(hours=30))),
)


@given(ANYTHING, st.sampled_from(READERS))
def test_no_cell_breaks_a_reader(cell, reader):
    try:
        reader(cell)
    except ValidationError as error:
        assert error.code
