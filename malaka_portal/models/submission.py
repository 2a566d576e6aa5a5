"""Forms that were sent and saved, remembered so that the same form is saved once."""

from django.conf import settings
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from malaka_portal.models.portal import PortalQuerySet


class SubmissionQuerySet(PortalQuerySet):
    def managed_by(self, user):
        """Nobody's rows; administrators may look."""
        return self.none()

    def seen_by(self, user):
        return self.none()

    def claim(self, *, user_id, session_hash, form, key, fingerprint):
        """Insert a row and return its id; None when its owner has sent this key before.

        Waits while another transaction is saving the same key, until that one is kept or undone.
        """
        with connection.cursor() as cursor:
            cursor.execute(
                """
                INSERT INTO malaka_portal_submission
                    (user_id, session_hash, form, key, fingerprint, result_url, created_at)
                VALUES (%s, %s, %s, %s, %s, '', now())
                ON CONFLICT DO NOTHING RETURNING id
                """,
                [user_id, session_hash, form, str(key), fingerprint],
            )
            row = cursor.fetchone()
        return row[0] if row else None


class Submission(models.Model):
    """A form that was saved: whose, which, under which key, and the page it led to.

    The row is written in the transaction of what the form did, so that the two stand or fall
    together. It belongs to a user, or to the browser of somebody who is not signed in
    (`session_hash`, see `malaka_portal.strangers`).
    """

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        db_index=False,  # the unique index begins with it
        verbose_name=_("user"),
    )
    session_hash = models.CharField(_("session, hashed"), max_length=64, blank=True)
    form = models.CharField(_("form"), max_length=100)
    key = models.UUIDField(_("key"))
    fingerprint = models.CharField(
        _("fingerprint"), max_length=64, help_text=_("A keyed hash of everything that was sent.")
    )
    result_url = models.TextField(_("saved page"), blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        verbose_name = _("saved form")
        verbose_name_plural = _("saved forms")
        constraints = [
            models.UniqueConstraint(
                fields=["user", "session_hash", "form", "key"],
                nulls_distinct=False,
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This form was already saved."),
            ),
            models.CheckConstraint(
                condition=Q(user__isnull=False, session_hash="")
                | (Q(user__isnull=True) & ~Q(session_hash="")),
                name="%(app_label)s_%(class)s_has_one_owner",
                violation_error_message=_("A saved form belongs to a user or to a session."),
            ),
        ]

    def __str__(self):
        return f"{self.form} {str(self.key)[:8]}"
