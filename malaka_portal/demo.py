"""Accounts to try the portal out with. Never where DEBUG is off: their password is public."""

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from malaka_portal.models import User

PASSWORD = "benang-tarum-12"
ACCOUNTS = [
    ("admin", "Rani", True),
    ("pengguna", "Yosefina", False),
]


@transaction.atomic
def seed_accounts():
    """Make the demo accounts that do not exist yet; returns them all as (name, what it is)."""
    if not settings.DEBUG:
        raise ImproperlyConfigured("Demo accounts are only for a portal with DEBUG on.")
    for username, first_name, is_admin in ACCOUNTS:
        if User.objects.filter(username=username).exists():
            continue
        user = User(
            username=username,
            first_name=first_name,
            is_staff=is_admin,
            is_superuser=is_admin,
            area_id="53.21",
        )
        user.set_password(PASSWORD)
        user.save()
    return [
        (username, "administrator" if is_admin else "user without rights")
        for username, _first_name, is_admin in ACCOUNTS
    ]
