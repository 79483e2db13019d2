"""Room: the reading room. It holds the photo key, looks at every photograph first, and shows each to its reader alone.

A photograph is the same as another if the pictures inside are equal byte for byte, however often they were sealed.
Which picture was first is kept in the vault, where it can be erased; the log says only "copy of".
"""

import asyncio
import hashlib
from collections.abc import Sequence

import structlog

from golos.credential.sealing import SealingKey, open_photo
from golos.desk.assignment import Assignment
from golos.desk.binder import Binder
from golos.desk.codes import Codes
from golos.desk.machine import UNSEEN, Again, Machine
from golos.desk.notes import Notes
from golos.desk.pen import Pen
from golos.desk.typed import Typed, digits_of
from golos.model.ballot import Ballot
from golos.model.ed25519 import SigningKey
from golos.model.entry import Binding, Entry, PhotoReceived, Reading, entry_or_none
from golos.model.problem import Problem
from golos.model.record import digest, encode, kind_of
from golos.ports import Blobs, Job, Journal, Lease, Missing, Row, StoreFull, Vault, Work

READ, BIND = "read", "bind"
"""Kinds of jobs: a photograph to be looked at, by its digest; one named by a ballot, by its digest and the key."""
PICTURES = "picture"
"""Space of the vault: SHA-256 of a picture to the digest of the first sealed photograph of it."""
_BATCH = 32
_LEASE = 60.0
_PAUSE = 0.5
_LOG = structlog.get_logger("golos.room")


def jobs(rows: Sequence[Row], *, binding: bool = False) -> list[Job]:
    """Return the work that these rows bring: a photograph received is to be looked at. For the sequencer.

    ``binding``: and one that a ballot names is to be held against that ballot's code.
    """
    kinds = ("photo", "ballot") if binding else ("photo",)
    entries = (entry_or_none(row.record) for row in rows if kind_of(row.record) in kinds)
    return [job for entry in entries if (job := _job(entry))]


def _job(entry: Entry | None) -> Job | None:
    match entry:
        case PhotoReceived():
            return Job(READ, entry.photo.hex())
        case Ballot(photo=bytes(photo)):
            return Job(BIND, photo.hex() + entry.key.hex())
    return None


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
        codes: Codes,
    ) -> None:
        self._election = election
        self._keys = tuple(keys)
        self._pen = Pen(election, signer)
        self._machine = machine
        self._codes = codes
        self._notes = Notes(election, keys, blobs, vault)
        self._typed = Typed(election, keys, vault)
        self._binder = Binder(codes, self._notes, self._typed, self._pen)
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
        kinds = (READ, BIND) if self._codes.binding else (READ,)
        leases = [one for kind in kinds for one in await asyncio.to_thread(self._work.lease, kind, _BATCH, _LEASE)]
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
                said = await asyncio.to_thread(self._done, lease)
            except (Missing, Again) as error:
                _LOG.warning("photograph looked at later", tries=lease.tries, why=type(error).__name__)
                await asyncio.to_thread(self._work.later, lease.job, _LEASE * lease.tries)
                return
        self._tell(said)
        if lease.job.kind == READ:
            self._assignment.ready(bytes.fromhex(lease.job.name))

    async def picture(self, reader: bytes, photo: bytes) -> bytes:
        """Return the picture to the reader it was given to. Raises Problem ``desk.not_assigned``, ``photo.missing``."""
        self._assignment.expect(reader, photo, "request.body")
        try:
            return await asyncio.to_thread(self._open, photo)
        except Missing as error:
            raise Problem("photo.missing", "request.body", "can't be found now.", "Ask again later.") from error

    async def code(self, reader: bytes, photo: bytes, typed: bytes) -> None:
        """Take the digits that a reader saw beside the sheet of the photograph it was given; durable at the return.

        Raises Problem ``code.unasked``, ``code.digits``, ``code.already``, ``desk.not_assigned``, ``photo.missing``.
        """
        if not self._codes.binding:
            told = "is about a code, and this election asks for none."
            raise Problem("code.unasked", "request.body", told, "Send the verdict alone.")
        digits = digits_of(typed)
        self._assignment.expect(reader, photo, "request.body")
        self._tell(await asyncio.to_thread(self._seen_by, reader, photo, digits))

    def _tell(self, said: Sequence[Reading | Binding]) -> None:
        for entry in said:
            self._assignment.apply(entry, digest(encode(entry)), None)

    def _done(self, lease: Lease) -> Sequence[Reading | Binding]:
        """Return what the log is told, once that is durable. Raises Missing, Again."""
        name = bytes.fromhex(lease.job.name)
        said = self._looked_at(name, lease.tries) if lease.job.kind == READ else self._named(name[:32], name[32:])
        self._enter(said)
        self._work.done(lease.job)
        return said

    def _seen_by(self, reader: bytes, photo: bytes, digits: str) -> Sequence[Reading | Binding]:
        """Keep what a reader typed; where a second one typed the same, match all photographs of this picture.

        A crash before the return leaves the digits kept and nothing matched: the reader, who got no answer, sends them
        again.
        """
        first = self._first(photo)
        if first is None:
            raise Problem("photo.missing", "request.body", "can't be found now.", "Ask again later.")
        self._typed.keep(first, reader, digits)
        if digits not in self._typed.agreed(first):
            return []
        same = [other for other in self._codes.naming(digits) if self._first(other) == first]
        said = [entry for other in same for entry in self._binder.said(self._machine, other, first)]
        self._enter(said)
        return said

    def _enter(self, said: Sequence[Reading | Binding]) -> None:
        if said:
            self._journal.admit([Row(encode(entry)) for entry in said])

    def _looked_at(self, photo: bytes, tries: int) -> Sequence[Reading | Binding]:
        try:
            picture = self._open(photo)
        except Problem:
            return [self._pen.reading(photo, "unreadable")]
        first = self._vault.put(PICTURES, hashlib.sha256(picture).digest(), photo)
        read = self._read(photo, picture, tries) if first == photo else []
        bound = self._binder.said(self._machine, photo, first)
        return [*read, *bound] if bound or first == photo else [self._pen.reading(photo, "copy", copy_of=first)]

    def _named(self, photo: bytes, sender: bytes) -> Sequence[Reading | Binding]:
        """Match a photograph that a ballot names, if it has been looked at: else that will match it."""
        if sender not in self._codes.of(photo):
            raise Again
        first = self._first(photo)
        return self._binder.said(self._machine, photo, first) if first else []

    def _first(self, photo: bytes) -> bytes | None:
        """Return the first photograph of the same picture; None if this one is not here yet, or shows nothing."""
        try:
            return self._vault.get(PICTURES, hashlib.sha256(self._open(photo)).digest())
        except (Missing, Problem):
            return None

    def _read(self, photo: bytes, picture: bytes, tries: int) -> Sequence[Reading]:
        """Have the machine read it. Where nothing can be looked at safely on this computer, people alone read."""
        if self._machine is None:
            return []
        try:
            seen = self._machine.see(picture, tries)
        except Problem as problem:
            _LOG.error("photograph not read by the machine", why=str(problem))
            self._notes.keep(photo, UNSEEN)
            return []
        self._notes.keep(photo, seen.notes)
        return [self._pen.reading(photo, seen.status, seen.choices)] if seen.status else []

    def _open(self, photo: bytes) -> bytes:
        return open_photo(self._blobs.get(photo), self._keys, self._election)
