"""What the registry's lists can be narrowed by."""

from django import forms
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from cooperatives.models import (
    Consent,
    Cooperative,
    Credential,
    Enterprise,
    MeetingState,
    Motif,
    Officer,
    Person,
    Product,
    ProductMotif,
    QuoteRequest,
    Suspicion,
    access,
)
from cooperatives.reports.area import districts_of
from malaka_portal.fields import PortalDateFormField
from malaka_portal.filters import Filter
from malaka_portal.models import Region

MALAKA = "53.21"
LATE = "late"
TWO_MISSED = "two"  # beside the states of a MeetingState


def districts(user):
    """The districts of the user's area; those of Malaka for whoever may work everywhere."""
    found = districts_of(user)
    field = forms.ModelChoiceField(found, label=_("District"))
    # read as plain values: the field's own iterator opens a cursor, whoever shows the form
    field.choices = found.values_list("pk", "name")
    return field


def chosen_cooperative(user):
    """Not offered as a choice of thousands: it comes from a link on the cooperative's page."""
    rows = Cooperative.objects.visible_to(user)
    return forms.ModelChoiceField(rows, label=_("Cooperative"), widget=forms.HiddenInput)


def by_kind(rows, kind):
    return rows.filter(kind=kind)


def by_status(rows, status):
    return rows.filter(status=status)


def decided_ones(rows, _ticked):
    return rows.exclude(status=Suspicion.Status.PENDING)


def by_district(rows, district):
    return rows.filter(village__code__startswith=district.pk)


def by_annual_meeting(rows, state):
    today = access.today()
    if state == TWO_MISSED:
        return rows.missed_two_meetings(on=today)
    return rows.annual_meeting(state, on=today)


def by_chair(rows, answer):
    today = access.today()
    return rows.without_chair(on=today) if answer == "tidak" else rows.with_chair(on=today)


def by_own_district(rows, district):
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


def by_withdrawal(rows, ticked):
    return rows.withheld()


def for_the_ministry(rows, ticked):
    """Only whose consent to handing their data on is in force."""
    person = "pk" if rows.model is Person else "person_id"
    agreed = Consent.objects.in_force().filter(
        person_id=OuterRef(person), purpose=Consent.Purpose.SHARING
    )
    return rows.filter(Exists(agreed))


def tick(label):
    return forms.BooleanField(label=label)


def on_day(rows, day):
    return rows.on(day)


def by_cooperatives_district(rows, district):
    return rows.filter(cooperative__village__code__startswith=district.pk)


def by_body(rows, body):
    return rows.filter(body=body)


def by_line(rows, line):
    return rows.filter(line=line)


def by_scale(rows, scale):
    return rows.filter(scale=scale)


def by_band(rows, band):
    return rows.in_band(band)


def by_channel(rows, channel):
    return rows.filter(sales_channels__contains=[channel])


def without_paper(rows, kind):
    """Enterprises still at work that have no such paper; for halal, makers of food that need it."""
    settled = [Credential.Status.HELD]
    if kind == Credential.Kind.HALAL:
        settled += [Credential.Status.NON_HALAL, Credential.Status.NOT_REQUIRED]
        rows = rows.filter(line=Enterprise.Line.FOOD)
    papers = Credential.objects.filter(enterprise=OuterRef("pk"), kind=kind, status__in=settled)
    return rows.running().filter(~Exists(papers))


def by_validity(rows, term):
    today = access.today()
    return rows.expired(on=today) if term == "habis" else rows.ending(on=today, days=int(term))


def by_enterprises_district(rows, district):
    return rows.filter(enterprise__district=district)


def by_term(rows, state):
    today = access.today()
    return rows.open(on=today) if state == "now" else rows.filter(ended_on__lte=today)


def by_year(rows, year):
    return rows.filter(fiscal_year=year)


def by_quote_status(rows, status):
    return rows.late() if status == LATE else by_status(rows, status)


def by_dye(rows, _natural):
    return rows.filter(dye_practice=Product.DyePractice.NATURAL)


def by_weaving_area(rows, area):
    # not by a join: a cloth with two motifs of the area is one row
    cloths = ProductMotif.objects.filter(motif__area=area)
    return rows.filter(pk__in=cloths.values("product_id"))


def by_motif(rows, motif):
    return rows.filter(motifs=motif)


def districts_of_malaka(_user):
    """For visitors, who have no area of their own."""
    found = Region.objects.current().filter(level=Region.Level.DISTRICT).within(MALAKA)
    return forms.ModelChoiceField(found, label=_("District"))


def public_cooperative(_user):
    rows = Cooperative.objects.public()
    return forms.ModelChoiceField(rows, label=_("Cooperative"), widget=forms.HiddenInput)


def motifs_for_sale(_user):
    rows = Motif.objects.filter(is_not_for_sale=False)
    return forms.ModelChoiceField(rows, label=_("Motif"))


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
    Filter(
        "rat",
        select(
            _("Annual meeting (RAT)"),
            [(TWO_MISSED, _("two years missed")), *MeetingState.choices[:-1]],
        ),
        by_annual_meeting,
    ),
    Filter(
        "ketua",
        select(_("Chair"), [("ada", _("in office")), ("tidak", _("no chair"))]),
        by_chair,
    ),
)
MINISTRY_FILTER = Filter(
    "kementerian",
    tick(_("For the ministry: only who agreed that their data are handed on")),
    for_the_ministry,
    personal=True,
)
WITHHELD_FILTER = Filter(
    "tarik",
    tick(_("Only who objects to being recorded")),
    by_withdrawal,
)
ENTERPRISE_FILTERS = (
    Filter("koperasi", chosen_cooperative, by_cooperative),
    Filter("jenis", select(_("Kind of enterprise"), Enterprise.Kind.choices), by_kind),
    Filter("bidang", select(_("Line of business"), Enterprise.Line.choices), by_line),
    Filter("status", select(_("Status"), Enterprise.Status.choices), by_status),
    Filter("kecamatan", districts, by_own_district),
    Filter("skala", select(_("Scale"), Enterprise.Scale.choices), by_scale),
    Filter("omzet", select(_("Turnover (micro)"), Enterprise.Band.choices), by_band),
    Filter("penjualan", select(_("Where it sells"), Enterprise.Channel.choices), by_channel),
    Filter(
        "belum",
        select(_("Still without"), [("nib", _("NIB")), ("halal", _("halal (makers of food)"))]),
        without_paper,
    ),
)
ENDING = [
    ("habis", _("has run out")),
    ("30", _("runs out within 30 days")),
    ("90", _("runs out within 90 days")),
]
CREDENTIAL_FILTERS = (
    Filter("masa", select(_("Validity"), ENDING), by_validity),
    Filter("jenis", select(_("Kind of paper"), Credential.Kind.choices), by_kind),
    Filter("kecamatan", districts, by_enterprises_district),
)
MEMBER_FILTERS = (
    Filter("koperasi", chosen_cooperative, by_cooperative),
    Filter("kecamatan", districts, by_own_district),
    Filter("kelamin", select(_("Sex"), Person.Sex.choices), by_sex_of_person),
    Filter(
        "keadaan",
        select(_("Membership"), [("now", _("members now")), ("left", _("have left"))]),
        by_membership,
    ),
    MINISTRY_FILTER,
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
    MINISTRY_FILTER,
)
OFFICER_FILTERS = (
    Filter("badan", select(_("Body"), Officer.Body.choices), by_body),
    Filter(
        "masa",
        select(_("Term of office"), [("now", _("in office now")), ("ended", _("ended"))]),
        by_term,
    ),
    Filter("kecamatan", districts, by_cooperatives_district),
    MINISTRY_FILTER,
)
SNAPSHOT_FILTERS = (
    Filter("tahun", year_field(), by_year),
    Filter("kecamatan", districts, by_cooperatives_district),
)
QUOTE_REQUEST_FILTERS = (
    Filter(
        "status",
        select(
            _("Status"),
            [*QuoteRequest.Status.choices, (LATE, _("waiting for more than 3 days"))],
        ),
        by_quote_status,
    ),
    Filter("koperasi", chosen_cooperative, by_cooperative),
)
SHOWCASE_FILTERS = (
    Filter("jenis", select(_("Kind of product"), Product.Kind.choices), by_kind),
    Filter("alami", forms.BooleanField(label=_("Natural dyes only")), by_dye),
    Filter("daerah", select(_("Weaving area"), Motif.Area.choices), by_weaving_area),
    Filter("motif", motifs_for_sale, by_motif),
    Filter("kecamatan", districts_of_malaka, by_cooperatives_district),
    Filter("koperasi", public_cooperative, by_cooperative),
)
SHOWCASE_COOPERATIVE_FILTERS = (
    Filter("jenis", select(_("Cooperative type"), Cooperative.Kind.choices), by_kind),
    Filter("kecamatan", districts_of_malaka, by_district),
)
SUSPICION_FILTERS = (
    Filter("putus", forms.BooleanField(label=_("Show the decided ones")), decided_ones),
)
REGISTER_FILTERS = (Filter("tanggal", PortalDateFormField(label=_("As of")), on_day),)
