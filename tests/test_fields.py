"""The fields take what people type, show it as they write it, and leave migrations plain."""

from datetime import date

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.migrations.writer import MigrationWriter
from django.forms import modelform_factory
from hypothesis import given
from hypothesis import strategies as st

from cooperatives.models import YearlySnapshot
from malaka_portal import fields
from malaka_portal.fields import CountFormField, SmallCountField


class EveryField(forms.Form):
    amount = fields.RupiahFormField(required=False)
    day = fields.PortalDateFormField(required=False)
    phone = fields.PhoneFormField(required=False)
    nik = fields.NationalIdFormField(required=False)
    number = fields.CooperativeNumberFormField(required=False)


TYPED = {
    "amount": "1,5jt",
    "day": "4 Agustus 2026",
    "phone": "0812-3456-7890",
    "nik": "53.21.10.450790.9001",
    "number": "3275 0700 60001",
}
READ = {
    "amount": 1_500_000,
    "day": date(2026, 8, 4),
    "phone": "+6281234567890",
    "nik": "5321104507909001",
    "number": "3275070060001",
}


def error_code(field, value):
    with pytest.raises(ValidationError) as caught:
        field.clean(value)
    return caught.value.error_list[0].code


def test_form_reads_what_is_typed():
    form = EveryField(TYPED)
    assert form.is_valid(), form.errors
    assert form.cleaned_data == READ


def test_form_with_nothing_typed():
    form = EveryField({})
    assert form.is_valid(), form.errors
    blank = {"amount": None, "day": None, "phone": "", "nik": "", "number": ""}
    assert form.cleaned_data == blank


def test_other_spelling_of_the_same_is_no_change():
    assert EveryField(TYPED, initial=READ).changed_data == []
    assert EveryField(TYPED | {"amount": "1,6jt"}, initial=READ).changed_data == ["amount"]
    assert EveryField(TYPED | {"amount": "?"}, initial=READ).changed_data == ["amount"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [("amount", "1.500.000"), ("day", "04-08-2026"), ("phone", "0812-3456-7890")],
)
def test_form_shows_values_as_written(name, shown):
    assert EveryField(initial=READ)[name].value() == shown


@pytest.mark.parametrize("name", TYPED)
def test_mistakes_are_shown_as_typed(name):
    form = EveryField({name: "salah 1"})
    assert list(form.errors) == [name]
    assert form[name].value() == "salah 1"


def test_shown_values_read_back():
    form = EveryField(initial=READ)
    again = EveryField({name: form[name].value() for name in READ})
    assert again.is_valid(), again.errors
    assert again.cleaned_data == READ


@pytest.mark.parametrize("name", TYPED)
def test_a_required_field_wants_a_value(name):
    field = type(EveryField.base_fields[name])()
    assert error_code(field, "  ") == "required"


@pytest.mark.parametrize(
    ("name", "attrs"),
    [
        ("amount", {"inputmode": "numeric"}),
        ("day", {"inputmode": "numeric"}),
        ("phone", {"inputmode": "tel", "autocomplete": "off"}),
        ("nik", {"inputmode": "numeric", "autocomplete": "off", "data-private": True}),
        ("number", {"inputmode": "numeric", "autocomplete": "off"}),
    ],
)
def test_input_attributes(name, attrs):
    widget = EveryField.base_fields[name].widget
    assert widget.input_type == "text"
    assert widget.attrs == attrs


def test_attributes_of_a_given_widget_stay():
    widget = forms.TextInput(attrs={"inputmode": "text"})
    assert fields.RupiahFormField(widget=widget).widget.attrs == {"inputmode": "text"}


def test_help_is_an_example_unless_given():
    assert "1.500.000" in str(fields.RupiahFormField().help_text)
    assert fields.RupiahFormField(help_text="Simpanan pokok").help_text == "Simpanan pokok"
    assert fields.RupiahField(help_text="Simpanan pokok").formfield().help_text == "Simpanan pokok"
    assert "1.500.000" in str(fields.RupiahField().formfield().help_text)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("1.500,50", "cents"),
        ("-1", "min_value"),
        ("1001", "max_value"),
        ("1.000.000.000.000.001", "rupiah_bounds"),
    ],
)
def test_rupiah_mistakes(value, code):
    assert error_code(fields.RupiahFormField(min_value=0, max_value=1000), value) == code


def test_rupiah_shows_negatives_and_nothing():
    field = fields.RupiahFormField()
    assert field.prepare_value(-1_500_000) == "-1.500.000"
    assert field.prepare_value(0) == "0"
    assert field.prepare_value(None) is None


def test_date_limits_are_asked_at_every_check():
    limits = iter([date(2026, 8, 3), date(2026, 8, 4)])
    field = fields.PortalDateFormField(latest=lambda: next(limits))
    assert error_code(field, "4-8-2026") == "date_too_late"
    assert field.clean("4-8-2026") == date(2026, 8, 4)


def test_date_limits_may_be_dates():
    field = fields.PortalDateFormField(earliest=date(2026, 1, 1), latest=date(2026, 12, 31))
    assert error_code(field, "31-12-2025") == "date_too_early"
    assert error_code(field, "1-1-2027") == "date_too_late"


def test_date_accepts_a_date():
    assert fields.PortalDateFormField().clean(date(2026, 8, 4)) == date(2026, 8, 4)


@pytest.mark.parametrize(
    ("field", "form_class"),
    [
        (fields.RupiahField(), fields.RupiahFormField),
        (fields.PortalDateField(), fields.PortalDateFormField),
        (fields.PhoneField(), fields.PhoneFormField),
    ],
)
def test_model_fields_have_their_form_field(field, form_class):
    assert type(field.formfield()) is form_class


def test_model_form_field_takes_rupiah_limits():
    field = fields.RupiahField().formfield(min_value=0)
    assert error_code(field, "-1") == "min_value"
    assert field.clean("1.500") == 1500


def test_date_field_hands_its_limits_to_the_form_alone():
    field = fields.PortalDateField(earliest=lambda: date(2026, 1, 1), latest=date(2026, 12, 31))
    assert error_code(field.formfield(), "31-12-2025") == "date_too_early"
    assert error_code(field.formfield(), "1-1-2027") == "date_too_late"
    assert field.clean(date(2020, 1, 1), None) == date(2020, 1, 1)


def test_phone_form_field_does_not_cut_what_is_typed():
    field = fields.PhoneField().formfield()
    assert "maxlength" not in field.widget.attrs
    assert field.clean("+62 (812) - 3456 - 7890") == "+6281234567890"


@pytest.mark.parametrize("value", ["+6281234567890", "+67077123456", "+12345678"])
def test_phone_field_stores_e164(value):
    assert fields.PhoneField().clean(value, None) == value


@pytest.mark.parametrize(
    "value", ["0812-3456-7890", "6281234567890", "+1234567", "+6281234567890\n", "+\u0666" * 8]
)
def test_phone_field_stores_nothing_else(value):
    assert error_code_of_model_field(fields.PhoneField(), value) == "phone_not_e164"


def error_code_of_model_field(field, value):
    with pytest.raises(ValidationError) as caught:
        field.clean(value, None)
    return caught.value.error_list[0].code


@pytest.mark.parametrize(
    ("field", "kwargs"),
    [
        (fields.RupiahField(default=0), {"default": 0}),
        (fields.PortalDateField(null=True), {"null": True}),
        (fields.PortalDateField(earliest=lambda: date.min, latest=lambda: date.max), {}),
        (fields.PhoneField(blank=True), {"blank": True, "max_length": 16}),
    ],
)
def test_migrations_get_plain_arguments(field, kwargs):
    name, path, args, found = field.deconstruct()
    assert path == f"malaka_portal.fields.{type(field).__name__}"
    assert (args, found) == ([], kwargs)
    assert "lambda" not in MigrationWriter.serialize(field)[0]
    assert type(field)(*args, **found).deconstruct()[1:] == (path, args, kwargs)


@pytest.mark.parametrize(
    ("field", "column"),
    [
        (fields.RupiahField(), models.BigIntegerField),
        (fields.PortalDateField(), models.DateField),
        (fields.PhoneField(), models.CharField),
    ],
)
def test_columns_are_plain(field, column):
    assert isinstance(field, column)
    assert field.get_internal_type() == column.__name__


# --- how many -------------------------------------------------------------------------------------
@given(st.integers(0, 2**29 - 1))
def test_a_count_is_read_as_it_is_shown(number):
    field = CountFormField()

    assert field.clean(field.prepare_value(number)) == number
    assert field.clean(str(number)) == number
    assert not field.has_changed(number, field.prepare_value(number))


@pytest.mark.parametrize("text", ["1.00", "1,5", "-3", "1.0000", "banyak", "536870912", "1 000"])
def test_what_is_no_count_is_refused(text):
    with pytest.raises(ValidationError):
        CountFormField().clean(text)


def test_a_count_is_read_so_wherever_a_model_has_one():
    form = modelform_factory(YearlySnapshot, fields=["members_female"])

    assert form({"members_female": "1.000"}).fields["members_female"].clean("1.000") == 1000
    assert form.base_fields["members_female"].clean("") is None
    assert isinstance(SmallCountField().formfield(), CountFormField)
