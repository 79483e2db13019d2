"""Each method on tables made by hand, and on honest and falsified ones made by chance."""

import numpy as np
import pytest
from small import honest, returns

from golos.count.forensics.commissions import dispersion, kireev
from golos.count.forensics.digits import last_digits
from golos.count.forensics.histograms import comet, fingerprint, spikes, turnout_spikes
from golos.count.forensics.integers import integer_anomaly
from golos.count.forensics.repeats import repeated_shares
from golos.count.forensics.totals import rounded_totals
from golos.count.forensics.turnout import curve, selected, shpilkin


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def test_integer_anomaly_leaves_out_what_the_definition_leaves_out():
    table = returns(
        registered=[1000, 99, 1000, 1000, None, 1000],
        issued=[500, 50, 995, 600, 500, 0],
        leader=[250, 25, 300, 599, 250, 0],
    )
    result = integer_anomaly(table)
    assert result.rows.used == 1
    assert result.rows.excluded == {
        "a figure is missing": 1,
        "no ballots": 1,
        "under 100 voters": 1,
        "turnout over 99 %": 1,
        "leader's share over 99 %": 1,
    }
    assert result.numbers["union"]["observed"] == 1


def test_honest_tables_show_no_anomaly_and_falsified_ones_do(rng):
    table = honest(3000, rng)
    assert abs(integer_anomaly(table).numbers["union"]["z"]) < 3.5
    made_up = np.arange(0, 3000, 10)
    table.issued[made_up] = np.rint(table.registered[made_up] * 0.85).astype(np.int64)
    table.counted[made_up] = table.issued[made_up]
    result = integer_anomaly(table)
    assert result.grade == "strong" and 200 < result.numbers["turnout"]["anomaly"] < 320
    assert turnout_spikes(table).numbers["spikes"][0]["turnout"] == 0.85


def test_the_exact_null_agrees_with_simulation(rng):
    table = honest(400, rng)
    simulated = []
    for _ in range(300):
        issued = rng.binomial(table.registered, table.issued / table.registered)
        rest = np.minimum(100 * issued % table.registered, -100 * issued % table.registered)
        simulated.append(int((20 * rest <= table.registered).sum()))
    told = integer_anomaly(table).numbers["turnout"]
    assert told["expected"] == pytest.approx(np.mean(simulated), abs=5 * told["sd"] / 300**0.5)
    assert told["sd"] == pytest.approx(np.std(simulated), rel=0.15)


def test_shpilkin_by_hand():
    # ratio 1 at turnouts 48 to 52 %; at 80 % the leader has 300 votes more than the others' 100
    turnouts = [48, 49, 50, 51, 52, 80]
    table = returns(
        registered=[1000] * 6,
        issued=[10 * t for t in turnouts[:5]] + [800],
        leader=[240, 245, 250, 255, 260, 400],
        others=[240, 245, 250, 255, 260, 100],
        valid=[480, 490, 500, 510, 520, 500],
    )
    told = shpilkin(table).numbers
    assert told["mode"] == 50
    assert told["windows"]["mode -2..+2"] == {"ratio": 1.0, "anomalous": 300.0}
    assert told["share_without"][0] == pytest.approx((1650 - 300) / (3000 - 300))


def test_the_curve_does_not_follow_one_huge_station():
    registered = [1000] * 200 + [5_000_000]
    issued = [400 + at for at in range(200)] + [4_800_000]
    table = returns(registered, issued, [i // 2 for i in issued])
    mask, _ = selected(table)
    assert 40 <= curve(table, mask, 0).mode <= 96
    small = returns(registered[:200], issued[:200], [i // 2 for i in issued[:200]])
    assert 40 <= curve(small, selected(small)[0], 0).mode < 60


def test_repeated_share_is_found_where_it_was_put(rng):
    commissions = [f"c{at // 40}" for at in range(2000)]
    table = honest(2000, rng, commissions=commissions)
    assert repeated_shares(table).numbers["hits"] == 0
    copied = np.arange(80, 100)
    table.votes[copied, 0] = np.rint(table.counted[copied] * 0.622).astype(np.int64)
    hit = repeated_shares(table).numbers["repeats"][0]
    assert (hit["commission"], hit["share"], hit["figure"]) == ("c2", 0.622, "leader")
    assert hit["stations"] >= 10 > 5 * hit["expected"] and hit["p_bonferroni"] < 1e-6


def test_dispersion_by_hand():
    # five stations of 1,000 ballots with exactly 40 % each: chi-squared 0
    commissions = ["same"] * 5 + ["far"] * 5
    leader = [400] * 5 + [300, 350, 400, 450, 500]
    table = returns([2000] * 10, [1000] * 10, leader, commissions=commissions)
    result = dispersion(table)
    assert result.numbers["tests"] == 4 and result.numbers["hits"] == 3
    named = {(hit["commission"], hit["figure"]) for hit in result.numbers["commissions"]}
    assert named == {("same", "leader"), ("same", "turnout"), ("far", "turnout")}


def test_dispersion_is_quiet_where_voters_decide_one_by_one(rng):
    registered = rng.integers(500, 1500, 4000)
    issued = rng.binomial(registered, 0.6)
    table = returns(registered, issued, rng.binomial(issued, 0.5), commissions=[f"c{at // 20}" for at in range(4000)])
    assert dispersion(table).numbers["hits"] == 0


@pytest.mark.parametrize(("zeros", "hits"), [(9, 1), (10, 0)])
def test_kireev_by_hand(zeros, hits):
    bob = [1] * 21 + [2] * 21 + [0] * zeros
    table = returns([1000] * len(bob), [500] * len(bob), [500 - b for b in bob], bob, commissions=["c"] * len(bob))
    assert kireev(table).numbers["hits"] == hits


def test_kireev_tells_few_zeros_from_too_few():
    bob = [1] * 40 + [2] * 40
    table = returns([1000] * 80, [500] * 80, [500 - b for b in bob], bob, commissions=["c"] * 80)
    hit = kireev(table).numbers["commissions"][0]
    assert hit["zeros_expected"] == pytest.approx(80 * (1 - 120 / 40000) ** 500, rel=1e-9)
    assert hit["p_bonferroni"] < 1e-6


def test_last_digits(rng):
    table = honest(3000, rng, handwritten=True)
    large = returns(table.registered * 20, table.issued * 20, rng.binomial(table.issued * 20, 0.5), handwritten=True)
    assert last_digits(large).grade == "can't tell"
    invented = large.votes[:, 0]
    invented[invented % 10 == 0] += 7
    assert last_digits(large).grade == "suspicious"
    assert last_digits(honest(300, rng)).grade == "no data"


def test_rounded_totals_by_hand():
    # 1,000,000 votes: 64.3 % and 35.7 %; with three options the chance is (1/1000)^2
    table = returns([900_000, 900_000], [400_000, 600_000], [243_000, 400_000], [157_000, 200_000])
    assert rounded_totals(table).grade == "can't tell"  # two options: a chance of 1 in 1,000 is not enough
    three = np.concatenate((table.votes, [[10_000], [0]]), axis=1)
    three[0, 1] -= 10_000
    object.__setattr__(table, "votes", three)
    object.__setattr__(table, "options", ("ann", "bob", "cyn"))
    result = rounded_totals(table)
    assert result.grade == "can't tell"  # 1e-6 is the limit, not under it
    object.__setattr__(table, "votes", three * 10)
    assert rounded_totals(table).grade == "strong"


def test_histograms_hold_every_station_once(rng):
    table = honest(500, rng, regions=["n"] * 200 + ["s"] * 300)
    found, rows = spikes(table, least=0)
    assert found.observed.sum() == rows.used == 500
    assert found.expected.sum() == pytest.approx(500)
    heat, _ = fingerprint(table)
    assert heat.voters.sum() == table.registered.sum()
    assert comet(table)[0].leader.sum() == 500 and comet(table, 0)[0].others.sum() == 200
