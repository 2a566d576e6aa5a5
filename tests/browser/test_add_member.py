"""Journey J1: an officer adds a member on a phone, sheet by sheet or on one long page."""

import re

import pytest
from django.utils.translation import gettext as _
from playwright.sync_api import Error, expect

from cooperatives.models import Member, NikClaim, Person
from tests.factories.cooperatives import (
    NIK,
    OTHER_NIK,
    CooperativeFactory,
    MemberFactory,
    OfficerFactory,
    PersonFactory,
    with_nik,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
only_with_script = pytest.mark.parametrize("page", ["with JavaScript"], indirect=True)
only_without_script = pytest.mark.parametrize("page", ["without JavaScript"], indirect=True)
SHORT, RIGHT = "5321 0145 0785 900", "5321 0145 0785 9001"
TOO_SHORT = "NIK harus 16 angka; yang diisi baru 15 angka"
SAVED = "Emerensiana Abuk sudah tercatat"
EDIT_LINKS = [
    "Ubah nama",
    "Ubah NIK",
    "Ubah jenis kelamin",
    "Ubah nomor HP",
    "Ubah desa",
    "Ubah dusun",
]
ANSWERS = ["Emerensiana Abuk", RIGHT, "Perempuan", "tidak diisi", "Wehali", "tidak diisi"]


@pytest.fixture
def cooperative(wehali):
    return CooperativeFactory(name="Tenun Feto Malaka", village=wehali, member_number_prefix="TFM")


@pytest.fixture
def officer(cooperative):
    return OfficerFactory(
        cooperative=cooperative, user__username="yosefina", person__village=cooperative.village
    ).user


class Taps:
    """Counts what the officer taps; typing is not counted."""

    def __init__(self):
        self.count = 0

    def __call__(self, locator):
        self.count += 1
        locator.click()


@pytest.fixture
def home(page, sign_in, officer):
    """The home page on yosefina's phone; the browser finds nothing to complain of."""
    yield sign_in(page, officer, "/")
    assert page.complaints == []


@pytest.fixture
def form(home):
    """The form, opened from the home page."""
    return open_form(home)


def open_form(page, tap=lambda locator: locator.click()):
    tap(page.get_by_role("navigation", name="Menu bawah").get_by_role("link", name="Catat"))
    tap(page.get_by_role("link", name="Tambah anggota"))
    expect(heading(page, "Tambah anggota")).to_be_visible()
    return page


def heading(page, name):
    return page.get_by_role("heading", name=name, exact=True)


def button(page, name):
    return page.get_by_role("button", name=name, exact=True)


def nik(page):
    return page.get_by_label("NIK (jika ada)", exact=True)


def fill_who(page, number, tap=lambda locator: locator.click(), name="Emerensiana Abuk"):
    page.get_by_label("Nama lengkap").fill(name)
    nik(page).fill(number)
    tap(page.get_by_label("Perempuan"))


def fill(page, number=RIGHT, name="Emerensiana Abuk", village="Wehali"):
    """The whole form, up to the review."""
    fill_who(page, number, name=name)
    if button(page, "Lanjut").is_visible():
        button(page, "Lanjut").click()
    page.get_by_label("Desa").fill(village)
    button(page, "Lanjut").or_(button(page, "Periksa dulu")).click()
    expect(heading(page, "Periksa dulu")).to_be_visible()


def review(page):
    """What the review lists: the answers, and the links that change them."""
    rows = page.locator("[data-answers] > div").all()
    return (
        [row.locator("dd p").inner_text() for row in rows],
        [row.locator("dd a").inner_text() for row in rows],
    )


def expect_recorded(page, officer):
    """The page after saving, and what is in the database."""
    expect(heading(page, SAVED)).to_be_visible()
    number = page.get_by_text(re.compile(r"^TFM-\d{4}$")).inner_text()
    expect(page.locator('a[href="https://wa.me/6281234567890"]')).to_be_visible()

    member = Member.objects.get()
    claim = NikClaim.objects.get()
    assert (member.number, member.cooperative.name) == (number, "Tenun Feto Malaka")
    assert (member.person.name, member.person.sex) == ("Emerensiana Abuk", "P")
    assert (member.person.village.name, member.person.phones) == ("Wehali", ["+6281234567890"])
    assert (member.person.nik_state, member.person.nik_last4) == ("claimed", "")
    assert (claim.person, claim.status) == (member.person, "pending")
    assert claim.national_id() == OTHER_NIK
    event = Member.pgh_event_model.objects.get(pgh_obj=member)
    assert event.pgh_context.metadata["user"] == officer.pk


# --- the journey --------------------------------------------------------------------------------


@only_with_script
def test_in_sheets(home, officer):
    tap = Taps()
    page = open_form(home, tap)
    fill_who(page, SHORT, tap)
    tap(button(page, "Lanjut"))

    alert = page.get_by_role("alert")
    expect(page).to_have_title(re.compile("^Galat:"))
    expect(alert).to_be_focused()
    expect(alert.get_by_role("heading")).to_have_text("Ada yang perlu diperbaiki")
    tap(alert.get_by_role("link", name=TOO_SHORT))
    expect(nik(page)).to_be_focused()
    expect(page.get_by_label("Nama lengkap")).to_have_value("Emerensiana Abuk")

    nik(page).fill(RIGHT)
    tap(button(page, "Lanjut"))
    tap(page.get_by_label("Desa"))
    page.get_by_label("Desa").fill("Wehali")
    tap(button(page, "Lanjut"))
    expect(heading(page, "Periksa dulu")).to_be_focused()
    assert review(page) == (ANSWERS, EDIT_LINKS)
    assert Member.objects.count() == 0

    tap(page.get_by_role("link", name="Ubah nomor HP"))
    expect(page.get_by_label("Nomor HP")).to_be_focused()
    page.get_by_label("Nomor HP").fill("0812-3456-7890")
    tap(button(page, "Lanjut"))
    expect(heading(page, "Periksa dulu")).to_be_visible()
    expect(page.get_by_label("Desa")).to_be_hidden()

    tap(button(page, "Simpan anggota"))
    expect_recorded(page, officer)
    assert tap.count <= 12 + 3


@only_without_script
def test_on_one_long_page(home, officer):
    page = open_form(home)
    fill_who(page, SHORT)
    page.get_by_label("Desa").fill("Wehali")
    button(page, "Periksa dulu").click()

    alert = page.get_by_role("alert")
    expect(page).to_have_title(re.compile("^Galat:"))
    expect(alert).to_be_focused()
    expect(alert.get_by_role("heading")).to_have_text("Ada yang perlu diperbaiki")
    alert.get_by_role("link", name=TOO_SHORT).click()
    expect(nik(page)).to_be_focused()
    expect(page.get_by_label("Nama lengkap")).to_have_value("Emerensiana Abuk")
    expect(button(page, "Simpan anggota")).to_be_hidden()

    nik(page).fill(RIGHT)
    button(page, "Periksa dulu").click()
    expect(heading(page, "Periksa dulu")).to_be_focused()
    assert review(page) == (ANSWERS, EDIT_LINKS)
    assert Member.objects.count() == 0

    page.get_by_role("link", name="Ubah nomor HP").click()
    page.get_by_label("Nomor HP").fill("0812-3456-7890")
    button(page, "Periksa dulu").click()
    expect(heading(page, "Periksa dulu")).to_be_focused()
    assert review(page)[0][3] == "0812-3456-7890"

    button(page, "Simpan anggota").click()
    expect_recorded(page, officer)


# --- variants -----------------------------------------------------------------------------------


def test_a_nik_that_is_registered_elsewhere_looks_like_one_that_is_not(home, wehali):
    elsewhere = CooperativeFactory(village=wehali)
    with_nik(MemberFactory(cooperative=elsewhere, person=PersonFactory(village=wehali)).person)
    shown = []
    for number in (NIK, OTHER_NIK):
        open_form(home)
        fill(home, number)
        button(home, "Simpan anggota").click()
        expect(heading(home, SAVED)).to_be_visible()
        text = home.get_by_role("main").inner_text()
        # how the lines break depends on when the stylesheet has come
        shown.append(" ".join(re.sub(r"TFM-\d{4}", "TFM-", text).split()))

    assert shown[0] == shown[1]
    assert "NIK menunggu pemeriksaan program." in shown[0]
    assert NikClaim.objects.pending().count() == 2


@only_with_script
def test_what_was_typed_is_there_again_but_for_the_nik(form):
    fill_who(form, RIGHT)
    button(form, "Lanjut").click()
    form.get_by_label("Desa").fill("Wehali")
    form.get_by_role("navigation", name="Menu bawah").get_by_role("link", name="Beranda").click()
    expect(heading(form, "Tenun Feto Malaka")).to_be_visible()
    assert OTHER_NIK not in re.sub(r"\D", "", form.evaluate("JSON.stringify(localStorage)"))

    open_form(form)
    expect(form.get_by_role("status")).to_contain_text(
        _("What you filled in last time is here again.")
    )
    expect(form.get_by_label("Nama lengkap")).to_have_value("Emerensiana Abuk")
    expect(form.get_by_label("Perempuan")).to_be_checked()
    expect(nik(form)).to_have_value("")
    button(form, "Lanjut").click()
    expect(form.get_by_label("Desa")).to_have_value("Wehali")


@only_with_script
def test_a_saved_member_leaves_no_draft(form):
    fill(form)
    button(form, "Simpan anggota").click()
    expect(heading(form, SAVED)).to_be_visible()
    assert form.evaluate("Object.keys(localStorage)") == []


def test_two_taps_on_save_on_a_slow_line_record_one_member(form):
    fill(form)
    answered = []

    def slow(route):
        """The server saves the first post; its answer does not reach the phone."""
        if route.request.method != "POST" or answered:
            route.continue_()
        else:
            answered.append(route.fetch().status)

    form.route("**/anggota/baru/", slow)
    button(form, "Simpan anggota").focus()
    for _tap in range(2):  # by keyboard: `click` would wait for the page to come
        form.keyboard.press("Enter")
        form.wait_for_timeout(500)
    expect(heading(form, SAVED)).to_be_visible()

    assert answered == [200]
    assert Member.objects.count() == Person.objects.filter(name="Emerensiana Abuk").count() == 1


@only_without_script
def test_back_after_saving_and_sending_the_review_again_leads_to_what_was_saved(form):
    fill(form)
    button(form, "Simpan anggota").click()
    expect(heading(form, SAVED)).to_be_visible()
    with pytest.raises(Error, match="ERR_CACHE_MISS"):  # the browser asks before it sends again
        form.go_back()
    form.wait_for_timeout(500)
    form.reload()
    expect(heading(form, SAVED)).to_be_visible()

    assert Member.objects.count() == 1


@only_with_script
@pytest.mark.parametrize(("name", "known"), [("Emerensiana Abuk", True), ("Emerensiana", False)])
def test_back_after_saving_and_saving_again_leads_to_what_was_saved(form, name, known):
    fill(form)
    button(form, "Simpan anggota").click()
    expect(heading(form, SAVED)).to_be_visible()
    form.go_back()
    expect(form.get_by_label("Nama lengkap")).to_have_value("Emerensiana Abuk")
    fill(form, name=name)
    button(form, "Simpan anggota").click()
    expect(heading(form, SAVED if known else _("This form was already saved"))).to_be_visible()
    assert all("409" in complaint for complaint in form.complaints)
    form.complaints.clear()

    assert Member.objects.count() == 1
