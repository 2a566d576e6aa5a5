"""The cast of the tests: one user per role that exists, and what is theirs."""

import importlib

from django.apps import apps
from django.contrib.auth.models import Group

from malaka_portal.models import User
from tests.factories.cooperatives import (
    ConsentFactory,
    CooperativeFactory,
    MemberFactory,
    NikClaimFactory,
    OfficerFactory,
    PersonFactory,
    ProposalFactory,
)
from tests.factories.portal import RegionFactory, UserFactory, village

MALAKA = "53.21"
ROLES = ["officer", "supervisor", "staff", "viewer", "administrator", "stranger"]


def group(name):
    """A group as the migration makes it; tests that truncate the tables take it away."""
    if not Group.objects.filter(name=name).exists():
        config = apps.get_app_config("cooperatives")
        models = config.models_module
        importlib.import_module("cooperatives.migrations.0002_groups").make_groups(apps, None)
        config.models_module = models  # the migration takes it away, and later permissions with it
    return Group.objects.get(name=name)


def rows_of(cooperative, place):
    """One row of every model that belongs to `cooperative`, by the model's name."""
    person = PersonFactory(name="Emerensiana Abuk Rahasia", village=place)
    rows = [
        cooperative,
        person,
        MemberFactory(cooperative=cooperative, person=person),
        OfficerFactory(
            cooperative=cooperative,
            role="treasurer",
            person=PersonFactory(name="Yosef Rahasia", village=place),
        ),
        ConsentFactory(person=person),
        NikClaimFactory(cooperative=cooperative, person=person),
        ProposalFactory(cooperative=cooperative, person=person),
    ]
    return {type(row).__name__: row for row in rows}


def own_rows():
    here = village()
    return rows_of(CooperativeFactory(name="Koperasi Rahasia Sendiri", village=here), here)


def other_rows():
    """Rows of a cooperative far away, where only the administrator has a right."""
    there = village("33.01.01.2001", "Jauh")
    return rows_of(CooperativeFactory(name="Koperasi Rahasia Lain", village=there), there)


def actor(role, own):
    """The user of a role, as a request loads them; `own` are the rows of their cooperative."""
    cooperative = own["Cooperative"]
    if role == "officer":
        user = OfficerFactory(cooperative=cooperative).user
    elif role == "supervisor":
        user = OfficerFactory(cooperative=cooperative, body="supervisors", role="member").user
    elif role == "administrator":
        user = UserFactory(is_superuser=True, is_staff=True)
    else:
        user = UserFactory(area=RegionFactory(code=MALAKA))
        if role != "stranger":
            user.groups.add(group({"staff": "Staf program", "viewer": "Peninjau"}[role]))
    return User.objects.get(pk=user.pk)
