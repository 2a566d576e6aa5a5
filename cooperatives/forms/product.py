"""Forms of products, their motifs, prices and photos."""

from itertools import groupby

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.utils.translation import gettext_lazy as _

from cooperatives.models import (
    Cooperative,
    Enterprise,
    Motif,
    PriceChange,
    Product,
    ProductPhoto,
    access,
)
from cooperatives.models.photo import MOST
from malaka_portal.fields import RupiahFormField
from malaka_portal.forms import PortalForm, VersionedForm
from malaka_portal.identity_numbers import refuse_national_id
from malaka_portal.photos import PhotoFormField

PRODUCT_FIELDS = [
    "name",
    "kind",
    "description",
    "size",
    "unit",
    "capacity_per_month",
    "lead_time_days",
    "technique",
    "dye_practice",
    "dyes",
    "motifs",
    "palette",
    "ingredients",
]


class MotifsField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def label_from_instance(self, motif):
        text = f"{motif.name} ({motif.meaning})" if motif.meaning else motif.name
        return _("%(motif)s, not for sale") % {"motif": text} if motif.is_not_for_sale else text


class ProductForm(VersionedForm):
    """What is made. `seen_motifs` are those that were ticked when the form was opened: two editors
    who tick different ones both get theirs."""

    motifs = MotifsField(Motif.objects.all(), label=_("motifs"), required=False)
    seen_motifs = forms.CharField(widget=forms.HiddenInput, required=False)
    # what the page shows only where it fits the kind
    of_cloth = ("technique", "dye_practice", "dyes", "palette")

    class Meta:
        model = Product
        fields = [*PRODUCT_FIELDS, "stopped_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("name", "description", "size", "dyes", "ingredients"):
            self.fields[name].validators.append(refuse_national_id)
        self.fields["description"].widget.attrs["rows"] = 4
        self.fields["seen_motifs"].initial = self.spell_motifs()

    def spell_motifs(self):
        return ",".join(str(pk) for pk in sorted(self.motifs_now()))

    def motifs_now(self):
        if not self.instance.pk:
            return set()
        return set(self.instance.motifs.values_list("pk", flat=True))

    @property
    def cloth_fields(self):
        return [self[name] for name in self.of_cloth]

    @property
    def cloth_is_open(self):
        kinds = (Product.Kind.CLOTH, Product.Kind.CRAFT)
        return self.is_about(kinds, [*self.of_cloth, "motifs"])

    @property
    def food_is_open(self):
        return self.is_about([Product.Kind.FOOD], ["ingredients"])

    def is_about(self, kinds, names):
        """Are these questions for a product like this, or answered wrongly?"""
        return self["kind"].value() in kinds or any(name in self.errors for name in names)

    @property
    def motif_groups(self):
        """(weaving area, its ticks, is any ticked?), in the order of the areas."""
        ticks = [(tick.data["value"].instance, tick) for tick in self["motifs"]]
        for area, found in groupby(ticks, lambda pair: pair[0].get_area_display()):
            ticks_of_area = [tick for _motif, tick in found]
            yield area, ticks_of_area, any(tick.data["selected"] for tick in ticks_of_area)

    def clean(self):
        cleaned = super().clean()
        if "motifs" in cleaned:
            cleaned["motifs"] = self.merged_motifs(cleaned)
            self.refuse_motifs(cleaned)
        return cleaned

    def merged_motifs(self, cleaned):
        """What is stored now, with this editor's ticks put in and taken out."""
        now, chosen = self.motifs_now(), {motif.pk for motif in cleaned["motifs"]}
        if not now:
            return cleaned["motifs"]
        parts = cleaned.get("seen_motifs", "").split(",")
        seen = {int(part) for part in parts if part.isascii() and part.isdigit() and len(part) < 18}
        return Motif.objects.filter(pk__in=(now | chosen - seen) - (seen - chosen))

    def refuse_motifs(self, cleaned):
        shown = self.instance.is_published and not cleaned.get("stopped_on")
        if shown and any(motif.is_not_for_sale for motif in cleaned["motifs"]):
            text = _(
                "This product is shown on public pages, where a motif that is not for sale never "
                "stands. Hide the product first, or take the motif out."
            )
            self.add_error("motifs", ValidationError(text, "sacred"))
        if cleaned.get("kind") == Product.Kind.FOOD and cleaned["motifs"]:
            text = _("Food has no motif. Take the ticks away, or choose another kind.")
            self.add_error("motifs", ValidationError(text, "food"))


class NewProductForm(ProductForm):
    """A new product with its first price, in rupiah for one unit."""

    price = RupiahFormField(
        label=_("price of one"),
        required=False,
        min_value=1,
        help_text=_("In rupiah for one unit. Without a price it is not shown to the public."),
    )

    field_order = [*PRODUCT_FIELDS[:5], "price", *PRODUCT_FIELDS[5:]]  # as the page has them

    def __init__(self, *args, **kwargs):
        given = kwargs.get("initial") or {}
        super().__init__(*args, **kwargs | {"initial": {"kind": self.likely_kind(given)} | given})

    def save(self, commit=True):
        product = super().save(commit)
        if price := self.cleaned_data["price"]:
            PriceChange(product=product, price=price, since=access.today()).save()
        return product


class CooperativeProductForm(NewProductForm):
    """Something that the cooperative itself makes or sells."""

    fixed_fields = ["cooperative"]

    class Meta:
        model = Product
        fields = ["cooperative", *PRODUCT_FIELDS]

    def likely_kind(self, given):
        weaves = given["cooperative"].group == Cooperative.Group.CRAFTS
        return Product.Kind.CLOTH if weaves else None


class EnterpriseProductForm(NewProductForm):
    """Something that an enterprise makes; it stands where the enterprise has its record."""

    fixed_fields = ["enterprise"]
    KINDS = {
        Enterprise.Line.WEAVING: Product.Kind.CLOTH,
        Enterprise.Line.DYEING: Product.Kind.CLOTH,
        Enterprise.Line.FOOD: Product.Kind.FOOD,
        Enterprise.Line.CRAFT: Product.Kind.CRAFT,
    }

    class Meta:
        model = Product
        fields = ["enterprise", *PRODUCT_FIELDS]

    def likely_kind(self, given):
        return self.KINDS.get(given["enterprise"].line)


class PriceForm(PortalForm):
    """Another price from a day on; the ones before are kept."""

    fixed_fields = ["product"]

    class Meta:
        model = PriceChange
        fields = ["product", "price", "since"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        said = MinValueValidator(1, _("A price is more than zero."))  # at the field, not above all
        self.fields["price"].validators.append(said)

    def clean(self):
        cleaned = super().clean()
        latest = cleaned["product"].prices.first()
        same = latest and (latest.price, latest.since) == (
            cleaned.get("price"),
            cleaned.get("since"),
        )
        if same:
            self.add_error("price", ValidationError(_("This is the price already."), "same"))
        return cleaned


class PhotoForm(PortalForm):
    """A photo of a product; what is kept of it is small (see `malaka_portal.photos`)."""

    fixed_fields = ["product"]
    photo = PhotoFormField(
        label=_("photo"),
        help_text=_("From the camera or the gallery, 8 MB at most. It is made small here."),
    )
    field_order = ["product", "photo", "caption"]

    class Meta:
        model = ProductPhoto
        fields = ["product", "caption"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["caption"].validators.append(refuse_national_id)

    def clean(self):
        cleaned = super().clean()
        if cleaned["product"].photos.current().count() >= MOST:
            raise ValidationError(*ProductPhoto.trigger_messages.values(), "three_at_most")
        if photo := cleaned.get("photo"):
            self.instance.image, self.instance.thumbnail = photo.image, photo.thumbnail
            self.instance.width, self.instance.height = photo.width, photo.height
            self.instance.size_bytes = photo.image.size
        return cleaned

    def save(self, commit=True):
        try:
            return super().save(commit)
        except ValidationError:  # the row is not kept, so its files are not
            for file in (self.instance.image, self.instance.thumbnail):
                file.delete(save=False)
            raise


class MotifForm(VersionedForm):
    class Meta:
        model = Motif
        fields = ["name", "area", "meaning", "is_not_for_sale"]


class PublicationForm(VersionedForm):
    """The cooperative agrees to be shown to everybody, and says what with."""

    class Meta:
        model = Cooperative
        fields = ["introduction", "phone_is_public"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["introduction"].validators.append(refuse_national_id)
        self.fields["introduction"].widget.attrs["rows"] = 4
        if not self.instance.phone:
            del self.fields["phone_is_public"]

    def clean(self):
        cleaned = super().clean()
        if self.instance.status != Cooperative.Status.ACTIVE:
            raise ValidationError(
                _("Only an active cooperative is shown on public pages."), "not_active"
            )
        self.instance.public_since = self.instance.public_since or access.today()
        return cleaned
