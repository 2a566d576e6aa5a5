"""One search box over what the user may see."""

import re

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from cooperatives import services
from cooperatives.models import Cooperative, Enterprise, Member, Person
from malaka_portal.names import search_words

SHOWN = 10  # of each kind; whoever has more to find, adds a word
NIK_LENGTH = 16
LONGEST = 200  # characters; nobody's name is longer
LONGEST_NUMBER = 13  # digits that may stand in an address; more is a NIK, maybe a mistyped one


def search(request):
    """Words stand in the address, so that the page can be kept; a NIK never does."""
    if request.method == "POST":
        return post_search(request)
    text = request.GET.get("q", "").replace("\0", "").strip()
    if looks_like_nik(text):
        messages.warning(request, _("Type a NIK into the box; it must not stand in an address."))
        return redirect("cooperatives:search")
    context = {"text": text} | (found(request.user, text) if text else {})
    return render(request, "cooperatives/search.html", context)


def digits_of(text):
    return re.sub(r"\D", "", text)


def looks_like_nik(text):
    """Also when words stand beside it, as in "NIK 5321…", or a digit is missing or too many."""
    return len(digits_of(text)) > LONGEST_NUMBER


def post_search(request):
    text = request.POST.get("q", "").replace("\0", "").strip()[:LONGEST]
    if not looks_like_nik(text):
        return redirect(f"{reverse('cooperatives:search')}?{urlencode({'q': text})}")
    people = search_by_nik(request, digits_of(text))
    context = {"text": "", "by_nik": True, "people": people or [], "searched": people is not None}
    return render(request, "cooperatives/search.html", context)


def search_by_nik(request, digits):
    """The people found, as a list; None, and a message, when it was not searched at all."""
    if len(digits) != NIK_LENGTH:
        counted = {"count": len(digits)}
        messages.error(request, _("NIK must have 16 digits; you entered %(count)d.") % counted)
        return None
    people = services.find_by_national_id(nik=digits, by=request.user)
    if people is None:
        messages.error(request, _("Too many searches by NIK. Try again in an hour."))
    return people


def found(user, text):
    """The first of each kind whose names have every word; members by their number too."""
    members = Member.objects.visible_to(user).listed().select_related("cooperative", "person")
    by_number = members.filter(number__iexact=text)[:SHOWN]
    return {
        "searched": True,
        "cooperatives": search_words(Cooperative.objects.visible_to(user), text).select_related(
            "village"
        )[:SHOWN],
        "enterprises": search_words(
            Enterprise.objects.visible_to(user).listed(), text
        ).select_related("village", "owner")[:SHOWN],
        "members": list(by_number) or search_words(members.current(), text)[:SHOWN],
        "people": search_words(
            Person.objects.visible_to(user).current().listed(), text
        ).select_related("village")[:SHOWN],
    }
