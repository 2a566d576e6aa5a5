"""Figures of woven cloth, and which of them are not for sale."""

import pgtrigger
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperatives.models.industry import PublicFactQuerySet
from malaka_portal.history import tracked
from malaka_portal.models import PortalModel

# A motif that turns out to be sacred takes what bears it off the public pages at once. The rows are
# locked first, so that a product that is being published at this moment is seen.
HIDE_PRODUCTS = """
    PERFORM FROM cooperatives_product WHERE id IN (
        SELECT product_id FROM cooperatives_product_motifs WHERE motif_id = NEW.id
    ) ORDER BY id FOR NO KEY UPDATE;
    UPDATE cooperatives_product SET is_published = false
    WHERE is_published AND id IN (
        SELECT product_id FROM cooperatives_product_motifs WHERE motif_id = NEW.id
    );
    RETURN NULL;
"""


@tracked(inserts=False)
class Motif(PortalModel):
    """A figure that weavers tie or weave into a cloth, and where it is at home (domain 3.4)."""

    class Area(models.TextChoices):
        FEHAN = "fehan", "Fehan"
        FOHO = "foho", "Foho"
        DAWAN = "dawan", "Dawan R"
        OTHER = "other", _("elsewhere")

    name = models.CharField(_("name"), max_length=60)
    area = models.CharField(_("weaving area"), max_length=6, choices=Area.choices)
    meaning = models.CharField(_("meaning"), max_length=200, blank=True)
    is_not_for_sale = models.BooleanField(
        _("not for sale"),
        default=False,
        help_text=_("A sacred motif: a product with it is never shown on public pages."),
    )

    objects = PublicFactQuerySet.as_manager()

    class Meta:
        ordering = ["area", "name"]
        verbose_name = _("motif")
        verbose_name_plural = _("motifs")
        triggers = [
            pgtrigger.Trigger(
                name="hide_products",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(new__is_not_for_sale=True, old__is_not_for_sale=False),
                func=HIDE_PRODUCTS,
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["name", "area"],
                name="%(app_label)s_%(class)s_once_in_its_area",
                violation_error_message=_("This motif is recorded for this area already."),
            )
        ]

    def __str__(self):
        return f"{self.name} ({self.get_area_display()})"

    def get_absolute_url(self):
        return reverse("cooperatives:motif-list")
