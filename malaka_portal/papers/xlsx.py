"""A sheet as XLSX: the same table, ready to be printed and to be worked on.

No value becomes a formula or a link, whatever it begins with; identifiers and telephone numbers are
texts, so that no digit is lost.
"""

import io
from datetime import date

from django.utils.translation import gettext as _
from reportlab.lib.units import mm as POINTS_PER_MM
from xlsxwriter import Workbook

from malaka_portal.papers.pdf import picture
from malaka_portal.papers.sheet import COUNT, DATE, MARK, MONEY, NUMBERS, ORDINAL, Section

FIRST_DAY = date(1900, 3, 1)  # Excel believes in 29 February 1900
CHARACTERS_PER_MM = 0.55
LONGEST_FOOT = 200
LINE = 13  # points
LEAST = {MONEY: 17, DATE: 11, COUNT: 6}  # letters, or Excel shows ##### for a value
SHRINKAGE = 0.87  # of a sheet that is made to fit the width of its page
OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def as_xlsx(sheet):
    """The bytes of the workbook."""
    buffer = io.BytesIO()
    with Workbook(buffer, OPTIONS) as book:
        book.set_properties({"title": sheet.title, "author": "Portal Malaka"})
        Writer(book, sheet).write()
    return buffer.getvalue()


def characters(column):
    """How wide the column is, in letters."""
    width = max(column.width * 0.8, 22) if column.stack else column.width  # in print they share it
    return max(width * CHARACTERS_PER_MM, LEAST.get(column.kind, 4.5))


def heading_height(column):
    """Points that the heading takes, its words broken as the column is wide."""
    if column.upright:
        return 80
    lines = sum(1 + len(word) // characters(column) for word in str(column.label).split())
    return min(lines, 1 + 1.5 * len(str(column.label)) // characters(column)) * LINE + 4


class Writer:
    def __init__(self, book, sheet):
        self.sheet, self.book = sheet, book
        self.page = book.add_worksheet(_("Paper"))
        self.last = len(sheet.columns) - 1
        self.at = 0  # the next row
        self.formats = {}

    def write(self):
        self.widths()
        self.letterhead()
        self.across(self.sheet.title, bold=True, font_size=12, align="center")
        for line in self.sheet.lines:
            self.across(line, align="center")
        self.at += 1
        top = self.at
        self.heading()
        for row in self.sheet.rows:
            self.row(row)
        if not self.sheet.rows:
            self.across(self.sheet.empty_text, border=1)
        if self.sheet.totals:
            self.row(self.sheet.totals, bold=True)
        for note in self.sheet.notes:
            self.across(note, italic=True, font_size=8)
        self.signatures()
        self.set_page(top)

    def format(self, **properties):
        key = tuple(sorted(properties.items()))
        if key not in self.formats:
            self.formats[key] = self.book.add_format({"font_name": "Arial"} | properties)
        return self.formats[key]

    def across(self, text, **properties):
        """A line as wide as the table."""
        style = self.format(text_wrap=True, valign="vcenter", **properties)
        lines = -(-len(str(text)) // int(self.wide))  # Excel fits no height to a merged cell
        if lines > 1:
            self.page.set_row(self.at, lines * LINE)
        self.merge(self.at, 0, self.at, self.last, text, style)
        self.at += 1

    def merge(self, top, left, bottom, right, text, style):
        """One cell of all these, with a text that stays a text."""
        if (top, left) != (bottom, right):
            self.page.merge_range(top, left, bottom, right, "", style)
        self.page.write_string(top, left, str(text), style)

    def widths(self):
        for at, column in enumerate(self.sheet.columns):
            self.page.set_column(at, at, characters(column))

    @property
    def wide(self):
        """How many letters fit into a line across the table."""
        return max(sum(characters(column) for column in self.sheet.columns), 20)

    def letterhead(self):
        head = self.sheet.letterhead
        if head is None:
            return
        first = self.at
        if head.institution:
            self.across(head.institution, bold=True, font_size=11, align="center")
        self.across(head.office, bold=True, font_size=14, align="center")
        for line in head.lines:
            self.across(line, align="center", font_size=9)
        logo = picture(head.logo) if head.logo else None
        if logo:
            self.draw_logo(head, first)
        for at in range(self.last + 1):
            self.page.write_blank(self.at, at, None, self.format(top=5))
        self.at += 1

    def draw_logo(self, head, row):
        with head.logo.open("rb") as content:
            data = io.BytesIO(content.read())
        if head.logo.name.endswith(".webp"):
            return  # Excel shows none
        height = picture(head.logo).getSize()[1]
        scale = 60 / max(height, 1)
        self.page.insert_image(
            row, 0, "logo", {"image_data": data, "x_scale": scale, "y_scale": scale}
        )

    def heading(self):
        """One line of headings, or two where columns share one."""
        groups = self.sheet.groups
        two = any(label for label, _columns in groups)
        at, top = 0, self.at
        for label, columns in groups:
            right = at + len(columns) - 1
            if label:
                self.merge(top, at, top, right, label, self.head_style())
            for column in columns:
                style = self.head_style(upright=column.upright)
                self.merge(
                    top + 1 if label else top,
                    at,
                    top + 1 if two else top,
                    at,
                    column.label,
                    style,
                )
                at += 1
        self.at = top + (2 if two else 1)
        self.page.set_row(self.at - 1, max(map(heading_height, self.sheet.columns)))
        self.page.freeze_panes(self.at, 0)

    def head_style(self, *, upright=False):
        turned = {"rotation": 90} if upright else {}
        return self.format(
            bold=True,
            border=1,
            bg_color="#E6E6E6",
            text_wrap=True,
            align="center",
            valign="vcenter",
            font_size=9,
            **turned,
        )

    def row(self, row, *, bold=False):
        if isinstance(row, Section):
            self.across(row.text, bold=True, border=1, bg_color="#F3F3F3", font_size=9)
            return
        if self.sheet.row_height and not bold:
            self.page.set_row(self.at, self.sheet.row_height * POINTS_PER_MM / SHRINKAGE)
        for at, (column, value) in enumerate(zip(self.sheet.columns, row, strict=True)):
            self.cell(at, column, value, bold)
        self.at += 1

    def cell(self, at, column, value, bold):
        style = self.cell_style(column.kind, bold)
        if value is None or value == "":
            self.page.write_blank(self.at, at, None, style)
        elif isinstance(value, date) and value >= FIRST_DAY:
            self.page.write_datetime(self.at, at, value, style)
        elif column.kind in (*NUMBERS, ORDINAL):
            self.page.write_number(self.at, at, value, style)
        else:
            self.page.write_string(self.at, at, str(value), style)

    def cell_style(self, kind, bold):
        more = {"bold": True, "bg_color": "#E6E6E6"} if bold else {}
        if kind in NUMBERS:
            more["num_format"] = "#,##0"
        elif kind == DATE:
            more |= {"num_format": "dd-mm-yyyy", "align": "center"}
        elif kind in (MARK, ORDINAL):
            more["align"] = "center"
        else:
            more["num_format"] = "@"
        return self.format(border=1, valign="top", text_wrap=True, font_size=9, **more)

    def signatures(self):
        """The office at the right, whoever signs beside it at the left."""
        self.at += 1
        top = self.at
        # the block of one is a third of the columns
        third = max((self.last + 1) // 3, 1)
        for number, signature in enumerate(reversed(self.sheet.signatures)):
            left, right = (0, third - 1) if number else (self.last - third + 1, self.last)
            lines = [signature.opening, signature.office, "", "", ""]
            lines += [signature.name or "." * 40, *signature.below]
            for step, text in enumerate(lines):
                bold = {"bold": True} if step == 5 else {}
                style = self.format(align="center", text_wrap=True, valign="top", **bold)
                self.merge(top + step, left, top + step, right, text, style)
            if len(signature.office) > 40:
                self.page.set_row(top + 1, 28)
            self.at = max(self.at, top + len(lines))

    def set_page(self, top):
        page = self.page
        page.set_paper(9)  # A4
        if self.sheet.landscape:
            page.set_landscape()
        page.fit_to_pages(1, 0)
        page.set_margins(left=0.45, right=0.45, top=0.45, bottom=0.6)
        page.repeat_rows(top, top + (2 if any(label for label, _c in self.sheet.groups) else 1) - 1)
        page.print_area(0, 0, max(self.at - 1, 0), self.last)
        foot = self.sheet.foot[:LONGEST_FOOT].replace("&", "&&")
        place = _("Page %(number)s of %(count)s") % {"number": "&P", "count": "&N"}
        page.set_footer(f"&L&8{foot}&R&8{place}")
