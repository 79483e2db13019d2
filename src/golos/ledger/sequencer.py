"""Sequencer: the one writer of the log. It turns what is admitted into what is published.

Life of a batch: read what waits, sort by hash, append to the tree, sign; remember it in the guard; commit it to
the journal (compare-and-swap on the head); ask the witnesses; with their quorum the checkpoint is final.
A step that fails, or a crash after any of them, leaves the batch in the guard, and the next call (after a crash: the
constructor) carries that same batch on through the same code. So the log never signs two trees of one size.
"""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

from golos.ledger.checkpoint import Checkpoint, open_checkpoint
from golos.ledger.guard import Guard, Memory
from golos.ledger.merkle import EMPTY_ROOT
from golos.ledger.note import Signature, Signer, Verifier
from golos.ledger.policy import Policy
from golos.ledger.proof import Receipt
from golos.ledger.tree import Tree
from golos.ledger.witness import Ahead, Cosigner, Keeper, Unknown
from golos.model.problem import Problem
from golos.model.record import digest
from golos.ports import Head, HeadMoved, Job, Journal, Missing, Positions, Row, Waiting

Jobs = Callable[[Sequence[Row]], Sequence[Job]]
"""The work that a batch of rows gives birth to, in leaf order: a pure function, called again after a crash."""
LIMIT = 1 << 13
"""Entries of one commit at most: while it is written, admissions wait. A checkpoint takes as many as it needs."""
_ALL = 2**31 - 1
_CHUNK = 4096
_LOST = "guard.lost"
_START_AGAIN = "Nothing accepted is lost. See docs/operations.md, Backup and restore."


@dataclass(frozen=True, slots=True)
class _Batch:
    """Signed, and not yet in the journal."""

    hashes: Sequence[bytes]
    jobs: Sequence[Job]
    head: Head


class Sequencer:
    """A Sequencer that exists may sign: its constructor made sure that nobody knows more of the log than its journal.

    ``signed`` is the journal's head. ``final`` is the newest head with its quorum of witnesses, the one to publish;
    it trails ``signed`` while witnesses are out of reach. ``tree`` may be read by any thread up to those sizes.
    """

    def __init__(
        self,
        journal: Journal,
        signer: Signer,
        leaf_zero: bytes,
        guard: Path,
        *,
        policy: Policy | None = None,
        witnesses: Sequence[Cosigner] = (),
        mirrors: Sequence[Keeper] = (),
        jobs: Jobs = lambda rows: (),
        batch: int = 256,
        recover: bool = False,
    ) -> None:
        """Load the log; ``leaf_zero`` is the pack's record, and the log begins with it. ``signer.name`` is the origin.

        ``recover`` is an operator's word that nothing was published which this journal lacks. It stands in for a guard
        that is lost, for witnesses that don't answer, and, where one of them vouches for this journal's head, for a
        guard that knows another. It never overrules a witness or mirror.

        Raises Problem ``log.refused`` where signing could fork the log, ``log.damaged`` for a journal that
        contradicts its own head, ``guard.taken``; StoreFull.
        """
        self._journal, self._signer, self._jobs, self._batch = journal, signer, jobs, batch
        self._policy = policy or Policy.of(signer.verifier.vkey())
        self._witnesses, self._mirrors = witnesses, mirrors
        self._turn = threading.Lock()
        self._staged: _Batch | None = None
        self._refusal: Problem | None = None
        self._cosignatures: list[Signature] = []
        self.tree = Tree()
        self._indexes: dict[bytes, int] = {}
        self.signed = journal.head()
        self.final = Head(0, EMPTY_ROOT, b"")
        self._guard = Guard(guard)
        try:
            self._load(leaf_zero)
            doubt = self._heed_guard()
            if doubt and not (recover and self.signed.size):
                raise _refused(doubt.field, doubt.problem)
            if not self.signed.size:
                self._begin(leaf_zero)
            self._heed_others(doubt, recover)
            self._finish()
        except BaseException:
            self._guard.close()
            raise

    def publish(self, force: bool = False) -> Head | None:
        """Carry the log one checkpoint further; return the new final head, None if there is none.

        Without ``force`` nothing is signed until ``batch`` entries wait, and witnesses are asked once for each
        checkpoint. It takes in all that waits.
        Raises StoreFull (call again later) and Problem ``log.refused``, after which this sequencer signs no more.
        """
        with self._turn:
            if self._refusal:
                raise self._refusal
            before = self.final
            if moved := self._staged is not None:
                self._commit(self._staged)
            else:
                moved = self._drain(force)
            if self.final != self.signed and (moved or force):
                self._ask_witnesses()
                self._finish()
            return self.final if self.final != before else None

    def index(self, record_hash: bytes) -> int | None:
        """Return the index of the record, None if it is not in the log (yet)."""
        return self._indexes.get(record_hash)

    def receipt(self, record_hash: bytes) -> bytes | None:
        """Return the receipt under the final checkpoint, None until the record is under it."""
        index, final = self._indexes.get(record_hash), self.final
        if index is None or index >= final.size:
            return None
        return Receipt(index, tuple(self.tree.inclusion(index, final.size)), final.checkpoint).encode()

    def close(self) -> None:
        """Let another sequencer have the log."""
        with self._turn:
            self._refusal = self._refusal or _refused("sequencer", "is closed.")
            self._guard.close()

    # The life of a batch

    def _drain(self, force: bool) -> bool:
        """Commit what waits, LIMIT entries at a time; return whether there was any.

        Each commit takes hashes above those of the one before, and what comes below them meanwhile waits for the next
        checkpoint: so the leaves of this one ascend as if there had been one commit, and their order says nothing.
        """
        last, full = b"", True
        while full:
            if not _same(self._journal.head(), self.signed):
                raise self._stop(_refused("journal", "was moved on by another sequencer."))
            waiting = {digest(row.record): row for row in self._journal.read(Waiting(LIMIT))}
            full = len(waiting) == LIMIT
            rows = {name: row for name, row in waiting.items() if name > last}
            if not rows or not (force or last or len(rows) >= self._batch):
                break
            last = max(rows)
            self._commit(self._stage(rows))
        return bool(last)

    def _stage(self, rows: Mapping[bytes, Row]) -> _Batch:
        """Sign the tree that these rows, sorted by hash, lead to. From here on this batch and no other is next."""
        hashes = sorted(rows)
        jobs = self._jobs([rows[record_hash] for record_hash in hashes])
        self.tree.append(hashes)
        checkpoint = Checkpoint(self._signer.name, self.tree.size, self.tree.root())
        head = Head(checkpoint.size, checkpoint.root, checkpoint.sign(self._signer))
        self._staged = _Batch(hashes, jobs, head)
        return self._staged

    def _commit(self, batch: _Batch) -> None:
        """Remember the batch in the guard, then commit it. May be called again for the same batch."""
        self._guard.save(self._memory(batch.head, batch.hashes))
        self._swap(batch.hashes, batch.jobs, batch.head)
        self._indexes.update(
            zip(batch.hashes, range(batch.head.size - len(batch.hashes), batch.head.size), strict=True)
        )
        self._staged = None
        self._cosignatures = []

    def _swap(self, hashes: Sequence[bytes], jobs: Sequence[Job], head: Head) -> None:
        """Move the journal's head, unless an earlier call has done so before it failed."""
        try:
            self._journal.commit(hashes, jobs, self.signed, head)
        except (HeadMoved, Missing) as error:
            head, wanted = self._journal.head(), head
            if not _same(head, wanted):
                raise self._stop(_refused("journal", "was moved on by another sequencer.")) from error
        self.signed = head

    def _finish(self) -> None:
        """Make the signed head final if the witnesses' quorum stands, and keep their cosignatures."""
        if self.final == self.signed or not self._policy.satisfied(self._cosigners()):
            return
        lines = "".join(signature.line() for signature in self._cosignatures).encode()
        if lines:
            head = replace(self.signed, checkpoint=self.signed.checkpoint + lines)
            self._guard.save(self._memory(head, (), head.checkpoint))
            self._swap((), (), head)
            self._cosignatures = []
        self.final = self.signed

    def _memory(self, head: Head, batch: Sequence[bytes], final: bytes | None = None) -> Memory:
        return Memory(head.size, head.root, head.checkpoint, batch, self.final.checkpoint if final is None else final)

    # The witnesses and mirrors

    def _ask_witnesses(self) -> list[Problem]:
        """Collect cosignatures of the signed head; return why the others gave none. Raises Problem ``log.refused``."""
        if not self._witnesses:
            return []
        with ThreadPoolExecutor(len(self._witnesses)) as pool:
            answers = list(pool.map(self._ask, self._witnesses))
        self._cosignatures = [answer for answer in answers if isinstance(answer, Signature)]
        problems = [answer for answer in answers if isinstance(answer, Problem)]
        for problem in problems:
            if isinstance(problem, Ahead):
                raise self._stop(_refused(problem.field, problem.problem))
        return problems

    def _ask(self, witness: Cosigner) -> Signature | Problem:
        size = self.signed.size
        try:
            return witness.cosign(self.signed.checkpoint, size, lambda old: self.tree.consistency(old, size))
        except Problem as problem:
            return problem

    def _cosigners(self) -> dict[Verifier, Signature]:
        return {w.verifier: s for w in self._witnesses for s in self._cosignatures if w.verifier.matches(s)}

    def _heed_others(self, doubt: Problem | None, recover: bool) -> None:
        """Ask all witnesses and mirrors what they know. ``doubt`` is what the guard has against this journal."""
        strangers = [problem for problem in self._ask_witnesses() if isinstance(problem, Unknown)]
        sizes = [size for size in map(self._mirrored, self._mirrors) if size is not None]
        if not (strangers or self._cosignatures or sizes or recover) and (self._witnesses or self._mirrors):
            raise _refused("witnesses and mirrors", "were asked, and none answers.")
        if doubt:
            if doubt.code != _LOST and not self._cosignatures and self.signed.size not in sizes:
                raise _refused(doubt.field, doubt.problem)
            self._guard.save(self._memory(self.signed, ()))

    def _mirrored(self, mirror: Keeper) -> int | None:
        """Return the size the mirror has, None if it doesn't answer. Raises Problem ``log.refused`` for another log."""
        try:
            note = mirror.latest()
            if note is None:
                return 0
            checkpoint, _ = self._policy.open(note)
        except Problem:
            return None
        if checkpoint.size > self.signed.size or self.tree.root(checkpoint.size) != checkpoint.root:
            raise self._stop(_refused("mirror", f"has another log than this journal, of {checkpoint.size} leaves."))
        return checkpoint.size

    # The start

    def _load(self, leaf_zero: bytes) -> None:
        """Rebuild the tree from the journal's records and hold it against the head."""
        for start in range(0, self.signed.size, _CHUNK):
            rows = self._journal.read(Positions(start, min(start + _CHUNK, self.signed.size)))
            hashes = [digest(row.record) for row in rows]
            self._indexes.update(zip(hashes, range(start, start + len(rows)), strict=True))
            self.tree.append(hashes)
        if not self.signed.size:
            return
        checkpoint, _ = open_checkpoint(self.signed.checkpoint, self._signer.verifier)
        if (checkpoint.size, checkpoint.root) != (self.tree.size, self.tree.root()):
            raise _damaged("holds other records than its checkpoint says.")
        if self._indexes.get(digest(leaf_zero)) != 0:
            raise _damaged("does not begin with this election's pack.")
        self._recall_final(self.signed.checkpoint)

    def _heed_guard(self) -> Problem | None:
        """Take up what the guard remembers; return what it has against this journal."""
        try:
            memory = self._guard.load()
        except Problem as problem:
            return Problem(_LOST, problem.field, problem.problem)
        if memory is None:
            return Problem(_LOST, "guard", "has no memory of this log.") if self.signed.size else None
        if memory.size > self.signed.size and not self._carry_on(memory):
            return Problem("guard.ahead", "guard", f"knows {memory.size} leaves, the journal {self.signed.size}.")
        if self.tree.root(memory.size) != memory.root:
            return Problem("guard.ahead", "guard", f"knows another root of the log at {memory.size} leaves.")
        self._recall_final(memory.final)
        return None

    def _carry_on(self, memory: Memory) -> bool:
        """Commit the batch that a crash left in the guard, if it is the one that this journal lacks."""
        waiting = {digest(row.record): row for row in self._journal.read(Waiting(_ALL))}
        rows = {name: waiting[name] for name in memory.batch if name in waiting}
        if memory.size - len(memory.batch) != self.signed.size or len(rows) != len(memory.batch):
            return False
        batch = self._stage(rows)
        if batch.head.root != memory.root:
            raise _damaged("and the guard disagree about the last batch.")
        self._commit(batch)
        return True

    def _recall_final(self, note: bytes) -> None:
        """Make this checkpoint the final one if it has its quorum and is newer than the one we have."""
        try:
            checkpoint = self._policy.accept(note)
        except Problem:
            return
        inside = self.final.size < checkpoint.size <= self.signed.size
        if inside and self.tree.root(checkpoint.size) == checkpoint.root:
            self.final = Head(checkpoint.size, checkpoint.root, note)

    def _begin(self, leaf_zero: bytes) -> None:
        """Make the pack leaf 0, alone in its checkpoint: whoever does it, the root is the same."""
        self._journal.admit([Row(leaf_zero)])
        self._commit(self._stage({digest(leaf_zero): Row(leaf_zero)}))

    def _stop(self, refusal: Problem) -> Problem:
        self._refusal = refusal
        return refusal


def _same(one: Head, other: Head) -> bool:
    """Return whether two heads are of the same tree, whoever has cosigned them."""
    return (one.size, one.root) == (other.size, other.root) or one.size == other.size == 0


def _refused(field: str, problem: str) -> Problem:
    return Problem("log.refused", field, problem, f"Signing could fork the log, so nothing is signed. {_START_AGAIN}")


def _damaged(problem: str) -> Problem:
    return Problem("log.damaged", "journal", problem, "Restore the newest backup. Nothing is signed until then.")
