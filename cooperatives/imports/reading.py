"""How the registry's columns are read: a cell and the desk it lies on give a value."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cooperatives.imports.choices import OCCUPATIONS, SEXES, Work
from cooperatives.models import Member, Person
from malaka_portal.workbooks import values

MASK = "•"


def text(cell, desk):
    return values.text_of(cell) or ""


def row_id(cell, desk):
    """The `_id` of a list that was taken out; None in the offices' own files."""
    found = values.text_of(cell)
    if found is None:
        return None
    if not found.isascii() or not found.isdigit() or len(found) > 18:
        raise ValidationError(_("This number is not the portal's. Empty the cell."), "id_unknown")
    return int(found)


def fits(found, field):
    """A text that the model's field has room for."""
    if len(found) > field.max_length:
        raise ValidationError(
            _("This text is too long: at most %(most)d letters."),
            "too_long",
            {"most": field.max_length},
        )
    return found


def text_for(model, name):
    """A reader of texts as long as the field `name` of `model` takes."""
    field = model._meta.get_field(name)

    def read(cell, desk):
        return fits(values.text_of(cell) or "", field)

    return read


person_name = text_for(Person, "name")


def nik(cell, desk):
    """A person's NIK; blank for none, and for one that was taken out masked."""
    if isinstance(cell, str) and MASK in cell:
        return ""
    return values.national_id_of(cell, today=desk.today)


def birth(cell, desk):
    """A Birth; places longer than the column are refused like any other text."""
    found = values.place_and_date(cell, latest=desk.today)
    if found:
        fits(found.place, Person._meta.get_field("birth_place"))
    return found


def born_on(cell, desk):
    return values.date_of(cell, latest=desk.today)


def past_day(cell, desk):
    """A day that is over; two digits of a year mean the newest year that is not to come."""
    return values.date_of(cell, latest=desk.today, short_years=True)


def sex(cell, desk):
    return SEXES.find(cell) if isinstance(cell, str) and SEXES.find(cell) else values.sex_of(cell)


def phones(cell, desk):
    """Telephone numbers, as many as a cell has: `0812-3456-7890, 0813…` or with a slash."""
    parts = re.split(r"[,;/\n]", cell) if isinstance(cell, str) else [cell]
    found = [values.phone_of(part) for part in parts if not values.is_nothing(part)]
    return list(dict.fromkeys(found))


def money_paid(cell, desk):
    amount = values.rupiah_of(cell)
    if amount is not None and amount < 0:
        raise ValidationError(_("This amount cannot be below zero."), "below_zero")
    return amount


def member_number(cell, desk):
    """A number of the register, with the zeros that it has in the book."""
    found = fits(values.code_of(cell) or "", Member._meta.get_field("number"))
    for validator in Member._meta.get_field("number").validators:
        if found:
            validator(found)
    return found


def village(cell, desk):
    """The code of the village that a cell names; None when it is blank."""
    found = None if values.is_nothing(cell) else values.text_of(cell)
    return desk.villages.find(found).code if found else None


def occupation(cell, desk):
    """(occupation, note): work that fits none of the kinds is kept in its own words."""
    found = fits(values.text_of(cell) or "", Person._meta.get_field("occupation_note"))
    if not found:
        return None
    known = OCCUPATIONS.find(found)
    return (known, "") if known else (Work.OTHER, found)


def words_for(model, name):
    """As `text_for`, but "belum ada" is nothing."""
    read_text = text_for(model, name)

    def read(cell, desk):
        return "" if values.is_nothing(cell) else read_text(cell, desk)

    return read


def registry_number(cell, desk):
    return values.registry_number_of(cell)


def money(cell, desk):
    """Rupiah; a loss is below zero."""
    return values.rupiah_of(cell)


def count(cell, desk):
    return values.count_of(cell)


def code(cell, desk):
    """A code as it is written; "" for none."""
    return "" if values.is_nothing(cell) else values.code_of(cell) or ""
