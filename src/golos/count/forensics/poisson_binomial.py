"""The Poisson-binomial distribution, exactly: the sum of independent events, each with a chance of its own."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit, logsumexp

Reals = NDArray[np.float64]
_WIDTH = 10
"""Standard deviations on either side of the centre; what lies beyond weighs under 1e-22."""
_NOTHING = 1e-18
_NEAR = 0.25
_TERMS = 32
"""The series ends with terms under 0.25^32, 5e-20, each."""


def moments(q: Reals) -> tuple[float, float]:
    """Return mean and standard deviation of the number of events."""
    return float(q.sum()), float(np.sqrt((q * (1 - q)).sum()))


def pmf(q: Reals) -> tuple[int, Reals]:
    """Return the distribution of the number of events: the least number listed, and the chances from there on.

    The inverse Fourier transform of the characteristic function prod(1 - q + q exp(it)) (Hong, 2013). Its modulus only
    falls from t = 0 to pi, so those after the first where it has died out are zero: a nation needs some thirty.
    """
    mean, sd = moments(q)
    low = max(int(mean - _WIDTH * sd) - 2, 0)
    high = min(int(mean + _WIDTH * sd) + 2, len(q))
    size = 1 << (high - low).bit_length()
    values = np.zeros(size // 2 + 1, dtype=np.complex128)
    sums = _power_sums(q)
    for m in range(len(values)):
        t = 2 * np.pi * m / size
        value = np.exp(_log_characteristic(q, sums, np.exp(1j * t) - 1) - 1j * t * low)
        values[m] = value
        if abs(value) < _NOTHING:
            break
    chances = np.fft.irfft(np.conj(values), size)[: high - low + 1]
    return low, np.maximum(chances, 0.0)


def _power_sums(q: Reals) -> Reals:
    """Return sum q^r for r = 1 to `_TERMS`."""
    power, sums = np.ones_like(q), np.zeros(_TERMS)
    for r in range(_TERMS):
        power = power * q
        sums[r] = power.sum()
    return sums


def _log_characteristic(q: Reals, sums: Reals, z: complex) -> complex:
    """Return sum log(1 + q z): by its series near 0, where all frequencies of a large sum lie, else term by term."""
    if abs(z) > _NEAR:
        return complex(np.log1p(q * z).sum())
    r = np.arange(1, _TERMS + 1)
    return complex((-((-z) ** r) / r * sums).sum())


def log_tail(q: Reals, observed: int) -> float:
    """Return log P(number of events >= observed), precise however small it is.

    The chances are tilted until ``observed`` is their mean, the tilted sum is exact there, and is tilted back.
    """
    always, possible = int((q >= 1).sum()), q[(q > 0) & (q < 1)]
    needed = observed - always
    if needed <= 0:
        return 0.0
    if needed > len(possible):
        return -np.inf
    if needed == len(possible):
        return float(np.log(possible).sum())
    theta = _tilt(possible, needed)
    tilted = _tilted(possible, theta)
    low, chances = pmf(tilted)
    k = np.arange(low, low + len(chances))
    upper = k >= needed
    with np.errstate(divide="ignore"):
        logs = np.log(chances[upper]) - theta * k[upper]
    return min(float(logsumexp(logs) + _cumulant(possible, theta)), 0.0)


def _tilt(q: Reals, needed: int) -> float:
    """Return theta >= 0 under which the mean is ``needed``; 0 where the mean lies above already."""
    if q.sum() >= needed:
        return 0.0
    top = 1.0
    while _tilted(q, top).sum() < needed:
        top *= 2
    return float(brentq(lambda theta: _tilted(q, theta).sum() - needed, 0.0, top))


def _tilted(q: Reals, theta: float) -> Reals:
    tilted: Reals = expit(logit(q) + theta)
    return tilted


def _cumulant(q: Reals, theta: float) -> float:
    """Return the sum of log(1 - q + q exp(theta)) over the events."""
    return float(np.logaddexp(np.log1p(-q), np.log(q) + theta).sum())
