"""The form of an enterprise's papers."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cooperatives.models import Credential
from malaka_portal.forms import VersionedForm
from malaka_portal.identity_numbers import refuse_national_id
from malaka_portal.permit_numbers import holds_national_id, parse_halal, parse_nib, parse_pirt

Kind, Status = Credential.Kind, Credential.Status
PARSERS = {Kind.NIB: parse_nib, Kind.PIRT: parse_pirt, Kind.HALAL: parse_halal}


class CredentialForm(VersionedForm):
    """A paper, its number in any spelling, and a copy of it."""

    fixed_fields = ["enterprise"]

    class Meta:
        model = Credential
        fields = [
            "enterprise",
            "kind",
            "status",
            "number",
            "covers",
            "issued_on",
            "valid_until",
            "document",
        ]
        help_texts = {
            "number": _(
                "As it stands on the paper, for example 9120 0012 3456 7 or "
                "P-IRT No. 2065321010001-29."
            ),
            "document": _("A photo or a PDF, at most 8 MB."),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["covers"].validators.append(refuse_national_id)
        self.fields["number"].quiet_label = True  # not needed for some states only
        if self.instance.pk and self.instance.document:
            kept = _("A copy is kept already. Choose a file only to replace it.")
            self["document"].help_text = kept

    def clean(self):
        """The number as it is stored, and the rules of the row at the field that mends them."""
        cleaned = super().clean()
        kind, status = cleaned.get("kind"), cleaned.get("status")
        self.check_status(kind, status)
        if "number" in cleaned and kind:
            try:
                cleaned["number"] = self.number_of(kind, cleaned["number"])
            except ValidationError as error:
                self.add_error("number", error)
            else:
                if status == Status.HELD and not cleaned["number"]:
                    self.add_error("number", _("A paper that is held has a number."))
        return cleaned

    def check_status(self, kind, status):
        if kind and kind != Kind.HALAL and status in (Status.NON_HALAL, Status.NOT_REQUIRED):
            self.add_error("status", _("Only a halal certificate can have this status."))

    def number_of(self, kind, text):
        if not text:
            return ""
        if kind in PARSERS:
            return PARSERS[kind](text)
        if holds_national_id(text):
            raise ValidationError(_("Do not write a NIK here."), "nik_in_text")
        return " ".join(text.split())
