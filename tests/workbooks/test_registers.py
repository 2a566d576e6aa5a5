"""Whole registers, from the file to the values: the offices' own, and messy ones of our making."""

import json
import os

import pytest
from django.core.exceptions import ValidationError

from malaka_portal.places import VillageIndex
from malaka_portal.workbooks.matching import match
from malaka_portal.workbooks.reading import read
from malaka_portal.workbooks.tables import find
from tests.portal.test_places import INDEX
from tests.workbooks.columns import MEMBER_COLUMNS, MEMBER_NAMES
from tests.workbooks.messy import VILLAGES, messy_register
from tests.workbooks.test_reading import DATA, REGISTERS

SEED = int(os.environ["PORTAL_SEED"])  # drawn in conftest.py, and printed at the head of a run
VALUE_RULES = {"no_name", "nik_number_lost_digit", "nik_short", "bad_date", "sex_invalid"}
VALUE_RULES |= {"unknown_village"}


def lines_of(path):
    """The table of a file with one sheet, and the cells of its records by key."""
    (sheet,) = read(path, path.name).sheets
    table = find(sheet, MEMBER_NAMES)
    matching = match(table.headings, MEMBER_COLUMNS)
    assert matching.is_settled
    return table, [(line.number, matching.cells(line)) for line in table.records()]


def values_of(cells, index):
    values = {c.key: c.read(cells[c.key]) for c in MEMBER_COLUMNS if c.key in cells}
    if not values["name"]:
        raise ValidationError("Write the name.", "no_name")
    if values.get("village"):
        values["village"] = index.find(values["village"])
    return values


@pytest.mark.parametrize("name", REGISTERS)
def test_every_bad_row_of_a_register_is_told_for_what_it_is(name):
    truth = json.loads((DATA / f"{name}.truth.json").read_text())
    _table, lines = lines_of(DATA / f"{name}.xlsx")

    refused = []
    for number, cells in lines:
        try:
            values_of(cells, INDEX)
        except ValidationError as error:
            refused.append((number, error.code))

    bad = [(bad["row"], bad["why"]) for bad in truth["bad"] if bad["why"] in VALUE_RULES]
    assert refused == bad
    assert len(lines) == truth["rows"]


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
@pytest.mark.parametrize("nth", range(12))
def test_a_messy_register_is_read_as_it_was_meant(tmp_path, nth, suffix):
    register = messy_register(SEED + nth)
    index = VillageIndex(VILLAGES)

    table, lines = lines_of(register.write(tmp_path / f"anggota{suffix}"))

    assert {n: str(reason) for n, reason in table.skipped} == register.skipped
    found = {number: plain(values_of(cells, index)) for number, cells in lines}
    assert found == {number: plain(says) for number, says in register.truth.items()}


def plain(says):
    """What a line says, but for the case of names, and for who knows only a year of birth."""
    return {**says, "name": says["name"].upper(), "birth": says.get("birth", ())[:2]}
