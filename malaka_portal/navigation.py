"""What every page offers: the menu, and the same page in the other language."""

from dataclasses import dataclass

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


# The first four stand in the bottom bar of a phone.
ENTRIES = [
    (_("Home"), "dashboard", "home"),
    (_("Record"), "cooperatives:record", "add"),
    (_("Members"), "cooperatives:member-list", "people"),
    (_("Search"), "cooperatives:search", "search"),
    (_("Cooperatives"), "cooperatives:cooperative-list", "building"),
    (_("People"), "cooperatives:person-list", "people"),
    (_("Officers"), "cooperatives:officer-list", "people"),
    (_("Work list"), "cooperatives:work-list", "work"),
    (_("Regions"), "region-list", "building"),
    (_("My account"), "account", "account"),
]


def menu(request):
    addresses = [(label, reverse(name), icon) for label, name, icon in ENTRIES]
    return [Entry(label, url, icon, current=request.path == url) for label, url, icon in addresses]


def other_language(request):
    """The plain link between the languages: no cookie, the address itself says which."""
    code, label = ("id", "Bahasa Indonesia") if get_language() == "en" else ("en", "English")
    return {"code": code, "label": label, "url": translate_url(request.path, code)}


def navigation(request):
    """Context processor."""
    user = getattr(request, "user", None)
    signed_in = user is not None and user.is_authenticated
    return {
        "navigation": menu(request) if signed_in else [],
        "other_language": other_language(request),
    }
