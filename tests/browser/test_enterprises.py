"""Journeys through enterprises: an officer registers a weaver group on a phone, with its people,
its NIB and its figures; papers that run out; a copy."""

import re
from datetime import timedelta

import pytest
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from playwright.sync_api import expect

from cooperatives.models import Credential, Enterprise, EnterpriseSnapshot, GroupMember, access
from malaka_portal.models import AccessLog
from tests.factories.cooperatives import (
    CooperativeFactory,
    MemberFactory,
    OfficerFactory,
    PersonFactory,
)
from tests.factories.enterprises import CredentialFactory, EnterpriseFactory, IndustryCodeFactory
from tests.factories.portal import ParameterFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PDF = b"%PDF-1.4 salinan NIB"


@pytest.fixture
def cooperative(wehali):
    made = CooperativeFactory(name="Tenun Feto Malaka", village=wehali)
    for number, name in enumerate(("Maria Bria", "Petronela Klau", "Agustina Seran"), 1):
        person = PersonFactory(name=name, village=wehali)
        MemberFactory(cooperative=made, person=person, number=f"TFM-000{number}")
    IndustryCodeFactory()
    ParameterFactory()  # tests that truncate the tables take the law away too
    return made


@pytest.fixture
def phone_of_officer(page, sign_in, cooperative):
    person = PersonFactory(name="Yosefina Bria", village=cooperative.village)
    term = OfficerFactory(cooperative=cooperative, person=person)
    yield sign_in(page, term.user, "/catat/")
    assert page.complaints == []


def field(page, msgid):
    """The input with exactly this label, be it optional or not."""
    label = re.escape(capfirst(_(msgid)))
    return page.get_by_role("main").get_by_label(re.compile(rf"^\s*{label}(\s*\(.*\))?\s*$"))


def press(page, msgid):
    page.get_by_role("button", name=_(msgid), exact=True).click()


def follow(page, msgid, **words):
    name = _(msgid) % words if words else _(msgid)
    page.get_by_role("main").get_by_role("link", name=name, exact=True).click()


def heading(page, text):
    return page.get_by_role("heading", name=text, exact=True)


def has_script(request):
    return request.node.callspec.params["page"] == "with JavaScript"


def register_group(page, request):
    follow(page, "Register an enterprise")
    decree = page.get_by_role("group", name=_("Decree, for a group"))
    if has_script(request):
        expect(decree).to_be_hidden()
    field(page, "name").fill("Kelompok Tenun Sinar Wehali")
    field(page, "kind of enterprise").select_option("weavers")
    expect(decree).to_be_visible()
    field(page, "line of business").select_option("weaving")
    field(page, "Village").fill("Wehali")
    field(page, "Business classification (KBLI)").fill("13122")
    field(page, "market").check()
    field(page, "number of the group's decree").fill("SK 12/2021")
    press(page, "Save")
    expect(heading(page, "Kelompok Tenun Sinar Wehali")).to_be_visible()


def add_to_group(page, who, role):
    follow(page, "Add somebody to the group")
    field(page, "Who").fill(who)
    field(page, "task").select_option(role)
    field(page, "joined on").fill("2-1-2021")
    press(page, "Save")


def record_nib(page):
    """First with a mistake in the number: the file is to be chosen once more."""
    copy = {"name": "nib.pdf", "mimeType": "application/pdf", "buffer": PDF}
    follow(page, "Record a paper")
    field(page, "kind of paper").select_option("nib")
    field(page, "number").fill("9120 0012 3456")
    field(page, "copy of the paper").set_input_files(copy)
    press(page, "Save")
    again = _("The file you chose could not be kept. Choose it once more.")
    expect(page.get_by_text(again)).to_be_visible()
    expect(field(page, "number")).to_have_value("9120 0012 3456")
    field(page, "number").fill("NIB 9120 0012 3456 7")
    field(page, "copy of the paper").set_input_files(copy)
    press(page, "Save")


def record_figures(page, turnover):
    field(page, "turnover a month").fill(turnover)
    press(page, "Save")


def test_an_officer_registers_a_weaver_group_with_its_people_its_nib_and_its_figures(
    phone_of_officer, request, cooperative
):
    page = phone_of_officer

    register_group(page, request)
    add_to_group(page, "Maria Bria", "leader")
    add_to_group(page, "TFM-0002", "treasurer")
    add_to_group(page, "agustina ser", "member")
    record_nib(page)
    follow(page, "Record a year's figures")
    field(page, "year").fill("2025")
    field(page, "unpaid (family) workers, women").fill("3")
    record_figures(page, "1,5 jt")
    page.get_by_role("link", name=re.compile("2025")).click()
    record_figures(page, "2,75 jt")

    expect(page.get_by_text("Rp2.750.000").first).to_be_visible()
    made = Enterprise.objects.get()
    assert (made.cooperative, made.kind, made.decree_number) == (
        cooperative,
        "weavers",
        "SK 12/2021",
    )
    assert (made.monthly_turnover, made.figures_year, made.scale) == (2_750_000, 2025, "micro")
    assert set(GroupMember.objects.values_list("person__name", "role")) == {
        ("Maria Bria", "leader"),
        ("Petronela Klau", "treasurer"),
        ("Agustina Seran", "member"),
    }
    latest = EnterpriseSnapshot.objects.current().get()
    assert (EnterpriseSnapshot.objects.count(), latest.workers_unpaid_female) == (2, 3)
    paper = Credential.objects.get()
    with paper.document.open() as kept:
        assert (paper.number, kept.read()) == ("9120001234567", PDF)


def test_somebody_leaves_a_group(phone_of_officer, cooperative):
    page = phone_of_officer
    made = EnterpriseFactory(cooperative=cooperative, kind="weavers", name="Sinar Wehali")
    member = MemberFactory(cooperative=cooperative, person__name="Regina Un").person
    GroupMember.objects.create(enterprise=made, person=member, joined_on=access.today())
    page.goto(re.sub(r"/catat/$", made.get_absolute_url(), page.url))

    page.get_by_role("link", name=re.compile("Regina Un")).last.click()
    field(page, "Left on").fill("1-1-2020")
    press(page, "Save")
    expect(page.get_by_role("alert")).to_be_visible()
    field(page, "Left on").fill(f"{access.today():%d-%m-%Y}")
    press(page, "Save")

    expect(page.get_by_text(_("No members are recorded."))).to_be_visible()
    assert GroupMember.objects.get().left_on == access.today()


def test_a_paper_that_runs_out_is_found_renewed_and_its_copy_taken(phone_of_officer, cooperative):
    page = phone_of_officer
    made = EnterpriseFactory(cooperative=cooperative, name="Keripik Klau", line="food")
    today = access.today()
    for days in (12, 200):
        CredentialFactory(
            enterprise=made,
            kind="pirt",
            number=f"2065321010001{days % 100:02}",
            covers=f"Keripik {days}",
            valid_until=today + timedelta(days=days),
        )
    page.goto(page.url.replace("/catat/", "/umkm/surat/?masa=30"))

    expect(page.locator("tbody th")).to_have_count(1)
    follow(page, "Keripik Klau")
    follow(page, "Change or renew")
    field(page, "valid until").fill(f"{today:%d-%m}-{today.year + 5}")
    field(page, "copy of the paper").set_input_files(
        {"name": "pirt.pdf", "mimeType": "application/pdf", "buffer": PDF}
    )
    press(page, "Save")
    with page.expect_download() as download:
        press(page, "Download the copy")

    assert download.value.suggested_filename.endswith("Keripik Klau.pdf")
    assert AccessLog.objects.get().kind == "file"
    renewed = Credential.objects.get(covers="Keripik 12")
    assert renewed.state() == "valid"
