"""The lists that the office hands on: summary per district, list of cooperatives, annual meetings.
Their columns are those of the ministry's Online Data System (domain 1.4, 8.1)."""

from collections import Counter
from itertools import groupby

from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cooperatives.models import Amendment, Cooperative, MeetingState, Officer
from cooperatives.models.annual_meeting import PARAMETERS
from cooperatives.reports import standing
from cooperatives.reports.area import area_of, districts_of
from malaka_portal.models import Parameter, Region
from malaka_portal.papers.paper import Paper
from malaka_portal.papers.sheet import BLANK, COUNT, DATE, IDENTIFIER, MONEY, ORDINAL, Section
from malaka_portal.papers.sheet import PaperColumn as Column
from malaka_portal.parsing import format_number

Grade, Status = Cooperative.Grade, Cooperative.Status
HELD = (MeetingState.IN_TIME, MeetingState.LATE, MeetingState.AFTER_LAW)
OWED = (MeetingState.DUE, MeetingState.MINISTRY, MeetingState.LAW)


class OfficePaper(Paper):
    """About the cooperatives of the user's area, or of one of its districts."""

    model = Cooperative
    asks = ("district",)

    def __init__(self, user, *, district=None, **asked):
        super().__init__(user, **asked)
        self.district = district

    def told(self):
        return {"kecamatan": self.district.pk} if self.district else {}

    def lines(self):
        if self.district:
            yield _("District %(name)s") % {"name": self.district.name}
        else:
            region = Region.objects.filter(pk=area_of(self.user)).first()
            yield region_in_words(region) if region else ""
        yield from super().lines()

    def standings(self):
        return standing.on_day(self.user, self.day, self.district)


def region_in_words(region):
    labels = {
        Region.Level.PROVINCE: _("Province %(name)s"),
        Region.Level.REGENCY: _("Regency %(name)s"),
        Region.Level.DISTRICT: _("District %(name)s"),
    }
    label = labels.get(region.level)
    return label % {"name": region.name} if label else region.name


# --- summary per district -------------------------------------------------------------------------
FIGURES = {
    "members_male": _("L"),
    "members_female": _("P"),
    "employees_male": _("L"),
    "employees_female": _("P"),
}
MONEY_FIGURES = {
    "total_assets": _("Assets"),
    "business_volume": _("Business volume"),
    "net_surplus": "SHU",
    "own_capital": _("Own capital"),
    "external_capital": _("External capital"),
}


def counted(label, key, group, width=8, upright=False):
    return Column(label, key, width=width, kind=COUNT, group=group, total=True, upright=upright)


def upright(label, key, group):
    return counted(label, key, group, upright=True)


class DistrictSummary(OfficePaper):
    """One line per district, also where there is none; those that are being dissolved count as not
    active."""

    slug = "rekapitulasi-koperasi"
    title = _("Summary of cooperatives per district")
    summary = _("One line per district, with totals, as the ministry asks for it.")
    size = 7
    columns = (
        Column(_("No."), width=7, kind=ORDINAL),
        Column(_("District"), "district", width=28),
        upright(_("active"), "active", _("Cooperatives")),
        upright(_("not active"), "inactive", _("Cooperatives")),
        upright(_("not yet certified"), "uncertified", _("Certificate")),
        upright(_("certified"), "certified", _("Certificate")),
        upright(_("in force"), "in_force", _("Certificate")),
        upright(_("has run out"), "expired", _("Certificate")),
        counted(FIGURES["members_male"], "members_male", _("Members"), 10),
        counted(FIGURES["members_female"], "members_female", _("Members"), 10),
        counted(FIGURES["employees_male"], "employees_male", _("Employees")),
        counted(FIGURES["employees_female"], "employees_female", _("Employees")),
        Column(_("L"), width=8, kind=BLANK, group=_("Managers")),
        Column(_("P"), width=8, kind=BLANK, group=_("Managers")),
        *(
            Column(label, key, width=22, kind=MONEY, group=_("Figures (rupiah)"), total=True)
            for key, label in MONEY_FIGURES.items()
        ),
        upright(_("already held"), "held", "RAT"),
        upright(_("not yet held"), "owed", "RAT"),
        counted("A", Grade.A.value, "Grade"),
        counted("B", Grade.B.value, "Grade"),
        counted("C1", Grade.C1.value, "Grade"),
        counted("C2", Grade.C2.value, "Grade"),
        upright(_("others"), "other", "Grade"),
    )

    def rows(self):
        districts = [self.district] if self.district else districts_of(self.user).order_by("name")
        found = {district.pk: (district, Counter()) for district in districts}
        for item in self.standings():
            district = item.district  # one that was split since has a line of its own
            _row, counts = found.setdefault(district.pk, (district, Counter()))
            counts.update(counts_of(item))
        for district, counts in found.values():
            yield {
                column.value: counts[column.value] for column in self.columns if column.total
            } | {"district": district.name}

    def notes(self):
        yield _(
            "Figures are those of the newest fiscal year that was over or on record on the day. "
            "Cooperatives that had been dissolved are not counted. Managers are not recorded."
        )


def counts_of(item):
    """What one cooperative adds to the line of its district."""
    yield_of = {
        "active": item.status == Status.ACTIVE,
        "inactive": item.status != Status.ACTIVE,
        "uncertified": not item.is_certified,
        "certified": item.is_certified,
        "in_force": item.is_certified and not item.is_expired,
        "expired": item.is_expired,
        "held": item.meeting is not None and item.meeting.state in HELD,
        "owed": item.meeting is not None and item.meeting.state in OWED,
    }
    if item.is_certified:
        grade = item.cooperative.certificate_grade
        yield_of[grade if grade in (Grade.A, Grade.B, Grade.C1, Grade.C2) else "other"] = True
    counts = {key: int(holds) for key, holds in yield_of.items()}
    return counts | {key: item.figure(key) or 0 for key in (*FIGURES, *MONEY_FIGURES)}


# --- list of cooperatives -------------------------------------------------------------------------
class CooperativePaper(OfficePaper):
    """The fields of the ministry's profile page, in its order."""

    slug = "daftar-koperasi"
    title = _("List of cooperatives")
    summary = _("Every cooperative with the fields of the ministry's profile (ODS).")
    size = 6.5
    columns = (
        Column(_("No."), width=7, kind=ORDINAL),
        Column(_("Cooperative"), "name", width=27),
        Column(_("Number of the founding deed"), "number", 28, IDENTIFIER, stack="deed"),
        Column(_("Date of the founding deed"), "founded_on", 28, DATE, stack="deed"),
        Column(_("Number of the by-law amendment"), "amendment", 26, IDENTIFIER, stack="bylaws"),
        Column(_("Date of the by-law amendment"), "amended_on", 26, DATE, stack="bylaws"),
        Column(_("Date of the last annual meeting"), "meeting_on", width=16, kind=DATE),
        Column(_("Address"), "address", width=30, stack="place"),
        Column(_("Village"), "village", 30, stack="place", prefix=_("Village")),
        Column(_("District"), "district", 30, stack="place", prefix=_("Distr.")),
        Column(_("Regency"), "regency", 30, stack="place", prefix=_("Reg.")),
        Column(_("Province"), "province", width=30, stack="place"),
        Column(_("Form of the cooperative"), "form", width=29, stack="kind"),
        Column(_("Cooperative type"), "kind", width=29, stack="kind"),
        Column(_("Community"), "group", width=29, stack="kind"),
        Column(_("Business sector"), "sector", width=29, stack="kind"),
        Column(_("Name of the chair"), "chair", width=38, stack="people", prefix=_("Chair:")),
        Column(_("Name of the secretary"), "secretary", 38, stack="people", prefix=_("Secretary:")),
        Column(_("Name of the treasurer"), "treasurer", 38, stack="people", prefix=_("Treasurer:")),
        Column(_("Name of the supervisors"), "body", 38, stack="people", prefix=_("Supervisors:")),
        Column(_("Name of the manager"), width=38, stack="people", prefix=_("Manager:")),
        Column(_("Number of members, men"), "men", 17, COUNT, stack="members", prefix=_("L")),
        Column(_("Number of members, women"), "women", 17, COUNT, stack="members", prefix=_("P")),
        Column(_("Members in all"), "members", 17, COUNT, stack="members", prefix=_("Total")),
        Column(_("Managers in all"), width=17, kind=COUNT, stack="staff", prefix=_("Managers")),
        Column(_("Employees in all"), "employees", 17, COUNT, stack="staff", prefix=_("Employees")),
        Column(_("NIK Koperasi"), "registry_number", 27, IDENTIFIER, stack="registry"),
        Column(_("State of the NIK Koperasi"), "certified", width=27, stack="registry"),
        Column(_("Certificate valid until"), "valid_until", 27, DATE, stack="registry"),
        Column(_("Grade"), "grade", width=27, stack="registry", prefix=_("Grade")),
    )

    def rows(self):
        found = self.standings()
        ids = [item.cooperative.pk for item in found]
        names, amendments = self.officers(ids), self.amendments(ids)
        for item in found:
            yield (
                profile_of(item)
                | names.get(item.cooperative.pk, {})
                | amendments.get(item.cooperative.pk, {})
            )

    def officers(self, ids):
        """{cooperative: {office: names}} of the day, without those whom no list may name."""
        terms = Officer.objects.visible_to(self.user).listed().open(on=self.day)
        terms = terms.filter(cooperative_id__in=ids).select_related("person")
        found = {}
        for term in terms.order_by("role", "person__name_order", "id"):
            office = "body" if term.body == Officer.Body.SUPERVISORS else term.role
            names = found.setdefault(term.cooperative_id, {})
            names[office] = ", ".join(filter(None, [names.get(office), term.person.name]))
        return found

    def amendments(self, ids):
        """{cooperative: number and date of the last amendment of its by-laws by the day}."""
        rows = Amendment.objects.filter(cooperative_id__in=ids, date__lte=self.day)
        rows = rows.order_by("cooperative_id", "-date", "-id").distinct("cooperative_id")
        return {
            row.cooperative_id: {"amendment": row.number, "amended_on": row.date} for row in rows
        }


def profile_of(item):
    row, place = item.cooperative, item.cooperative.village
    return {
        "name": row.name,
        "number": row.legal_entity_number,
        "founded_on": row.legal_entity_date,
        "meeting_on": max(item.meetings, default=None),
        "address": row.address,
        "village": place.name,
        "district": place.parent.name,
        "regency": place.parent.parent.name,
        "province": place.parent.parent.parent.name,
        "form": capfirst(f"{row.get_level_display()} {row.get_reach_display()}"),
        "kind": capfirst(row.get_kind_display()),
        "group": capfirst(row.get_group_display()),
        "sector": capfirst(row.get_sector_display()),
        "men": item.figure("members_male"),
        "women": item.figure("members_female"),
        "members": item.figure("members_male", "members_female"),
        "employees": item.figure("employees_male", "employees_female"),
        "registry_number": row.registry_number,
        "certified": certificate_in_words(item),
        "valid_until": row.certificate_valid_until if item.is_certified else None,
        "grade": row.get_certificate_grade_display() if item.is_certified else "",
    }


def certificate_in_words(item):
    if not item.is_certified:
        return str(_("Not yet certified"))
    return str(_("Certificate has run out") if item.is_expired else _("Certified"))


# --- annual meetings ------------------------------------------------------------------------------
class MeetingPaper(OfficePaper):
    """How the annual meetings about one fiscal year stood on the day (domain R1.5, R1.8)."""

    slug = "status-rat"
    title = _("State of the annual meetings (RAT)")
    summary = _("Who held the meeting about a fiscal year, by both deadlines.")
    asks = ("fiscal_year", "district")
    landscape = False
    columns = (
        Column(_("No."), width=8, kind=ORDINAL),
        Column(_("Cooperative"), "name", width=48),
        Column(_("Village"), "village", width=24),
        Column(_("Fiscal year ended on"), "ended_on", width=19, kind=DATE),
        Column(_("Ministry's deadline"), "ministry", width=21, kind=DATE),
        Column(_("Deadline by the law"), "law", width=19, kind=DATE),
        Column(_("Date of the meeting"), "held_on", width=19, kind=DATE),
        Column(_("State"), "state", width=32),
    )

    def __init__(self, user, *, fiscal_year, **asked):
        super().__init__(user, **asked)
        self.fiscal_year, self.states, self.in_danger = fiscal_year, Counter(), 0

    def told(self):
        return super().told() | {"tahun-buku": self.fiscal_year}

    def heading(self):
        return _("State of the annual meetings (RAT), fiscal year %(year)s") % {
            "year": self.fiscal_year
        }

    def rows(self):
        self.states, self.in_danger = Counter(), 0
        months = Parameter.objects.on(self.day, PARAMETERS)
        for _code, items in groupby(self.standings(), lambda item: item.district.pk):
            same = list(items)
            if not self.district:
                yield Section(_("District %(name)s") % {"name": same[0].district.name})
            for item in same:
                yield self.row(item, months)

    def row(self, item, months):
        row = {"name": item.cooperative.name, "village": item.cooperative.village.name}
        meeting = standing.meeting_about(item, self.fiscal_year, self.day, months)
        if meeting is None:
            self.states[_("fiscal year not over")] += 1
            return row | {"state": str(_("fiscal year not over"))}
        self.states[meeting.label] += 1
        self.in_danger += meeting.two_missed
        held = [day for day in item.meetings if meeting.ended_on < day <= meeting.on]
        return row | {
            "ended_on": meeting.ended_on,
            "ministry": meeting.ministry_deadline,
            "law": meeting.law_deadline,
            "held_on": max(held, default=None) if meeting.state in HELD else None,
            "state": state_in_words(meeting),
        }

    def notes(self):
        """How many stand how; told once the rows are made."""
        if self.states:
            counts = "; ".join(
                f"{label}: {format_number(n)}" for label, n in self.states.most_common()
            )
            yield _("In all: %(counts)s.") % {"counts": counts}
        if self.in_danger:
            yield _(
                "%(count)d in danger of being declared not active: no meeting on two fiscal years "
                "one after the other."
            ) % {"count": self.in_danger}


def state_in_words(meeting):
    label = capfirst(str(meeting.label))
    return (
        f"{label}; {_('in danger of being declared not active')}" if meeting.two_missed else label
    )
