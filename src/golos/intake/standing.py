"""Standing: which records each key has sent, so that none counts twice and no key sends without end."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from golos.model.ballot import Ballot, Withdrawal
from golos.model.entry import Entry, Freeze, Incident, Protocol, Turnout
from golos.model.problem import Problem

_PIECE = 16
"""Bytes kept of a record's name: enough that nobody finds two records that share them."""

SentEntry = Ballot | Withdrawal | Protocol | Turnout | Incident
"""What comes in envelopes."""


class Standing:
    """A view of the log and of what waits for it. It holds keys and names of records, no choice and no identity."""

    def __init__(self, records_per_key: int) -> None:
        self._limit = records_per_key
        self._sent: dict[bytes, bytes] = {}
        self._held: Counter[bytes] = Counter()
        self.frozen = False
        """The stewards have named the cut-off: no voter's entry is taken any more."""

    def apply(self, entry: Entry, name: bytes, index: int | None) -> None:
        """Take in an entry; the same one again changes nothing."""
        if isinstance(entry, SentEntry):
            self._add(entry.key, name)
        elif isinstance(entry, Freeze):
            self.frozen = True

    def has(self, key: bytes, name: bytes) -> bool:
        """Return whether that record of the key is durable already."""
        return name[:_PIECE] in self._pieces(key)

    @contextmanager
    def place(self, entry: SentEntry, name: bytes) -> Iterator[None]:
        """Hold one of the key's places while the record is made durable; it is given back if that fails.

        Raises Problem ``quota.records`` if all are taken.
        """
        key = entry.key
        if len(self._sent.get(key, b"")) // _PIECE + self._held.get(key, 0) >= self._limit:
            raise Problem(
                "quota.records",
                f"{entry.__struct_config__.tag}.key",
                f"has sent {self._limit} records, which is all that one key may send.",
                "What was accepted counts: the ballot with the highest sequence number.",
            )
        self._held[key] += 1
        try:
            yield
            self._add(key, name)
        finally:
            self._held[key] -= 1
            if not self._held[key]:
                del self._held[key]

    def _add(self, key: bytes, name: bytes) -> None:
        if not self.has(key, name):
            self._sent[key] = self._sent.get(key, b"") + name[:_PIECE]

    def _pieces(self, key: bytes) -> Iterator[bytes]:
        sent = self._sent.get(key, b"")
        return (sent[at : at + _PIECE] for at in range(0, len(sent), _PIECE))
