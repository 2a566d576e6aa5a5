"""What each figure has to be. `docs/adr/0007-performance.md` says why a limit is not the target."""

from dataclasses import dataclass, replace

# Kinds of pages.
LIST, SEARCH, DETAIL, FORM, HOME, STOCK = "list", "search", "detail", "form", "home", "stock"
# Figures of a page: its time against the reference, in milliseconds of the processors, and so on.
RATIO, TIME, GROWTH, SIZE, QUERIES, QUERIES_ADDED, BUFFERS, BUFFER_GROWTH = (
    "ratio",
    "time",
    "growth",
    "gzip",
    "queries",
    "queries added",
    "buffers",
    "buffer growth",
)


@dataclass(frozen=True)
class Gate:
    """`limit` fails the run. `target` is what the design asked for, where that is something else.
    `least`: the figure must not be under the limit, instead of not over it."""

    name: str
    limit: float
    target: float | None = None
    least: bool = False

    def holds(self, figure):
        return figure >= self.limit if self.least else figure <= self.limit


SIZE_GATE = Gate("P16", 15_000)
GATES = {
    (LIST, RATIO): Gate("P1", 15, target=2.5),
    (LIST, GROWTH): Gate("P3", 1.3),
    (LIST, QUERIES): Gate("P17", 8),
    (LIST, QUERIES_ADDED): Gate("P17", 0),
    (LIST, BUFFERS): Gate("P18", 1500, target=300),
    (LIST, BUFFER_GROWTH): Gate("P18", 2.7, target=1.3),
    (SEARCH, TIME): Gate("P4", 60),
    (SEARCH, QUERIES): Gate("P17", 8),
    (SEARCH, QUERIES_ADDED): Gate("P17", 0),
    (DETAIL, RATIO): Gate("P2", 13, target=3),
    (FORM, RATIO): Gate("P2", 19, target=5),
    (HOME, RATIO): Gate("P13", 18, target=2.5),
    (HOME, GROWTH): Gate("P13", 1.2),
}
STOCK_GATES = {"admin-list": Gate("P5", 50, least=True)}
# Pages that miss a gate, each with the limit that keeps it from getting worse.
EXCEPTIONS = {
    # in the largest cooperative rows are counted by looking a thousand people up
    ("own-members-sex", RATIO): 18,
    ("own-members-sex", BUFFERS): 12_000,
    ("own-members-sex", BUFFER_GROWTH): 13,
    ("own-members-district", RATIO): 20,
    ("own-members-district", GROWTH): 1.7,
    ("own-members-district", BUFFERS): 3000,
    ("own-members-district", BUFFER_GROWTH): 7,
    ("own-people", RATIO): 120,
    ("own-people", GROWTH): 10,
    ("own-people", BUFFERS): 170_000,
    ("own-people", BUFFER_GROWTH): 160,
    # a right that holds in a small part of the whole
    ("area-members", RATIO): 21,
    ("area-members", GROWTH): 2.0,
    ("area-members", BUFFERS): 10_000,
    ("area-people", RATIO): 32,
    ("area-people", GROWTH): 2.8,
    ("area-people", BUFFERS): 28_000,
    ("area-people", BUFFER_GROWTH): 12,
    ("home-area", RATIO): 36,
    ("home-area", GROWTH): 2.4,
    # every product that is public is counted
    ("home-visitor", RATIO): 24,
    ("home-visitor", GROWTH): 3.6,
    # so few products among 10,000 members that their count is not capped there
    ("product-list", BUFFER_GROWTH): 4,
    ("public-products", BUFFERS): 2200,
    ("public-products", BUFFER_GROWTH): 42,
}


def gate_of(case, figure):
    """The gate of one figure of a page; None where nothing is asked of it."""
    if case.kind == STOCK:
        return STOCK_GATES.get(case.name) if figure == RATIO else None
    gate = SIZE_GATE if figure == SIZE else GATES.get((case.kind, figure))
    limit = EXCEPTIONS.get((case.name, figure))
    if gate is None or limit is None:
        return gate
    return replace(gate, limit=limit, target=gate.limit if gate.target is None else gate.target)


def judged(line, figure, gate, *, conclusive=True):
    """`line` with the gate's verdict; without a gate, or in a restless run, there is none."""
    if gate is None:
        return line
    line |= {"gate": gate.name, "limit": gate.limit}
    if gate.target is not None:
        line["target"] = gate.target
    if not conclusive:
        return line | {"inconclusive": True}
    return line | {"ok": gate.holds(figure)}
