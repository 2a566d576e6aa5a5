"""The sentences for files that cannot be read: what is wrong, and how to mend it."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from malaka_portal.parsing import format_number

MESSAGES = {
    "file_empty": _("This file is empty. Choose the file again."),
    "file_too_large": _(
        "This file is larger than %(megabytes)d MB. Split it into several files, or save it as CSV"
        " (up to 50 MB)."
    ),
    "text_too_large": _("This file is larger than %(megabytes)d MB. Split it into several files."),
    "text_too_many_rows": _("This file has more than %(rows)s rows. Split it into several files."),
    "file_too_many_rows": _(
        "“%(sheet)s” goes on beyond row %(rows)s, the most that can be read. Delete stray cells far"
        " below the table, split the file, or save it as CSV (up to 500.000 rows)."
    ),
    "file_too_many_columns": _(
        "“%(sheet)s” has more than %(columns)d columns. Delete stray cells far to the right of the"
        " table and send it again."
    ),
    "file_too_heavy": _(
        "This file is too big to be read: it has too many cells, or stray ones far below or to the"
        " right. Copy only the table into a new file, or save it as CSV."
    ),
    "file_damaged": _(
        "This file is damaged or incomplete. Open it in Excel, save it as .xlsx, and send that."
    ),
    "file_password": _(
        "This file is locked with a password. Open it, remove the password, save and send it again."
    ),
    "file_macros": _(
        "This file has macros. In Excel choose “Save as”, “Excel Workbook (.xlsx)”, and send that."
    ),
    "file_web_page": _(
        "This is a web page with the name of a spreadsheet. Open it in Excel, choose “Save as”,"
        " “Excel Workbook (.xlsx)”, and send that."
    ),
    "file_other_format": _(
        "This kind of file is not read here. Open it, save it as .xlsx or CSV, and send that."
    ),
    "file_not_spreadsheet": _(
        "This is not a spreadsheet. Choose a file that Excel opens: .xlsx, .xls or .csv."
    ),
    "file_no_sheets": _("This file has no sheet with a table. Choose another file."),
    "file_quotes": _(
        'In line %(line)d a quotation mark (") is not closed, or stands in a wrong place.'
        " Mend it, or save the file as .xlsx, and send it again."
    ),
}


def refusal(code, facts):
    """The ValidationError that says `code`; an unknown code counts as a damaged file."""
    code = code if code in MESSAGES else "file_damaged"
    shown = {"rows": format_number(facts["rows"])} if "rows" in facts else {}
    return ValidationError(MESSAGES[code], code, facts | shown)
