"""Uploads: photographs of which a part has come. Each is a file under a random name, without a time or a sender.

A file is ``length(8) || digest(32) || what has come so far``. It is not synced: what a power cut takes is sent again,
and what it garbles does not match the digest.
"""

import os
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from golos.model.problem import Problem

_HEADER = 40
_NO_TIME = (0, 0)


@dataclass(frozen=True, slots=True)
class Limits:
    """How much unfinished work is kept. An upload that stood still for ``idle`` seconds makes room for a new one."""

    count: int = 4096
    size: int = 512_000_000
    idle: float = 60
    expiry: float = 86_400


@dataclass(slots=True)
class Upload:
    """An unfinished upload: the name of its file, the bytes it will have, their SHA-256, and the bytes that are here.

    ``touched`` is a reading of the monotonic clock, kept in memory alone.
    """

    name: str
    length: int
    digest: bytes
    offset: int
    touched: float


def new_name() -> str:
    """Return a name that nobody can guess: whoever knows it may go on with the upload."""
    return secrets.token_hex(16)


class Uploads:
    """The folder of unfinished uploads; the one touched longest ago comes first. Lives on the event loop."""

    def __init__(
        self,
        folder: Path,
        limits: Limits,
        clock: Callable[[], float] = time.monotonic,
        is_named: Callable[[bytes], bool] = lambda digest: False,
    ) -> None:
        """``is_named`` says whether a ballot or protocol names the photograph of that digest."""
        self._folder = folder
        self._limits = limits
        self._is_named = is_named
        self._clock = clock
        self._open: OrderedDict[str, Upload] = OrderedDict()
        self._size = 0
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for path in sorted(folder.iterdir()):
            self._take_up(path)

    @property
    def expiry(self) -> float:
        """Seconds after which an upload that stands still is dropped."""
        return self._limits.expiry

    def begin(self, length: int, digest: bytes) -> Upload:
        """Return a new upload without bytes. Raises Problem ``overload``, OSError."""
        self._make_room(length, digest)
        upload = Upload(new_name(), length, digest, 0, self._clock())
        self._write(upload, length.to_bytes(8, "big") + digest, 0)
        self._add(upload)
        return upload

    def get(self, name: str) -> Upload | None:
        """Return the upload of that name, or None."""
        self._expire()
        return self._open.get(name)

    def append(self, upload: Upload, data: bytes) -> None:
        """Add ``data`` behind what has come. Raises OSError; then nothing is added."""
        self._write(upload, data, _HEADER + upload.offset)
        upload.offset += len(data)
        upload.touched = self._clock()
        self._open.move_to_end(upload.name)

    def read(self, upload: Upload) -> bytes:
        """Return what has come."""
        return self._path(upload).read_bytes()[_HEADER : _HEADER + upload.offset]

    def drop(self, upload: Upload) -> None:
        """Forget the upload and its bytes."""
        if self._open.pop(upload.name, None):
            self._size -= upload.length
            self._path(upload).unlink(missing_ok=True)

    def _take_up(self, path: Path) -> None:
        """Go on with a file of before the restart; one that is no upload is left by a crash and goes."""
        with path.open("rb") as file:
            header = file.read(_HEADER)
        length, digest = int.from_bytes(header[:8], "big"), header[8:]
        offset = path.stat().st_size - _HEADER
        if 0 <= offset <= length:
            self._add(Upload(path.name, length, digest, offset, self._clock()))
        else:
            path.unlink()

    def _add(self, upload: Upload) -> None:
        self._open[upload.name] = upload
        self._size += upload.length

    def _expire(self) -> None:
        while self._open and self._idle() > self._limits.expiry:
            self.drop(next(iter(self._open.values())))

    def _make_room(self, length: int, digest: bytes) -> None:
        """Make room for a new upload, at the cost of one that stands still, or that nobody's ballot names.

        Whoever holds all places by uploads kept busy can't keep out a photograph that is named. Raises Problem
        ``overload``.
        """
        self._expire()
        while self._open and (len(self._open) >= self._limits.count or self._size + length > self._limits.size):
            victim = next(iter(self._open.values())) if self._idle() >= self._limits.idle else None
            if victim is None and self._is_named(digest):
                victim = next((upload for upload in self._open.values() if not self._is_named(upload.digest)), None)
            if victim is None:
                raise Problem(
                    "overload", "server", "has more unfinished uploads than it can take now.", "Send it again later."
                )
            self.drop(victim)

    def _idle(self) -> float:
        return self._clock() - next(iter(self._open.values())).touched

    def _write(self, upload: Upload, data: bytes, offset: int) -> None:
        file = os.open(self._path(upload), os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if os.pwrite(file, data, offset) < len(data):
                os.ftruncate(file, offset)
                raise OSError("the upload's file can't be written")
            os.utime(file, ns=_NO_TIME)
        finally:
            os.close(file)

    def _path(self, upload: Upload) -> Path:
        return self._folder / upload.name
