"""Digits: what is written in printed cells, one digit each, and how sure that is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golos.photo.digits_cell import darkness, glyph, written
from golos.photo.digits_network import probabilities, weights
from golos.photo.picture import Grey

EMPTY, STRUCK, CORRECTED = 10, 11, 12
"""Classes after the digits: nothing; struck out to say "no digit here" (cross, dash); written over, scribbled."""
_WRITTEN = 0.75
"""The cell that tells how dark the pen is, of all by their ink: no fleck, and one of those with a pen in them."""
NAMES: tuple[str, ...] = (*"0123456789", "empty", "struck", "corrected")


@dataclass(frozen=True, slots=True, eq=False)
class Cell:
    """What one cell holds. ``chances`` (13,) are calibrated probabilities over NAMES."""

    chances: NDArray[np.float32]

    @property
    def best(self) -> int:
        """The most probable class."""
        return int(self.chances.argmax())

    @property
    def confidence(self) -> float:
        """Probability of the best class."""
        return float(self.chances.max())

    @property
    def text(self) -> str:
        """The best class by its name."""
        return NAMES[self.best]

    @property
    def second(self) -> str:
        """The next best class by its name."""
        return NAMES[int(self.chances.argsort()[-2])]


def read_cells(cells: Sequence[tuple[Grey, Grey | None]]) -> list[Cell]:
    """Return a reading for each (ink, blank): the cell as photographed and as printed, 0 paper to 255, of one shape.

    ``blank`` is None where the printed form is not known. The cells are of one sheet, written with one pen or a few.
    """
    if not cells:
        return []
    pens = [written(ink, blank) for ink, blank in cells]
    usual = float(np.quantile([darkness(pen) for pen in pens], _WRITTEN))
    glyphs = np.stack([glyph(pen, usual) for pen in pens])
    return [Cell(row) for row in probabilities(glyphs, weights())]
