"""Journal in SQLite: rows wait under their hash, and move to their position in the log when it is committed."""

import sqlite3
from collections.abc import Sequence
from concurrent.futures import Future

from golos.model.record import digest
from golos.ports import Head, HeadMoved, Job, Missing, Positions, Row, Waiting
from golos.stores.embedded.database import Database

_ADMIT = """INSERT INTO waiting SELECT :hash, :record, :sealed
    WHERE NOT EXISTS (SELECT 1 FROM committed WHERE hash = :hash) ON CONFLICT DO NOTHING"""
_APPEND = "INSERT INTO committed SELECT ?, hash, record, sealed FROM waiting WHERE hash = ?"


class SqliteJournal:
    """golos.ports.Journal. Waiting rows are keyed by hash: no order of arrival is kept."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def admit(self, rows: Sequence[Row]) -> list[bool]:
        """See golos.ports.Journal.admit."""
        return self.admit_future(rows).result()

    def admit_future(self, rows: Sequence[Row]) -> Future[list[bool]]:
        """Admit without blocking: the future is done when the rows are durable (asyncio.wrap_future awaits it)."""
        keyed = [{"hash": digest(row.record), "record": row.record, "sealed": row.sealed} for row in rows]
        return self._database.submit(lambda connection: [_admit(connection, row) for row in keyed])

    def commit(self, hashes: Sequence[bytes], jobs: Sequence[Job], expected: Head, new: Head) -> None:
        """See golos.ports.Journal.commit. Raises ValueError if ``new.size`` does not follow from ``hashes``."""
        if new.size != expected.size + len(hashes):
            raise ValueError("the new head's size is not the expected size plus the number of rows")
        # The write-ahead log holds the rows in the order in which they came; it is emptied now that they are sorted.
        self._database.submit(lambda connection: _commit(connection, hashes, jobs, expected, new), tidy=True).result()

    def read(self, what: Positions | Waiting) -> list[Row]:
        """See golos.ports.Journal.read."""
        with self._database.reading() as connection:
            if isinstance(what, Positions):
                query = "SELECT record, sealed FROM committed WHERE position >= ? AND position < ? ORDER BY position"
                return [Row(*row) for row in connection.execute(query, (what.start, what.stop))]
            query = "SELECT record, sealed FROM waiting ORDER BY hash LIMIT ?"
            return [Row(*row) for row in connection.execute(query, (max(what.limit, 0),))]

    def head(self) -> Head:
        """See golos.ports.Journal.head."""
        with self._database.reading() as connection:
            return _head(connection)


def _admit(connection: sqlite3.Connection, row: dict[str, bytes]) -> bool:
    return connection.execute(_ADMIT, row).rowcount == 1


def _head(connection: sqlite3.Connection) -> Head:
    return Head(*connection.execute("SELECT size, root, checkpoint FROM head").fetchone())


def _commit(
    connection: sqlite3.Connection, hashes: Sequence[bytes], jobs: Sequence[Job], expected: Head, new: Head
) -> None:
    if _head(connection) != expected:
        raise HeadMoved("another commit came first")
    places = list(enumerate(hashes, expected.size))
    moved = sum(connection.execute(_APPEND, place).rowcount for place in places) if _distinct(hashes) else 0
    if moved != len(places):
        raise Missing("a hash to commit is not waiting")
    connection.executemany("DELETE FROM waiting WHERE hash = ?", ((one,) for one in hashes))
    births = ((job.kind, job.name, job.payload) for job in jobs)
    connection.executemany("INSERT INTO job (kind, name, payload) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", births)
    connection.execute("UPDATE head SET size = ?, root = ?, checkpoint = ?", (new.size, new.root, new.checkpoint))


def _distinct(hashes: Sequence[bytes]) -> bool:
    return len(set(hashes)) == len(hashes)
