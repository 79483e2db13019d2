"""Stores: the journal's group commit beside bare SQLite, and the packs of photographs beside a bare file."""

import hashlib
import os
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import Row, Sizes, spent

from golos.ports import Row as Entry
from golos.stores.embedded import open_stores
from golos.stores.embedded.database import SCHEMA

_RECORD, _SEALED = 600, 600
_INSERT = "INSERT INTO waiting VALUES (?, ?, ?)"


def measure(sizes: Sizes, folder: Path) -> Iterator[Row]:
    """Yield the rows."""
    yield from _commits(sizes, folder)
    yield from _packs(sizes, folder)


def _commits(sizes: Sizes, folder: Path) -> Iterator[Row]:
    for group, total in ((1, sizes.single_rows), (1_000, sizes.rows)):
        rows = [Entry(os.urandom(_RECORD), os.urandom(_SEALED)) for _ in range(total)]
        ours = _ours(rows, group, folder / f"journal-{group}")
        bare = _bare(rows, group, folder / f"bare-{group}.db")
        what = "rows" if group > 1 else "row"
        yield Row(f"journal, {group:,} {what} a commit", ours, "µs/row", "bare SQLite", bare)


def _ours(rows: list[Entry], group: int, folder: Path) -> float:
    stores = open_stores(folder)
    with spent() as took:
        for start in range(0, len(rows), group):
            stores.journal.admit(rows[start : start + group])
    stores.close()
    return took.wall / len(rows) * 1e6


def _bare(rows: list[Entry], group: int, file: Path) -> float:
    """The same rows into the same table by the sqlite3 module, with the same durability and page size."""
    database = sqlite3.connect(file, isolation_level=None)
    for pragma in ("page_size = 8192", "journal_mode = WAL", "synchronous = FULL"):
        database.execute(f"PRAGMA {pragma}").fetchall()
    database.execute(SCHEMA[0])
    with spent() as took:
        for start in range(0, len(rows), group):
            database.execute("BEGIN IMMEDIATE")
            part = rows[start : start + group]
            database.executemany(_INSERT, [(hashlib.sha256(r.record).digest(), r.record, r.sealed) for r in part])
            database.execute("COMMIT")
    database.close()
    return took.wall / len(rows) * 1e6


def _packs(sizes: Sizes, folder: Path) -> Iterator[Row]:
    batch = 32
    blobs = [os.urandom(sizes.photo_bytes) for _ in range(batch)]
    rounds = max(1, sizes.photos // batch)
    megabytes = rounds * batch * sizes.photo_bytes / 1e6
    with spent() as hashing:
        for _ in range(rounds):
            for blob in blobs:
                hashlib.sha256(blob).digest()
    with spent() as writing, (folder / "bare").open("wb") as file:
        for _ in range(rounds):
            file.write(b"".join(blobs))
            file.flush()
            os.fsync(file.fileno())
    stores = open_stores(folder / "packs")
    with spent() as packing:
        for number in range(rounds):
            stores.blobs.put([number.to_bytes(4) + blob[4:] for blob in blobs])
    stores.close()
    sha, raw, ours = (megabytes / took.wall for took in (hashing, writing, packing))
    slower = min(sha, raw)
    yield Row("photographs into packs", ours, "MB/s", "slower of both", slower, "≥ 0.5")
    yield Row("  bare file, 32 per fsync", raw, "MB/s")
    yield Row("  SHA-256", sha, "MB/s")
