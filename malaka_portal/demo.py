"""Accounts to try the portal out with. Never where DEBUG is off: their password is public."""

from dataclasses import dataclass, field
from datetime import date

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from malaka_portal.models import Letterhead, User

PASSWORD = "benang-tarum-12"
MALAKA = "53.21"


@dataclass(frozen=True)
class Account:
    """One demo account: who it is and, in words, what it is for."""

    username: str
    first_name: str
    last_name: str
    role: str
    group: str = ""
    values: dict = field(default_factory=dict)


ACCOUNTS = [
    Account(
        "admin",
        "Rani",
        "Tae",
        _("administrator: everything, users and groups too"),
        values={"is_staff": True, "is_superuser": True},
    ),
    Account(
        "staf",
        "Blasius",
        "Manek",
        _("programme staff: keeps the cooperatives and people of Malaka, checks NIK"),
        group="Staf program",
        values={"is_staff": True, "area_id": MALAKA},
    ),
    Account(
        "petugas",
        "Emerensiana",
        "Bere",
        _("data protection officer: consents, objections, dossiers, and who looked at what"),
        group="Petugas data pribadi",
        values={"area_id": MALAKA},
    ),
    Account(
        "peninjau",
        "Anastasia",
        "Luan",
        _("reviewer: reads everything in Malaka except personal data"),
        group="Peninjau",
        values={"area_id": MALAKA},
    ),
    Account(
        "yosefina",
        "Yosefina",
        "Bria",
        _("secretary of Tenun Feto Malaka: keeps its register"),
    ),
    Account(
        "pengawas",
        "Maria Goreti",
        "Seran",
        _("supervisor of Tenun Feto Malaka: reads and changes nothing"),
    ),
    Account(
        "bendahara",
        "Dominikus",
        "Klau",
        _("treasurer of Koperasi Contoh Impor, whose register is still empty"),
    ),
]


@transaction.atomic
def seed_accounts():
    """Make the demo accounts that do not exist yet; one that exists stays as it is."""
    if not settings.DEBUG:
        raise ImproperlyConfigured("Demo accounts are only for a portal with DEBUG on.")
    known = set(User.objects.values_list("username", flat=True))
    password = make_password(PASSWORD)  # hashed once: hashing is slow on purpose
    for account in ACCOUNTS:
        if account.username in known:
            continue
        user = User.objects.create(
            username=account.username,
            first_name=account.first_name,
            last_name=account.last_name,
            password=password,
            **account.values,
        )
        if account.group:
            group, _created = Group.objects.get_or_create(name=account.group)
            user.groups.add(group)


def seed_letterhead():
    """A made-up letterhead for printed papers, unless there is one."""
    if not settings.DEBUG:
        raise ImproperlyConfigured("The demo's letterhead is only for a portal with DEBUG on.")
    if not Letterhead.objects.exists():
        Letterhead.objects.create(
            valid_from=date(2025, 1, 1),
            institution="PEMERINTAH KABUPATEN MALAKA",
            office="DINAS KOPERASI DAN UKM (CONTOH)",
            address="Jalan Contoh Nomor 1, Betun",
            place="Betun",
            signatory_title="Kepala Dinas Koperasi dan UKM (contoh)",
        )


def accounts_here():
    """(user name, what it is for) of the demo accounts that exist."""
    known = set(User.objects.values_list("username", flat=True))
    return [(a.username, str(a.role)) for a in ACCOUNTS if a.username in known]
