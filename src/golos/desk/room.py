"""Room: the reading room. It holds the photo key, looks at every photograph first, and shows each to its reader alone.

A photograph is the same as another if the pictures inside are equal byte for byte, however often they were sealed.
Which picture was first is kept in the vault, where it can be erased; the log says only "copy of". What the machine
noted besides its reading is sealed to the photo key, and is nothing any more when that key is destroyed.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Sequence

import structlog

from golos.credential.sealing import SealingKey, open_photo, seal_photo
from golos.desk.assignment import Assignment
from golos.desk.machine import Again, Machine
from golos.model.ballot import Choices
from golos.model.ed25519 import SigningKey
from golos.model.entry import PhotoReceived, Reading, Status, entry_or_none
from golos.model.problem import Problem
from golos.model.record import digest, encode, kind_of, signed
from golos.ports import Blobs, Job, Journal, Lease, Missing, Row, StoreFull, Vault, Work

KIND = "read"
PICTURES = "picture"
"""Space of the vault: SHA-256 of a picture to the digest of the first sealed photograph of it."""
NOTES = "notes"
"""Space of the vault: digest of a sealed photograph to the digest of what the machine noted of it, sealed too."""
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
        signer: SigningKey,
        machine: Machine | None,
        blobs: Blobs,
        vault: Vault,
        work: Work,
        journal: Journal,
        assignment: Assignment,
    ) -> None:
        self._election = election
        self._keys = tuple(keys)
        self._signer = signer
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
        turns = asyncio.Semaphore(self._machine.workers if self._machine else 1)
        done = await asyncio.gather(*(self._take(lease, turns) for lease in leases), return_exceptions=True)
        failed = next((error for error in done if error is not None), None)
        if failed is not None:
            raise failed
        return len(leases)

    async def _take(self, lease: Lease, turns: asyncio.Semaphore) -> None:
        """Look at one photograph, as many at once as the machine has workers, and tell the desk."""
        async with turns:
            try:
                reading = await asyncio.to_thread(self._look_at, lease)
            except (Missing, Again) as error:
                _LOG.warning("photograph looked at later", tries=lease.tries, why=type(error).__name__)
                await asyncio.to_thread(self._work.later, lease.job, _LEASE * lease.tries)
                return
        if reading is not None:
            self._assignment.apply(reading, digest(encode(reading)), None)
        self._assignment.ready(bytes.fromhex(lease.job.name))

    async def picture(self, reader: bytes, photo: bytes) -> bytes:
        """Return the picture to the reader it was given to. Raises Problem ``desk.not_assigned``, ``photo.missing``."""
        self._assignment.expect(reader, photo, "request.body")
        try:
            return await asyncio.to_thread(self._open, photo)
        except Missing as error:
            raise Problem("photo.missing", "request.body", "can't be found now.", "Ask again later.") from error

    def _look_at(self, lease: Lease) -> Reading | None:
        """Return what the log is told about it, once that is durable; None: nothing. Raises Missing, Again."""
        photo = bytes.fromhex(lease.job.name)
        reading = self._reading_of(photo, lease.tries)
        if reading is not None:
            self._journal.admit([Row(encode(reading))])
        self._work.done(lease.job)
        return reading

    def _reading_of(self, photo: bytes, tries: int) -> Reading | None:
        try:
            picture = self._open(photo)
        except Problem:
            return self._reading(photo, "unreadable")
        first = self._vault.put(PICTURES, hashlib.sha256(picture).digest(), photo)
        if first != photo:
            return self._reading(photo, "copy", copy_of=first)
        return self._read(self._machine, photo, picture, tries) if self._machine else None

    def _read(self, machine: Machine, photo: bytes, picture: bytes, tries: int) -> Reading | None:
        """Have the machine read it. Where nothing can be looked at safely on this computer, people alone read."""
        try:
            seen = machine.see(photo, picture, tries)
        except Problem as problem:
            _LOG.error("photograph not read by the machine", why=str(problem))
            return None
        notes = seal_photo(seen.notes, self._keys[0].public, self._election)
        self._vault.put(NOTES, photo, self._blobs.put([notes])[0])
        return self._reading(photo, seen.status, seen.choices) if seen.status else None

    def _open(self, photo: bytes) -> bytes:
        return open_photo(self._blobs.get(photo), self._keys, self._election)

    def _reading(self, photo: bytes, status: Status, choices: Choices = (), *, copy_of: bytes | None = None) -> Reading:
        """Sign what was seen. The same photograph gives the same record, for retries."""
        salt = hmac.digest(self._signer.seed, b"golos/reading/v1\n" + photo, "sha256")[:16]
        draft = Reading(1, self._election, photo, self._signer.public, status, choices, copy_of, salt, bytes(64))
        return signed(draft, self._signer.sign)
