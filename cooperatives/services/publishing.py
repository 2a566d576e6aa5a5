"""What everybody may see: cooperatives that agreed to it, and the products that they show."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cooperatives.models import Cooperative, Enterprise, Product
from cooperatives.services.saving import save_or_explain


def obstacle_to_showing(product):
    """Why `product` cannot be shown to everybody, in words; blank when it can."""
    shop, maker = product.cooperative, product.enterprise
    if shop is None:
        return _("No cooperative keeps this product, and only a cooperative shows products.")
    if shop.status != Cooperative.Status.ACTIVE:
        return _("Only an active cooperative is shown on public pages.")
    if shop.public_since is None:
        return _("The cooperative has not agreed yet to be shown on public pages.")
    if maker and maker.status == Enterprise.Status.CLOSED:
        return _("The enterprise that makes it is closed.")
    if maker and maker.owner and maker.owner.is_withheld:
        return _("The owner of the enterprise objects to being recorded.")
    if product.stopped_on:
        return _("This product is no longer made.")
    if product.price is None:
        return _("This product has no price yet.")
    if product.has_sacred_motif:
        return _("This product has a motif that is not for sale.")
    return ""


@transaction.atomic
def show_product(*, product):
    """Show a product to everybody. ValidationError says why that cannot be."""
    product = locked(product)
    if obstacle := obstacle_to_showing(product):
        raise ValidationError(obstacle, "not_to_be_shown")
    product.is_published = True
    save_or_explain(product)
    return product


@transaction.atomic
def hide_product(*, product):
    """From now on only the cooperative and the programme see the product."""
    product = locked(product)
    product.is_published = False
    product.save()
    return product


def locked(product):
    rows = Product.objects.select_related("cooperative", "enterprise__owner")
    return rows.select_for_update(of=("self",)).get(pk=product.pk)


@transaction.atomic
def withdraw_cooperative(*, cooperative):
    """The cooperative no longer agrees to be shown: it and its products are hidden at once.

    Which products were shown is kept, for the day on which it agrees again.
    """
    cooperative = Cooperative.objects.select_for_update(of=("self",)).get(pk=cooperative.pk)
    cooperative.public_since = None
    cooperative.phone_is_public = False
    cooperative.save()
    return cooperative
