"""A file's lines in words: what changes, and why a row holds no record."""

from datetime import date

from django.db import models
from django.utils.translation import gettext_lazy as _

from malaka_portal.fields import PhoneField, RupiahField
from malaka_portal.identity_numbers import mask_national_id
from malaka_portal.imports.acts import NO_LIST
from malaka_portal.models import Region
from malaka_portal.parsing import format_date_short, format_phone, format_rupiah
from malaka_portal.workbooks.tables import Reason

SKIPPED = {
    Reason.TITLE: _("a title"),
    Reason.HEADER: _("the headings"),
    Reason.COLUMN_NUMBERS: _("the numbers of the columns"),
    Reason.REPEATED_HEADER: _("the headings once more"),
    Reason.TOTAL: _("a total"),
    Reason.SIGNATURE: _("the signatures"),
    Reason.BLANK: _("a blank row"),
    NO_LIST: _("a sheet without a list of this kind"),
}
HIDDEN = ("nik_cipher", "nik_hash", "nik_state", "nik_missing")


def tell(kind, lines):
    """Put into words what each ImportLine of `lines` says: `changes` [{label, old, new}] of a line
    that changes rows, `message` of one that was passed over. One query at most."""
    lines = list(lines)
    places = names_of_places(kind, lines)
    for line in lines:
        line.changes = [change for part in kind.parts for change in changes(line, part, places)]
        line.message = line.message or SKIPPED.get(line.reason, "")
    return lines


def changes(line, part, places):
    old = line.old.get(part.name, {})
    for column, value in line.writes.get(part.name, {}).items():
        if column in HIDDEN or part.field(column).is_relation and column not in old:
            continue
        field = part.field(column)
        yield {
            "label": field.verbose_name,
            "old": shown(field, old.get(column), places),
            "new": shown(field, value, places),
        }


def names_of_places(kind, lines):
    """{code: name} of the villages in these lines."""
    codes = {
        value
        for line in lines
        for papers in (line.writes, line.old)
        for part in kind.parts
        for column, value in papers.get(part.name, {}).items()
        if value and part.field(column).related_model is Region
    }
    return dict(Region.objects.filter(pk__in=codes).values_list("pk", "name")) if codes else {}


def shown(field, value, places):
    """A value of JSON as a page writes it."""
    if value in (None, "", []):
        return ""
    if field.name == "nik_last4":
        return mask_national_id(value)
    if field.related_model is Region:
        return places.get(value, value)
    if isinstance(value, list):
        return ", ".join(map(format_phone, value))
    if isinstance(field, PhoneField):
        return format_phone(value)
    if isinstance(field, RupiahField):
        return format_rupiah(value)
    if isinstance(field, models.DateField):
        return format_date_short(date.fromisoformat(value))
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return str(value)
