"""Tree: the areas above the stations, as arrays, so that sums up the tree are a few vector operations."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from golos.count.figures import NONE, Mask, Numbers, known
from golos.model.pack import Pack

Places = NDArray[np.int64]
TOP = -1
"""The parent of the nation."""


@dataclass(frozen=True, eq=False)
class Tree:
    """Stations and areas by code; ``area_of[s]`` and ``parents[a]`` are places in ``areas``, the nation's is TOP."""

    stations: tuple[str, ...]
    areas: tuple[str, ...]
    area_of: Places
    parents: Places

    @classmethod
    def of(cls, pack: Pack) -> "Tree":
        """Return the tree of the pack's areas and stations."""
        stations, areas = tuple(sorted(pack.stations)), tuple(sorted(pack.areas))
        place = {code: at for at, code in enumerate(areas)}
        area_of = np.array([place[pack.stations[code].area] for code in stations], dtype=np.int64)
        parents = np.array([place.get(pack.areas[code].parent, TOP) for code in areas], dtype=np.int64)
        return cls(stations, areas, area_of, parents)

    @cached_property
    def index(self) -> Mapping[str, int]:
        """A station's place by its code."""
        return {code: at for at, code in enumerate(self.stations)}

    @cached_property
    def lineages(self) -> tuple[Places, ...]:
        """For each area its place and those of all areas above it, the nation's last."""
        found = []
        for at in range(len(self.areas)):
            line = [at]
            while self.parents[line[-1]] != TOP:
                line.append(int(self.parents[line[-1]]))
            found.append(np.array(line, dtype=np.int64))
        return tuple(found)

    @cached_property
    def regions(self) -> Places:
        """For each station the child of the nation above it, shape [stations]; the nation where there is none."""
        child = np.array([line[-2] if len(line) > 1 else line[-1] for line in self.lineages], dtype=np.int64)
        return child[self.area_of]

    def under(self, area: str) -> Mask:
        """Say which stations lie in the area, at any depth, shape [stations]."""
        at = self.areas.index(area)
        inside = np.array([at in line for line in self.lineages], dtype=np.bool_)
        return inside[self.area_of]

    def sums(self, values: Numbers) -> Numbers:
        """Return the sums of the numbers under each area, shape [areas, columns]; NONE where no station has one."""
        totals = self._up(known(values))
        totals[self._up((values != NONE).astype(np.int64)) == 0] = NONE
        return totals

    def _up(self, values: Numbers) -> Numbers:
        own = np.zeros((len(self.areas), values.shape[1]), dtype=np.int64)
        np.add.at(own, self.area_of, values)
        totals = np.zeros_like(own)
        for at, line in enumerate(self.lineages):
            totals[line] += own[at]
        return totals
