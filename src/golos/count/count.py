"""Count: everything the log says in numbers, before it is compared."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from golos.count.figures import NONE, Figures
from golos.count.tree import Tree
from golos.model.ballot import INVALID
from golos.model.entry import TIERS, Official
from golos.model.finding import Tally
from golos.model.pack import Pack

OWN = "ballots"
"""The source of the tiers that come from the log's own ballots."""
REISSUED = "reissued"
"""The same for ballots under re-issued keys: a phone may have one of each, so they are counted apart."""
OBSERVERS = "observers:"
"""The source of an organisation's observers begins so; eight hex digits of its key follow."""
BOUND = "bound"
"""The tier of the confirmed ballots whose photograph shows their sender's code, in an election that asks for it."""
ORDER = (*TIERS, BOUND)
"""All tiers, each a part of the one before it."""
FIRST = "first"
"""The version of the protocols that takes at each station the first source with a figure (rule C4)."""


@dataclass(frozen=True, slots=True, eq=False)
class Votes:
    """What citizens say in one source, tier and contest. Columns of options and ``invalid`` come first."""

    source: str
    tier: str
    contest: str
    figures: Figures
    evidence: str


@dataclass(frozen=True, slots=True, eq=False)
class Version:
    """One version of the stations' official protocols of a contest: options, lines and ``invalid``.

    ``readings`` says how often each figure was read independently, ``authority`` that it is the authority's own.
    ``leaves`` names the entries by station where each has its own, else ``evidence`` holds for all.
    """

    source: str
    contest: str
    readings: int
    authority: bool
    figures: Figures
    evidence: str
    leaves: Mapping[int, int] = field(default_factory=dict)

    def evidence_at(self, station: int) -> str:
        """Name the table or the leaf that this station's figures come from."""
        return f"leaf:{self.leaves[station]}" if station in self.leaves else self.evidence


@dataclass(frozen=True, slots=True)
class DoorCount:
    """Voters counted by observers at a station's door, held against a line of its protocol; contest "" is every one."""

    source: str
    contest: str
    station: int
    line: str
    voters: int
    double_count: int
    organisation: str
    evidence: str


@dataclass(frozen=True, slots=True)
class Announcement:
    """A result as announced for an area; ``values`` by option or line, rounded to ``unit``."""

    leaf: int
    area: str
    contest: str
    source: str
    authority: bool
    unit: int
    values: Mapping[str, int]

    @classmethod
    def of(cls, leaf: int, entry: Official) -> "Announcement":
        """Return what an Official entry announces; of an id given twice the first value counts."""
        values = dict(reversed(entry.values))
        return cls(leaf, entry.area, entry.contest, entry.source, entry.authority, entry.unit, values)


@dataclass(frozen=True, slots=True)
class Ballots:
    """How many ballots and withdrawals there are, and what became of them (docs/counting.md sections 1 and 6)."""

    logged: int = 0
    valid: int = 0
    invalid: int = 0
    late: int = 0
    superseded: int = 0
    withdrawn: int = 0
    winning: int = 0
    opened: int = 0
    withheld: int = 0
    spoilt: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Count:
    """The numbers of one log, or of tables alone."""

    pack: Pack
    tree: Tree
    votes: tuple[Votes, ...]
    versions: tuple[Version, ...]
    doors: tuple[DoorCount, ...] = ()
    announcements: tuple[Announcement, ...] = ()
    retractions: Mapping[str, str] = field(default_factory=dict)
    """Finding id to the reason why it is withdrawn."""
    ballots: Ballots = Ballots()
    cohorts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    """Cohort name to tokens issued and redeemed."""
    size: int = 0
    root: bytes = b""
    opening: int | None = None

    def votes_of(self, contest: str, tier: str) -> list[Votes]:
        """Return the citizens' tallies of a contest and tier, by source."""
        found = [v for v in self.votes if (v.contest, v.tier) == (contest, tier)]
        return sorted(found, key=lambda v: v.source)

    def versions_of(self, contest: str) -> list[Version]:
        """Return the versions of a contest's protocols, those with the most figures first, equal ones by source.

        The order of the log would be chance: entries of one batch are sorted by their hashes.
        """
        found = [v for v in self.versions if v.contest == contest]
        return sorted(found, key=lambda v: (-int((v.figures.values != NONE).sum()), v.source))

    def ids(self, contest: str) -> tuple[str, ...]:
        """Return the option ids of a contest, then ``invalid``."""
        return (*option_ids(self.pack, contest), INVALID)

    def tallies(self) -> Iterator[Tally]:
        """Yield the votes of stations and of all areas above, ordered by source, tier, area, contest and option.

        The first three as strings, the others as in the pack. No row where there is no number.
        """
        for source, tier in sorted({(v.source, v.tier) for v in self.votes}):
            here = [v for c in self.pack.contest_ids for v in self.votes_of(c, tier) if v.source == source]
            yield from self._tallies(here)

    def _tallies(self, votes: Sequence[Votes]) -> Iterator[Tally]:
        names = (*self.tree.stations, *self.tree.areas)
        columns = [(v, self.ids(v.contest)) for v in votes]
        blocks = [v.figures.take(ids) for v, ids in columns]
        tables = [np.concatenate((block, self.tree.sums(block))).tolist() for block in blocks]
        for at in sorted(range(len(names)), key=names.__getitem__):
            for (v, ids), table in zip(columns, tables, strict=True):
                for option, number in zip(ids, table[at], strict=True):
                    if number != NONE:
                        yield Tally(v.source, v.tier, names[at], v.contest, option, number)


def option_ids(pack: Pack, contest: str) -> tuple[str, ...]:
    """Return the ids of a contest's options, in ballot order."""
    return tuple(option.id for option in pack.contest(contest).options)


def column_ids(pack: Pack, contest: str) -> tuple[str, ...]:
    """Return every id a table of the contest may hold: options, ``invalid`` and protocol lines, each once."""
    ids = (*option_ids(pack, contest), INVALID, *(line.id for line in pack.lines))
    return tuple(dict.fromkeys(ids))


def line_of(pack: Pack, role: str) -> str:
    """Return the id of the first line with that role, "" if there is none."""
    return next((line.id for line in pack.lines if line.role == role), "")
