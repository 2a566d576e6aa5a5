"""The troubles of a checked file, grouped by the one act that mends them."""

from collections import Counter

from django.core.exceptions import ValidationError
from django.db.models import Count, Min
from django.utils.translation import gettext_lazy as _

from malaka_portal.models import ImportLine

NUMBERS_SHOWN = 4
VILLAGE_REASONS = ("unknown_village", "ambiguous_village")
TITLES = {  # of troubles whose sentence is different in each line
    "duplicate_member_number": _("Member numbers that are given twice"),
    "duplicate_nik": _("NIK that are given twice"),
    "duplicate_person": _("People who are there twice"),
    "duplicate_registry_number": _("NIK Koperasi that are given twice"),
    "duplicate_legal_number": _("Legal entity numbers that are given twice"),
    "duplicate_cooperative": _("Cooperatives that are there twice"),
    "duplicate_nib": _("NIB that are given twice"),
    "duplicate_enterprise": _("Enterprises that are there twice"),
    "unknown_kind": _("Kinds that are not known"),
    "unknown_status": _("Statuses that are not known"),
    "unknown_channel": _("Places of sale that are not known"),
    "nib_length": _("NIB that do not have 13 digits"),
    "pirt_length": _("P-IRT numbers that do not have 15 digits"),
    "coop_number_length": _("NIK Koperasi that do not have 13 digits"),
    "unknown_village": _("Unknown villages"),
    "ambiguous_village": _("Villages of which there are several"),
    "bad_date": _("Dates that cannot be read"),
    "nik_short": _("NIK with fewer than 16 digits"),
    "nik_long": _("NIK with more than 16 digits"),
    "nik_number_lost_digit": _("NIK that Excel kept as a number: the last digit is lost"),
    "stale": _("Rows that were changed in the portal meanwhile"),
    "too_long": _("Texts that are too long"),
}
Outcome = ImportLine.Outcome


def refused(row):
    """[{reason, column, count, message, numbers, seen}], the largest group first. Two queries."""
    lines = row.lines.filter(outcome=Outcome.REFUSED)
    groups = lines.values("reason", "column").annotate(
        count=Count("id"), message=Min("message"), first=Min("id")
    )
    found = list(groups.order_by("-count", "first"))
    shown = {}
    for reason, column, number, seen in lines.order_by("sheet", "number").values_list(
        "reason", "column", "number", "seen"
    ):
        examples = shown.setdefault((reason, column), [])
        if len(examples) < NUMBERS_SHOWN:
            examples.append((number, seen))
    for group in found:
        examples = shown[group["reason"], group["column"]]
        group["title"] = TITLES.get(group["reason"], group["message"])
        group["numbers"] = [number for number, _seen in examples]
        group["seen"] = list(dict.fromkeys(seen for _number, seen in examples if seen))
        group["more"] = group["count"] > len(examples)
    return found


def warned(row):
    """What looks odd in lines that can be saved: [{message, count, numbers}]. Also in those that
    change nothing: what a line says may be left out for the very reason that is told."""
    counts, numbers = Counter(), {}
    lines = row.lines.exclude(outcome__in=[Outcome.REFUSED, Outcome.SKIPPED]).exclude(warnings=[])
    for number, warnings in lines.order_by("sheet", "number").values_list("number", "warnings"):
        for warning in warnings:
            counts[warning["message"]] += 1
            numbers.setdefault(warning["message"], []).append(number)
    return [
        {"message": message, "count": count, "numbers": numbers[message][:NUMBERS_SHOWN]}
        for message, count in counts.most_common()
    ]


def villages(row, index):
    """The spellings that are no known village: [{seen, count, guess}], the most frequent first;
    `guess` is the Village of `index` with the closest name, if any is close."""
    lines = row.lines.filter(outcome=Outcome.REFUSED, reason__in=VILLAGE_REASONS)
    found = list(lines.values("seen").annotate(count=Count("id")).order_by("-count", "seen"))
    for spelling in found:
        spelling["guess"] = closest(index, spelling["seen"])
    return found


def closest(index, text):
    try:
        return index.find(text)
    except ValidationError as error:
        return next(iter(error.params["choices"]), None)
