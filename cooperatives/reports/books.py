"""The books that a cooperative keeps by law, ready to be signed: register of members, of the board
and of the supervisors. The columns are those of the standard forms (domain 1.8)."""

from django.utils.translation import gettext_lazy as _

from cooperatives.models import Member, Officer, access
from malaka_portal.papers.paper import Paper, dated, of_office
from malaka_portal.papers.sheet import BLANK, DATE, IDENTIFIER, MARK, ORDINAL, THUMB, Signature
from malaka_portal.papers.sheet import PaperColumn as Column
from malaka_portal.parsing import format_date_numeric
from malaka_portal.rules import PERSONAL, grants

ADMITTED, LEFT = _("ADMITTED AS A MEMBER"), _("LEFT AS A MEMBER")
THUMB_HEIGHT = 24  # millimetres: a thumb is rolled, not dabbed


def birth_of(line):
    """`Betun, 05-07-1985`, or the year alone where no more is known."""
    person = line.person
    day = format_date_numeric(person.born_on) if person.born_on else person.birth_year
    return ", ".join(str(part) for part in (person.birth_place, day) if part)


def sex_of(line):
    """The letter that the form asks for: L or P."""
    return line.person.sex


def address_of(line):
    person = line.person
    village = person.village.name if person.village else ""
    return ", ".join(filter(None, [person.address, person.hamlet, village]))


# Who somebody is, as every one of these books has it.
PERSON = (
    Column(_("No."), width=8, kind=ORDINAL),
    Column(_("Full name"), "person__name", width=31),
    Column(_("Place and date of birth"), birth_of, width=23, personal=True),
    Column(_("Sex"), sex_of, width=13, kind=MARK),
    Column(_("Occupation"), "person__occupation", width=18, of_today=True),
    Column(_("Address"), address_of, width=27, personal=True),
)


class Book(Paper):
    """A register of one cooperative, which the law wants whole (law 25/1992).

    Whoever sits on its board or among its supervisors sees in it what is known of those who are in
    it now; of those who left only the line itself, as on the register's page.
    """

    asks = ("cooperative", "with_former")
    row_height = THUMB_HEIGHT
    size = 7.5
    ended = ""  # the field that closes a line
    began = ""

    def __init__(self, user, *, cooperative, with_former=True, **asked):
        super().__init__(user, cooperative=cooperative, **asked)
        self.cooperative, self.with_former = cooperative, with_former

    @classmethod
    def may_print(cls, user):
        """Whoever sees the cooperative; the view has asked."""
        return True

    @classmethod
    def may_fill(cls, user, *, cooperative, **asked):
        return grants(user, PERSONAL) or cooperative.pk in access.ids_seen_by(user)

    @property
    def by_office(self):
        return not grants(self.user, PERSONAL)

    def lines(self):
        cooperative = self.cooperative
        yield cooperative.name
        village = cooperative.village
        place = ", ".join(filter(None, [cooperative.address, village.name, village.parent.name]))
        if cooperative.legal_entity_number:
            number, day = cooperative.legal_entity_number, cooperative.legal_entity_date
            on = f", {format_date_numeric(day)}" if day else ""
            place = _("Legal entity %(number)s · %(place)s") % {
                "number": f"{number}{on}",
                "place": place,
            }
        yield place
        yield from super().lines()

    def rows(self):
        """The lines that were in the book on the day, with what had happened by then."""
        rows = self.model.objects.visible_to(self.user).filter(
            cooperative_id=self.cooperative.pk, **{f"{self.began}__lte": self.day}
        )
        for line in self.in_order(rows.select_related("person__village")):
            ended = getattr(line, self.ended)
            line.ended_then = ended if ended and ended <= self.day else None
            if self.with_former or line.ended_then is None:
                yield line

    def in_order(self, rows):
        raise NotImplementedError

    def signatures(self, head):
        """The office takes note, the chair of the board signs."""
        chair = self.cooperative.chair_on(access.today())
        place = head.place if head else self.cooperative.village.name
        signing = Signature(
            dated(place),
            _("Chair of %(name)s") % {"name": self.cooperative},
            chair.person.name if chair else "",
        )
        return [of_office(head, _("Seen by")), signing] if head else [signing]


class MemberBook(Book):
    slug = "buku-daftar-anggota"
    title = _("Register of members")
    summary = _("With boxes for the print of the thumb and the signatures.")
    model = Member
    began, ended = "joined_on", "left_on"
    columns = (
        *PERSON,
        Column(_("Date of joining"), "joined_on", width=18, kind=DATE, group=ADMITTED),
        Column(_("Print of the member's left thumb"), width=23, kind=THUMB, group=ADMITTED),
        Column(_("Signature of the member"), width=21, kind=BLANK, group=ADMITTED),
        Column(_("Signature of the chair, and date"), width=21, kind=BLANK, group=ADMITTED),
        Column(_("Date of asking to leave"), width=17, kind=BLANK, group=LEFT),
        Column(_("Date of leaving or dismissal"), "ended_then", width=18, kind=DATE, group=LEFT),
        Column(_("Reason of leaving or dismissal"), "reason_then", width=18, group=LEFT),
        Column(_("Signature of the chair, and date"), width=21, kind=BLANK, group=LEFT),
    )

    def in_order(self, rows):
        return rows.order_by("joined_on", "number", "id")

    def rows(self):
        for line in super().rows():
            line.reason_then = line.get_left_reason_display() if line.ended_then else ""
            yield line


def elected(term):
    """`01-01-2024 (RAT 2023)`."""
    day = format_date_numeric(term.started_on)
    return f"{day} ({term.elected_in})" if term.elected_in else day


def columns_of_officers(office, signature, signature_and_date):
    """The columns of the board's book, or of the supervisors', which differ in these words."""
    return (
        *PERSON,
        Column(_("Number as a member"), "member_number", width=19, kind=IDENTIFIER),
        Column(office, "role", width=19),
        Column(_("Date of election by the members' meeting"), elected, width=23),
        Column(_("Print of the left thumb"), width=23, kind=THUMB),
        Column(signature, width=22, kind=BLANK),
        Column(_("Date of ending"), "ended_then", width=18, kind=DATE),
        Column(_("Reason of ending"), "reason_then", width=20),
        Column(signature_and_date, width=22, kind=BLANK),
    )


class OfficerBook(Book):
    """The terms of one body, as they ran by the day."""

    model = Officer
    body = ""
    began, ended = "started_on", "ended_on"

    def in_order(self, rows):
        ranks = {role: rank for rank, role in enumerate(Officer.Role.values)}
        terms = rows.filter(body=self.body)
        return sorted(terms, key=lambda term: (term.started_on, ranks[term.role], term.pk))

    def rows(self):
        lines = Member.objects.filter(cooperative_id=self.cooperative.pk)
        lines = lines.filter(joined_on__lte=self.day, repeats=None).order_by("joined_on", "id")
        numbers = dict(
            lines.filter(person__terms__cooperative_id=self.cooperative.pk).values_list(
                "person_id", "number"
            )
        )
        for term in super().rows():
            term.member_number = numbers.get(term.person_id, "")
            term.reason_then = term.end_reason if term.ended_then else ""
            yield term


class BoardBook(OfficerBook):
    slug = "buku-daftar-pengurus"
    title = _("Register of the board")
    summary = _("Who leads the cooperative, and who led it before.")
    body = Officer.Body.BOARD
    columns = columns_of_officers(
        _("Office on the board"),
        _("Signature of the board member"),
        _("Signature of the board member, and date"),
    )


class SupervisorBook(OfficerBook):
    slug = "buku-daftar-pengawas"
    title = _("Register of the supervisors")
    summary = _("Who supervises the cooperative, and who did before.")
    body = Officer.Body.SUPERVISORS
    columns = columns_of_officers(
        _("Office among the supervisors"),
        _("Signature of the supervisor"),
        _("Signature of the supervisor, and date"),
    )


BOOKS = (MemberBook, BoardBook, SupervisorBook)
