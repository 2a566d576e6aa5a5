"""Forms of the import: the file, its doubtful columns, what is mended for many lines at once."""

from django import forms
from django.utils.translation import gettext_lazy as _

from malaka_portal.villages import VillageFormField

LEAVE_OUT = "-"
NAMES = "names-of-villages"  # id of the list of suggestions


class UploadForm(forms.Form):
    """A spreadsheet as an office keeps it."""

    use_required_attribute = False
    file = forms.FileField(
        label=_("File"),
        help_text=_("Excel (.xlsx or .xls, up to 20 MB) or CSV (up to 50 MB), as you keep it."),
        widget=forms.FileInput(attrs={"accept": ".xlsx,.xls,.csv,.txt"}),
        error_messages={
            "required": _("Choose a file."),
            "empty": _("This file is empty. Choose another one."),
        },
    )


class ColumnsForm(forms.Form):
    """What the doubtful headings of a file mean; the sure ones are not asked."""

    use_required_attribute = False

    def __init__(self, *args, kind, doubts, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [(LEAVE_OUT, _("leave this column out"))]
        choices += [(source.key, source.label) for source in kind.sources if source.key[0] != "_"]
        for at, doubt in enumerate(doubts):
            self.fields[f"column_{at}"] = forms.ChoiceField(
                label=_("What is in “%(heading)s”?") % {"heading": doubt["heading"]},
                help_text=_("For example: %(sample)s") % {"sample": doubt["sample"]}
                if doubt["sample"]
                else "",
                choices=choices,
                initial=doubt["guess"] or LEAVE_OUT,
            )
        self.doubts, self.kind = doubts, kind

    def decisions(self):
        """{folded heading: key of a source, None for a column to be left out}."""
        chosen = [self.cleaned_data[f"column_{at}"] for at in range(len(self.doubts))]
        keys = [None if key == LEAVE_OUT else key for key in chosen]
        return {doubt["key"]: key for doubt, key in zip(self.doubts, keys, strict=True)}

    def clean(self):
        cleaned = super().clean()
        chosen = [key for key in cleaned.values() if key != LEAVE_OUT]
        for key in {key for key in chosen if chosen.count(key) > 1}:
            label = self.kind.source(key).label
            self.add_error(None, _("Two columns cannot both be “%(label)s”.") % {"label": label})
        return cleaned


class VillagesForm(forms.Form):
    """Which village each unknown spelling means; a blank leaves its lines to be mended in the
    file."""

    use_required_attribute = False

    def __init__(self, *args, spellings, regency, **kwargs):
        super().__init__(*args, **kwargs)
        self.spellings = spellings
        self.names = VillageFormField(regency=regency).suggestions()
        for at, spelling in enumerate(spellings):
            self.fields[f"village_{at}"] = VillageFormField(
                label=_("“%(text)s” (%(count)d rows)")
                % {"text": spelling["seen"], "count": spelling["count"]},
                regency=regency,
                required=False,
                initial=str(spelling["guess"] or ""),
                help_text="",
            )
            # one list of names for all of the fields
            self.fields[f"village_{at}"].widget = forms.TextInput(
                attrs={"list": NAMES, "autocomplete": "off"}
            )

    def decisions(self):
        """{spelling: code of the village}."""
        return {
            spelling["seen"]: self.cleaned_data[f"village_{at}"].pk
            for at, spelling in enumerate(self.spellings)
            if self.cleaned_data.get(f"village_{at}")
        }
