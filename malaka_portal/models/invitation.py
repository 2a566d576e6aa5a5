"""How someone without a password gets one: a code, handed over once by staff."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from malaka_portal.history import tracked
from malaka_portal.models.portal import PortalModel, PortalQuerySet


class InvitationQuerySet(PortalQuerySet):
    def managed_by(self, user):
        """Nobody's rows: invitations are made and used by `malaka_portal.invitations` alone."""
        return self.none()

    def seen_by(self, user):
        """Staff reach them through permissions."""
        return self.none()

    def unanswered(self):
        """Neither used nor revoked. They may have expired: ask `is_open`."""
        return self.filter(used_at__isnull=True, revoked_at__isnull=True)


@tracked(exclude=["code_hash"])
class Invitation(PortalModel):
    """A code that lets its user choose a password, once. Only a keyed hash of it is kept."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="invitations",
        verbose_name=_("user"),
    )
    code_hash = models.CharField(_("hash of the code"), max_length=64, unique=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("invited by"),
    )
    expires_at = models.DateTimeField(_("expires at"))
    used_at = models.DateTimeField(_("used at"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
                name="%(app_label)s_%(class)s_one_open_per_user",
                violation_error_message=_("This user has an open invitation already."),
            ),
            models.CheckConstraint(
                condition=Q(used_at__isnull=True) | Q(revoked_at__isnull=True),
                name="%(app_label)s_%(class)s_used_or_revoked",
                violation_error_message=_("An invitation is either used or revoked, not both."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("created_at")),
                name="%(app_label)s_%(class)s_expires_later",
                violation_error_message=_("An invitation must expire after it was made."),
            ),
        ]

    def __str__(self):
        return str(self.user)

    def is_open(self, now):
        """May its code still be used at `now`?"""
        return self.used_at is None and self.revoked_at is None and now < self.expires_at
