"""Commissions: stations under one roof whose figures are too alike: small options (Kireev), dispersion."""

from collections.abc import Iterator
from math import exp, log
from typing import Any

import numpy as np
from scipy.special import gammainc

from golos.count.evidence.multiplicity import holm
from golos.count.evidence.result import Method, Result, Rows, kept, refused
from golos.count.figures import Mask, Numbers
from golos.count.forensics.binomial import Reals
from golos.count.forensics.poisson_binomial import log_tail
from golos.count.forensics.returns import Returns
from golos.model.finding import Grade

KIREEV = Method(
    name="Kireev's rule: a small option with 1 and with 2 votes at more than 20 stations of a commission each, and with 0 at fewer than 10",  # noqa: E501
    citations=("Kireev (2021): analysis of the State Duma election by territorial commissions, in Russian",),
    assumptions=("An option that has so often one or two votes has none at all in about as many stations.",),
    confounds=(
        "The rule by itself is met in a clean election too (Poland 2020: once, in Gdynia); the chance of so few zeros, "
        "which is not part of the rule, tells such cases apart.",
    ),
    most=Grade.SUSPICIOUS,
)
DISPERSION = Method(
    name="Dispersion within a commission: stations whose shares differ less than chance makes them differ",
    citations=(
        "Cochran (1954): Some methods for strengthening the common chi-squared tests, Biometrics 10(4)",
        "Klimek, Yegorov, Hanel, Thurner (2012), PNAS 109(41), on the spread of shares in honest elections",
    ),
    assumptions=(
        "Voters decide one by one: shares of stations vary at least as a binomial around the commission's share.",
    ),
    confounds=("Chi-squared is an approximation; stations with few expected votes are left out.",),
    most=Grade.SUSPICIOUS,
)
_LEAST_STATIONS = 5
_LEAST_VARIANCE = 9
_LISTED = 20


def kireev(returns: Returns) -> Result:
    """Return the commissions and options that meet Kireev's rule."""
    if not returns.commissions.names:
        return refused(KIREEV, "the table names no commissions", returns.stations, returns.digest)
    mask, rows = kept(
        [("no commission", returns.commissions.of < 0), ("a figure is missing", returns.incomplete)], returns.stations
    )
    of, votes = returns.commissions.of[mask], returns.votes[mask]
    size = len(returns.commissions.names)
    none, one, two = (_tally(of, votes == k, size) for k in (0, 1, 2))
    tests = int((np.bincount(of, minlength=size) > 0).sum()) * len(returns.options)
    hits = [
        {
            "commission": returns.commissions.names[at],
            "option": returns.options[option],
            "stations": {"0": int(none[at, option]), "1": int(one[at, option]), "2": int(two[at, option])},
            **_few_zeros(votes[of == at], int(option), tests),
        }
        for at, option in np.argwhere((one > 20) & (two > 20) & (none < 10))
    ]
    standing = sum(hit["p_bonferroni"] < 0.01 for hit in hits)
    grade = Grade.SUSPICIOUS if standing else Grade.CANT_TELL
    reason = f"{len(hits)} options in commissions meet the rule; at {standing} chance does not explain so few zeros"
    numbers = {"hits": len(hits), "standing": standing, "tests": tests, "commissions": hits}
    return Result(KIREEV, grade, reason, rows, returns.digest, numbers)


def _few_zeros(votes: Numbers, option: int, tests: int) -> dict[str, Any]:
    """Return the chance of so few stations without a vote for the option, if each voter of the commission had chosen
    it with the same chance. Differences between stations only make more zeros.
    """
    sizes, mine = votes.sum(axis=1), votes[:, option]
    chances = -np.expm1(sizes * np.log1p(-mine.sum() / sizes.sum()))
    chance = log_tail(chances, int((mine > 0).sum()))
    expected = float((1 - chances).sum())
    return {"zeros_expected": expected, "log10_p": chance / log(10), "p_bonferroni": min(1.0, tests * exp(chance))}


def dispersion(returns: Returns) -> Result:
    """Return the commissions whose stations are more alike than binomial chance allows, in turnout or share."""
    chosen = ready(returns, DISPERSION)
    if isinstance(chosen, Result):
        return chosen
    mask, rows = chosen
    tested = [row for name, n, x in shares(returns) for row in _alike(returns, mask, name, n, x)]
    for row, corrected in zip(tested, holm([row["p"] for row in tested]), strict=True):
        row["p_holm"] = corrected
    found = sorted((row for row in tested if row["p_holm"] < 0.01), key=lambda row: float(row["p"]))
    grade = Grade.SUSPICIOUS if found else Grade.CANT_TELL
    reason = f"{len(found)} of {len(tested)} tests of commissions stand after Holm's correction"
    numbers = {"tests": len(tested), "hits": len(found), "commissions": found[:_LISTED]}
    return Result(DISPERSION, grade, reason, rows, returns.digest, numbers)


def ready(returns: Returns, method: Method) -> tuple[Mask, Rows] | Result:
    """Return the stations of a commission with figures for turnout and share, or why there are none."""
    if not returns.commissions.names:
        return refused(method, "the table names no commissions", returns.stations, returns.digest)
    known, _ = returns.usable("registered", "issued", "counted", "leader")
    mask, rows = kept(
        [
            ("a figure is missing", ~known),
            ("no commission", returns.commissions.of < 0),
            ("no voters or no ballots", (returns.registered <= 0) | (returns.counted <= 0)),
            ("a part exceeds its whole", (returns.issued > returns.registered) | (returns.leading > returns.counted)),
        ],
        returns.stations,
    )
    return (mask, rows) if rows.used else refused(method, "no station is usable", returns.stations, returns.digest)


def shares(returns: Returns) -> Iterator[tuple[str, Numbers, Numbers]]:
    """Yield the two shares that are looked at: their name, whole and part, [stations]."""
    yield "turnout", returns.registered, returns.issued
    yield "leader", returns.counted, returns.leading


def _tally(of: Numbers, holds: Mask, size: int) -> Numbers:
    """Return how many stations of each commission hold, [commissions, options]."""
    return np.stack([np.bincount(of, column, size) for column in holds.T], axis=1).astype(np.int64)


def _alike(returns: Returns, mask: Mask, name: str, n: Numbers, x: Numbers) -> Iterator[dict[str, Any]]:
    """Yield each commission's chi-squared against one common share, and the chance of so little spread."""
    of, size = returns.commissions.of[mask], len(returns.commissions.names)
    n, x = n[mask], x[mask]
    for _ in range(2):  # the share of those that stay decides who has votes enough
        share = _ratios(of, x, n, size)
        enough = n * share[of] * (1 - share[of]) >= _LEAST_VARIANCE
        of, n, x = of[enough], n[enough], x[enough]
    stations = np.bincount(of, minlength=size)
    share = _ratios(of, x, n, size)
    p = share[of]
    spread = np.bincount(of, (x - n * p) ** 2 / np.maximum(n * p * (1 - p), 1e-12), size)
    for at in np.flatnonzero(stations >= _LEAST_STATIONS):
        freedom = int(stations[at]) - 1
        yield {
            "commission": returns.commissions.names[at],
            "figure": name,
            "stations": int(stations[at]),
            "chi_squared": float(spread[at]),
            "freedom": freedom,
            "p": float(gammainc(freedom / 2, spread[at] / 2)),
        }


def _ratios(of: Numbers, x: Numbers, n: Numbers, size: int) -> Reals:
    parts, wholes = np.bincount(of, x, size), np.bincount(of, n, size)
    found: Reals = np.divide(parts, wholes, out=np.zeros(size), where=wholes > 0)
    return found
