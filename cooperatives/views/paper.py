"""Printing: the lists of the office, and the books of one cooperative, as PDF or Excel sheets."""

from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import translation
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.generic.base import ContextMixin, TemplateResponseMixin, View

from cooperatives.forms.paper import PaperForm
from cooperatives.models import Cooperative, access
from cooperatives.reports.books import BOOKS
from cooperatives.reports.enterprise_paper import EnterprisePaper
from cooperatives.reports.office_papers import CooperativePaper, DistrictSummary, MeetingPaper
from malaka_portal.models import AccessLog, Letterhead
from malaka_portal.papers.pdf import PDF_TYPE, as_pdf
from malaka_portal.papers.xlsx import as_xlsx
from malaka_portal.rules import grants
from malaka_portal.spreadsheets import XLSX_TYPE

WRITERS = {"pdf": (as_pdf, PDF_TYPE), "xlsx": (as_xlsx, XLSX_TYPE)}
OFFICE_PAPERS = (DistrictSummary, CooperativePaper, MeetingPaper, EnterprisePaper)
MOST_ROWS = {"pdf": 5_000, "xlsx": 50_000}  # on one paper: what a request makes in ten seconds


class PapersView(TemplateResponseMixin, ContextMixin, View):
    """A form for each paper that the user may print; POST gives the one in `paper`."""

    template_name = "cooperatives/paper_list.html"
    cooperative = None

    @cached_property
    def papers(self):
        raise NotImplementedError

    def form(self, paper, data=None):
        return PaperForm(data, paper=paper, user=self.request.user, cooperative=self.cooperative)

    def get(self, request, *args, **kwargs):
        return self.page()

    def page(self, bound=None):
        forms = [
            bound if bound and bound.paper is paper else self.form(paper) for paper in self.papers
        ]
        return self.render_to_response(self.get_context_data(forms=forms, invalid=bound))

    def get_context_data(self, **kwargs):
        head = Letterhead.objects.on(access.today()) if self.papers else None
        return super().get_context_data(
            cooperative=self.cooperative,
            without_letterhead=bool(self.papers) and head is None,
            may_add_letterhead=self.request.user.has_perm("malaka_portal.add_letterhead"),
            **{"own": [], "sees_all": False} | kwargs,
        )

    def post(self, request, *args, **kwargs):
        wanted, kind = request.POST.get("paper"), request.POST.get("format")
        found = [paper for paper in self.papers if paper.slug == wanted]
        if not found or kind not in WRITERS:
            raise BadRequest("unknown paper or format")
        form = self.form(found[0], request.POST)
        if not form.is_valid():
            return self.page(form)
        paper = form.made()
        with translation.override("id"):  # offices write to each other in Indonesian
            sheet = paper.sheet()
            if sheet.count <= MOST_ROWS[kind]:
                self.log(paper, sheet, kind, form.cleaned_data.get("reason", ""))
                return self.file(paper, sheet, kind)
        form.add_error(None, _("This paper would be too long. Take Excel, or choose less."))
        return self.page(form)

    def log(self, paper, sheet, kind, reason):
        """Before the first byte; whether personal columns were filled is in it."""
        asked = {"daftar": paper.slug, "tanggal": paper.day.isoformat()} | paper.told()
        if paper.with_personal:
            asked["data-pribadi"] = "ya"
        AccessLog.objects.create(
            user=self.request.user,
            kind=AccessLog.Kind.EXPORT,
            subject=paper.model._meta.label_lower,
            rows=sheet.count,
            query=f"{self.request.path}?{urlencode(asked)}",
            reason=reason if paper.with_personal else "",
            format=kind,
        )

    def file(self, paper, sheet, kind):
        write, content_type = WRITERS[kind]
        of = slugify(self.cooperative.name)[:60] if self.cooperative else ""
        name = "-".join(filter(None, [paper.slug, of, f"{paper.day:%Y-%m-%d}"]))
        return HttpResponse(
            write(sheet),
            content_type=content_type,
            headers={
                "Content-Disposition": f'attachment; filename="{name}.{kind}"',
                "Cache-Control": "private, no-store",
            },
        )


class OfficePapersView(PapersView):
    """The lists of the office, as far as the user may print them; and the way to the books."""

    @cached_property
    def papers(self):
        return [paper for paper in OFFICE_PAPERS if paper.may_print(self.request.user)]

    @property
    def heading(self):
        return _("Print lists")

    def get_context_data(self, **kwargs):
        user = self.request.user
        return super().get_context_data(
            own=Cooperative.objects.filter(pk__in=access.ids_seen_by(user)),
            sees_all=grants(user, "cooperatives.view_cooperative"),
            **kwargs,
        )


class CooperativePapersView(PapersView):
    """The books of one cooperative."""

    model = Cooperative  # whose number stands in the address

    @cached_property
    def cooperative(self):
        rows = Cooperative.objects.select_related("village__parent")
        return get_object_or_404(rows.visible_to(self.request.user), pk=self.kwargs["pk"])

    @cached_property
    def papers(self):
        return [paper for paper in BOOKS if self.cooperative and paper.may_print(self.request.user)]

    @property
    def heading(self):
        return _("Print the books")
