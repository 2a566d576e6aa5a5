"""A form that is sent twice is saved once; one that is not saved leaves nothing."""

import hashlib
import re
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from html import unescape

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection
from django.test import Client
from django.utils.translation import gettext as _

from malaka_portal import strangers
from malaka_portal.models import RegionAlias, Submission
from tests.factories.portal import RegionFactory, SubmissionFactory, UserFactory
from tests.portal import once_urls

pytestmark = pytest.mark.urls("tests.portal.once_urls")
URL = "/uji/sekali/"
KEYS = 500
AT_ONCE = 6
HIDDEN = re.compile(r'<input type="hidden"\s+name="([^"]*)"\s+value="([^"]*)"( data-private)?>')


@pytest.fixture
def region(db):
    return RegionFactory()


@pytest.fixture
def officer(client, region):
    user = UserFactory()
    client.force_login(user)
    return user


def send(client, url=URL, *, key=None, **answers):
    return client.post(url, {"_kunci": key or str(uuid.uuid4()), "name": "Alas"} | answers)


def hidden(response):
    """The hidden inputs of a page, as (name, value), without the CSRF token."""
    found = HIDDEN.findall(response.content.decode())
    return [(n, unescape(v)) for n, v, _private in found if n != "csrfmiddlewaretoken"]


def saved():
    return RegionAlias.objects.count(), Submission.objects.count()


# --- one key, one row ---------------------------------------------------------------------------


@pytest.mark.parametrize("url", [URL, "/uji/kelas/"])
def test_the_same_form_again_leads_to_the_first_page(client, officer, url):
    key = str(uuid.uuid4())
    first, again = send(client, url, key=key), send(client, url, key=key)

    assert (first.status_code, again.status_code) == (302, 302)
    assert first["Location"] == again["Location"]
    assert saved() == (1, 1)


def test_the_button_under_the_review_is_no_answer(client, officer):
    """Who goes back and sends the review again without it gets to what was saved from it."""
    key = str(uuid.uuid4())
    first, again = send(client, key=key, simpan="1"), send(client, key=key)

    assert first["Location"] == again["Location"]
    assert saved() == (1, 1)


def test_the_row_says_whose_which_and_where_it_led(client, officer):
    key = uuid.uuid4()
    response = send(client, key=str(key))
    row = Submission.objects.get()

    assert (row.user, row.session_hash, row.form, row.key) == (officer, "", "alias", key)
    assert row.result_url == response["Location"]
    assert re.fullmatch("[0-9a-f]{64}", row.fingerprint)


def test_a_new_key_is_a_new_record(client, officer):
    send(client)
    send(client)

    assert saved() == (2, 2)


def test_the_same_key_in_another_form_is_independent(client, officer):
    key = str(uuid.uuid4())
    send(client, key=key)
    send(client, "/uji/lain/", key=key)

    assert saved() == (2, 2)


def test_the_same_key_at_another_address_asks(client, officer):
    """Or one would be shown another person's record as the result of one's own form."""
    key = str(uuid.uuid4())
    send(client, "/uji/sekali/1/", key=key)

    assert send(client, "/uji/sekali/2/", key=key).status_code == 409
    assert saved() == (1, 1)


def test_the_same_key_of_another_user_is_independent(client, officer):
    key = str(uuid.uuid4())
    other = Client()
    other.force_login(UserFactory())
    first, second = send(client, key=key), send(other, key=key)

    assert first["Location"] != second["Location"]
    assert saved() == (2, 2)


@pytest.mark.parametrize("key", ["", "123", "x" * 36, "' OR 1=1 --", "\0"])
def test_without_a_proper_key_nothing_is_saved(client, officer, key):
    response = client.post(URL, {"_kunci": key, "name": "Alas"})
    sentence = _(
        "This form came without its number, so we cannot see whether it was saved before. "
        "Open the page again and fill in the form once more."
    )

    assert response.status_code == 400
    assert sentence in response.content.decode()
    assert saved() == (0, 0)


def test_no_key_at_all(client, officer):
    assert client.post(URL, {"name": "Alas"}).status_code == 400


def test_a_get_needs_no_key_and_writes_nothing(client, officer):
    assert client.get(URL).status_code == 200
    assert saved() == (0, 0)


def test_saving_once_costs_four_statements(client, officer, django_assert_num_queries):
    """Savepoint, insert, update, release. A replay looks instead of saving."""
    key = str(uuid.uuid4())
    client.get(URL)
    with django_assert_num_queries(5):  # session, user, alias; the request's own two savepoints
        send(client, "/uji/tanpa/")
    with django_assert_num_queries(5 + 4):
        send(client, key=key)
    with django_assert_num_queries(4 + 4):
        send(client, key=key)


# --- files --------------------------------------------------------------------------------------


def photo(content, name="foto.jpg"):
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def test_files_count_by_their_content(client, officer):
    key = str(uuid.uuid4())
    send(client, key=key, photo=photo(b"satu"))

    assert send(client, key=key, photo=photo(b"satu", "lain.jpg")).status_code == 302
    assert send(client, key=key, photo=photo(b"dua")).status_code == 409
    assert send(client, key=key).status_code == 409
    assert saved() == (1, 1)


def test_the_view_reads_a_file_from_its_beginning(client, officer, monkeypatch):
    read = []
    monkeypatch.setattr(once_urls.AliasForm, "clean_photo", clean_photo(read), raising=False)
    send(client, photo=photo(b"isi berkas"))

    assert read == [b"isi berkas"]


def clean_photo(read):
    def clean(form):
        read.append(form.cleaned_data["photo"].read())

    return clean


# --- the fingerprint ----------------------------------------------------------------------------


def test_fingerprints_of_equal_forms_differ_so_that_nobody_can_look_them_up(client, officer):
    send(client, nik="5321104507909001")
    send(client, nik="5321104507909001")

    assert len(set(Submission.objects.values_list("fingerprint", flat=True))) == 2


def test_a_replay_is_known_after_the_secret_key_has_changed(client, officer, settings):
    key = str(uuid.uuid4())
    send(client, key=key)
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another"

    assert send(client, key=key).status_code == 302
    assert saved() == (1, 1)


# --- other answers under the same key -----------------------------------------------------------


@pytest.fixture
def conflict(client, officer):
    key = str(uuid.uuid4())
    first = send(client, key=key, name="Alas")
    answers = {
        "_kunci": key,
        "name": '<b>Alas & "Selatan"</b>',
        "kind": "a",
        "nik": "5321104507909001",
        "note": "baris satu\nbaris dua",
        "tags": ["x", "y"],
        "unknown": "apa saja",
        "photo": photo(b"isi"),
    }
    return first, client.post(URL, answers), key


def test_other_answers_are_kept_escaped_and_repeated_names_too(conflict):
    _first, response, key = conflict
    inputs = dict.fromkeys(name for name, _value in hidden(response))

    assert response.status_code == 409
    assert saved() == (1, 1)
    assert "<b>Alas" not in response.content.decode()
    assert hidden(response)[1:] == [
        ("name", '<b>Alas & "Selatan"</b>'),
        ("kind", "a"),
        ("nik", "5321104507909001"),
        ("note", "baris satu\nbaris dua"),
        ("tags", "x"),
        ("tags", "y"),
        ("unknown", "apa saja"),
    ]
    assert list(inputs)[0] == "_kunci"
    assert hidden(response)[0][1] != key


def test_the_page_shows_what_was_sent_and_links_what_was_saved(conflict):
    first, response, _key = conflict
    html = unescape(response.content.decode())
    shown = re.findall(r"<dt>(.*?)</dt>\s*<dd>\s*(.*?)\s*</dd>", html, re.DOTALL)

    assert f'href="{first["Location"]}"' in html
    assert shown == [
        ("Nama", '<b>Alas & "Selatan"</b>'),
        ("Jenis", "Ejaan lama"),
        ("NIK pencatat", _("not shown here")),
        ("Catatan", "baris satu\nbaris dua"),
        ("Tanda", "Resmi, Setempat"),
    ]
    sentence = _(
        "The files and photos you chose cannot be kept. Add them again afterwards; if one is "
        "needed, the form will ask for it."
    )
    assert sentence in html


def test_private_and_unexplained_inputs_are_marked(conflict):
    found = HIDDEN.findall(conflict[1].content.decode())

    assert {name for name, _value, private in found if private} == {"nik", "unknown"}


def test_a_form_without_class_shows_no_answers_and_marks_all_as_private(client, officer):
    key = str(uuid.uuid4())
    send(client, "/uji/lain/", key=key)
    response = send(client, "/uji/lain/", key=key, name="Lain")
    private = [n for n, _value, mark in HIDDEN.findall(response.content.decode()) if mark]

    assert b"<dt>" not in response.content
    assert private == ["name"]


def test_the_button_saves_it_as_a_new_record(client, conflict):
    _first, response, _key = conflict
    answers = {}
    for name, value in hidden(response):
        answers.setdefault(name, []).append(value)

    assert client.post(URL, answers).status_code == 302
    assert saved() == (2, 2)
    assert RegionAlias.objects.filter(name__startswith='<b>Alas & "Selatan"</b>').count() == 1


# --- what is not saved leaves nothing -----------------------------------------------------------


def test_a_form_with_errors_leaves_no_row_and_keeps_its_key(client, officer):
    key = str(uuid.uuid4())
    refused = send(client, key=key, name="")

    assert refused.status_code == 200
    assert ("_kunci", key) in hidden(refused)
    assert saved() == (0, 0)
    assert send(client, key=key, name="Alas").status_code == 302
    assert saved() == (1, 1)


@pytest.mark.parametrize("end", ["page", "elsewhere", "sign-in"])
def test_an_act_that_does_not_end_on_a_page_of_ours_is_undone(client, officer, end):
    send(client, f"/uji/lalu/{end}/")

    assert saved() == (0, 0)


@pytest.mark.parametrize(("end", "status"), [("missing", 404), ("refused", 403), ("error", 500)])
@pytest.mark.parametrize("signed_in", [True, False])
def test_an_exception_leaves_nothing(client, officer, end, status, signed_in):
    client = client if signed_in else Client()
    client.raise_request_exception = False
    response = send(client, f"/uji/{'lalu' if signed_in else 'umum'}/{end}/")

    assert response.status_code == status
    assert saved() == (0, 0)


# --- people who are not signed in ---------------------------------------------------------------


def test_strangers_are_known_by_their_cookie(region):
    key, one, other = str(uuid.uuid4()), Client(), Client()
    first = send(one, "/uji/umum/", key=key)

    assert send(one, "/uji/umum/", key=key)["Location"] == first["Location"]
    assert send(other, "/uji/umum/", key=key)["Location"] != first["Location"]
    assert saved() == (2, 2)
    assert all(row.session_hash and row.user is None for row in Submission.objects.all())


def test_the_number_of_a_stranger_is_not_kept(region):
    client = Client()
    send(client, "/uji/umum/")
    kept = Submission.objects.get().session_hash

    assert kept == hashlib.sha256(client.cookies["tamu"].value.encode()).hexdigest()


def test_a_stranger_has_a_number_before_sending_and_keeps_it(region):
    """Else two taps on a first visit would come from two people."""
    client = Client()
    client.get("/uji/umum/")
    cookie = client.cookies["tamu"]
    number = cookie.value
    client.get("/uji/umum/")
    send(client, "/uji/umum/")

    assert (client.cookies["tamu"].value, len(number)) == (number, 22)
    assert (cookie["httponly"], cookie["samesite"], cookie["max-age"]) == (True, "Lax", 604800)


def test_looking_at_a_form_and_sending_it_make_no_session(region):
    client = Client()
    client.get("/uji/umum/")
    send(client, "/uji/umum/")

    assert (Session.objects.count(), "sesi" in client.cookies) == (0, False)


@pytest.mark.parametrize("made_up", ["", "x", "a" * 23, "a" * 21 + "ä", "'; DROP TABLE x; --abc"])
def test_a_number_that_we_never_give_is_replaced(region, made_up):
    client = Client()
    client.cookies["tamu"] = made_up
    client.get("/uji/umum/")

    assert strangers.NUMBER.fullmatch(client.cookies["tamu"].value)


def test_whoever_is_signed_in_gets_no_number(client, officer):
    client.get(URL)

    assert "tamu" not in client.cookies


def test_a_page_without_such_a_form_begins_no_session(db):
    client = Client()
    client.get("/masuk/")

    assert not {"sesi", "tamu"} & set(client.cookies)


# --- the key in the form ------------------------------------------------------------------------


def test_every_rendering_has_a_key_of_its_own(client, officer):
    one, other = hidden(client.get(URL)), hidden(client.get(URL))

    assert [name for name, _value in one] == ["_kunci"]
    assert uuid.UUID(one[0][1]) != uuid.UUID(other[0][1])


def test_a_posted_key_that_is_none_is_not_printed_again(client, officer):
    response = client.post("/uji/tanpa/", {"_kunci": '"><script>', "name": ""})

    assert uuid.UUID(dict(hidden(response))["_kunci"])


def test_another_form_on_the_page_does_not_take_over_the_key(rf):
    from malaka_portal.templatetags.portal import idempotency_key

    key = str(uuid.uuid4())
    request = rf.post("/", {"_kunci": key})
    request.user = UserFactory.build()
    context = {"request": request}

    assert key in idempotency_key(context)
    assert key in idempotency_key(context, once_urls.AliasForm({}))
    assert key not in idempotency_key(context, once_urls.AliasForm())


# --- posts that waited on the phone -------------------------------------------------------------


def queued(client, url=URL, **answers):
    return client.post(url, {"name": "Alas"} | answers, headers={"X-Antre": "1"})


def test_a_queued_post_is_told_its_key_when_saved_now_and_before(client, officer):
    key = str(uuid.uuid4())
    first, again = queued(client, _kunci=key), queued(client, _kunci=key)

    assert (first.status_code, again.status_code) == (201, 201)
    assert (first["X-Antre-Saved"], again["X-Antre-Saved"]) == (key, key)
    assert first["Location"] == again["Location"]
    assert saved() == (1, 1)


@pytest.mark.parametrize(
    ("answers", "status"), [({"name": ""}, 422), ({"name": "Lain"}, 409), ({"_kunci": ""}, 400)]
)
def test_a_queued_post_that_is_not_saved_is_not_taken_for_saved(client, officer, answers, status):
    key = str(uuid.uuid4())
    send(client, key=key)
    if status == 422:
        key = str(uuid.uuid4())
    response = queued(client, **{"_kunci": key} | answers)

    assert response.status_code == status
    assert "X-Antre-Saved" not in response


def test_a_queued_post_without_a_session_is_no_login_page(region):
    response = queued(Client(), _kunci=str(uuid.uuid4()))

    assert (response.status_code, "Location" in response) == (401, False)


def test_an_ordinary_post_carries_no_such_header(client, officer):
    assert "X-Antre-Saved" not in send(client)


# --- the table ----------------------------------------------------------------------------------


def test_a_key_is_once_per_owner_and_form(db):
    row = SubmissionFactory()
    with pytest.raises(IntegrityError, match="submission_once"):
        SubmissionFactory(user=row.user, form=row.form, key=row.key)


def test_a_key_is_once_per_session_too(db):
    row = SubmissionFactory(user=None, session_hash="a" * 64)
    with pytest.raises(IntegrityError, match="submission_once"):
        SubmissionFactory(user=None, session_hash="a" * 64, form=row.form, key=row.key)


@pytest.mark.parametrize("session_hash", ["", "a" * 64])
def test_a_row_has_exactly_one_owner(db, session_hash):
    user = UserFactory() if session_hash else None
    with pytest.raises(IntegrityError, match="submission_has_one_owner"):
        SubmissionFactory(user=user, session_hash=session_hash)


def test_nobody_but_administrators_sees_the_rows(client, db):
    row = SubmissionFactory()
    staff = UserFactory(is_staff=True, granted=["malaka_portal.view_submission"])
    client.force_login(staff)

    assert list(Submission.objects.visible_to(row.user)) == []
    assert client.get("/admin/malaka_portal/submission/").status_code == 200
    assert client.get("/admin/malaka_portal/submission/add/").status_code == 403


# --- at the same moment -------------------------------------------------------------------------


@pytest.fixture
def crowd(transactional_db):
    """Sends (url, key) pairs from twelve browsers of one user at once; gives the answers."""
    RegionFactory()
    owner = Client()
    owner.force_login(UserFactory())
    here = threading.local()

    def one(post):
        if not hasattr(here, "client"):
            here.client = Client()
            here.client.cookies = owner.cookies
        url, key = post
        try:
            response = here.client.post(url, {"_kunci": key, "name": key})
            return key, response.status_code, response["Location"]
        finally:
            connection.close()

    with ThreadPoolExecutor(12) as pool:
        yield lambda posts: list(pool.map(one, posts))


def posts(url, count):
    """`count` keys, each six times in a row, so that the six run together."""
    return [(url, key) for key in (str(uuid.uuid4()) for _ in range(count)) for _ in range(AT_ONCE)]


def test_500_forms_sent_six_times_at_once_are_500_records(crowd):
    answers = crowd(posts(URL, KEYS))

    assert {status for _key, status, _place in answers} == {302}
    assert len({(key, place) for key, _status, place in answers}) == KEYS
    assert len({place for _key, _status, place in answers}) == KEYS
    assert saved() == (KEYS, KEYS)


@pytest.mark.parametrize(("url", "keys"), [("/uji/tanpa/", KEYS), ("/uji/periksa/", 50)])
def test_without_the_decorator_or_by_looking_first_there_are_more(crowd, url, keys):
    """The control: the crowd above does collide, and looking before saving does not help."""
    crowd(posts(url, keys))

    assert RegionAlias.objects.count() > keys


@pytest.fixture
def pair(transactional_db, monkeypatch):
    """Two posts of one key: the first is held inside its view until the second is waiting."""
    RegionFactory()
    user = UserFactory()
    inside, go_on, calls = threading.Event(), threading.Event(), []

    def hold(name):
        calls.append(name)
        alias = RegionAlias.objects.create(region_id="53", name=f"{name} {uuid.uuid4()}")
        if len(calls) == 1:
            inside.set()
            assert go_on.wait(10)
            if name == "gagal":
                raise RuntimeError("on purpose")
        return alias

    def post(key, name):
        client = Client(raise_request_exception=False)
        client.force_login(user)
        try:
            return send(client, key=key, name=name)
        finally:
            connection.close()

    def run(name):
        key = str(uuid.uuid4())
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(post, key, name)
            assert inside.wait(10)
            second = pool.submit(post, key, name)
            time.sleep(0.3)
            waited = not second.done()
            go_on.set()
            return first.result(), second.result(), waited, len(calls)

    monkeypatch.setattr(once_urls, "save", hold)
    return run


def test_the_second_waits_and_gets_the_first_ones_page(pair):
    first, second, waited, calls = pair("Alas")

    assert (waited, calls) == (True, 1)
    assert (first.status_code, first["Location"]) == (second.status_code, second["Location"])
    assert saved() == (1, 1)


def test_when_the_first_fails_the_second_saves(pair):
    first, second, waited, calls = pair("gagal")

    assert (waited, calls) == (True, 2)
    assert (first.status_code, second.status_code) == (500, 302)
    assert saved() == (1, 1)
