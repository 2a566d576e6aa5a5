"""The base of every row: whose it is, and when it was recorded."""

from django.contrib.auth import get_permission_codename
from django.db import models
from django.utils.translation import gettext_lazy as _


class PortalQuerySet(models.QuerySet):
    """Scope as querysets. A model says whose its rows are; the rest follows from that."""

    area_field = None  # the lookup that leads to a region's code, as "village__code"

    def managed_by(self, user):
        """Rows that `user` may write, a subset of `seen_by`; none, until a model says otherwise."""
        return self.none()

    def seen_by(self, user):
        """Rows that `user` may read by an office of their own, without any group."""
        return self.managed_by(user)

    def within(self, area):
        """Rows of a region and of everything below it, by the prefix of its code."""
        if not area or self.area_field is None:
            return self
        return self.filter(**{f"{self.area_field}__startswith": area})

    def listed(self):
        """Rows that may stand in lists, searches and exports: not of people who withdrew."""
        return self

    def visible_to(self, user):
        """What `user` may read: what their groups grant, within their area, and `seen_by`."""
        opts = self.model._meta
        perm = f"{opts.app_label}.{get_permission_codename('view', opts)}"
        if perm in user.get_all_permissions():
            granted = self.within(user.area_id)
            return granted | self.seen_by(user) if user.area_id else granted
        return self.seen_by(user)


class PortalModel(models.Model):
    """A row that remembers when it was recorded and last changed (UTC), and how often.

    `version` is raised by a trigger (see `history.tracked`), so it counts every door's changes.
    `personal_fields` names the columns that only readers of personal data may see, `others_fields`
    those of a person's row that tell of somebody else and stay out of their dossier.
    """

    personal_fields = frozenset()
    others_fields = frozenset()

    created_at = models.DateTimeField(_("created at"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated at"), auto_now=True)
    version = models.PositiveIntegerField(_("version"), default=1, db_default=1, editable=False)

    objects = PortalQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def export_version(self):
        """By what a file that comes back tells whether the row has been changed since."""
        return str(self.version)

    @property
    def shows_person(self):
        """May whoever sees this row by an office see in it what is known of its person today?"""
        return True
