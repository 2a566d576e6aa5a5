"""Pages of people: what is known about them, their consents, and their NIK on demand."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperatives import filters, forms, services, tables
from cooperatives.models import (
    Consent,
    Joining,
    Member,
    NikClaim,
    Officer,
    Person,
    Proposal,
    access,
)
from cooperatives.views.duplicate import survivor_of
from malaka_portal import generic, lists, national_id
from malaka_portal.changes import Change
from malaka_portal.models import AccessLog
from malaka_portal.names import with_words
from malaka_portal.rules import may_see_personal
from malaka_portal.shortcuts import on_row
from malaka_portal.submissions import once

LAST_SEEN = 10  # accesses on the page; the dossier has them all
PEOPLE = Person.objects.select_related("village__parent", "joined_into")


class PersonListView(lists.KeysetListView):
    queryset = Person.objects.current().select_related("village__parent")
    columns = tables.PERSON_COLUMNS
    scope_is_sorted = True  # an officer's people are those with a line or a term
    search_label = gettext_lazy("Name")
    search_is_limited = True
    sensitive_columns = (tables.NIK_OF_PERSON,)
    sorts = {"name": lists.Sort(gettext_lazy("Name"), ("name_order", "id"))}

    @cached_property
    def filters(self):
        """Who objects is found only by whoever has to answer their requests."""
        if self.request.user.has_perm("cooperatives.make_dossier"):
            return (*filters.PERSON_FILTERS, filters.WITHHELD_FILTER)
        return filters.PERSON_FILTERS

    def get_queryset(self):
        people = super().get_queryset()
        return people.with_withdrawal() if self.is_of_withheld else people

    @cached_property
    def is_of_withheld(self):
        return filters.WITHHELD_FILTER in dict(self.filter_form.active)

    @cached_property
    def may_export(self):
        return super().may_export and not self.is_of_withheld

    @cached_property
    def table(self):
        table = super().table
        if self.is_of_withheld:
            table.columns.append(tables.STOP_BY)
        return table

    def listed(self, queryset):
        return queryset if self.is_of_withheld else super().listed(queryset)

    def search(self, queryset, text):
        return with_words(queryset, text)


class PersonDetailView(generic.DetailView):
    """A joined record's address leads on to the one it was joined into."""

    model = Person
    queryset = PEOPLE

    def get(self, request, *args, **kwargs):
        joined = Person.objects.exclude(joined_into=None).filter(pk=kwargs["pk"]).first()
        if joined and (survivor := survivor_of(joined, request.user)):
            return redirect(survivor)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs):
        person, user = self.object, self.request.user
        lines = Member.objects.visible_to(user).filter(person=person)
        terms = Officer.objects.visible_to(user).filter(person=person)
        return super().get_context_data(
            lines=lines.select_related("cooperative").order_by("-joined_on"),
            terms=terms.select_related("cooperative").order_by("-started_on"),
            refusals=refusals(person, user),
            consents=Consent.objects.visible_to(user).filter(person=person),
            joinings=Joining.objects.visible_to(user).of(person).select_related("duplicate"),
            withdrawal=withdrawal(person),
            accesses=accesses(person) if may_see_personal(user, person) else None,
            **kwargs,
        )


def withdrawal(person):
    """The Consent whose withdrawal takes the person out of the lists; None if nothing does."""
    if not person.is_withheld:
        return None
    withdrawn = person.consents.filter(purpose=Consent.Purpose.RECORD, withdrawn_at__isnull=False)
    return withdrawn.order_by("-withdrawn_at").first()


def accesses(person):
    """Who looked behind the mask, or took the person's record out, the last first."""
    claims = list(person.nikclaims.values_list("pk", flat=True))
    ids = {Person._meta.label_lower: [person.pk], NikClaim._meta.label_lower: claims}
    return AccessLog.objects.about(ids).select_related("user").order_by("-at", "-id")[:LAST_SEEN]


def refusals(person, user):
    """What the programme refused last, as far as `user` may see it: the officer has to know why."""
    claims = NikClaim.objects.visible_to(user).filter(person=person)
    proposals = Proposal.objects.visible_to(user).filter(person=person)
    newest = [rows.order_by("-id").first() for rows in (claims, proposals)]
    return [row for row in newest if row and row.status == row.Status.REFUSED]


class PersonHistoryView(generic.HistoryView):
    """With the joinings of the record, each named as the one act it was."""

    model = Person

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        joinings = Joining.objects.visible_to(self.request.user).of(self.object)
        for joining in joinings.select_related("survivor", "duplicate", "joined_by", "undone_by"):
            name_the_act(context["changes"], joining, self.object)
        return context


def name_the_act(changes, joining, person):
    """Put the joining (and its undoing) into the history; the change that it made of the record
    itself, written in the same transaction, becomes part of that entry."""
    other = joining.duplicate if person.pk == joining.survivor_id else joining.survivor
    known = {"name": other, "number": other.pk}
    acts = [(joining.joined_at, joining.joined_by, _("joined with record %(number)d of %(name)s"))]
    if joining.undone_at:
        words = _("parted again from record %(number)d of %(name)s")
        acts.append((joining.undone_at, joining.undone_by, words))
    for when, who, words in acts:
        same = [c for c in changes if c.when == when and c.label == "update"][:1]
        entry = Change(
            when,
            services.name_of(who),
            words % known,
            "update",
            same[0].differences if same else [],
        )
        changes[:] = [c for c in changes if c not in same]
        at = next((n for n, c in enumerate(changes) if c.when <= when), len(changes))
        changes.insert(at, entry)


class PersonCreateView(generic.CreateView):
    model = Person
    form_class = forms.NewPersonForm
    permission_required = "cooperatives.add_person"
    back = reverse_lazy("cooperatives:record")


class PersonUpdateView(generic.UpdateView):
    model = Person
    queryset = Person.objects.current()
    form_class = forms.PersonForm
    permission_required = "cooperatives.change_person"


@once("cooperatives:person-enrol", form_class=forms.EnrolForm)
@on_row(PEOPLE, "cooperatives.add_person")
def person_enrol(request, person):
    """Staff write somebody who is on record into a cooperative's register."""
    initial = {"joined_on": access.today()}
    form = forms.EnrolForm(request.POST or None, user=request.user, initial=initial)
    if form.is_valid():
        try:
            member = services.enrol(person=person, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Saved."))
            return redirect(member)
    context = {
        "form": form,
        "heading": _("Make %(name)s a member") % {"name": person},
        "back": person.get_absolute_url(),
    }
    return render(request, "generic/object_form.html", context)


@once("cooperatives:person-claim", form_class=forms.ClaimForm)
@on_row(PEOPLE, "cooperatives.claim_person")
def person_claim(request, person):
    """Write down the NIK of somebody who had none; it waits for the programme's check."""
    form = forms.ClaimForm(request.POST or None)
    if form.is_valid():
        try:
            services.claim_for(person=person, nik=form.cleaned_data["nik"], by=request.user)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("The NIK is waiting for the programme's check."))
            return redirect(person)
    context = {
        "form": form,
        "heading": _("Write down the NIK of %(name)s") % {"name": person},
        "back": person.get_absolute_url(),
    }
    return render(request, "generic/object_form.html", context)


@once("cooperatives:person-propose", form_class=forms.ProposalForm)
@on_row(PEOPLE, "cooperatives.propose_person")
def person_propose(request, person):
    """An officer asks the programme to change somebody who is known elsewhere too."""
    form = forms.ProposalForm(request.POST or None, instance=person)
    if form.is_valid():
        values, seen = form.proposed()
        if not values:
            form.add_error(None, _("Nothing was changed, so there is nothing to send."))
        else:
            Proposal.objects.create(
                cooperative=services.serving_cooperative(person, request.user)
                or services.home_cooperative(person),
                person_id=person.pk,
                values=values,
                seen=seen,
                reason=form.cleaned_data["reason"],
                proposed_by=request.user,
            )
            messages.success(request, _("Sent to the programme. It is changed once they agree."))
            return redirect("cooperatives:person-detail", person.pk)
    name = Person.objects.get(pk=person.pk)  # the form has changed `person` already
    context = {
        "form": form,
        "heading": _("Propose a change of %(name)s") % {"name": name},
        "back": name.get_absolute_url(),
    }
    return render(request, "cooperatives/person_propose.html", context)


@on_row(PEOPLE, "cooperatives.reveal_national_id")
def person_reveal(request, person):
    """Show a NIK in full, once the reason is written down."""
    form = forms.RevealForm(request.POST or None)
    nik = ""
    if form.is_valid():
        AccessLog.objects.create(
            user=request.user,
            kind=AccessLog.Kind.REVEAL,
            subject=Person._meta.label_lower,
            object_id=person.pk,
            reason=form.cleaned_data["reason"],
            rows=1,
        )
        try:
            nik = person.national_id()
        except national_id.Unreadable as error:
            form.add_error(None, error)
    context = {"form": form, "person": person, "nik": nik, "back": person.get_absolute_url()}
    return render(request, "cooperatives/person_reveal.html", context)
