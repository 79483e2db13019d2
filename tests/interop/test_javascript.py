"""Two npm packages that no part of Golos uses seal, open and obtain tokens as docs/formats.md says."""

import json
import re
from datetime import date
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import cbor2
import pytest
from cryptography.hazmat.primitives import serialization
from tests.interop.javascript import Refused

from golos.credential import sealing
from golos.credential.blindrsa import PrivateKey
from golos.credential.issuer import Issuer
from golos.credential.keys import cohort_key_to_pem, cohort_public, new_cohort_keys
from golos.credential.sealing import SealingKey
from golos.credential.token import Redemption, begin, token_challenge
from golos.model.ed25519 import SigningKey
from golos.model.pack import Cohort
from golos.model.problem import Problem

pytestmark = pytest.mark.xdist_group("interop")

ELECTION = bytes(range(32))
KEY = SealingKey.generate()
CONTENT = bytes(range(1, 200)) + bytes(3)
SEALED = {
    sealing.ENVELOPE_LABEL: lambda: sealing.seal_envelope(CONTENT, b"inner", KEY.public, ELECTION),
    sealing.INNER_LABEL: lambda: sealing.seal_inner(CONTENT, KEY.public, ELECTION, 256),
    sealing.PHOTO_LABEL: lambda: sealing.seal_photo(CONTENT * 50, KEY.public, ELECTION),
}


def opened(javascript, sealed, label, election=ELECTION):
    """Return the padded plaintext as JavaScript opens it."""
    return javascript.ask(
        "sealing.mjs", "open", sealed=sealed, secret=KEY.secret, recipient=KEY.public, label=label, election=election
    )["padded"]


@pytest.mark.parametrize(
    ("label", "content", "padded"),
    [
        (b"golos/envelope/v1\n", cbor2.dumps([CONTENT, b"inner"]), 1024 - 57),
        (b"golos/inner/v1\n", CONTENT, 256),
        (b"golos/photo/v1\n", CONTENT * 50, 16384),
    ],
)
def test_javascript_opens_what_python_sealed(javascript, label, content, padded):
    found = opened(javascript, SEALED[label](), label)
    assert found == (content + b"\x80").ljust(padded, b"\0")


def test_javascript_opens_nothing_of_another_election_label_or_key_and_nothing_altered(javascript):
    sealed = SEALED[sealing.INNER_LABEL]()
    altered = sealed[:-1] + bytes([sealed[-1] ^ 1])
    for wrong in (
        (sealed, b"golos/inner/v1\n", bytes(32)),
        (sealed, b"golos/photo/v1\n"),
        (altered, b"golos/inner/v1\n"),
    ):
        with pytest.raises(Refused, match="OpenError"):
            opened(javascript, *wrong)
    with pytest.raises(Refused, match="another key"):
        opened(javascript, b"\x01" + bytes(8) + sealed[9:], b"golos/inner/v1\n")


def test_python_opens_what_javascript_sealed(javascript):
    def seal(label, content, padded):
        values = {"recipient": KEY.public, "label": label, "election": ELECTION, "padded": padded}
        return javascript.ask("sealing.mjs", "seal", content=content, **values)["sealed"]

    envelope = seal(b"golos/envelope/v1\n", cbor2.dumps([CONTENT, b""]), 4096 - 57)
    assert len(envelope) == 4096
    assert sealing.open_envelope(envelope, [KEY], ELECTION) == sealing.Contents(CONTENT, b"")
    inner = seal(b"golos/inner/v1\n", CONTENT, 256)
    assert sealing.open_inner(inner, [SealingKey.generate(), KEY], ELECTION) == CONTENT
    photo = seal(b"golos/photo/v1\n", CONTENT, 8192)
    assert sealing.photo_size_fits(len(photo))
    assert sealing.open_photo(photo, [KEY], ELECTION) == CONTENT
    for sealed, election in ((photo, ELECTION), (inner, bytes(32))):
        with pytest.raises(Problem) as caught:
            sealing.open_inner(sealed, [KEY], election)
        assert caught.value.code == "sealed.damaged"


class MemoryVault:
    """golos.ports.Vault, as much as the issuer needs."""

    def __init__(self):
        self.rows = {}

    def put(self, space, name, value):
        return self.rows.setdefault((space, name), value)

    def get(self, space, name):
        return self.rows.get((space, name))


@pytest.fixture(scope="module")
def private() -> PrivateKey:
    return new_cohort_keys(1)[0]


@pytest.fixture(scope="module")
def cohort(private):
    return Cohort("2020-W32", "2020-08-03", cohort_public(private))


@pytest.fixture(scope="module")
def redemption(cohort):
    keys = SimpleNamespace(issuer="issuer.example", cohorts=(cohort,))
    return Redemption(keys, ELECTION)


def valid(javascript, cohort, token):
    return javascript.ask("token.mjs", "verify", cohort=cohort.key, token=token)["valid"] == b"\x01"


def test_javascript_obtains_a_token_from_the_issuer(javascript, private, cohort, redemption):
    issuer = Issuer(ELECTION, [(cohort, private)], SigningKey.generate(), MemoryVault(), lambda: date(2020, 8, 4))
    voter = SigningKey.generate()
    asked = javascript.ask(
        "token.mjs", "request", cohort=cohort.key, issuer=b"issuer.example", election=ELECTION, nonce=voter.public
    )
    issued = issuer.issue(b"tag", asked.pop("request"))
    token = javascript.ask("token.mjs", "finish", cohort=cohort.key, response=issued.response, **asked)["token"]
    assert redemption.cohort(token, voter.public) == cohort
    assert redemption.cohort(token, SigningKey.generate().public) is None
    assert valid(javascript, cohort, token)
    assert not valid(javascript, cohort, token[:-1] + bytes([token[-1] ^ 1]))
    wrong = issued.response[:-1] + bytes([issued.response[-1] ^ 1])
    with pytest.raises(Refused, match="invalid signature"):
        javascript.ask("token.mjs", "finish", cohort=cohort.key, response=wrong, **asked)


def test_python_obtains_a_token_that_javascript_signs(javascript, private, cohort, redemption):
    nonce = sha256(b"key").digest()
    request, pending = begin(cohort.key, token_challenge("issuer.example", ELECTION), nonce)
    der = serialization.load_pem_private_key(cohort_key_to_pem(private), None).private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    response = javascript.ask("token.mjs", "sign", key=der, blinded=request[3:])["response"]
    token = pending.finish(response)
    assert redemption.cohort(token, nonce) == cohort
    assert valid(javascript, cohort, token)


def test_the_packages_are_pinned_by_digest_and_by_no_address():
    here = Path(__file__).parent
    text = (here / "package-lock.json").read_text()
    packages = json.loads(text)["packages"]
    wanted = packages.pop("")["dependencies"]
    assert wanted == json.loads((here / "package.json").read_text())["dependencies"]
    assert all(re.fullmatch(r"[0-9.]+", version) for version in wanted.values())
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert "://" not in text
