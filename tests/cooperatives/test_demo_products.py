"""What the demo's enterprises make, who sees it and who asks for it."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db.models import Count, F, Max, Min, OuterRef, Q, Subquery
from django.utils import timezone
from PIL import Image

from cooperatives.demo import photos
from cooperatives.models import (
    Consent,
    Cooperative,
    Credential,
    Enterprise,
    Motif,
    PriceChange,
    Product,
    ProductPhoto,
    QuoteRequest,
)
from malaka_portal.models import User
from tests.cooperatives.test_demo import db, grouped, said  # noqa: F401 (fixtures: the same demo)

OFFICERS = ["yosefina", "pengawas", "bendahara"]


# --- products -------------------------------------------------------------------------------------
def test_three_in_five_products_are_published_by_cooperatives_that_agreed():
    published = Product.objects.filter(is_published=True)

    assert published.count() == 300
    assert not published.filter(cooperative__public_since=None).exists()
    assert not published.exclude(stopped_on=None).exists()
    assert 250 < Product.objects.public().count() < 300  # one cooperative was frozen since
    assert 20 < Product.objects.exclude(stopped_on=None).count() < 80


def test_two_made_up_motifs_are_not_for_sale_and_their_cloths_are_not_shown():
    sacred = Motif.objects.filter(is_not_for_sale=True)
    cloths = Product.objects.filter(motifs__in=sacred)

    assert sorted(sacred.values_list("name", flat=True)) == [
        "Motif pusaka contoh I",
        "Motif pusaka contoh II",
    ]
    assert (cloths.count(), cloths.filter(is_published=True).count()) == (6, 0)


def test_cloths_are_dyed_with_what_gives_their_colour():
    cloths = Product.objects.filter(kind="cloth")

    assert set(grouped(cloths, "technique")) == set(Product.Technique.values)
    assert set(grouped(cloths, "palette")) == set(Product.Palette.values)
    assert set(grouped(cloths, "dye_practice")) == {"", *Product.DyePractice.values}
    assert not cloths.filter(dye_practice="natural", dyes="").exists()
    assert not cloths.filter(dye_practice="synthetic").exclude(dyes="").exists()
    assert (
        not cloths.filter(palette="indigo", dye_practice="natural")
        .exclude(dyes__startswith="tarum")
        .exists()
    )
    assert cloths.filter(motifs__isnull=False).distinct().count() > cloths.count() * 0.7
    assert not Product.objects.filter(kind="food", ingredients="").exists()


def test_nobody_makes_the_same_twice_but_for_cloths_that_are_not_for_sale():
    same = Product.objects.exclude(name="Tais pusaka").exclude(enterprise=None)
    doubled = same.values("enterprise", "name").annotate(count=Count("pk")).filter(count__gt=1)

    assert list(doubled.order_by()) == []


def test_prices_are_plausible_and_the_latest_stands_on_the_product():
    steps = Product.objects.annotate(
        count=Count("prices"), days=Count("prices__since", distinct=True)
    )
    latest = PriceChange.objects.filter(product=OuterRef("pk")).order_by("-since", "-id")
    costs = PriceChange.objects.aggregate(Min("price"), Max("price"))

    assert set(steps.values_list("count", flat=True)) == {1, 2, 3, 4}
    assert not steps.exclude(count=F("days")).exists()
    assert (
        not Product.objects.annotate(latest=Subquery(latest.values("price")[:1]))
        .exclude(price=F("latest"))
        .exists()
    )
    assert (costs["price__min"] >= 5_000, costs["price__max"] <= 5_000_000) == (True, True)
    assert not PriceChange.objects.exclude(price__in=range(0, 5_000_001, 500)).exists()


def picture(field):
    with field.open() as file:
        return Image.open(BytesIO(file.read()))


def test_photos_are_small_webp_pictures_on_the_private_storage(settings):
    rows = ProductPhoto.objects.select_related("product")

    assert rows.values("product").distinct().count() == 12
    assert set(grouped(rows, "product").values()) == {1, 2}
    for row in rows:
        image, small = (picture(field) for field in (row.image, row.thumbnail))
        assert (image.format, image.size) == ("WEBP", (row.width, row.height))
        assert (small.format, small.size) == ("WEBP", photos.SMALL)
        assert row.image.size == row.size_bytes <= 60_000
        assert row.thumbnail.size <= 12_000
        assert row.image.path.startswith(str(settings.MEDIA_ROOT))
        assert row.product.is_published


@pytest.mark.parametrize("colour", Product.Palette.values)
@pytest.mark.parametrize("bands", range(1, 7))
def test_a_picture_is_the_same_every_time_and_small_in_every_colour(colour, bands):
    first, again = (photos.woven(photos.COLOURS[colour], bands, 18) for _turn in range(2))

    assert photos.webp(first) == photos.webp(again)
    assert len(photos.webp(first)) <= 60_000
    assert len(photos.webp(first.resize(photos.SMALL, Image.Resampling.BILINEAR))) <= 12_000


# --- who is shown ---------------------------------------------------------------------------------
def test_about_twenty_cooperatives_agreed_to_be_shown():
    shown = Cooperative.objects.public()
    weavers = shown.get(name="Tenun Feto Malaka")
    agreed = Cooperative.objects.exclude(public_since=None)

    assert (shown.count(), agreed.count()) == (20, 21)
    assert set(agreed.values_list("status", flat=True)) == {"active", "frozen"}
    assert weavers.phone_is_public and weavers.phone and weavers.introduction
    assert not agreed.filter(public_since__lt=F("legal_entity_date")).exists()


def test_some_owners_agreed_to_be_named_and_some_took_it_back():
    owners = Consent.objects.filter(person__enterprises__isnull=False, purpose="public")
    named = owners.in_force().values("person").distinct().count()
    withdrawn = owners.exclude(withdrawn_on=None).values("person").distinct().count()

    assert 100 < named < 180
    assert 5 < withdrawn < 40
    assert not owners.filter(withdrawn_on__gt=timezone.localdate()).exists()


# --- requests -------------------------------------------------------------------------------------
def test_requests_are_in_every_state_and_answered_after_they_were_sent():
    rows = QuoteRequest.objects.all()
    now = timezone.now()

    assert set(grouped(rows, "status")) == set(QuoteRequest.Status.values)
    assert rows.filter(status="new").count() >= 10
    assert not rows.filter(answered_at__lt=F("created_at")).exists()
    assert not rows.filter(Q(answered_at__gt=now) | Q(created_at__gt=now)).exists()
    assert not rows.filter(needed_by__lt=F("created_at__date")).exists()
    assert not rows.filter(status="new", created_at__lt=now - timedelta(days=10)).exists()
    assert not rows.filter(status="new", needed_by__lt=timezone.localdate()).exists()
    assert list(rows.order_by("pk")) == list(rows.order_by("created_at"))
    assert rows.values("code").distinct().count() == 40
    assert not rows.exclude(status="new").filter(answered_by=None).exists()
    assert not rows.filter(status="answered", answer="").exists()


def test_requests_go_to_cooperatives_that_are_shown_and_are_for_what_they_make():
    shown = Cooperative.objects.public()
    about = QuoteRequest.objects.exclude(product=None)

    assert not QuoteRequest.objects.exclude(cooperative__in=shown).exists()
    assert not about.exclude(product__cooperative=F("cooperative")).exists()
    assert not about.exclude(product__is_published=True, product__name=F("what")).exists()


def test_whoever_answered_may_have_done_so():
    for request in QuoteRequest.objects.exclude(status="new").select_related("answered_by"):
        user = request.answered_by
        managed = QuoteRequest.objects.managed_by(user).filter(pk=request.pk).exists()
        assert managed or user.has_perm("cooperatives.answer_quoterequest")


# --- accounts -------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", OFFICERS)
def test_every_officer_has_something_to_try_out(name):
    user = User.objects.get(username=name)
    today = timezone.localdate()
    papers = Credential.objects.visible_to(user)
    products = Product.objects.visible_to(user)
    seen = [
        Enterprise.objects.visible_to(user).filter(kind="weavers"),
        Enterprise.objects.visible_to(user).filter(line="food"),
        products.public(),
        products.filter(is_published=False),
        products.filter(motifs__is_not_for_sale=True),
        papers.expired(on=today),
        papers.ending(on=today, days=30),
        QuoteRequest.objects.visible_to(user).waiting(),
    ]

    assert [rows.query for rows in seen if not rows.exists()] == []


def test_the_secretarys_cooperative_has_pictures_and_the_supervisor_changes_nothing():
    secretary, supervisor = (User.objects.get(username=n) for n in ("yosefina", "pengawas"))

    assert ProductPhoto.objects.managed_by(secretary).count() >= 4
    assert Enterprise.objects.managed_by(secretary).count() >= 10
    assert Enterprise.objects.managed_by(supervisor).count() == 0
