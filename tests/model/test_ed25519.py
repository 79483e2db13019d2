"""The one Ed25519: which edge cases pass is stated, and the list of refused encodings is derived here anew."""

import importlib.util
import json
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golos.model import ed25519
from golos.model.ed25519 import ORDER, SigningKey, verify

SHARED = Path(__file__).parents[2].parent / "shared"
VECTORS = SHARED / "vectors/cctv-ed25519/ed25519vectors.json"
ACCEPTED = {
    frozenset(): 1,
    frozenset({"low_order_component_A"}): 7,
    frozenset({"low_order_component_A", "low_order_component_R"}): 35,
}
P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P


STRANGER = Path(__file__).parents[2] / "verify/golos_verify.py"


def stranger():
    """Return the verification of the program that shares no code with golos."""
    spec = importlib.util.spec_from_file_location("golos_verify_ed25519", STRANGER)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module.ed25519


@pytest.mark.skipif(not VECTORS.exists(), reason="the shared C2SP vectors are not beside this folder")
@pytest.mark.parametrize("program", ["golos", "golos_verify"])
def test_of_914_vectors_exactly_43_pass_and_their_flags_are_the_stated_ones(program):
    check = verify if program == "golos" else stranger()
    vectors = json.loads(VECTORS.read_text())
    assert len(vectors) == 914
    passed = Counter(
        frozenset(v["flags"] or ())
        for v in vectors
        if check(bytes.fromhex(v["key"]), v["msg"].encode(), bytes.fromhex(v["sig"]))
    )
    of_those_flags = Counter(frozenset(v["flags"] or ()) for v in vectors)
    assert dict(passed) == ACCEPTED
    assert all(of_those_flags[flags] == count for flags, count in ACCEPTED.items())


def test_first_example_of_rfc8032():
    key = SigningKey(bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
    assert key.public.hex() == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"
    assert key.sign(b"").hex() == (
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b"
        "d25bf5f0595bbe24655141438e7a100b"
    )


def add(one, two):
    """Add two points of the curve, affine (RFC 8032 section 5.1.4)."""
    (x1, y1), (x2, y2) = one, two
    product = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + product, -1, P) % P
    return x, (y1 * y2 + x1 * x2) * pow(1 - product, -1, P) % P


def decoded(y, sign):
    """Return the point of that y and sign of x, or None if there is none."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if (x * x - square) % P:
        return None
    return (x if x % 2 == sign else -x % P), y


def test_every_refused_encoding_is_non_canonical_or_of_small_order_and_all_eight_torsion_points_are_there():
    small = set()
    for encoding in ed25519._REFUSED:
        number = int.from_bytes(encoding, "little")
        sign, y = number >> 255, number % 2**255
        if y >= P:
            continue
        point = decoded(y, sign)
        eight = point
        for _ in range(3):
            eight = add(eight, eight)
        assert eight == (0, 1)
        small.add(point)
    assert len(small) == 8
    assert len(ed25519._REFUSED) == 2 * 5 + 2 * 19


@given(st.binary(max_size=200), st.integers(0, 511))
@settings(deadline=None)
def test_a_signature_verifies_and_no_flipped_bit_of_it_does(message, bit):
    key = SigningKey(bytes(range(32)))
    signature = key.sign(message)
    assert verify(key.public, message, signature)
    flipped = bytearray(signature)
    flipped[bit // 8] ^= 1 << bit % 8
    assert not verify(key.public, message, bytes(flipped))
    assert not verify(key.public, message + b"\0", signature)


def test_s_plus_order_is_refused():
    key = SigningKey.generate()
    signature = key.sign(b"m")
    s = int.from_bytes(signature[32:], "little") + ORDER
    assert not verify(key.public, b"m", signature[:32] + s.to_bytes(32, "little"))


@given(st.binary(max_size=40), st.binary(max_size=80))
@settings(deadline=None)
def test_any_bytes_give_an_answer(key, signature):
    assert verify(key, b"m", signature) is False


def test_a_key_never_shows_its_seed():
    key = SigningKey.generate()
    assert key.seed.hex() not in repr(key)
    with pytest.raises(ValueError, match="32 bytes"):
        SigningKey(b"short")
