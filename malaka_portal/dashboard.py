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

from cooperatives.models import Cooperative, access
from cooperatives.views.showcase import welcome
from malaka_portal.activity import recent
from malaka_portal.attention import SHOWN, attention
from malaka_portal.figures import figures
from malaka_portal.lists import PagedListView, Sort
from malaka_portal.models import Region
from malaka_portal.tables import Column

OWN_SHOWN = 5  # cooperatives of an officer, each with its first act


@login_not_required
def dashboard(request):
    """What needs action first, then numbers that each lead to the list that proves them, then
    what happened lately. The same page for every role: what it holds follows from their rights."""
    if not request.user.is_authenticated:
        return welcome(request)
    user, today = request.user, access.today()
    own = list(Cooperative.objects.seen_by(user).order_by("name_order")[: OWN_SHOWN + 1])
    runs = access.ids_run_by(user)
    by_group = bool(user.get_all_permissions())
    only = own[0] if len(own) == 1 and not by_group else None
    context = {
        "own": own[:OWN_SHOWN],
        "only": only,
        "run": [cooperative for cooperative in own[:OWN_SHOWN] if cooperative.pk in runs],
        "area": user.area if by_group else None,
        "without_office": not own and not by_group,
    }
    if not context["without_office"]:
        lines = attention(user, on=today, own=only)
        context |= {
            "lines": lines[:SHOWN],
            "further_lines": lines[SHOWN:],
            "figures": figures(user, own=only),
            "activity": recent(user, own=only),
        }
    return render(request, "malaka_portal/dashboard.html", context)


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
