"""Pages of the register of members: the lines, a new one on a phone, the register of a day."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperatives import filters, forms, services, tables
from cooperatives.models import Cooperative, CooperativeSummary, Member, access
from cooperatives.models.summary import SEXES
from cooperatives.views import known
from malaka_portal import generic, lists
from malaka_portal.names import with_words
from malaka_portal.shortcuts import on_row
from malaka_portal.submissions import once

LINES = Member.objects.select_related("cooperative", "person__village__parent", "repeats")

# {what the list is narrowed to: the columns of a summary that count it}
LINES_COUNTED = {"now": SEXES, "left": ("members_left",), None: (*SEXES, "members_left")}


class MemberListView(lists.KeysetListView):
    queryset = LINES
    columns = tables.MEMBER_COLUMNS
    filters = filters.MEMBER_FILTERS
    search_label = gettext_lazy("Name or member number")
    search_is_limited = True
    file_columns = tables.MEMBER_FILE_COLUMNS
    sensitive_columns = (tables.NIK_OF_MEMBER,)
    sorts = {
        "name": lists.Sort(gettext_lazy("Name"), ("name_order", "id")),
        "joined": lists.Sort(gettext_lazy("Last joined"), ("-joined_on", "-id")),
    }

    @cached_property
    def table(self):
        """Without the cooperative for whoever sees the members of one only."""
        table, user = super().table, self.request.user
        if not user.has_perm("cooperatives.view_member") and len(access.ids_seen_by(user)) == 1:
            table.columns = [column for column in table.columns if column.name != "cooperative"]
        return table

    @cached_property
    def known(self):
        """From the summaries, of the lines now, of those closed, or of all: in one register, or
        in all that the user sees."""
        chosen = known.chosen(self)
        if chosen is None or set(chosen) - {"koperasi", "keadaan"}:
            return None
        columns = LINES_COUNTED[chosen.get("keadaan")]
        if "koperasi" not in chosen and (region := known.rolled_up(self, columns)):
            return region
        summaries = CooperativeSummary.objects.counting(Member, self.request.user)
        if "koperasi" in chosen:
            summaries = summaries.filter(cooperative=chosen["koperasi"])
        return known.summed(summaries, columns)

    def get_empty_action(self):
        """Whoever runs a cooperative may add members to it, those of several choose which."""
        run = Cooperative.objects.managed_by(self.request.user)[:2]
        if not run:
            return super().get_empty_action()
        if len(run) == 1:
            return _("Add a member"), reverse("cooperatives:member-create", args=[run[0].pk])
        return _("Add a member"), reverse("cooperatives:record")

    def search(self, queryset, text):
        if any(character.isdigit() for character in text):
            return queryset.filter(number__iexact=text)
        return with_words(queryset, text)


class RegisterView(lists.PagedListView):
    """The register of one cooperative (buku daftar anggota), as of any day."""

    queryset = LINES
    model = Cooperative  # whose number stands in the address
    columns = tables.REGISTER_COLUMNS
    file_columns = tables.REGISTER_FILE_COLUMNS
    page_only = ("where",)
    filters = filters.REGISTER_FILTERS
    page_size = 100
    is_register = True
    sorts = {"number": lists.Sort(gettext_lazy("Member number"), ("number", "id"))}

    @cached_property
    def cooperative(self):
        rows = Cooperative.objects.visible_to(self.request.user)
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @property
    def heading(self):
        return _("Register of members: %(name)s") % {"name": self.cooperative}

    def get_queryset(self):
        return super().get_queryset().filter(cooperative_id=self.cooperative.pk)

    @property
    def export_day(self):
        return self.filter_form.cleaned_data.get("tanggal") or super().export_day

    @property
    def back(self):
        return self.cooperative, self.cooperative.get_absolute_url()

    @property
    def print_url(self):
        return reverse("cooperatives:paper-books", args=[self.cooperative.pk])


class MemberDetailView(generic.DetailView):
    model = Member
    queryset = LINES


class MemberHistoryView(generic.HistoryView):
    model = Member


class MemberUpdateView(generic.UpdateView):
    model = Member
    form_class = forms.MemberForm
    permission_required = "cooperatives.change_member"


@once("cooperatives:member-create", form_class=forms.NewMemberForm)
@on_row(Cooperative.objects.all(), "cooperatives.add_member")
def member_create(request, cooperative):
    """Journey J1: the sheets come in one page; without `simpan` the answers are shown to check."""
    form = forms.NewMemberForm(request.POST or None, cooperative=cooperative)
    checked = form.is_valid()
    warnings = form.warnings() if checked else []
    # what looks odd stops nobody, but nobody saves it without having seen it
    if checked and "simpan" in request.POST and (not warnings or "diperiksa" in request.POST):
        try:
            member = form.save()
        except ValidationError as error:
            form.add_error(None, error.messages)
            checked = False
        else:
            return redirect(reverse("cooperatives:member-recorded", args=[member.pk]))
    context = {
        "form": form,
        "cooperative": cooperative,
        "reviewing": checked,
        "warnings": warnings,
    }
    return render(request, "cooperatives/member_create.html", context)


class MemberRecordedView(generic.DetailView):
    """What the officer sees once the line is open: the number, and a way to tell the member."""

    model = Member
    queryset = LINES
    template_name = "cooperatives/member_recorded.html"


@on_row(LINES, "cooperatives.change_member")
def member_close(request, member):
    """A member leaves: the line is closed, not deleted."""
    form = forms.CloseLineForm(request.POST or None)
    if form.is_valid():
        try:
            services.close_line(member=member, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The line is closed."))
            return redirect(member)
    context = {
        "form": form,
        "heading": _("%(name)s leaves the cooperative") % {"name": member.person},
        "back": member.get_absolute_url(),
    }
    return render(request, "generic/object_form.html", context)
