"""A human being, once, whatever else they are: member, officer, and later trainee or trader."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cooperatives.models import access
from malaka_portal import national_id
from malaka_portal.fields import PhoneField, PortalDateField
from malaka_portal.history import tracked
from malaka_portal.identity_numbers import mask_national_id
from malaka_portal.models import PortalModel, PortalQuerySet, Region
from malaka_portal.names import NameKey, NameOrder, NameWords

# Functions of a user that give a Q of further people whom the user may see. Apps above the
# registry add theirs in AppConfig.ready(): a trainer's participants, a market manager's traders.
FURTHER_SCOPES = []


def register_scope(scope):
    """Let the people of `scope(user)`, a Q, be seen by `user` too. Returns `scope`."""
    FURTHER_SCOPES.append(scope)
    return scope


class PersonQuerySet(PortalQuerySet):
    area_field = "village__code"

    def lines(self, relation, **conditions):
        """Ids of the people who have a row in `relation` (members, terms) that fits."""
        rows = self.model._meta.get_field(relation).related_model._default_manager
        return rows.filter(**conditions).values("person_id")

    def of_cooperatives(self, ids):
        """Everybody with a line or a term, open or closed, in one of these cooperatives."""
        return self.filter(
            Q(pk__in=self.lines("members", cooperative_id__in=ids))
            | Q(pk__in=self.lines("terms", cooperative_id__in=ids))
        )

    def managed_by(self, user):
        """People all of whose lines and terms are in cooperatives that the user runs: what
        concerns another cooperative's member too is proposed to the programme instead."""
        ids = access.ids_run_by(user)
        if not ids:
            return self.none()
        elsewhere = [
            Exists(
                self.model._meta.get_field(relation)
                .related_model._default_manager.filter(person_id=OuterRef("pk"))
                .exclude(cooperative_id__in=ids)
            )
            for relation in ("members", "terms")
        ]
        return self.of_cooperatives(ids).exclude(elsewhere[0]).exclude(elsewhere[1])

    def seen_by(self, user):
        ids = access.ids_seen_by(user)
        scope = Q(pk__in=[])
        if ids:
            scope |= Q(pk__in=self.lines("members", cooperative_id__in=ids))
            scope |= Q(pk__in=self.lines("terms", cooperative_id__in=ids))
        for further in FURTHER_SCOPES:
            scope |= further(user)
        return self.filter(scope)

    def within(self, area):
        """Who lives in the area, and who has a line in one of its cooperatives."""
        if not area:
            return self
        here = {"cooperative__village__code__startswith": area}
        return self.filter(
            Q(village__code__startswith=area)
            | Q(pk__in=self.lines("members", **here))
            | Q(pk__in=self.lines("terms", **here))
        )

    def current(self):
        """Without those who turned out to be somebody already recorded."""
        return self.filter(joined_into__isnull=True)

    def with_national_id(self, nik):
        """Whoever holds this NIK (16 digits): one person at most."""
        return self.filter(nik_hash=national_id.fingerprint(nik))


# A line in a register is found by its person's name and district; they follow the person.
LINES_FOLLOW = """
    UPDATE cooperatives_member
    SET name_key = NEW.name_key, name_order = NEW.name_order, district_id = left(NEW.village_id, 8)
    WHERE person_id = NEW.id
        AND (name_order, district_id) IS DISTINCT FROM (NEW.name_order, left(NEW.village_id, 8));
    RETURN NULL;
"""


@tracked(exclude=["name_key", "name_order", "nik_cipher"])
class Person(PortalModel):
    """One row per human being. The name is as on the KTP; a NIK is optional, with the reason.

    The state of the NIK (`nik_state`) is described in docs/adr/0004-national-id.md.
    """

    class Sex(models.TextChoices):
        FEMALE = "P", _("woman")
        MALE = "L", _("man")

    class NikState(models.TextChoices):
        NONE = "none", _("not known")
        CLAIMED = "claimed", _("waiting for the programme's check")
        CONFIRMED = "confirmed", _("checked")
        JOINED = "joined", _("belongs to another record of the same person")

    class NikMissing(models.TextChoices):
        UNKNOWN = "unknown", _("not yet asked")
        NOT_RECORDED = "not_recorded", _("has no e-KTP yet")
        LOST = "lost", _("the KTP is lost")
        FOREIGN = "foreign", _("not an Indonesian citizen")

    class Education(models.TextChoices):
        NONE = "none", _("no school")
        SOME_PRIMARY = "some_sd", _("some years of primary school")
        PRIMARY = "sd", "SD"
        LOWER = "smp", "SMP"
        UPPER = "sma", "SMA/SMK"
        DIPLOMA = "d3", "D1–D3"
        BACHELOR = "s1", "D4/S1"
        MASTER = "s2", "S2"
        DOCTOR = "s3", "S3"

    class Occupation(models.TextChoices):
        FARMER = "farmer", _("farmer")
        HOUSEWIFE = "housewife", _("housewife")
        WEAVER = "weaver", _("weaver")
        TRADER = "trader", _("trader")
        LIVESTOCK = "livestock", _("livestock keeper")
        FISHER = "fisher", _("fisher")
        CRAFTSMAN = "craftsman", _("artisan")
        CIVIL = "civil", _("civil servant")
        FORCES = "forces", _("army or police")
        VILLAGE = "village", _("village official")
        STUDENT = "student", _("pupil or student")
        OTHER = "other", _("other work")

    personal_fields = frozenset(
        {
            "nik_state",
            "nik_missing",
            "nik_last4",
            "birth_place",
            "born_on",
            "birth_year",
            "address",
            "phones",
        }
    )

    name = models.CharField(_("name"), max_length=100, help_text=_("As it stands on the KTP."))
    name_key = models.GeneratedField(
        expression=NameKey("name"), output_field=models.TextField(), db_persist=True
    )
    name_order = models.GeneratedField(
        expression=NameOrder("name"), output_field=models.TextField(), db_persist=True
    )
    nik_state = models.CharField(
        _("state of the NIK"),
        max_length=10,
        choices=NikState.choices,
        default=NikState.NONE,
        editable=False,
    )
    nik_missing = models.CharField(
        _("why there is no NIK"),
        max_length=12,
        choices=NikMissing.choices,
        default=NikMissing.UNKNOWN,
        blank=True,
    )
    nik_cipher = models.BinaryField(null=True, editable=False)
    nik_hash = models.CharField(max_length=64, null=True, unique=True, editable=False)  # noqa: DJ001
    nik_last4 = models.CharField(_("NIK (KTP)"), max_length=4, blank=True, editable=False)
    joined_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="duplicates",
        verbose_name=_("is the same person as"),
        editable=False,
    )
    sex = models.CharField(_("sex"), max_length=1, choices=Sex.choices, blank=True)
    birth_place = models.CharField(_("place of birth"), max_length=60, blank=True)
    born_on = PortalDateField(_("date of birth"), null=True, blank=True, latest=access.today)
    birth_year = models.PositiveSmallIntegerField(
        _("year of birth"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1900), MaxValueValidator(2100)],
        help_text=_("When the day is not known."),
    )
    village = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("village"),
    )
    hamlet = models.CharField(_("hamlet"), max_length=60, blank=True)
    address = models.CharField(_("address"), max_length=150, blank=True)
    phones = ArrayField(
        PhoneField(), verbose_name=_("telephone numbers"), default=list, blank=True, size=5
    )
    occupation = models.CharField(
        _("occupation"), max_length=10, choices=Occupation.choices, blank=True
    )
    education = models.CharField(
        _("education"), max_length=10, choices=Education.choices, blank=True
    )

    objects = PersonQuerySet.as_manager()

    class Meta:
        ordering = ["name_order", "id"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        permissions = [
            ("view_personal_data", _("May see birth dates, telephone numbers and addresses")),
            ("reveal_national_id", _("May have a NIK shown, with a reason")),
            ("export_national_id", _("May export NIK, with a reason")),
            ("claim_person", _("May write down the NIK of a person, to be checked")),
            ("propose_person", _("May propose changes of a person")),
        ]
        indexes = [
            models.Index(fields=["name_order", "id"], name="person_name"),
            GinIndex(NameWords("name_key"), name="person_words"),
            models.Index(fields=["village", "name_order"], name="person_village"),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="lines_follow",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("name", "village"),
                func=LINES_FOLLOW,
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(nik_state="confirmed", nik_hash__isnull=False, nik_cipher__isnull=False)
                | (~Q(nik_state="confirmed") & Q(nik_hash__isnull=True, nik_cipher__isnull=True)),
                name="%(app_label)s_%(class)s_nik_only_when_confirmed",
                violation_error_message=_("Only a checked NIK is kept on the person."),
            ),
            models.CheckConstraint(
                condition=~Q(nik_state="none") | ~Q(nik_missing=""),
                name="%(app_label)s_%(class)s_missing_nik_has_a_reason",
                violation_error_message=_("Say why there is no NIK."),
            ),
            models.CheckConstraint(
                condition=Q(nik_state="joined", joined_into__isnull=False)
                | (~Q(nik_state="joined") & Q(joined_into__isnull=True)),
                name="%(app_label)s_%(class)s_joined_says_into_whom",
                violation_error_message=_("A joined record says whose it is."),
            ),
            models.CheckConstraint(
                condition=~Q(joined_into=F("id")),
                name="%(app_label)s_%(class)s_not_joined_into_itself",
                violation_error_message=_("A record cannot be joined into itself."),
            ),
            models.CheckConstraint(
                condition=Q(birth_year__isnull=True) | Q(birth_year__range=(1900, 2100)),
                name="%(app_label)s_%(class)s_birth_year_in_range",
                violation_error_message=_("Write the year with four digits."),
            ),
            models.CheckConstraint(
                condition=Q(born_on__isnull=True) | Q(birth_year__isnull=True),
                name="%(app_label)s_%(class)s_one_birth_date",
                violation_error_message=_("Give the date of birth or the year, not both."),
            ),
        ]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        return reverse("cooperatives:person-detail", args=[self.pk])

    @property
    def masked_nik(self):
        """`••••••••••••9001`, or nothing."""
        return mask_national_id(self.nik_last4)

    def national_id(self):
        """The 16 digits, unsealed; "" when there are none. Whoever calls this logs it."""
        return national_id.unseal(self.nik_cipher) if self.nik_cipher else ""

    def confirm_national_id(self, nik):
        """This person holds `nik` (16 digits, checked). IntegrityError when somebody else does."""
        for column, value in national_id.sealed_columns(nik).items():
            setattr(self, column, value)
        self.nik_state, self.nik_missing = self.NikState.CONFIRMED, ""


class OfPersonQuerySet(PortalQuerySet):
    """Rows that belong to a person: whoever may write the person may write them."""

    def managed_by(self, user):
        return self.filter(person__in=Person.objects.managed_by(user))

    def seen_by(self, user):
        return self.filter(person__in=Person.objects.seen_by(user))

    def within(self, area):
        return self.filter(person__in=Person.objects.within(area)) if area else self


class ConsentQuerySet(OfPersonQuerySet):
    def in_force(self):
        return self.filter(withdrawn_on__isnull=True)


@tracked()
class Consent(PortalModel):
    """A person agreed to one purpose, to a text of one version; it may be withdrawn (law 27/2022,
    articles 20–22). Processing stops within three days of the withdrawal."""

    class Purpose(models.TextChoices):
        PUBLIC = "public", _("shown on public pages: name, product, photo")
        CONTACT = "contact", _("contacted by WhatsApp or telephone about the programme")
        SURVEY = "survey", _("asked about income before and after a training")
        SHARING = "sharing", _("data handed to the ministry")

    class Channel(models.TextChoices):
        WRITTEN = "written", _("in writing")
        SPOKEN = "spoken", _("by word of mouth, with a witness")

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="consents", verbose_name=_("person")
    )
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    text_version = models.CharField(
        _("version of the text"),
        max_length=20,
        help_text=_("It stands at the foot of the consent form, for example 2026-1."),
    )
    channel = models.CharField(
        _("how it was given"), max_length=10, choices=Channel.choices, default=Channel.WRITTEN
    )
    witness = models.CharField(_("witness"), max_length=100, blank=True)
    given_on = PortalDateField(_("given on"), latest=access.today)
    withdrawn_on = PortalDateField(_("withdrawn on"), null=True, blank=True, latest=access.today)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-given_on", "-id"]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("given_on")),
                name="%(app_label)s_%(class)s_withdrawn_after_given",
                violation_error_message=_("A consent cannot be withdrawn before it was given."),
            ),
            models.CheckConstraint(
                condition=~Q(channel="spoken") | ~Q(witness=""),
                name="%(app_label)s_%(class)s_spoken_has_a_witness",
                violation_error_message=_("Name the witness of a spoken consent."),
            ),
            models.UniqueConstraint(
                fields=["person", "purpose"],
                condition=Q(withdrawn_on__isnull=True),
                name="%(app_label)s_%(class)s_one_in_force",
                violation_error_message=_("This consent is already in force."),
            ),
        ]

    def __str__(self):
        return self.get_purpose_display()
