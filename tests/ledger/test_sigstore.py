"""The bundles of the sigstore conformance suite: a proof each, and ten ways to break it."""

import base64
import json
from dataclasses import dataclass

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key
from ledger_support import VECTORS, needs_vectors

from golos.ledger.checkpoint import open_checkpoint
from golos.ledger.merkle import leaf_hash, verify_inclusion
from golos.ledger.note import Verifier
from golos.model.problem import Problem

FOLDER = VECTORS / "sigstore-conformance"
BUNDLES = sorted(FOLDER.iterdir()) if FOLDER.is_dir() else []
PUBLIC_GOOD_KEY = (  # rekor.sigstore.dev, from the public trust root
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE2G2Y+2tabdTV5BcGiBIx0a9fAFwrkBbmLSGtks4L3qX6yYY0zufBnhC8Ur/iy55GhWP/9A/bY2LhC30M9+RYtw=="
)


@dataclass(frozen=True)
class EcdsaVerifier(Verifier):
    """Rekor v1 signs with ECDSA, which Golos itself does not take."""

    def verify(self, text, signature):
        try:
            load_der_public_key(self.key).verify(signature.signature, text, ec.ECDSA(SHA256()))
        except InvalidSignature:
            return False
        return True


def trusted_log(folder, entry, name):
    """Return the verifier of the log that the bundle names; its key id is the beginning of the log's id."""
    log_id = entry["logId"]["keyId"]
    key_id = base64.b64decode(log_id)[:4]
    root = folder / "trusted_root.json"
    if not root.exists():
        return EcdsaVerifier(name, base64.b64decode(PUBLIC_GOOD_KEY), 2, key_id)
    logs = json.loads(root.read_text())["tlogs"]
    log = next(log for log in logs if log["logId"]["keyId"] == log_id)
    host = log["baseUrl"].removeprefix("https://")
    key = load_der_public_key(base64.b64decode(log["publicKey"]["rawBytes"]))
    return Verifier(host, key.public_bytes_raw(), key_id=key_id)


def check(folder):
    """Raise Problem unless the first log entry of the bundle is proven by its own checkpoint."""
    bundle = json.loads((folder / "bundle.sigstore.json").read_text())
    entry = bundle["verificationMaterial"]["tlogEntries"][0]
    proof = entry.get("inclusionProof")
    if not proof or "checkpoint" not in proof:
        raise Problem("receipt.malformed", "bundle", "has no inclusion proof.")
    log = trusted_log(folder, entry, "rekor.sigstore.dev")
    envelope = proof["checkpoint"]["envelope"].encode()
    origin = None if folder.name.startswith("rekor2") else envelope.split(b"\n")[0].decode()
    checkpoint, _ = open_checkpoint(envelope, log, origin=origin)
    hashes = [base64.b64decode(item) for item in proof["hashes"]]
    leaf = leaf_hash(base64.b64decode(entry["canonicalizedBody"]))
    verify_inclusion(leaf, int(proof["logIndex"]), checkpoint.size, hashes, checkpoint.root)


@needs_vectors
def test_all_16_bundles_are_there():
    assert len(BUNDLES) == 16
    assert sum(folder.name.endswith("_fail") for folder in BUNDLES) == 10


@pytest.mark.parametrize("folder", BUNDLES, ids=lambda folder: folder.name)
def test_the_verdict_is_the_one_in_the_name(folder):
    if folder.name.endswith("_fail"):
        with pytest.raises(Problem):
            check(folder)
    else:
        check(folder)


@needs_vectors
def test_the_broken_bundles_fail_for_the_reason_in_their_name():
    reasons = {
        "checkpoint-bad-keyhint_fail": "note.unsigned",
        "checkpoint-wrong-roothash_fail": "proof.inclusion",
        "inclusion-proof-corrupted-hash_fail": "proof.inclusion",
        "rekor2-checkpoint-missing-log-signature_fail": "note.malformed",
        "rekor2-checkpoint-no-matching-signature_fail": "note.unsigned",
    }
    for name, code in reasons.items():
        with pytest.raises(Problem) as caught:
            check(FOLDER / name)
        assert caught.value.code == code, name
