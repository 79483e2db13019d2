"""A sequencer in ten lines, for tests that need a log with something in it."""

import hashlib

from golos.ports import Head, Journal, Row


def sha(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def append(journal: Journal, rows: list[Row], jobs=()) -> Head:
    """Commit the rows in the order of their hashes, as a sequencer does."""
    journal.admit(rows)
    hashes = sorted(sha(row.record) for row in rows)
    old = journal.head()
    new = Head(old.size + len(hashes), sha(old.root + b"".join(hashes)), b"checkpoint %d" % (old.size + len(hashes)))
    journal.commit(hashes, jobs, old, new)
    return new
