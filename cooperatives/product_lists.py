"""Columns and filters of the lists of products and motifs."""

from django import forms
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from cooperatives.filters import by_cooperative, by_kind, chosen_cooperative, districts, select
from cooperatives.models import Enterprise, Motif, Product
from cooperatives.tables import own_page
from malaka_portal.filters import Filter
from malaka_portal.parsing import format_number, format_rupiah
from malaka_portal.tables import Column, tag

SHOWN, HIDDEN, STOPPED = "ya", "tidak", "berhenti"
STATES = {SHOWN: _("shown to everybody"), HIDDEN: _("not shown"), STOPPED: _("no longer made")}
SALE = {False: _("may be sold"), True: _("not for sale")}


def state_of(product):
    """Whether everybody sees it, in words."""
    if product.stopped_on:
        return STATES[STOPPED]
    return STATES[SHOWN if product.is_public else HIDDEN]


def tag_of_state(label):
    colours = {str(STATES[SHOWN]): "green", str(STATES[HIDDEN]): "yellow"}
    return tag(label, colours.get(str(label), ""))


def tag_of_sale(label):
    return tag(label, "red") if label == SALE[True] else capfirst(label)


def days(number):
    return _("%(count)s days") % {"count": format_number(number)}


PRODUCT_COLUMNS = (
    Column("name", _("Name"), link=own_page, sort="name"),
    Column("kind", _("Kind of product")),
    Column("maker", _("Made by"), lambda row: str(row.maker)),
    Column("cooperative", _("Cooperative"), "cooperative__name"),
    Column("price", _("Price"), numeric=True, format=format_rupiah),
    Column("unit", _("Unit")),
    Column("capacity", _("In a month"), "capacity_per_month", numeric=True, format=format_number),
    Column("lead_time", _("Ready in"), "lead_time_days", numeric=True, format=days),
    Column("state", _("Public pages"), state_of, format=tag_of_state, corner=True),
)
MOTIF_COLUMNS = (
    Column("name", _("Name")),
    Column("area", _("Weaving area")),
    Column("meaning", _("Meaning")),
    Column(
        "sale",
        _("For sale"),
        lambda row: SALE[row.is_not_for_sale],
        format=tag_of_sale,
        corner=True,
    ),
    Column(
        "products",
        _("Products"),
        lambda row: _("Products with it"),
        link=lambda row: f"{reverse('cooperatives:product-list')}?motif={row.pk}",
    ),
)
CHANGE_MOTIF = Column(
    "change",
    _("Actions"),
    lambda row: _("Change"),
    link=lambda row: reverse("cooperatives:motif-update", args=[row.pk]),
)


def chosen_enterprise(user):
    """Not offered as a choice of thousands: it comes from a link on the enterprise's page."""
    rows = Enterprise.objects.visible_to(user)
    return forms.ModelChoiceField(rows, label=_("Enterprise"), widget=forms.HiddenInput)


def any_motif(_user):
    return forms.ModelChoiceField(Motif.objects.all(), label=_("Motif"))


def by_enterprise(rows, enterprise):
    return rows.filter(enterprise_id=enterprise.pk)


def by_dyes(rows, practice):
    return rows.filter(dye_practice=practice)


def by_technique(rows, technique):
    return rows.filter(technique=technique)


def by_motif(rows, motif):
    return rows.filter(motifs=motif)


def by_state(rows, state):
    if state == STOPPED:
        return rows.filter(stopped_on__isnull=False)
    if state == SHOWN:
        return rows.public()
    return rows.filter(stopped_on__isnull=True).exclude(
        pk__in=Product.objects.public().values("pk")
    )


def by_product_district(rows, district):
    return rows.within(district.pk)


def by_area(rows, area):
    return rows.filter(area=area)


def by_sale(rows, answer):
    return rows.filter(is_not_for_sale=answer == "tidak")


PRODUCT_FILTERS = (
    Filter("koperasi", chosen_cooperative, by_cooperative),
    Filter("usaha", chosen_enterprise, by_enterprise),
    Filter("jenis", select(_("Kind of product"), Product.Kind.choices), by_kind),
    Filter("pewarna", select(_("Dyes"), Product.DyePractice.choices), by_dyes),
    Filter("teknik", select(_("Weaving technique"), Product.Technique.choices), by_technique),
    Filter("motif", any_motif, by_motif),
    Filter("tampil", select(_("Public pages"), list(STATES.items())), by_state),
    Filter("kecamatan", districts, by_product_district),
)
MOTIF_FILTERS = (
    Filter("daerah", select(_("Weaving area"), Motif.Area.choices), by_area),
    Filter(
        "dijual",
        select(_("For sale"), [("ya", SALE[False]), ("tidak", SALE[True])]),
        by_sale,
    ),
)
