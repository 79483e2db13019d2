"""Founding: from a checked pack to an election: its keys, the signed pack, and the staff that the log begins with."""

from pathlib import Path

import msgspec

from golos.ceremony.keys import KeyFolder, Plan, make
from golos.credential.keys import keys_of
from golos.credential.steward import jointly_signed, staff_key
from golos.intake.pack import load
from golos.ledger.note import Signer
from golos.ledger.policy import Policy
from golos.model.ed25519 import SigningKey
from golos.model.entry import PackEntry, Role
from golos.model.pack import Pack
from golos.model.pack_keys import FILE, write_keys
from golos.model.problem import Problem
from golos.model.record import encode

PACK_RECORD = "pack.record"
"""Leaf 0 as the stewards signed it, kept beside the pack until the log begins with it."""


class Founded(msgspec.Struct, frozen=True):
    """A founded election: its pack, leaf 0, and the entries to follow it."""

    pack: Pack
    pack_record: bytes
    grants: tuple[bytes, ...]


def found(folder: Path, plan: Plan) -> Founded:
    """Make the keys of the election whose pack is in ``folder/pack``, and sign the pack.

    Raises Problem ``pack.mistakes`` and those of witnesses' keys before anything is made, ``key.exist`` where keys
    are. The stewards' files lie in ``folder/keys/stewards`` until the stewards take them away.
    """
    load(folder / "pack")
    Policy.of(Signer.generate(plan.origin).verifier.vkey(), plan.witnesses, plan.quorum)
    public = make(folder / "keys", plan)
    (folder / "pack" / FILE).write_text(write_keys(public), encoding="utf-8")
    pack, keys = load(folder / "pack"), KeyFolder(folder / "keys")
    stewards = keys.stewards()
    record = encode(jointly_signed(PackEntry(1, pack.id, pack.files, ()), stewards))
    (folder / PACK_RECORD).write_bytes(record)
    grants = tuple(grant(pack, stewards, role, keys.signing(role).public) for role in ("machine", "clerk"))
    return Founded(pack, record, grants)


def grant(pack: Pack, stewards: list[SigningKey], role: Role, key: bytes, revoke: bool = False) -> bytes:
    """Return the record by which the first of the pack's stewards at hand grants (or revokes) a role."""
    known = keys_of(pack).stewards
    steward = next((s for s in stewards if s.public in known), None)
    if steward is None:
        raise Problem("steward.missing", "stewards", "none of this election's is at hand.", "Bring one's key file.")
    return encode(staff_key(steward, pack.id, "revoke" if revoke else "grant", role, key))
