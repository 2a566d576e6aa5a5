"""Taking a list out as a file: the same rows that the page shows, logged before the first byte."""

from contextlib import closing

from django import forms
from django.core.exceptions import BadRequest, PermissionDenied
from django.db import connection, transaction
from django.http import StreamingHttpResponse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from malaka_portal.logs import IDENTITY_NUMBER
from malaka_portal.models import AccessLog
from malaka_portal.spreadsheets import CSV_TYPE, XLSX_TYPE, csv_rows, xlsx_rows
from malaka_portal.tables import Column, Table

EXPORT_NIK = "cooperatives.export_national_id"
CHUNK = 2000  # rows that the server-side cursor hands over at a time
SHORTEST_REASON = 10
FORMATS = {"xlsx": _("Excel (XLSX)"), "csv": _("CSV")}


class ExportForm(forms.Form):
    """Whether the full NIK goes along, and why; only for those who may take it out."""

    use_required_attribute = False
    quiet_labels = True  # the reason is compulsory with the NIK
    with_nik = forms.BooleanField(label=_("Include the full NIK"), required=False)
    reason = forms.CharField(
        label=_("What the full NIK is for"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: data for the ministry's verification. It is recorded."),
    )

    def clean(self):
        reason = self.cleaned_data.get("reason", "")
        short = len(reason.strip()) < SHORTEST_REASON
        if self.cleaned_data["with_nik"] and short and "reason" not in self.errors:
            self.add_error("reason", _("Say in 10 letters or more what the full NIK is for."))


def snapshot(queryset):
    """The rows as they are at one moment, read bit by bit.

    A stream is read after the request's own transaction has ended, so it opens another one, which
    sees no later change and can make none.
    """
    if connection.in_atomic_block:  # the tests' own transaction
        yield from queryset.iterator(chunk_size=CHUNK)
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield from queryset.iterator(chunk_size=CHUNK)


class ExportMixin:
    """POST to a list's own address, filters and all, gives its rows as a file.

    `export_permission`: None means whoever sees the list. `export_formats = ()`: no export.
    `file_columns` stand in the file only, which can so be brought in again as it is; `page_only`
    names columns that only a page has. `sensitive_columns` (the full NIK) go along on request: with
    their own permission, and a reason.
    """

    export_permission = None
    export_formats = ("xlsx", "csv")
    sensitive_columns = ()
    file_columns = ()
    page_only = ()

    @property
    def export_day(self):
        """The day in the file's name: of which the rows are."""
        return timezone.localdate()

    @cached_property
    def may_export(self):
        wanted = self.export_permission
        allowed = wanted is None or self.request.user.has_perm(wanted)
        return allowed and bool(self.export_formats)

    @cached_property
    def may_export_nik(self):
        return bool(self.sensitive_columns) and self.request.user.has_perm(EXPORT_NIK)

    @cached_property
    def export_form(self):
        if not self.may_export_nik:
            return forms.Form({})
        return ExportForm(self.request.POST if self.request.method == "POST" else None)

    def post(self, request, *args, **kwargs):
        if not self.export_formats:
            return self.http_method_not_allowed(request, *args, **kwargs)
        kind, with_nik = request.POST.get("format"), "with_nik" in request.POST
        if not self.may_export or (with_nik and not self.may_export_nik):
            raise PermissionDenied
        if kind not in self.export_formats:
            raise BadRequest("unknown format of export")
        if not self.filter_form.is_valid() or not self.export_form.is_valid():
            return self.get(request, *args, **kwargs)
        self.log_export(kind, self.export_form.cleaned_data.get("reason", ""))
        return self.file(kind, self.export_table(with_nik))

    def log_export(self, kind, reason):
        AccessLog.objects.create(
            user=self.request.user,
            kind=AccessLog.Kind.EXPORT,
            subject=self.rows.model._meta.label_lower,
            rows=self.rows.count(),
            query=IDENTITY_NUMBER.sub("•" * 16, self.request.get_full_path())[:2000],
            reason=reason,
            format=kind,
        )

    def export_table(self, with_nik):
        """`_id` and `_versi` first: an import knows by them which rows it was given back."""
        keys = [Column("_id", "_id", "pk")]
        if any(field.name == "version" for field in self.rows.model._meta.fields):
            keys.append(Column("_versi", "_versi", "export_version", identifier=True))
        shown = [column for column in self.table.columns if column.name not in self.page_only]
        further = Table(self.file_columns, may_see_personal=self.table.may_see_personal).columns
        last = self.sensitive_columns if with_nik else ()
        table = Table([*keys, *shown, *further, *last], may_see_personal=True)
        table.by_office = self.table.by_office
        return table

    def file(self, kind, table):
        name = f"{slugify(self.title) or 'data'}-{self.export_day:%Y-%m-%d}.{kind}"
        return StreamingHttpResponse(
            self.parts(kind, table, table.header()),
            content_type=XLSX_TYPE if kind == "xlsx" else CSV_TYPE,
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    def parts(self, kind, table, header):
        # closed also when the browser goes away in the middle: the transaction ends with it
        with closing(snapshot(self.rows)) as found:
            rows = (table.exported(row) for row in found)
            if kind == "xlsx":
                yield from xlsx_rows(header, rows, author=self.request.user.get_username())
            else:
                yield from csv_rows(header, rows)
