"""Requests of visitors, answered by the cooperative that was asked."""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cooperatives.models import QuoteRequest
from malaka_portal.changes import in_wita
from malaka_portal.models import RateCount
from malaka_portal.throttle import origin, within_limit

HOUR = timedelta(hours=1)
FROM_AN_ADDRESS = 30  # an hour: a whole village may share one address
FROM_A_NUMBER = 5  # an hour


class TooManyRequests(Exception):
    """So many came from this address or for this number that nobody could answer them."""


@transaction.atomic
def ask_for_quote(*, quote, request):
    """Save a visitor's `quote`, an unsaved QuoteRequest, and return it; or TooManyRequests."""
    origins = [
        ("quote address", origin(request), FROM_AN_ADDRESS),
        ("quote number", quote.contact_phone, FROM_A_NUMBER),
    ]
    for kind, whose, most in origins:
        if not within_limit(kind, whose, most=most, window=HOUR):
            raise TooManyRequests
    RateCount.objects.forget_old()
    quote.save()
    return quote


@transaction.atomic
def answer_quote(*, quote, status, answer, by):
    """Close a request as `status` with the words `answer`, signed by the user `by`.

    ValidationError when it is closed already: it says by whom and when.
    """
    # one after the other, so that the second of two deciders is told of the first
    quote = QuoteRequest.objects.select_for_update(of=("self",)).get(pk=quote.pk)
    if quote.status != QuoteRequest.Status.NEW:
        who = quote.answered_by
        raise ValidationError(
            _("%(who)s has answered this already, on %(when)s. Your answer is not saved."),
            "answered",
            {
                "who": who.get_full_name() or who.get_username(),
                "when": in_wita(quote.answered_at),
            },
        )
    quote.close(status=status, answer=answer, by=by)
    quote.save()
    return quote
