from datetime import date
from io import BytesIO

import factory
from django.core.files.base import ContentFile
from PIL import Image

from cooperatives.models import (
    Credential,
    Enterprise,
    EnterpriseMembership,
    EnterpriseSnapshot,
    GroupMember,
    IndustryCode,
    Motif,
    PriceChange,
    Product,
    ProductMotif,
    ProductPhoto,
    QuoteRequest,
    Support,
)
from tests.factories.cooperatives import CooperativeFactory, PersonFactory
from tests.factories.portal import village


class IndustryCodeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = IndustryCode
        django_get_or_create = ["classification", "code"]

    classification = IndustryCode.Version.KBLI2020
    code = "13122"
    title = "Industri kain tenun ikat"


class EnterpriseFactory(factory.django.DjangoModelFactory):
    """A weaver's own business, kept by a cooperative."""

    class Meta:
        model = Enterprise

    cooperative = factory.SubFactory(CooperativeFactory)
    owner = factory.SubFactory(PersonFactory)
    name = factory.Sequence("Tenun Mama Bria {}".format)
    line = Enterprise.Line.WEAVING
    village = factory.LazyFunction(village)


class GroupMemberFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = GroupMember

    enterprise = factory.SubFactory(EnterpriseFactory, kind=Enterprise.Kind.WEAVERS)
    person = factory.SubFactory(PersonFactory)
    joined_on = date(2024, 1, 2)


class EnterpriseMembershipFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EnterpriseMembership

    enterprise = factory.SubFactory(EnterpriseFactory)
    cooperative = factory.SubFactory(CooperativeFactory)
    since = date(2024, 1, 2)


class EnterpriseSnapshotFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = EnterpriseSnapshot

    enterprise = factory.SubFactory(EnterpriseFactory)
    year = 2025
    monthly_turnover = 2_000_000
    workers_unpaid_female = 2


class SupportFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Support

    enterprise = factory.SubFactory(EnterpriseFactory)
    kind = Support.Kind.TOOLS
    what = "Alat tenun"
    provider = "Dinas Koperasi"
    received_on = date(2025, 3, 4)


class CredentialFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Credential

    enterprise = factory.SubFactory(EnterpriseFactory)
    kind = Credential.Kind.NIB
    number = factory.Sequence(lambda n: f"908{n:010}")
    issued_on = date(2024, 1, 2)


class PaperFactory(CredentialFactory):
    """A paper with a copy."""

    document = factory.LazyFunction(lambda: ContentFile(b"%PDF-1.4 salinan", name="nib.pdf"))


class MotifFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Motif

    name = factory.Sequence("Motif {}".format)
    area = Motif.Area.FEHAN


class ProductFactory(factory.django.DjangoModelFactory):
    """A woven cloth of an enterprise; it stands where the enterprise has its record."""

    class Meta:
        model = Product

    enterprise = factory.SubFactory(EnterpriseFactory)
    cooperative = factory.SelfAttribute("enterprise.cooperative")
    name = factory.Sequence("Tais feto {}".format)
    kind = Product.Kind.CLOTH
    unit = Product.Unit.SHEET


class PublicProductFactory(ProductFactory):
    """One that every visitor sees."""

    enterprise = factory.SubFactory(
        EnterpriseFactory,
        cooperative=factory.SubFactory(CooperativeFactory, public_since=date(2026, 1, 2)),
    )
    is_published = True


class ProductMotifFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProductMotif

    product = factory.SubFactory(ProductFactory)
    motif = factory.SubFactory(MotifFactory)


class PriceChangeFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = PriceChange

    product = factory.SubFactory(ProductFactory)
    price = 275_000
    since = date(2025, 1, 2)


def picture(width=40, height=30, kind="WEBP"):
    """A small picture as a file."""
    out = BytesIO()
    Image.new("RGB", (width, height), "#8c2f1b").save(out, kind)
    return ContentFile(out.getvalue(), name=f"foto.{kind.lower()}")


class ProductPhotoFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ProductPhoto

    product = factory.SubFactory(ProductFactory)
    image = factory.LazyFunction(picture)
    thumbnail = factory.LazyFunction(picture)
    width = 40
    height = 30
    size_bytes = 100
    caption = "Tais feto"


class QuoteRequestFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = QuoteRequest

    cooperative = factory.SubFactory(CooperativeFactory)
    what = "Selendang tenun merah"
    quantity = 60
    unit = Product.Unit.PIECE
    contact_name = "Surya"
    contact_phone = "+6281234567890"
