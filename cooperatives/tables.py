"""The columns of the registry's lists; page, phone card and export read the same."""

from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from cooperatives.models import (
    Cooperative,
    Credential,
    Enterprise,
    MeetingState,
    QuoteRequest,
    Suspicion,
)
from malaka_portal.changes import in_wita
from malaka_portal.parsing import format_number, format_phone, format_rupiah
from malaka_portal.tables import ChoiceLabel, Column, follow, tag
from malaka_portal.villages import full_name

COOPERATIVE_COLOURS = {Cooperative.Status.ACTIVE: "green", Cooperative.Status.DISSOLVED: "red"}

QUOTE_REQUEST_COLOURS = {
    QuoteRequest.Status.NEW: "yellow",
    QuoteRequest.Status.ANSWERED: "green",
}


def coloured(label, colours, others):
    """The tag of a choice: its colour by `colours` (choice: colour), else `others`."""
    found = {str(choice.label): colour for choice, colour in colours.items()}
    return tag(label, found.get(label, others))


def tag_of_cooperative(label):
    return coloured(label, COOPERATIVE_COLOURS, "yellow")


def tag_of_member(label):
    """Green while the line is open, whatever the status."""
    return tag(label, "green" if isinstance(label, ChoiceLabel) else "")


def tag_of_quote_request(label):
    return coloured(label, QUOTE_REQUEST_COLOURS, "")


def tag_of_enterprise(label):
    """Without what the label explains: on a phone's card it stands beside the name."""
    status = Enterprise.Status
    colours = {str(status.RUNNING.label): "green", str(status.STARTING.label): "blue"}
    return tag(str(label).partition(" (")[0], colours.get(str(label), "red"))


COLOURS_OF_MEETINGS = {
    MeetingState.LAW: "red",
    MeetingState.MINISTRY: "red",
    MeetingState.DUE: "yellow",
    MeetingState.IN_TIME: "green",
    MeetingState.LATE: "green",
    MeetingState.AFTER_LAW: "yellow",
}


def tag_of_meeting(label):
    return coloured(label, COLOURS_OF_MEETINGS, "")


def state_of_meeting(cooperative):
    state = cooperative.meeting_state
    return MeetingState(state).label if state else ""


def members_of(cooperative):
    """How many members it has now, as the list of members shows them."""
    summary = getattr(cooperative, "summary", None)
    return summary.members if summary else None


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


def occupation_of(person):
    """Work that is none of the kinds in its own words."""
    return person.occupation_note or follow(person, "occupation")


def villages_of(suspicion):
    """Where the two live: once, if it is the same village."""
    names = (village_of(person) for person in (suspicion.first, suspicion.second))
    return ", ".join(dict.fromkeys(filter(None, names)))


def in_hundred(score):
    return _("%(score)d of 100") % {"score": score}


def decision_on(suspicion):
    """What was decided; nothing while the pair waits, for that is what the list is of."""
    waits = suspicion.status == Suspicion.Status.PENDING
    return "" if waits else suspicion.get_status_display()


def state_of_member(member):
    return _("has left") if member.left_on else follow(member, "status")


def nik_of_member(member):
    return member.person.national_id()


def nik_of_person(person):
    return person.national_id()


def scale_of(enterprise):
    """`micro (2025)`: the scale, and the year of the figures by which it is that."""
    scale = enterprise.get_scale_display()
    return f"{scale} ({enterprise.figures_year})" if scale else ""


def channels_of(enterprise):
    labels = dict(Enterprise.Channel.choices)
    return ", ".join(str(labels[channel]) for channel in enterprise.sales_channels)


PAPER_COLOURS = {
    Credential.State.VALID: "green",
    Credential.State.ENDING: "yellow",
    Credential.State.EXPIRED: "red",
    Credential.Status.IN_PROCESS: "blue",
    Credential.Status.NOT_YET: "yellow",
}


class PaperState(str):
    """How a paper stands, in words, and the colour of its tag."""

    colour = ""


def state_of_paper(credential):
    """`12 days left`, as a PaperState."""
    found = PaperState(paper_in_words(credential.state(), credential.days_left()))
    found.colour = PAPER_COLOURS.get(credential.state(), "")
    return found


def paper_in_words(state, left):
    if state == Credential.State.ENDING:
        words = ngettext("%(count)d day left", "%(count)d days left", left)
        return words % {"count": left} if left else _("runs out today")
    if state == Credential.State.EXPIRED:
        words = ngettext("ran out %(days)s day ago", "ran out %(days)s days ago", -left)
        return words % {"days": format_number(-left)}
    return state.label


def tag_of_paper(state):
    return tag(state, state.colour)


COOPERATIVE_COLUMNS = (
    Column("name", _("Name"), link=own_page, sort="name"),
    Column("kind", _("Cooperative type")),
    Column("village", _("Village"), lambda row: full_name(row.village)),
    Column("registry_number", _("NIK Koperasi"), identifier=True),
    Column("chair_name", _("Chair")),
    Column("members", _("Members"), members_of, numeric=True, format=format_number),
    Column("last_annual_meeting_on", _("Last annual meeting (RAT)")),
    Column("meeting_state", _("State of the RAT"), state_of_meeting, format=tag_of_meeting),
    Column("status", _("Status"), format=tag_of_cooperative, corner=True),
)
ENTERPRISE_COLUMNS = (
    Column("name", _("Name"), link=own_page, sort="name"),
    Column("kind", _("Kind of enterprise")),
    Column("line", _("Line of business")),
    Column("village", _("Village"), lambda row: full_name(row.village)),
    Column("cooperative", _("Cooperative"), "cooperative__name"),
    Column("scale", _("Scale (year)"), scale_of, format=capfirst),
    Column("monthly_turnover", _("Turnover a month"), numeric=True, format=format_rupiah),
    Column("status", _("Status"), format=tag_of_enterprise, corner=True),
)
# What a file has beside that: nobody reads it on a page of a phone.
ENTERPRISE_FILE_COLUMNS = (
    Column("owner", _("Owner"), "owner__name"),
    Column("industry_code", _("KBLI"), "industry_code__code", identifier=True),
    Column("channels", _("Where it sells"), channels_of),
    Column("hamlet", _("Hamlet")),
    Column("address", _("Address"), personal=True),
    Column("phone", _("Telephone"), lambda row: format_phone(row.phone), personal=True),
)
CREDENTIAL_COLUMNS = (
    Column("enterprise", _("Enterprise"), "enterprise__name", link=own_page),
    Column("kind", _("Kind of paper")),
    Column("number", _("Number"), "shown_number", identifier=True),
    Column("covers", _("What it covers")),
    Column("valid_until", _("Valid until"), sort="ends"),
    Column("village", _("Village"), lambda row: full_name(row.enterprise.village)),
    Column(
        "phone",
        _("Telephone"),
        lambda row: format_phone(row.enterprise.phone),
        format=unbroken,
        personal=True,
    ),
    Column("state", _("Status"), state_of_paper, format=tag_of_paper, corner=True),
)
MEMBER_COLUMNS = (
    Column("name", _("Name"), "person__name", link=own_page, sort="name"),
    Column("number", _("Member number"), identifier=True),
    Column("cooperative", _("Cooperative"), "cooperative__name"),
    Column("nik", _("NIK (KTP)"), "person__masked_nik", personal=True, identifier=True),
    Column("sex", _("Sex"), "person__sex"),
    Column("village", _("Village"), lambda row: village_of(row.person), of_today=True),
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
# What a file of members has beside that, so that it can be brought in again as it is.
MEMBER_FILE_COLUMNS = (
    Column("birth_place", _("Place of birth"), "person__birth_place", personal=True),
    Column("born_on", _("Date of birth"), "person__born_on", personal=True),
    Column("occupation", _("Occupation"), lambda row: occupation_of(row.person), of_today=True),
    Column("hamlet", _("Hamlet"), "person__hamlet", of_today=True),
    Column("address", _("Address"), "person__address", personal=True),
    Column("savings", _("principal savings, as declared"), "declared_savings", numeric=True),
)
REGISTER_COLUMNS = (
    Column("number", _("Member number"), identifier=True, link=own_page, sort="number"),
    Column("name", _("Full name"), "person__name"),
    Column("birth_place", _("Place of birth"), "person__birth_place", personal=True),
    Column("born_on", _("Date of birth"), "person__born_on", personal=True),
    Column("sex", _("Sex"), "person__sex"),
    Column("occupation", _("Occupation"), lambda row: occupation_of(row.person), of_today=True),
    Column("where", _("Address"), lambda row: address_of(row.person), personal=True),
    Column("joined_on", _("Joined on")),
    Column("left_on", _("Left on")),
    Column("left_reason", _("Why they left")),
    Column("repeats", _("Repeats the line"), "repeats__number", identifier=True),
)
REGISTER_FILE_COLUMNS = (
    Column("nik", _("NIK (KTP)"), "person__masked_nik", personal=True, identifier=True),
    Column("village", _("Village"), lambda row: village_of(row.person), of_today=True),
    Column("phones", _("Telephone"), lambda row: phones_of(row.person), personal=True),
    *MEMBER_FILE_COLUMNS[3:],
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
QUOTE_REQUEST_COLUMNS = (
    Column("what", _("What they need"), str, link=own_page),
    Column("cooperative", _("Cooperative"), "cooperative__name"),
    Column("contact_name", _("Name"), personal=True),
    Column(
        "contact_phone",
        _("WhatsApp number"),
        format=format_phone,
        personal=True,
        identifier=True,
    ),
    Column("needed_by", _("Needed by")),
    Column("created_at", _("Asked at")),
    Column("status", _("Status"), format=tag_of_quote_request, corner=True),
)
SUSPICION_COLUMNS = (
    Column("pair", _("The two records"), str, link=own_page),
    Column("why", _("Why")),
    Column("villages", _("Village"), villages_of),
    Column("score", _("Likeness"), numeric=True, format=in_hundred, sort="score"),
    Column("status", _("Status"), decision_on, format=tag, corner=True),
)
STOP_BY = Column("stop_by", _("To be stopped by"), format=in_wita)
NIK_OF_MEMBER = Column("nik_full", _("NIK (KTP), in full"), nik_of_member, identifier=True)
NIK_OF_PERSON = Column("nik_full", _("NIK (KTP), in full"), nik_of_person, identifier=True)


def address_of(person):
    return ", ".join(filter(None, [person.address, person.hamlet, village_of(person)]))
