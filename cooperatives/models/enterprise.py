"""Micro and small enterprises and weaver groups: who runs them, what they do and how they fare."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperatives.models import access
from cooperatives.models.cooperative import Cooperative, OfCooperativeQuerySet
from cooperatives.models.industry import IndustryCode
from cooperatives.models.joined import JOINED, keep_off_joined
from cooperatives.models.person import Person
from malaka_portal.fields import PhoneField, PortalDateField, RupiahField
from malaka_portal.history import tracked
from malaka_portal.models import PortalModel, PortalQuerySet, Region
from malaka_portal.names import NameKey, NameOrder, NameWords


class EnterpriseQuerySet(OfCooperativeQuerySet):
    """The cooperative that keeps an enterprise's record writes it; the programme keeps the rest."""

    area_field = "village__code"

    def listed(self):
        """Without those of an owner who objects to being recorded by the programme."""
        return self.exclude(owner__is_withheld=True)

    def running(self):
        return self.exclude(status=Enterprise.Status.CLOSED)

    def in_band(self, band):
        """Micro enterprises with this turnover a month (`Enterprise.Band`)."""
        least, below = Enterprise.BOUNDS[band]
        found = self.filter(scale=Enterprise.Scale.MICRO, monthly_turnover__gte=least)
        return found.filter(monthly_turnover__lt=below) if below else found


class OfEnterpriseQuerySet(PortalQuerySet):
    """Rows about an enterprise: whoever may write the enterprise may write them."""

    area_field = "enterprise__village__code"

    def managed_by(self, user):
        return access.only(self, "enterprise__cooperative_id", access.ids_run_by(user))

    def seen_by(self, user):
        return access.only(self, "enterprise__cooperative_id", access.ids_seen_by(user))

    def listed(self):
        return self.exclude(enterprise__owner__is_withheld=True)


# Lists are narrowed by district; the first eight signs of a village's code are its district's.
TAKE_DISTRICT = "NEW.district_id := left(NEW.village_id, 8); RETURN NEW;"
# Another cooperative has not agreed yet to show what the enterprise makes.
PRODUCTS_FOLLOW = """
    UPDATE cooperatives_product SET cooperative_id = NEW.cooperative_id, is_published = false
    WHERE enterprise_id = NEW.id;
    RETURN NULL;
"""
# Whoever adds a member holds the enterprise's row FOR SHARE (see `GroupMember`), for which this
# update has waited; so the member is seen here.
KEEPS_MEMBERS = """
    IF EXISTS (
        SELECT FROM cooperatives_groupmember WHERE enterprise_id = NEW.id AND left_on IS NULL
    ) THEN
        RAISE EXCEPTION 'An enterprise with members stays a group.'
            USING ERRCODE = 'check_violation',
                CONSTRAINT = 'cooperatives_enterprise_with_members_is_a_group';
    END IF;
    RETURN NULL;
"""
STILL_HAS_MEMBERS = _("This group still has members. Record first that they left.")
# What the enterprise's own row repeats of its latest figures is no change of the enterprise.
COPIED = ("scale", "scale_basis", "monthly_turnover", "figures_year")


@tracked(exclude=["name_key", "name_order", "district", *COPIED])
class Enterprise(PortalModel):
    """A business of one owner, a group with members and a decree, or a company.

    `cooperative` is the one that keeps this record; without one the programme's office does. The
    scale and the turnover are copies of the latest year's figures (`EnterpriseSnapshot`).
    """

    class Kind(models.TextChoices):
        INDIVIDUAL = "individual", _("business of one owner")
        WEAVERS = "weavers", _("weaver group")
        GROUP = "group", _("joint business group (KUB)")
        COMPANY = "company", _("company (CV, PT)")

    class Line(models.TextChoices):
        WEAVING = "weaving", _("weaving")
        DYEING = "dyeing", _("dyeing")
        FOOD = "food", _("processed food")
        CRAFT = "craft", _("other crafts")
        TRADE = "trade", _("trade")
        FARMING = "farming", _("farming, livestock, fishery")
        SERVICE = "service", _("services")
        OTHER = "other", _("other")

    class Status(models.TextChoices):
        STARTING = "starting", _("starting (under 3.5 years)")
        RUNNING = "running", _("running")
        CLOSED = "closed", _("closed")

    class Scale(models.TextChoices):
        MICRO = "micro", _("micro")
        SMALL = "small", _("small")
        MEDIUM = "medium", _("medium")
        LARGE = "large", _("large")

    class Basis(models.TextChoices):
        SALES = "sales", _("yearly sales")
        CAPITAL = "capital", _("business capital")

    class Band(models.TextChoices):
        """Finer than the law: nearly all here are micro (domain R2.1). The lower bound belongs."""

        UNDER_1 = "0-1", _("under Rp1 million a month")
        UNDER_2_5 = "1-2.5", _("Rp1 to 2.5 million a month")
        UNDER_5 = "2.5-5", _("Rp2.5 to 5 million a month")
        UNDER_10 = "5-10", _("Rp5 to 10 million a month")
        UNDER_25 = "10-25", _("Rp10 to 25 million a month")
        OVER_25 = "25-", _("Rp25 million a month and more")

    class Channel(models.TextChoices):
        HOME = "home", _("at home")
        MARKET = "market", _("market")
        COOPERATIVE = "cooperative", _("cooperative")
        SHOP = "shop", _("shop or kiosk")
        FAIR = "fair", _("fairs")
        DEKRANASDA = "dekranasda", "Dekranasda"
        ONLINE = "online", _("online (WhatsApp, Facebook, marketplaces)")
        BORDER = "border", _("across the border (Timor-Leste)")

    GROUPS = (Kind.WEAVERS, Kind.GROUP)
    dossier_follows = ("memberships", "credentials", "snapshots", "supports", "products")
    # rupiah a month: (from, below) of each band
    BOUNDS = {
        Band.UNDER_1: (0, 1_000_000),
        Band.UNDER_2_5: (1_000_000, 2_500_000),
        Band.UNDER_5: (2_500_000, 5_000_000),
        Band.UNDER_10: (5_000_000, 10_000_000),
        Band.UNDER_25: (10_000_000, 25_000_000),
        Band.OVER_25: (25_000_000, None),
    }

    personal_fields = frozenset({"address", "phone"})
    trigger_messages = {
        "cooperatives_enterprise_with_members_is_a_group": STILL_HAS_MEMBERS,
        "cooperatives_enterprise_owner_not_joined": JOINED,
    }

    cooperative = models.ForeignKey(
        Cooperative,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="enterprises",
        verbose_name=_("cooperative that keeps the record"),
    )
    owner = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="enterprises",
        verbose_name=_("owner"),
    )
    name = models.CharField(_("name"), max_length=150)
    name_key = models.GeneratedField(
        expression=NameKey("name"), output_field=models.TextField(), db_persist=True
    )
    name_order = models.GeneratedField(
        expression=NameOrder("name"), output_field=models.TextField(), db_persist=True
    )
    kind = models.CharField(
        _("kind of enterprise"), max_length=10, choices=Kind.choices, default=Kind.INDIVIDUAL
    )
    line = models.CharField(_("line of business"), max_length=10, choices=Line.choices)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.RUNNING
    )
    started_on = PortalDateField(_("started on"), null=True, blank=True, latest=access.today)
    closed_on = PortalDateField(_("closed on"), null=True, blank=True, latest=access.today)
    village = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="enterprises", verbose_name=_("village")
    )
    district = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("district"),
    )
    hamlet = models.CharField(_("hamlet"), max_length=60, blank=True)
    address = models.CharField(_("address"), max_length=150, blank=True)
    phone = PhoneField(_("telephone"), blank=True)
    industry_code = models.ForeignKey(
        IndustryCode,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="enterprises",
        verbose_name=_("business classification (KBLI)"),
    )
    sales_channels = ArrayField(
        models.CharField(max_length=12, choices=Channel.choices),
        verbose_name=_("where it sells"),
        default=list,
        blank=True,
    )
    decree_number = models.CharField(_("number of the group's decree"), max_length=100, blank=True)
    decree_date = PortalDateField(
        _("date of the decree"), null=True, blank=True, latest=access.today
    )
    decree_issuer = models.CharField(_("who issued the decree"), max_length=100, blank=True)
    scale = models.CharField(
        _("scale"), max_length=6, choices=Scale.choices, blank=True, editable=False
    )
    scale_basis = models.CharField(
        _("scale by"), max_length=7, choices=Basis.choices, blank=True, editable=False
    )
    monthly_turnover = RupiahField(_("turnover a month"), null=True, editable=False)
    figures_year = models.PositiveSmallIntegerField(_("figures of"), null=True, editable=False)

    objects = EnterpriseQuerySet.as_manager()

    class Meta:
        ordering = ["name_order", "id"]
        verbose_name = _("enterprise")
        verbose_name_plural = _("enterprises")
        indexes = [
            models.Index(fields=["cooperative", "name_order", "id"], name="enterprise_name"),
            models.Index(fields=["district", "name_order", "id"], name="enterprise_district"),
            models.Index(fields=["name_order", "id"], name="enterprise_all"),
            GinIndex(NameWords("name_key"), name="enterprise_words"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="take_district",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=TAKE_DISTRICT,
            ),
            pgtrigger.Trigger(
                name="products_follow",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("cooperative"),
                func=PRODUCTS_FOLLOW,
            ),
            pgtrigger.Trigger(
                name="keeps_members",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__kind__in=["weavers", "group"])
                & ~pgtrigger.Q(new__kind__in=["weavers", "group"]),
                func=KEEPS_MEMBERS,
            ),
            *keep_off_joined("cooperatives_enterprise_owner_not_joined", "owner"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="individual") | Q(owner__isnull=False),
                name="%(app_label)s_%(class)s_individual_has_an_owner",
                violation_error_message=_("A business of one owner says whose it is."),
            ),
            models.CheckConstraint(
                condition=Q(status="closed", closed_on__isnull=False)
                | (~Q(status="closed") & Q(closed_on__isnull=True)),
                name="%(app_label)s_%(class)s_closed_says_when",
                violation_error_message=_("Only a closed enterprise says when it closed."),
            ),
            models.CheckConstraint(
                condition=Q(closed_on__isnull=True)
                | Q(started_on__isnull=True)
                | Q(closed_on__gte=F("started_on")),
                name="%(app_label)s_%(class)s_closed_after_start",
                violation_error_message=_("An enterprise cannot close before it started."),
            ),
            models.CheckConstraint(
                condition=Q(decree_number="", decree_date__isnull=True, decree_issuer="")
                | (Q(kind__in=["weavers", "group"]) & ~Q(decree_number="")),
                name="%(app_label)s_%(class)s_decree_of_a_group",
                violation_error_message=_("Only a group has a decree, and it has a number."),
            ),
        ]

    def __str__(self):
        return self.name

    def clean(self):
        if self.pk and not self.is_group and self.group_members.current().exists():
            raise ValidationError({"kind": STILL_HAS_MEMBERS})

    @property
    def is_group(self):
        return self.kind in self.GROUPS

    @property
    def band(self):
        """The `Band` of a micro enterprise with a known turnover, else None."""
        if self.scale != self.Scale.MICRO or self.monthly_turnover is None:
            return None
        turnover, bounds = self.monthly_turnover, self.BOUNDS.items()
        return [band for band, (least, _below) in bounds if least <= turnover][-1]

    def get_absolute_url(self):
        return reverse("cooperatives:enterprise-detail", args=[self.pk])
