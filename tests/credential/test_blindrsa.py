"""RFC 9474: the vectors of both files, and what a signer must refuse."""

import json
from pathlib import Path

import gmpy2
import pytest

from golos.credential import blindrsa, libcrypto
from golos.credential.blindrsa import (
    BlindingFailed,
    FaultDetected,
    PrivateKey,
    PublicKey,
    blind,
    blind_sign,
    encode_pss,
    finalize,
    prepare,
)
from golos.credential.keys import new_cohort_keys

VECTORS = Path(__file__).parents[2].parent / "shared/vectors/rfc9474"
RFC = VECTORS / "test_vectors_rfc9474.json"
CFRG = VECTORS / "cfrg_test_vectors.json"
needs_vectors = pytest.mark.skipif(not RFC.exists(), reason="the shared vectors are not beside this folder")


@pytest.fixture(autouse=True, params=["openssl", "gmp"])
def engine(request, monkeypatch):
    """Both ways of the private operation are held to everything here."""
    if request.param == "gmp":
        monkeypatch.setattr(blindrsa, "openssl_key", lambda der: None)
    elif libcrypto._load() is None:
        pytest.skip("this system has no OpenSSL 3")
    return request.param


def number(text):
    return int(text, 16)


def octets(text):
    return bytes.fromhex(text)


def run(vector, prefix=b""):
    """Go through one vector in the protocol's order and compare every value it has."""
    public = PublicKey(number(vector["n"]), number(vector["e"]))
    private = PrivateKey(public, *(number(vector[name]) for name in "pqd"))
    salt = octets(vector["salt"])
    message = prepare(octets(vector["msg"]), prefix)
    if "encoded_msg" in vector:
        assert encode_pss(message, public.n.bit_length() - 1, salt) == octets(vector["encoded_msg"])
    factor = int(gmpy2.invert(number(vector["inv"]), public.n))
    blinded, inverse = blind(public, message, salt, factor)
    assert inverse == number(vector["inv"])
    assert blinded == octets(vector["blinded_msg"])
    signature = blind_sign(private, blinded)
    assert signature == octets(vector["blind_sig"])
    assert finalize(public, message, signature, inverse, len(salt)) == octets(vector["sig"])


@needs_vectors
@pytest.mark.parametrize("index", range(4))
def test_the_four_variants_of_rfc9474(index):
    vector = json.loads(RFC.read_text())[index]
    assert prepare(octets(vector["msg"]), octets(vector["msg_prefix"])) == octets(vector["input_msg"])
    run(vector, octets(vector["msg_prefix"]))


@needs_vectors
@pytest.mark.parametrize("index", range(2))
def test_the_two_vectors_of_the_authors_draft(index):
    run(json.loads(CFRG.read_text())[index])


@pytest.fixture(scope="module")
def made():
    return new_cohort_keys(1)[0]


@pytest.fixture
def key(made, engine):
    """One key, made anew so that the engine under test holds it."""
    return PrivateKey(made.public, made.p, made.q, made.d)


def test_blinding_is_fresh_and_the_signature_is_of_the_message_alone(key):
    first, inverse = blind(key.public, b"m")
    second, _ = blind(key.public, b"m")
    assert first != second
    signature = finalize(key.public, b"m", blind_sign(key, first), inverse)
    assert key.public.verify(b"m", signature)
    assert not key.public.verify(b"n", signature)
    assert not key.public.verify(b"m", signature, salt_length=0)


def test_the_same_blinded_message_gets_the_same_answer(key):
    blinded, _ = blind(key.public, b"m")
    assert blind_sign(key, blinded) == blind_sign(key, blinded)


@pytest.mark.parametrize("make", [lambda n: n, lambda n: n + 1, lambda n: 0], ids=["n", "n + 1", "zero"])
def test_what_is_no_residue_is_refused(key, make):
    with pytest.raises(BlindingFailed):
        blind_sign(key, make(key.public.n).to_bytes(256))


def test_a_wrong_length_is_refused(key):
    with pytest.raises(BlindingFailed):
        blind_sign(key, b"\x01" * 255)
    with pytest.raises(BlindingFailed):
        finalize(key.public, b"m", b"\x01" * 255, 1)


def test_a_fault_in_one_half_of_the_private_operation_releases_nothing(key, engine, monkeypatch):
    """Without the check gcd(s^e - m, n) would be a prime factor (Boneh, DeMillo, Lipton 1997)."""
    good, blinded = blind_sign(key, blind(key.public, b"m")[0]), blind(key.public, b"m")[0]
    if engine == "openssl":
        monkeypatch.setattr(libcrypto.OpensslKey, "power", lambda self, message: good)
    else:
        real = gmpy2.powmod_sec
        monkeypatch.setattr(blindrsa.gmpy2, "powmod_sec", lambda b, e, m: real(b, e, m) ^ (m == key.p))
    with pytest.raises(FaultDetected):
        blind_sign(key, blinded)


def test_what_openssl_does_not_do_gmp_does(key, monkeypatch):
    blinded, _ = blind(key.public, b"m")
    expected = blind_sign(key, blinded)
    monkeypatch.setattr(libcrypto.OpensslKey, "power", lambda self, message: None)
    assert blind_sign(key, blinded) == expected


@pytest.mark.parametrize("engine", ["gmp"], indirect=True)
def test_gmp_never_sees_what_the_sender_chose(key, monkeypatch):
    """OpenSSL blinds by itself."""
    seen = []
    real = gmpy2.powmod_sec
    monkeypatch.setattr(blindrsa.gmpy2, "powmod_sec", lambda b, e, m: seen.append(int(b)) or real(b, e, m))
    blinded, _ = blind(key.public, b"m")
    blind_sign(key, blinded)
    blind_sign(key, blinded)
    chosen = int.from_bytes(blinded)
    assert len(set(seen)) == 4
    assert chosen % key.p not in seen and chosen % key.q not in seen


def test_openssl_refuses_what_is_no_key_and_what_is_no_residue(key, engine):
    assert libcrypto.openssl_key(b"no key") is None
    if engine == "openssl":
        assert key._openssl.power(key.public.n.to_bytes(256)) is None


def test_a_signature_written_as_itself_plus_the_modulus_is_refused(nation):
    """One signature has one spelling: else anybody could spell a voter's record a second time."""
    key = min((key for _, key in nation.cohorts), key=lambda key: key.public.n)
    for _ in range(500):
        blinded, inverse = blind(key.public, b"m")
        signature = int.from_bytes(finalize(key.public, b"m", blind_sign(key, blinded), inverse))
        if signature + key.public.n < 2**2048:
            assert not key.public.verify(b"m", (signature + key.public.n).to_bytes(256))
            return
    pytest.skip("no signature was small enough to be spelt twice")


def test_an_answer_to_another_request_is_refused(key):
    blinded, _ = blind(key.public, b"m")
    _, other = blind(key.public, b"m")
    with pytest.raises(BlindingFailed):
        finalize(key.public, b"m", blind_sign(key, blinded), other)


def test_a_private_key_shows_no_secret(key):
    assert str(key.p) not in repr(key) and str(key.d) not in repr(key)
