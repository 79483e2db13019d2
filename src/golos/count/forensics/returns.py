"""Returns: the official results of all stations of one election, as arrays."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golos.count.evidence.result import Rows, kept
from golos.count.figures import NONE, Mask, Numbers, known

Labels = NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """A column of names as numbers: ``of`` [stations] points into ``names``; -1 where a station has none."""

    names: tuple[str, ...]
    of: Labels


@dataclass(frozen=True, slots=True, eq=False)
class Returns:
    """Figures by station, NONE where there is none; a column that the table lacks is NONE throughout.

    ``votes`` is [stations, options]. ``leader`` is the place of the option whose votes are looked at. ``valid`` are
    the valid votes, ``counted`` the ballots found in the boxes, ``issued`` the ballots given out. ``handwritten``:
    the figures come from protocols filled in by hand. ``digest`` is the SHA-256 of the file, in hex.
    """

    title: str
    digest: str
    options: tuple[str, ...]
    leader: int
    votes: Numbers
    registered: Numbers
    issued: Numbers
    counted: Numbers
    valid: Numbers
    regions: Groups
    commissions: Groups
    handwritten: bool = False

    @property
    def stations(self) -> int:
        """How many rows the table has."""
        return len(self.registered)

    @property
    def leading(self) -> Numbers:
        """The leader's votes, [stations]."""
        return self.votes[:, self.leader]

    @property
    def incomplete(self) -> Mask:
        """Where an option has no figure, [stations]."""
        found: Mask = np.logical_or.reduce(self.votes < 0, axis=1)
        return found

    def usable(self, *columns: str, least: int = 0) -> tuple[Mask, Rows]:
        """Return the stations with a figure of at least ``least`` in every one of these columns, and the account."""
        named = {name: self.leading if name == "leader" else getattr(self, name) for name in columns}
        gaps = [(f"no figure for {name}", values < 0) for name, values in named.items()]
        small = [(f"{name} under {least}", values < least) for name, values in named.items() if least]
        return kept([*gaps, *small], self.stations)


def filled(primary: Numbers, *others: Numbers) -> Numbers:
    """Return the first of the columns that has any figure at all; a column is never mended from another by rows."""
    return next((column for column in (primary, *others) if (column != NONE).any()), primary)


def total(columns: Numbers) -> Numbers:
    """Return the sum over the columns [stations, columns], NONE where one of them has no figure: a blank is never 0."""
    return np.where((columns == NONE).any(axis=1), NONE, known(columns).sum(axis=1))
