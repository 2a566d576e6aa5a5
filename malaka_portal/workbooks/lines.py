"""What a line of a sheet looks like that holds no record: totals, signatures, numbers of columns.

Each function looks at the values of one line, as (column, cell), and never at what they mean in the
table. Where it may be a record they say no.
"""

import re
from itertools import pairwise

from django.core.exceptions import ValidationError

from malaka_portal.parsing import parse_rupiah
from malaka_portal.workbooks.headings import fold

_MARK = re.compile(r"[\s\-–—_.…:=*/|\\]+")
_SERIAL = re.compile(r"[0-9]{1,6}[.)]?[a-z]?", re.IGNORECASE)
_COLUMN_NUMBER = re.compile(r"[(\[]?([0-9]{1,3}|[a-z])(?:\s*=[^)\]]*)?[)\].]?", re.IGNORECASE)
_TOTAL = re.compile(r"(?:(?:sub|grand) ?)?(?:jumlah|total|jml|subtotal)((?: \w+)*)")
_PLACES = r"kecamatan|kec|kabupaten|kab|desa|kelurahan|kel"
_TOTAL_WORDS = re.compile(
    r"(?: (?:jumlah|total|keseluruhan|seluruhnya|seluruh|semua|anggota|koperasi|umkm|simpanan"
    r"|peserta|dipindahkan|pindahan|sementara|akhir|halaman|ini|rp|rupiah|orang|l|p|dan|besar|data|pokok"
    rf"|modal|aset|{_PLACES}|[0-9]+)| (?:{_PLACES}) .*)*"
)
_SECTION = re.compile(rf"(?:{_PLACES}|provinsi|catatan|keterangan|sumber|nb|halaman|lampiran)\b.*")
_SIGNING = re.compile(
    r"(?:a n |atas nama )?(mengetahui|menyetujui|diketahui|disetujui|diperiksa|disahkan|dibuat"
    r"|yang membuat|ketua|wakil ketua|sekretaris|bendahara|manajer|manager|pengurus|pengawas"
    r"|petugas|kepala (?:dinas|bidang|desa|seksi|uptd|badan)|camat|lurah|bupati|plt|nip|ttd"
    r"|tanda tangan|hormat kami|penanggung jawab|pembina|panitia)\b.*"
)
_PLACE_AND_DATE = re.compile(r"[^\W\d]{3,}[^\d,]*,(?:[^,]*\b(?:19|20)[0-9]{2}|[\s._…-]*)")
_DATE = "date"
_SIGNERS = 4  # people beside each other under a table
_GREATEST_SUM = 10**14  # from here on a number is an identity, not a sum


def folded(values):
    """The texts of a line, folded."""
    return {fold(cell) for _c, cell in values if isinstance(cell, str)}


def is_mark(cell):
    """Whether the cell has only dashes, dots or a line to write on."""
    return isinstance(cell, str) and _MARK.fullmatch(cell) is not None


def is_serial(row, position):
    """Whether the line is numbered: 7, "7", "7." or "7a" in the column for it."""
    cell = row[position] if position < len(row) else None
    if isinstance(cell, str):
        return _SERIAL.fullmatch(cell.strip()) is not None
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def is_wording(cell):
    return isinstance(cell, str) and re.search(r"[^\W\d]{3}", cell) is not None


def is_figure(cell):
    """Whether the cell can be a sum: a number, or an amount with its marks ("Rp 1.500", "2 jt")."""
    if isinstance(cell, bool):
        return False
    if isinstance(cell, int | float):
        return abs(cell) < _GREATEST_SUM
    if not isinstance(cell, str) or re.fullmatch(r"\+?\s*0[0-9 -]+|[0-9]{9,}|\+.*", cell.strip()):
        return False  # telephones, identity and member numbers
    try:
        parse_rupiah(cell)
    except ValidationError:
        return False
    return True


def may_be_record(values, serial, width):
    """Whether a line above the heading may be a record, by its number or by how full it is."""
    cells = dict(values)
    if any(isinstance(cell, str) and cell.rstrip().endswith(":") for cell in cells.values()):
        return False
    numbered = serial in cells and is_serial([cells[serial]], 0)
    return (numbered and len(cells) > 1) or len(cells) >= max(4, width / 2)


def are_column_numbers(values, width):
    """(1) (2) (3) or a b c under the heading, without a gap."""
    if len(values) < max(3, width / 2):
        return False
    found = [_COLUMN_NUMBER.fullmatch(str(cell).strip()) for _c, cell in values]
    if not all(found):
        return False
    texts = [match[1].lower() for match in found]
    if all(text.isdecimal() for text in texts):
        places = [int(text) for text in texts]
    else:
        places = [ord(text) - ord("a") + 1 for text in texts if not text.isdecimal()]
    return (
        len(places) == len(texts)
        and places[0] == 1
        and all(b - a == 1 for a, b in pairwise(places))
    )


def repeats_header(values, headings, names):
    """The heading once more, at the top of a printed page; either of its levels."""
    if not all(isinstance(cell, str) for _c, cell in values):
        return False
    own = sum(
        c < len(headings) and fold(cell) in map(fold, headings[c].parts) for c, cell in values
    )
    known = sum(fold(cell) in names for _c, cell in values)
    return own == len(values) >= 2 or (own >= 2 and known == len(values) >= 3)


def is_total(values, recent):
    """ "JUMLAH" alone, or with nothing but sums, in columns where the records have figures."""
    figures = [(c, cell) for c, cell in values if is_figure(cell)]
    texts = [cell for c, cell in values if not is_figure(cell)]
    if len(texts) != 1 or not isinstance(texts[0], str):
        return False
    found = _TOTAL.fullmatch(fold(texts[0]))
    if not found or not _TOTAL_WORDS.fullmatch(found[1]):
        return False
    return all(_seen(recent, c, is_figure) for c, _cell in figures)


def _seen(recent, c, test):
    return any(c < len(row) and test(row[c]) for row in recent)


def is_section(c, cell, serial, recent):
    """The title of a part of the table: "Kecamatan Wewiku" where the number or the name belongs.

    Words in the column of the numbers, or left of it, are always one.
    """
    if serial is not None and c <= serial:
        return is_wording(cell)
    if c > (serial or 0) + 1 or (serial is None and not recent):
        return False
    return _names_a_part(cell) and not _seen(recent, c, _names_a_part)


def _names_a_part(cell):
    return isinstance(cell, str) and _SECTION.fullmatch(fold(cell)) is not None


def is_signature(values, serial, recent):
    """Places with dates and offices, beside each other, where the records have no such thing.

    Where records are numbered, a place and date alone is no record: births stand in one column too.
    """
    if len(values) > _SIGNERS:
        return False
    if serial is not None and len(values) == 1 and _signs(values[0][1]) == _DATE:
        return True
    return all(_signs(cell) and not _repeats(cell, c, recent) for c, cell in values)


def _signs(cell):
    """The word by which a cell is part of a signature, _DATE for a place with a date, or None."""
    if not isinstance(cell, str):
        return None
    found = _SIGNING.fullmatch(fold(cell))
    return found[1] if found else _DATE if _PLACE_AND_DATE.fullmatch(cell.strip()) else None


def _repeats(cell, c, recent):
    """Whether records say such things here: the same word, or mostly offices."""
    here = [_signs(row[c]) for row in recent if c < len(row)]
    offices = [word for word in here if word and word != _DATE]
    return _signs(cell) in here or 2 * len(offices) > len(here)


def is_signed(values, columns):
    """The names under the signatures: words in no other columns than these."""
    return all(c in columns and is_wording(cell) for c, cell in values)
