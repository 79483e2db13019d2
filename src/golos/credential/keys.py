"""Keys as they are kept: seeds as a line of hex, issuers' keys as PKCS #8 in PEM. Reading and writing files is app's.

Every private key's type shows its public half alone when printed.
"""

import secrets

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from golos.credential.blindrsa import PrivateKey, PublicKey
from golos.credential.token import encode_public_key, token_key_id
from golos.model.pack import Keys, Pack
from golos.model.problem import Problem

SECRET_LENGTH = 32
COHORTS = 128
"""Cohorts of an election at most: a request names its key by one byte, and keys are drawn until all bytes differ."""


def keys_of(pack: Pack) -> Keys:
    """Return the pack's public keys. Raises Problem ``pack.keys`` if they have not been made."""
    if pack.keys is None:
        raise Problem(
            "pack.keys", "keys.toml", "is missing from the election pack.", "Make the keys with `golos init`."
        )
    return pack.keys


def new_secret() -> bytes:
    """Return 32 fresh bytes: a SigningKey's or SealingKey's seed, or the Pepper's key."""
    return secrets.token_bytes(SECRET_LENGTH)


def secret_to_text(secret: bytes) -> str:
    """Return the line of a key file."""
    return secret.hex() + "\n"


def secret_from_text(text: str, what: str) -> bytes:
    """Return the 32 bytes of a key file. Raises Problem ``key.malformed``, which never shows the text."""
    try:
        secret = bytes.fromhex(text.strip())
    except ValueError:
        secret = b""
    if len(secret) != SECRET_LENGTH:
        raise Problem("key.malformed", what, "is not a line of 64 hex digits.", "Restore the key file from its backup.")
    return secret


def new_cohort_keys(count: int) -> list[PrivateKey]:
    """Return ``count`` issuer keys whose one-byte truncated names differ, as a request names its key by that byte."""
    if not 0 <= count <= COHORTS:
        raise ValueError(f"at most {COHORTS} cohorts: a request names its key by one byte")
    keys: dict[int, PrivateKey] = {}
    while len(keys) < count:
        key = _new_rsa_key()
        keys.setdefault(truncated_key_id(cohort_public(key)), key)
    return list(keys.values())


def cohort_public(key: PrivateKey) -> bytes:
    """Return the DER of an issuer key's public half: ``Cohort.key``."""
    return encode_public_key(key.public)


def truncated_key_id(der: bytes) -> int:
    """Return the last byte of the key's name (RFC 9578 section 6.1)."""
    return token_key_id(der)[-1]


def cohort_key_to_pem(key: PrivateKey) -> bytes:
    """Return PKCS #8 in PEM, not encrypted: the file's permissions protect it."""
    public = rsa.RSAPublicNumbers(key.public.e, key.public.n)
    numbers = rsa.RSAPrivateNumbers(
        key.p,
        key.q,
        key.d,
        rsa.rsa_crt_dmp1(key.d, key.p),
        rsa.rsa_crt_dmq1(key.d, key.q),
        rsa.rsa_crt_iqmp(key.p, key.q),
        public,
    )
    return numbers.private_key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def cohort_key_from_pem(pem: bytes, what: str) -> PrivateKey:
    """Return the issuer key in ``pem``. Raises Problem ``key.malformed``."""
    try:
        native = serialization.load_pem_private_key(pem, None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        native = None
    if not isinstance(native, rsa.RSAPrivateKey):
        raise Problem(
            "key.malformed", what, "is no RSA private key in PEM (PKCS #8).", "Restore the key file from its backup."
        )
    return _private_key(native)


def _new_rsa_key() -> PrivateKey:
    return _private_key(rsa.generate_private_key(65537, 2048))


def _private_key(native: rsa.RSAPrivateKey) -> PrivateKey:
    numbers = native.private_numbers()
    public = PublicKey(numbers.public_numbers.n, numbers.public_numbers.e)
    return PrivateKey(public, numbers.p, numbers.q, numbers.d)
