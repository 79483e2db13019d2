"""Repeated shares: stations of one commission that report the same share."""

from collections.abc import Iterator
from math import log
from typing import Any

import numpy as np

from golos.count.evidence.result import Method, Result, graded
from golos.count.figures import Mask, Numbers
from golos.count.forensics.binomial import Intervals, Reals, interval_chances, rounded_share
from golos.count.forensics.commissions import ready, shares
from golos.count.forensics.poisson_binomial import log_tail, moments
from golos.count.forensics.returns import Returns
from golos.model.finding import Grade

METHOD = Method(
    name="Repeated shares: stations of one commission with the same share to a tenth or a hundredth of a percent",
    citations=(
        "Kobak, Shpilkin, Pshenichnikov (2018): Putin's peaks: Russian election data revisited, Significance 15(3)",
        "Rozenas (2017): Detecting election fraud from irregularities in vote-share distributions, Political Analysis 25(1)",  # noqa: E501
    ),
    assumptions=(
        "In an honest count each station's figures scatter around its own share as a binomial would at least.",
        "Stations are independent given their shares.",
    ),
    confounds=("Copying mistakes in the publication of the table.", "Stations that are one station under two numbers."),
    most=Grade.STRONG,
)
GRIDS = (1_000, 10_000)
"""Tenths and hundredths of a percent."""
_LEAST = 3
_LEAST_Z = 4
"""What chance explains better than this can't stand after correction, and is not worked out."""
_LISTED = 20


def repeated_shares(returns: Returns) -> Result:
    """Return the shares of turnout and leader that too many stations of one commission have in common."""
    chosen = ready(returns, METHOD)
    if isinstance(chosen, Result):
        return chosen
    mask, rows = chosen
    commissions = len(np.unique(returns.commissions.of[mask]))
    tests = 2 * sum(steps + 1 for steps in GRIDS) * commissions
    found = [
        {**hit, "p_bonferroni": min(1.0, tests * 10 ** hit["log10_p"])}
        for name, n, x in shares(returns)
        for steps in GRIDS
        for hit in _repeats(returns, mask, name, n, x, steps)
    ]
    standing = sorted((hit for hit in found if hit["p_bonferroni"] < 0.01), key=lambda hit: float(hit["log10_p"]))
    least = min((hit["p_bonferroni"] for hit in found), default=1.0)
    reason = f"{len(standing)} repeated shares stand after correction for {tests:,} comparisons"
    numbers = {"tests": tests, "hits": len(standing), "repeats": standing[:_LISTED]}
    return Result(METHOD, graded(least, 1e-6, 0.01), reason, rows, returns.digest, numbers)


def _repeats(returns: Returns, mask: Mask, name: str, n: Numbers, x: Numbers, steps: int) -> Iterator[dict[str, Any]]:
    """Yield the shares that at least three stations of a commission have, with the exact chance of so many."""
    of = returns.commissions.of[mask]
    n, x = n[mask], x[mask]
    order = np.argsort(of, kind="stable")
    starts = np.searchsorted(of[order], np.arange(len(returns.commissions.names) + 1))
    cells, numbers = np.unique(of * (steps + 1) + rounded_share(n, x, steps), return_counts=True)
    many = numbers >= _LEAST
    for cell, stations in zip(cells[many].tolist(), numbers[many].tolist(), strict=True):
        group, value = divmod(cell, steps + 1)
        members = order[starts[group] : starts[group + 1]]
        chances = _chances_of(n[members], x[members], value, steps)
        mean, sd = moments(chances)
        if stations - mean > _LEAST_Z * sd:
            yield {
                "commission": returns.commissions.names[group],
                "figure": name,
                "share": value / steps,
                "rounded_to": 1 / steps,
                "stations": stations,
                "of": len(members),
                "expected": mean,
                "log10_p": log_tail(chances, stations) / log(10),
            }


def _chances_of(n: Numbers, x: Numbers, value: int, steps: int) -> Reals:
    """Return the chance of each station that its share rounds to ``value`` / ``steps``, halves up."""
    first = -(-(2 * value - 1) * n // (2 * steps))
    last = -(-(2 * value + 1) * n // (2 * steps)) - 1
    rows = np.arange(len(n))
    return interval_chances(n, x, Intervals(rows, rows, np.maximum(first, 0), np.minimum(last, n)))
