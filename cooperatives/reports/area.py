"""Which part of the country somebody's lists are about."""

from malaka_portal.models import Region
from malaka_portal.villages import MALAKA


def area_of(user):
    """The code of the region that the user works in; Malaka for whoever may work everywhere."""
    return user.area_id or MALAKA


def districts_of(user):
    """The districts of that region."""
    found = Region.objects.current().filter(level=Region.Level.DISTRICT)
    return found.within(area_of(user))
