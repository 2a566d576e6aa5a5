"""One registry with something on every page, in usual names or in the longest that there can be;
and every kind of page of it, as (who, address, what is done there)."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from cooperatives.models import Member
from malaka_portal.models import User
from tests.factories.cooperatives import (
    NIK,
    OTHER_NIK,
    AmendmentFactory,
    ConsentFactory,
    CooperativeFactory,
    MemberFactory,
    NikClaimFactory,
    OfficerFactory,
    PersonFactory,
    ProposalFactory,
    StatusChangeFactory,
    YearlySnapshotFactory,
    decided,
    with_nik,
)
from tests.factories.portal import RegionFactory, UserFactory
from tests.factories.roles import group

FIRST = [
    "Emerensiana",
    "Yosefina",
    "Maria Goreti",
    "Dominikus",
    "Yohanes",
    "Petronela",
    "Agustinus",
]
LAST = ["Abuk", "Bria", "Seran", "Nahak", "Klau", "Tae", "Fahik", "Hoar", "Bere", "Luruk", "Un"]
LONG = "Emerensianayosefinagoretibria Seranahakklautaefahikhoarberebereluruk-Unabuk-Telikbriasera "


class Registry:
    """The rows, and who looks at them: `officer` and `staff` are users, the rest are rows."""

    def __init__(self, *, longest=False, rows=26):
        self.longest = longest
        RegionFactory(code="53", level=1, name="Nusa Tenggara Timur")
        RegionFactory(code="53.21", level=2, name="Malaka", parent_id="53")
        district = RegionFactory(
            code="53.21.01", level=3, name=self.long("Malaka Tengah", 60), parent_id="53.21"
        )
        self.village = RegionFactory(
            code="53.21.01.2001", level=4, name=self.long("Wehali", 60), parent=district
        )
        self.people()
        self.terms()
        self.papers()
        self.waiting()
        self.lists(rows)

    def long(self, text, length=100):
        """`text`, or as many letters as there may be, almost without a blank."""
        return (text + LONG * 2)[:length].rstrip() if self.longest else text

    def person(self, number, **more):
        name = f"{FIRST[number % len(FIRST)]} {LAST[number % len(LAST)]}"
        name = f"{self.long(name, 96)} {number:02}" if self.longest else name
        return PersonFactory(
            name=name, sex="LP"[number % 2], village=self.village, hamlet="Metamauk", **more
        )

    def people(self):
        self.cooperative = CooperativeFactory(
            name=self.long("Koperasi Tenun Feto Malaka", 150),
            village=self.village,
            address=self.long("Jalan Lingkar Betun", 200),
            phone="+6281234567890",
            group="crafts",
            sector="C",
            is_village_cooperative=True,
            legal_entity_number=self.long("AHU-0012345.AH.01.26.Tahun 2021"),
            legal_entity_date=date(2021, 3, 4),
            registry_number="5321010010001",
            certificate_grade="B",
            certificate_issued_on=date(2024, 5, 6),
            certificate_valid_until=date(2027, 5, 6),
            last_annual_meeting_on=date(2026, 3, 14),
            latitude="-9.532100",
            longitude="124.912300",
        )
        self.other = CooperativeFactory(
            name=self.long("Koperasi Produsen Kacang Hijau Weliman", 149),
            village=self.village,
            member_number_prefix="PKH",
        )
        known = {
            "birth_place": "Betun",
            "born_on": date(1985, 7, 5),
            "address": self.long("RT 03 RW 01, dekat kapela", 150),
            "phones": ["+6281234567890", "+67077123456"],
            "occupation": "weaver",
            "education": "smp",
        }
        self.somebody = with_nik(self.person(0, **known), NIK)
        self.member = MemberFactory(cooperative=self.cooperative, person=self.somebody)
        self.left = MemberFactory(
            cooperative=self.cooperative,
            person=self.person(1),
            left_on=date(2026, 2, 1),
            left_reason="moved",
        )
        self.shared = self.person(2, phones=["+6281234567891"])
        for cooperative, number in ((self.cooperative, "TFM-9001"), (self.other, "PKH-0001")):
            MemberFactory(cooperative=cooperative, person=self.shared, number=number)

    def terms(self):
        self.staff = UserFactory(
            username="rani", first_name="Rani", last_name=self.long("Seran", 150), area_id="53.21"
        )
        self.staff.user_permissions.clear()
        self.staff.groups.add(group("Staf program"))
        self.term = OfficerFactory(
            cooperative=self.cooperative,
            person=self.person(8),
            elected_in=self.long("RAT 2024"),
            decree=self.long("SK 01/TFM/2024"),
            user__username="yosefina",
            user__first_name="Yosefina",
            user__last_name=self.long("Bria", 150),
        )
        self.officer = self.term.user
        self.uninvited = OfficerFactory(
            cooperative=self.cooperative, person=self.somebody, user=None, role="treasurer"
        )
        self.ended = OfficerFactory(
            cooperative=self.cooperative,
            person=self.person(4),
            user=None,
            started_on=date(2021, 1, 1),
            ended_on=date(2024, 1, 1),
            end_reason=self.long("masa jabatan habis", 200),
        )
        self.staff = User.objects.get(pk=self.staff.pk)

    def papers(self):
        AmendmentFactory(cooperative=self.cooperative, subject=self.long("alamat", 200))
        for year in (2024, 2025):
            YearlySnapshotFactory(
                cooperative=self.cooperative,
                fiscal_year=year,
                members_male=12,
                total_assets=1_234_567_890_123 if self.longest else 185_000_000,
                business_volume=98_765_432_109 if self.longest else 96_500_000,
                net_surplus=-1_250_000,
            )
        StatusChangeFactory(
            cooperative=self.cooperative,
            status="active",
            since=date(2025, 6, 1),
            reason=self.long("RAT sudah diadakan", 200),
        )
        ConsentFactory(person=self.somebody)
        self.consent = ConsentFactory(person=self.somebody, purpose="contact")
        ConsentFactory(person=self.somebody, purpose="survey", withdrawn_on=date(2026, 3, 1))

    def waiting(self):
        claimant = self.person(5)
        MemberFactory(cooperative=self.cooperative, person=claimant)
        self.claim = NikClaimFactory(cooperative=self.cooperative, person=claimant, nik=NIK)
        self.decided_claim = NikClaimFactory(
            cooperative=self.cooperative,
            person=self.left.person,
            nik=OTHER_NIK,
            decided_by=self.staff,
            **decided("refused"),
        )
        proposed = {
            "cooperative": self.cooperative,
            "person": self.shared,
            "proposed_by": self.officer,
            "reason": self.long("Nama di KTP baru", 200),
            "values": {"name": self.long("Maria Goreti Seran Bria"), "phones": "0813-3333-4444"},
            "seen": {"name": self.shared.name, "phones": "0812-3456-7891"},
        }
        self.proposal = ProposalFactory(**proposed)
        self.decided_proposal = ProposalFactory(
            **proposed, decided_by=self.staff, **decided("accepted")
        )
        self.somebody.hamlet = "Wekmidar"
        self.somebody.save()
        self.member.number = "TFM-0000"
        self.member.save()
        self.cooperative.refresh_from_db()
        self.cooperative.phone = "+6281234567000"
        self.cooperative.save()

    def lists(self, rows):
        for number in range(10, 10 + rows):
            MemberFactory(
                cooperative=self.cooperative,
                person=self.person(number, phones=["+6281234567892"]),
                number=self.long(f"TFM-{number:04}", 16) + str(number)
                if self.longest
                else f"TFM-8{number:03}",
            )
            CooperativeFactory(
                name=self.long(f"Koperasi {LAST[number % len(LAST)]} {number}", 140),
                village=self.village,
                registry_number=f"53210100102{number}",
            )


@dataclass(frozen=True)
class Page:
    """`who` opens the page `name` of the row `row`, and does `act` there."""

    who: str
    name: str
    row: str = ""
    query: str = ""
    act: object = None

    def url(self, registry):
        row = getattr(registry, self.row).pk if self.row else None
        return reverse(f"cooperatives:{self.name}", args=[row] if row else []) + self.query

    def open(self, page, address):
        page.goto(address)
        if self.act:
            self.act(page)


def fill(page, fields):
    """Fill inputs by their names: what a phone shows of the form at this moment."""
    for field, value in fields.items():
        control = page.locator(f"main [name={field}]:not([type=hidden])")
        if control.first.get_attribute("type") == "radio":
            page.locator(f"main [name={field}][value={value}]").check()
        else:
            control.last.fill(value)


def press(button, /, **fields):
    """Fill the fields and press a button."""

    def act(page):
        fill(page, fields)
        page.locator("main").get_by_role("button", name=button, exact=True).first.click()
        page.wait_for_load_state("networkidle")

    return act


def unfold(page):
    for summary in page.locator("main summary").all():
        summary.click()


WHO = {"name": "Emerensiana Abuk Bria", "nik": OTHER_NIK, "sex": "P", "phone": "0812-3456-7890"}
WHERE = {"village": "53.21.01.2001", "hamlet": "Metamauk"}


def go_on(page, fields):
    """From a sheet to the next; without JavaScript there is one button, for all of them."""
    fill(page, fields)
    press("Lanjut" if page.get_by_role("button", name="Lanjut").is_visible() else "Periksa dulu")(
        page
    )


def check_member(page, **changes):
    if page.get_by_role("button", name="Lanjut").is_visible():
        go_on(page, WHO | changes)
        go_on(page, WHERE)
    else:
        go_on(page, WHO | WHERE | changes)


def record_member(page):
    check_member(page)
    press("Simpan anggota")(page)


def edit_conflict(page):
    """Somebody else saves the line while the form is open."""
    Member.objects.filter(number="TFM-0000").update(number="TFM-0007")
    press("Simpan", number="TFM-0008")(page)


def saved_before(page):
    """The same form comes again with other answers."""
    check_member(page)
    form = {
        name: page.locator(f"main [name={name}]").first.input_value()
        for name in ("_kunci", "csrfmiddlewaretoken")
    }
    sent = WHO | WHERE | {"name": "Emerensiana", "simpan": "1"} | form
    page.request.post(page.url, form=sent, headers={"Referer": page.url})
    press("Simpan anggota")(page)


WIDE_NAME = "x" * 40
PAGES = {
    # lists
    "cooperatives": Page("staff", "cooperative-list"),
    "members": Page("officer", "member-list"),
    "members, narrowed": Page(
        "officer", "member-list", query="?kecamatan=53.21.01&kelamin=P&keadaan=now", act=unfold
    ),
    "members, nothing found": Page("officer", "member-list", query=f"?cari={WIDE_NAME}"),
    "people": Page("staff", "person-list", act=unfold),
    "register": Page("staff", "register", "cooperative"),
    "register, wrong day": Page("staff", "register", "cooperative", "?tanggal=kemarin"),
    # rows
    "cooperative, officer": Page("officer", "cooperative-detail", "cooperative"),
    "cooperative, staff": Page("staff", "cooperative-detail", "cooperative"),
    "cooperative, empty": Page("staff", "cooperative-detail", "other"),
    "member": Page("officer", "member-detail", "member"),
    "member who left": Page("officer", "member-detail", "left"),
    "term": Page("staff", "officer-detail", "uninvited"),
    "term that ended": Page("staff", "officer-detail", "ended"),
    "person, officer": Page("officer", "person-detail", "shared"),
    "person, staff": Page("staff", "person-detail", "somebody"),
    # histories
    "history of a cooperative": Page("staff", "cooperative-history", "cooperative"),
    "history of a member": Page("officer", "member-history", "member"),
    "history of a person": Page("staff", "person-history", "somebody"),
    "history of a term": Page("staff", "officer-history", "term"),
    # a new member
    "record, officer": Page("officer", "record"),
    "record, staff": Page("staff", "record"),
    "member form": Page("officer", "member-create", "cooperative"),
    "member form, errors": Page(
        "officer",
        "member-create",
        "cooperative",
        act=lambda page: go_on(page, {"nik": "12", "phone": "1"}),
    ),
    "member form, review": Page("officer", "member-create", "cooperative", act=check_member),
    "member recorded": Page("officer", "member-create", "cooperative", act=record_member),
    "saved before": Page("officer", "member-create", "cooperative", act=saved_before),
    # other forms
    "change of a line": Page("officer", "member-update", "member"),
    "change of a line, errors": Page(
        "officer", "member-update", "member", act=press("Simpan", number="", joined_on="kapan")
    ),
    "change of a line, conflict": Page("officer", "member-update", "member", act=edit_conflict),
    "end of a line": Page("officer", "member-close", "member", act=press("Simpan")),
    "new cooperative": Page("staff", "cooperative-create"),
    "change of a cooperative, errors": Page(
        "staff",
        "cooperative-update",
        "cooperative",
        act=press("Simpan", name="", village=WIDE_NAME, latitude="999", legal_entity_date="x"),
    ),
    "new person": Page("staff", "person-create"),
    "change of a person, errors": Page(
        "staff",
        "person-update",
        "somebody",
        act=press("Simpan", name="", phones="1", birth_year="2"),
    ),
    "new term": Page("staff", "officer-create", "cooperative"),
    "new term, errors": Page("staff", "officer-create", "cooperative", act=press("Simpan")),
    "end of a term": Page("staff", "officer-end", "term", act=press("Simpan", on="x")),
    "new status": Page("staff", "statuschange-create", "cooperative", act=press("Simpan")),
    "new amendment": Page("staff", "amendment-create", "cooperative"),
    "new figures": Page("staff", "yearlysnapshot-create", "cooperative"),
    "new consent": Page("staff", "consent-create", "somebody", act=press("Simpan")),
    # the programme's work
    "work list, staff": Page("staff", "work-list"),
    "work list, officer": Page("officer", "work-list"),
    "claim": Page("staff", "nikclaim-decide", "claim"),
    "claim, number shown": Page(
        "staff", "nikclaim-decide", "claim", act=press("Tampilkan NIK (ini dicatat)")
    ),
    "claim, errors": Page("staff", "nikclaim-decide", "claim", act=press("NIK salah")),
    "claim, decided": Page("staff", "nikclaim-decide", "decided_claim"),
    "proposal form": Page("officer", "person-propose", "shared"),
    "proposal": Page("staff", "proposal-decide", "proposal"),
    "proposal, errors": Page("staff", "proposal-decide", "proposal", act=press("Tolak")),
    "proposal, decided": Page("staff", "proposal-decide", "decided_proposal"),
    "invitation shown": Page("staff", "officer-detail", "uninvited", act=press("Undang ke portal")),
    "reveal": Page("staff", "person-reveal", "somebody", act=press("Tampilkan NIK")),
    "revealed": Page(
        "staff",
        "person-reveal",
        "somebody",
        act=press("Tampilkan NIK", reason="pemeriksaan data kementerian"),
    ),
    # search
    "search": Page("officer", "search"),
    "search, found": Page("staff", "search", query="?q=Emerensiana"),
    "search, found by NIK": Page("staff", "search", act=press("Cari", q=NIK)),
    "search, nothing found": Page("officer", "search", query=f"?q={WIDE_NAME}"),
}
