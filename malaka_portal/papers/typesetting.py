"""Letters and lines: what the papers' font can show, and where a text breaks."""

import unicodedata

from reportlab.pdfbase.pdfmetrics import stringWidth

REGULAR, BOLD = "Helvetica", "Helvetica-Bold"
BREAKABLE = "-/.,_"  # a long number breaks after one of these rather than anywhere
_widths = {}  # of words; bounded, for names come and go
MOST_WIDTHS = 50_000


def plain_text(text):
    """What the papers' font can show; another letter becomes a question mark."""
    composed = unicodedata.normalize("NFC", str(text))
    return composed.encode("cp1252", "replace").decode("cp1252")


def width_of(text, font, size):
    """Points."""
    key = (text, font)
    found = _widths.get(key)
    if found is None:
        if len(_widths) > MOST_WIDTHS:
            _widths.clear()
        found = _widths[key] = stringWidth(text, font, 1)
    return found * size


def wrap(text, font, size, width):
    """The lines of `text` (plain) in a column of so many points. A word that is too long is broken
    after a hyphen or a slash, else where the column ends."""
    lines = []
    for paragraph in text.splitlines() or [""]:
        if width_of(paragraph, font, size) <= width:
            lines.append(paragraph)
            continue
        line = ""
        for word in paragraph.split():
            longer = f"{line} {word}" if line else word
            if stringWidth(longer, font, size) <= width:
                line = longer
                continue
            if line:
                lines.append(line)
            *full, line = broken(word, font, size, width)
            lines += full
        lines.append(line)
    return lines


def broken(word, font, size, width):
    """`word` in pieces that fit."""
    pieces = []
    while width_of(word, font, size) > width and len(word) > 1:
        fits = len(word) - 1
        while fits > 1 and stringWidth(word[:fits], font, size) > width:
            fits -= 1
        soft = max((word.rfind(sign, 0, fits) + 1 for sign in BREAKABLE), default=0)
        at = soft if soft > fits // 3 else fits
        pieces.append(word[:at])
        word = word[at:]
    return [*pieces, word]


def shortened(text, font, size, width):
    """`text`, cut where it would run into what stands beside it."""
    while text and stringWidth(text, font, size) > width:
        text = text.rstrip("…")[:-1] + "…" if len(text) > 1 else ""
    return text
