"""Results: everything the site and the open data show, gathered once from the log, the count and the comparison."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np

from golos.count.compare import Comparison, Coverage
from golos.count.count import ORDER, Version, Votes
from golos.count.figures import NONE, Numbers, known
from golos.count.log import Log
from golos.count.summary import excess_of
from golos.count.tiers import current_station
from golos.model.ballot import Inner
from golos.model.entry import Official, decode_entry
from golos.model.finding import Finding, Grade, Rule
from golos.model.pack import Area, Pack, Station
from golos.model.record import decode

_GRADES = tuple(Grade)


class Announcement(NamedTuple):
    """A result as announced, and the index of its leaf."""

    leaf: int
    official: Official


@dataclass(frozen=True)
class Results:
    """The count of one election at one size of the log.

    Numbers of stations stay in the arrays of the count: a nation has a million stations, and each is looked at once.
    """

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
    def versions(self) -> Sequence[Version]:
        """The versions of the stations' protocols in the order in which they are shown and published."""
        return sorted(self.comparison.count.versions, key=lambda v: (v.source, v.readings, v.authority, v.contest))

    @cached_property
    def votes(self) -> Sequence[Votes]:
        """The citizens' tallies by source, the surest tier first."""
        return sorted(self.comparison.count.votes, key=lambda v: (v.source, -ORDER.index(v.tier)))

    def grade(self, station: str) -> Grade:
        """Return a station's grade."""
        return self.comparison.grade_of(station)

    @cached_property
    def coverage(self) -> Mapping[str, Coverage]:
        """Area code to its coverage."""
        return {covered.area: covered for covered in self.comparison.coverage}

    @cached_property
    def has_protocol(self) -> Sequence[bool]:
        """Whether each station, in the order of the tree, has any figure of any protocol."""
        found = np.zeros(len(self.comparison.count.tree.stations), dtype=np.bool_)
        for version in self.versions:
            found |= (version.figures.values != NONE).any(axis=1)
        listed: list[bool] = found.tolist()
        return listed

    @cached_property
    def photos(self) -> Sequence[int | None]:
        """By station, in the order of the tree: confirmed photographs of the headline sources, the largest contest."""
        count, headline = self.comparison.count, self.comparison.headline
        found: Numbers = np.full(len(count.tree.stations), NONE, dtype=np.int64)
        for votes in count.votes:
            if votes.tier == "confirmed" and votes.source == headline.get(votes.contest):
                every = votes.figures.take(count.ids(votes.contest))
                total = np.where((every != NONE).any(axis=1), known(every).sum(axis=1), NONE)
                found = np.maximum(found, total)
        return [None if value == NONE else value for value in found.tolist()]

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

    def area_votes(self, code: str) -> Iterator[tuple[Votes, Mapping[str, int]]]:
        """Yield each of the citizens' tallies with its sums over the stations of an area, where it has any there."""
        at = self._area_at[code]
        for votes, ids, sums in self._sums:
            row = {name: value for name, value in zip(ids, sums[at].tolist(), strict=True) if value != NONE}
            if row:
                yield votes, row

    @cached_property
    def _sums(self) -> Sequence[tuple[Votes, tuple[str, ...], Numbers]]:
        count = self.comparison.count
        ids = [count.ids(v.contest) for v in self.votes]
        return [(v, i, count.tree.sums(v.figures.take(i))) for v, i in zip(self.votes, ids, strict=True)]

    @cached_property
    def _area_at(self) -> Mapping[str, int]:
        return {code: at for at, code in enumerate(self.comparison.count.tree.areas)}

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
        tree = self.comparison.count.tree
        places = {grade: at for at, grade in enumerate(_GRADES)}
        codes = np.array([places[grade] for grade in self.comparison.grades], dtype=np.int64)
        each = (codes[:, None] == np.arange(len(_GRADES))).astype(np.int64)
        sums = np.maximum(tree.sums(each), 0).tolist()
        return {code: dict(zip(_GRADES, row, strict=True)) for code, row in zip(tree.areas, sums, strict=True)}

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
