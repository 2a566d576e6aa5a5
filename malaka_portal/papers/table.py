"""A sheet's table laid out for print: how wide its columns are, how high its rows, what is where.

Drawn on the canvas itself: a paragraph object for each cell costs a thousand rows six seconds.
"""

import re
from dataclasses import dataclass

from reportlab.lib.colors import HexColor
from reportlab.lib.units import mm

from malaka_portal.papers.sheet import (
    DATE,
    MARK,
    NUMBERS,
    ORDINAL,
    THUMB,
    PaperColumn,
    Section,
    neighbours,
)
from malaka_portal.papers.typesetting import BOLD, REGULAR, plain_text, width_of, wrap

INK, GRID = HexColor("#1A1A1A"), HexColor("#5A5A5A")
HEAD_FILL, SECTION_FILL, THUMB_LINE = HexColor("#E6E6E6"), HexColor("#F3F3F3"), HexColor("#B5B5B5")
PAD = 1.2 * mm
LEADING = 1.2  # of the size of the letters
TALLEST_UPRIGHT = 17 * mm
CENTRED = (DATE, MARK, ORDINAL, THUMB)
UNBROKEN = (*NUMBERS, DATE, MARK, ORDINAL)  # set smaller rather than on two lines


@dataclass(frozen=True)
class Printed:
    """A column of the print: one column of the sheet, or several in a stack."""

    columns: list[PaperColumn]
    at: int  # where the first of them stands in a row
    x: float
    width: float

    @property
    def kind(self):
        return self.columns[0].kind

    @property
    def upright(self):
        return self.columns[0].upright

    @property
    def is_unbroken(self):
        return self.kind in UNBROKEN and len(self.columns) == 1

    @property
    def inner(self):
        return self.width - 2 * PAD

    @property
    def label(self):
        return "\n".join(plain_text(column.label) for column in self.columns)

    def text(self, row):
        """What is printed of `row`; in a stack, blanks without a prefix take no line."""
        shown = [
            plain_text(column.show(value))
            for column, value in zip(
                self.columns, row[self.at : self.at + len(self.columns)], strict=True
            )
        ]
        return shown[0] if len(shown) == 1 else "\n".join(filter(None, shown))


@dataclass(frozen=True)
class Laid:
    """A row with its lines, ready to be drawn. `across`: one cell as wide as the table."""

    height: float
    cells: list[list[str]]
    across: bool = False
    bold: bool = False
    fill: object = None
    is_section: bool = False


class PrintedTable:
    """The table of `sheet`, from `x` on and `width` wide, all in points."""

    def __init__(self, sheet, x, width, tallest):
        self.sheet, self.x, self.width, self.tallest = sheet, x, width, tallest
        self.size, self.leading = sheet.size, sheet.size * LEADING
        self.head_size = sheet.size - 0.5
        self.printed = list(self.columns())
        self.rows = [self.laid(row) for row in sheet.rows] or [self.empty()]
        if sheet.totals:
            self.rows.append(self.laid(sheet.totals, bold=True, fill=HEAD_FILL))
        self.lay_head()

    def columns(self):
        stacks = [same for _stack, same in neighbours(self.sheet.columns, "stack")]
        whole = sum(same[0].width for same in stacks)
        at, x = 0, self.x
        for same in stacks:
            width = self.width * same[0].width / whole
            yield Printed(same, at, x, width)
            at, x = at + len(same), x + width

    # --- rows ---
    def laid(self, row, bold=False, fill=None):
        if isinstance(row, Section):
            lines = wrap(plain_text(row.text), BOLD, self.size, self.width - 2 * PAD)
            height = len(lines) * self.leading + 2 * PAD
            return Laid(height, [lines], True, True, SECTION_FILL, is_section=True)
        font = BOLD if bold else REGULAR
        cells = [self.lines(printed, printed.text(row), font) for printed in self.printed]
        height = max(map(len, cells)) * self.leading + 2 * PAD
        if not bold:
            height = max(height, self.sheet.row_height * mm)
        return Laid(min(height, self.tallest), cells, bold=bold, fill=fill)

    def lines(self, printed, text, font):
        if not text:
            return []
        if printed.is_unbroken:
            return [text]
        return wrap(text, font, self.size, printed.inner)

    def empty(self):
        return Laid(self.leading + 4 * PAD, [[plain_text(self.sheet.empty_text)]], across=True)

    def draw_row(self, canvas, row, top):
        """Draws it with its upper edge at `top`; gives the lower edge."""
        bottom = top - row.height
        if row.fill:
            canvas.setFillColor(row.fill)
            canvas.rect(self.x, bottom, self.width, row.height, stroke=0, fill=1)
        self.grid(canvas, top, bottom, [] if row.across else self.printed)
        canvas.setFillColor(INK)
        font = BOLD if row.bold else REGULAR
        if row.across:
            canvas.setFont(font, self.size)
            self.draw_lines(canvas, row.cells[0], self.x + PAD, top)
            return bottom
        most = int((row.height - 2 * PAD) / self.leading + 0.01)
        for printed, lines in zip(self.printed, row.cells, strict=True):
            if printed.kind == THUMB and not row.bold:
                self.draw_thumb(canvas, printed, top, bottom)
            elif lines:
                if len(lines) > most:  # a row is no higher than a page: say that there is more
                    lines = [*lines[: most - 1], "…"]
                self.draw_cell(canvas, printed, lines, top, font)
        return bottom

    def draw_cell(self, canvas, printed, lines, top, font):
        size = self.size
        if printed.is_unbroken:
            wide = width_of(lines[0], font, size)
            size = size * min(1, printed.inner / wide) if wide else size
        canvas.setFont(font, size)
        if printed.kind in NUMBERS and len(printed.columns) == 1:
            x, draw = printed.x + printed.width - PAD, canvas.drawRightString
        elif printed.kind in CENTRED:
            x, draw = printed.x + printed.width / 2, canvas.drawCentredString
        else:
            x, draw = printed.x + PAD, canvas.drawString
        self.draw_lines(canvas, lines, x, top, draw)

    def draw_lines(self, canvas, lines, x, top, draw=None):
        draw = draw or canvas.drawString
        y = top - PAD - self.size * 0.82
        for line in lines:
            draw(x, y, line)
            y -= self.leading

    def draw_thumb(self, canvas, printed, top, bottom):
        """A faint frame that says where to press."""
        canvas.saveState()
        canvas.setStrokeColor(THUMB_LINE)
        canvas.setDash(1.5, 1.5)
        height = top - bottom - 2 * PAD
        canvas.roundRect(printed.x + PAD, bottom + PAD, printed.inner, height, 2 * mm)
        canvas.restoreState()

    def grid(self, canvas, top, bottom, printed):
        edges = [self.x, self.x + self.width, *(column.x for column in printed[1:])]
        lines = [(x, top, x, bottom) for x in edges]
        lines += [(self.x, y, self.x + self.width, y) for y in (top, bottom)]
        canvas.setLineWidth(0.4)
        canvas.setStrokeColor(GRID)
        canvas.lines(lines)

    # --- heading, on every page ---
    def lay_head(self):
        """How high its two lines are: the common headings, and the columns' own."""
        spans = self.spans()
        own = {id(printed): self.head_need(printed) for printed in self.printed}
        grouped = [printed for label, same in spans if label for printed in same]
        alone = [printed for label, same in spans if not label for printed in same]
        self.group_height = 0
        if grouped:
            lines = max(len(self.group_lines(label, same)) for label, same in spans if label)
            self.group_height = lines * self.head_size * LEADING + 2 * PAD
        lower = max((own[id(printed)] for printed in grouped), default=0)
        whole = max((own[id(printed)] for printed in alone), default=0)
        self.head_height = max(self.group_height + lower, whole)

    def spans(self):
        """(common heading or "", the printed columns under it)."""
        found = []
        for printed in self.printed:
            label = plain_text(printed.columns[0].group)
            if label and found and found[-1][0] == label:
                found[-1][1].append(printed)
            else:
                found.append((label, [printed]))
        return found

    def group_lines(self, label, same):
        width = sum(printed.width for printed in same) - 2 * PAD
        return wrap(label, BOLD, self.head_size, width)

    def head_lines(self, printed):
        room = TALLEST_UPRIGHT if printed.upright else printed.inner
        return wrap(printed.label, BOLD, self.head_size_of(printed), room)

    def head_size_of(self, printed):
        """Smaller where the longest word would not fit: no heading is broken inside a word."""
        if printed.upright:
            return self.head_size
        words = re.sub("([-/])", r"\1 ", printed.label).split()
        widest = max((width_of(word, BOLD, self.head_size) for word in words), default=0)
        return self.head_size * min(1, (printed.inner - 0.1) / widest) if widest else self.head_size

    def head_need(self, printed):
        lines = self.head_lines(printed)
        if printed.upright:
            return max(width_of(line, BOLD, self.head_size) for line in lines) + 3 * PAD
        return len(lines) * self.head_size * LEADING + 2 * PAD

    def draw_head(self, canvas, top):
        bottom = top - self.head_height
        canvas.setFillColor(HEAD_FILL)
        canvas.rect(self.x, bottom, self.width, self.head_height, stroke=0, fill=1)
        canvas.setLineWidth(0.4)
        canvas.setStrokeColor(GRID)
        canvas.rect(self.x, bottom, self.width, self.head_height, stroke=1, fill=0)
        canvas.setFillColor(INK)
        canvas.setFont(BOLD, self.head_size)
        for label, same in self.spans():
            left, right = same[0].x, same[-1].x + same[-1].width
            canvas.line(right, top, right, bottom)
            upper = top
            if label:
                upper = top - self.group_height
                lines = self.group_lines(label, same)
                self.draw_middle(canvas, lines, (left + right) / 2, top, upper)
                canvas.line(left, upper, right, upper)
            for printed in same:
                if printed is not same[0]:
                    canvas.line(printed.x, upper, printed.x, bottom)
                self.draw_heading(canvas, printed, upper, bottom)
        return bottom

    def draw_heading(self, canvas, printed, top, bottom):
        lines = self.head_lines(printed)
        if not printed.upright:
            size = self.head_size_of(printed)
            canvas.setFont(BOLD, size)
            self.draw_middle(canvas, lines, printed.x + printed.width / 2, top, bottom)
            canvas.setFont(BOLD, self.head_size)
            return
        canvas.saveState()
        canvas.translate(printed.x + printed.width / 2, bottom + 1.5 * PAD)
        canvas.rotate(90)
        step = self.head_size * LEADING
        y = (len(lines) - 1) * step / 2 - self.head_size * 0.35
        for line in lines:
            canvas.drawString(0, y, line)
            y -= step
        canvas.restoreState()

    def draw_middle(self, canvas, lines, x, top, bottom):
        step = self.head_size * LEADING
        y = (top + bottom) / 2 + (len(lines) - 1) * step / 2 - self.head_size * 0.35
        for line in lines:
            canvas.drawCentredString(x, y, line)
            y -= step
