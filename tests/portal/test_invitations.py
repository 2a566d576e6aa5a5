"""An invitation is a password that someone else knows, for a while: it must be worth little."""

import re
import threading
from datetime import timedelta
from unittest import mock

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext

from malaka_portal import invitations
from malaka_portal.account import INVITATION_REFUSED
from malaka_portal.actors import acting
from malaka_portal.models import Invitation, SignInFailures, User
from tests.factories.portal import PASSWORD, InvitationFactory, UserFactory, village

pytestmark = pytest.mark.django_db
URL = "/undangan/"
CHOSEN = "lontar tepi sungai"


def invited(**kwargs):
    """A user without a password, and the code that gives them one."""
    user = UserFactory(**kwargs)
    user.set_unusable_password()
    user.save()
    return user, invitations.invite(user, by=UserFactory(is_staff=True))


def post(client, user, code, password=CHOSEN, **extra):
    typed = {"username": getattr(user, "username", user), "code": code}
    return client.post(URL, typed | {"new_password1": password, "new_password2": password} | extra)


def errors(response):
    return response.context["form"].errors


# --- making one ---------------------------------------------------------------------------------


def test_a_code_is_ten_clear_letters_in_two_groups_and_only_its_hash_is_kept():
    user, code = invited()
    invitation = user.invitations.get()

    assert re.fullmatch(f"[{invitations.ALPHABET}]{{5}}-[{invitations.ALPHABET}]{{5}}", code)
    assert set("OI01L5S8BUZ2") & set(invitations.ALPHABET) == set()
    assert invitation.code_hash == invitations.hash_code(code)
    assert invitation.expires_at - invitation.created_at < timedelta(days=14, seconds=5)
    assert code not in str(vars(invitation))


def test_the_hash_needs_the_secret_key(settings):
    before = invitations.hash_code("ACDEF-34679")
    settings.SECRET_KEY = "another"

    assert invitations.hash_code("ACDEF-34679") != before


def test_case_hyphens_and_spaces_make_no_difference():
    wanted = invitations.hash_code("ACDEF-34679")

    assert [invitations.hash_code(c) for c in ("acdef34679", " acdEF – 34679 ")] == [wanted] * 2


def test_a_new_code_closes_the_one_before():
    user, first = invited()
    second = invitations.invite(user, by=user)

    assert user.invitations.unanswered().get().code_hash == invitations.hash_code(second)
    assert user.invitations.filter(revoked_at__isnull=False).get().code_hash == (
        invitations.hash_code(first)
    )


@pytest.mark.parametrize("flags", [{"is_staff": True}, {"is_superuser": True}])
def test_staff_are_not_invited(flags):
    with pytest.raises(ValidationError) as refused:
        invitations.invite(UserFactory(**flags), by=UserFactory(is_staff=True))

    assert refused.value.messages == [
        gettext("Invitations are only for accounts without staff rights.")
    ]
    assert Invitation.objects.count() == 0


@pytest.mark.parametrize("how", ["group", "permission"])
def test_whoever_has_rights_of_the_office_is_not_invited(how):
    user = UserFactory(granted=["malaka_portal.view_user"] if how == "permission" else [])
    if how == "group":
        user.groups.add(Group.objects.create(name="registrar"))

    with pytest.raises(ValidationError):
        invitations.invite(user, by=UserFactory(is_staff=True))


def test_an_account_that_is_switched_off_is_not_invited():
    with pytest.raises(ValidationError):
        invitations.invite(UserFactory(is_active=False), by=UserFactory(is_staff=True))


# --- what the database refuses ------------------------------------------------------------------


def test_two_open_invitations_for_one_user_are_refused():
    user = InvitationFactory().user

    with pytest.raises(IntegrityError, match="one_open_per_user"), transaction.atomic():
        InvitationFactory(user=user)
    InvitationFactory(user=user, used_at=timezone.now())
    InvitationFactory(user=user, revoked_at=timezone.now())


def test_two_invitations_with_one_code_are_refused():
    with pytest.raises(IntegrityError, match="code_hash"):
        InvitationFactory(code_hash=InvitationFactory().code_hash)


def test_an_invitation_both_used_and_revoked_is_refused():
    with pytest.raises(IntegrityError, match="used_or_revoked"):
        InvitationFactory(used_at=timezone.now(), revoked_at=timezone.now())


def test_an_invitation_that_expires_before_it_is_made_is_refused():
    with pytest.raises(IntegrityError, match="expires_later"):
        InvitationFactory(expires_at=timezone.now() - timedelta(minutes=1))


# --- using one ----------------------------------------------------------------------------------


def test_a_code_sets_the_password_signs_in_and_leads_home(client):
    user, code = invited(language="en")
    response = post(client, user, code.lower().replace("-", " "))
    user.refresh_from_db()

    assert (response.status_code, response["Location"]) == (302, "/en/")
    assert user.check_password(CHOSEN)
    assert user.invitations.get().used_at is not None
    assert client.session["own_phone"] is False
    assert response.cookies["sesi"]["max-age"] == ""
    assert "kenal" in response.cookies
    assert client.get("/akun/").status_code == 200


def test_the_session_policy_is_that_of_the_sign_in(client):
    user, code = invited()

    assert post(client, user, code, own_phone="on").cookies["sesi"]["max-age"] == 30 * 24 * 3600


def test_older_sessions_of_the_user_end(client):
    user = UserFactory()
    other = type(client)()
    other.post("/masuk/", {"username": user.username, "password": PASSWORD})
    assert other.get("/akun/").status_code == 200
    post(client, user, invitations.invite(user, by=UserFactory(is_staff=True)))

    assert other.get("/akun/").status_code == 302
    assert client.get("/akun/").status_code == 200


def test_someone_elses_session_in_this_browser_ends(client):
    client.force_login(UserFactory())
    user, code = invited()
    post(client, user, code)

    assert client.session["_auth_user_id"] == str(user.pk)


@pytest.fixture(params=["unknown user", "wrong", "expired", "used", "revoked", "off", "now staff"])
def refused(request, client):
    """A post that must be refused, as (user name, code, the user if there is one)."""
    user, code = invited()
    by = UserFactory(is_staff=True)
    with time_machine.travel(timezone.now()):
        if request.param == "unknown user":
            return "nobody", code, user
        if request.param == "wrong":
            return user.username, "AAAAA-AAAAA", user
        if request.param == "expired":
            past = timezone.now() - timedelta(days=15)
            user.invitations.update(created_at=past, expires_at=past + invitations.VALID_FOR)
        elif request.param == "used":
            invitations.accept(user.username, code, "pertama kali dipakai")
        elif request.param == "revoked":
            invitations.invite(user, by=by)
        elif request.param == "off":
            User.objects.filter(pk=user.pk).update(is_active=False)
        else:
            User.objects.filter(pk=user.pk).update(is_staff=True)
    return user.username, code, user


def test_every_refusal_says_the_same_and_changes_nothing(client, refused):
    username, code, user = refused
    before = User.objects.get(pk=user.pk).password
    response = post(client, username, code)

    assert response.status_code == 200
    assert errors(response) == {"__all__": [str(INVITATION_REFUSED)]}
    assert User.objects.get(pk=user.pk).password == before
    assert "_auth_user_id" not in client.session
    assert SignInFailures.objects.get().count == 1


def test_a_code_is_good_until_the_fourteenth_day_is_over(client):
    user, code = invited()

    with time_machine.travel(timezone.now() + timedelta(days=13, hours=23)):
        assert post(client, user, code).status_code == 302


ACTOR = r"^SELECT set_config\(.*?true\); "  # goes along with every statement
ANY_VALUE = r"= ('[^']*'|\d+)|\"s\d+_x\d+\""


def test_an_unknown_user_asks_the_database_the_same_as_a_known_one():
    user, _code = invited()
    asked = []
    for username in (user.username, "nobody"):
        with (
            CaptureQueriesContext(
                connection,
            ) as queries,
            pytest.raises(invitations.NoSuchInvitation),
        ):
            invitations.accept(username, "AAAAA-AAAAA", CHOSEN)
        asked.append([re.sub(ANY_VALUE, "= ?", re.sub(ACTOR, "", q["sql"])) for q in queries])

    verbs = [sql.split()[0] for sql in asked[0]]
    assert verbs == ["SAVEPOINT", "SELECT", "SELECT", "ROLLBACK", "RELEASE"]
    assert asked[0] == asked[1]


def test_after_ten_wrong_codes_even_the_right_one_has_to_wait(client):
    user, code = invited()
    for _ in range(10):
        post(client, user, "AAAAA-AAAAA")
    with mock.patch.object(invitations, "accept") as accept:
        throttled = post(client, user, code)

        assert not accept.called
    assert errors(throttled) == {"__all__": [str(INVITATION_REFUSED)]}
    with time_machine.travel(timezone.now() + timedelta(seconds=31)):
        assert post(client, user, code).status_code == 302
    assert SignInFailures.objects.count() == 0


def test_nine_wrong_codes_do_not_hold_up_the_right_one(client):
    user, code = invited()
    for _ in range(9):
        post(client, user, "AAAAA-AAAAA")

    assert post(client, user, code).status_code == 302


def test_wrong_codes_do_not_hold_up_the_sign_in(client):
    user = UserFactory()
    for _ in range(15):
        post(client, user, "AAAAA-AAAAA")
    response = client.post("/masuk/", {"username": user.username, "password": PASSWORD})

    assert response.status_code == 302


@pytest.mark.parametrize("password", ["Koperasi2026!!", "pendek", "bismillah-12345"])
def test_a_poor_password_is_refused_and_the_code_stays_good(client, password):
    user, code = invited()
    response = post(client, user, code, password)

    assert set(errors(response)) == {"new_password1"}
    assert SignInFailures.objects.count() == 0
    assert post(client, user, code).status_code == 302


def test_a_password_like_ones_own_name_is_refused_only_once_the_code_proved_right(client):
    user, code = invited(last_name="Emerensiana Abuk")
    stranger = post(client, user, "AAAAA-AAAAA", "emerensiana abuk")
    own = post(client, user, code, "emerensiana abuk")

    assert set(errors(stranger)) == {"__all__"}
    assert set(errors(own)) == {"new_password1"}
    assert post(client, user, code).status_code == 302


def test_two_passwords_that_differ_are_refused(client):
    user, code = invited()

    assert set(errors(post(client, user, code, new_password2="lain sama sekali"))) == {
        "new_password2"
    }


def test_an_empty_form_names_every_field(client):
    assert set(errors(client.post(URL, {"username": " "}))) == {
        "username",
        "code",
        "new_password1",
        "new_password2",
    }


@pytest.mark.parametrize("odd", ["\x00", "x" * 200, "🐄", "' OR 1=1 --"])
def test_odd_input_gets_a_sentence(client, odd):
    assert post(client, odd, odd).status_code == 200


def test_the_sign_in_page_leads_here(client):
    assert f'href="{URL}"' in client.get("/masuk/").content.decode()
    assert 'href="/en/undangan/"' in client.get("/en/masuk/").content.decode()


def test_passwords_and_codes_are_not_shown_again(client):
    user, code = invited()
    html = post(client, user, code, "emerensiana abuk", new_password2="x").content.decode()

    assert "emerensiana abuk" not in html


# --- at once ------------------------------------------------------------------------------------


def at_once(act, count=2):
    """Run `act(number)` in as many threads; returns what each gave, or the error it raised."""
    barrier = threading.Barrier(count)
    answers = [None] * count

    def run(number):
        try:
            barrier.wait()
            with acting(command="test"):
                answers[number] = act(number)
        except Exception as error:
            answers[number] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[n]) for n in range(count)]
    [t.start() for t in threads]
    [t.join() for t in threads]
    return answers


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False], ids=["locked", "control: no lock"])
def test_a_code_sent_twice_at_once_works_once(locked):
    user, code = invited()
    both_read = threading.Barrier(2)

    def without_lock(number):
        found = Invitation.objects.unanswered().get(code_hash=invitations.hash_code(code))
        both_read.wait()
        Invitation.objects.filter(pk=found.pk).update(used_at=timezone.now())
        return user

    def accept(number):
        return invitations.accept(user.username, code, f"{CHOSEN} {number}")

    answers = at_once(accept if locked else without_lock)

    winners = [n for n, answer in enumerate(answers) if isinstance(answer, User)]
    assert len(winners) == (1 if locked else 2)
    if locked:
        assert isinstance(answers[1 - winners[0]], invitations.NoSuchInvitation)
        user.refresh_from_db()
        assert user.check_password(f"{CHOSEN} {winners[0]}")


@pytest.mark.django_db(transaction=True)
def test_two_invitations_at_once_leave_one_open():
    user, by = UserFactory(), UserFactory(is_staff=True)

    codes = at_once(lambda number: invitations.invite(user, by=by), 4)

    assert [type(code) for code in codes] == [str] * 4
    assert user.invitations.unanswered().count() == 1
    assert user.invitations.count() == 4


# --- the back office ----------------------------------------------------------------------------


def test_the_admin_shows_invitations_without_their_code_and_changes_none(client):
    invitation = InvitationFactory()
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    page = client.get(reverse("admin:malaka_portal_invitation_change", args=[invitation.pk]))
    add = client.get(reverse("admin:malaka_portal_invitation_add"))

    assert page.status_code == 200
    assert invitation.code_hash not in page.content.decode()
    assert 'name="_save"' not in page.content.decode()
    assert add.status_code == 403


def test_the_admin_lets_staff_change_what_their_groups_grant(client):
    region = village()
    client.force_login(
        UserFactory(
            is_staff=True, granted=["malaka_portal.view_region", "malaka_portal.change_region"]
        )
    )
    page = client.get(reverse("admin:malaka_portal_region_change", args=[region.pk]))

    assert page.status_code == 200
    assert 'name="_save"' in page.content.decode()
    assert client.get("/admin/malaka_portal/invitation/").status_code == 403


def test_nobody_sees_invitations_without_the_permission():
    invitation = InvitationFactory()

    assert list(Invitation.objects.visible_to(invitation.user)) == []
    assert list(
        Invitation.objects.visible_to(UserFactory(granted=["malaka_portal.view_invitation"]))
    ) == [invitation]
