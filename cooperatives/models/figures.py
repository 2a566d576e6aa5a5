"""How an enterprise fares: its figures year by year, and what support it received."""

import pgtrigger
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from cooperatives.models import access
from cooperatives.models.enterprise import Enterprise, OfEnterpriseQuerySet
from malaka_portal.fields import CountField, PortalDateField, RupiahField
from malaka_portal.history import tracked
from malaka_portal.models import PortalModel

# Which scale: by the sales of the year, else by the capital, as the law stood at the year's end
# (domain R2.1). The bounds are parameters, and each belongs to its own scale.
SCALE = """
    NEW.scale := ''; NEW.scale_basis := ''; NEW.scale_regulation := '';
    IF NEW.monthly_turnover IS NOT NULL THEN
        NEW.scale_basis := 'sales'; measured := NEW.monthly_turnover * 12;
    ELSIF NEW.capital IS NOT NULL THEN
        NEW.scale_basis := 'capital'; measured := NEW.capital;
    ELSE
        RETURN NEW;
    END IF;
    SELECT bound.scale, bound.regulation INTO NEW.scale, NEW.scale_regulation
    FROM (
        SELECT DISTINCT ON (key) split_part(key, '.', 3) AS scale, value, regulation
        FROM malaka_portal_parameter
        WHERE key LIKE 'scale.' || NEW.scale_basis || '.%'
            AND valid_from <= make_date(NEW.year, 12, 31)
        ORDER BY key, valid_from DESC
    ) bound
    WHERE bound.value >= measured
    ORDER BY bound.value LIMIT 1;
    IF NOT FOUND THEN
        SELECT 'large', regulation INTO NEW.scale, NEW.scale_regulation
        FROM malaka_portal_parameter
        WHERE key = 'scale.' || NEW.scale_basis || '.medium'
            AND valid_from <= make_date(NEW.year, 12, 31)
        ORDER BY valid_from DESC LIMIT 1;
    END IF;
    NEW.scale := coalesce(NEW.scale, '');
    NEW.scale_regulation := coalesce(NEW.scale_regulation, '');
    RETURN NEW;
"""
# The enterprise's own row repeats its latest figures, for lists and filters.
COPY_FIGURES = """
    UPDATE cooperatives_enterprise SET
        scale = latest.scale, scale_basis = latest.scale_basis,
        monthly_turnover = latest.monthly_turnover, figures_year = latest.year
    FROM (
        SELECT scale, scale_basis, monthly_turnover, year
        FROM cooperatives_enterprisesnapshot WHERE enterprise_id = NEW.enterprise_id
        ORDER BY year DESC, id DESC LIMIT 1
    ) latest
    WHERE cooperatives_enterprise.id = NEW.enterprise_id;
    RETURN NULL;
"""


class EnterpriseSnapshotQuerySet(OfEnterpriseQuerySet):
    def current(self):
        """The latest row of each enterprise and year: a correction is a later row."""
        return self.order_by("enterprise_id", "-year", "-id").distinct("enterprise_id", "year")


@tracked()
class EnterpriseSnapshot(PortalModel):
    """An enterprise's figures of one year. Never overwritten: a correction is another row of the
    same year, and the latest one counts. Money in whole rupiah; the turnover is that of a month.

    The scale is worked out by the database when the row is written.
    """

    class Evidence(models.TextChoices):
        """How well a figure is founded (domain 3.6)."""

        BOOKS = "A", _("A: cash book, receipts, bank or QRIS")
        COOPERATIVE = "B", _("B: the cooperative's records")
        RECALL = "C", _("C: asked in an interview")
        TOLD = "D", _("D: as the owner says")

    enterprise = models.ForeignKey(
        Enterprise,
        on_delete=models.PROTECT,
        related_name="snapshots",
        verbose_name=_("enterprise"),
    )
    year = models.PositiveSmallIntegerField(
        _("year"), validators=[MinValueValidator(1950), MaxValueValidator(2100)]
    )
    monthly_turnover = RupiahField(_("turnover a month"), null=True, blank=True)
    capital = RupiahField(
        _("business capital"),
        null=True,
        blank=True,
        help_text=_("Without the land and the building of the business."),
    )
    workers_paid_male = CountField(_("paid workers, men"), default=0)
    workers_paid_female = CountField(_("paid workers, women"), default=0)
    workers_unpaid_male = CountField(_("unpaid (family) workers, men"), default=0)
    workers_unpaid_female = CountField(_("unpaid (family) workers, women"), default=0)
    workers_disabled = CountField(_("of these, people with a disability"), default=0)
    evidence = models.CharField(
        _("how the figures are known"), max_length=1, choices=Evidence.choices, blank=True
    )
    source = models.CharField(_("where the figures come from"), max_length=150, blank=True)
    scale = models.CharField(
        _("scale"), max_length=6, choices=Enterprise.Scale.choices, blank=True, editable=False
    )
    scale_basis = models.CharField(
        _("scale by"), max_length=7, choices=Enterprise.Basis.choices, blank=True, editable=False
    )
    scale_regulation = models.CharField(_("regulation"), max_length=100, blank=True, editable=False)

    objects = EnterpriseSnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-id"]
        verbose_name = _("yearly figures of an enterprise")
        verbose_name_plural = _("yearly figures of enterprises")
        indexes = [models.Index(fields=["enterprise", "-year", "-id"], name="figures_latest")]
        triggers = [
            pgtrigger.Protect(
                name="never_overwritten", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            pgtrigger.Trigger(
                name="scale",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("measured", "bigint")],
                func=SCALE,
            ),
            pgtrigger.Trigger(
                name="copy_figures",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func=COPY_FIGURES,
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(year__range=(1950, 2100)),
                name="%(app_label)s_%(class)s_year_in_range",
                violation_error_message=_("Write the year with four digits."),
            ),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{field}__isnull": True}) | Q(**{f"{field}__gte": 0}),
                    name=f"%(app_label)s_%(class)s_{field}_not_negative",
                    violation_error_message=_("This amount cannot be below zero."),
                )
                for field in ("monthly_turnover", "capital")
            ),
            models.CheckConstraint(
                condition=Q(
                    workers_disabled__lte=F("workers_paid_male")
                    + F("workers_paid_female")
                    + F("workers_unpaid_male")
                    + F("workers_unpaid_female")
                ),
                name="%(app_label)s_%(class)s_disabled_among_the_workers",
                violation_error_message=_("There are fewer workers than that in all."),
            ),
        ]

    def __str__(self):
        return str(self.year)

    def get_absolute_url(self):
        return self.enterprise.get_absolute_url()


@tracked()
class Support(PortalModel):
    """What an enterprise received from the programme or somebody else, and when."""

    class Kind(models.TextChoices):
        TOOLS = "tools", _("tools")
        MATERIALS = "materials", _("materials")
        CAPITAL = "capital", _("capital")
        TRAINING = "training", _("training")
        MENTORING = "mentoring", _("mentoring")
        PERMITS = "permits", _("help with permits")
        MARKET = "market", _("access to markets")
        OTHER = "other", _("other")

    enterprise = models.ForeignKey(
        Enterprise,
        on_delete=models.PROTECT,
        related_name="supports",
        verbose_name=_("enterprise"),
    )
    kind = models.CharField(_("kind of support"), max_length=10, choices=Kind.choices)
    what = models.CharField(_("what was received"), max_length=200)
    provider = models.CharField(_("from whom"), max_length=150)
    amount = RupiahField(_("worth"), null=True, blank=True)
    received_on = PortalDateField(_("received on"), latest=access.today)

    objects = OfEnterpriseQuerySet.as_manager()

    class Meta:
        ordering = ["-received_on", "-id"]
        verbose_name = _("support received")
        verbose_name_plural = _("supports received")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="%(app_label)s_%(class)s_amount_not_negative",
                violation_error_message=_("This amount cannot be below zero."),
            )
        ]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return self.enterprise.get_absolute_url()
