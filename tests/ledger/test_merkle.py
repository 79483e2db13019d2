import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_support import VECTORS, needs_vectors

from golos.ledger.merkle import (
    EMPTY_ROOT,
    ProofError,
    leaf_hash,
    node_hash,
    verify_consistency,
    verify_inclusion,
)
from golos.ledger.tree import Tree


def vectors(name):
    file = VECTORS / "merkle" / f"{name}.json"
    return json.loads(file.read_text()) if file.exists() else []


def unpack(text):
    return base64.b64decode(text or "")


@needs_vectors
def test_all_196_vectors_are_there():
    assert (len(vectors("inclusion")), len(vectors("consistency"))) == (98, 98)


@pytest.mark.parametrize("case", vectors("inclusion"), ids=lambda case: case["file"])
def test_inclusion_vector(case):
    def verdict():
        proof = [unpack(item) for item in case["proof"] or []]
        verify_inclusion(unpack(case["leafHash"]), case["leafIdx"], case["treeSize"], proof, unpack(case["root"]))

    check(verdict, case["wantErr"])


@pytest.mark.parametrize("case", vectors("consistency"), ids=lambda case: case["file"])
def test_consistency_vector(case):
    def verdict():
        proof = [unpack(item) for item in case["proof"] or []]
        verify_consistency(case["size1"], unpack(case["root1"]), case["size2"], unpack(case["root2"]), proof)

    check(verdict, case["wantErr"])


def check(verdict, refused):
    if refused:
        with pytest.raises(ProofError):
            verdict()
    else:
        verdict()


def definition(data):
    """MTH of RFC 6962 section 2.1, word for word."""
    if not data:
        return EMPTY_ROOT
    if len(data) == 1:
        return leaf_hash(data[0])
    k = 1
    while k * 2 < len(data):
        k *= 2
    return node_hash(definition(data[:k]), definition(data[k:]))


LEAVES = [i.to_bytes(32, "big") for i in range(600)]
TREE = Tree(LEAVES)


def test_roots_are_those_of_the_definition():
    for size in [*range(70), 127, 128, 129, 255, 256, 257, 511, 512, 513, 600]:
        assert TREE.root(size) == definition(LEAVES[:size])


@given(st.lists(st.integers(0, 40), max_size=12))
def test_appending_in_any_portions_gives_the_same_tree(portions):
    tree, start = Tree(), 0
    for portion in portions:
        tree.append(LEAVES[start : start + portion])
        start += portion
    assert (tree.size, tree.root()) == (start, definition(LEAVES[:start]))
    assert all(tree.root(size) == TREE.root(size) for size in range(start + 1))


def flipped(data, bit):
    changed = bytearray(data)
    changed[bit // 8 % len(data)] ^= 1 << bit % 8
    return bytes(changed)


@given(st.data())
def test_an_inclusion_proof_verifies_and_with_any_bit_changed_does_not(data):
    size = data.draw(st.integers(1, 600))
    index = data.draw(st.integers(0, size - 1))
    proof, root, leaf = TREE.inclusion(index, size), TREE.root(size), TREE.leaf(index)
    verify_inclusion(leaf, index, size, proof, root)
    parts = [leaf, root, *proof]
    part, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    parts[part] = flipped(parts[part], bit)
    with pytest.raises(ProofError):
        verify_inclusion(parts[0], index, size, parts[2:], parts[1])
    for wrong in (proof[:-1] if proof else [root], [*proof, root]):
        with pytest.raises(ProofError):
            verify_inclusion(leaf, index, size, wrong, root)
    other = data.draw(st.integers(0, size - 1).filter(lambda i: i != index)) if size > 1 else size
    with pytest.raises(ProofError):
        verify_inclusion(leaf, other, size, proof, root)


@given(st.data())
def test_a_consistency_proof_verifies_and_with_any_bit_changed_does_not(data):
    size = data.draw(st.integers(1, 600))
    old = data.draw(st.integers(1, size))
    proof, roots = TREE.consistency(old, size), [TREE.root(old), TREE.root(size)]
    verify_consistency(old, roots[0], size, roots[1], proof)
    parts = [*roots, *proof]
    part, bit = data.draw(st.integers(0, len(parts) - 1)), data.draw(st.integers(0, 255))
    parts[part] = flipped(parts[part], bit)
    with pytest.raises(ProofError):
        verify_consistency(old, parts[0], size, parts[1], parts[2:])
    for wrong in (proof[:-1] if proof else [roots[0]], [*proof, roots[0]]):
        with pytest.raises(ProofError):
            verify_consistency(old, roots[0], size, roots[1], wrong)


def test_hashes_of_another_length_are_refused():
    proof = TREE.inclusion(3, 10)
    with pytest.raises(ProofError, match="32 bytes"):
        verify_inclusion(TREE.leaf(3), 3, 10, [proof[0] + b"\0", *proof[1:]], TREE.root(10))


@pytest.mark.parametrize(
    "ask",
    [
        lambda: TREE.root(601),
        lambda: TREE.root(-1),
        lambda: TREE.leaf(600),
        lambda: TREE.leaf(-1),
        lambda: TREE.inclusion(5, 5),
        lambda: TREE.consistency(7, 6),
        lambda: TREE.tile(0, 2, 89),
        lambda: TREE.tile(1, 0, 3),
        lambda: TREE.tile(0, 0, 0),
        lambda: TREE.tile(0, 0, 257),
    ],
)
def test_the_tree_refuses_what_it_does_not_hold(ask):
    with pytest.raises(IndexError):
        ask()
