"""Ballot: what a voter sends. The outer part is what intake checks, the inner part is what only the stewards read."""

from typing import Annotated

import msgspec

from golos.model.record import Frozen, Hash, Name, PublicKey, Signature, Uint, Version

Token = Annotated[bytes, msgspec.Meta(min_length=354, max_length=354)]
Choices = Annotated[tuple[tuple[Name, tuple[Name, ...]], ...], msgspec.Meta(max_length=32)]
"""Contest id and the option ids marked in it, in the order of the pack; no option is a blank ballot."""

INVALID = "invalid"
"""The option id by which a voter or reader says that a ballot is invalid. It is no option of any contest."""


class Ballot(Frozen, frozen=True, tag="ballot"):
    """The outer part: no choice, no identity.

    ``key`` is the credential's Ed25519 key and the token's nonce. ``inner`` is the SHA-256 of the
    inner part, ``sealed`` that of the sealed inner part as sent, ``photo`` the digest of the sealed photograph.
    The highest ``sequence`` of a key wins; of equal ones, the record with the smaller SHA-256.
    """

    version: Version
    election: Hash
    key: PublicKey
    token: Token
    sequence: Uint
    photo: Hash | None
    inner: Hash
    sealed: Hash
    signature: Signature


class Inner(Frozen, frozen=True, tag="inner"):
    """The inner part. The salt keeps anybody from finding the choice by trying all of them."""

    version: Version
    station: Name
    choices: Choices
    salt: Hash


class Withdrawal(Frozen, frozen=True, tag="withdrawal"):
    """The voter takes the ballot back. It wins over ballots of the key by the same rule as a ballot does."""

    version: Version
    election: Hash
    key: PublicKey
    token: Token
    sequence: Uint
    signature: Signature
