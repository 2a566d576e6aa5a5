"""Pages of products, their prices and their motifs."""

from itertools import zip_longest

from django.urls import reverse, reverse_lazy
from django.utils.formats import date_format
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperatives import forms, product_lists, services
from cooperatives.models import Motif, PriceChange, Product, ProductMotif, access
from cooperatives.views import known
from malaka_portal import changes, generic, lists
from malaka_portal.names import with_words
from malaka_portal.parsing import format_rupiah

PRODUCTS = Product.objects.select_related("cooperative", "enterprise__owner")
MOST_PRICES = 20  # that a page shows


class ProductListView(lists.KeysetListView):
    queryset = PRODUCTS
    columns = product_lists.PRODUCT_COLUMNS
    filters = product_lists.PRODUCT_FILTERS
    search_label = gettext_lazy("Name of the product")
    sorts = {
        "name": lists.Sort(gettext_lazy("Name"), ("name_order", "id")),
        "newest": lists.Sort(gettext_lazy("Last recorded"), ("-id",)),
    }

    @cached_property
    def table(self):
        """Without the cooperative for whoever sees the products of one only."""
        table, user = super().table, self.request.user
        if len(access.ids_seen_by(user)) == 1 and not user.has_perm("cooperatives.view_product"):
            table.columns = [column for column in table.columns if column.name != "cooperative"]
        return table

    @cached_property
    def known(self):
        """Of all products, or of those that everybody sees."""
        if (narrowed := known.chosen(self)) == {}:
            return known.counted(self, ("products", "products_published"))
        is_public = narrowed == {"tampil": product_lists.SHOWN}
        return known.counted(self, ("products_published",)) if is_public else None

    def search(self, queryset, text):
        return with_words(queryset, text)

    def get_empty_action(self):
        """Whoever runs a cooperative may add to it, those of several choose which."""
        run = access.ids_run_by(self.request.user)
        if not run:
            return super().get_empty_action()
        if len(run) == 1:
            url = reverse("cooperatives:cooperative-product-create", args=run)
            return _("Add a product"), url
        return _("Add a product"), reverse("cooperatives:record")


class ProductDetailView(generic.DetailView):
    model = Product
    queryset = PRODUCTS

    def get_context_data(self, **kwargs):
        product = self.object
        return super().get_context_data(
            prices=price_entries(product),
            photos=product.photos.current(),
            motifs=product.motifs.all(),
            state=product_lists.state_of(product),
            obstacle="" if product.is_public else services.obstacle_to_showing(product),
            **kwargs,
        )


def price_entries(product):
    """The latest prices as entries of a timeline, each with how it differs from the one before."""
    prices = list(product.prices.all()[: MOST_PRICES + 1])
    return [
        {
            "when": date_format(price.since, "SHORT_DATE_FORMAT"),
            "text": format_rupiah(price.price),
            "note": difference(price, before),
        }
        for price, before in zip_longest(prices, prices[1:])
    ][:MOST_PRICES]


def difference(price, before):
    """How a price differs from the one before it, in words."""
    if before is None:
        return _("the first price")
    amount = {"amount": format_rupiah(abs(price.price - before.price))}
    if price.price > before.price:
        return _("%(amount)s more than before") % amount
    if price.price < before.price:
        return _("%(amount)s less than before") % amount
    return _("as before")


class ProductHistoryView(generic.HistoryView):
    """Every change of a product, that of its motifs included."""

    model = Product

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        both = [*context["changes"], *changes_of_motifs(self.object)]
        context["changes"] = sorted(both, key=lambda change: change.when, reverse=True)
        return context


def changes_of_motifs(product, limit=100):
    """Each motif that was put in or taken out, as a `Change` of the product."""
    rows = ProductMotif.pgh_event_model.objects.filter(product_id=product.pk)
    events = list(rows.select_related("pgh_context", "motif").order_by("-pgh_id")[:limit])
    actors = changes.actor_names(events)
    for event in events:
        gone = event.pgh_label == "delete"
        words = {"before": str(event.motif), "after": _("taken out")}
        if not gone:
            words = {"before": "", "after": str(event.motif)}
        yield changes.Change(
            when=event.pgh_created_at,
            who=actors(event.pgh_context),
            what=_("changed"),
            label="update",
            differences=[changes.Difference(label=_("motif"), **words)],
        )


class ProductCreateView(generic.CreateRelatedView):
    """A new product and its first price; its own page comes next, where photos are added."""

    model = Product
    permission_required = "cooperatives.add_product"
    template_name = "cooperatives/product_form.html"
    heading = gettext_lazy("Add a product")

    def get_success_url(self):
        return self.object.get_absolute_url()


class CooperativeProductCreateView(ProductCreateView):
    form_class = forms.CooperativeProductForm
    related_field = "cooperative"


class EnterpriseProductCreateView(ProductCreateView):
    form_class = forms.EnterpriseProductForm
    related_field = "enterprise"


class ProductUpdateView(generic.UpdateView):
    model = Product
    form_class = forms.ProductForm
    permission_required = "cooperatives.change_product"


class PriceCreateView(generic.CreateRelatedView):
    model = PriceChange
    form_class = forms.PriceForm
    related_field = "product"
    permission_required = "cooperatives.add_pricechange"
    heading = gettext_lazy("New price")

    def get_initial(self):
        return super().get_initial() | {"since": access.today()}


class MotifListView(lists.PagedListView):
    """The motifs of the weaving areas, what they mean, and which are not for sale."""

    queryset = Motif.objects.all()
    columns = product_lists.MOTIF_COLUMNS
    filters = product_lists.MOTIF_FILTERS
    search_label = gettext_lazy("Name of the motif")
    search_fields = ("name", "meaning")
    page_size = 50
    sorts = {"area": lists.Sort(gettext_lazy("By weaving area"), ("area", "name", "id"))}

    @cached_property
    def table(self):
        """With a way to change them for whoever may."""
        table = super().table
        if self.request.user.has_perm("cooperatives.change_motif"):
            table.columns = [*table.columns, product_lists.CHANGE_MOTIF]
        return table

    def get_empty_action(self):
        if self.request.user.has_perm("cooperatives.add_motif"):
            return _("Add a motif"), reverse("cooperatives:motif-create")
        return super().get_empty_action()


class MotifCreateView(generic.CreateView):
    model = Motif
    form_class = forms.MotifForm
    permission_required = "cooperatives.add_motif"
    back = reverse_lazy("cooperatives:motif-list")


class MotifUpdateView(generic.UpdateView):
    model = Motif
    form_class = forms.MotifForm
    permission_required = "cooperatives.change_motif"
