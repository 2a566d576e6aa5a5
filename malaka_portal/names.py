"""Names of people as offices spell them, in many ways: one key for all spellings, and the search.

The rules stand in the SQL function `name_key` (migration `name_key`). Everything here calls it, so
that a column, an index, an import and what somebody types in a search never disagree.
"""

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import BooleanField, Func, TextField, Value
from django.db.models.expressions import RawSQL

LONGEST_SEARCH = 200  # characters; what follows is not looked at


class NameKey(Func):
    """`NameKey("name")`: the key of a name, for queries, generated columns and indexes."""

    function = "public.name_key"
    output_field = TextField()


class NameOrder(Func):
    """The order of a name in a list: as it is written, without accents and signs.

    The key will not do: it files Yosef under I.
    """

    function = "public.name_plain"
    output_field = TextField()


class NameWords(Func):
    """The words of a text for full-text search: what a GIN index of a big table is made of.

    `GinIndex(NameWords("name_key"), name="...")` serves `with_words`.
    """

    function = "to_tsvector"
    template = "%(function)s('simple', %(expressions)s)"
    output_field = TextField()


class _WordsWanted(Func):
    # The key has letters, digits and single blanks only: nothing that tsquery takes for an
    # operator. No word left gives NULL, which matches nothing.
    template = (
        "to_tsquery('simple',"
        " replace(nullif(public.name_key(%(expressions)s), ''), ' ', ':* & ') || ':*')"
    )
    output_field = TextField()


def name_key(text):
    """The key of one name, in one query: `name_key("Djoko Soesilo") == "IOKO SUSILO"`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT public.name_key(%s)", [text.replace("\0", "")])
        return cursor.fetchone()[0]


def with_words(queryset, text, field="name_key"):
    """The rows of `queryset` in which every word of `text` begins a word of `field`.

    `field` is a column that holds keys, or an expression such as `NameKey("name")`. A blank text
    changes nothing; a text without letters or digits finds nothing. On a big table never as it is
    under an ORDER BY: see `set_apart`.
    """
    text = text.replace("\0", "")[:LONGEST_SEARCH]
    if not text.strip():
        return queryset
    wanted = Func(
        NameWords(field),
        _WordsWanted(Value(text)),
        template="%(expressions)s",
        arg_joiner=" @@ ",
        output_field=BooleanField(),
    )
    return queryset.filter(wanted)


def set_apart(queryset, searched, limit=None):
    """The rows of `queryset` that are among `searched`, which is gathered first and set apart.

    Else the planner may walk a whole index in the order of the page, hoping to meet the words on
    its way: 2.5 seconds among ten million rows. `searched` has the scope and the filters already.

    With `limit`, as many rows as the index gives first are looked at and no more: for pages over
    millions of rows, where a frequent word has more rows than anybody reads. Never for an export.
    """
    try:
        sql, params = searched.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return queryset.none()
    # LIMIT stands outside, else the planner bets on meeting the words soon in the whole table
    sql = f"WITH found AS MATERIALIZED ({sql}) SELECT * FROM found LIMIT %s"
    return queryset.filter(pk__in=RawSQL(sql, [*params, limit]))


def search_words(queryset, text, field="name_key", limit=None):
    """`with_words`, its rows set apart. Call it after the scope and the filters."""
    searched = with_words(queryset, text, field)
    return queryset if searched is queryset else set_apart(queryset, searched, limit)
