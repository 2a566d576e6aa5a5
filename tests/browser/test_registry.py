"""Journeys through the registry: lists, history, conflicts, the programme's work, terms, search."""

import csv
import io
import re

import openpyxl
import pytest
from django.utils.translation import gettext as _
from playwright.sync_api import expect

from cooperatives.models import Cooperative, Member, NikClaim, Person, Proposal
from malaka_portal.models import User
from tests.factories.cooperatives import (
    NIK,
    OTHER_NIK,
    CooperativeFactory,
    MemberFactory,
    NikClaimFactory,
    OfficerFactory,
    PersonFactory,
    with_nik,
)
from tests.factories.portal import RegionFactory, UserFactory
from tests.factories.roles import group

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CHOSEN = "kapas lungsi pakan tais"


@pytest.fixture
def cooperative(wehali):
    return CooperativeFactory(name="Tenun Feto Malaka", village=wehali)


@pytest.fixture
def term(cooperative):
    person = PersonFactory(name="Yosefina Bria", village=cooperative.village)
    return OfficerFactory(
        cooperative=cooperative,
        person=person,
        user__username="yosefina",
        user__first_name="Yosefina",
        user__last_name="Bria",
    )


@pytest.fixture
def staff(wehali):
    user = UserFactory(username="rani", first_name="Rani", last_name="Seran", area_id="53.21")
    user.groups.add(group("Staf program"))
    return User.objects.get(pk=user.pk)


def member(cooperative, name, **more):
    place = more.pop("village", cooperative.village)
    person = PersonFactory(name=name, village=place)
    return MemberFactory(cooperative=cooperative, person=person, **more)


@pytest.fixture
def officers_page(page, sign_in, term):
    """A phone on which Yosefina, an officer of Tenun Feto Malaka, is signed in; her home page."""
    yield sign_in(page, term.user, "/")
    assert page.complaints == []


@pytest.fixture
def office(page, sign_in, staff):
    """The same phone in the hands of Rani, of the programme's staff."""
    yield sign_in(page, staff, "/")
    assert [text for text in page.complaints if "404" not in text] == []


def heading(page, name, **more):
    return page.get_by_role("heading", name=name, exact=True, **more)


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def link(page, name):
    return page.get_by_role("main").get_by_role("link", name=name, exact=True)


def at(page, row):
    """Opens the page of a row."""
    page.goto(re.sub(r"^(https?://[^/]+).*", rf"\1{row.get_absolute_url()}", page.url))


def names(page):
    """The names that a list shows."""
    return page.locator("tbody th").all_inner_texts()


# --- lists --------------------------------------------------------------------------------------


@pytest.fixture
def members(cooperative):
    RegionFactory(code="53.21.02", level=3, name="Wewiku", parent_id="53.21")
    alkani = RegionFactory(code="53.21.02.2001", level=4, name="Alkani", parent_id="53.21.02")
    member(cooperative, "Yosefina Seran", number="TFM-0001")
    member(cooperative, "Yosefina Klau", number="TFM-0002", village=alkani)
    member(cooperative, "=SUM(A1:A9) Bria", number="0031", village=alkani)


def open_members(page):
    page.get_by_role("navigation", name="Menu bawah").get_by_role("link", name="Anggota").click()
    expect(heading(page, "Anggota")).to_be_visible()


def narrow(page):
    """To the district Wewiku."""
    page.locator("summary", has_text="Saring").click()
    page.get_by_label("Kecamatan").select_option("Wewiku")
    button(page, "Terapkan").click()
    expect(link(page, "Kecamatan: Wewiku hapus")).to_be_visible()


def test_members_are_narrowed_and_found_in_another_spelling(officers_page, members):
    page = officers_page
    open_members(page)
    assert names(page) == ["=SUM(A1:A9) Bria", "Yosefina Klau", "Yosefina Seran"]

    narrow(page)
    assert names(page) == ["=SUM(A1:A9) Bria", "Yosefina Klau"]
    page.get_by_role("searchbox").fill("josefina")
    button(page, "Cari").click()
    expect(page.locator("tbody th")).to_have_count(1)
    assert names(page) == ["Yosefina Klau"]

    link(page, "Kecamatan: Wewiku hapus").click()
    expect(page.locator("tbody th")).to_have_count(2)
    assert names(page) == ["Yosefina Klau", "Yosefina Seran"]
    expect(page.get_by_role("searchbox")).to_have_value("josefina")


@pytest.mark.parametrize("kind", ["CSV", "Excel (XLSX)"])
def test_what_the_list_shows_is_taken_out_and_a_formula_is_plain_text(officers_page, members, kind):
    page = officers_page
    open_members(page)
    narrow(page)
    page.locator("summary", has_text="Unduh 2 baris").click()
    with page.expect_download() as download:
        button(page, kind).click()
    header, *rows = read(download.value)

    assert header[:4] == ["_id", "_versi", "Nama", "Nomor anggota"]
    assert [(row[2].lstrip("'"), row[3]) for row in rows] == [
        ("=SUM(A1:A9) Bria", "0031"),
        ("Yosefina Klau", "TFM-0002"),
    ]
    assert rows[0][2][0] == "'" or kind != "CSV"


def read(download):
    """The rows of a downloaded file as texts; a cell that is a formula fails."""
    data = download.path().read_bytes()
    if download.suggested_filename.endswith(".csv"):
        text = data.decode("utf-8-sig")
        return list(csv.reader(io.StringIO(text), csv.Sniffer().sniff(text)))
    cells = [list(row) for row in openpyxl.load_workbook(io.BytesIO(data))["Data 1"]]
    assert {cell.data_type for row in cells for cell in row} <= {"s", "n", "d"}
    return [[str(cell.value) for cell in row] for row in cells]


# --- history and conflicts ----------------------------------------------------------------------


def test_the_history_tells_in_words_who_changed_what(officers_page, cooperative):
    page, row = officers_page, member(cooperative, "Maria Hoar", number="TFM-0001")
    at(page, row)
    link(page, "Ubah").click()
    page.get_by_label("Nomor anggota").fill("TFM-0099")
    page.get_by_label("Masuk tanggal").fill("3-2-2024")
    button(page, "Simpan").click()
    expect(page.get_by_role("status")).to_have_text("Tersimpan.")

    expect(page.get_by_role("main")).to_contain_text("Terakhir diubah oleh Yosefina Bria")
    link(page, "Riwayat").click()
    latest = page.locator(".timeline > li").first
    expect(latest).to_contain_text(
        re.compile(r"\d \w+ 20\d\d \d\d\.\d\d WITA · Yosefina Bria: diubah")
    )
    assert told(latest) == [
        ("Nomor anggota", "TFM-0001", "TFM-0099"),
        ("Masuk tanggal", "2 Januari 2024", "3 Februari 2024"),
    ]


def told(entry):
    """(field, before, after) of each line of an entry of the history."""
    lines = [re.sub(r"\s+", " ", div.inner_text()) for div in entry.locator("dl > div").all()]
    pattern = re.compile(r"(.+?) (\S+|\d+ \w+ \d{4}) → ?menjadi (.+)")
    return [pattern.fullmatch(line).groups() for line in lines]


def test_the_second_of_two_editors_sees_both_values_and_decides(
    officers_page, phone, sign_in, cooperative, wehali
):
    row = member(cooperative, "Maria Hoar", number="TFM-0001")
    chair = OfficerFactory(
        cooperative=cooperative,
        role="chair",
        person=PersonFactory(village=wehali),
        user__first_name="Dominikus",
        user__last_name="Tae",
    )
    first, second = officers_page, sign_in(phone(), chair.user, "/")
    for page in (first, second):
        at(page, row)
        link(page, "Ubah").click()
    first.get_by_label("Nomor anggota").fill("TFM-0011")
    button(first, "Simpan").click()
    expect(first.get_by_role("status")).to_have_text("Tersimpan.")

    second.get_by_label("Nomor anggota").fill("TFM-0022")
    button(second, "Simpan").click()
    alert = second.get_by_role("alert")
    expect(alert).to_contain_text("Yosefina Bria mengubah ini pada")
    expect(alert).to_contain_text("Yang tersimpan sekarang: TFM-0011")
    expect(second.get_by_label("Nomor anggota")).to_have_value("TFM-0022")
    assert Member.objects.get(pk=row.pk).number == "TFM-0011"

    button(second, "Simpan").click()
    expect(second.get_by_role("status")).to_have_text("Tersimpan.")
    assert Member.objects.get(pk=row.pk).number == "TFM-0022"


# --- the programme's work -----------------------------------------------------------------------


def open_work(page):
    page.get_by_role("navigation", name="Menu bawah").get_by_role("link", name="Beranda").click()
    page.get_by_role("main").get_by_role("link", name=re.compile("NIK atau perubahan")).click()
    expect(heading(page, "Pekerjaan")).to_be_visible()


def test_staff_confirm_one_nik_and_join_another(office, cooperative, wehali):
    known = with_nik(PersonFactory(name="Maria Goreti Hoar", village=wehali), NIK)
    new = member(cooperative, "Agustina Klau", number="TFM-0001")
    again = member(cooperative, "Maria Hoar", number="TFM-0002")
    NikClaimFactory(cooperative=cooperative, person=new.person, nik=OTHER_NIK)
    NikClaimFactory(cooperative=cooperative, person=again.person, nik=NIK)
    page = office

    open_work(page)
    expect(heading(page, "NIK yang perlu diperiksa: 2")).to_be_visible()
    link(page, "Agustina Klau").click()
    expect(page.get_by_role("main")).not_to_contain_text(OTHER_NIK)
    button(page, "Tampilkan NIK (ini dicatat)").click()
    expect(page.get_by_role("main")).to_contain_text(OTHER_NIK)
    button(page, "NIK benar").click()
    expect(page.get_by_role("status")).to_have_text("NIK sudah dibenarkan.")

    link(page, "Maria Hoar").click()
    expect(heading(page, "Sudah ada orang dengan NIK ini")).to_be_visible()
    expect(link(page, "Maria Goreti Hoar")).to_be_visible()
    expect(button(page, "NIK benar")).to_have_count(0)
    link(page, _("It is the same person: join the two records")).click()
    button(page, _("One person: see what joining does")).click()
    button(page, _("Join the two records")).click()
    expect(page.get_by_role("status")).to_contain_text("sudah menjadi satu")

    again.refresh_from_db()
    assert Person.objects.get(pk=new.person_id).national_id() == OTHER_NIK
    assert (again.person, again.number) == (known, "TFM-0002")
    assert sorted(NikClaim.objects.values_list("status", flat=True)) == ["confirmed", "joined"]


def test_an_officer_proposes_and_staff_make_the_change(
    officers_page, phone, sign_in, cooperative, staff
):
    line = member(cooperative, "Maria Hoar", number="TFM-0001")
    elsewhere = CooperativeFactory(name="Kacang Hijau Weliman", village=cooperative.village)
    MemberFactory(cooperative=elsewhere, person=line.person)
    page = officers_page
    at(page, line)
    link(page, "Semua tentang orang ini").click()
    link(page, "Usulkan perubahan").click()
    page.get_by_label("Dusun").fill("Wekmidar")
    page.get_by_label("Mengapa perlu diubah?").fill("Sudah pindah rumah")
    button(page, "Kirim usulan").click()
    expect(page.get_by_role("status")).to_contain_text("Sudah dikirim ke program.")
    assert Person.objects.get(pk=line.person_id).hamlet == ""

    office = sign_in(phone(), staff, "/")
    open_work(office)
    link(office, "Maria Hoar").click()
    expect(office.get_by_role("main")).to_contain_text("Tenun Feto Malaka · Yosefina Bria")
    expect(office.get_by_role("main")).to_contain_text("Alasan: Sudah pindah rumah")
    assert office.locator("tbody tr").all_inner_texts()[0].split()[0] == "Dusun"
    button(office, "Simpan perubahan").click()
    expect(office.get_by_role("status")).to_have_text("Perubahan sudah disimpan.")

    assert Person.objects.get(pk=line.person_id).hamlet == "Wekmidar"
    assert Proposal.objects.get().status == "accepted"
    at(page, line.person)
    expect(page.get_by_role("main")).to_contain_text("Wekmidar")


# --- terms of office ----------------------------------------------------------------------------


def test_when_a_term_ends_the_next_click_is_refused(office, phone, sign_in, term, cooperative):
    row = member(cooperative, "Maria Hoar", number="TFM-0001")
    officer = sign_in(phone(), term.user, "/")
    at(officer, row)
    expect(link(officer, "Ubah")).to_be_visible()

    at(office, term)
    link(office, "Akhiri masa jabatan").click()
    office.get_by_label("Sampai").fill("1-2-2026")
    office.get_by_label("Alasan berakhir").fill("Mengundurkan diri")
    button(office, "Simpan").click()
    expect(office.get_by_role("status")).to_have_text("Masa jabatan berakhir pada 1 Februari 2026.")

    link(officer, "Ubah").click()
    expect(heading(officer, _("This page does not exist"))).to_be_visible()
    link(officer, "Ke beranda").click()
    expect(officer.get_by_role("main")).not_to_contain_text("Tenun Feto Malaka")
    open_members(officer)
    expect(officer.get_by_role("main")).to_contain_text("Belum ada")
    expect(officer.locator("tbody tr")).to_have_count(0)


def test_staff_invite_an_officer_who_signs_in_with_the_code(
    office, phone, live_server, cooperative
):
    person = member(cooperative, "Emerensiana Abuk", number="TFM-0007").person
    term = OfficerFactory(cooperative=cooperative, person=person, user=None, role="treasurer")
    at(office, term)
    button(office, "Undang ke portal").click()
    expect(heading(office, "Undangan")).to_be_visible()
    code = office.locator(".figure").inner_text()
    username = office.locator("dd").first.inner_text()

    officer = phone()
    officer.goto(f"{live_server.url}/undangan/")
    officer.get_by_label("Nama pengguna").fill(username)
    officer.get_by_label(_("Invitation code")).fill(code)
    officer.get_by_label(_("New password"), exact=True).fill(CHOSEN)
    officer.get_by_label(_("New password, once more")).fill(CHOSEN)
    button(officer, _("Save my password and sign in")).click()
    expect(heading(officer, "Tenun Feto Malaka")).to_be_visible()
    link(officer, "Tambah anggota").click()
    expect(heading(officer, "Tambah anggota")).to_be_visible()

    assert username == "emerensiana"
    assert Cooperative.objects.managed_by(User.objects.get(username=username)).get() == cooperative


# --- search -------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", [NIK, "5321 1045 0790 9001"])
def test_a_search_by_nik_leaves_no_nik_in_the_address(office, cooperative, typed):
    person = with_nik(member(cooperative, "Maria Hoar").person, NIK)
    page, addresses = office, []
    page.on("request", lambda request: addresses.append(request.url))
    page.get_by_role("searchbox").fill(typed)
    button(page, "Cari").click()
    expect(link(page, "Maria Hoar")).to_be_visible()

    assert [url for url in addresses if "532110" in re.sub(r"\D", "", url)] == []
    assert page.url.endswith("/cari/")
    expect(page.get_by_role("searchbox")).to_have_value("")
    link(page, "Maria Hoar").click()
    expect(heading(page, person.name)).to_be_visible()


def test_words_stand_in_the_address_so_that_the_page_can_be_kept(office, cooperative):
    member(cooperative, "Maria Hoar", number="TFM-0001")
    office.get_by_role("searchbox").fill("hoar")
    button(office, "Cari").click()
    expect(link(office, "Maria Hoar").first).to_be_visible()

    assert office.url.endswith("/cari/?q=hoar")
