"""Long forms in sheets: what static/js/sheets.js has to know of a form, said once in Python.

Without JavaScript the form is one long page, and the server renders the review ("Check first").
The markup is templates/components/sheets.html; docs/sheets.md lists its attributes.
"""

from dataclasses import dataclass

from django import forms
from django.utils.text import capfirst
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Sheet:
    """One screenful of a form."""

    id: str
    title: str
    fields: list  # BoundFields


@dataclass(frozen=True)
class Answer:
    """One line of the review; `url` leads to the field that gave it."""

    label: str
    text: str
    url: str
    edit_label: str


class SheetsMixin:
    """A form that is filled in sheet by sheet, and reviewed before it is saved."""

    use_required_attribute = False
    sheets = ()  # (id of the section, title, names of its fields), in order
    edit_labels = {}  # field name -> text of the link that leads back to it from the review
    digits = {}  # field name -> (how many digits, what to say otherwise, with %d for the count)
    private_fields = ()  # never kept in the browser: NIK and the like
    skip_empty = ()  # left out of the review when nothing is filled in

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if not field.widget.is_hidden:
                field.widget.attrs.update(self.sheet_attributes(name, field))

    def sheet_attributes(self, name, field):
        """The `data-*` attributes of a field's widget."""
        attributes = {"data-edit-label": self.edit_label(name, field)}
        if field.required:
            attributes["data-required"] = field.error_messages["required"]
        if name in self.digits:
            count, message = self.digits[name]
            attributes |= {"data-digits": count, "data-digits-message": message}
        if name in self.private_fields:
            attributes["data-private"] = ""
        if name in self.skip_empty:
            attributes["data-skip-empty"] = ""
        return attributes

    def edit_label(self, name, field):
        return self.edit_labels.get(name) or _("Change %(field)s") % {"field": field.label or name}

    def sheet_list(self):
        return [
            Sheet(id_, title, [self[name] for name in names]) for id_, title, names in self.sheets
        ]

    def answers(self):
        """What was typed, in the order of the sheets, as people read it."""
        return [
            self.answer(field)
            for sheet in self.sheet_list()
            for field in sheet.fields
            if answer_text(field) or field.name not in self.skip_empty
        ]

    def answer(self, field):
        target = field.id_for_label or f"{field.auto_id}_0"
        return Answer(
            label=field.label,
            text=answer_text(field) or _("not filled in"),
            url=f"#{target}",
            edit_label=self.edit_label(field.name, field.field),
        )


def answer_text(field):
    """The value of a bound field in words: the label of a choice, yes or no, else as typed."""
    value = field.value()
    if isinstance(field.field, forms.BooleanField):
        return _("Yes") if field.field.to_python(value) else _("No")
    if isinstance(field.field, forms.ChoiceField | forms.ModelChoiceField):
        chosen = {str(v) for v in (value if isinstance(value, list | tuple) else [value])} - {""}
        options = flat(field.field.widget.choices)
        return ", ".join(str(capfirst(label)) for option, label in options if str(option) in chosen)
    return "" if value is None else str(value).strip()


def flat(choices):
    """Choices as (value, label), those of groups included."""
    for value, label in choices:
        if isinstance(label, list | tuple):
            yield from label
        else:
            yield value, label
