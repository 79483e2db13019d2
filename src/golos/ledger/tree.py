"""Tree: the Merkle tree of a log in memory, append-only (RFC 6962 section 2.1).

Level k holds the hashes of all complete subtrees of 2^k leaves, side by side in one bytearray: 64 bytes a leaf in
all. Bytes once written never change, so that a reader in another thread may ask for any size it knows while
one writer appends.
"""

import hashlib
from collections.abc import Iterable

from golos.ledger.merkle import EMPTY_ROOT, HASH_LENGTH, leaf_hash, node_hash, split

TILE_HEIGHT = 8


class Tree:
    """The tree of a log; ``data`` of a leaf is what the log holds there (in Golos the SHA-256 of a record)."""

    def __init__(self, data: Iterable[bytes] = ()) -> None:
        self._levels = [bytearray()]
        self.append(data)

    @property
    def size(self) -> int:
        """The number of leaves."""
        return len(self._levels[0]) // HASH_LENGTH

    def append(self, data: Iterable[bytes]) -> None:
        """Add leaves that hold these data."""
        self.append_hashes(b"".join(map(leaf_hash, data)))

    def append_hashes(self, hashes: bytes) -> None:
        """Add leaves by their leaf hashes, 32 bytes each, one after another."""
        if len(hashes) % HASH_LENGTH:
            raise ValueError("leaf hashes have 32 bytes each")
        self._levels[0] += hashes
        self._grow()

    def _grow(self) -> None:
        sha256, pair = hashlib.sha256, 2 * HASH_LENGTH
        for level, below in enumerate(self._levels):
            if len(below) < pair:
                return
            if level + 1 == len(self._levels):
                self._levels.append(bytearray())
            above = self._levels[level + 1]
            above += b"".join(
                sha256(b"\x01" + below[at : at + pair]).digest()
                for at in range(2 * len(above), len(below) - pair + 1, pair)
            )

    def leaf(self, index: int) -> bytes:
        """Return the leaf hash at ``index``."""
        self._check(index < self.size and index >= 0)
        return self._node(0, index)

    def root(self, size: int | None = None) -> bytes:
        """Return the root of the first ``size`` leaves (all, if None)."""
        size = self.size if size is None else size
        self._check(0 <= size <= self.size)
        return self._hash(0, size) if size else EMPTY_ROOT

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """Return PATH(index, D[size]) of RFC 6962 section 2.1.1, from the leaf's sibling up."""
        self._check(0 <= index < size <= self.size)
        path = []
        start, stop = 0, size
        while stop - start > 1:
            middle = start + split(stop - start)
            if index < middle:
                path.append(self._hash(middle, stop))
                stop = middle
            else:
                path.append(self._hash(start, middle))
                start = middle
        return path[::-1]

    def consistency(self, old: int, new: int) -> list[bytes]:
        """Return PROOF(old, D[new]) of RFC 6962 section 2.1.2; empty for old = 0 and old = new."""
        self._check(0 <= old <= new <= self.size)
        path = []
        start, stop = 0, new
        while start < old < stop:
            middle = start + split(stop - start)
            if old <= middle:
                path.append(self._hash(middle, stop))
                stop = middle
            else:
                path.append(self._hash(start, middle))
                start = middle
        if start:  # the old tree is no single node of this one, so its last subtree is part of the proof
            path.append(self._hash(start, stop))
        return path[::-1]

    def tile(self, level: int, index: int, width: int) -> bytes:
        """Return ``width`` hashes (1 to 256) of tile ``index`` at tile level ``level`` (C2SP tlog-tiles)."""
        height = level * TILE_HEIGHT
        first = index << TILE_HEIGHT
        self._check(
            min(level, index) >= 0 and 1 <= width <= 1 << TILE_HEIGHT and (first + width) << height <= self.size
        )
        return bytes(self._levels[height][first * HASH_LENGTH : (first + width) * HASH_LENGTH])

    def _hash(self, start: int, stop: int) -> bytes:
        """Return MTH(D[start:stop]); ``start`` is a multiple of the power of two at or below the width."""
        width = stop - start
        if width & (width - 1) == 0:
            level = width.bit_length() - 1
            return self._node(level, start >> level)
        middle = start + split(width)
        return node_hash(self._hash(start, middle), self._hash(middle, stop))

    def _node(self, level: int, index: int) -> bytes:
        return bytes(self._levels[level][index * HASH_LENGTH : (index + 1) * HASH_LENGTH])

    @staticmethod
    def _check(within: bool) -> None:
        if not within:
            raise IndexError("the tree has no such leaves")
