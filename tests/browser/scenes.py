"""One registry with something on every page, in usual names or in the longest that there can be;
and every kind of page of it, as (who, address, what is done there)."""

from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO

from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from PIL import Image

from cooperatives import services
from cooperatives.models import Cooperative, Enterprise, Member, Suspicion, access
from malaka_portal.models import Parameter, User
from malaka_portal.photos import shrink
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
    SuspicionFactory,
    YearlySnapshotFactory,
    decided,
    with_nik,
)
from tests.factories.enterprises import (
    CredentialFactory,
    EnterpriseFactory,
    EnterpriseMembershipFactory,
    EnterpriseSnapshotFactory,
    GroupMemberFactory,
    IndustryCodeFactory,
    MotifFactory,
    PaperFactory,
    PriceChangeFactory,
    ProductFactory,
    ProductMotifFactory,
    ProductPhotoFactory,
    QuoteRequestFactory,
    SupportFactory,
)
from tests.factories.imports import ImportFactory, ImportLineFactory
from tests.factories.portal import AccessLogFactory, RegionFactory, UserFactory
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
        self.law()
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
        self.enterprises()
        self.products()
        self.duplicates()
        self.lists(rows)
        self.privacy()
        self.showcase()
        self.imports()

    def user(self, who):
        """The user of that name; None for a visitor, who has not signed in."""
        return None if who == "visitor" else getattr(self, who)

    def law(self):
        """The months of the annual meeting, which a test before may have swept away."""
        months = {"law": 6, "ministry.primary": 3, "ministry.secondary": 6}
        for name, value in months.items():
            Parameter.objects.get_or_create(
                key=f"annual_meeting.{name}.months",
                defaults={"value": value, "valid_from": date(1992, 10, 21), "regulation": "UU"},
            )

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
        self.refused = NikClaimFactory(
            cooperative=self.cooperative,
            person=self.person(7),
            nik=OTHER_NIK,
            note=self.long("nomor salah ketik", 200),
            **decided("refused"),
        )
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

    def products(self):
        self.sacred = MotifFactory(name=self.long("Uma lulik", 60), is_not_for_sale=True)
        self.maker = EnterpriseFactory(
            cooperative=self.cooperative,
            village=self.village,
            name=self.long("Tenun Mama Bria", 150),
            owner=self.somebody,
        )
        self.product = ProductFactory(
            enterprise=self.maker,
            name=self.long("Tais feto mengkudu", 100),
            description=self.long("Tenun ikat dengan benang kapas yang dicelup mengkudu", 600),
            size=self.long("60 x 200 cm", 60),
            technique="ikat",
            dye_practice="natural",
            dyes=self.long("mengkudu, loba", 150),
            palette="madder",
            capacity_per_month=4,
            lead_time_days=45,
        )
        for day, price in ((1, 250_000), (2, 300_000), (3, 275_000)):
            PriceChangeFactory(product=self.product, price=price, since=date(2026, 3, day))
        self.motif = MotifFactory(name=self.long("Lafaek ain", 60), meaning=self.long("kaki", 200))
        for motif in (self.motif, self.sacred):
            ProductMotifFactory(product=self.product, motif=motif)
        self.bare = ProductFactory(enterprise=None, cooperative=self.cooperative, name="Keripik")
        self.ready = ProductFactory(
            enterprise=None, cooperative=self.cooperative, name=self.long("Selendang futus", 100)
        )
        PriceChangeFactory(product=self.ready)
        self.photo = self.photograph(self.ready, "madder.jpg", (900, 1200))
        self.photograph(self.ready, "indigo.jpg", (1200, 900))

    def photograph(self, product, name, size):
        sent = Image.new("RGB", size, "#8c2a1d" if name < "l" else "#254177")
        sent.paste("#db9e1b", (size[0] // 3, 0, size[0] // 2, size[1]))
        out = BytesIO()
        sent.save(out, "JPEG")
        kept = shrink(ContentFile(out.getvalue(), name=name))
        return ProductPhotoFactory(
            product=product,
            image=kept.image,
            thumbnail=kept.thumbnail,
            width=kept.width,
            height=kept.height,
            size_bytes=kept.image.size,
            caption=self.long("Selendang di alat tenun", 150),
        )

    def imports(self):
        """A file at each step of the wizard, with every kind of line and of trouble."""
        self.matching, self.checked, self.imported, self.dropped, self.queued = (
            ImportFactory(
                user=self.officer,
                target_id=self.cooperative.pk,
                place=self.village.pk,
                file_name=self.long("buku-daftar-anggota.xlsx"),
                **more,
            )
            for more in (
                {"state": "uploaded"},
                {"file": "imports/scene.xlsx"},
                {"state": "saved", "saved_at": timezone.now()},
                {"state": "dropped"},
                {"state": "queued", "layout": {"lines": 12_000}},
            )
        )
        self.matching.layout = {
            "lines": 3,
            "sure": [{"heading": "Nama", "label": "Nama"}],
            "doubts": [
                {"key": key, "heading": self.long(text), "guess": "village", "sample": "Wehali"}
                for key, text in (("kampung", "Kampung"), ("kode", "Kode"))
            ],
        }
        self.matching.save()
        for row in (self.checked, self.imported):
            self.lines_of(row)

    def lines_of(self, row):
        label = self.long("Maria Bria 0001", 200)
        told = {"label": label, "column": "village", "seen": self.long("Wehaly", 60)}
        troubles = [
            told | {"reason": "unknown_village", "message": self.long("Tidak ada desa ini.", 200)},
            {"label": label, "reason": "bad_date", "message": "Tanggal ini tidak dapat dibaca."},
            {"label": label, "reason": "nik_short", "message": "NIK harus 16 angka."},
        ]
        change = {
            "writes": {"person": {"hamlet": self.long("Metamauk", 60), "sex": "L"}},
            "old": {"person": {"hamlet": self.long("Wekmidar", 60), "sex": "P"}},
        }
        warning = {"column": "nik", "reason": "odd", "message": "Cocokkan dengan KTP."}
        for trouble in troubles:
            ImportLineFactory(import_of=row, outcome="refused", **trouble)
        ImportLineFactory(import_of=row, label=label, warnings=[warning])
        ImportLineFactory(import_of=row, label=label, outcome="changed", **change)
        ImportLineFactory(import_of=row, label=label, outcome="unchanged")
        ImportLineFactory(import_of=row, outcome="skipped", reason="title")
        row.counts = dict.fromkeys(("created", "changed", "unchanged", "skipped"), 1)
        row.counts |= {"refused": 3, "read": 7}
        row.save()

    def privacy(self):
        """Somebody who objects, and accesses of which some call for a question."""
        self.keeper = UserFactory(username="ema", first_name=self.long("Ema", 150))
        self.keeper.groups.add(group("Petugas data pribadi"))
        self.gone = self.person(6)
        self.gone_line = MemberFactory(
            cooperative=self.cooperative, person=self.gone, number="TFS-8999"
        )
        ConsentFactory(
            person=self.gone,
            purpose="record",
            given_on=None,
            text_version="",
            withdrawn_at=timezone.now(),
        )
        reason = self.long("pemeriksaan data kementerian", 200)
        for kind in ("reveal", "dossier"):
            AccessLogFactory(user=self.staff, kind=kind, object_id=self.somebody.pk, reason=reason)
        for number in range(4):
            AccessLogFactory(
                user=self.officer,
                kind="export",
                subject="cooperatives.member",
                object_id=None,
                rows=1234,
                query=f"/anggota/?kecamatan=53.21.01&cari={self.long('Abuk', 150)}{number}",
                format="xlsx",
            )

    def duplicates(self):
        """A pair that waits, one that was decided, and a joining."""
        known = {
            "birth_place": self.long("Betun", 60),
            "born_on": date(1985, 7, 5),
            "phones": ["+6281234567893"],
        }
        first = self.person(5, **known)
        second = self.person(
            5,
            address=self.long("RT 01 RW 02", 150),
            nik_missing="lost",
            **known | {"phones": ["+6281234567894"]},
        )
        second.name = second.name.replace("a", "e", 1)
        second.save()
        self.repeated = MemberFactory(cooperative=self.cooperative, person=first, number="TFM-5001")
        MemberFactory(
            cooperative=self.cooperative,
            person=second,
            number="TFM-5002",
            joined_on=date(2024, 5, 1),
            left_on=date(2025, 5, 1),
            left_reason="moved",
        )
        reasons = ["name_near", "born_same", "village_same"]
        third, fourth = self.person(3), self.person(3)
        Suspicion.objects.all().delete()  # found already among the names above
        self.suspicion = SuspicionFactory(first=first, second=second, score=80, reasons=reasons)
        self.decided_suspicion = SuspicionFactory(
            first=third,
            second=fourth,
            score=55,
            reasons=["name_same", "birth_unknown", "village_same"],
            note=self.long("Saudara kembar", 200),
            decided_by=self.staff,
            **decided("different"),
        )
        survivor, duplicate = self.person(6), self.person(6, phones=["+6281234567895"])
        MemberFactory(cooperative=self.cooperative, person=duplicate, number="TFM-6001")
        self.joining = services.join_people(
            duplicate=duplicate, survivor=survivor, by=User.objects.get(pk=self.staff.pk)
        )
        self.joined = survivor
        waiting = Suspicion.objects.filter(status="pending")
        waiting.exclude(pk=self.suspicion.pk).delete()  # found among the names above

    def enterprises(self):
        here = {"cooperative": self.cooperative, "village": self.village}
        self.enterprise = EnterpriseFactory(
            **here,
            name=self.long("Kelompok Tenun Sinar Wehali", 150),
            kind="weavers",
            owner=self.somebody,
            started_on=date(2019, 3, 4),
            hamlet="Metamauk",
            address=self.long("Jalan Lingkar Betun", 150),
            phone="+6281234567891",
            industry_code=IndustryCodeFactory(),
            sales_channels=[channel.value for channel in Enterprise.Channel],
            decree_number=self.long("SK 12/DPAR/2021"),
            decree_date=date(2021, 5, 6),
            decree_issuer=self.long("Dinas Pariwisata"),
        )
        self.snack = EnterpriseFactory(
            **here, name=self.long("Keripik Pisang Bria", 149), line="food", owner=self.shared
        )
        for number, role in enumerate(("leader", "treasurer", "member")):
            self.weaver = GroupMemberFactory(
                enterprise=self.enterprise,
                person=self.somebody if role == "leader" else self.person(60 + number),
                role=role,
            )
        for year, turnover in ((2024, 1_500_000), (2025, 2_750_000)):
            EnterpriseSnapshotFactory(
                enterprise=self.enterprise,
                year=year,
                monthly_turnover=98_765_432_109 if self.longest else turnover,
                capital=1_234_567_890_123 if self.longest else 15_000_000,
                workers_paid_female=2,
                workers_unpaid_female=8,
                workers_disabled=1,
                evidence="C",
                source=self.long("Wawancara pendamping", 150),
            )
        self.belonging = EnterpriseMembershipFactory(
            enterprise=self.enterprise, cooperative=self.cooperative
        )
        EnterpriseMembershipFactory(
            enterprise=self.enterprise, cooperative=self.other, until=date(2025, 5, 6)
        )
        self.support = SupportFactory(
            enterprise=self.enterprise,
            what=self.long("Lima alat tenun bukan mesin", 200),
            provider=self.long("Dinas Koperasi dan UKM", 150),
            amount=7_500_000,
        )
        self.credentials()

    def credentials(self):
        self.nib = PaperFactory(enterprise=self.enterprise, number="9120001234567")
        today = access.today()
        for number, days in enumerate((-12, 0, 12, 400)):
            CredentialFactory(
                enterprise=self.snack if number else self.enterprise,
                kind="pirt",
                number=f"2065321010001{number:02}",
                covers=self.long("Keripik pisang", 150),
                valid_until=today + timedelta(days=days),
                issued_on=None,
            )
        CredentialFactory(enterprise=self.snack, kind="halal", status="in_process", number="")

    def lists(self, rows):
        for number in range(10, 10 + rows):
            MemberFactory(
                cooperative=self.cooperative,
                person=self.person(number, phones=["+6281234567892"]),
                number=self.long(f"TFM-{number:04}", 16) + str(number)
                if self.longest
                else f"TFS-8{number:03}",
            )
            CooperativeFactory(
                name=self.long(f"Koperasi {LAST[number % len(LAST)]} {number}", 140),
                village=self.village,
                registry_number=f"53210100102{number}",
            )
            ProductFactory(enterprise=self.maker, name=f"{self.long('Selendang', 96)} {number}")

    def showcase(self):
        """A cooperative that agreed to be shown, products in every colour, and what was asked."""
        self.shop = CooperativeFactory(
            name=self.long("Koperasi Produsen Tais Wehali", 148),
            village=self.village,
            phone="+6281234567001",
            phone_is_public=True,
            public_since=date(2026, 1, 2),
            introduction=self.long("Kami menenun dengan pewarna alam.", 600),
        )
        weaver = EnterpriseFactory(
            cooperative=self.shop,
            owner=self.somebody,  # who agreed to be named
            village=self.village,
            name=self.long("Tenun Mama Abuk", 150),
        )
        self.shown = ProductFactory(
            enterprise=weaver,
            name=self.long("Tais feto, tarum", 100),
            size=self.long("60 x 200 cm", 60),
            dyes=self.long("tarum, kunyit", 150),
            description=self.long("Tenun ikat dari Wehali.", 600),
            ingredients=self.long("benang kapas", 300),
            technique="ikat",
            dye_practice="natural",
            capacity_per_month=12,
            lead_time_days=14,
            is_published=True,
        )
        PriceChangeFactory(product=self.shown, price=999_999_999 if self.longest else 850_000)
        ProductMotifFactory(product=self.shown, motif=self.motif)
        for _number in range(2):
            ProductPhotoFactory(product=self.shown, size_bytes=43_000, caption=self.long("Tais"))
        kinds = {"earth": "cloth", "madder": "cloth", "leaf": "craft", "turmeric": "food"}
        for palette, kind in (kinds | {"natural": "food"}).items():
            product = ProductFactory(
                enterprise=None,
                cooperative=self.shop,
                name=self.long(f"Produk {palette}", 100),
                palette=palette,
                kind=kind,
                is_published=True,
            )
            PriceChangeFactory(product=product)
        self.requests()

    def requests(self):
        asked = {
            "what": self.long("Selendang tenun merah", 150),
            "message": self.long("Merah tua.", 500),
            "contact_name": self.long("Surya", 100),
            "needed_by": date(2026, 12, 24),
        }
        own = asked | {"cooperative": self.cooperative, "product": self.product}
        closed = {"answered_by": self.officer, "answered_at": timezone.now()}
        answer = self.long("Rp275.000 per helai, siap 12 Desember.", 500)
        self.quote = QuoteRequestFactory(**own)
        self.answered = QuoteRequestFactory(**own, status="answered", answer=answer, **closed)
        self.codes = {
            "new": QuoteRequestFactory(**asked, cooperative=self.shop, product=self.shown),
            "answered": self.answered,
            "declined": QuoteRequestFactory(
                **asked, cooperative=self.shop, status="declined", **closed
            ),
        }


@dataclass(frozen=True)
class Page:
    """`who` opens the page `name` of the row `row`, and does `act` there.

    A `visitor` has not signed in. `code` names a request whose secret address is opened.
    """

    who: str
    name: str
    row: str = ""
    query: str = ""
    act: object = None
    code: str = ""
    app: str = "cooperatives:"

    def url(self, registry):
        if self.name == "front page":
            return reverse("dashboard")
        if self.code:
            return reverse("cooperatives:quote-status", args=[registry.codes[self.code].code])
        row = getattr(registry, self.row).pk if self.row else None
        if self.name == "import-create-members":
            return reverse("import-create-for", args=["members", row])
        return reverse(f"{self.app}{self.name}", args=[row] if row else []) + self.query

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
        page.locator("main").get_by_role("button", name=str(button), exact=True).first.click()
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


def agree_and(act):
    """The cooperative agrees to be shown first."""

    def acted(page):
        Cooperative.objects.filter(products__name__startswith="Selendang").update(
            public_since=date(2026, 3, 1)
        )
        page.reload()
        act(page)

    return acted


def stay(page):
    """Nothing more to do."""


WIDE_NAME = "x" * 40
PAGES = {
    # home
    "home, officer": Page("officer", "dashboard", app=""),
    "home, staff": Page("staff", "dashboard", app=""),
    "home, keeper": Page("keeper", "dashboard", app=""),
    # lists
    "cooperatives, no meeting": Page(
        "staff", "cooperative-list", query="?rat=law&ketua=tidak", act=unfold
    ),
    "cooperatives": Page("staff", "cooperative-list"),
    "members": Page("officer", "member-list"),
    "members, narrowed": Page(
        "officer", "member-list", query="?kecamatan=53.21.01&kelamin=P&keadaan=now", act=unfold
    ),
    "members, nothing found": Page("officer", "member-list", query=f"?cari={WIDE_NAME}"),
    "people": Page("staff", "person-list", act=unfold),
    "register": Page("staff", "register", "cooperative"),
    "register, wrong day": Page("staff", "register", "cooperative", "?tanggal=kemarin"),
    "enterprises": Page("staff", "enterprise-list", act=unfold),
    "enterprises, officer": Page("officer", "enterprise-list"),
    "papers that run out": Page("officer", "credential-list", act=unfold),
    # imports
    "imports": Page("officer", "import-list", app=""),
    "import, the file": Page("officer", "import-create-members", "cooperative", app=""),
    "import, the columns": Page("officer", "import-detail", "matching", app=""),
    "import, the check": Page("officer", "import-detail", "checked", app=""),
    "import, the result": Page("officer", "import-detail", "imported", app=""),
    "import, at work": Page("officer", "import-detail", "queued", app=""),
    "import, dropped": Page("officer", "import-detail", "dropped", app=""),
    "import, what changes": Page("officer", "import-lines", "checked", "?hasil=changed", app=""),
    "import, what is wrong": Page("officer", "import-lines", "checked", app=""),
    "import, what is passed over": Page(
        "officer", "import-lines", "checked", "?hasil=skipped", app=""
    ),
    "import, the villages": Page("officer", "import-villages", "checked", app=""),
    "import, to be dropped": Page("officer", "import-drop", "checked", app=""),
    "import, to be taken back": Page("officer", "import-undo", "imported", app=""),
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
    "enterprise, officer": Page("officer", "enterprise-detail", "enterprise"),
    "enterprise, staff": Page("staff", "enterprise-detail", "enterprise"),
    "enterprise, little known": Page("staff", "enterprise-detail", "snack"),
    "paper": Page("officer", "credential-detail", "nib"),
    # histories
    "history of an enterprise": Page("staff", "enterprise-history", "enterprise"),
    "history of a paper": Page("officer", "credential-history", "nib"),
    "history of a cooperative": Page("staff", "cooperative-history", "cooperative"),
    "history of a member": Page("officer", "member-history", "member"),
    "history of a person": Page("staff", "person-history", "somebody"),
    "history of a term": Page("staff", "officer-history", "term"),
    # printing
    "papers": Page("staff", "paper-list"),
    "papers, officer": Page("officer", "paper-list"),
    "papers, errors": Page(
        "staff",
        "paper-list",
        act=press(
            f"PDF: {_('State of the annual meetings (RAT)')}",
            **{"status-rat-day": "x", "status-rat-fiscal_year": "x"},
        ),
    ),
    "books": Page("officer", "paper-books", "cooperative"),
    "books, errors": Page(
        "officer", "paper-books", "cooperative", act=press(f"PDF: {_('Register of members')}")
    ),
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
    # enterprises
    "new enterprise": Page("officer", "enterprise-add", "cooperative"),
    "new enterprise, staff": Page("staff", "enterprise-create"),
    "new enterprise, errors": Page(
        "officer",
        "enterprise-add",
        "cooperative",
        act=press("Simpan", name="", owner=WIDE_NAME, village=WIDE_NAME, started_on="x", phone="1"),
    ),
    "change of an enterprise": Page("officer", "enterprise-update", "enterprise"),
    "new figures of an enterprise": Page(
        "officer", "enterprisesnapshot-create", "enterprise", "?tahun=2025"
    ),
    "new figures of an enterprise, errors": Page(
        "officer",
        "enterprisesnapshot-create",
        "enterprise",
        act=press("Simpan", year="", monthly_turnover=WIDE_NAME),
    ),
    "new support": Page("officer", "support-create", "enterprise", act=press("Simpan")),
    "change of a support": Page("officer", "support-update", "support"),
    "new cooperative of an enterprise": Page(
        "officer", "enterprisemembership-create", "enterprise", act=press("Simpan")
    ),
    "end of a membership": Page("officer", "membership-end", "belonging", act=press("Simpan")),
    "new member of a group": Page(
        "officer", "groupmember-create", "enterprise", act=press("Simpan", person=WIDE_NAME)
    ),
    "task in a group": Page("officer", "groupmember-update", "weaver"),
    "end in a group": Page("officer", "groupmember-leave", "weaver", act=press("Simpan")),
    "new paper": Page("officer", "credential-create", "enterprise"),
    "new paper, errors": Page(
        "officer", "credential-create", "enterprise", act=press("Simpan", number="12", covers="x")
    ),
    "change of a paper": Page("officer", "credential-update", "nib"),
    # products
    "products": Page("officer", "product-list"),
    "products, staff": Page("staff", "product-list", act=unfold),
    "motifs": Page("staff", "motif-list"),
    "motifs, officer": Page("officer", "motif-list"),
    "new motif": Page("staff", "motif-create"),
    "product": Page("officer", "product-detail", "product"),
    "product with photos": Page("officer", "product-detail", "ready"),
    "product, nothing known": Page("staff", "product-detail", "bare"),
    "product form": Page("officer", "cooperative-product-create", "cooperative"),
    "product form, errors": Page(
        "officer",
        "cooperative-product-create",
        "cooperative",
        act=press("Simpan", name="", price="x"),
    ),
    "change of a product": Page("officer", "product-update", "product"),
    "history of a product": Page("staff", "product-history", "product"),
    "new price": Page("officer", "pricechange-create", "product", act=press("Simpan", price="x")),
    "new photo": Page("officer", "productphoto-create", "product"),
    "new photo, errors": Page("officer", "productphoto-create", "product", act=press("Simpan")),
    "taking a photo down": Page("officer", "productphoto-remove", "photo"),
    "showing a product": Page("officer", "product-show", "ready", act=agree_and(stay)),
    "showing a product, refused": Page("officer", "product-show", "ready"),
    "hiding a product": Page("officer", "product-hide", "ready"),
    "agreement": Page("officer", "cooperative-show", "cooperative"),
    "agreement, review": Page(
        "officer",
        "cooperative-show",
        "cooperative",
        act=press(_("Check first"), introduction="Kain tenun futus dari Wehali."),
    ),
    "withdrawal": Page("officer", "cooperative-hide", "cooperative"),
    # the programme's work
    "work list, staff": Page("staff", "work-list"),
    "work list, officer": Page("officer", "work-list"),
    "claim": Page("staff", "nikclaim-decide", "claim"),
    "claim, number shown": Page(
        "staff", "nikclaim-decide", "claim", act=press("Tampilkan NIK (ini dicatat)")
    ),
    "claim, errors": Page("staff", "nikclaim-decide", "claim", act=press("NIK salah")),
    "claim, decided": Page("staff", "nikclaim-decide", "decided_claim"),
    "claim, compared with the holder": Page("staff", "nikclaim-join", "claim"),
    "possible duplicates": Page("staff", "suspicion-list", act=unfold),
    "possible duplicates, none": Page("officer", "suspicion-list"),
    "possible duplicate": Page("staff", "suspicion-decide", "suspicion"),
    "possible duplicate, error": Page(
        "staff",
        "suspicion-decide",
        "suspicion",
        act=lambda page: press(str(_("Not the same person")), note=NIK)(page),
    ),
    "possible duplicate, what joining does": Page(
        "staff",
        "suspicion-decide",
        "suspicion",
        act=lambda page: press(str(_("One person: see what joining does")))(page),
    ),
    "possible duplicate, decided": Page("staff", "suspicion-decide", "decided_suspicion"),
    "joining": Page("staff", "joining-undo", "joining"),
    "history of a joined person": Page("staff", "person-history", "joined"),
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
    # requests for quotes
    "requests": Page("officer", "quoterequest-list"),
    "request, officer": Page("officer", "quoterequest-detail", "quote"),
    "request, errors": Page(
        "officer", "quoterequest-detail", "quote", act=press(_("Send the answer"))
    ),
    "request, answered": Page("staff", "quoterequest-detail", "answered"),
    "request, correcting": Page("officer", "quoterequest-correct", "answered"),
    "history of a request": Page("officer", "quoterequest-history", "answered"),
    # for everybody
    "front page": Page("visitor", "front page"),
    "showcase": Page("visitor", "showcase"),
    "showcase, narrowed": Page("visitor", "showcase", query="?jenis=cloth&alami=on", act=unfold),
    "showcase, nothing found": Page("visitor", "showcase", query=f"?cari={WIDE_NAME}"),
    "shown product": Page("visitor", "showcase-product", "shown"),
    "shown product, photo": Page("visitor", "showcase-product", "shown", "?foto=2"),
    "shown cooperatives": Page("visitor", "showcase-cooperatives"),
    "shown cooperative": Page("visitor", "showcase-cooperative", "shop"),
    "quote form": Page("visitor", "quote-create", "shown"),
    "quote form, errors": Page(
        "visitor",
        "quote-create",
        "shown",
        act=press(_("Send the request"), quantity="x", what=""),
    ),
    "quote form of a cooperative": Page("visitor", "quote-create-cooperative", "shop"),
    "quote, received": Page("visitor", "quote-status", code="new"),
    "quote, answered": Page("visitor", "quote-status", code="answered"),
    "quote, declined": Page("visitor", "quote-status", code="declined"),
    # personal data
    "person, objects": Page("keeper", "person-detail", "gone"),
    "member, objects": Page("officer", "member-detail", "gone_line"),
    "people who object": Page("keeper", "person-list", query="?tarik=on", act=unfold),
    "dossier": Page("keeper", "person-dossier", "somebody"),
    "dossier, errors": Page(
        "keeper", "person-dossier", "somebody", act=press(_("Download to print (PDF)"))
    ),
    "objection": Page("staff", "person-object", "shared"),
    "accesses": Page("keeper", "accesslog-list", act=unfold, app=""),
    "accesses, own": Page("officer", "accesslog-list", app=""),
    # search
    "search": Page("officer", "search"),
    "search, found": Page("staff", "search", query="?q=Emerensiana"),
    "search, found by NIK": Page("staff", "search", act=press("Cari", q=NIK)),
    "search, nothing found": Page("officer", "search", query=f"?q={WIDE_NAME}"),
}
