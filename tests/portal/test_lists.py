import re

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ImproperlyConfigured
from django.db import connection
from django.utils.html import escape
from django.utils.translation import gettext as _

from malaka_portal import lists
from malaka_portal.lists import KeysetListView, Sort
from malaka_portal.models import AccessLog, Region, RegionAlias
from malaka_portal.names import NameKey, search_words
from tests.factories.portal import (
    AccessLogFactory,
    RegionAliasFactory,
    RegionFactory,
    UserFactory,
    village,
)
from tests.portal.list_views import RegionKeysetView

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.portal.list_views")]
LIST, REGIONS, ALIASES = "/uji/akses/", "/uji/wilayah/", "/uji/sebutan/"


@pytest.fixture
def user(client):
    user = UserFactory()
    client.force_login(user)
    client.get("/akun/")  # opens the session's clock
    return user


def allow(user, *names):
    """Grants permissions of the registry, whether or not its models exist yet."""
    kind, _made = ContentType.objects.get_or_create(app_label="cooperatives", model="person")
    for name in names:
        user.user_permissions.add(
            Permission.objects.get_or_create(
                content_type=kind, codename=name, defaults={"name": name}
            )[0]
        )


def as_reader(user):
    """Lets a group's right show the list, instead of an office of the user's own."""
    found = Permission.objects.get(codename="view_accesslog")
    user.user_permissions.add(found)


def subjects(response):
    return [row.object.subject for row in response.context["rows"]]


def logs(user, *names, **values):
    return [AccessLogFactory(user=user, subject=name, **values) for name in names]


def walk(client, url, step="next_url"):
    """The rows of every page from `url` on, page by page, and the last page's answer."""
    pages = []
    while url:
        response = client.get(url)
        pages.append([row.object.pk for row in response.context["rows"]])
        last, url = response, getattr(response.context["page"], step)
    return pages, last


# --- scope --------------------------------------------------------------------------------------
def test_a_list_shows_what_the_user_may_see(client, user):
    logs(user, "mine")
    AccessLogFactory(subject="theirs")

    assert subjects(client.get(LIST)) == ["mine"]


def test_a_personal_column_and_its_filter_are_for_those_who_may_see_them(client, user):
    logs(user, "a", reason="Rahasia")
    as_reader(user)
    shut = client.get(f"{LIST}?alasan=Rahasia")
    allow(user, "view_personal_data")
    opened = client.get(f"{LIST}?alasan=Rahasia")

    assert b"Rahasia" not in shut.content
    assert "alasan" not in shut.context["filter_form"].fields
    assert b"Rahasia" in opened.content
    assert [chip["label"] for chip in opened.context["chips"]] == ["Reason: Rahasia"]


# --- keyset -------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("url", "order"), [(LIST, "-at -id"), (f"{LIST}?urut=subjek", "subject id")]
)
def test_pages_go_forward_and_back_over_every_row_once(client, user, url, order):
    logs(user, *"bacbabcb")
    wanted = list(AccessLog.objects.order_by(*order.split()).values_list("pk", flat=True))

    pages, last = walk(client, url)
    back, first = walk(client, last.context["page"].previous_url, "previous_url")

    assert pages == [wanted[:3], wanted[3:6], wanted[6:]]
    assert back == [wanted[3:6], wanted[:3]]
    assert first.context["page"].previous_url == ""


def test_a_row_that_is_added_meanwhile_moves_no_other_to_another_page(client, user):
    logs(user, *"abcdef")
    url = client.get(f"{LIST}?urut=subjek").context["page"].next_url
    logs(user, "aa")

    assert subjects(client.get(url)) == ["d", "e", "f"]


def test_going_back_to_a_page_that_is_no_longer_full_shows_the_first_page(client, user):
    for code, name in enumerate("abcdefg", start=11):
        RegionFactory(code=f"{code}", name=name)
    second = client.get(client.get(REGIONS).context["page"].next_url)
    Region.objects.get(name="a").delete()
    page = client.get(second.context["page"].previous_url).context["page"]

    assert [region.name for region in page.object_list] == ["b", "c", "d"]
    assert page.previous_url == ""


def test_a_page_whose_rows_are_gone_gives_the_first_page(client, user):
    for code, name in enumerate("abcd", start=11):
        RegionFactory(code=f"{code}", name=name)
    url = client.get(REGIONS).context["page"].next_url
    Region.objects.get(name="d").delete()

    assert [row.object.name for row in client.get(url).context["rows"]] == ["a", "b", "c"]


def test_no_page_is_found_by_counting_rows_off(client, user, django_assert_num_queries):
    logs(user, *"abcdefgh")
    url = client.get(client.get(f"{LIST}?urut=subjek").context["page"].next_url)
    with django_assert_num_queries(7) as queries:
        client.get(url.context["page"].next_url)
    page = next(q["sql"] for q in queries if "row_count" in q["sql"])

    assert "OFFSET" not in page
    assert re.search(r'ROW\("[a-z_]+"."subject", "[a-z_]+"."id"\) > ROW\(', page)


@pytest.mark.parametrize(
    "query",
    [
        "sesudah=x",
        "sesudah=",
        "sebelum=%00",
        "sesudah=eyJhIjoxfQ:1abc:zzz",
        "sesudah=" + "x" * 10_000,
        "sesudah=x&sebelum=y&urut=x",
    ],
)
def test_a_broken_edge_gives_the_first_page(client, user, query):
    logs(user, *"abcd")

    assert subjects(client.get(f"{LIST}?{query}")) == ["d", "c", "b"]


def test_an_edge_of_one_sort_is_none_of_another(client, user):
    logs(user, *"abcd")
    url = client.get(LIST).context["page"].next_url

    assert subjects(client.get(f"{url}&urut=subjek")) == ["a", "b", "c"]


@pytest.mark.parametrize("fields", [("-at", "id"), ("object_id", "id")], ids=["mixed", "null"])
def test_a_sort_that_one_index_cannot_serve_is_refused(fields):
    with pytest.raises(ImproperlyConfigured):
        type(
            "Wrong",
            (KeysetListView,),
            {"queryset": AccessLog.objects.all(), "sorts": {"x": Sort("x", fields)}},
        )


@pytest.mark.parametrize(("count", "words"), [(5, "5 baris"), (6, "lebih dari 5 baris")])
def test_rows_are_counted_up_to_a_limit(client, user, monkeypatch, count, words):
    monkeypatch.setattr(lists, "MOST_COUNTED", 5)
    logs(user, *"abcdef"[:count])
    assert client.get(LIST).context["page"].count == words


def test_a_thousand_is_written_as_the_language_writes_it():
    assert lists.in_words(1000, more=True) == _("more than %(count)s rows") % {"count": "1.000"}


# --- pages with numbers -------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("number", "names"),
    [
        ("", ["a", "b"]),
        ("2", ["c", "d"]),
        ("3", ["e"]),
        ("99", ["e"]),
        ("0", ["a", "b"]),
        ("-3", ["a", "b"]),
        ("x", ["a", "b"]),
        ("1" * 6000, ["e"]),
        ("²", ["a", "b"]),
    ],
)
def test_numbered_pages_go_to_the_nearest(client, user, number, names):
    region = village()
    for name in "abcde":
        RegionAliasFactory(region=region, name=name)
    response = client.get(ALIASES, {"halaman": number})

    assert [row.object.name for row in response.context["rows"]] == names


def test_numbered_pages_point_at_each_other(client, user):
    region = village()
    for name in "abcde":
        RegionAliasFactory(region=region, name=name)
    page = client.get(ALIASES, {"halaman": 2}).context["page"]

    assert page.previous_url == f"{ALIASES}?halaman=1"
    assert page.next_url == f"{ALIASES}?halaman=3"
    assert page.position == _("Page %(number)d of %(count)d") % {"number": 2, "count": 3}


# --- search, filters, sorts ---------------------------------------------------------------------
def test_search_and_filters_narrow_and_every_one_can_be_taken_away(client, user):
    logs(user, "member", rows=0)
    logs(user, "member", "cooperative", rows=500, kind=AccessLog.Kind.EXPORT)
    url = f"{LIST}?cari=member&jenis=export&siapa={user.pk}&baris=500&besar=on&urut=subjek"
    response = client.get(url)

    assert subjects(response) == ["member"]
    assert [(chip["label"], chip["url"]) for chip in response.context["chips"]] == [
        (_("Search: %(text)s") % {"text": "member"}, url.replace("cari=member&", "")),
        (f"Kind: {AccessLog.Kind.EXPORT.label}", url.replace("jenis=export&", "")),
        (f"Who: {user}", url.replace(f"siapa={user.pk}&", "")),
        ("Rows: 500", url.replace("baris=500&", "")),
        ("Large", url.replace("besar=on&", "")),
    ]


def test_a_filter_for_zero_is_a_filter(client, user):
    logs(user, "none", rows=0)
    logs(user, "some", rows=1)

    assert subjects(client.get(f"{LIST}?baris=0")) == ["none"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("jenis=x", "jenis"),
        ("jenis=%00", "jenis"),
        ("baris=x", "baris"),
        ("baris=-1", "baris"),
        ("siapa=999999", "siapa"),
        ("siapa=x", "siapa"),
        ("urut=x", "urut"),
    ],
)
def test_a_value_that_makes_no_sense_is_an_error_of_its_field(client, user, query, field):
    logs(user, "a")
    response = client.get(f"{LIST}?{query}")

    assert response.status_code == 200
    assert list(response.context["filter_form"].errors) == [field]
    assert f"<title>{_('Error:')} " in response.text
    assert subjects(response) == ["a"]


def test_the_choices_of_a_filter_are_those_that_the_user_may_see(client, user):
    stranger = UserFactory()
    choices = client.get(LIST).context["filter_form"].fields["siapa"].queryset

    assert list(choices) == [user]
    assert "siapa" in client.get(f"{LIST}?siapa={stranger.pk}").context["filter_form"].errors


@pytest.mark.parametrize("text", ["'", "%", "\\", "x" * 10_000, "\0", "&|!", ":*", "<script>"])
@pytest.mark.parametrize("url", [LIST, REGIONS])
def test_a_search_for_anything_is_answered(client, user, url, text):
    response = client.get(url, {"cari": text})

    assert response.status_code == 200
    assert b"<script>" not in response.content


def test_the_headings_of_columns_sort(client, user):
    logs(user, "a")
    response = client.get(f"{LIST}?urut=subjek&baris=1")
    headings = {h["column"].name: (h["url"], h["order"]) for h in response.context["headings"]}

    assert headings["subject"] == (f"{LIST}?baris=1&urut=subjek", "ascending")
    assert headings["at"] == (f"{LIST}?baris=1&urut=terbaru", "")
    assert headings["kind"] == ("", "")


def test_a_column_without_a_value_on_the_page_is_left_out(client, user):
    logs(user, "a", object_id=None)

    assert b"Number" not in client.get(LIST).content
    logs(user, "b", object_id=7)
    assert b"Number" in client.get(LIST).content


def test_words_are_searched_however_they_are_spelt(client, user):
    RegionFactory(code="11", name="Djoko")
    response = client.get(REGIONS, {"cari": "joko"})

    assert [row.object.name for row in response.context["rows"]] == ["Djoko"]


# --- nothing to show ----------------------------------------------------------------------------
def test_an_empty_list_offers_the_first_thing_to_do(client, user):
    response = client.get(LIST)

    assert _("Nothing is recorded here yet.") in response.text
    assert '<a class="button" href="/akun/">Add one</a>' in response.text


@pytest.mark.parametrize("query", ["cari=zzz", "baris=5"])
def test_a_list_that_is_empty_because_of_its_filters_says_so(client, user, query):
    logs(user, "a")
    response = client.get(f"{LIST}?{query}")

    assert escape(_("Nothing fits this search or these filters.")) in response.text
    assert f'<a class="button" href="{LIST}">' in response.text
    assert _("Nothing is recorded here yet.") not in response.text


# --- cost ---------------------------------------------------------------------------------------
@pytest.mark.parametrize("count", [1, 3])
@pytest.mark.parametrize(
    ("url", "queries"), [(LIST, 7), (REGIONS, 5), (ALIASES, 6), (f"{REGIONS}?cari=region", 5)]
)
def test_a_list_costs_the_same_for_any_number_of_rows(
    client, user, django_assert_num_queries, url, queries, count
):
    logs(user, *"abc"[:count])
    for code in ("11", "12", "13")[:count]:
        RegionAliasFactory(region=RegionFactory(code=code, name=f"Region {code}"))

    with django_assert_num_queries(queries):
        response = client.get(url)

    assert len(response.context["rows"]) in (count, min(count, 2))


def test_the_search_of_a_big_table_reads_its_index():
    RegionAliasFactory.create_batch(3, region=village())
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO malaka_portal_regionalias (region_id, name)"
            " SELECT '53.21.10.2004', 'Nama ' || md5(n::text) FROM generate_series(1, 20000) n"
        )
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(
            "CREATE INDEX ON malaka_portal_regionalias"
            " USING gin (to_tsvector('simple', public.name_key(name)))"
        )
        cursor.execute("ANALYZE malaka_portal_regionalias")
    found = search_words(RegionAlias.objects.all(), "alas sel", NameKey("name"))
    plan = found.order_by("name", "id")[:26].explain()

    assert "Bitmap Index Scan" in plan
    assert "Seq Scan on malaka_portal_regionalias" not in plan
    assert found.count() == 3


def test_a_frequent_word_shows_the_first_rows_found_and_says_so(client, user, monkeypatch):
    monkeypatch.setattr(lists, "MOST_COUNTED", 5)
    monkeypatch.setattr(RegionKeysetView, "search_is_limited", True)
    for code in range(11, 17):
        RegionFactory(code=f"{code}", name=f"Djoko {code}")
    note = _("Only %(count)s of them are shown here. Add a word to find fewer.") % {"count": "5"}
    first = client.get(REGIONS, {"cari": "joko"})
    pages, last = walk(client, first.context["page"].next_url)

    assert [row.object.pk for row in first.context["rows"]] == ["11", "12", "13"]
    assert (pages, last.context["page"].next_url) == ([["14", "15", "16"]], "")
    assert first.context["page"].note == note and note in first.text
    assert client.get(REGIONS, {"cari": "joko 16"}).context["page"].note == ""
    assert client.get(last.context["page"].previous_url).context["page"].next_url != ""


def test_a_search_that_is_limited_turns_pages_both_ways(client, user, monkeypatch):
    monkeypatch.setattr(RegionKeysetView, "search_is_limited", True)
    for code in range(11, 19):
        RegionFactory(code=f"{code}", name=f"Djoko {code}")
    RegionFactory(code="21", name="Maria")
    codes = [str(code) for code in range(11, 19)]

    pages, last = walk(client, f"{REGIONS}?cari=joko")
    back, _first = walk(client, last.context["page"].previous_url, "previous_url")

    assert pages == [codes[:3], codes[3:6], codes[6:]]
    assert back == [codes[3:6], codes[:3]]
    assert last.context["page"].count == "8 baris"


def test_what_a_cell_shows_is_escaped(client, user):
    logs(user, '<b>"x"')

    assert "<b>" not in client.get(LIST).text
    assert "&lt;b&gt;&quot;x&quot;</a></th>" in client.get(LIST).text


def test_a_remembered_filter_form_shows_what_is_chosen_now(client, user):
    logs(user, "a")
    chosen, plain = (client.get(f"{LIST}?{query}") for query in ("jenis=export", ""))

    assert '<option value="export" selected>' in chosen.text
    assert '<option value="export" selected>' not in plain.text
