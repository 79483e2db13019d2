"""Compare: what was cast against what was announced. Rules C1 to C8, grades, coverage, summary and bounds."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from golos.count.arithmetic import Checked, checked, disagreements
from golos.count.bounds import Bound, bounds
from golos.count.contradiction import contradictions
from golos.count.count import Count, line_of
from golos.count.doorstep import doorstep
from golos.count.figures import Mask
from golos.count.grades import station_grades
from golos.count.overflow import overflows
from golos.count.rounding import rounded
from golos.count.standing import Photos, Standing
from golos.count.summary import headline_source, summary
from golos.count.tiers import bound_alone
from golos.count.versions import differences
from golos.count.whole import exceeded
from golos.model.entry import TIERS
from golos.model.finding import Finding, Grade


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of an area's stations, how many have a protocol, confirmed photographs, and both."""

    area: str
    stations: int
    with_protocol: int
    with_photos: int
    with_both: int


@dataclass(frozen=True, slots=True, eq=False)
class Comparison:
    """Everything that is published besides the tallies.

    ``findings`` are sorted by id; ``grades`` stand in the order of ``count.tree.stations``; ``checks`` says of each
    contest, check and version how many protocols break it, and how many have all the lines it needs.
    """

    count: Count
    standings: Mapping[str, Standing]
    findings: tuple[Finding, ...]
    grades: tuple[Grade, ...]
    coverage: tuple[Coverage, ...]
    bounds: tuple[Bound, ...]
    checks: Mapping[tuple[str, str, str], tuple[int, int]]
    headline: Mapping[str, str | None]
    summary: Mapping[str, Any]

    def grade_of(self, station: str) -> Grade:
        """Return the grade of a station by its code."""
        return self.grades[self.count.tree.index[station]]


def compare(count: Count, protocols: Sequence[str] | None = None) -> Comparison:
    """Compare a count with the protocols of these sources (None: all), by docs/counting.md."""
    contests = _contests(count, protocols)
    findings = _withdrawn([f for contest in contests for f in contest.findings()], count.retractions)
    bound = _withdrawn([f for contest in contests for f in contest.bound()], count.retractions)
    standings = {c.standing.contest: c.standing for c in contests}
    headline = {c.standing.contest: headline_source(count, c.standing.contest) for c in contests}
    grades = station_grades(
        count.tree.stations,
        findings,
        list(standings.values()),
        {c.standing.contest: c.confirmed for c in contests},
        {c.standing.contest: c.headline for c in contests},
    )
    return Comparison(
        count=count,
        standings=standings,
        findings=tuple(findings),
        grades=grades,
        coverage=tuple(_coverage(count, contests)),
        bounds=tuple(
            b for c in contests for v in c.confirmed for b in bounds(findings, v.votes.contest, v.votes.source)
        ),
        checks={
            (k.contest, k.check, k.version.source): (int(k.broken.sum()), int(k.complete.sum()))
            for c in contests
            for k in c.checked
        },
        headline=headline,
        summary=summary(count, list(standings.values()), findings, bound, grades, headline),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Contest:
    """One contest with both of its sides."""

    count: Count
    standing: Standing
    photos: tuple[Photos, ...]
    checked: tuple[Checked, ...]

    @property
    def confirmed(self) -> list[Photos]:
        return [p for p in self.photos if p.votes.tier == "confirmed"]

    @property
    def headline(self) -> Photos | None:
        name = headline_source(self.count, self.standing.contest)
        return next((p for p in self.confirmed if p.votes.source == name), None)

    def bound(self) -> Iterator[Finding]:
        """Yield what C1 finds if only the bound photographs are confirmed: it is summed up, and listed nowhere."""
        for votes in bound_alone(self.count).votes_of(self.standing.contest, "confirmed"):
            photos = Photos.of(votes, self.count, self.standing)
            yield from contradictions(photos, self.standing, self.count.tree.stations)

    def findings(self) -> Iterator[Finding]:
        stations = self.count.tree.stations
        for photos in self.photos:
            yield from contradictions(photos, self.standing, stations)
        for photos in self.confirmed:
            yield from overflows(photos, self.standing, stations)
        yield from doorstep(self.count.doors, self.standing, stations)
        yield from exceeded(self.count, self.standing, self.headline)
        for check in self.checked:
            yield from disagreements(check, stations)
        yield from differences(self.standing, stations)
        turnout = line_of(self.count.pack, "turnout")
        yield from rounded(self.count.announcements, self.standing.contest, self.standing.options, turnout)


def _contests(count: Count, protocols: Sequence[str] | None) -> list[_Contest]:
    if count.pack.cancelled:
        return []
    found = []
    for contest in count.pack.contest_ids:
        standing = Standing.of(count, contest, protocols)
        votes = [v for tier in TIERS for v in count.votes_of(contest, tier)]
        photos = tuple(Photos.of(v, count, standing) for v in votes)
        found.append(_Contest(count, standing, photos, tuple(checked(count.pack, standing))))
    return found


def _withdrawn(findings: list[Finding], retractions: Mapping[str, str]) -> list[Finding]:
    marked = (dataclasses.replace(f, withdrawn=retractions[f.id]) if f.id in retractions else f for f in findings)
    return sorted(marked, key=lambda f: f.id)


def _coverage(count: Count, contests: Sequence[_Contest]) -> Iterator[Coverage]:
    """Yield each area's coverage, by code: a figure for an option, and a confirmed vote, in any contest."""
    with_protocol: Mask = np.zeros(len(count.tree.stations), dtype=np.bool_)
    with_photos = with_protocol.copy()
    for contest in contests:
        with_protocol |= contest.standing.with_protocol
        for photos in contest.confirmed:
            with_photos |= photos.total > 0
    columns = [np.ones_like(with_protocol), with_protocol, with_photos, with_protocol & with_photos]
    sums = count.tree.sums(np.stack(columns, axis=1).astype(np.int64))
    for area, row in zip(count.tree.areas, np.maximum(sums, 0).tolist(), strict=True):
        yield Coverage(area, *row)
