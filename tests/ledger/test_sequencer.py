import gc
import os
import stat
from contextlib import contextmanager

import msgspec
import pytest
from ledger_support import MemoryJournal, WitnessServer, signer

from golos.ledger import guard as guard_module
from golos.ledger import sequencer as sequencer_module
from golos.ledger.checkpoint import Checkpoint
from golos.ledger.fsck import fsck_journal
from golos.ledger.merkle import verify_consistency
from golos.ledger.note import COSIGNATURE
from golos.ledger.policy import Party, Policy
from golos.ledger.proof import Receipt
from golos.ledger.sequencer import Sequencer
from golos.ledger.tree import Tree
from golos.ledger.witness import Ahead, Unknown, Witness
from golos.model.problem import Problem
from golos.model.record import digest
from golos.ports import Head, Job, Row, StoreFull
from golos.stores.embedded import open_stores

PACK = b"the pack"
LOG = signer()
WITNESS = signer("w.example", 7, COSIGNATURE)
NO_WITNESS = Policy.of(LOG.verifier.vkey())
ONE_WITNESS = Policy.of(LOG.verifier.vkey(), [WITNESS.verifier.vkey()], 1)


def records(start, stop):
    return [b"record %d" % i for i in range(start, stop)]


def admit(journal, items):
    journal.admit([Row(item) for item in items])


def jobs(rows):
    return [Job("read", digest(row.record).hex()) for row in rows if row.record != PACK]


class FakeWitness:
    """Knows what it cosigned, and says so; ``away`` makes it unreachable."""

    def __init__(self, key=WITNESS):
        self.key, self.verifier, self.known, self.away, self.asked = key, key.verifier, (0, b""), False, 0

    def cosign(self, checkpoint, size, consistency):
        self.asked += 1
        if self.away:
            raise Problem("witness.silent", "w.example", "is away.")
        stated = Checkpoint.parse(checkpoint.split(b"\n\n")[0] + b"\n")
        if self.known[0] > size:
            raise Ahead("witness.ahead", "w.example", "knows more.")
        if self.known[0]:
            try:
                verify_consistency(*self.known, size, stated.root, consistency(self.known[0]))
            except Problem:
                raise Ahead("witness.ahead", "w.example", "knows another log.") from None
        self.known = (size, stated.root)
        return self.key.signature(stated.text(), self.asked)


class FakeMirror:
    def __init__(self, note=None):
        self.note = note

    def latest(self):
        if isinstance(self.note, Problem):
            raise self.note
        return self.note


@pytest.fixture
def path(tmp_path):
    return tmp_path / "guard.json"


@contextmanager
def sequencer(journal, path, **options):
    made = Sequencer(journal, LOG, PACK, path, jobs=jobs, **options)
    try:
        yield made
    finally:
        made.close()


def refused(action):
    with pytest.raises(Problem) as caught:
        action()
    assert caught.value.code == "log.refused"
    return str(caught.value)


def test_the_pack_is_leaf_0_and_a_batch_is_sorted_by_hash(path):
    journal = MemoryJournal()
    admit(journal, records(0, 10))
    with sequencer(journal, path) as log:
        assert log.index(digest(PACK)) == 0
        assert log.final.size == 1
        assert log.publish() is None
        assert log.publish(force=True) == log.final == log.signed == journal.head()
        assert log.final.size == 11
        first = [digest(row.record) for row in journal.rows[1:]]
        assert first == sorted(first)
        admit(journal, records(10, 20))
        log.publish(force=True)
        second = [digest(row.record) for row in journal.rows[11:]]
        assert second == sorted(second)
        assert log.tree.root() == Tree([digest(PACK), *first, *second]).root() == log.final.root
    assert fsck_journal(journal, NO_WITNESS) == []


def test_a_batch_waits_for_enough_entries_unless_forced(path):
    journal = MemoryJournal()
    with sequencer(journal, path, batch=5) as log:
        admit(journal, records(0, 4))
        assert log.publish() is None
        admit(journal, records(4, 5))
        assert log.publish().size == 6
        assert log.publish(force=True) is None
        assert journal.head().size == 6


class BusyJournal(MemoryJournal):
    """An evening's: while a commit is written, others are admitted below and above its hashes."""

    def __init__(self):
        super().__init__()
        self.coming = []

    def commit(self, hashes, jobs, expected, new):
        super().commit(hashes, jobs, expected, new)
        if self.coming:
            admit(self, [self.coming.pop()])


def test_one_checkpoint_takes_all_that_waits_sorted_as_one(path, monkeypatch):
    monkeypatch.setattr(sequencer_module, "LIMIT", 16)
    journal = BusyJournal()
    with sequencer(journal, path, batch=16) as log:
        waiting = records(0, 100)
        late = sorted(records(1_000, 1_100), key=digest)
        admit(journal, waiting)
        journal.coming = [late[-1], late[0]]
        assert log.publish() == log.final == journal.head()
        taken = [digest(row.record) for row in journal.rows[1:]]
        assert taken == sorted(taken) and set(taken) >= set(map(digest, waiting))
        assert log.index(digest(late[0])) is None
        assert log.receipt(digest(waiting[0]))
        assert log.publish(force=True) and log.index(digest(late[0])) == log.final.size - 1
    assert fsck_journal(journal, NO_WITNESS) == []


def test_a_crash_between_the_commits_of_a_checkpoint_loses_nothing(path, monkeypatch):
    monkeypatch.setattr(sequencer_module, "LIMIT", 16)
    journal = MemoryJournal()
    with sequencer(journal, path) as log:
        admit(journal, records(0, 50))
        save, saved = log._guard.save, []

        def third_fails(memory):
            saved.append(memory)
            if len(saved) == 3:
                raise StoreFull
            save(memory)

        monkeypatch.setattr(log._guard, "save", third_fails)
        with pytest.raises(StoreFull):
            log.publish(force=True)
    with sequencer(journal, path) as log:
        log.publish(force=True)
        assert log.final.size == 51
    assert fsck_journal(journal, NO_WITNESS) == []


def test_a_receipt_comes_with_the_checkpoint_and_not_before(path):
    journal = MemoryJournal()
    with sequencer(journal, path) as log:
        admit(journal, records(0, 3))
        name = digest(b"record 1")
        assert log.receipt(name) is None
        assert log.index(name) is None
        log.publish(force=True)
        assert Receipt.parse(log.receipt(name)).verify(name, NO_WITNESS).size == 4
        assert log.receipt(digest(b"never sent")) is None


def test_jobs_are_born_with_their_batch_once(path):
    journal = MemoryJournal()
    admit(journal, records(0, 3))
    with sequencer(journal, path) as log:
        assert not journal.jobs
        log.publish(force=True)
    assert sorted(journal.jobs) == sorted(("read", digest(item).hex()) for item in records(0, 3))


def test_it_starts_again_where_it_stopped(path):
    journal = MemoryJournal()
    witness = FakeWitness()
    for turn in range(4):
        with sequencer(journal, path, witnesses=[witness], policy=ONE_WITNESS) as log:
            assert log.final == log.signed
            admit(journal, records(turn * 10, turn * 10 + 10))
            log.publish(force=True)
            for item in records(0, turn * 10 + 10):
                Receipt.parse(log.receipt(digest(item))).verify(digest(item), ONE_WITNESS)
    assert journal.head().size == 41


def test_the_guard_knows_a_checkpoint_before_anybody_else_does(path):
    journal, seen = MemoryJournal(), []
    commit = journal.commit

    def watch(hashes, jobs, expected, new):
        memory = msgspec.json.decode(path.read_bytes(), type=guard_module.Memory)
        assert (memory.size, memory.root, memory.checkpoint) == (new.size, new.root, new.checkpoint)
        seen.append(new.size)
        commit(hashes, jobs, expected, new)

    journal.commit = watch
    run(journal, path, records(0, 5), witnesses=[FakeWitness()], policy=ONE_WITNESS)
    assert seen == [1, 1, 6, 6]


def test_it_runs_on_the_embedded_store(path, tmp_path):
    folder = tmp_path / "store"
    for turn in range(2):
        stores = open_stores(folder)
        final = run(
            stores.journal, path, records(turn * 300, turn * 300 + 300), policy=ONE_WITNESS, witnesses=[FakeWitness()]
        )
        assert final.size == 301 + turn * 300
        assert fsck_journal(stores.journal, ONE_WITNESS) == []
        stores.close()


# Witnesses


def test_without_its_quorum_a_checkpoint_is_signed_and_not_final(path):
    journal, witness = MemoryJournal(), FakeWitness()
    with sequencer(journal, path, witnesses=[witness], policy=ONE_WITNESS) as log:
        witness.away = True
        admit(journal, records(0, 3))
        assert log.publish(force=True) is None
        assert (log.signed.size, log.final.size) == (4, 1)
        assert log.index(digest(b"record 1")) is not None
        assert log.receipt(digest(b"record 1")) is None
        assert log.receipt(digest(PACK)) is not None
        asked = witness.asked
        assert log.publish() is None
        assert witness.asked == asked  # it is asked again with the next tick or batch, not with every call
    with sequencer(journal, path, witnesses=[witness], policy=ONE_WITNESS, recover=True) as log:
        assert (log.signed.size, log.final.size) == (4, 1)  # the last final checkpoint survives a restart
        ONE_WITNESS.accept(log.final.checkpoint)
        admit(journal, records(3, 6))
        log.publish(force=True)
        witness.away = False
        assert log.publish(force=True).size == 7
        Receipt.parse(log.receipt(digest(b"record 1"))).verify(digest(b"record 1"), ONE_WITNESS)
        assert journal.head() == log.final


def test_with_real_witnesses_over_http_two_of_three_are_enough(path):
    servers = [WitnessServer([LOG.verifier], f"w{i}.example", 20 + i) for i in range(3)]
    policy = Policy.of(LOG.verifier.vkey(), [server.signer.verifier.vkey() for server in servers], 2)
    journal = MemoryJournal()
    with servers[0].running(), servers[1].running(), servers[2].running():
        clients = [Witness(Party(server.signer.verifier, server.url), seconds=5) for server in servers]
        with sequencer(journal, path, witnesses=clients, policy=policy) as log:
            servers[1].instead = (503, b"later\n")
            admit(journal, records(0, 300))
            head = log.publish()
            assert head.size == 301
            assert policy.accept(head.checkpoint).size == 301
            assert head.checkpoint.count("\u2014".encode()) == 3
            servers[2].instead = (503, b"later\n")
            admit(journal, records(300, 310))
            assert log.publish(force=True) is None
            servers[1].instead = servers[2].instead = None
            assert log.publish(force=True).size == 311
        assert [server.known[LOG.name][0] for server in servers] == [311] * 3


def test_a_witness_that_knows_more_stops_the_sequencer_for_good(path):
    journal, witness = MemoryJournal(), FakeWitness()
    with sequencer(journal, path, witnesses=[witness], policy=ONE_WITNESS) as log:
        witness.known = (50, bytes(32))
        admit(journal, records(0, 3))
        assert "w.example" in refused(lambda: log.publish(force=True))
        witness.known = (0, b"")
        before = journal.head()
        refused(lambda: log.publish(force=True))
        assert journal.head() == before


# Line 3: a restored backup or a second sequencer can't fork the log


def copy(journal):
    other = MemoryJournal()
    other.waiting, other.rows, other.hashes = dict(journal.waiting), list(journal.rows), set(journal.hashes)
    other.jobs, other._head = dict(journal.jobs), journal._head
    return other


def run(journal, path, items=(), **options):
    with sequencer(journal, path, **options) as log:
        admit(journal, items)
        log.publish(force=True)
        return log.final


@pytest.mark.parametrize("recover", [False, True])
def test_a_restored_backup_is_refused_by_the_guard(path, recover):
    journal = MemoryJournal()
    run(journal, path, records(0, 5))
    backup = copy(journal)
    run(journal, path, records(5, 10))
    kept = path.read_bytes()
    admit(backup, records(20, 30))
    assert "guard" in refused(lambda: run(backup, path, recover=recover))
    assert "guard" in refused(lambda: run(MemoryJournal(), path, recover=recover))
    assert path.read_bytes() == kept
    assert run(journal, path, records(10, 11)).size == 12  # the real store goes on


def test_a_backup_that_had_the_rows_but_not_yet_the_batch_goes_on_with_the_very_same_batch(path):
    journal = MemoryJournal()
    run(journal, path)
    admit(journal, records(0, 5))
    backup = copy(journal)
    final = run(journal, path)
    admit(backup, records(5, 9))
    with sequencer(backup, path) as log:
        assert (log.final.size, log.final.root) == (final.size, final.root)
        assert len(backup.waiting) == 4


def test_a_guard_whose_batch_leads_to_another_root_is_refused(path):
    journal = MemoryJournal()
    run(journal, path)
    admit(journal, records(0, 5))
    backup = copy(journal)
    run(journal, path)
    memory = msgspec.json.decode(path.read_bytes(), type=guard_module.Memory)
    path.write_bytes(msgspec.json.encode(msgspec.structs.replace(memory, root=bytes(32))))
    with pytest.raises(Problem) as caught:
        run(backup, path, recover=True)
    assert caught.value.code == "log.damaged"
    assert backup.head().size == 1


@pytest.mark.parametrize("recover", [False, True])
def test_a_restored_backup_is_refused_by_a_witness_even_without_the_guard(path, tmp_path, recover):
    journal, witness = MemoryJournal(), FakeWitness()
    options = {"witnesses": [witness], "policy": ONE_WITNESS}
    run(journal, path, records(0, 5), **options)
    backup = copy(journal)
    run(journal, path, records(5, 10), **options)
    other = tmp_path / "other.json"
    refused(lambda: run(backup, other, records(20, 30), recover=recover, **options))
    refused(lambda: run(MemoryJournal(), other, records(20, 30), recover=recover, **options))
    assert backup.head().size == 6


@pytest.mark.parametrize("recover", [False, True])
def test_a_restored_backup_is_refused_by_a_mirror(path, tmp_path, recover):
    journal = MemoryJournal()
    run(journal, path, records(0, 5))
    backup, other = copy(journal), tmp_path / "other.json"
    other.write_bytes(path.read_bytes())  # the guard was restored together with the store
    mirror = FakeMirror(run(journal, path, records(5, 10)).checkpoint)
    assert "mirror" in refused(lambda: run(backup, other, mirrors=[mirror], recover=recover))
    fork = run(backup, other, records(20, 22), recover=True)
    assert "mirror" in refused(lambda: run(journal, path, mirrors=[FakeMirror(fork.checkpoint)], recover=recover))
    assert run(journal, path, mirrors=[mirror]).size == 11


def test_if_nobody_answers_only_recovery_starts(path):
    journal, witness = MemoryJournal(), FakeWitness()
    options = {"witnesses": [witness], "mirrors": [FakeMirror(Problem("x", "y", "z"))], "policy": ONE_WITNESS}
    run(journal, path, records(0, 5), **options)
    witness.away = True
    assert "none answers" in refused(lambda: run(journal, path, **options))
    with sequencer(journal, path, recover=True, **options) as log:
        assert log.final.size == 6
    options["mirrors"] = [FakeMirror(b"nonsense")]
    refused(lambda: run(journal, path, **options))
    options["mirrors"] = [FakeMirror(None)]
    run(journal, path, **options)


def test_one_of_several_that_is_silent_stops_nothing(path):
    """A start needs one voice from outside; the quorum decides what is final, as at any other time."""
    other = signer("v.example", 8, COSIGNATURE)
    both = Policy.of(LOG.verifier.vkey(), [WITNESS.verifier.vkey(), other.verifier.vkey()], 2)
    journal, here, silent = MemoryJournal(), FakeWitness(), FakeWitness(other)
    with sequencer(journal, path, policy=both, witnesses=[here, silent]) as log:
        admit(journal, records(0, 3))
        log.publish(force=True)
    silent.away = True
    with sequencer(journal, path, policy=both, witnesses=[here, silent]) as log:
        assert log.final.size == 4
        admit(journal, records(3, 4))
        assert log.publish(force=True) is None and log.final.size == 4
        silent.away = False
        assert log.publish(force=True).size == 5


def test_a_witness_that_does_not_know_the_log_has_answered(path):
    class Stranger(FakeWitness):
        def cosign(self, checkpoint, size, consistency):
            raise Unknown("witness.unknown", "w.example", "doesn't know this log.")

    assert run(MemoryJournal(), path, records(0, 5), witnesses=[Stranger()]).size == 6


def test_a_witness_that_answers_403_to_an_unknown_log_as_was_done_in_2025_has_told_nothing(path):
    journal, server = MemoryJournal(), WitnessServer([])
    server.instead = (403, b"unknown log\n")
    policy = Policy.of(LOG.verifier.vkey(), [server.signer.verifier.vkey()], 1)
    with server.running():
        options = {"witnesses": [Witness(Party(server.signer.verifier, server.url), seconds=5)], "policy": policy}
        assert "none answers" in refused(lambda: run(journal, path, **options))
        with sequencer(journal, path, recover=True, **options) as log:
            assert log.publish(force=True) is None
            assert (log.signed.size, log.final.size) == (1, 0)
            assert log.receipt(digest(PACK)) is None
    assert set(server.answers) == {403}


def test_a_lost_or_damaged_guard_needs_recovery_and_is_then_written_again(path):
    journal = MemoryJournal()
    run(journal, path, records(0, 5))
    for damage in (path.unlink, lambda: path.write_bytes(b"{}"), lambda: path.write_bytes(b"\x00")):
        damage()
        refused(lambda: run(journal, path))
        run(journal, path, recover=True)
        run(journal, path)
    assert run(journal, path, records(5, 6)).size == 7


def test_a_guard_that_knows_another_log_yields_only_to_recovery_with_a_witness(path, tmp_path):
    journal, witness = MemoryJournal(), FakeWitness()
    options = {"witnesses": [witness], "policy": ONE_WITNESS}
    run(journal, path, records(0, 5), **options)
    run(MemoryJournal(), tmp_path / "other.json", records(0, 60))
    path.write_bytes((tmp_path / "other.json").read_bytes())
    refused(lambda: run(journal, path, **options))
    refused(lambda: run(journal, path, recover=True))
    witness.away = True
    refused(lambda: run(journal, path, recover=True, **options))
    witness.away = False
    assert run(journal, path, records(5, 6), recover=True, **options).size == 7
    assert run(journal, path, **options).size == 7


def test_a_second_sequencer_on_the_same_guard_is_refused(path):
    journal = MemoryJournal()
    with sequencer(journal, path), pytest.raises(Problem) as caught:
        Sequencer(journal, LOG, PACK, path)
    assert caught.value.code == "guard.taken"
    with sequencer(journal, path):
        pass


def test_a_second_sequencer_on_another_machine_stops_at_the_moved_head(path, tmp_path):
    journal = MemoryJournal()
    run(journal, path)
    (tmp_path / "b.json").write_bytes(path.read_bytes())
    with sequencer(journal, path) as one, sequencer(journal, tmp_path / "b.json") as two:
        admit(journal, records(0, 5))
        one.publish(force=True)
        admit(journal, records(5, 10))
        assert "moved on by another" in refused(lambda: two.publish(force=True))
        assert one.publish(force=True).size == 11
    admit(journal, records(10, 11))
    assert run(journal, tmp_path / "b.json").size == 12  # it had signed nothing, so its guard is not in the way


def test_of_two_that_race_one_stops_and_the_log_is_whole(path, tmp_path):
    journal = MemoryJournal()
    run(journal, path)
    (tmp_path / "b.json").write_bytes(path.read_bytes())
    with sequencer(journal, path) as one, sequencer(journal, tmp_path / "b.json") as two:
        admit(journal, records(0, 5))
        read = journal.read

        def slow(what):
            rows = read(what)
            journal.read = read
            admit(journal, records(5, 6))
            one.publish(force=True)
            return rows

        journal.read = slow
        refused(lambda: two.publish(force=True))
        assert one.final.size == 7
    assert fsck_journal(journal, NO_WITNESS) == []


def test_a_journal_that_contradicts_its_head_is_refused(path):
    journal = MemoryJournal()
    run(journal, path, records(0, 5))

    def damage(change):
        broken = copy(journal)
        change(broken)
        with pytest.raises(Problem) as caught:
            run(broken, path, recover=True)
        assert caught.value.code in ("log.damaged", "note.unsigned", "note.forged", "checkpoint.origin")
        assert fsck_journal(broken, NO_WITNESS)

    damage(lambda j: j.rows.__setitem__(3, Row(b"another")))
    damage(lambda j: j.rows.pop())
    damage(lambda j: j.rows.reverse())
    head = journal.head()
    damage(lambda j: setattr(j, "_head", Head(6, head.root, head.checkpoint.replace(b"\n6\n", b"\n5\n"))))
    other = signer("other.example", 3)
    damage(lambda j: setattr(j, "_head", Head(6, head.root, Checkpoint("other.example", 6, head.root).sign(other))))


def test_a_store_of_another_election_is_refused(path):
    journal = MemoryJournal()
    run(journal, path, records(0, 5))
    with pytest.raises(Problem, match="this election's pack"):
        Sequencer(journal, LOG, b"another pack", path)


# The table of crashes


STEPS = 28


class Crash(BaseException):
    """The process dies here."""


class Faults:
    """Counts the steps of a run; at step ``at`` the fault happens, before the step's effect or just after it."""

    def __init__(self, at, after, error):
        self.left, self.after, self.error, self.trace = at, after, error, []

    def wrap(self, name, action):
        def step(*args):
            self.trace.append(name)
            hit = self.left == 0
            self.left -= 1
            if hit and not self.after:
                raise self.error
            result = action(*args)
            if hit:
                raise self.error
            return result

        return step


class FaultyJournal:
    def __init__(self, journal, faults):
        for name in ("admit", "commit", "read", "head"):
            setattr(self, name, faults.wrap(name, getattr(journal, name)))


class FaultyWitness:
    def __init__(self, witness, faults):
        self.verifier = witness.verifier
        self.cosign = faults.wrap("cosign", witness.cosign)


def scenario(path, monkeypatch, faults):
    """Admit and publish twice, with the fault in between; then go on without it. Return journal, witness and log."""
    signed = {}
    sign = Checkpoint.sign

    def spy(checkpoint, key):
        assert signed.setdefault(checkpoint.size, checkpoint.root) == checkpoint.root, "the log forked"
        return sign(checkpoint, key)

    journal, witness = MemoryJournal(), FakeWitness()
    admit(journal, records(0, 6))
    monkeypatch.setattr(Checkpoint, "sign", spy)
    save = guard_module.Guard.save
    monkeypatch.setattr(guard_module.Guard, "save", lambda self, memory: faults.wrap("save", save)(self, memory))
    faulty = {"witnesses": [FaultyWitness(witness, faults)], "policy": ONE_WITNESS}
    log = None
    try:
        log = Sequencer(FaultyJournal(journal, faults), LOG, PACK, path, jobs=jobs, **faulty)
        for turn in range(3):
            log.publish(force=True)
            admit(journal, records(6 + turn * 3, 9 + turn * 3))
    except (Crash, StoreFull, Problem):
        if log and isinstance(faults.error, StoreFull):
            log.publish(force=True)  # the same process tries again
    if log:
        log.close()
    gc.collect()
    admit(journal, records(0, 30))  # everybody sends everything again
    return journal, witness


def steps(path, monkeypatch):
    faults = Faults(-1, False, None)
    scenario(path, monkeypatch, faults)
    return faults.trace


def test_the_table_has_every_kind_of_step(path, monkeypatch):
    trace = steps(path, monkeypatch)
    assert {"admit", "commit", "read", "head", "save", "cosign"} == set(trace)
    assert len(trace) <= STEPS


@pytest.mark.parametrize("error", [Crash(), StoreFull("no space")], ids=["crash", "full"])
@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", range(STEPS))
def test_a_fault_at_any_step_loses_nothing_and_forks_nothing(path, monkeypatch, at, after, error):
    faults = Faults(at, after, error)
    journal, witness = scenario(path, monkeypatch, faults)
    if faults.left >= 0:
        pytest.skip("the run has fewer steps")
    with sequencer(journal, path, witnesses=[witness], policy=ONE_WITNESS) as log:
        log.publish(force=True)
        assert log.final == log.signed == journal.head()
        assert sorted(row.record for row in journal.rows) == sorted([PACK, *records(0, 30)])
        assert journal.rows[0].record == PACK
        assert len(journal.jobs) == 30
        for item in records(0, 30):
            Receipt.parse(log.receipt(digest(item))).verify(digest(item), ONE_WITNESS)
    assert fsck_journal(journal, ONE_WITNESS) == []
    assert witness.known == (31, journal.head().root)


def test_the_guard_is_durable_before_its_name_is_and_its_name_before_the_commit(path, monkeypatch):
    """A power cut keeps of files and of folders what was synced, no more: bytes, then the name, then the journal."""
    done, journal = [], MemoryJournal()
    fsync, replace, commit = guard_module.os.fsync, guard_module.Path.replace, journal.commit

    def synced(handle):
        done.append("sync folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "sync file")
        fsync(handle)

    with sequencer(journal, path) as log:
        monkeypatch.setattr(guard_module.os, "fsync", synced)
        monkeypatch.setattr(guard_module.Path, "replace", lambda *to: done.append("rename") or replace(*to))
        monkeypatch.setattr(journal, "commit", lambda *what: done.append("commit") or commit(*what))
        admit(journal, records(0, 3))
        log.publish(force=True)
    assert done == ["sync file", "rename", "sync folder", "commit"]
