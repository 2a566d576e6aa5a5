"""Registers of every kind of mess, from a seed that the run prints, through the whole import."""

import os

import pytest

from cooperatives.models import Member
from malaka_portal.imports import acts
from malaka_portal.models import Import
from tests.factories.cooperatives import CooperativeFactory
from tests.imports.test_members import all_rows, counted, malaka, run, sums  # noqa: F401
from tests.workbooks.messy import messy_register

SEED = int(os.environ["PORTAL_SEED"]) + 1000


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
@pytest.mark.parametrize("nth", range(3))
def test_a_messy_register_comes_in_once_and_goes_without_a_trace(malaka, tmp_path, nth, suffix):  # noqa: F811
    cooperative = CooperativeFactory()
    before = all_rows()
    register = messy_register(SEED + nth)
    path = register.write(tmp_path / f"anggota{suffix}")

    first = run(path, cooperative, "json", "save")
    again = run(path, cooperative, "json", "save")

    refused = {p["row"]: p["reason"] for p in first["problems"] if p["level"] == "error"}
    assert set(refused.values()) <= {"duplicate_person"}  # the names are few
    created = len(register.truth) - len(refused)
    assert sums(first) == counted(created=created, refused=len(refused))
    assert first["skipped"] == len(register.skipped)
    assert first["read"] == created + len(refused) + first["skipped"] == again["read"]
    assert sums(again) == counted(unchanged=created, refused=len(refused))
    assert Member.objects.count() == created

    acts.undo(Import.objects.earliest("id"))

    assert all_rows() == before
