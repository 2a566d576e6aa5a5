"""Pictures of products."""

import pgtrigger
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cooperatives.models.person import Person
from cooperatives.models.product import OfProductQuerySet, Product
from malaka_portal import photos, uploads
from malaka_portal.fields import PortalDateField
from malaka_portal.files import PrivateFileField
from malaka_portal.history import tracked
from malaka_portal.models import PortalModel

MOST = 3  # photos of a product that are shown at a time
# The product's row is locked first, so that two photos that come at once are counted.
AT_MOST = f"""
    PERFORM FROM cooperatives_product WHERE id = NEW.product_id FOR NO KEY UPDATE;
    IF (
        SELECT count(*) FROM cooperatives_productphoto
        WHERE product_id = NEW.product_id AND removed_on IS NULL
    ) > {MOST} THEN
        RAISE EXCEPTION 'A product has {MOST} photos at most.'
            USING ERRCODE = 'check_violation',
                CONSTRAINT = 'cooperatives_productphoto_three_at_most';
    END IF;
    RETURN NULL;
"""


class ProductPhotoQuerySet(OfProductQuerySet):
    def current(self):
        """Those that have not been taken down."""
        return self.filter(removed_on__isnull=True)

    def agreed(self):
        """Those that may stand on public pages: whose maker is nobody in particular (a cooperative,
        a group without an owner) or has agreed to it and not withdrawn it."""
        maker = Person.objects.shown_publicly().filter(pk=OuterRef("product__enterprise__owner_id"))
        nobody = Q(product__enterprise__owner__isnull=True)
        return self.current().filter(nobody | Exists(maker))


@tracked()
class ProductPhoto(PortalModel):
    """A picture of a product: as large as a page shows it, and small for a list. Both are WebP,
    drawn anew from what was sent. Taken down, it is kept but no longer shown."""

    trigger_messages = {
        "cooperatives_productphoto_three_at_most": _(
            "This product has three photos already. Take one down first."
        )
    }

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="photos", verbose_name=_("product")
    )
    image = PrivateFileField(
        _("photo"), upload_to="products", kinds=uploads.PICTURES, max_bytes=photos.MOST_BYTES
    )
    thumbnail = PrivateFileField(
        _("small photo"), upload_to="products", kinds=uploads.PICTURES, editable=False
    )
    width = models.PositiveSmallIntegerField(_("width"), editable=False)
    height = models.PositiveSmallIntegerField(_("height"), editable=False)
    size_bytes = models.PositiveIntegerField(_("size in bytes"), editable=False)
    caption = models.CharField(
        _("what the photo shows"),
        max_length=150,
        help_text=_("For those who cannot see it. Show the product, not people."),
    )
    removed_on = PortalDateField(_("taken down on"), null=True, editable=False)

    objects = ProductPhotoQuerySet.as_manager()

    class Meta:
        ordering = ["product_id", "id"]
        verbose_name = _("photo of a product")
        verbose_name_plural = _("photos of products")
        triggers = [
            pgtrigger.Trigger(
                name="three_at_most",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__removed_on__isnull=True),
                func=AT_MOST,
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(width__gt=0, height__gt=0, size_bytes__gt=0),
                name="%(app_label)s_%(class)s_has_a_size",
                violation_error_message=_("A photo has a width and a height."),
            )
        ]

    def __str__(self):
        return self.caption

    @property
    def thumbnail_size(self):
        """(width, height) in dots, as a page shows the small photo."""
        scale = min(1, photos.THUMBNAIL_EDGES[0] / max(self.width, self.height))
        return max(1, round(self.width * scale)), max(1, round(self.height * scale))

    def get_absolute_url(self):
        return self.product.get_absolute_url()
