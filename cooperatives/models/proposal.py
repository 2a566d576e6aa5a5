"""A change of a person that an officer may not make alone."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from cooperatives.models.decision import PENDING, Decision
from malaka_portal.history import tracked


@tracked()
class Proposal(Decision):
    """An officer proposes new values for a person who has lines in other cooperatives too.

    `values` holds the proposed values by field name as a form would send them, `seen` the values
    the officer saw then. Staff accept or refuse it; a NIK never goes this way.
    """

    class Status(models.TextChoices):
        PENDING = PENDING, _("waiting for the programme")
        ACCEPTED = "accepted", _("accepted")
        REFUSED = "refused", _("refused")

    personal_fields = frozenset({"values", "seen"})

    values = models.JSONField(_("proposed values"))
    seen = models.JSONField(_("values at the time"))
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=Status.choices, default=Status.PENDING, editable=False
    )

    class Meta(Decision.Meta):
        abstract = False
        verbose_name = _("proposed change")
        verbose_name_plural = _("proposed changes")
        permissions = [("decide_proposal", _("May decide about proposed changes"))]

    heading = _("the change that was proposed")

    def __str__(self):
        return str(self.person)
