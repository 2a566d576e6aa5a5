"""Terms of office, and the accounts that go with them."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cooperatives.models import Person
from cooperatives.services.saving import save_or_explain
from malaka_portal import invitations
from malaka_portal.models import User


@transaction.atomic
def invite_officer(*, officer, by):
    """Give the officer's person an account without any rights of its own, and a one-time code
    that sets its password; returns (user, code). ValidationError when the term is not open."""
    # the person first: one account each, and whoever joins two people locks in this order
    Person.objects.select_for_update(of=("self",)).get(pk=officer.person_id)
    officer = type(officer).objects.select_for_update(of=("self",)).get(pk=officer.pk)
    if not officer.is_open:
        raise ValidationError(_("Only an open term gives access."), "term_closed")
    if officer.user is None:
        known = officer.person.terms.filter(user__isnull=False).select_related("user").first()
        officer.user = known.user if known else new_account(officer.person)
        officer.save()
    return officer.user, invitations.invite(officer.user, by=by)


def new_account(person):
    """An account for `person` under a name that is still free."""
    first, _space, last = person.name.partition(" ")
    stem = re.sub(r"[^a-z]", "", unicodedata.normalize("NFD", first).lower()) or "pengurus"
    taken = set(User.objects.filter(username__startswith=stem).values_list("username", flat=True))
    names = (stem, *(f"{stem}{number}" for number in range(2, len(taken) + 3)))
    user = User(
        username=next(name for name in names if name not in taken),
        first_name=first,
        last_name=last[:150],
    )
    user.set_unusable_password()
    save_or_explain(user)
    return user


@transaction.atomic
def end_term(*, officer, on, reason):
    """The term is over from the day `on`; so is the account's access, at its next request."""
    officer = type(officer).objects.select_for_update(of=("self",)).get(pk=officer.pk)
    if officer.ended_on:
        raise ValidationError(_("This term has ended already."), "term_ended")
    officer.ended_on, officer.end_reason = on, reason
    officer.full_clean()
    officer.save()
    return officer
