"""The measure itself: a gate that cannot fail, or fails on a restless machine, is worth nothing."""

from types import SimpleNamespace

from bench import gates, measure, plans
from bench.gates import Gate


class Call:
    """A page that costs so many turns of a loop."""

    def __init__(self, turns):
        self.turns, self.prepared = turns, 0

    def prepare(self):
        self.prepared += 1

    def __call__(self):
        return sum(range(self.turns))


def test_calls_are_timed_in_turn_and_the_dearer_one_is_seen(db):
    calls = {"page": Call(200_000), "reference": Call(20_000)}
    found = measure.interleaved(calls, rounds=5)

    assert {name: len(samples.wall) for name, samples in found.items()} == dict.fromkeys(calls, 5)
    assert found["page"].least > 3 * found["reference"].least
    assert calls["page"].prepared == 8  # three before the first round


def test_a_long_measurement_ends_after_two_rounds(db):
    assert len(measure.interleaved({"page": Call(1)}, seconds=0)["page"].wall) == 2


def test_a_gate_holds_up_to_its_limit():
    most, least = Gate("P1", 2.5), Gate("P5", 50, least=True)

    assert [most.holds(figure) for figure in (2.4, 2.5, 2.6)] == [True, True, False]
    assert [least.holds(figure) for figure in (49, 50, 51)] == [False, True, True]


def test_a_line_carries_its_gate_and_its_target_where_that_is_another():
    assert gates.judged({}, 3, Gate("P1", 2.5)) == {"gate": "P1", "limit": 2.5, "ok": False}
    assert gates.judged({}, 3, Gate("P1", 4, target=2.5))["target"] == 2.5
    assert gates.judged({}, 3, None) == {}


def test_a_page_that_misses_a_gate_has_a_limit_of_its_own_and_the_gate_as_its_target():
    case = SimpleNamespace(name="own-people", kind=gates.LIST)
    usual = gates.gate_of(SimpleNamespace(name="member-list", kind=gates.LIST), gates.GROWTH)
    gate = gates.gate_of(case, gates.GROWTH)

    assert gate.limit > gate.target == usual.limit
    assert usual.target is None


def test_a_restless_run_decides_nothing():
    line = gates.judged({}, 3, Gate("P1", 2.5), conclusive=False)

    assert line == {"gate": "P1", "limit": 2.5, "inconclusive": True}
    assert [measure.is_quiet(control) for control in (0.89, 0.9, 1.1, 1.11)] == [
        False,
        True,
        True,
        False,
    ]


def test_a_capped_count_from_the_head_of_a_table_is_no_fault():
    scan = {"Node Type": "Seq Scan", "Relation Name": "t", "Actual Loops": 1}
    touched = {"Shared Hit Blocks": 20, "Shared Read Blocks": 1}
    head = {**scan, **touched, "Actual Rows": 1001}
    whole = {**scan, **touched, "Actual Rows": 100, "Rows Removed by Filter": 99_900}

    assert plans.faults(head, big={"t"}, most_buffers=21) == []
    assert plans.faults(whole, big={"t"}, most_buffers=20) == [
        "reads through t",
        "throws away 99900 rows",
        "touches 21 pages",
    ]
