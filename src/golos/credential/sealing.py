"""Sealing: HPKE (RFC 9180, base mode, single shot) and padding to size classes (docs/formats.md, "Sealing").

One suite everywhere: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM. What is sealed names its recipient's key
by eight bytes of a hash, so that keys can be changed while envelopes are on their way.
"""

import hashlib
from collections.abc import Iterable, Sequence
from typing import Annotated

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite

from golos.model.ballot import Inner
from golos.model.problem import Problem
from golos.model.record import Frozen, decode, encode

ENVELOPE_LABEL = b"golos/envelope/v1\n"
INNER_LABEL = b"golos/inner/v1\n"
PHOTO_LABEL = b"golos/photo/v1\n"
ENVELOPE_SIZES = (1024, 4096, 16384)
"""Bytes of a sealed envelope, header and tag included."""
PHOTO_BLOCK = 8192
OVERHEAD = 1 + 8 + 32 + 16
"""Bytes of a sealed form besides the padded plaintext: version, key id, enc, AEAD tag."""

_VERSION = b"\x01"
_HEADER = 9
_SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


class SealingKey:
    """A recipient's private key; ``public`` is its 32-byte X25519 key, ``id`` the eight bytes that name it."""

    __slots__ = ("_private", "id", "public", "secret")

    def __init__(self, secret: bytes) -> None:
        if len(secret) != 32:
            raise ValueError("an X25519 private key has 32 bytes")
        self.secret = secret
        self._private = X25519PrivateKey.from_private_bytes(secret)
        self.public = self._private.public_key().public_bytes_raw()
        self.id = key_id(self.public)

    @classmethod
    def generate(cls) -> "SealingKey":
        """Return a fresh key from the system's randomness."""
        return cls(X25519PrivateKey.generate().private_bytes_raw())

    def decrypt(self, ciphertext: bytes, info: bytes) -> bytes:
        """Open an HPKE single-shot ciphertext (enc, then AEAD output). Raises InvalidTag or ValueError."""
        return _SUITE.decrypt(ciphertext, self._private, info)

    def __repr__(self) -> str:
        return f"SealingKey(public={self.public.hex()})"


class Contents(Frozen, frozen=True):
    """What an envelope holds: a record and, for a ballot, its sealed inner part."""

    record: Annotated[bytes, msgspec.Meta(min_length=1)]
    sealed: bytes


def key_id(public: bytes) -> bytes:
    """Return the eight bytes by which a sealed form names its recipient."""
    return hashlib.sha256(public).digest()[:8]


def seal(content: bytes, recipient: bytes, label: bytes, election: bytes, padded: int) -> bytes:
    """Seal ``content``, padded to ``padded`` bytes, to the X25519 key ``recipient``.

    Raises Problem ``sealed.too_long`` if it does not fit.
    """
    header = _VERSION + key_id(recipient)
    ciphertext = _SUITE.encrypt(
        _pad(content, padded), X25519PublicKey.from_public_bytes(recipient), label + election + header
    )
    return header + ciphertext


def open_sealed(sealed: bytes, keys: Iterable[SealingKey], label: bytes, election: bytes, what: str) -> bytes:
    """Return what is sealed to one of ``keys`` (several while one replaces another).

    Raises Problem ``sealed.malformed``, ``sealed.unknown_key``, ``sealed.damaged``, ``sealed.padding``;
    ``what`` is the field it names.
    """
    if len(sealed) <= OVERHEAD or sealed[:1] != _VERSION:
        raise Problem(
            "sealed.malformed", what, "is not in the sealed form, version 1.", "See docs/formats.md, Sealing."
        )
    key = next((k for k in keys if k.id == sealed[1:_HEADER]), None)
    if key is None:
        raise Problem(
            "sealed.unknown_key",
            what,
            f"is sealed to a key that is not in use here ({sealed[1:_HEADER].hex()}).",
            "Seal it again to the key in the newest election pack.",
        )
    try:
        padded = key.decrypt(sealed[_HEADER:], label + election + sealed[:_HEADER])
    except (InvalidTag, ValueError) as error:
        raise Problem(
            "sealed.damaged",
            what,
            "can't be opened: it is damaged, of another kind or of another election.",
            "Seal it again and send it again.",
        ) from error
    return _unpad(padded, what)


def seal_envelope(record: bytes, sealed: bytes, recipient: bytes, election: bytes) -> bytes:
    """Return the envelope of a record (and of a ballot's sealed inner part): 1,024, 4,096 or 16,384 bytes."""
    content = encode(Contents(record, sealed))
    size = next((s for s in ENVELOPE_SIZES if len(content) < s - OVERHEAD), ENVELOPE_SIZES[-1])
    return seal(content, recipient, ENVELOPE_LABEL, election, size - OVERHEAD)


def open_envelope(envelope: bytes, keys: Iterable[SealingKey], election: bytes) -> Contents:
    """Return what is in an envelope. Raises Problem ``envelope.size`` and those of `open_sealed` and of `decode`."""
    if len(envelope) not in ENVELOPE_SIZES:
        raise Problem(
            "envelope.size",
            "envelope",
            f"has {len(envelope)} bytes; an envelope has 1024, 4096 or 16384.",
            "Send the envelope as it was made, whole and with nothing around it.",
        )
    content = open_sealed(envelope, keys, ENVELOPE_LABEL, election, "envelope")
    return decode(content, Contents, "envelope")


def seal_inner(inner: bytes, recipient: bytes, election: bytes, inner_size: int) -> bytes:
    """Seal a ballot's inner part to the opening key; every one has the same length (``policy.inner_size``)."""
    return seal(inner, recipient, INNER_LABEL, election, inner_size)


def open_inner(sealed: bytes, keys: Iterable[SealingKey], election: bytes) -> bytes:
    """Return the inner part's bytes, to be decoded by `decode_inner` and compared with the ballot's ``inner``."""
    return open_sealed(sealed, keys, INNER_LABEL, election, "inner")


def decode_inner(inner: bytes) -> Inner:
    """Return the inner part in ``inner``. Raises Problem ``record.malformed``, ``record.not_canonical``."""
    return decode(inner, Inner, "inner")


def seal_photo(photo: bytes, recipient: bytes, election: bytes) -> bytes:
    """Seal a photograph to the reading room's key, padded to a multiple of 8,192 bytes."""
    return seal(photo, recipient, PHOTO_LABEL, election, -(-(len(photo) + 1) // PHOTO_BLOCK) * PHOTO_BLOCK)


def open_photo(sealed: bytes, keys: Sequence[SealingKey], election: bytes) -> bytes:
    """Return the photograph's bytes."""
    return open_sealed(sealed, keys, PHOTO_LABEL, election, "photo")


def photo_size_fits(size: int) -> bool:
    """Return whether a sealed photograph can have ``size`` bytes."""
    return size > OVERHEAD and (size - OVERHEAD) % PHOTO_BLOCK == 0


def _pad(content: bytes, padded: int) -> bytes:
    if len(content) >= padded:
        raise Problem(
            "sealed.too_long",
            "content",
            f"has {len(content)} bytes; at most {padded - 1} fit.",
            "Shorten it: fewer lines or choices in one record.",
        )
    return (content + b"\x80").ljust(padded, b"\0")


def _unpad(padded: bytes, what: str) -> bytes:
    content = padded.rstrip(b"\0")
    if content[-1:] != b"\x80":
        raise Problem("sealed.padding", what, "is not padded with 0x80 and zeros.", "Pad it as docs/formats.md says.")
    return content[:-1]
