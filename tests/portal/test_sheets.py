"""What the server says of a form in sheets; the script itself is tested in a browser."""

import pytest
from django import forms
from django.utils.translation import gettext

from malaka_portal.sheets import SheetsMixin, answer_text


class ExampleForm(SheetsMixin, forms.Form):
    sheets = (("one", "One", ["name", "kind", "many", "agree", "group"]),)
    digits = {"name": (3, "not %d")}
    private_fields = ("name",)

    name = forms.CharField(error_messages={"required": "Who?"})
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], widget=forms.RadioSelect)
    many = forms.MultipleChoiceField(choices=[("1", "One"), ("2", "Two")], required=False)
    agree = forms.BooleanField(required=False)
    group = forms.ChoiceField(choices=[("x", "X"), ("More", [("y", "Y")])], required=False)
    token = forms.CharField(widget=forms.HiddenInput, required=False)


def test_what_the_script_must_know_is_on_the_widgets():
    form = ExampleForm()

    assert form.fields["name"].widget.attrs == {
        "data-edit-label": gettext("Change %(field)s") % {"field": "name"},
        "data-required": "Who?",
        "data-digits": 3,
        "data-digits-message": "not %d",
        "data-private": "",
    }
    assert form.fields["token"].widget.attrs == {}
    assert "data-required" not in form.fields["many"].widget.attrs


@pytest.mark.parametrize(
    ("name", "data", "text"),
    [
        ("name", {"name": "  Maria "}, "Maria"),
        ("kind", {"kind": "b"}, "B"),
        ("kind", {}, ""),
        ("kind", {"kind": "nonsense"}, ""),
        ("many", {"many": ["1", "2"]}, "One, Two"),
        ("agree", {"agree": "on"}, gettext("Yes")),
        ("agree", {}, gettext("No")),
        ("group", {"group": "y"}, "Y"),
    ],
)
def test_an_answer_in_words(name, data, text):
    assert answer_text(ExampleForm(data)[name]) == text


def test_an_answer_that_is_missing_says_so_and_leads_to_its_field():
    answers = {a.label: a for a in ExampleForm({"name": "Maria"}).answers()}

    assert [a.url for a in answers.values()] == [
        "#id_name",
        "#id_kind_0",
        "#id_many",
        "#id_agree",
        "#id_group",
    ]
    assert answers["Kind"].text == gettext("not filled in")
