"""Saving a row in a race with somebody else's."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from malaka_portal.forms import violation_message


def save_or_explain(row, *, update_fields=None):
    """ValidationError when a row that was saved meanwhile stands in the way."""
    try:
        with transaction.atomic():
            row.save(update_fields=update_fields)
    except IntegrityError as error:
        raise ValidationError(violation_message(row, error)) from None
