"""Reading a paper back, as a stranger to our writers."""

from io import BytesIO

import openpyxl
import pypdf


def pages_of(data):
    """The text of each page of a PDF."""
    return [page.extract_text() for page in pypdf.PdfReader(BytesIO(data)).pages]


def words_of(data):
    """All the text of a PDF with single blanks: a name may stand on two lines."""
    return " ".join(" ".join(pages_of(data)).split())


def sheet_of(data):
    """The worksheet of an XLSX."""
    return openpyxl.load_workbook(BytesIO(data)).active


def table_of(data, first):
    """The rows of a worksheet as tuples of values, from the heading that begins with `first` on."""
    rows = [tuple(cell.value for cell in row) for row in sheet_of(data).iter_rows()]
    start = next(at for at, row in enumerate(rows) if row[0] == first)
    return rows[start:]
