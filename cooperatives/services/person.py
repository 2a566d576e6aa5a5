"""People: whose they are."""

from django.db.models import Q

from cooperatives.models import Cooperative


def home_cooperative(person):
    """The cooperative of the person's first line or term."""
    here = Q(members__person=person) | Q(officers__person=person)
    return Cooperative.objects.filter(here).order_by("id").first()


def serving_cooperative(person, user):
    """The cooperative through which `user`, an officer, has to do with `person`."""
    here = Q(members__person=person) | Q(officers__person=person)
    return Cooperative.objects.managed_by(user).filter(here).distinct().first()
