"""Outbox: what a station's voters have sealed and not yet sent, and which stations are through.

A ballot or photograph sealed anew would be another one. So a station's are all on disk before the first is sent, and
after a crash the same bytes are sent again, which the doors take for what they are.
"""

import os
from collections.abc import Sequence
from pathlib import Path

import msgspec


class Sealed(msgspec.Struct, frozen=True, array_like=True):
    """An envelope, and the sealed photograph that its ballot names (else b"")."""

    envelope: bytes
    photo: bytes


class Outbox:
    """A folder with a file for each station under way, and the list of those that are through."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._through = folder / "sent.txt"

    def keep(self, station: str, ballots: Sequence[Sealed]) -> None:
        """Make the station's ballots durable, all or none."""
        path = self._path(station)
        draft = path.with_suffix(".part")
        with draft.open("wb") as file:
            file.write(msgspec.msgpack.encode(ballots))
            file.flush()
            os.fsync(file.fileno())
        draft.rename(path)

    def kept(self, station: str) -> list[Sealed] | None:
        """Return the station's ballots, None if they were not all sealed."""
        try:
            return msgspec.msgpack.decode(self._path(station).read_bytes(), type=list[Sealed])
        except FileNotFoundError:
            return None

    def finish(self, station: str) -> None:
        """Note that all of the station's were accepted; if the note is lost, they are sent once more."""
        with self._through.open("ab", buffering=0) as file:
            file.write(f"{station}\n".encode())
        self._path(station).unlink()

    def finished(self) -> set[str]:
        """Return the stations that are through."""
        try:
            return set(self._through.read_text(encoding="utf-8").split())
        except FileNotFoundError:
            return set()

    def _path(self, station: str) -> Path:
        return self._folder / f"{station}.sealed"
