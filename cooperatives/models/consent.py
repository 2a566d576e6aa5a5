"""What a person agreed to, and what they took back."""

import pgtrigger
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from cooperatives.models import access
from cooperatives.models.joined import JOINED, keep_off_joined
from cooperatives.models.person import OfPersonQuerySet, Person
from malaka_portal.fields import OUT_OF_TIME, PortalDateField, in_our_time
from malaka_portal.history import tracked
from malaka_portal.models import PortalModel

# The hour of a withdrawal, whichever door wrote only its day: now if that is today, else the first
# moment of the day. From then the law's hours run, a statutory number of that day (before the law,
# its first one); where none is on record nothing is guessed.
TIME_OF_WITHDRAWAL = """
    IF NEW.withdrawn_at IS NOT NULL AND NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at THEN
        NEW.withdrawn_on := (NEW.withdrawn_at AT TIME ZONE 'Asia/Makassar')::date;
    ELSIF NEW.withdrawn_on IS NULL THEN
        NEW.withdrawn_at := NULL;
    ELSIF NEW.withdrawn_at IS NULL OR NEW.withdrawn_on IS DISTINCT FROM OLD.withdrawn_on THEN
        NEW.withdrawn_at := NEW.withdrawn_on::timestamp AT TIME ZONE 'Asia/Makassar';
        IF NEW.withdrawn_on = (now() AT TIME ZONE 'Asia/Makassar')::date THEN
            NEW.withdrawn_at := now();
        END IF;
    END IF;
    NEW.stop_by := OLD.stop_by;
    IF NEW.withdrawn_at IS DISTINCT FROM OLD.withdrawn_at THEN
        SELECT NEW.withdrawn_at + make_interval(hours => value::int) INTO NEW.stop_by
        FROM malaka_portal_parameter WHERE key = 'consent.withdrawal.hours'
        ORDER BY greatest(valid_from - NEW.withdrawn_on, 0), valid_from DESC LIMIT 1;
        IF NEW.withdrawn_at IS NOT NULL AND NEW.stop_by IS NULL THEN
            RAISE EXCEPTION 'The statutory number consent.withdrawal.hours is missing.'
                USING ERRCODE = 'check_violation',
                    CONSTRAINT = 'cooperatives_consent_hours_are_known';
        END IF;
    END IF;
    RETURN NEW;
"""

# Withheld: a `record` consent was withdrawn, and none that is in force was given since.
WITHHOLD = """
    UPDATE cooperatives_person p SET is_withheld = NOT p.is_withheld
    WHERE p.id IN (NEW.person_id, OLD.person_id) AND p.is_withheld IS DISTINCT FROM EXISTS (
        SELECT FROM cooperatives_consent taken
        WHERE taken.person_id = p.id AND taken.purpose = 'record'
            AND taken.withdrawn_on IS NOT NULL
            AND NOT EXISTS (
                SELECT FROM cooperatives_consent given
                WHERE given.person_id = p.id AND given.purpose = 'record'
                    AND given.withdrawn_on IS NULL AND given.given_on >= taken.withdrawn_on
            )
    );
    RETURN NULL;
"""


class ConsentQuerySet(OfPersonQuerySet):
    def in_force(self):
        return self.filter(withdrawn_on__isnull=True)

    def holds(self, person, purpose):
        """May `person`'s data be used for `purpose` (Consent.Purpose) now: is the consent in force,
        and do they not object to being recorded at all?"""
        found = self.in_force().filter(person=person, purpose=purpose)
        return found.filter(person__is_withheld=False).exists()


@tracked(exclude=["stop_by"])
class Consent(PortalModel):
    """A person agreed to one purpose, to a text of one version; it may be withdrawn (law 27/2022,
    articles 20–22). Processing stops within hours of the withdrawal, by the number of hours that
    the law sets (`Parameter`).

    An objection to being recorded is a row of purpose `record` that was withdrawn without ever
    having been given. While the last word on `record` is a withdrawal, `Person.is_withheld` takes
    the person out of lists, searches and exports; triggers keep it, whichever door is used."""

    class Purpose(models.TextChoices):
        PUBLIC = "public", _("shown on public pages: name, and photos of what they make")
        CONTACT = "contact", _("contacted by WhatsApp or telephone about the programme")
        SURVEY = "survey", _("asked about income before and after a training")
        SHARING = "sharing", _("data handed to the ministry")
        RECORD = "record", _("kept by the programme beyond the cooperative's register")

    class Channel(models.TextChoices):
        WRITTEN = "written", _("in writing")
        SPOKEN = "spoken", _("by word of mouth, with a witness")

    others_fields = frozenset({"witness"})
    trigger_messages = {
        "cooperatives_consent_not_joined": JOINED,
        "cooperatives_consent_hours_are_known": _(
            "Nothing is saved: the number of hours that the law sets for a withdrawal is missing. "
            "Ask the administrator to enter consent.withdrawal.hours under Statutory numbers."
        ),
    }

    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="consents", verbose_name=_("person")
    )
    purpose = models.CharField(_("purpose"), max_length=10, choices=Purpose.choices)
    text_version = models.CharField(
        _("version of the text"),
        max_length=20,
        blank=True,  # of an objection; the constraint below wants it of a consent
        help_text=_("It stands at the foot of the consent form, for example 2026-1."),
    )
    channel = models.CharField(
        _("how it was given"), max_length=10, choices=Channel.choices, default=Channel.WRITTEN
    )
    witness = models.CharField(_("witness"), max_length=100, blank=True)
    given_on = PortalDateField(
        _("given on"),
        null=True,
        blank=True,
        latest=access.today,
        help_text=_("Empty for an objection: this was never agreed to."),
    )
    withdrawn_on = PortalDateField(_("withdrawn on"), null=True, blank=True, latest=access.today)
    withdrawn_at = models.DateTimeField(
        _("hour of the withdrawal"),
        null=True,
        blank=True,
        help_text=_("When it reached the office; the hours of the law run from then."),
    )
    stop_by = models.DateTimeField(_("to be stopped by"), null=True, editable=False)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        ordering = ["-given_on", "-id"]
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        triggers = [
            pgtrigger.Trigger(
                name="time_of_withdrawal",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert | pgtrigger.Update,
                func=TIME_OF_WITHDRAWAL,
            ),
            pgtrigger.Trigger(
                name="withhold",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
                func=WITHHOLD,
            ),
            *keep_off_joined("cooperatives_consent_not_joined"),
        ]
        constraints = [
            # the hour by which use must have stopped is reckoned from it
            models.CheckConstraint(
                condition=in_our_time("withdrawn_on"),
                name="%(app_label)s_%(class)s_withdrawn_in_our_time",
                violation_error_message=OUT_OF_TIME,
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on__isnull=True) | Q(withdrawn_on__gte=F("given_on")),
                name="%(app_label)s_%(class)s_withdrawn_after_given",
                violation_error_message=_("A consent cannot be withdrawn before it was given."),
            ),
            models.CheckConstraint(
                condition=Q(given_on__isnull=False) & ~Q(text_version="")
                | Q(given_on__isnull=True, purpose="record", withdrawn_on__isnull=False),
                name="%(app_label)s_%(class)s_given_or_objection",
                violation_error_message=_(
                    "Give the day of the consent and the version of its text."
                ),
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

    def clean(self):
        if self.withdrawn_at and self.withdrawn_at > timezone.now():
            raise ValidationError({"withdrawn_at": _("This is still to come.")})
        if self._state.adding and self.person_id and self.person.joined_into_id:
            raise ValidationError(JOINED, "joined")

    @property
    def is_objection(self):
        return self.given_on is None
