"""A confidence sequence for the share of supporters among the reports, and so for Gamma*: look as often as you like.

Each report is a supporter's with a chance that may change and depend on all before it, but is at most
theta(Gamma) = Gamma q / (Gamma q + 1 - q) where the announced share q is true. For every theta the average, over
eta uniform in (theta, 1), of prod (eta/theta)^x ((1-eta)/(1-theta))^(1-x) is a supermartingale that starts at 1: it
reaches 1 / alpha with a chance of at most alpha (Ville). What it has ruled out stays ruled out.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincc, betaln

from golos.count.evidence.selection import odds

Reals = NDArray[np.float64]
_STEPS = 48


def log_evidence(theta: Reals | float, support: Reals | float, others: Reals | float) -> Reals:
    """Return the logarithm of that average after so many reports of supporters and of others."""
    a, b = np.add(support, 1.0), np.add(others, 1.0)
    with np.errstate(divide="ignore"):
        above = np.log(betaincc(a, b, theta)) + betaln(a, b) - np.log1p(-np.asarray(theta))
    found: Reals = above - support * np.log(theta) - others * np.log1p(-np.asarray(theta))
    return found


def lower_share(support: Reals, others: Reals, alpha: float) -> Reals:
    """Return for each count the largest theta that is ruled out at 1 - alpha (0 where none is), by bisection."""
    low = np.zeros(np.broadcast(support, others).shape)
    high = np.clip(np.divide(support, np.maximum(np.add(support, others), 1)), 1e-12, 1 - 1e-12)
    for _ in range(_STEPS):
        middle = (low + high) / 2
        out = log_evidence(np.clip(middle, 1e-300, 1 - 1e-15), support, others) >= -np.log(alpha)
        low, high = np.where(out, middle, low), np.where(out, high, middle)
    return low


def gamma_sequence(reports: NDArray[np.int64], announced: float, alpha: float) -> Reals:
    """Return after each report (1: a supporter's) the lower limit of Gamma*, at 1 - alpha for all times at once."""
    support = np.cumsum(reports, dtype=np.float64)
    others = np.arange(1, len(reports) + 1) - support
    shares = np.maximum.accumulate(lower_share(support, others, alpha))
    found: Reals = shares / (1 - shares) / odds(announced)
    return found
