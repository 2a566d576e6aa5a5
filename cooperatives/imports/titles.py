"""What the title of a sheet says about all its lines: which year, and which district."""

import re
from datetime import date

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from malaka_portal.workbooks import values

_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])")
_NAMED_YEAR = re.compile(r"\b(?:tahun|thn|th)\W{0,3}((?:19|20)[0-9]{2})(?![0-9])", re.IGNORECASE)
_DISTRICT = re.compile(
    r"\bkec(?:amatan)?\b\W{0,3}(.+?)\s*(?=\b(?:tahun|thn|th|kab|kabupaten|prov|per|keadaan)\b"
    r"|[0-9,;:()\n]|$)",
    re.IGNORECASE,
)


def year_of(desk, sheet):
    """The year that the title of a sheet tells, else its name, else the file's; None for none.
    Years that have not begun are no year of figures."""
    for text in (desk.titles.get(sheet, ""), name_of(desk, sheet), desk.file_name):
        found = _NAMED_YEAR.findall(text) or _YEAR.findall(text)
        years = [int(year) for year in found if int(year) <= desk.today.year]
        if years:
            return years[-1]
    return None


def year_or_last(draft, desk, key):
    """The year of a line's figures. Nobody told it: the last one, with a warning at `key`."""
    year = year_of(desk, draft.sheet)
    if year is None:
        year = desk.today.year - 1
        draft.warn(
            key,
            "year_assumed",
            _("The file does not say of which year its figures are: %(year)d is taken.")
            % {"year": year},
        )
    return year


def day_of(desk, sheet):
    """The day as of which the sheet speaks: the last one of its year, today when it still runs."""
    year = year_of(desk, sheet)
    return min(date(year, 12, 31), desk.today) if year else desk.today


def district_of(desk, sheet):
    """The code of the district that the title or the name of a sheet tells, or None."""
    title = _DISTRICT.search(desk.titles.get(sheet, ""))
    named = title and desk.villages.district_of(title[1])
    return named or desk.villages.district_of(name_of(desk, sheet))


def name_of(desk, sheet):
    return desk.sheets[sheet] if sheet < len(desk.sheets) else ""


def village(cell, desk):
    """The code of the village that a cell names: in the district of the sheet if there is one of
    this name, else anywhere in the regency; None when the cell is blank."""
    text = None if values.is_nothing(cell) else values.text_of(cell)
    if not text:
        return None
    district = district_of(desk, desk.sheet)
    try:
        return desk.villages.find(text, district=district).code
    except ValidationError:
        if district is None:
            raise
        try:
            return desk.villages.find(text).code
        except ValidationError:
            pass
        raise


def warn_elsewhere(draft, desk, key):
    """The village is not in the district that the sheet is about: it may be a slip."""
    district, code = district_of(desk, draft.sheet), draft.values.get(key)
    if district and code and not code.startswith(f"{district}."):
        draft.warn(key, "village_elsewhere", _("This village is not in the district of the sheet."))


def place_in_file(draft, desk):
    """Where a value comes from: the file and the row."""
    place = _("%(file)s, row %(row)d") % {"file": desk.file_name, "row": draft.number}
    return str(place)
