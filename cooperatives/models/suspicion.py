"""Two records that may be one person, until somebody has looked at them."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cooperatives.models.person import Person
from malaka_portal.history import tracked
from malaka_portal.models import PortalModel, PortalQuerySet

# What a comparison looks at. Whoever changes one of these is compared again.
COMPARED = [
    "name",
    "sex",
    "born_on",
    "birth_year",
    "village_id",
    "phones",
    "nik_hash",
    "joined_into_id",
    "is_withheld",
]
TO_COMPARE = "INSERT INTO cooperatives_persontocompare (person_id)"
pgtrigger.register(
    pgtrigger.Trigger(
        name="compare_new",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Insert,
        referencing=pgtrigger.Referencing(new="new_people"),
        func=f"{TO_COMPARE} SELECT id FROM new_people; RETURN NULL;",
    ),
    pgtrigger.Trigger(
        name="compare_changed",
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=pgtrigger.Update,
        referencing=pgtrigger.Referencing(old="old_people", new="new_people"),
        func=f"""{TO_COMPARE}
            SELECT n.id FROM new_people n JOIN old_people o ON o.id = n.id
            WHERE ({", ".join(f"n.{column}" for column in COMPARED)})
                IS DISTINCT FROM ({", ".join(f"o.{column}" for column in COMPARED)});
            RETURN NULL;""",
    ),
)(Person)


class OfTheSystemQuerySet(PortalQuerySet):
    """Rows that are the portal's own: nobody has an office in them."""

    def managed_by(self, user):
        return self.none()

    def seen_by(self, user):
        return self.none()


class PersonToCompare(models.Model):
    """Somebody whose record is new or changed, and who has not been compared with others since.

    The database writes the rows, whichever door the change came through, and `find_duplicates`
    takes them away (docs/adr/0008-duplicates.md). No foreign key: it would lock the person, and a
    queue is nothing that is held about somebody.
    """

    person_id = models.PositiveBigIntegerField(_("person"), db_index=True)

    objects = OfTheSystemQuerySet.as_manager()

    class Meta:
        verbose_name = _("person to compare")
        verbose_name_plural = _("people to compare")

    def __str__(self):
        return str(self.person_id)


class OfTwoPeopleQuerySet(PortalQuerySet):
    """Rows about two people: both lie in the user's area, or the row is out of sight."""

    people_fields = ()

    def managed_by(self, user):
        return self.none()

    def seen_by(self, user):
        return self.none()

    def within(self, area):
        if not area:
            return self
        here = Person.objects.within(area)
        return self.filter(**{f"{field}__in": here for field in self.people_fields})

    def listed(self):
        """Without people who object to being recorded by the programme."""
        return self.filter(**{f"{field}__is_withheld": False for field in self.people_fields})


class SuspicionQuerySet(OfTwoPeopleQuerySet):
    people_fields = ("first", "second")

    def pending(self):
        """Those that wait for somebody to look; a record that was joined since waits no more."""
        return self.filter(
            status=Suspicion.Status.PENDING,
            first__joined_into__isnull=True,
            second__joined_into__isnull=True,
        )


@tracked(exclude=["score", "reasons"], inserts=False)
class Suspicion(PortalModel):
    """Two people with close names and fitting dates of birth, found by `find_duplicates`.

    `score` (0 to 100) is the sum of the points of its `reasons`. Decided once, the pair is not
    put forward again, whatever is found later.
    """

    class Status(models.TextChoices):
        PENDING = "pending", _("waiting to be looked at")
        JOINED = "joined", _("joined")
        DIFFERENT = "different", _("not the same person")

    class Reason(models.TextChoices):
        """What speaks for one person, or against it. The points stand in `duplicates.SIGNS`."""

        NAME_SAME = "name_same", _("the same name")
        NAME_ALIKE = "name_alike", _("the same name in another spelling")
        NAME_NEAR = "name_near", _("almost the same name")
        BORN_SAME = "born_same", _("the same date of birth")
        YEAR_SAME = "year_same", _("the same year of birth")
        BIRTH_UNKNOWN = "birth_unknown", _("a date of birth is missing")
        VILLAGE_SAME = "village_same", _("the same village")
        DISTRICT_SAME = "district_same", _("the same district")
        PHONE_SAME = "phone_same", _("a telephone number in common")
        SEX_DIFFERS = "sex_differs", _("but one is a woman and one a man")

    first = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("person")
    )
    second = models.ForeignKey(
        Person, on_delete=models.CASCADE, related_name="+", verbose_name=_("other person")
    )
    score = models.PositiveSmallIntegerField(_("likeness"))
    reasons = ArrayField(
        models.CharField(max_length=15, choices=Reason.choices), verbose_name=_("reasons")
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PENDING
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(_("decided at"), null=True)
    note = models.CharField(_("note"), max_length=200, blank=True)

    objects = SuspicionQuerySet.as_manager()

    class Meta:
        ordering = ["-score", "-id"]
        verbose_name = _("possible duplicate")
        verbose_name_plural = _("possible duplicates")
        permissions = [("join_people", _("May join two records of one person"))]
        indexes = [models.Index(fields=["status", "-score", "-id"], name="suspicion_ranked")]
        constraints = [
            models.CheckConstraint(
                condition=Q(first__lt=F("second")),
                name="%(app_label)s_%(class)s_first_before_second",
                violation_error_message=_("The older record comes first."),
            ),
            models.UniqueConstraint(
                fields=["first", "second"],
                name="%(app_label)s_%(class)s_pair_once",
                violation_error_message=_("This pair is on the list already."),
            ),
            models.CheckConstraint(
                condition=Q(score__lte=100),
                name="%(app_label)s_%(class)s_score_up_to_100",
                violation_error_message=_("The likeness goes from 0 to 100."),
            ),
            models.CheckConstraint(
                condition=Q(status="pending", decided_at__isnull=True, decided_by__isnull=True)
                | (~Q(status="pending") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="%(app_label)s_%(class)s_decided_says_who",
                violation_error_message=_("A decision says who took it, and when."),
            ),
        ]

    def __str__(self):
        return f"{self.first} – {self.second}"

    def get_absolute_url(self):
        return reverse("cooperatives:suspicion-decide", args=[self.pk])

    @property
    def why(self):
        """The reasons as a sentence: `Almost the same name, the same village`."""
        labels = dict(self.Reason.choices)
        return capfirst(", ".join(str(labels.get(reason, reason)) for reason in self.reasons))
