"""Go's own code (golang.org/x/mod/sumdb/note and tlog) reads the logs made here, and refuses them once damaged."""

import shutil
import subprocess
from pathlib import Path

import pytest
from tests.interop.published import DATA, LOG, SIZES, TREE, receipt, signed

from golos.ledger.checkpoint import Checkpoint
from golos.ledger.note import Signer, encode64, open_note
from golos.ledger.tree import Tree

pytestmark = pytest.mark.xdist_group("interop")


@pytest.fixture
def go(readlog):
    """Run the program; return what it says, None if it refuses."""

    def run(*arguments: object) -> str | None:
        done = subprocess.run([readlog, *map(str, arguments)], capture_output=True, text=True, timeout=60)
        assert done.returncode in (0, 1) and (done.returncode == 0) == (not done.stderr), done.stderr
        return None if done.returncode else done.stdout

    return run


@pytest.mark.parametrize("size", SIZES)
def test_go_reads_tiles_entries_and_checkpoint_and_proves_inclusion_and_consistency(go, logs, size):
    older = [old for old in SIZES if old <= size]
    said = go("log", LOG.verifier.vkey(), logs[size], *(logs[old] / "checkpoint" for old in older))
    first, *others = said.splitlines()
    expected = {
        n for n in (0, 1, 127, 128, 254, 255, 256, 257, 511, 512, 65535, 65536, size // 2, size - 1) if n < size
    }
    assert first == f"size {size}, entries {size}, included {len(expected)}"
    assert others == [f"consistent with size {old}" for old in older]


@pytest.mark.parametrize(
    ("size", "index"), [(1, 0), (255, 254), (256, 0), (257, 256), (70_000, 65_535), (70_000, 69_999)]
)
def test_go_accepts_a_receipt_for_its_record_alone(go, tmp_path, size, index):
    vkey, file = LOG.verifier.vkey(), tmp_path / "receipt"
    file.write_bytes(receipt(index, size))
    assert go("receipt", vkey, file, DATA[index].hex()) == f"entry {index} is in the tree of {size}\n"
    assert go("receipt", vkey, file, DATA[index + 1 - len(DATA)].hex()) is None


@pytest.mark.parametrize(("old", "new"), [(1, 255), (255, 256), (256, 257), (257, 70_000), (65_536, 70_000)])
def test_go_accepts_the_consistency_proofs_that_witnesses_get(go, tmp_path, old, new):
    names = [tmp_path / "old", tmp_path / "new", tmp_path / "proof"]
    names[0].write_bytes(signed(old))
    names[1].write_bytes(signed(new))
    names[2].write_text("\n".join(map(encode64, TREE.consistency(old, new))))
    vkey = LOG.verifier.vkey()
    assert go("consistency", vkey, *names) == f"the tree of {new} continues that of {old}\n"
    names[0].write_bytes(signed(old, Tree(DATA[:0:-1])))
    assert go("consistency", vkey, *names) is None


def flip(file: Path, at: int) -> None:
    data = bytearray(file.read_bytes())
    data[at] ^= 1
    file.write_bytes(data)


@pytest.mark.parametrize(
    ("path", "at"),
    [
        ("tile/0/000", 0),
        ("tile/0/001.p/1", 31),
        ("tile/1/000.p/1", 5),
        ("tile/entries/000", 2),
        ("tile/entries/000", 1),
    ],
)
def test_a_flipped_bit_is_refused(go, logs, tmp_path, path, at):
    folder = shutil.copytree(logs[257], tmp_path / "log")
    flip(folder / path, at)
    assert go("log", LOG.verifier.vkey(), folder) is None


def test_other_keys_roots_and_forks_are_refused(go, logs, tmp_path):
    vkey = LOG.verifier.vkey()
    assert go("log", Signer.generate(LOG.name).verifier.vkey(), logs[257]) is None
    folder = shutil.copytree(logs[257], tmp_path / "log")
    (folder / "checkpoint").write_bytes(signed(257, signer=Signer.generate(LOG.name)))
    assert go("log", vkey, folder) is None
    fork = Tree(DATA[:0:-1])
    (folder / "checkpoint").write_bytes(signed(257, fork))
    assert go("log", vkey, folder) is None
    (tmp_path / "fork").write_bytes(signed(255, fork))
    assert go("log", vkey, logs[257], tmp_path / "fork") is None


def test_go_signs_the_very_same_note_and_golos_opens_it(go, tmp_path):
    text = Checkpoint(LOG.name, 257, TREE.root(257)).text()
    (tmp_path / "text").write_bytes(text)
    note = go("sign", LOG.skey(), tmp_path / "text").encode()
    assert note == LOG.sign(text)
    assert open_note(note, [LOG.verifier])[0] == text
