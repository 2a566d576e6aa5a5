"""What needs action, on the home page: the worst first, each with the list that proves it.

A line counts exactly the rows of its list under the same user. All of them are counted in one
statement, and none further than `MOST_COUNTED`.
"""

from dataclasses import dataclass

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from cooperatives.models import QuoteRequest
from malaka_portal.attention_kinds import KINDS, Scope
from malaka_portal.lists import MOST_COUNTED
from malaka_portal.parsing import format_number

SHOWN = 5


@dataclass(frozen=True)
class Line:
    """What a line says, its tag, where it leads, and how many rows the list there has (not
    further than one more than MOST_COUNTED)."""

    text: str
    tag: str
    colour: str
    url: str
    count: int
    note: str = ""


# The second list holds all rows of the first: it says something only where it is longer.
WIDER = {("?rat=two", "?rat=law"), ("?masa=30", "?masa=90")}


def attention(user, *, on, own=None):
    """The lines for `user` on the day `on`, the worst first; the caller shows `SHOWN` of them.

    `own` is the cooperative of an officer of one, who is told in words of its own. One query.
    """
    scope = Scope(user, on)
    asked = [(kind, kind.rows(scope), address(kind.name, kind.query)) for kind in KINDS]
    asked = [(kind, rows, url) for kind, rows, url in asked if rows and url]
    late = scope.seen(QuoteRequest).late()
    *counts, waits_long = counted([*(rows for _kind, rows, _url in asked), [late]])
    found = [
        (kind, count, url) for (kind, _rows, url), count in zip(asked, counts, strict=True) if count
    ]
    repeated = repeats({kind.query: count for kind, count, _url in found})
    return [
        line(kind, count, url, own, waits_long)
        for kind, count, url in found
        if kind.query not in repeated
    ]


def address(name, query=""):
    """The address of a list; None where the portal has no such list."""
    try:
        return reverse(f"cooperatives:{name}") + query
    except NoReverseMatch:
        return None


def counted(groups):
    """How many rows each list of querysets has, in one statement."""
    counts, params = [], []
    for querysets in groups:
        parts = ["0"]
        for rows in querysets:
            part = rows.order_by().values("pk")[: MOST_COUNTED + 1]
            try:
                sql, given = part.query.sql_with_params()
            except EmptyResultSet:
                continue
            parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)")
            params += given
        counts.append(" + ".join(parts))
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(counts)}", params)
        return cursor.fetchone()


def repeats(counts):
    """The queries whose list says nothing beyond another's; `counts` is {query: count}."""
    return {
        wider for worse, wider in WIDER if worse in counts and counts.get(wider) == counts[worse]
    }


def line(kind, count, url, own, waits_long):
    text = str(kind.text % {"n": count, "count": number(count)})
    if own and kind.own:
        text, url = str(kind.own), own.get_absolute_url()
    note = ""
    if kind.name == "quoterequest-list" and waits_long:
        note = gettext("%(count)s for more than 3 days") % {"count": number(waits_long)}
    return Line(text, str(kind.tag), kind.colour, url, count, note)


def number(count):
    """`23`, or `more than 1.000`."""
    if count <= MOST_COUNTED:
        return format_number(count)
    return gettext("more than %(limit)s") % {"limit": format_number(MOST_COUNTED)}
