"""Someone who signs in."""

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
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
