"""One page of a search among millions of rows, in one statement.

The first rows that an index finds are set apart (MATERIALIZED), then counted, sorted and cut to a
page; the rest of their columns is fetched for that page only. Left to itself, the planner walks
the index of the page's order, hoping to meet what is searched for on its way.
"""

from contextlib import contextmanager

from django.db import connection
from django.db.models.expressions import RawSQL

# LIMIT stands outside of `found`, else the planner bets on meeting enough rows anywhere.
PAGE = """
WITH found (pk, {keys}) AS MATERIALIZED ({found}),
few AS MATERIALIZED (SELECT * FROM found LIMIT {most}),
page AS MATERIALIZED (SELECT pk FROM few {beyond} ORDER BY {order} LIMIT {size}),
counted AS MATERIALIZED (SELECT count(*) AS n FROM few)
"""


def page_of_found(rows, found, fields, *, down, edge, size, most):
    """`size` rows of `found`, a queryset, in the order of `fields`, each with its `row_count`.

    They are beyond `edge`, the values of `fields` where the page begins (None: the first page), as
    objects of `rows`. At most `most` rows of `found` are looked at. EmptyResultSet if it is none.
    """
    sql, params = found.order_by().values_list("pk", *fields).query.sql_with_params()
    keys = [f"k{at}" for at in range(len(fields))]
    marks = ", ".join(["%s"] * len(keys))
    beyond = f"WHERE ({', '.join(keys)}) {'<' if down else '>'} ({marks})" if edge else ""
    order = ", ".join(f"{key} {'DESC' if down else 'ASC'}" for key in keys)
    page = PAGE.format(
        keys=", ".join(keys), found=sql, most=most, beyond=beyond, order=order, size=size
    )
    wanted = rows.filter(pk__in=RawSQL("SELECT pk FROM page", []))
    wanted = wanted.annotate(row_count=RawSQL("SELECT n FROM counted", []))
    wanted = wanted.order_by(*[f"-{name}" if down else name for name in fields])
    with preceded_by(page, [*params, *(edge or [])]):
        return list(wanted)


@contextmanager
def preceded_by(sql, params):
    """The next statement begins with `sql`, which may hold common table expressions."""
    waiting = [sql]

    def execute_with(execute, statement, given, many, context):
        if waiting:
            statement, given = f"{waiting.pop()} {statement}", (*params, *(given or ()))
        return execute(statement, given, many, context)

    with connection.execute_wrapper(execute_with):
        yield
