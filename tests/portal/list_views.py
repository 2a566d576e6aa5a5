"""Lists for the tests of the kernel, on the kernel's own models."""

from django import forms
from django.urls import path, reverse

from malaka_portal.filters import Filter
from malaka_portal.lists import KeysetListView, PagedListView, Sort
from malaka_portal.models import AccessLog, Region, RegionAlias, User
from malaka_portal.names import NameKey, with_words
from malaka_portal.tables import Column, tag
from malaka_portal.urls import urlpatterns as real_urlpatterns


class AccessListView(KeysetListView):
    """Scoped by `seen_by`, newest first; everything that a list can have."""

    queryset = AccessLog.objects.select_related("user")
    columns = [
        Column("subject", "Subject", link=lambda row: reverse("account"), sort="subjek"),
        Column("at", "At", sort="terbaru"),
        Column("kind", "Kind", format=lambda text: tag(text, "green"), corner=True),
        Column("rows", "Rows", numeric=True),
        Column("object_id", "Number", identifier=True),
        Column("who", "Who", "user__first_name"),
        Column("reason", "Reason", personal=True),
    ]
    sensitive_columns = [
        Column("nik", "NIK", lambda row: "5321104507909001", identifier=True, personal=True)
    ]
    filters = [
        Filter(
            "jenis",
            forms.ChoiceField(label="Kind", choices=AccessLog.Kind.choices),
            lambda rows, value: rows.filter(kind=value),
        ),
        Filter(
            "siapa",
            lambda user: forms.ModelChoiceField(User.objects.visible_to(user), label="Who"),
            lambda rows, value: rows.filter(user=value),
        ),
        Filter(
            "baris",
            forms.IntegerField(label="Rows", min_value=0),
            lambda rows, value: rows.filter(rows=value),
        ),
        Filter(
            "besar",
            forms.BooleanField(label="Large"),
            lambda rows, value: rows.filter(rows__gte=100),
        ),
        Filter(
            "alasan",
            forms.CharField(label="Reason"),
            lambda rows, value: rows.filter(reason__icontains=value),
            personal=True,
        ),
    ]
    sorts = {
        "terbaru": Sort("newest first", ("-at", "-id")),
        "subjek": Sort("by subject", ("subject", "id")),
    }
    search_label = "Subject"
    search_fields = ["subject"]
    page_size = 3

    def get_empty_action(self):
        return "Add one", reverse("account")


class GuardedListView(AccessListView):
    export_permission = "malaka_portal.change_user"


class RegionKeysetView(KeysetListView):
    queryset = Region.objects.all()
    columns = [
        Column("name", "Name", link=lambda region: reverse("region-detail", args=[region.code])),
        Column("code", "Code", identifier=True),
        Column("level", "Level"),
        Column("postal_code", "Postal code", identifier=True),
    ]
    sorts = {"nama": Sort("by name", ("name", "code"))}
    search_label = "Name"
    page_size = 3

    def search(self, queryset, text):
        return with_words(queryset, text, NameKey("name"))


class AliasPagedView(PagedListView):
    queryset = RegionAlias.objects.select_related("region")
    columns = [Column("name", "Name"), Column("region", "Region", "region__name")]
    sorts = {"nama": Sort("by name", ("name", "id"))}
    page_size = 2


urlpatterns = [
    *real_urlpatterns,
    path("uji/akses/", AccessListView.as_view(), name="accesses"),
    path("uji/dijaga/", GuardedListView.as_view(), name="guarded"),
    path("uji/wilayah/", RegionKeysetView.as_view(), name="regions"),
    path("uji/sebutan/", AliasPagedView.as_view(), name="aliases"),
]
