"""A request of a person, from their page to the two files, with and without JavaScript."""

import io
import json

import pytest
from django.utils.translation import gettext as _
from playwright.sync_api import expect
from pypdf import PdfReader

from malaka_portal.models import AccessLog
from tests.browser.scenes import NIK, Registry

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_officer_of_data_takes_a_dossier_out(page, live_server, sign_in):
    registry = Registry(rows=0)
    sign_in(page, registry.keeper)
    page.goto(live_server.url + registry.somebody.get_absolute_url())
    page.get_by_role("link", name=_("Dossier"), exact=True).click()
    paper = page.get_by_role("button", name=_("Download to print (PDF)"))

    paper.click()
    expect(page.get_by_role("alert")).to_contain_text(_("Reason"))
    page.get_by_label(_("The KTP of the person asking has been checked")).check()
    page.get_by_label(_("Reason")).fill("Permintaan salinan data")
    with page.expect_download() as printed:
        paper.click()
    with page.expect_download() as plain:
        page.get_by_role("button", name=_("Download for a computer (JSON)")).click()

    text = " ".join(
        sheet.extract_text()
        for sheet in PdfReader(io.BytesIO(printed.value.path().read_bytes())).pages
    )
    told = json.loads(plain.value.path().read_text())
    assert (NIK in text, told["person"]["national_id"]) == (True, NIK)
    assert printed.value.suggested_filename.endswith(".pdf")
    assert plain.value.suggested_filename.endswith(".json")
    logs = AccessLog.objects.filter(kind="dossier", user=registry.keeper).order_by("id")
    assert list(logs.values_list("format", flat=True)) == ["pdf", "json"]
    assert page.complaints == []


def test_an_objection_takes_a_person_out_of_the_list_at_once(page, live_server, sign_in):
    registry = Registry(rows=0)
    person = registry.shared
    sign_in(page, registry.keeper)
    page.goto(live_server.url + person.get_absolute_url())
    page.get_by_role("link", name=_("Record an objection")).click()
    page.get_by_role("button", name=_("Record the objection")).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(person.name)

    found = []
    for query in ("", "?tarik=on"):
        page.goto(f"{live_server.url}/orang/{query}")
        found.append(page.get_by_role("link", name=person.name, exact=True).count())

    assert found == [0, 1]
    assert page.complaints == []
