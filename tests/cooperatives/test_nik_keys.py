"""New keys for old numbers: everything still reads, or nothing has changed."""

import base64
from io import StringIO

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from cooperatives import forms, nik_keys, services
from cooperatives.models import NikClaim, Person
from malaka_portal import national_id
from malaka_portal.actors import acting
from malaka_portal.changes import changes_of
from malaka_portal.models import AccessLog
from tests.factories.cooperatives import (
    NIK,
    OTHER_NIK,
    NikClaimFactory,
    PersonFactory,
    with_nik,
)
from tests.factories.portal import UserFactory

pytestmark = pytest.mark.django_db

OLD = "test:" + base64.b64encode(b"0" * 32).decode()
NEW = "k2:" + base64.b64encode(b"2" * 32).decode()
NEW_HASH_KEY = base64.b64encode(b"3" * 32).decode()
STORED = ("pk", "nik_cipher", "nik_hash", "nik_last4", "version", "updated_at")


@pytest.fixture
def rows():
    """A person who holds a number, one who claims another, and one without any."""
    PersonFactory()
    return with_nik(PersonFactory()), NikClaimFactory(nik=OTHER_NIK)


@pytest.fixture(autouse=True)
def small_batches(monkeypatch):
    monkeypatch.setattr(nik_keys, "BATCH", 2)


def rotate(*args):
    out = StringIO()
    call_command("rotate_nik_keys", *args, stdout=out)
    return out.getvalue()


def stored():
    """All that is kept of every number, sealed bytes made comparable."""
    return {
        model.__name__: [
            tuple(bytes(v) if isinstance(v, memoryview) else v for v in row)
            for row in model.objects.order_by("pk").values_list(*STORED)
        ]
        for model in nik_keys.SEALED
    }


def events(row):
    return row.pgh_event_model.objects.filter(pgh_obj_id=row.pk).count()


def test_every_model_with_a_sealed_number_takes_part():
    sealed = {
        model for model in apps.get_models() if "nik_cipher" in {f.name for f in model._meta.fields}
    }

    assert sealed == set(nik_keys.SEALED)


def test_after_the_rotation_the_old_keys_can_go(rows, settings):
    person, claim = rows
    settings.NIK_CIPHER_KEYS, settings.NIK_HASH_KEY = f"{NEW},{OLD}", NEW_HASH_KEY

    said = rotate()
    settings.NIK_CIPHER_KEYS = NEW

    assert said == "2 identity numbers rotated.\n"
    assert Person.objects.with_national_id(NIK).get() == person
    assert Person.objects.get(pk=person.pk).national_id() == NIK
    assert NikClaim.objects.get().national_id() == OTHER_NIK
    assert services.confirm_claim(claim=claim, by=UserFactory()) == claim.person
    assert Person.objects.with_national_id(OTHER_NIK).get() == claim.person
    assert rotate("--check") == "3 identity numbers fit these keys.\n"


def test_without_the_rotation_nothing_would_read(rows, settings):
    settings.NIK_CIPHER_KEYS, settings.NIK_HASH_KEY = NEW, NEW_HASH_KEY

    assert list(Person.objects.with_national_id(NIK)) == []
    with pytest.raises(national_id.Unreadable):
        NikClaim.objects.get().national_id()


@pytest.mark.parametrize("spoil", ["unknown key", "changed", "cut off"])
def test_a_number_that_cannot_be_opened_leaves_all_as_it_was(settings, spoil):
    people = [
        with_nik(PersonFactory(), f"532110450790{serial}") for serial in range(9001, 9006)
    ]  # three batches; the spoilt one is in the second
    sealed = bytes(people[2].nik_cipher)
    bad = {
        "unknown key": b"lost:" + sealed[5:],
        "changed": sealed[:-1] + bytes([sealed[-1] ^ 1]),
        "cut off": sealed[:9],
    }
    Person.objects.filter(pk=people[2].pk).update(nik_cipher=bad[spoil])
    before = stored()
    settings.NIK_CIPHER_KEYS = f"{NEW},{OLD}"

    for args in ([], ["--check"]):
        with pytest.raises(CommandError, match="^1 of 5 identity numbers .*Nothing was changed"):
            rotate(*args)

    assert stored() == before


def test_new_seals_alone_are_no_change_that_anybody_would_look_for(rows, settings):
    before = stored(), [events(row) for row in rows]
    settings.NIK_CIPHER_KEYS = f"{NEW},{OLD}"

    rotate()

    without_seal = [
        [[row[:1] + row[2:] for row in kept] for kept in found.values()]
        for found in (before[0], stored())
    ]
    assert without_seal[0] == without_seal[1]
    assert before[0] != stored()
    assert [events(row) for row in rows] == before[1]


def test_new_fingerprints_are_told_once_and_disturb_no_open_form(rows, settings):
    person, claim = rows
    person.refresh_from_db()
    version, known = person.version, [events(row) for row in rows]
    bystander = Person.objects.exclude(pk__in=[person.pk, claim.person_id]).get()
    versions = [version, bystander.version]
    settings.NIK_HASH_KEY = NEW_HASH_KEY

    rotate()
    opened = {"name": person.name, "sex": "P", "village": person.village_id, "_versi": version}
    person, bystander = (Person.objects.get(pk=row.pk) for row in (person, bystander))
    form = forms.PersonForm(opened, instance=person)

    assert [person.version, bystander.version] == [versions[0] + 1, versions[1]]
    assert [events(row) for row in rows] == [n + 1 for n in known]
    event = person.pgh_event_model.objects.filter(pgh_obj_id=person.pk).latest("pgh_id")
    assert event.pgh_context.metadata["command"] == "rotate_nik_keys"
    assert [c.label for c in changes_of(person, personal=True)] == ["update", "insert"]  # not three
    assert form.is_valid(), form.errors


def test_the_check_notices_the_fingerprint_key_of_another_database(rows, settings):
    settings.NIK_HASH_KEY = NEW_HASH_KEY

    with pytest.raises(CommandError, match="^2 of 2 .*NIK_HASH_KEY"):
        rotate("--check")


def test_it_costs_the_same_for_one_person_and_for_many(
    settings, django_assert_num_queries, monkeypatch
):
    monkeypatch.setattr(nik_keys, "BATCH", 1000)
    counts = []
    for serial in (9001, 9002, 9003):
        with_nik(PersonFactory(), f"532110450790{serial}")
        with acting(command="test"), django_assert_num_queries(8):  # 2 locks, 3 reads, 1 write
            counts.append(nik_keys.rotate())

    assert counts == [1, 2, 3]


# --- keys that are missing ------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["person-reveal", "nikclaim-decide"])
def test_a_number_whose_key_is_gone_gets_a_sentence(client, settings, rows, name):
    person, claim = rows
    user = UserFactory(is_superuser=True)
    client.force_login(user)
    settings.NIK_CIPHER_KEYS = NEW
    row = person if name == "person-reveal" else claim

    response = client.post(
        reverse(f"cooperatives:{name}", args=[row.pk]),
        {"reason": "Verifikasi data", "act": "reveal"},
        follow=True,
    )

    assert response.status_code == 200
    assert str(national_id.Unreadable().message) in response.content.decode()
    assert AccessLog.objects.filter(user=user).count() == 1


def test_confirming_a_number_whose_key_is_gone_changes_nothing(client, settings, rows):
    claim = rows[1]
    client.force_login(UserFactory(is_superuser=True))
    settings.NIK_CIPHER_KEYS = NEW

    response = client.post(
        reverse("cooperatives:nikclaim-decide", args=[claim.pk]), {"act": "confirm"}
    )

    claim.refresh_from_db()
    assert (response.status_code, claim.status) == (302, "pending")


@pytest.mark.parametrize("name", ["NIK_CIPHER_KEYS", "NIK_HASH_KEY"])
@pytest.mark.parametrize("value", ["", "k1", "k1:x", "k1:c2hvcnQ=", "c2hvcnQ="])
def test_keys_that_cannot_work_are_found_before_anybody_types_a_nik(settings, name, value):
    assert [e for e in run_checks() if e.id == "malaka_portal.E001"] == []

    setattr(settings, name, value)
    (error,) = (e for e in run_checks() if e.id == "malaka_portal.E001")

    assert name in error.msg
    assert value not in error.msg or value == ""


def test_nobody_writes_a_number_while_they_are_rotated():
    nik_keys.rotate()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relation::regclass::text FROM pg_locks WHERE pid = pg_backend_pid()"
            " AND mode = 'ShareRowExclusiveLock' ORDER BY 1"
        )
        locked = [name for (name,) in cursor.fetchall()]

    assert locked == ["cooperatives_nikclaim", "cooperatives_person"]
