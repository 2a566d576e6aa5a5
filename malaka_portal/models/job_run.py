"""When the regular jobs ran last, so that any number of workers agree about what is due."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from malaka_portal.models.portal import PortalQuerySet


class JobRunQuerySet(PortalQuerySet):
    def managed_by(self, user):
        """Nobody's: the worker writes them."""
        return self.none()

    def seen_by(self, user):
        return self.none()


class JobRun(models.Model):
    """The last run of one regular job: when it began, and of the last one that went well.

    `error` names the kind of error of a run that failed, never its text: that stands in the log.
    """

    name = models.CharField(_("job"), max_length=60, primary_key=True)
    started_at = models.DateTimeField(_("started at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    done_at = models.DateTimeField(_("last done at"), null=True)
    error = models.CharField(_("error"), max_length=100, blank=True)

    objects = JobRunQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("regular job")
        verbose_name_plural = _("regular jobs")

    def __str__(self):
        return self.name
