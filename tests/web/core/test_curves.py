"""Ed25519 and HPKE in the app's code, beside Python's: the same vectors, the same accept set."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.web.core.browser_side import Refused

from golos.credential import sealing
from golos.credential.sealing import SealingKey
from golos.model.ed25519 import SigningKey, verify

VECTORS = Path(__file__).parents[3].parent / "shared" / "vectors"
needs_vectors = pytest.mark.skipif(not VECTORS.exists(), reason="the test vectors (../shared) are not here")
ELECTION = bytes(range(32))
KEY = SealingKey.generate()
LABELS = {"envelope": sealing.ENVELOPE_LABEL, "inner": sealing.INNER_LABEL, "photo": sealing.PHOTO_LABEL}


@needs_vectors
def test_of_the_914_edge_cases_the_same_43_pass(app):
    cases = json.loads((VECTORS / "cctv-ed25519" / "ed25519vectors.json").read_text())
    asked = [(bytes.fromhex(c["key"]), c["msg"].encode(), bytes.fromhex(c["sig"])) for c in cases]
    found = app.ask("verifyAll", asked)
    assert found == [verify(*one) for one in asked]
    assert (len(found), sum(found)) == (914, 43)


def test_keys_and_signatures_are_pythons_to_the_byte(app):
    for seed in (bytes(32), bytes(range(32)), b"\xff" * 32):
        key = SigningKey(seed)
        assert app.ask("public", seed) == key.public
        assert app.ask("sign", seed, b"message") == key.sign(b"message")


def test_each_side_opens_what_the_other_sealed(app):
    for size in (1, 100, 700, 4000, 16_000):
        content = bytes(range(1, 256)) * (size // 255) + b"\x07" * (size % 255) + bytes(3)
        envelope = app.ask("sealEnvelope", content, b"inner", KEY.public, ELECTION)
        assert sealing.open_envelope(envelope, [KEY], ELECTION) == sealing.Contents(content, b"inner")
        ours = sealing.seal_envelope(content, b"inner", KEY.public, ELECTION)
        assert len(ours) == len(envelope)
        found = app.ask("open", ours, KEY.secret, KEY.public, LABELS["envelope"], ELECTION)
        assert found == app.ask("cbor", [content, b"inner"])


def test_photographs_and_inner_parts_have_pythons_lengths(app):
    for size in (0, 1, 8191, 8192, 20_000):
        photo = app.ask("sealPhoto", b"\x05" * size, KEY.public, ELECTION)
        assert len(photo) == len(sealing.seal_photo(b"\x05" * size, KEY.public, ELECTION))
        assert sealing.open_photo(photo, [KEY], ELECTION) == b"\x05" * size
    inner = app.ask("sealInner", b"inner part", KEY.public, ELECTION, 256)
    assert len(inner) == len(sealing.seal_inner(b"inner part", KEY.public, ELECTION, 256))
    assert sealing.open_inner(inner, [KEY], ELECTION) == b"inner part"


def test_too_much_for_an_envelope_is_refused_as_in_python(app):
    with pytest.raises(Refused, match=r"sealed\.too_long"):
        app.ask("sealEnvelope", bytes(16_384), b"", KEY.public, ELECTION)


@needs_vectors
def test_rfc_9180(app):
    vectors = json.loads((VECTORS / "hpke" / "rfc9180_base_x25519_hkdfsha256.json").read_text())
    vector = next(one for one in vectors if one["aead_id"] == 2)
    secret, public, ephemeral, point, info, enc = (
        bytes.fromhex(vector[name]) for name in ("skRm", "pkRm", "skEm", "pkEm", "info", "enc")
    )
    messages = vector["encryptions"][:2]
    assert [len(messages), bytes.fromhex(messages[0]["nonce"])] == [2, bytes.fromhex(vector["base_nonce"])]
    sent = [[bytes.fromhex(m["aad"]), bytes.fromhex(m["pt"])] for m in messages]
    made = app.ask("hpke", secret, public, [ephemeral, point], info, sent)
    assert made == [enc, *(bytes.fromhex(m["ct"]) for m in messages)]


@settings(max_examples=40, deadline=None)
@given(message=st.binary(max_size=200), seed=st.binary(min_size=32, max_size=32), flip=st.integers(0, 511))
def test_a_flipped_bit_is_refused_on_both_sides(app, message, seed, flip):
    key = SigningKey(seed)
    good = key.sign(message)
    bad = bytearray(good)
    bad[flip // 8] ^= 1 << flip % 8
    assert app.ask("verify", key.public, message, good)
    assert app.ask("verify", key.public, message, bytes(bad)) == verify(key.public, message, bytes(bad)) == False  # noqa: E712
