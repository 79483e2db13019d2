"""Record: the exact bytes of an entry, deterministic CBOR (RFC 8949 section 4.2.1).

An entry is a CBOR array whose first element is its kind and whose last is its signature, or
the list of its signatures. docs/records.cddl is the normative description. One entry has
exactly one encoding: `decode` refuses any other, so that the SHA-256 of the record names the fact.
"""

import hashlib
from collections.abc import Callable
from typing import Annotated, Literal, TypeVar

import cbor2
import msgspec

from golos.model.problem import Problem

Hash = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
PublicKey = Annotated[bytes, msgspec.Meta(min_length=32, max_length=32)]
Signature = Annotated[bytes, msgspec.Meta(min_length=64, max_length=64)]
Salt16 = Annotated[bytes, msgspec.Meta(min_length=16, max_length=16)]
Uint = Annotated[int, msgspec.Meta(ge=0, le=2**53 - 1)]
Version = Literal[1]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]

SIGNED_LABEL = b"golos/record/v1\n"
_EMPTY_BYTES = b"\x40"
_SIGNATURE_LENGTH = 66  # 0x58 0x40, then 64 bytes

T = TypeVar("T", bound=msgspec.Struct)


class Frozen(msgspec.Struct, frozen=True, array_like=True, forbid_unknown_fields=True):
    """Base of all records: immutable, written as an array in the order of its fields."""


def encode(record: msgspec.Struct) -> bytes:
    """Return the record's one encoding."""
    return cbor2.dumps(msgspec.to_builtins(record, builtin_types=(bytes,)), canonical=True)


def decode(data: bytes, kind: type[T], what: str = "record") -> T:
    """Return the record in ``data``.

    Raises Problem ``record.malformed`` for anything that is not CBOR of that kind and
    ``record.not_canonical`` for a second spelling of the same record.
    """
    try:
        plain = cbor2.loads(data)
        record = msgspec.convert(plain, kind, strict=True)
    except (cbor2.CBORError, msgspec.ValidationError, ValueError, RecursionError, OverflowError, MemoryError) as error:
        raise Problem(
            "record.malformed", what, f"is not a valid record ({_first_line(error)}).", "See docs/records.cddl."
        ) from error
    if encode(record) != data:
        raise Problem(
            "record.not_canonical",
            what,
            "is not in deterministic CBOR.",
            "Encode it by RFC 8949 section 4.2.1; nothing may follow it.",
        )
    return record


def kind_of(data: bytes) -> str:
    """Return the kind a record claims, "" if it claims none: an array's header, then a short text."""
    if len(data) < 2 or not 0x81 <= data[0] <= 0x97 or not 0x61 <= data[1] <= 0x77:
        return ""
    return data[2 : 2 + data[1] - 0x60].decode("ascii", "replace")


def digest(record: bytes) -> bytes:
    """Return the SHA-256 of a record's bytes: its name, and its leaf's data in the log."""
    return hashlib.sha256(record).digest()


def signing_input(record: bytes) -> bytes:
    """Return what a single signature at the end of ``record`` signs.

    It is the label, then the record with an empty byte string in the signature's place.
    """
    return SIGNED_LABEL + record[:-_SIGNATURE_LENGTH] + _EMPTY_BYTES


def signed(draft: T, sign: Callable[[bytes], bytes]) -> T:
    """Return ``draft`` with its last field ``signature`` made by ``sign``; the draft's is 64 zero bytes."""
    signature = sign(signing_input(encode(draft)))
    return msgspec.structs.replace(draft, signature=signature)


def joint_signing_input(draft: msgspec.Struct) -> bytes:
    """Return what each of several stewards signs: the label and the record with an empty list of signatures."""
    return SIGNED_LABEL + encode(msgspec.structs.replace(draft, signatures=()))


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__
