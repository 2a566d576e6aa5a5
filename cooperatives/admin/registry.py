"""Cooperatives, and the people in them."""

from django.contrib import admin, messages
from django.contrib.admin import EmptyFieldListFilter
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cooperatives.models import (
    Amendment,
    Consent,
    Cooperative,
    Joining,
    Member,
    NikClaim,
    Officer,
    Person,
    PersonToCompare,
    Proposal,
    StatusChange,
    Suspicion,
    YearlySnapshot,
    access,
)
from malaka_portal.admin import (
    PortalModelAdmin,
    ReadOnlyAdmin,
    VersionedBackOfficeForm,
    VersionedModelAdmin,
)
from malaka_portal.fields import NationalIdFormField, PhonesFormField
from malaka_portal.identity_numbers import bare_digits, mismatches
from malaka_portal.rules import may_see_personal
from malaka_portal.villages import full_name


@admin.display(description=_("village"))
def village(row):
    """`Wehali (Malaka Tengah)`, or nothing."""
    return full_name(row.village) if row.village else None


# --- cooperatives ---------------------------------------------------------------------------------
@admin.register(Cooperative)
class CooperativeAdmin(VersionedModelAdmin):
    list_display = ["name", village, "kind", "status", "registry_number", "certificate_valid_until"]
    list_filter = ["status", "kind", "group", "is_village_cooperative", "certificate_grade"]
    list_select_related = ["village__parent"]
    key_field = "name_key"
    search_help_text = _("Words of the name, or a whole NIK Koperasi.")
    raw_id_fields = ["village"]
    readonly_fields = ["status"]
    fieldsets = [
        (
            _("What it is"),
            {
                "fields": [
                    "name",
                    "status",
                    "kind",
                    "level",
                    "reach",
                    "group",
                    "management_model",
                    "sector",
                    "is_village_cooperative",
                    "member_number_prefix",
                    "fiscal_year_end",
                    "last_annual_meeting_on",
                ]
            },
        ),
        (
            _("Papers"),
            {
                "fields": [
                    "legal_entity_number",
                    "legal_entity_date",
                    "registry_number",
                    "certificate_grade",
                    "certificate_issued_on",
                    "certificate_valid_until",
                ]
            },
        ),
        (
            _("Where it is"),
            {
                "fields": [
                    "village",
                    "address",
                    "phone",
                    "phone_is_public",
                    "latitude",
                    "longitude",
                ]
            },
        ),
        (_("Public pages"), {"fields": ["public_since", "introduction"]}),
    ]

    def get_search_results(self, request, queryset, search_term):
        number = bare_digits(search_term)
        if len(number) == 13:
            return queryset.filter(registry_number=number), False
        return super().get_search_results(request, queryset, search_term)


class OfCooperativeAdmin(VersionedModelAdmin):
    """Rows about a cooperative, found by its name."""

    list_select_related = ["cooperative"]
    raw_id_fields = ["cooperative"]
    key_field = "cooperative__name_key"
    search_help_text = _("Words of the cooperative's name.")


@admin.register(StatusChange)
class StatusChangeAdmin(OfCooperativeAdmin):
    list_display = ["cooperative", "status", "since", "reason"]
    list_filter = ["status"]


@admin.register(Amendment)
class AmendmentAdmin(OfCooperativeAdmin):
    list_display = ["number", "cooperative", "date", "subject"]


@admin.register(YearlySnapshot)
class YearlySnapshotAdmin(PortalModelAdmin):
    """Never overwritten: a correction is a further row of the same year."""

    list_display = ["fiscal_year", "cooperative", "total_assets", "net_surplus", "source"]
    list_filter = ["fiscal_year"]
    list_select_related = ["cooperative"]
    raw_id_fields = ["cooperative"]
    key_field = "cooperative__name_key"
    search_help_text = _("Words of the cooperative's name.")

    def has_change_permission(self, request, obj=None):
        return False


# --- people ---------------------------------------------------------------------------------------
class PersonAdminForm(VersionedBackOfficeForm):
    """A person; their NIK can be written here and is never shown."""

    shows_mask = False
    nik = NationalIdFormField(label=_("NIK (KTP)"), required=False)
    phones = PhonesFormField(label=_("telephone numbers"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.shows_mask and self.instance.nik_last4 and "nik" in self.fields:
            self.fields["nik"].help_text = _(
                "On record: %(nik)s. Leave this empty and it stays; a new number replaces it."
            ) % {"nik": self.instance.masked_nik}

    def clean_nik(self):
        nik = self.cleaned_data["nik"]
        others = Person.objects.exclude(pk=self.instance.pk)
        if nik and others.with_national_id(nik).exists():
            raise ValidationError(_("Somebody else on record already has this NIK."), "nik_held")
        return nik

    def clean(self):
        cleaned = super().clean()
        nik = cleaned.get("nik")
        if nik:
            self.instance.confirm_national_id(nik)
        if self.instance.nik_state != Person.NikState.NONE:
            cleaned["nik_missing"] = ""
        elif "nik_missing" in cleaned and not cleaned["nik_missing"]:
            self.add_error("nik_missing", _("Say why there is no NIK."))
        return cleaned

    def warnings(self):
        """Where the new NIK and the rest of the record disagree, in words."""
        nik, person = self.cleaned_data.get("nik"), self.instance
        if not nik:
            return []
        known = {"born_on": person.born_on, "birth_year": person.birth_year, "sex": person.sex}
        return [found.message for found in mismatches(nik, **known, today=access.today())]


@admin.register(Person)
class PersonAdmin(VersionedModelAdmin):
    form = PersonAdminForm
    list_display = ["name", "sex", village, "masked_nik", "nik_state", "born_on", "occupation"]
    list_filter = ["sex", "nik_state", "occupation"]
    list_select_related = ["village__parent"]
    personal_columns = frozenset({"masked_nik"})
    key_field = "name_key"
    search_help_text = _("Words of the name.")
    raw_id_fields = ["village"]
    readonly_fields = ["nik_state"]
    fieldsets = [
        (
            _("Who"),
            {
                "fields": [
                    "name",
                    "nik",
                    "nik_missing",
                    "nik_state",
                    "sex",
                    "birth_place",
                    "born_on",
                    "birth_year",
                ]
            },
        ),
        (_("Where"), {"fields": ["village", "hamlet", "address", "phones"]}),
        (_("Work and schooling"), {"fields": ["occupation", "education"]}),
    ]

    @admin.display(description=_("NIK (KTP)"))
    def masked_nik(self, person):
        return person.masked_nik

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.shows_mask = obj is not None and may_see_personal(request.user, obj)
        return form

    def get_fieldsets(self, request, obj=None):
        """Whoever only reads sees the masked number in place of the input."""
        found = super().get_fieldsets(request, obj)
        if obj and not self.has_change_permission(request, obj):
            shown = ["masked_nik"] if may_see_personal(request.user, obj) else []
            for _title, options in found:
                at = options["fields"]
                options["fields"] = [f for name in at for f in (shown if name == "nik" else [name])]
        return found

    def has_change_permission(self, request, obj=None):
        """A record that was joined into another one stays as it was."""
        if obj is not None and obj.joined_into_id:
            return False
        return super().has_change_permission(request, obj)

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        for warning in form.warnings():
            messages.warning(request, warning)


class OfPersonAdmin(VersionedModelAdmin):
    """Rows about a person, found by their name."""

    list_select_related = ["person", "cooperative"]
    raw_id_fields = ["person", "cooperative"]
    key_field = "person__name_key"
    search_help_text = _("Words of the person's name.")


@admin.register(Consent)
class ConsentAdmin(OfPersonAdmin):
    list_display = ["person", "purpose", "channel", "given_on", "withdrawn_on"]
    list_filter = ["purpose", "channel", ("withdrawn_on", EmptyFieldListFilter)]
    list_select_related = ["person"]
    raw_id_fields = ["person"]


@admin.register(Member)
class MemberAdmin(OfPersonAdmin):
    list_display = ["number", "person", "cooperative", "status", "joined_on", "left_on"]
    list_filter = ["status", ("left_on", EmptyFieldListFilter)]
    key_field = "name_key"


@admin.register(Officer)
class OfficerAdmin(OfPersonAdmin):
    """Terms; who gets an account is invited in the portal."""

    list_display = ["person", "role", "body", "cooperative", "started_on", "ended_on"]
    list_filter = ["body", "role", ("ended_on", EmptyFieldListFilter)]
    raw_id_fields = ["person", "cooperative", "user"]

    def fixed_fields(self, request, obj=None):
        """An account stays the person's whose it is."""
        if request.user.is_superuser:
            return []
        return ["user", "person", "cooperative"] if obj and obj.user_id else ["user"]


# --- what waits for the programme -----------------------------------------------------------------
@admin.register(NikClaim)
class NikClaimAdmin(ReadOnlyAdmin):
    """To look at: NIK that officers wrote down are decided in the portal."""

    list_display = ["person", "cooperative", "masked_nik", "status", "created_at", "decided_by"]
    list_filter = ["status"]
    list_select_related = ["person", "cooperative", "decided_by"]
    key_field = "person__name_key"
    search_help_text = _("Words of the person's name.")
    personal_columns = frozenset({"masked_nik"})
    fields = [*list_display, "decided_at", "note"]

    @admin.display(description=_("NIK (KTP)"))
    def masked_nik(self, claim):
        return claim.masked_nik


@admin.register(Proposal)
class ProposalAdmin(ReadOnlyAdmin):
    """To look at: changes that officers propose are decided in the portal."""

    list_display = ["person", "cooperative", "status", "proposed_by", "created_at", "decided_by"]
    list_filter = ["status"]
    list_select_related = ["person", "cooperative", "proposed_by", "decided_by"]
    key_field = "person__name_key"
    search_help_text = _("Words of the person's name.")
    fields = [*list_display, "values", "seen", "reason", "decided_at", "note"]


@admin.register(Suspicion)
class SuspicionAdmin(ReadOnlyAdmin):
    """To look at: possible duplicates are decided in the portal."""

    list_display = ["first", "second", "score", "status", "decided_by", "decided_at"]
    list_filter = ["status"]
    list_select_related = ["first", "second", "decided_by"]
    key_field = "first__name_key"
    search_help_text = _("Words of the person's name.")
    fields = [*list_display, "reasons", "note"]


@admin.register(PersonToCompare)
class PersonToCompareAdmin(ReadOnlyAdmin):
    """To look at: the command `find_duplicates` takes them away."""

    list_display = ["person_id"]


@admin.register(Joining)
class JoiningAdmin(ReadOnlyAdmin):
    """To look at: two records are joined, and parted again, in the portal."""

    list_display = ["survivor", "duplicate", "joined_by", "joined_at", "undone_by", "undone_at"]
    list_select_related = ["survivor", "duplicate", "joined_by", "undone_by"]
    key_field = "survivor__name_key"
    search_help_text = _("Words of the person's name.")
    fields = [*list_display, "moved", "before", "after"]
