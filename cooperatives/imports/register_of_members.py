"""What the lines of a file are compared with: one cooperative's register as it is now."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from cooperatives.imports.identities import Identities, name_keys
from cooperatives.models import Member, NikClaim, Person
from malaka_portal import national_id
from malaka_portal.rules import grants

MEMBER = ("id", "version", "number", "joined_on", "left_on", "declared_savings", "person_id")
PERSON = ("id", "version", "name", "name_key", "sex", "birth_place", "born_on", "village_id")
PERSON += ("hamlet", "address", "phones", "occupation", "occupation_note", "birth_year", "nik_hash")


@dataclass
class Line:
    """A line of the register: the columns of its two rows, and the NIK held or claimed."""

    member: dict
    person: dict
    nik_hash: str | None


class RegisterOfMembers:
    """The register, by each of the ways in which a line is known again. Five queries."""

    def __init__(self, desk, drafts):
        self.desk = desk
        self.known = Identities()
        self.by_id = {}
        names = {draft.values["name"] for draft in drafts if draft.values.get("name")}
        self.keys = name_keys(names) if names else {}
        claims = NikClaim.objects.filter(cooperative=desk.target, status="pending")
        claimed = dict(claims.values_list("person_id", "nik_hash"))
        for line in self.lines(claimed):
            self.by_id[line.member["id"]] = line
            self.known.add(line, self.keys_of_line(line))
        self.numbers = {line.member["number"].upper() for line in self.by_id.values()}
        self.numbers |= {
            draft.values["number"].upper() for draft in drafts if draft.values.get("number")
        }
        self.serial = desk.target.last_member_serial
        self.theirs = None

    def lines(self, claimed):
        rows = Member.objects.filter(cooperative=self.desk.target, repeats__isnull=True)
        # open lines first: who left and came back is known by the line of today
        rows = rows.order_by("-left_on", "id").values(
            *MEMBER, *(f"person__{name}" for name in PERSON)
        )
        for row in rows.iterator(chunk_size=2000):
            person = {name: row[f"person__{name}"] for name in PERSON}
            member = {name: row[name] for name in MEMBER}
            yield Line(member, person, person["nik_hash"] or claimed.get(person["id"]))

    def keys_of_line(self, line):
        yield ("number", line.member["number"].upper())
        if line.member["left_on"] is None:
            yield line.nik_hash and ("nik", line.nik_hash)
            yield who(line.person["name_key"], line.person["born_on"], line.person["village_id"])

    def line_of(self, draft):
        """The line that a draft means, None for a new one; it refuses what names two at once."""
        told = draft.values
        number = told.get("number")
        nik = told.get("nik") and ("nik", national_id.fingerprint(told["nik"]))
        person = who(self.keys.get(told["name"]), told.get("born_on"), told.get("village_id"))
        if number and not told.get("born_on"):
            person = None  # two of one name with numbers of their own may well be two
        self.refuse_repeated(draft, number and ("number", number.upper()), nik, person)
        if draft.problem is not None:
            return None
        line = (
            self.by_own_id(draft)
            or self.by_number(draft, number, nik)
            or self.by_nik(draft, number, nik)
            or self.by_person(draft, number, nik, person)
        )
        if line and nik and line.nik_hash not in (None, nik[1]):
            draft.refuse(
                "nik",
                "nik_differs",
                _("Another NIK is recorded for this member. Look at both on the member's page."),
            )
        return line

    def refuse_repeated(self, draft, number, nik, person):
        """The second line of a file that names a number, a NIK or a person is refused."""
        if first := self.known.earlier(draft, number):
            self.refuse(
                draft,
                "number",
                "duplicate_member_number",
                _("This member number is also in row %(row)d. Give one of them another number."),
                row=first.number,
            )
        if first := self.known.earlier(draft, nik):
            self.refuse(
                draft,
                "nik",
                "duplicate_nik",
                _("This NIK is also in row %(row)d. Compare both with the KTP."),
                row=first.number,
            )
        first = self.known.earlier(draft, person)
        if first and not (nik and first.values.get("nik")):
            self.refuse(
                draft,
                "name",
                "duplicate_person",
                _("Row %(row)d has the same name, birth date and village. Leave one of them out."),
                row=first.number,
            )

    def by_own_id(self, draft):
        pk = draft.values.get("_id")
        if pk is None:
            return None
        line = self.by_id.get(pk)
        if line is None:
            self.refuse(
                draft,
                "_id",
                "id_unknown",
                _("This row comes from another register. Empty its cell in the column _id."),
            )
            return None
        seen = draft.values.get("_versi")
        if seen and seen != f"{line.member['version']}.{line.person['version']}":
            self.refuse(
                draft,
                "_versi",
                "stale",
                _("This row was changed in the portal after the file was taken out. Take it anew."),
            )
        return line

    def by_number(self, draft, number, nik):
        line = number and self.known.find(("number", number.upper()))
        if not line:
            return None
        same_name = line.person["name_key"] == self.keys.get(draft.values["name"])
        if same_name or (nik and line.nik_hash == nik[1]):
            return line
        self.refuse(
            draft,
            "number",
            "duplicate_member_number",
            _("This member number belongs to somebody else in the register. Give another number."),
        )
        return None

    def by_nik(self, draft, number, nik):
        line = self.known.find(nik)
        if line and number and number.upper() != line.member["number"].upper():
            self.refuse(
                draft,
                "nik",
                "duplicate_nik",
                _("This NIK is already recorded here, for member %(number)s."),
                number=line.member["number"],
            )
        return line

    def by_person(self, draft, number, nik, person):
        line = self.known.find(person)
        if not line or (nik and line.nik_hash and line.nik_hash != nik[1]):
            return None
        if number and number.upper() != line.member["number"].upper():
            self.refuse(
                draft,
                "name",
                "duplicate_person",
                _("Member %(number)s has the same name, birth date and village."),
                number=line.member["number"],
            )
        return line

    def refuse(self, draft, key, reason, message, **facts):
        draft.refuse(key, reason, message % facts if facts else message)

    def refuse_what_is_not_theirs(self, draft, line):
        """Officers change only people whom no other cooperative has to do with."""
        user = self.desk.user
        if "person" not in draft.writes or user is None:
            return
        if grants(user, "cooperatives.change_person"):
            return
        if self.theirs is None:
            mine = Person.objects.managed_by(user)
            here = mine.filter(members__cooperative=self.desk.target)
            self.theirs = set(here.values_list("pk", flat=True))
        if line.person["id"] not in self.theirs:
            draft.refuse(
                "name",
                "shared_person",
                _("Another cooperative has this member too. Propose the change on their page."),
            )

    def next_number(self):
        """The next number that neither the register nor the file has."""
        prefix = self.desk.target.member_number_prefix
        while True:
            self.serial += 1
            number = f"{prefix}-{self.serial:04d}" if prefix else f"{self.serial:04d}"
            if number.upper() not in self.numbers:
                self.numbers.add(number.upper())
                return number


def who(name_key, born_on, village_id):
    """What tells people apart who have no NIK; None when there is no name to compare."""
    return ("person", name_key, born_on, village_id) if name_key else None
