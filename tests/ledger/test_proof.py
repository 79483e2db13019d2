import pytest
from hypothesis import given
from hypothesis import strategies as st
from ledger_support import signer

from golos.ledger.checkpoint import Checkpoint
from golos.ledger.note import COSIGNATURE
from golos.ledger.policy import Policy
from golos.ledger.proof import Receipt
from golos.ledger.tree import Tree
from golos.model.problem import Problem

LOG, WITNESS = signer(), signer("w.example", 7, COSIGNATURE)
LEAVES = [bytes([i]) * 32 for i in range(21)]
TREE = Tree(LEAVES)
POLICY = Policy.of(LOG.verifier.vkey(), [WITNESS.verifier.vkey()], 1)


def receipt(index, size=21, extra=b""):
    checkpoint = Checkpoint(LOG.name, size, TREE.root(size))
    lines = WITNESS.signature(checkpoint.text(), 1).line().encode()
    return Receipt(index, tuple(TREE.inclusion(index, size)), checkpoint.sign(LOG) + lines, extra)


def test_it_reads_as_the_specification_says():
    text = receipt(20, extra=b"\xff").encode().decode()
    head, checkpoint = text.split("\n\n", 1)
    lines = head.split("\n")
    assert lines[:3] == ["c2sp.org/tlog-proof@v1", "extra /w==", "index 20"]
    assert all(len(line) == 44 for line in lines[3:])
    assert checkpoint.startswith("example.org/log\n21\n")
    assert receipt(0, 1).encode().startswith(b"c2sp.org/tlog-proof@v1\nindex 0\n\nexample.org/log\n1\n")


@given(st.integers(1, 21), st.data(), st.binary(max_size=5))
def test_every_receipt_comes_back_and_verifies(size, data, extra):
    index = data.draw(st.integers(0, size - 1))
    again = Receipt.parse(receipt(index, size, extra).encode())
    assert again == receipt(index, size, extra)
    assert again.verify(LEAVES[index], POLICY).size == size


@given(st.data())
def test_a_receipt_with_any_bit_changed_is_refused(data):
    good = receipt(13).encode()
    bit = data.draw(st.integers(0, 8 * len(good) - 1))
    changed = bytearray(good)
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Problem):
        Receipt.parse(bytes(changed)).verify(LEAVES[13], POLICY)


def test_a_receipt_is_for_one_record_and_needs_the_quorum():
    with pytest.raises(Problem) as caught:
        receipt(13).verify(LEAVES[12], POLICY)
    assert caught.value.code == "proof.inclusion"
    alone = Receipt(13, receipt(13).hashes, Checkpoint(LOG.name, 21, TREE.root()).sign(LOG))
    with pytest.raises(Problem) as caught:
        alone.verify(LEAVES[13], POLICY)
    assert caught.value.code == "checkpoint.quorum"
    assert alone.verify(LEAVES[13], Policy.of(LOG.verifier.vkey())).size == 21


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_with_a_problem(data):
    for each in (data, b"c2sp.org/tlog-proof@v1\n" + data, b"c2sp.org/tlog-proof@v1\nindex 1\n" + data):
        with pytest.raises(Problem):
            Receipt.parse(each).verify(LEAVES[0], POLICY)


@pytest.mark.parametrize(
    "change",
    [
        (b"index 13", b"index 013"),
        (b"index 13", b"index -13"),
        (b"index 13", b"index 99999999999999999999"),
        (b"index 13\n", b""),
        (b"@v1", b"@v2"),
        (b"\n\n", b"\n" + b"A" * 43 + b"=\n\n"),
        (b"\n\n", (b"\n" + b"A" * 43 + b"=") * 70 + b"\n\n"),
        (b"\n\n", b"\nAAAA\n\n"),
    ],
)
def test_a_malformed_receipt_is_refused(change):
    with pytest.raises(Problem):
        Receipt.parse(receipt(13).encode().replace(*change, 1)).verify(LEAVES[13], POLICY)


def test_more_hashes_than_any_tree_needs_are_refused_on_reading():
    long = (b"\n" + b"A" * 43 + b"=") * 70 + b"\n\n"
    with pytest.raises(Problem) as caught:
        Receipt.parse(receipt(13).encode().replace(b"\n\n", long, 1))
    assert caught.value.code == "receipt.malformed"
