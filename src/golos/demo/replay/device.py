"""Device: the replay's voters. Everything a device makes up is derived from a seed, so that a lost one comes back."""

import hashlib

from golos.credential.keys import keys_of
from golos.credential.sealing import seal_photo
from golos.credential.token import Pending, begin, decode_public_key, token_challenge
from golos.credential.voter import Voter
from golos.demo.replay.outbox import Sealed
from golos.demo.replay.table import CONTEST, Vote
from golos.model.ed25519 import SigningKey
from golos.model.pack import Cohort, Pack
from golos.model.record import digest

_LABEL = b"golos/replay/v1\n"
_SALT, _FACTOR = 48, 264
"""Bytes drawn for the PSS salt and the blinding factor; the latter more than the modulus has, to be near uniform."""
_SHOWS = "it shows "


class Device:
    """One voter's device. Sealing is not derived: what it sealed is kept in an outbox until it is sent."""

    def __init__(self, pack: Pack, cohort: Cohort, seed: int, vote: Vote) -> None:
        self._pack, self._cohort, self._vote = pack, cohort, vote
        self._secret = b"".join((_LABEL, pack.id, seed.to_bytes(8), vote.number.to_bytes(8)))
        self._key = SigningKey(self._draw(b"key", 32))
        self._pending: Pending | None = None

    def request(self) -> bytes:
        """Return the TokenRequest: the same at every call, so that the issuer answers it again after a crash."""
        factor = 1 + int.from_bytes(self._draw(b"factor", _FACTOR)) % (decode_public_key(self._cohort.key).n - 1)
        challenge = token_challenge(keys_of(self._pack).issuer, self._pack.id)
        salt = self._draw(b"salt", _SALT)
        request, self._pending = begin(self._cohort.key, challenge, self._key.public, salt, factor)
        return request

    def vote(self, response: bytes) -> Sealed:
        """Return the sealed ballot under the token in the issuer's answer to the request, and its photograph."""
        if self._pending is None:
            raise ValueError("there was no request")
        voter = Voter(self._pack, self._key, self._pending.finish(response))
        photo = seal_photo(self._picture(), keys_of(self._pack).room, self._pack.id) if self._vote.photographed else b""
        choices = ((CONTEST, (self._vote.choice,)),)
        ballot = voter.ballot(self._vote.station, choices, 1, digest(photo) if photo else None)
        return Sealed(ballot.envelope, photo)

    def _picture(self) -> bytes:
        """Return what stands in for a photograph: a few hundred bytes, no two alike."""
        grain = self._draw(b"grain", 128).hex()
        return f"In place of a photograph of a ballot: {_SHOWS}{self._vote.choice}\n{grain}\n".encode()

    def _draw(self, purpose: bytes, length: int) -> bytes:
        return hashlib.shake_256(self._secret + purpose).digest(length)


def shown(picture: bytes) -> str:
    """Return the choice that a picture shows."""
    return picture.decode().partition(_SHOWS)[2].partition("\n")[0]
