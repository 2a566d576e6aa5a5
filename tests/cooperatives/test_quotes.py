"""A visitor asks for a quote: saved once, never by a program; answered once, read by who asked."""

import re
import threading
import time
import uuid
from datetime import date, timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from cooperatives import services
from cooperatives.forms import quote as forms
from cooperatives.models import QuoteRequest
from cooperatives.models.request import new_code
from malaka_portal import throttle
from malaka_portal.actors import acting
from malaka_portal.changes import changes_of, in_wita
from malaka_portal.models import RateCount, User
from tests.factories.cooperatives import CooperativeFactory, OfficerFactory
from tests.factories.enterprises import PublicProductFactory, QuoteRequestFactory
from tests.factories.portal import RateCountFactory, UserFactory, village
from tests.factories.roles import MALAKA, PUBLIC_SINCE, group

pytestmark = pytest.mark.django_db
REQUESTS = reverse("cooperatives:quoterequest-list")
WORK = reverse("cooperatives:work-list")
WANTED = {
    "what": "Selendang tenun merah",
    "quantity": "60",
    "unit": "piece",
    "needed_by": "",
    "contact_name": "Surya",
    "contact_phone": "0813-1111-2222",
    "message": "",
    "kosongkan": "",
}


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """Nobody waits in tests, but where waiting is what is tested."""
    monkeypatch.setattr(forms, "FASTEST", 0)


@pytest.fixture
def product():
    return PublicProductFactory(name="Selendang")


def form_of(product):
    return reverse("cooperatives:quote-create", args=[product.pk])


def send(client, product, key=None, **changes):
    hidden = {"_kunci": key or str(uuid.uuid4()), "opened_at": forms.stamp()}
    return client.post(form_of(product), WANTED | hidden | changes)


def page_of(quote):
    return reverse("cooperatives:quote-status", args=[quote.code])


def staff():
    village()
    user = UserFactory(area_id=MALAKA)
    user.groups.add(group("Staf program"))
    return User.objects.get(pk=user.pk)


# --- asking -------------------------------------------------------------------------------------


def test_a_request_is_saved_and_leads_to_its_own_page(client, product):
    response = send(client, product, needed_by="31-12-2030", quantity="1.500", message="Merah tua")
    quote = QuoteRequest.objects.get()

    assert (response.status_code, response["Location"]) == (302, page_of(quote))
    assert (quote.product, quote.cooperative) == (product, product.cooperative)
    assert (quote.what, quote.quantity, quote.unit) == ("Selendang tenun merah", 1500, "piece")
    assert (quote.needed_by, quote.message) == (date(2030, 12, 31), "Merah tua")
    assert (quote.contact_name, quote.contact_phone) == ("Surya", "+6281311112222")
    assert quote.status == "new"
    assert _("Received") in client.get(page_of(quote)).content.decode()


def test_a_cooperative_is_asked_for_what_it_does_not_show(client):
    cooperative = CooperativeFactory(public_since=PUBLIC_SINCE)
    url = reverse("cooperatives:quote-create-cooperative", args=[cooperative.pk])
    hidden = {"_kunci": str(uuid.uuid4()), "opened_at": forms.stamp()}
    client.post(url, WANTED | hidden)
    quote = QuoteRequest.objects.get()

    assert (quote.cooperative, quote.product) == (cooperative, None)


def test_the_form_knows_the_product_and_its_unit(client, product):
    form = client.get(form_of(product)).context["form"]

    assert (form["what"].value(), form["unit"].value()) == ("Selendang", "sheet")


def test_looking_at_the_form_writes_nothing(client, product):
    """No session either: every search engine looks at it."""
    other = reverse("cooperatives:quote-create-cooperative", args=[product.cooperative_id])
    for url in (form_of(product), other):
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        asked = [query["sql"] for query in captured]
        assert [sql for sql in asked if not sql.startswith("SELECT")] == []

    assert (Session.objects.count(), "sesi" in client.cookies) == (0, False)


def test_two_taps_make_one_request(client, product):
    client.get(form_of(product))
    key, opened = str(uuid.uuid4()), forms.stamp()
    answers = [send(client, product, key=key, opened_at=opened) for _tap in range(2)]

    assert QuoteRequest.objects.count() == 1
    assert answers[0]["Location"] == answers[1]["Location"]


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("what", ""),
        ("quantity", ""),
        ("quantity", "0"),
        ("quantity", "1.5"),
        ("quantity", "-3"),
        ("quantity", "9999999"),
        ("quantity", "enam"),
        ("unit", "lusin"),
        ("needed_by", "1-1-2020"),
        ("needed_by", "besok"),
        ("contact_name", ""),
        ("contact_phone", ""),
        ("contact_phone", "123"),
        ("message", "NIK saya 5321104507909001"),
        ("what", "x" * 151),
    ],
)
def test_what_cannot_be_answered_is_not_saved(client, product, field, typed):
    response = send(client, product, **{field: typed})

    assert response.status_code == 200
    assert list(response.context["form"].errors) == [field]
    assert (QuoteRequest.objects.count(), RateCount.objects.count()) == (0, 0)


def test_a_form_shown_again_keeps_what_was_typed(client, product):
    html = send(client, product, contact_phone="1", message="Tolong cepat").content.decode()

    assert "Tolong cepat" in html
    assert _("Error:") in html[: html.index("</title>")]


def test_the_history_says_that_a_visitor_asked(client, product):
    send(client, product)
    change = changes_of(QuoteRequest.objects.get(), personal=True)[0]

    assert (change.who, change.label) == (_("a visitor"), "insert")
    assert all(difference.label != "code" for difference in change.differences)


def test_a_visitor_has_no_right_to_what_was_asked(client, product):
    send(client, product)
    quote = QuoteRequest.objects.get()

    for name in ("detail", "answer", "history"):
        address = reverse(f"cooperatives:quoterequest-{name}", args=[quote.pk])
        assert client.get(address)["Location"].startswith("/masuk/")


def test_a_form_without_its_token_is_refused(product):
    strict = Client(enforce_csrf_checks=True)

    assert send(strict, product).status_code == 403
    assert QuoteRequest.objects.count() == 0


# --- programs -----------------------------------------------------------------------------------


def test_a_filled_trap_is_not_saved_and_says_so(client, product):
    key = str(uuid.uuid4())
    refused = send(client, product, key=key, kosongkan="https://spam.example")
    html = refused.content.decode()

    assert (refused.status_code, QuoteRequest.objects.count()) == (200, 0)
    assert refused.context["form"].non_field_errors() == [
        _(
            "Not sent yet: a box that nobody sees was filled in, perhaps by your browser. "
            "We have emptied it. Look at your request, then send it again."
        )
    ]
    assert "spam.example" not in html and WANTED["what"] in html
    assert _("Received") not in html


def test_whoever_was_no_program_sends_the_emptied_form_again(client, product):
    key = str(uuid.uuid4())
    form = send(client, product, key=key, kosongkan="Surya").context["form"]
    again = send(client, product, key=key, kosongkan=form["kosongkan"].value())

    assert (again.status_code, again["Location"]) == (302, page_of(QuoteRequest.objects.get()))


def test_a_filled_trap_is_emptied_beside_what_else_is_wrong(client, product):
    form = send(client, product, kosongkan="x", contact_phone="1").context["form"]

    assert (list(form.errors), form["kosongkan"].value()) == (["contact_phone"], "")


def test_the_trap_is_out_of_everybodys_way(client, product):
    html = client.get(form_of(product)).content.decode()
    box = re.search(r'<div class="visually-hidden" aria-hidden="true">.*?<input.*?>', html, re.S)[0]

    assert 'name="kosongkan"' in box
    assert 'tabindex="-1"' in box
    assert 'autocomplete="off"' in box


def test_who_is_too_fast_sends_again(client, product, monkeypatch):
    monkeypatch.setattr(forms, "FASTEST", 3)
    opened = forms.stamp()
    at_once = send(client, product, opened_at=opened)
    now = time.time()
    monkeypatch.setattr(forms.time, "time", lambda: now + 4)
    later = send(client, product, opened_at=opened)

    assert (at_once.status_code, later.status_code) == (200, 302)
    assert opened in at_once.content.decode()
    assert QuoteRequest.objects.count() == 1


@pytest.mark.parametrize("opened", ["", "1764000000", "x:y:z", "\0"])
def test_a_moment_that_we_did_not_write_is_replaced_by_ours(client, product, opened):
    response = send(client, product, opened_at=opened)
    again = response.context["form"]["opened_at"].value()

    assert (response.status_code, QuoteRequest.objects.count()) == (200, 0)
    assert send(client, product, opened_at=again).status_code == 302


# --- floods -------------------------------------------------------------------------------------


def test_the_sixth_request_for_a_number_waits(client, product):
    phones = [Client(REMOTE_ADDR=f"10.0.0.{n}") for n in range(6)]
    answers = [send(phone, product, message="Merah tua.") for phone in phones]

    assert [response.status_code for response in answers] == [302] * 5 + [429]
    refused = answers[-1].context["form"]
    assert [error.code for error in refused.errors.as_data()["__all__"]] == ["too_many"]
    assert refused["message"].value() == "Merah tua."  # nobody writes it twice
    assert QuoteRequest.objects.count() == 5
    assert send(client, product, contact_phone="0812-3456-7890").status_code == 302


def test_one_address_does_not_flood_the_portal(client, product, monkeypatch):
    monkeypatch.setattr(services.quote, "FROM_AN_ADDRESS", 3)
    phones = [f"0813-1111-{number:04}" for number in range(4)]
    answers = [send(client, product, contact_phone=phone) for phone in phones]
    elsewhere = Client(REMOTE_ADDR="10.0.0.9")

    assert [response.status_code for response in answers] == [302] * 3 + [429]
    assert send(elsewhere, product, contact_phone=phones[3]).status_code == 302


def test_the_addresses_of_one_ipv6_network_are_one_stranger(client, product, monkeypatch):
    monkeypatch.setattr(services.quote, "FROM_AN_ADDRESS", 3)
    near = [Client(REMOTE_ADDR=f"2001:db8:1:2:{number}::1") for number in range(4)]
    phones = [f"0813-1111-{number:04}" for number in range(5)]
    asked = zip(near, phones[:4], strict=True)
    answers = [send(phone, product, contact_phone=number) for phone, number in asked]
    elsewhere = Client(REMOTE_ADDR="2001:db8:1:3::1")

    assert [response.status_code for response in answers] == [302] * 3 + [429]
    assert send(elsewhere, product, contact_phone=phones[4]).status_code == 302


def test_after_an_hour_one_may_ask_again(client, product):
    for _number in range(6):
        refused = send(client, product)
    RateCount.objects.update(since=timezone.now() - timedelta(minutes=61))

    assert refused.status_code == 429
    assert send(client, product).status_code == 302


def test_counts_name_nobody_and_are_forgotten_after_a_day(client, product):
    RateCountFactory(key="old", since=timezone.now() - timedelta(hours=25))
    send(client, product)
    keys = list(RateCount.objects.values_list("key", flat=True))

    assert len(keys) == 2
    assert [key for key in keys if not re.fullmatch("[0-9a-f]{64}", key)] == []


@pytest.mark.django_db(transaction=True)
def test_counting_is_exact_under_many_at_once():
    passed = at_once(
        8, lambda _n: throttle.within_limit("t", "a", most=5, window=services.quote.HOUR)
    )

    assert sorted(passed) == [False] * 3 + [True] * 5


def at_once(number, act):
    """What `act(n)` gives or raises in as many threads, each with a connection of its own."""
    found, gate = [None] * number, threading.Barrier(number)

    def run(n):
        gate.wait()
        try:
            found[n] = act(n)
        except ValidationError as error:
            found[n] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[n]) for n in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


# --- the buyer's page ---------------------------------------------------------------------------


@pytest.mark.parametrize("code", ["x", "AAAAAAAAAAAA", "AAAAAAAAAAAAA", "%00AAAAAAAAAAA", "é" * 12])
def test_unknown_and_malformed_codes_are_the_same_missing_page(client, code):
    known_shape = client.get("/p/AAAAAAAAAAAB").content.decode()
    response = client.get(f"/p/{quote(code, safe='%')}")
    html = re.sub(r'href="/en/p/[^"]*"', 'href="/en/p/AAAAAAAAAAAB"', response.content.decode())

    assert (response.status_code, html) == (404, known_shape)


def test_codes_are_as_the_address_wants_them():
    assert [c for c in (new_code() for _n in range(200)) if not re.fullmatch(r"[\w-]{12}", c)] == []


def test_the_buyers_page_is_nobody_elses(client, product):
    response = client.get(page_of(QuoteRequestFactory(cooperative=product.cooperative)))

    assert response["Cache-Control"] == "no-store"
    assert response["Referrer-Policy"] == "no-referrer"
    assert response["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize(
    ("status", "heading", "shown"),
    [
        ("answered", "There is an answer", True),
        ("declined", "The cooperative cannot supply this", True),
        ("refused", "This request is closed", False),
    ],
)
def test_the_buyer_reads_what_became_of_it(client, status, heading, shown):
    quote = QuoteRequestFactory()
    officer = OfficerFactory(cooperative=quote.cooperative).user
    services.answer_quote(quote=quote, status=status, answer="Rp275.000 per helai", by=officer)
    text = client.get(page_of(quote)).content.decode()

    assert f"<h1>{_(heading)}</h1>" in text
    assert ("Rp275.000 per helai" in text) == shown
    assert officer.get_full_name() not in text


# --- answering ----------------------------------------------------------------------------------


def answer(client, quote, act="answered", text="Rp275.000 per helai", key=None):
    address = reverse("cooperatives:quoterequest-answer", args=[quote.pk])
    sent = {"act": act, "answer": text, "_kunci": key or str(uuid.uuid4())}
    return client.post(address, sent)


@pytest.mark.parametrize("act", ["answered", "declined", "refused"])
def test_an_officer_answers_once(client, act):
    quote = QuoteRequestFactory()
    officer = OfficerFactory(cooperative=quote.cooperative).user
    client.force_login(officer)
    response = answer(client, quote, act)
    quote.refresh_from_db()

    assert response["Location"] == quote.get_absolute_url()
    assert (quote.status, quote.answered_by, quote.answer) == (act, officer, "Rp275.000 per helai")
    assert quote.answered_at is not None


@pytest.mark.parametrize(("act", "text"), [("answered", ""), ("new", "x"), ("", "x")])
def test_an_answer_says_something(client, act, text):
    quote = QuoteRequestFactory()
    client.force_login(OfficerFactory(cooperative=quote.cooperative).user)
    response = answer(client, quote, act, text)
    quote.refresh_from_db()

    assert (response.status_code, quote.status) == (200, "new")
    assert response.context["form"].errors


def test_the_second_to_answer_is_told_who_was_first(client):
    quote = QuoteRequestFactory()
    first = OfficerFactory(
        cooperative=quote.cooperative, user__first_name="Yosefina", user__last_name="Bria"
    ).user
    services.answer_quote(quote=quote, status="declined", answer="", by=first)
    client.force_login(OfficerFactory(cooperative=quote.cooperative, role="treasurer").user)
    text = answer(client, quote).content.decode()
    quote.refresh_from_db()

    assert "Yosefina Bria" in text
    assert (quote.status, quote.answered_by) == ("declined", first)


def two_officers(quote):
    roles = ("chair", "treasurer")
    return [OfficerFactory(cooperative=quote.cooperative, role=role).user for role in roles]


def answer_as(quote, user):
    with acting(user=user.pk):
        return services.answer_quote(quote=quote, status="answered", answer="ya", by=user)


@pytest.mark.django_db(transaction=True)
def test_of_two_who_answer_at_once_one_is_told():
    quote = QuoteRequestFactory()
    users = two_officers(quote)

    found = at_once(2, lambda n: answer_as(quote, users[n]))
    told = [result for result in found if isinstance(result, ValidationError)]
    quote.refresh_from_db()

    assert len(told) == 1
    assert quote.answered_by.get_full_name() in told[0].messages[0]


@pytest.mark.django_db(transaction=True)
def test_without_the_lock_both_would_believe_to_be_first(monkeypatch):
    """The negative control: the same two, when neither waits for the other."""
    quote = QuoteRequestFactory()
    users, both_have_read = two_officers(quote), threading.Barrier(2)

    class Unlocked:
        def select_for_update(self, **kwargs):
            return self

        def get(self, pk):
            row = QuoteRequest._base_manager.get(pk=pk)
            both_have_read.wait(timeout=10)
            return row

    monkeypatch.setattr(QuoteRequest, "objects", Unlocked())
    found = at_once(2, lambda n: answer_as(quote, users[n]))

    assert [result for result in found if isinstance(result, ValidationError)] == []


# --- correcting an answer -------------------------------------------------------------------------


@pytest.fixture
def answered():
    """A request that Yosefina has answered two hours ago."""
    quote = QuoteRequestFactory()
    who = OfficerFactory(
        cooperative=quote.cooperative, user__first_name="Yosefina", user__last_name="Bria"
    ).user
    earlier = timezone.now() - timedelta(hours=2)
    with time_machine.travel(earlier, tick=False), acting(user=who.pk):
        services.answer_quote(quote=quote, status="answered", answer="Rp275.000", by=who)
    quote.refresh_from_db()
    return quote


def correction_of(quote):
    return reverse("cooperatives:quoterequest-correct", args=[quote.pk])


def correct(client, quote, text="Rp285.000", status="answered", version=None):
    sent = {"status": status, "answer": text, "_versi": version or quote.version}
    return client.post(correction_of(quote), sent)


def colleague_of(quote):
    return OfficerFactory(cooperative=quote.cooperative, role="treasurer").user


def test_an_answer_is_corrected_and_the_buyer_reads_the_newest_with_its_time(client, answered):
    first_time = answered.answered_at
    before = client.get(page_of(answered)).content.decode()
    client.force_login(colleague_of(answered))
    response = correct(client, answered, "Rp285.000 per helai")
    answered.refresh_from_db()
    client.logout()
    buyer = client.get(page_of(answered)).content.decode()

    assert response["Location"] == answered.get_absolute_url()
    assert answered.answered_at > first_time + timedelta(hours=1)
    assert "Rp285.000 per helai" in buyer and "Rp275.000" not in buyer
    assert in_wita(answered.answered_at) in buyer and in_wita(first_time) not in buyer
    told = str(_("The cooperative corrected its answer. This one holds."))
    assert (told in before, told in buyer) == (False, True)


def test_the_history_shows_both_answers_and_who_gave_them(client, answered):
    user = colleague_of(answered)
    client.force_login(user)
    correct(client, answered)
    history = reverse("cooperatives:quoterequest-history", args=[answered.pk])
    text = client.get(history).content.decode()

    assert "<del>Rp275.000</del>" in text and "Rp285.000" in text
    assert "Yosefina Bria" in text and user.get_full_name() in text
    assert history in client.get(answered.get_absolute_url()).content.decode()


@pytest.mark.parametrize("status", ["declined", "refused"])
def test_what_was_decided_may_be_corrected_too(client, answered, status):
    client.force_login(colleague_of(answered))
    correct(client, answered, "", status)
    answered.refresh_from_db()

    assert (answered.status, answered.answer) == (status, "")
    assert correct(client, answered, "", "answered").context["form"].errors
    assert correct(client, answered, "Rp1", "new").context["form"].errors


def test_sent_unchanged_the_answer_keeps_its_time_and_its_author(client, answered):
    client.force_login(colleague_of(answered))
    assert correct(client, answered, "Rp275.000").status_code == 302
    kept = QuoteRequest.objects.get()

    assert (kept.answered_at, kept.answered_by) == (answered.answered_at, answered.answered_by)
    assert not kept.is_corrected


def test_of_two_who_correct_the_second_sees_the_firsts_answer(client, answered):
    opened = answered.version
    client.force_login(colleague_of(answered))
    correct(client, answered, "Rp285.000")
    response = correct(client, answered, "Rp295.000", version=opened)
    form = response.context["form"]

    assert QuoteRequest.objects.get().answer == "Rp285.000"
    assert form.has_error("__all__", "edit_conflict")
    assert form.errors["answer"] == [_("Stored now: %(value)s") % {"value": "Rp285.000"}]
    assert correct(client, answered, "Rp295.000", version=form.data["_versi"]).status_code == 302
    assert QuoteRequest.objects.get().answer == "Rp295.000"


def test_a_request_that_waits_has_no_answer_to_correct(client):
    quote = QuoteRequestFactory()
    client.force_login(OfficerFactory(cooperative=quote.cooperative).user)

    assert client.get(correction_of(quote))["Location"] == quote.get_absolute_url()
    response = correct(client, quote)
    assert response.context["form"].non_field_errors() == [_("Nobody has answered this yet.")]
    assert QuoteRequest.objects.get().status == "new"
    assert correction_of(quote) not in client.get(quote.get_absolute_url()).content.decode()


def test_only_who_may_answer_corrects(client, answered):
    supervisor = OfficerFactory(
        cooperative=answered.cooperative, body="supervisors", role="member"
    ).user
    client.force_login(supervisor)

    assert correct(client, answered).status_code == 403
    assert correction_of(answered) not in client.get(answered.get_absolute_url()).content.decode()
    client.force_login(OfficerFactory().user)
    assert correct(client, answered).status_code == 404
    assert QuoteRequest.objects.get().answer == "Rp275.000"


# --- inside -------------------------------------------------------------------------------------


def listed(client, query=""):
    return [row.object.what for row in client.get(REQUESTS + query).context["rows"]]


def test_an_officer_sees_the_requests_of_the_own_cooperative(client):
    term = OfficerFactory()
    QuoteRequestFactory(cooperative=term.cooperative, what="milik sendiri")
    QuoteRequestFactory(what="orang lain")
    client.force_login(term.user)

    assert listed(client) == ["milik sendiri"]
    text = client.get(WORK).content.decode()
    assert "milik sendiri" in text and "orang lain" not in text
    assert _("Requests for quotes: %(count)s") % {"count": 1} in text


def test_staff_see_the_requests_of_their_area(client):
    far = CooperativeFactory(village=village("33.01.01.2001", "Jauh"))
    QuoteRequestFactory(cooperative=far, what="jauh")
    QuoteRequestFactory(cooperative=CooperativeFactory(village=village()), what="dekat")
    client.force_login(staff())

    assert listed(client) == ["dekat"]


def test_requests_are_filtered_by_state_and_by_how_long_they_wait(client):
    term = OfficerFactory()
    rows = {
        what: QuoteRequestFactory(cooperative=term.cooperative, what=what)
        for what in ("lama", "baru", "selesai")
    }
    old = timezone.now() - timedelta(days=3, minutes=1)
    QuoteRequest.objects.filter(pk=rows["lama"].pk).update(created_at=old)
    services.answer_quote(quote=rows["selesai"], status="answered", answer="x", by=term.user)
    client.force_login(term.user)

    assert listed(client) == ["selesai", "baru", "lama"]
    assert listed(client, "?status=new") == ["baru", "lama"]
    assert listed(client, "?status=late") == ["lama"]
    assert listed(client, "?status=answered") == ["selesai"]
    assert capfirst(_("waiting for more than 3 days")) in client.get(WORK).content.decode()


def test_whoever_may_not_see_personal_data_does_not_see_who_asked(client):
    quote = QuoteRequestFactory(cooperative=CooperativeFactory(village=village()))
    user = UserFactory(area_id=MALAKA, granted=["cooperatives.view_quoterequest"])
    client.force_login(user)
    pages = [client.get(url).content.decode() for url in (REQUESTS, quote.get_absolute_url())]

    assert all(quote.what in page for page in pages)
    assert [page for page in pages if "Surya" in page or "3456" in page] == []


def test_the_officer_writes_to_the_buyer_by_whatsapp(client):
    quote = QuoteRequestFactory()
    client.force_login(OfficerFactory(cooperative=quote.cooperative).user)
    text = client.get(quote.get_absolute_url()).content.decode()

    assert "https://wa.me/6281234567890?text=" in text
    assert f"%2Fp%2F{quote.code}" in text


@pytest.mark.parametrize("url", [REQUESTS, WORK])
def test_the_lists_cost_the_same_for_any_number_of_requests(client, url):
    term = OfficerFactory()
    client.force_login(term.user)
    client.get(reverse("account"))  # opens the session's clock
    costs = []
    for more in (1, 2):
        for _number in range(more):
            QuoteRequestFactory(cooperative=term.cooperative)
        with CaptureQueriesContext(connection) as captured:
            client.get(url)
        costs.append(sum("SAVEPOINT" not in query["sql"] for query in captured))

    assert costs[0] == costs[1] <= 8


# --- what the database keeps true ---------------------------------------------------------------


@pytest.mark.parametrize("values", [{"quantity": 0}, {"status": "answered"}])
def test_the_database_refuses(values):
    with pytest.raises(IntegrityError), transaction.atomic():
        QuoteRequestFactory(**values)


def test_a_code_is_one_requests_own():
    first = QuoteRequestFactory()

    with pytest.raises(IntegrityError), transaction.atomic():
        QuoteRequestFactory(code=first.code)
