"""Blind RSA signatures, RSABSSA-SHA384 (RFC 9474). Golos uses the variant PSS-Deterministic: salt 48, no prefix.

Function names are those of RFC 9474 section 4. Messages and signatures are bytes, big-endian, as long as the modulus.
"""

import hashlib
import secrets
from dataclasses import dataclass, field

import gmpy2
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from gmpy2 import mpz

from golos.credential.libcrypto import OpensslKey, openssl_key

SALT_LENGTH = 48
"""Bytes of PSS salt of the PSS variants; PSSZERO has none."""
_HASH_LENGTH = 48
_SHA384 = hashes.SHA384()
_PSS = padding.PSS(padding.MGF1(_SHA384), SALT_LENGTH)


class BlindingFailed(Exception):
    """The message can't be blinded under this key, or what came back is not the signer's answer to it."""


class FaultDetected(Exception):
    """The private operation gave a wrong result, which would give the key away. Nothing was released."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An RSA public key: modulus ``n`` and exponent ``e``; ``length`` is the bytes of n."""

    n: int
    e: int
    length: int = field(init=False)
    _native: rsa.RSAPublicKey = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "length", (self.n.bit_length() + 7) // 8)
        object.__setattr__(self, "_native", rsa.RSAPublicNumbers(self.e, self.n).public_key())

    def verify(self, message: bytes, signature: bytes, salt_length: int = SALT_LENGTH) -> bool:
        """Return whether ``signature`` is a PSS signature of the prepared ``message`` (RFC 8017 section 8.1.2)."""
        pss = _PSS if salt_length == SALT_LENGTH else padding.PSS(padding.MGF1(_SHA384), salt_length)
        try:
            self._native.verify(signature, message, pss, _SHA384)
        except InvalidSignature:
            return False
        return True


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """An RSA private key with two primes; the system's OpenSSL holds it too, if there is one."""

    public: PublicKey
    p: int = field(repr=False)
    q: int = field(repr=False)
    d: int = field(repr=False)
    _openssl: OpensslKey | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_openssl", openssl_key(_der(self)))


def prepare(message: bytes, prefix: bytes = b"") -> bytes:
    """Return the message to be signed: itself, or (Randomized variants) after a random ``prefix`` of 32 bytes."""
    return prefix + message


def encode_pss(message: bytes, bits: int, salt: bytes) -> bytes:
    """EMSA-PSS-ENCODE (RFC 8017 section 9.1.1) with SHA-384; ``bits`` is one less than those of the modulus."""
    length = (bits + 7) // 8
    if length < _HASH_LENGTH + len(salt) + 2:
        raise BlindingFailed("the modulus is too short for SHA-384 and this salt")
    hashed = hashlib.sha384(bytes(8) + hashlib.sha384(message).digest() + salt).digest()
    block = bytes(length - len(salt) - _HASH_LENGTH - 2) + b"\x01" + salt
    masked = bytearray(one ^ two for one, two in zip(block, _mgf1(hashed, len(block)), strict=True))
    masked[0] &= 0xFF >> (8 * length - bits)
    return bytes(masked) + hashed + b"\xbc"


def blind(public: PublicKey, message: bytes, salt: bytes | None = None, factor: int | None = None) -> tuple[bytes, int]:
    """Return the blinded message and the inverse that `finalize` needs (RFC 9474 section 4.2).

    ``salt`` and ``factor`` (1 <= factor < n) are fresh randomness unless given, which only test vectors do.
    """
    salt = secrets.token_bytes(SALT_LENGTH) if salt is None else salt
    factor = 1 + secrets.randbelow(public.n - 1) if factor is None else factor
    encoded = mpz(int.from_bytes(encode_pss(message, public.n.bit_length() - 1, salt)))
    if gmpy2.gcd(encoded, public.n) != 1 or gmpy2.gcd(factor, public.n) != 1:
        raise BlindingFailed("the message or the blinding factor is not coprime with the modulus")
    inverse = gmpy2.invert(factor, public.n)
    blinded = encoded * gmpy2.powmod(factor, public.e, public.n) % public.n
    return int(blinded).to_bytes(public.length), int(inverse)


def blind_sign(private: PrivateKey, blinded: bytes) -> bytes:
    """Return the blind signature (RFC 9474 section 4.3): the private operation on what the sender blinded.

    It is checked before release, so that a fault in one half of the CRT doesn't give the factors away.
    Raises BlindingFailed for a message that is no residue of the modulus, FaultDetected.
    """
    public = private.public
    message = mpz(int.from_bytes(blinded))
    if len(blinded) != public.length or not 0 < message < public.n:
        raise BlindingFailed("the blinded message is not between 0 and the modulus")
    powered = private._openssl.power(blinded) if private._openssl else None
    with gmpy2.context(gmpy2.get_context(), allow_release_gil=True):
        signature = mpz(int.from_bytes(powered)) if powered else _private_operation(private, message)
        if gmpy2.powmod(signature, public.e, public.n) != message:
            raise FaultDetected("RSA private operation")
    return int(signature).to_bytes(public.length)


def finalize(
    public: PublicKey, message: bytes, blind_signature: bytes, inverse: int, salt_length: int = SALT_LENGTH
) -> bytes:
    """Return the signature of the prepared ``message`` (RFC 9474 section 4.4). Raises BlindingFailed if it is none."""
    if len(blind_signature) != public.length:
        raise BlindingFailed("the blind signature is not as long as the modulus")
    signature = int(mpz(int.from_bytes(blind_signature)) * inverse % public.n).to_bytes(public.length)
    if not public.verify(message, signature, salt_length):
        raise BlindingFailed("the blind signature does not verify")
    return signature


def _private_operation(private: PrivateKey, message: mpz) -> mpz:
    """RSASP1 (RFC 8017 section 5.2.1) by GMP, on the message times a fresh random power: its timing says nothing."""
    public = private.public
    factor = mpz(1 + secrets.randbelow(public.n - 1))
    masked = message * gmpy2.powmod(factor, public.e, public.n) % public.n
    return _by_remainders(private, masked) * gmpy2.invert(factor, public.n) % public.n


def _by_remainders(private: PrivateKey, message: mpz) -> mpz:
    """Do it by the Chinese remainder theorem, side-channel silent in GMP's own terms."""
    p, q = mpz(private.p), mpz(private.q)
    one = gmpy2.powmod_sec(message % p, private.d % (p - 1), p)
    two = gmpy2.powmod_sec(message % q, private.d % (q - 1), q)
    return two + q * ((one - two) * gmpy2.invert(q, p) % p)


def _der(private: PrivateKey) -> bytes:
    p, q, d = private.p, private.q, private.d
    numbers = rsa.RSAPrivateNumbers(
        p, q, d, d % (p - 1), d % (q - 1), pow(q, -1, p), rsa.RSAPublicNumbers(private.public.e, private.public.n)
    )
    key = numbers.private_key(unsafe_skip_rsa_key_validation=True)
    return key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())


def _mgf1(seed: bytes, length: int) -> bytes:
    blocks = -(-length // _HASH_LENGTH)
    return b"".join(hashlib.sha384(seed + i.to_bytes(4)).digest() for i in range(blocks))[:length]
