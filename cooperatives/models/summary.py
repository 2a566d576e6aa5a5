"""How many of everything: per cooperative at every moment, per region as of a moment."""

import pgtrigger
from django.db import connection, models
from django.db.models import Sum
from django.utils.translation import gettext_lazy as _

from cooperatives.models import access
from cooperatives.models.cooperative import Cooperative, OfOfficeQuerySet
from cooperatives.models.counting import (
    ROW_OF_COOPERATIVE,
    SUMMARY,
    columns,
    counted,
    recounted,
    sex_counted,
)
from cooperatives.models.enterprise import Enterprise
from cooperatives.models.member import Member
from cooperatives.models.person import Person
from cooperatives.models.product import Product
from cooperatives.models.request import QuoteRequest
from malaka_portal.models import PortalQuerySet, Region
from malaka_portal.rules import grants

PROVINCE = 2  # letters of its code
SEXES = ("members_female", "members_male", "members_unknown")  # together: the members now


class CooperativeSummaryQuerySet(OfOfficeQuerySet):
    def counting(self, model, user):
        """The summaries that count those rows of `model` (a row of a cooperative) which `user`
        may see: as `model.objects.visible_to(user)`, by that model's permission."""
        opts = model._meta
        if not grants(user, f"{opts.app_label}.view_{opts.model_name}"):
            return self.seen_by(user)
        granted = self.within(user.area_id)
        return granted | self.seen_by(user) if user.area_id else granted

    def totals(self):
        """{column: sum over these rows}. One query."""
        return self.aggregate(**{column: Sum(column, default=0) for column in columns()})

    def differing(self, *, share=0, of=1):
        """Those that say something else than their rows: [(cooperative id, what they say, what
        they should say)], each a dict of the columns that differ.

        Only the cooperatives whose id leaves the rest `share` when divided by `of` are looked at.
        One statement: a change is in it with its count, or neither is.
        """
        sql = (
            f"SELECT r.id, s.cooperative_id, {', '.join(f's.{c}, r.{c}' for c in columns())}"
            f" FROM ({recounted('mod(c.id, %s) = %s')}) r"
            f" LEFT JOIN {SUMMARY} s ON s.cooperative_id = r.id ORDER BY r.id"
        )
        with connection.cursor() as cursor:
            cursor.execute(sql, [of, share % of])
            return [found for row in cursor if (found := difference(*row))]

    def recount(self, ids):
        """Set right the summaries of these cooperatives."""
        names = columns()
        values = ", ".join(f"{name} = r.{name}" for name in names)
        with connection.cursor() as cursor:
            cursor.execute(
                f"SELECT FROM {SUMMARY} WHERE cooperative_id = ANY(%s)"
                " ORDER BY cooperative_id FOR UPDATE",
                [ids],
            )
            cursor.execute(
                f"INSERT INTO {SUMMARY} AS s (cooperative_id, {', '.join(names)})"
                f" SELECT * FROM ({recounted('c.id = ANY(%s)')}) r ORDER BY 1"
                f" ON CONFLICT (cooperative_id) DO UPDATE SET"
                f" {values.replace('r.', 'excluded.')}",
                [ids],
            )


def difference(cooperative, summary, *pairs):
    """(cooperative, what is said, what is right) of the columns that differ; None if none does."""
    told = dict(zip(columns(), zip(pairs[::2], pairs[1::2], strict=True), strict=True))
    wrong = {name: (said, right) for name, (said, right) in told.items() if (said or 0) != right}
    if not wrong and summary is not None:
        return None
    said = {name: pair[0] for name, pair in wrong.items()}
    return cooperative, said, {name: pair[1] for name, pair in wrong.items()}


class Counts(models.Model):
    """What is counted. No constraint keeps a number above zero: a fault of a summary must not
    stand in the way of the row that somebody saves. `check_summaries` finds it."""

    members_male = models.IntegerField(_("members now, men"), default=0, db_default=0)
    members_female = models.IntegerField(_("members now, women"), default=0, db_default=0)
    members_unknown = models.IntegerField(_("members now, sex unknown"), default=0, db_default=0)
    members_left = models.IntegerField(_("lines that are closed"), default=0, db_default=0)
    members_withheld = models.IntegerField(
        _("members now who object to being recorded"), default=0, db_default=0
    )
    enterprises = models.IntegerField(_("enterprises, not closed"), default=0, db_default=0)
    enterprises_closed = models.IntegerField(_("enterprises, closed"), default=0, db_default=0)
    products = models.IntegerField(_("products, not published"), default=0, db_default=0)
    products_published = models.IntegerField(_("products, published"), default=0, db_default=0)
    requests_waiting = models.IntegerField(_("requests without answer"), default=0, db_default=0)

    class Meta:
        abstract = True

    @property
    def members(self):
        """The members now, as lists show them."""
        return sum(getattr(self, name) for name in SEXES)


class CooperativeSummary(Counts):
    """How many of everything one cooperative has; kept by the triggers of `counting`."""

    cooperative = models.OneToOneField(
        Cooperative,
        on_delete=models.CASCADE,
        primary_key=True,
        related_name="summary",
        verbose_name=_("cooperative"),
    )

    objects = CooperativeSummaryQuerySet.as_manager()

    class Meta:
        ordering = ["cooperative_id"]
        verbose_name = _("summary of a cooperative")
        verbose_name_plural = _("summaries of cooperatives")

    def __str__(self):
        return str(self.cooperative)


def whole_region(user, *models):
    """The code of the province (blank: the nation) of which `user` sees all rows of `models` and
    nothing else: those are read from a RegionSummary. None for whoever sees less, which is counted
    as it is at the moment."""
    area = user.area_id or ""
    if len(area) > PROVINCE or (area and access.ids_seen_by(user)):
        return None
    names = (f"{model._meta.app_label}.view_{model._meta.model_name}" for model in models)
    return area if all(grants(user, name) for name in names) else None


class RegionSummaryQuerySet(PortalQuerySet):
    area_field = "region_id"

    def managed_by(self, user):
        """Nobody's: `roll_up` writes them."""
        return self.none()

    def seen_by(self, user):
        """No office goes beyond its own cooperative."""
        return self.none()

    def nation(self):
        """The row of the whole nation, or None before the first roll-up."""
        return self.of("")

    def of(self, code):
        """The row of the region `code` (blank: the nation), or None before the first roll-up."""
        return (self.filter(region=code) if code else self.filter(region__isnull=True)).first()


class RegionSummary(Counts):
    """The same of a province, regency or district, or (without a region) of the nation, as it was
    at `as_of`. Rolled up from the summaries once a minute, never by whoever saves a row."""

    region = models.ForeignKey(
        Region,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("region"),
    )
    cooperatives = models.IntegerField(_("cooperatives"), default=0)
    as_of = models.DateTimeField(_("as of"))

    objects = RegionSummaryQuerySet.as_manager()

    class Meta:
        ordering = ["region_id"]
        verbose_name = _("summary of a region")
        verbose_name_plural = _("summaries of regions")
        constraints = [
            models.UniqueConstraint(
                fields=["region"],
                nulls_distinct=False,
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This region has its summary already."),
            )
        ]

    def __str__(self):
        return str(self.region or _("All of Indonesia"))


pgtrigger.register(ROW_OF_COOPERATIVE)(Cooperative)
pgtrigger.register(sex_counted())(Person)
for model in (Member, Enterprise, Product, QuoteRequest):
    pgtrigger.register(*counted(model._meta.db_table))(model)
