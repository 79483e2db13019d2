"""What stewards and organisations sign: alone, jointly, and for an observer."""

from collections.abc import Iterable
from typing import Literal, TypeVar

import msgspec

from golos.model.ed25519 import SigningKey
from golos.model.entry import Accreditation, Freeze, Key, Opening, PackEntry, Retraction, Role
from golos.model.record import joint_signing_input, signed

_ACCREDITATION_LABEL = b"golos/accreditation/v1\n"
Joint = TypeVar("Joint", PackEntry, Freeze, Opening)


def jointly_signed(draft: Joint, stewards: Iterable[SigningKey]) -> Joint:
    """Return ``draft`` with the signatures it has and one of each of ``stewards``, by public key."""
    message = joint_signing_input(draft)
    signatures = dict(draft.signatures) | {steward.public: steward.sign(message) for steward in stewards}
    return msgspec.structs.replace(draft, signatures=tuple(sorted(signatures.items())))


def staff_key(steward: SigningKey, election: bytes, action: Literal["grant", "revoke"], role: Role, key: bytes) -> Key:
    """Return the entry by which a steward grants the Ed25519 key ``key`` a role, or revokes it."""
    return signed(Key(1, election, action, role, key, steward.public, bytes(64)), steward.sign)


def retraction(steward: SigningKey, election: bytes, finding: str, reason: str) -> Retraction:
    """Return the entry by which a steward takes a finding back."""
    return signed(Retraction(1, election, finding, reason, steward.public, bytes(64)), steward.sign)


def accreditation_input(election: bytes, observer: bytes) -> bytes:
    """Return what an organisation signs to vouch for an observer's public key."""
    return _ACCREDITATION_LABEL + election + observer


def accredit(organisation: SigningKey, election: bytes, observer: bytes) -> Accreditation:
    """Return the organisation's word for the observer's key."""
    return Accreditation(organisation.public, organisation.sign(accreditation_input(election, observer)))
