"""Provinces, regencies, districts and villages of Indonesia, under the Home Ministry's codes."""

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from malaka_portal.history import tracked
from malaka_portal.models.portal import PortalQuerySet

CODE = r"^\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?$"


class RegionQuerySet(PortalQuerySet):
    area_field = "code"

    def managed_by(self, user):
        """Reference data: nobody's; the office changes it through the admin."""
        return self.none()

    def seen_by(self, user):
        """Public facts: everybody may read them."""
        return self

    def visible_to(self, user):
        return self.seen_by(user)

    def current(self):
        """Regions that still exist: splits and renamings close the old row."""
        return self.filter(valid_to__isnull=True)

    def villages(self):
        return self.filter(level=Region.Level.VILLAGE)

    def below(self, code):
        """The regions under `code`, at every depth."""
        return self.filter(code__startswith=f"{code}.")


@tracked(inserts=False)
class Region(models.Model):
    """A region, known by its code: `53.21.10.2004` is the village Alas Selatan.

    The Home Ministry's codes have dots. Those of the statistics office (`bps_code`) look alike
    without them and mean other places, so they are kept apart and never matched.
    """

    class Level(models.IntegerChoices):
        PROVINCE = 1, _("province")
        REGENCY = 2, _("regency or city")
        DISTRICT = 3, _("district")
        VILLAGE = 4, _("village")

    code = models.CharField(
        _("code"),
        max_length=13,
        primary_key=True,
        validators=[RegexValidator(CODE, _("A region's code looks like 53.21.10.2004."))],
    )
    level = models.PositiveSmallIntegerField(_("level"), choices=Level.choices)
    name = models.CharField(_("name"), max_length=100)
    parent = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("part of"),
    )
    postal_code = models.CharField(_("postal code"), max_length=5, blank=True)
    bps_code = models.CharField(_("statistics office code"), max_length=10, blank=True)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid to"), null=True, blank=True)

    objects = RegionQuerySet.as_manager()

    class Meta:
        ordering = ["code"]
        verbose_name = _("region")
        verbose_name_plural = _("regions")
        constraints = [
            models.CheckConstraint(
                condition=Q(code__regex=CODE),
                name="%(app_label)s_%(class)s_code_shape",
                violation_error_message=_("A region's code looks like 53.21.10.2004."),
            ),
            models.CheckConstraint(
                condition=Q(level=1, parent__isnull=True) | Q(level__gt=1, parent__isnull=False),
                name="%(app_label)s_%(class)s_has_its_parent",
                violation_error_message=_("Only a province stands alone."),
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_to__gte=F("valid_from")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("A region cannot end before it began."),
            ),
        ]

    def __str__(self):
        return self.name

    def trail(self):
        """The regions above this one, the province first. One query."""
        parts = self.code.split(".")
        codes = [".".join(parts[:depth]) for depth in range(1, len(parts))]
        return list(Region.objects.filter(code__in=codes).order_by("code"))


class RegionAliasQuerySet(PortalQuerySet):
    def managed_by(self, user):
        """Reference data, like the regions themselves."""
        return self.none()

    def seen_by(self, user):
        return self

    def visible_to(self, user):
        return self.seen_by(user)


@tracked(inserts=False)
class RegionAlias(models.Model):
    """Another way in which offices write a region's name: "Meotroy" for Meotroi."""

    region = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="aliases", verbose_name=_("region")
    )
    name = models.CharField(_("name"), max_length=100)

    objects = RegionAliasQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("spelling variant")
        verbose_name_plural = _("spelling variants")
        constraints = [
            models.UniqueConstraint(
                fields=["region", "name"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This spelling is already recorded for the region."),
            )
        ]

    def __str__(self):
        return self.name
