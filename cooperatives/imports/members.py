"""Members of one cooperative, from its register (buku daftar anggota)."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperatives.imports import reading
from cooperatives.imports.register_of_members import RegisterOfMembers
from cooperatives.models import Cooperative, Member, NikClaim, Person
from malaka_portal import national_id
from malaka_portal.identity_numbers import mismatches
from malaka_portal.imports.kinds import Kind, Source, register
from malaka_portal.imports.parts import Part

SOURCES = (
    Source("_id", "_id", ("_id",), read=reading.row_id),
    Source("_versi", "_versi", ("_versi",), read=reading.text),
    Source(
        "name",
        _("Name"),
        ("nama", "nama lengkap", "nama anggota", "nama lengkap anggota", "name", "full name"),
        read=reading.person_name,
        required=True,
    ),
    Source(
        "nik",
        _("NIK (KTP)"),
        ("nik", "no nik", "nomor nik", "no ktp", "nomor ktp", "ktp", "nik ktp"),
        read=reading.nik,
        private=True,
    ),
    Source("nik_full", _("NIK (KTP), in full"), read=reading.nik, private=True),
    Source(
        "birth",
        _("Place and date of birth"),
        ("tempat tanggal lahir", "tempat tgl lahir", "ttl", "tempat dan tanggal lahir"),
        read=reading.birth,
    ),
    Source(
        "birth_place",
        _("Place of birth"),
        ("tempat lahir", "tmp lahir", "place of birth"),
        read=reading.text,
    ),
    Source(
        "born_on",
        _("Date of birth"),
        ("tanggal lahir", "tgl lahir", "lahir", "date of birth"),
        read=reading.born_on,
    ),
    Source(
        "sex",
        _("Sex"),
        ("l/p", "lp", "l p", "jenis kelamin", "jk", "kelamin", "sex"),
        read=reading.sex,
    ),
    Source(
        "occupation",
        _("Occupation"),
        ("pekerjaan", "mata pencaharian", "occupation"),
        read=reading.occupation,
    ),
    Source(
        "village",
        _("Village"),
        ("desa", "desa kelurahan", "kelurahan", "alamat desa", "nama desa", "village"),
        read=reading.village,
    ),
    Source("hamlet", _("Hamlet"), ("dusun", "hamlet"), read=reading.text),
    Source(
        "address",
        _("Address"),
        ("alamat", "alamat lengkap", "alamat rumah", "address"),
        read=reading.text,
    ),
    Source(
        "phones",
        _("Telephone"),
        ("no hp", "hp", "nomor hp", "telepon", "no telepon", "no telp", "no wa", "telephone"),
        read=reading.phones,
    ),
    Source(
        "number",
        _("Member number"),
        ("no anggota", "nomor anggota", "nomor keanggotaan", "no buku anggota", "member number"),
        read=reading.member_number,
    ),
    Source(
        "joined_on",
        _("Joined on"),
        ("tgl masuk", "tanggal masuk", "tanggal masuk menjadi anggota", "joined on"),
        read=reading.past_day,
    ),
    Source(
        "savings",
        _("principal savings, as declared"),
        ("simpanan pokok", "simp pokok", "sp", "principal savings, as declared"),
        read=reading.money_paid,
    ),
)
PERSON_COLUMNS = ("name", "sex", "birth_place", "born_on", "village_id", "hamlet", "address")
PERSON_COLUMNS += ("occupation", "occupation_note", "birth_year")


@register
class Members(Kind):
    """A register of members. Every NIK becomes a claim, whoever holds it already, so that a file
    tells nobody what other cooperatives know (docs/adr/0004-national-id.md)."""

    name = "members"
    label = _("members of a cooperative")
    ignored = (
        *(_("Cooperative"), _("Status"), _("Left on"), _("Why they left"), _("Repeats the line")),
        *("keterangan", "ket", "tanda tangan"),
    )
    permission = "cooperatives.add_member"  # asked of the cooperative
    target_model = Cooperative
    sources = SOURCES
    parts = (
        Part("person", Person),
        Part("member", Member, refers={"person_id": "person"}),
        Part("claim", NikClaim, refers={"person_id": "person"}),
    )

    def find_target(self, text):
        named = Q(name__iexact=text)
        if text.isascii() and text.isdigit():
            named = Q(registry_number=text) if len(text) == 13 else Q(pk=int(text[:18]))
        return Cooperative.objects.filter(named).order_by("pk")

    def prepare(self, desk, drafts):
        desk.known = RegisterOfMembers(desk, drafts)

    def check(self, draft, desk):
        told = draft.values
        draft.label = " ".join(filter(None, [told.get("name"), told.get("number")]))
        if birth := told.get("birth"):
            told |= {"birth_place": birth.place, "born_on": birth.on, "birth_year": birth.year}
        told["occupation"], told["occupation_note"] = told.get("occupation") or ("", "")
        told["village_id"] = told.get("village")
        told["nik"] = told.get("nik_full") or told.get("nik")
        if draft.problem is None and told.get("nik"):
            for found in mismatches(
                told["nik"],
                born_on=told.get("born_on"),
                birth_year=told.get("birth_year"),
                sex=told.get("sex") or "",
                today=desk.today,
            ):
                draft.warn("nik", found.code, found.message)

    def recognise(self, draft, desk):
        line = desk.known.line_of(draft)
        if draft.problem is not None:
            return
        if line is None:
            self.enter(draft, desk)
        else:
            self.amend(draft, desk, line)

    def enter(self, draft, desk):
        """Somebody new: a person, a line of the register, and the NIK to be checked."""
        told = draft.values
        draft.make("person", phones=told.get("phones"), **pick(told, PERSON_COLUMNS))
        if not told.get("joined_on"):
            draft.warn("joined_on", "joined_today", _("No day of joining: today is taken."))
        draft.make(
            "member",
            cooperative_id=desk.target.pk,
            number=told.get("number") or desk.known.next_number(),
            joined_on=told.get("joined_on") or desk.today,
            **self.declared(draft, desk),
        )
        self.claim(draft, desk)

    def amend(self, draft, desk, line):
        """A line that is known already: what the file says otherwise is changed."""
        told = draft.values
        known = line.person["phones"]
        phones = [phone for phone in told.get("phones") or [] if phone not in known]
        draft.compare(
            "person",
            line.person,
            pick(told, PERSON_COLUMNS) | {"phones": phones and [*known, *phones][:5]},
        )
        if "occupation" in draft.writes.get("person", {}):
            draft.writes["person"]["occupation_note"] = told["occupation_note"]
        declared = self.declared(draft, desk)
        if declared.get("declared_savings") == line.member["declared_savings"]:
            declared = {}
        draft.compare("member", line.member, {"joined_on": told.get("joined_on")} | declared)
        if told.get("nik") and line.nik_hash is None:
            self.claim(draft, desk)
        desk.known.refuse_what_is_not_theirs(draft, line)

    def declared(self, draft, desk):
        """What the book says was paid in, and where it says so."""
        savings = draft.values.get("savings")
        if savings is None:
            return {}
        place = _("%(file)s, row %(row)d") % {"file": desk.file_name, "row": draft.number}
        return {"declared_savings": savings, "declared_source": place[:150]}

    def claim(self, draft, desk):
        nik = draft.values.get("nik")
        if not nik:
            return
        draft.make("claim", cooperative_id=desk.target.pk, **national_id.sealed_columns(nik))
        states = {"nik_state": Person.NikState.CLAIMED, "nik_missing": ""}
        draft.writes.setdefault("person", {}).update(states)


def pick(told, names):
    return {name: told.get(name) for name in names}
