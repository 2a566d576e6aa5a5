"""The back office: same rows, same rules as the portal."""

from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import ChangeList
from django.contrib.admin.widgets import AdminTextInputWidget
from django.contrib.auth import get_permission_codename
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from rules.contrib.admin import ObjectPermissionsModelAdmin
from rules.permissions import perm_exists

from malaka_portal.admin_links import RawIdWidget, as_text
from malaka_portal.changes import changes_of
from malaka_portal.fields import RupiahField
from malaka_portal.forms import PortalForm, VersionedForm, violation_message
from malaka_portal.models import (
    AccessLog,
    Import,
    ImportLine,
    ImportMemory,
    ImportWrite,
    Invitation,
    JobRun,
    Letterhead,
    Parameter,
    RateCount,
    Region,
    RegionAlias,
    SignInFailures,
    Submission,
    User,
)
from malaka_portal.names import search_words
from malaka_portal.rules import may_see_personal, may_see_personal_in

VERSION = "_versi"  # the hidden field of a VersionedForm


class OutOfSight(Exception):
    """A row was saved to where its writer cannot see it: out of their area."""


class RefusalMixin:
    """`refusal` is what the database said when the form was sent before; it is not saved now."""

    refusal = ""

    def clean(self):
        if self.refusal:
            self.add_error(None, self.refusal)
        return super().clean()


class BackOfficeForm(RefusalMixin, PortalForm):
    """A form of the back office: it checks what the portal's forms check."""


class VersionedBackOfficeForm(RefusalMixin, VersionedForm):
    """The same for a row that counts its versions: a conflict of two editors is told."""


def filtered_field(item):
    """The field of an entry of `list_filter`."""
    return item[0] if isinstance(item, tuple) else item


class ListedChangeList(ChangeList):
    """The list leaves out people who object to being recorded, as the portal's lists do."""

    def get_queryset(self, *args, **kwargs):
        return super().get_queryset(*args, **kwargs).listed()


class PortalModelAdmin(ObjectPermissionsModelAdmin):
    """The back office obeys the portal's rules: same rows, same predicates, same validation.

    `personal_columns` are list columns that show something personal without being a personal field
    themselves. `key_field` is the lookup that leads to a name key, by which rows are searched.
    """

    form = BackOfficeForm
    show_full_result_count = False
    formfield_overrides = {RupiahField: {"widget": AdminTextInputWidget}}  # not type="number"
    personal_columns = frozenset()
    key_field = ""

    # --- whose rows, and what may be done to them ---
    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)

    def has_view_permission(self, request, obj=None):
        return self.may("view", request, obj)

    def has_change_permission(self, request, obj=None):
        return self.may("change", request, obj)

    def has_delete_permission(self, request, obj=None):
        """Nothing that an office may be asked about is deleted: lines are closed instead."""
        return False

    def may(self, act, request, obj):
        """Ask the rule about the row; where a model has none, what the user's groups grant holds.

        Django's own backend grants nothing on single rows, so it must not be asked about one.
        """
        perm = f"{self.opts.app_label}.{get_permission_codename(act, self.opts)}"
        return request.user.has_perm(perm, obj if perm_exists(perm) else None)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        """A row can only be tied to rows that the user may see."""
        rows = db_field.remote_field.model._default_manager.all()
        if hasattr(rows, "visible_to"):
            kwargs.setdefault("queryset", rows.visible_to(request.user))
        if db_field.name in self.raw_id_fields:
            widget = RawIdWidget(db_field.remote_field, self.admin_site, request=request)
            kwargs.setdefault("widget", widget)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changelist(self, request, **kwargs):
        return ListedChangeList

    # --- personal columns and fields ---
    def get_list_display(self, request):
        columns = super().get_list_display(request)
        if may_see_personal_in(request.user, self.model):
            return columns
        hidden = self.personal_columns | self.personal_fields
        return [column for column in columns if column not in hidden]

    def get_fieldsets(self, request, obj=None):
        personal = self.personal_columns | self.personal_fields
        hidden = {VERSION}
        if obj and personal and not may_see_personal(request.user, obj):
            hidden |= personal
        return [
            (title, options | {"fields": self.readable(request, obj, options["fields"], hidden)})
            for title, options in super().get_fieldsets(request, obj)
        ]

    def readable(self, request, obj, names, hidden):
        """The fields of `names` that are not hidden; those to be read without links to pages that
        are closed to the user."""
        shown = [name for name in names if name not in hidden]
        if obj is None:
            return shown
        read = shown
        if self.has_change_permission(request, obj):
            read = self.get_readonly_fields(request, obj)
        site = self.admin_site
        shown = [as_text(site, request, obj, name) if name in read else name for name in shown]
        return list(dict.fromkeys(shown))

    def get_readonly_fields(self, request, obj=None):
        """Django knows by this list what is only shown, so that the texts stand in it too."""
        names = list(self.fixed_fields(request, obj))
        texts = [as_text(self.admin_site, request, obj, name) for name in names] if obj else []
        return list(dict.fromkeys([*names, *texts]))

    def fixed_fields(self, request, obj=None):
        """The fields that are shown and never typed."""
        return self.readonly_fields

    @property
    def personal_fields(self):
        return getattr(self.model, "personal_fields", frozenset())

    def get_list_filter(self, request):
        found = super().get_list_filter(request)
        if may_see_personal_in(request.user, self.model):
            return found
        return [item for item in found if filtered_field(item) not in self.personal_fields]

    def lookup_allowed(self, lookup, value, request):
        """Only by what the page offers, lest somebody guess a column that they may not see."""
        offered = {filtered_field(item) for item in self.get_list_filter(request)}
        name = lookup.partition("__")[0]
        asked_for = name in offered or name == self.date_hierarchy
        return asked_for and super().lookup_allowed(lookup, value, request)

    # --- search ---
    def get_search_fields(self, request):
        return [self.key_field] if self.key_field else super().get_search_fields(request)

    def get_search_results(self, request, queryset, search_term):
        if not self.key_field:
            return super().get_search_results(request, queryset, search_term)
        return search_words(queryset, search_term, self.key_field), False

    # --- saving ---
    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.refusal = getattr(request, "refusal", "")
        return form

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        """What the database refuses, because of a row saved meanwhile, becomes an error of the
        form, which keeps what was typed."""
        try:
            with transaction.atomic():
                return super().changeform_view(request, object_id, form_url, extra_context)
        except IntegrityError as error:
            request.refusal = violation_message(self.model, error)
        except OutOfSight:
            request.refusal = _("This lies outside your area. Choose a village inside it.")
        return super().changeform_view(request, object_id, form_url, extra_context)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        rows = type(obj)._default_manager.visible_to(request.user)
        if not rows.filter(pk=obj.pk).exists():
            raise OutOfSight

    # --- history ---
    def history_view(self, request, object_id, extra_context=None):
        """What the triggers kept about the row, whichever door a change came through."""
        if not hasattr(self.model, "pgh_event_model"):
            return super().history_view(request, object_id, extra_context)
        row = self.get_object(request, unquote(object_id))
        if row is None:
            return self._get_obj_does_not_exist_redirect(request, self.opts, object_id)
        if not self.has_view_or_change_permission(request, row):
            raise PermissionDenied
        context = self.admin_site.each_context(request) | {
            "title": _("History: %(name)s") % {"name": row},
            "subtitle": None,
            "opts": self.opts,
            "object": row,
            "changes": changes_of(row, personal=may_see_personal(request.user, row)),
        }
        return render(request, "admin/changes.html", context | (extra_context or {}))


class VersionedModelAdmin(PortalModelAdmin):
    """For rows that count their versions: two editors at once do not overwrite each other."""

    form = VersionedBackOfficeForm

    def get_fieldsets(self, request, obj=None):
        found = super().get_fieldsets(request, obj)
        if obj and self.has_change_permission(request, obj):
            found[-1][1]["fields"].append(VERSION)
        return found

    def get_object(self, request, object_id, from_field=None):
        """For an edit the row stays locked until it is saved."""
        row = super().get_object(request, object_id, from_field)
        if row is None or request.method != "POST":
            return row
        rows = self.get_queryset(request).select_for_update(of=("self",))
        return rows.filter(pk=row.pk).first()


class ReadOnlyAdmin(PortalModelAdmin):
    """To look at; the rows are made, or decided, elsewhere."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(User)
class PortalUserAdmin(UserAdmin):
    """Only superusers change users, groups and staff flags (T33 of the threat model)."""

    fieldsets = (*UserAdmin.fieldsets, (_("Portal"), {"fields": ["area", "language"]}))
    raw_id_fields = ["area"]

    def has_add_permission(self, request):
        return request.user.is_superuser

    def has_change_permission(self, request, obj=None):
        return request.user.is_superuser

    def has_delete_permission(self, request, obj=None):
        return False


@admin.register(Region)
class RegionAdmin(PortalModelAdmin):
    list_display = ["code", "name", "level", "postal_code"]
    list_filter = ["level"]
    search_fields = ["code__startswith", "name"]
    raw_id_fields = ["parent"]


@admin.register(RegionAlias)
class RegionAliasAdmin(PortalModelAdmin):
    list_display = ["name", "region"]
    list_select_related = ["region"]
    raw_id_fields = ["region"]


@admin.register(SignInFailures)
class SignInFailuresAdmin(ReadOnlyAdmin):
    """To look at; the counts are the throttle's own."""

    list_display = ["key", "count", "last_at"]


@admin.register(RateCount)
class RateCountAdmin(ReadOnlyAdmin):
    """To look at; the counts are the throttle's own."""

    list_display = ["key", "count", "since"]


@admin.register(Submission)
class SubmissionAdmin(ReadOnlyAdmin):
    """To look at: which forms were saved, by whom and when."""

    list_display = ["form", "user", "key", "result_url", "created_at"]
    list_filter = ["form"]
    list_select_related = ["user"]
    date_hierarchy = "created_at"


@admin.register(Invitation)
class InvitationAdmin(ReadOnlyAdmin):
    """To look at; codes are made on the portal's own page, which shows them once."""

    list_display = ["user", "created_by", "created_at", "expires_at", "used_at", "revoked_at"]
    list_select_related = ["user", "created_by"]
    search_fields = ["user__username"]


@admin.register(Parameter)
class ParameterAdmin(VersionedModelAdmin):
    """A new law is a new row; the old one still answers for its own time."""

    list_display = ["key", "value", "valid_from", "regulation"]
    search_fields = ["key", "regulation"]


@admin.register(Letterhead)
class LetterheadAdmin(VersionedModelAdmin):
    """A new head of the office is a new row, from the day on which they sign."""

    list_display = ["office", "valid_from", "signatory_title", "signatory_name"]


@admin.register(AccessLog)
class AccessLogAdmin(ReadOnlyAdmin):
    """To look at, for whoever answers for personal data."""

    list_display = ["at", "user", "kind", "subject", "object_id", "rows", "reason"]
    list_filter = ["kind"]
    list_select_related = ["user"]
    search_fields = ["user__username"]


@admin.register(JobRun)
class JobRunAdmin(ReadOnlyAdmin):
    list_display = ["name", "started_at", "finished_at", "done_at", "error"]


@admin.register(Import)
class ImportAdmin(ReadOnlyAdmin):
    list_display = ["file_name", "kind", "user", "state", "created_at", "saved_at", "undone_at"]
    list_filter = ["state", "kind"]
    list_select_related = ["user"]
    exclude = ["file", "layout", "answers"]


class OfImportAdmin(ReadOnlyAdmin):
    """Working papers, which may tell of people: only where each of them is looked for."""

    def get_model_perms(self, request):
        return {}


@admin.register(ImportLine)
class ImportLineAdmin(OfImportAdmin):
    list_display = ["number", "import_of", "outcome", "reason"]
    exclude = ["writes", "old", "label", "seen"]


@admin.register(ImportWrite)
class ImportWriteAdmin(OfImportAdmin):
    list_display = ["part", "row_id", "import_of"]
    exclude = ["before"]


@admin.register(ImportMemory)
class ImportMemoryAdmin(ReadOnlyAdmin):
    list_display = ["said", "about", "meant", "kind", "office"]
    list_filter = ["about", "kind"]
