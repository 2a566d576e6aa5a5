"""Lines of a register: opened, and closed."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from cooperatives.models import Cooperative, Member, Person, access
from cooperatives.services.national_id import claim_national_id
from cooperatives.services.saving import save_or_explain


@transaction.atomic
def register_member(*, cooperative, person, nik="", joined_on=None):
    """Record `person` (not saved yet) and open a line for them; returns the Member.

    A NIK (16 digits) becomes a claim for the programme to check, whoever holds it already: the
    statements are the same for a known and an unknown number (docs/adr/0004-national-id.md).
    ValidationError when a rule of the rows is broken.
    """
    person.full_clean()
    person.save()
    member = Member(
        cooperative=cooperative,
        person=person,
        number=next_member_number(cooperative),
        joined_on=joined_on or access.today(),
    )
    member.full_clean()
    save_or_explain(member)
    if nik:
        claim_national_id(person=person, cooperative=cooperative, nik=nik)
    return member


@transaction.atomic
def enrol(*, person, cooperative, joined_on):
    """Open a line for somebody who is on record already; returns the Member.

    ValidationError when they are a member there, or their record is joined into another.
    """
    person = Person.objects.select_for_update(of=("self",)).get(pk=person.pk)
    member = Member(
        cooperative=cooperative,
        person=person,
        number=next_member_number(cooperative),
        joined_on=joined_on,
    )
    member.full_clean()
    save_or_explain(member)
    return member


def next_member_number(cooperative):
    """The next free number of the register, such as `TFM-0042`.

    The cooperative's row stays locked until the transaction ends, so two officers who save at the
    same moment get different numbers.
    """
    prefix = f"{cooperative.member_number_prefix}-" if cooperative.member_number_prefix else ""
    row = Cooperative.objects.filter(pk=cooperative.pk)
    while True:
        row.update(last_member_serial=F("last_member_serial") + 1)
        serial = row.values_list("last_member_serial", flat=True).get()
        number = f"{prefix}{serial:04d}"
        # numbers are unique whatever their case: "tfm-0001" stands in the way of TFM-0001
        if not Member.objects.filter(cooperative=cooperative, number__iexact=number).exists():
            return number


@transaction.atomic
def close_line(*, member, on, reason):
    """The member leaves on the day `on` for `reason` (Member.LeftReason). ValidationError when
    the day is before they joined, the line is closed already, or the member is in office."""
    member = Member.objects.select_for_update(of=("self",)).get(pk=member.pk)
    if member.left_on:
        raise ValidationError(_("This line is already closed."), "line_closed")
    member.left_on, member.left_reason = on, reason
    member.full_clean()
    member.save()
    return member
