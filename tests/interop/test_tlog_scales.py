"""tlog-scales, another program for C2SP logs, reads the published folder and makes the very receipts of Golos."""

import subprocess
import sys

import pytest
from tests.interop.published import DATA, LOG, SIZES, TREE, WITNESS, receipt

from golos.ledger.tiles import Tile

pytest.importorskip("tlog_scales", reason="no tlog-scales: it is one of the requirements of the tests")
from tlog_scales.backend import LocalBackend
from tlog_scales.reader import TilesReader
from tlog_scales.signing import Vkey
from tlog_scales.tiles import leaf_hash, tile_path

pytestmark = pytest.mark.xdist_group("interop")


@pytest.mark.parametrize(("size", "index"), [(1, 0), (255, 254), (256, 128), (257, 256), (70_000, 69_999)])
def test_it_makes_the_same_receipt_from_the_published_files(logs, size, index):
    command = [sys.executable, "-m", "tlog_scales.cli", "gen-proof", logs[size], str(index)]
    assert subprocess.run(command, capture_output=True, check=True, timeout=60).stdout == receipt(index, size)


@pytest.mark.parametrize("size", SIZES)
def test_it_accepts_the_signatures_and_finds_leaves_and_older_trees_in_the_tree(logs, size):
    reader = TilesReader(LocalBackend(logs[size]))
    checkpoint = reader.get_checkpoint()
    for signer in (LOG, WITNESS):
        checkpoint.verify(Vkey.from_string(signer.verifier.vkey()))
    assert checkpoint.size == size and checkpoint.root_hash == reader.calculate_root_hash()
    for index in {0, size // 3, size // 2, size - 1}:
        assert reader.get_entry(index) == DATA[index]
        proof = reader.get_inclusion_proof(index, size)
        assert proof.node_hashes == TREE.inclusion(index, size)
        proof.check(leaf_hash(DATA[index]), checkpoint.root_hash)
    for old in (other for other in SIZES if other < size):
        proof = reader.get_consistency_proof(old, size)
        assert proof.node_hashes == TREE.consistency(old, size)
        proof.check(TREE.root(old), checkpoint.root_hash)


@pytest.mark.parametrize("number", [0, 7, 999, 1000, 1067, 999_999, 1_000_000, 1_234_067])
def test_it_looks_for_tiles_where_they_lie(number):
    for level, width in ((0, 256), (2, 1), (5, 255)):
        assert "/".join(tile_path(level, number, width % 256)) == Tile(level, number, width).path
