"""The annual meeting (RAT): the fiscal year it looks back on, and until when it may be held.

A meeting looks back on the latest fiscal year that was over when it was held (domain R1.5). Both
deadlines are ends of months, counted from the fiscal year's end: the law's (UU 25/1992, 26) and
the ministry's, which is earlier. How many months each gives is a `Parameter`.

`owed_since` is the hinge: the first day after the first fiscal year on which no meeting has looked
back yet. It depends on no deadline and on no "today", so that the database keeps it as a column
(`OwedSince`) with an index; every state on a day follows from it.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from django.db import models
from django.db.models import Case, F, Func, Q, Value, When
from django.db.models.expressions import RawSQL
from django.db.models.lookups import GreaterThan, LessThan, LessThanOrEqual
from django.utils.translation import gettext_lazy as _

from malaka_portal.models import Parameter, PortalQuerySet

PARAMETERS = "annual_meeting."
LAW, MINISTRY = "annual_meeting.law.months", "annual_meeting.ministry.{}.months"
EXEMPT = ("dissolving", "dissolved")  # states of a cooperative that owes no meeting any more
NEVER = date(1900, 1, 1)  # neither a meeting nor the founding is on record


class MeetingState(models.TextChoices):
    """How the annual meeting about the latest fiscal year stands."""

    LAW = "law", _("overdue by the law")
    MINISTRY = "ministry", _("overdue by the ministry's deadline")
    DUE = "due", _("still to be held")
    IN_TIME = "in_time", _("held in time")
    LATE = "late", _("held late")
    AFTER_LAW = "after_law", _("held after the law's deadline")
    NOT_YET = "not_yet", _("first fiscal year not over")
    NONE = "none", _("none owed")


@dataclass(frozen=True)
class AnnualMeeting:
    """How it stands on one day. `fiscal_year` is the year in which the fiscal year ended.

    `days_left` counts to the next deadline that is not over; None once held, or with both over.
    `two_missed`: on the last two fiscal years whose deadline by the law is over, no meeting was
    held (domain R1.8: "terancam tidak aktif").
    """

    on: date
    state: str
    fiscal_year: int
    ended_on: date
    ministry_deadline: date
    law_deadline: date
    days_left: int | None
    two_missed: bool

    @property
    def label(self):
        return MeetingState(self.state).label

    @property
    def is_owed(self):
        return self.state in (MeetingState.DUE, MeetingState.MINISTRY, MeetingState.LAW)

    @property
    def is_overdue(self):
        return self.is_owed and self.state != MeetingState.DUE

    @property
    def deadlines(self):
        """(whose, day, days from now on; below zero when it is over) of both deadlines."""
        ministry = _("Ministry's deadline"), self.ministry_deadline
        law = _("Deadline by the law"), self.law_deadline
        return [(label, day, (day - self.on).days) for label, day in (ministry, law)]


def month_number(day):
    """Months since the year 0, so that months can be added and compared."""
    return day.year * 12 + day.month - 1


def first_day(month):
    return date(month // 12, month % 12 + 1, 1)


def last_day(month):
    return date(month // 12, month % 12 + 1, monthrange(month // 12, month % 12 + 1)[1])


def owed_since(*, year_end, last_on, founded_on):
    """The first day after the first fiscal year that no meeting has looked back on.

    `year_end` is the last month of the fiscal year (1 to 12); `last_on` (the last meeting) and
    `founded_on` may be None. The first fiscal year is the one that was under way at the founding.
    """
    known = [day for day in (last_on, founded_on) if day]
    if not known:
        return NEVER
    latest = max(known)
    return first_day(month_number(latest) + (year_end - latest.month) % 12 + 1)


def stand(*, on, year_end, last_on, founded_on, ministry_months, law_months, exempt=False):
    """The `AnnualMeeting` of the day `on`. A cooperative that is being or has been dissolved is
    `exempt`: it owes no meeting."""
    since = owed_since(year_end=year_end, last_on=last_on, founded_on=founded_on)
    this_month = month_number(on)
    age = (on.month - year_end - 1) % 12 + 1  # months since the month in which the year ended
    ended = this_month - age
    ministry, law = last_day(ended + ministry_months), last_day(ended + law_months)
    if exempt:
        state = MeetingState.NONE
    elif since > on:
        state = held_state(since, last_on, ministry_months, law_months)
    elif age > law_months:
        state = MeetingState.LAW
    else:
        state = MeetingState.MINISTRY if age > ministry_months else MeetingState.DUE
    ahead = [day for day in (ministry, law) if day >= on]
    owed = state in (MeetingState.DUE, MeetingState.MINISTRY)
    return AnnualMeeting(
        on=on,
        state=state,
        fiscal_year=last_day(ended).year,
        ended_on=last_day(ended),
        ministry_deadline=ministry,
        law_deadline=law,
        days_left=(min(ahead) - on).days if owed and ahead else None,
        two_missed=not exempt and since <= first_day(this_month - 12 - law_months),
    )


def meeting_of(cooperative, *, on):
    """The `AnnualMeeting` of a cooperative on the day `on`; None without the statutory numbers."""
    months = Parameter.objects.on(on, PARAMETERS)
    law, ministry = months.get(LAW), months.get(MINISTRY.format(cooperative.level))
    if law is None or ministry is None:
        return None
    return stand(
        on=on,
        year_end=cooperative.fiscal_year_end,
        last_on=cooperative.last_annual_meeting_on,
        founded_on=cooperative.legal_entity_date,
        ministry_months=ministry,
        law_months=law,
        exempt=cooperative.status in EXEMPT,
    )


def held_state(since, last_on, ministry_months, law_months):
    """The latest year is looked back on: in time or late? Or was it over at the founding?"""
    year_began = month_number(since) - 12
    if last_on is None or last_on < first_day(year_began):
        return MeetingState.NOT_YET
    if last_on < first_day(year_began + ministry_months):
        return MeetingState.IN_TIME
    in_law = last_on < first_day(year_began + law_months)
    return MeetingState.LATE if in_law else MeetingState.AFTER_LAW


class OwedSince(Func):
    """`owed_since` as a generated column: `OwedSince("year end", "last meeting", "founded")`."""

    sql = (
        "coalesce((date_trunc('month', {latest}::timestamp) + make_interval(months => "
        "mod({year_end} - extract(month FROM {latest})::integer + 12, 12) + 1))::date, "
        "DATE '{never}')"
    )
    output_field = models.DateField()

    def as_sql(self, compiler, connection, **extra_context):
        columns = [compiler.compile(source)[0] for source in self.get_source_expressions()]
        latest = f"greatest({columns[1]}, {columns[2]})"
        return self.sql.format(year_end=columns[0], latest=latest, never=NEVER), []


class AnnualMeetingQuerySet(PortalQuerySet):
    """Cooperatives by how their annual meeting stands on a day, all of it in SQL."""

    def annual_meeting(self, state, *, on):
        """Those whose meeting stands at `state` (a MeetingState) on the day `on`."""
        return self.filter(conditions(on)[state])

    def with_annual_meeting(self, *, on):
        """Each with its `meeting_state` on the day `on`."""
        whens = [When(holds, then=Value(str(state))) for state, holds in conditions(on).items()]
        field = models.CharField(choices=MeetingState.choices)
        return self.annotate(meeting_state=Case(*whens, output_field=field))

    def missed_two_meetings(self, *, on):
        """Those that held no meeting on the last two years whose deadline by the law is over."""
        year_before = Value(first_day(month_number(on) - 12), models.DateField())
        since = months_after(year_before, months_given(LAW, on) * Value(-1))
        return self.filter(~Q(status__in=EXEMPT), annual_meeting_owed_since__lte=since)


def conditions(on):
    """{state: Q}: each cooperative fits one of them."""
    owed_since, last_on = F("annual_meeting_owed_since"), F("last_annual_meeting_on")
    ministry = Case(
        When(level="secondary", then=months_given(MINISTRY.format("secondary"), on)),
        default=months_given(MINISTRY.format("primary"), on),
    )
    law = months_given(LAW, on)
    age = (Value(on.month + 11) - F("fiscal_year_end")) % Value(12) + Value(1)
    exempt, owes = Q(status__in=EXEMPT), ~Q(status__in=EXEMPT)
    owed = owes & Q(annual_meeting_owed_since__lte=on.replace(day=1))
    over_law, over_ministry = Q(GreaterThan(age, law)), Q(GreaterThan(age, ministry))
    held = owes & Q(annual_meeting_owed_since__gt=on.replace(day=1))
    began = months_after(owed_since, Value(-12))
    meeting = held & Q(last_annual_meeting_on__gte=began)
    in_time = Q(LessThan(last_on, months_after(began, ministry)))
    in_law = Q(LessThan(last_on, months_after(began, law)))
    return {
        MeetingState.LAW: owed & over_law,
        MeetingState.MINISTRY: owed & over_ministry & Q(LessThanOrEqual(age, law)),
        MeetingState.DUE: owed & Q(LessThanOrEqual(age, ministry)) & Q(LessThanOrEqual(age, law)),
        MeetingState.IN_TIME: meeting & in_time,
        MeetingState.LATE: meeting & in_law & ~in_time,
        MeetingState.AFTER_LAW: meeting & ~in_law & ~in_time,
        MeetingState.NOT_YET: held
        & (Q(last_annual_meeting_on__isnull=True) | Q(last_annual_meeting_on__lt=began)),
        MeetingState.NONE: exempt,
    }


def months_given(key, on):
    """The statutory number `key` as it stands on the day `on`; NULL when there is none."""
    table = Parameter._meta.db_table
    sql = f"SELECT value FROM {table} WHERE key = %s AND valid_from <= %s"
    latest = f"{sql} ORDER BY valid_from DESC LIMIT 1"
    return RawSQL(f"({latest})::integer", [key, on], models.IntegerField())


def months_after(day, months):
    """The expression `day` moved by so many months."""
    return Func(
        day,
        months,
        template="(%(expressions)s))::date",
        arg_joiner=" + make_interval(months => ",
        output_field=models.DateField(),
    )
