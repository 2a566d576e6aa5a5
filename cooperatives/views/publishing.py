"""What everybody may see: a board agrees to it, shows products and hides them again."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperatives import forms, services
from cooperatives.models import Cooperative, Enterprise, Product
from malaka_portal import generic
from malaka_portal.shortcuts import on_row
from malaka_portal.submissions import SAVE

PRODUCTS = Product.objects.select_related("cooperative__village__parent", "enterprise__owner")


class PublicationView(generic.UpdateView):
    """The board agrees that its cooperative is shown to everybody.

    Without `simpan` it is shown first what everybody will see.
    """

    model = Cooperative
    queryset = Cooperative.objects.select_related("village__parent")
    form_class = forms.PublicationForm
    permission_required = "cooperatives.publish_cooperative"
    template_name = "cooperatives/cooperative_show.html"
    success_message = gettext_lazy("Everybody can see the cooperative and its products now.")
    reviewing = False

    @property
    def heading(self):
        return _("Show to everybody: %(name)s") % {"name": self.stored}

    def form_valid(self, form):
        if SAVE in self.request.POST:
            return super().form_valid(form)
        self.reviewing = True
        return self.render_to_response(self.get_context_data(form=form))

    def get_context_data(self, **kwargs):
        return super().get_context_data(
            reviewing=self.reviewing,
            stored=self.stored,
            products=shown_products(self.stored),
            **kwargs,
        )


def shown_products(cooperative):
    """What of the cooperative's is put up; everybody sees it while the cooperative agrees."""
    rows = Product.objects.listed().filter(cooperative_id=cooperative.pk, is_published=True)
    return rows.exclude(enterprise__status=Enterprise.Status.CLOSED)


@on_row(Cooperative.objects.all(), "cooperatives.publish_cooperative")
def cooperative_hide(request, cooperative):
    """The board no longer agrees: the cooperative and its products are hidden at once."""
    if request.method == "POST":
        services.withdraw_cooperative(cooperative=cooperative)
        messages.success(request, _("The cooperative and its products are hidden."))
        return redirect(cooperative)
    context = {
        "cooperative": cooperative,
        "products": shown_products(cooperative),
        "back": cooperative.get_absolute_url(),
    }
    return render(request, "cooperatives/cooperative_hide.html", context)


@on_row(PRODUCTS, "cooperatives.publish_product")
def product_show(request, product):
    """Show a product to everybody, once it was said what they will see."""
    obstacle = services.obstacle_to_showing(product)
    if request.method == "POST":
        try:
            services.show_product(product=product)
        except ValidationError as error:
            obstacle = error.messages[0]
        else:
            messages.success(request, _("Everybody can see this product now."))
            return redirect(product)
    context = {
        "product": product,
        "obstacle": obstacle,
        "photo_count": product.photos.agreed().count(),
        "photos_kept_back": product.photos.current().count() - product.photos.agreed().count(),
        "back": product.get_absolute_url(),
    }
    return render(request, "cooperatives/product_show.html", context)


@on_row(PRODUCTS, "cooperatives.publish_product")
def product_hide(request, product):
    """Only the cooperative and the programme see the product from now on."""
    if request.method == "POST":
        services.hide_product(product=product)
        messages.success(request, _("The product is hidden."))
        return redirect(product)
    context = {"product": product, "back": product.get_absolute_url()}
    return render(request, "cooperatives/product_hide.html", context)
