"""Note: text signed by one or more keys (C2SP signed-note), with the two Ed25519 signature types Golos uses.

Type 0x01 signs the text; type 0x04 is a witness's cosignature/v1 with its time (C2SP tlog-cosignature).
A note is bytes; its text ends in a newline and is separated from the signature lines by the last empty line.
"""

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from golos.model.ed25519 import SigningKey, verify
from golos.model.problem import Problem

ED25519 = 0x01
COSIGNATURE = 0x04
NOTE_LIMIT = 1 << 20
"""Bytes a note may have."""
SIGNATURE_LIMIT = 100
"""Signature lines a note may have."""
_DASH = "\u2014 "
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")
_KEY_ID = re.compile(r"[0-9a-f]{8}")


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature line: the key's name, its id (4 bytes) and what it says."""

    name: str
    key_id: bytes
    signature: bytes

    def line(self) -> str:
        """Return the line with its newline."""
        return f"{_DASH}{self.name} {encode64(self.key_id + self.signature)}\n"

    @property
    def time(self) -> int:
        """When a cosignature was made, in seconds since 1970 (UTC); only cosignatures have a time."""
        return int.from_bytes(self.signature[:8], "big")


@dataclass(frozen=True, slots=True)
class Verifier:
    """A public key that is trusted under a name. ``key_id`` is 4 bytes and by default made as the format recommends."""

    name: str
    key: bytes
    kind: int = ED25519
    key_id: bytes = b""

    def __post_init__(self) -> None:
        _check_name(self.name)
        if not self.key_id:
            object.__setattr__(self, "key_id", key_id(self.name, self.kind, self.key))

    @classmethod
    def parse(cls, vkey: str, field: str = "verifier key") -> "Verifier":
        """Return the verifier that ``name+id+base64(type || key)`` names. Raises Problem ``note.key``."""
        name, _, rest = vkey.partition("+")
        identifier, _, encoded = rest.partition("+")
        material = _key_material(name, identifier, encoded, field)
        verifier = cls(name, material[1:], material[0])
        if verifier.key_id.hex() != identifier:
            raise _bad_key(field, "does not match its own id.")
        return verifier

    def vkey(self) -> str:
        """Return the text form."""
        return f"{self.name}+{self.key_id.hex()}+{encode64(bytes([self.kind]) + self.key)}"

    def matches(self, signature: Signature) -> bool:
        """Return whether the line claims to be by this key."""
        return (signature.name, signature.key_id) == (self.name, self.key_id)

    def verify(self, text: bytes, signature: Signature) -> bool:
        """Return whether the line is this key's signature of ``text``."""
        if self.kind == ED25519:
            return verify(self.key, text, signature.signature)
        if len(signature.signature) != 72 or signature.time >= 1 << 63:
            return False
        return verify(self.key, _cosigned(text, signature.time), signature.signature[8:])


class Signer:
    """A private key with a name. ``kind`` says which of the two types it signs."""

    def __init__(self, name: str, key: SigningKey, kind: int = ED25519) -> None:
        self.verifier = Verifier(name, key.public, kind)
        self._key = key

    @classmethod
    def generate(cls, name: str, kind: int = ED25519) -> "Signer":
        """Return a fresh key."""
        return cls(name, SigningKey.generate(), kind)

    @classmethod
    def parse(cls, skey: str, field: str = "signing key") -> "Signer":
        """Return the signer whose ``skey`` this is. Raises Problem ``note.key``, which never shows the key."""
        if not skey.startswith("PRIVATE+KEY+"):
            raise _bad_key(field, "does not begin with PRIVATE+KEY+.")
        name, _, rest = skey.removeprefix("PRIVATE+KEY+").partition("+")
        identifier, _, encoded = rest.partition("+")
        material = _key_material(name, identifier, encoded, field)
        signer = cls(name, SigningKey(material[1:]), material[0])
        if signer.verifier.key_id.hex() != identifier:
            raise _bad_key(field, "does not match its own id.")
        return signer

    @property
    def name(self) -> str:
        """The key's name; for a log's key it is the origin of its checkpoints."""
        return self.verifier.name

    def skey(self) -> str:
        """Return the secret text form, ``PRIVATE+KEY+name+id+base64(type || seed)``."""
        secret = encode64(bytes([self.verifier.kind]) + self._key.seed)
        return f"PRIVATE+KEY+{self.name}+{self.verifier.key_id.hex()}+{secret}"

    def signature(self, text: bytes, time: int | None = None) -> Signature:
        """Return the signature of ``text``; a cosignature needs the ``time`` in seconds since 1970."""
        if self.verifier.kind == ED25519:
            return Signature(self.name, self.verifier.key_id, self._key.sign(text))
        if time is None:
            raise ValueError("a cosignature needs a time")
        signed = self._key.sign(_cosigned(text, time))
        return Signature(self.name, self.verifier.key_id, time.to_bytes(8, "big") + signed)

    def sign(self, text: bytes) -> bytes:
        """Return the note: ``text`` (it ends in a newline) under this key's signature."""
        if not text.endswith(b"\n") or _CONTROL.search(text.decode()):
            raise ValueError("a note's text ends in a newline and holds no control characters")
        return text + b"\n" + self.signature(text).line().encode()


def key_id(name: str, kind: int, key: bytes) -> bytes:
    """Return the recommended 4-byte id of a key."""
    return hashlib.sha256(name.encode("utf-8", "surrogateescape") + b"\n" + bytes([kind]) + key).digest()[:4]


def parse(note: bytes, field: str = "note") -> tuple[bytes, list[Signature]]:
    """Return the text and the signature lines; nothing is verified. Raises Problem ``note.malformed``."""
    if len(note) > NOTE_LIMIT:
        raise _malformed(field, "is longer than one megabyte.")
    try:
        decoded = note.decode()
    except UnicodeDecodeError:
        raise _malformed(field, "is not UTF-8.") from None
    if _CONTROL.search(decoded):
        raise _malformed(field, "holds a control character.")
    text, empty_line, tail = decoded.rpartition("\n\n")
    if not empty_line or not tail.endswith("\n"):
        raise _malformed(field, "has no signature lines after an empty line.")
    lines = tail[:-1].split("\n")
    if len(lines) > SIGNATURE_LIMIT:
        raise _malformed(field, f"has more than {SIGNATURE_LIMIT} signatures.")
    return text.encode() + b"\n", [parse_signature(line, field) for line in lines]


def parse_signature(line: str, field: str = "note") -> Signature:
    """Return the signature of one line without its newline. Raises Problem ``note.malformed``."""
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    if not line.startswith(_DASH) or not space or not _is_name(name):
        raise _malformed(field, "has a line among its signatures that is none.")
    try:
        raw = decode64(encoded)
    except ValueError:
        raise _malformed(field, f"has a signature by {name} that is not base64.") from None
    if len(raw) < 5:
        raise _malformed(field, f"has a signature by {name} that is too short.")
    return Signature(name, raw[:4], raw[4:])


def verify_signatures(
    text: bytes, signatures: Iterable[Signature], verifiers: Sequence[Verifier], field: str = "note"
) -> Mapping[Verifier, Signature]:
    """Return the known keys that signed, each with its first signature; signatures by unknown keys are ignored.

    Every signature that claims to be by a known key must verify. Raises Problem ``note.forged`` if one does not.
    """
    known: dict[Verifier, Signature] = {}
    for signature in signatures:
        for verifier in verifiers:
            if verifier.matches(signature):
                if not verifier.verify(text, signature):
                    raise Problem(
                        "note.forged",
                        field,
                        f"has a signature by {verifier.name} that is false.",
                        "Fetch it again; if it stays, somebody altered it.",
                    )
                known.setdefault(verifier, signature)
    return known


def open_note(
    note: bytes, verifiers: Sequence[Verifier], field: str = "note"
) -> tuple[bytes, Mapping[Verifier, Signature]]:
    """Return the text and the known keys that signed it, at least one.

    Raises Problem ``note.malformed``, ``note.forged``, or ``note.unsigned`` if no known key has signed.
    """
    text, signatures = parse(note, field)
    known = verify_signatures(text, signatures, verifiers, field)
    if not known:
        raise Problem("note.unsigned", field, "is signed by no known key.", "Check that the keys are the right ones.")
    return text, known


def encode64(data: bytes) -> str:
    """Return standard base64 (RFC 4648 section 4)."""
    return base64.b64encode(data).decode()


def decode64(text: str) -> bytes:
    """Return the bytes of standard base64 in its one canonical spelling. Raises ValueError."""
    try:
        data = base64.b64decode(text.encode("ascii"), validate=True)
    except binascii.Error as error:
        raise ValueError(str(error)) from None
    if encode64(data) != text:
        raise ValueError("not canonical base64")
    return data


def _cosigned(text: bytes, time: int) -> bytes:
    return b"cosignature/v1\ntime %d\n" % time + text


def _is_name(name: str) -> bool:
    return bool(name) and "+" not in name and not any(c.isspace() for c in name)


def _check_name(name: str) -> None:
    if not _is_name(name):
        raise _bad_key("key name", "is empty or holds a space or a plus sign.")


def _key_material(name: str, identifier: str, encoded: str, field: str) -> bytes:
    """Return the type byte and the 32 bytes of the key."""
    if not _is_name(name) or not _KEY_ID.fullmatch(identifier):
        raise _bad_key(field, "is not of the form name+id+key.")
    try:
        material = decode64(encoded)
    except ValueError:
        raise _bad_key(field, "is not base64 in its last part.") from None
    if len(material) != 33 or material[0] not in (ED25519, COSIGNATURE):
        raise _bad_key(field, "is not an Ed25519 key of type 1 or 4.")
    return material


def _bad_key(field: str, problem: str) -> Problem:
    return Problem("note.key", field, problem, "Copy the whole key again.")


def _malformed(field: str, problem: str) -> Problem:
    return Problem("note.malformed", field, problem, "See c2sp.org/signed-note.")
