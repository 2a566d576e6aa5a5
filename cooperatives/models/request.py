"""What a visitor asks a cooperative for (minta penawaran)."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cooperatives.models.cooperative import Cooperative, OfCooperativeQuerySet
from cooperatives.models.product import Product
from malaka_portal.fields import PhoneField, PortalDateField
from malaka_portal.history import tracked
from malaka_portal.models import PortalModel

PROMISED = timedelta(days=3)  # the time in which a visitor is told to expect an answer
CODE_BYTES = 9  # 72 bits: nobody guesses the address of somebody's request


def new_code():
    """The word in the address of a request: 12 letters, digits, hyphens and underscores."""
    return secrets.token_urlsafe(CODE_BYTES)


class QuoteRequestQuerySet(OfCooperativeQuerySet):
    def waiting(self):
        """Those that nobody has answered yet."""
        return self.filter(status=QuoteRequest.Status.NEW)

    def late(self):
        """Those that have waited for longer than the answer was promised."""
        return self.waiting().filter(created_at__lt=timezone.now() - PROMISED)


@tracked()
class QuoteRequest(PortalModel):
    """A visitor asks a cooperative what so many of something would cost, by a day.

    The visitor has no account; `code` is the secret address under which they see how it stands.
    """

    class Status(models.TextChoices):
        NEW = "new", _("waiting for an answer")
        ANSWERED = "answered", _("answered")
        DECLINED = "declined", _("cannot be supplied")
        REFUSED = "refused", _("not a real request")

    personal_fields = frozenset({"contact_name", "contact_phone", "message"})

    code = models.CharField(max_length=16, unique=True, default=new_code, editable=False)
    cooperative = models.ForeignKey(
        Cooperative,
        on_delete=models.PROTECT,
        related_name="quote_requests",
        verbose_name=_("cooperative"),
    )
    product = models.ForeignKey(
        Product,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="quote_requests",
        verbose_name=_("product"),
    )
    what = models.CharField(_("what you need"), max_length=150)
    quantity = models.PositiveIntegerField(_("how many"))
    unit = models.CharField(_("unit"), max_length=6, choices=Product.Unit.choices)
    needed_by = PortalDateField(_("needed by"), null=True, blank=True)
    contact_name = models.CharField(_("your name"), max_length=100)
    contact_phone = PhoneField(_("WhatsApp number"))
    message = models.TextField(_("message"), max_length=500, blank=True)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.NEW, editable=False
    )
    answer = models.TextField(_("answer"), max_length=500, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = models.DateTimeField(_("answered at"), null=True, editable=False)

    objects = QuoteRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("request for a quote")
        verbose_name_plural = _("requests for quotes")
        permissions = [("answer_quoterequest", _("May answer requests for quotes"))]
        indexes = [
            models.Index(fields=["cooperative", "status", "-id"], name="request_of_cooperative"),
            models.Index(fields=["status", "-id"], name="request_status"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0),
                name="%(app_label)s_%(class)s_at_least_one",
                violation_error_message=_("Ask for one at least."),
            ),
            models.CheckConstraint(
                condition=Q(status="new", answered_at__isnull=True)
                | (~Q(status="new") & Q(answered_at__isnull=False)),
                name="%(app_label)s_%(class)s_answered_says_when",
                violation_error_message=_("An answer says when it was given."),
            ),
        ]

    def __str__(self):
        return f"{self.quantity} {self.get_unit_display()} {self.what}"

    @property
    def is_late(self):
        return self.status == self.Status.NEW and self.created_at < timezone.now() - PROMISED

    def close(self, *, status, answer, by):
        """Answer, or answer anew, as the user `by`; not saved yet."""
        self.status, self.answer = status, answer
        self.answered_by, self.answered_at = by, timezone.now()

    @property
    def is_corrected(self):
        """Was there an earlier answer, which the history keeps? One query, none while it waits."""
        if self.answered_at is None:
            return False
        events = QuoteRequest.pgh_event_model.objects.filter(pgh_obj_id=self.pk)
        earlier = events.filter(answered_at__isnull=False).exclude(answered_at=self.answered_at)
        return earlier.exists()

    def get_absolute_url(self):
        return reverse("cooperatives:quoterequest-detail", args=[self.pk])
