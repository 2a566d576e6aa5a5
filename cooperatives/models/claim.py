"""A NIK that an officer wrote down, until the programme has looked at it."""

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from cooperatives.models.decision import PENDING, Decision, DecisionQuerySet
from malaka_portal import national_id
from malaka_portal.history import tracked
from malaka_portal.identity_numbers import mask_national_id


class NikClaimQuerySet(DecisionQuerySet):
    def to_ask_again(self):
        """The last claims of people who are without a NIK because it was refused."""
        later = NikClaim.objects.filter(person=OuterRef("person"), pk__gt=OuterRef("pk"))
        refused = self.filter(status=NikClaim.Status.REFUSED, person__nik_state="none")
        return refused.filter(~Exists(later))


@tracked(exclude=["nik_cipher"])
class NikClaim(Decision):
    """An officer says that a person holds a NIK. Not unique: an officer must not learn from an
    answer whether another cooperative knows the number. Staff confirm it, or join the person to
    the one who holds it already, or refuse it (docs/adr/0004-national-id.md)."""

    class Status(models.TextChoices):
        PENDING = PENDING, _("waiting for the programme's check")
        CONFIRMED = "confirmed", _("confirmed")
        JOINED = "joined", _("joined to the person who holds it")
        REFUSED = "refused", _("refused")

    personal_fields = frozenset({"nik_last4"})

    nik_cipher = models.BinaryField(editable=False)
    nik_hash = models.CharField(max_length=64, editable=False, db_index=True)
    nik_last4 = models.CharField(_("NIK (KTP)"), max_length=4, editable=False)
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PENDING, editable=False
    )

    objects = NikClaimQuerySet.as_manager()

    class Meta(Decision.Meta):
        abstract = False
        verbose_name = _("NIK to check")
        verbose_name_plural = _("NIK to check")
        permissions = [("decide_nikclaim", _("May decide about NIK that officers wrote down"))]
        indexes = [models.Index(fields=["status", "id"], name="claim_status")]
        constraints = [
            *Decision.Meta.constraints,
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(status=PENDING),
                name="%(app_label)s_%(class)s_one_pending",
                violation_error_message=_("A NIK of this person is already waiting for its check."),
            ),
        ]

    heading = _("the NIK that was written down")

    def __str__(self):
        return str(self.person)

    @property
    def masked_nik(self):
        return mask_national_id(self.nik_last4)

    def national_id(self):
        """The 16 digits, unsealed. Whoever calls this logs it."""
        return national_id.unseal(self.nik_cipher)
