"""Forms of cooperatives, their papers and figures."""

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Fieldset, Layout
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cooperatives.models import (
    Amendment,
    Cooperative,
    StatusChange,
    YearlySnapshot,
    access,
)
from malaka_portal.forms import PortalForm, VersionedForm
from malaka_portal.villages import VillageFormField


class CooperativeForm(VersionedForm):
    village = VillageFormField()

    class Meta:
        model = Cooperative
        fields = [
            "name",
            "kind",
            "level",
            "reach",
            "group",
            "management_model",
            "sector",
            "is_village_cooperative",
            "member_number_prefix",
            "legal_entity_number",
            "legal_entity_date",
            "registry_number",
            "certificate_grade",
            "certificate_issued_on",
            "certificate_valid_until",
            "fiscal_year_end",
            "last_annual_meeting_on",
            "village",
            "address",
            "phone",
            "phone_is_public",
            "latitude",
            "longitude",
        ]
        help_texts = {
            "phone_is_public": _("When the number changes, tick this again after saving.")
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        names = list(self._meta.fields)
        self.helper = FormHelper(self)
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        self.helper.layout = Layout(
            Fieldset(_("What it is"), *names[:9]),
            Fieldset(_("Papers"), *names[9:17]),
            Fieldset(_("Where it is"), *names[17:]),
            *(["_versi"] if "_versi" in self.fields else []),
        )

    @property
    def hides_phone(self):
        """Was the former number published, and is there another now? Then a trigger hides it."""
        return bool(
            self.stored["phone_is_public"]
            and self.cleaned_data.get("phone")
            and self.cleaned_data["phone"] != self.stored["phone"]
        )


class StatusChangeForm(PortalForm):
    fixed_fields = ["cooperative"]

    class Meta:
        model = StatusChange
        fields = ["cooperative", "status", "since", "reason"]


class AmendmentForm(PortalForm):
    fixed_fields = ["cooperative"]

    class Meta:
        model = Amendment
        fields = ["cooperative", "number", "date", "subject"]


class YearlySnapshotForm(PortalForm):
    fixed_fields = ["cooperative"]

    class Meta:
        model = YearlySnapshot
        fields = [
            "cooperative",
            "fiscal_year",
            "members_male",
            "members_female",
            "employees_male",
            "employees_female",
            "own_capital",
            "external_capital",
            "total_assets",
            "business_volume",
            "net_surplus",
            "source",
        ]

    def clean_fiscal_year(self):
        year = self.cleaned_data["fiscal_year"]
        if year > access.today().year:
            raise ValidationError(_("This year has not come yet."), "year_to_come")
        return year
