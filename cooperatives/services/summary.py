"""The summaries: rolled up by region, and compared with the rows that they count."""

from django.db import connection, transaction
from django.utils import timezone

from cooperatives.models import CooperativeSummary, RegionSummary
from cooperatives.models.counting import columns

SHARES = 30  # one is compared each night, so that all are within a month
ENTERPRISES, PRODUCTS = ("enterprises", "enterprises_closed"), ("products", "products_published")
OF_COOPERATIVES = [name for name in columns() if name not in (*ENTERPRISES, *PRODUCTS)]
NOTHING = dict.fromkeys(("cooperatives", *columns()), "0")


def tally(place, source, group_by="", **given):
    """A query of `given` counts by village, with 0 for all others."""
    counts = ", ".join(f"{value} AS {name}" for name, value in (NOTHING | given).items())
    return f"SELECT {place} AS place, {counts} FROM {source}" + group_by


def counted_if(condition):
    return f"count(*) FILTER (WHERE {condition})"


OWNER = "LEFT JOIN cooperatives_person o ON o.id = e.owner_id"
LISTED = "o.is_withheld IS NOT TRUE"  # not of an owner who objects to being recorded
PUBLIC = (  # what `Product.objects.public()` shows
    "p.is_published AND c.public_since IS NOT NULL AND c.status = 'active'"
    " AND e.status IS DISTINCT FROM 'closed'"
)
# Members and requests count where their cooperative is; an enterprise where it is itself, which
# may be somewhere else, and its products with it.
TALLIES = " UNION ALL ".join(
    [
        tally(
            "c.village_id",
            "cooperatives_cooperative c"
            " JOIN cooperatives_cooperativesummary s ON s.cooperative_id = c.id",
            cooperatives="1",
            **{name: f"s.{name}" for name in OF_COOPERATIVES},
        ),
        tally(
            "e.village_id",
            f"cooperatives_enterprise e {OWNER} WHERE {LISTED}",
            " GROUP BY e.village_id",
            enterprises=counted_if("e.status <> 'closed'"),
            enterprises_closed=counted_if("e.status = 'closed'"),
        ),
        tally(
            "coalesce(e.village_id, c.village_id)",
            "cooperatives_product p LEFT JOIN cooperatives_enterprise e ON e.id = p.enterprise_id"
            f" LEFT JOIN cooperatives_cooperative c ON c.id = p.cooperative_id {OWNER}"
            f" WHERE {LISTED}",
            " GROUP BY coalesce(e.village_id, c.village_id)",
            products=counted_if(f"NOT ({PUBLIC})"),
            products_published=counted_if(PUBLIC),
        ),
    ]
)
ROLL_UP = """
    INSERT INTO cooperatives_regionsummary AS s (region_id, as_of, {columns})
    SELECT coalesce(left(place, 8), left(place, 5), left(place, 2)) AS region, %(as_of)s, {sums}
    FROM ({tallies}) AS tallies
    GROUP BY GROUPING SETS ((), (left(place, 2)), (left(place, 5)), (left(place, 8)))
    ORDER BY region
    ON CONFLICT (region_id) DO UPDATE SET as_of = excluded.as_of, {values}
    WHERE s.as_of <= excluded.as_of
""".format(
    columns=", ".join(NOTHING),
    sums=", ".join(f"coalesce(sum({name}), 0)" for name in NOTHING),
    values=", ".join(f"{name} = excluded.{name}" for name in NOTHING),
    tallies=TALLIES,
)


@transaction.atomic
def roll_up():
    """Write the summary of every region anew, and of the nation; returns how many there are."""
    as_of = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute(ROLL_UP, {"as_of": as_of})
        written = cursor.rowcount
    RegionSummary.objects.filter(as_of__lt=as_of).delete()  # where nothing is any more
    return written


def check_summaries(*, day, whole=False):
    """The summaries that say something else than their rows, as [(cooperative id, what they say,
    what is right)]: of the thirtieth part whose turn it is on the date `day`, or the `whole`."""
    summaries = CooperativeSummary.objects
    if whole:
        return summaries.differing()
    return summaries.differing(share=day.toordinal(), of=SHARES)


@transaction.atomic
def mend_summaries(found):
    """Set right what `check_summaries` found."""
    CooperativeSummary.objects.recount([cooperative for cooperative, _said, _right in found])
