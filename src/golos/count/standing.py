"""Standing: what the versions of the protocols say about each figure of a station (docs/counting.md section 4)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golos.count.count import Count, Version, Votes, column_ids, line_of, option_ids
from golos.count.figures import NONE, Figures, Mask, Numbers, known
from golos.model.pack import Pack

Codes = NDArray[np.int8]
ABSENT, ONCE, TWICE, DIFFER = range(4)
STATUS = ("", "once", "twice", "differ")


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The official side of one contest: the highest and the lowest figure over its versions, and the status of each.

    All are [stations, columns] over options, ``invalid`` and lines; ``voters`` is n and ``turnout`` is b, [stations].
    """

    contest: str
    options: tuple[str, ...]
    versions: tuple[Version, ...]
    high: Figures
    low: Figures
    status: Codes
    voters: Numbers
    turnout: Numbers
    turnout_status: Codes

    @classmethod
    def of(cls, count: Count, contest: str, protocols: Sequence[str] | None = None) -> "Standing":
        """Return the standing of a contest under these protocol sources (None: all)."""
        versions = [v for v in count.versions_of(contest) if protocols is None or v.source in protocols]
        columns = column_ids(count.pack, contest)
        high, low, status = _extremes(versions, columns, len(count.tree.stations))
        return cls._with_roles(count.pack, contest, versions, Figures(columns, high), Figures(columns, low), status)

    @classmethod
    def _with_roles(
        cls, pack: Pack, contest: str, versions: Sequence[Version], high: Figures, low: Figures, status: Codes
    ) -> "Standing":
        turnout = line_of(pack, "turnout")
        at = high.columns.index(turnout) if turnout else None
        return cls(
            contest=contest,
            options=option_ids(pack, contest),
            versions=tuple(versions),
            high=high,
            low=low,
            status=status,
            voters=low.column(line_of(pack, "voters")),
            turnout=high.column(turnout),
            turnout_status=status[:, at] if at is not None else np.zeros(len(status), dtype=np.int8),
        )

    def status_of(self, names: Sequence[str]) -> Codes:
        """Return the status of these columns, [stations, names]."""
        return self.status[:, [self.high.columns.index(name) for name in names]]

    @property
    def with_protocol(self) -> Mask:
        """Say which stations have a figure for at least one option."""
        found: Mask = (self.high.take(self.options) != NONE).any(axis=1)
        return found

    def evidence_at(self, station: int) -> tuple[str, ...]:
        """Name what the figures of a station come from."""
        return tuple(v.evidence_at(station) for v in self.versions if (v.figures.values[station] != NONE).any())


@dataclass(frozen=True, slots=True, eq=False)
class Photos:
    """The citizens' side: p [stations, options], and by station P, whether there is any number, and P > voters."""

    votes: Votes
    p: Numbers
    total: Numbers
    present: Mask
    suspect: Mask

    @classmethod
    def of(cls, votes: Votes, count: Count, standing: Standing) -> "Photos":
        """Return the tally beside the standing of its contest."""
        ids = count.ids(votes.contest)
        every = votes.figures.take(ids)
        total = known(every).sum(axis=1)
        suspect = (standing.voters != NONE) & (total > standing.voters)
        return cls(votes, every[:, : len(standing.options)], total, (every != NONE).any(axis=1), suspect)


def _extremes(versions: Sequence[Version], columns: tuple[str, ...], stations: int) -> tuple[Numbers, Numbers, Codes]:
    shape = (stations, len(columns))
    high = np.full(shape, NONE, dtype=np.int64)
    low = np.full(shape, np.iinfo(np.int64).max, dtype=np.int64)
    readings = np.zeros(shape, dtype=np.int64)
    for version in versions:
        values = version.figures.take(columns)
        present = values != NONE
        high = np.maximum(high, values)
        low = np.where(present, np.minimum(low, values), low)
        readings += present * (2 if version.authority else min(version.readings, 2))
    low[high == NONE] = NONE
    status = np.where(readings >= 2, TWICE, ONCE).astype(np.int8)
    status[high != low] = DIFFER
    status[high == NONE] = ABSENT
    return high, low, status
