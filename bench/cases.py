"""What is measured, declared once. A new page is one more `Case`."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote_plus

from django.core import signing

from bench import data
from bench.databases import ADMIN, LOCAL, NOBODY, OFFICER, SMALL, STAFF
from bench.gates import DETAIL, FORM, HOME, LIST, SEARCH, STOCK
from bench.peers.models import Line
from cooperatives.models import Member, Officer
from cooperatives.views.member import MemberListView

FLOOR = "floor"
DISTRICT = f"{data.REGENCY}.05"


@dataclass(frozen=True)
class Case:
    """One page: its address (text, or a callable that may ask the database) and who opens it.

    `kind` says which gates hold (`gates.py`). A SEARCH has a time as its gate: what it costs grows
    with the rows that have the word, up to a limit. `table` names the table whose statements are
    read for their buffers. A STOCK page is a peer's, measured `against` a page of ours; all others
    are measured against the floor.
    """

    name: str
    url: str | Callable[[], str]
    kind: str = LIST
    user: str = STAFF
    table: str = "cooperatives_member"
    against: str = FLOOR

    @property
    def address(self):
        return self.url() if callable(self.url) else self.url


def deep(query=""):
    """A page in the middle of the alphabet, by the edge that its address carries."""

    def url():
        rows = Member.objects.order_by("name_order", "id").values_list("name_order", "id")
        edge = rows.filter(name_order__gte="M").first()
        salt = f"{MemberListView.__name__} {MemberListView.sorts['name'].fields}"
        return f"/anggota/?sesudah={signing.dumps(list(edge), salt=salt)}{query}"

    return url


def largest():
    return Officer.objects.get(user__username=OFFICER).cooperative_id


def a_member():
    return Member.objects.filter(cooperative_id=largest()).order_by("pk")[5].pk


def words(text):
    return quote_plus(text.lower())


ADMIN_SEARCH = f"/bench/admin/peers/line/?q={words(data.FREQUENT_MIDDLE)}"


def deepest_of_peers():
    return f"/bench/list/?page={Line.objects.count() // 50}"


CASES = [
    Case("member-list", "/anggota/"),
    Case("member-list-deep", deep()),
    Case("member-list-district", f"/anggota/?kecamatan={DISTRICT}"),
    Case("member-list-sex", "/anggota/?kelamin=L"),
    Case("member-list-now", "/anggota/?keadaan=now"),
    Case("member-list-left", "/anggota/?keadaan=left"),
    Case("member-list-cooperative", lambda: f"/anggota/?koperasi={largest() + 3}"),
    Case("member-list-joined", "/anggota/?urut=joined"),
    Case("member-list-number", "/anggota/?cari=A-4321"),
    Case("member-list-no-match", "/anggota/?cari=xqzw"),
    Case("member-list-word", f"/anggota/?cari={words(data.FREQUENT_FIRST)}", SEARCH),
    Case("member-list-middle", f"/anggota/?cari={words(data.FREQUENT_MIDDLE)}", SEARCH),
    Case("member-list-prefix", "/anggota/?cari=ma", SEARCH),
    Case("member-list-two-words", "/anggota/?cari=wayan+tabuni", SEARCH),
    Case("member-list-rare", f"/anggota/?cari={words(data.RARE)}", SEARCH),
    Case("own-members", "/anggota/", user=OFFICER),
    Case("own-members-deep", deep(), user=OFFICER),
    Case("own-members-sex", "/anggota/?kelamin=L", user=OFFICER),
    Case("own-members-district", f"/anggota/?kecamatan={DISTRICT}", user=OFFICER),
    Case("own-members-joined", "/anggota/?urut=joined", user=OFFICER),
    Case(
        "own-members-middle",
        f"/anggota/?cari={words(data.FREQUENT_MIDDLE)}",
        SEARCH,
        user=OFFICER,
    ),
    Case("area-members", "/anggota/", user=LOCAL),
    Case(
        "area-members-middle", f"/anggota/?cari={words(data.FREQUENT_MIDDLE)}", SEARCH, user=LOCAL
    ),
    Case("person-list", "/orang/", table="cooperatives_person"),
    Case("own-people", "/orang/", user=OFFICER, table="cooperatives_person"),
    Case("few-people", "/orang/", user=SMALL, table="cooperatives_person"),
    Case("few-members", "/anggota/", user=SMALL),
    Case("area-people", "/orang/", user=LOCAL, table="cooperatives_person"),
    Case("cooperative-list", "/koperasi/", table="cooperatives_cooperative"),
    Case("product-list", "/produk/", table="cooperatives_product"),
    Case("public-products", "/etalase/", user=NOBODY, table="cooperatives_product"),
    Case("public-search", "/etalase/?cari=tais", SEARCH, NOBODY, "cooperatives_product"),
    Case("member-detail", lambda: f"/anggota/{a_member()}/", DETAIL),
    Case("cooperative-detail", lambda: f"/koperasi/{largest()}/", DETAIL),
    Case("member-form", lambda: f"/anggota/{a_member()}/ubah/", FORM),
    Case("member-new", lambda: f"/koperasi/{largest()}/anggota/baru/", FORM, user=OFFICER),
    Case("home", "/", HOME),
    Case("home-visitor", "/", HOME, user=NOBODY),
    Case("home-officer", "/", HOME, user=OFFICER),
    Case("home-area", "/", HOME, user=LOCAL),
    Case("admin-list", "/bench/admin/peers/line/", STOCK, user=ADMIN, against="member-list"),
    Case("admin-word", ADMIN_SEARCH, STOCK, user=ADMIN, against="member-list-middle"),
    Case("paginator-list", "/bench/list/", STOCK, against="member-list"),
    Case("paginator-deep", deepest_of_peers, STOCK, against="member-list-deep"),
]
BY_NAME = {case.name: case for case in CASES} | {FLOOR: Case(FLOOR, "/bench/floor/")}
