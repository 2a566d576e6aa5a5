"""Tags and filters for the portal's own templates: formatting, and the key of a form."""

import uuid

from django import template
from django.utils.html import format_html

from malaka_portal.changes import in_wita
from malaka_portal.parsing import format_number, format_phone, format_rupiah
from malaka_portal.submissions import FIELD, parse_key

register = template.Library()


@register.filter
def wita(when):
    """A moment in words: `24 November 2026 08.30 WITA`."""
    return in_wita(when)


@register.filter
def phone(e164):
    """A telephone number as people read it: `0812-3456-7890`."""
    return format_phone(e164)


@register.filter
def rupiah(amount):
    """Whole rupiah: `Rp1.500.000`; a dash for nothing."""
    return "–" if amount is None else format_rupiah(amount)


@register.filter
def amount(number):
    """A whole number with its dots: `1.248`."""
    return format_number(number)


@register.simple_tag(takes_context=True)
def idempotency_key(context, form=None):
    """The hidden input by which `submissions.once` knows this rendering of the form.

    A form shown again after a mistake keeps its key. On a page with several forms pass the form,
    so that only the one that was sent keeps it: `{% idempotency_key form %}`.
    """
    request = getattr(context, "request", None) or context["request"]
    remember_stranger(request)
    sent_again = request.method == "POST" and (form is None or form.is_bound)
    key = parse_key(request.POST.get(FIELD)) if sent_again else None
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, key or uuid.uuid4())


def remember_stranger(request):
    """Somebody not signed in needs a session before sending, or two taps look like two people."""
    if not request.user.is_authenticated and request.session.is_empty():
        request.session["has_form"] = True
