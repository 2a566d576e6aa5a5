"""Whoever is not signed in is known, while they send a form, by a random number in a cookie.

A session would be a row in the database for each look at a form, by every search engine too, and a
GET never writes. The number says who sends, and gives no right to anything.
"""

import hashlib
import re
import secrets

from django.conf import settings

NUMBER = re.compile(r"[\w-]{22}", re.ASCII)  # 128 bits, as `token_urlsafe` makes them
KEPT = 7 * 24 * 3600  # seconds; a form that comes back later counts as another one


def remember(request):
    """The number of this browser. One that has none gets it with the answer to this request."""
    if not hasattr(request, "stranger"):
        given = request.COOKIES.get(settings.STRANGER_COOKIE_NAME, "")
        request.is_new_stranger = not NUMBER.fullmatch(given)
        request.stranger = secrets.token_urlsafe(16) if request.is_new_stranger else given
    return request.stranger


def hashed(request):
    """The number as it is kept beside what was sent: 64 hexadecimal digits."""
    return hashlib.sha256(remember(request).encode()).hexdigest()


class StrangerMiddleware:
    """Sends the number to a browser that had none when a form was shown to it or came from it."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if getattr(request, "is_new_stranger", False):
            response.set_cookie(
                settings.STRANGER_COOKIE_NAME,
                request.stranger,
                max_age=KEPT,
                secure=settings.SESSION_COOKIE_SECURE,
                httponly=True,
                samesite="Lax",
            )
        return response
