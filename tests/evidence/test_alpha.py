"""ALPHA: the published values that are at hand, a second way to compute it, and its promise by simulation."""

import numpy as np
import pytest

from golos.count.evidence.alpha import Alpha

PUBLISHED = {(0.6, 0.55, 100): 184.2, (0.55, 0.7, 1000): 4692.2}
"""Mean sample sizes of Stark (2023), Table 2, N = 20,000: theta, eta, d. The others could not be had."""
CELLS = [(t, e, d) for t in (0.55, 0.6, 0.64, 0.7) for e in (0.51, 0.55, 0.7) for d in (10, 100, 1000)]


def plain(values, population, t, eta0, d):
    """The same test, draw by draw, as the paper writes it."""
    s, product, found = 0.0, 1.0, []
    for j, x in enumerate(values, 1):
        m = (population * t - s) / (population - j + 1)
        if m < 0:
            product = np.inf
        else:
            eta = max((d * eta0 + s) / (d + j - 1), m + (eta0 - t) / 2 / (d + j - 1) ** 0.5)
            eta = min(eta, 1 - np.finfo(float).eps)
            with np.errstate(invalid="ignore", divide="ignore"):
                product *= np.float64(x) * eta / m + (1 - x) * (1 - eta) / (1 - m)
        s += x
        found.append(product)
    return np.array(found)


def drawn(ones, population, runs, size, rng):
    """Return the first draws without replacement from a list of ones and zeros, [runs, size]."""
    left, found = np.full(runs, ones), np.zeros((runs, size))
    for j in range(size):
        found[:, j] = rng.random(runs) * (population - j) < left
        left -= found[:, j].astype(np.int64)
    return found


def mean_stop(theta, eta, d, runs, size, rng, population=20_000):
    """Return the mean sample size over some runs, which all have to stop within ``size`` draws."""
    test, stops = Alpha(population, 0.5, eta, d), []
    for _ in range(0, runs, 500):
        over = test.martingale(drawn(round(population * theta), population, 500, size, rng)) >= np.log(20)
        assert over.any(axis=1).all()
        stops += (over.argmax(axis=1) + 1).tolist()
    return np.mean(stops)


def test_unit_values_of_shangrla():
    fixed = Alpha(1000, 0.5, 0.75, shrink=False)
    assert fixed.stops(np.ones(50), 0.05) == 8
    assert fixed.stops(np.full(50, 0.75), 0.05) == 14


@pytest.mark.parametrize("theta", [0.5, 0.6])
@pytest.mark.parametrize(("eta", "d"), [(0.51, 10), (0.55, 100), (0.7, 1000)])
def test_it_is_the_product_that_the_paper_defines(theta, eta, d):
    rng = np.random.default_rng(4)
    values = (rng.permutation(300) < 300 * theta).astype(float)
    logs = Alpha(300, 0.5, eta, d).martingale(values)
    expected = plain(values, 300, 0.5, eta, d)
    refuted = np.cumsum(values) > 150
    defined = ~refuted & ~np.isnan(expected)  # the paper's product is 0 / 0 once the null's mean of the rest is 0
    assert defined.sum() > 150
    assert np.exp(logs[defined]) == pytest.approx(expected[defined], rel=1e-9)
    assert np.isinf(logs[refuted]).all()


def test_published_cell_of_table_2():
    found = mean_stop(0.6, 0.55, 100, 4_000, 1_500, np.random.default_rng(1))
    assert found == pytest.approx(PUBLISHED[0.6, 0.55, 100], rel=0.03)


@pytest.mark.slow
def test_the_large_published_cell_of_table_2():
    cell = (0.55, 0.7, 1000)
    assert mean_stop(*cell, 2_000, 14_000, np.random.default_rng(2)) == pytest.approx(PUBLISHED[cell], rel=0.03)


@pytest.mark.parametrize("cell", CELLS)
def test_every_cell_of_table_2_a_second_way(cell):
    """Where the published value is not at hand the paper's own recipe, written apart, has to stop at the same draws."""
    theta, eta, d = cell
    rng = np.random.default_rng(3)
    for _ in range(2):
        values = (rng.permutation(20_000) < round(20_000 * theta)).astype(float)
        stop = Alpha(20_000, 0.5, eta, d).stops(values, 0.05)
        products = plain(values[:stop], 20_000, 0.5, eta, d)
        assert products[-1] >= 20 and products[:-1].max(initial=0) < 20


def test_it_rejects_a_true_null_no_more_often_than_promised():
    rng = np.random.default_rng(5)
    lists = rng.permuted(np.tile(np.arange(400) < 200, (1500, 1)), axis=1).astype(float)
    rejected = (Alpha(400, 0.5, 0.6, 50).martingale(lists) >= np.log(10)).any(axis=1).mean()
    assert rejected <= 0.1 + 3 * (0.09 / 1500) ** 0.5


def test_few_fakes_are_shown_after_few_photographs():
    test = Alpha(470_331, 1 - 4671 / 470_331, eta=1 - 4671 / 470_331 / 2)
    assert test.chance(np.ones(299)) > 0.05 and test.stops(np.ones(2000), 0.05) is not None
