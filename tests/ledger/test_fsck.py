import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from ledger_support import VECTORS, MemoryJournal, needs_vectors, signer, vkeys

from golos.ledger import tiles
from golos.ledger.checkpoint import Checkpoint
from golos.ledger.fsck import fsck_folder, fsck_journal
from golos.ledger.policy import Policy
from golos.ledger.tree import Tree
from golos.model.record import digest
from golos.ports import Row

LOG = signer()
POLICY = Policy.of(LOG.verifier.vkey())
RECORDS = [b"record %d" % i for i in range(600)]
SIZE = 530


def put(folder, path, data):
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(data)


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = tmp_path_factory.mktemp("log")
    leaves = [digest(record) for record in RECORDS]
    tree = Tree(leaves)
    old = 0
    for size in (300, SIZE):
        tiles.write(tree, lambda start, stop: leaves[start:stop], lambda path, data: put(folder, path, data), size, old)
        old = size
    for index, width in tiles.bundles(SIZE):
        some = [record if at % 7 else None for at, record in enumerate(RECORDS[index * 256 :][:width])]
        put(folder, f"records/{tiles.number(index, width)}", tiles.encode_records(some))
    put(folder, "checkpoint", Checkpoint(LOG.name, SIZE, tree.root(SIZE)).sign(LOG))
    return folder


def test_a_whole_folder_has_no_problems_and_may_keep_old_partial_tiles(published):
    assert (published / "tile/0/001.p/44").exists()
    assert fsck_folder(published, POLICY) == []


def current(folder):
    """Return the files that the checkpoint needs."""
    old = {folder / "tile/0/001.p/44", folder / "tile/entries/001.p/44", folder / "tile/1/000.p/1"}
    return sorted(path for path in folder.rglob("*") if path.is_file() and path not in old)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_bit_changed_in_any_file_is_found_and_the_file_named(published, data):
    file = data.draw(st.sampled_from(current(published)))
    good = file.read_bytes()
    bit = data.draw(st.integers(0, 8 * len(good) - 1))
    changed = bytearray(good)
    changed[bit // 8] ^= 1 << bit % 8
    try:
        file.write_bytes(bytes(changed))
        problems = fsck_folder(published, POLICY)
        assert problems
        path = file.relative_to(published).as_posix()
        if not path.startswith("tile/entries"):  # a changed entry shows in everything above it
            assert path in {problem.field for problem in problems}
    finally:
        file.write_bytes(good)


def test_a_missing_file_is_named(published):
    for file in current(published):
        good = file.read_bytes()
        file.unlink()
        assert [p.field for p in fsck_folder(published, POLICY)] == [file.relative_to(published).as_posix()]
        file.write_bytes(good)


def test_a_file_that_does_not_belong_is_named(published):
    for path in ("tile/0/009", "tile/7/000", "tile/entries/003.p/1", "tile/junk"):
        put(published, path, b"x")
        assert [p.field for p in fsck_folder(published, POLICY)] == [path]
        (published / path).unlink()


def test_the_checkpoint_must_be_of_this_log(published):
    stranger = Policy.of(signer("other.example", 2).verifier.vkey())
    assert [p.code for p in fsck_folder(published, stranger)] == ["note.unsigned"]


@needs_vectors
def test_the_tessera_log_is_whole():
    policy = Policy.of(vkeys()["tessera-log"])
    assert fsck_folder(VECTORS / "tlog-tiles" / "tessera-log", policy) == []


def test_an_empty_folder_and_an_empty_journal(tmp_path):
    assert [p.field for p in fsck_folder(tmp_path, POLICY)] == ["checkpoint"]
    assert fsck_journal(MemoryJournal(), POLICY) == []


def test_a_record_kept_twice_is_named():
    journal = MemoryJournal()
    journal.admit([Row(b"one"), Row(b"two")])
    leaves = [digest(b"one"), digest(b"two")]
    tree = Tree(leaves)
    head = journal.head()
    new = type(head)(2, tree.root(), Checkpoint(LOG.name, 2, tree.root()).sign(LOG))
    journal.commit(leaves, [], head, new)
    assert fsck_journal(journal, POLICY) == []
    journal.waiting[leaves[0]] = Row(b"one")
    assert ["both waiting and committed" in p.problem for p in fsck_journal(journal, POLICY)] == [True]
    journal.waiting.clear()
    journal.rows[1] = journal.rows[0]
    fields = [p.field for p in fsck_journal(journal, POLICY)]
    assert fields == ["journal:1", "journal"]
