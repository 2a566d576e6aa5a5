"""Pages that list rows: scoped, searched, filtered, sorted, paged and taken out as files.

`KeysetListView` for tables that grow with people: a page costs the same wherever it is, and rows
are counted up to a thousand. `PagedListView` for the rest: pages with numbers, an exact count.
"""

from datetime import datetime
from functools import reduce
from operator import or_
from typing import NamedTuple

from django.contrib import messages
from django.core import signing
from django.core.exceptions import EmptyResultSet, FieldDoesNotExist, ImproperlyConfigured
from django.core.paginator import Paginator
from django.db.models import BooleanField, Func, Q, Value
from django.db.models.expressions import RawSQL
from django.http import QueryDict
from django.shortcuts import redirect
from django.utils.formats import number_format
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.generic.base import ContextMixin, TemplateResponseMixin, View

from malaka_portal.candidates import page_of_found
from malaka_portal.exports import FORMATS, ExportMixin
from malaka_portal.filters import SORT, FilterForm
from malaka_portal.names import set_apart
from malaka_portal.rules import may_see_personal_in, sees_by_office
from malaka_portal.tables import Table, body

SEARCH, PAGE, AFTER, BEFORE = "cari", "halaman", "sesudah", "sebelum"
LONGEST_NUMBER = 13  # digits that a search may have, as a NIK Koperasi has
MOST_COUNTED = 1000  # what comes after is "more"


class Sort(NamedTuple):
    """One order of a list: its label, and the fields of ORDER BY, the last of them unique."""

    label: str
    fields: tuple[str, ...]


class Page(NamedTuple):
    """The rows of one page, how many there are in all (in words), and the way on."""

    object_list: list
    count: str = ""
    previous_url: str = ""
    next_url: str = ""
    position: str = ""
    as_of: datetime | None = None  # when the count was true, where it is not of this moment
    note: str = ""  # what is not shown, and what to do about it


class KnownCount(NamedTuple):
    """SQL for how many rows a list has, where counting them each time is not worth a wait.

    It may give NULL for not known. `as_of` is SQL for the moment at which the number was true (NULL
    with it), with the same parameters; blank for a number of this moment.
    """

    sql: str
    params: tuple = ()
    as_of: str = ""


class ListView(ExportMixin, TemplateResponseMixin, ContextMixin, View):
    """What both kinds of list share; `get_page` is theirs.

    A subclass says `queryset`, `columns` and `sorts` (the first is the default); perhaps `filters`,
    and `search_label` with `search_fields` or a `search` of its own. `get_queryset` may narrow by
    the address. Whatever it gives is cut down to what the user may see.
    """

    queryset = None
    columns = ()
    filters = ()
    sorts = {}
    search_label = ""  # without one there is no search
    search_fields = ()
    page_size = 25
    is_register = False  # a register that the law wants whole
    heading = ""
    print_url = ""  # of the page that prints such rows under a letterhead
    empty_text = gettext_lazy("Nothing is recorded here yet.")
    template_name = "generic/object_list.html"

    def get_queryset(self):
        return self.queryset.all()

    def in_sight(self, rows):
        """Those of `rows` that the user may see."""
        return rows.visible_to(self.request.user)

    def listed(self, queryset):
        """Without people who object to being recorded, but in a register that the law wants."""
        return queryset if self.is_register else queryset.listed()

    def search(self, queryset, text):
        """Rows that hold `text` in one of `search_fields`: for small tables."""
        return queryset.filter(
            reduce(or_, [Q(**{f"{name}__icontains": text}) for name in self.search_fields])
        )

    @cached_property
    def title(self):
        return self.heading or capfirst(self.rows.model._meta.verbose_name_plural)

    @property
    def back(self):
        """(label, address) of the page above this list, if there is one."""
        return None

    def get_empty_action(self):
        """(label, address) of the first thing to do when there is nothing yet."""
        return "", ""

    @cached_property
    def rows(self):
        """Every row of the list, in order: the page shows a part, an export all of them."""
        rows = self.in_scope
        if self.search_text:
            rows = self.searched(rows)
        return rows.order_by(*self.sort.fields)

    @cached_property
    def in_scope(self):
        """What the user may see of the list and its filters leave, before any search."""
        rows = self.listed(self.in_sight(self.get_queryset()))
        rows = self.filter_form.apply(rows)
        refused = self.search_label and is_long_number(self.request.GET.get(SEARCH, ""))
        return rows.none() if refused else rows

    def searched(self, rows):
        return self.search(rows, self.search_text)

    @cached_property
    def may_see_personal(self):
        declared = (*self.columns, *self.file_columns, *self.filters)
        marked = any(item.personal for item in declared)
        return marked and may_see_personal_in(self.request.user, self.queryset.model)

    @cached_property
    def table(self):
        about_person = any(column.personal or column.of_today for column in self.columns)
        by_office = about_person and sees_by_office(self.request.user, self.queryset.model)
        return Table(self.columns, may_see_personal=self.may_see_personal, by_office=by_office)

    @cached_property
    def filter_form(self):
        allowed = [item for item in self.filters if self.may_see_personal or not item.personal]
        data, user = self.request.GET, self.request.user
        return FilterForm(data, filters=allowed, sorts=self.sorts, user=user)

    @cached_property
    def search_text(self):
        text = self.request.GET.get(SEARCH, "") if self.search_label else ""
        return "" if is_long_number(text) else text.replace("\0", "").strip()[:200]

    @cached_property
    def sort(self):
        return self.sorts.get(self.filter_form.sort) or next(iter(self.sorts.values()))

    def link(self, **changes):
        """This list's address with its search, filters and sort, changed; None takes one away."""
        query, given = QueryDict(mutable=True), self.request.GET
        if self.search_text:
            query[SEARCH] = self.search_text
        for name in self.filter_form.fields:
            if any(given.getlist(name)):
                query.setlist(name, given.getlist(name))
        for name, value in changes.items():
            query.pop(name, None)
            if value is not None:
                query[name] = value
        return f"{self.request.path}?{query.urlencode()}" if query else self.request.path

    def headings(self, columns):
        """Each column with the address that sorts by it, and how it is sorted now."""
        for column in columns:
            sort = self.sorts.get(column.sort)
            down = sort is not None and sort.fields[0].startswith("-")
            order = "descending" if down else "ascending"
            url = self.link(**{SORT: column.sort}) if sort and len(self.sorts) > 1 else ""
            yield {"column": column, "url": url, "order": order if sort == self.sort else ""}

    def chips(self):
        form, chips = self.filter_form, []
        if self.search_text:
            label = _("Search: %(text)s") % {"text": self.search_text}
            chips.append({"label": label, "url": self.link(**{SEARCH: None})})
        for item, value in form.active:
            url = self.link(**{item.name: None})
            chips.append({"label": form.describe(item, value), "url": url})
        return chips

    def get(self, request, *args, **kwargs):
        if self.search_label and is_long_number(request.GET.get(SEARCH, "")):
            messages.warning(request, _("A NIK must not stand in an address. Use the search page."))
            return redirect(self.link())
        return self.render_to_response(self.get_context_data(**kwargs))

    def get_context_data(self, **kwargs):
        page, chips = self.get_page(), self.chips()
        columns, rows = self.table.page(page.object_list)
        return super().get_context_data(
            heading=self.title,
            back=self.back,
            page=page,
            rows=rows,
            body=body(rows) if columns else "",  # a list of cards has none
            list_path=self.request.path,
            search_label=self.search_label,
            search_text=self.search_text,
            filter_form=self.filter_form,
            sort_label=self.sort.label,
            empty_text=self.empty_text,
            headings=list(self.headings(columns)),
            chips=chips,
            empty_action=self.get_empty_action(),
            export_form=self.export_form,
            export_url=self.link() if self.may_export and rows else "",
            export_buttons=[(name, FORMATS[name]) for name in self.export_formats],
            invalid=bool(self.filter_form.errors or self.export_form.errors),
            **kwargs,
        )


def is_long_number(text):
    """Is it a NIK, maybe mistyped? The box refuses one, and a typed address finds nothing."""
    return sum(character.isdigit() for character in text) > LONGEST_NUMBER


def in_words(count, more=False):
    """`23 rows`, or `more than 1.000 rows`."""
    number = number_format(count, force_grouping=True)
    if more:
        return _("more than %(count)s rows") % {"count": number}
    return ngettext("%(count)s row", "%(count)s rows", count) % {"count": number}


class PagedListView(ListView):
    """Pages with numbers: `?halaman=3`, and the nearest page where there is none of that number."""

    def get_page(self):
        paginator = Paginator(self.rows, self.page_size)
        wanted = self.request.GET.get(PAGE, "")[:9]
        number = min(int(wanted) if wanted.isdecimal() else 1, paginator.num_pages)
        page = paginator.page(max(number, 1))
        before, after = page.has_previous(), page.has_next()
        return Page(
            list(page.object_list),
            in_words(paginator.count),
            self.link(**{PAGE: page.number - 1}) if before else "",
            self.link(**{PAGE: page.number + 1}) if after else "",
            _("Page %(number)d of %(count)d")
            % {"number": page.number, "count": paginator.num_pages},
        )


class KeysetListView(ListView):
    """Pages by what stands at their edge: `WHERE (name_key, id) > (...)`, and never OFFSET.

    The fields of a sort are not null, and all of them ascend or all descend, so that one index
    serves the sort, both ways. What columns need beside fields is annotated in `get_queryset`, not
    in a filter. The edge travels in the address, signed: whoever changes it gets
    the first page.
    """

    known = None  # what a summary says of the list as it is narrowed: a KnownCount
    # True where a scope is a set of ids, so that no index gives the page's order and the scope is
    # sorted: then as bare ids, and the other tables are joined to the page's rows only.
    scope_is_sorted = False
    # True where a frequent word has more rows than anybody reads: a page looks at the first that
    # the index gives, and says so.
    search_is_limited = False

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        for sort in cls.sorts.values():
            if len({name.startswith("-") for name in sort.fields}) > 1:
                raise ImproperlyConfigured(f"{sort.fields}: all ascending or all descending")
            if nullable := [name for name in sort.fields if cls.is_nullable(name.lstrip("-"))]:
                raise ImproperlyConfigured(f"{nullable}: NULL has no place in a keyset")

    @classmethod
    def is_nullable(cls, name):
        try:
            return cls.queryset.model._meta.get_field(name).null
        except FieldDoesNotExist:  # a path to another table, or an annotation
            return False

    def get_page(self):
        after, before = self.edge(AFTER), self.edge(BEFORE)
        if before and len(found := self.take(before, backward=True)) > self.page_size:
            return self.page(found[self.page_size - 1 :: -1], has_previous=True, has_next=True)
        found = self.take(after) if after else []
        at_start = not found  # also where the page asked for is gone, or not full
        if at_start:
            found = self.take(None)
        has_next = len(found) > self.page_size
        return self.page(found[: self.page_size], has_previous=not at_start, has_next=has_next)

    def searched(self, rows):
        """For exports and counts; a page looks at the first rows only (`take_found`)."""
        return set_apart(rows, self.search(rows, self.search_text))

    def take(self, edge, *, backward=False):
        """The rows from `edge` on and one more, with the capped count, in one statement."""
        try:
            limited = self.search_text and self.search_is_limited
            return (self.take_found if limited else self.take_all)(edge, backward)
        except EmptyResultSet:
            return []

    def take_all(self, edge, backward):
        rows = self.rows.reverse() if backward else self.rows
        counted = self.rows.order_by().values("pk")[: MOST_COUNTED + 1]
        sql, params = counted.query.sql_with_params()
        if edge:
            rows = rows.filter(self.beyond(edge, backward))
        rows = rows[: self.page_size + 1]
        if self.scope_is_sorted:
            page, order = rows.values("pk"), rows.query.order_by
            rows = self.get_queryset().filter(pk__in=page).order_by(*order)
            rows = rows.reverse() if backward else rows
        sql, at = f"SELECT count(*) FROM ({sql}) AS counted", RawSQL("NULL::timestamptz", [])
        if known := self.known:
            sql, params = f"SELECT coalesce(({known.sql}), ({sql}))", [*known.params, *params]
            at = RawSQL(known.as_of, known.params) if known.as_of else at
        return list(rows.annotate(row_count=RawSQL(sql, params), counted_at=at))

    def take_found(self, edge, backward):
        """The same for a search, among the first rows that it finds."""
        return page_of_found(
            self.get_queryset(),
            self.search(self.in_scope, self.search_text),
            [name.lstrip("-") for name in self.sort.fields],
            down=self.sort.fields[0].startswith("-") != backward,
            edge=edge,
            size=self.page_size + 1,
            most=MOST_COUNTED + 1,
        )

    def beyond(self, edge, backward):
        """`(a, b) > (1, 2)`: PostgreSQL reads an index from there on; ORs of ANDs it would not."""
        fields = [name.lstrip("-") for name in self.sort.fields]
        down = self.sort.fields[0].startswith("-") != backward
        sides = [
            Func(*side, template="ROW(%(expressions)s)") for side in (fields, map(Value, edge))
        ]
        return Func(
            *sides,
            template="%(expressions)s",
            arg_joiner=" < " if down else " > ",
            output_field=BooleanField(),
        )

    def page(self, found, *, has_previous, has_next):
        first = found[0] if found else None
        count, as_of = getattr(first, "row_count", 0), getattr(first, "counted_at", None)
        is_exact = as_of or (self.known and not self.known.as_of)
        more = count > MOST_COUNTED and not is_exact
        return Page(
            found,
            in_words(MOST_COUNTED if more else count, more),
            self.link(**{BEFORE: self.signed(found[0])}) if has_previous else "",
            self.link(**{AFTER: self.signed(found[-1])}) if has_next else "",
            as_of=as_of,
            note=self.note(count),
        )

    def note(self, count):
        limited = self.search_text and self.search_is_limited
        if not limited or count <= MOST_COUNTED:
            return ""
        limit = number_format(MOST_COUNTED, force_grouping=True)
        return _("Only %(count)s of them are shown here. Add a word to find fewer.") % {
            "count": limit
        }

    @property
    def salt(self):
        return f"{type(self).__name__} {self.sort.fields}"

    def signed(self, row):
        values = [reduce(getattr, f.lstrip("-").split("__"), row) for f in self.sort.fields]
        plain = [value if isinstance(value, (int, str)) else str(value) for value in values]
        return signing.dumps(plain, salt=self.salt)

    def edge(self, name):
        """The values that stand in the address, or None."""
        try:
            return signing.loads(self.request.GET.get(name, ""), salt=self.salt)
        except signing.BadSignature:
            return None
