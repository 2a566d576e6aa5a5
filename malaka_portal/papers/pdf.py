"""A sheet as PDF: A4, the letterhead on the first page, the table's heading on every one."""

import io

from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from malaka_portal.papers.table import INK, LEADING, PrintedTable
from malaka_portal.papers.typesetting import BOLD, REGULAR, plain_text, shortened, width_of, wrap

PDF_TYPE = "application/pdf"
SIDE, TOP, BOTTOM = 12 * mm, 11 * mm, 16 * mm
FOOT = 9 * mm
LOGO = 19 * mm
SIGNATURE = 78 * mm  # how wide the block of one who signs is
HAND = 15 * mm  # room for the signature itself
RUNNING = 6 * mm  # the line above the table on later pages
TEXT = 9
SMALL = 7.5


def as_pdf(sheet):
    """The bytes of the paper."""
    return Print(sheet).write()


class Print:
    def __init__(self, sheet):
        self.sheet = sheet
        self.width, self.height = landscape(A4) if sheet.landscape else A4
        self.inner = self.width - 2 * SIDE
        self.title = plain_text(sheet.title)
        self.lines = [plain_text(line) for line in sheet.lines]
        tallest = self.height - TOP - BOTTOM - RUNNING - 60 * mm  # beside heading and signatures
        self.table = PrintedTable(sheet, SIDE, self.inner, tallest)
        self.notes = [
            line
            for note in sheet.notes
            for line in wrap(plain_text(note), REGULAR, SMALL, self.inner)
        ]

    def write(self):
        buffer = io.BytesIO()
        canvas = Canvas(buffer, pagesize=(self.width, self.height), lang="id")
        canvas.setTitle(self.title)
        canvas.setAuthor("Portal Malaka")
        pages = self.paginate()
        for number, rows in enumerate(pages, 1):
            y = self.draw_top(canvas, number)
            if rows:
                y = self.table.draw_head(canvas, y)
            for row in rows:
                y = self.table.draw_row(canvas, row, y)
            if number == len(pages):
                self.draw_tail(canvas, y)
            self.draw_foot(canvas, number, len(pages))
            canvas.showPage()
        canvas.save()
        return buffer.getvalue()

    # --- pages ---
    def paginate(self):
        """The rows of each page. None is split; a section is never the last on its page, the total
        never the first, and the signatures never stand alone on one: the last row goes along."""
        rows = self.table.rows
        whole = self.height - BOTTOM - self.table.head_height
        room, pages = whole - TOP - self.top_height(), [[]]
        later = whole - TOP - RUNNING
        for at, row in enumerate(rows):
            before_total = bool(self.sheet.totals) and at == len(rows) - 2
            follows = at + 1 < len(rows) and (row.is_section or before_total)
            if row.height + (rows[at + 1].height if follows else 0) > room and pages[-1]:
                pages.append([])
                room = later
            pages[-1].append(row)
            room -= row.height
        if self.tail_height() > room:
            along = 2 if self.sheet.totals else 1
            kept, moved = pages[-1][:-along], pages[-1][-along:]
            if not kept or kept[-1].is_section:
                kept, moved = pages[-1], []
            pages[-1:] = [kept, moved]
        return pages

    # --- above the table ---
    def top_height(self):
        lines = len(self.lines) * TEXT * 1.35
        return self.head_height() + 15 + lines + 3 * mm

    def head_height(self):
        head = self.sheet.letterhead
        if head is None:
            return 0
        lines = sum(size * 1.3 for _text, _font, size in self.head_lines(head))
        return max(lines, LOGO if head.logo else 0) + 7 * mm

    def head_lines(self, head):
        """(text, font, size) of the lines of the letterhead; long ones are set smaller."""
        room = self.inner - (2 * LOGO if head.logo else 0)
        wanted = [(head.institution, BOLD, 11), (head.office, BOLD, 14)]
        wanted += [(line, REGULAR, TEXT) for line in head.lines]
        for text, font, size in wanted:
            if text:
                text = plain_text(text)
                wide = width_of(text, font, size)
                yield text, font, size * min(1, room / wide)

    def draw_top(self, canvas, number):
        """Draws what stands above the table; gives where the table begins."""
        y = self.height - TOP
        canvas.setFillColor(INK)
        if number > 1:
            running = " · ".join([self.title, *self.lines])
            canvas.setFont(REGULAR, SMALL)
            text = shortened(running, REGULAR, SMALL, self.inner)
            canvas.drawString(SIDE, y - SMALL, text)
            return y - RUNNING
        y = self.draw_letterhead(canvas, y)
        canvas.setFont(BOLD, 12)
        y -= 12
        canvas.drawCentredString(self.width / 2, y, self.title)
        y -= 3
        canvas.setFont(REGULAR, TEXT)
        for line in self.lines:
            y -= TEXT * 1.35
            text = shortened(line, REGULAR, TEXT, self.inner)
            canvas.drawCentredString(self.width / 2, y, text)
        return y - 3 * mm

    def draw_letterhead(self, canvas, y):
        head = self.sheet.letterhead
        if head is None:
            return y
        bottom = y - self.head_height() + 7 * mm
        logo = picture(head.logo) if head.logo else None
        if logo:
            size = {"width": LOGO, "height": LOGO, "preserveAspectRatio": True}
            canvas.drawImage(logo, SIDE, (y + bottom - LOGO) / 2, mask="auto", **size)
        for text, font, size in self.head_lines(head):
            canvas.setFont(font, size)
            y -= size * 1.3
            canvas.drawCentredString(self.width / 2, y + size * 0.3, text)
        canvas.setStrokeColor(INK)
        for line_width, below in ((1.6, 1.6 * mm), (0.5, 2.6 * mm)):
            canvas.setLineWidth(line_width)
            canvas.line(SIDE, bottom - below, self.width - SIDE, bottom - below)
        return bottom - 7 * mm

    # --- below the table ---
    def tail_height(self):
        notes = len(self.notes) * SMALL * LEADING + (2 * mm if self.notes else 0)
        return notes + self.signatures_height()

    def signatures_height(self):
        if not self.sheet.signatures:
            return 0
        return max(self.signature_height(signature) for signature in self.sheet.signatures)

    def signature_height(self, signature):
        lines = 2 + len(self.office_lines(signature)) + len(signature.below)
        return 4 * mm + lines * TEXT * 1.3 + HAND

    def office_lines(self, signature):
        return wrap(plain_text(signature.office), REGULAR, TEXT, SIGNATURE)

    def draw_tail(self, canvas, y):
        canvas.setFillColor(INK)
        if self.notes:
            y -= 2 * mm
            canvas.setFont(REGULAR, SMALL)
            for line in self.notes:
                y -= SMALL * LEADING
                canvas.drawString(SIDE, y, line)
        most = max((len(self.office_lines(s)) for s in self.sheet.signatures), default=0)
        for at, signature in enumerate(reversed(self.sheet.signatures)):
            # the office at the right, whoever signs beside it at the left
            inwards = SIDE + SIGNATURE / 2 + (6 * mm if self.sheet.landscape else 0)
            x = inwards if at else self.width - inwards
            self.draw_signature(canvas, signature, x, y - 4 * mm, most)

    def draw_signature(self, canvas, signature, x, y, office_lines):
        canvas.setFont(REGULAR, TEXT)
        step = TEXT * 1.3
        y -= step
        canvas.drawCentredString(x, y, plain_text(signature.opening))
        for at, line in enumerate(self.office_lines(signature)):
            canvas.drawCentredString(x, y - (at + 1) * step, line)
        y -= office_lines * step + HAND + step
        name = plain_text(signature.name)
        if name:
            canvas.setFont(BOLD, TEXT)
            name = shortened(name, BOLD, TEXT, SIGNATURE)
            canvas.drawCentredString(x, y, name)
        half = max(width_of(name, BOLD, TEXT), 0 if name else 55 * mm) / 2
        canvas.setLineWidth(0.6)
        canvas.setStrokeColor(INK)
        canvas.line(x - half, y - 1.6, x + half, y - 1.6)
        canvas.setFont(REGULAR, TEXT)
        for line in signature.below:
            y -= step
            canvas.drawCentredString(x, y, plain_text(line))

    def draw_foot(self, canvas, number, count):
        canvas.setFont(REGULAR, SMALL)
        canvas.setFillColor(INK)
        place = plain_text(_("Page %(number)d of %(count)d") % {"number": number, "count": count})
        canvas.drawRightString(self.width - SIDE, FOOT, place)
        room = self.inner - 35 * mm
        canvas.drawString(SIDE, FOOT, shortened(plain_text(self.sheet.foot), REGULAR, SMALL, room))


def picture(file):
    """The picture of a stored file; None when it is gone, for a paper without arms is one too."""
    try:
        with file.open("rb") as content:
            return ImageReader(io.BytesIO(content.read()))
    except (OSError, ValueError):
        return None
