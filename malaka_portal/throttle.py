"""What strangers send is counted: attempts to sign in, and posts of public forms.

Sign-ins are refused before the password is hashed, once one browser has guessed too often.

Failures are counted per name and browser: a browser that has signed in as this user before carries
a signed cookie and has a count of its own; every other one shares the count of its address. So a
stranger's guesses never lock out the user's own phone (the device cookies of OWASP's guide).
"""

import hmac
import secrets
from hashlib import sha256
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.core import signing
from django.core.exceptions import PermissionDenied

from malaka_portal.models import RateCount, SignInFailures

COOKIE_AGE = 365 * 24 * 3600
SALT = "malaka_portal.known_device"


def cookie_name():
    return "__Host-kenal" if settings.SECURE else "kenal"


def client_address(request):
    """The address that the outermost of our own proxies saw."""
    if settings.PROXY_COUNT:
        hops = request.META.get("HTTP_X_FORWARDED_FOR", "").split(",")
        if len(hops) >= settings.PROXY_COUNT:
            return hops[-settings.PROXY_COUNT].strip()
    return request.META.get("REMOTE_ADDR", "")


def origin(request):
    """Whom to count: the address, or of IPv6 the network of 64 bits that one household is given.
    Counted one by one, its 2^64 addresses would be as many strangers."""
    found = client_address(request)
    try:
        address = ip_address(found.partition("%")[0])
    except ValueError:
        return found
    if address.version == 4:
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((int(address) >> 64 << 64, 64)))


def known_device(request, username):
    """The browser's own secret, if it has signed in as `username` before."""
    try:
        device = signing.loads(
            request.COOKIES.get(cookie_name(), ""), salt=SALT, max_age=COOKIE_AGE
        )
    except signing.BadSignature:
        return None
    return device["secret"] if device.get("username") == username.casefold() else None


def throttle_key(request, username):
    device = known_device(request, username)
    whose = f"device:{device}" if device else f"address:{origin(request)}"
    return keyed_hash(f"{username.casefold()}|{whose}")


def keyed_hash(text):
    return hmac.new(settings.SECRET_KEY.encode(), text.encode(), sha256).hexdigest()


def within_limit(kind, whose, *, most, window):
    """Count one more post of `kind` by `whose` (an address, a telephone number): is it among the
    first `most` of the last `window`? A post that is undone, because it was refused or had errors,
    takes its count back with it."""
    return RateCount.objects.add(keyed_hash(f"{kind}|{whose}"), window) <= most


def remember_device(response, username):
    """Give the browser that has just signed in its own count of failures."""
    device = {"username": username.casefold(), "secret": secrets.token_urlsafe(16)}
    value = signing.dumps(device, salt=SALT)
    response.set_cookie(
        cookie_name(),
        value,
        max_age=COOKIE_AGE,
        secure=settings.SECURE,
        httponly=True,
        samesite="Lax",
    )


def must_wait(request, username):
    return bool(SignInFailures.objects.wait(throttle_key(request, username)))


def add_failure(request, username):
    SignInFailures.objects.add_failure(throttle_key(request, username))


def forget(request, username):
    SignInFailures.objects.filter(key=throttle_key(request, username)).delete()


class ThrottledBackend:
    """Stands first: stops the attempt while its browser has to wait.

    It knows no users (no `get_user`), so no session is ever opened in its name.
    """

    def authenticate(self, request, username=None, password=None, **credentials):
        if request is None or username is None:
            return
        if must_wait(request, username):
            request.sign_in_refused = True
            raise PermissionDenied


def count_failure(sender, credentials, request=None, **kwargs):
    refused = getattr(request, "sign_in_refused", False)
    if request is not None and credentials.get("username") and not refused:
        add_failure(request, credentials["username"])


def forget_failures(sender, request, user, **kwargs):
    if request is not None:
        forget(request, user.get_username())


def connect():
    """Listen to Django's own sign-in signals, so that no way in goes uncounted."""
    user_login_failed.connect(count_failure, dispatch_uid="count_failure")
    user_logged_in.connect(forget_failures, dispatch_uid="forget_failures")
