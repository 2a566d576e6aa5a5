"""Numbers that a law sets: each from a day on, and nowhere in the code."""

import ast
import re
from datetime import date
from importlib import import_module
from pathlib import Path

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from malaka_portal.models import Parameter
from tests.factories.portal import ParameterFactory, UserFactory

ROOT = Path(__file__).parents[2]
OURS = ["malaka_portal", "cooperatives", "trainings", "markets"]
REFERENCE = import_module("cooperatives.migrations.0004_reference").PARAMETERS
# Months (3, 6) are too common a number to look for; these are not.
STATUTORY = {value for _key, value, _day, _law in REFERENCE if value > 12}
MAY_JOIN = (ast.Constant, ast.BinOp, ast.Name)


@pytest.fixture
def levy(db):
    """A number of an old law and of a new one."""
    ParameterFactory(key="levy.market", value=1000, valid_from=date(2010, 5, 1))
    ParameterFactory(key="levy.market", value=2500, valid_from=date(2024, 1, 5))
    ParameterFactory(key="levy.stall", value=700, valid_from=date(2024, 1, 5))


# --- what holds on a day --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "holds"),
    [
        (date(2010, 4, 30), {}),
        (date(2010, 5, 1), {"levy.market": 1000}),
        (date(2024, 1, 4), {"levy.market": 1000}),
        (date(2024, 1, 5), {"levy.market": 2500, "levy.stall": 700}),
        (date(2099, 1, 1), {"levy.market": 2500, "levy.stall": 700}),
    ],
)
def test_the_value_of_a_day_is_the_latest_that_had_begun(levy, day, holds):
    assert Parameter.objects.on(day, prefix="levy.") == holds


def test_a_prefix_narrows_and_without_one_everything_is_told(levy):
    day = date(2025, 1, 1)
    everything = Parameter.objects.on(day)

    assert Parameter.objects.on(day, prefix="levy.stall") == {"levy.stall": 700}
    assert Parameter.objects.on(day, prefix="levy.nothing") == {}
    assert set(everything) == {"levy.market", "levy.stall", *(key for key, *_rest in REFERENCE)}


def test_what_was_recorded_first_does_not_matter(db):
    ParameterFactory(key="levy.market", value=2500, valid_from=date(2024, 1, 5))
    ParameterFactory(key="levy.market", value=1000, valid_from=date(2010, 5, 1))

    assert Parameter.objects.on(date(2025, 1, 1), prefix="levy.") == {"levy.market": 2500}


def test_all_numbers_of_a_day_are_asked_for_at_once(levy, django_assert_num_queries):
    with django_assert_num_queries(1):
        Parameter.objects.on(date(2025, 1, 1))


@pytest.mark.parametrize(
    ("day", "sales"),
    [
        (date(2021, 2, 1), {"micro": 300, "small": 2_500, "medium": 50_000}),
        (date(2021, 2, 2), {"micro": 2_000, "small": 15_000, "medium": 50_000}),
    ],
)
def test_the_bounds_of_a_scale_changed_with_the_law(db, day, sales):
    found = Parameter.objects.on(day, prefix="scale.sales.")

    assert found == {f"scale.sales.{scale}": bound * 10**6 for scale, bound in sales.items()}


def test_every_number_says_where_it_is_written(db):
    assert set(Parameter.objects.values_list("key", "value", "valid_from", "regulation")) == set(
        REFERENCE
    )
    assert not Parameter.objects.filter(regulation="").exists()


# --- one value a day ------------------------------------------------------------------------------
def test_a_number_has_one_value_from_a_day_on(levy):
    with pytest.raises(IntegrityError, match="malaka_portal_parameter_once_a_day"):
        ParameterFactory(key="levy.market", value=3000, valid_from=date(2024, 1, 5))


def test_a_form_says_so_in_words(levy):
    twice = ParameterFactory.build(key="levy.market", valid_from=date(2024, 1, 5))

    with pytest.raises(ValidationError) as refused:
        twice.full_clean()
    assert list(refused.value.message_dict) == ["__all__"]


# --- who reads and writes -------------------------------------------------------------------------
def test_whoever_is_signed_in_reads_the_law_and_nobody_owns_it(levy):
    user = UserFactory()
    ours = Parameter.objects.filter(key__startswith="levy.")

    assert ours.visible_to(user).count() == 3
    assert ours.visible_to(AnonymousUser()).count() == 0
    assert ours.managed_by(user).count() == 0


def test_a_change_is_kept_with_the_number_before_it(levy):
    row = Parameter.objects.get(key="levy.stall")
    row.value = 800
    row.save()

    events = Parameter.pgh_event_model.objects.filter(pgh_obj_id=row.pk)
    assert list(events.order_by("pgh_id").values_list("value", flat=True)) == [800]


# --- no code knows a number -----------------------------------------------------------------------
def numbers_in(source):
    """The whole numbers that Python code writes down: `300_000_000`, and `300 * MILLION` too."""
    tree = ast.parse(source)
    names = {
        target.id: node.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
        for target in node.targets
        if isinstance(target, ast.Name) and type(node.value.value) is int
    }
    found = {value_of(node, names) for node in ast.walk(tree) if isinstance(node, MAY_JOIN)}
    return found - {None}


def value_of(node, names):
    if isinstance(node, ast.Constant):
        return node.value if type(node.value) is int else None
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult):
        left, right = value_of(node.left, names), value_of(node.right, names)
        return None if left is None or right is None else left * right
    return None


def numbers_of_text(text):
    """The numbers of a text, however their thousands are parted: 2.000.000.000, 2_000_000_000."""
    return {int(re.sub(r"\D", "", n)) for n in re.findall(r"\d+(?:[._ ]?\d{3})+", text)}


def test_the_search_finds_numbers_however_they_are_written():
    code = "MILLION = 1_000_000\nBOUND = 300 * MILLION\nOTHER = 15_000_000_000\nUNIT = 10**9\n"

    assert numbers_in(code) >= {300_000_000, 15_000_000_000}
    assert 10**9 not in numbers_in(code)  # a word for a unit is no bound
    assert numbers_of_text("sampai 2.000.000.000 atau 300000000") == {2_000_000_000, 300_000_000}


def test_no_code_holds_a_statutory_number():
    modules = [
        path
        for app in OURS
        for path in (ROOT / app).rglob("*.py")
        if path.parent.name != "migrations"  # where they are told to the database
    ]
    held = {str(p.relative_to(ROOT)): numbers_in(p.read_text()) & STATUTORY for p in modules}

    assert len(modules) > 50
    assert {path: found for path, found in held.items() if found} == {}


def test_no_page_and_no_query_holds_a_statutory_amount():
    amounts = {value for value in STATUTORY if value > 1_000_000}
    texts = [*(ROOT / "templates").rglob("*.html"), *(ROOT / "static").rglob("*.js")]
    texts += [
        path
        for app in OURS
        for path in (ROOT / app).rglob("*.py")
        if path.parent.name != "migrations"
    ]
    held = {str(p.relative_to(ROOT)): numbers_of_text(p.read_text()) & amounts for p in texts}

    assert {path: found for path, found in held.items() if found} == {}
