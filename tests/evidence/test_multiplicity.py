"""Holm, Simes in closed testing, and the chance that fakes alone make a contradiction."""

from itertools import combinations
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golos.count.evidence.multiplicity import fake_chance, false_at_least, holm

chances = st.lists(st.floats(0, 1), min_size=1, max_size=7)


def simes_rejects(values, alpha):
    ordered = sorted(values)
    return any(p <= alpha * k / len(ordered) for k, p in enumerate(ordered, 1))


def brute_force(values, alpha):
    """Close the family: the bound is m less the largest set whose intersection Simes does not reject."""
    m = len(values)
    kept = [k for k in range(1, m + 1) for some in combinations(values, k) if not simes_rejects(some, alpha)]
    return m - max(kept, default=0)


def test_holm_by_hand():
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


@given(chances)
@settings(deadline=None)
def test_holm_never_undercuts_the_chance(values):
    corrected = holm(values)
    assert all(1 >= c >= p for c, p in zip(corrected, values, strict=True))
    assert sum(c <= 0.05 for c in corrected) <= false_at_least(values, 0.05)


@given(chances, st.sampled_from([0.01, 0.05, 0.3]))
@settings(deadline=None, max_examples=80)
def test_the_bound_is_that_of_the_closed_family(values, alpha):
    assert false_at_least(values, alpha) == brute_force(values, alpha)


def test_three_stations_by_hand():
    # 0.001 and 0.01 fall with Simes in every set, 0.6 does not
    assert false_at_least([0.001, 0.01, 0.6], 0.05) == 2
    assert false_at_least([0.04, 0.045, 0.049], 0.05) == 3  # Simes rejects every set by its largest chance
    assert false_at_least([0.03, 0.2, 0.6], 0.05) == 0


@given(st.integers(0, 30), st.integers(0, 30), st.floats(0.01, 0.9))
@settings(deadline=None)
def test_fakes_alone(photos, excess, eps):
    expected = sum(comb(photos, k) * eps**k * (1 - eps) ** (photos - k) for k in range(excess, photos + 1))
    assert fake_chance(np.array([photos]), np.array([excess]), eps)[0] == pytest.approx(expected, abs=1e-12)


def test_true_nulls_are_called_false_no_more_often_than_promised():
    rng = np.random.default_rng(6)
    wrong = [false_at_least(rng.random(20), 0.1) > 0 for _ in range(2000)]
    assert np.mean(wrong) <= 0.1 + 3 * (0.09 / 2000) ** 0.5
