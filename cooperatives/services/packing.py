"""Columns of any model as JSON keeps them, and back."""

from datetime import date, datetime


def packed(value):
    """A column's value as JSON keeps it, to the microsecond; `unpacked` is the way back."""
    return value.isoformat() if isinstance(value, date | datetime) else value


def packed_all(values):
    return {column: packed(value) for column, value in values.items()}


def unpacked(model, values):
    fields = {column: model._meta.get_field(column) for column in values}
    return {
        column: value if fields[column].is_relation else fields[column].to_python(value)
        for column, value in values.items()
    }
