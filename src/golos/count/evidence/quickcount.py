"""Quick count: an estimate with an interval, from stations drawn before the vote: the only result Golos ever states.

Ratio estimator with finite population correction, for simple, stratified and clustered samples (Cochran, 1977,
chapters 6 and 9A). A cluster is one unit whose figures are the sums of its stations.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri, stdtrit

from golos.count.evidence.result import Method, Result, Rows
from golos.model.finding import Grade
from golos.model.problem import Problem

Reals = NDArray[np.float64]
METHOD = Method(
    name="Quick count: combined ratio estimator, finite population correction, Manski bounds over missing stations",
    citations=(
        "Cochran (1977): Sampling Techniques, 3rd edition, chapters 5, 6 and 9A",
        "Manski (2003): Partial Identification of Probability Distributions, chapter 1",
        "Imbens, Manski (2004): Confidence intervals for partially identified parameters, Econometrica 72(6)",
    ),
    assumptions=(
        "The stations were drawn, and the draw logged, before the vote, by a seed beyond anybody's influence.",
        "What observers copied is what was counted at the station; it says nothing of ballots stuffed before.",
        "A missing station is taken to be as bad as its number of registered voters allows, both ways.",
    ),
    confounds=("Observers who were turned away where counts were falsified: the width of the interval shows it.",),
    most=Grade.STRONG,
)


@dataclass(frozen=True, slots=True, eq=False)
class Stratum:
    """The sampled units of one stratum of ``units`` units: votes of the option ``y`` and valid votes ``x``, by unit.

    ``missing`` holds for each drawn unit without a report the most valid votes it can have.
    """

    units: int
    y: Reals
    x: Reals
    missing: Reals

    @property
    def drawn(self) -> int:
        """How many units were drawn, with a report or without."""
        return len(self.y) + len(self.missing)

    def filled(self, *, support: bool) -> "Stratum":
        """Return it with the missing units at their worst: all their votes for the option, or none."""
        y = np.concatenate((self.y, self.missing if support else np.zeros_like(self.missing)))
        return Stratum(self.units, y, np.concatenate((self.x, self.missing)), np.zeros(0))


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share, its standard error, and the interval at the confidence asked for, within 0 and 1."""

    share: float
    error: float
    low: float
    high: float


def estimate(strata: Sequence[Stratum], alpha: float) -> Estimate:
    """Return the estimate from the units at hand; ``missing`` is not looked at.

    R = sum N_h mean(y) / sum N_h mean(x); variance sum N_h^2 (1 - n_h/N_h) s_h^2 / n_h / X^2 with s_h^2 the variance of
    y - R x within the stratum. Student's t with as many degrees of freedom as units less strata.
    Raises Problem ``quickcount.units`` where a stratum that was not taken whole has fewer than two units.
    """
    for stratum in strata:
        if not len(stratum.y) or (len(stratum.y) < 2 and len(stratum.y) < stratum.units):
            problem = "holds a stratum with fewer than two reports."
            raise Problem("quickcount.units", "sample", problem, "Join strata that are alike.")
    total = sum(s.units * float(s.x.mean()) for s in strata)
    if total <= 0:
        raise Problem("quickcount.votes", "sample", "holds no valid votes.", "Look at the columns.")
    share = sum(s.units * float(s.y.mean()) for s in strata) / total
    variance = sum(_variance(s, share) for s in strata) / total**2
    freedom = sum(len(s.y) for s in strata) - len(strata)
    reach = float(stdtrit(max(freedom, 1), 1 - alpha / 2)) * sqrt(variance)
    return Estimate(share, sqrt(variance), max(share - reach, 0.0), min(share + reach, 1.0))


def bounded(strata: Sequence[Stratum], alpha: float) -> tuple[float, float]:
    """Return the interval whatever the missing units hold: its ends are those of the two worst cases."""
    none, every = ([s.filled(support=support) for s in strata] for support in (False, True))
    return estimate(none, alpha).low, estimate(every, alpha).high


def needed(half_width: float, alpha: float, units: int, spread: float) -> int:
    """Return the units of a simple sample for that half width; ``spread``: sd(y - R x) / mean(x) of a past election."""
    first = (float(ndtri(1 - alpha / 2)) * spread / half_width) ** 2
    return min(max(ceil(first / (1 + first / units)), 2), units)


def allocate(sample: int, sizes: Sequence[int], spreads: Sequence[float] | None = None) -> list[int]:
    """Return how many units each stratum gets: in proportion to its size, or to size x spread (Neyman, 1934).

    Largest remainders; at least two each, or all where there are fewer. Raises Problem ``quickcount.sample``.
    """
    least = [min(2, size) for size in sizes]
    if not sum(least) <= sample <= sum(sizes):
        problem = f"has to lie between {sum(least):,} and {sum(sizes):,} for these strata."
        raise Problem("quickcount.sample", "--sample", problem, "Take more units, or join strata.")
    weights = (
        [float(size) for size in sizes] if spreads is None else [n * s for n, s in zip(sizes, spreads, strict=True)]
    )
    if sum(weights) <= 0:
        weights = [float(size) for size in sizes]
    given = list(least)
    while (left := sample - sum(given)) > 0:
        open_ = [h for h, size in enumerate(sizes) if given[h] < size]
        whole = sum(weights[h] for h in open_) or 1.0
        ideal = {h: sample * weights[h] / sum(weights) for h in open_}
        first = max(open_, key=lambda h: (ideal[h] - given[h], weights[h] / whole, -h))
        step = int(min(max(ideal[first] - given[first], 1), left, sizes[first] - given[first]))
        given[first] += step
    return given


def quick_count(strata: Sequence[Stratum], alpha: float, announced: float | None, source: str, seed: str) -> Result:
    """Return the estimate, its interval, the interval over the missing, and how the announcement stands to it."""
    found, interval = estimate(strata, alpha), bounded(strata, alpha)
    drawn, missing = sum(s.drawn for s in strata), sum(len(s.missing) for s in strata)
    numbers = {
        "share": found.share,
        "standard_error": found.error,
        "interval": [found.low, found.high],
        "half_width": (found.high - found.low) / 2,
        "interval_with_missing": list(interval),
        "confidence": 1 - alpha,
        "drawn": drawn,
        "missing": missing,
        "announced": announced,
    }
    grade, reason = _judged(interval, announced, strata)
    rows = Rows(drawn - missing, {"drawn, no report": missing} if missing else {})
    return Result(METHOD, grade, reason, rows, source, numbers, seed)


def _judged(interval: tuple[float, float], announced: float | None, strata: Sequence[Stratum]) -> tuple[Grade, str]:
    if announced is None:
        return Grade.CANT_TELL, "an estimate; no announcement was given to hold it against"
    if interval[0] <= announced <= interval[1]:
        return Grade.CANT_TELL, "the announced share lies within the interval"
    far = bounded(strata, 1e-6)
    if announced < far[0] or announced > far[1]:
        return Grade.STRONG, "the announced share lies outside the interval, at one in a million too"
    return Grade.SUSPICIOUS, "the announced share lies outside the interval"


def _variance(stratum: Stratum, share: float) -> float:
    n = len(stratum.y)
    if n >= stratum.units:
        return 0.0
    spread = float((stratum.y - share * stratum.x).var(ddof=1))
    return stratum.units**2 * (1 - n / stratum.units) * spread / n
