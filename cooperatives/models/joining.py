"""Two records that were made one: what moved, and how to take it back."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cooperatives.models.person import Person
from cooperatives.models.suspicion import OfTwoPeopleQuerySet
from malaka_portal.history import tracked
from malaka_portal.models import PortalModel

UNDO_DAYS = 30


class JoiningQuerySet(OfTwoPeopleQuerySet):
    people_fields = ("survivor", "duplicate")

    def of(self, person):
        """Those in which `person` has been one of the two."""
        return self.filter(Q(survivor=person) | Q(duplicate=person))


@tracked(exclude=["moved", "before", "after"])
class Joining(PortalModel):
    """The record `duplicate` was joined into `survivor`; nothing was deleted.

    `moved` lists every row of other tables that was changed: {"model", "pk", "before", "after"},
    values by column. `before` and `after` hold the changed columns of the two people, under
    "survivor" and "duplicate". A NIK is never among them: it stays with whoever holds it.
    """

    personal_fields = others_fields = frozenset({"moved", "before", "after"})

    survivor = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("record that stays")
    )
    duplicate = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="+", verbose_name=_("record joined into it")
    )
    joined_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("joined by"),
    )
    joined_at = models.DateTimeField(_("joined at"))
    moved = models.JSONField(_("what moved"))
    before = models.JSONField(_("values before"))
    after = models.JSONField(_("values after"))
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("undone by"),
    )
    undone_at = models.DateTimeField(_("undone at"), null=True)

    objects = JoiningQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("joining of two records")
        verbose_name_plural = _("joinings of two records")
        permissions = [("undo_joining", _("May undo a joining of two records"))]
        constraints = [
            models.CheckConstraint(
                condition=~Q(survivor=F("duplicate")),
                name="%(app_label)s_%(class)s_of_two_records",
                violation_error_message=_("A record cannot be joined into itself."),
            ),
            models.UniqueConstraint(
                fields=["duplicate"],
                condition=Q(undone_at__isnull=True),
                name="%(app_label)s_%(class)s_one_in_force",
                violation_error_message=_("This record has been joined already."),
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=True, undone_by__isnull=True)
                | Q(undone_at__isnull=False, undone_by__isnull=False),
                name="%(app_label)s_%(class)s_undone_says_who",
                violation_error_message=_("Say who undid it, and when."),
            ),
        ]

    def __str__(self):
        return f"{self.duplicate} → {self.survivor}"

    def get_absolute_url(self):
        return reverse("cooperatives:joining-undo", args=[self.pk])

    @property
    def undo_until(self):
        """The moment after which it stays as it is."""
        return self.joined_at + timedelta(days=UNDO_DAYS)

    @property
    def is_open(self):
        """Neither undone nor too old to be."""
        return self.undone_at is None and timezone.now() <= self.undo_until
