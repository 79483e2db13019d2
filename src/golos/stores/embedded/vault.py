"""Vault in SQLite: the table whose erased rows leave no trace in the file."""

import sqlite3

from golos.stores.embedded.database import Database


class SqliteVault:
    """golos.ports.Vault. An erasure writes the whole table anew (Database), which costs a second per million names."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, space: str, name: bytes, value: bytes) -> bytes:
        """See golos.ports.Vault.put. Raises ValueError for an empty name."""
        if not name:
            raise ValueError("a name has at least one byte")
        return self._database.submit(lambda connection: _put(connection, space, name, value)).result()

    def get(self, space: str, name: bytes) -> bytes | None:
        """See golos.ports.Vault.get."""
        with self._database.reading() as connection:
            return _get(connection, space, name)

    def find(self, space: str, prefix: bytes = b"") -> list[tuple[bytes, bytes]]:
        """See golos.ports.Vault.find."""
        query = "SELECT name, value FROM vault WHERE space = ? AND name >= ?"
        bounds: list[str | bytes] = [space, prefix]
        if after := _after(prefix):
            query += " AND name < ?"
            bounds.append(after)
        with self._database.reading() as connection:
            return connection.execute(query + " ORDER BY name", bounds).fetchall()

    def erase(self, space: str, name: bytes = b"") -> int:
        """See golos.ports.Vault.erase."""
        query, bounds = (
            ("DELETE FROM vault WHERE space = ?", [space])
            if not name
            else ("DELETE FROM vault WHERE space = ? AND name = ?", [space, name])
        )
        return self._database.submit(lambda connection: connection.execute(query, bounds).rowcount, scrub=True).result()


def _put(connection: sqlite3.Connection, space: str, name: bytes, value: bytes) -> bytes:
    connection.execute("INSERT INTO vault VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (space, name, value))
    stored = _get(connection, space, name)
    return value if stored is None else stored


def _get(connection: sqlite3.Connection, space: str, name: bytes) -> bytes | None:
    row = connection.execute("SELECT value FROM vault WHERE space = ? AND name = ?", (space, name)).fetchone()
    return None if row is None else row[0]


def _after(prefix: bytes) -> bytes:
    """Return the least name greater than all that begin with ``prefix``, or b"" if there is none."""
    stem = prefix.rstrip(b"\xff")
    return stem[:-1] + bytes([stem[-1] + 1]) if stem else b""
