"""Words of offices for enterprises: what they do, how they sell, how their papers stand."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from cooperatives.imports.choices import Words, folded
from cooperatives.models import Credential, Enterprise, Support
from malaka_portal.permit_numbers import parse_halal, parse_nib, parse_pirt
from malaka_portal.workbooks import values

Line, Kind = Enterprise.Line, Enterprise.Kind
Paper = Credential.Status
Help = Support.Kind
MOST_DIGITS = 10**15  # beyond, a spreadsheet keeps a number's first digits only

LINES = Words(Line)
KINDS = Words(Enterprise.Kind, {"perorangan": Kind.INDIVIDUAL, "kub": Kind.GROUP})
STATUSES = Words(Enterprise.Status)
CHANNELS = Words(Enterprise.Channel)
# the first word that stands in what an office wrote decides
LINE_WORDS = (
    (Line.WEAVING, "tenun tais kain ikat sotis"),
    (Line.DYEING, "pewarna pewarnaan celup"),
    (Line.TRADE, "kios sembako dagang pedagang jualan toko warung penjual grosir eceran pulsa"),
    (Line.FOOD, "keripik kripik kue roti makanan minuman kuliner olahan catering katering jajan"),
    (Line.FOOD, "sambal abon tempe tahu kopi gula bakso snack pangan"),
    (Line.FARMING, "tani pertanian ternak peternakan babi sapi ayam ikan perikanan sayur kebun"),
    (Line.CRAFT, "anyaman kerajinan kriya mebel meubel meubeler kayu ukir gerabah batako"),
    (Line.SERVICE, "jasa bengkel jahit penjahit salon ojek laundry servis service cukur foto"),
)
HELP_WORDS = (
    (Help.TOOLS, "alat mesin peralatan gerobak gedogan atbm freezer"),
    (Help.MATERIALS, "benang bahan bibit baku pewarna"),
    (Help.CAPITAL, "modal uang dana kur bpum banpres tunai hibah pinjaman"),
    (Help.TRAINING, "pelatihan bimtek kursus diklat"),
    (Help.MENTORING, "pendampingan pembinaan"),
    (Help.PERMITS, "izin ijin nib pirt halal sertifikat merek"),
    (Help.MARKET, "pameran promosi pemasaran pasar"),
)
GROUPS = re.compile(r"(?:kelompok|klp|kub|kwt|poktan)\b", re.IGNORECASE)
HAVE = {"ada", "sudah", "sudah ada", "punya", "ya", "yes", "v", "✓", "√", "sdh", "sdh ada"}
STATES = {
    "proses": Paper.IN_PROCESS,
    "dalam proses": Paper.IN_PROCESS,
    "sedang proses": Paper.IN_PROCESS,
    "sementara proses": Paper.IN_PROCESS,
    "sedang diurus": Paper.IN_PROCESS,
}
HALAL_STATES = STATES | {
    "tidak wajib": Paper.NOT_REQUIRED,
    "non halal": Paper.NON_HALAL,
    "tidak halal": Paper.NON_HALAL,
}
NEVER = {"belum pernah", "tidak pernah", "blm pernah"}


def first_of(found, text):
    """The choice of the first list whose words stand in `text`; None for none."""
    words = set(re.split(r"[^a-z]+", text.lower()))
    return next((choice for choice, known in found if words & set(known.split())), None)


def line_of_business(cell, desk):
    """(Line, the words of the office): what fits no line is "other", in its own words."""
    text = values.text_of(cell) or ""
    if not text:
        return None
    return LINES.find(text) or first_of(LINE_WORDS, text) or Line.OTHER, text


def is_known_line(text):
    return bool(LINES.find(text) or first_of(LINE_WORDS, text))


def channels(cell, desk):
    """The sales channels in a cell, by their labels; commas may stand inside of one."""
    left, found = folded(values.text_of(cell) or ""), []
    for label in sorted(CHANNELS.known, key=len, reverse=True):
        pattern = rf"(?<![^\s,;/]){re.escape(label)}(?![^\s,;/])"
        if re.search(pattern, left):
            left = re.sub(pattern, "", left)
            found.append(CHANNELS.known[label])
    if rest := left.strip(" ,;/"):
        CHANNELS.reader("unknown_channel")(rest, desk)
    return [c for c in Enterprise.Channel.values if c in found]


def paper(parse, states):
    """A reader of (status, number); status "" for a paper that is there without its number."""

    def read(cell, desk):
        if values.is_nothing(cell):
            return None
        if isinstance(cell, int | float) and abs(cell) >= MOST_DIGITS:
            raise ValidationError(
                _("Excel kept this as a number, and its last digits are lost. Type it anew."),
                "number_lost_digits",
            )
        text = values.code_of(cell)
        if (word := folded(text).strip(" .!")) in HAVE:
            return "", ""
        return (states[word], "") if word in states else (Paper.HELD, parse(text))

    return read


nib, pirt, halal = (
    paper(parse_nib, STATES),
    paper(parse_pirt, STATES),
    paper(parse_halal, HALAL_STATES),
)


def support(cell, desk):
    """What an enterprise received, in the office's words; "" for nothing."""
    text = "" if values.is_nothing(cell) else values.text_of(cell) or ""
    return "" if folded(text) in NEVER else text


def year_in_scale(cell, desk):
    """The year in the column of a list that was taken out: "mikro (2025)"."""
    found = re.search(r"\(([0-9]{4})\)", values.text_of(cell) or "")
    return int(found[1]) if found else None
