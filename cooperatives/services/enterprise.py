"""Ends: an enterprise leaves a cooperative, somebody leaves a group."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _


@transaction.atomic
def end_membership(*, membership, on):
    """The enterprise belongs to the cooperative until the day `on`. ValidationError when it has
    ended already or had not begun by then."""
    membership = type(membership).objects.select_for_update(of=("self",)).get(pk=membership.pk)
    if membership.until:
        raise ValidationError(_("This membership has ended already."), "ended")
    membership.until = on
    membership.full_clean()
    membership.save()
    return membership


@transaction.atomic
def leave_group(*, group_member, on):
    """Somebody leaves the group on the day `on`. ValidationError when they have left already or
    had not joined by then."""
    rows = type(group_member).objects.select_for_update(of=("self",))
    group_member = rows.get(pk=group_member.pk)
    if group_member.left_on:
        raise ValidationError(_("This person has left the group already."), "left")
    group_member.left_on = on
    group_member.full_clean()
    group_member.save()
    return group_member
