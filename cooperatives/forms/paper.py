"""What is asked before a paper is printed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cooperatives.models import access
from cooperatives.reports.area import districts_of
from malaka_portal.exports import SHORTEST_REASON
from malaka_portal.fields import PortalDateFormField
from malaka_portal.identity_numbers import refuse_national_id
from malaka_portal.models import Region

FIRST_YEAR = 1950


class PaperForm(forms.Form):
    """The day, and what else the paper asks for.

    Somebody who may fill the personal columns says what for; without a tick they stay empty.
    """

    use_required_attribute = False
    quiet_labels = True
    day = PortalDateFormField(label=_("As of the day"), latest=access.today)
    district = forms.ModelChoiceField(Region.objects.none(), label=_("District"), required=False)
    fiscal_year = forms.IntegerField(
        label=_("Fiscal year"),
        min_value=FIRST_YEAR,
        max_value=2100,
        widget=forms.TextInput(attrs={"inputmode": "numeric"}),
    )
    with_former = forms.BooleanField(label=_("Also those who left"), required=False)
    with_personal = forms.BooleanField(
        label=_("Fill in personal data (birth, address, telephone)"),
        required=False,
        help_text=_("Without the tick these columns stay empty, to be filled in by hand."),
    )
    reason = forms.CharField(
        label=_("What the personal data are for"),
        required=False,
        max_length=500,
        help_text=_("For example: the book is signed at the annual meeting. It is recorded."),
    )

    def __init__(self, data=None, *, paper, user, cooperative=None):
        today = access.today()
        initial = {
            "day": today,
            "fiscal_year": today.year - 1,
            "with_former": True,
            "with_personal": True,
        }
        super().__init__(data, initial=initial, prefix=paper.slug)
        self.paper, self.user, self.cooperative = paper, user, cooperative
        of = {"cooperative": cooperative} if cooperative else {}
        if not (paper.has_personal() and paper.may_fill(user, **of)):
            del self.fields["with_personal"], self.fields["reason"]
        for name in ("district", "fiscal_year", "with_former"):
            if name not in paper.asks:
                del self.fields[name]
        if "district" in self.fields:
            field, found = self.fields["district"], districts_of(user)
            field.queryset = found
            field.choices = [("", _("all")), *found.values_list("pk", "name")]

    def clean_reason(self):
        reason = self.cleaned_data["reason"].strip()
        refuse_national_id(reason)
        return reason

    def clean(self):
        if not self.cleaned_data.get("with_personal") or "reason" in self.errors:
            return
        if len(self.cleaned_data["reason"]) < SHORTEST_REASON:
            self.add_error(
                "reason",
                _("Say in 10 letters or more what for, or take the tick away."),
            )

    def made(self):
        """The `Paper` that was asked for."""
        asked = dict(self.cleaned_data)
        asked.pop("reason", None)
        if self.cooperative:
            asked["cooperative"] = self.cooperative
        return self.paper(self.user, **asked)
