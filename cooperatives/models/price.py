"""What products cost, from when on."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperatives.models import access
from cooperatives.models.product import OfProductQuerySet, Product
from malaka_portal.fields import PortalDateField, RupiahField
from malaka_portal.history import tracked
from malaka_portal.models import PortalModel

# The price on the product's own row is a copy of its latest change, whichever door wrote it. It is
# locked first: of two changes at one moment the second to come has to see the first.
FOLLOW_PRICE = """
    PERFORM FROM cooperatives_product WHERE id = NEW.product_id FOR NO KEY UPDATE;
    UPDATE cooperatives_product SET price = (
        SELECT price FROM cooperatives_pricechange WHERE product_id = NEW.product_id
        ORDER BY since DESC, id DESC LIMIT 1
    ) WHERE id = NEW.product_id;
    RETURN NULL;
"""


@tracked()
class PriceChange(PortalModel):
    """From `since` on a product costs so many rupiah for one unit. The latest one counts; a
    mistake is put right by another row of the same day."""

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="prices", verbose_name=_("product")
    )
    price = RupiahField(_("price"))
    since = PortalDateField(_("since"), latest=access.today)

    objects = OfProductQuerySet.as_manager()

    class Meta:
        ordering = ["-since", "-id"]
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        triggers = [
            pgtrigger.Protect(
                name="never_overwritten", operation=pgtrigger.Update | pgtrigger.Delete
            ),
            pgtrigger.Trigger(
                name="follow_price",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func=FOLLOW_PRICE,
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(price__gt=0),
                name="%(app_label)s_%(class)s_above_zero",
                violation_error_message=_("A price is more than zero."),
            )
        ]

    def __str__(self):
        return str(self.price)

    def get_absolute_url(self):
        return self.product.get_absolute_url()
