"""A line in a cooperative's register of members (buku daftar anggota)."""

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Upper
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperatives.models import access
from cooperatives.models.cooperative import Cooperative, OfCooperativeQuerySet
from cooperatives.models.joined import JOINED, keep_off_joined
from cooperatives.models.person import Person
from malaka_portal.fields import PortalDateField, RupiahField
from malaka_portal.history import tracked
from malaka_portal.models import PortalModel, Region
from malaka_portal.names import NameWords


class MemberQuerySet(OfCooperativeQuerySet):
    def current(self):
        """Lines that are not closed."""
        return self.filter(left_on__isnull=True)

    def listed(self):
        """Without those who object to being recorded by the programme. The register of their
        cooperative keeps their line: law 25/1992 wants it."""
        return self.filter(is_withheld=False)

    def on(self, day):
        """The register as of `day`: who had joined by then and had not left before it was over."""
        return self.filter(joined_on__lte=day).filter(Q(left_on__isnull=True) | Q(left_on__gt=day))


# What a list sorts and leaves out by is copied from the person; a trigger there (LINES_FOLLOW)
# renews it in the lines that it sees.
TAKE_FROM_PERSON = """
    IF TG_OP = 'UPDATE' AND NEW.person_id IS DISTINCT FROM OLD.person_id THEN
        PERFORM FROM cooperatives_person WHERE id = NEW.person_id FOR SHARE;
    END IF;
    SELECT p.name_key, p.name_order, left(p.village_id, 8), p.is_withheld
    INTO NEW.name_key, NEW.name_order, NEW.district_id, NEW.is_withheld
    FROM cooperatives_person p WHERE p.id = NEW.person_id;
    RETURN NEW;
"""
# It does not see a line that comes at the same moment. So new lines hold their people FOR SHARE and
# look again: a change of a person waits for the line and finds it, or was waited for and is read.
# All people of a statement in the order of their ids, and before the summaries are touched (the
# name of the trigger comes before `count_insert`), or some would wait in a circle.
TAKE_AGAIN = """
    PERFORM FROM cooperatives_person WHERE id IN (SELECT person_id FROM new_values)
    ORDER BY id FOR SHARE;
    UPDATE cooperatives_member m
    SET name_key = p.name_key, name_order = p.name_order, district_id = left(p.village_id, 8),
        is_withheld = p.is_withheld
    FROM new_values n JOIN cooperatives_person p ON p.id = n.person_id
    WHERE m.id = n.id
        AND (n.name_order, n.district_id, n.is_withheld)
            IS DISTINCT FROM (p.name_order, left(p.village_id, 8), p.is_withheld);
    RETURN NULL;
"""


@tracked(exclude=["name_key", "name_order", "district", "is_withheld"])
class Member(PortalModel):
    """A line in one cooperative's register. Leaving closes the line; nothing is deleted.

    `repeats`: two records of one person were joined, and this closed line lies within another
    line of theirs in the same register. It stays, for the book has it, but says nothing new.
    """

    class Status(models.TextChoices):
        CANDIDATE = "candidate", _("candidate member")
        MEMBER = "member", _("member")
        EXTRAORDINARY = "extraordinary", _("extraordinary member")

    class LeftReason(models.TextChoices):
        REQUEST = "request", _("at own request")
        DECEASED = "deceased", _("died")
        DISMISSED = "dismissed", _("dismissed")
        MOVED = "moved", _("moved away")
        MISTAKE = "mistake", _("recorded by mistake")

    trigger_messages = {"cooperatives_member_not_joined": JOINED}

    cooperative = models.ForeignKey(
        Cooperative,
        on_delete=models.PROTECT,
        related_name="members",
        verbose_name=_("cooperative"),
    )
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="members", verbose_name=_("person")
    )
    number = models.CharField(
        _("member number"),
        max_length=20,
        validators=[
            RegexValidator(
                r"^[A-Za-z0-9][A-Za-z0-9 ./-]*$",
                _("A member number has letters, digits, hyphens, dots and slashes."),
            )
        ],
    )
    status = models.CharField(
        _("status"), max_length=13, choices=Status.choices, default=Status.MEMBER
    )
    joined_on = PortalDateField(_("joined on"), default=access.today, latest=access.today)
    left_on = PortalDateField(_("left on"), null=True, blank=True, latest=access.today)
    left_reason = models.CharField(
        _("why they left"), max_length=10, choices=LeftReason.choices, blank=True
    )
    declared_savings = RupiahField(
        _("principal savings, as declared"),
        null=True,
        blank=True,
        help_text=_("What the cooperative's book says was paid in; the ledger opens with it."),
    )
    declared_source = models.CharField(
        _("where that was declared"),
        max_length=150,
        blank=True,
        db_default="",
        editable=False,
    )
    repeats = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="repeated_by",
        verbose_name=_("repeats the line"),
    )
    name_key = models.TextField(editable=False, default="")
    name_order = models.TextField(editable=False, default="")
    district = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("district"),
    )
    is_withheld = models.BooleanField(
        _("left out of lists"), default=False, db_default=False, editable=False
    )

    objects = MemberQuerySet.as_manager()

    class Meta:
        ordering = ["cooperative_id", "number"]
        verbose_name = _("member")
        verbose_name_plural = _("members")
        indexes = [
            models.Index(fields=["cooperative", "name_order", "id"], name="member_name"),
            models.Index(fields=["district", "name_order", "id"], name="member_district"),
            models.Index(fields=["name_order", "id"], name="member_all"),
            GinIndex(NameWords("name_key"), name="member_words"),
            models.Index(fields=["cooperative", "joined_on", "id"], name="member_joined"),
            models.Index(fields=["joined_on", "id"], name="member_joined_all"),
            models.Index(Upper("number"), name="member_number"),
            models.Index(
                fields=["cooperative", "name_order", "id"],
                condition=Q(left_on__isnull=False),
                name="member_left",
            ),
            models.Index(
                fields=["name_order", "id"],
                condition=Q(left_on__isnull=False),
                name="member_left_all",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="take_from_person",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=TAKE_FROM_PERSON,
            ),
            pgtrigger.Trigger(
                name="again_from_person",
                level=pgtrigger.Statement,
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                referencing=pgtrigger.Referencing(new="new_values"),
                func=TAKE_AGAIN,
            ),
            *keep_off_joined("cooperatives_member_not_joined"),
        ]
        constraints = [
            models.UniqueConstraint(
                "cooperative",
                Upper("number"),
                name="%(app_label)s_%(class)s_number_unique",
                violation_error_message=_("This member number is already taken."),
            ),
            models.UniqueConstraint(
                fields=["cooperative", "person"],
                condition=Q(left_on__isnull=True),
                name="%(app_label)s_%(class)s_one_open_line",
                violation_error_message=_("This person is already a member here."),
            ),
            models.CheckConstraint(
                condition=Q(declared_savings__isnull=True) | Q(declared_savings__gte=0),
                name="%(app_label)s_%(class)s_declared_savings_not_negative",
                violation_error_message=_("Savings cannot be below zero."),
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="%(app_label)s_%(class)s_left_after_joining",
                violation_error_message=_("A member cannot leave before joining."),
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True, left_reason="")
                | (Q(left_on__isnull=False) & ~Q(left_reason="")),
                name="%(app_label)s_%(class)s_leaving_has_a_reason",
                violation_error_message=_("Give the day of leaving together with its reason."),
            ),
        ]

    def __str__(self):
        return f"{self.number} {self.person.name}"

    @property
    def export_version(self):
        """A line taken out tells of its person too."""
        return f"{self.version}.{self.person.version}"

    @property
    def shows_person(self):
        """A closed line is the register's; what is known of its person today is not."""
        return self.left_on is None

    def clean(self):
        if self.left_on is None and self.person_id and self.person.joined_into_id:
            raise ValidationError(JOINED, "joined")
        if self.left_on and self.leaves_in_office():
            raise ValidationError(
                _("This member is in office. End the term of office first."), "in_office"
            )

    def leaves_in_office(self):
        """Is an open line being closed while its person holds an office here? Officers are members
        (law 25/1992, 29 and 38), and an open term is access."""
        is_open = type(self).objects.current().filter(pk=self.pk).exists()
        terms = self.person.terms.filter(cooperative_id=self.cooperative_id)
        return is_open and terms.open(on=access.today()).exists()

    def get_absolute_url(self):
        return reverse("cooperatives:member-detail", args=[self.pk])
