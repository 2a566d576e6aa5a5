"""Papers of an enterprise: business number, food permit, halal certificate, trade mark."""

from datetime import timedelta

from django.db import models, transaction
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperatives.models import access
from cooperatives.models.enterprise import Enterprise, OfEnterpriseQuerySet
from malaka_portal import uploads
from malaka_portal.fields import PortalDateField
from malaka_portal.files import PrivateFileField, forget
from malaka_portal.history import tracked
from malaka_portal.models import PortalModel

MOST_BYTES = 8 * uploads.MEGABYTE  # a photo as a phone takes it
REMINDERS = (90, 30)  # days before a paper ends on which it is called to mind (domain R2.2)


class CredentialQuerySet(OfEnterpriseQuerySet):
    def held(self):
        """Papers that the enterprise has, whether or not they have run out."""
        return self.filter(status=Credential.Status.HELD)

    def to_renew(self):
        """Papers of enterprises still at work that no later paper has replaced: one that is held
        by the same enterprise, of the same kind and for the same thing (`covers`), and that runs
        out later or never."""
        same = Credential.objects.held().filter(
            enterprise=OuterRef("enterprise"),
            kind=OuterRef("kind"),
            covers__iexact=OuterRef("covers"),
        )
        later = same.filter(
            Q(valid_until__isnull=True)
            | Q(valid_until__gt=OuterRef("valid_until"))
            | Q(valid_until=OuterRef("valid_until"), pk__gt=OuterRef("pk"))
        )
        at_work = ~Q(enterprise__status=Enterprise.Status.CLOSED)
        return self.held().filter(at_work, ~Exists(later))

    def expired(self, *, on):
        """Papers to renew that ran out before the day `on`."""
        return self.to_renew().filter(valid_until__lt=on)

    def ending(self, *, on, days):
        """Papers to renew that are good on the day `on` and run out within so many days."""
        last = on + timedelta(days=days)
        return self.to_renew().filter(valid_until__gte=on, valid_until__lte=last)


@tracked()
class Credential(PortalModel):
    """A paper of an enterprise, with its number, until when it holds, and a copy of it.

    Whether it has run out follows from `valid_until`; a renewal is a change of the row (the
    history keeps the old dates), a new number a new row. Of its copies the newest alone is kept.
    """

    class Kind(models.TextChoices):
        NIB = "nib", _("NIB (business number)")
        PIRT = "pirt", _("P-IRT (home food permit)")
        HALAL = "halal", _("halal certificate")
        TRADEMARK = "trademark", _("trade mark")
        OTHER = "other", _("another paper")

    class Status(models.TextChoices):
        HELD = "held", _("held")
        IN_PROCESS = "in_process", _("in process")
        NON_HALAL = "non_halal", _("not halal, and marked so")
        NOT_YET = "not_yet", _("not yet")
        NOT_REQUIRED = "not_required", _("not required")

    class State(models.TextChoices):
        """Of a paper that is held, on a day; the others are in their status."""

        VALID = "valid", _("valid")
        ENDING = "ending", _("runs out soon")
        EXPIRED = "expired", _("has run out")

    personal_fields = frozenset({"document"})  # the copy of a NIB shows its owner's NIK

    enterprise = models.ForeignKey(
        Enterprise,
        on_delete=models.PROTECT,
        related_name="credentials",
        verbose_name=_("enterprise"),
    )
    kind = models.CharField(_("kind of paper"), max_length=10, choices=Kind.choices)
    status = models.CharField(
        _("status"), max_length=12, choices=Status.choices, default=Status.HELD
    )
    number = models.CharField(_("number"), max_length=60, blank=True)
    covers = models.CharField(
        _("what it covers"),
        max_length=150,
        blank=True,
        help_text=_("The product of a P-IRT, the class of a trade mark, or what paper it is."),
    )
    issued_on = PortalDateField(_("issued on"), null=True, blank=True, latest=access.today)
    valid_until = PortalDateField(_("valid until"), null=True, blank=True)
    document = PrivateFileField(
        _("copy of the paper"), upload_to="credentials", blank=True, max_bytes=MOST_BYTES
    )

    objects = CredentialQuerySet.as_manager()

    class Meta:
        ordering = ["enterprise_id", "kind", "id"]
        verbose_name = _("paper of an enterprise")
        verbose_name_plural = _("papers of enterprises")
        indexes = [
            models.Index(
                fields=["valid_until", "id"],
                name="credential_ends",
                condition=Q(status="held", valid_until__isnull=False),
            ),
            # a later paper in place of this one
            models.Index(
                "enterprise",
                "kind",
                Upper("covers"),
                "valid_until",
                condition=Q(status="held"),
                name="credential_later",
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["enterprise", "kind", "number"],
                condition=~Q(number=""),
                name="%(app_label)s_%(class)s_number_once",
                violation_error_message=_("This paper is recorded already."),
            ),
            models.CheckConstraint(
                condition=~Q(status="held") | ~Q(number=""),
                name="%(app_label)s_%(class)s_held_has_a_number",
                violation_error_message=_("A paper that is held has a number."),
            ),
            models.CheckConstraint(
                condition=~Q(status__in=["non_halal", "not_required"]) | Q(kind="halal"),
                name="%(app_label)s_%(class)s_states_of_halal",
                violation_error_message=_("Only a halal certificate can have this status."),
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True)
                | Q(issued_on__isnull=True)
                | Q(valid_until__gte=F("issued_on")),
                name="%(app_label)s_%(class)s_ends_after_issue",
                violation_error_message=_("A paper cannot run out before it was issued."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="nib") | Q(number__regex=r"^(\d{13})?$"),
                name="%(app_label)s_%(class)s_nib_shape",
                violation_error_message=_("A NIB has 13 digits."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="pirt") | Q(number__regex=r"^(\d{15,17})?$"),
                name="%(app_label)s_%(class)s_pirt_shape",
                violation_error_message=_("A P-IRT number has 15 digits."),
            ),
            models.CheckConstraint(
                condition=~Q(kind="halal") | Q(number__regex=r"^(ID\d{17})?$"),
                name="%(app_label)s_%(class)s_halal_shape",
                violation_error_message=_(
                    "A halal number begins with ID and has 17 digits after it."
                ),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()} {self.number}".strip()

    def save(self, *args, **kwargs):
        """A copy that is replaced is removed once that is sure: nobody could reach it any more, and
        it may show a NIK. What a crash leaves behind, the job `forget_replaced_copies` finds."""
        rows = Credential.objects.filter(pk=self.pk)
        former = rows.values_list("document", flat=True).first() if self.pk else ""
        super().save(*args, **kwargs)
        if former and former != self.document.name:
            transaction.on_commit(lambda: forget(Credential, "document", former), robust=True)

    def get_absolute_url(self):
        return reverse("cooperatives:credential-detail", args=[self.pk])

    @property
    def shown_number(self):
        """The number as it is printed: a P-IRT ends in a hyphen and the year."""
        if self.kind == self.Kind.PIRT and self.number:
            return f"{self.number[:13]}-{self.number[13:]}"
        return self.number

    def days_left(self, on=None):
        """Days until it runs out, counted from `on` (today); negative since; None without end."""
        held = self.status == self.Status.HELD and self.valid_until is not None
        return (self.valid_until - (on or access.today())).days if held else None

    def state(self, on=None):
        """The `State` of a paper that is held on the day `on` (today), else its `Status`."""
        left = self.days_left(on)
        if self.status != self.Status.HELD:
            return self.Status(self.status)
        if left is None or left > max(REMINDERS):
            return self.State.VALID
        return self.State.EXPIRED if left < 0 else self.State.ENDING

    def is_expired(self, on=None):
        """Had it run out by the day `on` (today)?"""
        return self.state(on) == self.State.EXPIRED
