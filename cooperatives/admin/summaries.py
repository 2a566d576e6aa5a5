"""The summaries, to look at: triggers and the roll-up write them."""

from django.contrib import admin

from cooperatives.models import CooperativeSummary, RegionSummary
from malaka_portal.admin import ReadOnlyAdmin

COUNTS = ["members_female", "members_male", "members_unknown", "enterprises", "products_published"]


@admin.register(CooperativeSummary)
class CooperativeSummaryAdmin(ReadOnlyAdmin):
    list_display = ["cooperative", *COUNTS]
    list_select_related = ["cooperative"]


@admin.register(RegionSummary)
class RegionSummaryAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "cooperatives", *COUNTS, "as_of"]
    list_select_related = ["region"]
