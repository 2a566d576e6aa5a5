"""Who may be on record twice: found block by block, in the database (docs/adr/0008-duplicates.md).

Nobody is compared with everybody. Two people meet only in a block: born on the same day in the
same regency; or of one `name_key`, and either born on the same day or living in one district.
"""

from typing import NamedTuple

from django.db import connection, transaction

from cooperatives.models import PersonToCompare, Suspicion

Reason = Suspicion.Reason
NEAR = 0.5  # trigrams in common, of which "almost the same name" begins
ENOUGH = 45  # points from which on somebody should look
BATCH = 5000  # people compared in one statement


class Sign(NamedTuple):
    """A reason, its points, and when it holds: SQL over two people `a` and `b`."""

    reason: str
    points: int
    holds: str


def year(person):
    return f"coalesce(extract(year FROM {person}.born_on)::int, {person}.birth_year)"


SAME_YEAR = f"{year('a')} = {year('b')}"
SIGNS = (
    Sign(Reason.NAME_SAME, 40, "a.name_order = b.name_order"),
    Sign(Reason.NAME_ALIKE, 35, "a.name_key = b.name_key AND a.name_order <> b.name_order"),
    Sign(Reason.NAME_NEAR, 25, "a.name_key <> b.name_key"),
    Sign(Reason.BORN_SAME, 40, "a.born_on = b.born_on"),
    Sign(
        Reason.YEAR_SAME,
        20,
        f"{SAME_YEAR} AND (a.born_on = b.born_on) IS NOT TRUE",
    ),
    Sign(Reason.BIRTH_UNKNOWN, 0, f"({SAME_YEAR}) IS NULL"),
    Sign(Reason.VILLAGE_SAME, 15, "a.village_id = b.village_id"),
    Sign(
        Reason.DISTRICT_SAME,
        8,
        "left(a.village_id, 8) = left(b.village_id, 8) AND a.village_id <> b.village_id",
    ),
    Sign(Reason.PHONE_SAME, 5, "a.phones && b.phones"),
    Sign(Reason.SEX_DIFFERS, -25, "a.sex <> b.sex AND a.sex <> '' AND b.sex <> ''"),
)
# In the order of `holds`: what would be no pair at all is left out before the names are compared.
BLOCKS = (
    f"""b.born_on = a.born_on AND left(b.village_id, 5) = left(a.village_id, 5)
        AND b.name_key <> a.name_key AND similarity(a.name_key, b.name_key) >= {NEAR}""",
    "b.born_on = a.born_on AND b.name_key = a.name_key",
    f"""b.name_key = a.name_key AND left(b.village_id, 8) = left(a.village_id, 8)
        AND (a.born_on = b.born_on) IS NOT TRUE
        AND ({SAME_YEAR} OR (({SAME_YEAR}) IS NULL AND b.village_id = a.village_id))""",
)
# Two checked NIK are two people, a joined record has been looked at, and whoever objects to being
# recorded by the programme is not compared.
PAIRS = " UNION ".join(
    f"""SELECT least(a.id, b.id) AS first_id, greatest(a.id, b.id) AS second_id
        FROM asked a JOIN cooperatives_person b ON {block}
        WHERE a.id <> b.id AND b.joined_into_id IS NULL AND NOT b.is_withheld
            AND (a.nik_hash IS NULL OR b.nik_hash IS NULL)"""
    for block in BLOCKS
)
WEIGHED = " UNION ALL ".join(
    f"SELECT '{sign.reason.value}' AS reason, {sign.points} AS points, {number} AS place"
    f" WHERE {sign.holds}"
    for number, sign in enumerate(SIGNS)
)
LOOK = f"""
    WITH asked AS MATERIALIZED (
        SELECT * FROM cooperatives_person
        WHERE id = ANY(%(people)s) AND joined_into_id IS NULL AND NOT is_withheld
    ), pairs AS MATERIALIZED ({PAIRS})
    SELECT first_id, second_id, least(sum(points), 100)::int AS score,
        array_agg(reason ORDER BY place)::text[] AS reasons
    FROM pairs
    JOIN cooperatives_person a ON a.id = first_id
    JOIN cooperatives_person b ON b.id = second_id
    CROSS JOIN LATERAL ({WEIGHED}) AS signs
    GROUP BY first_id, second_id
    HAVING sum(points) >= {ENOUGH}
"""
FOUND = f"CREATE TEMPORARY TABLE found_pairs ON COMMIT DROP AS {LOOK}"
# Joining locks people in this order too, and then the pair: so neither waits for the other.
LOCK = """
    SELECT id FROM cooperatives_person
    WHERE id IN (SELECT first_id FROM found_pairs UNION SELECT second_id FROM found_pairs)
    ORDER BY id FOR KEY SHARE
"""
KEEP = """
    INSERT INTO cooperatives_suspicion AS known (first_id, second_id, score, reasons, status, note,
        created_at, updated_at)
    SELECT first_id, second_id, score, reasons, 'pending', '', now(), now() FROM found_pairs
    ORDER BY first_id, second_id
    ON CONFLICT (first_id, second_id) DO UPDATE
        SET score = excluded.score, reasons = excluded.reasons, updated_at = now()
        WHERE known.status = 'pending'
            AND (known.score, known.reasons) IS DISTINCT FROM (excluded.score, excluded.reasons)
"""
DROP = """
    DELETE FROM cooperatives_suspicion s
    WHERE s.status = 'pending' AND (s.first_id = ANY(%(people)s) OR s.second_id = ANY(%(people)s))
        AND NOT EXISTS (
            SELECT FROM found_pairs f WHERE (f.first_id, f.second_id) = (s.first_id, s.second_id)
        )
"""


def compare_again(people):
    """Queue these people (ids), besides those whom the database queues by itself."""
    PersonToCompare.objects.bulk_create([PersonToCompare(person_id=pk) for pk in people])


def find_duplicates(*, people=None, batch=BATCH, most=None):
    """Compare those who wait for it, or of them only `people` (ids); returns how many.

    One transaction per batch; `most` is after how many no further batch begins, so that whoever
    writes meanwhile keeps nobody at it for ever. What somebody has decided is never touched.
    """
    compared = 0
    while taken := compare_batch(people, batch):
        compared += taken
        if people is not None or (most is not None and compared >= most):
            break
    return compared


@transaction.atomic
def compare_batch(people, batch):
    waiting = PersonToCompare.objects.order_by("id")
    if people is not None:
        waiting = waiting.filter(person_id__in=people)
    rows = waiting.select_for_update(skip_locked=True)[:batch]
    taken = dict(rows.values_list("id", "person_id"))
    if not taken:
        return 0
    look_at(sorted(set(taken.values())))
    PersonToCompare.objects.filter(id__in=taken).delete()
    return len(taken)


def look_at(people):
    """Renew the suspicions about `people`, a list of ids, inside a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS found_pairs")
        cursor.execute(FOUND, {"people": people})
        cursor.execute(LOCK)
        cursor.execute(KEEP)
        cursor.execute(DROP, {"people": people})
