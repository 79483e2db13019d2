"""Results: everything the site and the open data show, gathered once from the log, the count and the comparison."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from golos.count.compare import Comparison, Coverage
from golos.count.figures import NONE
from golos.count.log import Log
from golos.count.summary import excess_of
from golos.count.tiers import current_station
from golos.model.ballot import Inner
from golos.model.entry import Official, decode_entry
from golos.model.finding import Finding, Grade, Rule, Tally
from golos.model.pack import Area, Pack, Station
from golos.model.record import decode


class Figure(NamedTuple):
    """One number of one station's protocol under one version of it; ``line`` is a protocol line or an option."""

    source: str
    readings: int
    authority: bool
    contest: str
    station: str
    line: str
    value: int


class Announcement(NamedTuple):
    """A result as announced, and the index of its leaf."""

    leaf: int
    official: Official


@dataclass(frozen=True)
class Results:
    """The count of one election at one size of the log."""

    pack: Pack
    size: int
    root: bytes
    comparison: Comparison
    announcements: Sequence[Announcement]
    opened: Mapping[str, int]
    """Station to the number of its opened ballots; a station that was not opened is absent."""

    @classmethod
    def of(cls, comparison: Comparison, log: Log) -> "Results":
        """Gather the results of a comparison and of the log it was made from."""
        count = comparison.count
        announcements = [Announcement(a.leaf, _official(log.records[a.leaf])) for a in count.announcements]
        inners = (decode(inner, Inner, "inner part") for inner in log.inners.values())
        opened = Counter(current_station(log.pack, inner.station) for inner in inners)
        return cls(count.pack, log.size, log.root, comparison, announcements, opened)

    @property
    def findings(self) -> Sequence[Finding]:
        """All findings, by id."""
        return self.comparison.findings

    @property
    def summary(self) -> Mapping[str, Any]:
        """The object of data/summary.json."""
        return self.comparison.summary

    @cached_property
    def tallies(self) -> Sequence[Tally]:
        """The citizens' tallies of all stations and areas, in the order of data/tallies.csv."""
        return tuple(self.comparison.count.tallies())

    @cached_property
    def figures(self) -> Sequence[Figure]:
        """Every number of every version of every station's protocol, sorted."""
        stations = self.comparison.count.tree.stations
        found = [
            Figure(v.source, v.readings, v.authority, v.contest, stations[at], column, int(v.figures.values[at, place]))
            for v in self.comparison.count.versions
            for place, column in enumerate(v.figures.columns)
            for at in (v.figures.values[:, place] != NONE).nonzero()[0]
        ]
        return sorted(found)

    @cached_property
    def grades(self) -> Mapping[str, Grade]:
        """Station code to its grade."""
        return dict(zip(self.comparison.count.tree.stations, self.comparison.grades, strict=True))

    @cached_property
    def coverage(self) -> Mapping[str, Coverage]:
        """Area code to its coverage."""
        return {covered.area: covered for covered in self.comparison.coverage}

    @cached_property
    def photos_at(self) -> Mapping[str, int]:
        """Station code to the confirmed photographs of the headline sources, all contests' largest."""
        headline = self.comparison.headline
        totals: dict[tuple[str, str], int] = defaultdict(int)
        for tally in self.tallies:
            if tally.tier == "confirmed" and tally.source == headline[tally.contest]:
                totals[tally.area, tally.contest] += tally.votes
        found: dict[str, int] = {}
        for (code, _), total in totals.items():
            found[code] = max(found.get(code, 0), total)
        return found

    @cached_property
    def missing_at(self) -> Mapping[str, int]:
        """Station code to the votes missing there at the least: rule C1, confirmed photographs, headline sources.

        A suspicious finding claims no missing votes: it may be our own data that are wrong.
        """
        found: dict[str, int] = defaultdict(int)
        for f in self.findings:
            if f.rule is Rule.C1 and f.tier == "confirmed" and f.source == self.comparison.headline[f.contest]:
                found[f.area] += 0 if f.withdrawn or f.grade is Grade.SUSPICIOUS else excess_of(f)
        return found

    @cached_property
    def children(self) -> Mapping[str, Sequence[Area]]:
        """Area code to the areas right below it, by code."""
        below: dict[str, list[Area]] = defaultdict(list)
        for area in sorted(self.pack.areas.values(), key=lambda a: a.code):
            below[area.parent].append(area)
        return below

    @cached_property
    def stations(self) -> Mapping[str, Sequence[Station]]:
        """Area code to the stations right below it, by code."""
        below: dict[str, list[Station]] = defaultdict(list)
        for station in sorted(self.pack.stations.values(), key=lambda s: s.code):
            below[station.area].append(station)
        return below

    @cached_property
    def path(self) -> Mapping[str, Sequence[Area]]:
        """Area code to the areas from the nation down to it."""
        areas = self.pack.areas

        def climb(code: str) -> list[Area]:
            area = areas[code]
            return [*(climb(area.parent) if area.parent else []), area]

        return {code: climb(code) for code in areas}

    @cached_property
    def grade_counts(self) -> Mapping[str, Mapping[Grade, int]]:
        """Area code to the number of its stations of each grade."""
        counts: dict[str, dict[Grade, int]] = {code: dict.fromkeys(Grade, 0) for code in self.pack.areas}
        for station in self.pack.stations.values():
            grade = self.grades.get(station.code, Grade.NO_DATA)
            for area in self.path[station.area]:
                counts[area.code][grade] += 1
        return counts

    @cached_property
    def findings_of(self) -> Mapping[str, Sequence[Finding]]:
        """Area or station code to its findings: those that stand first, by grade, then by rule."""
        order = {grade: place for place, grade in enumerate(Grade)}
        found: dict[str, list[Finding]] = defaultdict(list)
        for finding in sorted(self.findings, key=lambda f: (bool(f.withdrawn), order[f.grade], f.id)):
            found[finding.area].append(finding)
        return found

    @cached_property
    def by_strength(self) -> Sequence[Finding]:
        """All findings: those that stand before those withdrawn, by grade, then by breaking number."""
        order = {grade: place for place, grade in enumerate(Grade)}
        return sorted(self.findings, key=lambda f: (bool(f.withdrawn), order[f.grade], -f.breaking, f.id))

    @cached_property
    def figures_of(self) -> Mapping[str, Sequence[Figure]]:
        """Station code to the figures of its protocols."""
        found: dict[str, list[Figure]] = defaultdict(list)
        for figure in self.figures:
            found[figure.station].append(figure)
        return found

    @cached_property
    def tallies_of(self) -> Mapping[str, Sequence[Tally]]:
        """Area or station code to its tallies."""
        found: dict[str, list[Tally]] = defaultdict(list)
        for tally in self.tallies:
            found[tally.area].append(tally)
        return found

    @cached_property
    def announced_in(self) -> Mapping[str, Sequence[Announcement]]:
        """Area code to the results announced for it."""
        found: dict[str, list[Announcement]] = defaultdict(list)
        for announcement in self.announcements:
            found[announcement.official.area].append(announcement)
        return found


def _official(record: bytes | None) -> Official:
    """Decode an announcement's record; announcements are never closed."""
    entry = decode_entry(record or b"")
    if not isinstance(entry, Official):
        raise TypeError("an announcement's leaf holds another kind of entry")
    return entry
