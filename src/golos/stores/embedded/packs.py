"""Packs: files in which many blobs lie one behind the other, each in a frame that tells whether it is whole.

A frame is ``magic(4) || length(8) || SHA-256(32) || bytes``, integers big-endian. An erased frame has another magic, a
digest of zeros and zeros for bytes; its length stays, so that the frames behind it can be found.
"""

import hashlib
import os
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from golos.ports import Missing
from golos.stores.embedded.disk import Disk

_HEADER = struct.Struct(">4sQ32s")
_LIVE, _ERASED = b"GOL1", b"GOL0"
_NOTHING = bytes(32)
_ZEROS = bytes(1 << 20)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a blob's frame starts, in which pack, and how many bytes the blob has."""

    pack: int
    start: int
    length: int

    @property
    def stop(self) -> int:
        """Where the frame ends."""
        return self.start + _HEADER.size + self.length


@dataclass(frozen=True, slots=True)
class Frame:
    """A whole frame found in a pack; ``digest`` is None where it is erased."""

    place: Place
    digest: bytes | None


class Packs:
    """The folder of packs. Reading is free to all; writing belongs to one thread at a time (SqliteBlobs sees to it).

    Everything before ``_end`` of the current pack is durable and stays; what lies behind it was never accepted, and is
    written over or, after a crash, cut off.
    """

    def __init__(self, folder: Path, disk: Disk, limit: int) -> None:
        self._folder = folder
        self._disk = disk
        self._limit = limit
        self._file: int | None = None
        self._number = 0
        self._end = 0

    def read(self, place: Place, digest: bytes) -> bytes:
        """Return the blob at ``place``. Raises Missing unless its bytes have this SHA-256."""
        try:
            with self._path(place.pack).open("rb", buffering=0) as file:
                data = os.pread(file.fileno(), place.length, place.start + _HEADER.size)
        except FileNotFoundError as error:
            raise Missing(digest.hex()) from error
        if hashlib.sha256(data).digest() != digest:
            raise Missing(digest.hex())
        return data

    def holds(self, place: Place, digest: bytes) -> bool:
        """Say whether the frame at ``place`` is that of ``digest``, without reading the blob."""
        try:
            with self._path(place.pack).open("rb", buffering=0) as file:
                header = os.pread(file.fileno(), _HEADER.size, place.start)
                return header == _header(place.length, digest) and os.fstat(file.fileno()).st_size >= place.stop
        except FileNotFoundError:
            return False

    def append(self, blobs: Sequence[tuple[bytes, bytes]]) -> list[Place]:
        """Write (digest, bytes) behind the end and make them durable: one fsync. ``accept`` moves the end.

        Raises OSError; then the next append starts at the same place again.
        """
        if self._file is None or self._end >= self._limit:
            self._begin(self._number + 1)
        assert self._file is not None  # noqa: S101
        places: list[Place] = []
        offset = self._end
        for digest, data in blobs:
            self._disk.write(self._file, (_header(len(data), digest), data), offset)
            places.append(Place(self._number, offset, len(data)))
            offset = places[-1].stop
        self._disk.reached("pack.written")
        self._disk.sync(self._file)
        self._disk.reached("pack.synced")
        return places

    def accept(self, place: Place) -> None:
        """Keep everything up to the end of ``place``: it can be found now."""
        self._end = place.stop

    def drop_tail(self) -> None:
        """Give the space behind the end back after a failed append, as far as the disk lets us."""
        if self._file is not None:
            os.ftruncate(self._file, self._end)

    def erase(self, place: Place) -> None:
        """Overwrite the frame in place, durably, whatever it holds: a crash may have left it half erased."""
        try:
            file = os.open(self._path(place.pack), os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return
        try:
            self._overwrite(file, place)
        finally:
            os.close(file)

    def recover(self, last: Place | None) -> Iterator[Frame]:
        """Yield the frames behind ``last``, the last one that can be found; then cut the torn tail off.

        After a crash these are frames that were written and not yet accepted; beside a restored, older
        database they are what came since.
        """
        numbers = sorted(int(path.stem) for path in self._folder.glob("*.pack"))
        start = last or Place(0, 0, 0)
        for number in (n for n in numbers if n >= start.pack):
            offset = last.stop if last and number == last.pack else 0
            for frame in self._frames(number, offset):
                offset = frame.place.stop
                yield frame
            self._continue(number, offset)
        if last and last.pack > self._number:
            self._begin(last.pack + 1)

    def close(self) -> None:
        """Close the current pack."""
        if self._file is not None:
            os.close(self._file)
            self._file = None

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:06d}.pack"

    def _begin(self, number: int) -> None:
        """Start a new pack whose name is durable before anything in it is."""
        file = os.open(self._path(number), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        self.close()
        self._file, self._number, self._end = file, number, 0
        self._disk.sync_folder(self._folder)
        self._disk.reached("pack.begun")

    def _continue(self, number: int, end: int) -> None:
        """Make ``number`` the current pack and cut it at ``end``."""
        self.close()
        self._file = os.open(self._path(number), os.O_RDWR | os.O_CLOEXEC)
        self._number, self._end = number, end
        if os.fstat(self._file).st_size < end:
            self._begin(number + 1)  # bytes that were durable are gone: somebody cut the pack, leave it as it is
        elif os.fstat(self._file).st_size > end:
            os.ftruncate(self._file, end)
            self._disk.sync(self._file)

    def _frames(self, number: int, offset: int) -> Iterator[Frame]:
        with self._path(number).open("rb", buffering=0) as file:
            while len(header := os.pread(file.fileno(), _HEADER.size, offset)) == _HEADER.size:
                magic, length, digest = _HEADER.unpack(header)
                place = Place(number, offset, length)
                if os.fstat(file.fileno()).st_size < place.stop:
                    return
                live = magic == _LIVE and _hash(file.fileno(), place) == digest
                if not live and magic != _ERASED:
                    return
                yield Frame(place, digest if live else None)
                offset = place.stop

    def _overwrite(self, file: int, place: Place) -> None:
        self._disk.write(file, (_header(place.length, None),), place.start)
        self._disk.reached("pack.erasing")
        for offset in range(0, place.length, len(_ZEROS)):
            zeros = _ZEROS[: place.length - offset]
            self._disk.write(file, (zeros,), place.start + _HEADER.size + offset)
        self._disk.sync(file)


def _header(length: int, digest: bytes | None) -> bytes:
    return _HEADER.pack(_LIVE if digest else _ERASED, length, digest or _NOTHING)


def _hash(file: int, place: Place) -> bytes:
    return hashlib.sha256(os.pread(file, place.length, place.start + _HEADER.size)).digest()
