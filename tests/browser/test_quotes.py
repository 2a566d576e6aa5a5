"""A visitor asks for a quote on a phone, the officer finds it and answers, the visitor reads it."""

import pytest
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from playwright.sync_api import expect

from cooperatives import services
from cooperatives.forms import quote as forms
from cooperatives.models import QuoteRequest
from tests.factories.cooperatives import OfficerFactory
from tests.factories.enterprises import (
    PriceChangeFactory,
    ProductPhotoFactory,
    PublicProductFactory,
    QuoteRequestFactory,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def product():
    product = PublicProductFactory(
        name="Selendang futus merah",
        palette="madder",
        enterprise__kind="weavers",
        enterprise__owner=None,
    )
    PriceChangeFactory(product=product)
    ProductPhotoFactory(product=product, size_bytes=43_000)
    return product


def fill(page, **answers):
    for name, value in answers.items():
        page.locator(f"main [name={name}]").fill(value)


ANSWERS = {"quantity": "60", "contact_name": "Surya", "contact_phone": "0813-1111-2222"}


def test_a_visitor_asks_an_officer_answers_and_the_visitor_reads_it(
    page, phone, live_server, sign_in, product, monkeypatch
):
    monkeypatch.setattr(forms, "FASTEST", 0)
    page.goto(live_server.url)
    page.get_by_role("link", name="Selendang futus merah", exact=True).click()
    page.get_by_role("link", name=_("Ask for a quote")).click()
    page.get_by_role("button", name=_("Send the request")).click()
    expect(page.get_by_role("alert")).to_be_visible()
    fill(page, **ANSWERS)
    page.get_by_role("button", name=_("Send the request")).click()
    page.get_by_role("heading", name=_("Received"), exact=True).wait_for()
    own_page = page.url
    quote = QuoteRequest.objects.get()
    assert own_page == f"{live_server.url}/p/{quote.code}"
    page.reload()
    assert QuoteRequest.objects.count() == 1

    officer = sign_in(phone(), OfficerFactory(cooperative=product.cooperative).user)
    officer.goto(live_server.url + reverse("cooperatives:work-list"))
    officer.get_by_role("link", name=str(quote)).click()
    expect(officer.get_by_text("0813-1111-2222")).to_be_visible()
    fill(officer, answer="Rp275.000 per helai, siap 12 Desember")
    officer.get_by_role("button", name=_("Send the answer")).click()
    officer.get_by_role("heading", name=capfirst(_("answered")), exact=True).wait_for()
    link = officer.get_by_role("link", name=_("Tell the buyer by WhatsApp")).get_attribute("href")
    assert link.startswith("https://wa.me/6281311112222?text=")

    page.goto(own_page)
    expect(page.get_by_role("heading", name=_("There is an answer"))).to_be_visible()
    expect(page.get_by_text("Rp275.000 per helai, siap 12 Desember")).to_be_visible()
    assert page.complaints == []


def test_an_officer_corrects_an_answer_and_the_visitor_reads_the_newest(
    page, phone, live_server, sign_in, product
):
    quote = QuoteRequestFactory(cooperative=product.cooperative, product=product)
    user = OfficerFactory(cooperative=product.cooperative).user
    services.answer_quote(quote=quote, status="answered", answer="Rp275.000 per helai", by=user)
    officer = sign_in(phone(), user)
    officer.goto(live_server.url + quote.get_absolute_url())
    officer.get_by_role("link", name=_("Correct the answer")).click()
    assert officer.locator("main [name=answer]").input_value() == "Rp275.000 per helai"
    fill(officer, answer="")
    officer.get_by_role("button", name=_("Save")).click()
    expect(officer.get_by_role("alert")).to_be_visible()
    fill(officer, answer="Rp285.000 per helai, siap 20 Desember")
    officer.get_by_role("button", name=_("Save")).click()
    officer.get_by_role("link", name=_("corrected; see the earlier answer")).click()
    expect(officer.locator("main del", has_text="Rp275.000 per helai")).to_be_visible()

    page.goto(live_server.url + reverse("cooperatives:quote-status", args=[quote.code]))
    expect(page.get_by_text("Rp285.000 per helai, siap 20 Desember")).to_be_visible()
    told = _("The cooperative corrected its answer. This one holds.")
    expect(page.get_by_text(told)).to_be_visible()
    assert page.get_by_text("Rp275.000").count() == 0
    assert page.complaints == []


def test_whose_browser_fills_everything_in_is_told_and_sends_again(
    page, live_server, product, monkeypatch
):
    monkeypatch.setattr(forms, "FASTEST", 0)
    page.goto(live_server.url + reverse("cooperatives:quote-create", args=[product.pk]))
    fill(page, **ANSWERS)
    assert page.locator("main div[aria-hidden]").bounding_box()["width"] <= 1  # nobody sees it
    page.locator("main [name=kosongkan]").fill("https://spam.example", force=True)
    page.get_by_role("button", name=_("Send the request")).click()
    expect(page.get_by_role("alert")).to_be_visible()
    assert QuoteRequest.objects.count() == 0

    page.get_by_role("button", name=_("Send the request")).click()
    page.get_by_role("heading", name=_("Received"), exact=True).wait_for()
    assert QuoteRequest.objects.count() == 1


def test_who_sends_at_once_is_asked_to_look_again(page, live_server, product, monkeypatch):
    monkeypatch.setattr(forms, "FASTEST", 60)
    page.goto(live_server.url + reverse("cooperatives:quote-create", args=[product.pk]))
    fill(page, **ANSWERS)
    page.get_by_role("button", name=_("Send the request")).click()
    expect(page.get_by_role("alert")).to_be_visible()
    monkeypatch.setattr(forms, "FASTEST", 0)
    page.get_by_role("button", name=_("Send the request")).click()
    page.get_by_role("heading", name=_("Received"), exact=True).wait_for()

    assert QuoteRequest.objects.count() == 1


def test_the_photo_is_fetched_when_it_is_tapped(page, live_server, product):
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(live_server.url + reverse("cooperatives:showcase-product", args=[product.pk]))
    page.wait_for_load_state("networkidle")
    assert [url for url in asked if "/foto/" in url] == []

    page.get_by_role("link", name="42 KB").click()
    page.get_by_role("img", name="Tais feto").wait_for()
    page.wait_for_load_state("networkidle")

    assert page.locator("main img").evaluate("image => image.naturalWidth") == 40
    assert page.complaints == []
