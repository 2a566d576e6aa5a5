"""Dates from which others are reckoned lie in years that every page can read."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction

from cooperatives.models import Consent, Cooperative
from malaka_portal.fields import OUT_OF_TIME
from tests.factories.cooperatives import ConsentFactory, CooperativeFactory

pytestmark = pytest.mark.django_db
FUTURE = ["9999-12-31", "2101-01-01", "12026-01-01"]
OUTSIDE = [*FUTURE, "infinity", "-infinity", "0044-03-15 BC", "1899-12-31"]
DATES = [
    (CooperativeFactory, "legal_entity_date", "cooperatives_cooperative_dates_in_our_time"),
    (CooperativeFactory, "last_annual_meeting_on", "cooperatives_cooperative_dates_in_our_time"),
    (ConsentFactory, "withdrawn_on", "cooperatives_consent_withdrawn_in_our_time"),
]


def write(row, column, day):
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE {row._meta.db_table} SET {column} = %s", [day])


@pytest.mark.parametrize(
    ("factory", "column", "name", "day"),
    [(*given, day) for given in DATES[:2] for day in OUTSIDE]
    + [(*given, day) for given in DATES[2:] for day in FUTURE],
)
def test_the_database_refuses_a_year_that_no_page_can_read(factory, column, name, day):
    row = factory()

    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        write(row, column, day)
    assert caught.value.__cause__.diag.constraint_name == name


@pytest.mark.parametrize(("factory", "column", "name"), DATES)
def test_the_last_day_of_our_time_can_be_read(factory, column, name):
    row = factory()
    write(row, column, "2100-12-31")
    row.refresh_from_db()

    assert getattr(row, column) == date(2100, 12, 31)


@pytest.mark.parametrize(
    "row",
    [
        Cooperative(legal_entity_date=date(9999, 12, 31)),
        Cooperative(last_annual_meeting_on=date(1899, 12, 31)),
        Consent(given_on=date(2026, 1, 2), text_version="2026-1", withdrawn_on=date(9999, 1, 2)),
    ],
)
def test_whoever_writes_such_a_year_is_told(row):
    with pytest.raises(ValidationError) as caught:
        row.validate_constraints()
    assert str(OUT_OF_TIME) in caught.value.messages
