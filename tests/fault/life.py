"""A life of a store: a process that opens a real store and sequencer, works, and tells what it has acknowledged.

What it tells goes through a socket (sendto), which no fault here touches, so a told word was really acknowledged. Only
then is it held to its word.
"""

import os
import socket
import sys
import threading
import traceback
from collections import Counter
from dataclasses import dataclass, field

from golos.ledger.checkpoint import Checkpoint
from golos.ledger.fsck import fsck_journal
from golos.ledger.guard import Guard
from golos.ledger.merkle import EMPTY_ROOT, verify_consistency
from golos.ledger.note import COSIGNATURE, Signer, open_note
from golos.ledger.policy import Policy
from golos.ledger.proof import Receipt
from golos.ledger.sequencer import Sequencer
from golos.model.ed25519 import SigningKey
from golos.model.record import digest
from golos.ports import Job, Missing, Positions, Row, StoreFull, Waiting
from golos.stores.embedded import open_stores

LOG = Signer("log.example/fault", SigningKey(bytes([1]) * 32))
WITNESS = Signer("witness.example", SigningKey(bytes([2]) * 32), COSIGNATURE)
POLICY = Policy.of(LOG.verifier.vkey(), [WITNESS.verifier.vkey()], 1)
PACK = b"the pack's record"
ROWS = [Row(b"record %d " % i * 40, b"sealed %d " % i * 20) for i in range(7)]
BLOBS = [b"photo %d " % i * 3000 for i in range(4)]
ERASED = BLOBS[1]
PHONE = b"+375291234567"
PACK_LIMIT = 40_000
TRIES = 6


class Outside:
    """A witness: whatever was once shown to it is a promise. ``tell`` is called before it answers."""

    verifier = WITNESS.verifier

    def __init__(self, tell=lambda *words: None, size=0, root=EMPTY_ROOT):
        self._tell, self.size, self.root = tell, size, root

    def cosign(self, checkpoint, size, consistency):
        text, _ = open_note(checkpoint, [LOG.verifier])
        shown = Checkpoint.parse(text)
        assert shown.size >= self.size, "the log is smaller than what was shown before"
        if self.size:
            verify_consistency(self.size, self.root, shown.size, shown.root, consistency(self.size))
        self._tell("shown", shown.size, shown.root.hex())
        self.size, self.root = shown.size, shown.root
        return WITNESS.signature(text, time=1_700_000_000)


def jobs(rows):
    return [Job("look", digest(row.record).hex()) for row in rows]


class Office:
    """Store and sequencer over a folder."""

    def __init__(self, folder, witness):
        self.stores = open_stores(folder / "store", pack_limit=PACK_LIMIT)
        try:
            self.sequencer = Sequencer(
                self.stores.journal, LOG, PACK, folder / "guard.json",
                policy=POLICY, witnesses=[witness], jobs=jobs, batch=1,
            )  # fmt: skip
        except BaseException:
            self.stores.close()
            raise

    def close(self):
        self.sequencer.close()
        self.stores.close()

    def rows(self):
        journal = self.stores.journal
        return journal.read(Positions(0, journal.head().size)) + journal.read(Waiting(10**6))


def live(office, tell):
    """Everything a server does to its store, once; what the store refuses is asked again, as clients do."""
    stores = office.stores

    def admit(*rows):
        insist(stores.journal.admit, rows)
        for row in rows:
            tell("admitted", digest(row.record).hex())

    def put(*blobs):
        for name in insist(stores.blobs.put, blobs):
            tell("put", name.hex())

    def publish():
        insist(office.sequencer.publish, True)
        signed = office.sequencer.signed
        tell("shown", signed.size, signed.root.hex())

    admit(ROWS[0])
    admit(*ROWS[1:3])
    put(*BLOBS[:2])
    publish()
    put(*BLOBS[2:])
    admit(*ROWS[3:5])
    insist(stores.vault.put, "tag", PHONE, PHONE)
    tell("kept")
    publish()
    insist(stores.blobs.erase, digest(ERASED))
    tell("erased", digest(ERASED).hex())
    insist(stores.vault.erase, "tag", PHONE)
    tell("forgotten")
    admit(*ROWS[5:])


def insist(ask, *arguments):
    """Ask until it is done; a store that refuses has to say so by StoreFull, and accept when it can write again."""
    for _ in range(TRIES):
        try:
            return ask(*arguments)
        except StoreFull:
            continue
    raise AssertionError(f"{ask} is still refused after {TRIES} times")


@dataclass
class Told:
    """What a process has told, and how it ended: 0, -9, or 1 for an exception."""

    words: list[list[str]] = field(default_factory=list)
    end: int = 0

    def all(self, word):
        return [rest for first, *rest in self.words if first == word]

    def has(self, word):
        return any(first == word for first, *_ in self.words)


class Process:
    """A fork that runs ``act(tell, wait)``: ``tell`` a word, ``wait`` until somebody lets it go on."""

    def __init__(self, act):
        self._ours, theirs = socket.socketpair()
        self.pid = os.fork()
        if not self.pid:
            self._ours.close()
            _run(act, theirs)
        theirs.close()
        self._lines = self._ours.makefile("rb")

    def hear(self):
        """Return the next word and what follows it; nothing at the end."""
        return self._lines.readline().decode().split()

    def go_on(self):
        self._ours.sendall(b"!")

    def ended(self, heard=()):
        """Wait for the end; return all that it has told."""
        told = Told(list(heard))
        while words := self.hear():
            told.words.append(words)
        self._lines.close()
        self._ours.close()
        told.end = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return told


def _run(act, line):
    def tell(*words):
        line.sendall(" ".join(map(str, words)).encode() + b"\n")

    code = 1
    try:
        act(tell, lambda: line.recv(1))
        code = 0
    except BaseException as error:
        tell("failed", type(error).__name__)
        if os.environ.get("GOLOS_SHOW"):
            traceback.print_exc(file=sys.stderr)
    finally:
        os._exit(code)


def threads():
    """Return the system's number of each thread that writes, by name."""
    return {thread.name: thread.native_id for thread in threading.enumerate() if thread.name.startswith("golos-")} | {
        "main": threading.get_native_id()
    }


def check(folder, told):
    """Open the folder as a restart does and hold it to everything that was told; then carry on to the end."""
    guarded = remembered(folder)
    shown = {int(size): bytes.fromhex(root) for size, root in told.all("shown")}
    assert {(int(size), bytes.fromhex(root)) for size, root in told.all("shown")} == set(shown.items()), "two roots"
    size = max(shown, default=0)
    office = Office(folder, Outside(size=size, root=shown.get(size, EMPTY_ROOT)))
    try:
        _check_accepted(office, told, folder)
        _check_roots(office, shown, guarded)
        assert fsck_journal(office.stores.journal, POLICY) == []
        _carry_on(office)
        _check_roots(office, shown, guarded)
        assert fsck_journal(office.stores.journal, POLICY) == []
    finally:
        office.close()


def remembered(folder):
    """Return size and root of the last checkpoint that may have been signed, as the guard has it."""
    guard = Guard(folder / "guard.json")
    try:
        memory = guard.load()
    finally:
        guard.close()
    return (memory.size, memory.root) if memory else (0, EMPTY_ROOT)


def _check_accepted(office, told, folder):
    there = Counter(digest(row.record).hex() for row in office.rows())
    assert set(there.values()) <= {1}, "a record is there twice"
    assert {name for (name,) in told.all("admitted")} <= set(there), "an accepted record is lost"
    sealed = {row.record: row.sealed for row in ROWS}
    assert all(row.sealed == sealed[row.record] for row in office.rows() if row.record != PACK)
    erased = {name for (name,) in told.all("erased")}
    for (name,) in told.all("put"):
        try:
            office.stores.blobs.get(bytes.fromhex(name))
            assert name not in erased
        except Missing:
            # Between the note of an erasure and its word, either is right.
            assert name == digest(ERASED).hex() and told.has("kept"), "an accepted photograph is lost"
    if erased:
        assert not _holds(folder / "store" / "blobs", ERASED[:200]), "an erased photograph can be read"
    if told.has("forgotten"):
        assert not _holds(folder / "store", PHONE), "an erased phone can be read"
    elif told.has("kept") and not erased:
        assert office.stores.vault.get("tag", PHONE) == PHONE


def _check_roots(office, shown, guarded):
    """Whatever was shown outside, or only signed, is a part of this log."""
    signed, tree = office.sequencer.signed, office.sequencer.tree
    assert (signed.size, signed.root) == (tree.size, tree.root())
    for size, root in [*shown.items(), guarded]:
        assert size <= signed.size, "the log is shorter than what was signed"
        assert tree.root(size) == root, "two roots for one size"


def _carry_on(office):
    """Everybody sends again; then all is in the log once, with its receipt, and with its job."""
    office.stores.journal.admit(ROWS)
    office.stores.blobs.put(BLOBS)
    while office.sequencer.publish(force=True):
        pass
    assert office.sequencer.final.size == len(ROWS) + 1
    assert Counter(row.record for row in office.rows()) == Counter([PACK, *(row.record for row in ROWS)])
    for row in ROWS:
        name = digest(row.record)
        Receipt.parse(office.sequencer.receipt(name)).verify(name, POLICY)
    assert all(office.stores.blobs.get(digest(blob)) == blob for blob in BLOBS)
    leased = office.stores.work.lease("look", 99, 60)
    assert sorted(lease.job.name for lease in leased) == sorted(digest(row.record).hex() for row in (*ROWS, Row(PACK)))


def _holds(folder, data):
    return any(data in path.read_bytes() for path in folder.rglob("*") if path.is_file())
