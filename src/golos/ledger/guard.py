"""Guard: the file, kept outside the store and its backups, that remembers what the log last signed.

It is written before the journal, so that no signature can leave the machine unless the guard knows it. It
holds the record hashes of that batch too: after a crash between the two writes, the very same batch is committed.
"""

import fcntl
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import msgspec

from golos.model.problem import Problem
from golos.ports import StoreFull


class Memory(msgspec.Struct, frozen=True):
    """The last checkpoint signed. The record hashes ``batch`` took the log from ``size - len(batch)`` to ``size``.

    ``final`` is the newest checkpoint with its quorum, b"" if there is none.
    """

    size: Annotated[int, msgspec.Meta(ge=0)]
    root: bytes
    checkpoint: bytes
    batch: Sequence[bytes] = ()
    final: bytes = b""


class Guard:
    """The file at ``path``; whoever holds a Guard is the only one on this machine (a lock file lies beside it)."""

    def __init__(self, path: Path) -> None:
        """Raises Problem ``guard.taken`` if another process holds it; StoreFull."""
        self._path = path
        try:
            self._lock = os.open(_beside(path, ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise _full(error) from error
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(self._lock)
            raise Problem("guard.taken", path.name, "is in use by another sequencer.", "Stop that one first.") from None

    def load(self) -> Memory | None:
        """Return what was last saved, None if nothing was. Raises Problem ``guard.damaged``, StoreFull."""
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=Memory)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise _full(error) from error
        except (msgspec.MsgspecError, RecursionError) as error:
            raise Problem(
                "guard.damaged", self._path.name, "is not what the sequencer wrote.", "Restore it or remove it."
            ) from error

    def save(self, memory: Memory) -> None:
        """Replace the file; it survives a power cut when this returns, and before that the old one does.

        Raises StoreFull.
        """
        draft = _beside(self._path, ".new")
        try:
            with draft.open("wb") as file:
                file.write(msgspec.json.encode(memory))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._path)
            _sync_folder(self._path.parent)
        except OSError as error:
            raise _full(error) from error

    def close(self) -> None:
        """Let another process have it."""
        if self._lock >= 0:
            os.close(self._lock)
        self._lock = -1


def _full(error: OSError) -> StoreFull:
    return StoreFull(f"the guard file can't be read or written: {error.strerror}")


def _beside(path: Path, suffix: str) -> Path:
    return path.with_name(path.name + suffix)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
