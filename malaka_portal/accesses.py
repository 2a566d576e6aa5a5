"""Who looked: the list of accesses to data, and what in it calls for a question."""

from collections import defaultdict, deque
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from django import forms
from django.apps import apps
from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from malaka_portal.changes import in_wita
from malaka_portal.fields import PortalDateFormField
from malaka_portal.filters import Filter
from malaka_portal.lists import KeysetListView, Sort
from malaka_portal.models import AccessLog, User
from malaka_portal.parsing import format_number
from malaka_portal.rules import grants
from malaka_portal.tables import Column

WHOLE_LOG = "malaka_portal.view_accesslog"
WINDOW = timedelta(hours=24)
SHOWN_FOR = timedelta(days=7)  # an alert stays that long, over a weekend and a public holiday


# --- columns --------------------------------------------------------------------------------------
def name_of(user):
    return user.get_full_name() or user.get_username()


def model_of(log):
    """The model that `subject` names; None for one that is gone."""
    try:
        return apps.get_model(log.subject)
    except (LookupError, ValueError):
        return None


def subject_of(log):
    """What was looked at, as the menu calls it: `anggota`."""
    model = model_of(log)
    return capfirst(model._meta.verbose_name_plural) if model else log.subject


def record_of(log):
    """The row by its name where the page found it in sight, else by its number."""
    if log.object_id is None:
        return ""
    found = getattr(log, "record", None)
    return str(found) if found else _("number %(number)d") % {"number": log.object_id}


def page_of_record(log):
    page = getattr(getattr(log, "record", None), "get_absolute_url", None)
    return page() if page else None


def filters_of(log):
    """The filters of an export: `kecamatan: 53.21.10, kelamin: P`."""
    return ", ".join(f"{name}: {value}" for name, value in parse_qsl(urlsplit(log.query).query))


def list_of(log):
    """The list that was taken out; only an address of our own."""
    is_path = log.query.startswith("/") and not log.query.startswith("//")
    return log.query if is_path else None


COLUMNS = (
    Column("user", _("Who"), lambda log: name_of(log.user), link=lambda log: of_user(log.user_id)),
    Column("at", _("When"), format=in_wita),
    Column("kind", _("What was done")),
    Column("subject", _("To what"), subject_of, link=list_of),
    Column("record", _("Whose record"), record_of, link=page_of_record),
    Column("reason", _("Reason")),
    Column("rows", _("Rows"), numeric=True, format=format_number),
    Column("query", _("Filters"), filters_of),
    Column("format", _("Format")),
)


# --- filters --------------------------------------------------------------------------------------
def chosen_user(user):
    """Comes from a link: on a name in the list, or on the page of one's own account."""
    rows = User.objects.all() if grants(user, WHOLE_LOG) else User.objects.filter(pk=user.pk)
    field = forms.ModelChoiceField(rows, label=_("User"), widget=forms.HiddenInput)
    field.label_from_instance = name_of
    return field


def beginning(day):
    """Its first moment in Malaka."""
    return timezone.make_aware(datetime.combine(day, time.min))


def end(day):
    """The first moment after it; the calendar itself ends on 31 December 9999."""
    return beginning(min(day, date.max - timedelta(days=1)) + timedelta(days=1))


FILTERS = (
    Filter("pengguna", chosen_user, lambda rows, user: rows.filter(user_id=user.pk)),
    Filter(
        "jenis",
        forms.ChoiceField(label=_("What was done"), choices=AccessLog.Kind.choices),
        lambda rows, kind: rows.filter(kind=kind),
    ),
    Filter(
        "dari",
        PortalDateFormField(label=_("From")),
        lambda rows, day: rows.filter(at__gte=beginning(day)),
    ),
    Filter(
        "sampai",
        PortalDateFormField(label=_("Until")),
        lambda rows, day: rows.filter(at__lt=end(day)),
    ),
)


def of_user(pk, **filters):
    """The address of one user's part of the list."""
    more = "".join(f"&{name}={value}" for name, value in filters.items())
    return f"{reverse('accesslog-list')}?pengguna={pk}{more}"


class AccessLogListView(KeysetListView):
    """Everybody sees what is recorded of themselves; whoever answers for personal data, all."""

    queryset = AccessLog.objects.select_related("user")
    columns = COLUMNS
    filters = FILTERS
    heading = _("Who looked at data")
    empty_text = _("Nobody has taken data out or looked behind a mask yet.")
    sorts = {"newest": Sort(_("Newest first"), ("-at", "-id"))}
    template_name = "malaka_portal/accesslog_list.html"

    @cached_property
    def sees_all(self):
        return grants(self.request.user, WHOLE_LOG)

    @property
    def search_label(self):
        return _("Name of the user") if self.sees_all else ""

    def search(self, queryset, text):
        """Users are few; their accesses need not be."""
        users = User.objects.all()
        for word in text.split():
            users = users.filter(
                Q(username__icontains=word)
                | Q(first_name__icontains=word)
                | Q(last_name__icontains=word)
            )
        return queryset.filter(user_id__in=list(users.values_list("pk", flat=True)))

    def get_page(self):
        page = super().get_page()
        attach_records(page.object_list, self.request.user)
        return page

    def get_context_data(self, **kwargs):
        alerts = export_alerts(timezone.now()) if self.sees_all else []
        return super().get_context_data(alerts=alerts, sees_all=self.sees_all, **kwargs)


def attach_records(logs, user):
    """Give each log its `record`, as far as `user` may see it: one query per kind of row."""
    wanted = defaultdict(set)
    for log in logs:
        if log.object_id is not None and model_of(log) is not None:
            wanted[model_of(log)].add(log.object_id)
    found = {
        model: model._default_manager.visible_to(user).in_bulk(ids) for model, ids in wanted.items()
    }
    for log in logs:
        log.record = found.get(model_of(log), {}).get(log.object_id)


# --- too many exports -----------------------------------------------------------------------------
class Alert(NamedTuple):
    """What one user took out within 24 hours, the last of it at `last`: more than the limits."""

    user: User
    exports: int
    rows: int
    last: datetime

    @property
    def name(self):
        return name_of(self.user)

    @property
    def url(self):
        return of_user(self.user.pk, jenis=AccessLog.Kind.EXPORT)


def export_alerts(now):
    """The `Alert`s of the last seven days, the newest first, one for each user (T44 of the threat
    model). The limits are those of `settings.EXPORT_LIMITS` on the day."""
    since = now - SHOWN_FOR - WINDOW
    logs = AccessLog.objects.filter(kind=AccessLog.Kind.EXPORT, at__gt=since).order_by("at", "id")
    of_users = defaultdict(list)
    for user, at, rows in logs.values_list("user_id", "at", "rows"):
        of_users[user].append((at, rows))
    found = {user: last_excess(taken, now - SHOWN_FOR) for user, taken in of_users.items()}
    found = {user: excess for user, excess in found.items() if excess}
    users = User.objects.in_bulk(found)
    alerts = [Alert(users[user], *excess) for user, excess in found.items()]
    return sorted(alerts, key=lambda alert: alert.last, reverse=True)


def last_excess(taken, since):
    """(exports, rows, when) of the last 24 hours, ending after `since`, in which `taken`, (when,
    rows) in order, went beyond the limits; None if it never did."""
    window, excess = deque(), None
    for at, rows in taken:
        window.append((at, rows))
        while window[0][0] <= at - WINDOW:
            window.popleft()
        total = sum(rows for _at, rows in window)
        if at > since and beyond_limits(len(window), total, timezone.localdate(at)):
            excess = (len(window), total, at)
    return excess


def beyond_limits(exports, rows, day):
    """Are these more than `settings.EXPORT_LIMITS` allow on `day`?"""
    in_force = [limit for limit in settings.EXPORT_LIMITS if limit[0] <= day]
    if not in_force:
        return False
    _since, most_exports, most_rows = max(in_force)
    return exports > most_exports or rows > most_rows
