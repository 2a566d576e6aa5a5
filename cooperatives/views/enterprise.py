"""Pages of enterprises: the list, one enterprise, its figures, support, memberships and group."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse, reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperatives import filters, forms, services, tables
from cooperatives.models import (
    Cooperative,
    Credential,
    Enterprise,
    EnterpriseMembership,
    EnterpriseSnapshot,
    GroupMember,
    Person,
    Product,
    Support,
)
from cooperatives.views import known
from malaka_portal import generic, lists
from malaka_portal.names import with_words
from malaka_portal.shortcuts import on_row

ENTERPRISES = Enterprise.objects.select_related("village__parent", "cooperative", "owner")


class EnterpriseListView(lists.KeysetListView):
    queryset = ENTERPRISES.select_related("industry_code")
    columns = tables.ENTERPRISE_COLUMNS
    filters = filters.ENTERPRISE_FILTERS
    heading = gettext_lazy("Enterprises")
    search_label = gettext_lazy("Name of the enterprise")
    search_is_limited = True
    sorts = {"name": lists.Sort(gettext_lazy("Name"), ("name_order", "id"))}
    print_url = reverse_lazy("cooperatives:paper-list")
    template_name = "cooperatives/enterprise_list.html"
    file_columns = tables.ENTERPRISE_FILE_COLUMNS

    @cached_property
    def known(self):
        columns = ("enterprises", "enterprises_closed")
        return known.counted(self, columns) if known.chosen(self) == {} else None

    def search(self, queryset, text):
        return with_words(queryset, text)

    def get_empty_action(self):
        """The office registers anywhere, an officer in the own cooperative; of several: which?"""
        user = self.request.user
        label = _("Register an enterprise")
        if user.has_perm("cooperatives.add_enterprise"):
            return label, reverse("cooperatives:enterprise-create")
        run = Cooperative.objects.managed_by(user)[:2]
        if len(run) == 1:
            return label, reverse("cooperatives:enterprise-add", args=[run[0].pk])
        return (label, reverse("cooperatives:record")) if run else super().get_empty_action()


class EnterpriseDetailView(generic.DetailView):
    model = Enterprise
    queryset = ENTERPRISES.select_related("industry_code")

    def get_context_data(self, **kwargs):
        enterprise, user = self.object, self.request.user
        members = self.seen(GroupMember.objects.current().listed()).select_related("person")
        members = sorted(members, key=place_in_group) if enterprise.is_group else []
        memberships = list(self.seen(EnterpriseMembership.objects).select_related("cooperative"))
        snapshots = list(self.seen(EnterpriseSnapshot.objects.current()))
        people = [enterprise.owner_id, *(member.person_id for member in members)]
        places = [enterprise.cooperative_id, *(line.cooperative_id for line in memberships)]
        papers = [(row, tables.state_of_paper(row)) for row in self.seen(Credential.objects)]
        return super().get_context_data(
            can_change=user.has_perm("cooperatives.change_enterprise", enterprise),
            snapshots=snapshots,
            latest=snapshots[0] if snapshots else None,
            channels=tables.channels_of(enterprise),
            members=members,
            memberships=memberships,
            seen_people=ids_in_sight(Person, people, user),
            seen_cooperatives=ids_in_sight(Cooperative, places, user),
            papers=papers,
            supports=self.seen(Support.objects),
            product_count=self.seen(Product.objects).count(),
            **kwargs,
        )

    def seen(self, rows):
        """Those of `rows` that are about this enterprise, as far as the user may see them."""
        return rows.visible_to(self.request.user).filter(enterprise_id=self.object.pk)


def place_in_group(member):
    """The leader first, then the other offices, then the members by name."""
    return GroupMember.Role.values.index(member.role), member.person.name_order


def ids_in_sight(model, ids, user):
    """Those of `ids` to whose pages the user may follow a link."""
    wanted = {pk for pk in ids if pk}
    rows = model.objects.visible_to(user).filter(pk__in=wanted)
    return set(rows.values_list("pk", flat=True)) if wanted else set()


class EnterpriseHistoryView(generic.HistoryView):
    model = Enterprise


class WithUser:
    """The form finds people and cooperatives in the user's own sight only."""

    def get_form_kwargs(self):
        return super().get_form_kwargs() | {"user": self.request.user}


class EnterpriseCreateView(WithUser, generic.CreateView):
    model = Enterprise
    form_class = forms.EnterpriseForm
    permission_required = "cooperatives.add_enterprise"
    template_name = "cooperatives/enterprise_form.html"
    back = reverse_lazy("cooperatives:record")


class EnterpriseAddView(WithUser, generic.CreateRelatedView):
    """An enterprise whose record the cooperative in the address will keep."""

    model = Enterprise
    form_class = forms.OwnEnterpriseForm
    related_field = "cooperative"
    permission_required = "cooperatives.add_enterprise"
    template_name = "cooperatives/enterprise_form.html"

    def get_success_url(self):
        return self.object.get_absolute_url()


class EnterpriseUpdateView(WithUser, generic.UpdateView):
    model = Enterprise
    queryset = Enterprise.objects.select_related("owner", "cooperative", "industry_code")
    form_class = forms.EnterpriseForm
    permission_required = "cooperatives.change_enterprise"
    template_name = "cooperatives/enterprise_form.html"


class EnterpriseSnapshotCreateView(generic.CreateRelatedView):
    """`?tahun=2025` begins with the figures of that year that count, to be corrected."""

    model = EnterpriseSnapshot
    heading = gettext_lazy("Record a year's figures")
    form_class = forms.EnterpriseSnapshotForm
    related_field = "enterprise"
    permission_required = "cooperatives.add_enterprisesnapshot"
    template_name = "cooperatives/enterprisesnapshot_form.html"

    def get_initial(self):
        initial = super().get_initial()
        year = self.request.GET.get("tahun", "")[:4]
        known = EnterpriseSnapshot.objects.filter(enterprise=self.related_object)
        row = known.filter(year=int(year)).first() if year.isdecimal() else None
        names = [name for name in self.form_class._meta.fields if name != "enterprise"]
        return initial | ({name: getattr(row, name) for name in names} if row else {})


class SupportCreateView(generic.CreateRelatedView):
    model = Support
    heading = gettext_lazy("Record support")
    form_class = forms.SupportForm
    related_field = "enterprise"
    permission_required = "cooperatives.add_support"


class SupportUpdateView(generic.UpdateView):
    model = Support
    form_class = forms.SupportForm
    permission_required = "cooperatives.change_support"


class EnterpriseMembershipCreateView(WithUser, generic.CreateRelatedView):
    model = EnterpriseMembership
    form_class = forms.EnterpriseMembershipForm
    related_field = "enterprise"
    permission_required = "cooperatives.add_enterprisemembership"

    def get_initial(self):
        return super().get_initial() | {"cooperative": self.related_object.cooperative}


@on_row(
    EnterpriseMembership.objects.select_related("enterprise", "cooperative"),
    "cooperatives.change_enterprisemembership",
)
def membership_end(request, membership):
    """The enterprise leaves the cooperative; the line stays, with its end."""
    form = forms.EndMembershipForm(request.POST or None)
    if form.is_valid():
        try:
            services.end_membership(membership=membership, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Saved."))
            return redirect(membership)
    words = {"name": membership.enterprise, "cooperative": membership.cooperative}
    context = {
        "form": form,
        "heading": _("%(name)s leaves %(cooperative)s") % words,
        "back": membership.get_absolute_url(),
    }
    return render(request, "generic/object_form.html", context)


class GroupMemberCreateView(WithUser, generic.CreateRelatedView):
    model = GroupMember
    heading = gettext_lazy("Add somebody to the group")
    form_class = forms.NewGroupMemberForm
    related_field = "enterprise"
    permission_required = "cooperatives.add_groupmember"


class GroupMemberUpdateView(generic.UpdateView):
    model = GroupMember
    queryset = GroupMember.objects.select_related("person", "enterprise")
    form_class = forms.GroupMemberForm
    permission_required = "cooperatives.change_groupmember"


@on_row(
    GroupMember.objects.select_related("enterprise", "person"), "cooperatives.change_groupmember"
)
def groupmember_leave(request, group_member):
    """Somebody leaves the group; the line stays, with its end."""
    form = forms.LeaveForm(request.POST or None)
    if form.is_valid():
        try:
            services.leave_group(group_member=group_member, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Saved."))
            return redirect(group_member)
    words = {"name": group_member.person, "group": group_member.enterprise}
    context = {
        "form": form,
        "heading": _("%(name)s leaves %(group)s") % words,
        "back": group_member.get_absolute_url(),
    }
    return render(request, "generic/object_form.html", context)
