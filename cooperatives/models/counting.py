"""The triggers that keep `CooperativeSummary`: in the transaction of the change, for every door.

Statement-level: a change of a hundred thousand rows adds its sum once to each cooperative. Rows of
the summary are taken in the order of their keys, so that two statements never wait for each other
in a ring. What is added is a difference (`members_male + 1`), never a number read before.

Members are counted as the lists show them: who objects to being recorded by the programme stands
in a column of their own, with which the register is complete again.

A member counts under the sex of their person. So that a line and a change of its person's sex at
the same moment are counted as if one came after the other, a line holds the person's row FOR KEY
SHARE, and a change of sex takes it FOR UPDATE before it looks at the lines.
"""

import pgtrigger

SUMMARY = "cooperatives_cooperativesummary"
# column: the rows it counts, in a query over `r` (and over `p`, the person of a member)
MEMBERS = {
    "members_male": "r.left_on IS NULL AND NOT r.is_withheld AND p.sex = 'L'",
    "members_female": "r.left_on IS NULL AND NOT r.is_withheld AND p.sex = 'P'",
    "members_unknown": "r.left_on IS NULL AND NOT r.is_withheld AND p.sex NOT IN ('L', 'P')",
    "members_left": "r.left_on IS NOT NULL AND NOT r.is_withheld",
    "members_withheld": "r.left_on IS NULL AND r.is_withheld",
}
ENTERPRISES = {"enterprises": "r.status <> 'closed'", "enterprises_closed": "r.status = 'closed'"}
PRODUCTS = {"products": "NOT r.is_published", "products_published": "r.is_published"}
REQUESTS = {"requests_waiting": "r.status = 'new'"}
PERSON_OF = "JOIN cooperatives_person p ON p.id = r.person_id"
TABLES = {  # what is counted of each table
    "cooperatives_member": (MEMBERS, PERSON_OF),
    "cooperatives_enterprise": (ENTERPRISES, ""),
    "cooperatives_product": (PRODUCTS, ""),
    "cooperatives_quoterequest": (REQUESTS, ""),
}

# Which rows a statement took away (-1) and brought (+1); an update that leaves what is counted
# as it was is none of our business.
NEW_ROWS = "SELECT n.*, 1 AS by FROM new_values n"
OLD_ROWS = "SELECT o.*, -1 AS by FROM old_values o"
CHANGED = (
    "SELECT n.*, 1 AS by FROM new_values n JOIN old_values o USING (id) WHERE {differs} UNION ALL "
    "SELECT o.*, -1 AS by FROM new_values n JOIN old_values o USING (id) WHERE {differs}"
)
ADD = """
    INSERT INTO {summary} AS s (cooperative_id, {columns})
    SELECT r.cooperative_id, {sums} FROM ({rows}) r {join}
    WHERE r.cooperative_id IS NOT NULL
    GROUP BY r.cooperative_id ORDER BY r.cooperative_id
    ON CONFLICT (cooperative_id) DO UPDATE SET {added};
    RETURN NULL;
"""
HOLD_PEOPLE = """
    PERFORM FROM cooperatives_person WHERE id IN ({people}) ORDER BY id FOR KEY SHARE;
"""
NOTHING_CHANGED = """
    IF NOT EXISTS (SELECT FROM new_values n JOIN old_values o USING (id) WHERE {differs}) THEN
        RETURN NULL;
    END IF;
"""
SEX_CHANGED = """
    IF NOT EXISTS (SELECT FROM new_values n JOIN old_values o USING (id) WHERE n.sex <> o.sex) THEN
        RETURN NULL;
    END IF;
    PERFORM FROM cooperatives_person WHERE id IN (
        SELECT n.id FROM new_values n JOIN old_values o USING (id) WHERE n.sex <> o.sex
    ) ORDER BY id FOR UPDATE;
"""
SEX_ROWS = """
    SELECT m.cooperative_id, m.left_on, m.is_withheld, n.sex, 1 AS by FROM cooperatives_member m
    JOIN new_values n ON n.id = m.person_id JOIN old_values o ON o.id = n.id
    WHERE n.sex <> o.sex AND m.left_on IS NULL
    UNION ALL
    SELECT m.cooperative_id, m.left_on, m.is_withheld, o.sex, -1 AS by FROM cooperatives_member m
    JOIN new_values n ON n.id = m.person_id JOIN old_values o ON o.id = n.id
    WHERE n.sex <> o.sex AND m.left_on IS NULL
"""
DIFFERS = {
    "cooperatives_member": (
        "(n.cooperative_id, n.person_id, n.left_on IS NULL, n.is_withheld) IS DISTINCT FROM"
        " (o.cooperative_id, o.person_id, o.left_on IS NULL, o.is_withheld)"
    ),
    "cooperatives_enterprise": (
        "(n.cooperative_id, n.status) IS DISTINCT FROM (o.cooperative_id, o.status)"
    ),
    "cooperatives_product": (
        "(n.cooperative_id, n.is_published) IS DISTINCT FROM (o.cooperative_id, o.is_published)"
    ),
    "cooperatives_quoterequest": (
        "(n.cooperative_id, n.status) IS DISTINCT FROM (o.cooperative_id, o.status)"
    ),
}


def added(counts, rows, join=""):
    """The statement that adds `rows` to the summaries."""
    columns = list(counts)
    return ADD.format(
        summary=SUMMARY,
        columns=", ".join(columns),
        sums=", ".join(
            f"coalesce(sum(r.by) FILTER (WHERE {counts[column]}), 0)" for column in columns
        ),
        rows=rows,
        join=join,
        added=", ".join(f"{column} = s.{column} + excluded.{column}" for column in columns),
    )


def counted(table):
    """The triggers of a table: one for each act."""
    counts, join = TABLES[table]
    differs = DIFFERS[table]
    changed = CHANGED.format(differs=differs)
    acts = (
        (pgtrigger.Insert, pgtrigger.Referencing(new="new_values"), NEW_ROWS, "new_values", ""),
        (pgtrigger.Delete, pgtrigger.Referencing(old="old_values"), OLD_ROWS, "old_values", ""),
        (
            pgtrigger.Update,
            pgtrigger.Referencing(old="old_values", new="new_values"),
            changed,
            f"({changed}) AS r",
            NOTHING_CHANGED.format(differs=differs),
        ),
    )
    for operation, referencing, rows, people, guard in acts:
        hold = HOLD_PEOPLE.format(people=f"SELECT person_id FROM {people}") if join else ""
        yield trigger(
            f"count_{str(operation).lower()}",
            operation,
            referencing,
            guard + hold + added(counts, rows, join),
        )


def trigger(name, operation, referencing, func):
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.After,
        operation=operation,
        referencing=referencing,
        func=func,
    )


def sex_counted():
    """The trigger of people: their open lines move from one column to another."""
    by_sex = {column: rows.replace("p.sex", "r.sex") for column, rows in MEMBERS.items()}
    del by_sex["members_left"], by_sex["members_withheld"]
    return trigger(
        "count_sex",
        pgtrigger.Update,
        pgtrigger.Referencing(old="old_values", new="new_values"),
        SEX_CHANGED + added(by_sex, SEX_ROWS),
    )


# Every cooperative has its row from the beginning.
ROW_OF_COOPERATIVE = trigger(
    "count_begin",
    pgtrigger.Insert,
    pgtrigger.Referencing(new="new_values"),
    f"""
    INSERT INTO {SUMMARY} (cooperative_id) SELECT id FROM new_values ORDER BY id
    ON CONFLICT (cooperative_id) DO NOTHING;
    RETURN NULL;
    """,
)


def recounted(where="true"):
    """A query of what the summaries should say, from the rows themselves, of the cooperatives `c`
    that fit `where`: the key, then every column in the order of `columns()`."""
    parts = [
        f"LEFT JOIN LATERAL (SELECT {counts_of(counts)} FROM {table} r {join}"
        f" WHERE r.cooperative_id = c.id) AS of_{table} ON true"
        for table, (counts, join) in TABLES.items()
    ]
    return (
        f"SELECT c.id, {', '.join(columns())} FROM cooperatives_cooperative c {' '.join(parts)}"
        f" WHERE {where}"
    )


def counts_of(counts):
    return ", ".join(f"count(*) FILTER (WHERE {rows}) AS {name}" for name, rows in counts.items())


def columns():
    """The columns of the summary, in order."""
    return [column for counts, _join in TABLES.values() for column in counts]
