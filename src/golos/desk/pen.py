"""Pen: the machine's key signs what was seen. The same fact gives the same record, so that a retry adds nothing."""

import hmac

from golos.model.ballot import Choices
from golos.model.ed25519 import SigningKey
from golos.model.entry import Binding, Reading, Status
from golos.model.record import signed


class Pen:
    """The salt of a reading is derived from the key: nobody else can guess a closed record from its hash."""

    def __init__(self, election: bytes, signer: SigningKey) -> None:
        self._election = election
        self._signer = signer

    def reading(self, photo: bytes, status: Status, choices: Choices = (), *, copy_of: bytes | None = None) -> Reading:
        """Return the entry of what a photograph shows."""
        salt = hmac.digest(self._signer.seed, b"golos/reading/v1\n" + photo, "sha256")[:16]
        key = self._signer.public
        draft = Reading(1, self._election, photo, key, status, choices, copy_of, salt, bytes(64))
        return signed(draft, self._signer.sign)

    def binding(self, photo: bytes, sender: bytes) -> Binding:
        """Return the entry that says whose code is beside the ballot."""
        return signed(Binding(1, self._election, photo, self._signer.public, sender, bytes(64)), self._signer.sign)
