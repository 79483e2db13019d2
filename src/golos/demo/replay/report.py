"""Report: the count of the replayed voters beside the published table they were made from."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from golos.count.compare import Comparison, compare
from golos.count.count import OWN
from golos.count.figures import NONE
from golos.count.summary import excess_of
from golos.demo.replay.table import CHOICES, CONTEST, Sample, Station, Tally

FIRST = "zubr"
"""The source of the first typing of the protocols."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A tally that is not the table's; NONE where one of them has no number."""

    tier: str
    station: str
    choice: str
    counted: int
    table: int


@dataclass(frozen=True, slots=True)
class Contradicted:
    """Stations whose photographs exceed the protocol: as counted, and as the table has it."""

    counted: frozenset[str]
    table: frozenset[str]


@dataclass(frozen=True, slots=True)
class Report:
    """What was compared and how it came out. ``one`` and ``both``: under the first typing, and under the two."""

    tallies: int
    differences: Sequence[Difference]
    one: Contradicted
    both: Contradicted
    opened: int
    ballots: int
    verified: bool

    @property
    def equal(self) -> bool:
        """Whether everything is as the table has it, and the independent program agrees."""
        sets = all(found.counted == found.table for found in (self.one, self.both))
        return self.verified and sets and not self.differences and self.opened == self.ballots


def report(comparison: Comparison, sample: Sample, verified: bool) -> Report:
    """Hold the count of a replay against its sample."""
    return Report(
        tallies=2 * len(comparison.count.tree.stations) * len(CHOICES),
        differences=[d for tier in ("declared", "confirmed") for d in _differences(comparison, sample, tier)],
        one=Contradicted(_contradicted(compare(comparison.count, [FIRST])), _expected(sample, 1)),
        both=Contradicted(_contradicted(comparison), _expected(sample, 2)),
        opened=comparison.count.ballots.opened,
        ballots=sample.size,
        verified=verified,
    )


def _differences(comparison: Comparison, sample: Sample, tier: str) -> Iterator[Difference]:
    """Compare every station of the pack; one that was not replayed must have no number."""
    replayed = {station.code: station for station in sample.chosen}
    votes = next(v for v in comparison.count.votes_of(CONTEST, tier) if v.source == OWN)
    counted = votes.figures.take(CHOICES).tolist()
    for code, numbers in zip(comparison.count.tree.stations, counted, strict=True):
        station = replayed.get(code)
        for choice, number in zip(CHOICES, numbers, strict=True):
            wanted = _tally(station, tier)[choice] if station else NONE
            if number != wanted:
                yield Difference(tier, code, choice, number, wanted)


def _tally(station: Station, tier: str) -> Tally:
    return station.ballots if tier == "declared" else station.photographed


def _contradicted(comparison: Comparison) -> frozenset[str]:
    return frozenset(
        f.area
        for f in comparison.findings
        if (f.rule, f.source, f.tier) == ("C1", OWN, "confirmed") and excess_of(f) > 0
    )


def _expected(sample: Sample, typings: int) -> frozenset[str]:
    return frozenset(station.code for station in sample.chosen if station.contradicted(typings))
