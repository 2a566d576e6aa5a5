"""Numbers of a business's papers: NIB, P-IRT, halal certificate.

Pure functions on text, like `parsing`: no models, no database, and no message repeats the number.
What people copy from a paper or a chat comes with spaces, dots, hyphens and the paper's name.
"""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from malaka_portal.identity_numbers import parse_national_id

# What stands before the number on the paper itself.
_NAMES = re.compile(
    r"^(?:(?:spp|p|nib|pirt|irt|halal|nomor|no)(?=[^a-z]|$)[\s.:-]*)+", re.IGNORECASE
)


def _bare(text):
    """Capital letters and digits only, without the name of the paper in front."""
    return re.sub(r"[\s.:/-]", "", _NAMES.sub("", text.strip())).upper()


def _digits(text, message, code):
    bare = _bare(text)
    if re.search("[^0-9]", bare):
        raise ValidationError(message, code)
    return bare


def holds_national_id(text):
    """Are there 16 digits in a row that can be a person's NIK?"""
    for found in re.findall(r"(?<![0-9])[0-9](?:[\s.-]?[0-9]){15}(?![0-9])", text):
        try:
            parse_national_id(found)
        except ValidationError:
            continue
        return True
    return False


def parse_nib(text):
    """The 13 digits of a Nomor Induk Berusaha. Errors: `nib_letters`, `nib_length`."""
    digits = _digits(text, _("NIB has digits only. Remove the letters and signs."), "nib_letters")
    if len(digits) == 16:
        raise ValidationError(
            _("This has 16 digits: is that a person's NIK (KTP)? A NIB has 13."), "nib_length"
        )
    if len(digits) != 13:
        raise ValidationError(
            _("NIB must have 13 digits; you entered %(count)d."),
            "nib_length",
            {"count": len(digits)},
        )
    return digits


def parse_pirt(text):
    """The 15 digits of a home food permit, from `P-IRT No. 2065321010001-29` (domain 2.2).

    Some have up to 17. Errors: `pirt_letters`, `pirt_length`, `pirt_nik`.
    """
    message = _("A P-IRT number has digits only. Remove the letters and signs.")
    digits = _digits(text, message, "pirt_letters")
    if holds_national_id(digits):
        raise ValidationError(
            _("This looks like a person's NIK (KTP). A P-IRT number has 15 digits."), "pirt_nik"
        )
    if not 15 <= len(digits) <= 17:
        raise ValidationError(
            _("A P-IRT number has 15 digits; you entered %(count)d."),
            "pirt_length",
            {"count": len(digits)},
        )
    return digits


def parse_halal(text):
    """`ID` and 17 digits, from `ID 53 1100 0012 3456 789` or the digits alone.

    Error: `halal_shape`.
    """
    bare = _bare(text).removeprefix("ID")
    if not re.fullmatch("[0-9]{17}", bare):
        raise ValidationError(
            _("A halal number is ID and 17 digits, for example ID53110000123450121."), "halal_shape"
        )
    return f"ID{bare}"
