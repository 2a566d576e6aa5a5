"""Forms of enterprises: what they are, their figures, support, memberships and groups."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cooperatives.forms.lookups import (
    CooperativeFormField,
    IndustryCodeFormField,
    PersonFormField,
)
from cooperatives.models import (
    Cooperative,
    Enterprise,
    EnterpriseMembership,
    EnterpriseSnapshot,
    GroupMember,
    Support,
    access,
)
from malaka_portal.fields import PortalDateFormField
from malaka_portal.forms import PortalForm, VersionedForm
from malaka_portal.identity_numbers import refuse_national_id
from malaka_portal.villages import VillageFormField


class EnterpriseForm(VersionedForm):
    """An enterprise and the cooperative that keeps its record, chosen by the programme's office.

    `user` limits the people and the cooperatives that are found. An officer's form has no
    cooperative to choose: see `OwnEnterpriseForm`.
    """

    cooperative = CooperativeFormField(
        label=_("Cooperative that keeps the record"),
        help_text=_("Its name or its NIK Koperasi. Blank: the programme's office keeps it."),
        required=False,
    )
    owner = PersonFormField(label=_("Owner"), required=False)
    village = VillageFormField()
    industry_code = IndustryCodeFormField(required=False)
    sales_channels = forms.MultipleChoiceField(
        label=_("Where it sells"),
        choices=Enterprise.Channel.choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )

    class Meta:
        model = Enterprise
        fields = [
            "name",
            "kind",
            "line",
            "owner",
            "cooperative",
            "status",
            "started_on",
            "closed_on",
            "village",
            "hamlet",
            "address",
            "phone",
            "industry_code",
            "sales_channels",
            "decree_number",
            "decree_date",
            "decree_issuer",
        ]

    parts = (
        (_("About the enterprise"), slice(0, 5), ""),
        (_("Status"), slice(5, 8), ""),
        (_("Where it is"), slice(8, 12), ""),
        (_("Business"), slice(12, 14), ""),
        (_("Decree, for a group"), slice(14, 17), "weavers group"),
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.choose_for(user)
        self.fields["owner"].quiet_label = True  # a business of one owner needs it
        names = self._meta.fields
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            *(self.part(title, names[part], fits) for title, part, fits in self.parts),
            *(["_versi"] if "_versi" in self.fields else []),
        )

    def choose_for(self, user):
        self.fields["owner"].choose_for(user, known=self.instance.owner)
        self.fields["industry_code"].choose_for(user, known=self.instance.industry_code)
        if self.instance.pk and not user.has_perm("cooperatives.add_enterprise"):
            del self.fields["cooperative"]  # the office alone moves a record
        if isinstance(self.fields.get("cooperative"), CooperativeFormField):
            self.fields["cooperative"].choose_for(user, known=self.instance.cooperative)

    def part(self, title, names, fits):
        """A fieldset; static/js/fits.js shows it for these kinds of enterprise only."""
        shown = [name for name in names if name in self.fields]
        more = {"data_fits": "kind", "data_values": fits} if fits else {}
        return Fieldset(title, *shown, **more)

    def clean(self):
        """The rules of the row, told at the field that mends them."""
        cleaned = super().clean()
        kind, status = cleaned.get("kind"), cleaned.get("status")
        blank = [name for name in ("owner", "closed_on") if cleaned.get(name, "") is None]
        if kind == Enterprise.Kind.INDIVIDUAL and "owner" in blank:
            self.add_error("owner", _("A business of one owner says whose it is."))
        if status == Enterprise.Status.CLOSED and "closed_on" in blank:
            self.add_error("closed_on", _("Say when it closed."))
        if status != Enterprise.Status.CLOSED and cleaned.get("closed_on"):
            self.add_error("closed_on", _("Only a closed enterprise says when it closed."))
        self.check_decree(kind, cleaned)
        return cleaned

    def check_decree(self, kind, cleaned):
        has_decree = any(cleaned.get(f"decree_{name}") for name in ("number", "date", "issuer"))
        message = _("Only a group has a decree, and it has a number.")
        if has_decree and (kind not in Enterprise.GROUPS or not cleaned.get("decree_number")):
            self.add_error("decree_number", message)


class OwnEnterpriseForm(EnterpriseForm):
    """An enterprise whose record the cooperative in the address keeps."""

    cooperative = forms.ModelChoiceField(Cooperative.objects.all())
    fixed_fields = ["cooperative"]

    class Meta(EnterpriseForm.Meta):
        pass


class EnterpriseSnapshotForm(PortalForm):
    """A year's figures; the same year once more is a correction."""

    fixed_fields = ["enterprise"]

    class Meta:
        model = EnterpriseSnapshot
        fields = [
            "enterprise",
            "year",
            "monthly_turnover",
            "capital",
            "workers_paid_female",
            "workers_paid_male",
            "workers_unpaid_female",
            "workers_unpaid_male",
            "workers_disabled",
            "evidence",
            "source",
        ]

    workers = [name for name in Meta.fields if name.startswith("workers_")]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"].validators.append(refuse_national_id)
        for name in self.workers:
            self.fields[name].required = False
            self.fields[name].quiet_label = True
            self.fields[name].widget.attrs["inputmode"] = "numeric"

    def clean_year(self):
        year = self.cleaned_data["year"]
        if year > access.today().year:
            raise ValidationError(_("This year has not come yet."), "year_to_come")
        return year

    def clean(self):
        cleaned = super().clean()
        for name in self.workers:
            if cleaned.get(name, "") is None:
                cleaned[name] = 0
        # nought is a figure, a blank is none
        told = cleaned.get("monthly_turnover") is not None or any(
            cleaned.get(name) for name in ("capital", *self.workers)
        )
        if not self.errors and not told:
            raise ValidationError(
                _("Write at least the turnover, the capital or the workers."), "no_figures"
            )
        return cleaned


class SupportForm(VersionedForm):
    fixed_fields = ["enterprise"]

    class Meta:
        model = Support
        fields = ["enterprise", "kind", "what", "provider", "amount", "received_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("what", "provider"):
            self.fields[name].validators.append(refuse_national_id)


class EnterpriseMembershipForm(PortalForm):
    """The enterprise belongs to a cooperative that the user may see."""

    cooperative = CooperativeFormField()
    fixed_fields = ["enterprise"]

    class Meta:
        model = EnterpriseMembership
        fields = ["enterprise", "cooperative", "since"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cooperative"].choose_for(user)


class NewGroupMemberForm(PortalForm):
    """Somebody on record joins a group."""

    person = PersonFormField(label=_("Who"))
    fixed_fields = ["enterprise"]

    class Meta:
        model = GroupMember
        fields = ["enterprise", "person", "role", "joined_on"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].choose_for(user)


class GroupMemberForm(VersionedForm):
    """What somebody does in the group, and since when; who it is stays."""

    class Meta:
        model = GroupMember
        fields = ["role", "joined_on"]


class LeaveForm(forms.Form):
    """The day on which somebody leaves a group."""

    use_required_attribute = False
    on = PortalDateFormField(label=_("Left on"), latest=access.today)


class EndMembershipForm(forms.Form):
    """The day on which an enterprise leaves a cooperative."""

    use_required_attribute = False
    on = PortalDateFormField(label=_("Until"), latest=access.today)
