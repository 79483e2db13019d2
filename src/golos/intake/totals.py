"""Totals: how many tokens were issued and how many were redeemed, per cohort.

They count what is under a checkpoint, never what has just come in: who watches the network must not be able to tell
from a total that moves what a connection carried.
"""

from collections import Counter
from collections.abc import Sequence

from golos.credential.token import KEY_ID, token_key_id
from golos.model.ballot import Ballot, Withdrawal
from golos.model.entry import Enrolment, Entry
from golos.model.pack import Cohort


class Totals:
    """A view of the committed log. A token is redeemed once its key has a ballot or a withdrawal in the log."""

    def __init__(self, cohorts: Sequence[Cohort]) -> None:
        self._names = {token_key_id(cohort.key): cohort.name for cohort in cohorts}
        self._issued: Counter[bytes] = Counter()
        self._redeemed: dict[bytes, set[bytes]] = {key_id: set() for key_id in self._names}

    def apply(self, entry: Entry, name: bytes, index: int | None) -> None:
        """Take in an entry."""
        if index is None:
            return
        if isinstance(entry, Enrolment):
            self._issued[entry.cohort] += 1
        elif isinstance(entry, Ballot | Withdrawal) and entry.token[KEY_ID] in self._redeemed:
            self._redeemed[entry.token[KEY_ID]].add(entry.key)

    def per_cohort(self) -> dict[str, tuple[int, int]]:
        """Return issued and redeemed by name of the cohort, in the order of the pack."""
        return {name: (self._issued[key], len(self._redeemed[key])) for key, name in self._names.items()}
