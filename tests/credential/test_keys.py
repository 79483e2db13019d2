"""Keys as they are kept: what is written comes back, and a damaged file is named without being shown."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from golos.credential import keys
from golos.credential.blindrsa import blind, blind_sign, finalize
from golos.credential.keys import (
    cohort_key_from_pem,
    cohort_key_to_pem,
    cohort_public,
    new_cohort_keys,
    new_secret,
    secret_from_text,
    secret_to_text,
    truncated_key_id,
)
from golos.model.problem import Problem


def test_a_secret_comes_back_from_its_line_of_text():
    secret = new_secret()
    assert secret_from_text(secret_to_text(secret), "intake.key") == secret
    assert secret_to_text(secret) == secret.hex() + "\n"


@pytest.mark.parametrize("text", ["", "zz" * 32, "ab" * 31, "ab" * 33, "\u0661" * 64])
def test_a_damaged_secret_is_named_and_not_shown(text):
    with pytest.raises(Problem) as caught:
        secret_from_text(text, "intake.key")
    assert (caught.value.code, caught.value.field) == ("key.malformed", "intake.key")
    assert not text or text not in str(caught.value)


def test_a_cohort_key_comes_back_from_pem_and_signs_the_same():
    key = new_cohort_keys(1)[0]
    again = cohort_key_from_pem(cohort_key_to_pem(key), "cohort.pem")
    assert cohort_public(again) == cohort_public(key)
    blinded, inverse = blind(key.public, b"m")
    assert blind_sign(again, blinded) == blind_sign(key, blinded)
    assert key.public.verify(b"m", finalize(key.public, b"m", blind_sign(again, blinded), inverse))


def test_what_is_no_rsa_key_is_named():
    other = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    for pem in (b"", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", other):
        with pytest.raises(Problem) as caught:
            cohort_key_from_pem(pem, "cohort.pem")
        assert caught.value.code == "key.malformed"


def test_cohort_keys_have_names_a_request_can_tell_apart(monkeypatch):
    """The byte collides once in 256: two keys that collide never leave together."""
    made = iter([1, 1, 2, 2, 1, 3])
    monkeypatch.setattr(keys, "_new_rsa_key", lambda: next(made))
    monkeypatch.setattr(keys, "cohort_public", lambda key: key)
    monkeypatch.setattr(keys, "truncated_key_id", lambda der: der)
    assert new_cohort_keys(3) == [1, 2, 3]


def test_truncated_id_is_the_last_byte_of_the_keys_name():
    der = b"any bytes"
    assert truncated_key_id(der) == keys.token_key_id(der)[-1]
