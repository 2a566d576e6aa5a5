"""Runs the cases and says what came out, one JSON object a line."""

import json
import os
import platform
from datetime import date

import django
import psycopg2
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench import databases, gates, plans
from bench.cases import BY_NAME, FLOOR
from bench.client import Browser
from bench.gates import LIST, SEARCH, STOCK
from bench.measure import interleaved, is_quiet

TRIES = 3
READS = ("SELECT", "WITH")
CURSORS = ("DECLARE",)  # a choice of rows is read by one
WRITES = ("INSERT", "UPDATE", "DELETE")


class Call:
    """One page of the database of `rows` members, opened by the user of its case."""

    def __init__(self, case, rows):
        self.rows = rows
        databases.use(rows)
        self.browser, self.address = Browser(case.user), case.address

    def prepare(self):
        databases.use(self.rows)

    def __call__(self):
        answer = self.browser.get(self.address)
        if answer.status != 200:
            raise RuntimeError(f"{self.address}: {answer.status}")
        return answer


def calls_of(case, scales):
    """The page, its reference, and the reference once more (the control), at every scale."""
    other = BY_NAME[case.against]
    # the floor is that of somebody signed in, whoever opens the page
    user = other.user if case.against != FLOOR else case.user or other.user
    found = {}
    for rows in scales:
        found["page", rows] = Call(case, rows)
        reference = Call(other if other.user == user else as_user(other, user), rows)
        found["reference", rows] = found["control", rows] = reference
    return found


def as_user(case, user):
    return type(case)(case.name, case.url, case.kind, user, case.table)


def timed(case, scales, seconds):
    """Samples of the calls, measured again while the machine is restless, and if it ever was."""
    calls = calls_of(case, scales)
    for _ in range(TRIES):
        samples = interleaved(calls, seconds=seconds)
        controls = {
            rows: samples["control", rows].cost / samples["reference", rows].cost for rows in scales
        }
        if all(map(is_quiet, controls.values())):
            break
    return calls, samples, controls


def facts_of(call, table):
    """(bytes of the answer, statements of the page, buffers that those on `table` touch)."""
    call.prepare()
    with CaptureQueriesContext(connection) as captured:
        answer = call()
    statements = [query["sql"].strip() for query in captured]
    asked = [sql for sql in statements if sql.startswith((*READS, *WRITES, *CURSORS))]
    listed = [sql for sql in asked if sql.startswith(READS) and f'"{table}"' in sql]
    touched = sum(plans.buffers(plans.explain(sql)) for sql in listed)
    return len(answer.body), len(asked), touched


def size_of(table):
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_total_relation_size(%s::regclass)", [table])
        return cursor.fetchone()[0]


def report(case, scales, seconds):
    """The lines of one case."""
    calls, samples, controls = timed(case, scales, seconds)
    facts = {rows: facts_of(calls["page", rows], case.table) for rows in scales}
    for rows in scales:
        yield time_line(case, rows, scales, samples, controls[rows])
    if case.kind == STOCK:
        return
    least, most = min(scales), max(scales)
    quiet = all(map(is_quiet, controls.values()))
    if least < most:
        growth = samples["page", most].cost / samples["page", least].cost
        line = {"name": f"{case.name} growth", "value": growth, "unit": "x", "rows": most}
        line |= {"against": f"{least} rows", "ratio": growth}
        gate = gates.gate_of(case, gates.GROWTH)
        yield gates.judged(line, growth, gate, conclusive=quiet)
    yield from fact_lines(case, scales, facts)


def time_line(case, rows, scales, samples, control):
    page, reference = samples["page", rows], samples["reference", rows]
    by_clock = case.kind == STOCK  # they use several processors of the server at once
    ratio = page.least / reference.least if by_clock else page.cost / reference.cost
    line = {
        "name": case.name,
        "value": page.least,
        "unit": "ms",
        "against": case.against,
        "ratio": ratio,
        "rows": rows,
        "median": page.median,
        "cpu": page.cost,
        "reference": reference.least,
        "reference_median": reference.median,
        "reference_cpu": reference.cost,
        "control": control,
        "rounds": len(page.wall),
    }
    databases.use(rows)
    line["table_bytes"] = size_of(case.table)
    if rows < max(scales):  # the gates are for the largest table
        return line
    if case.kind == SEARCH:
        gate, figure = gates.gate_of(case, gates.TIME), page.cost
    else:
        gate, figure = gates.gate_of(case, gates.RATIO), ratio
    return gates.judged(line, figure, gate, conclusive=is_quiet(control))


def fact_lines(case, scales, facts):
    """Bytes, statements and buffers: the same however restless the machine is."""
    least, most = min(scales), max(scales)
    size, queries, touched = facts[most]
    found = [(gates.SIZE, size, "bytes"), (gates.QUERIES, queries, "queries")]
    if case.kind in (LIST, SEARCH):
        found.append((gates.QUERIES_ADDED, abs(queries - facts[least][1]), "queries"))
        found.append((gates.BUFFERS, touched, "buffers"))
        found.append((gates.BUFFER_GROWTH, touched / max(facts[least][2], 1), "x"))
    for figure, value, unit in found:
        line = {"name": f"{case.name} {figure}", "value": value, "unit": unit, "rows": most}
        yield gates.judged(line, value, gates.gate_of(case, figure))


def context(scales):
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        server = cursor.fetchone()[0]
        cursor.execute("SHOW shared_buffers")
        shared = cursor.fetchone()[0]
    return {
        "name": "context",
        "date": date.today().isoformat(),
        "rows": scales,
        "python": platform.python_version(),
        "django": django.get_version(),
        "psycopg2": psycopg2.__version__.split()[0],
        "postgresql": server,
        "shared_buffers": shared,
        "processors": os.cpu_count(),
        "loadavg": [round(load, 2) for load in os.getloadavg()],
    }


def written(line):
    shown = {k: round(v, 3) if isinstance(v, float) else v for k, v in line.items()}
    print(json.dumps(shown), flush=True)


def run(cases, scales, *, seconds):
    """Measure `cases`; how many gates failed. The last line says where and when."""
    failed = []
    for case in cases:
        for line in report(case, scales, seconds):
            written(line)
            if line.get("ok") is False:
                failed.append(line)
    written(context(scales))
    for line in failed:
        measured = f"{line['value']:.2f} {line['unit']}"
        ratio = f", {line['ratio']:.2f} x {line['against']}" if "ratio" in line else ""
        name, limit = line["name"], line["limit"]
        databases.say(f"FAILED {line['gate']}: {name} {measured}{ratio} (limit {limit})")
    return len(failed)
