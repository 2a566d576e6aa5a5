"""The portal's own lists as files, brought back: nothing changes, and what was mended does."""

import io
import json
from io import StringIO

import openpyxl
import pytest
from django.core.management import call_command
from django.urls import reverse

from cooperatives.models import Cooperative, Enterprise
from tests.factories.cooperatives import CooperativeFactory, MemberFactory, OfficerFactory
from tests.factories.enterprises import (
    EnterpriseFactory,
    EnterpriseSnapshotFactory,
    IndustryCodeFactory,
)
from tests.factories.portal import ParameterFactory, UserFactory, village


@pytest.fixture(autouse=True)
def records(db):
    ParameterFactory(key="scale.sales.micro")
    first = CooperativeFactory(
        name="Tenun Feto", registry_number="5321100010001", last_annual_meeting_on="2026-02-01"
    )
    OfficerFactory(cooperative=first, role="chair")
    MemberFactory(cooperative=first)
    CooperativeFactory(name="KSU Loro", status="inactive", village=village())
    full = EnterpriseFactory(
        cooperative=first,
        sales_channels=["home", "online"],
        industry_code=IndustryCodeFactory(),
        hamlet="Dusun A",
        phone="+6281234567890",
    )
    EnterpriseSnapshotFactory(enterprise=full, year=2023)
    EnterpriseFactory(cooperative=None, owner=None, kind="weavers", name="=Kelompok Fetosawa")


def taken_out(client, name, kind):
    client.force_login(UserFactory(is_superuser=True))
    response = client.post(reverse(f"cooperatives:{name}"), {"format": kind})
    return b"".join(response.streaming_content)


def brought_back(kind, path):
    out = StringIO()
    call_command("import_spreadsheet", kind, str(path), json=True, save=True, stdout=out)
    return json.loads(out.getvalue())


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize(
    ("kind", "name"), [("cooperatives", "cooperative-list"), ("enterprises", "enterprise-list")]
)
def test_a_list_comes_back_unchanged(client, tmp_path, kind, name, form):
    path = tmp_path / f"data.{form}"
    path.write_bytes(taken_out(client, name, form))

    said = brought_back(kind, path)

    assert said["problems"] == []
    assert (said["unchanged"], said["changed"], said["created"]) == (2, 0, 0)


@pytest.mark.parametrize(
    ("kind", "name", "model"),
    [
        ("cooperatives", "cooperative-list", Cooperative),
        ("enterprises", "enterprise-list", Enterprise),
    ],
)
def test_a_name_that_was_mended_in_the_file_changes(client, tmp_path, kind, name, model):
    book = openpyxl.load_workbook(io.BytesIO(taken_out(client, name, "xlsx")))
    book.active.cell(2, 3).value = "Nama Baru"
    book.save(path := tmp_path / "data.xlsx")

    said = brought_back(kind, path)

    assert (said["changed"], said["unchanged"]) == (1, 1)
    assert model.objects.filter(name="Nama Baru").count() == 1
