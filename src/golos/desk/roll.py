"""Roll: which staff keys hold which role, from the grants and revocations in the log."""

from golos.model.entry import Entry, Key, Role
from golos.model.problem import Problem


class Roll:
    """A view of the log: a grant holds from its leaf on, as the count sees it, a revocation from its admission on."""

    def __init__(self) -> None:
        self._held: set[tuple[bytes, Role]] = set()
        self._waiting: dict[tuple[bytes, Role], tuple[Key, bytes]] = {}
        self._said: set[bytes] = set()

    def apply(self, entry: Entry, name: bytes, index: int | None) -> None:
        """Take in a grant or revocation."""
        if not isinstance(entry, Key):
            return
        place = entry.key, entry.role
        if index is None:
            if name not in self._said:
                self._waiting[place] = entry, name
            return
        self._waiting.pop(place, None)
        self._said.add(name)
        if entry.action == "grant":
            self._held.add(place)
        else:
            self._held.discard(place)

    def holds(self, key: bytes, role: Role) -> bool:
        """Return whether the key holds the role now."""
        waiting, _ = self._waiting.get((key, role), (None, b""))
        return (key, role) in self._held and (waiting is None or waiting.action == "grant")

    def expect_effect(self, entry: Key, name: bytes) -> None:
        """Raises Problem ``role.waiting``, ``role.repeated`` for what would not do what its steward means.

        Two entries of one key and role under one checkpoint stand in the order of their hashes, and the same steward's
        second grant is the same record as the first: the log has it already.
        """
        waiting, other = self._waiting.get((entry.key, entry.role), (None, name))
        if waiting is not None and other != name:
            raise Problem(
                "role.waiting",
                "key.key",
                f"has another change of the role {entry.role} that is not under a checkpoint yet.",
                "Send it again after the next checkpoint.",
            )
        if name in self._said and ((entry.key, entry.role) in self._held) != (entry.action == "grant"):
            raise Problem(
                "role.repeated",
                "key",
                "is in the log already, and a later entry has undone it.",
                "Let another steward sign it, or make a new staff key.",
            )

    def expect(self, key: bytes, role: Role, field: str) -> None:
        """Raises Problem ``role.missing`` unless the key holds the role."""
        if not self.holds(key, role):
            raise Problem(
                "role.missing",
                field,
                f"does not hold the role {role} in the log.",
                "Ask a steward to grant it, and wait for the next checkpoint.",
            )
