"""The quick count: by hand, and its coverage on a published election."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golos.count.evidence.quickcount import Stratum, allocate, bounded, estimate, needed, quick_count
from golos.count.evidence.sampling import dice_seed, draw
from golos.intake.returns import parse_returns_map, read_returns
from golos.model.problem import Problem

ROOT = Path(__file__).parents[2]
TABLE = ROOT.parent / "shared" / "data" / "russia" / "ru2018.parquet"


def stratum(units, y, x, missing=()):
    return Stratum(units, *(np.array(values, dtype=float) for values in (y, x, missing)))


def test_ratio_estimator_by_hand():
    # R = 60/150 = 0.4, residuals 0, 5, -5, s2 = 25; var = (1 - 3/10) 25/3 / 50^2
    found = estimate([stratum(10, [20, 25, 15], [50, 50, 50])], 0.05)
    assert found.share == pytest.approx(0.4)
    assert found.error == pytest.approx((0.7 * 25 / 3) ** 0.5 / 50)
    assert found.high - found.share == pytest.approx(4.302653 * found.error)


def test_strata_taken_whole_have_no_error():
    found = estimate([stratum(2, [10, 20], [20, 30]), stratum(1, [5], [50])], 0.05)
    assert (found.share, found.error) == (35 / 100, 0.0)


def test_missing_stations_are_taken_at_their_worst():
    strata = [stratum(4, [30, 30], [60, 60], [100, 100])]
    low, high = bounded(strata, 0.05)  # all four units are in the sample: no error is left
    assert (low, high) == (60 / 320, 260 / 320)


@given(st.lists(st.integers(1, 60), min_size=1, max_size=8), st.data())
@settings(deadline=None)
def test_allocation_gives_away_all_and_no_more_than_there_is(sizes, data):
    sample = data.draw(st.integers(sum(min(2, s) for s in sizes), sum(sizes)))
    spreads = data.draw(st.none() | st.lists(st.floats(0, 5), min_size=len(sizes), max_size=len(sizes)))
    given_ = allocate(sample, sizes, spreads)
    assert sum(given_) == sample
    assert all(min(2, size) <= n <= size for n, size in zip(given_, sizes, strict=True))


def test_allocation_by_hand():
    assert allocate(10, [100, 300, 600]) == [2, 3, 5] or allocate(10, [100, 300, 600]) == [2, 2, 6]
    assert allocate(100, [100, 300, 600]) == [10, 30, 60]
    assert allocate(90, [500, 500], [1.0, 2.0]) == [30, 60]
    with pytest.raises(Problem):
        allocate(1, [5, 5])


def test_a_sample_of_one_station_is_refused():
    with pytest.raises(Problem, match="fewer than two"):
        estimate([stratum(10, [1], [2])], 0.05)


def test_the_announcement_is_judged():
    strata = [stratum(1000, [20, 25, 15] * 30, [50, 50, 50] * 30)]
    assert quick_count(strata, 0.05, 0.4, "", "").grade == "can't tell"
    assert quick_count(strata, 0.05, 0.45, "", "").grade == "strong"
    assert quick_count(strata, 0.05, 0.42, "", "").grade == "suspicious"
    assert quick_count(strata, 0.05, None, "", "").grade == "can't tell"


def test_the_draw_is_the_published_recipe():
    import hashlib

    seed = dice_seed("12345 67890 12345 67890")
    tickets = [hashlib.sha256(f"golos/draw/v1\n{seed}\nab\n{i}".encode()).hexdigest() for i in range(1, 40)]
    expected = list(dict.fromkeys(int(t, 16) % 50 + 1 for t in tickets))[:10]
    assert draw(seed, "ab", 50, 10) == expected
    assert sorted(draw(seed, "ab", 7, 7)) == [1, 2, 3, 4, 5, 6, 7]
    with pytest.raises(Problem):
        dice_seed("123")
    with pytest.raises(Problem):
        draw(seed, "ab", 7, 8)


def test_every_place_is_drawn_equally_often():
    times = np.zeros(20)
    for seed in range(1500):
        times[np.array(draw(str(seed), "x", 20, 5)) - 1] += 1
    assert ((times - 375) ** 2 / 375).sum() / (1 - 5 / 20) < 45


@pytest.fixture(scope="module")
def election():
    if not TABLE.exists():
        pytest.skip("the published table ru2018 is not beside the project")
    mapping = (ROOT / "examples/forensics/ru2018.toml").read_bytes()
    returns = read_returns(TABLE, parse_returns_map(mapping))
    keep = (returns.valid > 0) & (returns.leading >= 0)
    regions = returns.regions.of[keep]
    return returns.leading[keep].astype(float), returns.valid[keep].astype(float), regions


def test_coverage_of_a_simple_sample_of_2018(election):
    y, x, _ = election
    truth, rng, inside, widths = y.sum() / x.sum(), np.random.default_rng(13), 0, []
    for _ in range(600):
        at = rng.choice(len(y), 1000, replace=False)
        found = estimate([Stratum(len(y), y[at], x[at], np.zeros(0))], 0.05)
        inside += found.low <= truth <= found.high
        widths.append((found.high - found.low) / 2)
    assert 100 * np.mean(widths) == pytest.approx(0.64, abs=0.03)
    assert inside / 600 == pytest.approx(0.95, abs=0.03)
    spread = np.std(y - truth * x) / x.mean()
    assert needed(float(np.mean(widths)), 0.05, len(y), spread) == pytest.approx(1000, rel=0.05)


def test_strata_make_the_interval_of_2018_smaller(election):
    y, x, regions = election
    codes, sizes = np.unique(regions, return_counts=True)
    rng, truth, inside, widths = np.random.default_rng(14), y.sum() / x.sum(), 0, []
    members = {code: np.flatnonzero(regions == code) for code in codes}
    sample = allocate(1000, sizes.tolist())
    for _ in range(100):
        picks = [rng.choice(members[c], n, replace=False) for c, n in zip(codes, sample, strict=True)]
        found = estimate([Stratum(int(s), y[at], x[at], np.zeros(0)) for s, at in zip(sizes, picks, strict=True)], 0.05)
        inside += found.low <= truth <= found.high
        widths.append((found.high - found.low) / 2)
    assert np.mean(widths) < 0.0060 and inside >= 88
