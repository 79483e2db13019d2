"""Self-selection: the bounds by hand, Gamma* = 169, and a confidence sequence that may be watched all the time."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.integrate import quad

from golos.count.evidence.selection import Reports, break_even, contaminated, corrupted, explained
from golos.count.evidence.sequence import gamma_sequence, log_evidence, lower_share


def test_bounds_by_hand():
    # of 100 voters 40 reported, 30 of them for her: 30 to 90 %
    reports = Reports(30, 40, 100)
    assert reports.manski() == (0.3, 0.9)
    assert reports.contaminated(0.1) == (0.26, 0.94)
    assert corrupted(0.75, 0.1) == pytest.approx((0.65, 0.85))
    assert contaminated(0.75, 0.1) == pytest.approx((0.65 / 0.9, 0.75 / 0.9))


@given(st.integers(0, 12), st.integers(0, 12), st.integers(0, 12), st.integers(0, 12))
@settings(deadline=None)
def test_manski_is_what_the_silent_can_do(support, others, silent, fakes):
    reports, voters = support + others, support + others + silent
    fakes = min(fakes, reports)
    if not voters:
        return
    low, high = Reports(support, reports, voters).contaminated(fakes / reports if reports else 0.0)
    worst = [
        (support - bad + turned + more) / voters
        for bad in range(min(fakes, support) + 1)
        for turned in range(min(fakes - bad, others) + 1)
        for more in range(silent + 1)
    ]
    assert (low, high) == pytest.approx((min(worst), max(worst)))


def test_break_even_of_belarus():
    assert round(break_even(0.95, 0.101)) == 169


@given(st.floats(0.01, 0.99), st.floats(0.01, 0.99))
@settings(deadline=None)
def test_the_break_even_selection_explains_the_reports(reported, announced):
    assert explained(announced, break_even(reported, announced)) == pytest.approx(reported)


@pytest.mark.parametrize(("theta", "support", "others"), [(0.2, 3, 1), (0.6, 10, 9), (0.9, 2, 5)])
def test_evidence_is_the_average_over_all_larger_shares(theta, support, others):
    average, _ = quad(lambda eta: (eta / theta) ** support * ((1 - eta) / (1 - theta)) ** others, theta, 1)
    assert np.exp(log_evidence(theta, support, others)) == pytest.approx(average / (1 - theta))


def test_the_limit_is_where_the_evidence_is_one_in_alpha():
    low = float(lower_share(np.array(95.0), np.array(5.0), 0.05))
    assert log_evidence(low, 95.0, 5.0) == pytest.approx(np.log(20))
    shares = np.linspace(0.001, low, 200)
    assert (log_evidence(shares, 95.0, 5.0) >= np.log(20) - 1e-9).all()


def excluded(reports, share, alpha):
    """Say whether the share is ruled out at any time, without the bisection that finds the limit."""
    support = np.cumsum(reports)
    return bool((log_evidence(share, support, np.arange(1, len(reports) + 1) - support) >= -np.log(alpha)).any())


def test_watching_all_the_time_errs_no_more_often_than_promised():
    rng = np.random.default_rng(8)
    announced, gamma, alpha, runs = 0.101, 5.0, 0.1, 1000
    share = explained(announced, gamma)
    wrong = 0
    for run in range(runs):
        reports = (rng.random(1000) < share).astype(np.int64)
        wrong += excluded(reports, share, alpha)
        if run < 10:
            limits = gamma_sequence(reports[:200], announced, alpha)
            assert bool((limits > gamma).any()) == excluded(reports[:200], share, alpha)
    assert wrong / runs <= alpha + 3 * (alpha * (1 - alpha) / runs) ** 0.5


def test_it_holds_where_selection_changes_with_what_came_before():
    rng = np.random.default_rng(9)
    announced, gamma, alpha, runs, wrong = 0.3, 3.0, 0.1, 150, 0
    most = explained(announced, gamma)
    for _ in range(runs):
        reports, seen = [], 0
        for at in range(300):  # an adversary reports as much as it may while it is behind, and rests while ahead
            reports.append(int(rng.random() < (most if seen <= most * at else most / 2)))
            seen += reports[-1]
        wrong += excluded(np.array(reports), most, alpha)
    assert wrong / runs <= alpha + 3 * (alpha * (1 - alpha) / runs) ** 0.5


def test_the_limit_comes_near_the_truth():
    rng = np.random.default_rng(10)
    limits = gamma_sequence((rng.random(5_000) < 0.95).astype(np.int64), 0.101, 0.05)
    assert 120 < limits[-1] < 169.2 and (np.diff(limits) >= 0).all()
