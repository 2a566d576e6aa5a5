"""Pages of cooperatives: profile, figures, papers, and the register as of a day."""

from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from cooperatives import filters, forms, tables
from cooperatives.models import (
    Amendment,
    Cooperative,
    StatusChange,
    YearlySnapshot,
    access,
)
from malaka_portal import generic, lists
from malaka_portal.names import search_words


class CooperativeListView(lists.PagedListView):
    queryset = Cooperative.objects.select_related("village__parent")
    columns = tables.COOPERATIVE_COLUMNS
    filters = filters.COOPERATIVE_FILTERS
    search_label = _("Name of the cooperative")
    sorts = {
        "name": lists.Sort(_("Name"), ("name_order", "id")),
        "newest": lists.Sort(_("Last recorded"), ("-id",)),
    }

    def search(self, queryset, text):
        return search_words(queryset, text)

    def get_empty_action(self):
        if self.request.user.has_perm("cooperatives.add_cooperative"):
            return _("Register a cooperative"), reverse("cooperatives:cooperative-create")
        return super().get_empty_action()


class YearlySnapshotListView(lists.PagedListView):
    """The figures of every cooperative and year that count, corrections put in."""

    queryset = YearlySnapshot.objects.select_related("cooperative")
    columns = tables.SNAPSHOT_COLUMNS
    filters = filters.SNAPSHOT_FILTERS
    sorts = {"newest": lists.Sort(_("Newest first"), ("-fiscal_year", "-id"))}

    def get_queryset(self):
        return super().get_queryset().filter(pk__in=YearlySnapshot.objects.current().values("pk"))


class CooperativeDetailView(generic.DetailView):
    model = Cooperative
    queryset = Cooperative.objects.select_related("village__parent")

    def get_context_data(self, **kwargs):
        cooperative = self.object
        today = access.today()
        return super().get_context_data(
            member_count=cooperative.members.current().count(),
            officers=cooperative.officers.open(on=today).select_related("person"),
            snapshots=YearlySnapshot.objects.current().filter(cooperative=cooperative)[:5],
            status_changes=cooperative.status_changes.all()[:5],
            amendments=cooperative.amendments.all(),
            **kwargs,
        )


class CooperativeHistoryView(generic.HistoryView):
    model = Cooperative


class CooperativeCreateView(generic.CreateView):
    model = Cooperative
    form_class = forms.CooperativeForm
    permission_required = "cooperatives.add_cooperative"
    back = reverse_lazy("cooperatives:record")


class CooperativeUpdateView(generic.UpdateView):
    model = Cooperative
    form_class = forms.CooperativeForm
    permission_required = "cooperatives.change_cooperative"


class StatusChangeCreateView(generic.CreateRelatedView):
    model = StatusChange
    form_class = forms.StatusChangeForm
    related_field = "cooperative"
    permission_required = "cooperatives.add_statuschange"


class AmendmentCreateView(generic.CreateRelatedView):
    model = Amendment
    form_class = forms.AmendmentForm
    related_field = "cooperative"
    permission_required = "cooperatives.add_amendment"


class YearlySnapshotCreateView(generic.CreateRelatedView):
    model = YearlySnapshot
    form_class = forms.YearlySnapshotForm
    related_field = "cooperative"
    permission_required = "cooperatives.add_yearlysnapshot"
