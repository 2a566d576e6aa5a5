"""The page for a form that was saved already and now comes with other answers.

Nothing that was typed is lost: the page carries it all, and one button sends it under a new key.
"""

import re
import uuid

from django import forms
from django.forms.utils import pretty_name
from django.shortcuts import render
from django.utils.choices import flatten_choices
from django.utils.text import capfirst
from django.utils.translation import gettext as _


def page(request, earlier, form_class, *, leave_out):
    """Answer 409. `earlier` is the Submission; `leave_out` names the inputs nobody typed."""
    posted = {name: v for name, v in request.POST.lists() if name not in leave_out}
    fields = form_class.base_fields if form_class else {}
    context = {
        "saved_url": earlier.result_url,
        "answers": answers(posted, fields),
        "inputs": [
            {"name": name, "value": value, "private": is_private(name, fields)}
            for name, values in posted.items()
            for value in values
        ],
        "had_files": bool(request.FILES),
        "new_key": uuid.uuid4(),
    }
    return render(request, "409.html", context, status=409)


def belongs(name, field_name):
    """Is `name` an input of this field, maybe with a form's prefix or as part of a split field?"""
    return re.fullmatch(rf"(?:.+-)?{re.escape(field_name)}(?:_\d+)?", name) is not None


def is_private(name, fields):
    """May the input's value not be shown or kept? Yes too for an input that no field explains."""
    found = [field for field_name, field in fields.items() if belongs(name, field_name)]
    return not found or hides(found[0])


def hides(field):
    kind = getattr(field.widget, "input_type", None)
    return "data-private" in field.widget.attrs or kind == "password"


def answers(posted, fields):
    """What was typed, in the form's order and words, as [{"label", "text"}]."""
    return [
        {
            "label": field.label or pretty_name(field_name),
            "text": ", ".join(text(field, value) for value in values),
        }
        for field_name, field in fields.items()
        if not field.widget.is_hidden
        for name, values in posted.items()
        if belongs(name, field_name) and any(value.strip() for value in values)
    ]


def text(field, value):
    """One answer as the person knows it.

    Rows of the database are not looked up: the form class alone does not know which of them this
    person may see.
    """
    if hides(field):
        return _("not shown here")
    if isinstance(field, forms.ModelChoiceField):
        return _("as you chose it")
    if isinstance(field, forms.ChoiceField):
        choices = {str(v): str(label) for v, label in flatten_choices(field.choices)}
        return str(capfirst(choices.get(value, value)))
    if isinstance(field.widget, forms.CheckboxInput):
        return _("yes")
    return value
