"""The back office: same rows, same rules as the portal."""

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.utils.translation import gettext_lazy as _
from rules.contrib.admin import ObjectPermissionsModelAdmin

from malaka_portal.models import Region, RegionAlias, SignInFailures, User

admin.site.site_header = admin.site.site_title = "Portal Malaka"


class PortalModelAdmin(ObjectPermissionsModelAdmin):
    """The back office obeys the portal's rules: same rows, same predicates, same validation."""

    def get_queryset(self, request):
        return super().get_queryset(request).visible_to(request.user)


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
class SignInFailuresAdmin(PortalModelAdmin):
    """To look at; the counts are the throttle's own."""

    list_display = ["key", "count", "last_at"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
