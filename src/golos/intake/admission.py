"""Admission: an envelope becomes an entry. Checked once, durable when the name comes back, and the same on any road.

Nothing of the envelope is kept: neither its hash nor when or whence it came. What names the fact is the SHA-256 of
the record inside, so the same record in any number of envelopes is admitted once.
"""

import asyncio
from collections.abc import Iterator, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from typing import Protocol as Port

from golos.credential.sealing import Contents, SealingKey, open_envelope
from golos.credential.verification import Verifier
from golos.intake.ballot import check_ballot, check_cohort, expect_nothing_sealed
from golos.intake.incident import check_incident
from golos.intake.protocol import check_protocol
from golos.intake.standing import SentEntry, Standing
from golos.intake.turnout import check_turnout
from golos.model.ballot import Ballot, Withdrawal
from golos.model.entry import Entry, Incident, Protocol, Turnout, decode_entry
from golos.model.pack import Pack
from golos.model.problem import Problem
from golos.model.record import digest
from golos.ports import Row


class GroupJournal(Port):
    """A Journal whose admit can be awaited: many senders share one fsync."""

    def admit_future(self, rows: Sequence[Row]) -> Future[list[bool]]:
        """As Journal.admit; done when the rows are durable."""
        ...


class Admission:
    """Opens, checks and admits envelopes. Lives on the event loop; the checks take about 0.2 ms of it."""

    def __init__(
        self,
        pack: Pack,
        keys: Sequence[SealingKey],
        standing: Standing,
        journal: GroupJournal,
        in_flight_limit: int = 2048,
    ) -> None:
        self._pack = pack
        self._keys = tuple(keys)
        self._standing = standing
        self._journal = journal
        self._verifier = Verifier(pack)
        self._coming: dict[bytes, asyncio.Future[None]] = {}
        self._limit = in_flight_limit
        self._in_flight = 0

    async def admit(self, envelope: bytes) -> bytes:
        """Return the SHA-256 of the record in ``envelope`` once it is durable.

        Raises Problem: ``overload``; those of `golos.credential.sealing.open_envelope` and
        `golos.model.entry.decode_entry`; ``record.not_sent``; those of `golos.credential.verification.Verifier` and of
        the kind's own checks; ``election.cancelled``, ``election.frozen``; ``quota.records``. Raises StoreFull. Then
        nothing was accepted.
        """
        with self._turn():
            contents = open_envelope(envelope, self._keys, self._pack.id)
            name = digest(contents.record)
            if name in self._coming:
                await asyncio.shield(self._coming[name])
                return name
            entry = _sent(decode_entry(contents.record))
            if not self._standing.has(entry.key, name):
                self.check(entry, contents)
                await self._make_durable(entry, name, Row(contents.record, contents.sealed))
            return name

    def check(self, entry: SentEntry, contents: Contents) -> None:
        """Raises Problem for whatever is wrong with an entry that is not in the journal yet."""
        if isinstance(entry, Ballot | Withdrawal):
            check_cohort(entry, self._pack)
        self._verifier.verify(entry, contents.record)
        if not isinstance(entry, Ballot):
            expect_nothing_sealed(contents.sealed)
        match entry:
            case Ballot():
                check_ballot(entry, contents.sealed, self._pack)
            case Protocol():
                check_protocol(entry, self._pack)
            case Turnout():
                check_turnout(entry, self._pack)
            case Incident():
                check_incident(entry, self._pack)
        self._expect_open(entry)

    async def _make_durable(self, entry: SentEntry, name: bytes, row: Row) -> None:
        """Admit the row. A sender who goes away meanwhile changes nothing: the task ends by itself."""
        self._coming[name] = asyncio.ensure_future(self._admit_row(entry, name, row))
        await asyncio.shield(self._coming[name])

    async def _admit_row(self, entry: SentEntry, name: bytes, row: Row) -> None:
        try:
            with self._standing.place(entry, name):
                await asyncio.wrap_future(self._journal.admit_future([row]))
        finally:
            del self._coming[name]

    def _expect_open(self, entry: SentEntry) -> None:
        if self._pack.cancelled:
            raise Problem("election.cancelled", "election", "was cancelled.", "See the election pack for the reason.")
        if self._standing.frozen and isinstance(entry, Ballot | Withdrawal):
            raise Problem(
                "election.frozen",
                "election",
                "takes no more ballots: the stewards have named the cut-off.",
                "What was accepted before counts.",
            )

    @contextmanager
    def _turn(self) -> Iterator[None]:
        if self._in_flight >= self._limit:
            raise Problem("overload", "server", "has more to do than it can take now.", "Send the same again later.")
        self._in_flight += 1
        try:
            yield
        finally:
            self._in_flight -= 1


def _sent(entry: Entry) -> SentEntry:
    if not isinstance(entry, SentEntry):
        raise Problem(
            "record.not_sent",
            "record",
            f"is of the kind {entry.__struct_config__.tag}, which does not come in an envelope.",
            "In envelopes come ballots, withdrawals, protocols, turnouts and incidents.",
        )
    return entry
