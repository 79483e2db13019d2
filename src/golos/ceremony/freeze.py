"""Freeze: the stewards name the checkpoint up to which voters' entries count."""

from collections.abc import Sequence
from typing import TypeVar

from golos.credential.keys import keys_of
from golos.credential.steward import jointly_signed
from golos.model.ed25519 import SigningKey
from golos.model.entry import Freeze, Opening
from golos.model.pack import Pack
from golos.model.problem import Problem
from golos.model.record import encode
from golos.ports import Head


def freeze(pack: Pack, head: Head, stewards: Sequence[SigningKey]) -> bytes:
    """Return the record of a freeze at the checkpoint ``head``; raises Problem ``steward.few``."""
    draft = Freeze(1, pack.id, head.size, head.root, ())
    return sign_jointly(pack, draft, stewards)


Joint = TypeVar("Joint", Freeze, Opening)


def sign_jointly(pack: Pack, draft: Joint, stewards: Sequence[SigningKey]) -> bytes:
    """Return the record of ``draft`` under the signatures of this pack's stewards; raises Problem ``steward.few``."""
    keys = keys_of(pack)
    present = [steward for steward in stewards if steward.public in keys.stewards]
    if len(present) < keys.threshold:
        raise Problem(
            "steward.few",
            "stewards",
            f"{len(present)} of this election's are at hand, {keys.threshold} are needed.",
            "Bring their key files.",
        )
    return encode(jointly_signed(draft, present))
