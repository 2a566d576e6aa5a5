"""Villages as spreadsheets write them: "Ds. Biau", "MOTAULUN", "Kel. Betun", "Biau, Kec. Io Kufeu".

The names of an area are loaded once, for files with thousands of rows. A name that nobody has is
never guessed: it is refused, with the closest names to choose from.
"""

import re
from collections import defaultdict
from dataclasses import dataclass
from difflib import SequenceMatcher

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from malaka_portal.models import Region, RegionAlias
from malaka_portal.workbooks.headings import fold

SUGGESTED = 5
CLOSE = 0.7  # of SequenceMatcher.ratio
_VILLAGE = r"desa kelurahan|desa kel|kelurahan|desa|kel|des|ds"
_DISTRICT = r"kecamatan|kec|kc"
_PREFIX = re.compile(rf"(?:{_VILLAGE}|{_DISTRICT}) (?=.)")
_VILLAGE_PART = re.compile(rf"(?:{_VILLAGE}) .+")
_CODE = re.compile(r"[0-9]{2}\.[0-9]{2}\.[0-9]{2}\.[0-9]{4}")
_PARTS = re.compile(r"[,;()/\n]|\s[-–]\s|(?=\bkec(?:amatan)?\b)", re.IGNORECASE)
_NUMERALS = {"1": "i", "2": "ii", "3": "iii", "4": "iv", "5": "v"}


@dataclass(frozen=True)
class Village:
    """A village with the district that it lies in."""

    code: str
    name: str
    district: str

    @property
    def district_code(self):
        return self.code.rpartition(".")[0]

    def __str__(self):
        """Names repeat between districts."""
        return f"{self.name} ({self.district})"


def place_key(text):
    """By what a name is compared: without case, signs, blanks and what kind of place it is.

    "Ds. Bani-Bani" and "BANI BANI" are one, and so are "Tafuli I" and "Tafuli 1".
    """
    words = _PREFIX.sub("", fold(text)).split()
    if len(words) > 1:
        words[-1] = _NUMERALS.get(words[-1], words[-1])
    return "".join(words)


class VillageIndex:
    """The villages of an area by what people call them.

    `aliases` is what was settled before: {place_key of a text: code of a village}.
    """

    def __init__(self, villages, *, spellings=(), aliases=None):
        """`spellings` are further names: pairs of the code of a village or district and a name."""
        self._villages = {village.code: village for village in villages}
        self._aliases = {k: code for k, code in (aliases or {}).items() if code in self._villages}
        self._by_key = defaultdict(set)
        self._districts = defaultdict(set)
        for village in self._villages.values():
            self._by_key[place_key(village.name)].add(village.code)
            self._districts[place_key(village.district)].add(village.district_code)
        known = {village.district_code for village in self._villages.values()}
        for code, name in spellings:
            if code in self._villages:
                self._by_key[place_key(name)].add(code)
            elif code in known:
                self._districts[place_key(name)].add(code)
        self._found = {}

    @classmethod
    def within(cls, area, *, aliases=None):
        """The villages in the region with the code `area` ("" for everywhere). Two queries."""
        here = Q(code=area) | Q(code__startswith=f"{area}.") if area else Q()
        rows = Region.objects.current().villages().filter(here)
        rows = rows.values_list("code", "name", "parent__name")
        # all of them: they are few, and those of the district above the area count too
        spellings = RegionAlias.objects.values_list("region_id", "name")
        return cls([Village(*row) for row in rows], spellings=spellings, aliases=aliases)

    def district_of(self, text):
        """The code of the district that a text names ("Kec. Wewiku", a sheet's title), or None."""
        codes = self._districts.get(place_key(text), ())
        return next(iter(codes)) if len(codes) == 1 else None

    def find(self, text, *, district=None):
        """The Village that `text` names, within the district with this code if there is one.

        A district in the text itself counts for more. Errors, with the Villages to choose from in
        `params["choices"]`: `unknown_village`, `ambiguous_village`.
        """
        key = (text, district)
        if key not in self._found:
            self._found[key] = self._look_up(text, district)
        found, choices = self._found[key]
        if found:
            return found
        names = "; ".join(map(str, choices))
        facts = {"text": text, "names": names, "choices": choices}
        if len(choices) > 1 and len({place_key(choice.name) for choice in choices}) == 1:
            message = _("Several villages have this name. Write one of: %(names)s.")
            raise ValidationError(message, "ambiguous_village", facts)
        if choices:
            message = _("There is no village “%(text)s” here. Did you mean: %(names)s?")
        else:
            message = _("There is no village “%(text)s” here. Choose one from the list.")
        raise ValidationError(message, "unknown_village", facts)

    def _look_up(self, text, district):
        """The Village, or None and the Villages to choose from."""
        whole = place_key(text)
        if code := self._aliases.get(whole):
            return self._villages[code], []
        if found := _CODE.fullmatch(text.strip()):
            return self._villages.get(found[0]), []
        name, named_district = self._parts(text)
        district = named_district or district
        for key in dict.fromkeys((whole, place_key(name))):
            everywhere = sorted(self._by_key.get(key, ()))
            here = [code for code in everywhere if district in (None, code[:8])]
            if len(here) == 1:
                return self._villages[here[0]], []
            if found := here or everywhere:
                return None, self._named(found)
        return None, self._close(place_key(name), district)

    def _parts(self, text):
        """The name of the village in a text of several parts, and the code of a district in it."""
        parts = [part.strip() for part in _PARTS.split(text) if place_key(part)]
        districts = [code for code in map(self.district_of, parts[1:]) if code]
        marked = [part for part in parts if _VILLAGE_PART.fullmatch(fold(part))]
        name = next(iter(marked or parts), text)
        return name, next(iter(districts), None)

    def _named(self, codes):
        return [self._villages[code] for code in codes]

    def _close(self, key, district):
        """The Villages with names like `key`, the closest first, those of the district before."""
        matcher = SequenceMatcher(autojunk=False)
        matcher.set_seq2(key)
        close = []
        for name, codes in self._by_key.items():
            matcher.set_seq1(name)
            if matcher.real_quick_ratio() < CLOSE or matcher.quick_ratio() < CLOSE:
                continue
            if (likeness := matcher.ratio()) >= CLOSE:
                close += [(district not in (None, code[:8]), -likeness, code) for code in codes]
        best = dict.fromkeys(code for _elsewhere, _likeness, code in sorted(close))
        return self._named(list(best)[:SUGGESTED])
