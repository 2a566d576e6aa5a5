"""What waits for the programme: NIK that officers wrote down, and changes they propose."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from cooperatives import forms, services
from cooperatives.models import NikClaim, Person, Proposal, QuoteRequest, Suspicion
from malaka_portal.models import AccessLog
from malaka_portal.rules import grants, may_see_personal
from malaka_portal.shortcuts import on_row

CLAIMS = NikClaim.objects.select_related("cooperative", "person__village", "decided_by")
PROPOSALS = Proposal.objects.select_related("cooperative", "proposed_by", "decided_by")
JOIN = "cooperatives.join_people"
SHOWN = 50  # rows of each kind on the work list; the oldest first, so it empties from the front


def work_list(request):
    """What waits, as far as the user may see it: officers see what they sent themselves."""
    user = request.user
    quotes = QuoteRequest.objects.visible_to(user).waiting().order_by("pk")
    claims = NikClaim.objects.visible_to(user).pending().listed()
    proposals = Proposal.objects.visible_to(user).pending().listed()
    suspicions = Suspicion.objects.visible_to(user).pending().listed()
    refused = NikClaim.objects.managed_by(user).listed().to_ask_again()
    context = (
        first_of("quote", quotes.select_related("cooperative"))
        | first_of("claim", claims.select_related("cooperative", "person"))
        | first_of("proposal", proposals.select_related("cooperative", "person", "proposed_by"))
        | {"refused": refused.select_related("person").order_by("-id")[:SHOWN]}
        | {"suspicion_count": suspicions.count() if grants(user, JOIN) else None}
    )
    return render(request, "cooperatives/work_list.html", context)


def first_of(name, rows):
    """`{name}s`, as many as the page shows, and `{name}_count`, how many there are in all."""
    found = list(rows[: SHOWN + 1])
    count = len(found) if len(found) <= SHOWN else rows.count()
    return {f"{name}s": found[:SHOWN], f"{name}_count": count}


@on_row(CLAIMS, "cooperatives.decide_nikclaim")
def nikclaim_decide(request, claim):
    """Look at a NIK that an officer wrote down: confirm or refuse it, or go on to join the two."""
    act = ACTS.get(request.POST.get("act"))
    form = forms.ReasonForm(request.POST if act is refuse else None)
    context = {"claim": claim, "form": form, "nik": ""}
    try:
        if act is reveal:
            context["nik"] = reveal(request, claim)
        elif act and act(request, claim, form):
            return redirect("cooperatives:work-list")
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("cooperatives:nikclaim-decide", claim.pk)
    context["holder"] = holder(request.user, claim)
    return render(request, "cooperatives/nikclaim_decide.html", context)


def confirm(request, claim, form):
    services.confirm_claim(claim=claim, by=request.user)
    messages.success(request, _("The NIK is confirmed."))
    return True


def holder(user, claim):
    """Whoever else holds the claimed number, as far as `user` may see them; None otherwise."""
    others = Person.objects.visible_to(user).filter(nik_hash=claim.nik_hash)
    return others.exclude(pk=claim.person_id).select_related("village__parent").first()


def refuse(request, claim, form):
    if not form.is_valid():
        return False
    services.refuse_claim(claim=claim, by=request.user, note=form.cleaned_data["reason"])
    messages.success(request, _("The NIK is refused."))
    return True


def reveal(request, claim):
    """The claimed number in full; the log says who looked at it."""
    if not request.user.has_perm("cooperatives.reveal_national_id", claim.person):
        raise PermissionDenied
    AccessLog.objects.create(
        user=request.user,
        kind=AccessLog.Kind.REVEAL,
        subject=NikClaim._meta.label_lower,
        object_id=claim.pk,
        reason=_("check of a NIK"),
        rows=1,
    )
    return claim.national_id()


ACTS = {"confirm": confirm, "refuse": refuse, "reveal": reveal}


@on_row(PROPOSALS, "cooperatives.decide_proposal")
def proposal_decide(request, proposal):
    """Look at a proposed change; accept it as it is, or refuse it."""
    people = Person.objects.select_for_update(of=("self",)) if request.POST else Person.objects
    person = people.get(pk=proposal.person_id)
    refusal = forms.ReasonForm(request.POST if "refuse" in request.POST else None)
    bound = forms.form_of_proposal(
        proposal, person, version=request.POST.get("_versi", person.version)
    )
    try:
        if "accept" in request.POST and bound.is_valid():
            services.accept_proposal(proposal=proposal, form=bound, by=request.user)
            messages.success(request, _("The change is made."))
            return redirect("cooperatives:work-list")
        if "refuse" in request.POST and refusal.is_valid():
            note = refusal.cleaned_data["reason"]
            services.refuse_proposal(proposal=proposal, by=request.user, note=note)
            messages.success(request, _("The proposal is refused."))
            return redirect("cooperatives:work-list")
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("cooperatives:proposal-decide", proposal.pk)
    context = {
        "proposal": proposal,
        "person": Person.objects.get(pk=proposal.person_id),
        "rows": compared(proposal, bound),
        "personal": may_see_personal(request.user, person),
        "form": bound if "accept" in request.POST else refusal,
        "refusal": refusal,
    }
    return render(request, "cooperatives/proposal_decide.html", context)


def compared(proposal, form):
    """(label, value the officer saw, value now, proposed value) of every proposed field."""
    return [
        (
            form.fields[name].label or name,
            proposal.seen.get(name, ""),
            forms.spelled(form, name),
            value,
        )
        for name, value in proposal.values.items()
    ]
