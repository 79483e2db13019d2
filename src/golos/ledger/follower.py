"""Follower: shows every entry of the journal to its views, in order, so that all state is a function of the log."""

import asyncio
from collections.abc import Sequence
from typing import Protocol

from golos.model.entry import Entry, entry_or_none
from golos.model.record import digest
from golos.ports import Journal, Positions, Row, Waiting

_CHUNK = 256
"""Rows read at once: decoding that many holds the event loop for a few milliseconds."""
_ALL = 2**31 - 1


class View(Protocol):
    """State that is rebuilt by showing it the log from the start. It lives on the event loop and needs no lock."""

    def apply(self, entry: Entry, name: bytes, index: int | None) -> None:
        """Take in the entry whose record has the SHA-256 ``name``.

        ``index`` is None while the entry is admitted and not yet under a checkpoint; it is shown again with its index.
        """
        ...


class Follower:
    """Reads the journal behind the head. Nothing of it is stored: a restart reads the log again."""

    def __init__(self, journal: Journal, views: Sequence[View]) -> None:
        self._journal = journal
        self._views = tuple(views)
        self._turn = asyncio.Lock()
        self.position = 0
        """Committed entries shown so far."""

    async def start(self) -> None:
        """Show what is committed, then what waits. Nothing may be admitted or committed meanwhile."""
        await self.catch_up()
        for row in await asyncio.to_thread(self._journal.read, Waiting(_ALL)):
            self._show(row, None)

    async def catch_up(self) -> int:
        """Show what was committed since the last call; return how many entries have been shown in all."""
        async with self._turn:
            size = (await asyncio.to_thread(self._journal.head)).size
            while self.position < size:
                stop = min(self.position + _CHUNK, size)
                for row in await asyncio.to_thread(self._journal.read, Positions(self.position, stop)):
                    self._show(row, self.position)
                    self.position += 1
            return self.position

    def admitted(self, entry: Entry, name: bytes) -> None:
        """Show an entry that has just become durable."""
        for view in self._views:
            view.apply(entry, name, None)

    def _show(self, row: Row, index: int | None) -> None:
        entry = entry_or_none(row.record)
        if entry is not None:
            for view in self._views:
                view.apply(entry, digest(row.record), index)
