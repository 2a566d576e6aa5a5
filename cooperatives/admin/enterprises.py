"""Enterprises, what they make, and what visitors ask for."""

from django.contrib import admin
from django.contrib.admin import EmptyFieldListFilter
from django.utils.translation import gettext_lazy as _

from cooperatives.admin.registry import village
from cooperatives.models import (
    Credential,
    Enterprise,
    EnterpriseMembership,
    EnterpriseSnapshot,
    GroupMember,
    IndustryCode,
    Motif,
    PriceChange,
    Product,
    ProductMotif,
    ProductPhoto,
    QuoteRequest,
    Support,
)
from malaka_portal.admin import PortalModelAdmin, ReadOnlyAdmin, VersionedModelAdmin


@admin.register(IndustryCode)
class IndustryCodeAdmin(VersionedModelAdmin):
    list_display = ["code", "classification", "title"]
    list_filter = ["classification"]
    search_fields = ["code", "title"]


@admin.register(Enterprise)
class EnterpriseAdmin(VersionedModelAdmin):
    list_display = ["name", "kind", "line", village, "cooperative", "scale", "status"]
    list_filter = ["kind", "line", "status", "scale"]
    list_select_related = ["village__parent", "cooperative"]
    key_field = "name_key"
    search_help_text = _("Words of the name.")
    raw_id_fields = ["cooperative", "owner", "village", "industry_code"]
    readonly_fields = ["scale", "scale_basis", "monthly_turnover", "figures_year"]
    fieldsets = [
        (_("What it is"), {"fields": ["name", "kind", "line", "owner", "cooperative"]}),
        (_("Status"), {"fields": ["status", "started_on", "closed_on"]}),
        (_("Where it is"), {"fields": ["village", "hamlet", "address", "phone"]}),
        (_("Business"), {"fields": ["industry_code", "sales_channels", *readonly_fields]}),
        (_("Decree"), {"fields": ["decree_number", "decree_date", "decree_issuer"]}),
    ]


class OfEnterpriseAdmin(VersionedModelAdmin):
    """Rows about an enterprise, found by its name."""

    list_select_related = ["enterprise"]
    raw_id_fields = ["enterprise"]
    key_field = "enterprise__name_key"
    search_help_text = _("Words of the enterprise's name.")


@admin.register(GroupMember)
class GroupMemberAdmin(OfEnterpriseAdmin):
    list_display = ["person", "enterprise", "role", "joined_on", "left_on"]
    list_filter = ["role", ("left_on", EmptyFieldListFilter)]
    list_select_related = ["enterprise", "person"]
    raw_id_fields = ["enterprise", "person"]


@admin.register(EnterpriseMembership)
class EnterpriseMembershipAdmin(OfEnterpriseAdmin):
    list_display = ["enterprise", "cooperative", "since", "until"]
    list_select_related = ["enterprise", "cooperative"]
    raw_id_fields = ["enterprise", "cooperative"]


@admin.register(EnterpriseSnapshot)
class EnterpriseSnapshotAdmin(PortalModelAdmin):
    """Never overwritten: a correction is a further row of the same year."""

    list_display = ["year", "enterprise", "monthly_turnover", "capital", "scale", "source"]
    list_filter = ["year", "scale"]
    list_select_related = ["enterprise"]
    raw_id_fields = ["enterprise"]
    key_field = "enterprise__name_key"
    search_help_text = _("Words of the enterprise's name.")

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(Support)
class SupportAdmin(OfEnterpriseAdmin):
    list_display = ["what", "kind", "enterprise", "provider", "received_on"]
    list_filter = ["kind"]


@admin.register(Credential)
class CredentialAdmin(OfEnterpriseAdmin):
    list_display = ["kind", "number", "enterprise", "status", "valid_until"]
    list_filter = ["kind", "status"]
    exclude = ["document"]  # handed out by the portal's own page, which logs it


@admin.register(Motif)
class MotifAdmin(VersionedModelAdmin):
    list_display = ["name", "area", "meaning", "is_not_for_sale"]
    list_filter = ["area", "is_not_for_sale"]
    search_fields = ["name"]


@admin.register(Product)
class ProductAdmin(VersionedModelAdmin):
    list_display = ["name", "kind", "enterprise", "cooperative", "price", "is_published"]
    list_filter = ["kind", "dye_practice", "is_published"]
    list_select_related = ["enterprise", "cooperative"]
    key_field = "name_key"
    search_help_text = _("Words of the name.")
    raw_id_fields = ["enterprise", "cooperative"]
    readonly_fields = ["price", "is_published"]


class OfProductAdmin(PortalModelAdmin):
    """Rows about a product, found by its name."""

    list_select_related = ["product"]
    raw_id_fields = ["product"]
    key_field = "product__name_key"
    search_help_text = _("Words of the product's name.")


@admin.register(ProductMotif)
class ProductMotifAdmin(OfProductAdmin):
    list_display = ["product", "motif"]
    list_select_related = ["product", "motif"]


@admin.register(PriceChange)
class PriceChangeAdmin(OfProductAdmin):
    """Never overwritten: a mistake is put right by a further row."""

    list_display = ["product", "price", "since"]

    def has_change_permission(self, request, obj=None):
        return False


@admin.register(ProductPhoto)
class ProductPhotoAdmin(ReadOnlyAdmin):
    """To look at: photos are put up and taken down in the portal."""

    list_display = ["caption", "product", "width", "height", "removed_on"]
    list_select_related = ["product"]
    key_field = "product__name_key"
    search_help_text = _("Words of the product's name.")
    fields = list_display


@admin.register(QuoteRequest)
class QuoteRequestAdmin(ReadOnlyAdmin):
    """To look at: requests are answered in the portal."""

    list_display = ["what", "quantity", "cooperative", "status", "created_at"]
    list_filter = ["status"]
    list_select_related = ["cooperative"]
    key_field = "cooperative__name_key"
    search_help_text = _("Words of the cooperative's name.")
    fields = [*list_display, "contact_name", "contact_phone", "message", "answer", "answered_at"]
