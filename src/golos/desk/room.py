"""Room: the reading room. It holds the photo key, looks at every photograph first, and shows each to its reader alone.

A photograph is the same as another if the pictures inside are equal byte for byte, however often they were sealed.
Which picture was first is kept in the vault, where it can be erased; the log says only "copy of".
"""

import asyncio
import hashlib
import hmac
from collections.abc import Sequence

import structlog

from golos.credential.sealing import SealingKey, open_photo
from golos.desk.assignment import Assignment
from golos.model.ed25519 import SigningKey
from golos.model.entry import PhotoReceived, Reading, Status, entry_or_none
from golos.model.problem import Problem
from golos.model.record import digest, encode, kind_of, signed
from golos.ports import Blobs, Job, Journal, Lease, Missing, Row, StoreFull, Vault, Work

KIND = "read"
PICTURES = "picture"
"""Space of the vault: SHA-256 of a picture to the digest of the first sealed photograph of it."""
_BATCH = 32
_LEASE = 60.0
_PAUSE = 0.5
_LOG = structlog.get_logger("golos.room")


def jobs(rows: Sequence[Row]) -> list[Job]:
    """Return the work that these rows bring: a photograph received is to be looked at. For the sequencer."""
    entries = (entry_or_none(row.record) for row in rows if kind_of(row.record) == "photo")
    return [Job(KIND, entry.photo.hex()) for entry in entries if isinstance(entry, PhotoReceived)]


class Room:
    """Everything that touches a picture. Opening one runs in another thread; the views are told on the event loop."""

    def __init__(
        self,
        election: bytes,
        keys: Sequence[SealingKey],
        machine: SigningKey,
        blobs: Blobs,
        vault: Vault,
        work: Work,
        journal: Journal,
        assignment: Assignment,
    ) -> None:
        self._election = election
        self._keys = tuple(keys)
        self._machine = machine
        self._blobs = blobs
        self._vault = vault
        self._work = work
        self._journal = journal
        self._assignment = assignment

    async def start(self) -> None:
        """Take up the photographs looked at before a restart."""
        for _, photo in await asyncio.to_thread(self._vault.find, PICTURES):
            self._assignment.ready(photo)

    async def run(self) -> None:
        """Look at new photographs until cancelled; what fails is tried again later."""
        while True:
            try:
                idle = not await self.look()
            except StoreFull:
                idle = True
            if idle:
                await asyncio.sleep(_PAUSE)

    async def look(self) -> int:
        """Look at the next photographs; return how many there were. Safe to repeat after a crash at any point."""
        leases = await asyncio.to_thread(self._work.lease, KIND, _BATCH, _LEASE)
        for lease in leases:
            reading = await asyncio.to_thread(self._look_at, lease)
            if isinstance(reading, Reading):
                self._assignment.apply(reading, digest(encode(reading)), None)
            elif reading is not None:
                self._assignment.ready(reading)
        return len(leases)

    async def picture(self, reader: bytes, photo: bytes) -> bytes:
        """Return the picture to the reader it was given to. Raises Problem ``desk.not_assigned``, ``photo.missing``."""
        self._assignment.expect(reader, photo, "request.body")
        try:
            return await asyncio.to_thread(self._open, photo)
        except Missing as error:
            raise Problem("photo.missing", "request.body", "can't be found now.", "Ask again later.") from error

    def _look_at(self, lease: Lease) -> Reading | bytes | None:
        """Return the reading of a photograph that nobody need see, or the digest of one to be read; None: not here."""
        photo = bytes.fromhex(lease.job.name)
        try:
            first = self._first_of(photo)
        except Missing:
            _LOG.warning("photograph missing", tries=lease.tries)
            self._work.later(lease.job, _LEASE * lease.tries)
            return None
        except Problem:
            first = None
        reading = None if first == photo else self._reading(photo, first)
        if reading is not None:
            self._journal.admit([Row(encode(reading))])
        self._work.done(lease.job)
        return reading or photo

    def _first_of(self, photo: bytes) -> bytes:
        """Return the first photograph with the same picture: this one, if the picture is new."""
        picture = hashlib.sha256(self._open(photo)).digest()
        return self._vault.put(PICTURES, picture, photo)

    def _open(self, photo: bytes) -> bytes:
        return open_photo(self._blobs.get(photo), self._keys, self._election)

    def _reading(self, photo: bytes, first: bytes | None) -> Reading:
        """A copy of ``first``, or what can't be opened. The same photograph gives the same record, for retries."""
        status: Status = "unreadable" if first is None else "copy"
        salt = hmac.digest(self._machine.seed, b"golos/reading/v1\n" + photo, "sha256")[:16]
        draft = Reading(1, self._election, photo, self._machine.public, status, (), first, salt, bytes(64))
        return signed(draft, self._machine.sign)
