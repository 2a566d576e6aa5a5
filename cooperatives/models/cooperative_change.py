"""What became of a cooperative: its status from a day on, and changes of its by-laws."""

import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _

from cooperatives.models import access
from cooperatives.models.cooperative import Cooperative, OfOfficeQuerySet
from malaka_portal.fields import PortalDateField
from malaka_portal.history import tracked
from malaka_portal.models import PortalModel

# The status on the cooperative's own row is a copy of its latest change, whichever door wrote it.
FOLLOW_STATUS = """
    UPDATE cooperatives_cooperative SET status = (
        SELECT status FROM cooperatives_statuschange WHERE cooperative_id = NEW.cooperative_id
        ORDER BY since DESC, id DESC LIMIT 1
    ) WHERE id = NEW.cooperative_id;
    RETURN NULL;
"""


@tracked()
class StatusChange(PortalModel):
    """From `since` on a cooperative has another status, for a reason. The latest one counts."""

    cooperative = models.ForeignKey(
        Cooperative,
        on_delete=models.PROTECT,
        related_name="status_changes",
        verbose_name=_("cooperative"),
    )
    status = models.CharField(_("status"), max_length=10, choices=Cooperative.Status.choices)
    since = PortalDateField(_("since"), latest=access.today)
    reason = models.CharField(_("reason"), max_length=200)

    objects = OfOfficeQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-id"]
        verbose_name = _("change of status")
        verbose_name_plural = _("changes of status")
        triggers = [
            pgtrigger.Trigger(
                name="follow_status",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=FOLLOW_STATUS,
            )
        ]

    def __str__(self):
        return self.get_status_display()


@tracked()
class Amendment(PortalModel):
    """A change of a cooperative's by-laws (perubahan anggaran dasar), as the ministry filed it."""

    cooperative = models.ForeignKey(
        Cooperative,
        on_delete=models.PROTECT,
        related_name="amendments",
        verbose_name=_("cooperative"),
    )
    number = models.CharField(_("number of the amendment"), max_length=100)
    date = PortalDateField(_("date of the amendment"), latest=access.today)
    subject = models.CharField(_("what it changes"), max_length=200, blank=True)

    objects = OfOfficeQuerySet.as_manager()

    class Meta:
        ordering = ["-date", "-id"]
        verbose_name = _("by-law amendment")
        verbose_name_plural = _("by-law amendments")
        constraints = [
            models.UniqueConstraint(
                fields=["cooperative", "number"],
                name="%(app_label)s_%(class)s_number_once",
                violation_error_message=_("This amendment is already recorded."),
            )
        ]

    def __str__(self):
        return self.number
