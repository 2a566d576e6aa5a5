"""Pages of products: whose, at what cost, what they accept, and what everybody may see."""

import uuid
from datetime import date, timedelta

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext as _

from cooperatives.models import Cooperative, Motif, Product, ProductPhoto, access
from malaka_portal.models import User
from tests.factories.cooperatives import ConsentFactory, CooperativeFactory, OfficerFactory
from tests.factories.enterprises import (
    EnterpriseFactory,
    MotifFactory,
    PriceChangeFactory,
    ProductFactory,
    ProductMotifFactory,
    ProductPhotoFactory,
    PublicProductFactory,
)
from tests.factories.portal import UserFactory, village
from tests.factories.roles import MALAKA, group
from tests.portal.test_photos import noise, phone_photo, written

pytestmark = pytest.mark.django_db
PRODUCTS = reverse("cooperatives:product-list")
MOTIFS = reverse("cooperatives:motif-list")
NIK = "5321014507859001"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")
    return tmp_path / "media"


@pytest.fixture
def cooperative():
    return CooperativeFactory(name="Tenun Feto Malaka", public_since=date(2026, 1, 2))


@pytest.fixture
def officer(client, cooperative):
    """An officer of the cooperative, who is signed in."""
    user = OfficerFactory(cooperative=cooperative).user
    client.force_login(user)
    return user


@pytest.fixture
def product(cooperative):
    return ProductFactory(enterprise__cooperative=cooperative, name="Tais feto merah")


def staff(name="Staf program"):
    village()
    user = UserFactory(area_id=MALAKA)
    user.groups.add(group(name))
    return User.objects.get(pk=user.pk)


def url(name, row):
    return reverse(f"cooperatives:{name}", args=[row.pk])


def names(response):
    return [row.object.name for row in response.context["rows"]]


def key():
    return {"_kunci": str(uuid.uuid4())}


def errors(response):
    return response.context["form"].errors


# --- the list -----------------------------------------------------------------------------------
@pytest.mark.parametrize("address", [PRODUCTS, MOTIFS])
def test_a_list_costs_the_same_for_any_number_of_rows(client, cooperative, officer, address):
    costs = []
    for more in (1, 2):
        for _turn in range(more):
            row = ProductMotifFactory(product__enterprise__cooperative=cooperative)
            PriceChangeFactory(product=row.product)
            ProductPhotoFactory(product=row.product)
        client.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address).status_code == 200
        costs.append(len([q for q in queries if "SAVEPOINT" not in q["sql"]]))

    assert costs[0] == costs[1] <= 8


@pytest.mark.parametrize("name", ["product-detail", "product-history"])
def test_a_page_costs_the_same_for_any_number_of_motifs_prices_and_photos(
    client, officer, product, name
):
    costs = []
    for day in (1, 2):
        ProductMotifFactory(product=product)
        ProductPhotoFactory(product=product)
        PriceChangeFactory(product=product, since=date(2025, 1, day))
        client.get(url(name, product))
        with CaptureQueriesContext(connection) as queries:
            client.get(url(name, product))
        costs.append(len(queries))

    assert costs[0] == costs[1]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Keripik pisang", "Selendang", "Tais feto", "Tais lama"]),
        ("urut=newest", ["Tais lama", "Keripik pisang", "Selendang", "Tais feto"]),
        ("cari=tais+feto", ["Tais feto"]),
        ("jenis=food", ["Keripik pisang"]),
        ("pewarna=natural", ["Tais feto"]),
        ("teknik=buna", ["Selendang"]),
        ("tampil=ya", ["Selendang"]),
        ("tampil=tidak", ["Keripik pisang", "Tais feto"]),
        ("tampil=berhenti", ["Tais lama"]),
        ("kecamatan=53.21.02", ["Tais lama"]),
        ("jenis=perahu", ["Keripik pisang", "Selendang", "Tais feto", "Tais lama"]),
        ("cari=%27%22%3B--", []),
    ],
)
def test_filters_and_search(client, cooperative, officer, query, found):
    of_ours = {"enterprise": EnterpriseFactory(cooperative=cooperative)}
    ProductFactory(name="Tais feto", dye_practice="natural", **of_ours)
    ProductFactory(name="Selendang", technique="buna", is_published=True, **of_ours)
    ProductFactory(name="Keripik pisang", kind="food", enterprise=None, cooperative=cooperative)
    far = EnterpriseFactory(cooperative=cooperative, village=village("53.21.02.2001", "Kletek"))
    ProductFactory(name="Tais lama", stopped_on=date(2026, 1, 2), enterprise=far)
    PublicProductFactory(name="Theirs")

    response = client.get(f"{PRODUCTS}?{query}")

    assert (response.status_code, names(response)) == (200, found)


def test_links_from_other_pages_narrow_the_list(client, cooperative, officer, product):
    motif = ProductMotifFactory(product=product).motif
    ProductFactory(enterprise__cooperative=cooperative)
    ProductFactory(enterprise=None, cooperative=cooperative)
    queries = [f"motif={motif.pk}", f"usaha={product.enterprise_id}"]

    assert [names(client.get(f"{PRODUCTS}?{query}")) for query in queries] == [[product.name]] * 2
    assert len(names(client.get(f"{PRODUCTS}?koperasi={cooperative.pk}"))) == 3


def test_the_list_goes_out_as_a_file(client, cooperative, officer, product):
    PriceChangeFactory(product=product, price=275_000)
    response = client.post(PRODUCTS, {"format": "csv"})
    text = b"".join(response.streaming_content).decode("utf-8-sig")

    assert "Tais feto merah" in text and "275000" in text


# --- a new product ------------------------------------------------------------------------------
def sent(**changes):
    plain = {"name": "Tais baru", "kind": "cloth", "unit": "sheet", "palette": "indigo"}
    return plain | key() | changes


def test_a_product_is_recorded_with_its_price_and_motifs(client, cooperative, officer):
    motif = MotifFactory()
    address = url("cooperative-product-create", cooperative)
    response = client.post(address, sent(price="275.000", motifs=[motif.pk], technique="ikat"))
    product = Product.objects.get()

    assert response["Location"] == product.get_absolute_url()
    assert (product.price, list(product.motifs.all())) == (275_000, [motif])
    assert [(row.price, row.since) for row in product.prices.all()] == [(275_000, access.today())]
    assert product.maker == cooperative


def test_a_form_sent_twice_makes_one_product_and_one_price(client, cooperative, officer):
    address, form = url("cooperative-product-create", cooperative), sent(price="1000")
    first, second = client.post(address, form), client.post(address, form)

    assert first["Location"] == second["Location"]
    assert (Product.objects.count(), Product.objects.get().prices.count()) == (1, 1)


def test_an_enterprises_product_stands_where_its_record_is(client, cooperative, officer):
    maker = EnterpriseFactory(cooperative=cooperative, line="food")
    address = url("enterprise-product-create", maker)
    form = client.get(address).context["form"]
    client.post(address, sent(kind="food", ingredients="pisang, garam"))
    product = Product.objects.get()

    assert form["kind"].value() == "food"
    assert (form.food_is_open, form.cloth_is_open) == (True, False)
    assert (product.maker, product.cooperative, product.price) == (maker, cooperative, None)


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"name": ""}, {"name"}),
        ({"price": "0"}, {"price"}),
        ({"price": "1.50"}, {"price"}),
        ({"kind": "food", "technique": "ikat"}, {"technique"}),
        ({"ingredients": "pisang"}, {"ingredients"}),
        ({"capacity_per_month": "-1"}, {"capacity_per_month"}),
        ({"lead_time_days": "99999999"}, {"lead_time_days"}),
        ({"motifs": ["x"]}, {"motifs"}),
        ({"motifs": ["987654321"]}, {"motifs"}),
        ({"description": f"Hubungi {NIK}"}, {"description"}),
        ({"name": f"Tais {NIK}"}, {"name"}),
    ],
)
def test_what_cannot_be_is_said_at_its_field(client, cooperative, officer, changes, wrong):
    response = client.post(url("cooperative-product-create", cooperative), sent(**changes))

    assert set(errors(response)) == wrong
    assert Product.objects.count() == 0


def test_food_has_no_motif(client, cooperative, officer):
    form = sent(kind="food", motifs=[MotifFactory().pk])
    response = client.post(url("cooperative-product-create", cooperative), form)

    assert errors(response)["motifs"] == [
        _("Food has no motif. Take the ticks away, or choose another kind.")
    ]


def test_motifs_stand_by_area_and_say_which_are_not_for_sale(client, cooperative, officer):
    Motif.objects.all().delete()
    MotifFactory(name="Lafaek", area="fehan", meaning="buaya")
    MotifFactory(name="Suci", area="dawan", is_not_for_sale=True)
    form = client.get(url("cooperative-product-create", cooperative)).context["form"]
    shown = [
        (area, [tick.choice_label for tick in ticks]) for area, ticks, _ticked in form.motif_groups
    ]

    assert shown == [
        ("Dawan R", [_("%(motif)s, not for sale") % {"motif": "Suci"}]),
        ("Fehan", ["Lafaek (buaya)"]),
    ]


# --- changes ------------------------------------------------------------------------------------
def filled(client, product):
    """The form of a product as a browser would send it back."""
    form = client.get(url("product-update", product)).context["form"]
    values = {name: form[name].value() for name in form.fields}
    shown = {name: form.fields[name].prepare_value(value) for name, value in values.items()}
    return {name: "" if value is None else value for name, value in shown.items()}


def test_two_editors_who_tick_different_motifs_both_get_theirs(client, officer, product):
    kept, gone, mine, theirs = MotifFactory.create_batch(4)
    product.motifs.set([kept, gone])
    form = filled(client, product)
    other = form | {"motifs": [kept.pk, gone.pk, theirs.pk]}

    assert client.post(url("product-update", product), other).status_code == 302
    mine_too = form | {"motifs": [kept.pk, mine.pk]}
    assert client.post(url("product-update", product), mine_too).status_code == 302
    assert set(product.motifs.all()) == {kept, mine, theirs}


def test_two_editors_of_one_field_are_told(client, officer, product):
    form = filled(client, product)
    client.post(url("product-update", product), form | {"size": "60 x 200 cm"})
    response = client.post(url("product-update", product), form | {"size": "70 x 210 cm"})

    assert "60 x 200 cm" in str(errors(response)["size"])
    product.refresh_from_db()
    assert product.size == "60 x 200 cm"


def test_a_sacred_motif_is_refused_for_a_product_that_is_shown(client, officer, cooperative):
    product = PublicProductFactory(enterprise__cooperative=cooperative)
    sacred = MotifFactory(is_not_for_sale=True)
    form = filled(client, product) | {"motifs": [sacred.pk]}
    refused = client.post(url("product-update", product), form)
    stopped = client.post(url("product-update", product), form | {"stopped_on": "1-1-2026"})
    product.refresh_from_db()

    assert list(errors(refused)) == ["motifs"]
    assert stopped.status_code == 302
    assert (product.is_published, list(product.motifs.all())) == (False, [sacred])


def test_the_database_is_understood_when_it_refuses_the_motif(
    client, officer, cooperative, monkeypatch
):
    """The form saw no fault, since somebody published the product at this moment."""
    product = PublicProductFactory(enterprise__cooperative=cooperative)
    form = filled(client, product) | {"motifs": [MotifFactory(is_not_for_sale=True).pk]}
    monkeypatch.setattr("cooperatives.forms.ProductForm.refuse_motifs", lambda *args: None)
    response = client.post(url("product-update", product), form)

    assert errors(response)["__all__"] == [
        _("A product with a motif that is not for sale is never published.")
    ]
    assert list(product.motifs.all()) == []


def test_the_history_tells_of_motifs_too(client, officer, product):
    motif = MotifFactory(name="Suri")
    form = filled(client, product)
    client.post(url("product-update", product), form | {"motifs": [motif.pk]})
    client.post(url("product-update", product), filled(client, product) | {"motifs": []})
    changes = client.get(url("product-history", product)).context["changes"]
    told = [
        (c.who, d.before, d.after) for c in changes for d in c.differences if d.label == _("motif")
    ]

    assert told == [
        (officer.get_full_name(), "Suri (Fehan)", _("taken out")),
        (officer.get_full_name(), "", "Suri (Fehan)"),
    ]


def test_what_is_wrong_is_told_in_the_order_of_the_page(client, cooperative, officer):
    faulty = sent(name="", price="0", capacity_per_month="-1")

    response = client.post(url("cooperative-product-create", cooperative), faulty)

    assert list(response.context["form"].errors) == ["name", "price", "capacity_per_month"]


# --- prices -------------------------------------------------------------------------------------
def test_prices_are_added_and_told_with_their_difference(client, officer, product):
    address = url("pricechange-create", product)
    for price, since in (("250.000", "1-2-2025"), ("300.000", "1-3-2025"), ("290 rb", "1-4-2025")):
        client.post(address, {"price": price, "since": since} | key())
    entries = client.get(product.get_absolute_url()).context["prices"]
    product.refresh_from_db()

    assert product.price == 290_000
    assert [entry["text"] for entry in entries] == ["Rp290.000", "Rp300.000", "Rp250.000"]
    assert [entry["note"] for entry in entries] == [
        _("%(amount)s less than before") % {"amount": "Rp10.000"},
        _("%(amount)s more than before") % {"amount": "Rp50.000"},
        _("the first price"),
    ]


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"price": "0"}, "price"),
        ({"price": ""}, "price"),
        ({"price": "275.000"}, "price"),
        ({"since": (access.today() + timedelta(days=1)).strftime("%d-%m-%Y")}, "since"),
    ],
)
def test_a_price_that_cannot_be_is_refused(client, officer, product, changes, wrong):
    PriceChangeFactory(product=product, price=275_000, since=date(2025, 1, 2))
    form = {"price": "300.000", "since": "2-1-2025"} | changes | key()
    response = client.post(url("pricechange-create", product), form)

    assert list(errors(response)) == [wrong]
    assert product.prices.count() == 1


# --- photos -------------------------------------------------------------------------------------
def photograph(client, product, content=None, caption="Tais merah di alat tenun", **more):
    file = SimpleUploadedFile("IMG_0001.jpg", content or phone_photo())
    form = {"photo": file, "caption": caption} | key() | more
    return client.post(url("productphoto-create", product), form)


def test_a_photo_is_kept_small_and_shown_with_its_size(client, officer, product, media):
    response = photograph(client, product, written(noise(size=(1600, 1200))))
    photo = ProductPhoto.objects.get()
    page = client.get(product.get_absolute_url()).content.decode()
    files = sorted(path.stat().st_size for path in media.rglob("*.*"))

    assert response["Location"] == product.get_absolute_url()
    assert files == sorted([photo.image.size, photo.thumbnail.size])
    assert (files[0] <= 12_000, files[1] <= 60_000) == (True, True)
    assert photo.size_bytes == photo.image.size
    width, height = photo.thumbnail_size
    assert f'src="{url("productphoto-thumbnail", photo)}"' in page
    assert f'width="{width}"' in page and f'height="{height}"' in page
    assert 'loading="lazy"' in page and 'alt="Tais merah di alat tenun"' in page
    assert f'href="{url("productphoto-image", photo)}"' in page


def test_a_photo_tells_nothing_of_where_it_was_taken(client, officer, product):
    photograph(client, product)
    photo = ProductPhoto.objects.get()
    for name in ("productphoto-image", "productphoto-thumbnail"):
        response = client.get(url(name, photo))
        content = b"".join(response.streaming_content)
        assert response["Content-Type"] == "image/webp"
        assert "private" in response["Cache-Control"]
        assert b"EXIF" not in content and b"TELEPON" not in content


@pytest.mark.parametrize(("megabytes", "status"), [(8, 302), (9, 200)])
def test_8_mb_pass_and_9_get_a_sentence(client, officer, product, megabytes, status):
    content = phone_photo().ljust(megabytes * 1024 * 1024, b"\0")
    response = photograph(client, product, content)

    assert response.status_code == status
    if status == 200:
        text = _("This file is too large: at most %(most)d MB. Choose a smaller file or photo.")
        assert errors(response)["photo"] == [text % {"most": 8}]
        assert ProductPhoto.objects.count() == 0


@pytest.mark.parametrize("content", [b"%PDF-1.4\n%%EOF", b"<html>", phone_photo()[:300]])
def test_what_is_no_photo_is_refused(client, officer, product, content, media):
    response = photograph(client, product, content)

    assert list(errors(response)) == ["photo"]
    assert list(media.rglob("*.webp")) == []


def test_a_photo_says_what_it_shows(client, officer, product):
    assert list(errors(photograph(client, product, caption=" "))) == ["caption"]


def test_a_photo_sent_twice_is_kept_once(client, officer, product, media):
    same = key()
    photo = phone_photo()
    first, second = (photograph(client, product, photo, **same) for _turn in range(2))

    assert first["Location"] == second["Location"]
    assert (ProductPhoto.objects.count(), len(list(media.rglob("*.webp")))) == (1, 2)


def test_a_fourth_photo_has_to_wait(client, officer, product, media, monkeypatch):
    ProductPhotoFactory.create_batch(3, product=product)
    text = _("This product has three photos already. Take one down first.")
    refused = photograph(client, product)
    monkeypatch.setattr("cooperatives.forms.product.MOST", 4)  # as when two come at once
    refused_by_database = photograph(client, product)

    assert errors(refused)["__all__"] == errors(refused_by_database)["__all__"] == [text]
    assert len(list(media.rglob("*.webp"))) == 6
    assert url("productphoto-create", product) not in str(
        client.get(product.get_absolute_url()).content
    )


def test_a_photo_that_is_taken_down_is_kept_and_not_shown(client, officer, product, media):
    photo = ProductPhotoFactory(product=product)
    asked = client.get(url("productphoto-remove", photo))
    response = client.post(url("productphoto-remove", photo))
    photo.refresh_from_db()

    assert (asked.status_code, response["Location"]) == (200, product.get_absolute_url())
    assert photo.removed_on == access.today()
    assert len(list(media.rglob("*.webp"))) == 2
    assert client.get(url("productphoto-image", photo)).status_code == 404
    assert client.post(url("productphoto-remove", photo)).status_code == 404


# --- what everybody sees ------------------------------------------------------------------------
def agree(client, cooperative, **changes):
    version = Cooperative.objects.get(pk=cooperative.pk).version
    form = {"introduction": "Kain tenun futus.", "_versi": version} | changes
    return client.post(url("cooperative-show", cooperative), form)


def test_the_board_agrees_after_it_has_seen_what_will_be_shown(client, officer, cooperative):
    Cooperative.objects.update(public_since=None, phone="+6281234567890")
    review = agree(client, cooperative, phone_is_public="on")
    text = review.content.decode()
    before = Cooperative.objects.get().public_since
    hidden = {name: review.context["form"][name].value() for name in ("phone_is_public",)}
    response = agree(client, cooperative, simpan="1", **hidden)
    after = Cooperative.objects.get()

    assert (review.status_code, before) == (200, None)
    assert "Kain tenun futus." in text and "0812-3456-7890" in text and cooperative.name in text
    assert response["Location"] == cooperative.get_absolute_url()
    assert (after.public_since, after.phone_is_public) == (access.today(), True)
    assert list(Cooperative.objects.public()) == [after]


def test_a_number_that_is_not_ticked_is_not_shown(client, officer, cooperative):
    Cooperative.objects.update(phone="+6281234567890", phone_is_public=True)
    review = agree(client, cooperative)
    agree(client, cooperative, simpan="1", phone_is_public="False")

    assert "0812-3456-7890" not in review.content.decode()
    assert not Cooperative.objects.get().phone_is_public


def test_the_day_of_the_first_agreement_is_kept(client, officer, cooperative):
    agree(client, cooperative, simpan="1")

    assert Cooperative.objects.get().public_since == date(2026, 1, 2)


def test_only_an_active_cooperative_agrees(client, officer, cooperative):
    cooperative.status_changes.create(status="frozen", since=date(2026, 1, 2), reason="belum RAT")
    Cooperative.objects.update(public_since=None)
    response = agree(client, cooperative, simpan="1")

    assert errors(response)["__all__"] == [
        _("Only an active cooperative is shown on public pages.")
    ]
    assert Cooperative.objects.get().public_since is None


def test_withdrawing_hides_the_cooperative_and_its_products_at_once(
    client, officer, cooperative, product
):
    Product.objects.update(is_published=True)
    Cooperative.objects.update(phone_is_public=True, phone="+6281234567890")
    asked = client.get(url("cooperative-hide", cooperative))
    seen = (Cooperative.objects.public().count(), Product.objects.public().count())
    client.post(url("cooperative-hide", cooperative))
    after = Cooperative.objects.get()

    assert (asked.status_code, seen) == (200, (1, 1))
    assert (Cooperative.objects.public().count(), Product.objects.public().count()) == (0, 0)
    assert (after.public_since, after.phone_is_public) == (None, False)


def test_a_product_is_shown_and_hidden(client, officer, product):
    PriceChangeFactory(product=product)
    asked = client.get(url("product-show", product)).content.decode()
    client.post(url("product-show", product))
    shown = Product.objects.public().count()
    client.post(url("product-hide", product))

    assert "Rp275.000" in asked and "Tenun Feto Malaka" in asked
    assert (shown, Product.objects.public().count()) == (1, 0)


def test_whoever_shows_a_product_is_told_that_its_photos_are_kept_back(client, officer, product):
    PriceChangeFactory(product=product)
    ProductPhotoFactory(product=product)
    told = _(
        "Its photos are not shown: whoever makes it has not agreed to that. "
        "Record their consent on their page."
    )
    assert told in client.get(url("product-show", product)).content.decode()

    ConsentFactory(person=product.enterprise.owner, purpose="public")
    assert told not in client.get(url("product-show", product)).content.decode()


REASONS = {
    "not agreed": "The cooperative has not agreed yet to be shown on public pages.",
    "not active": "Only an active cooperative is shown on public pages.",
    "closed": "The enterprise that makes it is closed.",
    "objects": "The owner of the enterprise objects to being recorded.",
    "stopped": "This product is no longer made.",
    "no price": "This product has no price yet.",
    "sacred": "This product has a motif that is not for sale.",
}


def spoil(product, why):
    shop = product.enterprise.cooperative
    if why != "no price":
        PriceChangeFactory(product=product)
    if why == "not agreed":
        Cooperative.objects.update(public_since=None)
    elif why == "not active":
        shop.status_changes.create(status="frozen", since=date(2026, 1, 2), reason="belum RAT")
    elif why == "closed":
        maker = type(product.enterprise).objects.filter(pk=product.enterprise_id)
        maker.update(status="closed", closed_on=date(2026, 1, 2))
    elif why == "objects":
        objection = {"purpose": "record", "given_on": None, "withdrawn_on": date(2026, 1, 2)}
        ConsentFactory(person=product.enterprise.owner, **objection)
    elif why == "stopped":
        Product.objects.update(stopped_on=date(2026, 1, 2))
    elif why == "sacred":
        ProductMotifFactory(product=product, motif__is_not_for_sale=True)


@pytest.mark.parametrize("why", REASONS)
def test_a_product_that_cannot_be_shown_says_why(client, officer, product, why):
    spoil(product, why)
    page, asked = client.get(product.get_absolute_url()), client.get(url("product-show", product))
    response = client.post(url("product-show", product))

    assert page.context["obstacle"] == _(REASONS[why])
    assert asked.context["obstacle"] == response.context["obstacle"] == _(REASONS[why])
    assert _(REASONS[why]) in response.content.decode()
    assert not Product.objects.get().is_published


def test_a_product_that_no_cooperative_keeps_is_not_shown(client):
    product = ProductFactory(enterprise__cooperative=None, enterprise__village=village())
    PriceChangeFactory(product=product)
    client.force_login(staff())
    response = client.post(url("product-show", product))

    assert response.context["obstacle"] == _(
        "No cooperative keeps this product, and only a cooperative shows products."
    )


def test_supervisors_and_viewers_look_only(client, product, cooperative):
    PriceChangeFactory(product=product)
    supervisor = OfficerFactory(cooperative=cooperative, body="supervisors", role="member").user
    acts = ["product-show", "product-hide", "product-update", "pricechange-create"]
    acts += ["productphoto-create"]
    for user in (supervisor, staff("Peninjau")):
        client.force_login(user)
        page = client.get(product.get_absolute_url())
        assert page.status_code == 200
        assert [act for act in acts if url(act, product) in page.content.decode()] == []
        assert {client.post(url(act, product), key()).status_code for act in acts} == {403}
        assert client.post(url("cooperative-hide", cooperative)).status_code == 403


def test_staff_act_in_their_area_only(client, product):
    PriceChangeFactory(product=product)
    far = ProductFactory(
        enterprise__village=village("33.01.01.2001", "Jauh"), enterprise__cooperative=None
    )
    client.force_login(staff())

    assert client.post(url("product-show", product)).status_code == 302
    assert client.post(url("product-show", far)).status_code == 404


# --- motifs -------------------------------------------------------------------------------------
def test_everybody_looks_at_motifs_and_staff_change_them(client, officer):
    motif = MotifFactory(name="Baru", meaning="sarang")
    text = client.get(f"{MOTIFS}?cari=sarang").content.decode()
    as_officer = client.post(url("motif-update", motif), {"name": "x"}).status_code
    client.force_login(staff())
    form = {"name": "Baru sekali", "area": "foho", "meaning": "", "_versi": motif.version}
    client.post(url("motif-update", motif), form)
    client.post(reverse("cooperatives:motif-create"), {"name": "Lain", "area": "foho"} | key())

    assert "Baru" in text and url("motif-update", motif) not in text
    assert as_officer == 403
    assert url("motif-update", motif) in client.get(MOTIFS).content.decode()
    assert list(Motif.objects.filter(area="foho").values_list("name", flat=True)) == [
        "Baru sekali",
        "Lain",
    ]


@pytest.mark.parametrize(("query", "found"), [("dijual=ya", 1), ("dijual=tidak", 1), ("", 2)])
def test_motifs_that_are_not_for_sale_are_told_apart(client, officer, query, found):
    Motif.objects.all().delete()
    MotifFactory()
    MotifFactory(is_not_for_sale=True)

    assert len(client.get(f"{MOTIFS}?{query}").context["rows"]) == found


# --- the back office ----------------------------------------------------------------------------
def test_the_back_office_understands_what_the_database_refuses(client):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    product, motif = PublicProductFactory(), MotifFactory(is_not_for_sale=True)
    form = {"product": product.pk, "motif": motif.pk}
    response = client.post(reverse("admin:cooperatives_productmotif_add"), form)

    assert response.status_code == 200
    assert _("A product with a motif that is not for sale is never published.") in (
        response.content.decode()
    )


def test_the_cooperatives_page_counts_its_products(client, officer, cooperative, product):
    ProductFactory(enterprise=None, cooperative=cooperative, is_published=True)
    context = client.get(cooperative.get_absolute_url()).context

    assert (context["product_count"], context["shown_count"]) == (2, 1)


def test_whoever_sets_a_price_is_remembered(client, officer, product):
    client.post(
        url("pricechange-create", product), {"price": "275.000", "since": "1-2-2026"} | key()
    )
    event = apps.get_model("cooperatives", "PriceChangeEvent").objects.get()

    assert (event.price, event.pgh_context.metadata["user"]) == (275_000, officer.pk)
