"""Photo: a sealed photograph comes in pieces, is checked against its digest, stored, and entered into the log.

The entry is a function of the photograph, so the same one again, on any road, is the same record: it counts once.
"""

import asyncio
import shutil
from collections import OrderedDict
from collections.abc import Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Protocol as Port

from golos.credential.sealing import key_id, photo_size_fits
from golos.intake.admission import GroupJournal
from golos.intake.uploads import Limits, Upload, Uploads, new_name
from golos.model.ballot import Ballot
from golos.model.ed25519 import SigningKey
from golos.model.entry import Entry, PhotoReceived, Protocol
from golos.model.pack import Pack
from golos.model.problem import Problem
from golos.model.record import digest as sha256
from golos.model.record import encode, signed
from golos.ports import Row, StoreFull

_SEALED_VERSION = b"\x01"
_FINISHED_KEPT = 100_000
RESERVE = 1_000_000_000
"""Bytes of the disk that photographs which nobody names leave free."""
_MIXED = "Begin the upload again; if it fails again, seal the photograph anew and sign a ballot that names it."


class GroupBlobs(Port):
    """Blobs whose put can be awaited: many photographs share one fsync."""

    def put_future(self, blobs: Sequence[bytes]) -> Future[list[bytes]]:
        """As Blobs.put; done when the blobs are durable."""
        ...


class Named:
    """A view of the log: which photographs ballots and protocols name, and how many bytes of others are stored.

    Photographs that nobody names share a limited space, so that whoever floods us can't fill the disk, and can't keep
    out those whose ballot is here either.
    """

    def __init__(self, unnamed_limit: int = 20_000_000_000) -> None:
        self._limit = unnamed_limit
        self._names: set[bytes] = set()
        self._unnamed: dict[bytes, int] = {}
        self._size = 0

    def apply(self, entry: Entry, name: bytes, index: int | None) -> None:
        """Take in an entry; the same one again changes nothing."""
        if isinstance(entry, Ballot | Protocol) and entry.photo is not None:
            self._names.add(entry.photo)
            self._size -= self._unnamed.pop(entry.photo, 0)
        elif isinstance(entry, PhotoReceived) and entry.photo not in self._names and entry.photo not in self._unnamed:
            self._unnamed[entry.photo] = entry.size
            self._size += entry.size

    def has(self, digest: bytes) -> bool:
        """Return whether a ballot or protocol names the photograph."""
        return digest in self._names

    def expect_room(self, digest: bytes, length: int, free: int) -> None:
        """Raises Problem ``overload.photos`` for a photograph that nobody names while too many such are stored.

        The last ``RESERVE`` of the ``free`` bytes of the disk are for ballots and for photographs that they name.
        """
        scarce = self._size + length > self._limit or free - length < RESERVE
        if scarce and digest not in self._names and digest not in self._unnamed:
            raise Problem(
                "overload.photos",
                "upload.metadata.sha256",
                "names a photograph that no ballot here names, and there are too many of those.",
                "Send the ballot first, then the photograph.",
            )


class PhotoIntake:
    """Takes photographs, whole or in pieces. Lives on the event loop."""

    def __init__(
        self,
        pack: Pack,
        receiver: SigningKey,
        blobs: GroupBlobs,
        journal: GroupJournal,
        folder: Path,
        named: Named | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._pack = pack
        self._receiver = receiver
        self._blobs = blobs
        self._journal = journal
        self._named = named or Named()
        self._folder = folder
        self._uploads = Uploads(folder, limits or Limits(), is_named=self._named.has)
        self._finishing: dict[str, asyncio.Task[None]] = {}
        self._finished: OrderedDict[str, int] = OrderedDict()

    @property
    def limit(self) -> int:
        """Bytes that a sealed photograph may have."""
        return self._pack.policy.photo_limit

    @property
    def expiry(self) -> float:
        """Seconds after which an upload that stands still is dropped."""
        return self._uploads.expiry

    async def begin(self, length: int, digest: bytes, data: bytes = b"") -> tuple[str, int]:
        """Begin an upload with its first bytes, perhaps all; return its name and how many bytes have come.

        Raises Problem ``photo.size``, ``photo.too_large``, ``photo.mismatch``, ``photo.not_sealed``, ``overload``,
        ``overload.photos``, ``election.cancelled``; StoreFull.
        """
        self._check(length, digest)
        if len(data) > length:
            raise _too_much()
        if len(data) == length:
            name = new_name()
            await asyncio.shield(self._store(name, digest, data))
            return name, length
        upload = self._begin(length, digest)
        return upload.name, await self.append(upload.name, 0, data)

    async def append(self, name: str, offset: int, data: bytes) -> int:
        """Add ``data`` at ``offset``; return how many bytes are here now. Those of a whole photograph are durable.

        Raises Problem ``upload.missing``, ``upload.offset``, and as `begin`.
        """
        if self._finished.get(name) == offset and not data:
            return offset
        upload = self._get(name)
        if offset != upload.offset:
            raise Problem(
                "upload.offset",
                "Upload-Offset",
                f"is not {upload.offset}.",
                "Ask by HEAD what has come, and go on there.",
            )
        if offset + len(data) > upload.length:
            raise _too_much()
        try:
            self._uploads.append(upload, data)
        except OSError as error:
            raise StoreFull("an upload's file can't be written") from error
        return await self.offset(name)

    async def offset(self, name: str) -> int:
        """Return how many bytes have come; all of them only when the photograph is durable and admitted."""
        if name in self._finished:
            return self._finished[name]
        upload = self._get(name)
        if upload.offset == upload.length:
            await self._finish(upload)
        return upload.offset

    def length(self, name: str) -> int:
        """Return how many bytes the upload will have. Raises Problem ``upload.missing``."""
        return self._finished[name] if name in self._finished else self._get(name).length

    def drop(self, name: str) -> None:
        """Forget an unfinished upload. Raises Problem ``upload.missing``."""
        self._uploads.drop(self._get(name))

    def _check(self, length: int, digest: bytes) -> None:
        if self._pack.cancelled:
            raise Problem("election.cancelled", "election", "was cancelled.", "See the election pack for the reason.")
        if length > self.limit:
            raise Problem(
                "photo.too_large", "Upload-Length", f"is more than {self.limit} bytes.", "Send a smaller picture."
            )
        if not photo_size_fits(length):
            raise Problem(
                "photo.size",
                "Upload-Length",
                "is not that of a sealed photograph.",
                "Seal it as docs/formats.md says: padded to a multiple of 8,192 bytes.",
            )
        self._named.expect_room(digest, length, shutil.disk_usage(self._folder).free)

    def _begin(self, length: int, digest: bytes) -> Upload:
        try:
            return self._uploads.begin(length, digest)
        except OSError as error:
            raise StoreFull("an upload's file can't be written") from error

    def _get(self, name: str) -> Upload:
        upload = self._uploads.get(name)
        if upload is None:
            raise Problem("upload.missing", "path", "names no upload that is here.", "Begin the upload again.")
        return upload

    async def _finish(self, upload: Upload) -> None:
        """Store a whole upload. Two requests do it once; a sender who goes away meanwhile changes nothing."""
        task = self._finishing.get(upload.name)
        if task is None:
            task = self._finishing[upload.name] = asyncio.create_task(self._store_upload(upload))
        await asyncio.shield(task)

    async def _store_upload(self, upload: Upload) -> None:
        """Store, then drop the upload; it stays only where the store can't write now."""
        try:
            await self._store(upload.name, upload.digest, self._uploads.read(upload))
            self._uploads.drop(upload)
        except Problem:
            self._uploads.drop(upload)
            raise
        finally:
            del self._finishing[upload.name]

    async def _store(self, name: str, digest: bytes, data: bytes) -> None:
        """First the photograph is durable, then the entry that says so: after a crash between them it is sent again."""
        self._check_whole(data, digest)
        await asyncio.wrap_future(self._blobs.put_future([data]))
        entry = signed(PhotoReceived(1, self._pack.id, digest, len(data), bytes(64)), self._receiver.sign)
        record = encode(entry)
        await asyncio.wrap_future(self._journal.admit_future([Row(record)]))
        self._named.apply(entry, sha256(record), None)
        self._finished[name] = len(data)
        if len(self._finished) > _FINISHED_KEPT:
            self._finished.popitem(last=False)

    def _check_whole(self, data: bytes, digest: bytes) -> None:
        if sha256(data) != digest:
            raise Problem("photo.mismatch", "upload.metadata.sha256", "is not the digest of what was sent.", _MIXED)
        keys = self._pack.keys
        if keys is not None and data[:9] != _SEALED_VERSION + key_id(keys.room):
            raise Problem(
                "photo.not_sealed",
                "body",
                "is not sealed to this election's reading room.",
                "Seal the photograph to the pack's room key, then send it again.",
            )


def _too_much() -> Problem:
    return Problem("upload.too_much", "body", "has more bytes than Upload-Length says.", "Begin the upload again.")
