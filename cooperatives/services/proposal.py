"""What officers propose about people, decided by the programme."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cooperatives.models import Proposal


def pending_proposal(proposal):
    proposal = Proposal.objects.select_for_update(of=("self",)).get(pk=proposal.pk)
    if proposal.status != Proposal.Status.PENDING:
        raise ValidationError(_("Somebody else has decided this already."), "decided")
    return proposal


@transaction.atomic
def accept_proposal(*, proposal, form, by):
    """Save `form`, a valid form of the person bound to the proposed values, and close it."""
    proposal = pending_proposal(proposal)
    person = form.save()
    proposal.decide(Proposal.Status.ACCEPTED, by=by)
    return person


@transaction.atomic
def refuse_proposal(*, proposal, by, note):
    """The person stays as they are, for the reason `note`."""
    proposal = pending_proposal(proposal)
    proposal.decide(Proposal.Status.REFUSED, by=by, note=note)
    return proposal
