"""Error pages that Django's defaults do not cover."""

from django.shortcuts import render


def csrf_failure(request, reason=""):
    """The form's token is too old or missing: mostly a page left open for long."""
    return render(request, "403_csrf.html", status=403)
