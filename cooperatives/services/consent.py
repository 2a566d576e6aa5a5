"""Consents taken back, and objections."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cooperatives.models import Consent, Person, access
from cooperatives.models.joined import JOINED
from cooperatives.services.saving import save_or_explain


@transaction.atomic
def withdraw_consent(*, consent):
    """From now on `consent` no longer holds; returns it. Nothing if it is so already.

    ValidationError when the portal does not know by when its use must have stopped.
    """
    consent = locked_behind_its_person(consent)
    if consent.withdrawn_on is None:
        consent.withdrawn_on = max(access.today(), consent.given_on)
        save_or_explain(consent)  # a trigger adds the hour
    return consent


def locked_behind_its_person(consent):
    """The consent as it is now, locked after its person, as a joining of two people locks too.

    A joining may have moved it to somebody else while we waited. Then the savepoint gives both
    locks back before the other person is locked: held, they would let a further joining wait in a
    circle.
    """
    while True:
        with transaction.atomic():
            Person.objects.select_for_update(of=("self",)).get(pk=consent.person_id)
            found = Consent.objects.select_for_update(of=("self",)).get(pk=consent.pk)
            if found.person_id == consent.person_id:
                return found
            transaction.set_rollback(True)
        consent = found


@transaction.atomic
def record_objection(*, person, channel, witness=""):
    """The programme is not to keep anything of `person` beyond the register of their cooperative;
    returns the Consent that is withdrawn. ValidationError when that is on record already, or when
    the record has been joined into another, whose lists the objection would not reach."""
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    if person.joined_into_id:
        raise ValidationError(JOINED, "joined")
    if person.is_withheld:
        raise ValidationError(_("This is on record already."), "withheld")
    purpose = Consent.Purpose.RECORD
    given = person.consents.in_force().filter(purpose=purpose).select_for_update().first()
    if given:
        return withdraw_consent(consent=given)
    objection = Consent(
        person=person,
        purpose=purpose,
        channel=channel,
        witness=witness,
        withdrawn_on=access.today(),
    )
    objection.full_clean()
    save_or_explain(objection)
    return objection
