"""Token: the credential, RFC 9578 token type 0x0002 (blind RSA) whose nonce is the ballot's Ed25519 public key.

The issuer signs blindly: it learns which phone asked, never which key it signed for.
"""

import hashlib
from dataclasses import dataclass, field
from functools import lru_cache

from golos.credential import blindrsa
from golos.credential.blindrsa import BlindingFailed, PublicKey
from golos.model.pack import Cohort, Keys
from golos.model.problem import Problem

TOKEN_TYPE = b"\x00\x02"
MODULUS_LENGTH = 256
REQUEST_LENGTH = 3 + MODULUS_LENGTH
RESPONSE_LENGTH = MODULUS_LENGTH
TOKEN_LENGTH = 98 + MODULUS_LENGTH
KEY_ID = slice(66, 98)
"""Where a token names the issuer's key: after its type, nonce and challenge digest (RFC 9577 section 2.2)."""

# SubjectPublicKeyInfo of RFC 9578 section 8.2.2: id-RSASSA-PSS, SHA-384, MGF1-SHA-384, salt 48; RSA-2048, e = 65537.
# With these fixed, the key's DER differs in the modulus alone.
_DER_HEAD = bytes.fromhex(
    "30820152303d06092a864886f70d01010a3030a00d300b0609608648016503040202a11a301806092a864886f70d010108300b0609"
    "608648016503040202a2030201300382010f003082010a0282010100"
)
_DER_TAIL = bytes.fromhex("0203010001")


def encode_public_key(public: PublicKey) -> bytes:
    """Return the key as DER SubjectPublicKeyInfo. ValueError unless it is RSA-2048 with e = 65537."""
    if public.n.bit_length() != 8 * MODULUS_LENGTH or public.e != 65537:
        raise ValueError("an issuer's key is RSA-2048 with exponent 65537")
    return _DER_HEAD + public.n.to_bytes(MODULUS_LENGTH) + _DER_TAIL


@lru_cache(maxsize=64)
def decode_public_key(der: bytes, what: str = "cohort.key") -> PublicKey:
    """Return the key in ``der``. Raises Problem ``cohort.key``."""
    modulus = der[len(_DER_HEAD) : -len(_DER_TAIL)]
    n = int.from_bytes(modulus)
    canonical = len(modulus) == MODULUS_LENGTH and der == _DER_HEAD + modulus + _DER_TAIL
    if not canonical or n.bit_length() != 8 * MODULUS_LENGTH or n % 2 == 0:
        raise Problem(
            "cohort.key",
            what,
            "is no RSA-2048 key in DER with the RSASSA-PSS parameters of RFC 9578.",
            "Make cohort keys with `golos init`.",
        )
    return PublicKey(n, 65537)


def token_key_id(der: bytes) -> bytes:
    """Return the 32-byte name of an issuer's key; a request names it by the last byte."""
    return hashlib.sha256(der).digest()


def token_challenge(issuer: str, election: bytes, origin: bytes = b"") -> bytes:
    """Return the TokenChallenge (RFC 9577 section 2.1.1); the redemption context is the election's id."""
    name = issuer.encode()
    return b"".join(
        (TOKEN_TYPE, len(name).to_bytes(2), name, bytes([len(election)]), election, len(origin).to_bytes(2), origin)
    )


@dataclass(frozen=True, slots=True)
class Request:
    """A TokenRequest (RFC 9578 section 6.1) as the issuer reads it."""

    truncated_key_id: int
    blinded: bytes

    @classmethod
    def decode(cls, data: bytes) -> "Request":
        """Raises Problem ``enrolment.request``."""
        if len(data) != REQUEST_LENGTH or data[:2] != TOKEN_TYPE:
            raise Problem(
                "enrolment.request",
                "request",
                f"is no TokenRequest of type 0x0002, which has {REQUEST_LENGTH} bytes.",
                "Make it as RFC 9578 section 6.1 says and try again.",
            )
        return cls(data[2], data[3:])


@dataclass(frozen=True, slots=True)
class Pending:
    """What a voter's device keeps between the request and the response; whoever has it can link the two."""

    public: PublicKey
    unsigned: bytes
    """The token without its authenticator."""
    inverse: int = field(repr=False)

    def finish(self, response: bytes) -> bytes:
        """Return the token of the issuer's response. Raises Problem ``token.response``."""
        try:
            return self.unsigned + blindrsa.finalize(self.public, self.unsigned, response, self.inverse)
        except BlindingFailed as error:
            raise Problem(
                "token.response",
                "response",
                "is not the issuer's signature of the request.",
                "Send the same request again; if that fails, ask for the current cohort's key.",
            ) from error


def begin(
    der: bytes, challenge: bytes, nonce: bytes, salt: bytes | None = None, factor: int | None = None
) -> tuple[bytes, Pending]:
    """Return the TokenRequest for a token under the issuer's key ``der``, and what is needed to finish it.

    ``nonce`` is the ballot's public key (32 bytes); ``salt`` and ``factor`` are given by test vectors only.
    """
    public = decode_public_key(der)
    key_id = token_key_id(der)
    unsigned = TOKEN_TYPE + nonce + hashlib.sha256(challenge).digest() + key_id
    blinded, inverse = blindrsa.blind(public, unsigned, salt, factor)
    return TOKEN_TYPE + key_id[-1:] + blinded, Pending(public, unsigned, inverse)


class Redemption:
    """What it takes to check tokens of one election: made once, used a million times."""

    def __init__(self, keys: Keys, election: bytes) -> None:
        challenge = hashlib.sha256(token_challenge(keys.issuer, election)).digest()
        self._cohorts = {
            challenge + token_key_id(cohort.key): (cohort, decode_public_key(cohort.key, f"cohort {cohort.name}"))
            for cohort in keys.cohorts
        }

    def cohort(self, token: bytes, nonce: bytes) -> Cohort | None:
        """Return the cohort under whose key ``token`` verifies for the ballot key ``nonce``, or None."""
        if len(token) != TOKEN_LENGTH or token[:2] != TOKEN_TYPE or token[2:34] != nonce:
            return None
        found = self._cohorts.get(token[34:98])
        if found is None or not found[1].verify(token[:98], token[98:]):
            return None
        return found[0]
