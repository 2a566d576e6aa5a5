"""A form that is sent twice is saved once (docs/adr/0003-idempotency.md).

`{% idempotency_key %}` puts a key into the form, `@once("member-create")` on its view keeps it.
A successful act answers with a redirect to a page of the portal. Whatever else the view answers,
nothing is saved: an act must not answer 200 with the page it has made, nor redirect elsewhere.
Signing in and out is no such act, since it changes the owner of the key.
"""

import hashlib
import json
import uuid
from functools import partial, wraps

from django.conf import settings
from django.db import transaction
from django.http import HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.crypto import salted_hmac
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from malaka_portal import conflicts, strangers
from malaka_portal.models import Submission

FIELD = "_kunci"
NOT_TYPED = ("csrfmiddlewaretoken", FIELD)
SAVE = "simpan"  # the button under a review (docs/sheets.md): it is no answer
QUEUED = "X-Antre"  # on a post that waited on the phone for a signal
SAVED = "X-Antre-Saved"  # the only sign by which the phone may take its post for saved


def once(form_name, *, form_class=None):
    """Decorate a view so that one rendering of its form is saved once.

    `form_class` gives the labels for the page that asks when the same form comes with other
    answers; without it that page keeps what was typed but cannot show it. On a class-based view:
    `@method_decorator(once("member-create", form_class=MemberForm), name="dispatch")`.
    """

    def decorate(view):
        @wraps(view)
        def answer(request, *args, **kwargs):
            if request.method != "POST":
                return view(request, *args, **kwargs)
            key = parse_key(request.POST.get(FIELD))
            if key is None:
                return without_key(request)
            response = save_once(
                request, form_name, key, partial(view, request, *args, **kwargs), form_class
            )
            return for_queue(request, key, response) if QUEUED in request.headers else response

        return answer

    return decorate


def parse_key(text):
    """A key as a UUID; None when the text cannot be one."""
    try:
        return uuid.UUID(text or "")
    except ValueError:
        return None


def without_key(request):
    reason = _(
        "This form came without its number, so we cannot see whether it was saved before. "
        "Open the page again and fill in the form once more."
    )
    return render(request, "400.html", {"reason": reason}, status=400)


def save_once(request, form_name, key, act, form_class):
    """What `act` answers; what it answered the first time; or the page that asks.

    The row goes in first: whoever sends the same key at the same moment waits for it, and a worker
    that is killed leaves neither the row nor half of the act.
    """
    prints = fingerprints(request, key)
    whose = owner(request) | {"form": form_name, "key": key}
    with transaction.atomic():
        pk = Submission.objects.claim(**whose, fingerprint=prints[0])
        if pk is not None:
            return keep_or_undo(request, pk, act())
    earlier = Submission.objects.get(**whose)
    if earlier.fingerprint in prints:
        return HttpResponseRedirect(earlier.result_url)
    return conflicts.page(request, earlier, form_class, leave_out=NOT_TYPED)


def keep_or_undo(request, pk, response):
    """Inside the act's savepoint: note where it led, or undo it together with the row."""
    if is_saved(request, response) and not transaction.get_rollback():
        Submission.objects.filter(pk=pk).update(result_url=response["Location"])
    else:
        transaction.set_rollback(True)
    return response


def is_saved(request, response):
    """Is this a redirect to a page of the portal, other than the one to sign in?"""
    url = response.get("Location", "")
    return (
        response.status_code in (302, 303)
        and url_has_allowed_host_and_scheme(
            url, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        and url.partition("?")[0] != resolve_url(settings.LOGIN_URL)
    )


def for_queue(request, key, response):
    """The same answer for a post from the phone's queue, which follows no redirects.

    201 with the key when saved now or before, 422 when the form has errors; 409 stays 409.
    """
    if is_saved(request, response):
        response.status_code = 201
        response[SAVED] = str(key)
    elif response.status_code == 200:
        response.status_code = 422
    return response


def owner(request):
    """Whose key it is, as columns of Submission. The number of a stranger is kept nowhere."""
    if request.user.is_authenticated:
        return {"user_id": request.user.pk, "session_hash": ""}
    return {"user_id": None, "session_hash": strangers.hashed(request)}


def fingerprints(request, key):
    """Hashes of everything sent to this address, files by their content.

    The first is under the present SECRET_KEY, the rest under the former ones. They are keyed
    because a plain hash of a short form gives away the identity number in it.
    """
    names = sorted(set(request.POST) - {*NOT_TYPED, SAVE})
    fields = [[name, request.POST.getlist(name)] for name in names]
    files = [[n, [digest(f) for f in request.FILES.getlist(n)]] for n in sorted(request.FILES)]
    sent = json.dumps([str(key), request.get_full_path(), fields, files])
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [
        salted_hmac("malaka_portal.submissions", sent, secret, algorithm="sha256").hexdigest()
        for secret in secrets
    ]


def digest(upload):
    """The SHA-256 of an uploaded file, which is left at its beginning."""
    found = hashlib.sha256()
    for chunk in upload.chunks():
        found.update(chunk)
    upload.seek(0)
    return found.hexdigest()
