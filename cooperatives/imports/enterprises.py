"""The office's list of enterprises (DATA UMKM), and the portal's own list brought back."""

import re

from django.utils.translation import gettext_lazy as _

from cooperatives.imports import business_words, enterprise_rules, figures, titles
from cooperatives.imports.enterprise_columns import SOURCES
from cooperatives.imports.known_enterprises import FIGURES, PAPERS, KnownEnterprises
from cooperatives.imports.members import pick
from cooperatives.models import Credential, Enterprise, EnterpriseSnapshot, Person, Support
from malaka_portal import national_id
from malaka_portal.imports.kinds import Kind, register
from malaka_portal.imports.parts import Part

# the enterprise's own row repeats its latest figures; without them it repeats those before
COPY_AGAIN = """
    UPDATE cooperatives_enterprise e SET
        scale = coalesce(latest.scale, ''), scale_basis = coalesce(latest.scale_basis, ''),
        monthly_turnover = latest.monthly_turnover, figures_year = latest.year
    FROM cooperatives_enterprise mine LEFT JOIN LATERAL (
        SELECT scale, scale_basis, monthly_turnover, year
        FROM cooperatives_enterprisesnapshot WHERE enterprise_id = mine.id
        ORDER BY year DESC, id DESC LIMIT 1
    ) latest ON true
    WHERE mine.id = e.id AND e.id = ANY(%s)
"""
OF_ENTERPRISE = {"enterprise_id": "enterprise"}


@register
class Enterprises(Kind):
    """One line an enterprise. "Nama" is the enterprise's name beside a column of owners, else the
    owner's; an enterprise without a name of its own is called by its line and its owner.

    A line is known again by `_id`, else NIB, else the owner's NIK and the name, else name and
    village. Whoever may register people writes the owner's NIK at once, as on the page of a new
    person (docs/adr/0004-national-id.md); a NIK that is on record under the same name makes that
    person the owner. Figures are those of the year in the title; a known year is never overwritten.
    A paper without its number is told, not kept; so are owners, kinds and cooperatives that differ
    from those on record.
    """

    name = "enterprises"
    label = _("enterprises (UMKM)")
    permission = "cooperatives.add_enterprise"
    sources = SOURCES
    parts = (
        Part("owner", Person),
        Part("enterprise", Enterprise, refers={"owner_id": "owner"}),
        *(Part(name, Credential, refers=OF_ENTERPRISE) for name in PAPERS),
        Part(
            "figures",
            EnterpriseSnapshot,
            refers=OF_ENTERPRISE,
            ignored=("never_overwritten",),
            settle=("enterprise_id", COPY_AGAIN),
        ),
        Part("support", Support, refers=OF_ENTERPRISE),
    )

    def may_import(self, user, target=None):
        """It registers owners as well."""
        return super().may_import(user, target) and user.has_perm("cooperatives.add_person")

    def prepare(self, desk, drafts):
        for draft in drafts:
            enterprise_rules.name_both(draft.values, draft.cells)
            nik = draft.values.get("nik")
            draft.values["nik_hash"] = national_id.fingerprint(nik) if nik else None
        desk.known = KnownEnterprises(desk, drafts)

    def check(self, draft, desk):
        told = draft.values
        draft.label = told["business_name"]
        if draft.problem is None and not told["business_name"]:
            draft.refuse("name", "no_name", _("The name is missing. Fill it in."))
        enterprise_rules.check_village(draft, desk)
        enterprise_rules.check_words(draft, desk)

    def recognise(self, draft, desk):
        row = desk.known.enterprise_of(draft)
        if draft.problem is not None:
            return
        if row is None:
            self.enter(draft, desk)
        else:
            self.amend(draft, desk, row)
        if draft.problem is not None:
            return
        self.tell_papers(draft, desk, row)
        self.tell_figures(draft, desk, row)
        self.tell_support(draft, desk, row)

    def enter(self, draft, desk):
        told = draft.values
        draft.is_new = True
        enterprise_rules.check_new(draft)
        self.tell_owner(draft, desk)
        draft.make(
            "enterprise",
            kind=told["kind"],
            cooperative_id=enterprise_rules.cooperative_of(draft, desk),
            industry_code_id=desk.known.codes.get(told.get("kbli")),
            **own_columns(told),
        )

    def tell_owner(self, draft, desk):
        """The owner of a new enterprise: on record by NIK, or somebody new."""
        told = draft.values
        if not told["owner_name"]:
            return
        holder = desk.known.holder_for(draft)
        if holder:
            draft.compare("owner", holder, {"sex": told.get("sex")})
            return
        draft.make(
            "owner", name=told["owner_name"], sex=told.get("sex"), village_id=told.get("village")
        )
        self.write_nik(draft)

    def write_nik(self, draft):
        if nik := draft.values.get("nik"):
            columns = national_id.sealed_columns(nik)
            columns["nik_cipher"] = "\\x" + columns["nik_cipher"].hex()
            states = {"nik_state": Person.NikState.CONFIRMED.value, "nik_missing": ""}
            draft.writes.setdefault("owner", {}).update(columns | states)

    def amend(self, draft, desk, row):
        told = draft.values
        enterprise_rules.check_known(draft, desk, row)
        wanted = own_columns(told)
        if told["is_named_by_us"]:
            del wanted["name"]
        if not business_words.is_known_line(told["line_words"]):
            del wanted["line"]  # "other" was a guess
        if told.get("kbli") and told["kbli"] != row["industry_code__code"]:
            wanted["industry_code_id"] = desk.known.codes[told["kbli"]]
        draft.compare("enterprise", row, wanted)
        owner, same = (
            row["owner"],
            row["owner"]["name_key"] == desk.known.keys.get(told["owner_name"]),
        )
        if row["owner_id"] and same:
            draft.compare("owner", owner, {"sex": told.get("sex")})
            if told.get("nik") and owner["nik_state"] == Person.NikState.NONE:
                if desk.known.holder_for(draft) is None:
                    self.write_nik(draft)
                else:
                    draft.refuse(
                        "nik",
                        "nik_of_another",
                        _("This NIK is recorded for somebody else. Compare it with the KTP."),
                    )

    def tell_papers(self, draft, desk, row):
        for name, kind in PAPERS.items():
            if told := draft.values.get(name):
                held = desk.known.papers.get((row and row["id"], kind), [])
                self.tell_paper(draft, name, kind, told, held)

    def tell_paper(self, draft, name, kind, told, held):
        """A new number is another paper; one that was in process gets its number."""
        status, number = told
        if not status:
            if not any(paper["status"] == Credential.Status.HELD for paper in held):
                message = _("A paper without its number is not kept. Write the number.")
                draft.warn(name, "paper_without_number", message)
            return
        if any(paper["status"] == status and paper["number"] == number for paper in held):
            return
        open_ones = [paper for paper in held if not paper["number"]]
        if open_ones:
            draft.compare(name, open_ones[-1], {"status": status, "number": number})
        elif number or not held:
            draft.make(name, kind=kind, status=status, number=number)

    def tell_figures(self, draft, desk, row):
        told = pick(draft.values, FIGURES)
        workers = enterprise_rules.workers_note(draft)
        if not workers and all(value is None for value in told.values()):
            return
        year = self.year(draft, desk, row)
        known = desk.known.figures.get((row and row["id"], year))
        written = figures.differing(told, known)
        if workers and not written and not (known and workers in known["source"]):
            written = {name: known[name] for name in FIGURES} if known else {}
        elif not written:
            return
        source = titles.place_in_file(draft, desk)
        if workers:
            source = f"{source[: 149 - len(workers)]} {workers}"
        draft.make("figures", year=year, source=source[:150], **written)

    def year(self, draft, desk, row):
        """A list that was taken out tells the year beside the scale, or has the latest figures."""
        told = draft.values
        year = told.get("scale_year") or (row and row["figures_year"])
        if told.get("_id") and year:
            return year
        return titles.year_or_last(draft, desk, "monthly_turnover")

    def tell_support(self, draft, desk, row):
        what = draft.values.get("support")
        known = desk.known.supports.get(row and row["id"], set())
        if not what or " ".join(what.lower().split()) in known:
            return
        years = re.findall(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])", what)
        given = re.search(r"\bdari\s+([^0-9,;]+)", what, re.IGNORECASE)
        draft.warn(
            "support",
            "support_day",
            _(
                "The file does not say on which day the support came: the last day of the year is "
                "taken. Look at it on the page of the enterprise."
            ),
        )
        draft.make(
            "support",
            what=what,
            kind=business_words.first_of(business_words.HELP_WORDS, what) or Support.Kind.OTHER,
            provider=given[1].strip()[:150] if given else titles.place_in_file(draft, desk)[:150],
            received_on=enterprise_rules.day_of_support(years, draft, desk),
        )


def own_columns(told):
    """The columns of the enterprise's own row that a known one takes from the file."""
    return {
        "name": told["business_name"],
        "line": told["line"],
        "status": told.get("status"),
        "village_id": told.get("village"),
        "hamlet": told.get("hamlet"),
        "address": told.get("address"),
        "phone": told["phone"],
        "sales_channels": told.get("channels"),
    }
