"""Power: at every station, how small a transfer of votes the photographs would not have shown."""

from dataclasses import dataclass

import numpy as np

from golos.count.evidence.result import Method
from golos.count.figures import NONE, Mask, Numbers
from golos.model.finding import Grade

METHOD = Method(
    name="Power: the smallest visible transfer at each station",
    citations=("docs/counting.md, section 6",),
    assumptions=("The photographs counted at a station are of ballots cast there.",),
    confounds=(
        "A transfer between options that both have a photograph for every vote is seen at once; others hide it.",
    ),
    most=Grade.CONSISTENT,
)
SHARE = 20
"""*Consistent* only where less than 1 / 20 of the votes could have gone unseen."""


@dataclass(frozen=True, slots=True, eq=False)
class Power:
    """``visible`` [stations]: taking fewer than so many votes from some option would be invisible; NONE: can't tell.

    ``votes`` [stations] are the votes of all options in the protocol, NONE where one is not known.
    """

    visible: Numbers
    votes: Numbers

    @property
    def consistent(self) -> Mask:
        """Where a transfer of 5 % of the votes would have been seen."""
        known = (self.visible != NONE) & (self.votes != NONE)
        found: Mask = known & (SHARE * (self.visible - 1) < self.votes)
        return found


def power(p: Numbers, v: Numbers) -> Power:
    """Return the power from photographs and protocol [stations, options]; NONE is no number.

    If t votes of an option are taken away, its protocol shows v, and its p photographs contradict that as soon as
    t > v - p. So the option with the largest v - p says what would stay hidden: X = max(v - p) + 1, at least 1.
    """
    if not p.shape[1]:
        nothing = np.full(len(p), NONE, dtype=np.int64)
        return Power(nothing, nothing)
    whole = (v != NONE).all(axis=1)
    both = whole & (p != NONE).all(axis=1)
    hidden = np.maximum(np.where(both[:, None], v - p, 0).max(axis=1), 0)
    votes = np.where(whole, np.where(v == NONE, 0, v).sum(axis=1), NONE)
    return Power(np.where(both, hidden + 1, NONE), votes)
