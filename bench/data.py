"""A registry of any size, made by SQL in the real tables with their triggers.

Its shapes are ugly on purpose, since even data hide what goes wrong: cooperatives of very unequal
size, names in the order of an import (region by region), a first word that many share (Siti), a
word in the middle that many share (Rahayu), three words that only a handful have together, gaps.
"""

from django.db import connection

from cooperatives.models import Cooperative, Member, Person, Product
from malaka_portal.actors import acting

FREQUENT_FIRST, FREQUENT_MIDDLE, RARE = "Siti", "Rahayu", "Ketut Zahra Kogoya"
REGENCY = "53.21"
SMALL_REGENCY = "71.05"  # a hundredth of the cooperatives
BATCH = 100_000  # rows a statement writes
POOLS = [  # names as a region has them, one region after the other
    "Maria Yosef Agustinus Dominikus Emerensiana Blasius Rosalina Petrus Yohanes Fransiska"
    " Bria Seran Klau Nahak Bere Tae Manek Luan Hoar Abuk",
    "Slamet Wahyu Bambang Endang Sri Sutrisno Suparman Wati Joko Ningsih"
    " Santoso Lestari Widodo Utami Hartono Susanti Nugroho Purwanti Setiawan Wulandari",
    "Wayan Made Nyoman Ketut Gede Putu Komang Kadek Ayu Luh"
    " Sudarma Suartini Wirawan Astuti Mahendra Sukerti Ardana Parwati Suteja Darmini",
    "Muhammad Ahmad Abdul Nurul Zahra Fatimah Hasan Umar Aisyah Ibrahim"
    " Hidayat Ramadhani Syahputra Nasution Lubis Siregar Harahap Daulay Pohan Ritonga",
    "Andi Daeng Nurhayati Baso Tenri Besse Ambo Indo Rahman Syamsul"
    " Mappa Sulolipu Palaguna Makkasau Paewang Tappi Wahid Tahir Saleh Basri",
    "Yance Oktovianus Yuliana Melkianus Selvi Hengki Naomi Markus Ester Demianus"
    " Kogoya Tabuni Wenda Yikwa Murib Enumbi Telenggen Wonda Kobak Pahabol",
]
WORDS = [word for pool in POOLS for word in pool.split()]

# Two regencies, of twelve districts with eleven villages each; whatever is there already stays.
REGIONS = f"""
INSERT INTO malaka_portal_region (code, level, name, parent_id, postal_code, bps_code)
SELECT code, level, name, parent, '', '' FROM (
    SELECT unnest(ARRAY['53', '71']) code, 1 AS level, 'Provinsi' AS name, NULL AS parent
    UNION ALL SELECT r, 2, 'Kabupaten ' || r, left(r, 2)
    FROM unnest(ARRAY['{REGENCY}', '{SMALL_REGENCY}']) r
    UNION ALL SELECT format('%%s.%%s', r, to_char(d, 'FM00')), 3, 'Kecamatan ' || d, r
    FROM unnest(ARRAY['{REGENCY}', '{SMALL_REGENCY}']) r, generate_series(1, 12) d
    UNION ALL SELECT format('%%s.%%s.%%s', r, to_char(d, 'FM00'), 2000 + v), 4,
        format('Desa %%s', d * 100 + v), format('%%s.%%s', r, to_char(d, 'FM00'))
    FROM unnest(ARRAY['{REGENCY}', '{SMALL_REGENCY}']) r, generate_series(1, 12) d,
        generate_series(1, 11) v
    ORDER BY 2
) made ON CONFLICT DO NOTHING
"""
# The first cooperatives are the largest, and the small regency has one in a hundred.
COOPERATIVE = {
    "name": "'Koperasi ' || (%(words)s::text[])[1 + n %% %(word_count)s] || ' ' || n",
    "kind": "(ARRAY['consumer', 'producer', 'service', 'savings'])[1 + n %% 4]",
    "is_village_cooperative": "n %% 5 = 0",
    "village_id": f"""format('%%s.%%s.%%s',
        CASE WHEN n %% 100 = 50 THEN '{SMALL_REGENCY}' ELSE '{REGENCY}' END,
        to_char(1 + n %% 12, 'FM00'), 2001 + n %% 11)""",
    "address": "'Data contoh'",
    "registry_number": "CASE WHEN n %% 3 > 0 THEN (9000000000000 + n)::text END",
    "last_annual_meeting_on": "CASE WHEN n %% 2 > 0 THEN date '2026-03-01' - n %% 60 END",
}
COOPERATIVES = "generate_series(0, %(cooperatives)s - 1) n"
# Two names in five come from the region's own words.
PERSON = {
    "name": f"""CASE WHEN n %% %(rare_every)s = 777 THEN '{RARE}'
        WHEN frequent < 0.02 THEN '{FREQUENT_FIRST} ' || last
        WHEN frequent < 0.045 THEN first || ' {FREQUENT_MIDDLE} ' || last
        WHEN frequent < 0.5 THEN first || ' ' || middle || ' ' || last
        ELSE first || ' ' || last END""",
    "nik_state": "CASE WHEN known THEN 'confirmed' ELSE 'none' END",
    "nik_missing": "CASE WHEN known THEN '' ELSE 'unknown' END",
    "nik_cipher": "CASE WHEN known THEN '\\x00'::bytea END",
    "nik_hash": "CASE WHEN known THEN md5(n::text) || md5(n::text || 'b') END",
    "nik_last4": "CASE WHEN known THEN to_char(n %% 10000, 'FM0000') ELSE '' END",
    "sex": "CASE WHEN frequent > 0.97 THEN '' WHEN n %% 2 = 0 THEN 'L' ELSE 'P' END",
    "born_on": "CASE WHEN n %% 7 > 0 THEN date '1950-01-01' + n %% 20000 END",
    "village_id": f"""CASE WHEN gap > 0.03 THEN format('%%s.%%s.%%s',
        CASE WHEN gap > 0.99 THEN '{SMALL_REGENCY}' ELSE '{REGENCY}' END,
        to_char(1 + least(11, block * 2 + n %% 2), 'FM00'), 2001 + n %% 11) END""",
    "address": "CASE WHEN n %% 4 > 0 THEN 'Data contoh, RT ' || n %% 20 ELSE '' END",
    "phones": """CASE WHEN n %% 10 > 2
        THEN ARRAY['+628120000' || to_char(n %% 10000, 'FM0000')] ELSE '{}'::text[] END""",
    "occupation": "(ARRAY['farmer', 'weaver', 'trader', ''])[1 + n %% 4]",
}
PEOPLE = """(
    SELECT n, block, frequent, gap, n %% 5 < 3 AS known,
        words[CASE WHEN a < 0.4 THEN block * 20 + 1 + floor(a * 50)::int
            ELSE 1 + floor((a - 0.4) / 0.6 * %(word_count)s)::int END] AS first,
        words[1 + floor(b * %(word_count)s)::int] AS middle,
        words[CASE WHEN c < 0.4 THEN block * 20 + 1 + floor(c * 50)::int
            ELSE 1 + floor((c - 0.4) / 0.6 * %(word_count)s)::int END] AS last
    FROM (
        SELECT n, (n - 1) * 6 / %(rows)s AS block, random() AS a, random() AS b, random() AS c,
            random() AS frequent, random() AS gap, %(words)s::text[] AS words
        FROM generate_series(%(start)s, %(stop)s) n OFFSET 0
    ) drawn
) named"""
# Every second cooperative shows itself to everybody, and most of its products.
COOPERATIVE["public_since"] = "CASE WHEN n %% 2 = 0 THEN date '2026-01-01' END"
PRODUCT = {
    "cooperative_id": "%(first_cooperative)s + n %% %(cooperatives)s",
    "name": """(ARRAY['Tais', 'Selendang', 'Kopi', 'Madu', 'Tikar'])[1 + n %% 5]
        || ' ' || (%(words)s::text[])[1 + n %% %(word_count)s] || ' ' || n""",
    "kind": "(ARRAY['cloth', 'cloth', 'food', 'food', 'craft'])[1 + n %% 5]",
    "unit": "'piece'",
    "is_published": "n %% 3 > 0",
}
PRODUCTS = "generate_series(1, %(rows)s / 10) n"
MEMBER = {
    "cooperative_id": "%(first_cooperative)s + floor(%(cooperatives)s * random() ^ 2.5)::int",
    "person_id": "%(first_person)s + n - 1",
    "number": "'A-' || n",
    "status": "CASE WHEN n %% 20 = 0 THEN 'candidate' ELSE 'member' END",
    "joined_on": "date '2024-12-31' - n %% 5000",
    "left_on": "CASE WHEN n %% 14 = 0 THEN date '2025-06-01' END",
    "left_reason": "CASE WHEN n %% 14 = 0 THEN 'moved' ELSE '' END",
}
MEMBERS = "generate_series(%(start)s, %(stop)s) n"
TABLES = ["malaka_portal_region", "cooperatives_cooperative", "cooperatives_person"]
TABLES += ["cooperatives_member", "cooperatives_product"]


def insert(cursor, model, columns, source, values):
    """INSERT … SELECT `columns` ({name: SQL}) FROM `source`; what is not named gets its default."""
    columns = {"created_at": "now()", "updated_at": "now()"} | columns
    values = dict(values)
    for field in model._meta.concrete_fields:
        given = field.column in columns or field.null or field.primary_key or field.generated
        if not given and not field.has_db_default():
            columns[field.column] = f"%({field.column})s"
            values[field.column] = field.get_default()
    names = ", ".join(f'"{name}"' for name in columns)
    made = ", ".join(columns.values())
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({names}) SELECT {made} FROM {source}", values
    )


def cooperatives_of(rows):
    return max(rows // 250, 40)


def fill(rows):
    """Write `rows` members (and as many people) in the default database; all in all or batch by
    batch, as the caller's transaction says. Returns the id of the largest cooperative."""
    with acting(command="bench"), connection.cursor() as cursor:
        # else, inside one transaction, checks pile up and every further row waits for them
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SELECT setseed(0.5321)")
        values = {
            "rows": rows,
            "words": WORDS,
            "word_count": len(WORDS),
            "cooperatives": cooperatives_of(rows),
            "rare_every": max(rows // 5, 1000),
        }
        cursor.execute(REGIONS, values)
        insert(cursor, Cooperative, COOPERATIVE, COOPERATIVES, values)
        cursor.execute("SELECT min(id) FROM cooperatives_cooperative WHERE name ~ ' [0-9]+$'")
        values["first_cooperative"] = cursor.fetchone()[0]
        for start in range(1, rows + 1, BATCH):
            batch = {"start": start, "stop": min(start + BATCH - 1, rows)}
            insert(cursor, Person, PERSON, PEOPLE, values | batch)
            if start == 1:
                cursor.execute("SELECT max(id) - %s FROM cooperatives_person", [batch["stop"] - 1])
                values["first_person"] = cursor.fetchone()[0]
            insert(cursor, Member, MEMBER, MEMBERS, values | batch)
        insert(cursor, Product, PRODUCT, PRODUCTS, values)
    return values["first_cooperative"]


def settle():
    """What autovacuum would have done: statistics, and no words left in a waiting list."""
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(TABLES)}")
        for index in ("member_words", "person_words", "cooperative_words"):
            cursor.execute("SELECT gin_clean_pending_list(%s::regclass)", [index])
