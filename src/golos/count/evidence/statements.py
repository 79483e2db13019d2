"""Statements: what stands of an election's contradictions, with everything that could undo them."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from golos.count.bounds import Excesses, standing_findings
from golos.count.compare import Comparison
from golos.count.count import Count
from golos.count.evidence import multiplicity, power, selection
from golos.count.evidence.result import Result, Rows, kept, refused
from golos.count.evidence.selection import Reports, break_even, contaminated, corrupted
from golos.count.figures import NONE, Numbers, known
from golos.count.standing import Standing
from golos.count.whole import highest
from golos.model.finding import Finding, Grade

RATES = (0.01, 0.02, 0.05, 0.1)
"""Rates of fakes for which the number of falsified stations is bounded."""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One contest under its headline source: both sides, and the C1 findings that stand."""

    comparison: Comparison
    contest: str
    source: str
    standing: Standing
    p: Numbers
    findings: tuple[Finding, ...]

    @property
    def v(self) -> Numbers:
        """The highest version of the protocols, [stations, options]."""
        return self.standing.high.take(self.standing.options)


def sides(comparison: Comparison) -> Iterator[Side]:
    """Yield the contests that have confirmed photographs."""
    for contest, source in comparison.headline.items():
        votes = next((v for v in comparison.count.votes_of(contest, "confirmed") if v.source == source), None)
        if source is not None and votes is not None:
            standing = comparison.standings[contest]
            findings = tuple(standing_findings(comparison.findings, contest, source))
            yield Side(comparison, contest, source, standing, votes.figures.take(standing.options), findings)


def statements(side: Side, alpha: float) -> dict[str, Result]:
    """Return the results by method."""
    return {
        "multiplicity": falsified_stations(side, alpha),
        "selection": self_selection(side),
        "power": station_power(side),
    }


def falsified_stations(side: Side, alpha: float) -> Result:
    """Return how many stations are contradicted beyond a rate of fakes, after correction for all that were looked at.

    Every station with a figure on both sides is tested; its chance is that of its least likely option, corrected for
    the options (Bonferroni).
    """
    source = input_of(side.comparison.count)
    both = (side.p != NONE) & (side.v != NONE)
    mask, rows = kept([("no option with photographs and a protocol", ~both.any(axis=1))], len(both))
    if not rows.used:
        return refused(multiplicity.METHOD, "no station has both sides", len(both), source)
    p, v, here = side.p[mask], side.v[mask], both[mask]
    excess = np.where(here, np.maximum(p - v, 0), 0)
    photos = np.where(here, p, 0)
    found = [_at_rate(photos, excess, here, rate, alpha) for rate in RATES]
    stations = found[1]["closed_testing"]
    grade = Grade.STRONG if stations else Grade.CANT_TELL
    reason = f"at {RATES[1]:.0%} fakes at least {stations} stations are falsified, at {1 - alpha:.0%} confidence"
    return Result(multiplicity.METHOD, grade, reason, rows, source, {"alpha": alpha, "rates": found})


def _at_rate(photos: Numbers, excess: Numbers, here: Numbers, rate: float, alpha: float) -> dict[str, float]:
    chances = np.where(here, multiplicity.fake_chance(photos, excess, rate), 1.0)
    stations = np.minimum(chances.min(axis=1) * here.sum(axis=1), 1.0)
    corrected = multiplicity.holm(list(stations))
    return {
        "rate": rate,
        "stations": len(stations),
        "holm": sum(chance <= alpha for chance in corrected),
        "closed_testing": multiplicity.false_at_least(list(stations), alpha),
    }


def self_selection(side: Side) -> Result:
    """Return for the nation and each option the bounds under selection, and the break-even Gamma."""
    count, source = side.comparison.count, input_of(side.comparison.count)
    national = [a for a in count.announcements if (a.area, a.contest) == (count.pack.root, side.contest)]
    wholes = {option: whole.value for option in side.standing.options if (whole := highest(national, option))}
    reports, total = int(known(side.p).sum()), sum(wholes.values())
    if not wholes or not reports or not total:
        reason = "no national announcement" if not wholes else "no confirmed photographs of options"
        return refused(selection.METHOD, reason, len(side.p), source)
    support = {option: int(known(side.p[:, at]).sum()) for at, option in enumerate(side.standing.options)}
    told = {o: _selected(Reports(support[o], reports, total), value / total) for o, value in wholes.items()}
    largest = max(told, key=lambda o: support[o])
    gamma = told[largest]["break_even"]
    reason = f"for both numbers to be true, voters for {largest} reported {gamma:.0f} times as readily as others (odds)"
    rows = Rows(reports)
    return Result(selection.METHOD, Grade.CANT_TELL, reason, rows, source, {"announced_votes": total, "options": told})


def _selected(reports: Reports, announced: float) -> dict[str, object]:
    share = reports.support / reports.reports
    return {
        "announced": announced,
        "reported": share,
        "reports": reports.reports,
        "manski": reports.manski(),
        "manski_with_fakes": {str(rate): reports.contaminated(rate) for rate in RATES},
        "corrupted": {str(rate): corrupted(share, rate) for rate in RATES},
        "contaminated": {str(rate): contaminated(share, rate) for rate in RATES},
        "break_even": break_even(share, announced),
    }


def station_power(side: Side) -> Result:
    """Return how many stations would have shown a transfer of 5 % of the votes, and what each could have hidden."""
    found = power.power(side.p, side.v)
    stations = side.comparison.count.tree.stations
    seen = found.visible != NONE
    rows = Rows(int(seen.sum()), {"not every option has photographs and a protocol": int((~seen).sum())})
    told = {stations[at]: int(found.visible[at]) for at in np.flatnonzero(seen)}
    consistent = int(found.consistent.sum())
    numbers = {"consistent": consistent, "invisible_below": told}
    grade = Grade.CONSISTENT if consistent and consistent == rows.used else Grade.CANT_TELL
    reason = f"at {consistent:,} of {len(stations):,} stations a transfer of 5 % of the votes would have been seen"
    return Result(power.METHOD, grade, reason, rows, input_of(side.comparison.count), numbers)


def excesses_of(side: Side) -> dict[str, Excesses]:
    """Return the contradictions of the two sets of the bounds: all, and the proven ones."""
    proven = [f for f in side.findings if f.grade is Grade.PROVEN]
    return {"all": Excesses.of(side.findings), "proven": Excesses.of(proven)}


def input_of(count: Count) -> str:
    """Return what the numbers of a count come from: the log's root, or the SHA-256 of its tables' digests, in hex."""
    if count.size:
        return count.root.hex()
    tables = sorted({v.evidence for v in count.votes} | {v.evidence for v in count.versions})
    return hashlib.sha256("\n".join(tables).encode()).hexdigest()
