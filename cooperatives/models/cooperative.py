"""A cooperative: what the law, the ministry and the district office know it by."""

import pgtrigger
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperatives.models import access
from cooperatives.models.annual_meeting import EXEMPT, AnnualMeetingQuerySet, OwedSince
from malaka_portal.fields import (
    OUT_OF_TIME,
    CooperativeNumberField,
    PhoneField,
    PortalDateField,
    in_our_time,
)
from malaka_portal.history import tracked
from malaka_portal.models import PortalModel, PortalQuerySet, Region
from malaka_portal.names import NameKey, NameOrder, NameWords


class CooperativeQuerySet(AnnualMeetingQuerySet):
    area_field = "village__code"

    def managed_by(self, user):
        return access.only(self, "pk", access.ids_run_by(user))

    def seen_by(self, user):
        return access.only(self, "pk", access.ids_seen_by(user))

    def active(self):
        return self.filter(status=Cooperative.Status.ACTIVE)

    def without_chair(self, *, on):
        """Those whose board has no chair on the day `on`; one that is dissolved needs none."""
        return self.exclude(status__in=EXEMPT).exclude(self.has_chair(on))

    def with_chair(self, *, on):
        """Those whose board has a chair on the day `on`."""
        return self.filter(self.has_chair(on))

    def has_chair(self, on):
        return Exists(self.chairs(on))

    def chairs(self, on):
        """The open term of the chair of the board, in a query about cooperatives."""
        terms = self.model._meta.get_field("officers").related_model.objects.open(on=on)
        return terms.filter(cooperative=OuterRef("pk"), body=access.BOARD, role="chair")

    def with_chair_name(self, *, on):
        """Each with its `chair_name`; None without a chair whom a list may name."""
        names = self.chairs(on).listed().values("person__name")[:1]
        return self.annotate(chair_name=Subquery(names))

    def public(self):
        """Those that agreed to be shown to everybody, and still work."""
        return self.active().filter(public_since__isnull=False)


class OfCooperativeQuerySet(PortalQuerySet):
    """Rows that belong to one cooperative: whoever runs it writes them, its supervisors read."""

    area_field = "cooperative__village__code"

    def managed_by(self, user):
        return access.only(self, "cooperative_id", access.ids_run_by(user))

    def seen_by(self, user):
        return access.only(self, "cooperative_id", access.ids_seen_by(user))


class OfOfficeQuerySet(OfCooperativeQuerySet):
    """Rows about a cooperative that the programme's office keeps; its officers read them."""

    def managed_by(self, user):
        return self.none()


# Another number has not been agreed to: only who says so for it, in the same save or later, lets it
# be published. That it was agreed to for the former number is no such word.
PHONE_CHANGED = """
    IF OLD.phone_is_public THEN
        NEW.phone_is_public := false;
    END IF;
    RETURN NEW;
"""


@tracked(exclude=["name_key", "name_order", "last_member_serial", "annual_meeting_owed_since"])
class Cooperative(PortalModel):
    """A cooperative under law 25/1992. Its name is not unique, its NIK Koperasi is."""

    class Kind(models.TextChoices):
        CONSUMER = "consumer", _("consumer")
        PRODUCER = "producer", _("producer")
        SERVICE = "service", _("service")
        MARKETING = "marketing", _("marketing")
        SAVINGS = "savings", _("savings and loan")
        MULTI = "multi", _("multi-purpose (older deeds)")

    class Level(models.TextChoices):
        PRIMARY = "primary", _("primary")
        SECONDARY = "secondary", _("secondary")

    class Reach(models.TextChoices):
        """How far members may live: it decides which government supervises (domain 1.2)."""

        REGENCY = "regency", _("regency or city")
        PROVINCE = "province", _("province")
        NATION = "nation", _("national")

    class Group(models.TextChoices):
        GENERAL = "general", _("general public")
        WOMEN = "women", _("women")
        FARMERS = "farmers", _("farmers")
        FISHERS = "fishers", _("fishers")
        CRAFTS = "crafts", _("artisans and weavers")
        EMPLOYEES = "employees", _("employees")
        TEACHERS = "teachers", _("teachers")
        CIVIL = "civil", _("civil servants")
        FORCES = "forces", _("army and police")
        YOUTH = "youth", _("students and youth")
        CHURCH = "church", _("church or other faith community")
        MARKET = "market", _("market traders")

    class ManagementModel(models.TextChoices):
        CONVENTIONAL = "conventional", _("conventional")
        SHARIA = "sharia", _("sharia")

    class Sector(models.TextChoices):
        """The letters of the national industry classification (KBLI 2020)."""

        A = "A", _("agriculture, forestry and fishery")
        B = "B", _("mining and quarrying")
        C = "C", _("manufacturing and crafts")
        D = "D", _("electricity and gas")
        E = "E", _("water and waste")
        F = "F", _("construction")
        G = "G", _("trade and repair of vehicles")
        H = "H", _("transport and storage")
        I = "I", _("lodging and food service")  # noqa: E741
        J = "J", _("information and communication")
        K = "K", _("finance and insurance")
        L = "L", _("real estate")
        MN = "MN", _("business services")
        O = "O", _("public administration")  # noqa: E741
        P = "P", _("education")
        Q = "Q", _("health and social work")
        RSTU = "RSTU", _("other services")

    class Status(models.TextChoices):
        ACTIVE = "active", _("active")
        INACTIVE = "inactive", _("not active")
        FROZEN = "frozen", _("frozen")
        DISSOLVING = "dissolving", _("being dissolved")
        DISSOLVED = "dissolved", _("dissolved")

    class Grade(models.TextChoices):
        A = "A", "A"
        B = "B", "B"
        C1 = "C1", "C1"
        C2 = "C2", "C2"
        C3 = "C3", "C3"
        OTHER = "other", _("other")

    name = models.CharField(_("name"), max_length=150)
    name_key = models.GeneratedField(
        expression=NameKey("name"), output_field=models.TextField(), db_persist=True
    )
    name_order = models.GeneratedField(
        expression=NameOrder("name"), output_field=models.TextField(), db_persist=True
    )
    kind = models.CharField(_("cooperative type"), max_length=10, choices=Kind.choices)
    level = models.CharField(
        _("primary or secondary"), max_length=10, choices=Level.choices, default=Level.PRIMARY
    )
    reach = models.CharField(
        _("membership area"), max_length=10, choices=Reach.choices, default=Reach.REGENCY
    )
    group = models.CharField(
        _("community"), max_length=10, choices=Group.choices, default=Group.GENERAL
    )
    management_model = models.CharField(
        _("management model"),
        max_length=12,
        choices=ManagementModel.choices,
        default=ManagementModel.CONVENTIONAL,
    )
    sector = models.CharField(
        _("business sector"), max_length=4, choices=Sector.choices, blank=True
    )
    is_village_cooperative = models.BooleanField(
        _("Koperasi Desa/Kelurahan Merah Putih"), default=False
    )
    legal_entity_number = models.CharField(
        _("legal entity number"),
        max_length=100,
        blank=True,
        help_text=_("As it stands on the decree; every form is accepted."),
    )
    legal_entity_date = PortalDateField(
        _("legal entity date"), null=True, blank=True, latest=access.today
    )
    registry_number = CooperativeNumberField(_("NIK Koperasi"), null=True, blank=True, unique=True)
    certificate_grade = models.CharField(
        _("certificate grade"), max_length=5, choices=Grade.choices, blank=True
    )
    certificate_issued_on = PortalDateField(_("certificate issued on"), null=True, blank=True)
    certificate_valid_until = PortalDateField(_("certificate valid until"), null=True, blank=True)
    village = models.ForeignKey(
        Region, on_delete=models.PROTECT, related_name="cooperatives", verbose_name=_("village")
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    phone = PhoneField(_("telephone"), blank=True)
    phone_is_public = models.BooleanField(_("the telephone number may be published"), default=False)
    public_since = PortalDateField(
        _("shown on public pages since"), null=True, blank=True, latest=access.today
    )
    introduction = models.TextField(
        _("introduction for visitors"),
        max_length=600,
        blank=True,
        help_text=_("What you make and offer, in two or three sentences. No names of people."),
    )
    latitude = models.DecimalField(
        _("latitude"),
        max_digits=8,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-90), MaxValueValidator(90)],
    )
    longitude = models.DecimalField(
        _("longitude"),
        max_digits=9,
        decimal_places=6,
        null=True,
        blank=True,
        validators=[MinValueValidator(-180), MaxValueValidator(180)],
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=Status.choices,
        default=Status.ACTIVE,
        editable=False,  # follows the latest StatusChange, by a trigger
    )
    fiscal_year_end = models.PositiveSmallIntegerField(
        _("last month of the fiscal year"),
        default=12,
        validators=[MinValueValidator(1), MaxValueValidator(12)],
    )
    last_annual_meeting_on = PortalDateField(
        _("last annual meeting (RAT)"), null=True, blank=True, latest=access.today
    )
    annual_meeting_owed_since = models.GeneratedField(
        expression=OwedSince("fiscal_year_end", "last_annual_meeting_on", "legal_entity_date"),
        output_field=models.DateField(_("annual meeting owed since")),
        db_persist=True,
    )
    member_number_prefix = models.CharField(
        _("letters before member numbers"),
        max_length=5,
        blank=True,
        validators=[RegexValidator(r"^[A-Z]{2,5}$", _("Two to five capital letters."))],
        help_text=_("For example TFM: members get TFM-0001, TFM-0002 and so on."),
    )
    last_member_serial = models.PositiveIntegerField(default=0, db_default=0, editable=False)

    objects = CooperativeQuerySet.as_manager()

    class Meta:
        ordering = ["name_order", "id"]
        verbose_name = _("cooperative")
        verbose_name_plural = _("cooperatives")
        permissions = [("publish_cooperative", _("May show a cooperative on public pages"))]
        indexes = [
            models.Index(fields=["name_order", "id"], name="cooperative_name"),
            GinIndex(NameWords("name_key"), name="cooperative_words"),
            models.Index(fields=["village", "name_order"], name="cooperative_village"),
            models.Index(fields=["annual_meeting_owed_since"], name="cooperative_meeting_owed"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="phone_changed",
                when=pgtrigger.Before,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("phone"),
                func=PHONE_CHANGED,
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(registry_number__isnull=True) | Q(registry_number__regex=r"^\d{13}$"),
                name="%(app_label)s_%(class)s_registry_number_shape",
                violation_error_message=_("NIK Koperasi has 13 digits."),
            ),
            models.CheckConstraint(
                condition=Q(certificate_valid_until__isnull=True)
                | Q(certificate_issued_on__isnull=True)
                | Q(certificate_valid_until__gte=F("certificate_issued_on")),
                name="%(app_label)s_%(class)s_certificate_ends_after_issue",
                violation_error_message=_("The certificate ends before it was issued."),
            ),
            # the day from which a meeting is owed is reckoned from these
            models.CheckConstraint(
                condition=in_our_time("legal_entity_date") & in_our_time("last_annual_meeting_on"),
                name="%(app_label)s_%(class)s_dates_in_our_time",
                violation_error_message=OUT_OF_TIME,
            ),
            models.CheckConstraint(
                condition=Q(fiscal_year_end__range=(1, 12)),
                name="%(app_label)s_%(class)s_fiscal_year_end_is_a_month",
                violation_error_message=_("The fiscal year ends in a month from 1 to 12."),
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(
                    latitude__isnull=False,
                    longitude__isnull=False,
                    latitude__range=(-90, 90),
                    longitude__range=(-180, 180),
                ),
                name="%(app_label)s_%(class)s_both_coordinates",
                violation_error_message=_("Give both latitude and longitude, or neither."),
            ),
        ]

    def __str__(self):
        return self.name

    def chair_on(self, day):
        """The term of the chair of the board on `day`, with its person; None without one."""
        terms = self.officers.open(on=day).filter(body=access.BOARD, role="chair")
        return terms.select_related("person").first()

    def get_absolute_url(self):
        return reverse("cooperatives:cooperative-detail", args=[self.pk])
