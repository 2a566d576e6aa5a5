"""Tags and filters for the portal's own templates: formatting, and the key of a form."""

import uuid

from django import template
from django.utils.html import format_html

from malaka_portal import office, strangers
from malaka_portal.changes import in_wita
from malaka_portal.parsing import format_number, format_phone, format_rupiah, whatsapp_url
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


@register.simple_tag
def whatsapp(e164, text):
    """A link that opens WhatsApp with `text` written to this number; nothing for a fixed line."""
    return whatsapp_url(e164, text)


@register.simple_tag
def office_hours():
    """When offices answer: `Monday to Friday, 08.00–15.00 WITA`."""
    return office.hours()


@register.filter
def kilobytes(size):
    """Bytes as whole kilobytes, one at least: `42 KB`."""
    return f"{max(round(size / 1024), 1)} KB"


@register.simple_tag(takes_context=True)
def idempotency_key(context, form=None):
    """The hidden input by which `submissions.once` knows this rendering of the form.

    A form shown again after a mistake keeps its key. On a page with several forms pass the form,
    so that only the one that was sent keeps it: `{% idempotency_key form %}`.
    """
    request = getattr(context, "request", None) or context["request"]
    if not request.user.is_authenticated:
        strangers.remember(request)  # or two taps on a first visit would look like two people
    sent_again = request.method == "POST" and (form is None or form.is_bound)
    key = parse_key(request.POST.get(FIELD)) if sent_again else None
    return format_html('<input type="hidden" name="{}" value="{}">', FIELD, key or uuid.uuid4())
