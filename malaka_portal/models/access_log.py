"""Who took personal data out of the portal, or looked behind a mask."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from malaka_portal.models.portal import PortalQuerySet


class AccessLogQuerySet(PortalQuerySet):
    def managed_by(self, user):
        """Nobody's to change, not even the database owner's: see the trigger."""
        return self.none()

    def seen_by(self, user):
        """Everybody may see what is recorded of themselves."""
        return self.filter(user=user)

    def about(self, ids):
        """What was seen of single rows; `ids` maps a model's label to numbers of its rows."""
        wanted = Q(pk__in=[])
        for label, numbers in ids.items():
            wanted |= Q(subject=label, object_id__in=numbers)
        return self.filter(wanted)


class AccessLog(models.Model):
    """One export, hidden value shown, file or dossier given out, or one search by NIK.

    Rows are added, never changed.
    """

    class Kind(models.TextChoices):
        EXPORT = "export", _("export")
        REVEAL = "reveal", _("value shown")
        FILE = "file", _("file")
        SEARCH = "search", _("search by NIK")
        DOSSIER = "dossier", _("dossier")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="access_logs",
        verbose_name=_("user"),
    )
    at = models.DateTimeField(_("at"), auto_now_add=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    subject = models.CharField(
        _("subject"), max_length=100, help_text=_("The model, for example cooperatives.member.")
    )
    object_id = models.BigIntegerField(_("record"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    rows = models.PositiveIntegerField(_("rows"), default=1)
    query = models.TextField(_("address and filters"), blank=True)
    format = models.CharField(_("format"), max_length=10, blank=True)

    objects = AccessLogQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        verbose_name = _("access to data")
        verbose_name_plural = _("accesses to data")
        indexes = [
            models.Index(fields=["-at", "-id"], name="accesslog_at"),
            models.Index(fields=["user", "-at"], name="accesslog_user_at"),
            models.Index(fields=["subject", "object_id"], name="accesslog_subject"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=["export", "reveal", "file", "search", "dossier"]),
                name="%(app_label)s_%(class)s_kind_known",
                violation_error_message=_("Choose one of the known kinds."),
            )
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self):
        return f"{self.kind} {self.subject}"
