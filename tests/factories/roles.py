"""The cast of the tests: one user per role that exists, and what is theirs."""

import importlib
from datetime import date

from django.apps import apps
from django.contrib.auth.models import Group

from malaka_portal.models import User
from tests.factories.cooperatives import (
    ConsentFactory,
    CooperativeFactory,
    JoiningFactory,
    MemberFactory,
    NikClaimFactory,
    OfficerFactory,
    PersonFactory,
    ProposalFactory,
    SuspicionFactory,
)
from tests.factories.enterprises import (
    EnterpriseFactory,
    EnterpriseMembershipFactory,
    EnterpriseSnapshotFactory,
    GroupMemberFactory,
    MotifFactory,
    PaperFactory,
    PriceChangeFactory,
    ProductFactory,
    ProductPhotoFactory,
    QuoteRequestFactory,
    SupportFactory,
)
from tests.factories.imports import ImportFactory
from tests.factories.portal import RegionFactory, UserFactory, village

MALAKA = "53.21"
PUBLIC_SINCE = date(2026, 1, 2)
MIGRATIONS = [  # those with a `make_groups`
    "0002_groups",
    "0004_reference",
    "0006_data_officer",
    "0008_duplicates_permissions",
    "0017_import_permissions",
]
GROUPS = {"staff": "Staf program", "viewer": "Peninjau", "keeper": "Petugas data pribadi"}
ROLES = ["officer", "supervisor", "staff", "viewer", "keeper", "administrator", "stranger"]


def group(name):
    """A group as the migrations make it; tests that truncate the tables take it away."""
    if not Group.objects.filter(name=name).exists():
        config = apps.get_app_config("cooperatives")
        models = config.models_module
        for migration in MIGRATIONS:
            importlib.import_module(f"cooperatives.migrations.{migration}").make_groups(apps, None)
            config.models_module = models  # one of them takes it away, and later permissions too
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
        SuspicionFactory(first=person, second=PersonFactory(name="Rahasia Dua", village=place)),
        JoiningFactory(survivor=person),
        *rows_of_enterprise(cooperative, person, place),
        ImportFactory(target_id=cooperative.pk, place=place.pk, file_name="Rahasia.xlsx"),
    ]
    return {type(row).__name__: row for row in rows}


def rows_of_enterprise(cooperative, person, place):
    """A weaver group whose record the cooperative keeps, and everything about it."""
    group_of = EnterpriseFactory(
        cooperative=cooperative, owner=person, village=place, name="Tenun Rahasia", kind="weavers"
    )
    product = ProductFactory(enterprise=group_of, name="Tais Rahasia")
    return [
        group_of,
        product,
        MotifFactory(),
        GroupMemberFactory(enterprise=group_of, person=person),
        EnterpriseMembershipFactory(enterprise=group_of, cooperative=cooperative),
        EnterpriseSnapshotFactory(enterprise=group_of),
        SupportFactory(enterprise=group_of, what="Alat Rahasia"),
        PaperFactory(enterprise=group_of),
        PriceChangeFactory(product=product),
        ProductPhotoFactory(product=product, caption="Foto Rahasia"),
        QuoteRequestFactory(cooperative=cooperative, product=product, contact_name="Pak Rahasia"),
    ]


def own_rows():
    here = village()
    return rows_of(CooperativeFactory(name="Koperasi Rahasia Sendiri", village=here), here)


def published_rows():
    """A cooperative that agreed to be shown to everybody, a product that it shows, and its photo;
    the product is a group's, which nobody has agreed to name."""
    here = village()
    cooperative = CooperativeFactory(name="Koperasi Umum", village=here, public_since=PUBLIC_SINCE)
    of = EnterpriseFactory(
        cooperative=cooperative,
        village=here,
        name="Tenun Rahasia Umum",
        kind="weavers",
        owner=None,
    )
    product = ProductFactory(enterprise=of, name="Tais Umum", is_published=True)
    rows = [cooperative, product, ProductPhotoFactory(product=product, caption="Tais merah")]
    return {type(row).__name__: row for row in rows}


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
            user.groups.add(group(GROUPS[role]))
    return User.objects.get(pk=user.pk)
