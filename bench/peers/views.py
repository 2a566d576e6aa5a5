"""The peers' pages, as the tutorials write them."""

from django.contrib.admin import AdminSite, ModelAdmin
from django.views.generic import ListView

from bench.peers.models import Line

site = AdminSite(name="peers")
COLUMNS = ("name", "number", "cooperative", "sex", "village", "phone", "joined_on", "left_on")


class LineAdmin(ModelAdmin):
    list_display = (*COLUMNS, "status")
    list_select_related = ("cooperative", "village")
    list_filter = ("sex", "status")
    search_fields = ("name", "number")
    list_per_page = 25


class PaginatorView(ListView):
    """A list of 25 rows by a Paginator in the base page of the portal."""

    queryset = Line.objects.select_related("cooperative", "village")
    paginate_by = 25
    template_name = "peers/line_list.html"

    def get_queryset(self):
        rows = super().get_queryset()
        if text := self.request.GET.get("q"):
            rows = rows.filter(name__icontains=text)
        return rows


site.register(Line, LineAdmin)
