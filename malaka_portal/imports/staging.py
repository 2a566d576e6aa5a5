"""The checked lines of a file, into the table from which they are saved."""

import csv
import io
import json
from collections import Counter

from django.db import connection, transaction

from malaka_portal.imports.parts import LINES
from malaka_portal.models import ImportLine

COLUMNS = ("import_id", "sheet", "number", "outcome", "label", "column", "reason", "message")
COLUMNS += ("seen", "warnings", "writes", "rows", "versions", "old")
OUTCOMES = ("created", "changed", "unchanged", "refused", "skipped")


@transaction.atomic
def stage(row, drafts, skipped):
    """Replace the lines of the Import `row` by `drafts` and `skipped` [(sheet, number,
    reason)]; its counts follow. COPY, since the table is untracked working paper."""
    ImportLine.objects.filter(import_of=row).delete()
    text = io.StringIO()
    writer = csv.writer(text)
    for draft in drafts:
        writer.writerow(line_of(row, draft))
    for sheet, number, reason in skipped:
        blank = ["", "", reason, "", "", "[]", "{}", "{}", "{}", "{}"]
        writer.writerow([row.pk, sheet, number, "skipped", *blank])
    text.seek(0)
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {LINES} ({names}) FROM STDIN (FORMAT csv, NULL '\\N')", text)
    found = Counter(draft.outcome for draft in drafts) + Counter(skipped=len(skipped))
    row.counts = {outcome: found[outcome] for outcome in OUTCOMES}
    row.counts["read"] = sum(row.counts.values())


def line_of(row, draft):
    key, reason, message, seen = draft.problem or ("", "", "", "")
    papers = (draft.warnings, draft.writes, draft.rows, draft.versions, draft.old)
    told = (draft.label, key, reason, message, seen)
    return [
        row.pk,
        draft.sheet,
        draft.number,
        draft.outcome,
        *(text.replace("\0", "") for text in told),
        *(json.dumps(paper, ensure_ascii=False) for paper in papers),
    ]
