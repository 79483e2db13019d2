"""Mirrors: the signed list of other ways to the doors and the log (docs/formats.md, "Mirrors")."""

import re
from collections.abc import Sequence

from golos.ledger.note import Signer, Verifier, open_note
from golos.model.problem import Problem

KIND = "golos/mirrors/v1"
_ORIGIN = re.compile(
    r"https://[a-z0-9.-]+(:[0-9]{1,5})?|http://([a-z2-7]{56}\.onion|(localhost|127\.0\.0\.1):[0-9]{1,5})"
)


def sign(signer: Signer, election: bytes, issued: int, stations: str, origins: Sequence[str]) -> bytes:
    """Return the list as a note by the publisher.

    ``issued`` grows with every list, the highest counts; ``stations`` is the SHA-256 of stations/index.json in hex.
    Raises Problem ``mirrors.origin``.
    """
    for origin in origins:
        if not _ORIGIN.fullmatch(origin):
            raise Problem(
                "mirrors.origin",
                origin,
                "is no origin that the app may talk to.",
                "Give https://HOST, or http:// and an onion address of 56 characters, with nothing behind it.",
            )
    lines = [KIND, election.hex(), str(issued), stations, *origins]
    return signer.sign(("\n".join(lines) + "\n").encode())


def read(note: bytes, publisher: str, election: bytes) -> list[str]:
    """Return the origins of a list for this election. Raises Problem ``mirrors.malformed`` and those of `open_note`."""
    text, _ = open_note(note, [Verifier.parse(publisher)], "mirrors")
    kind, _, rest = text.decode().partition("\n")
    told, *lines = rest.split("\n")[:-1]
    if kind != KIND or told != election.hex() or not all(_ORIGIN.fullmatch(origin) for origin in lines[2:]):
        raise Problem("mirrors.malformed", "mirrors", "is no list of this election.", "Sign it: golos app mirrors.")
    return lines[2:]
