"""One long form in sheets (journey J1): with JavaScript one at a time, without it one long page."""

import json
import re
from html.parser import HTMLParser

import pytest
from django.utils.translation import gettext
from playwright.sync_api import expect

from tests.browser.test_accessibility import faults
from tests.sheets_page import SAVED

pytestmark = [
    pytest.mark.browser,
    pytest.mark.urls("tests.sheets_page"),
    pytest.mark.django_db(transaction=True),
]
only_with_script = pytest.mark.parametrize("page", ["with JavaScript"], indirect=True)
only_without_script = pytest.mark.parametrize("page", ["without JavaScript"], indirect=True)
NIK, SHORT = "5321 0145 0785 9001", "5321 0145 0785 900"
TOO_SHORT = "NIK harus 16 angka; yang diisi baru 15 angka"
KEY = "draft:7:anggota"


@pytest.fixture
def form(page, live_server):
    """The page, open at its first sheet."""
    SAVED.clear()
    page.goto(f"{live_server.url}/contoh/")
    yield page
    assert page.complaints == []


def heading(page, name):
    return page.get_by_role("heading", name=name, exact=True)


def fill_who(page, nik=NIK):
    page.get_by_label("Nama lengkap").fill("Emerensiana Abuk")
    page.get_by_label("NIK").fill(nik)
    page.get_by_label("Perempuan").check()


def go_on(page):
    page.get_by_role("button", name="Lanjut").click()


def to_review(page):
    fill_who(page)
    go_on(page)
    page.get_by_label("Desa").fill("Wehali")
    go_on(page)
    expect(heading(page, gettext("Check first"))).to_be_visible()


def answers(page):
    """What the review lists, as {label: (answer, text of the link)}."""
    rows = page.locator("[data-answers] > div")
    return {
        row.locator("dt").inner_text(): (
            row.locator("dd p").inner_text(),
            row.locator("dd a").inner_text(),
        )
        for row in rows.all()
    }


def draft(page):
    return json.loads(page.evaluate(f"localStorage.getItem('{KEY}')") or "null")


EMPTY = gettext("not filled in")
REVIEW = {
    "Nama lengkap": ("Emerensiana Abuk", "Ubah nama"),
    "NIK": (NIK, "Ubah NIK"),
    "Jenis kelamin": ("Perempuan", "Ubah jenis kelamin"),
    "Nomor HP": (EMPTY, "Ubah nomor HP"),
    "Desa": ("Wehali", "Ubah desa"),
    "Dusun": (EMPTY, "Ubah dusun"),
}


# --- without JavaScript -------------------------------------------------------------------------


@only_without_script
def test_without_javascript_the_long_page_is_checked_by_the_server_and_then_saved(form):
    fill_who(form, SHORT)
    form.get_by_label("Desa").fill("Wehali")
    form.get_by_role("button", name=gettext("Check first")).click()
    expect(form).to_have_title(re.compile("^Galat:"))
    expect(form.get_by_role("alert")).to_contain_text(TOO_SHORT)
    expect(form.get_by_role("button", name="Simpan anggota")).to_be_hidden()

    form.get_by_label("NIK").fill(NIK)
    form.get_by_role("button", name=gettext("Check first")).click()
    expect(heading(form, gettext("Check first"))).to_be_focused()
    assert answers(form) == REVIEW
    assert SAVED == []
    form.get_by_role("link", name="Ubah nomor HP").click()
    expect(form).to_have_url(re.compile("#id_phone$"))

    form.get_by_label("Nomor HP").fill("0812-3456-7890")
    form.get_by_role("button", name="Simpan anggota").click()
    expect(heading(form, "Emerensiana Abuk sudah tercatat")).to_be_visible()
    assert [(s["nik"], s["phone"]) for s in SAVED] == [("5321014507859001", "0812-3456-7890")]


@only_with_script
@pytest.mark.parametrize("width", [320, 360, 1280])
def test_axe_finds_nothing_on_a_sheet_its_errors_or_the_review(form, width):
    form.set_viewport_size({"width": width, "height": 740})
    assert faults(form) == []
    go_on(form)
    assert faults(form) == []
    to_review(form)
    assert faults(form) == []
    assert form.evaluate("document.documentElement.scrollWidth") <= width


# --- one sheet at a time ------------------------------------------------------------------------


@only_with_script
def test_one_sheet_at_a_time_with_its_place_in_words(form):
    expect(form.locator(".steps")).to_contain_text("Langkah 1 dari 3")
    expect(form.get_by_label("Desa")).to_be_hidden()
    expect(form.get_by_role("button", name="Kembali")).to_be_hidden()

    fill_who(form)
    go_on(form)
    expect(heading(form, "Di mana")).to_be_focused()
    expect(form.locator(".steps")).to_contain_text("Langkah 2 dari 3")
    expect(form.get_by_label("Nama lengkap")).to_be_hidden()

    form.get_by_label("Desa").fill("Wehali")
    go_on(form)
    expect(heading(form, gettext("Check first"))).to_be_focused()
    expect(form.locator(".steps")).to_contain_text("Langkah 3 dari 3")
    expect(form.get_by_role("button", name="Lanjut")).to_be_hidden()
    assert answers(form) == REVIEW
    assert SAVED == []

    form.get_by_role("button", name="Simpan anggota").click()
    expect(heading(form, "Emerensiana Abuk sudah tercatat")).to_be_visible()
    assert [(s["nik"], s["village"], s["_kunci"]) for s in SAVED] == [
        ("5321014507859001", "Wehali", "rahasia")
    ]


@only_with_script
def test_the_button_and_the_browsers_back_go_one_sheet_back_and_keep_what_was_typed(form):
    to_review(form)
    form.get_by_role("button", name="Kembali").click()
    expect(heading(form, "Di mana")).to_be_visible()
    expect(form.get_by_label("Desa")).to_have_value("Wehali")
    form.go_back()
    expect(heading(form, "Siapa")).to_be_visible()
    expect(form.get_by_label("NIK")).to_have_value(NIK)
    form.go_forward()
    expect(heading(form, "Di mana")).to_be_visible()


@only_with_script
def test_enter_means_on_and_never_saves(form):
    fill_who(form)
    form.get_by_label("Nama lengkap").press("Enter")
    expect(heading(form, "Di mana")).to_be_visible()
    form.get_by_label("Dusun").press("Enter")
    expect(form.get_by_role("alert")).to_contain_text("Pilih desa.")
    form.get_by_label("Desa").fill("Wehali")
    form.get_by_label("Desa").press("Enter")
    expect(heading(form, gettext("Check first"))).to_be_visible()
    assert SAVED == []


# --- errors -------------------------------------------------------------------------------------


@only_with_script
def test_a_number_too_short_is_named_counted_and_linked_and_nothing_typed_is_lost(form):
    fill_who(form, SHORT)
    go_on(form)
    alert = form.get_by_role("alert")
    expect(alert).to_be_focused()
    expect(form).to_have_title(re.compile("^Galat: Tambah anggota"))
    expect(alert.get_by_role("heading")).to_have_text("Ada yang perlu diperbaiki")
    assert alert.get_by_role("link").all_inner_texts() == [f"NIK: {TOO_SHORT}"]

    alert.get_by_role("link").click()
    nik = form.get_by_label("NIK")
    expect(nik).to_be_focused()
    expect(nik).to_have_attribute("aria-invalid", "true")
    expect(nik).to_have_accessible_description(re.compile(f"Spasi boleh. Galat: {TOO_SHORT}$"))
    expect(nik).to_have_value(SHORT)
    expect(form.get_by_label("Nama lengkap")).to_have_value("Emerensiana Abuk")

    nik.fill(NIK)
    go_on(form)
    expect(heading(form, "Di mana")).to_be_visible()
    expect(form).to_have_title(re.compile("^Tambah anggota"))
    expect(form.get_by_role("alert")).to_have_count(0)
    assert form.locator("[aria-invalid], .invalid, .field-error").count() == 0
    assert nik.get_attribute("aria-describedby") == "id_nik_helptext"


@only_with_script
def test_every_empty_field_is_named_in_order_and_the_radio_link_leads_to_the_first_choice(form):
    go_on(form)
    links = form.get_by_role("alert").get_by_role("link")
    assert links.all_inner_texts() == [
        "Nama lengkap: Isi nama lengkap.",
        "NIK: Isi NIK.",
        "Jenis kelamin: Pilih jenis kelamin.",
    ]
    links.last.click()
    expect(form.get_by_label("Perempuan")).to_be_focused()


class Marks(HTMLParser):
    """Tags with their attributes in order of name, and texts, of a piece of HTML."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, sorted(a for a in attrs if a[0] not in {"autofocus", "value"})))

    def handle_data(self, data):
        if data.strip():
            self.found.append(" ".join(data.split()))


def marks(page):
    """Every mark of an error on the page."""
    places = page.locator(".error-summary, .field.invalid").all()
    return [Marks(place.evaluate("e => e.outerHTML")).found for place in places]


@only_with_script
def test_the_errors_have_the_very_markup_of_the_server(form, browser, live_server):
    go_on(form)
    context = browser.new_context(java_script_enabled=False)
    plain = context.new_page()
    plain.goto(f"{live_server.url}/contoh/")
    plain.get_by_label("Desa").fill("Wehali")
    plain.get_by_role("button", name=gettext("Check first")).click()
    ours, theirs = marks(form), marks(plain)
    context.close()

    assert len(ours) == 4
    assert ours == theirs


@only_with_script
def test_the_first_sheet_with_an_error_of_the_server_opens(form):
    to_review(form)
    form.get_by_role("link", name="Ubah desa").click()
    form.get_by_label("Desa").fill("Atambua")
    go_on(form)
    form.get_by_role("button", name="Simpan anggota").click()
    expect(form.get_by_role("alert")).to_contain_text("Desa ini tidak ada di Malaka.")
    expect(form).to_have_title(re.compile("^Galat: Tambah"))
    expect(heading(form, "Di mana")).to_be_visible()
    expect(form.get_by_label("Nama lengkap")).to_be_hidden()

    form.get_by_role("button", name="Kembali").click()
    expect(heading(form, "Siapa")).to_be_visible()
    go_on(form)
    form.get_by_label("Desa").fill("Kletek")
    go_on(form)
    form.get_by_role("button", name="Simpan anggota").click()
    expect(heading(form, "Emerensiana Abuk sudah tercatat")).to_be_visible()


@only_with_script
def test_an_error_of_no_field_opens_the_review(form):
    to_review(form)
    form.get_by_role("link", name="Ubah dusun").click()
    form.get_by_label("Dusun").fill("bentrok")
    go_on(form)
    form.get_by_role("button", name="Simpan anggota").click()
    expect(form.get_by_role("alert")).to_contain_text("baru saja dicatat")
    expect(heading(form, gettext("Check first"))).to_be_visible()


@only_with_script
def test_what_went_wrong_on_an_earlier_sheet_is_found_before_saving(form):
    to_review(form)
    form.evaluate("document.getElementById('id_nik').value = '12'")
    form.get_by_role("button", name="Simpan anggota").click()
    expect(form.get_by_role("alert")).to_contain_text("baru 2 angka")
    expect(heading(form, "Siapa")).to_be_visible()
    form.get_by_label("NIK").fill(NIK)
    go_on(form)
    expect(heading(form, gettext("Check first"))).to_be_visible()
    assert SAVED == []


# --- mending from the review --------------------------------------------------------------------


@only_with_script
def test_an_answer_mended_from_the_review_leads_straight_back_to_it(form):
    to_review(form)
    form.get_by_role("link", name="Ubah nomor HP").click()
    expect(form.get_by_label("Nomor HP")).to_be_focused()
    expect(heading(form, "Siapa")).to_be_visible()
    form.get_by_label("Nomor HP").fill("0812-3456-7890")
    go_on(form)
    expect(heading(form, gettext("Check first"))).to_be_visible()
    assert answers(form) == REVIEW | {"Nomor HP": ("0812-3456-7890", "Ubah nomor HP")}

    form.go_back()
    expect(heading(form, "Di mana")).to_be_visible()


@only_with_script
def test_the_button_back_leaves_a_mending_for_the_review(form):
    to_review(form)
    form.get_by_role("link", name="Ubah nama").click()
    form.get_by_role("button", name="Kembali").click()
    expect(heading(form, gettext("Check first"))).to_be_visible()


# --- drafts -------------------------------------------------------------------------------------


@only_with_script
def test_a_draft_keeps_what_may_be_kept_and_nothing_else(form):
    fill_who(form)

    assert draft(form) == [["name", "Emerensiana Abuk"], ["gender", "P"]]
    assert form.evaluate("Object.keys(localStorage)") == [KEY]


@only_with_script
def test_a_draft_comes_back_and_says_so_and_can_be_thrown_away(form):
    fill_who(form)
    form.goto("about:blank")
    form.go_back()
    form.reload()
    expect(form.get_by_role("status")).to_contain_text(
        gettext("What you filled in last time is here again.")
    )
    expect(form.get_by_label("Nama lengkap")).to_have_value("Emerensiana Abuk")
    expect(form.get_by_label("Perempuan")).to_be_checked()

    form.get_by_role("button", name=gettext("Start with an empty form")).click()
    expect(form.get_by_role("status")).to_have_count(0)
    expect(form.get_by_label("Nama lengkap")).to_have_value("")
    assert draft(form) is None


@only_with_script
def test_the_identity_number_does_not_come_back(form, live_server):
    fill_who(form)
    form.goto(f"{live_server.url}/masuk/")
    form.goto(f"{live_server.url}/contoh/")
    expect(form.get_by_label("Nama lengkap")).to_have_value("Emerensiana Abuk")
    expect(form.get_by_label("NIK")).to_have_value("")


@only_with_script
def test_a_draft_goes_when_the_form_is_saved_and_not_before(form):
    to_review(form)
    assert draft(form) is not None
    form.get_by_role("button", name="Simpan anggota").click()
    expect(heading(form, "Emerensiana Abuk sudah tercatat")).to_be_visible()
    assert draft(form) is None


@only_with_script
def test_a_form_returned_by_the_server_is_not_overwritten_by_the_draft(form):
    to_review(form)
    form.evaluate(f"localStorage.setItem('{KEY}', '[[\"name\", \"Orang lain\"]]')")
    form.get_by_role("link", name="Ubah desa").click()
    form.evaluate("document.getElementById('id_village').value = 'Atambua'")
    go_on(form)
    form.get_by_role("button", name="Simpan anggota").click()
    expect(form.get_by_role("alert")).to_be_visible()
    expect(form.locator("#id_name")).to_have_value("Emerensiana Abuk")


@only_with_script
def test_another_users_draft_is_not_shown(form):
    form.evaluate("localStorage.setItem('draft:8:anggota', '[[\"name\", \"Orang lain\"]]')")
    form.reload()
    expect(form.get_by_label("Nama lengkap")).to_have_value("")
    expect(form.get_by_role("status")).to_have_count(0)


@only_with_script
@pytest.mark.parametrize("broken", ["not json", "7", '"x"', "[1]", "{}"])
def test_a_broken_draft_does_no_harm(form, broken):
    form.evaluate(f"localStorage.setItem('{KEY}', {json.dumps(broken)})")
    form.reload()
    fill_who(form)
    go_on(form)
    expect(heading(form, "Di mana")).to_be_visible()


@only_with_script
def test_the_form_works_where_the_browser_forbids_storage(page, live_server):
    page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new Error('forbidden'); }})"
    )
    page.goto(f"{live_server.url}/contoh/")
    fill_who(page)
    go_on(page)
    expect(heading(page, "Di mana")).to_be_visible()
    assert page.complaints == []
