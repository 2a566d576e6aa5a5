"""What stands at the head of a printed paper, and who signs it."""

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from malaka_portal import uploads
from malaka_portal.fields import PortalDateField
from malaka_portal.files import PrivateFileField
from malaka_portal.history import tracked
from malaka_portal.models.portal import PortalModel, PortalQuerySet


class LetterheadQuerySet(PortalQuerySet):
    def seen_by(self, user):
        """It goes out on every paper: whoever is signed in may read it."""
        return self.all() if user.is_authenticated else self.none()

    def managed_by(self, user):
        """Nobody's: an administrator changes it in the back office."""
        return self.none()

    def on(self, day):
        """The letterhead in use on `day`; None before the first."""
        return self.filter(valid_from__lte=day).order_by("-valid_from").first()


@tracked()
class Letterhead(PortalModel):
    """The office that prints a paper and who signs for it, from `valid_from` on.

    A new head of the office is a new row; the papers of today take the latest.
    """

    valid_from = PortalDateField(
        _("valid from"),
        unique=True,
        error_messages={"unique": _("There is a letterhead from this day on already.")},
    )
    institution = models.CharField(
        _("institution"),
        max_length=100,
        blank=True,
        help_text=_("The upper line, for example PEMERINTAH KABUPATEN MALAKA."),
    )
    office = models.CharField(
        _("name of the office"), max_length=150, help_text=_("The line in large letters.")
    )
    address = models.CharField(_("address"), max_length=200, blank=True)
    contact = models.CharField(
        _("telephone, e-mail, website"), max_length=200, blank=True, help_text=_("In one line.")
    )
    logo = PrivateFileField(
        _("coat of arms"),
        upload_to="letterheads",
        blank=True,
        kinds=uploads.PICTURES,
        help_text=_("A picture, best a square one without background."),
    )
    place = models.CharField(
        _("place of signing"), max_length=60, help_text=_("It stands before the date.")
    )
    signatory_title = models.CharField(
        _("office of who signs"), max_length=150, help_text=_("For example Kepala Dinas Koperasi.")
    )
    signatory_name = models.CharField(_("name of who signs"), max_length=100, blank=True)
    signatory_rank = models.CharField(_("rank of who signs"), max_length=60, blank=True)
    signatory_number = models.CharField(
        _("NIP of who signs"),
        max_length=18,
        blank=True,
        validators=[RegexValidator(r"^\d{18}$", _("A NIP has 18 digits."))],
    )

    objects = LetterheadQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from"]
        verbose_name = _("letterhead")
        verbose_name_plural = _("letterheads")

    def __str__(self):
        return self.office

    @property
    def lines(self):
        """The lines beneath the institution and the office."""
        return [line for line in (self.address, self.contact) if line]
