"""A spreadsheet on its way in: the file, what its lines say, and what they wrote."""

import secrets
from datetime import timedelta
from pathlib import PurePosixPath

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from malaka_portal.history import tracked
from malaka_portal.models.portal import PortalModel, PortalQuerySet

UNDO_DAYS = 7


def stored_name(_row, filename):
    """A random name: the sender's own may say whose data they are."""
    return f"imports/{secrets.token_hex(16)}{PurePosixPath(filename).suffix.lower()[:5]}"


class ImportQuerySet(PortalQuerySet):
    area_field = "place"

    def managed_by(self, user):
        """Whoever brought the file; nobody else saves what they have not looked at."""
        return self.filter(user=user)

    def seen_by(self, user):
        return self.managed_by(user)


@tracked(exclude=["layout", "answers", "counts"])
class Import(PortalModel):
    """One file that somebody brought: nothing of it is saved until its lines were looked at.

    `kind` names a declared kind (`imports.kinds`), `target_id` the row that the whole file belongs
    to, if the kind has one (the cooperative of a register of members). `layout` is how the file
    was read (sheets, headings, which column is what), `answers` what the user decided about it
    (columns, unknown villages), `counts` the sums of the lines by outcome.

    read = created + changed + unchanged + refused + skipped.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("columns to be matched")
        QUEUED = "queued", _("waiting to be checked")
        CHECKED = "checked", _("checked, nothing saved yet")
        SAVING = "saving", _("being saved")
        SAVED = "saved", _("saved")
        UNDONE = "undone", _("taken back")
        DROPPED = "dropped", _("dropped")

    kind = models.CharField(_("kind"), max_length=30)
    target_id = models.BigIntegerField(_("belongs to"), null=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,  # brought in by a command
        related_name="imports",
        verbose_name=_("user"),
    )
    place = models.CharField(
        _("region"), max_length=13, blank=True, editable=False
    )  # code of the region that the file is about, "" for more than one
    file = models.FileField(_("file"), upload_to=stored_name, blank=True)
    file_name = models.CharField(_("name of the file"), max_length=100)
    file_hash = models.CharField(max_length=64, editable=False)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.UPLOADED
    )
    layout = models.JSONField(default=dict, editable=False)
    answers = models.JSONField(default=dict, editable=False)
    counts = models.JSONField(default=dict, editable=False)
    trouble = models.TextField(_("what went wrong"), blank=True)
    saved_at = models.DateTimeField(_("saved at"), null=True, editable=False)
    undone_at = models.DateTimeField(_("taken back at"), null=True, editable=False)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        permissions = [("undo_import", _("May take an import back"))]
        indexes = [models.Index(fields=["user", "-id"], name="import_user")]
        constraints = [
            models.CheckConstraint(
                condition=Q(saved_at__isnull=False, state__in=["saved", "undone"])
                | (Q(saved_at__isnull=True) & ~Q(state__in=["saved", "undone"])),
                name="%(app_label)s_%(class)s_saved_has_a_time",
                violation_error_message=_("A saved import says when it was saved."),
            ),
            models.CheckConstraint(
                condition=Q(undone_at__isnull=False, state="undone")
                | (Q(undone_at__isnull=True) & ~Q(state="undone")),
                name="%(app_label)s_%(class)s_undone_has_a_time",
                violation_error_message=_("An import that was taken back says when."),
            ),
        ]

    def __str__(self):
        return self.file_name

    def get_absolute_url(self):
        return reverse("import-detail", args=[self.pk])

    @property
    def undo_until(self):
        """Until when it can be taken back; None when it was never saved."""
        return self.saved_at and self.saved_at + timedelta(days=UNDO_DAYS)

    @property
    def can_be_undone(self):
        return self.state == self.State.SAVED and timezone.now() <= self.undo_until


class OfImportQuerySet(PortalQuerySet):
    """Working papers of an import: whoever brought the file sees them, only the portal writes."""

    def managed_by(self, user):
        return self.none()

    def seen_by(self, user):
        return self.filter(import_of__in=Import.objects.seen_by(user))


class ImportLineQuerySet(OfImportQuerySet):
    def good(self):
        """Lines that saving would write."""
        return self.filter(outcome__in=ImportLine.GOOD)


class ImportLine(models.Model):
    """One line of the file: what it says, what it would write, or why it does not.

    `number` is the row's number as a spreadsheet program shows it. `writes` is {part: {column:
    value}}, `rows` {part: id of the row it was recognised as}, `versions` the version of those rows
    when they were looked at, `old` the former values of what changes. A NIK stands here sealed,
    never as it is. Lines are working papers: untracked, and gone with the file.
    """

    class Outcome(models.TextChoices):
        CREATED = "created", _("new")
        CHANGED = "changed", _("changed")
        UNCHANGED = "unchanged", _("as it is already")
        REFUSED = "refused", _("to be mended")
        SKIPPED = "skipped", _("holds no record")

    GOOD = (Outcome.CREATED, Outcome.CHANGED)

    import_of = models.ForeignKey(
        Import, on_delete=models.CASCADE, related_name="lines", db_column="import_id"
    )
    sheet = models.PositiveSmallIntegerField(default=0)
    number = models.PositiveIntegerField()
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    label = models.CharField(max_length=200, blank=True)
    column = models.CharField(max_length=60, blank=True)
    reason = models.CharField(max_length=40, blank=True)
    message = models.TextField(blank=True)
    seen = models.CharField(max_length=200, blank=True)
    warnings = models.JSONField(default=list, db_default=models.Value([], models.JSONField()))
    writes = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    rows = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    versions = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))
    old = models.JSONField(default=dict, db_default=models.Value({}, models.JSONField()))

    objects = ImportLineQuerySet.as_manager()

    class Meta:
        ordering = ["import_of", "sheet", "number"]
        verbose_name = _("line of an import")
        verbose_name_plural = _("lines of an import")
        constraints = [
            models.UniqueConstraint(
                fields=["import_of", "sheet", "number"],
                name="%(app_label)s_%(class)s_once",
            ),
            models.CheckConstraint(
                condition=Q(outcome__in=["created", "changed"]) | Q(writes={}),
                name="%(app_label)s_%(class)s_only_good_lines_write",
            ),
        ]
        indexes = [
            models.Index(fields=["import_of", "outcome", "reason", "id"], name="importline_reason")
        ]

    def __str__(self):
        return str(self.number)


class ImportWrite(models.Model):
    """One row that a saved import made or changed: what it takes to take it back.

    `before` holds the former values of the changed columns (None: the row is new), `version` the
    row's version once the import was through; another one later means that others worked on it.
    """

    import_of = models.ForeignKey(
        Import, on_delete=models.CASCADE, related_name="writes", db_column="import_id"
    )
    line = models.ForeignKey(ImportLine, on_delete=models.CASCADE, related_name="+")
    part = models.CharField(max_length=30)
    row_id = models.BigIntegerField()
    before = models.JSONField(null=True)
    version = models.PositiveIntegerField(null=True)

    objects = OfImportQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of an import")
        constraints = [
            models.UniqueConstraint(
                fields=["import_of", "part", "row_id"], name="%(app_label)s_%(class)s_once"
            )
        ]
        indexes = [models.Index(fields=["line", "part"], name="importwrite_line")]

    def __str__(self):
        return f"{self.part} {self.row_id}"


class ImportMemoryQuerySet(PortalQuerySet):
    def managed_by(self, user):
        """Nobody's: it is kept when somebody answers a question about a file."""
        return self.none()

    def seen_by(self, user):
        return self.none()


class ImportMemory(models.Model):
    """What an office's word means: a heading of its files, or its spelling of a village."""

    LONGEST = 200

    class About(models.TextChoices):
        COLUMN = "column", _("column")
        VILLAGE = "village", _("village")

    kind = models.CharField(_("kind"), max_length=30)
    office = models.CharField(_("office"), max_length=40)
    about = models.CharField(_("about"), max_length=10, choices=About.choices)
    said = models.CharField(_("the word"), max_length=LONGEST)
    meant = models.CharField(_("its meaning"), max_length=60, blank=True)

    objects = ImportMemoryQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "office", "about", "said"]
        verbose_name = _("remembered word")
        verbose_name_plural = _("remembered words")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "office", "about", "said"], name="%(app_label)s_%(class)s_once"
            )
        ]

    def __str__(self):
        return self.said
