"""Filters of lists: plain GET forms. What is chosen stands in the address."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from crispy_forms.templatetags.crispy_forms_filters import as_crispy_form
from django import forms
from django.forms.models import ModelChoiceIterator
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from malaka_portal.tables import show

SORT = "urut"
MOST_REMEMBERED = 500
_remembered = {}  # forms as HTML, by all that they show


@dataclass(frozen=True)
class Filter:
    """One filter: a form field, and how a value narrows the list.

    `field` is a form field, or a callable of the user that gives one, for choices that depend on
    what the user may see. `apply` takes the queryset and the cleaned value. A `personal` filter is
    for those who may see personal data.
    """

    name: str
    field: forms.Field | Callable[[Any], forms.Field]
    apply: Callable[[Any, Any], Any]
    personal: bool = False

    def field_for(self, user):
        field = self.field(user) if callable(self.field) else deepcopy(self.field)
        field.required = False
        if isinstance(field, forms.ModelChoiceField):
            field.empty_label = _("All")
            if not isinstance(field.choices, ModelChoiceIterator):
                field.choices = [("", _("All")), *field.choices]
        elif isinstance(field, forms.ChoiceField) and type(field.widget) is forms.Select:
            given = [choice for choice in field.choices if choice[0] != ""]
            field.choices = [("", _("All")), *given]
        return field


class FilterForm(forms.Form):
    """The filters of one list and, where there is a choice, its sorts. No field is compulsory.

    A value that cannot be read is an error of its field and narrows nothing.
    """

    use_required_attribute = False
    quiet_labels = True  # no label says "if any"

    def __init__(self, data, *, filters, sorts, user):
        super().__init__(data)
        self.filters = filters
        for item in filters:
            self.fields[item.name] = item.field_for(user)
        if len(sorts) > 1:
            choices = [(name, sort.label) for name, sort in sorts.items()]
            self.fields[SORT] = forms.ChoiceField(label=_("Sort by"), choices=choices)
            self.fields[SORT].required = False
        self.is_valid()

    @property
    def sort(self):
        """The name of the chosen sort; blank for the first."""
        return self.cleaned_data.get(SORT, "")

    @property
    def active(self):
        """The filters in use, each with its value."""
        chosen = [(item, self.cleaned_data.get(item.name)) for item in self.filters]
        return [
            (item, value) for item, value in chosen if value or value == 0 and value is not False
        ]

    def apply(self, queryset):
        for item, value in self.active:
            queryset = item.apply(queryset, value)
        return queryset

    def html(self):
        """The form as HTML. Most lists show the same one to everybody, so it is remembered by all
        that it is made of: rendering its fields costs more than reading the list."""
        if self.errors:
            return as_crispy_form(self)
        shown = get_language(), *(self.shown(field) for field in self)
        if shown not in _remembered:
            if len(_remembered) >= MOST_REMEMBERED:
                _remembered.clear()
            _remembered[shown] = as_crispy_form(self)
        return _remembered[shown]

    def shown(self, bound):
        """All that the HTML of one field depends on."""
        field = bound.field
        # through `iter`, since `list` would ask the rows of a ModelChoiceField for their number
        pairs = [] if field.widget.is_hidden else list(iter(getattr(field, "choices", ())))
        if pairs:
            field.choices = pairs  # rows are read once
        options = [(str(key), str(label)) for key, label in pairs]
        texts = bound.html_name, str(bound.label), str(bound.help_text), type(field.widget)
        return *texts, repr(bound.value()), repr(options)

    def describe(self, item, value):
        """A chosen filter in words: `Desa: Wehali`, or only its label for a tick."""
        field = self.fields[item.name]
        if isinstance(field, forms.BooleanField):
            return str(field.label)
        if isinstance(field, forms.ModelChoiceField):
            return f"{field.label}: {field.label_from_instance(value)}"
        if isinstance(field, forms.ChoiceField):
            value = dict(field.choices).get(value) or dict(field.choices)[str(value)]
        return f"{field.label}: {show(value)}"
