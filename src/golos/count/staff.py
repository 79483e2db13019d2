"""Staff: which key held which role at which place of the log."""

from collections.abc import Iterable

from golos.count.log import Leaf
from golos.model.entry import Binding, Key, Official, Reading, Table, Verdict

ROLES = {Reading: "machine", Binding: "machine", Verdict: "reader", Official: "clerk", Table: "clerk"}


class Staff:
    """The grants and revocations of the stewards, by role and key."""

    def __init__(self, leaves: Iterable[Leaf]) -> None:
        """Take the valid Key entries among ``leaves``, which come in order of their index."""
        self._turns: dict[tuple[str, bytes], list[tuple[int, bool]]] = {}
        for leaf in leaves:
            if isinstance(leaf.entry, Key):
                turns = self._turns.setdefault((leaf.entry.role, leaf.entry.key), [])
                turns.append((leaf.index, leaf.entry.action == "grant"))

    def may(self, leaf: Leaf) -> bool:
        """Say whether the signer of a Reading, Binding, Verdict, Official or Table had its role there."""
        entry = leaf.entry
        if not isinstance(entry, Reading | Binding | Verdict | Official | Table):
            return False
        granted = False
        for index, grant in self._turns.get((ROLES[type(entry)], entry.key), ()):
            if index >= leaf.index:
                break
            granted = grant
        return granted
