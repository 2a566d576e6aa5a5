"""A cooperative's figures, year by year."""

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperatives.models.cooperative import Cooperative, OfOfficeQuerySet
from malaka_portal.fields import CountField, RupiahField
from malaka_portal.history import tracked
from malaka_portal.models import PortalModel


class YearlySnapshotQuerySet(OfOfficeQuerySet):
    def current(self):
        """The latest row of each cooperative and year: a correction is a later row."""
        return self.order_by("cooperative_id", "-fiscal_year", "-id").distinct(
            "cooperative_id", "fiscal_year"
        )


@tracked()
class YearlySnapshot(PortalModel):
    """A cooperative's figures of one fiscal year, as reported. Never overwritten: a correction is
    another row of the same year, and the latest one counts. Money in whole rupiah."""

    cooperative = models.ForeignKey(
        Cooperative,
        on_delete=models.PROTECT,
        related_name="snapshots",
        verbose_name=_("cooperative"),
    )
    fiscal_year = models.PositiveSmallIntegerField(
        _("fiscal year"), validators=[MinValueValidator(1950), MaxValueValidator(2100)]
    )
    members_male = CountField(_("members, men"), null=True, blank=True)
    members_female = CountField(_("members, women"), null=True, blank=True)
    employees_male = CountField(_("employees, men"), null=True, blank=True)
    employees_female = CountField(_("employees, women"), null=True, blank=True)
    own_capital = RupiahField(_("own capital"), null=True, blank=True)
    external_capital = RupiahField(_("external capital"), null=True, blank=True)
    total_assets = RupiahField(_("assets"), null=True, blank=True)
    business_volume = RupiahField(_("business volume"), null=True, blank=True)
    net_surplus = RupiahField(
        _("net surplus (SHU)"),
        null=True,
        blank=True,
        help_text=_("A loss is written with a minus or in brackets."),
    )
    source = models.CharField(_("where the figures come from"), max_length=150, blank=True)

    objects = YearlySnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-fiscal_year", "-id"]
        verbose_name = _("yearly figures")
        verbose_name_plural = _("yearly figures")
        triggers = [
            pgtrigger.Protect(
                name="never_overwritten", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(fiscal_year__range=(1950, 2100)),
                name="%(app_label)s_%(class)s_year_in_range",
                violation_error_message=_("Write the year with four digits."),
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0}),
                    name=f"%(app_label)s_%(class)s_{field}_not_negative",
                    violation_error_message=_("This amount cannot be below zero."),
                )
                for field in ("external_capital", "total_assets", "business_volume")
            ),
        ]

    def __str__(self):
        return str(self.fiscal_year)
