"""Numbers that a law or a regulation sets, each from a day on."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from malaka_portal.fields import PortalDateField
from malaka_portal.history import tracked
from malaka_portal.models.portal import PortalModel, PortalQuerySet


class ParameterQuerySet(PortalQuerySet):
    def seen_by(self, user):
        """Law is public: whoever is signed in may read it."""
        return self.all() if user.is_authenticated else self.none()

    def managed_by(self, user):
        return self.none()

    def on(self, day, prefix=""):
        """{key: value} as it stands on `day`, of the keys that begin with `prefix`."""
        found = self.filter(valid_from__lte=day, key__startswith=prefix)
        found = found.order_by("key", "-valid_from").distinct("key")
        return dict(found.values_list("key", "value"))


@tracked(inserts=False)
class Parameter(PortalModel):
    """A statutory number: its key, its value from `valid_from` on, and where it is written.

    The value is a whole number in the unit that the key implies (rupiah, months, days). A new law
    is a new row; the old one still answers for the time in which it was in force.
    """

    key = models.CharField(_("key"), max_length=60)
    value = models.BigIntegerField(_("value"))
    valid_from = PortalDateField(_("valid from"))
    regulation = models.CharField(_("regulation"), max_length=100)

    objects = ParameterQuerySet.as_manager()

    class Meta:
        ordering = ["key", "-valid_from"]
        verbose_name = _("statutory number")
        verbose_name_plural = _("statutory numbers")
        constraints = [
            models.UniqueConstraint(
                fields=["key", "valid_from"],
                name="%(app_label)s_%(class)s_once_a_day",
                violation_error_message=_("This number has a value from this day on already."),
            )
        ]

    def __str__(self):
        return self.key
