"""The dossier on paper: A4, to be read by the person and handed over against a signature."""

import io
from xml.sax.saxutils import escape

from django.core.files import File
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from cooperatives.models import Person
from cooperatives.reports.dossier import told_fields, told_user
from malaka_portal.changes import in_wita
from malaka_portal.changes import in_words as value_in_words
from malaka_portal.papers.typesetting import plain_text

MARGIN = 20 * mm
WIDTH = A4[0] - 2 * MARGIN
INK, MUTED, LINE = HexColor("#15233F"), HexColor("#4A5568"), HexColor("#C9CFD8")
TEXT = ParagraphStyle("text", fontName="Helvetica", fontSize=9.5, leading=13, textColor=INK)
SMALL = ParagraphStyle("small", TEXT, fontSize=8.5, leading=11.5, textColor=MUTED)
LABEL = ParagraphStyle("label", TEXT, textColor=MUTED)
TITLE = ParagraphStyle("title", TEXT, fontName="Helvetica-Bold", fontSize=17, leading=22)
SECTION = ParagraphStyle(
    "section", TEXT, fontName="Helvetica-Bold", fontSize=12.5, leading=16, spaceBefore=12,
    spaceAfter=4, keepWithNext=True,
)  # fmt: skip
RECORD = ParagraphStyle(
    "record", TEXT, fontName="Helvetica-Bold", spaceBefore=8, spaceAfter=2, keepWithNext=True
)
CLOSING = ParagraphStyle("closing", TEXT, spaceAfter=5)
LINES = TableStyle(
    [
        ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, LINE),
        ("LEFTPADDING", (0, 0), (-1, -1), 0),
        ("TOPPADDING", (0, 0), (-1, -1), 2),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
    ]
)
# Numbers and copies of the machine; the NIK has a line of its own.
UNTOLD = {"id", "version", "nik_last4", "district"}
PADDING = 6  # of reportlab's frame, in points


def as_pdf(dossier, *, by, at, reason, nik, id_checked):
    """The bytes of the paper; `nik` as it may be told: whole, masked or empty."""
    paper = Paper(dossier, in_words(told_user(by)), at)
    head = [
        (_("Name"), dossier.person.name),
        (_("NIK (KTP)"), nik or "–"),
        (_("Made by"), paper.maker),
        (_("Made at"), in_wita(at)),
        (_("Reason"), reason),
        (_("KTP of who asked"), _("checked") if id_checked else _("not checked")),
    ]
    return paper.write(
        [
            paragraph(_("All that the portal holds about you"), TITLE),
            Spacer(0, 4 * mm),
            pairs(head),
            *paper.person(),
            *(flowable for part in dossier.parts for flowable in paper.part(part)),
            *paper.accesses(),
            *closing(dossier),
        ]
    )


class Paper:
    def __init__(self, dossier, maker, at):
        self.dossier, self.maker, self.at = dossier, maker, at

    def write(self, story):
        buffer = io.BytesIO()
        title = plain_text(_("Dossier of %(name)s") % {"name": self.dossier.person.name})
        document = SimpleDocTemplate(
            buffer,
            pagesize=A4,
            leftMargin=MARGIN,
            rightMargin=MARGIN,
            topMargin=MARGIN,
            bottomMargin=MARGIN + 6 * mm,
            title=title,
            author="Portal Malaka",
            lang="id",
        )
        foot = plain_text(f"{title} · {self.maker} · {in_wita(self.at)}")
        document.build(story, canvasmaker=lambda *args, **more: Numbered(foot, *args, **more))
        return buffer.getvalue()

    def person(self):
        yield paragraph(_("What is known"), SECTION)
        yield pairs(self.told(self.dossier.person))
        yield from self.history(self.dossier.acts)

    def part(self, part):
        if not part.rows:
            return
        yield paragraph(capfirst(title_of(part.relation)), SECTION)
        for number, row in enumerate(part.rows, 1):
            name = capfirst(row._meta.verbose_name)
            yield paragraph(f"{name} {number}", RECORD)
            yield pairs(self.told(row))
            yield from self.history(part.acts.get(row.pk, []))

    def told(self, row):
        """(label, value in words) of the fields of `row` that have one."""
        fields = [f for f in told_fields(type(row)) if f.name not in UNTOLD]
        found = [(f, getattr(row, f.attname)) for f in fields]
        return [
            (capfirst(field.verbose_name), self.words(field, value))
            for field, value in found
            if value not in (None, "", []) and not self.is_self(field, value)
        ]

    def is_self(self, field, value):
        """Whose the row is need not be said."""
        return field.is_relation and self.dossier.names(field, value).get("self", False)

    def words(self, field, value):
        if field.is_relation and value is not None:
            return in_words(self.dossier.names(field, value))
        if isinstance(value, File):
            return _("a file is kept") if value else "–"
        if isinstance(value, dict):
            return "; ".join(f"{name}: {item}" for name, item in value.items())
        return value_in_words(field, value, {})

    def history(self, acts):
        if not acts:
            return
        yield paragraph(_("History"), ParagraphStyle("history", SMALL, spaceBefore=4))
        what = {"insert": _("recorded"), "update": _("changed"), "delete": _("deleted")}
        for act in acts:
            values = "; ".join(
                f"{field.verbose_name}: {self.words(field, value)}"
                for field, value in act.values
                if field.name not in UNTOLD and not self.is_self(field, value)
            )
            who = in_words(act.by) or pgettext("actor", "somebody without an account")
            told = f"{in_wita(act.when)}, {who}, {what[act.what]}"
            yield paragraph(f"{told}: {values}" if values else told, SMALL)

    def accesses(self):
        yield paragraph(_("Who looked at this data"), SECTION)
        if not self.dossier.accesses:
            yield paragraph(_("Nobody has looked behind a mask or taken this record out."), TEXT)
            return
        yield pairs(
            [
                (
                    in_wita(log.at),
                    ", ".join(filter(None, [in_words(told_user(log.user)), log.get_kind_display()]))
                    + (f": {log.reason}" if log.reason else ""),
                )
                for log in self.dossier.accesses
            ]
        )


def closing(dossier):
    """What is not in it, so that the paper does not promise more than it holds."""
    none = sorted({str(title_of(part.relation)) for part in dossier.parts if not part.rows})
    yield paragraph(_("What is not on this paper"), SECTION)
    if none:
        yield paragraph(_("Nothing is held of: %(kinds)s.") % {"kinds": ", ".join(none)}, CLOSING)
    yield paragraph(
        _(
            "Files of whole lists name no people: who took out a list that has you in it is in the "
            "office's log of accesses. Photos and scans are handed over on their own. Data of "
            "other people are left out."
        ),
        CLOSING,
    )
    yield paragraph(
        _(
            "Something is wrong, or you no longer agree? Tell the office: it has to answer within "
            "3 x 24 hours (law 27/2022)."
        ),
        CLOSING,
    )


def title_of(relation):
    if relation.model is Person:
        return _("other records of the same person")
    return relation.model._meta.verbose_name_plural


def in_words(told):
    """Somebody or something that `names` tells: its name, with the role of a user."""
    if "role" not in told:
        return told.get("name") or _("number %(number)s") % {"number": told["id"]}
    roles = {
        "administrator": _("administrator"),
        "staff": _("programme staff"),
        "officer": _("officer of a cooperative"),
        "command": _("command"),
        "database_role": _("directly in the database"),
    }
    role = roles.get(told["role"], "")
    return f"{told['name']} ({role})" if told["name"] and role else told["name"] or role


# --- flowables ------------------------------------------------------------------------------------
def paragraph(text, style=TEXT):
    return Paragraph(escape(plain_text(text)), style)


def pairs(rows):
    """Labels at the left, values at the right."""
    cells = [[paragraph(label, LABEL), paragraph(value)] for label, value in rows]
    return Table(cells, colWidths=[0.32 * WIDTH, 0.68 * WIDTH], style=LINES, hAlign="LEFT")


class Numbered(Canvas):
    """A canvas that writes `page 2 of 5` once it knows how many there are."""

    def __init__(self, foot, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.foot, self.pages = foot, []

    def showPage(self):  # noqa: N802
        self.pages.append(dict(self.__dict__))
        self._startPage()

    def save(self):
        for number, page in enumerate(self.pages, 1):
            self.__dict__.update(page)
            self.setFont("Helvetica", 8)
            self.setFillColor(MUTED)
            place = _("Page %(number)d of %(count)d") % {"number": number, "count": len(self.pages)}
            self.drawRightString(A4[0] - MARGIN - PADDING, 14 * mm, plain_text(place))
            self.drawString(MARGIN + PADDING, 14 * mm, shortened(self, self.foot, WIDTH - 35 * mm))
            super().showPage()
        super().save()


def shortened(canvas, text, width):
    """`text`, cut where it would run into the page number."""
    while canvas.stringWidth(text, "Helvetica", 8) > width:
        text = text.rstrip("…")[:-1] + "…"
    return text
