import re
import threading
from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.exceptions import ValidationError
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from malaka_portal import throttle
from malaka_portal.models import SignInFailures
from malaka_portal.validators import LocalCommonPasswordValidator
from tests.factories.portal import PASSWORD, UserFactory

pytestmark = pytest.mark.django_db
LOGIN = "/masuk/"


def sign_in(client, user, password=PASSWORD, **extra):
    return client.post(LOGIN, {"username": user.username, "password": password, **extra})


def test_signing_in_opens_the_home_page(client):
    response = sign_in(client, UserFactory())

    assert (response.status_code, response["Location"]) == (302, "/")


def test_signing_in_leads_to_the_language_of_the_account(client):
    assert sign_in(client, UserFactory(language="en"))["Location"] == "/en/"


def test_signing_in_leads_on_to_the_page_asked_for_but_never_off_the_site(client):
    user = UserFactory()
    home = client.post(
        LOGIN, {"username": user.username, "password": PASSWORD, "next": "//evil.example/"}
    )
    client.logout()
    inside = client.post(LOGIN, {"username": user.username, "password": PASSWORD, "next": "/akun/"})

    assert (home["Location"], inside["Location"]) == ("/", "/akun/")


def test_an_unknown_name_and_a_wrong_password_get_the_same_page(client):
    user = UserFactory(username="aabbcc")
    pages = []
    for name in ("aabbcc", "xxyyzz"):
        response = client.post(LOGIN, {"username": name, "password": "wrong"})
        html = response.content.decode().replace(name, "NAME")
        pages.append((response.status_code, re.sub(r'value="\w{64}"', "", html)))

    assert user.is_active
    assert pages[0][0] == 200
    assert pages[0] == pages[1]


def test_after_ten_failures_nothing_is_hashed_and_the_right_password_has_to_wait(client):
    user = UserFactory()
    with mock.patch.object(MD5PasswordHasher, "encode", autospec=True) as encode:
        encode.side_effect = lambda *args, **kwargs: "md5$x$y"
        for _ in range(50):
            sign_in(client, user, "wrong")

        assert encode.call_count <= 20  # Django may hash twice to even out the time

    assert sign_in(client, user).status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=16)):
        assert sign_in(client, user).status_code == 302


def test_a_stranger_cannot_lock_out_a_phone_that_signed_in_before(client):
    user = UserFactory()
    sign_in(client, user)
    client.post("/keluar/")
    stranger = type(client)()
    for _ in range(15):
        sign_in(stranger, user, "wrong")

    assert sign_in(stranger, user).status_code == 200
    assert sign_in(client, user).status_code == 302


def test_a_stranger_cannot_lock_out_another_address(client):
    user = UserFactory()
    for _ in range(15):
        sign_in(client, user, "wrong")

    elsewhere = type(client)(REMOTE_ADDR="10.9.8.7")

    assert sign_in(elsewhere, user).status_code == 302


def test_another_address_of_the_same_ipv6_network_is_no_other_stranger(client):
    user = UserFactory()
    for number in range(15):
        sign_in(type(client)(REMOTE_ADDR=f"2001:db8:1:2::{number}"), user, "wrong")

    assert sign_in(type(client)(REMOTE_ADDR="2001:db8:1:2:3::9"), user).status_code == 200
    assert sign_in(type(client)(REMOTE_ADDR="2001:db8:1:3::9"), user).status_code == 302


@pytest.mark.parametrize(
    ("address", "counted"),
    [
        ("10.9.8.7", "10.9.8.7"),
        ("::ffff:10.9.8.7", "10.9.8.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("unix:", "unix:"),
    ],
)
def test_who_is_counted(rf, address, counted):
    assert throttle.origin(rf.get("/", REMOTE_ADDR=address)) == counted


def test_a_forged_forwarding_header_does_not_reset_the_count(client):
    user = UserFactory()
    for number in range(15):
        client.post(
            LOGIN,
            {"username": user.username, "password": "wrong"},
            headers={"X-Forwarded-For": f"10.0.0.{number}"},
        )

    assert sign_in(client, user).status_code == 200


def test_the_delay_doubles_up_to_a_quarter_of_an_hour():
    now = timezone.now()

    delays = [SignInFailures(count=n, last_at=now).remaining(now) for n in (9, 10, 11, 12, 40)]

    assert [d.total_seconds() for d in delays] == [0, 30, 60, 120, 900]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("exact", [True, False], ids=["upsert", "control: read, add, write"])
def test_failures_at_once_are_all_counted(exact):
    SignInFailures.objects.add_failure("k")
    barrier = threading.Barrier(8)

    def fail():
        barrier.wait()
        if exact:
            SignInFailures.objects.add_failure("k")
        else:
            row = SignInFailures.objects.get(key="k")
            barrier.wait()
            row.count += 1
            row.save()
        connection.close()

    threads = [threading.Thread(target=fail) for _ in range(8)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    count = SignInFailures.objects.get(key="k").count

    assert (count == 9) is exact


def test_a_session_without_own_phone_ends_with_the_browser_and_after_half_an_hour(client):
    user = UserFactory()
    response = sign_in(client, user)
    assert response.cookies["sesi"]["max-age"] == ""

    with time_machine.travel(timezone.now() + timedelta(minutes=29)):
        assert client.get("/akun/").status_code == 200
    with time_machine.travel(timezone.now() + timedelta(minutes=29 + 31)):
        assert client.get("/akun/")["Location"] == "/masuk/?next=/akun/"


def test_ones_own_phone_stays_signed_in_for_a_month_rolling(client):
    response = sign_in(client, UserFactory(), own_phone="on")
    assert response.cookies["sesi"]["max-age"] == 30 * 24 * 3600

    with time_machine.travel(timezone.now() + timedelta(days=29)):
        assert client.get("/akun/").status_code == 200


def test_staff_rest_half_an_hour_at_most_whatever_they_tick(client):
    sign_in(client, UserFactory(is_staff=True), own_phone="on")

    with time_machine.travel(timezone.now() + timedelta(minutes=31)):
        assert client.get("/akun/").status_code == 302


def test_staff_sign_in_again_after_twelve_hours(client):
    start = timezone.now()
    sign_in(client, UserFactory(is_staff=True))
    for minutes in range(20, 12 * 60, 20):
        with time_machine.travel(start + timedelta(minutes=minutes)):
            assert client.get("/akun/").status_code == 200

    with time_machine.travel(start + timedelta(hours=12, minutes=1)):
        assert client.get("/akun/").status_code == 302


def test_ending_all_sessions_ends_the_others_at_their_next_request(client):
    user = UserFactory()
    other = type(client)()
    sign_in(client, user)
    sign_in(other, user)

    client.post("/akun/akhiri-sesi/")

    assert client.get("/akun/").status_code == 200
    assert other.get("/akun/").status_code == 302


def test_a_deactivated_user_is_out_at_the_next_request(client):
    user = UserFactory()
    sign_in(client, user)
    user.is_active = False
    user.save()

    assert client.get("/akun/").status_code == 302


def test_the_session_gets_a_new_name_when_someone_signs_in(client):
    client.get(LOGIN)
    client.session["planted"] = 1
    client.session.save()
    before = client.session.session_key
    sign_in(client, UserFactory())

    assert client.session.session_key != before


def test_signing_out_clears_what_the_browser_kept(client):
    sign_in(client, UserFactory())

    response = client.post("/keluar/")

    assert response["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/akun/").status_code == 302


@pytest.mark.parametrize("password", ["Koperasi2026!!", "sayangsayang123", "bismillah-12345"])
def test_words_that_everybody_tries_are_refused(password):
    with pytest.raises(ValidationError):
        LocalCommonPasswordValidator().validate(password)


def test_several_words_make_a_password():
    LocalCommonPasswordValidator().validate(PASSWORD)


def test_the_password_is_changed_on_ones_own_account(client):
    user = UserFactory()
    sign_in(client, user)
    client.post(
        reverse("account-password"),
        {
            "old_password": PASSWORD,
            "new_password1": "lungsi kapas merah",
            "new_password2": "lungsi kapas merah",
        },
    )
    client.post("/keluar/")

    assert sign_in(client, user, "lungsi kapas merah").status_code == 302
