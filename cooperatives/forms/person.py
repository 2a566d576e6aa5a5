"""Forms of people, their consents and NIK, and of what is proposed about them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cooperatives.models import (
    Consent,
    Person,
    access,
)
from malaka_portal.fields import (
    NationalIdFormField,
    PhonesFormField,
)
from malaka_portal.forms import PortalForm, VersionedForm
from malaka_portal.identity_numbers import refuse_national_id
from malaka_portal.villages import VillageFormField

PERSON_FIELDS = [
    "name",
    "sex",
    "birth_place",
    "born_on",
    "birth_year",
    "village",
    "hamlet",
    "address",
    "phones",
    "occupation",
    "education",
]


class PersonForm(VersionedForm):
    """What is known about somebody, without the NIK; and why there is none, while there is none."""

    village = VillageFormField(required=False)
    phones = PhonesFormField(label=_("Telephone numbers"), required=False)

    class Meta:
        model = Person
        fields = [*PERSON_FIELDS, "nik_missing"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.nik_state != Person.NikState.NONE:
            del self.fields["nik_missing"]


class NewPersonForm(PersonForm):
    """Somebody new, recorded by the programme: its own staff may write the NIK at once."""

    nik = NationalIdFormField(label=_("NIK (KTP)"), required=False)
    village = VillageFormField()  # by it the record belongs to an area

    class Meta(PersonForm.Meta):
        fields = ["name", "nik_missing", *PERSON_FIELDS[1:]]

    field_order = ["name", "nik", "nik_missing"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nik_missing"].quiet_label = True

    def clean(self):
        cleaned = super().clean()
        nik = cleaned.get("nik")
        if nik and Person.objects.with_national_id(nik).exists():
            self.add_error("nik", _("This NIK is already recorded for somebody."))
        if nik:
            cleaned["nik_missing"] = ""
            self.instance.confirm_national_id(nik)
        return cleaned


class ClaimForm(forms.Form):
    """The NIK of somebody who had none so far; the programme checks it."""

    use_required_attribute = False
    nik = NationalIdFormField(label=_("NIK (KTP)"))


class ProposalForm(PersonForm):
    """The same fields, kept as a proposal instead of being saved."""

    reason = forms.CharField(
        label=_("Why should it be changed?"),
        max_length=200,
        required=False,
        validators=[refuse_national_id],
    )

    def proposed(self):
        """The changed fields as plain values: (proposed, seen at the time)."""
        changed = [name for name in self.changed_data if name in PERSON_FIELDS]
        values = {name: self.data.get(self.add_prefix(name), "") for name in changed}
        seen = {name: spelled(self, name) for name in changed}
        return values, seen


def form_of_proposal(proposal, person, *, version):
    """A bound form of `person` with the proposed values put in, as seen at `version`."""
    now = PersonForm(instance=person)
    data = {name: spelled(now, name) for name in PERSON_FIELDS}
    return PersonForm(data | proposal.values | {"_versi": version}, instance=person)


def spelled(form, name):
    """The stored value of a form's field as its input would show it."""
    value = form.fields[name].prepare_value(form.stored[name])
    return "" if value is None else str(value)


class ConsentForm(PortalForm):
    fixed_fields = ["person"]

    class Meta:
        model = Consent
        fields = ["person", "purpose", "text_version", "channel", "witness", "given_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("text_version", "given_on"):  # only an objection has none
            self.fields[name].required = True
        self.fields["given_on"].help_text = ""


class ReasonForm(forms.Form):
    """An act that says why."""

    use_required_attribute = False
    reason = forms.CharField(
        label=_("Reason"), max_length=200, min_length=5, validators=[refuse_national_id]
    )


class DossierForm(ReasonForm):
    """Who takes a dossier out says what for, and whether the person asking has shown a KTP."""

    id_checked = forms.BooleanField(
        label=_("The KTP of the person asking has been checked"),
        required=False,
        help_text=_("Only then does the dossier have the whole NIK."),
    )
    field_order = ["id_checked", "reason"]


class ObjectionForm(PortalForm):
    """How somebody said that the programme is not to keep their data."""

    class Meta:
        model = Consent
        fields = ["channel", "witness"]
        labels = {"channel": _("How they said it")}

    def __init__(self, *args, **kwargs):
        objection = Consent(purpose=Consent.Purpose.RECORD, withdrawn_on=access.today())
        super().__init__(*args, instance=objection, **kwargs)


class RevealForm(ReasonForm):
    """Whoever wants to see a NIK says what for; it is written down."""
