"""What every page offers: the menu, and the same page in the other language."""

from dataclasses import dataclass
from functools import lru_cache

from django.urls import reverse, translate_url
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Entry:
    """One entry of the menu; `icon` names a symbol of static/img/icons.svg."""

    label: str
    url: str
    icon: str
    current: bool


# The first four stand in the bottom bar of a phone; one's own account is in the header.
ENTRIES = [
    (_("Home"), "dashboard", "home"),
    (_("Record"), "cooperatives:record", "add"),
    (_("Members"), "cooperatives:member-list", "people"),
    (_("Search"), "cooperatives:search", "search"),
    (_("Cooperatives"), "cooperatives:cooperative-list", "building"),
    (_("Enterprises"), "cooperatives:enterprise-list", "building"),
    (_("Products"), "cooperatives:product-list", "work"),
    (_("People"), "cooperatives:person-list", "people"),
    (_("Officers"), "cooperatives:officer-list", "people"),
    (_("Work list"), "cooperatives:work-list", "work"),
    (_("Regions"), "region-list", "building"),
]

VISITORS_ENTRIES = [
    (_("Products"), "cooperatives:showcase", ""),
    (_("Cooperatives"), "cooperatives:showcase-cooperatives", ""),
]


def menu(request, signed_in):
    here, language = request.path, get_language()
    known = {url for _label, url, _icon in entries(language, signed_in)}
    return marked(language, signed_in, here if here in known else "")


@lru_cache
def entries(language, signed_in):
    found = ENTRIES if signed_in else VISITORS_ENTRIES
    return [(str(label), reverse(name), icon) for label, name, icon in found]


@lru_cache
def marked(language, signed_in, here):
    found = entries(language, signed_in)
    return [Entry(label, url, icon, url == here) for label, url, icon in found]


def other_language(request):
    """The plain link between the languages: no cookie, the address itself says which."""
    code, label = ("id", "Bahasa Indonesia") if get_language() == "en" else ("en", "English")
    return {"code": code, "label": label, "url": translate_url(request.path, code)}


def navigation(request):
    """Context processor."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "navigation": menu(request, signed_in),
        "other_language": other_language(request),
    }
