"""Form and model fields for rupiah, dates, telephone numbers and the two kinds of NIK.

The form fields take what people type (see `parsing`) and show it again as they would write it.
The model fields store plain values and differ from Django's own in their form field only.
"""

import re
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from malaka_portal import identity_numbers, parsing

validate_e164 = RegexValidator(
    r"\A\+[0-9]{8,15}\Z",
    _("Store a telephone number with its country code, for example +6281234567890."),
    code="phone_not_e164",
)


class ParsedFormField(forms.CharField):
    """One line of text that `parse` turns into a value; a blank gives `empty_value`."""

    attrs = {}
    example = ""

    def __init__(self, **kwargs):
        kwargs["help_text"] = kwargs.get("help_text") or self.example
        super().__init__(**kwargs)

    def parse(self, text):
        """The value of a text that is not blank, or ValidationError."""
        raise NotImplementedError

    def to_python(self, value):
        text = super().to_python(value)
        return text if text in self.empty_values else self.parse(text)

    def widget_attrs(self, widget):
        ours = {name: value for name, value in self.attrs.items() if name not in widget.attrs}
        return super().widget_attrs(widget) | ours


class RupiahFormField(ParsedFormField):
    """Whole rupiah as an int, None when blank; shows `1.500.000`.

    `min_value` and `max_value` are in rupiah too.
    """

    attrs = {"inputmode": "numeric"}
    example = _("For example 1.500.000 or 1,5 jt.")

    def __init__(self, *, min_value=None, max_value=None, **kwargs):
        super().__init__(empty_value=None, **kwargs)
        if min_value is not None:
            self.validators.append(MinValueValidator(min_value))
        if max_value is not None:
            self.validators.append(MaxValueValidator(max_value))

    def parse(self, text):
        return parsing.parse_rupiah(text)

    def prepare_value(self, value):
        return parsing.format_number(value) if isinstance(value, int) else value


class RupiahField(models.BigIntegerField):
    """Whole rupiah: no sen, no fractions."""

    def formfield(self, **kwargs):
        # parse_rupiah has narrower bounds than the column, so the column's are of no use here
        defaults = {"form_class": RupiahFormField, "min_value": None, "max_value": None}
        return super().formfield(**defaults | kwargs)


class CountFormField(ParsedFormField):
    """How many: a whole number as an int, None when blank; shows `1.500`.

    Django's own field takes the dot of the thousands for a decimal point and reads 1.000 as 1.
    """

    attrs = {"inputmode": "numeric"}
    most = 2**29 - 1  # the database adds up to four of them, in a column's own arithmetic

    def __init__(self, *, min_value=0, max_value=None, **kwargs):
        super().__init__(empty_value=None, **kwargs)
        self.validators.append(MinValueValidator(min_value or 0))
        self.validators.append(MaxValueValidator(max_value or self.most))

    def parse(self, text):
        return parsing.parse_count(text)

    def prepare_value(self, value):
        return parsing.format_number(value) if isinstance(value, int) else value


class CountField(models.PositiveIntegerField):
    """How many of something. It differs from Django's own in its form field only, so migrations
    know it as that."""

    def formfield(self, **kwargs):
        return super().formfield(**{"form_class": CountFormField} | kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.PositiveIntegerField", args, kwargs


class SmallCountField(CountField, models.PositiveSmallIntegerField):
    """How many of something of which there are never more than 32,767."""

    def formfield(self, **kwargs):
        return super().formfield(**{"max_value": 32_767} | kwargs)

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.PositiveSmallIntegerField", args, kwargs


class PortalDateFormField(ParsedFormField):
    """A date typed day first, None when blank; shows `04-11-2026`.

    `earliest` and `latest` are dates, or callables that give one for the moment of checking.
    """

    attrs = {"inputmode": "numeric"}
    example = _("Day, month, year: for example 4-11-2026.")

    def __init__(self, *, earliest=None, latest=None, **kwargs):
        super().__init__(empty_value=None, **kwargs)
        self.earliest = earliest
        self.latest = latest

    def parse(self, text):
        limits = {
            name: limit() if callable(limit) else limit
            for name, limit in (("earliest", self.earliest), ("latest", self.latest))
        }
        return parsing.parse_date(text, **limits)

    def prepare_value(self, value):
        return parsing.format_date_numeric(value) if isinstance(value, date) else value


def in_our_time(column):
    """A Q: the date of the nullable `column` can be reckoned with. A year beyond Python's
    (PostgreSQL knows 5,874,897 of them, and "infinity") breaks every page that reads the row."""
    found = models.Q(**{f"{column}__range": (date(1900, 1, 1), date(2100, 12, 31))})
    return models.Q(**{f"{column}__isnull": True}) | found


OUT_OF_TIME = _("Look at the years of the dates: they lie between 1900 and 2100.")


class PortalDateField(models.DateField):
    """A date whose form field reads Indonesian dates.

    `earliest` and `latest` (dates or callables) bind the form only: they are no part of the
    column, so migrations do not mention them.
    """

    def __init__(self, *args, earliest=None, latest=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.earliest = earliest
        self.latest = latest

    def formfield(self, **kwargs):
        defaults = {
            "form_class": PortalDateFormField,
            "earliest": self.earliest,
            "latest": self.latest,
        }
        return super().formfield(**defaults | kwargs)


class PhoneFormField(ParsedFormField):
    """A telephone number as E.164 (`+6281234567890`); shows `0812-3456-7890`."""

    # the number is mostly somebody else's: the browser must not offer the officer's own
    attrs = {"inputmode": "tel", "autocomplete": "off"}
    example = _("For example 0812-3456-7890.")

    def parse(self, text):
        return parsing.parse_phone(text)

    def prepare_value(self, value):
        return parsing.format_phone(value) if isinstance(value, str) else value


class PhoneField(models.CharField):
    """A telephone number stored as E.164."""

    default_validators = [validate_e164]

    def __init__(self, *args, max_length=16, **kwargs):
        super().__init__(*args, max_length=max_length, **kwargs)

    def formfield(self, **kwargs):
        # what is typed, with its hyphens and spaces, may be longer than what is stored
        return super().formfield(**{"form_class": PhoneFormField, "max_length": None} | kwargs)


class PhonesFormField(ParsedFormField):
    """Several telephone numbers in one line, as a list of E.164; a household shares its phones."""

    attrs = {"inputmode": "tel", "autocomplete": "off"}
    example = _("For example 0812-3456-7890. Put a comma between several numbers.")

    def __init__(self, **kwargs):
        super().__init__(empty_value=None, **kwargs)

    def to_python(self, value):
        return super().to_python(value) or []

    def parse(self, text):
        numbers = [parsing.parse_phone(part) for part in re.split(r"[,;\n]", text) if part.strip()]
        return list(dict.fromkeys(numbers))

    def prepare_value(self, value):
        return ", ".join(map(parsing.format_phone, value)) if isinstance(value, list) else value

    def has_changed(self, initial, data):
        try:
            return (initial or []) != self.to_python(data)
        except ValidationError:
            return True


class NationalIdFormField(ParsedFormField):
    """A person's NIK as 16 digits; the page treats the input as private."""

    attrs = {"inputmode": "numeric", "autocomplete": "off", "data-private": True}
    example = _("The 16 digits on the KTP.")

    def parse(self, text):
        return identity_numbers.parse_national_id(text)


class CooperativeNumberFormField(ParsedFormField):
    """A cooperative's registry number (Nomor Induk Koperasi) as 13 digits."""

    attrs = {"inputmode": "numeric", "autocomplete": "off"}
    example = _("13 digits, for example 3275070060001.")

    def parse(self, text):
        return identity_numbers.parse_cooperative_number(text)


class CooperativeNumberField(models.CharField):
    """A cooperative's registry number, 13 digits, None when it has none."""

    def __init__(self, *args, max_length=13, **kwargs):
        super().__init__(*args, max_length=max_length, **kwargs)

    def formfield(self, **kwargs):
        defaults = {"form_class": CooperativeNumberFormField, "max_length": None}
        return super().formfield(**defaults | kwargs)
