"""How long a session lasts (Decision of the design: phones are shared).

Unless the user says "this is my own phone", a session ends with the browser and after 30 minutes
of rest. On one's own phone it lasts 30 days, rolling. Staff get 12 hours at most and 30 minutes
of rest, whatever they tick.
"""

from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.auth import logout
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

IDLE = timedelta(minutes=30)
STAFF_LONGEST = timedelta(hours=12)
OWN_PHONE = timedelta(days=30)
TOUCH_EVERY = timedelta(minutes=1)  # rest is measured to the minute; a write per page is too dear


def begin(request, *, own_phone):
    """Set the terms of the session that has just been opened."""
    now = timezone.now().isoformat()
    request.session.update({"began_at": now, "seen_at": now, "own_phone": own_phone})
    keeps = own_phone and not is_staff(request.user)
    request.session.set_expiry(int(OWN_PHONE.total_seconds()) if keeps else 0)


def is_staff(user):
    """Whoever has rights over more than an organisation of their own."""
    return user.is_staff or user.is_superuser or bool(user.get_group_permissions())


def is_over(session, user, now):
    """Has the session rested or lasted too long?"""
    seen, began = (
        datetime.fromisoformat(session[name]) if name in session else None
        for name in ("seen_at", "began_at")
    )
    if seen is None or began is None:
        return False
    if now - seen <= IDLE and now - began <= STAFF_LONGEST:
        return False  # nearly every request: no need to ask for the user's groups
    staff = is_staff(user)
    if session.get("own_phone") and not staff:
        return now - seen > OWN_PHONE
    return now - seen > IDLE or (staff and now - began > STAFF_LONGEST)


class SessionPolicyMiddleware:
    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            self.apply(request, timezone.now())
        return self.get_response(request)

    def apply(self, request, now):
        session = request.session
        if "began_at" not in session:
            begin(request, own_phone=False)  # the admin's own form knows no policy
        elif is_over(session, request.user, now):
            logout(request)
            # the messages middleware runs later; the cookie store would not be there yet
            request.session["session_ended"] = True
        elif now - datetime.fromisoformat(session["seen_at"]) > TOUCH_EVERY:
            session["seen_at"] = now.isoformat()


def explain_end(request):
    """Tell someone who was signed out why they see the sign-in page, and what was not saved."""
    if request.session.pop("not_saved", False):
        text = _(
            "You were signed out, so what you sent just now is not saved. "
            "Sign in, then send it again."
        )
        messages.warning(request, text)
    if request.session.pop("session_ended", False):
        messages.info(request, _("You were away for a while. Please sign in again."))
