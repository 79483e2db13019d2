"""Table: the published counts of Belarus 2020, and the ballots that would have made them."""

import csv
import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path

from golos.model.problem import Problem

CONTEST = "president"
OPTIONS = ("dmitriyeu", "kanapatskaya", "lukashenka", "tsikhanouskaya", "cherachen", "against_all")
CHOICES = (*OPTIONS, "invalid")
"""What a ballot can hold. ``not_voting`` is a column of the table too, but no ballot."""
FIRST, SECOND = "prot", "golosite_official"
"""Prefixes of the columns of the two typings of the stations' protocols."""
_BLANK = ("", "-", "—")
_MOST = 1_000_000
"""Phone numbers of the shape that `phone_of` gives."""

Tally = Mapping[str, int]
"""Votes by choice."""


@dataclass(frozen=True, slots=True)
class Vote:
    """One ballot: its number in the nation, its station, its choice, and whether it was photographed."""

    number: int
    station: str
    choice: str
    photographed: bool


@dataclass(frozen=True, slots=True)
class Station:
    """One station: the number of its first ballot, citizens' votes by choice, and the two typings of its protocol.

    A typing holds only the options that have a figure there.
    """

    code: str
    first: int
    declared: Tally
    photographed: Tally
    typings: tuple[Tally, Tally]

    @property
    def size(self) -> int:
        """How many ballots it takes."""
        return sum(self.ballots.values())

    @property
    def ballots(self) -> Tally:
        """Ballots by choice: as many as were declared, and more where more were photographed."""
        return {choice: max(self.declared[choice], self.photographed[choice]) for choice in CHOICES}

    @property
    def added(self) -> int:
        """Ballots that were photographed and not declared."""
        return self.size - sum(self.declared.values())

    def votes(self) -> Iterator[Vote]:
        """Yield its ballots; of each choice the first ones are photographed."""
        number = self.first
        for choice, ballots in self.ballots.items():
            for place in range(ballots):
                yield Vote(number, self.code, choice, place < self.photographed[choice])
                number += 1

    def contradicted(self, typings: int) -> bool:
        """Say whether photographs of some option exceed the protocol: the highest of the first ``typings`` of it."""
        for option in OPTIONS:
            known = [typing[option] for typing in self.typings[:typings] if option in typing]
            if known and self.photographed[option] > max(known):
                return True
        return False


@dataclass(frozen=True, slots=True)
class Sample:
    """The stations to be replayed, in the order of the table, out of ``stations`` that have ballots."""

    chosen: Sequence[Station]
    stations: int
    ballots: int

    @property
    def size(self) -> int:
        """How many ballots the chosen stations take."""
        return sum(station.size for station in self.chosen)

    @property
    def photographs(self) -> int:
        """How many of those are photographed."""
        return sum(sum(station.photographed.values()) for station in self.chosen)

    def station_of(self, number: int) -> str:
        """Return the code of the station of a ballot of the sample."""
        return self.chosen[bisect_right(self.chosen, number, key=lambda station: station.first) - 1].code


def phone_of(number: int) -> str:
    """Return the invented phone of a voter: a number that can exist, in E.164 form."""
    return f"+37529{_MOST + number}"


def number_of(phone: str) -> int:
    """Return the voter of a phone."""
    return int(phone[-7:]) - _MOST


def read_sample(file: Path, share: float) -> Sample:
    """Return a share of the stations that have ballots, whole ones; the same at every call, and nested in greater ones.

    Raises Problem ``replay.share``, ``replay.table``.
    """
    if not 0 < share <= 1:
        raise Problem("replay.share", "share", "is not above 0 and at most 1.", "1 replays the whole nation.")
    stations = [station for station in read_table(file) if station.size]
    by_chance = sorted(stations, key=lambda station: hashlib.sha256(station.code.encode()).digest())
    chosen = {station.code for station in by_chance[: ceil(share * len(stations))]}
    ballots = sum(station.size for station in stations)
    return Sample([station for station in stations if station.code in chosen], len(stations), ballots)


def read_table(file: Path) -> list[Station]:
    """Return all stations of the table. Raises Problem ``replay.table``."""
    found: list[Station] = []
    first = 0
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            for row in csv.DictReader(text):
                declared, photographed = (_tally(row, f"golos_{kind}", CHOICES) for kind in ("declared", "photo"))
                typings = (_known(row, FIRST), _known(row, SECOND))
                found.append(Station(row["station_id"], first, declared, photographed, typings))
                first += found[-1].size
    except (OSError, KeyError, ValueError) as error:
        raise Problem("replay.table", str(file), f"can't be used ({error}).", "Name the published table.") from error
    if first > _MOST:
        raise Problem("replay.table", str(file), f"has {first:,} ballots; there are phones for {_MOST:,}.")
    return found


def _tally(row: Mapping[str, str], prefix: str, choices: Sequence[str]) -> dict[str, int]:
    return {choice: int(row[f"{prefix}_{choice}"] or 0) for choice in choices}


def _known(row: Mapping[str, str], prefix: str) -> dict[str, int]:
    """A figure that was typed negative stands as it is, as the import keeps it."""
    cells = {option: row[f"{prefix}_{option}"].strip() for option in OPTIONS}
    return {option: int(cell) for option, cell in cells.items() if cell not in _BLANK}
