"""The numbers of the home page, each exact and with the list that it counts."""

from dataclasses import dataclass
from datetime import datetime

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperatives.models import (
    Cooperative,
    CooperativeSummary,
    Enterprise,
    Member,
    Product,
    RegionSummary,
    whole_region,
)
from cooperatives.models.summary import SEXES
from malaka_portal.attention import address
from malaka_portal.parsing import format_number

# label, list, and how the list is narrowed
TILES = {
    "members": (gettext_lazy("Members"), "member-list", "?keadaan=now"),
    "cooperatives": (gettext_lazy("Cooperatives"), "cooperative-list", ""),
    "enterprises": (gettext_lazy("Enterprises"), "enterprise-list", ""),
    "published": (gettext_lazy("Published products"), "product-list", "?tampil=ya"),
}
COUNTED = {"cooperatives": Cooperative, "enterprises": Enterprise, "published": Product}


@dataclass(frozen=True)
class Figure:
    """A number, what it says beside it, and the address of the list that has as many rows."""

    label: str
    number: int
    url: str
    note: str = ""


@dataclass(frozen=True)
class Figures:
    """The figures, and the moment for which they hold."""

    tiles: list
    as_of: datetime


def figures(user, *, own=None):
    """The `Figures` of what `user` sees: of the nation or a province as they were rolled up, of
    less as they are at this moment. An officer of one cooperative (`own`) is not told that it is
    one."""
    region = whole_region(user, Member, *COUNTED.values())
    row = None if region is None else RegionSummary.objects.of(region)
    counts, as_of = (rolled_up(row), row.as_of) if row else (live(user), timezone.now())
    names = [name for name in TILES if not (own and name == "cooperatives")]
    tiles = [tile(name, counts) for name in names]
    return Figures([found for found in tiles if found], as_of)


def rolled_up(row):
    sexes = {name: getattr(row, name) for name in SEXES}
    return sexes | {
        "cooperatives": row.cooperatives,
        "enterprises": row.enterprises + row.enterprises_closed,
        "published": row.products_published,
    }


def live(user):
    """{what: count} in one statement: members from the summaries, the rest from the rows."""
    summaries = CooperativeSummary.objects.counting(Member, user).order_by().values(*SEXES)
    sql, params = selected(summaries)
    sums = ", ".join(f"coalesce(sum({name}), 0)" for name in SEXES)
    parts = [f"(SELECT ARRAY[{sums}] FROM ({sql}) AS s)" if sql else "ARRAY[0, 0, 0]"]
    for name, model in COUNTED.items():
        rows = model.objects.visible_to(user).listed()
        rows = rows.public() if name == "published" else rows
        sql, given = selected(rows.order_by().values("pk"))
        parts.append(f"(SELECT count(*) FROM ({sql}) AS counted)" if sql else "0")
        params = [*params, *given]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        sexes, *counts = cursor.fetchone()
    return dict(zip(SEXES, map(int, sexes), strict=True)) | dict(zip(COUNTED, counts, strict=True))


def selected(rows):
    """(SQL, parameters) of a queryset; ("", ()) of one that cannot have rows."""
    try:
        return rows.query.sql_with_params()
    except EmptyResultSet:
        return "", ()


def tile(name, counts):
    """The Figure `name`; None where the portal has no list that could prove it."""
    label, url_name, query = TILES[name]
    url = address(url_name, query)
    if url is None:
        return None
    if name == "members":
        return Figure(label, sum(counts[sex] for sex in SEXES), url, women(counts))
    return Figure(label, counts[name], url)


def women(counts):
    """`78% women`, among those whose sex is known; nothing when nobody's is."""
    known = counts["members_female"] + counts["members_male"]
    if not known:
        return ""
    share = _("%(percent)s%% women") % {"percent": round(100 * counts["members_female"] / known)}
    if unknown := counts["members_unknown"]:
        share += _(", sex of %(count)s unknown") % {"count": format_number(unknown)}
    return share
