"""Index: the PDQ hashes of all photographs, searched exactly: every one within a distance, none left out.

The file is a row of records of 64 bytes, the photograph's digest and its hash, and nothing else; what is added is on
the disk when ``add`` returns. A crash can leave part of a record at the end: it is cut off when the file is opened.
A search compares with every hash (32 MB a million), which is as fast as an index would be, and simpler.
"""

import fcntl
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Self

import faiss
import numpy as np
from numpy.typing import NDArray

from golos.model.problem import Problem

HASH = NAME = 32
_RECORD = NAME + HASH


class Index:
    """Photographs by PDQ hash. One process has the file open; calls come from one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Open or make the file. Raises Problem ``index.busy`` where another process has it open."""
        self._file = path.open("a+b", buffering=0)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._file.close()
            raise Problem("index.busy", str(path), "is open elsewhere.", "End the other process.") from None
        size = os.fstat(self._file.fileno()).st_size
        self._file.truncate(size - size % _RECORD)
        self._faiss = faiss.IndexBinaryFlat(HASH * 8)
        self._names = np.empty((0, NAME), np.uint8)
        self._file.seek(0)
        self._hold(np.fromfile(self._file, np.uint8).reshape(-1, _RECORD))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __len__(self) -> int:
        return int(self._faiss.ntotal)

    def add(self, photographs: Sequence[tuple[bytes, bytes]]) -> None:
        """Add (digest, hash) pairs, durably. One that is here already does no harm. Raises OSError: none is added."""
        data = b"".join(name + pdq for name, pdq in photographs)
        if len(data) != _RECORD * len(photographs):
            raise ValueError("a digest and a hash have 32 bytes each")
        self._write(data)
        self._hold(np.frombuffer(data, np.uint8).reshape(-1, _RECORD))

    def near(self, pdq: bytes, distance: int) -> dict[bytes, int]:
        """Return every photograph whose hash differs in at most ``distance`` bits, and in how many."""
        query = np.frombuffer(pdq, np.uint8).reshape(1, HASH)
        _, distances, rows = self._faiss.range_search(query, distance + 1)
        found: dict[bytes, int] = {}
        for row, bits in zip(rows.tolist(), distances.tolist(), strict=True):
            name = self._names[row].tobytes()
            found[name] = min(int(bits), found.get(name, HASH * 8))
        return found

    def _write(self, data: bytes) -> None:
        """Append all of it or nothing, as far as this process can."""
        size = os.fstat(self._file.fileno()).st_size
        try:
            view = memoryview(data)
            while view:
                view = view[self._file.write(view) :]
            os.fsync(self._file.fileno())
        except OSError:
            self._file.truncate(size)
            raise

    def _hold(self, records: NDArray[np.uint8]) -> None:
        """Take records (n, 64) into memory. Names grow by doubling, so that adding one costs no copy of all."""
        start, count = len(self), len(records)
        if start + count > len(self._names):
            grown = np.empty((max(1024, 2 * len(self._names), start + count), NAME), np.uint8)
            grown[:start] = self._names[:start]
            self._names = grown
        self._names[start : start + count] = records[:, :NAME]
        self._faiss.add(np.ascontiguousarray(records[:, NAME:]))
