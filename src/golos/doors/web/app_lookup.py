"""App look-up: the look-up of docs/formats.md ("The app") for the newest checkpoint, before anything is published."""

import numpy as np

from golos.doors.web.services import PublicLog
from golos.publish.lookup import digits, row

_TILE = 256
_HASH = 32
_KEPT = 4
"""Bytes of each leaf's hash kept in memory."""


class LiveLookup:
    """Answers by hash prefix from the log's tree. Lives on the event loop."""

    def __init__(self, log: PublicLog) -> None:
        self._log = log
        self._starts = np.zeros(0, dtype=np.uint32)

    def file(self, name: str) -> bytes | None:
        """Return the file of that name under the final checkpoint, None if it has no such file."""
        size = self._log.final.size
        count = digits(size)
        if name != "all" if count == 0 else len(name) != count:
            return None
        self._grow(size)
        starts = self._starts[:size]
        wanted = starts >> np.uint32(8 * _KEPT - 4 * count) == int(name, 16) if count else np.ones(size, dtype=bool)
        found = [row(self._hash(int(index)), int(index)) for index in np.flatnonzero(wanted)]
        return "".join(sorted(found)).encode()

    def _grow(self, size: int) -> None:
        """Read the leaves that have come since. The last tile may have been partial, so it is read again."""
        first = len(self._starts) // _TILE
        tiles = [
            self._log.tree.tile(0, index, min(_TILE, size - index * _TILE)) for index in range(first, -(-size // _TILE))
        ]
        if tiles:
            hashes = np.frombuffer(b"".join(tiles), dtype=np.uint8).reshape(-1, _HASH)
            fresh = np.ascontiguousarray(hashes[:, :_KEPT]).view(">u4").reshape(-1).astype(np.uint32)
            self._starts = np.concatenate((self._starts[: first * _TILE], fresh))

    def _hash(self, index: int) -> bytes:
        at = index % _TILE
        return self._log.tree.tile(0, index // _TILE, at + 1)[at * _HASH :]
