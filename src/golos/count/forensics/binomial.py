"""Binomial chances of intervals, for all stations at once: what an honest station's share can round to."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import betainc, gammaln

from golos.count.figures import Numbers

Reals = NDArray[np.float64]
BEYOND = 27.0
"""Counts are summed as far as where all beyond has a chance under 2 exp(-27), 4e-12 (Bernstein's inequality)."""
_CHUNK = 8_000
_LARGE = 1 << 16
"""Stations of so many voters (electronic voting) are worked out by the incomplete beta function."""


@dataclass(frozen=True, slots=True, eq=False)
class Intervals:
    """Closed intervals of counts, ``first`` to ``last``, each of the station in ``row``; an empty one has last < first.

    ``label`` says which interval of the grid each is.
    """

    row: Numbers
    label: Numbers
    first: Numbers
    last: Numbers


def grid_intervals(n: Numbers, x: Numbers, steps: int, half: tuple[int, int], *, closed: bool = True) -> Intervals:
    """Return the intervals around the grid points k / ``steps`` (k whole) that lie within reach of the shares x / n.

    An interval holds the counts j with |j/n - k/steps| <= half[0] / (half[1] * steps); the upper end is left out
    unless ``closed``. All in whole numbers: a share on the edge falls where it belongs. n > 0.
    """
    low, high = _reach(n, x)
    k_low = low * steps // n
    k_high = -(-high * steps // n)
    row, k = ragged(k_low, k_high)
    a, b = half
    size = b * steps
    least, most = (b * k - a) * n[row], (b * k + a) * n[row]
    first = np.maximum(-(-least // size), 0)
    last = most // size if closed else -(-most // size) - 1
    return Intervals(row, k, first, np.minimum(last, n[row]))


def ragged(first: Numbers, last: Numbers) -> tuple[Numbers, Numbers]:
    """Return, for rows of ranges ``first`` to ``last`` inclusive, the row and the value of every element."""
    lengths = np.maximum(last - first + 1, 0)
    row = np.repeat(np.arange(len(first)), lengths)
    starts = np.cumsum(lengths) - lengths
    return row, np.arange(len(row)) - starts[row] + first[row]


def interval_chances(n: Numbers, x: Numbers, intervals: Intervals) -> Reals:
    """Return for each interval the chance that Binomial(n, x / n) of its station falls into it."""
    large = n[intervals.row] >= _LARGE
    mine, j = ragged(intervals.first, np.where(large, intervals.first - 1, intervals.last))
    chances = np.bincount(mine, binomial_pmf(n, x, intervals.row[mine], j), len(intervals.row)).astype(np.float64)
    at = np.flatnonzero(large & (intervals.last >= intervals.first))
    size, part = n[intervals.row[at]], x[intervals.row[at]]
    upper, lower = (_at_most(size, part, k) for k in (intervals.last[at], intervals.first[at] - 1))
    chances[at] = np.maximum(upper - lower, 0.0)
    return chances


def binomial_pmf(n: Numbers, x: Numbers, row: Numbers, j: Numbers) -> Reals:
    """Return P(Binomial(n, x / n) = j) for elements j of the stations in ``row``."""
    factorials = _log_factorials(int(n[n < _LARGE].max(initial=0)).bit_length())
    with np.errstate(divide="ignore"):
        yes = np.where(x > 0, np.log(x / n), 0.0)
        no = np.where(x < n, np.log1p(-x / n), 0.0)
    size = n[row]
    logs = factorials[size] - factorials[j] - factorials[size - j] + j * yes[row] + (size - j) * no[row]
    certain = (x == 0) | (x == n)
    with np.errstate(over="ignore"):  # where the outcome is certain the logarithms mean nothing
        result: Reals = np.where(certain[row], j == x[row], np.exp(logs))
    return result


def chances_near(n: Numbers, x: Numbers, steps: int, half: tuple[int, int]) -> Reals:
    """Return for each station the chance that its share comes to lie near any point of the grid (`grid_intervals`)."""
    found = np.zeros(len(n))
    for start in range(0, len(n), _CHUNK):
        part = slice(start, start + _CHUNK)
        intervals = grid_intervals(n[part], x[part], steps, half)
        chances = interval_chances(n[part], x[part], intervals)
        found[part] = np.bincount(intervals.row, chances, len(n[part]))
    return np.minimum(found, 1.0)


def expected_bins(n: Numbers, x: Numbers, steps: int) -> tuple[Reals, Reals]:
    """Return mean and variance of how many stations have a share that rounds to k / ``steps``, for k = 0 to ``steps``.

    A share half way between two grid points counts for the upper one.
    """
    mean, variance = np.zeros(steps + 1), np.zeros(steps + 1)
    for start in range(0, len(n), _CHUNK):
        part = slice(start, start + _CHUNK)
        for few, bins in ((n[part] < _LARGE, _bins_by_counts), (n[part] >= _LARGE, _bins_by_intervals)):
            label, chances = bins(n[part][few], x[part][few], steps)
            mean += np.bincount(label, chances, steps + 1)
            variance += np.bincount(label, chances * (1 - chances), steps + 1)
    return mean, variance


def _bins_by_counts(n: Numbers, x: Numbers, steps: int) -> tuple[Numbers, Reals]:
    """Return a grid point and the chance that a station's share rounds to it, for all within reach: count by count."""
    low, high = _reach(n, x)
    first, last = rounded_share(n, low, steps), rounded_share(n, high, steps)
    start = np.cumsum(last - first + 1) - (last - first + 1)
    row, j = ragged(low, high)
    cell = rounded_share(n[row], j, steps) + (start - first)[row]
    _, label = ragged(first, last)
    return label, np.bincount(cell, binomial_pmf(n, x, row, j), len(label)).astype(np.float64)


def _bins_by_intervals(n: Numbers, x: Numbers, steps: int) -> tuple[Numbers, Reals]:
    """Return the same for stations that have too many counts."""
    intervals = grid_intervals(n, x, steps, (1, 2), closed=False)
    return intervals.label, interval_chances(n, x, intervals)


def rounded_share(n: Numbers, x: Numbers, steps: int) -> Numbers:
    """Return k such that x / n rounds to k / ``steps``, halves up."""
    found: Numbers = (2 * x * steps + n) // (2 * n)
    return found


def _at_most(n: Numbers, x: Numbers, k: Numbers) -> Reals:
    """Return P(Binomial(n, x / n) <= k) by the incomplete beta function: where n is too large to sum over counts."""
    inside = (k >= 0) & (k < n)
    within = np.clip(k, 0, n - 1)
    found: Reals = np.where(inside, betainc(n - within, within + 1.0, 1 - x / n), np.where(k < 0, 0.0, 1.0))
    return found


@lru_cache(maxsize=4)
def _log_factorials(bits: int) -> Reals:
    """Return log k! for every k below 2 ** bits."""
    found: Reals = gammaln(np.arange(1 << bits) + 1.0)
    return found


def _reach(n: Numbers, x: Numbers) -> tuple[Numbers, Numbers]:
    spread = BEYOND / 3 + np.sqrt(BEYOND**2 / 9 + 2 * BEYOND * x * (1 - x / n))
    low = np.maximum(np.floor(x - spread), 0).astype(np.int64)
    return low, np.minimum(np.ceil(x + spread), n).astype(np.int64)
