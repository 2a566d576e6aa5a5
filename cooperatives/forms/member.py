"""Forms of the register of members."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperatives import services
from cooperatives.models import (
    Cooperative,
    Member,
    Person,
    access,
)
from malaka_portal.fields import (
    NationalIdFormField,
    PhoneFormField,
    PortalDateFormField,
)
from malaka_portal.forms import NO_CHOICE, VersionedForm
from malaka_portal.identity_numbers import bare_digits, mismatches
from malaka_portal.names import search_words
from malaka_portal.sheets import SheetsMixin
from malaka_portal.villages import REGENCY_LENGTH, VillageFormField


class NewMemberForm(SheetsMixin, forms.Form):
    """A new member on a phone (journey J1): who, and where. Six answers to check."""

    sheets = (
        ("siapa", _("Who"), ["name", "nik", "nik_missing", "sex", "phone"]),
        ("di-mana", _("Where"), ["village", "hamlet"]),
    )
    edit_labels = {
        "name": _("Change the name"),
        "nik": _("Change the NIK"),
        "nik_missing": _("Change the reason"),
        "sex": _("Change the sex"),
        "phone": _("Change the mobile number"),
        "village": _("Change the village"),
        "hamlet": _("Change the hamlet"),
    }
    digits = {"nik": (16, _("NIK must have 16 digits; you entered only %d."))}
    private_fields = ("nik",)
    skip_empty = ("nik_missing",)
    field_order = ["name", "nik", "nik_missing", "sex", "phone", "village", "hamlet"]

    name = forms.CharField(
        label=_("Full name"),
        max_length=100,
        help_text=_("As it stands on the KTP."),
        error_messages={"required": _("Fill in the full name.")},
    )
    nik = NationalIdFormField(label=_("NIK"), required=False)
    nik_missing = forms.ChoiceField(
        label=_("If there is no NIK: why?"),
        choices=[NO_CHOICE, *Person.NikMissing.choices],
        required=False,
    )
    sex = forms.ChoiceField(
        label=_("Sex"),
        choices=Person.Sex.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose woman or man.")},
    )
    phone = PhoneFormField(label=_("Mobile number"), required=False)
    village = VillageFormField(error_messages={"required": _("Choose the village.")})
    hamlet = forms.CharField(label=_("Hamlet"), max_length=60, required=False)

    def __init__(self, *args, cooperative, **kwargs):
        self.cooperative = cooperative
        super().__init__(*args, **kwargs)
        self.fields["nik_missing"].quiet_label = True
        self.fields["village"].regency = cooperative.village_id[:REGENCY_LENGTH]

    def clean_nik(self):
        nik = self.cleaned_data["nik"]
        line = services.line_with_national_id(self.cooperative, nik) if nik else None
        if line:
            raise ValidationError(
                _("This NIK is already recorded here, for member %(number)s."),
                "nik_in_own_register",
                {"number": line.number},
            )
        return nik

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("nik"):
            cleaned["nik_missing"] = ""
        elif "nik" in cleaned:
            cleaned["nik_missing"] = cleaned.get("nik_missing") or Person.NikMissing.UNKNOWN
        return cleaned

    def warnings(self):
        """What looks odd about a valid form; it never stops anybody."""
        cleaned = self.cleaned_data
        if not cleaned["nik"]:
            return []
        found = mismatches(
            cleaned["nik"],
            born_on=None,
            birth_year=None,
            sex=cleaned["sex"],
            today=access.today(),
        )
        return [mismatch.message for mismatch in found]

    def answers(self):
        """The reason why there is no NIK is no answer when there is one."""
        rows = super().answers()
        with_nik = self.is_bound and self.cleaned_data.get("nik")
        return [row for row in rows if not (with_nik and row.url == "#id_nik_missing")]

    def save(self):
        """Register the member; ValidationError when a rule of the rows is broken."""
        cleaned = self.cleaned_data
        person = Person(
            name=cleaned["name"],
            sex=cleaned["sex"],
            phones=[cleaned["phone"]] if cleaned["phone"] else [],
            village=cleaned["village"],
            hamlet=cleaned["hamlet"],
            nik_missing=cleaned["nik_missing"] or Person.NikMissing.UNKNOWN,
        )
        return services.register_member(
            cooperative=self.cooperative, person=person, nik=cleaned["nik"]
        )


class MemberForm(VersionedForm):
    """A line's own columns; what concerns the person is changed on the person's page."""

    class Meta:
        model = Member
        fields = ["number", "status", "joined_on"]


class CloseLineForm(forms.Form):
    """When and why somebody leaves."""

    use_required_attribute = False
    on = PortalDateFormField(label=_("Left on"), latest=access.today)
    reason = forms.ChoiceField(
        label=_("Why they left"), choices=[NO_CHOICE, *Member.LeftReason.choices]
    )


class EnrolForm(forms.Form):
    """Into which register somebody who is on record is to be written; `user` limits the choice."""

    use_required_attribute = False
    cooperative = forms.CharField(
        label=_("Cooperative"),
        max_length=150,
        help_text=_("Its name or its NIK Koperasi."),
    )
    joined_on = PortalDateFormField(label=_("Joined on"), latest=access.today)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_cooperative(self):
        text = self.cleaned_data["cooperative"]
        seen = Cooperative.objects.visible_to(self.user)
        same = Q(name__iexact=text)
        if digits := bare_digits(text):
            same |= Q(registry_number=digits)
        found = list(seen.filter(same)[:2]) or list(search_words(seen, text)[:6])
        if len(found) != 1:
            names = "; ".join(map(str, found)) or "–"
            raise ValidationError(
                _("Write the whole name of one cooperative. Found: %(names)s."),
                "cooperative_unclear",
                {"names": names},
            )
        if not self.user.has_perm("cooperatives.add_member", found[0]):
            raise ValidationError(_("You may not add members to this cooperative."), "not_allowed")
        return found[0]
