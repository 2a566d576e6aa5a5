"""The national classification of business activities (KBLI)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from malaka_portal.history import tracked
from malaka_portal.models import PortalModel, PortalQuerySet


class PublicFactQuerySet(PortalQuerySet):
    """Reference data: whoever is signed in reads it, the programme's office keeps it."""

    def seen_by(self, user):
        return self.all() if user.is_authenticated else self.none()

    def managed_by(self, user):
        return self.none()


@tracked(inserts=False)
class IndustryCode(PortalModel):
    """A five-digit KBLI code in one of its versions; old ones are kept (domain R2.3)."""

    class Version(models.TextChoices):
        KBLI2020 = "KBLI2020", "KBLI 2020"
        KBLI2025 = "KBLI2025", "KBLI 2025"

    classification = models.CharField(
        _("version of the KBLI"), max_length=8, choices=Version.choices
    )
    code = models.CharField(_("code"), max_length=5)
    title = models.CharField(_("title"), max_length=200)

    objects = PublicFactQuerySet.as_manager()

    class Meta:
        ordering = ["code", "classification"]
        verbose_name = _("business classification (KBLI)")
        verbose_name_plural = _("business classifications (KBLI)")
        constraints = [
            models.UniqueConstraint(
                fields=["classification", "code"],
                name="%(app_label)s_%(class)s_code_once",
                violation_error_message=_("This code is already in this version of the KBLI."),
            ),
            models.CheckConstraint(
                condition=Q(code__regex=r"^\d{5}$"),
                name="%(app_label)s_%(class)s_five_digits",
                violation_error_message=_("A KBLI code has five digits."),
            ),
        ]

    def __str__(self):
        return f"{self.code} {self.title} ({self.get_classification_display()})"
