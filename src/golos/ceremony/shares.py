"""Shares: a 32-byte key as words on paper, m of n of which restore it (SLIP-0039)."""

from collections.abc import Sequence
from itertools import combinations

from shamir_mnemonic import MnemonicError, combine_mnemonics, generate_mnemonics

from golos.credential.sealing import SealingKey
from golos.model.problem import Problem

MOST = 16
"""Shares of one secret at most (SLIP-0039)."""


def split(secret: bytes, threshold: int, shares: int) -> list[str]:
    """Return ``shares`` texts of 33 words each, any ``threshold`` of which restore the 32-byte ``secret``.

    With a threshold of 1 there is one share only, as SLIP-0039 demands.
    """
    groups = [(threshold, shares if threshold > 1 else 1)]
    mnemonics: list[str] = generate_mnemonics(1, groups, secret, iteration_exponent=0)[0]
    return mnemonics if threshold > 1 else mnemonics * shares


def restore(shares: Sequence[str]) -> bytes:
    """Return the secret; raises Problem ``shares.wrong`` when they are too few, misspelt or of different keys."""
    try:
        secret: bytes = combine_mnemonics(sorted({" ".join(share.lower().split()) for share in shares}))
    except MnemonicError as error:
        raise Problem(
            "shares.wrong",
            "shares",
            "do not restore the opening key (too few, misspelt, or of different sets).",
            "Check every word.",
        ) from error
    return secret


def opening_key(shares: Sequence[str], threshold: int, public: bytes) -> SealingKey:
    """Return the key of public half ``public`` that some ``threshold`` of the shares make.

    A share that is damaged, foreign or there twice does no harm while enough good ones are at hand. Raises Problem
    ``shares.few``, ``shares.wrong``.
    """
    distinct = sorted({" ".join(share.lower().split()) for share in shares})
    if len(distinct) < threshold:
        raise Problem(
            "shares.few",
            "shares",
            f"{len(distinct)} are at hand, {threshold} are needed.",
            "Bring the other stewards' words.",
        )
    for chosen in combinations(distinct, threshold):
        try:
            key = SealingKey(restore(chosen))
        except Problem:
            continue
        if key.public == public:
            return key
    raise Problem(
        "shares.wrong",
        "shares",
        "do not make this election's opening key: words are misspelt or of another election.",
        "Check every word, or bring another steward's share.",
    )
