"""Merkle proofs, signed notes and receipts in the app's code: the vectors, and Python's own, good and bad."""

import base64
import hashlib
import json
from pathlib import Path

import pytest
from tests.web.core.browser_side import Refused

from golos.ledger.checkpoint import Checkpoint
from golos.ledger.merkle import leaf_hash
from golos.ledger.note import COSIGNATURE, Signer
from golos.ledger.proof import Receipt
from golos.ledger.tree import Tree
from golos.model.ed25519 import SigningKey

VECTORS = Path(__file__).parents[3].parent / "shared" / "vectors"
needs_vectors = pytest.mark.skipif(not VECTORS.exists(), reason="the test vectors (../shared) are not here")
LEAVES = [hashlib.sha256(bytes([at % 256, at // 256])).digest() for at in range(300)]


def b64(text):
    return base64.b64decode(text or "")


@needs_vectors
def test_inclusion_vectors(app):
    cases = json.loads((VECTORS / "merkle" / "inclusion.json").read_text())
    for case in cases:
        proof = [b64(one) for one in case["proof"] or []]
        found = app.ask("inclusion", b64(case["leafHash"]), case["leafIdx"], case["treeSize"], proof, b64(case["root"]))
        assert found == (not case["wantErr"]), case["desc"]
    assert len(cases) > 50


@needs_vectors
def test_consistency_vectors(app):
    cases = json.loads((VECTORS / "merkle" / "consistency.json").read_text())
    for case in cases:
        proof = [b64(one) for one in case["proof"] or []]
        roots = b64(case["root1"]), b64(case["root2"])
        found = app.ask("consistency", case["size1"], roots[0], case["size2"], roots[1], proof)
        assert found == (not case["wantErr"]), case["desc"]
    assert len(cases) > 50


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 9, 63, 64, 65])
def test_proofs_made_here_are_pythons(app, size):
    leaves = LEAVES[:size]
    tree, hashes = Tree(leaves), [leaf_hash(leaf) for leaf in leaves]
    assert app.ask("root", hashes) == tree.root()
    for index in {0, size // 2, size - 1}:
        assert app.ask("prove", hashes, index) == tree.inclusion(index, size)
    for old in {1, (size + 1) // 2, size}:
        assert app.ask("proveConsistency", hashes, old) == tree.consistency(old, size)


@pytest.fixture(scope="module")
def signers():
    key = [SigningKey(bytes([at]) * 32) for at in range(3)]
    return Signer("log.example", key[0]), [Signer(f"witness.example/{at}", key[at], COSIGNATURE) for at in (1, 2)]


def receipt_of(signers, index, size=200, witnesses=2):
    log, cosigners = signers
    tree = Tree(LEAVES[:size])
    checkpoint = Checkpoint("log.example", size, tree.root())
    note = checkpoint.sign(log)
    for cosigner in cosigners[:witnesses]:
        note += cosigner.signature(checkpoint.text(), 1_600_000_000).line().encode()
    return Receipt(index, tuple(tree.inclusion(index, size)), note)


def test_receipts_verify_and_are_written_as_python_writes_them(app, signers):
    log, cosigners = signers
    keys = [one.verifier.vkey() for one in cosigners]
    for index in (0, 77, 199):
        receipt = receipt_of(signers, index)
        size, root, again = app.ask("receipt", receipt.encode(), LEAVES[index], log.verifier.vkey(), keys, 2)
        assert (size, root, again) == (200, Tree(LEAVES[:200]).root(), receipt.encode())


def test_false_receipts_are_refused(app, signers):
    log, cosigners = signers
    keys, vkey = [one.verifier.vkey() for one in cosigners], log.verifier.vkey()
    good = receipt_of(signers, 5)
    other = Signer("log.example", SigningKey(b"\x07" * 32))

    def refusal(data, leaf=LEAVES[5], key=vkey, quorum=2):
        with pytest.raises(Refused) as caught:
            app.ask("receipt", data, leaf, key, keys, quorum)
        return str(caught.value)

    assert refusal(good.encode(), leaf=LEAVES[6]) == "receipt.forged"
    assert refusal(Receipt(6, good.hashes, good.checkpoint).encode()) == "receipt.forged"
    assert refusal(Receipt(5, good.hashes[:-1], good.checkpoint).encode()) == "receipt.forged"
    assert refusal(receipt_of(signers, 5, witnesses=1).encode()) == "checkpoint.quorum"
    assert refusal(good.encode(), key=other.verifier.vkey()) == "checkpoint.unsigned"
    assert refusal(good.encode().replace(b"\n200\n", b"\n201\n")) == "note.forged"
    assert refusal(b"") == refusal(good.encode().replace(b"tlog-proof@v1", b"tlog-proof@v2")) == "receipt.malformed"
    assert refusal(good.encode().replace(b"index 5", b"index 05")) == "receipt.malformed"


@needs_vectors
def test_the_signed_notes_of_the_vectors(app):
    keys = [line for line in (VECTORS / "note-vkeys.txt").read_text().split() if "+" in line]
    note = (VECTORS / "signed-note-spec-example.txt").read_bytes()
    usable = [key for key in keys if app_reads(app, key)]
    assert app.ask("note", note, usable)[0] == note[: note.rindex(b"\n\n") + 1]
    with pytest.raises(Refused, match=r"note\.(forged|unsigned)"):
        app.ask("note", b"x" + note, usable)


def app_reads(app, key):
    try:
        app.ask("vkey", key)
    except Refused:
        return False
    return True


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"a\x01\n\n\xe2\x80\x94 x AAAA\n",
        b"t\n\n- x AAAAAAAA\n",
        b"\xff\n\n\xe2\x80\x94 x AAAAAAAA\n",
    ],
)
def test_what_is_no_note_is_refused(app, note):
    with pytest.raises(Refused, match=r"note\.malformed"):
        app.ask("noteText", note)


def test_words_are_six_and_the_same_in_every_script(app):
    name = hashlib.sha256(b"record").digest()
    english, belarusian, russian = (app.ask("words", name, language) for language in ("en", "be", "ru"))
    assert [len(words) for words in (english, belarusian, russian)] == [6, 6, 6]
    assert all(len(word) == 5 for word in english)
    table = str.maketrans("bdfghjklmnprstvzaiou", "бдфгхжклмнпрствзаіоу")
    assert [word.translate(table) for word in english] == belarusian
    assert [word.replace("і", "и") for word in belarusian] == russian
    assert english != app.ask("words", hashlib.sha256(b"other").digest(), "en")
