"""Blind RSA and tokens in the app's code: RFC 9474 and 9578, and a token from Golos' own issuer."""

import json
from datetime import date
from pathlib import Path

import gmpy2
import pytest
from tests.web.core.browser_side import Refused

from golos.credential.blindrsa import PrivateKey, blind_sign
from golos.credential.keys import cohort_key_from_pem, cohort_public, new_cohort_keys
from golos.credential.token import Redemption, Request, token_challenge
from golos.model.pack import Cohort

VECTORS = Path(__file__).parents[3].parent / "shared" / "vectors"
needs_vectors = pytest.mark.skipif(not VECTORS.exists(), reason="the test vectors (../shared) are not here")
FILES = {"test_vectors_rfc9474.json": 4, "cfrg_test_vectors.json": 2}


def octets(text):
    return bytes.fromhex(text.removeprefix("0x"))


@needs_vectors
@pytest.mark.parametrize(("file", "index"), [(f, i) for f, count in FILES.items() for i in range(count)])
def test_rfc_9474(app, file, index):
    vector = json.loads((VECTORS / "rfc9474" / file).read_text())[index]
    n, e, salt = octets(vector["n"]), octets(vector["e"]), octets(vector["salt"])
    message = octets(vector.get("msg_prefix", "")) + octets(vector["msg"])
    factor = int(gmpy2.invert(int(vector["inv"], 16), int(vector["n"], 16))).to_bytes(len(n))
    if "encoded_msg" in vector:
        bits = int.from_bytes(n).bit_length() - 1
        assert app.ask("encodePss", message, bits, salt) == octets(vector["encoded_msg"])
    assert app.ask("blind", n, e, message, salt, factor) == octets(vector["blinded_msg"])
    inverse, signed = octets(vector["inv"]), octets(vector["blind_sig"])
    signature = octets(vector["sig"])
    assert app.ask("finalize", n, e, message, signed, inverse, len(salt)) == signature
    assert app.ask("verifyRsa", n, e, message, signature, len(salt))
    assert not app.ask("verifyRsa", n, e, message + b"!", signature, len(salt))
    assert not app.ask("verifyRsa", n, e, message, signature[:-1] + bytes([signature[-1] ^ 1]), len(salt))


@needs_vectors
@pytest.mark.parametrize("maker", ["go", "rust"])
def test_rfc_9578(app, maker):
    for vector in json.loads((VECTORS / "rfc9578" / f"pub_verif_rfc9578.{maker}.json").read_text()):
        value = {name: octets(text) for name, text in vector.items()}
        challenge = app.ask("sha256", value["token_challenge"])
        asked = app.ask("begin", value["pkS"], challenge, value["nonce"], value["salt"], value["blind"])
        assert asked == value["token_request"]
        assert app.ask("finish", value["token_response"]) == value["token"]
        key = cohort_key_from_pem(value["skS"], "vector")
        assert blind_sign(key, Request.decode(asked).blinded) == value["token_response"]


@pytest.fixture(scope="module")
def private() -> PrivateKey:
    return new_cohort_keys(1)[0]


def test_a_token_of_golos_own_cohort(app, private):
    election, nonce = bytes(range(32)), b"\x07" * 32
    cohort = Cohort("2020-W32", "2020-08-03", cohort_public(private))
    challenge = app.ask("challenge", "issuer.example", election)
    assert challenge == app.ask("sha256", token_challenge("issuer.example", election))
    asked = app.ask("begin", cohort.key, challenge, nonce)
    token = app.ask("finish", blind_sign(private, Request.decode(asked).blinded))

    class Keys:
        issuer, cohorts = "issuer.example", (cohort,)

    assert Redemption(Keys, election).cohort(token, nonce) == cohort
    assert date.fromisoformat(cohort.starts)


def test_a_false_answer_of_the_issuer_is_found(app, private):
    asked = app.ask("begin", cohort_public(private), bytes(32), bytes(32))
    answer = blind_sign(private, Request.decode(asked).blinded)
    for wrong in (answer[:-1] + bytes([answer[-1] ^ 1]), answer[1:], bytes(256)):
        with pytest.raises(Refused, match=r"token\.response"):
            app.ask("finish", wrong)


def test_a_key_of_another_form_is_refused(app, private):
    der = cohort_public(private)
    even = der[:-6] + bytes([der[-6] & 0xFE]) + der[-5:]
    for wrong in (der[:-1], b"\x30" + der, b"\x31" + der[1:], even, der[:-1] + b"\x03", bytes(len(der))):
        with pytest.raises(Refused, match=r"cohort\.key"):
            app.ask("begin", wrong, bytes(32), bytes(32))
