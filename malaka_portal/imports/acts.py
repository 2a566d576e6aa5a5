"""What happens to a file: it comes in, its columns are matched, its lines checked, saved or not."""

import hashlib
import logging
from tempfile import NamedTemporaryFile

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from malaka_portal.imports import memory
from malaka_portal.imports.kinds import KINDS, Desk, Draft, check_drafts
from malaka_portal.imports.layout import lay_out, tables_of
from malaka_portal.imports.saving import Stale, save_lines, saves_of
from malaka_portal.imports.staging import stage
from malaka_portal.imports.undoing import undo_import
from malaka_portal.models import Import
from malaka_portal.places import VillageIndex, place_key
from malaka_portal.villages import MALAKA, REGENCY_LENGTH
from malaka_portal.workbooks.reading import read
from malaka_portal.workbooks.tables import Reason

NO_LIST = "no_list"  # why the rows of a sheet without a list of this kind are passed over
AT_ONCE = 5_000  # lines; a longer file is worked on in the background
MOST_TRIES = 3  # to save while others change what the file was compared with
State = Import.State
log = logging.getLogger(__name__)


def target_of(row):
    """The row that the whole file belongs to, or None."""
    model = KINDS[row.kind].target_model
    return model.objects.get(pk=row.target_id) if model and row.target_id else None


def place_of(target, user):
    """Code of the region that a file is about: of its cooperative, else the user's own area."""
    return getattr(target, "village_id", None) or (user.area_id if user else None) or ""


def read_upload(upload):
    """(Book, SHA-256) of an uploaded file. ValidationError when it cannot be read whole."""
    digest = hashlib.sha256()
    with NamedTemporaryFile() as copy:
        for chunk in upload.chunks():
            digest.update(chunk)
            copy.write(chunk)
        copy.flush()
        book = read(copy.name, upload.name)
    upload.seek(0)
    return book, digest.hexdigest()


def receive(*, kind, upload, user, target=None):
    """Take in a file; returns the Import, checked already when no column is in doubt.

    ValidationError when the file cannot be read whole, or holds no list of this kind.
    """
    book, digest = read_upload(upload)
    row = Import(
        kind=kind.name,
        target_id=target and target.pk,
        place=place_of(target, user),
        user=user,
        file_name=upload.name[-100:],
        file_hash=digest,
    )
    lay_out(row, kind, book)
    row.file.save(upload.name, upload, save=False)
    try:
        row.save()
        if not row.layout["doubts"]:
            begin_check(row, book)
    except Exception:
        row.file.storage.delete(row.file.name)  # no row names it, and it may hold identity numbers
        raise
    return row


def begin_check(row, book=None):
    """Check now, or leave a long file to the worker."""
    if row.layout["lines"] > AT_ONCE:
        row.state = State.QUEUED
        row.save()
    else:
        check(row, book)


def decide_columns(row, decisions):
    """Step 2: {folded heading: key of a column, None to leave it out}; remembered for the office.

    ValidationError when a column that must be there is still missing.
    """
    row.answers["columns"] = row.answers.get("columns", {}) | decisions
    book = read(row.file.path, row.file_name)
    lay_out(row, KINDS[row.kind], book)
    memory.remember(row, memory.About.COLUMN, decisions)
    row.layout["doubts"] = []
    begin_check(row, book)


def villages_of(row):
    """The villages of the file's regency, with the spellings that were settled before."""
    settled = memory.villages(row) | row.answers.get("villages", {})
    return VillageIndex.within(regency_of(row), aliases=settled)


def decide_villages(row, meant):
    """What unknown spellings mean, {spelling: code of the village}; the lines are checked anew."""
    decisions = {place_key(spelling): code for spelling, code in meant.items()}
    row.answers["villages"] = row.answers.get("villages", {}) | decisions
    memory.remember(row, memory.About.VILLAGE, decisions)
    begin_check(row)


def regency_of(row):
    """Where a village of the file is looked for: the regency of its office."""
    return (row.place or MALAKA)[:REGENCY_LENGTH]


def check(row, book=None):
    """Compare every line of the file with what is there now. Nothing of it is saved."""
    kind = KINDS[row.kind]
    row.layout["saves"] = saves_of(row)  # before anything is looked up
    book = book or read(row.file.path, row.file_name)
    drafts, skipped = drafts_of(row, kind, book)
    desk = Desk(
        user=row.user,
        target=target_of(row),
        file_name=row.file_name,
        sheets=[sheet.name for sheet in book.sheets],
        titles=titles_of(book, skipped),
        villages=villages_of(row),
    )
    check_drafts(kind, drafts, desk)
    with transaction.atomic():
        refuse_what_is_over(row)
        stage(row, drafts, skipped)
        row.state = State.CHECKED
        row.save()
    return row


def refuse_what_is_over(row):
    """ValidationError when the file was saved or dropped meanwhile: its lines are the record of
    that. Otherwise the Import stays locked, so that it is not while we write."""
    state = Import.objects.select_for_update().values_list("state", flat=True).get(pk=row.pk)
    if state in (State.SAVED, State.UNDONE, State.DROPPED):
        raise ValidationError(_("This file is not waiting to be saved."), "not_checked")


def drafts_of(row, kind, book):
    """The lines of the file as drafts, and the rows that hold no record, with the reason."""
    drafts, skipped, found = [], [], set()
    for at, table, matching in tables_of(row, kind, book):
        found.add(at)
        drafts += [Draft(line.number, at, matching.cells(line)) for line in table.records()]
        skipped += [(at, number, reason) for number, reason in table.skipped]
    for at, sheet in enumerate(book.sheets):
        if at not in found:
            skipped += [(at, number, NO_LIST) for number in range(1, len(sheet.rows) + 1)]
    return drafts, skipped


def titles_of(book, skipped):
    """{number of a sheet: what stands above its headings}."""
    found = {}
    for at, number, reason in skipped:
        if reason == Reason.TITLE:
            cells = book.sheets[at].rows[number - 1]
            found.setdefault(at, []).extend(str(cell) for cell in cells if cell is not None)
    return {at: "\n".join(texts) for at, texts in found.items()}


def save(row):
    """Save the good lines, all or nothing. What changed since the check is checked again first;
    ValidationError when that changes what would be saved: the user is to look again."""
    row = Import.objects.get(pk=row.pk)
    if row.state not in (State.CHECKED, State.SAVING):
        raise ValidationError(_("This file is not waiting to be saved."), "not_checked")
    before = row.counts
    for _try in range(MOST_TRIES):
        try:
            save_lines(row, KINDS[row.kind].parts)
        except Stale:
            log.info("Import %d is checked again.", row.pk)
            row.refresh_from_db()
            check(row)
            if row.counts != before:
                break
        else:
            return row
    raise ValidationError(
        _("The records were changed meanwhile. Look at the new check, then save."), "checked_again"
    )


def save_now_or_later(row):
    """Save a short file at once; a long one is left to the worker. ValidationError as `save`."""
    if row.state == State.CHECKED and row.layout["lines"] > AT_ONCE:
        row.state = State.SAVING
        row.save()
    # a file that waits for the worker is the worker's, however often somebody presses
    return row if row.state == State.SAVING else save(row)


@transaction.atomic
def drop(row):
    """Nothing of the file is to be saved: its lines and the file go."""
    row = Import.objects.select_for_update().get(pk=row.pk)
    if row.state not in (State.UPLOADED, State.QUEUED, State.CHECKED):
        raise ValidationError(_("This file was saved already."), "saved")
    row.lines.all().delete()
    row.state = State.DROPPED
    forget_file(row)
    row.save()


def forget(row):
    """Remove the file and the lines of an import that is over; what it did stays on record."""
    row.writes.all().delete()
    row.lines.all().delete()
    forget_file(row)
    row.save()


def forget_file(row):
    """Remove the office's file once the transaction is through: it may hold identity numbers."""
    stored, name = row.file.storage, row.file.name
    row.file = ""
    if name:
        transaction.on_commit(lambda: stored.delete(name))


def undo(row):
    """Take back what was saved; see `undo_import`."""
    return undo_import(row, KINDS[row.kind].parts)
