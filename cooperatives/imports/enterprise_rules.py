"""The rules of a line about an enterprise that are beyond a single cell."""

from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cooperatives.imports import business_words, titles
from cooperatives.models import Enterprise, Person
from malaka_portal.identity_numbers import mismatches, refuse_national_id

Line, Kind, Status = Enterprise.Line, Enterprise.Kind, Enterprise.Status
UNNAMED = "Usaha"  # a name on record, by which the line is known again: in no other language
LONGEST_PERSON = Person._meta.get_field("name").max_length
LONGEST_NAME = Enterprise._meta.get_field("name").max_length


def name_both(told, cells):
    """Put `business_name`, `owner_name`, `kind`, `line` and `is_named_by_us` beside what a line
    told: "Nama" is the enterprise's beside a column of owners, else the owner's."""
    name, business = told.get("name") or "", told.get("business") or ""
    told["line"], told["line_words"] = told.get("line") or ("", "")
    is_of_enterprise = "owner" in cells or "_id" in cells
    owner = told.get("owner") or "" if is_of_enterprise else name
    business = business or (name if is_of_enterprise else "")
    if not business and business_words.GROUPS.match(owner):
        business, owner = owner, ""  # a group, in the column of people
    told["is_named_by_us"] = not business
    if not business and owner:
        business = f"{told['line_words'] or UNNAMED} {owner}"[:LONGEST_NAME]
    told["business_name"], told["owner_name"] = business, owner
    is_group = bool(business_words.GROUPS.match(business)) and not owner
    weaves = Kind.WEAVERS if told["line"] == Line.WEAVING else Kind.GROUP
    told["told_kind"] = told.get("kind") or ""
    told["kind"] = told["told_kind"] or (weaves if is_group else Kind.INDIVIDUAL)
    told["phone"] = (told.get("phones") or [""])[0]


def check_village(draft, desk):
    """The column "Alamat" may hold the village, where there is none of its own."""
    told = draft.values
    if "village" not in draft.cells and told.get("address") and draft.problem is None:
        desk.sheet = draft.sheet
        try:
            told["village"] = titles.village(told["address"], desk)
        except ValidationError as error:
            draft.refuse("address", error.code, error.messages[0], told["address"])
    if told.get("village") and not told["village"].startswith(desk.known.area):
        draft.refuse("village", "outside_area", _("This village is outside your area."))
    titles.warn_elsewhere(draft, desk, "village")


def check_words(draft, desk):
    told = draft.values
    if len(told.get("phones") or []) > 1:
        draft.warn("phones", "second_phone", _("Only the first telephone number is kept."))
    if told.get("kbli") and told["kbli"] not in desk.known.codes:
        draft.refuse("kbli", "unknown_kbli", _("There is no such KBLI code on record."))
    if told["line"] == Line.OTHER and told["line_words"]:
        draft.warn("line", "line_other", _("No line of business is called so: “other” is taken."))
    if told.get("nik") and not told["owner_name"]:
        draft.warn(
            "nik", "nik_of_group", _("A group has no NIK; record its leader on the group's page.")
        )
    if len(told["owner_name"]) > LONGEST_PERSON:
        draft.refuse("name", "too_long", _("This name is too long for a person."))
    check_nik(draft, desk)
    try:
        refuse_national_id(told.get("support") or "")
    except ValidationError as error:
        draft.refuse("support", error.code, error.messages[0])


def check_nik(draft, desk):
    told = draft.values
    if told.get("nik"):
        known = {"born_on": None, "birth_year": None, "sex": told.get("sex") or ""}
        for found in mismatches(told["nik"], **known, today=desk.today):
            draft.warn("nik", found.code, found.message)


def check_new(draft):
    """What a new enterprise cannot be without."""
    told = draft.values
    if not told.get("village"):
        draft.refuse("village", "no_village", _("The village is missing. Fill it in."))
    if told["kind"] == Kind.INDIVIDUAL and not told["owner_name"]:
        draft.refuse("owner", "no_owner", _("A business of one owner says whose it is."))
    if told.get("status") == Status.CLOSED:
        refuse_closed(draft)
    if not told["line"]:
        told["line"] = Line.OTHER
        draft.warn("line", "no_line", _("The line of business is missing: “other” is taken."))


def check_known(draft, desk, row):
    """What a list does not change in an enterprise that is on record."""
    told = draft.values
    status = told.get("status") or row["status"]
    if status != row["status"] and Status.CLOSED in (status, row["status"]):
        refuse_closed(draft)
    if told["told_kind"] not in ("", row["kind"]):
        differs(draft, "kind", _("The portal has another kind of enterprise, and keeps it."))
    owner = desk.known.keys.get(told["owner_name"])
    if owner and owner != row["owner"]["name_key"]:
        differs(draft, "owner", _("The portal has another owner, and keeps them."))
    cooperative = desk.known.keys.get(told.get("cooperative"))
    if cooperative and cooperative != row["cooperative__name_key"]:
        differs(draft, "cooperative", _("The portal has another cooperative for it, and keeps it."))


def differs(draft, column, message):
    draft.warn(column, f"other_{column}", message)


def refuse_closed(draft):
    draft.refuse(
        "status",
        "closing_day",
        _("An enterprise closes on a day. Record it on the page of the enterprise."),
    )


def cooperative_of(draft, desk):
    """The id of the cooperative that a new line names, if there is one of this name."""
    named = draft.values.get("cooperative")
    if not named:
        return None
    found = desk.known.cooperatives.get(desk.known.keys[named], [])
    if len(found) != 1:
        draft.warn(
            "cooperative",
            "cooperative_unknown",
            _("Not one cooperative has this name: the programme's office keeps the record."),
        )
    return found[0] if len(found) == 1 else None


def workers_note(draft):
    """ "TK 3": workers of whom the file does not say whether they are paid, men or women."""
    workers = draft.values.get("workers")
    if workers is None:
        return ""
    draft.warn(
        "workers",
        "workers_untold",
        _("The file does not say which workers are paid, men or women: their number is noted."),
    )
    return f"(TK {workers})"


def day_of_support(years, draft, desk):
    """The last day of the newest year that the words tell, else of the sheet's year."""
    told = [int(year) for year in years if int(year) <= desk.today.year]
    return min(date(max(told), 12, 31), desk.today) if told else titles.day_of(desk, draft.sheet)
