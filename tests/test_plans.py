"""The planner's traps, kept shut: what PostgreSQL does for each kind of list among 100,000 members.

Every rule has a control: the query as one would write it first, which the rule must find.
"""

from itertools import product

from django.contrib.auth.models import Group
from django.core import signing
from django.db import connection
from django.db.models import Q
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from bench import data, plans
from cooperatives.models import Member, Officer, Person
from cooperatives.views.member import LINES, MemberListView
from malaka_portal.actors import acting
from malaka_portal.exports import snapshot
from malaka_portal.models import User
from malaka_portal.names import with_words

ROWS = 100_000
BIG = {"cooperatives_member", "cooperatives_person"}
# Pages of 8 kB. A page shows 26 rows, each from five tables, and counts 1,001: these are looked up
# one by one here, since before the transaction ends no index knows which rows are visible.
MOST_OF_A_PAGE = 1500
MOST_OF_A_FILTER = 8000  # sex stands on the person: some 2,000 are looked up to count 1,001
MOST_OF_A_SEARCH = 2500  # up to 1,001 rows are looked at, wherever they lie
PLACES = {"staff": None, "officer": 0, "small": 200}  # whose cooperative, in order of size
PAGES = [
    "",
    f"kecamatan={data.REGENCY}.05",
    "keadaan=left",
    "urut=joined",
    "cari=A-4321",
    "cari=xqzw",
]
SEARCHES = [
    data.FREQUENT_FIRST,
    data.FREQUENT_MIDDLE,
    "ma",
    "wayan tabuni",
    data.RARE,
]


class PlanTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        with connection.cursor() as cursor:
            # new files: in those where other tests left their dead rows, plans come out otherwise
            cursor.execute(f"TRUNCATE {', '.join(BIG)} CASCADE")
        cls.largest = data.fill(ROWS)
        with connection.cursor() as cursor:
            # every row is counted: a plan that hangs on a lucky sample would fail now and then
            cursor.execute("SET LOCAL default_statistics_target = 400")
        data.settle()
        with acting(command="test"):
            cls.users = {name: cls.make_user(name, place) for name, place in PLACES.items()}

    @classmethod
    def make_user(cls, name, place):
        user = User.objects.create(username=name)
        if place is None:
            user.groups.add(Group.objects.get(name="Staf program"))
            return user
        line = Member.objects.filter(cooperative_id=cls.largest + place).order_by("pk").first()
        Officer.objects.create(
            cooperative_id=line.cooperative_id,
            person_id=line.person_id,
            user=user,
            body="board",
            role="secretary",
            started_on="2024-01-01",
        )
        return user

    def statements(self, user, url, table="cooperatives_member"):
        """What a page asks of `table`."""
        self.client.force_login(self.users[user])
        with CaptureQueriesContext(connection) as captured:
            response = self.client.get(url)
        assert response.status_code == 200
        asked = [query["sql"].strip() for query in captured]
        return [s for s in asked if s.startswith(("SELECT", "WITH")) and f'"{table}"' in s]

    def check(self, user, url, most, table="cooperatives_member"):
        with self.subTest(user=user, url=url):
            asked = self.statements(user, url, table)
            found = [plans.faults(plans.explain(s), big=BIG, most_buffers=most) for s in asked]

            assert found == [[]]

    def test_a_page_of_members_reads_its_rows_and_little_more(self):
        for user, query in product(PLACES, [*PAGES, self.deep()]):
            self.check(user, f"/anggota/?{query}", MOST_OF_A_PAGE)

    def test_a_filter_on_the_person_looks_up_as_many_people_as_it_counts(self):
        for user in PLACES:
            self.check(user, "/anggota/?kelamin=L", MOST_OF_A_FILTER)

    def deep(self):
        edge = Member.objects.filter(name_order__gte="M").order_by("name_order", "id").first()
        salt = f"{MemberListView.__name__} {MemberListView.sorts['name'].fields}"
        return f"sesudah={signing.dumps([edge.name_order, edge.pk], salt=salt)}"

    def test_a_search_of_members_looks_at_a_thousand_rows_at_most(self):
        for user, text in product(PLACES, SEARCHES):
            self.check(user, f"/anggota/?cari={text.replace(' ', '+')}", MOST_OF_A_SEARCH)

    def test_an_officer_finds_the_people_of_a_cooperative_by_its_lines(self):
        for url in ("/orang/", "/orang/?kelamin=L", "/orang/?cari=maria"):
            self.check("small", url, MOST_OF_A_SEARCH, table="cooperatives_person")

    def test_people_are_listed_by_the_index_of_their_names(self):
        self.check("staff", "/orang/", MOST_OF_A_PAGE, table="cooperatives_person")

    def test_an_export_begins_without_sorting_or_reading_everything(self):
        rows = LINES.order_by("name_order", "id")
        with CaptureQueriesContext(connection) as captured:
            next(snapshot(rows))
        cursor = next(q["sql"] for q in captured if q["sql"].startswith("DECLARE"))
        with connection.cursor() as asking:
            asking.execute(f"EXPLAIN (FORMAT JSON) {cursor}")
            plan = plans.read(asking)
        kinds = [node["Node Type"] for node in plans.nodes(plan)]

        assert [kind for kind in kinds if kind in ("Sort", "Incremental Sort")] == []

    # --- controls: what the rules above must find -----------------------------------------------
    def faults(self, queryset, most=MOST_OF_A_PAGE):
        sql, params = queryset.query.sql_with_params()
        return plans.faults(plans.explain(sql, params), big=BIG, most_buffers=most)

    def test_control_an_offset_is_found(self):
        assert self.faults(LINES.order_by("name_order", "id")[50_000:50_026]) != []

    def test_control_an_exact_count_is_found(self):
        sql = "SELECT count(*) FROM cooperatives_member WHERE left_on IS NULL"
        plan = plans.explain(sql)

        assert plans.faults(plan, big=BIG, most_buffers=MOST_OF_A_PAGE) != []

    def test_control_icontains_is_found(self):
        rows = LINES.filter(person__name__icontains=data.RARE).order_by("name_order", "id")

        assert self.faults(rows[:26], MOST_OF_A_SEARCH) != []

    def test_control_words_met_along_the_order_of_the_page_are_found(self):
        """What the planner does with words under an ORDER BY where it trusts in luck."""
        rows = with_words(LINES, data.RARE).order_by("name_order", "id")
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_bitmapscan = off")

        assert self.faults(rows[:26], MOST_OF_A_SEARCH) != []

    def test_control_a_sort_without_an_index_is_found(self):
        assert self.faults(LINES.order_by("-left_on", "-number")[:26]) != []

    def test_control_two_subqueries_with_an_or_between_are_found(self):
        here = self.largest + PLACES["small"]
        members = Member.objects.filter(cooperative_id=here).values("person_id")
        terms = Officer.objects.filter(cooperative_id=here).values("person_id")
        rows = Person.objects.filter(Q(pk__in=members) | Q(pk__in=terms))

        assert self.faults(rows.order_by("name_order", "id")[:26], MOST_OF_A_SEARCH) != []
