"""When the offices of the programme and of the cooperatives are open: one setting, in words."""

import re

from django.conf import settings
from django.core import checks
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

SHAPE = re.compile(r"([1-7])-([1-7]) ([0-2]\d\.[0-5]\d)-([0-2]\d\.[0-5]\d)")


def hours():
    """`settings.OFFICE_HOURS` as people read it: `Monday to Friday, 08.00–15.00 WITA`."""
    first, last, opens, closes = SHAPE.fullmatch(settings.OFFICE_HOURS).groups()
    days = {"first": WEEKDAYS[int(first) - 1], "last": WEEKDAYS[int(last) - 1]}
    words = _("%(first)s, %(opens)s–%(closes)s WITA")
    if first != last:
        words = _("%(first)s to %(last)s, %(opens)s–%(closes)s WITA")
    return words % (days | {"opens": opens, "closes": closes})


def check_hours(**kwargs):
    """The setting can be read, and the office closes after it opens."""
    found = SHAPE.fullmatch(settings.OFFICE_HOURS)
    if found and found[3] < found[4] < "24":
        return []
    return [
        checks.Error(
            "OFFICE_HOURS cannot be read.",
            hint="First and last day (1 is Monday), then from when to when: 1-5 08.00-15.00",
            id="malaka_portal.E002",
        )
    ]
