"""What the lines of a list of cooperatives are compared with: the cooperatives on record."""

import re

from django.db.models import F, Func, Q, Value
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from cooperatives.imports import figures
from cooperatives.imports.identities import Identities, name_keys
from cooperatives.models import Cooperative, Officer, StatusChange, YearlySnapshot

COLUMNS = ("id", "version", "name", "name_key", "kind", "village_id", "phone", "status")
COLUMNS += ("legal_entity_number", "legal_entity_date", "registry_number", "last_annual_meeting_on")
FIGURES = ("members_male", "members_female", "employees_male", "employees_female")
FIGURES += ("own_capital", "external_capital", "total_assets", "business_volume", "net_surplus")
LEGAL_KEY = Upper(
    Func(
        F("legal_entity_number"),
        Value("[^A-Za-z0-9]"),
        Value(""),
        Value("g"),
        function="regexp_replace",
    )
)


def legal_key(number):
    """By what legal entity numbers are compared: letters and digits alone; None for none."""
    return re.sub("[^A-Z0-9]", "", (number or "").upper()) or None


def key(name, value):
    return value and (name, value)


class KnownCooperatives:
    """The cooperatives that the lines may mean, by each of the ways in which they are known.

    Five queries. Those outside the user's area are known by their NIK Koperasi only, which is one
    in the whole country.
    """

    def __init__(self, desk, drafts):
        self.desk = desk
        self.area = desk.user.area_id if desk.user and desk.user.area_id else ""
        told = [draft.values for draft in drafts]
        self.keys = name_keys({v[n] for v in told for n in ("name", "chair") if v.get(n)})
        self.known, self.by_id, self.by_place = Identities(), {}, {}
        for row in self.rows(told):
            self.add(row)
        here = Q(cooperative__in=list(self.by_id))
        self.snapshots = figures.latest(
            YearlySnapshot.objects.filter(here),
            FIGURES,
            owner="cooperative_id",
            year="fiscal_year",
        )
        self.chairs = self.terms(here)
        changes = StatusChange.objects.filter(here).order_by("cooperative", "since", "id")
        self.changed_on = dict(changes.values_list("cooperative_id", "since"))

    def rows(self, told):
        names = [self.keys[v["name"]] for v in told if v.get("name")]
        numbers = {
            "registry_number__in": [v.get("registry_number") for v in told],
            "legal_key__in": [legal_key(v.get("legal_number")) for v in told],
            "pk__in": [v.get("_id") for v in told],
            "name_key__in": names,
        }
        wanted = Q(pk__in=[])
        for lookup, found in numbers.items():
            wanted |= Q(**{lookup: sorted({each for each in found if each})})
        rows = Cooperative.objects.annotate(legal_key=LEGAL_KEY).filter(wanted).order_by("id")
        return rows.values(*COLUMNS)

    def add(self, row):
        self.known.add(row, [key("registry", row["registry_number"])])
        if not row["village_id"].startswith(self.area):
            return
        self.by_id[row["id"]] = row
        self.known.add(row, [key("legal", legal_key(row["legal_entity_number"]))])
        place = (row["name_key"], row["village_id"])
        self.by_place.setdefault(place, []).append(row)

    def terms(self, here):
        """{cooperative id: the chairs of its board, the last one last}."""
        rows = Officer.objects.filter(here, body=Officer.Body.BOARD, role=Officer.Role.CHAIR)
        found = {}
        for row in rows.order_by("started_on", "id").values(
            "cooperative_id", "started_on", "ended_on", "person__name_key"
        ):
            found.setdefault(row["cooperative_id"], []).append(row)
        return found

    def cooperative_of(self, draft):
        """The row that a draft means, None for a new one; what names two at once is refused."""
        told = draft.values
        registry = key("registry", told.get("registry_number"))
        legal = key("legal", legal_key(told.get("legal_number")))
        self.refuse_repeated(draft, registry, legal)
        row = (
            self.by_own_id(draft)
            or self.by_registry_number(draft, registry)
            or self.by_legal_number(draft, legal)
            or self.by_name(draft, legal)
        )
        if row and draft.problem is None:
            self.refuse_others(draft, row, registry, legal)
        return row if draft.problem is None else None

    def refuse_repeated(self, draft, registry, legal):
        """The second line of a file that names the same cooperative is refused."""
        if first := self.known.earlier(draft, registry):
            self.refuse(
                draft,
                "registry_number",
                "duplicate_registry_number",
                _("This NIK Koperasi is also in row %(row)d. Compare both with the certificate."),
                row=first.number,
            )
        if first := self.known.earlier(draft, legal):
            self.refuse(
                draft,
                "legal_number",
                "duplicate_legal_number",
                _("This legal entity number is also in row %(row)d. Compare both with the decree."),
                row=first.number,
            )
        place = ("place", self.keys.get(draft.values["name"]), draft.values.get("village"))
        first = self.known.earlier(draft, place)
        if first and not told_apart(first.values, draft.values):
            self.refuse_twice(draft, first)

    def refuse_twice(self, draft, first):
        self.refuse(
            draft,
            "name",
            "duplicate_cooperative",
            _("Row %(row)d means the same cooperative. Leave one of them out."),
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
                _("This row is none of your cooperatives. Empty its cell in the column _id."),
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

    def by_registry_number(self, draft, registry):
        row = self.known.find(registry)
        if row and row["id"] not in self.by_id:
            self.refuse(
                draft,
                "registry_number",
                "duplicate_registry_number",
                _("This NIK Koperasi belongs to a cooperative outside your area."),
            )
            return None
        return row

    def by_legal_number(self, draft, legal):
        return self.known.find(legal)

    def by_name(self, draft, legal):
        """By name and village; another NIK Koperasi makes another cooperative."""
        told = draft.values
        same = self.by_place.get((self.keys[told["name"]], told.get("village")), [])
        number = told.get("registry_number")
        row = next((r for r in same if not differ(r["registry_number"], number)), None)
        if row and differ(legal_key(row["legal_entity_number"]), legal and legal[1]):
            self.refuse(
                draft,
                "legal_number",
                "legal_number_differs",
                _(
                    "A cooperative of this name and village has another legal entity number. "
                    "Compare both with the decree; write the NIK Koperasi to tell them apart."
                ),
            )
        return row

    def refuse_others(self, draft, row, registry, legal):
        """Numbers of the line that belong to another cooperative than the one it means."""
        holder = self.known.find(registry) or row
        if holder is not row:
            self.refuse(
                draft,
                "registry_number",
                "duplicate_registry_number",
                _("This NIK Koperasi belongs to another cooperative. Compare it."),
            )
        elif differ(row["registry_number"], registry and registry[1]) and not draft.values.get(
            "_id"
        ):
            self.refuse(
                draft,
                "registry_number",
                "registry_number_differs",
                _("Another NIK Koperasi is recorded for this cooperative. Compare both."),
            )
        holder = self.known.find(legal) or row
        if holder is not row:
            self.refuse(
                draft,
                "legal_number",
                "duplicate_legal_number",
                _("This legal entity number belongs to another cooperative. Compare it."),
            )
        if draft.problem is None and (first := self.known.earlier(draft, ("row", row["id"]))):
            self.refuse_twice(draft, first)

    def refuse(self, draft, column, reason, message, **facts):
        draft.refuse(column, reason, message % facts if facts else message)


def differ(one, other):
    """Both are known, and they are not the same."""
    return bool(one and other and one != other)


def told_apart(one, other):
    """Whether the numbers of two lines say that they are two cooperatives."""
    numbers = (one.get("registry_number"), other.get("registry_number"))
    legal = (legal_key(one.get("legal_number")), legal_key(other.get("legal_number")))
    return differ(*numbers) or (not all(numbers) and differ(*legal))
