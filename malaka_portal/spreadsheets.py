"""Lists as files: CSV and XLSX, written row by row, so that memory does not grow with the list.

Both writers take a header (texts) and rows (iterables of plain values) and yield bytes. A text
stays a text: no cell becomes a formula in the reader's spreadsheet. Dates become dates, moments
are shown in local time (WITA), whole numbers stay whole (money is whole rupiah).
"""

import csv
import io
import re
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, count, islice
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from django.utils import timezone

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_PER_CHUNK = 500
ROWS_PER_SHEET = 1_048_575  # Excel's limit, less the header; what follows goes on another sheet
LONGEST_TEXT = 32_767  # characters in a cell; Excel calls a file with more of them broken

# --- CSV ----------------------------------------------------------------------------------------
# What makes a spreadsheet read a text as a formula (CWE-1236), also in full width and after blanks.
_FORMULA = re.compile(r"[\t\r\n]|\s*[=+\-@\uff1d\uff0b\uff0d\uff20]")
_PHONE_OR_NUMBER = re.compile(r"\+[0-9][0-9 ]{6,18}|[+-]?[0-9]{1,15}(?:[.,][0-9]{1,15})*")


def defuse(text):
    """The text with an apostrophe in front if a spreadsheet could take it for a formula."""
    if _FORMULA.match(text) and not _PHONE_OR_NUMBER.fullmatch(text):
        return f"'{text}"
    return text


def _csv_cell(value):
    if value is None:
        return ""
    if isinstance(value, datetime):
        return _local(value).isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()  # the one form that Excel reads alike in every country
    if isinstance(value, (Decimal, float)):
        return str(value).replace(".", ",")
    return value if isinstance(value, int) else defuse(str(value))


def csv_rows(header, rows):
    """Bytes of a CSV file as Excel in Indonesia opens it by a double click.

    UTF-8 with a byte order mark, else names with accents are spoilt; semicolons, since the comma
    parts decimals there. Excel still drops the zeros in front of a number such as 0031 and rounds
    16 digits: for identifiers take XLSX.
    """
    buffer = io.StringIO("\ufeff")
    buffer.seek(1)
    writer = csv.writer(buffer, delimiter=";")
    rows = chain([header], rows)
    while chunk := list(islice(rows, ROWS_PER_CHUNK)):
        writer.writerows([_csv_cell(value) for value in row] for row in chunk)
        yield buffer.getvalue().encode()
        buffer.seek(0)
        buffer.truncate()


# --- XLSX ---------------------------------------------------------------------------------------
QUOTE = '"'
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_HEADING, _DAY, _MOMENT, _TEXT = 1, 2, 3, 4  # positions in cellXfs below
_FACE = '<sz val="11"/><name val="Calibri"/>'
_STYLES = (
    f'{_XML}<styleSheet {_MAIN}><numFmts count="2">'
    '<numFmt numFmtId="164" formatCode="dd\\-mm\\-yyyy"/>'
    '<numFmt numFmtId="165" formatCode="dd\\-mm\\-yyyy\\ hh:mm"/></numFmts>'
    f'<fonts count="2"><font>{_FACE}</font><font><b/>{_FACE}</font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="5"><xf xfId="0"/>'
    '<xf fontId="1" xfId="0" applyFont="1"/><xf numFmtId="164" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="165" xfId="0" applyNumberFormat="1"/>'
    '<xf numFmtId="49" xfId="0" applyNumberFormat="1"/></cellXfs><cellStyles count="1">'
    '<cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_ROOT_RELATIONS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/>'
    f'<Relationship Id="rId2" Type="{_PACKAGE}/relationships/metadata/core-properties"'
    ' Target="docProps/core.xml"/></Relationships>'
)
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EPOCH = date(1899, 12, 30)
_FIRST_SAFE_DAY = date(1900, 3, 1)  # Excel believes in 29 February 1900


class _Stream:
    """What a zip file is written to: it keeps only what nobody has taken yet."""

    def __init__(self):
        self.parts = []

    def write(self, data):
        self.parts.append(bytes(data))
        return len(data)

    def flush(self):
        """Part of what zipfile expects of a file."""

    def take(self):
        data, self.parts = b"".join(self.parts), []
        return data


def _local(moment):
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


def _text(text, style=_TEXT):
    # an inline string is shown as it is, never calculated
    clean = _NOT_XML.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))[:LONGEST_TEXT]
    return f'<c s="{style}" t="inlineStr"><is><t xml:space="preserve">{escape(clean)}</t></is></c>'


def _day(value):
    """A date as Excel counts them: days since the end of 1899."""
    day = value.date() if isinstance(value, datetime) else value
    if day < _FIRST_SAFE_DAY:
        return _text(value.isoformat())
    number = (day - _EPOCH).days
    if not isinstance(value, datetime):
        return f'<c s="{_DAY}"><v>{number}</v></c>'
    seconds = value.hour * 3600 + value.minute * 60 + value.second
    return f'<c s="{_MOMENT}"><v>{number + seconds / 86400:.10f}</v></c>'


def _xlsx_cell(value):
    if value is None or value == "":
        return "<c/>"
    if isinstance(value, datetime):
        return _day(_local(value))
    if isinstance(value, date):
        return _day(value)
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    # a spreadsheet keeps 15 digits of a number; a longer one is a text, or it loses its end
    if isinstance(value, (int, float, Decimal)) and abs(value) < 10**15:
        return f"<c><v>{value}</v></c>"
    return _text(str(value))


def _sheet_start(header):
    """Everything before the second row: a frozen heading; columns named `_...` are hidden."""
    columns = "".join(
        f'<col min="{at}" max="{at}" width="{min(max(12, len(name) + 4), 60)}" customWidth="1"'
        f' hidden="{int(name.startswith("_"))}"/>'
        for at, name in enumerate(header, start=1)
    )
    heading = "".join(_text(name, _HEADING) for name in header)
    return (
        f'{_XML}<worksheet {_MAIN}><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/>'
        f"</sheetView></sheetViews><cols>{columns}</cols><sheetData><row>{heading}</row>"
    )


def _fixed_parts(names, author):
    """The parts of the package that say what else is in it: (path, XML) of the sheets `names`."""
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name="{escape(name, {QUOTE: "&quot;"})}" sheetId="{n}" r:id="rId{n}"/>'
        for n, name in enumerate(names, start=1)
    )
    types = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for n in numbers
    )
    targets = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    yield (
        "[Content_Types].xml",
        f'{_XML}<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
        f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
        '<Override PartName="/docProps/core.xml" '
        'ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>'
        f"{types}</Types>",
    )
    yield "_rels/.rels", _ROOT_RELATIONS
    yield (
        "xl/workbook.xml",
        f'{_XML}<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>',
    )
    yield (
        "xl/_rels/workbook.xml.rels",
        f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">{targets}'
        f'<Relationship Id="rId0" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
    )
    yield "xl/styles.xml", _STYLES
    yield (
        "docProps/core.xml",
        f'{_XML}<cp:coreProperties xmlns:cp="{_PACKAGE}/metadata/core-properties" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:dcterms="http://purl.org/dc/terms/" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        f"<dc:creator>{escape(_NOT_XML.sub('', author))}</dc:creator>"
        f'<dcterms:created xsi:type="dcterms:W3CDTF">{timezone.now():%Y-%m-%dT%H:%M:%SZ}'
        "</dcterms:created></cp:coreProperties>",
    )


def xlsx_rows(header, rows, *, author=""):
    """Bytes of an XLSX file; its properties say who made it (`author`) and when.

    The rows are asked for one by one as the bytes are taken, and none is kept.
    """
    rows = iter(rows)
    yield from _book(_parted(header, rows), author)


def _parted(header, rows):
    """(name, header, rows) of as many sheets as the rows need; one, if there are none."""
    for at in count(1):
        first = next(rows, None)
        if first is None and at > 1:
            return
        here = islice(chain([] if first is None else [first], rows), ROWS_PER_SHEET)
        yield f"Data {at}", header, here


def xlsx_sheets(sheets, *, author=""):
    """Bytes of an XLSX file with the sheets [(name, header, rows)], whose names must differ."""
    yield from _book(((_sheet_name(name), header, rows) for name, header, rows in sheets), author)


def _sheet_name(name):
    """A name that a spreadsheet takes: 31 characters at most, and none of []:*?/\\."""
    return re.sub(r"[\[\]:*?/\\]", " ", _NOT_XML.sub("", name)).strip("' ")[:31] or "Data"


def _book(sheets, author):
    stream, names = _Stream(), []
    with ZipFile(stream, "w", ZIP_DEFLATED, compresslevel=1) as book:
        for name, header, rows in sheets:
            names.append(name)
            with book.open(f"xl/worksheets/sheet{len(names)}.xml", "w") as part:
                part.write(_sheet_start([str(heading) for heading in header]).encode())
                rows = iter(rows)
                while chunk := list(islice(rows, ROWS_PER_CHUNK)):
                    cells = ("".join(map(_xlsx_cell, row)) for row in chunk)
                    part.write("".join(f"<row>{row}</row>" for row in cells).encode())
                    if data := stream.take():
                        yield data
                part.write(b"</sheetData></worksheet>")
        for path, xml in _fixed_parts(names, author):
            book.writestr(path, xml)
    yield stream.take()
