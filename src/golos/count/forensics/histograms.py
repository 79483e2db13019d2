"""Histograms behind the plots: fingerprint, turnout with its spikes, comets. Numbers only; plots.py draws them."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from golos.count.evidence.result import Method, Result, Rows, graded, kept, refused
from golos.count.figures import Mask, Numbers
from golos.count.forensics.binomial import Reals, expected_bins, rounded_share
from golos.count.forensics.returns import Returns
from golos.model.finding import Grade

SPIKES = Method(
    name="Turnout in tenths of a point beside its exact null band",
    citations=(
        "Kobak, Shpilkin, Pshenichnikov (2016): Integer percentages as electoral falsification fingerprints, Annals of Applied Statistics 10(1)",  # noqa: E501
    ),
    assumptions=("As for integer percentages.",),
    confounds=(
        "Bins of small stations: shares such as 1/2 are frequent by arithmetic; the band knows that, the eye does not.",
    ),
    most=Grade.STRONG,
)
TENTHS = 1000
_LEAST = 100


@dataclass(frozen=True, slots=True, eq=False)
class Spikes:
    """Stations by turnout in tenths of a point, 0 to 1000: observed, expected and the null's standard deviation."""

    observed: Numbers
    expected: Reals
    sd: Reals


@dataclass(frozen=True, slots=True, eq=False)
class Heat:
    """Voters by turnout and the leader's share in bins of one point, [turnout, share]."""

    voters: Reals


@dataclass(frozen=True, slots=True, eq=False)
class Comet:
    """Stations by turnout and by votes per registered voter, both in half points: the leader's and all others'."""

    leader: NDArray[np.int64]
    others: NDArray[np.int64]


def selected(returns: Returns) -> tuple[Mask, Rows]:
    """Return the stations that can be drawn: voters, ballots, no part above its whole."""
    known, _ = returns.usable("registered", "issued", "counted", "leader")
    return kept(
        [
            ("a figure is missing", ~known),
            ("no voters or no ballots", (returns.registered <= 0) | (returns.counted <= 0)),
            ("a part exceeds its whole", (returns.issued > returns.registered) | (returns.leading > returns.counted)),
        ],
        returns.stations,
    )


def _large_enough(returns: Returns, least: int) -> tuple[Mask, Rows]:
    base, _ = selected(returns)
    return kept([("not drawable", ~base), (f"under {least} voters", returns.registered < least)], len(base))


@lru_cache(maxsize=2)  # the test and the plot of one election, and its control's
def spikes(returns: Returns, least: int = _LEAST) -> tuple[Spikes, Rows]:
    """Return the turnout histogram of the stations with at least ``least`` voters."""
    mask, rows = _large_enough(returns, least)
    n, x = returns.registered[mask], returns.issued[mask]
    if not rows.used:
        nothing = np.zeros(TENTHS + 1)
        return Spikes(nothing.astype(np.int64), nothing, nothing), rows
    observed = np.bincount(rounded_share(n, x, TENTHS), minlength=TENTHS + 1)
    mean, variance = expected_bins(n, x, TENTHS)
    return Spikes(observed, mean, np.sqrt(variance)), rows


def tenths(returns: Returns) -> Spikes:
    """Return how many figures end in each tenth of a point, 0 to 9: turnouts, and shares of the leader, together.

    Figures under 99 % alone, of the stations of `spikes`; those that end in 0 are whole percentages.
    """
    turnouts, _ = spikes(returns)
    mask, _ = _large_enough(returns, _LEAST)
    n, x = returns.counted[mask], returns.leading[mask]
    mean, variance = expected_bins(n, x, TENTHS)
    leader = np.bincount(rounded_share(n, x, TENTHS), minlength=TENTHS + 1)
    folded = [
        (turnout + share)[:990].reshape(99, 10).sum(axis=0)
        for turnout, share in (
            (turnouts.observed, leader),
            (turnouts.expected, mean),
            (turnouts.sd**2, variance),
        )
    ]
    return Spikes(folded[0], folded[1], np.sqrt(folded[2]))


def turnout_spikes(returns: Returns) -> Result:
    """Return the tenths of a point that too many stations have, turnout under 99 %."""
    found, rows = spikes(returns)
    if not rows.used:
        return refused(SPIKES, "no station has what the histogram needs", returns.stations, returns.digest)
    z = np.divide(found.observed - found.expected, found.sd, out=np.zeros(TENTHS + 1), where=found.sd > 0.5)
    z[990:] = 0
    largest = [int(at) for at in np.argsort(-z, kind="stable")[:10] if z[at] > 3]
    listed = [
        {
            "turnout": at / TENTHS,
            "observed": int(found.observed[at]),
            "expected": float(found.expected[at]),
            "z": float(z[at]),
        }
        for at in largest
    ]
    whole = slice(10, 990, 10)
    variance = float((found.sd[whole] ** 2).sum())
    excess = float((found.observed[whole] - found.expected[whole]).sum())
    comb = excess / variance**0.5 if variance else 0.0
    grade = graded(_upper_tail(comb), 1e-6, 0.01)
    numbers = {"spikes": listed, "whole_percent_excess": excess, "whole_percent_z": comb}
    return Result(SPIKES, grade, f"whole percents stand out by z = {comb:.1f}", rows, returns.digest, numbers)


def fingerprint(returns: Returns) -> tuple[Heat, Rows]:
    """Return the fingerprint (Klimek and others, 2012): no model is fitted to it."""
    mask, rows = selected(returns)
    bins = [
        np.minimum(100 * x[mask] // n[mask], 99)
        for n, x in ((returns.registered, returns.issued), (returns.counted, returns.leading))
    ]
    weight = returns.registered[mask].astype(np.float64)
    voters = np.bincount(bins[0] * 100 + bins[1], weight, 10_000).astype(np.float64)
    return Heat(voters.reshape(100, 100)), rows


def comet(returns: Returns, region: int | None = None) -> tuple[Comet, Rows]:
    """Return the comet of the nation, or of one region."""
    base, _ = selected(returns)
    elsewhere = np.zeros_like(base) if region is None else returns.regions.of != region
    known = returns.valid >= returns.leading
    mask, rows = kept(
        [("not drawable", ~base), ("in another region", elsewhere), ("no figure for the valid votes", ~known)],
        len(base),
    )
    n = returns.registered[mask]
    turnout = np.minimum(200 * returns.issued[mask] // n, 199)
    parts = [
        np.bincount(turnout * 200 + np.minimum(200 * votes[mask] // n, 199), minlength=40_000).reshape(200, 200)
        for votes in (returns.leading, returns.valid - returns.leading)
    ]
    return Comet(*parts), rows


def _upper_tail(z: float) -> float:
    """Return the normal chance of more than ``z``."""
    return float(ndtr(-z))
