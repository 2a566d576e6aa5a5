"""What PostgreSQL did for a statement, read from its own account of it."""

import json

from django.db import connection

MOST_REMOVED = 10_000  # rows read and thrown away


def explain(sql, params=None):
    """The plan of a statement, which is run for it, with the pages that each node touched."""
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", params)
        return read(cursor)


def read(cursor):
    """The plan that an EXPLAIN (FORMAT JSON) has just given."""
    found = cursor.fetchone()[0]
    return (json.loads(found) if isinstance(found, str) else found)[0]["Plan"]


def buffers(plan):
    """Pages of 8 kB that the statement touched, in memory or not."""
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def nodes(plan):
    yield plan
    for part in plan.get("Plans", []):
        yield from nodes(part)


def removed(plan):
    """Rows that were read and did not fit, in the whole plan."""
    return sum(
        node.get(f"Rows Removed by {what}", 0) * node["Actual Loops"]
        for node in nodes(plan)
        for what in ("Filter", "Join Filter", "Index Recheck")
    )


def faults(plan, *, big, most_buffers):
    """What is wrong with a plan, in words: tables of `big` read through, rows or pages wasted.

    The first thousand rows of a table, which a capped count may take, are no fault.
    """
    found = [
        f"reads through {node['Relation Name']}"
        for node in nodes(plan)
        if node["Node Type"] == "Seq Scan"
        and node["Relation Name"] in big
        and node["Actual Rows"] * node["Actual Loops"] + removed(node) > MOST_REMOVED
    ]
    if removed(plan) > MOST_REMOVED:
        found.append(f"throws away {removed(plan):.0f} rows")
    if buffers(plan) > most_buffers:
        found.append(f"touches {buffers(plan)} pages")
    return found
