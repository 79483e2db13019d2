"""Ed25519 (RFC 8032): the one function of Golos that verifies, and the one key type that signs.

Libraries disagree about edge cases, so the rule is written out (docs/formats.md, "Records and signatures"):
the equation without cofactor, [S]B = R + [k]A with R compared as bytes; S < L; and neither the public key nor R
may be spelt non-canonically or have small order. Of the 914 signatures of the C2SP vectors (cctv-ed25519) exactly 43
pass, all of these flag sets and none of any other: {} (1), {low_order_component_A} (7) and
{low_order_component_A, low_order_component_R} (35): keys with a torsion part whose equation holds exactly.
"""

import secrets

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

ORDER = 2**252 + 27742317777372353535851937790883648493
"""L, the order of the base point."""

_P = 2**255 - 19
_SIGN = 1 << 255
_Y_OF_ORDER_8 = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)
_SMALL_ORDER = (0, 1, _P - 1, _Y_OF_ORDER_8, _P - _Y_OF_ORDER_8)
"""The y of the eight points of small order; each y below is refused with either sign bit."""
_REFUSED = frozenset(
    (y | sign).to_bytes(32, "little") for y in (*_SMALL_ORDER, *range(_P, 2**255)) for sign in (0, _SIGN)
)


def verify(key: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether ``signature`` (64 bytes) over ``message`` is by ``key`` (32 bytes). Never raises on bytes."""
    if len(key) != 32 or len(signature) != 64 or key in _REFUSED or signature[:32] in _REFUSED:
        return False
    if int.from_bytes(signature[32:], "little") >= ORDER:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


class SigningKey:
    """A private key, made of its 32-byte seed; ``public`` is the 32-byte key that verifies."""

    __slots__ = ("_private", "public", "seed")

    def __init__(self, seed: bytes) -> None:
        if len(seed) != 32:
            raise ValueError("an Ed25519 seed has 32 bytes")
        self.seed = seed
        self._private = Ed25519PrivateKey.from_private_bytes(seed)
        self.public = self._private.public_key().public_bytes_raw()

    @classmethod
    def generate(cls) -> "SigningKey":
        """Return a fresh key from the system's randomness."""
        return cls(secrets.token_bytes(32))

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte signature of ``message``."""
        return self._private.sign(message)

    def __repr__(self) -> str:
        return f"SigningKey(public={self.public.hex()})"
