"""A cell into a value: dates, money, telephones, identity numbers, as offices write them.

Each function takes a cell (see `book.Sheet`) and returns a value, or None where the cell says that
there is none: empty, "-", "belum ada". What cannot be read for certain is refused with a
`ValidationError` that says how to mend it; the rules of texts are those of `parsing`.
"""

import re
from datetime import date, time, timedelta
from functools import lru_cache
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from malaka_portal.identity_numbers import parse_cooperative_number, parse_national_id
from malaka_portal.parsing import (
    RUPIAH_LIMIT,
    format_date_numeric,
    parse_count,
    parse_date,
    parse_phone,
    parse_rupiah,
)
from malaka_portal.spreadsheets import defuse

# Days and amounts come back line after line in a sheet of thousands.
_day = lru_cache(8192)(parse_date)
_rupiah = lru_cache(8192)(parse_rupiah)

# --- nothing ------------------------------------------------------------------------------------
_DASHES = re.compile(r"[\s\-–—_.…:/']*")
_NOTHING = {"tidak ada", "tdk ada", "tidak punya", "belum ada", "blm ada", "belum", "n/a", "#n/a"}
_NOTHING |= {"nihil", "kosong", "belum punya", "tidak diketahui", "null"}


def is_nothing(cell):
    """Whether a cell says that there is nothing to say."""
    if not isinstance(cell, str):
        return cell is None
    return _DASHES.fullmatch(cell) is not None or _squeezed(cell).lower() in _NOTHING


def _squeezed(text):
    return " ".join(text.split())


def _written(cell):
    """The text of a cell, without the apostrophe by which Excel is told to keep it as it is."""
    return _squeezed(str(cell)).lstrip("'`’‘").strip()


def _is_number(cell):
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def _digits(number):
    """The digits of a whole number; what has a sign or a fraction is left to be refused."""
    is_plain = number >= 0 and number == int(number)
    return f"{number:.0f}" if is_plain else f"{number}?"


# --- text ---------------------------------------------------------------------------------------
def text_of(cell):
    """One line of text. Only dashes are nothing here: "belum ada" may be what was meant."""
    if cell is None or (isinstance(cell, str) and _DASHES.fullmatch(cell)):
        return None
    if isinstance(cell, bool):
        return "Ya" if cell else "Tidak"
    if isinstance(cell, float):
        return f"{cell:.15g}".replace(".", ",")
    if isinstance(cell, date):  # a datetime too
        return format_date_numeric(cell)
    if isinstance(cell, time):
        return f"{cell:%H.%M}"
    text = _squeezed(str(cell))
    # the apostrophe that keeps a spreadsheet from taking a text for a formula is not of the text
    bare = text.removeprefix("'")
    return bare if text != bare and defuse(bare) == text else text


def code_of(cell):
    """A number or code as it is written, such as "0012" or "518/2/BH/2019": never reckoned with."""
    return text_of(_written(cell) if isinstance(cell, str) else cell)


# --- dates --------------------------------------------------------------------------------------
_FIRST_DAY = date(1899, 12, 30)  # day 0 of a spreadsheet's calendar
_SERIALS = range(
    7_306, 73_416
)  # 1920 to 2100; what is smaller may be a year, what is greater a typo
_MIDNIGHT = re.compile(r"[ T]00?[:.]00(?:[:.]00(?:\.0+)?)?$")
_SHORT_YEAR = re.compile(r"[0-9]{2}$")


def _bad_date(error):
    return ValidationError(error.message, "bad_date", error.params)


def _date_unreadable():
    try:
        return parse_date("")
    except ValidationError as error:
        return _bad_date(error)


def date_of(cell, *, earliest=None, latest=None, short_years=False):
    """A date within the bounds (both included): a date cell, a day's number, or a text.

    A year of two digits is refused, unless `short_years`: then it is the newest year that is not
    after that of `latest`, which must be given. Error: `bad_date`.
    """
    if is_nothing(cell):
        return None
    try:
        return _day(_date_text(cell, latest, short_years), earliest=earliest, latest=latest)
    except ValidationError as error:
        raise _bad_date(error) from None


def _date_text(cell, latest, short_years):
    """The text of a date in a form that `parse_date` reads, whatever kind of cell it came from."""
    if isinstance(cell, date):
        return f"{cell:%Y-%m-%d}" if cell.year > 999 else str(cell)
    text = _written(cell)
    if _is_number(cell) or re.fullmatch("[0-9]{5}", text):
        serial = int(float(text))
        return (_FIRST_DAY + timedelta(serial)).isoformat() if serial in _SERIALS else text
    text = _MIDNIGHT.sub("", text)
    return _with_long_year(text, latest) if short_years else text


def _with_long_year(text, latest):
    try:
        _day(text)
    except ValidationError as error:
        if error.code == "year_two_digits":
            return _SHORT_YEAR.sub(lambda year: str(_long_year(int(year[0]), latest.year)), text)
    return text


def _long_year(year, newest):
    """The newest year not after `newest` that ends with the two digits."""
    return newest - (newest - year) % 100


class Birth(NamedTuple):
    """Where and when somebody was born. `place` may be blank; `year` is for who knows no more."""

    place: str
    on: date | None
    year: int | None = None


_DATE_AT_END = re.compile(
    r"(?P<place>[^0-9]*?)[\s,;/(]*(?:tgl|tanggal)?[\s.:]*(?P<date>"
    r"[0-9]{1,2}\s?[./-]\s?[0-9]{1,2}\s?[./-]\s?[0-9]{2,4}"  # 12-03-1980
    r"|[0-9]{1,2}[\s-]?[a-z]+\.?[\s-]?[0-9]{2,4}"  # 12 Maret 1980
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2})\)?",
    re.IGNORECASE,
)
_YEAR_AT_END = re.compile(
    r"(?P<place>[^0-9]*?)[\s,;/(]*(?:th|thn|tahun)?[\s.:]*(?P<year>(?:19|20)[0-9]{2})\)?", re.I
)


def place_and_date(cell, *, earliest=None, latest=None):
    """The Birth in one cell: "Betun, 12-03-1980", "Betun 12 Maret 1980", "Betun, 1980", "Betun".

    A year always has four digits. Error: `bad_date`.
    """
    if is_nothing(cell):
        return None
    if not isinstance(cell, str):
        return Birth("", date_of(cell, earliest=earliest, latest=latest))
    text = _written(cell)
    if found := _DATE_AT_END.fullmatch(text):
        on = date_of(found["date"], earliest=earliest, latest=latest)
        return Birth(_place(found["place"]), on)
    if found := _YEAR_AT_END.fullmatch(text):
        year = int(found["year"])
        if latest and year > latest.year:
            date_of(f"31-12-{year}", latest=latest)
        return Birth(_place(found["place"]), None, year)
    if re.search("[0-9]", text):
        raise _date_unreadable()
    return Birth(_place(text), None)


def _place(text):
    return "" if is_nothing(text) else text.strip(" ,;/")


# --- numbers ------------------------------------------------------------------------------------
def rupiah_of(cell):
    """Whole rupiah: a number, or a text such as "Rp 1.500.000,00", "0,1 jt", "(12.000.000)".

    Errors as for `parse_rupiah`.
    """
    if is_nothing(cell):
        return None
    if not _is_number(cell):
        return _rupiah(_written(cell))
    cell = float(f"{cell:.15g}") if isinstance(cell, float) else cell  # as Excel shows a sum
    if cell != round(cell):
        raise ValidationError(
            _("Sen are not recorded. Write whole rupiah, for example 1.500."), "cents"
        )
    # through the text, for the bounds
    return parse_rupiah(str(round(cell))) if abs(cell) <= RUPIAH_LIMIT else parse_rupiah("9" * 16)


def count_of(cell):
    """How many: a number, or a text such as "1.500" or "60 orang". Error: `quantity`."""
    if is_nothing(cell):
        return None
    if _is_number(cell):
        return parse_count(str(int(cell)) if cell == int(cell) else str(cell))
    return parse_count(re.sub(r"\s*(?:orang|org|unit|buah)\.?$", "", _written(cell), flags=re.I))


# --- telephone ----------------------------------------------------------------------------------
def phone_of(cell):
    """E.164; a number kept as a number has lost its zero or its plus. Error: `phone_invalid`."""
    if is_nothing(cell):
        return None
    if not _is_number(cell):
        return parse_phone(_written(cell))
    digits = _digits(cell)
    return parse_phone(digits if digits.startswith("62") else f"0{digits}")


# --- people -------------------------------------------------------------------------------------
_SEXES = dict.fromkeys(("l", "lk", "laki", "laki laki", "lelaki", "pria", "male", "m"), "L")
_SEXES |= dict.fromkeys(("p", "pr", "perempuan", "wanita", "female", "f", "w"), "P")


def sex_of(cell):
    """ "L" or "P". Error: `sex_invalid`."""
    if is_nothing(cell):
        return None
    word = re.sub(r"[^a-z]+", " ", str(cell).lower()).strip()
    if word not in _SEXES:
        raise ValidationError(_("Write L for a man or P for a woman."), "sex_invalid")
    return _SEXES[word]


_ROUNDED = re.compile(r"[0-9][.,]?[0-9]*e\+?1[0-9]", re.IGNORECASE)


def national_id_of(cell, *, today=None):
    """The 16 digits of a person's NIK, from a text with blanks, dots or an apostrophe in front.

    A cell that Excel keeps as a number has lost the last digit. Errors: `nik_number_lost_digit`,
    `nik_short`, `nik_long`, and those of `parse_national_id` for what its digits cannot be.
    """
    if is_nothing(cell):
        return None
    text = _digits(cell) if _is_number(cell) else _written(cell)
    if _ROUNDED.fullmatch(text) or (_is_number(cell) and len(text) == 16):
        raise ValidationError(
            _(
                "Excel kept this NIK as a number, and its last digit is lost. Format the column as"
                " text and type the NIK again from the KTP."
            ),
            "nik_number_lost_digit",
        )
    try:
        return parse_national_id(text, today=today)
    except ValidationError as error:
        if error.code != "nik_length":
            raise
        code = "nik_short" if error.params["count"] < 16 else "nik_long"
        raise ValidationError(error.message, code, error.params) from None


def registry_number_of(cell):
    """The 13 digits of a NIK Koperasi: Excel keeps as many in a number without loss.

    Errors as for `parse_cooperative_number`.
    """
    if is_nothing(cell):
        return None
    return parse_cooperative_number(_digits(cell) if _is_number(cell) else _written(cell))
