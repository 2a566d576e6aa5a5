"""What visitors asked the demo's cooperatives for, and what these answered.

Unlike the rest of the demo these are counted from the day on which it is made, so that there are
requests that wait and have not run out. The secret words of their addresses are drawn anew.
"""

from datetime import timedelta

from cooperatives.demo.agreements import is_working
from cooperatives.demo.plans import WEAVERS_OF_THE_DEMO, WITHOUT_MEMBERS, made_up_phone
from cooperatives.models import Product, QuoteRequest

Kind, Status = Product.Kind, QuoteRequest.Status
REQUESTS = 40
NEW, ANSWERED, DECLINED, REFUSED = Status.values
# The first requests of the demo accounts' cooperatives, and how often which status is elsewhere.
STATES = {
    WEAVERS_OF_THE_DEMO: [NEW, NEW, NEW, ANSWERED, ANSWERED, DECLINED, REFUSED],
    WITHOUT_MEMBERS: [NEW, ANSWERED],
}
OTHER_STATES = [NEW, NEW, NEW, ANSWERED, ANSWERED, ANSWERED, DECLINED, REFUSED]
ANSWERING = {WEAVERS_OF_THE_DEMO: "yosefina", WITHOUT_MEMBERS: "bendahara"}
VISITORS = [
    "Rina Contoh",
    "Bapak Surya Contoh",
    "Toko Contoh Kupang",
    "Ibu Lestari Contoh",
    "Sanggar Contoh Atambua",
    "Panitia Wisuda Contoh",
    "Andre Contoh",
    "Koperasi Contoh Denpasar",
]
MESSAGES = [
    "Untuk seragam panitia. Apakah warnanya bisa sama semua?",
    "Mohon harga sampai Kupang, kirim lewat travel.",
    "Boleh kami lihat contoh dulu?",
    "Untuk oleh-oleh tamu.",
    "",
    "",
]
ANSWERS = {
    NEW: [""],
    ANSWERED: [
        "Bisa. Harga seperti di halaman produk, ongkos kirim ditanggung pembeli.",
        "Bisa selesai dua minggu sebelum tanggal itu. Uang muka separuh.",
    ],
    DECLINED: [
        "Maaf, penenun kami penuh sampai akhir tahun.",
        "Maaf, jumlah sebanyak itu belum sanggup kami buat.",
    ],
    REFUSED: ["Nomor tidak dapat dihubungi.", ""],
}
SEVERAL = {Kind.CLOTH: (2, 60), Kind.FOOD: (10, 200)}


def make_requests(rng, offers, plans, users, now, scale):
    """40 × `scale` requests, the waiting ones of the last days; `now` is a datetime. Returns
    [(QuoteRequest, when it was sent)], the oldest first."""
    shown = {}
    for offer in offers:
        if offer.row.is_published and is_working(offer.plan):
            shown.setdefault(offer.plan.name, []).append(offer.row)
    found = []
    for name, status in wanted(rng, shown, REQUESTS * scale):
        product = rng.choice(shown[name])
        plan = next(plan for plan in plans if plan.name == name)
        user = users[ANSWERING.get(name, "staf")]
        found.append(make_request(rng, plan, product, status, user, now))
    return sorted(found, key=lambda pair: pair[1])


def wanted(rng, shown, count):
    """(name of the cooperative, status) of each request to be."""
    found = [(name, status) for name, states in STATES.items() for status in states]
    others = [name for name in shown if name not in STATES]
    while len(found) < count:
        found.append((rng.choice(others), OTHER_STATES[len(found) % len(OTHER_STATES)]))
    return found


def make_request(rng, plan, product, status, user, now):
    is_new = status == NEW
    sent = now - timedelta(hours=rng.randint(2, 200) if is_new else rng.randint(300, 4000))
    answered = None if is_new else sent + timedelta(hours=rng.randint(1, 96))
    needed = (sent + timedelta(days=rng.randint(20, 90))).date()
    few, many = SEVERAL.get(product.kind, (1, 10))
    row = QuoteRequest(
        cooperative=plan.row,
        product=product if rng.random() < 0.8 else None,
        what=product.name,
        quantity=rng.randint(few, many),
        unit=product.unit,
        needed_by=needed if rng.random() < 0.75 else None,
        contact_name=rng.choice(VISITORS),
        contact_phone=made_up_phone(rng),
        message=rng.choice(MESSAGES),
        status=status,
        answer=rng.choice(ANSWERS[status]),
        answered_by=None if is_new else user,
        answered_at=answered,
    )
    return row, sent


def set_back(requests):
    """Say of saved requests when they were sent; a row is always saved as of now."""
    for row, sent in requests:
        row.created_at = sent
    QuoteRequest.objects.bulk_update([row for row, _sent in requests], ["created_at"])
