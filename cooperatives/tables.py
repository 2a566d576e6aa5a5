"""The columns of the registry's lists; page, phone card and export read the same."""

from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from cooperatives.models import Cooperative, Member
from malaka_portal.parsing import format_number, format_phone, format_rupiah
from malaka_portal.tables import Column, tag
from malaka_portal.villages import full_name

COOPERATIVE_COLOURS = {Cooperative.Status.ACTIVE: "green", Cooperative.Status.DISSOLVED: "red"}


def coloured(label, colours, others):
    """The tag of a choice: its colour by `colours` (choice: colour), else `others`."""
    found = {str(choice.label): colour for choice, colour in colours.items()}
    return tag(label, found.get(label, others))


def tag_of_cooperative(label):
    return coloured(label, COOPERATIVE_COLOURS, "yellow")


def tag_of_member(label):
    """Green while the line is open; then `label` is the reason for which they left."""
    return coloured(label, dict.fromkeys(Member.Status, "green"), "")


def own_page(row):
    return row.get_absolute_url()


def page_of_cooperative(row):
    return row.cooperative.get_absolute_url()


def village_of(person):
    return full_name(person.village) if person.village else ""


def phones_of(person):
    return ", ".join(map(format_phone, person.phones))


def unbroken(numbers):
    """Telephone numbers on a page: lines end between them, not inside."""
    spans = ((number,) for number in numbers.split(", "))
    return format_html_join(", ", '<span class="nowrap">{}</span>', spans)


def state_of_member(member):
    return _("has left") if member.left_on else member.get_status_display()


def nik_of_member(member):
    return member.person.national_id()


def nik_of_person(person):
    return person.national_id()


COOPERATIVE_COLUMNS = (
    Column("name", _("Name"), link=own_page, sort="name"),
    Column("kind", _("Cooperative type")),
    Column("village", _("Village"), lambda row: full_name(row.village)),
    Column("registry_number", _("NIK Koperasi"), identifier=True),
    Column("last_annual_meeting_on", _("Last annual meeting (RAT)")),
    Column("status", _("Status"), format=tag_of_cooperative, corner=True),
)
MEMBER_COLUMNS = (
    Column("name", _("Name"), "person__name", link=own_page, sort="name"),
    Column("number", _("Member number"), identifier=True),
    Column("cooperative", _("Cooperative"), "cooperative__name"),
    Column("nik", _("NIK (KTP)"), "person__masked_nik", personal=True, identifier=True),
    Column("sex", _("Sex"), "person__sex"),
    Column("village", _("Village"), lambda row: village_of(row.person)),
    Column(
        "phones",
        _("Telephone"),
        lambda row: phones_of(row.person),
        format=unbroken,
        personal=True,
    ),
    Column("joined_on", _("Joined on"), sort="joined"),
    Column("left_on", _("Left on")),
    Column("state", _("Status"), state_of_member, format=tag_of_member, corner=True),
)
REGISTER_COLUMNS = (
    Column("number", _("Member number"), identifier=True, link=own_page, sort="number"),
    Column("name", _("Full name"), "person__name"),
    Column("birth_place", _("Place of birth"), "person__birth_place", personal=True),
    Column("born_on", _("Date of birth"), "person__born_on", personal=True),
    Column("sex", _("Sex"), "person__sex"),
    Column("occupation", _("Occupation"), "person__occupation"),
    Column("address", _("Address"), lambda row: address_of(row.person), personal=True),
    Column("joined_on", _("Joined on")),
    Column("left_on", _("Left on")),
    Column("left_reason", _("Why they left")),
)
PERSON_COLUMNS = (
    Column("name", _("Name"), link=own_page, sort="name"),
    Column("nik", _("NIK (KTP)"), "masked_nik", personal=True, identifier=True),
    Column("nik_state", _("State of the NIK"), personal=True),
    Column("sex", _("Sex")),
    Column("born_on", _("Date of birth"), personal=True),
    Column("village", _("Village"), village_of),
    Column("phones", _("Telephone"), phones_of, format=unbroken, personal=True),
    Column("occupation", _("Occupation")),
)
OFFICER_COLUMNS = (
    Column("name", _("Name"), "person__name", link=own_page, sort="name"),
    Column("role", _("Office")),
    Column("body", _("Body")),
    Column("cooperative", _("Cooperative"), "cooperative__name", sort="cooperative"),
    Column(
        "phones",
        _("Telephone"),
        lambda row: phones_of(row.person),
        format=unbroken,
        personal=True,
    ),
    Column("started_on", _("From")),
    Column("ended_on", _("Until")),
    Column("elected_in", _("Elected in")),
)
SNAPSHOT_COLUMNS = (
    Column("cooperative", _("Cooperative"), "cooperative__name", link=page_of_cooperative),
    Column("fiscal_year", _("Fiscal year"), format=str, sort="newest"),
    Column("members_male", _("Members, men"), numeric=True, format=format_number),
    Column("members_female", _("Members, women"), numeric=True, format=format_number),
    Column("employees_male", _("Employees, men"), numeric=True, format=format_number),
    Column("employees_female", _("Employees, women"), numeric=True, format=format_number),
    Column("own_capital", _("Own capital"), numeric=True, format=format_rupiah),
    Column("external_capital", _("External capital"), numeric=True, format=format_rupiah),
    Column("total_assets", _("Assets"), numeric=True, format=format_rupiah),
    Column("business_volume", _("Business volume"), numeric=True, format=format_rupiah),
    Column("net_surplus", _("Net surplus (SHU)"), numeric=True, format=format_rupiah),
    Column("source", _("Where the figures come from")),
)
NIK_OF_MEMBER = Column("nik_full", _("NIK (KTP), in full"), nik_of_member, identifier=True)
NIK_OF_PERSON = Column("nik_full", _("NIK (KTP), in full"), nik_of_person, identifier=True)


def address_of(person):
    return ", ".join(filter(None, [person.address, person.hamlet, village_of(person)]))
