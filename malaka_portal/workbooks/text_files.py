"""CSV and its kin, as spreadsheet programs write them: the encoding and the separator found here.

Rows are records: a quoted cell may have several lines, and is one row, as Excel shows it.
"""

import codecs
import csv
import io
import re
from collections import Counter

from malaka_portal.workbooks import limits
from malaka_portal.workbooks.refused import Refused

SEPARATORS = ";,\t|"
SAMPLE = 64 * 1024  # bytes
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# what no text has; whoever saves from an old program may end with the sign for "end of file"
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x19\x1b-\x1f]")
_SEPARATOR_LINE = re.compile(r"sep=([;,\t|])\r?\n", re.IGNORECASE)


def rows_of(file):
    """Rows of texts, as Excel numbers them, from an open binary file. Raises `Refused`."""
    encoding = encoding_of(file)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    separator = _announced_separator(text) or separator_of(_sample(file, encoding))
    _go_to_first_row(text)
    rows = csv.reader(text, delimiter=separator, strict=True)
    line = 0
    try:
        for row in rows:
            line = rows.line_num
            if line > limits.LINES:
                raise Refused("file_too_heavy")
            yield row
    except csv.Error:
        raise Refused("file_quotes", line=line + 1) from None
    finally:
        text.detach()


def encoding_of(file):
    """The encoding in which all of the file is text: by its mark, else UTF-16, UTF-8, cp1252."""
    head = file.read(SAMPLE)
    for encoding in _encodings(head):
        if _is_text(file, encoding):
            return encoding
    raise Refused("file_not_spreadsheet")


def _encodings(head):
    for mark, encoding in _MARKS:
        if head.startswith(mark):
            return [encoding]
    if b"\0" in head:  # letters of ours have an empty half in UTF-16
        half = len(head) // 4
        little, big = head[1::2].count(0) > half, head[0::2].count(0) > half
        return ["utf-16-le"] if little else ["utf-16-be"] if big else []
    return ["utf-8", "cp1252"]


def _is_text(file, encoding):
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(1024 * 1024):
            if _NOT_TEXT.search(decoder.decode(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _sample(file, encoding):
    """The first whole lines of the file."""
    place = file.tell()
    file.seek(0)
    text = codecs.getincrementaldecoder(encoding)().decode(file.read(SAMPLE))
    file.seek(place)
    whole = text.rpartition("\n")[0]
    return whole or text


def _announced_separator(text):
    """Excel takes a first line `sep=;` for a hint and does not show it."""
    found = _SEPARATOR_LINE.match(text.readline(16))
    return found and found[1]


def _go_to_first_row(text):
    text.seek(0)
    if not _SEPARATOR_LINE.match(text.readline(16)):
        text.seek(0)


def separator_of(sample):
    """The separator that parts most lines into equally many cells; a comma where none does."""
    return max(SEPARATORS, key=lambda separator: _evenness(sample, separator), default=",")


def _evenness(sample, separator):
    try:
        rows = list(csv.reader(io.StringIO(sample, newline=""), delimiter=separator))
    except csv.Error:
        return (0, 0)
    widths = Counter(len(row) for row in rows if len(row) > 1)
    if not widths:
        return (0, separator == ",")
    width, lines = max(widths.items(), key=lambda item: (item[1], item[0]))
    return (lines, width)
