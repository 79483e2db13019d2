"""How the announced rest compares with the stations whose protocols are known."""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from golos.count.figures import NONE, Numbers


@dataclass(frozen=True, slots=True)
class Remainder:
    """An option's mean per station: where a protocol is known, and what the announcement leaves for all others."""

    known: Fraction
    rest: Fraction

    @property
    def ratio(self) -> Fraction | None:
        """How many times as many votes a station with a known protocol has; None where nothing is left."""
        return self.known / self.rest if self.rest > 0 else None


def remainder(v: Numbers, announced: int, stations: int) -> Remainder | None:
    """Return the means for one option's figures [stations known], its announced total and the number of all stations.

    None where no protocol is known or no station is left.
    """
    collected = v[v != NONE]
    n = len(collected)
    if not 0 < n < stations:
        return None
    votes = int(np.sum(collected))
    return Remainder(Fraction(votes, n), Fraction(announced - votes, stations - n))
