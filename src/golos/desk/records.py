"""Records: what staff and stewards sign becomes an entry, once it is checked that they may."""

import asyncio

from golos.credential.verification import Verifier
from golos.desk.assignment import Assignment
from golos.desk.roll import Roll
from golos.ledger.follower import Follower
from golos.ledger.tree import Tree
from golos.model.ballot import INVALID, Choices
from golos.model.entry import (
    Binding,
    Entry,
    Freeze,
    Key,
    Official,
    Opening,
    Reading,
    Retraction,
    Table,
    Verdict,
    decode_entry,
)
from golos.model.pack import Pack
from golos.model.problem import Problem
from golos.model.record import digest
from golos.ports import Blobs, Journal, Missing, Row

StaffEntry = Verdict | Reading | Binding | Key | Table | Official | Retraction | Freeze | Opening


class Records:
    """Lives on the event loop. What is accepted is durable when its name comes back; the same again changes nothing."""

    def __init__(
        self,
        pack: Pack,
        roll: Roll,
        assignment: Assignment,
        journal: Journal,
        follower: Follower,
        tree: Tree,
        blobs: Blobs,
    ) -> None:
        self._pack = pack
        self._roll = roll
        self._assignment = assignment
        self._journal = journal
        self._follower = follower
        self._tree = tree
        self._blobs = blobs
        self._verifier = Verifier(pack)

    async def accept(self, record: bytes) -> bytes:
        """Return the SHA-256 of the record once it is durable.

        Raises Problem: those of `golos.model.entry.decode_entry` and `golos.credential.verification.Verifier`;
        ``record.not_staff``, ``role.missing``, ``role.waiting``, ``role.repeated``, ``desk.not_assigned``,
        ``verdict.already``, ``verdict.choices``, ``freeze.checkpoint``, ``blob.missing``.
        Raises StoreFull. Then nothing was accepted.
        """
        entry, name = _of_staff(decode_entry(record)), digest(record)
        self._verifier.verify(entry, record)
        self._check(entry, name)
        if _named(entry)[1] is not None:
            await asyncio.to_thread(self._expect_blob, entry)
        await asyncio.to_thread(self._journal.admit, [Row(record)])
        self._follower.admitted(entry, name)
        return name

    async def keep(self, clerk: bytes, blob: bytes) -> bytes:
        """Return the SHA-256 of the rows of a table, or of opened ballots, once they are durable.

        Raises Problem ``role.missing`` unless the key is a clerk's; StoreFull.
        """
        self._roll.expect(clerk, "clerk", "request.key")
        return (await asyncio.to_thread(self._blobs.put, [blob]))[0]

    def _check(self, entry: StaffEntry, name: bytes) -> None:
        match entry:
            case Key():
                self._roll.expect_effect(entry, name)
            case Verdict():
                self._roll.expect(entry.key, "reader", "verdict.key")
                self._expect_known(entry.choices, "verdict.choices")
                self._expect_first(entry)
            case Reading():
                self._roll.expect(entry.key, "machine", "reading.key")
                self._expect_known(entry.choices, "reading.choices")
            case Binding():
                self._roll.expect(entry.key, "machine", "binding.key")
            case Freeze():
                self._expect_checkpoint(entry)
            case Table() | Official():
                self._roll.expect(entry.key, "clerk", f"{entry.__struct_config__.tag}.key")

    def _expect_first(self, verdict: Verdict) -> None:
        """A reader says once what was assigned shows; the same record again is welcome."""
        heard = self._assignment.heard(verdict.key, verdict.photo)
        if heard is None:
            self._assignment.expect(verdict.key, verdict.photo, "verdict.photo")
        elif heard != verdict:
            raise Problem(
                "verdict.already",
                "verdict.photo",
                "has a verdict of this reader already.",
                "Ask /desk/next for another photograph.",
            )

    def _expect_checkpoint(self, freeze: Freeze) -> None:
        """The cut-off is a tree that this log has had. Raises Problem ``freeze.checkpoint``."""
        if freeze.size > self._follower.position or self._tree.root(freeze.size) != freeze.root:
            raise Problem(
                "freeze.checkpoint",
                "freeze.root",
                "is not the root of this log at that size.",
                "Take size and root from a checkpoint of this log.",
            )

    def _expect_blob(self, entry: StaffEntry) -> None:
        """What a record names and the count reads must be here before it. Raises Problem ``blob.missing``."""
        field, digest_of = _named(entry)
        if digest_of is None:
            return
        try:
            self._blobs.get(digest_of)
        except Missing as error:
            raise Problem(
                "blob.missing",
                field,
                "names bytes that are not stored here.",
                "Send them to /desk/blobs first, then the record.",
            ) from error

    def _expect_known(self, choices: Choices, field: str) -> None:
        """Raises Problem ``verdict.choices`` for what the ballot paper does not offer. Too many marks are a fact."""
        for position, (contest, marks) in enumerate(choices):
            known = {option.id for c in self._pack.contests if c.id == contest for option in c.options} | {INVALID}
            if contest not in self._pack.contest_ids or not known.issuperset(marks):
                raise Problem(
                    "verdict.choices",
                    f"{field}[{position}]",
                    "names a contest or option that is not on the ballot paper.",
                    "Use the ids of election.toml and options.csv in the election pack.",
                )


def _named(entry: StaffEntry) -> tuple[str, bytes | None]:
    match entry:
        case Table():
            return "table.rows", entry.rows
        case Opening():
            return "opening.openings", entry.openings
    return "", None


def _of_staff(entry: Entry) -> StaffEntry:
    if not isinstance(entry, StaffEntry):
        raise Problem(
            "record.not_staff",
            "record",
            f"is of the kind {entry.__struct_config__.tag}, which the desk does not take.",
            "Ballots, withdrawals and observers' records come in envelopes.",
        )
    return entry
