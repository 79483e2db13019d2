"""Codes: which codes a photograph may show to be bound, from the tokens of the ballots that name it."""

from collections.abc import Mapping

from golos.model.ballot import Ballot
from golos.model.entry import Entry
from golos.model.pack import Pack
from golos.photo.binding import DIGITS, code_of

_PAIR = 32 + DIGITS


class Codes:
    """A view of the log; empty in an election that does not bind photographs to their senders.

    It is told on the event loop and may be asked from any thread. There may be a million: of each photograph the keys
    and their codes are kept end to end.
    """

    def __init__(self, pack: Pack) -> None:
        self._election = pack.id
        self.binding = pack.policy.binding
        self._codes: dict[bytes, bytes] = {}

    def apply(self, entry: Entry, name: bytes, index: int | None) -> None:
        """Take in a ballot, from its place in the log on."""
        if not self.binding or index is None or not isinstance(entry, Ballot) or entry.photo is None:
            return
        if entry.key not in self.of(entry.photo):
            code = code_of(entry.token, self._election).encode()
            self._codes[entry.photo] = self._codes.get(entry.photo, b"") + entry.key + code

    def of(self, photo: bytes) -> Mapping[bytes, str]:
        """Return the nine digits of each key of which a ballot in the log names the photograph."""
        kept = self._codes.get(photo, b"")
        pairs = (kept[at : at + _PAIR] for at in range(0, len(kept), _PAIR))
        return {pair[:-DIGITS]: pair[-DIGITS:].decode() for pair in pairs}

    def naming(self, digits: str) -> list[bytes]:
        """Return the photographs that a ballot with this code names; there is hardly ever more than one."""
        code = digits.encode()
        may = [photo for photo, kept in list(self._codes.items()) if code in kept]
        return [photo for photo in may if digits in self.of(photo).values()]
