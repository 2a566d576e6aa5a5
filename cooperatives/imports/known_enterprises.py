"""What the lines of a list of enterprises are compared with: enterprises and their owners."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cooperatives.imports import figures
from cooperatives.imports.identities import Identities, name_keys
from cooperatives.models import (
    Cooperative,
    Credential,
    Enterprise,
    EnterpriseSnapshot,
    IndustryCode,
    NikClaim,
    Person,
    Support,
)

PERSON = ("id", "version", "name_key", "sex", "nik_state", "nik_hash")
COLUMNS = ("id", "version", "name", "name_key", "kind", "line", "status", "village_id", "hamlet")
COLUMNS += ("address", "phone", "sales_channels", "owner_id", "cooperative_id", "figures_year")
COLUMNS += ("industry_code_id", "industry_code__code", "cooperative__name_key")
WORKERS = ("workers_paid_male", "workers_paid_female")
WORKERS += ("workers_unpaid_male", "workers_unpaid_female")
FIGURES = ("monthly_turnover", "capital", *WORKERS)
PAPERS = {"nib": Credential.Kind.NIB, "pirt": Credential.Kind.PIRT, "halal": Credential.Kind.HALAL}


class KnownEnterprises:
    """The enterprises and people that the lines may mean. As many queries for any file."""

    def __init__(self, desk, drafts):
        self.area = desk.user.area_id if desk.user and desk.user.area_id else ""
        told = [draft.values for draft in drafts]
        names = ("business_name", "owner_name", "cooperative")
        self.keys = name_keys({v[name] for v in told for name in names if v.get(name)})
        self.seen = Identities()
        self.find_people(desk, told)
        self.find_enterprises(told)
        self.find_what_they_have()
        wanted = {self.keys[v["cooperative"]] for v in told if v.get("cooperative")}
        self.cooperatives = {}
        for pk, name in (
            Cooperative.objects.within(self.area)
            .filter(name_key__in=wanted)
            .values_list("id", "name_key")
        ):
            self.cooperatives.setdefault(name, []).append(pk)
        codes = IndustryCode.objects.filter(code__in={v.get("kbli") or "" for v in told})
        self.codes = dict(codes.order_by("classification").values_list("code", "id"))

    def find_people(self, desk, told):
        """Who holds or claims the NIK of the lines; holders beyond the user's reach too."""
        hashes = {v["nik_hash"] for v in told if v.get("nik_hash")}
        held = Person.objects.filter(nik_hash__in=hashes).values(*PERSON)
        self.holders = {row["nik_hash"]: row for row in held}
        seen = Person.objects.visible_to(desk.user) if desk.user else Person.objects.all()
        ids = [row["id"] for row in self.holders.values()]
        self.within_reach = set(seen.filter(pk__in=ids).values_list("pk", flat=True))
        claims = NikClaim.objects.pending().filter(nik_hash__in=hashes)
        self.claims = dict(claims.values_list("person_id", "nik_hash"))

    def find_enterprises(self, told):
        nibs = [v["nib"][1] for v in told if v.get("nib") and v["nib"][1]]
        papers = Credential.objects.filter(kind="nib", number__in=nibs)
        self.nibs = {number: pk for pk, number in papers.values_list("enterprise_id", "number")}
        people = [row["id"] for row in self.holders.values()] + list(self.claims)
        rows = Enterprise.objects.within(self.area).filter(
            Q(pk__in=[v["_id"] for v in told if v.get("_id")])
            | Q(pk__in=list(self.nibs.values()))
            | Q(owner__in=people)
            | Q(name_key__in=[self.keys[v["business_name"]] for v in told if v["business_name"]])
        )
        owner = [f"owner__{name}" for name in PERSON]
        rows = list(rows.order_by("id").values(*COLUMNS, *owner))
        claims = NikClaim.objects.pending().filter(person__in={row["owner_id"] for row in rows})
        self.claims |= dict(claims.values_list("person_id", "nik_hash"))
        self.by_id, self.by_owner, self.by_place = {}, {}, {}
        for row in rows:
            row["owner"] = {name: row.pop(f"owner__{name}") for name in PERSON}
            self.by_id[row["id"]] = row
            self.by_owner.setdefault(self.nik_of(row), []).append(row)
            place = (row["name_key"], row["village_id"])
            self.by_place.setdefault(place, []).append(row)

    def find_what_they_have(self):
        ids = list(self.by_id)
        self.papers, self.supports = {}, {}
        papers = Credential.objects.filter(enterprise__in=ids, kind__in=PAPERS.values())
        for row in papers.order_by("id").values(
            "id", "version", "enterprise_id", "kind", "status", "number"
        ):
            self.papers.setdefault((row["enterprise_id"], row["kind"]), []).append(row)
        self.figures = figures.latest(
            EnterpriseSnapshot.objects.filter(enterprise__in=ids),
            (*FIGURES, "source"),
            owner="enterprise_id",
            year="year",
        )
        helped = Support.objects.filter(enterprise__in=ids)
        for pk, what in helped.values_list("enterprise_id", "what"):
            self.supports.setdefault(pk, set()).add(" ".join(what.lower().split()))

    def nik_of(self, row):
        return row["owner"]["nik_hash"] or self.claims.get(row["owner_id"])

    def enterprise_of(self, draft):
        """The row that a draft means, None for a new one; what names two at once is refused."""
        told = draft.values
        nib = told["nib"][1] if told.get("nib") else ""
        self.refuse_repeated(draft, nib)
        if nib in self.nibs and self.nibs[nib] not in self.by_id:
            self.refuse_nib(draft)
        row = self.by_own_id(draft) or self.by_nib(nib) or self.by_nik(told) or self.by_name(told)
        if row and draft.problem is None:
            self.refuse_others(draft, row, nib)
        return row if draft.problem is None else None

    def refuse_repeated(self, draft, nib):
        told = draft.values
        nik, name = told["nik_hash"], self.keys.get(told["business_name"])
        if first := self.seen.earlier(draft, ("nib", nib) if nib else None):
            self.refuse(
                draft,
                "nib",
                "duplicate_nib",
                _("This NIB is also in row %(row)d. Compare both with the paper."),
                row=first.number,
            )
        first = self.seen.earlier(draft, nik and ("nik", nik, name))
        owner = self.keys.get(told["owner_name"])
        place = ("place", name, told.get("village"), owner)
        same = self.seen.earlier(draft, place)
        if first or (same and not (nik and same.values["nik_hash"])):
            self.refuse_twice(draft, first or same)
        known = nik in self.holders or nik in self.by_owner
        first = None if known else self.seen.earlier(draft, nik and ("nik", nik))
        if first:
            self.refuse(
                draft,
                "nik",
                "duplicate_nik",
                _(
                    "Row %(row)d has the same NIK. If the owner has two businesses, save the first "
                    "one, then bring this row once more."
                ),
                row=first.number,
            )

    def refuse_twice(self, draft, first):
        self.refuse(
            draft,
            "name",
            "duplicate_enterprise",
            _("Row %(row)d means the same enterprise. Leave one of them out."),
            row=first.number,
        )

    def by_own_id(self, draft):
        pk = draft.values.get("_id")
        if pk is None:
            return None
        row = self.by_id.get(pk)
        if row is None:
            self.refuse(
                draft,
                "_id",
                "id_unknown",
                _("This row is none of your enterprises. Empty its cell in the column _id."),
            )
            return None
        seen = draft.values.get("_versi")
        if seen and seen != str(row["version"]):
            self.refuse(
                draft,
                "_versi",
                "stale",
                _("This row was changed in the portal after the file was taken out. Take it anew."),
            )
        return row

    def by_nib(self, nib):
        return self.by_id.get(self.nibs.get(nib))

    def by_nik(self, told):
        """The owner's enterprise of that name; the only one where the file tells no name."""
        if not told["nik_hash"]:
            return None
        mine = self.by_owner.get(told["nik_hash"], [])
        name = self.keys.get(told["business_name"])
        same = [row for row in mine if row["name_key"] == name]
        if not same and told["is_named_by_us"] and len(mine) == 1:
            return mine[0]
        return next(iter(same), None)

    def by_name(self, told):
        """By name and village, unless the owner is somebody else."""
        found = self.by_place.get((self.keys.get(told["business_name"]), told.get("village")), [])
        owner, nik = self.keys.get(told["owner_name"]), told["nik_hash"]
        for row in found:
            other_name = owner and row["owner"]["name_key"] not in (None, owner)
            other_nik = nik and self.nik_of(row) not in (None, nik)
            if not other_name and not other_nik:
                return row
        return None

    def refuse_others(self, draft, row, nib):
        """What the line says of somebody else's number."""
        holder = self.nibs.get(nib, row["id"])
        nik = draft.values["nik_hash"]
        if holder != row["id"]:
            self.refuse_nib(draft)
        if nik and self.nik_of(row) not in (None, nik):
            self.refuse(
                draft,
                "nik",
                "nik_differs",
                _("Another NIK is recorded for this owner. Look at both on the owner's page."),
            )
        if draft.problem is None and (first := self.seen.earlier(draft, ("row", row["id"]))):
            self.refuse_twice(draft, first)

    def refuse_nib(self, draft):
        message = _("This NIB belongs to another enterprise. Compare it with the paper.")
        self.refuse(draft, "nib", "duplicate_nib", message)

    def holder_for(self, draft):
        """The person on record with the owner's NIK; refused when it is not theirs to take."""
        told = draft.values
        nik = told["nik_hash"]
        mine = self.by_owner.get(nik) if nik else None
        holder = self.holders.get(nik) or (mine and mine[0]["owner"])
        if not holder:
            return None
        same = holder["name_key"] == self.keys.get(told["owner_name"])
        beyond = nik in self.holders and holder["id"] not in self.within_reach
        if not same or beyond:
            self.refuse(
                draft,
                "nik",
                "nik_of_another",
                _("This NIK is recorded for somebody else. Compare it with the KTP."),
            )
        return holder

    def refuse(self, draft, column, reason, message, **facts):
        draft.refuse(column, reason, message % facts if facts else message)
