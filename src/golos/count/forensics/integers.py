"""Integer percentages: more stations than chance allows whose turnout or whose leader's share is a whole percent."""

from dataclasses import dataclass
from math import exp, log

import numpy as np

from golos.count.evidence.multiplicity import holm
from golos.count.evidence.result import Method, Result, Rows, graded, kept, refused
from golos.count.figures import Mask, Numbers, known
from golos.count.forensics.binomial import Reals, chances_near
from golos.count.forensics.poisson_binomial import log_tail, moments
from golos.count.forensics.returns import Returns
from golos.model.finding import Grade

METHOD = Method(
    name="Integer percentages, exact null",
    citations=(
        "Kobak, Shpilkin, Pshenichnikov (2016): Integer percentages as electoral falsification fingerprints, Annals of Applied Statistics 10(1)",  # noqa: E501
        "Kobak, Shpilkin, Pshenichnikov (2020): Suspect peaks in Russia's referendum results, Significance 17(5)",
        "Hong (2013): On computing the distribution function for the sum of independent and not identical random indicators, Computational Statistics & Data Analysis 59",  # noqa: E501
    ),
    assumptions=(
        "In an honest count each station's figures scatter around its own share as a binomial would at least.",
        "Stations are independent of each other, and turnout and the leader's share of one station too.",
    ),
    confounds=(
        "Stations where figures are filled in from percentages for reasons other than fraud.",
        "It counts stations in excess; it can't say which ones, and it sees only careless forgeries.",
    ),
    most=Grade.STRONG,
)
LEAST_VOTERS = 100
MOST_SHARE = 99
HALF_WIDTH = (1, 20)
"""A share counts as whole within 0.05 points: 1/20 of a percent."""
TOP = 5


@dataclass(frozen=True, slots=True, eq=False)
class Anomaly:
    """Of stations: which are whole [stations], and the chance of each to be so."""

    whole: Mask
    chances: Reals

    def figures(self) -> dict[str, float | int | None]:
        """Return observed, expected, anomaly, sd, z and the exact one-sided chance of so many or more."""
        observed = int(self.whole.sum())
        mean, sd = moments(self.chances)
        chance = log_tail(self.chances, observed)
        return {
            "observed": observed,
            "expected": mean,
            "anomaly": observed - mean,
            "sd": sd,
            "z": (observed - mean) / sd if sd else None,
            "p": exp(chance),
            "log10_p": chance / log(10),
        }


def integer_anomaly(returns: Returns) -> Result:
    """Return the anomaly of the turnout, of the leader's share, and of either (``union``), and by region."""
    mask, rows = selected(returns)
    if not rows.used:
        return refused(METHOD, "no station has what the test needs", returns.stations, returns.digest)
    found = anomalies(returns, mask)
    numbers = {name: anomaly.figures() for name, anomaly in found.items()}
    chance = numbers["union"]["p"]
    grade = graded(float(chance or 0.0), 1e-6, 0.01)
    reason = f"the chance of so many whole percentages is {_shown(numbers['union']['log10_p'])}"
    regions = _regions(returns, mask, found["union"])
    return Result(METHOD, grade, reason, rows, returns.digest, {**numbers, **regions})


def selected(returns: Returns) -> tuple[Mask, Rows]:
    """Return the stations that enter: 100 voters at least, turnout and share of 99 % at most, ballots counted."""
    registered, issued = returns.registered, returns.issued
    counted, leader = returns.counted, returns.leading
    known, _ = returns.usable("registered", "issued", "counted", "leader")
    return kept(
        [
            ("a figure is missing", ~known),
            ("no ballots", counted <= 0),
            (f"under {LEAST_VOTERS} voters", registered < LEAST_VOTERS),
            (f"turnout over {MOST_SHARE} %", 100 * issued > MOST_SHARE * registered),
            (f"leader's share over {MOST_SHARE} %", 100 * leader > MOST_SHARE * counted),
        ],
        returns.stations,
    )


def anomalies(returns: Returns, mask: Mask) -> dict[str, Anomaly]:
    """Return the three anomalies of the stations in ``mask``; those of turnout and share are independent."""
    shares = {"leader": (returns.counted, returns.leading), "turnout": (returns.registered, returns.issued)}
    leader, turnout = (_anomaly(n[mask], x[mask]) for n, x in shares.values())
    chances = 1 - (1 - leader.chances) * (1 - turnout.chances)
    return {"union": Anomaly(leader.whole | turnout.whole, chances), "leader": leader, "turnout": turnout}


def is_whole(n: Numbers, x: Numbers) -> Mask:
    """Say where 100 x / n lies within 0.05 of a whole number; n > 0."""
    rest = 100 * x % n
    found: Mask = HALF_WIDTH[1] * np.minimum(rest, n - rest) <= HALF_WIDTH[0] * n
    return found


def _anomaly(n: Numbers, x: Numbers) -> Anomaly:
    return Anomaly(is_whole(n, x), chances_near(n, x, 100, HALF_WIDTH))


def _regions(returns: Returns, mask: Mask, union: Anomaly) -> dict[str, object]:
    """Return each region's anomaly, the least likely first, its chance corrected for their number (Holm)."""
    of, voters = returns.regions.of[mask], known(returns.registered)
    codes = [int(code) for code in np.unique(of) if code >= 0]
    parts = {code: Anomaly(union.whole[of == code], union.chances[of == code]) for code in codes}
    figures = {code: part.figures() for code, part in parts.items()}
    corrected = holm([float(figures[code]["p"] or 0.0) for code in codes])
    listed = [
        {"region": returns.regions.names[code], "stations": len(parts[code].whole), **figures[code], "p_holm": p}
        for code, p in zip(codes, corrected, strict=True)
    ]
    order = sorted(range(len(codes)), key=lambda at: float(listed[at]["log10_p"] or 0.0))
    top = np.isin(returns.regions.of, [codes[at] for at in order[:TOP]])
    return {
        "top_regions": [listed[at]["region"] for at in order[:TOP]],
        "top_regions_share_of_voters": float(voters[top].sum() / voters.sum()) if codes else None,
        "regions": [listed[at] for at in order],
    }


def _shown(log10: float | int | None) -> str:
    return f"10^{log10:.1f}" if log10 is not None and log10 < -4 else f"{10 ** (log10 or 0.0):.3f}"
