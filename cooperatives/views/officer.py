"""Pages of terms of office, and of the access that comes with them."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperatives import filters, forms, services, tables
from cooperatives.models import Officer, access
from malaka_portal import generic, lists
from malaka_portal.names import search_words
from malaka_portal.parsing import format_date
from malaka_portal.shortcuts import on_row

TERMS = Officer.objects.select_related("cooperative", "person", "user")


class OfficerListView(lists.PagedListView):
    queryset = TERMS
    columns = tables.OFFICER_COLUMNS
    filters = filters.OFFICER_FILTERS
    search_label = gettext_lazy("Name")
    sorts = {
        "name": lists.Sort(gettext_lazy("Name"), ("person__name_order", "id")),
        "cooperative": lists.Sort(
            gettext_lazy("Cooperative"), ("cooperative__name_order", "body", "id")
        ),
    }

    def search(self, queryset, text):
        return search_words(queryset, text, field="person__name_key")


class OfficerDetailView(generic.DetailView):
    model = Officer
    queryset = TERMS


class OfficerHistoryView(generic.HistoryView):
    model = Officer


class OfficerCreateView(generic.CreateRelatedView):
    model = Officer
    form_class = forms.OfficerForm
    related_field = "cooperative"
    permission_required = "cooperatives.add_officer"


class OfficerUpdateView(generic.UpdateView):
    model = Officer
    form_class = forms.OfficerForm
    permission_required = "cooperatives.change_officer"


@on_row(TERMS, "cooperatives.change_officer")
def officer_end(request, officer):
    """End a term; the account's access ends with it."""
    form = forms.EndTermForm(request.POST or None)
    if form.is_valid():
        try:
            services.end_term(officer=officer, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            on = format_date(form.cleaned_data["on"])
            messages.success(request, _("The term ends on %(day)s.") % {"day": on})
            return redirect(officer.cooperative)
    heading = _("End the term of %(name)s") % {"name": officer.person}
    context = {"form": form, "heading": heading, "back": officer.get_absolute_url()}
    return render(request, "generic/object_form.html", context)


def serves_out_of_sight(officer, user):
    """Would a new code, which sets the password, open more than `user` may see?"""
    terms = Officer.objects.filter(person_id=officer.person_id).open(on=access.today())
    return terms.exclude(pk__in=Officer.objects.visible_to(user).values("pk")).exists()


@on_row(TERMS, "cooperatives.invite_officer")
def officer_invite(request, officer):
    """Give the officer an account and show, once, the code that sets its password."""
    if request.method != "POST":  # a link, or back from the sign-in page
        return redirect(officer)
    if serves_out_of_sight(officer, request.user):
        messages.error(
            request,
            _("This account also serves a cooperative outside your area. Ask the administrator."),
        )
        return redirect(officer)
    try:
        user, code = services.invite_officer(officer=officer, by=request.user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(officer)
    context = {"officer": officer, "invited": user, "code": code}
    return render(request, "cooperatives/officer_invited.html", context)
