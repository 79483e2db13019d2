"""A voter's ballot or withdrawal, beyond its signature and token: does the envelope hold what the record names?"""

import hashlib

from golos.credential.keys import keys_of
from golos.credential.sealing import OVERHEAD
from golos.credential.token import KEY_ID, token_key_id
from golos.model.ballot import Ballot, Withdrawal
from golos.model.pack import Pack
from golos.model.problem import Problem


def check_cohort(entry: Ballot | Withdrawal, pack: Pack) -> None:
    """Tell a token of an unknown cohort from a forged one. Raises Problem ``token.cohort``."""
    if all(token_key_id(cohort.key) != entry.token[KEY_ID] for cohort in keys_of(pack).cohorts):
        raise Problem(
            "token.cohort",
            f"{entry.__struct_config__.tag}.token",
            "is of a cohort that this election does not have.",
            "Register for this election, then send it.",
        )


def check_ballot(entry: Ballot, sealed: bytes, pack: Pack) -> None:
    """Raises Problem ``ballot.sealed_size``, ``ballot.sealed``."""
    expected = pack.policy.inner_size + OVERHEAD
    if len(sealed) != expected:
        raise Problem(
            "ballot.sealed_size",
            "envelope.sealed",
            f"has {len(sealed)} bytes; the sealed inner part of a ballot has {expected} in this election.",
            "Send the ballot with its sealed inner part, padded as the pack says.",
        )
    if hashlib.sha256(sealed).digest() != entry.sealed:
        raise Problem(
            "ballot.sealed",
            "ballot.sealed",
            "is not the hash of the sealed inner part that came with it.",
            "Send the sealed inner part that was made with this ballot.",
        )


def expect_nothing_sealed(sealed: bytes) -> None:
    """Only a ballot has an inner part. Raises Problem ``envelope.sealed_unexpected``."""
    if sealed:
        raise Problem(
            "envelope.sealed_unexpected",
            "envelope.sealed",
            "is not empty, but only a ballot has a sealed inner part.",
            "Send the record with an empty second element.",
        )
