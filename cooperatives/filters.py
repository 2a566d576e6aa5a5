"""What the registry's lists can be narrowed by."""

from django import forms
from django.utils.translation import gettext_lazy as _

from cooperatives.models import Cooperative, Officer, Person, access
from malaka_portal.fields import PortalDateFormField
from malaka_portal.filters import Filter
from malaka_portal.models import Region

MALAKA = "53.21"


def districts(user):
    """The districts of the user's area; those of Malaka for whoever may work everywhere."""
    area = user.area_id or MALAKA
    found = Region.objects.current().filter(level=Region.Level.DISTRICT).within(area)
    return forms.ModelChoiceField(found, label=_("District"))


def chosen_cooperative(user):
    """Not offered as a choice of thousands: it comes from a link on the cooperative's page."""
    rows = Cooperative.objects.visible_to(user)
    return forms.ModelChoiceField(rows, label=_("Cooperative"), widget=forms.HiddenInput)


def by_kind(rows, kind):
    return rows.filter(kind=kind)


def by_status(rows, status):
    return rows.filter(status=status)


def by_district(rows, district):
    return rows.filter(village__code__startswith=district.pk)


def by_members_district(rows, district):
    return rows.filter(district=district)


def by_cooperative(rows, cooperative):
    return rows.filter(cooperative_id=cooperative.pk)


def by_membership(rows, state):
    return rows.current() if state == "now" else rows.filter(left_on__isnull=False)


def by_sex_of_person(rows, sex):
    return rows.filter(person__sex=sex)


def by_sex(rows, sex):
    return rows.filter(sex=sex)


def by_nik_state(rows, state):
    return rows.filter(nik_state=state)


def on_day(rows, day):
    return rows.on(day)


def by_cooperatives_district(rows, district):
    return rows.filter(cooperative__village__code__startswith=district.pk)


def by_body(rows, body):
    return rows.filter(body=body)


def by_term(rows, state):
    today = access.today()
    return rows.open(on=today) if state == "now" else rows.filter(ended_on__lte=today)


def by_year(rows, year):
    return rows.filter(fiscal_year=year)


def year_field():
    digits = forms.TextInput(attrs={"inputmode": "numeric", "maxlength": 4})
    return forms.IntegerField(
        label=_("Fiscal year"), min_value=1950, max_value=2100, widget=digits, localize=False
    )


def select(label, choices):
    return forms.ChoiceField(label=label, choices=choices)


COOPERATIVE_FILTERS = (
    Filter("jenis", select(_("Cooperative type"), Cooperative.Kind.choices), by_kind),
    Filter("status", select(_("Status"), Cooperative.Status.choices), by_status),
    Filter("kecamatan", districts, by_district),
)
MEMBER_FILTERS = (
    Filter("koperasi", chosen_cooperative, by_cooperative),
    Filter("kecamatan", districts, by_members_district),
    Filter("kelamin", select(_("Sex"), Person.Sex.choices), by_sex_of_person),
    Filter(
        "keadaan",
        select(_("Membership"), [("now", _("members now")), ("left", _("have left"))]),
        by_membership,
    ),
)
PERSON_FILTERS = (
    Filter("kecamatan", districts, by_district),
    Filter("kelamin", select(_("Sex"), Person.Sex.choices), by_sex),
    Filter(
        "nik",
        select(_("State of the NIK"), Person.NikState.choices),
        by_nik_state,
        personal=True,
    ),
)
OFFICER_FILTERS = (
    Filter("badan", select(_("Body"), Officer.Body.choices), by_body),
    Filter(
        "masa",
        select(_("Term of office"), [("now", _("in office now")), ("ended", _("ended"))]),
        by_term,
    ),
    Filter("kecamatan", districts, by_cooperatives_district),
)
SNAPSHOT_FILTERS = (
    Filter("tahun", year_field(), by_year),
    Filter("kecamatan", districts, by_cooperatives_district),
)
REGISTER_FILTERS = (Filter("tanggal", PortalDateFormField(label=_("As of")), on_day),)
