"""The office's list of cooperatives (DATA KOPERASI): profile, chair, status, a year's figures."""

from django.utils.translation import gettext_lazy as _

from cooperatives.imports import choices, figures, reading, titles
from cooperatives.imports.known_cooperatives import FIGURES, KnownCooperatives
from cooperatives.imports.members import pick
from cooperatives.models import (
    Cooperative,
    CooperativeSummary,
    Officer,
    Person,
    StatusChange,
    YearlySnapshot,
)
from cooperatives.models.officer import FIRST_DAY
from malaka_portal.imports.kinds import Kind, Source, register
from malaka_portal.imports.parts import Part
from malaka_portal.workbooks import values

Status = Cooperative.Status


def meeting_day(cell, desk):
    """The day of the last RAT; "Belum" and "-" are none."""
    return values.date_of(cell, earliest=FIRST_DAY, latest=desk.today, short_years=True)


SOURCES = (
    Source("_id", "_id", ("_id",), read=reading.row_id),
    Source("_versi", "_versi", ("_versi",), read=reading.text),
    Source(
        "name",
        _("Name"),
        ("nama koperasi", "nama", "koperasi", "name", "nama kopdes"),
        read=reading.text_for(Cooperative, "name"),
        required=True,
    ),
    Source(
        "legal_number",
        _("Legal entity number"),
        (
            "badan hukum nomor",
            "badan hukum no",
            "nomor badan hukum",
            "no badan hukum",
            "no bh",
            "nomor bh",
            "badan hukum",
            "legal entity number",
        ),
        read=reading.words_for(Cooperative, "legal_entity_number"),
    ),
    Source(
        "legal_date",
        _("Legal entity date"),
        (
            "badan hukum tanggal",
            "badan hukum tgl",
            "tanggal badan hukum",
            "tgl badan hukum",
            "tgl bh",
            "tanggal bh",
            "legal entity date",
        ),
        read=reading.past_day,
    ),
    Source(
        "registry_number",
        _("NIK Koperasi"),
        ("nik", "nik koperasi", "no nik", "nomor induk koperasi"),
        read=reading.registry_number,
    ),
    Source(
        "kind",
        _("Cooperative type"),
        ("jenis", "jenis koperasi", "jenis usaha", "cooperative type"),
        read=choices.cooperative_kind,
    ),
    Source(
        "village",
        _("Village"),
        ("alamat desa", "desa", "desa kelurahan", "alamat", "kelurahan", "nama desa", "village"),
        read=titles.village,
    ),
    Source(
        "chair",
        _("Chair"),
        ("ketua", "nama ketua", "ketua koperasi", "ketua pengurus", "chair"),
        read=reading.words_for(Person, "name"),
    ),
    Source(
        "phones",
        _("Telephone"),
        ("hp", "no hp", "nomor hp", "telepon", "no telepon", "no telp", "no wa", "kontak"),
        read=reading.phones,
    ),
    Source(
        "members_male",
        _("Members, men"),
        ("anggota l", "anggota laki laki", "anggota lk", "anggota pria", "members men"),
        read=reading.count,
    ),
    Source(
        "members_female",
        _("Members, women"),
        ("anggota p", "anggota perempuan", "anggota pr", "anggota wanita", "members women"),
        read=reading.count,
    ),
    Source(
        "members_all",
        _("Members"),
        ("anggota jml", "anggota jumlah", "anggota total", "jumlah anggota", "anggota", "members"),
        read=reading.count,
    ),
    Source(
        "employees_male",
        _("Employees, men"),
        ("karyawan l", "karyawan laki laki", "karyawan pria", "employees men"),
        read=reading.count,
    ),
    Source(
        "employees_female",
        _("Employees, women"),
        ("karyawan p", "karyawan perempuan", "karyawan wanita", "employees women"),
        read=reading.count,
    ),
    Source(
        "last_meeting",
        _("Last annual meeting (RAT)"),
        ("rat terakhir", "rat", "tgl rat", "tanggal rat", "rat tgl", "last annual meeting rat"),
        read=meeting_day,
    ),
    Source("own_capital", _("Own capital"), ("modal sendiri", "own capital"), read=reading.money),
    Source(
        "external_capital",
        _("External capital"),
        ("modal luar", "external capital"),
        read=reading.money_paid,
    ),
    Source(
        "total_assets",
        _("Assets"),
        ("aset", "asset", "total aset", "jumlah aset", "assets"),
        read=reading.money_paid,
    ),
    Source(
        "business_volume",
        _("Business volume"),
        ("volume usaha", "vol usaha", "volume", "business volume"),
        read=reading.money_paid,
    ),
    Source(
        "net_surplus",
        _("Net surplus (SHU)"),
        ("shu", "sisa hasil usaha", "net surplus shu"),
        read=reading.money,
    ),
    Source(
        "status",
        _("Status"),
        ("ket", "keterangan", "status", "aktif tidak aktif", "status koperasi"),
        read=choices.status_or_remark,
    ),
)


@register
class Cooperatives(Kind):
    """One line a cooperative, one sheet a district or not.

    A line is known again by `_id`, else NIK Koperasi, else legal entity number, else name and
    village. Figures are those of the year in the title; a known year is never overwritten.

    Chairs: such a list names the chair and nothing else. A cooperative without a chair gets a
    person of that name, never one who is on record elsewhere: the list of duplicates is there for
    that. The term begins on the day of the last RAT, which elects the board, else today, and the
    line is told so, for the file does not say. A chair of another name is not replaced: that ends
    a term, and with it the account's access, which a list of figures is not to do.
    """

    name = "cooperatives"
    label = _("cooperatives of the district office")
    ignored = ("keadaan rat", "state of the rat")
    permission = "cooperatives.add_cooperative"
    sources = SOURCES
    parts = (
        Part("cooperative", Cooperative, kept_beside=((CooperativeSummary, "cooperative_id"),)),
        Part("chair", Person),
        Part("term", Officer, refers={"cooperative_id": "cooperative", "person_id": "chair"}),
        Part(
            "figures",
            YearlySnapshot,
            refers={"cooperative_id": "cooperative"},
            ignored=("never_overwritten",),
        ),
        Part("status", StatusChange, refers={"cooperative_id": "cooperative"}),
    )

    def prepare(self, desk, drafts):
        desk.known = KnownCooperatives(desk, drafts)

    def check(self, draft, desk):
        told = draft.values
        draft.label = told.get("name") or ""
        told["status"], told["remark"] = told.get("status") or ("", "")
        told["phone"] = (told.get("phones") or [""])[0]
        if len(told.get("phones") or []) > 1:
            draft.warn("phones", "second_phone", _("Only the first telephone number is kept."))
        if told["remark"]:
            draft.warn(
                "status",
                "remark_not_kept",
                _("The remark is no status, and is not kept."),
            )
        if told.get("village") and not told["village"].startswith(desk.known.area):
            draft.refuse("village", "outside_area", _("This village is outside your area."))
        titles.warn_elsewhere(draft, desk, "village")

    def recognise(self, draft, desk):
        row = desk.known.cooperative_of(draft)
        if draft.problem is not None:
            return
        self.enter(draft) if row is None else self.amend(draft, row)
        if draft.problem is not None:
            return
        pk = row and row["id"]
        self.tell_status(draft, desk, row)
        self.tell_chair(draft, desk, desk.known.chairs.get(pk, []))
        self.tell_figures(draft, desk, pk)

    def enter(self, draft):
        told = draft.values
        told["kind"] = told.get("kind") or choices.kind_in_name(told["name"])
        if not told["kind"]:
            draft.refuse(
                "kind", "no_kind", _("The type of the cooperative is missing. Fill it in.")
            )
        if not told.get("village"):
            draft.refuse("village", "no_village", _("The village is missing. Fill it in."))
        draft.make("cooperative", **columns(told))

    def amend(self, draft, row):
        told = columns(draft.values)
        held = row["last_annual_meeting_on"]
        if held and told["last_annual_meeting_on"] and told["last_annual_meeting_on"] < held:
            del told["last_annual_meeting_on"]  # an older list
        draft.compare("cooperative", row, told)

    def tell_status(self, draft, desk, row):
        """Another status than the one on record is a change of status, dated by the file."""
        status = draft.values["status"]
        held = row["status"] if row else Status.ACTIVE
        over = (Status.FROZEN, Status.DISSOLVING, Status.DISSOLVED)  # these are "not active" too
        if not status or status == held or (status == Status.INACTIVE and held in over):
            return
        day = titles.day_of(desk, draft.sheet)
        changed_on = row and desk.known.changed_on.get(row["id"])
        if (changed_on and changed_on > day) or held == Status.DISSOLVED:
            draft.warn(
                "status",
                "status_older",
                _("The portal has a later status than this file, and keeps it."),
            )
            return
        draft.make(
            "status", status=status, since=day, reason=titles.place_in_file(draft, desk)[:200]
        )
        # it follows by a trigger; written here too, so that taking it back brings it back
        draft.writes.setdefault("cooperative", {})["status"] = status
        if row:
            draft.old.setdefault("cooperative", {})["status"] = held

    def tell_chair(self, draft, desk, terms):
        name, today = draft.values.get("chair"), desk.today
        if not name:
            return
        now = [t for t in terms if t["ended_on"] is None or t["ended_on"] > today]
        if now:
            if now[-1]["person__name_key"] != desk.known.keys[name]:
                draft.warn(
                    "chair",
                    "other_chair",
                    _(
                        "The portal has another chair, and keeps them. If the chair has changed, "
                        "end the term on the page of the cooperative and record the new one."
                    ),
                )
            return
        begun = draft.values.get("last_meeting") or today
        begun = max([begun, *(t["ended_on"] for t in terms)])
        draft.warn(
            "chair",
            "chair_since",
            _(
                "The file does not say since when the chair is in office: the day of the last RAT "
                "is taken, or today."
            ),
        )
        draft.make("chair", name=name)
        draft.make("term", body="board", role="chair", started_on=begun)

    def tell_figures(self, draft, desk, pk):
        told = pick(draft.values, FIGURES)
        self.compare_members(draft)
        if all(value is None for value in told.values()):
            return
        year = titles.year_or_last(draft, desk, "total_assets")
        known = desk.known.snapshots.get((pk, year))
        if written := figures.differing(told, known):
            source = titles.place_in_file(draft, desk)[:150]
            draft.make("figures", fiscal_year=year, source=source, **written)

    def compare_members(self, draft):
        """The sum beside women and men tells nothing new; alone it has no place in the figures."""
        told = draft.values
        every, parts = (
            told.get("members_all"),
            (told.get("members_male"), told.get("members_female")),
        )
        if every is None or told.get("_id"):  # a list that was taken out counts the register
            return
        if parts == (None, None):
            draft.warn(
                "members_all",
                "members_without_sex",
                _("Members are recorded as men and women: their sum alone is not kept."),
            )
        elif sum(part or 0 for part in parts) != every:
            draft.warn("members_all", "members_sum", _("Men and women do not add up to the sum."))


def columns(told):
    """The columns of the cooperative's own row."""
    return {
        "name": told["name"],
        "kind": told.get("kind"),
        "legal_entity_number": told.get("legal_number"),
        "legal_entity_date": told.get("legal_date"),
        "registry_number": told.get("registry_number"),
        "village_id": told.get("village"),
        "phone": told["phone"],
        "last_annual_meeting_on": told.get("last_meeting"),
    }
