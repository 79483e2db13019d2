"""OpenSSL's own program verifies what Golos signed: checkpoints, records and tokens."""

import shutil
import subprocess
from hashlib import sha256

import pytest

from golos.credential import blindrsa
from golos.credential.keys import cohort_public, new_cohort_keys
from golos.credential.token import begin, token_challenge
from golos.ledger.checkpoint import Checkpoint
from golos.ledger.note import Signer, parse
from golos.model.ballot import Withdrawal
from golos.model.ed25519 import SigningKey
from golos.model.record import encode, signed

pytestmark = [
    pytest.mark.xdist_group("interop"),
    pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl"),
]


@pytest.fixture
def verify(tmp_path):
    """Return a function that asks openssl whether a public key (DER) has signed a message."""

    def ask(der: bytes, message: bytes, signature: bytes, *options: str) -> bool:
        for name, data in (("key", der), ("message", message), ("signature", signature)):
            (tmp_path / name).write_bytes(data)
        command = ["openssl", "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key", "-rawin"]
        files = ["-in", "message", "-sigfile", "signature", *options]
        done = subprocess.run([*command, *files], cwd=tmp_path, capture_output=True, text=True, timeout=30)
        said = done.stdout + done.stderr
        assert ("Signature Verified Successfully" in said) != ("Signature Verification Failure" in said), said
        return done.returncode == 0

    return ask


def ed25519(key: bytes) -> bytes:
    """Return the key as SubjectPublicKeyInfo (RFC 8410), which is 12 bytes and the key."""
    return bytes.fromhex("302a300506032b6570032100") + key


def test_the_signature_of_a_checkpoint(verify):
    log = Signer.generate("example.org/log")
    text, (signature,) = parse(Checkpoint(log.name, 257, bytes(32)).sign(log))
    assert verify(ed25519(log.verifier.key), text, signature.signature)
    assert not verify(ed25519(log.verifier.key), text.replace(b"257", b"256"), signature.signature)


def test_the_signature_of_a_record(verify):
    """docs/formats.md: what is signed is the label and the record up to its last 66 bytes, then the byte 0x40."""
    key = SigningKey.generate()
    record = encode(signed(Withdrawal(1, bytes(32), key.public, bytes(354), 1, bytes(64)), key.sign))
    message = b"golos/record/v1\n" + record[:-66] + b"\x40"
    assert verify(ed25519(key.public), message, record[-64:])
    assert not verify(ed25519(key.public), message[:-1], record[-64:])


def test_the_signature_of_a_token_under_the_cohorts_key_as_the_pack_has_it(verify):
    """The key's own parameters (SHA-384, MGF1-SHA-384, salt 48) are the ones OpenSSL goes by."""
    (private,) = new_cohort_keys(1)
    der = cohort_public(private)
    request, pending = begin(der, token_challenge("issuer.example", bytes(32)), sha256(b"key").digest())
    token = pending.finish(blindrsa.blind_sign(private, request[3:]))
    digest = ("-digest", "sha384")
    assert verify(der, token[:98], token[98:], *digest)
    assert not verify(der, token[:97] + bytes([token[97] ^ 1]), token[98:], *digest)
