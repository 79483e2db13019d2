"""Plan: what a replay replays and where its things lie, written down once so that it can be continued."""

import fcntl
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec

from golos.demo.replay.table import Sample, read_sample
from golos.model.ed25519 import SigningKey
from golos.model.problem import Problem

GO_ON = "Give the same command again: it goes on from here."
_FILE = "replay.json"
READERS = 16
"""Programs that read, and so the most workers there can be."""
_ADDRESS = 90
"""Bytes of a socket's path that any system takes; the server's goes a longer way."""
_PATIENCE = 30
"""Seconds that processes of a killed run may take to end."""


class _Written(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    data: str
    digest: str
    share: float
    seed: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A replay of ``share`` of the stations in ``data`` (the folder of the published tables), in ``folder``."""

    folder: Path
    data: Path
    share: float
    seed: int

    @classmethod
    def read(cls, folder: Path) -> "Plan":
        """Return the plan written in ``folder``."""
        written = msgspec.json.decode((folder / _FILE).read_bytes(), type=_Written)
        return cls(folder, Path(written.data), written.share, written.seed)

    def write(self) -> None:
        """Write the plan down. Raises Problem ``replay.other`` if the folder holds another, ``replay.folder``."""
        if len(os.fsencode(self.inbox(READERS))) > _ADDRESS:
            raise Problem("replay.folder", str(self.folder), "is too long a path for sockets.", "Name a shorter one.")
        file = self.folder / _FILE
        text = msgspec.json.encode(
            _Written(
                str(self.data.resolve()), hashlib.sha256(self.table.read_bytes()).hexdigest(), self.share, self.seed
            )
        )
        if file.exists() and msgspec.json.decode(file.read_bytes()) != msgspec.json.decode(text):
            raise Problem(
                "replay.other", str(self.folder), "holds another replay.", "Name another folder, or remove this one."
            )
        file.write_bytes(text)

    @property
    def table(self) -> Path:
        """The published table."""
        return self.data / "stations.csv"

    @property
    def election(self) -> Path:
        """The election's folder."""
        return self.folder / "election"

    @property
    def outbox(self) -> Path:
        """Where the voters keep what is not sent."""
        return self.folder / "outbox"

    @property
    def public(self) -> Path:
        """The published folder."""
        return self.folder / "public"

    @property
    def post(self) -> Path:
        """The socket at which all codes arrive."""
        return self.folder / "codes.sock"

    def inbox(self, worker: int) -> Path:
        """The socket at which a worker gets its voters' codes."""
        return self.folder / f"codes-{worker}.sock"

    def sample(self) -> Sample:
        """Return the stations to be replayed."""
        return read_sample(self.table, self.share)

    def readers(self) -> list[SigningKey]:
        """Return the readers' keys."""
        secret = b"golos/replay/reader/v1\n" + self.seed.to_bytes(8)
        return [SigningKey(hashlib.sha256(secret + number.to_bytes(8)).digest()) for number in range(READERS)]

    @contextmanager
    def locked(self) -> Iterator[int]:
        """Hold the replay's lock. Who inherits the file descriptor holds it too: no process of a killed run is left.

        Raises Problem ``replay.running``.
        """
        lock = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            _acquire(lock)
            yield lock
        finally:
            os.close(lock)


def _acquire(lock: int) -> None:
    for _ in range(_PATIENCE * 10):
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            time.sleep(0.1)
        else:
            return
    raise Problem("replay.running", "folder", "is in use by another replay.", "Wait for it, or stop it.")
