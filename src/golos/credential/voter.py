"""Voter: what the voter's device does. The key is made here; it never leaves the device, the choice never in clear."""

import secrets

from golos.credential.keys import keys_of
from golos.credential.sealing import seal_inner
from golos.credential.submission import Submission, submission
from golos.credential.token import Pending, begin, token_challenge
from golos.model.ballot import Ballot, Choices, Inner, Withdrawal
from golos.model.ed25519 import SigningKey
from golos.model.pack import Cohort, Pack
from golos.model.problem import Problem
from golos.model.record import digest, encode, signed


class Voter:
    """One credential: an Ed25519 key and, once enrolled, its token. Both must be kept to vote again or withdraw."""

    def __init__(self, pack: Pack, key: SigningKey | None = None, token: bytes = b"") -> None:
        self.pack = pack
        self.key = key or SigningKey.generate()
        self.token = token
        self._pending: Pending | None = None

    def enrol(self, cohort: Cohort) -> bytes:
        """Return the TokenRequest for this key under the cohort's; a second call makes another request."""
        challenge = token_challenge(keys_of(self.pack).issuer, self.pack.id)
        request, self._pending = begin(cohort.key, challenge, self.key.public)
        return request

    def enrolled(self, response: bytes) -> None:
        """Take the issuer's answer to the last request. Raises Problem ``token.response``; the request stays valid."""
        if self._pending is None:
            raise Problem("token.response", "response", "answers no request of this device.", "Register first.")
        self.token = self._pending.finish(response)
        self._pending = None

    def ballot(self, station: str, choices: Choices, sequence: int, photo: bytes | None = None) -> Submission:
        """Return the ballot; ``photo`` is the SHA-256 of the sealed photograph. A higher ``sequence`` replaces it."""
        inner = encode(Inner(1, station, choices, secrets.token_bytes(32)))
        keys, policy = keys_of(self.pack), self.pack.policy
        sealed = seal_inner(inner, keys.opening, self.pack.id, policy.inner_size)
        draft = Ballot(
            version=1,
            election=self.pack.id,
            key=self.key.public,
            token=self._token(),
            sequence=sequence,
            photo=photo,
            inner=digest(inner),
            sealed=digest(sealed),
            signature=bytes(64),
        )
        return submission(self.pack, signed(draft, self.key.sign), sealed)

    def withdrawal(self, sequence: int) -> Submission:
        """Return what takes the ballot back, if ``sequence`` is above that of every ballot sent."""
        draft = Withdrawal(1, self.pack.id, self.key.public, self._token(), sequence, bytes(64))
        return submission(self.pack, signed(draft, self.key.sign))

    def _token(self) -> bytes:
        if not self.token:
            raise Problem("token.missing", "token", "has not been issued to this device.", "Register first.")
        return self.token
