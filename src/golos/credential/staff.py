"""Staff: what readers and machines sign, and how a staff key's requests to the desk are signed and checked."""

import secrets
from typing import Annotated

import msgspec

from golos.model.ballot import Choices
from golos.model.ed25519 import SigningKey, verify
from golos.model.entry import Binding, Reading, Status, Verdict
from golos.model.problem import Problem
from golos.model.record import Frozen, PublicKey, Salt16, Signature, decode, encode, signed

_DESK_LABEL = b"golos/desk/v1\n"


class DeskRequest(Frozen, frozen=True):
    """A signed request to the desk. Whoever answers remembers ``nonce`` for as long as a replay could hurt.

    It is the body of an ordinary request. Of a large one it is a header, and ``body`` the SHA-256 of what follows: so
    nothing large is read of a stranger.
    """

    key: PublicKey
    nonce: Salt16
    body: Annotated[bytes, msgspec.Meta(max_length=1 << 16)]
    signature: Signature

    @classmethod
    def decode(cls, data: bytes, path: str) -> "DeskRequest":
        """Return the request if its key signed it for ``path``.

        Raises Problem ``record.malformed``, ``record.not_canonical``, ``desk.signature``.
        """
        request = decode(data, cls, "request")
        if not verify(request.key, _signing_input(path, request.nonce, request.body), request.signature):
            raise Problem(
                "desk.signature",
                "request.signature",
                "is not valid for this key and path.",
                "Sign the request with the staff key it names.",
            )
        return request


class Staff:
    """A reader's, machine's or clerk's key; a steward grants it its role (`golos.credential.steward.staff_key`)."""

    def __init__(self, election: bytes, key: SigningKey) -> None:
        self.election = election
        self.key = key

    def verdict(self, photo: bytes, status: Status, choices: Choices = ()) -> bytes:
        """Return the record of what a reader saw in the sealed photograph of that digest."""
        draft = Verdict(1, self.election, photo, self.key.public, status, choices, secrets.token_bytes(16), bytes(64))
        return encode(signed(draft, self.key.sign))

    def reading(self, photo: bytes, status: Status, choices: Choices = (), copy_of: bytes | None = None) -> bytes:
        """Return the record of what a machine saw; ``copy_of`` names the photograph it repeats."""
        draft = Reading(
            1, self.election, photo, self.key.public, status, choices, copy_of, secrets.token_bytes(16), bytes(64)
        )
        return encode(signed(draft, self.key.sign))

    def binding(self, photo: bytes, sender: bytes) -> bytes:
        """Return the record of a machine that saw the code of this credential beside the ballot."""
        draft = Binding(1, self.election, photo, self.key.public, sender, bytes(64))
        return encode(signed(draft, self.key.sign))

    def request(self, path: str, body: bytes = b"") -> bytes:
        """Return the body of a POST to ``path`` of the desk, or, of a large body's digest, its header."""
        nonce = secrets.token_bytes(16)
        signature = self.key.sign(_signing_input(path, nonce, body))
        return encode(DeskRequest(self.key.public, nonce, body, signature))


def _signing_input(path: str, nonce: bytes, body: bytes) -> bytes:
    return b"".join((_DESK_LABEL, path.encode(), b"\n", nonce, body))
