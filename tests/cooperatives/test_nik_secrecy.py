"""A NIK stands nowhere in plain: one story told through the portal's pages, then a search of every
place that keeps something; and whoever writes a NIK down learns nothing about who else has it."""

import base64
import json
import logging
import re
import uuid
from contextlib import contextmanager
from io import StringIO

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import gettext as _

from cooperatives import services
from cooperatives.models import Joining, Member, NikClaim, Person, Proposal, Suspicion
from malaka_portal import national_id
from malaka_portal.models import AccessLog, Submission
from tests import programs
from tests.cooperatives.test_services import statements
from tests.factories.cooperatives import (
    NIK,
    OTHER_NIK,
    CooperativeFactory,
    MemberFactory,
    NikClaimFactory,
    OfficerFactory,
    PersonFactory,
    decided,
    with_nik,
)
from tests.factories.portal import UserFactory, village
from tests.factories.roles import actor

NUMBERS = [f"532101{41 + n}0785{9001 + n}" for n in range(20)]


# --- the search ---------------------------------------------------------------------------------
def spellings(nik):
    """A pattern for `nik` in one piece or grouped, as hexadecimal bytes, and in base64."""
    digits = r"(?:[ .+-]|%20|&nbsp;)?".join(nik)
    in_hex = nik.encode().hex()
    in_base64 = (
        base64.b64encode(b"x" * shift + nik.encode()).decode().rstrip("=")[shift and shift + 1 : -1]
        for shift in range(3)
    )
    return re.compile("|".join([digits, in_hex, *map(re.escape, in_base64)]))


def found_in(text):
    return [nik for nik in NUMBERS if spellings(nik).search(text)]


def pg_dump():
    """The database as a backup holds it, in plain SQL."""
    return programs.run("pg_dump", "--dbname", connection.settings_dict["NAME"]).stdout


def copies():
    """Every table of ours, by COPY: what there is without pg_dump."""
    out = StringIO()
    with connection.cursor() as cursor:
        cursor.execute("SELECT schemaname, tablename FROM pg_tables WHERE schemaname = 'public'")
        for schema, table in cursor.fetchall():
            out.write(f"COPY {schema}.{table} \n")
            cursor.copy_expert(f'COPY {schema}."{table}" TO STDOUT', out)
    return out.getvalue()


def sessions():
    """What the sessions hold: it is packed in the table, so a look at the dump would not do."""
    return json.dumps([session.get_decoded() for session in Session.objects.all()])


class Recorder(Client):
    """A browser that notes what a server writes to its access log, and every page it is shown."""

    def __init__(self, user):
        super().__init__(raise_request_exception=False)
        self.lines, self.pages = [], []
        self.force_login(user)

    def request(self, **environ):
        response = super().request(**environ)
        asked = response.wsgi_request
        line = [asked.method, asked.get_full_path(), response.status_code]
        self.lines.append(f"{line} {dict(response.headers)} {response.cookies}")
        body = b"".join(response) if response.streaming else response.content
        if asked.method == "GET":
            self.pages.append(body.decode())
        return response

    def send(self, view, /, *args, key=None, headers=None, **data):
        """POST a form under a key of its own."""
        url = reverse(f"cooperatives:{view}", args=args)
        return self.post(url, {"_kunci": key or str(uuid.uuid4())} | data, headers=headers)


@contextmanager
def heard_statements():
    """All that is asked of the database: what its own log and statistics could show."""
    heard = []

    def hear(execute, sql, params, many, context):
        heard.append(f"{sql} {params}")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(hear):
        yield heard


def places(recorders, log, heard):
    """Every place in which a number could have been left, as text."""
    return {
        "pg_dump": pg_dump(),
        "copies": copies(),
        "sessions": sessions(),
        "log": log.getvalue(),
        "access log": "\n".join(line for r in recorders for line in r.lines),
        "pages": "\n".join(page for r in recorders for page in r.pages),
        "statements": "\n".join(heard),
    }


@pytest.fixture
def log():
    """All that is logged, from DEBUG on, as it is before the console's filter hides anything."""
    heard = StringIO()
    handler = logging.StreamHandler(heard)
    loggers = [logging.getLogger(), logging.getLogger("django")]
    levels = [logger.level for logger in loggers]
    loggers[0].handlers.insert(0, handler)
    for logger in loggers:
        logger.setLevel(logging.DEBUG)
    yield heard
    loggers[0].removeHandler(handler)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


# --- the story ----------------------------------------------------------------------------------
def grouped(nik):
    return " ".join(nik[at : at + 4] for at in range(0, 16, 4))


def answers(nik, **changes):
    told = {"name": "Emerensiana Abuk", "nik": nik, "sex": "P", "village": "Alas Selatan"}
    return told | changes


def officer_writes_members_down(officer, cooperative):
    for number, nik in enumerate(NUMBERS[:8]):
        written = grouped(nik) if number % 2 else nik
        assert officer.send("member-create", cooperative, **answers(written)).status_code == 200
        saved = officer.send("member-create", cooperative, simpan="1", **answers(written))
        officer.get(saved["Location"])
    odd = [
        answers(NUMBERS[8], name=""),
        answers(NUMBERS[9] + "1"),
        answers(NUMBERS[0]),  # the own register has it
        answers("", name="", hamlet=""),
    ]
    for data in odd:
        assert officer.send("member-create", cooperative, simpan="1", **data).status_code == 200


def officer_sends_a_form_twice(officer, cooperative):
    key = str(uuid.uuid4())
    first, other = (answers(nik, simpan="1") for nik in NUMBERS[10:12])
    assert officer.send("member-create", cooperative, key=key, **first).status_code == 302
    asked = officer.send("member-create", cooperative, key=key, **other)
    assert asked.status_code == 409
    again = officer.send("member-create", cooperative, **other)
    assert again.status_code == 302


def officer_sends_from_the_queue(officer, cooperative):
    queued = {"X-Antre": "1"}
    good = answers(NUMBERS[12], simpan="1")
    assert officer.send("member-create", cooperative, headers=queued, **good).status_code == 201
    bad = answers(NUMBERS[13], name="", simpan="1")
    assert officer.send("member-create", cooperative, headers=queued, **bad).status_code == 422


def everybody_searches(*recorders):
    for recorder in recorders:
        for text in (NUMBERS[0], f"NIK {grouped(NUMBERS[1])}", NUMBERS[14] + "1"):
            assert recorder.send("search", q=text).status_code == 200


def staff_record_people(staff):
    def record(name, nik):
        told = {"name": name, "nik": nik, "nik_missing": "unknown", "village": "Alas Selatan"}
        saved = staff.send("person-create", **told)
        staff.get(saved.headers.get("Location", "/"))
        return saved.status_code

    assert record("Yosef Klau", NUMBERS[15]) == 302
    assert record("Agnes Seran", NUMBERS[16]) == 302
    assert record("Yosef K.", NUMBERS[15]) == 200  # somebody has it
    assert record("", NUMBERS[17]) == 200


def a_number_is_found_later(officer, administrator, cooperative):
    for name, nik in [("Rafael Bere", NUMBERS[14]), ("Rofina Bere", NUMBERS[9])]:
        line = MemberFactory(cooperative_id=cooperative, person__name=name, number=name[:3])
        person = line.person
        if name == "Rafael Bere":
            assert officer.send("person-claim", person.pk, nik=nik).status_code == 302
        else:
            url = reverse("admin:cooperatives_person_change", args=[person.pk])
            told = {"name": name, "sex": "P", "nik": nik, "_versi": person.version}
            assert administrator.post(url, told).status_code == 302


def join(staff, claim):
    """The person of the claim and whoever holds the number, in the two steps of the page."""
    form = staff.get(reverse("cooperatives:nikclaim-join", args=[claim])).context["form"]
    picks = {name: field.initial for name, field in form.fields.items()}
    plan = staff.send("nikclaim-join", claim, **picks).context["plan"]
    seen = {"_rencana": plan.fingerprint(), "simpan": "1"}
    assert staff.send("nikclaim-join", claim, **picks, **seen).status_code == 302


def staff_decide(staff, officer, cooperative):
    officer.send("member-create", cooperative, simpan="1", **answers(NUMBERS[16]))  # is known
    claims = {national_id.unseal(c.nik_cipher): c.pk for c in NikClaim.objects.pending()}
    acts = [
        (0, {"act": "confirm"}),
        (1, {"act": "confirm"}),
        (2, {"act": "confirm"}),
        (3, {"act": "refuse", "reason": "Angka terakhir salah"}),
        (4, {"act": "refuse", "reason": ""}),
        (5, {"act": "reveal"}),
        (16, {"act": "confirm"}),
    ]
    for number, data in acts:
        claim = claims[NUMBERS[number]]
        staff.get(reverse("cooperatives:nikclaim-decide", args=[claim]))
        staff.send("nikclaim-decide", claim, **data)
    join(staff, claims[NUMBERS[16]])
    states = NikClaim.objects.order_by("status").values_list("status", flat=True)
    assert list(states) == ["confirmed"] * 3 + ["joined"] + ["pending"] * 7 + ["refused"]


def a_change_is_proposed(officer, staff, cooperative):
    person = Person.objects.with_national_id(NUMBERS[0]).get()
    MemberFactory(person=person)  # elsewhere too
    told = {"name": "Emerensiana Abuk Nahak", "nik": NUMBERS[18], "_versi": person.version}
    assert officer.send("person-propose", person.pk, **told).status_code == 302
    proposal = Proposal.objects.get()
    staff.get(reverse("cooperatives:proposal-decide", args=[proposal.pk]))
    assert staff.send("proposal-decide", proposal.pk, accept="1").status_code == 302


def numbers_are_taken_out(staff, administrator):
    person = Person.objects.with_national_id(NUMBERS[15]).get()
    shown = staff.send("person-reveal", person.pk, reason="Verifikasi data kementerian")
    assert NUMBERS[15] in shown.content.decode()
    url = reverse("cooperatives:person-list")
    wanted = {"format": "csv", "with_nik": "on", "reason": "Verifikasi data kementerian"}
    assert administrator.post(url, wanted).status_code == 200


def the_portal_breaks(officer, cooperative, monkeypatch):
    with monkeypatch.context() as broken:
        broken.setattr(services.member, "claim_national_id", lambda **kwargs: 1 / 0)
        lost = officer.send("member-create", cooperative, simpan="1", **answers(NUMBERS[19]))
    assert lost.status_code == 500


def everybody_looks_around(*recorders):
    names = ["member-list", "person-list", "work-list", "search"]
    urls = [reverse(f"cooperatives:{name}") for name in names]
    for person in Person.objects.exclude(nik_state="none"):
        for page in ("person-detail", "person-history"):
            urls.append(reverse(f"cooperatives:{page}", args=[person.pk]))
        urls.append(reverse("admin:cooperatives_person_change", args=[person.pk]))
    for table in (AccessLog, Submission, Person, NikClaim, Joining, Suspicion):
        name = f"{table._meta.app_label}_{table._meta.model_name}"
        urls.append(reverse(f"admin:{name}_changelist"))
    for recorder in recorders:
        for url in urls:
            recorder.get(url)


@pytest.mark.django_db(transaction=True)
def test_no_number_is_left_anywhere_in_plain(log, monkeypatch):
    village()
    cooperative = CooperativeFactory()
    users = [
        OfficerFactory(cooperative=cooperative).user,
        actor("staff", {"Cooperative": cooperative}),
        UserFactory(is_superuser=True, is_staff=True),
    ]
    officer, staff, administrator = recorders = [Recorder(user) for user in users]

    with heard_statements() as heard:
        officer_writes_members_down(officer, cooperative.pk)
        officer_sends_a_form_twice(officer, cooperative.pk)
        officer_sends_from_the_queue(officer, cooperative.pk)
        staff_record_people(staff)
        staff_decide(staff, officer, cooperative.pk)
        a_number_is_found_later(officer, administrator, cooperative.pk)
        a_change_is_proposed(officer, staff, cooperative.pk)
        numbers_are_taken_out(staff, administrator)
        everybody_searches(officer, staff, administrator)
        the_portal_breaks(officer, cooperative.pk, monkeypatch)
        everybody_looks_around(*recorders)
    searched = places(recorders, log, heard)

    assert {place: found_in(text) for place, text in searched.items()} == dict.fromkeys(
        searched, []
    )
    assert Person.objects.filter(nik_state="confirmed").count() == 6
    assert Member.objects.filter(cooperative=cooperative).count() == 14
    tables = set(connection.introspection.table_names())
    for dump in ("pg_dump", "copies"):
        assert tables <= set(re.findall(r"^COPY public\.(\w+) ", searched[dump], re.M))
        assert "Emerensiana Abuk Nahak" in searched[dump]
        assert national_id.fingerprint(NUMBERS[0]) in searched[dump]
    assert "ZeroDivisionError" in searched["log"]
    assert "_auth_user_id" in searched["sessions"]
    assert "POST" in searched["access log"] and "Emerensiana" in searched["pages"]
    assert "INSERT INTO" in searched["statements"]


@pytest.mark.django_db(transaction=True)
def test_control_a_number_that_was_left_is_found_in_each_place(log):
    in_name, in_bytes, in_session, in_address = NUMBERS[:4]
    browser = Recorder(UserFactory(is_superuser=True))
    with heard_statements() as heard:
        PersonFactory(name=f"Maria {grouped(in_name)}")
        NikClaimFactory(nik_cipher=in_bytes.encode())
        session = browser.session
        session["typed"] = in_session
        session.save()
        for query, status in (({}, 200), ({"cari": in_address}, 302)):
            answer = browser.get(reverse("cooperatives:person-list"), query)
            assert answer.status_code == status
        logging.getLogger("django.request").debug("typed: %s", in_address)

    searched = places([browser], log, heard)

    assert {place: found_in(text) for place, text in searched.items()} == {
        "pg_dump": [in_name, in_bytes],
        "copies": [in_name, in_bytes],
        "sessions": [in_session],
        "log": [in_address],
        "access log": [in_address],
        "pages": [in_name],
        "statements": [in_name],
    }


@pytest.mark.parametrize("shift", range(3))
def test_control_a_number_is_found_in_base64(shift):
    assert found_in(base64.b64encode(b"a" * shift + NUMBERS[0].encode() + b"b").decode()) == [
        NUMBERS[0]
    ]


# --- the search box -----------------------------------------------------------------------------
@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", [NIK, grouped(NIK), f"NIK {NIK}", f"{NIK}1", NIK[:15], "5321/1045/0790/9001"]
)
@pytest.mark.parametrize("method", ["get", "post"])
def test_a_nik_typed_into_the_search_box_is_sent_to_no_address(client, method, text):
    user = UserFactory()
    client.force_login(user)

    response = getattr(client, method)(reverse("cooperatives:search"), {"q": text})

    expected = (302, "/cari/") if method == "get" else (200, None)
    assert (response.status_code, response.headers.get("Location")) == expected
    assert NIK[:15] not in response.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("digits", [15, 17])
def test_a_nik_of_the_wrong_length_is_not_searched_for(client, digits):
    client.force_login(UserFactory())

    page = client.post(reverse("cooperatives:search"), {"q": "5" * digits}).content.decode()

    assert _("NIK must have 16 digits; you entered %(count)d.") % {"count": digits} in page
    assert AccessLog.objects.count() == 0


@pytest.mark.django_db
def test_a_whole_nik_is_found_among_other_words_and_logged_without_it(client):
    user = UserFactory(is_superuser=True)
    person = with_nik(PersonFactory())
    client.force_login(user)

    response = client.post(reverse("cooperatives:search"), {"q": f"NIK: {grouped(NIK)}"})

    entry = AccessLog.objects.get()
    assert response.context["people"] == [person]
    assert (entry.kind, entry.rows, entry.query, entry.reason) == ("search", 1, "", "")


# --- nobody learns who else has a number --------------------------------------------------------
def held(state):
    """NIK, known in another cooperative in one of the ways there are."""
    there = MemberFactory(cooperative=CooperativeFactory())
    claim = {"cooperative": there.cooperative, "person": there.person}
    if state == "confirmed":
        with_nik(there.person)
    elif state == "claimed":
        NikClaimFactory(**claim)
    elif state == "refused":
        NikClaimFactory(**claim, **decided("refused"))
    else:
        holder = with_nik(PersonFactory())
        NikClaimFactory(**claim, **decided("joined"))
        Person.objects.filter(pk=there.person_id).update(
            nik_state="joined", nik_missing="", joined_into=holder
        )


def masked(response):
    """Status, headers and body, without what differs between any two requests of one officer."""
    differs = r"TFM-\d{4}|/\d+/|value=\"[\w-]{30,}\"|\d{4} \d{4} \d{4} \d{4}|\d{16}|\b\d{4}\b"
    shown = dict(response.headers) | {"body": response.content.decode()}
    return response.status_code, {k: re.sub(differs, "?", v) for k, v in shown.items()}


def seen_by_an_officer(client, cooperative, nik, **press):
    """What the officer is shown, and what was asked of the database for it."""
    url = reverse("cooperatives:member-create", args=[cooperative.pk])
    data = answers(nik, _kunci=str(uuid.uuid4()), **press)
    shown = []

    def act():
        response = client.post(url, data)
        shown.append(masked(response))
        if press:
            recorded = response["Location"]
            pages = [recorded, recorded.replace("tercatat/", ""), reverse("cooperatives:work-list")]
            shown.extend(masked(client.get(page)) for page in pages)

    return statements(act), shown


@pytest.mark.django_db
@pytest.mark.parametrize("press", [{}, {"simpan": "1"}], ids=["Periksa", "simpan"])
@pytest.mark.parametrize("state", ["confirmed", "claimed", "refused", "joined"])
def test_a_known_number_gets_the_answer_of_an_unknown_one(client, state, press):
    village()
    officer = OfficerFactory()
    client.force_login(officer.user)
    held(state)
    seen_by_an_officer(client, officer.cooperative, NUMBERS[0], **press)  # whatever is cached

    known = seen_by_an_officer(client, officer.cooperative, NIK, **press)
    NikClaim.objects.filter(cooperative=officer.cooperative).update(**decided("refused"))
    unknown = seen_by_an_officer(client, officer.cooperative, OTHER_NIK, **press)

    assert len(known[0]) > 5
    assert known[0] == unknown[0]
    assert known[1][:3] == unknown[1][:3]


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["confirmed", "claimed", "refused", "joined"])
def test_a_known_number_found_later_gets_the_answer_of_an_unknown_one(client, state):
    officer = OfficerFactory()
    client.force_login(officer.user)
    held(state)
    shown = []

    def claim(nik):
        line = MemberFactory(cooperative=officer.cooperative, person__name="Maria Bria")
        url = reverse("cooperatives:person-claim", args=[line.person_id])
        page = reverse("cooperatives:person-detail", args=[line.person_id])
        data = {"nik": nik, "_kunci": str(uuid.uuid4())}
        asked = statements(lambda: shown.append(masked(client.post(url, data))))
        shown.append(masked(client.get(page)))
        return asked

    _first, known, unknown = claim(NUMBERS[0]), claim(NIK), claim(OTHER_NIK)

    assert len(known) > 5
    assert known == unknown
    assert shown[2:4] == shown[4:6]


@pytest.mark.django_db
def test_control_a_number_of_the_own_register_gets_another_answer(client):
    village()
    officer = OfficerFactory()
    client.force_login(officer.user)
    with_nik(MemberFactory(cooperative=officer.cooperative).person)

    known = seen_by_an_officer(client, officer.cooperative, NIK)
    unknown = seen_by_an_officer(client, officer.cooperative, OTHER_NIK)

    assert known[1] != unknown[1]
