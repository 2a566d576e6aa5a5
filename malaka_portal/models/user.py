"""Someone who signs in."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import connection, models
from django.utils.translation import gettext_lazy as _

from malaka_portal.history import tracked
from malaka_portal.models.portal import PortalQuerySet
from malaka_portal.models.region import Region


class UserQuerySet(PortalQuerySet):
    def managed_by(self, user):
        """Accounts are the administrators' alone (superusers pass every permission)."""
        return self.none()

    def seen_by(self, user):
        """Everybody sees their own account."""
        return self.filter(pk=user.pk)


class PortalUserManager(UserManager.from_queryset(UserQuerySet)):
    """Django's manager of users, with the portal's scopes."""

    use_in_migrations = False


PERMISSIONS = """
SELECT given.own, type.app_label || '.' || permission.codename FROM (
    SELECT true AS own, permission_id FROM malaka_portal_user_user_permissions WHERE user_id = %s
    UNION ALL
    SELECT false, g.permission_id FROM auth_group_permissions g
    JOIN malaka_portal_user_groups u ON u.group_id = g.group_id WHERE u.user_id = %s
) given
JOIN auth_permission permission ON permission.id = given.permission_id
JOIN django_content_type type ON type.id = permission.content_type_id
"""


@tracked(exclude=["password", "last_login"])
class User(AbstractUser):
    """Programme staff, or someone who runs an organisation.

    Staff get their rights from groups, within `area`; officers from an open term of office.
    """

    area = models.ForeignKey(
        Region,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("area"),
        help_text=_("The groups' rights hold in this region only; empty means everywhere."),
    )
    language = models.CharField(
        _("language"),
        max_length=2,
        choices=[("id", "Bahasa Indonesia"), ("en", "English")],
        default="id",
    )
    session_round = models.PositiveIntegerField(_("session round"), default=0, editable=False)

    objects = PortalUserManager()

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def get_all_permissions(self, obj=None):
        self.read_permissions()
        return super().get_all_permissions(obj)

    def get_group_permissions(self, obj=None):
        self.read_permissions()
        return super().get_group_permissions(obj)

    def has_perm(self, perm, obj=None):
        self.read_permissions()
        return super().has_perm(perm, obj)

    def read_permissions(self):
        """Own permissions and those of groups, in one statement, where Django's backend finds
        them; by itself it asks twice, at every request."""
        known = hasattr(self, "_user_perm_cache") or hasattr(self, "_group_perm_cache")
        if known or self.is_superuser or not self.is_active or self.pk is None:
            return
        self._user_perm_cache, self._group_perm_cache = set(), set()
        with connection.cursor() as cursor:
            cursor.execute(PERMISSIONS, [self.pk, self.pk])
            for own, permission in cursor.fetchall():
                (self._user_perm_cache if own else self._group_perm_cache).add(permission)

    def get_session_auth_hash(self):
        """Also changes with `session_round`, so that raising it ends every session."""
        return f"{super().get_session_auth_hash()}{self.session_round}"

    def get_session_auth_fallback_hash(self):
        for fallback in super().get_session_auth_fallback_hash():
            yield f"{fallback}{self.session_round}"

    def end_all_sessions(self):
        """Every browser that is signed in as this user has to sign in again."""
        type(self).objects.filter(pk=self.pk).update(session_round=models.F("session_round") + 1)
        self.refresh_from_db(fields=["session_round"])


@tracked(model_name="UserGroupEvent")
class UserGroup(User.groups.through):
    """A user's place in a group, as a row whose history is kept: who gave which rights."""

    class Meta:
        proxy = True


@tracked(model_name="UserPermissionEvent")
class UserPermission(User.user_permissions.through):
    """A permission given to one user directly, as a row whose history is kept."""

    class Meta:
        proxy = True
