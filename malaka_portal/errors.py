"""Error pages that Django's defaults do not cover."""

from django.core.exceptions import RequestDataTooBig
from django.shortcuts import render


def csrf_failure(request, reason=""):
    """The form's token is too old or missing: mostly a page left open for long."""
    return render(request, "403_csrf.html", status=403)


def bad_request(request, exception=None):
    """What is larger than allowed has a page of its own, which says so."""
    if isinstance(exception, RequestDataTooBig):
        return render(request, "413.html", status=413)
    return render(request, "400.html", status=400)
