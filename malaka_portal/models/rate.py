"""How often somebody unknown has sent something, counted so that nobody floods a form."""

from datetime import timedelta

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from malaka_portal.models.portal import PortalQuerySet

FORGOTTEN_AFTER = timedelta(days=1)


class RateCountQuerySet(PortalQuerySet):
    def managed_by(self, user):
        """Nobody's rows; administrators may look."""
        return self.none()

    def seen_by(self, user):
        return self.none()

    def add(self, key, window):
        """Count one more under `key` and return how many there were within `window`, a timedelta
        that begins with the first of them. Exact under any number of posts at once."""
        now = timezone.now()
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO malaka_portal_ratecount AS r (key, count, since)
                VALUES (%(key)s, 1, %(now)s)
                ON CONFLICT (key) DO UPDATE SET
                    count = CASE WHEN r.since <= %(over)s THEN 1 ELSE r.count + 1 END,
                    since = CASE WHEN r.since <= %(over)s THEN %(now)s ELSE r.since END
                RETURNING count
                """,
                {"key": key, "now": now, "over": now - window},
            )
            return cursor.fetchone()[0]

    def forget_old(self):
        """Nothing is kept for longer than a day; rows that others are counting on are left."""
        old = self.filter(since__lt=timezone.now() - FORGOTTEN_AFTER)
        self.filter(pk__in=old.select_for_update(skip_locked=True).values("pk")[:100]).delete()


class RateCount(models.Model):
    """How many posts of a public form came from one address or telephone number since a moment.

    The address and the number are not kept, only a keyed hash of them.
    """

    key = models.CharField(_("key"), max_length=64, primary_key=True)
    count = models.PositiveIntegerField(_("how often"))
    since = models.DateTimeField(_("since"), db_index=True)

    objects = RateCountQuerySet.as_manager()

    class Meta:
        verbose_name = _("count of posts")
        verbose_name_plural = _("counts of posts")

    def __str__(self):
        return self.key[:8]
