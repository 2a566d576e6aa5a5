"""The two numbers called NIK: a person's (KTP, 16 digits) and a cooperative's (13 digits).

Pure functions on text, like `parsing`: no models, no database, and no message repeats the number.
How a person's NIK is kept stands in `national_id`.
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# --- NIK of a person (KTP) ----------------------------------------------------------------------
_PROVINCES = frozenset(
    f"{code}"
    for first, last in ((11, 21), (31, 36), (51, 53), (61, 65), (71, 76), (81, 82), (91, 97))
    for code in range(first, last + 1)
)


@dataclass(frozen=True)
class NationalId:
    """What the digits of a NIK say; the region is the one of first issue, not of residence."""

    region_code: str  # "53.21.10"
    sex: str  # "P" or "L"
    born: date


class Mismatch(NamedTuple):
    """A warning to show beside a NIK; never a reason to refuse it."""

    code: str
    message: str


def bare_digits(text):
    """`text` without spaces, dots and hyphens when digits are all that is left, else blank."""
    digits = re.sub(r"[\s.-]", "", text)
    return "" if re.search("[^0-9]", digits) else digits


def refuse_national_id(text):
    """Validator of notes and reasons: they are read by many, so no NIK may stand in them."""
    if len(re.sub("[^0-9]", "", text)) > 13:
        raise ValidationError(_("Do not write a NIK here. Name the person instead."), "nik_in_text")


def _only_digits(text, message, code):
    if not (digits := bare_digits(text)) and text.strip(" .-"):
        raise ValidationError(message, code)
    return digits


def _birth_and_sex(digits, today):
    """The date of birth and sex of digits 7 to 12, ValueError when the calendar has no such day."""
    day, month, year = (int(digits[at : at + 2]) for at in (6, 8, 10))
    century = 2000 if year <= today.year % 100 else 1900
    sex = "P" if day > 40 else "L"
    return date(century + year, month, day - 40 if sex == "P" else day), sex


def _check_region(digits):
    if digits[:2] not in _PROVINCES or "00" in (digits[2:4], digits[4:6]):
        raise ValidationError(
            _("The first 6 digits of this NIK are not a region. Compare them with the KTP."),
            "nik_region",
        )


def parse_national_id(text, *, today=None):
    """The 16 digits of a person's NIK, spaces, dots and hyphens removed.

    Only the structure is checked (PPKKCC DDMMYY SSSS, 40 added to a woman's day): there is no
    check digit. Any known province will do, since people keep the number of where they were first
    registered, such as Belu's from before Malaka was split off. Errors: `nik_letters`,
    `nik_length`, `nik_region`, `nik_date`, `nik_serial`.
    """
    message = _("NIK has digits only. Remove the letters and signs.")
    digits = _only_digits(text, message, "nik_letters")
    if len(digits) != 16:
        short = _("NIK must have 16 digits; you entered only %(count)d.")
        long = _("NIK must have 16 digits; you entered %(count)d.")
        message = short if len(digits) < 16 else long
        raise ValidationError(message, "nik_length", {"count": len(digits)})
    _check_region(digits)
    try:
        _birth_and_sex(digits, today or date.today())
    except ValueError:
        raise ValidationError(
            _("Digits 7 to 12 of this NIK are not a date of birth. Compare them with the KTP."),
            "nik_date",
        ) from None
    if digits[12:] == "0000":
        raise ValidationError(
            _("The last 4 digits of a NIK are never 0000. Compare them with the KTP."), "nik_serial"
        )
    return digits


def read_national_id(nik, *, today):
    """What a NIK says; `today` decides the century (a two-digit year not after today's is 20yy).

    Errors as for `parse_national_id`.
    """
    digits = parse_national_id(nik, today=today)
    born, sex = _birth_and_sex(digits, today)
    return NationalId(".".join((digits[:2], digits[2:4], digits[4:6])), sex, born)


def _birth_differs(born, born_on, birth_year):
    # the NIK has two digits of the year, so a person older than a hundred is no mismatch
    if born_on:
        read, known = ((day.day, day.month, day.year % 100) for day in (born, born_on))
        return read != known
    return bool(birth_year) and born.year % 100 != birth_year % 100


def mismatches(nik, *, born_on, birth_year, sex, today):
    """Warnings where a valid NIK and the record disagree: a list of `Mismatch`, mostly empty.

    What is unknown (None or blank) is not compared; `birth_year` counts only without `born_on`.
    Codes: `nik_birthdate_mismatch`, `nik_sex_mismatch`.
    """
    read = read_national_id(nik, today=today)
    found = []
    if _birth_differs(read.born, born_on, birth_year):
        message = _("The NIK and the date of birth do not match. Compare both with the KTP.")
        found.append(Mismatch("nik_birthdate_mismatch", message))
    if sex in ("P", "L") and sex != read.sex:
        message = _("The NIK and the sex do not match. Compare both with the KTP.")
        found.append(Mismatch("nik_sex_mismatch", message))
    return found


def mask_national_id(last4):
    """`0004` -> `••••••••••••0004`, all that lists ever show; blank stays blank."""
    return "•" * 12 + last4 if last4 else ""


# --- NIK of a cooperative -----------------------------------------------------------------------
def parse_cooperative_number(text):
    """The 13 digits of a Nomor Induk Koperasi, spaces, dots and hyphens removed.

    Both numbers are called NIK, hence the separate error `nik_ktp` for 16 digits. Other errors:
    `coop_number_letters`, `coop_number_length`.
    """
    message = _("NIK Koperasi has digits only. Remove the letters and signs.")
    digits = _only_digits(text, message, "coop_number_letters")
    if len(digits) == 16:
        raise ValidationError(
            _("This has 16 digits: is that a person's NIK (KTP)? NIK Koperasi has 13."), "nik_ktp"
        )
    if len(digits) != 13:
        raise ValidationError(
            _("NIK Koperasi must have 13 digits; you entered %(count)d."),
            "coop_number_length",
            {"count": len(digits)},
        )
    return digits
