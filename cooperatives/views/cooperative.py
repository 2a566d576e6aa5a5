"""Pages of cooperatives: profile, figures, papers, and the register as of a day."""

from django.contrib import messages
from django.urls import reverse, reverse_lazy
from django.utils.translation import gettext_lazy as _

from cooperatives import filters, forms, tables
from cooperatives.models import (
    Amendment,
    Cooperative,
    Enterprise,
    StatusChange,
    YearlySnapshot,
    access,
    meeting_of,
)
from malaka_portal import generic, lists
from malaka_portal.names import search_words


class CooperativeListView(lists.PagedListView):
    queryset = Cooperative.objects.select_related("village__parent", "summary")
    columns = tables.COOPERATIVE_COLUMNS
    filters = filters.COOPERATIVE_FILTERS
    search_label = _("Name of the cooperative")
    print_url = reverse_lazy("cooperatives:paper-list")
    sorts = {
        "name": lists.Sort(_("Name"), ("name_order", "id")),
        "newest": lists.Sort(_("Last recorded"), ("-id",)),
    }

    def get_queryset(self):
        today = access.today()
        rows = super().get_queryset()
        return rows.with_annual_meeting(on=today).with_chair_name(on=today)

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
        cooperative, user = self.object, self.request.user
        today = access.today()
        return super().get_context_data(
            enterprise_count=Enterprise.objects.visible_to(user)
            .listed()
            .filter(cooperative_id=cooperative.pk)
            .count(),
            meeting=meeting_of(cooperative, on=today),
            member_count=cooperative.members.current().count(),
            officers=cooperative.officers.open(on=today).select_related("person"),
            snapshots=YearlySnapshot.objects.current().filter(cooperative=cooperative)[:5],
            status_changes=cooperative.status_changes.all()[:5],
            amendments=cooperative.amendments.all(),
            product_count=cooperative.products.count(),
            shown_count=cooperative.products.public().count(),
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

    def form_valid(self, form):
        response = super().form_valid(form)
        if form.is_valid() and form.hides_phone:
            text = _(
                "The number is a new one, so visitors do not see it. If they may, open “Edit” "
                "and tick that it may be published."
            )
            messages.warning(self.request, text)
        return response


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
