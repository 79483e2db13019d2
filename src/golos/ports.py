"""Ports: what Golos asks of a store, four protocols of at most four methods. The contract is in the docstrings.

tests/contract runs it against every store. No method stores or reveals a time, and files carry none that says anything.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Row:
    """A record and, for a ballot, its sealed inner part, which no log holds."""

    record: bytes
    sealed: bytes = b""


@dataclass(frozen=True, slots=True)
class Head:
    """What was last signed: size, root and the signed checkpoint. The empty log has size 0 and checkpoint b""."""

    size: int
    root: bytes
    checkpoint: bytes


@dataclass(frozen=True, slots=True)
class Positions:
    """The committed rows start <= index < stop, in order; fewer where the log is shorter."""

    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """At most ``limit`` rows that are admitted and not yet committed, by the SHA-256 of the record."""

    limit: int


@dataclass(frozen=True, slots=True)
class Job:
    """Work to be done once: a kind, a name unique within the kind, and a payload without personal data."""

    kind: str
    name: str
    payload: bytes = b""


@dataclass(frozen=True, slots=True)
class Lease:
    """A job lent to one worker; ``tries`` counts this time too."""

    job: Job
    tries: int


class HeadMoved(Exception):
    """Somebody else has committed: the expected head is not the stored one. Nothing was written."""


class Missing(Exception):
    """There is nothing of that name."""


class StoreFull(Exception):
    """The store can't write now (disk full, input/output error). Nothing was accepted; try again later."""


class Journal(Protocol):
    """The append-only log and the place where admitted records wait for it."""

    def admit(self, rows: Sequence[Row]) -> list[bool]:
        """Make the rows durable, all or none; return for each whether it was new.

        When it returns they survive a power cut. A record that is waiting or committed already is not
        written again (its first ``sealed`` stays). Raises StoreFull, after which none of them is accepted.
        """
        ...

    def commit(self, hashes: Sequence[bytes], jobs: Sequence[Job], expected: Head, new: Head) -> None:
        """Append the waiting rows of these record hashes in this order, add the jobs and set the head: one atomic step.

        The row of ``hashes[i]`` gets index ``expected.size + i``; ``new.size`` is ``expected.size + len(hashes)``.
        A job whose kind and name exist already is left as it is. Raises HeadMoved if the stored head is not
        ``expected``, Missing if a hash is not waiting, StoreFull; then nothing has changed.
        """
        ...

    def read(self, what: Positions | Waiting) -> list[Row]:
        """Return rows. What one call has returned of the committed rows never changes."""
        ...

    def head(self) -> Head:
        """Return the last committed head."""
        ...


class Blobs(Protocol):
    """Bytes named by their SHA-256. Many small ones share one fsync."""

    def put(self, blobs: Sequence[bytes]) -> list[bytes]:
        """Make them durable, return their digests. What is there already is not written again. Raises StoreFull."""
        ...

    def get(self, digest: bytes) -> bytes:
        """Return the bytes, checked against the digest. Raises Missing (also for damaged bytes)."""
        ...

    def erase(self, digest: bytes) -> None:
        """Make the bytes unreadable for good; no error where there is nothing."""
        ...

    def upload_url(self, digest: bytes, size: int) -> str | None:
        """Return an address to which a client can send the bytes directly, or None: then they come through the door."""
        ...


class Vault(Protocol):
    """What must be erasable and never enters the log: phone tags, staff, observers' contacts. Spaces of names."""

    def put(self, space: str, name: bytes, value: bytes) -> bytes:
        """Create; return what is now stored: ``value``, or the earlier value if the name is taken. Durable.

        Of any number of parallel calls for one name exactly one value is stored, and all get it.
        """
        ...

    def get(self, space: str, name: bytes) -> bytes | None:
        """Return the value or None."""
        ...

    def find(self, space: str, prefix: bytes = b"") -> list[tuple[bytes, bytes]]:
        """Return names and values that begin with ``prefix``, by name."""
        ...

    def erase(self, space: str, name: bytes = b"") -> int:
        """Erase the name, or the whole space if it is b"", so that no page of the store holds it; return how many."""
        ...


class Work(Protocol):
    """Jobs, born inside Journal.commit, each done at least once."""

    def lease(self, kind: str, count: int, seconds: float) -> list[Lease]:
        """Lend up to ``count`` free jobs to the caller alone; they come free again after ``seconds`` or a restart."""
        ...

    def done(self, job: Job) -> None:
        """Finish the job for good; no error if it is finished already."""
        ...

    def later(self, job: Job, seconds: float) -> None:
        """Give the job back; it is free again after ``seconds``."""
        ...
