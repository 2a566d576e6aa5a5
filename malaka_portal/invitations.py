"""Inviting someone to choose a password: staff hand over a code, which works once.

The code is the whole proof of identity, so it is long enough not to be guessed (24¹⁰ codes), is
kept only as a keyed hash, and a new one closes the one before. A change of SECRET_KEY therefore
voids the open invitations; staff then make new ones.
"""

import secrets
from datetime import timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

from malaka_portal.models import Invitation, User

ALPHABET = "ACDEFGHJKMNPQRTVWXY34679"  # nothing that looks like something else: no O0, I1L, B8, S5
LENGTH = 10
VALID_FOR = timedelta(days=14)
SALT = "malaka_portal.invitations"


class NoSuchInvitation(Exception):
    """Unknown user, or a code that is wrong, used, revoked or too old: nobody learns which."""


def new_code():
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def grouped(code):
    """The code as people copy it: `XXXXX-XXXXX`."""
    return f"{code[:5]}-{code[5:]}"


def hash_code(code):
    """The keyed hash under which a code is kept; case, hyphens and spaces make no difference."""
    plain = "".join(c for c in code.upper() if c.isalnum())
    return salted_hmac(SALT, plain, algorithm="sha256").hexdigest()


def has_staff_rights(user):
    """Their passwords are set by an administrator, never by a code."""
    return (
        user.is_staff or user.is_superuser or user.groups.exists() or user.user_permissions.exists()
    )


@transaction.atomic
def invite(user, *, by):
    """Make a code for `user` and return it, grouped; it cannot be read again. Closes older ones.

    `by` is the member of staff who invites; whether they may is for the caller to ask.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if has_staff_rights(user):
        raise ValidationError(_("Invitations are only for accounts without staff rights."))
    if not user.is_active:
        raise ValidationError(_("This account is switched off. Switch it on first."))
    now = timezone.now()
    user.invitations.unanswered().update(revoked_at=now, updated_at=now)
    code = new_code()
    user.invitations.create(code_hash=hash_code(code), created_by=by, expires_at=now + VALID_FOR)
    return grouped(code)


@transaction.atomic
def accept(username, code, password):
    """Use up the invitation, set the password, and return the user.

    Raises NoSuchInvitation, or ValidationError about the password: then the code stays good.
    The user's row is locked, so that a code sent twice at once works once. An unknown name asks
    the same two questions of the database as a known one.
    """
    user = User.objects.select_for_update().filter(username=username, is_active=True).first()
    invitation = (
        Invitation.objects.unanswered()
        .filter(user_id=user.pk if user else 0, code_hash=hash_code(code))
        .first()
    )
    now = timezone.now()
    if invitation is None or not invitation.is_open(now) or has_staff_rights(user):
        raise NoSuchInvitation
    validate_password(password, user)
    user.set_password(password)
    user.save(update_fields=["password"])
    invitation.used_at = now
    invitation.save(update_fields=["used_at", "updated_at"])
    return user
