"""Pages of people: what is known about them, their consents, and their NIK on demand."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperatives import filters, forms, services, tables
from cooperatives.models import Consent, Member, NikClaim, Officer, Person, Proposal, access
from malaka_portal import generic, lists, national_id
from malaka_portal.models import AccessLog
from malaka_portal.names import search_words
from malaka_portal.shortcuts import on_row
from malaka_portal.submissions import once

PEOPLE = Person.objects.select_related("village__parent", "joined_into")


class PersonListView(lists.KeysetListView):
    queryset = Person.objects.current().select_related("village__parent")
    columns = tables.PERSON_COLUMNS
    filters = filters.PERSON_FILTERS
    search_label = gettext_lazy("Name")
    sensitive_columns = (tables.NIK_OF_PERSON,)
    sorts = {"name": lists.Sort(gettext_lazy("Name"), ("name_order", "id"))}

    def search(self, queryset, text):
        return search_words(queryset, text)


class PersonDetailView(generic.DetailView):
    model = Person
    queryset = PEOPLE

    def get_context_data(self, **kwargs):
        person, user = self.object, self.request.user
        lines = Member.objects.visible_to(user).filter(person=person)
        terms = Officer.objects.visible_to(user).filter(person=person)
        return super().get_context_data(
            lines=lines.select_related("cooperative").order_by("-joined_on"),
            terms=terms.select_related("cooperative").order_by("-started_on"),
            refusals=refusals(person, user),
            consents=Consent.objects.visible_to(user).filter(person=person),
            **kwargs,
        )


def refusals(person, user):
    """What the programme refused last, as far as `user` may see it: the officer has to know why."""
    claims = NikClaim.objects.visible_to(user).filter(person=person)
    proposals = Proposal.objects.visible_to(user).filter(person=person)
    newest = [rows.order_by("-id").first() for rows in (claims, proposals)]
    return [row for row in newest if row and row.status == row.Status.REFUSED]


class PersonHistoryView(generic.HistoryView):
    model = Person


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


class ConsentCreateView(generic.CreateRelatedView):
    model = Consent
    form_class = forms.ConsentForm
    related_field = "person"
    permission_required = "cooperatives.add_consent"


@on_row(Consent.objects.select_for_update(of=("self",)), "cooperatives.change_consent")
def consent_withdraw(request, consent):
    """From today on the consent no longer holds."""
    if request.method != "POST":  # a link, or back from the sign-in page
        return redirect(consent.person)
    if consent.withdrawn_on is None:
        consent.withdrawn_on = max(access.today(), consent.given_on)
        consent.save()
    messages.success(request, _("The consent is withdrawn."))
    return redirect(consent.person)


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
