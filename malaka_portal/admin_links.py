"""Links of the back office lead only to pages that the user may open; the rest is plain text."""

from dataclasses import dataclass

from django.contrib.admin.sites import NotRegistered
from django.contrib.admin.widgets import ForeignKeyRawIdWidget
from django.db.models import ForeignKey


def page_of(site, model):
    """The ModelAdmin of `model`; None where the back office has no page of it."""
    try:
        return site.get_model_admin(model)
    except NotRegistered:
        return None


def may_list(site, request, model):
    page = page_of(site, model)
    return page is not None and page.has_view_or_change_permission(request)


def may_open(site, request, row):
    """Does the row's own page in the back office open to this user?"""
    page = page_of(site, type(row))
    if page is None or request.user.is_superuser:
        return page is not None
    return (
        page.has_view_or_change_permission(request, row)
        and page.get_queryset(request).filter(pk=row.pk).exists()
    )


class RawIdWidget(ForeignKeyRawIdWidget):
    """A key to type, the row's name beside it, and links for those who may follow them."""

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        if not may_list(self.admin_site, self.request, self.rel.model):
            context["related_url"] = None
        return context

    def label_and_url_for_value(self, value):
        label, url = super().label_and_url_for_value(value)
        if not url or self.request.user.is_superuser:
            return label, url
        rows = self.rel.model._default_manager.filter(**{self.rel.get_related_field().name: value})
        return label, url if may_open(self.admin_site, self.request, rows.get()) else ""


@dataclass(frozen=True)
class PlainText:
    """In place of a relation among the fields to read: what it leads to, without the link."""

    name: str
    short_description: str

    @property
    def __name__(self):
        return self.name

    def __call__(self, row):
        return str(getattr(row, self.name))


def as_text(site, request, row, name):
    """`name`, or its PlainText where it is a relation of `row` to a page that is closed to the
    user."""
    field = {field.name: field for field in row._meta.fields}.get(name)
    if not isinstance(field, ForeignKey):
        return name
    target = getattr(row, name)
    if target is None or may_open(site, request, target):
        return name
    return PlainText(name, field.verbose_name)
