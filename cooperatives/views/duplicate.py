"""Possible duplicates: the list, two records side by side, what joining does, and taking it back
(journey J10)."""

from functools import partial

from django.apps import apps
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperatives import filters, forms, services, tables
from cooperatives.models import Joining, Member, NikClaim, Person, Suspicion
from cooperatives.views.work import holder
from malaka_portal import lists
from malaka_portal.parsing import format_date
from malaka_portal.rules import PERSONAL, grants
from malaka_portal.shortcuts import on_row
from malaka_portal.submissions import SAVE, once

PEOPLE = ("first__village__parent", "second__village__parent")
SUSPICIONS = Suspicion.objects.select_related(*PEOPLE, "decided_by")
CLAIMS = NikClaim.objects.select_related("person__village__parent", "cooperative")
JOININGS = Joining.objects.select_related("survivor", "duplicate", "joined_by", "undone_by")
PLAN = "_rencana"  # the fingerprint of what was shown


class SuspicionListView(lists.PagedListView):
    """Those that wait, the likeliest first; a filter shows the decided ones."""

    queryset = SUSPICIONS
    columns = tables.SUSPICION_COLUMNS
    filters = filters.SUSPICION_FILTERS
    heading = gettext_lazy("Possible duplicates")
    empty_text = gettext_lazy("No possible duplicates. Well kept!")
    sorts = {"score": lists.Sort(gettext_lazy("The likeliest first"), ("-score", "-id"))}
    export_formats = ()  # a list to work through, not to take away

    def get_queryset(self):
        rows = super().get_queryset()
        return rows if self.filter_form.cleaned_data.get("putus") else rows.pending()

    @property
    def back(self):
        return _("Work list"), reverse("cooperatives:work-list")


@once("cooperatives:suspicion-decide", form_class=forms.JoinForm)
@on_row(SUSPICIONS, "cooperatives.join_people")
def suspicion_decide(request, suspicion):
    """Two records side by side: join them, or say that they are two people."""
    if request.POST.get("act") == "different" or suspicion.status != Suspicion.Status.PENDING:
        return part(request, suspicion)
    survivor, duplicate = services.order(suspicion.first, suspicion.second)
    context = {
        "suspicion": suspicion,
        "different": forms.DifferentForm(),
        "back": (_("Possible duplicates"), reverse("cooperatives:suspicion-list")),
    }
    act = partial(services.join_suspects, suspicion=suspicion)
    return compare(request, survivor, duplicate, act, context)


def part(request, suspicion):
    """Two people; or somebody has decided already, which the page then says."""
    form = forms.DifferentForm(request.POST or None)
    context = {"suspicion": suspicion, "different": form}
    if suspicion.status == Suspicion.Status.PENDING and not form.is_valid():
        survivor, duplicate = services.order(suspicion.first, suspicion.second)
        return show_pair(request, join_form(request, survivor, duplicate, None), context)
    if request.method == "POST":
        try:
            note = form.cleaned_data["note"] if form.is_valid() else ""
            services.mark_different(suspicion=suspicion, by=request.user, note=note)
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect(suspicion)
        messages.success(request, _("Noted: two people. This pair will not come up again."))
        return redirect("cooperatives:suspicion-list")
    joining = Joining.objects.visible_to(request.user).of(suspicion.first).filter(undone_at=None)
    return render(
        request,
        "cooperatives/suspicion_decided.html",
        context | {"joining": joining.of(suspicion.second).first()},
    )


@once("cooperatives:nikclaim-join", form_class=forms.JoinForm)
@on_row(CLAIMS, "cooperatives.join_people")
def nikclaim_join(request, claim):
    """Somebody else holds the NIK that was written down: the same comparison, with them."""
    found = holder(request.user, claim)
    if found is None or claim.status != NikClaim.Status.PENDING:
        if claim.status == NikClaim.Status.PENDING:
            messages.error(
                request,
                _(
                    "Nobody whom you may see holds this NIK. If it cannot be confirmed, somebody "
                    "outside your area does: pass it on to the office of the regency."
                ),
            )
        return redirect("cooperatives:nikclaim-decide", claim.pk)
    back = (_("Check a NIK"), reverse("cooperatives:nikclaim-decide", args=[claim.pk]))
    act = partial(services.join_claim, claim=claim)
    return compare(request, found, claim.person, act, {"back": back})


# --- the comparison -------------------------------------------------------------------------------
def join_form(request, survivor, duplicate, data):
    personal = grants(request.user, PERSONAL)
    return forms.JoinForm(data, survivor=survivor, duplicate=duplicate, personal=personal)


def compare(request, survivor, duplicate, join, context):
    """Choose what stays; sent, the page says what will happen; sent again, it happens."""
    form = join_form(request, survivor, duplicate, request.POST or None)
    if not form.is_valid():
        return show_pair(request, form, context)
    plan = services.plan_joining(
        duplicate=duplicate, survivor=survivor, by=request.user, picks=form.cleaned_data
    )
    if SAVE in request.POST and not plan.problems:
        try:
            joining = join(
                by=request.user, picks=form.cleaned_data, seen=request.POST.get(PLAN) or "-"
            )
        except ValidationError as error:
            if getattr(error, "code", "") == "decided":
                messages.error(request, error.messages[0])
                return redirect(request.path)
            form.add_error(None, error.messages)
        else:
            return joined(request, joining)
    kept = [
        (row.label, row.survivor, row.duplicate, form.cleaned_data[row.field.name])
        for row in form.compared
        if row.field
    ]
    context = context | {"form": form, "plan": plan, "kept": kept, "personal": form.personal}
    return render(request, "cooperatives/joining_review.html", context)


def joined(request, joining):
    """Where the old address leads from now on."""
    until = format_date(timezone.localdate(joining.undo_until))
    messages.success(
        request,
        _("The two records of %(name)s are one now. This can be undone until %(day)s.")
        % {"name": joining.survivor, "day": until},
    )
    return redirect(joining.survivor)


def show_pair(request, form, context):
    survivor, duplicate = form.survivor, form.duplicate
    lines = Member.objects.visible_to(request.user).filter(person__in=[survivor, duplicate])
    registers = {survivor.pk: [], duplicate.pk: []}
    for line in lines.select_related("cooperative").order_by("-joined_on"):
        registers[line.person_id].append(line)
    context = {
        "back": (_("Possible duplicates"), reverse("cooperatives:suspicion-list")),
        "different": None,
        "suspicion": None,
    } | context
    context |= {
        "form": form,
        "survivor": survivor,
        "duplicate": duplicate,
        "survivor_lines": registers[survivor.pk],
        "duplicate_lines": registers[duplicate.pk],
        "personal": form.personal,
        # the form whose errors stand at the head of the page
        "faulty": context["different"] if context["different"] and not form.is_bound else form,
    }
    return render(request, "cooperatives/suspicion_decide.html", context)


# --- taking it back -------------------------------------------------------------------------------
@on_row(JOININGS, "cooperatives.undo_joining")
def joining_undo(request, joining):
    """What a joining moved, and taking it back within 30 days."""
    if request.method == "POST":
        try:
            services.undo_joining(joining=joining, by=request.user)
        except ValidationError as error:
            for message in error.messages:
                messages.error(request, message)
            return redirect(joining)
        messages.success(request, _("The joining is undone: there are two records again."))
        return redirect("cooperatives:person-detail", joining.duplicate_id)
    against = [] if joining.undone_at else services.reasons_against(joining)
    context = {"joining": joining, "moved": counted(joining), "reasons": list(against)}
    return render(request, "cooperatives/joining_undo.html", context)


def counted(joining):
    """[(table, how many of its rows moved)]."""
    return [
        (capfirst(str(apps.get_model(label)._meta.verbose_name_plural)), len(rows))
        for label, rows in services.rows_by_model(joining)
    ]


def survivor_of(person, user):
    """Who a joined record leads to in the end, if `user` may see them; else None."""
    seen = set()
    while person.joined_into_id and person.pk not in seen:
        seen.add(person.pk)
        person = Person.objects.get(pk=person.joined_into_id)
    return Person.objects.visible_to(user).filter(pk=person.pk).first() if seen else None
