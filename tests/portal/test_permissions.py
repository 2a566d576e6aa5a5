"""Permissions are read in one statement, and are those that Django itself would find."""

import pytest
from django.contrib.auth.backends import ModelBackend
from django.contrib.auth.models import Group, Permission

from malaka_portal.models import User
from tests.factories.portal import UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def user():
    user = UserFactory(granted=["malaka_portal.view_accesslog"])
    group = Group.objects.create(name="Uji")
    group.permissions.add(
        *Permission.objects.filter(codename__in=["view_user", "view_accesslog", "change_user"])
    )
    user.groups.add(group)
    return user


def test_permissions_are_those_that_django_finds(user):
    django, ours = User.objects.get(pk=user.pk), User.objects.get(pk=user.pk)
    backend = ModelBackend()

    assert backend.get_group_permissions(django) == ours.get_group_permissions()
    assert backend.get_all_permissions(django) == ours.get_all_permissions()
    assert ours.get_group_permissions() == {
        "malaka_portal.view_user",
        "malaka_portal.view_accesslog",
        "malaka_portal.change_user",
    }


def test_permissions_cost_one_query(user, django_assert_num_queries):
    user = User.objects.get(pk=user.pk)
    with django_assert_num_queries(1):
        assert user.has_perm("malaka_portal.view_user")
        assert not user.has_perm("malaka_portal.delete_user")
        assert "malaka_portal.change_user" in user.get_all_permissions()


def test_whoever_is_not_active_has_none(user):
    User.objects.filter(pk=user.pk).update(is_active=False)
    user = User.objects.get(pk=user.pk)

    assert user.get_all_permissions() == set()
    assert not user.has_perm("malaka_portal.view_user")
