import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_support import VECTORS, needs_vectors, verifier, vkeys

from golos.ledger import tiles
from golos.ledger.checkpoint import open_checkpoint
from golos.ledger.merkle import verify_consistency, verify_inclusion
from golos.ledger.tiles import Tile
from golos.ledger.tree import Tree
from golos.model.problem import Problem

TESSERA = VECTORS / "tlog-tiles" / "tessera-log"
SUNLIGHT = VECTORS / "tlog-tiles" / "sunlight-witness"
LOG = "000de184301123b9278c086a7d9f68c9577e83872224c197058fd90784ea9706"
NAVIGLI = VECTORS / "tlog-tiles" / "navigli2025h2"


@needs_vectors
def test_the_tessera_log_at_all_its_sizes():
    log = verifier(vkeys()["tessera-log"])
    entries = tiles.decode_entries((TESSERA / "tile/entries/000.p/15").read_bytes())
    tree = Tree(entries)
    roots = []
    for size in range(16):
        checkpoint, _ = open_checkpoint((TESSERA / f"checkpoint.{size}").read_bytes(), log)
        assert (checkpoint.size, checkpoint.root) == (size, tree.root(size))
        roots.append(checkpoint.root)
        for index in range(size):
            verify_inclusion(tree.leaf(index), index, size, tree.inclusion(index, size), checkpoint.root)
        for old in range(1, size + 1):
            verify_consistency(old, roots[old], size, checkpoint.root, tree.consistency(old, size))
        written = {}
        tiles.write(tree, lambda start, stop: entries[start:stop], written.__setitem__, size)
        assert all((TESSERA / path).read_bytes() == data for path, data in written.items())
        assert len(written) == (2 if size else 0)


@needs_vectors
def test_the_sunlight_mirror_and_both_its_cosignatures():
    mirror = SUNLIGHT / "mirror" / LOG
    hashes = [(mirror / path).read_bytes() for path in ("tile/0/000", "tile/0/001.p/44")]
    tree = Tree()
    tree.append_hashes(b"".join(hashes))
    assert tree.size == 300
    assert [tree.tile(0, 0, 256), tree.tile(0, 1, 44)] == hashes
    (level_1,) = [path for path in (mirror / "tile" / "1").rglob("*") if path.is_file()]
    assert tree.tile(1, 0, 1) == level_1.read_bytes()
    for name, note in (
        ("sunlight-mirror", mirror / "checkpoint"),
        ("sunlight-witness", SUNLIGHT / LOG / "checkpoint"),
    ):
        checkpoint, _ = open_checkpoint(note.read_bytes(), verifier(vkeys()[name]), origin="rome2026h1.example.org")
        if name == "sunlight-mirror":
            assert (checkpoint.size, checkpoint.root) == (300, tree.root())


@needs_vectors
def test_navigli_tiles_of_a_real_ct_log():
    folder = NAVIGLI / "tile" / "0"
    full = [(folder / name).read_bytes() for name in ("000", "001", "002", "003")]
    partial = (folder / "003.p" / "10").read_bytes()
    assert full[3].startswith(partial)
    tree = Tree()
    tree.append_hashes(b"".join(full))
    assert tree.size == 1024
    assert [tree.tile(tile.level, tile.index, tile.width) for tile in tiles.tiles(1024) if not tile.level] == full
    for size in (778, 1024):
        for index in (0, 255, 256, 777):
            verify_inclusion(tree.leaf(index), index, size, tree.inclusion(index, size), tree.root(size))
    verify_consistency(778, tree.root(778), 1024, tree.root(), tree.consistency(778, 1024))


def test_the_numbers_of_the_specification():
    assert tiles.number(1234067) == "x001/x234/067"
    assert [tiles.number(i) for i in (0, 7, 999, 1000)] == ["000", "007", "999", "x001/000"]
    assert tiles.number(273, 112) == "273.p/112"
    size = list(tiles.tiles(70_000))
    assert [len([t for t in size if t.level == level]) for level in range(3)] == [274, 2, 1]
    assert [t for t in size if t.width < 256] == [Tile(0, 273, 112), Tile(1, 1, 17), Tile(2, 0, 1)]
    assert list(tiles.tiles(256)) == [Tile(0, 0, 256), Tile(1, 0, 1)]
    assert list(tiles.tiles(0)) == []
    assert list(tiles.tiles(70_000, 70_000)) == []
    assert list(tiles.tiles(70_001, 70_000)) == [Tile(0, 273, 113)]


@given(st.lists(st.integers(0, 700), min_size=1, max_size=5))
def test_tiles_written_in_steps_are_those_written_at_once_and_old_partial_ones(steps):
    sizes = sorted(steps)
    leaves = [i.to_bytes(32, "big") for i in range(sizes[-1])]
    tree = Tree(leaves)
    stepwise, old = {}, 0
    for size in sizes:

        def put(path, data):
            assert stepwise.get(path, data) == data
            stepwise[path] = data

        tiles.write(tree, lambda start, stop: leaves[start:stop], put, size, old)
        old = size
    at_once = {}
    tiles.write(tree, lambda start, stop: leaves[start:stop], at_once.__setitem__, sizes[-1])
    assert at_once.items() <= stepwise.items()
    assert all(".p/" in path for path in stepwise.keys() - at_once.keys())
    again = Tree()
    for tile in tiles.tiles(sizes[-1]):
        if tile.level == 0:
            again.append_hashes(at_once[tile.path])
    assert again.root() == tree.root()


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_bundles_round_trip(entries):
    assert tiles.decode_entries(tiles.encode_entries(entries)) == entries
    some = [*entries, None]
    assert tiles.decode_records(tiles.encode_records(some)) == some


@given(st.lists(st.binary(min_size=1, max_size=40), min_size=1, max_size=5))
def test_a_bundle_cut_short_is_refused_and_named(entries):
    for encode, decode in (
        (tiles.encode_entries, tiles.decode_entries),
        (tiles.encode_records, tiles.decode_records),
    ):
        with pytest.raises(Problem, match="bundle 7") as caught:
            decode(encode(entries)[:-1], "bundle 7")
        assert caught.value.code == "tiles.malformed"
