"""Forms of terms of office."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cooperatives.models import (
    Member,
    Officer,
    access,
)
from malaka_portal.fields import (
    PortalDateFormField,
)
from malaka_portal.forms import VersionedForm
from malaka_portal.identity_numbers import refuse_national_id


class OfficerForm(VersionedForm):
    """A term of office of a member of the cooperative, named by the member number."""

    member_number = forms.CharField(
        label=_("Member number"),
        max_length=20,
        help_text=_("Officers are elected from among the members."),
    )

    class Meta:
        model = Officer
        fields = ["cooperative", "body", "role", "started_on", "elected_in", "decree"]

    fixed_fields = ["cooperative"]
    field_order = ["cooperative", "member_number"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            del self.fields["member_number"]  # a term stays the person's whose it is

    def clean_member_number(self):
        number = self.cleaned_data["member_number"].strip()
        cooperative = self.cleaned_data["cooperative"]
        line = Member.objects.current().filter(cooperative=cooperative, number__iexact=number)
        member = line.select_related("person").first()
        if member is None:
            raise ValidationError(
                _("%(cooperative)s has no member with the number %(number)s."),
                "member_unknown",
                {"cooperative": cooperative, "number": number},
            )
        self.instance.person = member.person
        return number


class EndTermForm(forms.Form):
    """When and why a term ends."""

    use_required_attribute = False
    # a mistyped year to come would leave the access open, and nothing to press
    on = PortalDateFormField(label=_("Until"), latest=access.today)
    reason = forms.CharField(
        label=_("Why it ends"), max_length=200, required=False, validators=[refuse_national_id]
    )
