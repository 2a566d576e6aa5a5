"""The home page, the regions, and the gallery of components."""

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from cooperatives.models import Cooperative, Member, NikClaim, Person, Proposal
from malaka_portal.lists import PagedListView, Sort
from malaka_portal.models import Region
from malaka_portal.parsing import format_number
from malaka_portal.tables import Column

COUNT_LIMIT = 1000  # beyond it a number is said in words: counting millions is not worth a wait


def dashboard(request):
    """What needs attention first, then numbers that each lead to the list that proves them."""
    user = request.user
    waiting = NikClaim.objects.visible_to(user).pending().count()
    waiting += Proposal.objects.visible_to(user).pending().count()
    run = list(Cooperative.objects.managed_by(user).order_by("name_order")[:5])
    seen = Cooperative.objects.seen_by(user).order_by("name_order").first()
    context = {
        "area": user.area,
        "seen": seen,
        "without_office": seen is None and not user.get_all_permissions(),
        "waiting": waiting,
        "run": run,
        "figures": [
            Figure(_("Cooperatives"), Cooperative.objects, user, "cooperatives:cooperative-list"),
            Figure(
                _("Members"),
                Member.objects.current(),
                user,
                "cooperatives:member-list",
                "?keadaan=now",
            ),
            Figure(_("People"), Person.objects.current(), user, "cooperatives:person-list"),
        ],
    }
    return render(request, "malaka_portal/dashboard.html", context)


class Figure:
    """A number of the home page and the address of the list that it counts."""

    def __init__(self, label, rows, user, url_name, query=""):
        self.label, self.url = label, reverse(url_name) + query
        count = rows.visible_to(user).order_by()[: COUNT_LIMIT + 1].count()
        self.text = format_number(count)
        if count > COUNT_LIMIT:
            self.text = _("more than %(limit)s") % {"limit": format_number(COUNT_LIMIT)}


class RegionListView(PagedListView):
    """The regions directly under the one of the address; the provinces without one."""

    queryset = Region.objects.all()
    columns = [
        Column("name", _("Name"), link=lambda region: reverse("region-detail", args=[region.code])),
        Column("code", _("Code"), identifier=True),
        Column("postal_code", _("Postal code"), identifier=True),
    ]
    sorts = {"kode": Sort(_("By code"), ("code",))}
    export_formats = ()  # public facts, to be had elsewhere
    page_size = 50
    empty_text = _("No regions are loaded yet.")
    template_name = "malaka_portal/region_list.html"

    @cached_property
    def parent(self):
        code = self.kwargs.get("code")
        if code and "\0" in code:
            raise Http404  # the database knows no NUL
        return get_object_or_404(Region, code=code) if code else None

    @property
    def heading(self):
        return self.parent.name if self.parent else _("Regions")

    def get_queryset(self):
        return super().get_queryset().current().filter(parent=self.parent)

    def get_context_data(self, **kwargs):
        trail = self.parent.trail() if self.parent else []
        return super().get_context_data(parent=self.parent, trail=trail, **kwargs)


@login_not_required
def health(request):
    """For the load balancer: answers when the database does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok\n", content_type="text/plain")


class GalleryForm(forms.Form):
    use_required_attribute = False
    name = forms.CharField(help_text="…")
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    note = forms.CharField(widget=forms.Textarea, required=False)
    agree = forms.BooleanField(required=False)


def components(request):
    """Every component on one page, to look at; only where DEBUG is on."""
    if not settings.DEBUG:
        raise Http404
    return render(request, "malaka_portal/components.html", {"form": GalleryForm({})})
