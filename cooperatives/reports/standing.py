"""Cooperatives as they stood on a day: which there were, in which status, with which figures, and
how their annual meetings stood. A constant number of queries for all of them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from cooperatives.models import Cooperative, StatusChange, YearlySnapshot
from cooperatives.models.annual_meeting import (
    EXEMPT,
    LAW,
    MINISTRY,
    PARAMETERS,
    AnnualMeeting,
    last_day,
    month_number,
    stand,
)
from cooperatives.reports.area import area_of
from malaka_portal.models import Parameter

Status = Cooperative.Status


@dataclass(frozen=True)
class Standing:
    """One cooperative on the day. `meetings` are the days of its annual meetings by then, the
    oldest first; `meeting` is how the one about the latest fiscal year stood, or None without the
    statutory numbers."""

    cooperative: Cooperative
    status: str
    meetings: list
    meeting: AnnualMeeting | None
    figures: YearlySnapshot | None
    is_certified: bool
    is_expired: bool

    @property
    def district(self):
        return self.cooperative.village.parent

    def figure(self, *names):
        """The sum of these figures; None if none of them is known."""
        known = [getattr(self.figures, name) for name in names if self.figures is not None]
        known = [number for number in known if number is not None]
        return sum(known) if known else None


def on_day(user, day, district=None):
    """The `Standing`s of the cooperatives that `user` may see and that there were on `day`, in the
    order of districts and names; those that had been dissolved are left out."""
    rows = list(founded(user, day, district))
    meetings, figures = meetings_by(rows, day), figures_by(rows, day)
    months = Parameter.objects.on(day, PARAMETERS)
    return [
        Standing(
            cooperative=row,
            status=row.status_then,
            meetings=meetings[row.pk],
            meeting=meeting_on(row, day, meetings[row.pk], months),
            figures=figures.get(row.pk),
            is_certified=is_certified(row, day),
            is_expired=is_certified(row, day)
            and row.certificate_valid_until is not None
            and row.certificate_valid_until < day,
        )
        for row in rows
    ]


def founded(user, day, district):
    """Cooperatives that there were on the day, with their `status_then`."""
    area = district.pk if district else area_of(user)
    rows = Cooperative.objects.visible_to(user).filter(village__code__startswith=area)
    changes = StatusChange.objects.filter(cooperative=OuterRef("pk"), since__lte=day)
    latest = changes.order_by("-since", "-id").values("status")[:1]
    rows = rows.annotate(status_then=Coalesce(Subquery(latest), Value(Status.ACTIVE.value)))
    return (
        rows.filter(Q(legal_entity_date__isnull=True) | Q(legal_entity_date__lte=day))
        .exclude(status_then=Status.DISSOLVED)
        .select_related("village__parent__parent__parent")
        .order_by("village__parent__name", "name_order", "id")
    )


def is_certified(cooperative, day):
    issued = cooperative.certificate_issued_on
    return bool(cooperative.certificate_grade) and (issued is None or issued <= day)


# --- annual meetings ------------------------------------------------------------------------------
def meetings_by(cooperatives, day):
    """{cooperative: days of its meetings up to `day`}. The row keeps the last one; those before are
    in its history."""
    events = Cooperative.pgh_event_model.objects.filter(pgh_obj_id__in=[c.pk for c in cooperatives])
    told = events.order_by("pgh_id").values_list("pgh_obj_id", "last_annual_meeting_on")
    values = defaultdict(list)
    for pk, value in [*told, *((c.pk, c.last_annual_meeting_on) for c in cooperatives)]:
        if not values[pk] or values[pk][-1] != value:
            values[pk].append(value)
    return defaultdict(
        list, {pk: [d for d in held(known) if d <= day] for pk, known in values.items()}
    )


def held(values):
    """The days on which meetings were held, from the values that the row had one after the other:
    a day that was set back, or taken away, was a mistake."""
    days = []
    for value in values:
        if value is None:
            days[-1:] = []
            continue
        while days and days[-1] > value:
            days.pop()
        days.append(value)
    return days


def meeting_on(cooperative, day, meetings, months):
    """The `AnnualMeeting` about the latest fiscal year that was over on `day`."""
    law, ministry = months.get(LAW), months.get(MINISTRY.format(cooperative.level))
    if law is None or ministry is None:
        return None
    return stand(
        on=day,
        year_end=cooperative.fiscal_year_end,
        last_on=max((held_on for held_on in meetings if held_on <= day), default=None),
        founded_on=cooperative.legal_entity_date,
        ministry_months=ministry,
        law_months=law,
        exempt=cooperative.status_then in EXEMPT,
    )


def meeting_about(standing, year, day, months):
    """The `AnnualMeeting` about the fiscal year `year` as it stood on `day`; None while that year
    was not over. What was held after the next year's end looked back on another year."""
    ended = year * 12 + standing.cooperative.fiscal_year_end - 1
    if day <= last_day(ended):
        return None
    until = min(day, last_day(ended + 12))
    return meeting_on(standing.cooperative, until, standing.meetings, months)


# --- figures --------------------------------------------------------------------------------------
def figures_by(cooperatives, day):
    """{cooperative: the newest `YearlySnapshot` of a year that was over on the day, or that was on
    record by then}; of corrections the last."""
    tomorrow = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    over = month_number(day + timedelta(days=1))  # years that end before this month are over
    year_ends = F("fiscal_year") * 12 + F("cooperative__fiscal_year_end") - 1
    found = (
        YearlySnapshot.objects.filter(cooperative_id__in=[c.pk for c in cooperatives])
        .alias(ends=year_ends)
        .filter(Q(ends__lt=over) | Q(created_at__lt=tomorrow, fiscal_year__lte=day.year))
        .order_by("cooperative_id", "-fiscal_year", "-id")
        .distinct("cooperative_id")
    )
    return {row.cooperative_id: row for row in found}
