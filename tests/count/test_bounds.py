"""What stays under fakes, against adversaries that try everything."""

from itertools import combinations

from count_support import photos, protocol, quick, run, small_pack
from hypothesis import given
from hypothesis import strategies as st

from golos.count.bounds import BUDGETS, CAPS, RATES, Excesses, bounds, standing_findings

COUNTS = st.lists(st.integers(0, 12), min_size=1, max_size=6)


def excesses(contradicted, votes=0):
    figures = {f"s{i}": {"ann": votes + k} for i, k in enumerate(contradicted)}
    pack = small_pack(dict.fromkeys(figures, "N"))
    found = run(pack, photos(figures), protocol({s: {"ann": votes} for s in figures}, readings=2)).findings
    return Excesses.of(standing_findings(found, "president", "golos"))


def test_by_hand():
    # K = 3, 5, 10. Budget 7: 18 - 7 = 11 votes; it clears station 3 and has 4 left for 5: two stations stay.
    found = excesses([5, 3, 10])
    assert found.against(7) == (2, 11)
    assert found.against(8) == (1, 10)
    # At most 4 a station: 5 and 10 stay, 1 + 6 votes. With 100 votes each: of 105, 103, 110 photos 3 % (3 each) are
    # fakes: 102, 100, 107 stay, 2 + 0 + 7 missing.
    assert found.capped(4) == (2, 7)
    assert excesses([5, 3, 10], votes=100).rated(30) == (2, 9)


def brute_force(contradicted, budget):
    """The fewest stations and votes that any set of cleared stations, or any spread of fakes, can leave."""
    alive = [k for k in contradicted if k]
    cleared = max(m for m in range(len(alive) + 1) for c in combinations(alive, m) if sum(c) <= budget)
    votes = sum(alive)
    for _ in range(budget):
        votes -= votes > 0
    return len(alive) - cleared, votes


@quick
@given(COUNTS, st.integers(0, 40))
def test_the_budget_equals_brute_force(contradicted, budget):
    assert excesses(contradicted).against(budget) == brute_force(contradicted, budget)


@quick
@given(COUNTS, st.integers(0, 13))
def test_the_cap_equals_a_loop(contradicted, cap):
    left = [k - cap for k in contradicted if k > cap]
    assert excesses(contradicted).capped(cap) == (len(left), sum(left))


@quick
@given(COUNTS, st.integers(0, 40))
def test_more_fakes_never_leave_more(contradicted, votes):
    found = excesses(contradicted, votes)
    for left, values in ((found.against, BUDGETS), (found.capped, CAPS), (found.rated, RATES)):
        rows = [left(value) for value in values]
        assert rows == sorted(rows, reverse=True)
        assert rows[0] == (sum(k > 0 for k in contradicted), sum(contradicted))


def test_sets_and_order_of_the_rows():
    # s1 is typed twice (proven, K = 4), s2 once (strong, K = 6).
    pack = small_pack({"s1": "N", "s2": "N"})
    typed = [protocol({"s1": {"ann": 0}, "s2": {"ann": 0}}), protocol({"s1": {"ann": 0}}, source="again")]
    rows = list(bounds(run(pack, photos({"s1": {"ann": 4}, "s2": {"ann": 6}}), *typed).findings, "president", "golos"))
    assert [(b.set, b.parameter, b.value) for b in rows] == [
        (name, parameter, value)
        for name in ("all", "proven")
        for parameter, values in (("F", BUDGETS), ("k", CAPS), ("x", RATES))
        for value in values
    ]
    at = {(b.set, b.parameter, b.value): (b.stations, b.votes) for b in rows}
    assert at["all", "k", 5] == (1, 1)
    assert (at["all", "F", 0], at["proven", "F", 0]) == ((2, 10), (1, 4))
