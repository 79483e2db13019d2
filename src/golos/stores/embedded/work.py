"""Work in SQLite: jobs are rows, leases live in the memory of the one process that lends them."""

import sqlite3
import time
from collections.abc import Callable
from threading import Lock

from golos.ports import Job, Lease
from golos.stores.embedded.database import Database

_OPEN = "SELECT name, payload, tries FROM job WHERE kind = ? AND done = 0 ORDER BY tries, name LIMIT ?"


class SqliteWork:
    """golos.ports.Work. No lease is stored, so no time is, and after a restart every unfinished job is free.

    Jobs that were tried least come first, so that one that always fails can't hold up the others.
    """

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self._database = database
        self._clock = clock
        self._lent: dict[tuple[str, str], float] = {}
        self._gate = Lock()

    def lease(self, kind: str, count: int, seconds: float) -> list[Lease]:
        """See golos.ports.Work.lease. ``tries`` is durable before the job is lent: it also counts crashes."""
        return self._database.submit(lambda connection: self._lend(connection, kind, count, seconds)).result()

    def done(self, job: Job) -> None:
        """See golos.ports.Work.done. The name stays, so that the job can't be born again; the payload goes."""
        query = "UPDATE job SET done = 1, payload = x'' WHERE kind = ? AND name = ?"
        self._database.submit(lambda connection: connection.execute(query, (job.kind, job.name))).result()
        with self._gate:
            self._lent.pop((job.kind, job.name), None)

    def later(self, job: Job, seconds: float) -> None:
        """See golos.ports.Work.later."""
        with self._gate:
            self._lent[job.kind, job.name] = self._clock() + seconds

    def _lend(self, connection: sqlite3.Connection, kind: str, count: int, seconds: float) -> list[Lease]:
        """Choose and lend, in the writer's thread: two callers never get the same job."""
        with self._gate:
            now = self._clock()
            self._lent = {job: until for job, until in self._lent.items() if until > now}
            rows = connection.execute(_OPEN, (kind, max(count, 0) + len(self._lent))).fetchall()
            free = [row for row in rows if (kind, row[0]) not in self._lent][: max(count, 0)]
            self._lent.update({(kind, name): now + seconds for name, _, _ in free})
        query = "UPDATE job SET tries = tries + 1 WHERE kind = ? AND name = ?"
        connection.executemany(query, ((kind, name) for name, _, _ in free))
        return [Lease(Job(kind, name, payload), tries + 1) for name, payload, tries in free]
