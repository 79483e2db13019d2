"""Embedded store: one SQLite file and one folder of packed pictures.

golos.db, golos.db-wal   journal, vault, jobs, where each blob lies (one writing connection)
blobs/000001.pack        many blobs one behind the other
lock                     held by the one process that writes
"""

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path

from golos.model.problem import Problem
from golos.ports import StoreFull
from golos.stores.embedded.blobs import PackedBlobs
from golos.stores.embedded.database import Database
from golos.stores.embedded.disk import Disk, lock
from golos.stores.embedded.journal import SqliteJournal
from golos.stores.embedded.packs import Packs
from golos.stores.embedded.vault import SqliteVault
from golos.stores.embedded.work import SqliteWork

PACK_LIMIT = 256_000_000
"""Bytes after which a new pack is begun."""


@dataclass(slots=True)
class Stores:
    """The four ports over one folder."""

    journal: SqliteJournal
    blobs: PackedBlobs
    vault: SqliteVault
    work: SqliteWork
    _database: Database
    _lock: int | None

    def close(self) -> None:
        """Finish what was asked, close the files and give the lock back."""
        self.blobs.close()
        self._database.close()
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None


def open_stores(
    folder: Path, *, readonly: bool = False, disk: Disk | None = None, pack_limit: int = PACK_LIMIT
) -> Stores:
    """Open the store in ``folder``, made if need be, and finish whatever a crash has left undone.

    One process may write; any number may read beside it. Raises Problem ``store.in_use`` if another process
    writes, ``store.missing`` if there is nothing to read, ``store.version`` for another format; StoreFull.
    """
    disk = disk or Disk()
    if readonly:
        if not (folder / "golos.db").exists():
            raise Problem("store.missing", str(folder.name), "holds no store of Golos.", "Start the server there once.")
        return _stores(folder, disk, None, pack_limit)
    try:
        for made in (folder, folder / "blobs"):
            made.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = lock(folder / "lock")
        try:
            return _stores(folder, disk, handle, pack_limit)
        except BaseException:
            os.close(handle)
            raise
    except (OSError, sqlite3.OperationalError) as error:
        raise StoreFull(f"the store can't be opened: {error}") from error


def _stores(folder: Path, disk: Disk, handle: int | None, pack_limit: int) -> Stores:
    readonly = handle is None
    database = Database(folder / "golos.db", disk, readonly=readonly)
    blobs = PackedBlobs(database, Packs(folder / "blobs", disk, pack_limit), readonly=readonly)
    return Stores(SqliteJournal(database), blobs, SqliteVault(database), SqliteWork(database), database, handle)
