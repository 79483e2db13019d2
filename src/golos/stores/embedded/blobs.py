"""Blobs: bytes lie in packs, and where they lie in the database. Both are durable before `put` returns.

A crash between the two leaves frames behind the last one that can be found; opening puts them into the index by the
same function as `put`. An erasure is noted in the database, then done, then the note goes; opening does what is noted.
"""

import sqlite3
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field

from golos.model.problem import Problem
from golos.model.record import digest as sha256
from golos.ports import Missing, StoreFull
from golos.stores.embedded.database import Database
from golos.stores.embedded.group import Group
from golos.stores.embedded.packs import Packs, Place

_BATCH = 256
_FIND = "SELECT pack, start, length FROM blob WHERE digest = ?"
_LAST = "SELECT pack, start, length FROM blob ORDER BY pack DESC, start + length DESC LIMIT 1"
_INDEX = "INSERT OR REPLACE INTO blob VALUES (?, ?, ?, ?)"
_DROP = "DELETE FROM blob WHERE digest = ?"
_NOTE = "INSERT OR REPLACE INTO erasing VALUES (?, ?, ?)"
_NOTED = "SELECT pack, start, length FROM erasing"
_FORGET = "DELETE FROM erasing WHERE pack = ? AND start = ?"


@dataclass(slots=True)
class _Put:
    names: list[bytes]
    blobs: dict[bytes, bytes]
    answer: Future[list[bytes]] = field(default_factory=Future)


@dataclass(slots=True)
class _Erase:
    digest: bytes
    answer: Future[None] = field(default_factory=Future)


class PackedBlobs:
    """golos.ports.Blobs. One thread writes the packs; many callers' blobs share its fsync."""

    def __init__(self, database: Database, packs: Packs, *, readonly: bool) -> None:
        self._database = database
        self._packs = packs
        self._damaged: set[bytes] = set()
        self._group: Group[_Put | _Erase] | None = None
        if not readonly:
            self._recover()
            self._group = Group("golos-packs", self._perform, _BATCH)

    def put(self, blobs: Sequence[bytes]) -> list[bytes]:
        """See golos.ports.Blobs.put."""
        return self.put_future(blobs).result()

    def put_future(self, blobs: Sequence[bytes]) -> Future[list[bytes]]:
        """Put without blocking, except for the hashing: the future is done when the blobs are durable."""
        names = [sha256(blob) for blob in blobs]
        ask = _Put(names, dict(zip(names, blobs, strict=True)))
        self._ask(ask)
        return ask.answer

    def get(self, digest: bytes) -> bytes:
        """See golos.ports.Blobs.get."""
        place = self._find(digest)
        if place is None:
            raise Missing(digest.hex())
        try:
            return self._packs.read(place, digest)
        except Missing:
            self._damaged.add(digest)  # the next put of these bytes writes them again
            raise

    def erase(self, digest: bytes) -> None:
        """See golos.ports.Blobs.erase. Overwrites in place: a disk that writes elsewhere may keep an old copy."""
        ask = _Erase(digest)
        self._ask(ask)
        ask.answer.result()

    def upload_url(self, digest: bytes, size: int) -> str | None:
        """Return None: bytes come through the door."""
        return None

    def close(self) -> None:
        """Finish what was asked and close the current pack. The database is closed after this."""
        if self._group is not None:
            self._group.close()
        self._packs.close()

    def _ask(self, ask: _Put | _Erase) -> None:
        if self._group is None:
            raise Problem("store.readonly", "store", "is open for reading only.", "Send the request to the server.")
        self._group.ask(ask)

    def _find(self, digest: bytes) -> Place | None:
        with self._database.reading() as connection:
            row = connection.execute(_FIND, (digest,)).fetchone()
        return None if row is None else Place(*row)

    def _perform(self, batch: list[_Put | _Erase]) -> None:
        asks = [ask for ask in batch if ask.answer.set_running_or_notify_cancel()]
        puts = [ask for ask in asks if isinstance(ask, _Put)]
        try:
            self._store({name: blob for ask in puts for name, blob in ask.blobs.items()})
            for put in puts:
                put.answer.set_result(put.names)
        except Exception as error:  # the thread must live on, and every caller must hear
            for put in puts:
                put.answer.set_exception(_full(error))
        for erase in (ask for ask in asks if isinstance(ask, _Erase)):
            try:
                self._erase(erase.digest)
                erase.answer.set_result(None)
            except Exception as error:
                erase.answer.set_exception(_full(error))

    def _store(self, blobs: dict[bytes, bytes]) -> None:
        """Write those that are not there: first the bytes, then where they are. Nothing is accepted on an error."""
        new = [(digest, data) for digest, data in blobs.items() if not self._has(digest)]
        if not new:
            return
        new.sort(key=lambda one: one[0])  # the order in the pack is not that in which they came
        damaged = [place for digest, _ in new if (place := self._held(digest))]
        try:
            places = self._packs.append(new)
            self._index({digest: place for (digest, _), place in zip(new, places, strict=True)}, damaged)
        except Exception:
            with suppress(OSError):
                self._packs.drop_tail()
            raise
        self._packs.accept(places[-1])
        self._damaged.difference_update(blobs)
        self._finish_erasures()

    def _has(self, digest: bytes) -> bool:
        return digest not in self._damaged and self._held(digest) is not None

    def _held(self, digest: bytes) -> Place | None:
        """Return where the blob's frame is, if it is where the database says."""
        place = self._find(digest)
        return place if place and self._packs.holds(place, digest) else None

    def _index(self, found: dict[bytes, Place], useless: Sequence[Place]) -> None:
        """Make the blobs findable, durably, and note the copies that nobody will know of any more."""
        rows = [(digest, place.pack, place.start, place.length) for digest, place in found.items()]
        self._change(_INDEX, rows, useless)

    def _erase(self, digest: bytes) -> None:
        place = self._held(digest)
        self._change(_DROP, [(digest,)], [place] if place else [])
        self._finish_erasures()

    def _change(self, query: str, rows: Sequence[tuple[object, ...]], noted: Sequence[Place]) -> None:
        """Change the index and note frames for erasure, in one step. Noted frames are overwritten unread later on."""

        def change(connection: sqlite3.Connection) -> None:
            connection.executemany(query, rows)
            connection.executemany(_NOTE, ((place.pack, place.start, place.length) for place in noted))

        self._database.submit(change).result()

    def _finish_erasures(self) -> None:
        """Do what is noted; a crash anywhere here leaves the note, and doing it twice does no harm."""
        with self._database.reading() as connection:
            noted = [Place(*row) for row in connection.execute(_NOTED)]
        for place in noted:
            self._packs.erase(place)
        if noted:
            done = [(place.pack, place.start) for place in noted]
            self._database.submit(lambda connection: connection.executemany(_FORGET, done)).result()

    def _recover(self) -> None:
        """Finish what a crash has left: erasures first, so that every frame is whole, then what can't be found yet."""
        self._finish_erasures()
        with self._database.reading() as connection:
            row = connection.execute(_LAST).fetchone()
        found: dict[bytes, Place] = {}
        copies: list[Place] = []
        for frame in self._packs.recover(Place(*row) if row else None):
            if frame.digest is not None and (frame.digest in found or self._has(frame.digest)):
                copies.append(frame.place)
            elif frame.digest is not None:
                found[frame.digest] = frame.place
        if found or copies:
            self._index(found, copies)
            self._finish_erasures()


def _full(error: Exception) -> StoreFull:
    if isinstance(error, StoreFull):
        return error
    full = StoreFull(f"the store can't write: {error}")
    full.__cause__ = error
    return full
