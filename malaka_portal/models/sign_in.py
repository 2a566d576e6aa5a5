"""Failed attempts to sign in, counted so that guessing slows down."""

from datetime import timedelta

from django.db import connection, models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from malaka_portal.models.portal import PortalQuerySet

FREE_TRIES = 10
FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)


class SignInFailuresQuerySet(PortalQuerySet):
    def managed_by(self, user):
        """Nobody's rows; administrators may look."""
        return self.none()

    def seen_by(self, user):
        return self.none()

    def add_failure(self, key):
        """Count one more failure under `key`, exact under any number of attempts at once."""
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO malaka_portal_signinfailures AS f (key, count, last_at)
                VALUES (%(key)s, 1, %(now)s)
                ON CONFLICT (key) DO UPDATE SET last_at = %(now)s, count =
                    CASE WHEN f.last_at < %(forgotten)s THEN 1 ELSE f.count + 1 END
                """,
                {"key": key, "now": timezone.now(), "forgotten": timezone.now() - FORGOTTEN_AFTER},
            )

    def wait(self, key):
        """How long `key` still has to wait, as a timedelta; zero when it may try."""
        row = self.filter(key=key, last_at__gte=timezone.now() - FORGOTTEN_AFTER).first()
        return row.remaining(timezone.now()) if row else timedelta()


class SignInFailures(models.Model):
    """Failures in a row from one browser or address against one name, kept under a keyed hash."""

    key = models.CharField(_("key"), max_length=64, primary_key=True)
    count = models.PositiveIntegerField(_("failures"))
    last_at = models.DateTimeField(_("last at"))

    objects = SignInFailuresQuerySet.as_manager()

    class Meta:
        verbose_name = _("failed sign-ins")
        verbose_name_plural = _("failed sign-ins")

    def __str__(self):
        return self.key[:8]

    def remaining(self, now):
        """The delay doubles with every failure after the tenth, up to a quarter of an hour."""
        if self.count < FREE_TRIES:
            return timedelta()
        doublings = min(self.count - FREE_TRIES, 10)
        delay = min(FIRST_DELAY * 2**doublings, LONGEST_DELAY)
        return max(self.last_at + delay - now, timedelta())
