"""What the database keeps true about products, and that it says so in words."""

import threading
from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, InternalError, connection, transaction
from django.utils.translation import gettext as _

from cooperatives.models import Enterprise, Motif, PriceChange, Product, ProductMotif, ProductPhoto
from malaka_portal.actors import acting
from malaka_portal.forms import violation_message
from tests.factories.cooperatives import CooperativeFactory
from tests.factories.enterprises import (
    EnterpriseFactory,
    MotifFactory,
    PriceChangeFactory,
    ProductFactory,
    ProductMotifFactory,
    ProductPhotoFactory,
    PublicProductFactory,
)

pytestmark = pytest.mark.django_db
SACRED = "A product with a motif that is not for sale is never published."


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = str(tmp_path / "media")


def sentence(make, model, **values):
    """What the database's refusal of a row says."""
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        make(**values)
    return violation_message(model, caught.value)


# --- one per constraint -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("make", "values", "text"),
    [
        (ProductFactory, {"enterprise": None}, "Say which cooperative or enterprise makes it."),
        (
            PublicProductFactory,
            {"stopped_on": date(2026, 1, 2)},
            "Only a cooperative shows products, and only those that are still made.",
        ),
        (
            PublicProductFactory,
            {"enterprise__cooperative": None},
            "Only a cooperative shows products, and only those that are still made.",
        ),
        (PriceChangeFactory, {"price": 0}, "A price is more than zero."),
        (PriceChangeFactory, {"price": -1}, "A price is more than zero."),
        (ProductPhotoFactory, {"width": 0}, "A photo has a width and a height."),
        (ProductPhotoFactory, {"height": 0}, "A photo has a width and a height."),
        (ProductPhotoFactory, {"size_bytes": 0}, "A photo has a width and a height."),
    ],
)
def test_a_row_that_cannot_be_is_refused_in_words(make, values, text):
    if values.get("enterprise", True) is None:
        values = values | {"cooperative": None}

    assert sentence(make, make._meta.model, **values) == _(text)


def test_a_motif_is_recorded_once_in_its_area():
    MotifFactory(name="Baru", area="fehan")
    MotifFactory(name="Baru", area="dawan")

    text = sentence(MotifFactory, Motif, name="Baru", area="fehan")
    assert text == _("This motif is recorded for this area already.")


def test_a_product_has_a_motif_once():
    row = ProductMotifFactory()

    text = sentence(ProductMotifFactory, ProductMotif, product=row.product, motif=row.motif)
    assert text == _("This product has this motif already.")


def test_a_product_has_three_photos_at_a_time():
    product = ProductFactory()
    photos = ProductPhotoFactory.create_batch(3, product=product)
    fourth = {"make": ProductPhotoFactory, "model": ProductPhoto, "product": product}
    text = _("This product has three photos already. Take one down first.")

    assert sentence(**fourth) == text
    photos[0].removed_on = date(2026, 1, 2)
    photos[0].save()
    ProductPhotoFactory(product=product)
    photos[0].removed_on = None  # nor is one put up again beside three

    assert sentence(photos[0].save, ProductPhoto) == text


@pytest.mark.parametrize("act", ["update", "delete"])
def test_a_price_is_never_overwritten(act):
    row = PriceChangeFactory()

    with pytest.raises(InternalError), transaction.atomic():
        if act == "delete":
            row.delete()
        else:
            PriceChange.objects.update(price=1)


# --- copies and consequences --------------------------------------------------------------------
def test_the_product_repeats_its_latest_price_and_that_is_no_change_of_its_own():
    product = PriceChangeFactory(price=200_000, since=date(2025, 5, 1)).product
    PriceChangeFactory(product=product, price=100_000, since=date(2024, 1, 1))
    product.refresh_from_db()
    after_an_old_one = product.price
    PriceChangeFactory(product=product, price=250_000, since=date(2025, 5, 1))
    product.refresh_from_db()

    assert (after_an_old_one, product.price, product.version) == (200_000, 250_000, 1)


def test_a_product_stands_where_its_enterprise_has_its_record():
    product = ProductFactory(cooperative=CooperativeFactory())
    product.refresh_from_db()

    assert product.cooperative == product.enterprise.cooperative


def test_a_new_keeper_of_the_enterprise_has_not_agreed_to_show_its_products():
    product = PublicProductFactory()
    other = PublicProductFactory()
    keeper = CooperativeFactory(public_since=date(2026, 1, 2))
    Enterprise.objects.filter(pk=product.enterprise_id).update(cooperative=keeper)
    product.refresh_from_db()
    other.refresh_from_db()

    assert (product.cooperative, product.is_published) == (keeper, False)
    assert other.is_published


# --- motifs that are not for sale ---------------------------------------------------------------
def test_no_door_publishes_a_product_with_a_sacred_motif():
    sacred = MotifFactory(is_not_for_sale=True)
    shown = PublicProductFactory()
    hidden = ProductMotifFactory(motif=sacred).product
    hidden.is_published = True

    assert sentence(hidden.save, hidden) == _(SACRED)
    assert sentence(
        lambda: Product.objects.filter(pk=hidden.pk).update(is_published=True), Product
    ) == _(SACRED)
    assert sentence(ProductMotifFactory, ProductMotif, product=shown, motif=sacred) == _(SACRED)
    with pytest.raises(ValidationError) as caught:
        hidden.full_clean()
    assert caught.value.messages == [_(SACRED)]


def test_a_motif_that_turns_out_to_be_sacred_hides_what_bears_it():
    row = ProductMotifFactory(product=PublicProductFactory())
    other = ProductMotifFactory(product=PublicProductFactory()).product
    row.motif.is_not_for_sale = True
    row.motif.save()
    found = Product.objects.filter(is_published=True)

    assert list(found) == [other]


def test_the_last_day_of_a_product_hides_it():
    product = PublicProductFactory()
    product.stopped_on = date(2026, 1, 2)
    product.full_clean()
    product.save()

    assert not Product.objects.get().is_published


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"kind": "food", "technique": "ikat", "dyes": "tarum"}, {"technique", "dyes"}),
        ({"kind": "food", "ingredients": "pisang"}, set()),
        ({"kind": "cloth", "ingredients": "pisang"}, {"ingredients"}),
        ({"kind": "craft", "dye_practice": "natural"}, set()),
        ({"kind": "other", "technique": "ikat", "ingredients": "pisang"}, set()),
    ],
)
def test_cloth_has_no_ingredients_and_food_no_weave(values, wrong):
    product = ProductFactory.build(cooperative=CooperativeFactory(), enterprise=None, **values)
    try:
        product.full_clean()
        found = set()
    except ValidationError as error:
        found = set(error.message_dict)

    assert found == wrong


@pytest.mark.parametrize(
    ("change", "is_public"),
    [
        ({}, True),
        ({"is_published": False}, False),
        ({"enterprise__cooperative__public_since": None}, False),
        ({"enterprise__status": "closed", "enterprise__closed_on": date(2026, 1, 2)}, False),
    ],
)
def test_a_row_says_of_itself_what_the_list_of_public_ones_says(change, is_public):
    product = PublicProductFactory(**change)
    found = Product.objects.select_related("cooperative", "enterprise").get()

    assert found.is_public == is_public
    assert Product.objects.public().exists() == is_public
    product.cooperative.status_changes.create(
        status="frozen", since=date(2026, 1, 2), reason="belum RAT"
    )
    found = Product.objects.select_related("cooperative", "enterprise").get()
    assert (found.is_public, Product.objects.public().exists()) == (False, False)


# --- two at the same moment ---------------------------------------------------------------------
def at_once(*acts):
    """Each act in a transaction of its own, begun before any of them ends; how many succeeded."""
    ready, done = threading.Barrier(len(acts)), []

    def run(act):
        try:
            with acting(command="test"), transaction.atomic():
                connection.ensure_connection()
                ready.wait()
                act()
            done.append(act)
        except IntegrityError:
            pass
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[act]) for act in acts]
    [thread.start() for thread in threads]
    [thread.join() for thread in threads]
    return len(done)


def publish_and_add(product, motif):
    """Somebody publishes the product while somebody else gives it a motif."""

    def publish():
        Product.objects.filter(pk=product.pk).update(is_published=True)
        wait(0.3)

    def add():
        ProductMotif.objects.create(product=product, motif=motif)
        wait(0.3)

    return at_once(publish, add)


def wait(seconds):
    """Keeps the transaction open for a while."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_sleep(%s)", [seconds])


@pytest.mark.django_db(transaction=True)
def test_publishing_and_a_sacred_motif_at_the_same_moment_do_not_both_succeed():
    for _turn in range(3):
        product = PublicProductFactory(is_published=False)
        assert publish_and_add(product, MotifFactory(is_not_for_sale=True)) == 1


@pytest.mark.django_db(transaction=True)
def test_control_without_the_lock_they_both_succeed():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT prosrc, p.oid::regprocedure FROM pg_proc p"
            " JOIN pg_trigger t ON t.tgfoid = p.oid"
            " WHERE t.tgrelid = 'cooperatives_product_motifs'::regclass"
            " AND prosrc LIKE '%%FOR NO KEY UPDATE%%'"
        )
        body, name = cursor.fetchone()
        create = "CREATE OR REPLACE FUNCTION {} RETURNS trigger LANGUAGE plpgsql AS $body${}$body$"
        try:
            cursor.execute(create.format(name, body.replace("PERFORM FROM", "-- PERFORM FROM")))
            product = PublicProductFactory(is_published=False)
            both = publish_and_add(product, MotifFactory(is_not_for_sale=True))
        finally:
            cursor.execute(create.format(name, body))

    assert both == 2


@pytest.mark.django_db(transaction=True)
def test_a_product_with_a_motif_that_becomes_sacred_at_the_same_moment_is_not_left_published():
    motif = MotifFactory()
    product = PublicProductFactory(is_published=False)
    ProductMotifFactory(product=product, motif=motif)

    def publish():
        Product.objects.filter(pk=product.pk).update(is_published=True)
        wait(0.3)

    def forbid():
        Motif.objects.filter(pk=motif.pk).update(is_not_for_sale=True)
        wait(0.3)

    at_once(publish, forbid)

    assert not Product.objects.filter(is_published=True, motifs__is_not_for_sale=True).exists()


@pytest.mark.django_db(transaction=True)
def test_two_photos_at_the_same_moment_are_counted():
    product = ProductFactory()
    ProductPhotoFactory.create_batch(2, product=product)

    def add():
        ProductPhotoFactory(product=product)
        wait(0.3)

    assert at_once(add, add) == 1
    assert ProductPhoto.objects.current().count() == 3


@pytest.mark.django_db(transaction=True)
def test_of_two_prices_at_the_same_moment_the_product_repeats_the_later():
    product = ProductFactory()
    today = date(2026, 1, 2)

    def price(amount):
        return lambda: PriceChangeFactory(product=product, price=amount, since=today)

    for _turn in range(5):
        at_once(*[price(1000 * n) for n in range(1, 5)])
        product.refresh_from_db()
        assert product.price == product.prices.first().price


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("first", "second"), [(0, 0.15), (0.15, 0)])
def test_a_motif_that_is_put_in_while_it_becomes_sacred_is_not_left_on_a_public_page(first, second):
    product, motif = PublicProductFactory(), MotifFactory()

    def forbid():
        wait(first)
        Motif.objects.filter(pk=motif.pk).update(is_not_for_sale=True)
        wait(0.4)

    def add():
        wait(second)
        ProductMotif.objects.create(product=product, motif=motif)
        wait(0.4)

    at_once(forbid, add)

    assert not Product.objects.filter(is_published=True, motifs__is_not_for_sale=True).exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("first", "second"), [(0, 0.15), (0.15, 0)])
def test_a_product_that_is_added_while_its_enterprise_moves_goes_along(first, second):
    enterprise, there = EnterpriseFactory(), CooperativeFactory()

    def move():
        wait(first)
        Enterprise.objects.filter(pk=enterprise.pk).update(cooperative=there)
        wait(0.4)

    def add():
        wait(second)
        ProductFactory(enterprise=enterprise, cooperative=None)
        wait(0.4)

    assert at_once(move, add) == 2
    assert Product.objects.get().cooperative_id == there.pk
