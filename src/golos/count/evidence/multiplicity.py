"""Many stations at once: how many contradictions stand when every one of them might be chance."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.special import bdtrc

from golos.count.evidence.result import Method
from golos.model.finding import Grade

Reals = NDArray[np.float64]

METHOD = Method(
    name="Contradicted stations under a rate of fakes: Holm, and closed testing with Simes' test",
    citations=(
        "Holm (1979): A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6",
        "Goeman, Solari (2011): Multiple testing for exploratory research, Statistical Science 26(4)",
        "Simes (1986): An improved Bonferroni procedure for multiple tests of significance, Biometrika 73",
    ),
    assumptions=(
        "Each photograph is wrong (fake, of another station, not cast as shown) with a chance of at most eps.",
        "Whether one photograph is wrong is independent of the others; a coordinated attack is not: see the bounds under fakes.",  # noqa: E501
    ),
    confounds=("Fakes that come in batches at chosen stations.", "A misread protocol."),
    most=Grade.STRONG,
)


def fake_chance(photos: NDArray[np.int64], excess: NDArray[np.int64], eps: float) -> Reals:
    """Return P(Binomial(photos, eps) >= excess) by station: the chance that fakes alone make the contradiction."""
    inside = np.clip(excess - 1, 0, np.maximum(photos - 1, 0))
    found: Reals = np.where(excess <= 0, 1.0, np.where(excess > photos, 0.0, bdtrc(inside, photos, eps)))
    return found


def holm(chances: Sequence[float]) -> list[float]:
    """Return the chances corrected by Holm (1979), in the order given."""
    values = np.asarray(chances, dtype=np.float64)
    order = np.argsort(values, kind="stable")
    stepped = np.maximum.accumulate(values[order] * np.arange(len(values), 0, -1))
    corrected = np.empty_like(values)
    corrected[order] = np.minimum(stepped, 1.0)
    return [float(value) for value in corrected]


def false_at_least(chances: Sequence[float], alpha: float) -> int:
    """Return a lower bound, at confidence 1 - alpha, on how many of the null hypotheses are false.

    Closed testing with Simes' test: the number of hypotheses less the size of the largest set that Simes does not
    reject, which is the largest i with p_(m-i+j) > j alpha / i for all j = 1 ... i (Goeman and Solari, 2011).
    """
    ordered = np.sort(np.asarray(chances, dtype=np.float64))
    m = len(ordered)
    for size in range(m, 0, -1):
        if (ordered[m - size :] > alpha * np.arange(1, size + 1) / size).all():
            return m - size
    return m
