"""What happened lately, on the home page: the last changes that the user may see, in words.

Read from the history in one statement. Of an officer's own cooperatives the last ones are found by
an index; of an area, among the last `WINDOW` changes of each kind everywhere, so that the page
costs the same however long the history is. Nothing but names of rows is shown, no value.
"""

from dataclasses import dataclass

from django.db import connection
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from cooperatives.models import Cooperative, access
from malaka_portal.rules import grants

SHOWN, WINDOW = 8, 500
FETCHED = 16  # of each kind, more than are shown: several changes of one act are told as one


@dataclass(frozen=True)
class Source:
    """One kind of row: where its events are, what it is called there, and whose it is.

    SQL over the event `e`, its row `r` and the cooperative `c`. `ended` is true of an event that
    closed the row. `place` is the code of a village.
    """

    model: str
    name: str
    ended: str = "false"
    joins: str = ""
    place: str = "c.village_id"
    only: str = "true"
    cooperative: str = "cooperative_id"


PERSON = "JOIN cooperatives_person p ON p.id = r.person_id"
OWNER = "LEFT JOIN cooperatives_person p ON p.id = {}.owner_id"
LISTED = "p.is_withheld IS NOT TRUE"  # nobody who objects to being recorded
SOURCES = (
    Source("member", "p.name", "e.left_on IS NOT NULL", PERSON, only="NOT p.is_withheld"),
    Source("officer", "p.name", "e.ended_on IS NOT NULL", PERSON, only="NOT p.is_withheld"),
    Source("cooperative", "r.name", cooperative="id"),
    Source("statuschange", "e.status"),
    Source(
        "enterprise",
        "r.name",
        "e.status = 'closed'",
        OWNER.format("r"),
        "r.village_id",
        LISTED,
    ),
    Source(
        "product",
        "r.name",
        "e.stopped_on IS NOT NULL",
        "LEFT JOIN cooperatives_enterprise x ON x.id = r.enterprise_id " + OWNER.format("x"),
        "coalesce(x.village_id, c.village_id)",
        LISTED,
    ),
)
LATEST = """
    (SELECT '{model}' AS model, e.pgh_id, e.pgh_obj_id AS row, e.pgh_label AS label,
        e.pgh_created_at AS at, e.pgh_context_id AS act, {ended} AS ended, {name} AS name,
        coalesce(c.name, '') AS cooperative
    FROM (
        SELECT * FROM cooperatives_{model}event WHERE {near} ORDER BY pgh_id DESC LIMIT {window}
    ) e
    JOIN cooperatives_{model} r ON r.id = e.pgh_obj_id
    LEFT JOIN cooperatives_cooperative c ON c.id = r.{cooperative} {joins}
    WHERE {only} AND ({scope})
    ORDER BY e.pgh_id DESC LIMIT {fetched})
"""
TOLD = """
    SELECT found.*, metadata ->> 'command' AS command,
        coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.username, '') AS who
    FROM ({parts}) AS found
    LEFT JOIN pghistory_context ON pghistory_context.id = act
    LEFT JOIN malaka_portal_user u ON u.id = (metadata ->> 'user')::bigint
    ORDER BY at DESC, pgh_id DESC
"""
# (model, what happened): words
WORDS = {
    ("member", "insert"): gettext_lazy("New member: %(name)s"),
    ("member", "update"): gettext_lazy("Line in the register changed: %(name)s"),
    ("member", "ended"): gettext_lazy("Has left: %(name)s"),
    ("officer", "insert"): gettext_lazy("New officer: %(name)s"),
    ("officer", "update"): gettext_lazy("Term of office changed: %(name)s"),
    ("officer", "ended"): gettext_lazy("Term of office ended: %(name)s"),
    ("cooperative", "insert"): gettext_lazy("New cooperative: %(name)s"),
    ("cooperative", "update"): gettext_lazy("Cooperative changed: %(name)s"),
    ("statuschange", "insert"): gettext_lazy("Status of the cooperative: %(name)s"),
    ("statuschange", "update"): gettext_lazy("Status of the cooperative: %(name)s"),
    ("enterprise", "insert"): gettext_lazy("New enterprise: %(name)s"),
    ("enterprise", "update"): gettext_lazy("Enterprise changed: %(name)s"),
    ("enterprise", "ended"): gettext_lazy("Enterprise closed: %(name)s"),
    ("product", "insert"): gettext_lazy("New product: %(name)s"),
    ("product", "update"): gettext_lazy("Product changed: %(name)s"),
    ("product", "ended"): gettext_lazy("No longer made: %(name)s"),
}


def recent(user, *, own=None):
    """The last changes as entries of components/timeline.html, the latest first. One query.

    An officer of one cooperative (`own`) is not told each time which it is."""
    parts, params = statement(user)
    if not parts:
        return []
    with connection.cursor() as cursor:
        sql = TOLD.format(parts=" UNION ALL ".join(parts))
        cursor.execute(sql, params)
        names = [column.name for column in cursor.description]
        found = [dict(zip(names, row, strict=True)) for row in cursor]
    return [entry(event, more, own) for event, more in acts(found)[:SHOWN]]


def statement(user):
    """The parts of the statement for what `user` may see, and their parameters."""
    ids, parts, params = access.ids_seen_by(user), [], []
    for source in SOURCES:
        by_group = grants(user, f"cooperatives.view_{source.model}")
        if not by_group and not ids:
            continue
        own = f"r.{source.cooperative} = ANY(%s)"
        if not by_group:
            near, scope, given = f"{source.cooperative} = ANY(%s)", own, [ids, ids]
        elif user.area_id:
            near, scope = "true", f"{source.place} LIKE %s OR {own}"
            given = [f"{user.area_id}%", ids]
        else:
            near, scope, given = "true", "true", []
        window = WINDOW if by_group and user.area_id else 2 * FETCHED
        values = vars(source) | {"near": near, "scope": scope, "window": window}
        parts.append(LATEST.format(**values, fetched=FETCHED))
        params += given
    return parts, params


def acts(events):
    """[(event, how many more like it in the same act)]: an import of a thousand is one line. What
    a change of status does to the cooperative itself is not told again."""
    told, status = {}, {event["act"] for event in events if event["model"] == "statuschange"}
    for event in events:
        event["what"] = "ended" if event["ended"] else event["label"]
        if event["model"] == "cooperative" and event["act"] in status:
            continue
        key = (event["act"], event["model"], event["what"])
        first, rows = told.setdefault(key, (event, set()))
        rows.add(event["row"])
    return [(event, len(rows) - 1) for event, rows in told.values()]


def entry(event, more, own):
    name = event["name"]
    if event["model"] == "statuschange":
        name = Cooperative.Status(name).label
    text = WORDS[event["model"], event["what"]] % {"name": name}
    if more:
        text = _("%(what)s and others") % {"what": text}
    who = event["who"] or (event["command"] and _("the command %(command)s") % event)
    about = "" if own or event["model"] == "cooperative" else event["cooperative"]
    return {
        "when": moment(event["at"]),
        "text": text,
        "url": address(event) if not more else "",
        "note": " · ".join(filter(None, [about, who])),
    }


def moment(at):
    """`24 Nov, 08.30`; the year where it is not this one."""
    local = timezone.localtime(at)
    day = "j M" if local.year == timezone.localdate().year else "j M Y"
    return f"{date_format(local, day)}, {local:%H.%M}"


def address(event):
    """The page of the row; blank where the portal has none."""
    try:
        return reverse(f"cooperatives:{event['model']}-detail", args=[event["row"]])
    except NoReverseMatch:
        return ""
