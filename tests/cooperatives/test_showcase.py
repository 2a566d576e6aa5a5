"""What visitors see: published rows only, nothing about people, quickly and for everybody."""

import gzip
import itertools
import re
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import brotli
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext as _

from cooperatives import services
from cooperatives.models import Cooperative, Enterprise, Person, Product, QuoteRequest
from tests.factories.cooperatives import (
    NIK,
    ConsentFactory,
    CooperativeFactory,
    MemberFactory,
    OfficerFactory,
    PersonFactory,
    StatusChangeFactory,
    with_nik,
)
from tests.factories.enterprises import (
    EnterpriseFactory,
    GroupMemberFactory,
    MotifFactory,
    PriceChangeFactory,
    ProductFactory,
    ProductMotifFactory,
    ProductPhotoFactory,
    PublicProductFactory,
    QuoteRequestFactory,
)
from tests.factories.portal import UserFactory, village
from tests.factories.roles import PUBLIC_SINCE

pytestmark = pytest.mark.django_db
PRODUCTS, COOPERATIVES = (
    reverse(f"cooperatives:{name}") for name in ("showcase", "showcase-cooperatives")
)
ROOT = Path(__file__).parents[2]
CARD = re.compile(r"<h3>\s*<a [^>]*>([^<]*)</a>")


@pytest.fixture
def product():
    """Of a weaver group that has no owner, so nobody is to be asked about its photo."""
    product = PublicProductFactory(
        name="Tais feto",
        enterprise__name="Tenun Mama Bria",
        enterprise__kind="weavers",
        enterprise__owner=None,
    )
    PriceChangeFactory(product=product, price=850_000)
    ProductPhotoFactory(product=product, size_bytes=43_000)
    product.refresh_from_db()
    return product


def page_of(product):
    return reverse("cooperatives:showcase-product", args=[product.pk])


def page_of_cooperative(product):
    return reverse("cooperatives:showcase-cooperative", args=[product.cooperative_id])


def photo_of(product):
    photo = product.photos.get()
    return reverse("cooperatives:showcase-photo", kwargs={"product": product.pk, "pk": photo.pk})


def asking_for(product):
    """Both forms."""
    return [
        reverse("cooperatives:quote-create", args=[product.pk]),
        reverse("cooperatives:quote-create-cooperative", args=[product.cooperative_id]),
    ]


def public_pages(product):
    """Every address that shows this product or its cooperative, as visitors may open them."""
    return [
        "/",
        PRODUCTS,
        COOPERATIVES,
        page_of(product),
        page_of(product) + "?foto=1",
        page_of_cooperative(product),
        *asking_for(product),
        "/sitemap.xml",
        "/robots.txt",
        "/masuk/",
    ]


def shown(client, url=PRODUCTS):
    """The names on the cards of a page, in their order."""
    return CARD.findall(client.get(url).content.decode())


# --- who is shown -------------------------------------------------------------------------------


def hide_product(product):
    Product.objects.filter(pk=product.pk).update(is_published=False)


def hide_cooperative(product):
    Cooperative.objects.filter(pk=product.cooperative_id).update(public_since=None)


def freeze(product):
    StatusChangeFactory(
        cooperative=product.cooperative, status="frozen", since=date(2026, 5, 1), reason="RAT"
    )


def close_enterprise(product):
    Enterprise.objects.filter(pk=product.enterprise_id).update(
        status="closed", closed_on=date(2026, 5, 1)
    )


@pytest.mark.parametrize("hide", [hide_product, hide_cooperative, freeze, close_enterprise])
def test_what_is_taken_down_is_gone_at_once(client, product, hide):
    addresses = [page_of(product), photo_of(product), asking_for(product)[0]]
    before = [client.get(url) for url in addresses]
    before[1].getvalue()  # a photo is streamed
    assert [response.status_code for response in before] == [200, 200, 200]
    assert (shown(client), shown(client, "/")) == (["Tais feto"], ["Tais feto"])

    hide(product)

    assert [client.get(url).status_code for url in addresses] == [404, 404, 404]
    assert client.post(addresses[2], {}).status_code in (400, 404)
    assert (shown(client), shown(client, "/")) == ([], [])
    assert page_of(product) not in client.get("/sitemap.xml").content.decode()


@pytest.mark.parametrize("hide", [hide_cooperative, freeze])
def test_a_cooperative_that_may_not_be_shown_is_gone_at_once(client, product, hide):
    addresses = [page_of_cooperative(product), asking_for(product)[1]]
    assert [client.get(url).status_code for url in addresses] == [200, 200]

    hide(product)

    assert [client.get(url).status_code for url in addresses] == [404, 404]
    assert product.cooperative.name not in client.get(COOPERATIVES).content.decode()


def test_a_photo_that_was_taken_down_is_gone(client, product):
    address = photo_of(product)
    product.photos.update(removed_on=date(2026, 6, 1))

    assert client.get(address).status_code == 404
    assert _("See the photo (%(size)s)") % {"size": "42 KB"} not in (
        client.get(page_of(product)).content.decode()
    )


def photo_is_shown(client, product):
    """On the product's page, on its card, and at the photo's own address."""
    page, cards = (client.get(url).content.decode() for url in (page_of(product), PRODUCTS))
    picture = client.get(photo_of(product))
    if picture.streaming:
        picture.getvalue()
    found = {"?foto=1" in page, "?foto=1#foto" in cards, picture.status_code == 200}
    assert len(found) == 1
    return found.pop()


def test_without_the_makers_consent_no_photo_of_theirs_is_shown(client, product):
    owner = PersonFactory()
    Enterprise.objects.filter(pk=product.enterprise_id).update(owner=owner)
    assert not photo_is_shown(client, product)

    consent = ConsentFactory(person=owner, purpose="public")
    assert photo_is_shown(client, product)

    services.withdraw_consent(consent=consent)
    assert not photo_is_shown(client, product)
    assert product.name in client.get(page_of(product)).content.decode()


def test_a_photo_of_what_nobody_in_particular_makes_is_shown(client, product):
    assert photo_is_shown(client, product)

    Product.objects.filter(pk=product.pk).update(enterprise=None)
    assert photo_is_shown(client, product)


def test_a_photo_has_one_address_only(client, product):
    other = PublicProductFactory()
    photo = product.photos.get()
    address = reverse("cooperatives:showcase-photo", kwargs={"product": other.pk, "pk": photo.pk})

    assert client.get(address).status_code == 404


# --- who made it --------------------------------------------------------------------------------


def maker(client, product):
    html = client.get(page_of(product)).content.decode()
    return re.search(rf"<dt>{_('Made by')}</dt>\s*<dd>\s*(.*?)\s*</dd>", html, re.S)[1]


def test_the_enterprise_is_named_while_its_owner_agrees_and_no_longer(client, product):
    member_of = _("a member of %(name)s") % {"name": product.cooperative}
    owner = PersonFactory()
    Enterprise.objects.filter(pk=product.enterprise_id).update(owner=owner)
    ConsentFactory(person=owner, purpose="contact")
    assert maker(client, product) == member_of

    consent = ConsentFactory(person=owner, purpose="public")
    assert maker(client, product) == "Tenun Mama Bria"
    assert "Tenun Mama Bria" in client.get(PRODUCTS).content.decode()

    consent.withdrawn_on = date(2026, 6, 1)
    consent.save()
    assert maker(client, product) == member_of
    pages = [client.get(url).content.decode() for url in public_pages(product)]
    assert [page for page in pages if "Tenun Mama Bria" in page] == []


def test_a_group_without_an_owner_is_not_named(client):
    group = EnterpriseFactory(
        kind="weavers",
        owner=None,
        name="Kelompok Mama",
        cooperative=CooperativeFactory(public_since=PUBLIC_SINCE),
    )
    product = ProductFactory(enterprise=group, is_published=True)

    assert maker(client, product) == _("a member of %(name)s") % {"name": product.cooperative}


# --- nothing about people -----------------------------------------------------------------------
SECRET = "rahasia"
PHONE = "+6281299998888"


@pytest.fixture
def secrets(product):
    """Rows about people all around the product, each of them marked."""
    here = village()
    person = with_nik(
        PersonFactory(
            name=f"Nama {SECRET}",
            village=here,
            hamlet=f"Dusun {SECRET}",
            address=f"Alamat {SECRET}",
            birth_place=f"Lahir {SECRET}",
            phones=[PHONE],
        ),
        NIK,
    )
    enterprise = product.enterprise
    enterprise.owner, enterprise.name = person, f"Tenun {SECRET}"
    enterprise.address, enterprise.hamlet = f"Jalan {SECRET}", f"Dusun {SECRET}"
    enterprise.phone, enterprise.decree_issuer = PHONE, f"Camat {SECRET}"
    enterprise.kind, enterprise.decree_number = "weavers", f"SK {SECRET}"
    enterprise.save()
    cooperative = product.cooperative
    cooperative.phone, cooperative.address = PHONE, f"Kantor {SECRET}"
    cooperative.save()
    MemberFactory(cooperative=cooperative, person=person, number=f"TFM-{SECRET}")
    OfficerFactory(
        cooperative=cooperative,
        person=person,
        user=UserFactory(username=SECRET, first_name=SECRET, last_name=SECRET),
    )
    GroupMemberFactory(enterprise=enterprise, person=person)
    QuoteRequestFactory(
        cooperative=cooperative,
        product=product,
        what=f"Kain {SECRET}",
        contact_name=f"Pembeli {SECRET}",
        contact_phone=PHONE,
        message=f"Pesan {SECRET}",
        answer=f"Jawaban {SECRET}",
    )
    hidden = ProductFactory(enterprise=enterprise, name=f"Tais {SECRET}")
    ProductPhotoFactory(product=hidden, caption=f"Foto {SECRET}")
    return [SECRET, PHONE.removeprefix("+62"), "1299-9988", NIK, NIK[-4:]]


def test_no_public_page_says_anything_about_a_person(client, product, secrets):
    for language in ("", "/en"):
        for url in public_pages(product):
            if language and url.endswith((".xml", ".txt")):
                continue
            response = client.get(language + url)
            text = response.content.decode().lower()
            assert response.status_code == 200
            assert [word for word in secrets if word in text] == [], url


def test_the_marks_would_be_found(client, product, secrets):
    ConsentFactory(person=Person.objects.get(name__contains=SECRET), purpose="public")
    product.cooperative.phone_is_public = True
    product.cooperative.save()

    text = client.get(page_of(product)).content.decode()

    assert SECRET in text
    assert PHONE.removeprefix("+") in text


def test_the_buyers_page_says_nothing_of_who_asked(client, product, secrets):
    quote = QuoteRequest.objects.get()
    quote.what = "Selendang"
    quote.save()

    text = client.get(reverse("cooperatives:quote-status", args=[quote.code])).content.decode()

    assert "Selendang" in text
    assert [word for word in secrets if word in text] == []


def test_the_cooperatives_number_is_given_only_when_it_may_be(client, product):
    cooperative = product.cooperative
    cooperative.phone = "+6281234567000"
    cooperative.save()
    link = "https://wa.me/6281234567000?text="
    assert link not in client.get(page_of_cooperative(product)).content.decode()

    cooperative.phone_is_public = True
    cooperative.save()
    assert link in client.get(page_of_cooperative(product)).content.decode()
    assert link in client.get(page_of(product)).content.decode()


def test_a_fixed_line_is_called(client, product):
    cooperative = product.cooperative
    cooperative.phone, cooperative.phone_is_public = "+6238921001", True
    cooperative.save()

    text = client.get(page_of(product)).content.decode()

    assert 'href="tel:+6238921001"' in text
    assert "wa.me" not in text


# --- lists --------------------------------------------------------------------------------------


@pytest.fixture
def shop():
    """Five products, each alone in something."""
    here, there = village(), village("53.21.11.2001", "Kobalima")
    home = CooperativeFactory(public_since=PUBLIC_SINCE, village=here)
    away = CooperativeFactory(public_since=PUBLIC_SINCE, village=there)
    made = {
        "Tais feto": {"kind": "cloth", "dye_practice": "natural", "cooperative": home},
        "Tais mane": {"kind": "cloth", "dye_practice": "synthetic", "cooperative": home},
        "Keripik pisang": {"kind": "food", "cooperative": home},
        "Selendang": {"kind": "cloth", "dye_practice": "mixed", "cooperative": away},
    }
    rows = {
        name: ProductFactory(enterprise=None, name=name, is_published=True, **values)
        for name, values in made.items()
    }
    for motif in (MotifFactory(area="foho"), MotifFactory(area="foho")):
        ProductMotifFactory(product=rows["Tais mane"], motif=motif)
    return rows


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Keripik pisang", "Selendang", "Tais feto", "Tais mane"]),
        ("?jenis=food", ["Keripik pisang"]),
        ("?alami=on", ["Tais feto"]),
        ("?daerah=foho", ["Tais mane"]),
        ("?kecamatan=53.21.11", ["Selendang"]),
        ("?cari=tais", ["Tais feto", "Tais mane"]),
        ("?cari=5321104507909001", []),
        ("?kecamatan=53.99.99", ["Keripik pisang", "Selendang", "Tais feto", "Tais mane"]),
        ("?sesudah=zzz", ["Keripik pisang", "Selendang", "Tais feto", "Tais mane"]),
        ("?cari=%00", ["Keripik pisang", "Selendang", "Tais feto", "Tais mane"]),
    ],
)
def test_products_are_searched_and_filtered(client, shop, query, found):
    assert shown(client, PRODUCTS + query) == found


def test_products_are_filtered_by_motif_and_by_cooperative(client, shop):
    motif = shop["Tais mane"].motifs.first()
    away = shop["Selendang"].cooperative_id

    assert shown(client, f"{PRODUCTS}?motif={motif.pk}") == ["Tais mane"]
    assert shown(client, f"{PRODUCTS}?koperasi={away}") == ["Selendang"]


def test_pages_of_24_follow_each_other(client):
    cooperative = CooperativeFactory(public_since=PUBLIC_SINCE)
    names = [f"Tais {number:02}" for number in range(30)]
    for name in names:
        ProductFactory(enterprise=None, cooperative=cooperative, name=name, is_published=True)
    first = client.get(PRODUCTS)
    following = first.context["page"].next_url

    assert CARD.findall(first.content.decode()) == names[:24]
    assert shown(client, following) == names[24:]


@pytest.mark.parametrize("url", ["/", PRODUCTS, COOPERATIVES])
def test_a_list_costs_few_queries_for_any_number_of_rows(client, url):
    costs = []
    for more in (1, 2):
        for _number in range(more):
            product = PublicProductFactory()
            ProductPhotoFactory(product=product)
            ConsentFactory(person=product.enterprise.owner, purpose="public")
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        costs.append(len(captured))

    assert costs[0] == costs[1] <= 6


def test_a_product_costs_few_queries(client, product):
    with CaptureQueriesContext(connection) as captured:
        client.get(page_of(product))

    assert len(captured) <= 6


def test_a_list_takes_no_post(client, product):
    assert client.post(PRODUCTS, {"format": "csv"}).status_code == 405


def test_a_full_page_fits_the_first_window_of_a_connection(client):
    cooperative = CooperativeFactory(public_since=PUBLIC_SINCE)
    kinds = itertools.cycle(["Tais feto", "Tais mane", "Selendang futus", "Keripik pisang"])
    for number, name in zip(range(25), kinds, strict=False):
        product = ProductFactory(
            enterprise=None,
            cooperative=cooperative,
            name=f"{name} dari Wehali nomor {number}",
            dyes=f"tarum, kunyit {number}",
            is_published=True,
        )
        PriceChangeFactory(product=product, price=100_000 + 7_531 * number)
        ProductPhotoFactory(product=product, size_bytes=30_000 + 1_234 * number)
    MotifFactory.create_batch(30)

    html = client.get(PRODUCTS, headers={"Accept-Encoding": "gzip"}).content
    files = ["css/futus.css", "img/icons.svg", "img/futus-band.svg"]
    static = [len(brotli.compress((ROOT / "static" / name).read_bytes())) for name in files]

    assert gzip.decompress(html).count(b"product-cloth") == 24
    assert len(html) + sum(static) + 600 * 4 <= 14 * 1024


# --- the photo is asked for ---------------------------------------------------------------------


def test_the_photo_comes_when_it_is_asked_for(client, product):
    address = photo_of(product)
    without = client.get(page_of(product)).content.decode()
    asked = client.get(page_of(product) + "?foto=1").content.decode()

    assert f'href="{page_of(product)}?foto=1#foto"' in without
    assert "42 KB" in without
    assert "<img" not in without
    assert f'src="{address}"' in asked
    assert 'width="40"' in asked and 'height="30"' in asked and 'alt="Tais feto"' in asked
    for odd in ("?foto=2", "?foto=x", "?foto="):
        assert "<img" not in client.get(page_of(product) + odd).content.decode()


def test_the_picture_is_kept_for_an_hour_and_asked_after(client, product):
    response = client.get(photo_of(product))
    response.getvalue()
    again = client.get(photo_of(product), headers={"If-None-Match": response["ETag"]})

    assert (response["Content-Type"], response["Cache-Control"]) == (
        "image/webp",
        "public, max-age=3600",
    )
    assert response["X-Content-Type-Options"] == "nosniff"
    assert (again.status_code, again.content) == (304, b"")


# --- for browsers, search engines and WhatsApp --------------------------------------------------


def test_a_look_leaves_no_cookie_and_may_be_kept_for_a_minute(client, product):
    for url in public_pages(product)[:6]:
        response = client.get(url)

        assert not response.cookies
        assert response["Cache-Control"] == "public, max-age=60"
        assert "Cookie" in response["Vary"]
        assert "X-Robots-Tag" not in response
        again = client.get(url, headers={"If-None-Match": response["ETag"]})
        assert (again.status_code, again.content) == (304, b"")
        assert (again["ETag"], again["Cache-Control"]) == (
            response["ETag"],
            "public, max-age=60",
        )
        assert "X-Robots-Tag" not in again


def test_whoever_is_signed_in_gets_public_pages_anew(client, product):
    client.force_login(UserFactory())

    for url in (PRODUCTS, COOPERATIVES, page_of(product)):
        assert client.get(url)["Cache-Control"] == "no-store"


def test_only_public_pages_may_be_indexed(client, product):
    private = ["/masuk/", "/undangan/", "/koperasi/", *asking_for(product)]
    quote = QuoteRequestFactory(cooperative=product.cooperative)
    private.append(reverse("cooperatives:quote-status", args=[quote.code]))
    assert {client.get(url)["X-Robots-Tag"] for url in private} == {"noindex"}

    client.force_login(UserFactory())
    assert {client.get(url)["X-Robots-Tag"] for url in ("/", "/akun/", "/koperasi/")} == {"noindex"}


def test_the_front_page_is_the_dashboard_for_whoever_is_signed_in(client, product):
    front = client.get("/")
    client.force_login(UserFactory())
    home = client.get("/")

    assert _("How to order") in front.content.decode()
    assert _("How to order") not in home.content.decode()
    assert home["Cache-Control"] == "no-store"


def test_the_visitors_menu_leads_to_products_cooperatives_and_the_sign_in(client):
    html = client.get("/").content.decode()
    header = html[html.index("<header") : html.index("</header>")]

    assert re.findall(r'<a[^>]* href="([^"]*)"', header) == ["/", PRODUCTS, COOPERATIVES, "/masuk/"]


def test_a_shared_link_has_a_title_a_text_and_a_small_picture(client, product):
    html = client.get(page_of(product)).content.decode()
    found = dict(re.findall(r'<meta property="og:(\w+)"\s+content="([^"]*)"', html))
    address = "http://testserver" + page_of(product)

    assert found["title"] == "Tais feto"
    assert "Rp850.000" in found["description"]
    assert found["url"] == address
    assert found["image"] == "http://testserver/static/img/share.png"
    assert re.search(rf'<link rel="canonical"\s+href="{address}"', html)
    assert re.search(rf'hreflang="en"\s+href="http://testserver/en{page_of(product)}"', html)


def test_the_site_map_names_public_pages_and_nothing_else(client, product):
    ProductFactory()
    found = ElementTree.fromstring(client.get("/sitemap.xml").content)
    addresses = [node.text.removeprefix("http://testserver") for node in found.findall(".//{*}loc")]

    assert sorted(addresses) == sorted(
        ["/", PRODUCTS, COOPERATIVES, page_of(product), page_of_cooperative(product)]
    )


def test_robots_are_told_of_the_site_map_and_kept_off_the_forms(client):
    text = client.get("/robots.txt").content.decode()

    assert "Sitemap: http://testserver/sitemap.xml\n" in text
    assert "Disallow: /*/minta/\n" in text
