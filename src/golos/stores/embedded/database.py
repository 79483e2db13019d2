"""Database: the one SQLite file. One thread writes and checkpoints, every other connection can only read.

SQLite 3.7.0 to 3.51.2 can corrupt a write-ahead log when two connections write or checkpoint together
(sqlite.org/wal.html, "WAL-reset bug"), so the writer's connection never leaves its thread.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, LifoQueue
from typing import Any, Generic, TypeVar

from golos.model.problem import Problem
from golos.ports import StoreFull
from golos.stores.embedded.disk import Disk, wipe_times
from golos.stores.embedded.group import Group

T = TypeVar("T")
Operation = Callable[[sqlite3.Connection], T]

SCHEMA_VERSION = 1
VAULT = """CREATE TABLE {name} (space TEXT NOT NULL, name BLOB NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY (space, name)) WITHOUT ROWID"""
SCHEMA = (
    """CREATE TABLE waiting (hash BLOB PRIMARY KEY, record BLOB NOT NULL, sealed BLOB NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE committed (position INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE,
        record BLOB NOT NULL, sealed BLOB NOT NULL)""",
    """CREATE TABLE head (one INTEGER PRIMARY KEY CHECK (one = 1), size INTEGER NOT NULL, root BLOB NOT NULL,
        checkpoint BLOB NOT NULL)""",
    """CREATE TABLE job (kind TEXT NOT NULL, name TEXT NOT NULL, payload BLOB NOT NULL,
        tries INTEGER NOT NULL DEFAULT 0, done INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (kind, name)) WITHOUT ROWID""",
    """CREATE INDEX job_open ON job (kind, tries, name) WHERE done = 0""",
    """CREATE TABLE blob (digest BLOB PRIMARY KEY, pack INTEGER NOT NULL, start INTEGER NOT NULL,
        length INTEGER NOT NULL) WITHOUT ROWID""",
    """CREATE TABLE erasing (pack INTEGER NOT NULL, start INTEGER NOT NULL, length INTEGER NOT NULL,
        PRIMARY KEY (pack, start)) WITHOUT ROWID""",
    VAULT.format(name="vault"),
    # The root of the empty tree is the SHA-256 of nothing (RFC 6962 section 2.1).
    """INSERT INTO head VALUES (1, 0, x'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855', x'')""",
    f"PRAGMA user_version = {SCHEMA_VERSION}",
)
_PAGE = 8192  # A ballot with its sealed inner part fits into a b-tree leaf of this size without an overflow page.
_WRITER_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "secure_delete = ON",
    "busy_timeout = 100",
    "cache_size = -64000",
)
_BATCH = 8192
_SCRUB_TRIES = 100


@dataclass(slots=True)
class Ask(Generic[T]):
    """One caller's part of a transaction. ``scrub``: no page of the file may keep what it deleted from the vault."""

    operation: Operation[T]
    scrub: bool = False
    tidy: bool = False
    answer: Future[T] = field(default_factory=Future)


class Database:
    """The SQLite file ``path``. Open for writing it must be the only one: the caller holds the lock of the store."""

    def __init__(self, path: Path, disk: Disk, *, readonly: bool) -> None:
        self._path = path
        self._disk = disk
        self._idle: LifoQueue[sqlite3.Connection] = LifoQueue()
        self._writer: sqlite3.Connection | None = None if readonly else self._open_writer()
        self._group: Group[Ask[Any]] | None = None if readonly else Group("golos-database", self._perform, _BATCH)
        with self.reading() as connection:
            _check_version(connection)

    def submit(self, operation: Operation[T], *, scrub: bool = False, tidy: bool = False) -> Future[T]:
        """Run ``operation`` in the writer's next transaction; the future is done when that is durable.

        What the operation raises is the future's exception, and the operation alone is undone. A store that can't
        write gives StoreFull. ``tidy`` asks to empty the write-ahead log afterwards, where no reader is in the way.
        """
        if self._group is None:
            raise Problem("store.readonly", "store", "is open for reading only.", "Send the request to the server.")
        ask = Ask(operation, scrub, tidy)
        self._group.ask(ask)
        return ask.answer

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """Lend a connection that can't write; every statement sees what is durable at its start. Raises StoreFull."""
        try:
            connection = self._idle.get_nowait()
        except Empty:
            connection = self._connect("ro")
        try:
            yield connection
        except sqlite3.OperationalError as error:
            raise _full(error) from error
        finally:
            self._idle.put(connection)

    def close(self) -> None:
        """Finish what was asked, empty the write-ahead log and close all connections."""
        if self._group is not None:
            self._group.close()
        while not self._idle.empty():
            self._idle.get_nowait().close()
        if self._writer is not None:
            self._empty_log()
            self._writer.close()
            self._try_to_wipe_times()

    def _connect(self, mode: str) -> sqlite3.Connection:
        uri = f"{self._path.absolute().as_uri()}?mode={mode}"
        return sqlite3.connect(uri, uri=True, isolation_level=None, check_same_thread=False, cached_statements=64)

    def _open_writer(self) -> sqlite3.Connection:
        connection = self._connect("rwc")
        connection.execute(f"PRAGMA page_size = {_PAGE}")
        for pragma in _WRITER_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").fetchall()
        if connection.execute("PRAGMA user_version").fetchone() == (0,):
            connection.execute("BEGIN IMMEDIATE")
            for statement in SCHEMA:
                connection.execute(statement)
            connection.execute("COMMIT")
            self._disk.sync_folder(self._path.parent)
        self._writer = connection
        # A crash may have come between an erasure's commit and the emptying of the log: finish it.
        self._empty_log()
        self._wipe_times()
        return connection

    def _perform(self, batch: list[Ask[Any]]) -> None:
        """Write the batch as one transaction and answer: nobody hears of success before it is durable."""
        asks = [ask for ask in batch if ask.answer.set_running_or_notify_cancel()]
        try:
            outcomes = self._transact(asks)
            self._disk.reached("database.committed")
        except Exception as error:  # the thread must live on, and every caller must hear
            outcomes = [_full(error)] * len(asks)
        if any(ask.scrub for ask in asks):
            stay = self._scrub_log()
            outcomes = [stay if stay and ask.scrub else was for ask, was in zip(asks, outcomes, strict=True)]
        elif any(ask.tidy for ask in asks):
            self._empty_log()
        self._try_to_wipe_times()
        for ask, outcome in zip(asks, outcomes, strict=True):
            if isinstance(outcome, BaseException):
                ask.answer.set_exception(outcome)
            else:
                ask.answer.set_result(outcome)

    def _transact(self, asks: list[Ask[Any]]) -> list[Any]:
        assert self._writer is not None  # noqa: S101
        connection = self._writer
        connection.execute("BEGIN IMMEDIATE")
        try:
            outcomes = [_attempt(connection, ask.operation) for ask in asks]
            if any(ask.scrub for ask in asks):
                _rewrite_vault(connection)
            self._disk.reached("database.commit")
            connection.execute("COMMIT")
        finally:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
        return outcomes

    def _scrub_log(self) -> StoreFull | None:
        """Empty the write-ahead log, waiting for readers that hold an old view; say if they stay too long."""
        for _ in range(_SCRUB_TRIES):
            if self._empty_log():
                return None
            time.sleep(0.05)
        return StoreFull("erased, but a reader keeps the old pages in use; erase again to be rid of them")

    def _empty_log(self) -> bool:
        """Checkpoint and truncate the write-ahead log; False where a reader or the disk is in the way."""
        assert self._writer is not None  # noqa: S101
        try:
            busy: int = self._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        except sqlite3.OperationalError:
            return False
        return not busy

    def _try_to_wipe_times(self) -> None:
        """Wipe them unless the disk is sick: what is durable must be answered, and the next batch wipes them again."""
        with suppress(OSError):
            self._wipe_times()

    def _wipe_times(self) -> None:
        wipe_times(self._path, *(self._path.with_name(self._path.name + tail) for tail in ("-wal", "-shm")))


def _attempt(connection: sqlite3.Connection, operation: Operation[T]) -> T | Exception:
    """Run one caller's operation; if it refuses, undo it alone. Errors of the disk end the whole transaction."""
    outcome: T | Exception
    connection.execute("SAVEPOINT one")
    try:
        outcome = operation(connection)
    except sqlite3.OperationalError:
        raise
    except Exception as refused:
        connection.execute("ROLLBACK TO one")
        outcome = refused
    connection.execute("RELEASE one")
    return outcome


def _rewrite_vault(connection: sqlite3.Connection) -> None:
    """Write the vault's remaining rows anew and drop the old pages.

    secure_delete zeroes a deleted cell, but not the stale copies that page splits leave between cells;
    a dropped table's pages are zeroed whole.
    """
    connection.execute(VAULT.format(name="vault_anew"))
    connection.execute("INSERT INTO vault_anew SELECT * FROM vault ORDER BY space, name")
    connection.execute("DROP TABLE vault")
    connection.execute("ALTER TABLE vault_anew RENAME TO vault")


def _check_version(connection: sqlite3.Connection) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != SCHEMA_VERSION:
        raise Problem(
            "store.version",
            "store",
            f"has format {version}, this program reads format {SCHEMA_VERSION}.",
            "Use the version of Golos that made it.",
        )


def _full(error: Exception) -> StoreFull:
    full = StoreFull(f"the store can't read or write: {error}")
    full.__cause__ = error
    return full
