"""What an officer sends and the programme decides."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cooperatives.models.cooperative import Cooperative, OfCooperativeQuerySet
from cooperatives.models.person import Person
from malaka_portal.models import PortalModel

PENDING = "pending"


class DecisionQuerySet(OfCooperativeQuerySet):
    def pending(self):
        return self.filter(status=PENDING)

    def listed(self):
        return self.filter(person__is_withheld=False)


class Decision(PortalModel):
    """Something about a person, sent by a cooperative; whoever decides it signs with the time.

    A model of this kind adds its `status`, with `pending` among the choices.
    """

    cooperative = models.ForeignKey(
        Cooperative,
        on_delete=models.PROTECT,
        related_name="%(class)ss",
        verbose_name=_("cooperative"),
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="%(class)ss", verbose_name=_("person")
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True, editable=False)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(status=PENDING, decided_at__isnull=True)
                | (~Q(status=PENDING) & Q(decided_at__isnull=False)),
                name="%(app_label)s_%(class)s_decided_says_when",
                violation_error_message=_("A decision says when it was taken."),
            )
        ]

    def decide(self, status, *, by, note=""):
        """Close it as `status`, signed by the user `by` now. Whoever calls this has locked it."""
        self.status, self.decided_by, self.decided_at = status, by, timezone.now()
        self.note = note
        self.save()
