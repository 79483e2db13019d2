"""The chances behind the exact nulls, against fractions and brute force."""

from fractions import Fraction
from math import comb, exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import gammaln, xlog1py, xlogy

from golos.count.forensics.binomial import chances_near, expected_bins, rounded_share
from golos.count.forensics.integers import HALF_WIDTH, is_whole
from golos.count.forensics.poisson_binomial import log_tail, moments, pmf

quick = settings(deadline=None, max_examples=25)
part = st.integers(1, 150).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))


def exact(n, x, holds):
    """Return P(Binomial(n, x/n) is a count that holds), in fractions."""
    p = Fraction(x, n)
    return float(sum(comb(n, j) * p**j * (1 - p) ** (n - j) for j in range(n + 1) if holds(j)))


def whole(n, j):
    share = Fraction(100 * j, n)
    return abs(share - round(share)) <= Fraction(1, 20)


def convolved(q):
    found = np.ones(1)
    for chance in q:
        found = np.convolve(found, [1 - chance, chance])
    return found


def test_a_station_of_ten_voters_by_hand():
    # every tenth is a whole percent, so the chance is 1; of 3 voters only 0 and 3 are
    n, x = np.array([10, 3]), np.array([4, 1])
    found = chances_near(n, x, 100, HALF_WIDTH)
    assert found == pytest.approx([1.0, (2 / 3) ** 3 + (1 / 3) ** 3])


@given(part)
@quick
def test_chance_of_a_whole_percentage_is_the_sum_over_all_counts(nx):
    n, x = nx
    found = chances_near(np.array([n]), np.array([x]), 100, HALF_WIDTH)[0]
    assert found == pytest.approx(exact(n, x, lambda j: whole(n, j)), abs=1e-11)
    assert bool(is_whole(np.array([n]), np.array([x]))[0]) == whole(n, x)


@given(st.integers(1 << 16, 10**6), st.floats(0, 1))
@quick
def test_huge_stations_are_worked_out_as_small_ones_are(n, share):
    x = int(n * share)
    found = chances_near(np.array([n]), np.array([x]), 100, HALF_WIDTH)[0]
    j = np.arange(n + 1)
    logs = gammaln(n + 1) - gammaln(j + 1) - gammaln(n - j + 1) + xlogy(j, x / n) + xlog1py(n - j, -x / n)
    assert found == pytest.approx(np.exp(logs)[is_whole(np.full(n + 1, n), j)].sum(), abs=1e-7)


@given(part)
@quick
def test_expected_bins_are_the_chances_of_rounding_there(nx):
    n, x = nx
    mean, variance = expected_bins(np.array([n]), np.array([x]), 20)
    for k in range(21):
        chance = exact(n, x, lambda j, k=k: (2 * j * 20 + n) // (2 * n) == k)
        assert mean[k] == pytest.approx(chance, abs=1e-11)
        assert variance[k] == pytest.approx(chance * (1 - chance), abs=1e-11)
    assert rounded_share(np.array([n]), np.array([x]), 20)[0] == (40 * x + n) // (2 * n)


@given(st.lists(st.floats(0, 1), min_size=1, max_size=60))
@quick
def test_poisson_binomial_is_the_convolution(q):
    q = np.array(q)
    low, chances = pmf(q)
    assert chances == pytest.approx(convolved(q)[low : low + len(chances)], abs=1e-12)
    assert moments(q) == pytest.approx((q.sum(), (q * (1 - q)).sum() ** 0.5))


@given(st.lists(st.floats(0.001, 0.999), min_size=1, max_size=40), st.data())
@quick
def test_tail_is_precise_however_small(q, data):
    observed = data.draw(st.integers(0, len(q)))
    exactly = [Fraction(1)]
    for chance in map(Fraction, q):
        exactly = [
            (exactly[k] * (1 - chance) if k < len(exactly) else 0) + (exactly[k - 1] * chance if k else 0)
            for k in range(len(exactly) + 1)
        ]
    tail = sum(exactly[observed:])
    assert log_tail(np.array(q), observed) == pytest.approx(log(float(tail)), rel=1e-7, abs=1e-9)


def test_tail_of_coins_by_hand():
    assert exp(log_tail(np.full(3, 0.5), 2)) == pytest.approx(0.5)
    assert exp(log_tail(np.full(100, 0.01), 100)) == pytest.approx(0, abs=1e-190)
    assert log_tail(np.full(100, 0.01), 100) == pytest.approx(100 * log(0.01))
    assert log_tail(np.array([1.0, 1.0, 0.0]), 2) == 0.0
    assert log_tail(np.array([1.0, 0.0]), 2) == -np.inf


def test_a_nation_and_a_village_give_the_same_distribution():
    q = np.random.default_rng(2).random(3000) * 0.4  # its frequencies lie near 0: the series; a part's do not
    low, chances = pmf(q)
    assert chances == pytest.approx(convolved(q)[low : low + len(chances)], abs=1e-13)
