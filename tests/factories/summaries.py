import factory
from django.utils import timezone

from cooperatives.models import CooperativeSummary, RegionSummary
from tests.factories.cooperatives import CooperativeFactory


class CooperativeSummaryFactory(factory.django.DjangoModelFactory):
    """The database makes it together with its cooperative."""

    class Meta:
        model = CooperativeSummary
        django_get_or_create = ["cooperative"]

    cooperative = factory.SubFactory(CooperativeFactory)


class RegionSummaryFactory(factory.django.DjangoModelFactory):
    """The nation's, unless a region is given."""

    class Meta:
        model = RegionSummary

    region = None
    as_of = factory.LazyFunction(timezone.now)
