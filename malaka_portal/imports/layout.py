"""How a file is laid out: where its lists stand, and which of their columns is which."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from malaka_portal.imports import memory
from malaka_portal.workbooks.columns import Column, names_of
from malaka_portal.workbooks.headings import fold
from malaka_portal.workbooks.matching import match
from malaka_portal.workbooks.tables import Reason, find

TO_MEND = gettext_lazy("What is to be mended")  # the last column of a file that is given back
LONGEST_SAMPLE = 40  # characters of a cell that a question shows


def in_every_language(text):
    """A heading as lists that were taken out have it, whatever language the page was in."""
    for language, _name in settings.LANGUAGES:
        with override(language):
            yield str(text)


def columns_of(kind):
    """The kind's columns as the reading layer knows them."""
    return [
        Column(
            source.key,
            str(source.label),
            (*source.names, *in_every_language(source.label)),
            is_required=source.required,
        )
        for source in kind.sources
    ]


def tables_of(row, kind, book):
    """(number of the sheet, its Table, its Matching) of every sheet that holds a list."""
    columns = columns_of(kind)
    names = names_of(columns)
    known = {
        fold(name): None for text in (*kind.ignored, TO_MEND) for name in in_every_language(text)
    }
    known |= memory.columns(row) | row.answers.get("columns", {})
    for at, sheet in enumerate(book.sheets):
        table = None if sheet.is_hidden else find(sheet, names)
        if table is not None and len(table):
            yield at, table, match(table.headings, columns, known)


def lay_out(row, kind, book):
    """Note in `row.layout` what the file is made of, and what has to be asked.

    ValidationError when it holds no list of this kind, or one without a column that it must have.
    """
    sheets, sure, doubts = [], {}, {}
    for at, table, matching in tables_of(row, kind, book):
        sheets.append(sheet_of(at, table))
        for key, heading in matching.sure.items():
            sure[heading.text] = str(kind.source(key).label)
        for heading, guess in asked(matching):
            doubts.setdefault(heading.key, doubt_of(heading, guess, table))
        if not list(asked(matching)):
            refuse_missing(kind, matching, book.sheets[at].name)
    if not sheets:
        raise ValidationError(
            _(
                "No list was found in this file. It needs a row of headings such as %(names)s, "
                "with the records below it."
            ),
            "no_table",
            {"names": get_text_list([str(s.label) for s in kind.shown_sources[:4]], _("and"))},
        )
    row.layout = {
        "sheets": sheets,
        "sure": [{"heading": heading, "label": label} for heading, label in sure.items()],
        "doubts": list(doubts.values()),
        "lines": sum(sheet["lines"] for sheet in sheets),
    }


def sheet_of(at, table):
    heading = [number for number, reason in table.skipped if reason == Reason.HEADER]
    return {
        "at": at,
        "first": min(heading),
        "last": max(heading),
        "width": len(table.headings),
        "lines": len(table),
    }


def asked(matching):
    """(Heading, the key of a column or "") of each heading that nobody is sure of."""
    for doubt in matching.doubts:
        yield doubt.heading, doubt.suggestion
    for heading in matching.unknown:
        if heading.parts:
            yield heading, ""
    for headings in matching.duplicates.values():
        for heading in headings:
            yield heading, ""


def doubt_of(heading, guess, table):
    cells = (line.cells[heading.position] for line in table.records())
    sample = next((str(cell) for cell in cells if cell not in (None, "")), "")
    # a long number may be somebody's
    hidden = sum(letter.isdigit() for letter in sample) > 9
    return {
        "key": heading.key,
        "heading": heading.text,
        "guess": guess,
        "sample": "" if hidden else sample[:LONGEST_SAMPLE],
    }


def refuse_missing(kind, matching, sheet):
    missing = [str(kind.source(key).label) for key in matching.missing]
    if missing:
        raise ValidationError(
            _("The list on the sheet “%(sheet)s” has no column for %(names)s. Add it, or its name.")
            % {"sheet": sheet, "names": get_text_list(missing, _("and"))},
            "column_missing",
        )
