"""What everybody may see without an account: the front page, products and cooperatives.

Only `Product.objects.public()` and `Cooperative.objects.public()` are shown; everything else is
the same missing page, whether it exists or not.
"""

from django.db.models import Count, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from cooperatives import filters
from cooperatives.models import Cooperative, Product, ProductPhoto
from malaka_portal import lists
from malaka_portal.files import file_response
from malaka_portal.names import search_words, with_words
from malaka_portal.visitors import public_page

NEWEST = 8  # products on the front page
OF_COOPERATIVE = 12  # products on the page of a cooperative; a link leads to the rest
PHOTO_KEPT = 3600  # seconds; the pictures themselves never change
MOST_ADDRESSES = 40_000  # in the site map, which may have 50,000


def public_products():
    """Products as cards show them: their maker, as far as it may be named, and their photos."""
    photos = Prefetch("photos", ProductPhoto.objects.agreed(), to_attr="shown_photos")
    return Product.objects.public().with_maker().prefetch_related(photos)


def public_cooperatives():
    """Cooperatives that agreed, each with `product_count`, how many products it shows."""
    shown = Product.objects.public().filter(cooperative=OuterRef("pk")).order_by()
    counted = shown.values("cooperative").annotate(count=Count("pk")).values("count")
    rows = Cooperative.objects.public().select_related("village__parent")
    return rows.annotate(product_count=Coalesce(Subquery(counted), 0))


@public_page
def welcome(request):
    """The front page of visitors; whoever is signed in has the dashboard instead."""
    context = {
        "products": public_products().order_by("-pk")[:NEWEST],
        "product_count": Product.objects.public().count(),
        "cooperative_count": Cooperative.objects.public().count(),
    }
    return render(request, "cooperatives/showcase/welcome.html", context)


class PublicList:
    """A list for everybody: no scope of a user, no export, and no word about a NIK."""

    export_formats = ()
    http_method_names = ["get", "head", "options"]
    page_size = 24

    @classmethod
    def as_view(cls, **initkwargs):
        return public_page(super().as_view(**initkwargs))

    def in_sight(self, rows):
        return rows

    def get(self, request, *args, **kwargs):
        return self.render_to_response(self.get_context_data(**kwargs))

    def search(self, queryset, text):
        return search_words(queryset, text)


class ShowcaseView(PublicList, lists.KeysetListView):
    queryset = Product.objects.all()
    filters = filters.SHOWCASE_FILTERS
    sorts = {"name": lists.Sort(_("Name"), ("name_order", "id"))}
    heading = _("Products from Malaka")
    search_label = _("Search for a product")
    search_is_limited = True
    empty_text = _("No products are shown yet. Come back soon.")
    template_name = "cooperatives/showcase/product_list.html"

    def get_queryset(self):
        return public_products()

    def search(self, queryset, text):
        return with_words(queryset, text)

    def get_context_data(self, **kwargs):
        context = super().get_context_data(**kwargs)
        found = context["page"].object_list
        count = found[0].row_count if found else 0
        return context | {
            "product_count": min(count, lists.MOST_COUNTED),
            "more_than_shown": count > lists.MOST_COUNTED,
        }


class ShowcaseCooperativesView(PublicList, lists.PagedListView):
    queryset = Cooperative.objects.all()
    filters = filters.SHOWCASE_COOPERATIVE_FILTERS
    sorts = {"name": lists.Sort(_("Name"), ("name_order", "id"))}
    heading = _("Cooperatives of Malaka")
    search_label = _("Name of the cooperative")
    empty_text = _("No cooperative is shown here yet.")
    template_name = "cooperatives/showcase/cooperative_list.html"

    def get_queryset(self):
        return public_cooperatives()


@public_page
@require_safe
def product(request, pk):
    """A product; `?foto=2` shows its second photo, which costs what the link has said."""
    row = get_object_or_404(public_products().select_related("cooperative__village__parent"), pk=pk)
    photos = [(number, photo) for number, photo in enumerate(row.shown_photos, start=1)]
    wanted = request.GET.get("foto", "")
    context = {
        "product": row,
        "cooperative": row.cooperative,
        "motifs": row.motifs.filter(is_not_for_sale=False),
        "photos": photos,
        "shown": next((pair for pair in photos if str(pair[0]) == wanted), None),
    }
    return render(request, "cooperatives/showcase/product.html", context)


@public_page
@require_safe
def photo(request, product, pk):
    """The picture itself, for as long as its product is shown and its maker agrees."""
    rows = ProductPhoto.objects.agreed().filter(product__in=Product.objects.public())
    row = get_object_or_404(rows, pk=pk, product_id=product)
    etag = f'"{row.pk}"'
    kept = get_conditional_response(request, etag=etag)
    response = kept or file_response(row.image, filename=row.caption)
    response["ETag"] = etag
    response["Cache-Control"] = f"public, max-age={PHOTO_KEPT}"
    return response


@public_page
@require_safe
def cooperative(request, pk):
    row = get_object_or_404(public_cooperatives(), pk=pk)
    products = public_products().filter(cooperative_id=row.pk)
    context = {"cooperative": row, "products": products.order_by("name_order")[:OF_COOPERATIVE]}
    return render(request, "cooperatives/showcase/cooperative.html", context)


@public_page
@require_safe
def sitemap(request):
    """What search engines may know of: the public pages, in both languages."""
    names = ["dashboard", "cooperatives:showcase", "cooperatives:showcase-cooperatives"]
    rows = [
        ("cooperatives:showcase-cooperative", Cooperative.objects.public()),
        ("cooperatives:showcase-product", Product.objects.public()),
    ]
    found = [(reverse(name), None) for name in names]
    for name, queryset in rows:
        kept = queryset.order_by("-pk").values_list("pk", "updated_at")[: MOST_ADDRESSES // 2]
        found += [(reverse(name, args=[pk]), changed) for pk, changed in kept]
    context = {"addresses": found, "origin": request.build_absolute_uri("/")[:-1]}
    return render(
        request, "cooperatives/showcase/sitemap.xml", context, content_type="application/xml"
    )


@public_page
@require_safe
def robots(request):
    lines = [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /*/minta/",  # a form is nothing to be found
        f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}",
    ]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain")


# What stands in each address: tests/test_matrix.py opens them with rows that are public or not.
product.model, photo.model, cooperative.model = Product, ProductPhoto, Cooperative
