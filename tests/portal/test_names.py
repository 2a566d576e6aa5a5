import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from malaka_portal.models import Region
from malaka_portal.names import NameKey, name_key, search_words
from tests.factories.portal import RegionFactory


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("one", "other", "key"),
    [
        ("Djoko Soesilo", "JOKO  SUSILO", "IOKO SUSILO"),
        ("Tjipto", "Cipto", "CIPTO"),
        ("Yohanes Klau", "Johannes klau", "IOHANES KLAU"),
        ("Meotroy", "Meotroi", "MEOTROI"),
        ("Mariya Hoar", "Maria Hoar", "MARIA HOAR"),
        ("Anna", "Ana", "ANA"),
        ("Christina", "Kristina", "KRISTINA"),
        ("Theresia Bete", "Teresia Bete", "TERESIA BETE"),
        ("Philippus", "Filipus", "FILIPUS"),
        ("Khairul", "Chairul", "KAIRUL"),
        ("Veronika Luruk", "Feronika Luruk", "FERONIKA LURUK"),
        ("Maxi", "Maksi", "MAKSI"),
        ("Frederick", "Frederik", "FREDERIK"),
        ("Nur'aini", "Nuraini", "NURAINI"),
        ("José António Ximenes", "Jose Antonio Ksimenes", "IOSE ANTONIO KSIMENES"),
        ("Abdul-Rahman, S.Pd.", "abdul rahman s pd", "ABDUL RAHMAN S PD"),
        ("Ｍａｒｉａ", "e\u0301 Maria"[3:], "MARIA"),
        ("RT 011", "rt. 011", "RT 011"),
        ("  ", "?!'", ""),
    ],
)
def test_spellings_of_one_name_have_one_key(one, other, key):
    assert (name_key(one), name_key(other)) == (key, key)


@pytest.mark.django_db
def test_different_names_keep_different_keys():
    names = ["Maria Bria", "Bria Maria", "Marta Bria", "Mario Bria", "Maria Bere", "Maria 2"]

    assert len({name_key(name) for name in names}) == len(names)


class KeyOfKeyTests(TestCase):
    @settings(max_examples=100, deadline=None)
    @given(st.text(max_size=40) | st.text("DJTOEPHCKIYAXV '", max_size=20))
    def test_the_key_of_a_key_is_the_key(self, text):
        key = name_key(text)

        assert name_key(key) == key
        assert key == " ".join(key.split())
        assert set(key) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ")

    def test_the_key_of_a_key_is_the_key_for_every_short_mixture_of_the_rules(self):
        with connection.cursor() as cursor:
            cursor.execute(
                """
                WITH RECURSIVE mixed(text) AS (
                    SELECT '' UNION ALL
                    SELECT text || letter
                    FROM mixed, unnest(string_to_array('D J T O E P H C K I X', ' ')) AS letter
                    WHERE length(text) < 4
                )
                SELECT text FROM mixed WHERE name_key(name_key(text)) <> name_key(text)
                """
            )

            assert cursor.fetchall() == []


@pytest.mark.django_db
def test_the_function_may_stand_in_an_index_and_in_a_generated_column():
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TEMP TABLE register (name text,"
            " key text GENERATED ALWAYS AS (public.name_key(name)) STORED)"
        )
        cursor.execute("CREATE INDEX ON register (public.name_key(name))")
        cursor.execute("INSERT INTO register VALUES ('Djoko') RETURNING key")
        assert cursor.fetchone() == ("IOKO",)
        cursor.execute("SELECT provolatile, proparallel FROM pg_proc WHERE proname = 'name_key'")
        assert cursor.fetchone() == ("i", "s")


@pytest.fixture
def provinces():
    names = ["Yohanes Seran Bria", "Maria Bria", "Mariana Klau", "Petrus Seran"]
    for number, name in enumerate(names, start=11):
        RegionFactory(code=f"{number}", name=name)


def found(text, among=None):
    regions = Region.objects.order_by("code") if among is None else among
    return [region.name for region in search_words(regions, text, NameKey("name"))]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("maria", ["Maria Bria", "Mariana Klau"]),
        ("bria johannes", ["Yohanes Seran Bria"]),
        ("ser yoh", ["Yohanes Seran Bria"]),
        ("eran", []),
        ("maria petrus", []),
        ("brïa, maria!", ["Maria Bria"]),
        ("", ["Yohanes Seran Bria", "Maria Bria", "Mariana Klau", "Petrus Seran"]),
        ("'", []),
        (":*", []),
        ("&|!", []),
        ("maria & !bria", ["Maria Bria"]),
        ("maria' | 'petrus", []),
        ("maria:*", ["Maria Bria", "Mariana Klau"]),
        ("\\", []),
        ("%s %(x)s", []),
        ("\0maria bria", ["Maria Bria"]),
        ("x" * 10_000, []),
        ("& " * 5_000, []),
        ("maria " * 2_000, ["Maria Bria", "Mariana Klau"]),
    ],
)
def test_search_by_words(provinces, text, names):
    assert found(text) == names


@pytest.mark.django_db
def test_search_stays_inside_the_scope(provinces):
    among = Region.objects.filter(code__in=["11", "13"]).order_by("-code")

    assert found("maria", among) == ["Mariana Klau"]
    assert found("maria", Region.objects.none()) == []


@pytest.mark.django_db
def test_search_costs_one_query_and_sets_the_candidates_apart(provinces, django_assert_num_queries):
    with django_assert_num_queries(1) as queries:
        found("maria")

    assert "AS MATERIALIZED (SELECT" in queries[0]["sql"]


@pytest.mark.django_db
def test_a_limit_holds_for_the_candidates(provinces):
    limited = search_words(Region.objects.all(), "maria", NameKey("name"), limit=1)

    assert limited.count() == 1
