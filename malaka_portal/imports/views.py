"""The wizard (journey J4): the file, its columns, the check, the result."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.text import capfirst, slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from malaka_portal import lists, tables
from malaka_portal.changes import in_wita
from malaka_portal.imports import acts, forms, groups
from malaka_portal.imports.kinds import KINDS
from malaka_portal.imports.returned import refused_file
from malaka_portal.imports.told import tell
from malaka_portal.models import AccessLog, Import, ImportLine
from malaka_portal.parsing import format_number
from malaka_portal.shortcuts import on_row
from malaka_portal.spreadsheets import XLSX_TYPE
from malaka_portal.submissions import once

ROWS = Import.objects.select_related("user")
LINES_ON_A_PAGE = 50
State, Outcome = Import.State, ImportLine.Outcome
COLUMNS = (
    tables.Column("file_name", gettext_lazy("File"), link=lambda row: row.get_absolute_url()),
    tables.Column("kind", gettext_lazy("Kind"), lambda row: str(KINDS[row.kind].label)),
    tables.Column("user", gettext_lazy("By"), lambda row: str(row.user)),
    tables.Column("created_at", gettext_lazy("Brought in at"), format=in_wita),
    tables.Column("state", gettext_lazy("Status"), format=tables.tag, corner=True),
)


class ImportListView(lists.PagedListView):
    """What was brought in: one's own files, and for the office everybody's."""

    queryset = ROWS
    columns = COLUMNS
    heading = gettext_lazy("Imports")
    empty_text = gettext_lazy("No file was brought in yet.")
    sorts = {"newest": lists.Sort(gettext_lazy("The newest first"), ("-id",))}
    export_formats = ()


@once("import-create", form_class=forms.UploadForm)
def import_create(request, kind, target=None):
    """Step 1: the file."""
    kind, target = kind_and_target(request, kind, target)
    form = forms.UploadForm(request.POST or None, request.FILES or None)
    if form.is_valid():
        try:
            row = acts.receive(
                kind=kind, target=target, upload=form.cleaned_data["file"], user=request.user
            )
        except ValidationError as error:
            form.add_error("file", error.messages)
        else:
            return redirect(row)
    context = {"form": form, "kind": kind, "target": target, "step": 1}
    return render(request, "imports/create.html", context)


def kind_and_target(request, name, pk):
    """The kind in the address and the row that the file belongs to: 404 when there is none in
    sight, 403 when the user may not bring such a file."""
    kind = KINDS.get(name)
    if kind is None or bool(kind.target_model) != bool(pk):
        raise Http404
    target = None
    if pk:
        rows = kind.target_model.objects.visible_to(request.user)
        target = get_object_or_404(rows, pk=pk)
    if not kind.may_import(request.user, target):
        raise PermissionDenied
    return kind, target


def own_file(view):
    """An act on a file of one's own; 403 once one may not bring such a file any more."""

    @on_row(ROWS, "malaka_portal.change_import")
    @wraps(view)
    def answer(request, row):
        if not KINDS[row.kind].may_import(request.user, acts.target_of(row)):
            raise PermissionDenied
        return view(request, row)

    return answer


# --- where a file stands --------------------------------------------------------------------------
@on_row(ROWS, "malaka_portal.view_import")
def import_detail(request, row):
    """Its columns, its check, its progress or its result: whatever comes next."""
    context = about(request, row)
    if row.state == State.UPLOADED:
        form = forms.ColumnsForm(kind=context["kind"], doubts=row.layout["doubts"])
        return render(request, "imports/columns.html", context | {"form": form, "step": 2})
    if row.state in (State.QUEUED, State.SAVING):
        return render(request, "imports/waiting.html", context | {"step": 3})
    if row.state == State.CHECKED:
        return render(request, "imports/check.html", context | checked(row) | {"step": 3})
    return render(request, "imports/result.html", context | checked(row) | {"step": 4})


def about(request, row):
    return {
        "row": row,
        "kind": KINDS[row.kind],
        "target": acts.target_of(row),
        "is_own": row.user_id == request.user.pk,
        "counts": row.counts,
        "good": sum(row.counts.get(outcome, 0) for outcome in ImportLine.GOOD),
        "records": row.counts.get("read", 0) - row.counts.get("skipped", 0),
        "may_undo": request.user.has_perm("malaka_portal.undo_import", row),
        "back": row.get_absolute_url(),
    }


def checked(row):
    return {
        "groups": groups.refused(row),
        "warned": groups.warned(row),
        "shown": row.lines.filter(outcome=Outcome.REFUSED)[:5],
    }


@on_row(ROWS, "malaka_portal.view_import")
def import_lines(request, row):
    """The lines of one outcome, or of one kind of trouble."""
    wanted, reason = request.GET.get("hasil", Outcome.REFUSED), request.GET.get("sebab", "")
    if wanted not in Outcome.values:
        raise Http404
    lines = row.lines.filter(outcome=wanted).order_by("sheet", "number")
    if reason:
        lines = lines.filter(reason=reason)
    page = Paginator(lines, LINES_ON_A_PAGE).get_page(request.GET.get("halaman"))
    heading = f"{capfirst(Outcome(wanted).label)}: {format_number(page.paginator.count)}"
    context = about(request, row) | {
        "lines": tell(KINDS[row.kind], page.object_list),
        "heading": heading,
        "wanted": wanted,
        "pager": pager(request, page),
    }
    return render(request, "imports/lines.html", context)


def pager(request, page):
    """The addresses of the pages before and after, for the template of the pager."""

    def url(number):
        query = request.GET.copy()
        query["halaman"] = number
        return f"?{query.urlencode()}"

    return {
        "previous_url": url(page.previous_page_number()) if page.has_previous() else "",
        "next_url": url(page.next_page_number()) if page.has_next() else "",
        "position": _("Page %(number)d of %(last)d")
        % {"number": page.number, "last": page.paginator.num_pages},
    }


# --- acts -----------------------------------------------------------------------------------------
@once("import-columns")
@own_file
def import_columns(request, row):
    """Step 2: what the doubtful headings mean; remembered for the next file."""
    form = forms.ColumnsForm(
        request.POST or None, kind=KINDS[row.kind], doubts=row.layout.get("doubts", [])
    )
    if row.state == State.UPLOADED and form.is_valid():
        try:
            acts.decide_columns(row, form.decisions())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return redirect(row)
    if row.state != State.UPLOADED:
        return redirect(row)
    return render(request, "imports/columns.html", about(request, row) | {"form": form, "step": 2})


@once("import-villages")
@own_file
def import_villages(request, row):
    """Unknown villages: each spelling once, for all the lines that have it."""
    if row.state != State.CHECKED:
        return redirect(row)
    form = forms.VillagesForm(
        request.POST or None,
        spellings=groups.villages(row, acts.villages_of(row)),
        regency=acts.regency_of(row),
    )
    if form.is_valid():
        acts.decide_villages(row, form.decisions())
        return redirect(row)
    return render(request, "imports/villages.html", about(request, row) | {"form": form})


@once("import-save")
@own_file
def import_save(request, row):
    """Step 4: the good lines, all or nothing."""
    if request.method == "POST":
        try:
            acts.save_now_or_later(row)
        except ValidationError as error:
            # the new check is what the user needs; it must not be undone with a refused form
            messages.error(request, error.messages[0])
    return redirect(row)


@own_file
def import_drop(request, row):
    """Nothing of this file is to be saved."""
    if request.method != "POST":
        context = about(request, row)
        return render(request, "imports/drop.html", context)
    try:
        acts.drop(row)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(row)
    messages.success(request, _("The file was dropped. Nothing of it was saved."))
    return redirect("import-list")


@on_row(ROWS, "malaka_portal.undo_import")
def import_undo(request, row):
    """Take back what the file wrote, within seven days."""
    if request.method != "POST":
        return render(request, "imports/undo.html", about(request, row))
    try:
        acts.undo(row)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("The import was taken back."))
    return redirect(row)


@own_file
def import_refused(request, row):
    """The refused lines, in the layout of the file, with what is to be mended (POST: a file)."""
    if request.method != "POST" or not row.counts.get("refused"):
        return redirect(row)
    try:
        parts = refused_file(row)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect(row)
    AccessLog.objects.create(
        user=request.user,
        kind=AccessLog.Kind.FILE,
        subject=row._meta.label_lower,
        object_id=row.pk,
        rows=row.counts["refused"],
        format="xlsx",
    )
    stem = slugify(row.file_name.rpartition(".")[0]) or "data"
    count = row.counts["refused"]
    words = ngettext("%(count)d-row-to-mend", "%(count)d-rows-to-mend", count) % {"count": count}
    return StreamingHttpResponse(
        parts,
        content_type=XLSX_TYPE,
        headers={"Content-Disposition": f'attachment; filename="{stem}-{slugify(words)}.xlsx"'},
    )
