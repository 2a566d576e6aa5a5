"""The home page, the regions, and the gallery of components."""

from django import forms
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db import connection
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from malaka_portal.models import Region


def dashboard(request):
    villages = Region.objects.current().villages().within(request.user.area_id)
    return render(
        request,
        "malaka_portal/dashboard.html",
        {"area": request.user.area, "village_count": villages.count()},
    )


def region_list(request, code=""):
    """The regions directly under `code`; the provinces without one."""
    parent = get_object_or_404(Region, code=code) if code else None
    regions = Region.objects.visible_to(request.user).current().filter(parent=parent)
    page = Paginator(regions, 50).get_page(request.GET.get("halaman"))
    return render(
        request,
        "malaka_portal/region_list.html",
        {
            "parent": parent,
            "trail": parent.trail() if parent else [],
            "page": page,
            "pager": pager(page),
            "villages": parent is not None and parent.level == Region.Level.DISTRICT,
        },
    )


def pager(page):
    """What components/pager.html shows of a page of Django's paginator."""
    return {
        "previous_url": f"?halaman={page.previous_page_number()}" if page.has_previous() else "",
        "next_url": f"?halaman={page.next_page_number()}" if page.has_next() else "",
        "position": _("Page %(number)d of %(count)d")
        % {"number": page.number, "count": page.paginator.num_pages},
    }


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
