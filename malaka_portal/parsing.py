"""What people type, read into values; and values written as offices in Indonesia write them.

Pure functions on text: no models, no database. What cannot be read for certain is refused with a
`ValidationError` (a short `code`, a message that says how to mend it) and never guessed. Only the
ASCII digits count as digits. No message repeats the text, which may be somebody's NIK.
"""

import re
from datetime import date
from urllib.parse import quote, urlencode

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


def _squeeze(text):
    """Lower case, with every run of white space (no-break space too) as one space."""
    return " ".join(text.lower().split())


# --- rupiah -------------------------------------------------------------------------------------
RUPIAH_LIMIT = 10**15
_LONGEST_AMOUNT = 40  # characters; also keeps int() away from endless digits
_UNITS = {"rb": 10**3, "jt": 10**6, "m": 10**9, "t": 10**12}  # "m" is miliar, never million
_UNITS |= {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "milyar": 10**9, "triliun": 10**12}
_AMOUNT = re.compile(
    r"(?P<outer>[-(]?) ?(?:rp\.? ?)?(?P<inner>[-(]?) ?"
    r"(?P<whole>[0-9]+|[1-9][0-9]{0,2}(?:(?:\.[0-9]{3})+|(?: [0-9]{3})+))"
    r"(?:,(?P<part>[0-9]{1,12}|-))?"
    r" ?(?P<unit>[a-z]*) ?(?P<close>\)?)"
)


def _rupiah_invalid():
    return ValidationError(
        _("This amount cannot be read. Write whole rupiah, for example 1.500.000 or 1,5 jt."),
        "rupiah_invalid",
    )


def _cents():
    return ValidationError(
        _("Sen are not recorded. Write whole rupiah, for example 1.500."), "cents"
    )


def _whole_rupiah(whole, part):
    """`part`, what follows the comma of an amount without a unit, may only say "no sen"."""
    if part in ("", "-", "0", "00"):
        return int(whole)
    # three digits after a comma are thousands to some and decimals to others: nobody's guess
    raise _cents() if re.fullmatch("[0-9]{2}", part) else _rupiah_invalid()


def _scaled_rupiah(whole, part, unit):
    if unit not in _UNITS or part == "-":
        raise _rupiah_invalid()
    amount, rest = divmod(int(whole + part) * _UNITS[unit], 10 ** len(part))
    if rest:
        raise _cents()
    return amount


def parse_rupiah(text):
    """Whole rupiah, from `1.500.000`, `Rp 1.500.000,00`, `1,5 jt`, `50rb`, `(12.000)` or `-5000`.

    The dot only ever parts thousands (`15.000` is fifteen thousand), the comma decimals. Units:
    rb/ribu, jt/juta, M/miliar (10^9), T/triliun. Errors: `rupiah_invalid` for what is ambiguous
    (`15,000`, `1.50`) or no amount, `cents` for a fraction of a rupiah, `rupiah_bounds` beyond
    10^15 either way.
    """
    body = _squeeze(text).replace("\N{MINUS SIGN}", "-")
    found = _AMOUNT.fullmatch(body) if len(body) <= _LONGEST_AMOUNT else None
    if not found:
        raise _rupiah_invalid()
    sign = found["outer"] + found["inner"]
    if sign not in ("", "-", "(") or (sign == "(") != bool(found["close"]):
        raise _rupiah_invalid()
    whole, part = re.sub("[. ]", "", found["whole"]), found["part"] or ""
    unit = found["unit"]
    amount = _scaled_rupiah(whole, part, unit) if unit else _whole_rupiah(whole, part)
    if amount > RUPIAH_LIMIT:
        raise ValidationError(
            _("The amount is too large. The most is Rp1.000.000.000.000.000."), "rupiah_bounds"
        )
    return -amount if sign else amount


def format_number(number):
    """`1500000` -> `1.500.000`, with a minus sign in front when negative."""
    return f"{number:,}".replace(",", ".")


def format_rupiah(amount):
    """Whole rupiah as `Rp1.500.000` (no space, as the spelling rules want) or `-Rp1.500.000`."""
    return ("-Rp" if amount < 0 else "Rp") + format_number(abs(amount))


def parse_count(text):
    """How many, from `60` or `1.500`: the dot parts thousands. Error: `quantity`."""
    if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+|[0-9]{1,10}", text):
        raise ValidationError(_("Write a whole number, for example 60 or 1.500."), "quantity")
    return int(text.replace(".", ""))


_NUMERALS = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan")
_NUMERALS += ("sembilan", "sepuluh", "sebelas")
_SCALES = ((10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (10**3, "ribu"))
_SCALES += ((100, "ratus"), (10, "puluh"))


def _spell_scale(number, size, name):
    count, rest = divmod(number, size)
    # one hundred and one thousand are "seratus" and "seribu"; a million is "satu juta"
    one = count == 1 and size <= 1000
    words = "se" + name if one else f"{spell_out(count)} {name}"
    return f"{words} {spell_out(rest)}" if rest else words


def spell_out(number):
    """Terbilang, as receipts carry it: 15000 -> "lima belas ribu", -1 -> "minus satu"."""
    if number < 0:
        return "minus " + spell_out(-number)
    if number < len(_NUMERALS):
        return _NUMERALS[number]
    if number < 20:
        return _NUMERALS[number - 10] + " belas"
    return next(_spell_scale(number, size, name) for size, name in _SCALES if number >= size)


# --- dates --------------------------------------------------------------------------------------
MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni")
MONTHS += ("Juli", "Agustus", "September", "Oktober", "November", "Desember")
_SHORT_MONTHS = tuple("Agt" if name == "Agustus" else name[:3] for name in MONTHS)
_OTHER_MONTHS = {"pebruari": 2, "peb": 2, "agu": 8, "ags": 8, "agst": 8}
_OTHER_MONTHS |= {"sept": 9, "nopember": 11, "nop": 11}
_MONTH_NUMBERS = _OTHER_MONTHS | {
    name.lower(): number
    for names in (MONTHS, _SHORT_MONTHS)
    for number, name in enumerate(names, start=1)
}
_DAY, _YEAR = "(?P<day>[0-9]{1,2})", "(?P<year>[0-9]{4}|[0-9]{2})"
_DATE_FORMS = (
    re.compile("(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})"),
    re.compile(rf"{_DAY} ?(?P<sep>[-/.]) ?(?P<month>[0-9]{{1,2}}) ?(?P=sep) ?{_YEAR}"),
    re.compile(rf"{_DAY}[ -]?(?P<month>[a-z]+)\.?[ -]?{_YEAR}"),
)


def _date_invalid():
    return ValidationError(
        _("This date cannot be read. Write day, month, year: 4-11-2026 or 4 November 2026."),
        "date_invalid",
    )


def _date_parts(text):
    """Year (as typed), month and day, without knowing yet whether the calendar has that day."""
    body = _squeeze(text)
    found = next(filter(None, (form.fullmatch(body) for form in _DATE_FORMS)), None)
    if not found:
        raise _date_invalid()
    month = found["month"]
    number = int(month) if month.isdigit() else _MONTH_NUMBERS.get(month)
    if number is None:
        raise _date_invalid()
    return found["year"], number, int(found["day"])


def format_date_numeric(day):
    """`04-11-2026`, the same in every language."""
    return f"{day.day:02}-{day.month:02}-{day.year:04}"


def _check_bounds(day, earliest, latest):
    if earliest and day < earliest:
        raise ValidationError(
            _("The date must not be before %(limit)s."),
            "date_too_early",
            {"limit": format_date_numeric(earliest)},
        )
    if latest and day > latest:
        raise ValidationError(
            _("The date must not be after %(limit)s."),
            "date_too_late",
            {"limit": format_date_numeric(latest)},
        )


def parse_date(text, *, earliest=None, latest=None):
    """A date: `4-8-2026`, `4/8/2026`, `4.8.2026`, `4 Agustus 2026`, `4 Agt 2026`, `2026-08-04`.

    The month never comes first, and the year has four digits: `1/2/30` could be 1930 or 2030.
    Errors: `date_invalid`, `date_impossible`, `year_two_digits`, and `date_too_early` or
    `date_too_late` outside `earliest` to `latest` (both included).
    """
    year, month, day = _date_parts(text)
    if len(year) == 2:
        raise ValidationError(
            _("Write the year with four digits, for example 1990 or 2026."), "year_two_digits"
        )
    try:
        value = date(int(year), month, day)
    except ValueError:
        raise ValidationError(
            _("The calendar has no such date. Write the day first, then the month, then the year."),
            "date_impossible",
        ) from None
    _check_bounds(value, earliest, latest)
    return value


def format_date(day):
    """`4 November 2026`: Indonesian whatever the language of the page, as on documents."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year:04}"


def format_date_short(day):
    """`4 Nov 2026`, for tables."""
    return f"{day.day} {_SHORT_MONTHS[day.month - 1]} {day.year:04}"


# --- telephone ----------------------------------------------------------------------------------
_INDONESIAN = re.compile(r"(?:\+?62|0)(?P<number>8[0-9]{8,11}|[2-79][0-9]{7,10})")
_BARE_MOBILE = re.compile(r"(?P<number>8[0-9]{8,11})")
_TIMORESE = re.compile(r"\+670(?P<number>7[0-9]{7}|[2-4][0-9]{6})")
_TWO_DIGIT_AREAS = ("21", "22", "24", "31", "61")  # the big cities; every other area code has three


def parse_phone(text):
    """E.164 (`+6281234567890`), from `0812-3456-7890`, `62812...`, `+62 812...` or `812...`.

    Indonesian mobile and fixed lines, and Timor-Leste with its `+670`, for the border has contacts
    and signals from both. Error: `phone_invalid`.
    """
    body = re.sub(r"[\s().-]", "", text)
    if found := _INDONESIAN.fullmatch(body) or _BARE_MOBILE.fullmatch(body):
        return "+62" + found["number"]
    if found := _TIMORESE.fullmatch(body):
        return "+670" + found["number"]
    raise ValidationError(
        _("This is not one telephone number. Write for example 0812-3456-7890 or +670 7712 3456."),
        "phone_invalid",
    )


def format_phone(e164):
    """`+6281234567890` -> `0812-3456-7890`, `+67077123456` -> `+670 7712 3456`; others as given."""
    if found := _TIMORESE.fullmatch(e164):
        return f"+670 {found['number'][:-4]} {found['number'][-4:]}"
    found = _INDONESIAN.fullmatch(e164)
    if not found or not e164.startswith("+"):
        return e164
    number = found["number"]
    if number.startswith("8"):
        return f"0{number[:3]}-{number[3:7]}-{number[7:]}"
    area = 2 if number.startswith(_TWO_DIGIT_AREAS) else 3
    return f"0{number[:area]}-{number[area:]}"


def whatsapp_number(e164):
    """The digits that follow `https://wa.me/`: E.164 without its plus."""
    return e164.removeprefix("+")


def whatsapp_url(e164, text=""):
    """A link that opens WhatsApp with `text` written to this number; "" for a fixed line."""
    if not e164.startswith(("+628", "+6707")):
        return ""
    return f"https://wa.me/{whatsapp_number(e164)}?{urlencode({'text': text}, quote_via=quote)}"
