"""The list of enterprises with their papers: business number, food permit, halal, trade mark."""

from collections import defaultdict
from datetime import datetime, time, timedelta
from itertools import groupby

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cooperatives.models import Credential, Enterprise, EnterpriseSnapshot, access
from cooperatives.reports.area import area_of
from cooperatives.reports.office_papers import OfficePaper
from malaka_portal.papers.sheet import IDENTIFIER, MARK, MONEY, ORDINAL, Section
from malaka_portal.papers.sheet import PaperColumn as Column
from malaka_portal.parsing import format_date_numeric, format_phone
from malaka_portal.rules import grants, may_see_personal_in

Kind, Status = Credential.Kind, Credential.Status
PAPERS = _("Papers of the enterprise")


class EnterprisePaper(OfficePaper):
    """Enterprises that there were on the day, by district and village, with what they held then."""

    slug = "daftar-umkm"
    title = _("List of enterprises and their papers")
    summary = _("By village, with NIB, P-IRT, halal certificate and trade mark.")
    model = Enterprise
    size = 7
    columns = (
        Column(_("No."), width=8, kind=ORDINAL),
        Column(_("Name of the enterprise"), "name", width=32),
        Column(_("Owner"), "owner", width=28),
        Column(_("L/P"), "sex", width=8, kind=MARK),
        Column(_("Line of business"), "line", width=19),
        Column(_("Scale"), "scale", width=12),
        Column(_("Turnover a month (rupiah)"), "turnover", width=20, kind=MONEY),
        Column(_("Address"), "address", width=24, personal=True),
        Column(_("Telephone"), "phone", width=23, kind=IDENTIFIER, personal=True),
        Column("NIB", Kind.NIB.value, width=24, kind=IDENTIFIER, group=PAPERS),
        Column("P-IRT", Kind.PIRT.value, width=27, kind=IDENTIFIER, group=PAPERS),
        Column(_("Halal"), Kind.HALAL.value, width=33, kind=IDENTIFIER, group=PAPERS),
        Column(_("Trade mark"), Kind.TRADEMARK.value, width=26, kind=IDENTIFIER, group=PAPERS),
    )

    @classmethod
    def may_print(cls, user):
        """Also an officer, of those that the own cooperative keeps."""
        return super().may_print(user) or bool(access.ids_seen_by(user))

    @classmethod
    def may_fill(cls, user, **asked):
        return may_see_personal_in(user, Enterprise)

    @property
    def is_office(self):
        return grants(self.user, "cooperatives.view_enterprise")

    def lines(self):
        return super().lines() if self.is_office else self.lines_of_officer()

    def lines_of_officer(self):
        names = Enterprise.objects.seen_by(self.user).values_list("cooperative__name", flat=True)
        yield ", ".join(sorted(set(names)))
        yield from super(OfficePaper, self).lines()

    def scope(self):
        """The enterprises that there were on the day, in the order of districts and villages."""
        rows = Enterprise.objects.visible_to(self.user).listed()
        if self.district:
            rows = rows.filter(village__code__startswith=self.district.pk)
        elif self.is_office:
            rows = rows.filter(village__code__startswith=area_of(self.user))
        return rows.filter(
            Q(started_on__isnull=True) | Q(started_on__lte=self.day),
            Q(closed_on__isnull=True) | Q(closed_on__gt=self.day),
        )

    def rows(self):
        scope = self.scope()
        papers, figures = papers_by(scope, self.day), figures_by(scope, self.day)
        found = scope.select_related("owner", "village__parent").order_by(
            "village__parent__name", "village__name", "village_id", "name_order", "id"
        )
        for _code, same in groupby(found, lambda row: row.village_id):
            first, *rest = same
            names = {"district": first.village.parent.name, "village": first.village.name}
            yield Section(_("District %(district)s, village %(village)s") % names)
            for row in (first, *rest):
                yield described(row, figures.get(row.pk)) | papers[row.pk]


def described(row, figures):
    owner = row.owner
    return {
        "name": row.name,
        "owner": owner.name if owner else "",
        "sex": owner.sex if owner else "",
        "line": row.get_line_display(),
        "scale": figures.get_scale_display() if figures else "",
        "turnover": figures.monthly_turnover if figures else None,
        "address": ", ".join(filter(None, [row.address, row.hamlet])),
        "phone": format_phone(row.phone) if row.phone else "",
    }


def papers_by(scope, day):
    """{enterprise: {kind: its papers in words}}, those that had been issued by the day."""
    rows = Credential.objects.filter(enterprise__in=scope.order_by().values("pk"))
    rows = rows.filter(kind__in=[Kind.NIB, Kind.PIRT, Kind.HALAL, Kind.TRADEMARK])
    rows = rows.filter(Q(issued_on__isnull=True) | Q(issued_on__lte=day))
    found = defaultdict(dict)
    for paper in rows.order_by("enterprise_id", "kind", "-valid_until", "id"):
        of = found[paper.enterprise_id]
        of[paper.kind] = "\n".join(filter(None, [of.get(paper.kind), in_words(paper, day)]))
    return found


def in_words(paper, day):
    """The number and until when it holds, else how it stands."""
    if paper.status == Status.NOT_YET:
        return ""
    if paper.status != Status.HELD:
        return str(paper.get_status_display())
    if paper.valid_until is None:
        return paper.shown_number
    label = _("ran out on %(day)s") if paper.is_expired(day) else _("valid until %(day)s")
    return f"{paper.shown_number}\n{label % {'day': format_date_numeric(paper.valid_until)}}"


def figures_by(scope, day):
    """{enterprise: the newest `EnterpriseSnapshot` of a year that was over on the day, or that was
    on record by then}; of corrections the last."""
    tomorrow = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    known = Q(year__lt=day.year) | Q(year=day.year, created_at__lt=tomorrow)
    rows = EnterpriseSnapshot.objects.filter(known, enterprise__in=scope.order_by().values("pk"))
    rows = rows.order_by("enterprise_id", "-year", "-id").distinct("enterprise_id")
    return {row.enterprise_id: row for row in rows}
