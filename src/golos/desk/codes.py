"""Codes: which code each photograph ought to show, from the token of the first ballot that names it."""

from golos.model.ballot import Ballot
from golos.model.entry import Entry
from golos.model.pack import Pack
from golos.photo.binding import code_of


class Codes:
    """A view of the log; empty in an election that does not bind photographs to their senders."""

    def __init__(self, pack: Pack) -> None:
        self._election = pack.id
        self._binding = pack.policy.binding
        self._codes: dict[bytes, str] = {}

    def apply(self, entry: Entry, name: bytes, index: int | None) -> None:
        """Take in a ballot, from its place in the log on."""
        if self._binding and index is not None and isinstance(entry, Ballot) and entry.photo is not None:
            self._codes.setdefault(entry.photo, code_of(entry.token, self._election))

    def of(self, photo: bytes) -> str | None:
        """Return the nine digits, None where no ballot in the log names the photograph."""
        return self._codes.get(photo)
