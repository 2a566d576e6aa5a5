"""What cooperatives and enterprises make and sell."""

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperatives.models import access
from cooperatives.models.cooperative import Cooperative, OfCooperativeQuerySet
from cooperatives.models.enterprise import Enterprise
from cooperatives.models.motif import Motif
from cooperatives.models.person import Person
from malaka_portal.fields import CountField, PortalDateField, RupiahField, SmallCountField
from malaka_portal.history import tracked
from malaka_portal.models import PortalModel, PortalQuerySet
from malaka_portal.names import NameKey, NameOrder, NameWords


class ProductQuerySet(OfCooperativeQuerySet):
    def listed(self):
        """Without those of an owner who objects to being recorded by the programme."""
        return self.exclude(enterprise__owner__is_withheld=True)

    def within(self, area):
        """Products of enterprises there, and of cooperatives there."""
        if not area:
            return self
        return self.filter(
            Q(enterprise__village__code__startswith=area)
            | Q(enterprise__isnull=True, cooperative__village__code__startswith=area)
        )

    def public(self):
        """What everybody may see: put up by a cooperative that agreed to be shown and still works,
        made by an enterprise that is not closed, of nobody who objects to being recorded."""
        return (
            self.listed()
            .filter(
                is_published=True,
                cooperative__public_since__isnull=False,
                cooperative__status=Cooperative.Status.ACTIVE,
            )
            .exclude(enterprise__status=Enterprise.Status.CLOSED)
        )

    def with_maker(self):
        """`names_maker`: has the enterprise's owner agreed to be named, and not withdrawn it?"""
        agreed = Person.objects.shown_publicly().filter(pk=OuterRef("enterprise__owner_id"))
        return self.select_related("cooperative", "enterprise").annotate(names_maker=Exists(agreed))


# A product stands where the enterprise that makes it has its record. While that is being moved, a
# new product waits: the move would not see it, and it would stay behind.
TAKE_COOPERATIVE = """
    IF NEW.enterprise_id IS NOT NULL THEN
        IF TG_OP = 'INSERT' OR NEW.enterprise_id IS DISTINCT FROM OLD.enterprise_id THEN
            PERFORM FROM cooperatives_enterprise WHERE id = NEW.enterprise_id FOR SHARE;
        END IF;
        SELECT cooperative_id INTO NEW.cooperative_id
        FROM cooperatives_enterprise WHERE id = NEW.enterprise_id;
    END IF;
    RETURN NEW;
"""
# {lock} makes whoever adds a motif wait for whoever publishes, and for whoever says that the motif
# is not for sale: neither would see the other's row.
LOCK_BOTH = """
    PERFORM FROM cooperatives_motif WHERE id = NEW.motif_id FOR SHARE;
    PERFORM FROM cooperatives_product WHERE id = NEW.product_id FOR NO KEY UPDATE;
"""
NOT_FOR_SALE = """
    {lock}
    IF EXISTS (
        SELECT FROM cooperatives_product p
        JOIN cooperatives_product_motifs pm ON pm.product_id = p.id
        JOIN cooperatives_motif m ON m.id = pm.motif_id
        WHERE p.is_published AND m.is_not_for_sale AND {row}
    ) THEN
        RAISE EXCEPTION 'A product with a motif that is not for sale is never published.'
            USING ERRCODE = 'check_violation',
                CONSTRAINT = 'cooperatives_product_sacred_motif_not_published';
    END IF;
    RETURN NULL;
"""
SACRED = {
    "cooperatives_product_sacred_motif_not_published": _(
        "A product with a motif that is not for sale is never published."
    )
}


@tracked(exclude=["name_key", "name_order", "price"])
class Product(PortalModel):
    """Something that is made to be sold. `price` repeats the latest `PriceChange`, in rupiah for
    one `unit`. It is shown to everybody once its cooperative publishes it."""

    dossier_follows = ("prices", "photos")

    class Kind(models.TextChoices):
        CLOTH = "cloth", _("woven cloth")
        FOOD = "food", _("processed food")
        CRAFT = "craft", _("other crafts")
        OTHER = "other", _("other")

    class Unit(models.TextChoices):
        PIECE = "piece", _("piece")
        SHEET = "sheet", _("sheet")
        PACK = "pack", _("pack")
        BOTTLE = "bottle", _("bottle")
        KILOGRAM = "kg", "kg"
        LITRE = "l", _("litre")
        METRE = "m", _("metre")
        SET = "set", _("set")

    class Technique(models.TextChoices):
        IKAT = "ikat", _("ikat (futus)")
        BUNA = "buna", "buna"
        SOTIS = "sotis", "sotis"
        PLAIN = "plain", _("plain weave")
        MIXED = "mixed", _("mixed")

    class DyePractice(models.TextChoices):
        SYNTHETIC = "synthetic", _("synthetic dyes")
        MIXED = "mixed", _("synthetic and natural dyes")
        NATURAL = "natural", _("natural dyes only")

    class Palette(models.TextChoices):
        """The colours of the woven swatch that stands for the photo."""

        INDIGO = "indigo", _("indigo blue")
        MADDER = "madder", _("mengkudu red")
        EARTH = "earth", _("mud black")
        LEAF = "leaf", _("leaf green")
        TURMERIC = "turmeric", _("turmeric yellow")
        NATURAL = "natural", _("undyed white")

    OF_CLOTH = ("technique", "dye_practice", "dyes")
    trigger_messages = SACRED

    cooperative = models.ForeignKey(
        Cooperative,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
        verbose_name=_("cooperative"),
    )
    enterprise = models.ForeignKey(
        Enterprise,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
        verbose_name=_("made by"),
    )
    name = models.CharField(_("name"), max_length=100)
    name_key = models.GeneratedField(
        expression=NameKey("name"), output_field=models.TextField(), db_persist=True
    )
    name_order = models.GeneratedField(
        expression=NameOrder("name"), output_field=models.TextField(), db_persist=True
    )
    kind = models.CharField(_("kind of product"), max_length=6, choices=Kind.choices)
    description = models.TextField(_("description"), max_length=600, blank=True)
    unit = models.CharField(_("unit"), max_length=6, choices=Unit.choices, default=Unit.PIECE)
    price = RupiahField(_("price"), null=True, editable=False)
    size = models.CharField(
        _("size or content"), max_length=60, blank=True, help_text=_("For example 60 x 200 cm.")
    )
    capacity_per_month = CountField(_("how many can be made in a month"), null=True, blank=True)
    lead_time_days = SmallCountField(_("days from order to delivery"), null=True, blank=True)
    technique = models.CharField(
        _("weaving technique"), max_length=6, choices=Technique.choices, blank=True
    )
    dye_practice = models.CharField(
        _("dyes"), max_length=10, choices=DyePractice.choices, blank=True
    )
    dyes = models.CharField(
        _("dye plants"), max_length=150, blank=True, help_text=_("For example tarum, kunyit.")
    )
    ingredients = models.CharField(_("ingredients"), max_length=300, blank=True)
    motifs = models.ManyToManyField(
        Motif,
        blank=True,
        related_name="products",
        verbose_name=_("motifs"),
        through="ProductMotif",
    )
    palette = models.CharField(
        _("main colour"), max_length=10, choices=Palette.choices, default=Palette.INDIGO
    )
    is_published = models.BooleanField(_("shown on public pages"), default=False, editable=False)
    stopped_on = PortalDateField(
        _("no longer made since"), null=True, blank=True, latest=access.today
    )

    objects = ProductQuerySet.as_manager()

    class Meta:
        ordering = ["name_order", "id"]
        verbose_name = _("product")
        verbose_name_plural = _("products")
        permissions = [("publish_product", _("May show a product on public pages"))]
        indexes = [
            models.Index(fields=["cooperative", "name_order", "id"], name="product_name"),
            models.Index(fields=["name_order", "id"], name="product_all"),
            models.Index(
                fields=["name_order", "id"], name="product_public", condition=Q(is_published=True)
            ),
            GinIndex(NameWords("name_key"), name="product_words"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="take_cooperative",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=TAKE_COOPERATIVE,
            ),
            pgtrigger.Trigger(
                name="sacred_motif",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                condition=pgtrigger.Q(new__is_published=True),
                func=NOT_FOR_SALE.format(lock="", row="p.id = NEW.id"),
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(cooperative__isnull=False) | Q(enterprise__isnull=False),
                name="%(app_label)s_%(class)s_somebody_makes_it",
                violation_error_message=_("Say which cooperative or enterprise makes it."),
            ),
            models.CheckConstraint(
                condition=Q(is_published=False)
                | Q(cooperative__isnull=False, stopped_on__isnull=True),
                name="%(app_label)s_%(class)s_published_by_a_cooperative",
                violation_error_message=_(
                    "Only a cooperative shows products, and only those that are still made."
                ),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("cooperatives:product-detail", args=[self.pk])

    @property
    def maker(self):
        """The enterprise that makes it, else the cooperative itself."""
        return self.enterprise or self.cooperative

    @property
    def named_maker(self):
        """The enterprise that visitors are told of, None if they are not; after `with_maker`."""
        return self.enterprise if self.names_maker else None

    @property
    def is_public(self):
        """Does everybody see it? The same rule as `ProductQuerySet.public`, of a loaded row."""
        shop, maker = self.cooperative, self.enterprise
        return (
            self.is_published
            and shop.public_since is not None
            and shop.status == Cooperative.Status.ACTIVE
            and (maker is None or maker.status != Enterprise.Status.CLOSED)
            and not (maker and maker.owner and maker.owner.is_withheld)
        )

    @property
    def has_sacred_motif(self):
        """Has it a motif that is not for sale?"""
        return self.motifs.filter(is_not_for_sale=True).exists()

    def clean(self):
        if self.stopped_on:
            self.is_published = False  # nobody can order it
        if self.is_published and self.pk and self.has_sacred_motif:
            raise ValidationError(*SACRED.values(), "sacred")
        self.refuse_what_its_kind_has_not()

    def refuse_what_its_kind_has_not(self):
        of_cloth = [name for name in self.OF_CLOTH if getattr(self, name)]
        if self.kind == self.Kind.FOOD and of_cloth:
            text = _("Food has no weave and no dye. Leave this empty, or choose another kind.")
            raise ValidationError(dict.fromkeys(of_cloth, text))
        if self.kind in (self.Kind.CLOTH, self.Kind.CRAFT) and self.ingredients:
            text = _("Only food has ingredients. Leave this empty, or choose another kind.")
            raise ValidationError({"ingredients": text})


class OfProductQuerySet(PortalQuerySet):
    """Rows about a product: whoever may write the product may write them."""

    area_field = "product__cooperative__village__code"

    def managed_by(self, user):
        return access.only(self, "product__cooperative_id", access.ids_run_by(user))

    def seen_by(self, user):
        return access.only(self, "product__cooperative_id", access.ids_seen_by(user))

    def within(self, area):
        return self.filter(product__in=Product.objects.within(area)) if area else self


@tracked()
class ProductMotif(models.Model):
    """A product has a motif."""

    trigger_messages = SACRED

    product = models.ForeignKey(Product, on_delete=models.CASCADE, related_name="+")
    motif = models.ForeignKey(
        Motif, on_delete=models.PROTECT, related_name="+", verbose_name=_("motif")
    )

    objects = OfProductQuerySet.as_manager()

    class Meta:
        db_table = "cooperatives_product_motifs"
        ordering = ["id"]
        verbose_name = _("motif of a product")
        verbose_name_plural = _("motifs of products")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "motif"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This product has this motif already."),
            )
        ]
        triggers = [
            pgtrigger.Trigger(
                name="sacred_motif",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=NOT_FOR_SALE.format(lock=LOCK_BOTH, row="p.id = NEW.product_id"),
            )
        ]

    def __str__(self):
        return str(self.motif)
