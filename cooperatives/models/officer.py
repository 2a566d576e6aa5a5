"""Who leads a cooperative, in which office, from when to when."""

from datetime import date

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField
from django.contrib.postgres.fields.ranges import RangeOperators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Func, Q, Value
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperatives.models import access
from cooperatives.models.cooperative import Cooperative, OfOfficeQuerySet
from cooperatives.models.joined import JOINED, keep_off_joined
from cooperatives.models.person import Person
from malaka_portal.fields import PortalDateField
from malaka_portal.history import tracked
from malaka_portal.models import PortalModel

# From the first day to the day before the last: a successor may begin on the day a term ends.
PERIOD = Func(
    F("started_on"),
    F("ended_on"),
    Value("[)"),
    function="daterange",
    output_field=DateRangeField(),
)


FIRST_DAY = date(1947, 7, 12)  # the first cooperative congress; no term on record is older


class OfficerQuerySet(OfOfficeQuerySet):
    def listed(self):
        """Without those who object to being recorded by the programme; the page of their
        cooperative keeps them, as the register of its board and supervisors."""
        return self.filter(person__is_withheld=False)

    def open(self, on):
        """Terms that run on the day `on`."""
        return self.filter(started_on__lte=on).filter(Q(ended_on__isnull=True) | Q(ended_on__gt=on))


@tracked()
class Officer(PortalModel):
    """A person's term in an office of the board or of the supervisors (law 25/1992, 29 and 38).

    An open term with a user account is that account's access to the cooperative: ending the term
    ends the access at the next request, with nothing to keep in step.
    """

    class Body(models.TextChoices):
        BOARD = "board", _("board (pengurus)")
        SUPERVISORS = "supervisors", _("supervisors (pengawas)")

    class Role(models.TextChoices):
        CHAIR = "chair", _("chair")
        VICE_CHAIR = "vice_chair", _("vice chair")
        SECRETARY = "secretary", _("secretary")
        TREASURER = "treasurer", _("treasurer")
        MEMBER = "member", _("member of the body")

    trigger_messages = {"cooperatives_officer_not_joined": JOINED}

    cooperative = models.ForeignKey(
        Cooperative,
        on_delete=models.PROTECT,
        related_name="officers",
        verbose_name=_("cooperative"),
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="terms", verbose_name=_("person")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="offices",
        verbose_name=_("user account"),
    )
    body = models.CharField(_("body"), max_length=12, choices=Body.choices)
    role = models.CharField(_("office"), max_length=12, choices=Role.choices)
    started_on = PortalDateField(_("from"), earliest=FIRST_DAY, latest=access.today)
    ended_on = PortalDateField(
        _("until"), null=True, blank=True, help_text=_("From this day on the term is over.")
    )
    elected_in = models.CharField(
        _("elected in"), max_length=100, blank=True, help_text=_("For example RAT 2025.")
    )
    decree = models.CharField(_("decree"), max_length=100, blank=True)
    end_reason = models.CharField(_("why it ended"), max_length=200, blank=True)

    objects = OfficerQuerySet.as_manager()

    class Meta:
        ordering = ["body", "role", "-started_on", "id"]
        verbose_name = _("officer")
        verbose_name_plural = _("officers")
        permissions = [("invite_officer", _("May give an officer access to the portal"))]
        indexes = [models.Index(fields=["cooperative", "ended_on"], name="officer_open")]
        triggers = keep_off_joined("cooperatives_officer_not_joined")
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gt=F("started_on")),
                name="%(app_label)s_%(class)s_ends_after_start",
                violation_error_message=_("A term ends after the day it began."),
            ),
            models.CheckConstraint(
                condition=Q(body="board") | Q(role__in=["chair", "member"]),
                name="%(app_label)s_%(class)s_office_of_the_body",
                violation_error_message=_("The supervisors have a chair and members only."),
            ),
            ExclusionConstraint(
                name="%(app_label)s_%(class)s_one_chair_at_a_time",
                expressions=[
                    ("cooperative", RangeOperators.EQUAL),
                    ("body", RangeOperators.EQUAL),
                    (PERIOD, RangeOperators.OVERLAPS),
                ],
                condition=Q(role="chair"),
                violation_error_message=_(
                    "There is already a chair in this period. End that term first."
                ),
            ),
            ExclusionConstraint(
                name="%(app_label)s_%(class)s_not_on_both_bodies",
                expressions=[
                    ("cooperative", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("body", RangeOperators.NOT_EQUAL),
                    (PERIOD, RangeOperators.OVERLAPS),
                ],
                violation_error_message=_(
                    "Nobody is on the board and among the supervisors at the same time."
                ),
            ),
            ExclusionConstraint(
                name="%(app_label)s_%(class)s_same_office_once",
                expressions=[
                    ("cooperative", RangeOperators.EQUAL),
                    ("person", RangeOperators.EQUAL),
                    ("body", RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    (PERIOD, RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("This person already holds this office in this period."),
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()} – {self.person}"

    def validate_constraints(self, exclude=None):
        """The ends are compared first: PostgreSQL makes no range that ends before it begins."""
        if self.started_on and self.ended_on and self.ended_on <= self.started_on:
            raise ValidationError(_("A term ends after the day it began."), "term_backwards")
        super().validate_constraints(exclude)

    def get_absolute_url(self):
        return reverse("cooperatives:officer-detail", args=[self.pk])

    @property
    def shows_person(self):
        return self.is_open

    @property
    def is_open(self):
        today = access.today()
        return self.started_on <= today and (self.ended_on is None or self.ended_on > today)
