"""HPKE agrees with RFC 9180 and with a second implementation; lengths say nothing; errors say what is wrong."""

import json
from pathlib import Path

import pytest
import second_hpke as hpke
from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from hypothesis import given, settings
from hypothesis import strategies as st

from golos.credential import sealing
from golos.credential.sealing import (
    ENVELOPE_SIZES,
    INNER_LABEL,
    OVERHEAD,
    SealingKey,
    open_envelope,
    open_inner,
    open_photo,
    photo_size_fits,
    seal_envelope,
    seal_inner,
    seal_photo,
)
from golos.model.problem import Problem

ELECTION = bytes(range(32))
KEY = SealingKey.generate()
VECTORS = Path(__file__).parents[2].parent / "shared/vectors/hpke/rfc9180_base_x25519_hkdfsha256.json"
needs_vectors = pytest.mark.skipif(not VECTORS.exists(), reason="the shared vectors are not beside this folder")


def vectors():
    def values(vector):
        return {name: bytes.fromhex(v) if isinstance(v, str) else v for name, v in vector.items()}

    return [values(v) for v in json.loads(VECTORS.read_text())]


@needs_vectors
def test_rfc9180_a_single_shot_interface_decrypts_3_of_3_vectors_and_encrypts_0_for_their_ephemeral_key_is_fixed():
    aeads = {1: AEAD.AES_128_GCM, 2: AEAD.AES_256_GCM, 3: AEAD.CHACHA20_POLY1305}
    done = 0
    for vector in vectors():
        suite = Suite(KEM.X25519, KDF.HKDF_SHA256, aeads[vector["aead_id"]])
        private = X25519PrivateKey.from_private_bytes(vector["skRm"])
        shot = {name: bytes.fromhex(text) for name, text in vector["encryptions"][0].items()}
        sealed = vector["enc"] + shot["ct"]
        plain = openssl.hpke._decrypt_with_aad(suite, sealed, private, vector["info"], shot["aad"])
        assert plain == shot["pt"]
        done += 1
    assert done == 3


@needs_vectors
def test_rfc9180_the_second_implementation_matches_3_of_3_vectors_in_every_value():
    for vector in vectors():
        aead = vector["aead_id"]
        secret = hpke.shared_secret(vector["skRm"], vector["enc"], vector["enc"] + vector["pkRm"])
        key, nonce, exporter = hpke.key_schedule(aead, secret, vector["info"])
        assert (secret, key, nonce) == (vector["shared_secret"], vector["key"], vector["base_nonce"])
        assert exporter == vector["exporter_secret"]
        shot = {name: bytes.fromhex(text) for name, text in vector["encryptions"][0].items()}
        enc, ciphertext = hpke.seal(aead, vector["pkRm"], vector["skEm"], vector["info"], shot["aad"], shot["pt"])
        assert (enc, ciphertext) == (vector["enc"], shot["ct"])
        exported = vector["exports"][0]
        context = bytes.fromhex(exported["exporter_context"])
        assert hpke.export(aead, exporter, context, exported["L"]).hex() == exported["exported_value"]


def test_the_second_implementation_opens_what_we_seal_and_we_open_what_it_seals():
    sealed = seal_inner(b"content", KEY.public, ELECTION, 256)
    info = INNER_LABEL + ELECTION + sealed[:9]
    padded = hpke.open_(2, KEY.secret, sealed[9:41], info, b"", sealed[41:])
    assert padded == b"content\x80" + bytes(248)
    enc, ciphertext = hpke.seal(2, KEY.public, bytes(range(1, 33)), info, b"", b"theirs\x80" + bytes(249))
    assert open_inner(sealed[:9] + enc + ciphertext, [KEY], ELECTION) == b"theirs"


@given(st.binary(max_size=255))
@settings(max_examples=40, deadline=None)
def test_every_inner_part_that_fits_comes_back_and_all_have_one_length(content):
    sealed = seal_inner(content, KEY.public, ELECTION, 256)
    assert len(sealed) == OVERHEAD + 256
    assert open_inner(sealed, [KEY], ELECTION) == content


@given(st.binary(min_size=1, max_size=600), st.integers(0, 16_000))
@settings(max_examples=40, deadline=None)
def test_an_envelope_has_the_least_size_class_that_fits(record, sealed_length):
    try:
        envelope = seal_envelope(record, bytes(sealed_length), KEY.public, ELECTION)
    except Problem as problem:
        assert problem.code == "sealed.too_long"
        assert len(record) + sealed_length > ENVELOPE_SIZES[-1] - OVERHEAD - 9
        return
    contents = open_envelope(envelope, [KEY], ELECTION)
    assert (contents.record, contents.sealed) == (record, bytes(sealed_length))
    smaller = [size for size in ENVELOPE_SIZES if size < len(envelope)]
    assert len(envelope) in ENVELOPE_SIZES
    assert all(len(record) + sealed_length + 2 > size - OVERHEAD - 8 for size in smaller)


@pytest.mark.parametrize(("size", "next_size"), [(1024, 4096), (4096, 16384), (16384, None)])
def test_a_record_that_fills_a_size_class_to_the_last_byte_stays_in_it(size, next_size):
    most = size - OVERHEAD - 1 - 5  # the mark; the array's, the record's and the empty byte string's headers
    assert len(seal_envelope(bytes(most), b"", KEY.public, ELECTION)) == size
    if next_size is None:
        assert code_of(seal_envelope, bytes(most + 1), b"", KEY.public, ELECTION) == "sealed.too_long"
    else:
        assert len(seal_envelope(bytes(most + 1), b"", KEY.public, ELECTION)) == next_size


@pytest.mark.parametrize("length", [0, 1, 8190, 8191, 8192, 20_000])
def test_a_sealed_photo_is_a_whole_number_of_blocks_long(length):
    sealed = seal_photo(bytes(length), KEY.public, ELECTION)
    assert (len(sealed) - OVERHEAD) % 8192 == 0
    assert len(sealed) - OVERHEAD - length <= 8192
    assert photo_size_fits(len(sealed)) and not photo_size_fits(len(sealed) - 1)
    assert open_photo(sealed, [KEY], ELECTION) == bytes(length)


def test_the_same_content_is_never_sealed_to_the_same_bytes():
    one, two = (seal_envelope(b"r", b"", KEY.public, ELECTION) for _ in range(2))
    assert one[:9] == two[:9]
    assert one[9:] != two[9:]


def test_while_keys_change_both_open():
    new = SealingKey.generate()
    for key in (KEY, new):
        envelope = seal_envelope(b"r", b"s", key.public, ELECTION)
        assert open_envelope(envelope, [KEY, new], ELECTION).sealed == b"s"


def code_of(call, *arguments):
    with pytest.raises(Problem) as caught:
        call(*arguments)
    return caught.value.code


def test_what_is_wrong_with_an_envelope_is_named():
    envelope = seal_envelope(b"record", b"", KEY.public, ELECTION)
    flipped = envelope[:-1] + bytes([envelope[-1] ^ 1])
    other_recipient = envelope[:1] + bytes(8) + envelope[9:]
    low_order = envelope[:9] + bytes(32) + envelope[41:]
    assert code_of(open_envelope, envelope[:-1], [KEY], ELECTION) == "envelope.size"
    assert code_of(open_envelope, b"", [KEY], ELECTION) == "envelope.size"
    assert code_of(open_envelope, b"\x02" + envelope[1:], [KEY], ELECTION) == "sealed.malformed"
    assert code_of(open_envelope, other_recipient, [KEY], ELECTION) == "sealed.unknown_key"
    assert code_of(open_envelope, envelope, [SealingKey.generate()], ELECTION) == "sealed.unknown_key"
    assert code_of(open_envelope, flipped, [KEY], ELECTION) == "sealed.damaged"
    assert code_of(open_envelope, low_order, [KEY], ELECTION) == "sealed.damaged"
    assert code_of(open_envelope, envelope, [KEY], bytes(32)) == "sealed.damaged"


def test_what_was_sealed_as_one_kind_does_not_open_as_another():
    inner = seal_inner(b"x", KEY.public, ELECTION, ENVELOPE_SIZES[0] - OVERHEAD)
    assert code_of(open_envelope, inner, [KEY], ELECTION) == "sealed.damaged"


@pytest.mark.parametrize("padded", [bytes(967), b"\x80" + bytes(965) + b"\x01"], ids=["zeros", "no mark"])
def test_bad_padding_is_refused(padded, monkeypatch):
    monkeypatch.setattr(sealing, "_pad", lambda content, size: padded)
    envelope = seal_envelope(b"r", b"", KEY.public, ELECTION)
    monkeypatch.undo()
    assert code_of(open_envelope, envelope, [KEY], ELECTION) == "sealed.padding"


def test_an_envelope_holds_two_byte_strings_and_nothing_else():
    def sealed(content):
        return sealing.seal(content, KEY.public, sealing.ENVELOPE_LABEL, ELECTION, 1024 - OVERHEAD)

    assert open_envelope(sealed(bytes.fromhex("82417240")), [KEY], ELECTION).record == b"r"
    for content in (b"", b"\x80", bytes.fromhex("824172"), bytes.fromhex("8240417a")):
        assert code_of(open_envelope, sealed(content), [KEY], ELECTION) == "record.malformed"
    for content in (bytes.fromhex("8241724000"), bytes.fromhex("8258017240")):
        assert code_of(open_envelope, sealed(content), [KEY], ELECTION) == "record.not_canonical"


def test_a_key_never_shows_its_secret():
    assert KEY.secret.hex() not in repr(KEY)
    with pytest.raises(ValueError, match="32 bytes"):
        SealingKey(b"short")
