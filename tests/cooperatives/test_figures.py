"""The scale of an enterprise, worked out by the database (domain R2.1, test vectors 11.6)."""

import pytest

from tests.factories.enterprises import EnterpriseSnapshotFactory

pytestmark = pytest.mark.django_db
BILLION = 1_000_000_000
LAW = "PP 7/2021 pasal 35"


def figures(year=2025, **fields):
    row = EnterpriseSnapshotFactory(year=year, **{"monthly_turnover": None, **fields})
    row.refresh_from_db()
    return row.scale, row.scale_basis, row.scale_regulation


@pytest.mark.parametrize(
    ("capital", "scale"),
    [
        (1 * BILLION, "micro"),
        (1 * BILLION + 1, "small"),
        (5 * BILLION, "small"),
        (5 * BILLION + 1, "medium"),
        (10 * BILLION, "medium"),
        (10 * BILLION + 1, "large"),
    ],
)
def test_scale_by_capital(capital, scale):
    assert figures(capital=capital) == (scale, "capital", LAW)


@pytest.mark.parametrize(
    ("a_year", "scale"),
    [
        (2 * BILLION - 8, "micro"),
        (2 * BILLION + 4, "small"),
        (15 * BILLION, "small"),
        (50 * BILLION - 8, "medium"),
        (50 * BILLION + 4, "large"),
    ],
)
def test_scale_by_sales_of_twelve_months(a_year, scale):
    assert figures(monthly_turnover=a_year // 12) == (scale, "sales", LAW)


def test_sales_count_before_capital():
    assert figures(monthly_turnover=1_000_000, capital=20 * BILLION)[:2] == ("micro", "sales")


def test_without_figures_there_is_no_scale():
    assert figures() == ("", "", "")


def test_figures_of_an_old_year_follow_the_law_of_that_year():
    assert figures(year=2019, capital=400_000_000) == ("small", "capital", "UU 20/2008 pasal 6")


def test_the_enterprise_repeats_its_latest_year_and_its_latest_correction():
    first = EnterpriseSnapshotFactory(year=2025, monthly_turnover=2_000_000)
    enterprise = first.enterprise
    EnterpriseSnapshotFactory(enterprise=enterprise, year=2023, monthly_turnover=BILLION)
    enterprise.refresh_from_db()
    shown = enterprise.scale, enterprise.monthly_turnover, enterprise.figures_year
    EnterpriseSnapshotFactory(enterprise=enterprise, year=2025, monthly_turnover=3_000_000)
    enterprise.refresh_from_db()

    assert shown == ("micro", 2_000_000, 2025)
    assert enterprise.monthly_turnover == 3_000_000
    assert enterprise.version == 1  # what it repeats is no change of its own
