import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from ledger_support import VECTORS, needs_vectors, signer, verifier, vkeys

from golos.ledger import note
from golos.ledger.checkpoint import Checkpoint, open_checkpoint
from golos.ledger.note import COSIGNATURE, Signer, Verifier, open_note
from golos.model.problem import Problem

ALICE, BOB = signer("alice.example", 1), signer("bob.example", 2)
TEXT = "Голоса\n\nпосле пустой строки\n".encode()


def refused(code, action):
    with pytest.raises(Problem) as caught:
        action()
    assert caught.value.code == code
    assert caught.value.remedy
    return caught.value


@needs_vectors
def test_the_example_of_the_specification():
    data = (VECTORS / "signed-note-spec-example.txt").read_bytes()
    key = verifier(vkeys()["signed-note-spec-example"])
    text, known = open_note(data, [key])
    assert (text, list(known)) == (b"This is an example message.\n", [key])


@needs_vectors
def test_the_checkpoint_of_the_go_checksum_database():
    data = (VECTORS / "go-sumdb-checkpoint.txt").read_bytes()
    key = verifier(vkeys()["go-sumdb"])
    checkpoint, _ = open_checkpoint(data, key, origin="go.sum database tree")
    assert checkpoint.size == 35_225_469
    assert data.startswith(checkpoint.text())
    refused("checkpoint.origin", lambda: open_checkpoint(data, key))


@needs_vectors
def test_the_verifier_keys_of_the_vectors_have_one_spelling():
    for vkey in vkeys().values():
        assert Verifier.parse(vkey).vkey() == vkey


def test_a_signed_text_opens_for_whoever_knows_the_key_and_for_nobody_else():
    signed = ALICE.sign(TEXT)
    assert open_note(signed, [BOB.verifier, ALICE.verifier]) == (TEXT, {ALICE.verifier: note.parse(signed)[1][0]})
    refused("note.unsigned", lambda: open_note(signed, [BOB.verifier]))
    same_name = signer("alice.example", 3)
    refused("note.unsigned", lambda: open_note(signed, [same_name.verifier]))


@given(st.integers(0, 8 * len(ALICE.sign(TEXT)) - 1))
def test_a_note_with_any_bit_changed_is_refused(bit):
    changed = bytearray(ALICE.sign(TEXT))
    changed[bit // 8] ^= 1 << bit % 8
    with pytest.raises(Problem):
        open_note(bytes(changed), [ALICE.verifier])


def test_signatures_by_unknown_keys_are_ignored_and_false_ones_by_known_keys_are_not():
    text = b"text\n"
    unknown = BOB.signature(text).line().encode()
    false = BOB.signature(b"other\n").line().encode()
    assert list(open_note(ALICE.sign(text) + unknown, [ALICE.verifier])[1]) == [ALICE.verifier]
    assert list(open_note(ALICE.sign(text) + false, [ALICE.verifier])[1]) == [ALICE.verifier]
    problem = refused(
        "note.forged", lambda: open_note(ALICE.sign(text) + false, [ALICE.verifier, BOB.verifier], "checkpoint")
    )
    assert problem.field == "checkpoint"
    assert "bob.example" in problem.problem
    good_then_false = ALICE.sign(text) + ALICE.signature(b"other\n").line().encode()
    refused("note.forged", lambda: open_note(good_then_false, [ALICE.verifier]))


def test_a_key_counts_once_however_often_it_signed():
    witness = signer("witness.example", 5, COSIGNATURE)
    lines = "".join(witness.signature(b"text\n", time).line() for time in (100, 200)).encode()
    _, known = open_note(ALICE.sign(b"text\n") + lines, [witness.verifier])
    assert [signature.time for signature in known.values()] == [100]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"text\n",
        b"text\n\n",
        b"text\n\nno signature\n",
        ALICE.sign(b"text\n")[:-1],
        ALICE.sign(b"text\n") + b"\n",
        ALICE.sign(b"text\n").replace(b"text", b"te\rxt"),
        ALICE.sign(b"text\n").replace(b"text", b"te\xffxt"),
        ALICE.sign(b"text\n").replace("\u2014".encode(), b"-"),
        b"text\n\n\xe2\x80\x94  AAAAAAAA\n",
        "text\n\n\u2014 a\u00a0b AAAAAAAA\n".encode(),
        "text\n\n\u2014 a+b AAAAAAAA\n".encode(),
        "text\n\n\u2014 a AAAA\n".encode(),
        "text\n\n\u2014 a AAAAAAB=\n".encode(),
        "text\n\n\u2014 a AAAAAAA\n".encode(),
        "text\n\n\u2014 a AAAA AAAA\n".encode(),
        b"text\n\n" + ALICE.signature(b"text\n").line().encode() * 101,
        b"x" * (1 << 20) + ALICE.sign(b"text\n"),
    ],
)
def test_what_is_no_note_is_refused(data):
    refused("note.malformed", lambda: open_note(data, [ALICE.verifier]))


def test_a_hundred_signatures_are_not_too_many():
    many = b"text\n\n" + ALICE.signature(b"text\n").line().encode() * 100
    assert open_note(many, [ALICE.verifier])[0] == b"text\n"


@given(st.binary(max_size=200))
@example("a\n\n\u2014 b ".encode())
def test_any_bytes_open_or_are_refused_with_a_problem(data):
    with pytest.raises(Problem):
        open_note(data, [ALICE.verifier])


@settings(max_examples=30)
@given(st.sampled_from([1, 4]))
def test_keys_have_a_text_form_that_comes_back(kind):
    key = Signer.generate("log.example/a", kind)
    again = Signer.parse(key.skey())
    assert again.verifier == key.verifier == Verifier.parse(key.verifier.vkey())
    assert again.signature(b"t\n", 7) == key.signature(b"t\n", 7)


@pytest.mark.parametrize(
    "vkey",
    [
        "",
        "name",
        "name+00000000",
        ALICE.verifier.vkey().replace("alice", "alicf"),
        ALICE.verifier.vkey().replace("+", " +", 1),
        ALICE.verifier.vkey()[:-4],
        ALICE.verifier.vkey() + "=",
        ALICE.verifier.vkey() + "\n",
        "a+12345678+" + note.encode64(b"\x02" + bytes(32)),
    ],
)
def test_a_key_that_is_none_is_refused(vkey):
    assert refused("note.key", lambda: Verifier.parse(vkey, "keys.toml:log")).field == "keys.toml:log"


def test_a_broken_secret_key_is_refused_without_showing_it():
    secret = ALICE.skey()
    for broken in (secret.replace("alice", "mallory"), secret[:-6], secret.replace("PRIVATE", "PUBLIC")):
        assert secret[-20:-8] not in str(refused("note.key", lambda broken=broken: Signer.parse(broken)))


def test_a_cosignature_binds_its_time():
    witness = signer("witness.example", 5, COSIGNATURE)
    signed = witness.signature(b"text\n", 1_700_000_000)
    assert signed.time == 1_700_000_000
    assert witness.verifier.verify(b"text\n", signed)
    for other in (1_700_000_001, 1 << 63):
        moved = note.Signature(signed.name, signed.key_id, other.to_bytes(8, "big") + signed.signature[8:])
        assert not witness.verifier.verify(b"text\n", moved)
    assert not witness.verifier.verify(b"text\n", witness.signature(b"text\n", 1 << 63))
    as_log = Verifier("witness.example", witness.verifier.key)
    assert as_log.key_id != witness.verifier.key_id
    assert not as_log.verify(b"text\n", signed)


@pytest.mark.parametrize(
    "text",
    [
        b"o\n1\n",
        b"o\n01\n" + b"A" * 43 + b"=\n",
        b"o\n-1\n" + b"A" * 43 + b"=\n",
        b"o\n1\n" + b"A" * 44 + b"\n",
        b"o\n1\n" + b"A" * 42 + b"B=\n",
        b"\n1\n" + b"A" * 43 + b"=\n",
        b"o\n1\n" + b"A" * 43 + b"=\n\nx\n",
        b"o\n99999999999999999999\n" + b"A" * 43 + b"=\n",
        "o\n١\n".encode() + b"A" * 43 + b"=\n",
        b"o\n1\n" + b"A" * 43 + b"=",
        b"\xff\n1\n" + b"A" * 43 + b"=\n",
    ],
)
def test_what_is_no_checkpoint_is_refused(text):
    refused("checkpoint.malformed", lambda: Checkpoint.parse(text))


@given(st.integers(0, 2**63 - 1), st.binary(min_size=32, max_size=32))
def test_a_checkpoint_comes_back(size, root):
    checkpoint = Checkpoint("example.org/log", size, root, ("extension",))
    assert Checkpoint.parse(checkpoint.text()) == checkpoint
    assert open_checkpoint(checkpoint.sign(signer()), signer().verifier) == (checkpoint, {})


def test_a_checkpoint_that_only_witnesses_signed_is_not_the_logs():
    witness = signer("witness.example", 5, COSIGNATURE)
    text = Checkpoint("example.org/log", 1, bytes(32)).text()
    cosigned = text + b"\n" + witness.signature(text, 5).line().encode()
    refused("checkpoint.unsigned", lambda: open_checkpoint(cosigned, signer().verifier, [witness.verifier]))
