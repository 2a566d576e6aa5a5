"""Forms about two records that may be one person."""

from dataclasses import dataclass

from django import forms
from django.db.models import Model
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperatives import services
from cooperatives.models import Person
from malaka_portal.changes import in_words
from malaka_portal.identity_numbers import refuse_national_id
from malaka_portal.villages import full_name

EMPTY = "–"
LABELS = {("born_on", "birth_year"): gettext_lazy("Born on")}


def label_of(group):
    return LABELS.get(group) or capfirst(str(Person._meta.get_field(group[0]).verbose_name))


def spelled_group(person, group):
    """What a record says in one of the groups that are chosen together, in words."""
    if group == ("village_id",):
        return full_name(person.village) if person.village else EMPTY
    if group == ("born_on", "birth_year") and person.birth_year:
        return str(person.birth_year)
    return in_words(Person._meta.get_field(group[0]), getattr(person, group[0]), {})


def is_personal(group):
    return not Person.personal_fields.isdisjoint(group)


@dataclass
class Compared:
    """One line of the comparison. `field` is the choice between the two, where they differ."""

    label: str
    survivor: str
    duplicate: str
    field: object = None

    @property
    def differs(self):
        return self.survivor != self.duplicate

    @property
    def radios(self):
        """The choices of `field` in the order of the columns: survivor's, duplicate's, both."""
        return list(self.field) if self.field else []


class JoinForm(forms.Form):
    """Of everything in which two records differ: whose value stays."""

    use_required_attribute = False
    quiet_labels = True

    def __init__(self, *args, survivor: Model, duplicate: Model, personal: bool, **kwargs):
        super().__init__(*args, **kwargs)
        self.survivor, self.duplicate, self.personal = survivor, duplicate, personal
        for group in services.differing(survivor, duplicate):
            if personal or not is_personal(group):
                self.fields[group[0]] = self.choice(group)

    def choice(self, group):
        survivor, duplicate = self.survivor, self.duplicate
        choices = [
            (services.SURVIVOR, spelled_group(survivor, group)),
            (services.DUPLICATE, spelled_group(duplicate, group)),
        ]
        if services.may_keep_both(survivor, duplicate, group):
            choices.append((services.BOTH, _("keep both")))
        return forms.ChoiceField(
            label=label_of(group),
            choices=choices,
            widget=forms.RadioSelect,
            initial=services.proposed(survivor, duplicate, group),
        )

    @property
    def compared(self):
        """Every line of the comparison that this user may see."""
        for group in services.GROUPS:
            if group == ("nik_missing",) and "nik_missing" not in self.fields:
                continue
            if self.personal or not is_personal(group):
                yield Compared(
                    label_of(group),
                    spelled_group(self.survivor, group),
                    spelled_group(self.duplicate, group),
                    self[group[0]] if group[0] in self.fields else None,
                )


class DifferentForm(forms.Form):
    """The two are not one person; perhaps with a word why."""

    use_required_attribute = False
    note = forms.CharField(
        label=gettext_lazy("Note"),
        max_length=200,
        required=False,
        validators=[refuse_national_id],
        help_text=gettext_lazy("For example: twins, or father and son."),
    )
