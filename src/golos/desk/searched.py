"""Searched: what a search for copies has found, kept in a file, a line a station, so that it can go on after a stop."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import msgspec

from golos.desk.claims import Claim
from golos.model.problem import Problem
from golos.photo.copies.pair import Relation


class Copied(Claim, frozen=True):
    """A claim whose photograph is a copy of another one, and why."""

    reason: Relation
    of: str


class Group(msgspec.Struct, frozen=True):
    """What came first, here or at an earlier station, and its copies at one station, of so many different ``tokens``.

    Of one token one ballot counts: a group of one token is a voter who sent twice.
    """

    first: Claim
    copies: tuple[Copied, ...]
    tokens: int


class Searched(msgspec.Struct, frozen=True):
    """What was found at a station; of its ``photographs`` so many could be ``compared``."""

    station: str
    photographs: int
    compared: int
    groups: tuple[Group, ...]


class _Head(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    election: str
    opening: int


class SearchFile:
    """One process writes it. A line is on the disk when ``keep`` returns; part of one, after a crash, is cut off."""

    def __init__(self, path: Path, election: bytes, opening: int) -> None:
        """Open or make the file. Raises Problem ``desk.other`` where it is of another election or opening."""
        head = msgspec.json.encode(_Head(election.hex(), opening)) + b"\n"
        self._file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b")
        whole, _, _ = self._file.read().rpartition(b"\n")
        first, *lines = whole.split(b"\n")
        if first and first + b"\n" != head:
            told = "holds what was found in another election, or after another opening."
            raise Problem("desk.other", str(path), told, "Name another folder.")
        self.found: Sequence[Searched] = [msgspec.json.decode(line, type=Searched) for line in lines]
        self._file.seek(len(whole) + 1 if first else 0)
        self._file.truncate()
        if not first:
            self._write(head)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def keep(self, searched: Searched) -> None:
        """Add what was found at a station. Raises OSError."""
        self._write(msgspec.json.encode(searched) + b"\n")

    def _write(self, line: bytes) -> None:
        self._file.write(line)
        self._file.flush()
        os.fsync(self._file.fileno())
