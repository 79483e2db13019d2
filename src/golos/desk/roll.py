"""Roll: which staff keys hold which role, from the grants and revocations in the log."""

from golos.model.entry import Entry, Key, Role
from golos.model.problem import Problem


class Roll:
    """A view of the committed log: a grant holds from its leaf on, as the count sees it."""

    def __init__(self) -> None:
        self._held: set[tuple[bytes, Role]] = set()

    def apply(self, entry: Entry, name: bytes, index: int | None) -> None:
        """Take in a grant or revocation once it has its place in the log."""
        if isinstance(entry, Key) and index is not None:
            if entry.action == "grant":
                self._held.add((entry.key, entry.role))
            else:
                self._held.discard((entry.key, entry.role))

    def holds(self, key: bytes, role: Role) -> bool:
        """Return whether the key holds the role now."""
        return (key, role) in self._held

    def expect(self, key: bytes, role: Role, field: str) -> None:
        """Raises Problem ``role.missing`` unless the key holds the role."""
        if not self.holds(key, role):
            raise Problem(
                "role.missing",
                field,
                f"does not hold the role {role} in the log.",
                "Ask a steward to grant it, and wait for the next checkpoint.",
            )
