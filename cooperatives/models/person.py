"""A human being, once, whatever else they are: member, officer, and later trainee or trader."""

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Left
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
        return rows.filter(**conditions).order_by().values("person_id")

    def serving_now(self, ids):
        """A Q of everybody who has an open line or an open term in one of these cooperatives.

        One subquery for both: two with an OR between make PostgreSQL walk all people.
        """
        lines, terms = (
            self.model._meta.get_field(relation).related_model._default_manager.order_by()
            for relation in ("members", "terms")
        )
        here = {"cooperative_id__in": ids}
        serving = terms.open(on=access.today()).filter(**here).values("person_id")
        return Q(pk__in=lines.current().filter(**here).values("person_id").union(serving))

    def managed_by(self, user):
        """People who are members or officers now where the user runs things, and never were
        anywhere else: what concerns another cooperative's member too is proposed instead."""
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
        return self.filter(self.serving_now(ids)).exclude(elsewhere[0]).exclude(elsewhere[1])

    def seen_by(self, user):
        """Members and officers of now. Of those who left, the register keeps the line: their
        name, number and dates, but what is known of them today is no longer its business."""
        ids = access.ids_seen_by(user)
        scope = self.serving_now(ids) if ids else Q(pk__in=[])
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

    def listed(self):
        """Without those who object to being recorded by the programme (docs/privacy.md)."""
        return self.filter(is_withheld=False)

    def withheld(self):
        """Only those, for whoever has to finish what their withdrawal asks for."""
        return self.filter(is_withheld=True)

    def with_withdrawal(self):
        """With `stop_by`: when the programme must have stopped using their data."""
        consents = self.model._meta.get_field("consents").related_model.objects
        withdrawn = consents.filter(
            person_id=OuterRef("pk"), purpose="record", withdrawn_at__isnull=False
        )
        newest = withdrawn.order_by("-withdrawn_at").values("stop_by")[:1]
        return self.annotate(stop_by=Subquery(newest))

    def agreeing(self, purpose):
        """Whose consent to `purpose` (Consent.Purpose) is in force, and who do not object to being
        recorded at all."""
        consents = self.model._meta.get_field("consents").related_model.objects
        return self.listed().filter(
            Exists(consents.in_force().filter(person_id=OuterRef("pk"), purpose=purpose))
        )

    def shown_publicly(self):
        """Whose name and photo may stand on a public page."""
        return self.current().agreeing("public")

    def with_national_id(self, nik):
        """Whoever holds this NIK (16 digits): one person at most."""
        return self.filter(nik_hash=national_id.fingerprint(nik))


# A line in a register is found by its person's name and district, and left out of lists with its
# person; these columns follow the person.
LINES_FOLLOW = """
    UPDATE cooperatives_member
    SET name_key = NEW.name_key, name_order = NEW.name_order, district_id = left(NEW.village_id, 8),
        is_withheld = NEW.is_withheld
    WHERE person_id = NEW.id
        AND (name_order, district_id, is_withheld)
            IS DISTINCT FROM (NEW.name_order, left(NEW.village_id, 8), NEW.is_withheld);
    RETURN NULL;
"""


@tracked(exclude=["name_key", "name_order", "nik_cipher", "is_withheld"])
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
    occupation_note = models.CharField(
        _("what work, in their own words"),
        max_length=60,
        blank=True,
        db_default="",
        help_text=_("For example guru honorer, when none of the kinds fits."),
    )
    education = models.CharField(
        _("education"), max_length=10, choices=Education.choices, blank=True
    )
    is_withheld = models.BooleanField(
        _("left out of lists"),
        default=False,
        db_default=False,
        editable=False,  # follows the consents, by a trigger on them
        help_text=_("Objects to being recorded by the programme."),
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
            ("make_dossier", _("May take out all that is held about a person")),
        ]
        indexes = [
            models.Index(fields=["name_order", "id"], name="person_name"),
            GinIndex(NameWords("name_key"), name="person_words"),
            models.Index(fields=["village", "name_order"], name="person_village"),
            # the blocks in which duplicates are looked for (docs/adr/0008-duplicates.md)
            models.Index(
                "born_on",
                Left("village", 5),
                "name_key",
                condition=Q(born_on__isnull=False),
                name="person_birth_block",
            ),
            models.Index("name_key", Left("village", 8), name="person_name_block"),
            models.Index(
                fields=["name_order", "id"],
                condition=Q(is_withheld=True),
                name="person_withheld",
            ),
        ]
        triggers = [
            pgtrigger.Trigger(
                name="lines_follow",
                when=pgtrigger.After,
                operation=pgtrigger.Update,
                condition=pgtrigger.AnyChange("name", "village", "is_withheld"),
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

    def listed(self):
        return self.filter(person__is_withheld=False)
