"""C7 on a table: the sums of an area are tenths of a percent of their total, as if made from percentages."""

from collections.abc import Iterator, Sequence

import numpy as np

from golos.count.evidence.result import Method, Result, kept, refused
from golos.count.figures import Mask
from golos.count.forensics.returns import Returns
from golos.count.rounding import UNLIKELY, share
from golos.model.finding import Grade

METHOD = Method(
    name="Rounded totals (C7)",
    citations=("docs/counting.md, rule C7",),
    assumptions=("Totals of an honest count are not all tenths of a percent of their sum, rounded.",),
    confounds=("None known where the chance is this small; small totals are never tested.",),
    most=Grade.STRONG,
)


def rounded_totals(returns: Returns) -> Result:
    """Return the nation and the regions whose options are all rounded tenths of a percent of the total.

    The chance, product over all options but one of min(1, 1000 / total), has to stay under 1e-6 after it is
    multiplied by the number of totals that were looked at.
    """
    mask, rows = kept([("a figure is missing", returns.incomplete)], returns.stations)
    if not rows.used or len(returns.options) < 2:
        return refused(METHOD, "no votes of two options at least", returns.stations, returns.digest)
    areas = [("", mask), *_regions(returns, mask)]
    tested = [(name, [int(v) for v in returns.votes[inside].sum(axis=0)]) for name, inside in areas]
    found = [
        {"region": name, "total": sum(votes), "chance": _chance(votes), "votes": votes}
        for name, votes in tested
        if _rounded(votes) and _chance(votes) * len(tested) * UNLIKELY < 1
    ]
    grade = Grade.STRONG if found else Grade.CANT_TELL
    reason = f"{len(found)} of {len(tested)} totals are made of rounded shares"
    return Result(METHOD, grade, reason, rows, returns.digest, {"tests": len(tested), "areas": found})


def _regions(returns: Returns, mask: Mask) -> Iterator[tuple[str, Mask]]:
    for code, name in enumerate(returns.regions.names):
        inside = mask & (returns.regions.of == code)
        if np.any(inside):
            yield name, inside


def _rounded(votes: Sequence[int]) -> bool:
    total = sum(votes)
    return total > 0 and all(share(v, total) is not None for v in votes)


def _chance(votes: Sequence[int]) -> float:
    total = sum(votes)
    return float(min(1.0, 1000 / total) ** (len(votes) - 1)) if total else 1.0
