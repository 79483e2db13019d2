"""Codes: which codes a photograph may show to be bound, from the tokens of the ballots that name it."""

from collections.abc import Mapping

from golos.model.ballot import Ballot
from golos.model.entry import Entry
from golos.model.pack import Pack
from golos.photo.binding import code_of


class Codes:
    """A view of the log; empty in an election that does not bind photographs to their senders.

    It is told on the event loop and may be asked from any thread.
    """

    def __init__(self, pack: Pack) -> None:
        self._election = pack.id
        self.binding = pack.policy.binding
        self._codes: dict[bytes, dict[bytes, str]] = {}

    def apply(self, entry: Entry, name: bytes, index: int | None) -> None:
        """Take in a ballot, from its place in the log on."""
        if self.binding and index is not None and isinstance(entry, Ballot) and entry.photo is not None:
            self._codes.setdefault(entry.photo, {})[entry.key] = code_of(entry.token, self._election)

    def of(self, photo: bytes) -> Mapping[bytes, str]:
        """Return the nine digits of each key of which a ballot in the log names the photograph."""
        return dict(self._codes.get(photo, {}))
