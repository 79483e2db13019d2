"""Bend: how a sheet of paper departs from a plane, measured at blocks of print and smoothed."""

from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from golos.photo.blank import BLOCK, Blank
from golos.photo.picture import Grey

Points = NDArray[Any]
REACH, FAR = 13, 34
"""How far a block is looked for, in pixels of half the working frame: near a good pose, and about a poor one."""
_FIT = 0.45
_TOLERANCE = 2.2


@dataclass(frozen=True, slots=True, eq=False)
class Bend:
    """A smooth field of shifts in working pixels, and the blocks it was drawn through.

    ``points`` (n, 2) and ``shifts`` (n, 2) are those of the blocks that fit; ``share`` how many of all blocks did;
    ``fits`` (m,) the correlation of every block that lies in the picture.
    """

    terms: Points
    size: tuple[int, int]
    points: Points
    shifts: Points
    fits: Points
    share: float

    def through(self, points: Points, shifts: Points) -> "Bend":
        """Return the bend drawn through more places of the sheet, in working pixels."""
        every, moved = np.vstack([self.points, points]), np.vstack([self.shifts, shifts])
        terms, kept = _fitted(every, moved, np.ones(len(every), bool), self.size)
        return replace(self, terms=terms, points=every[kept], shifts=moved[kept])

    def at(self, points: Points) -> Points:
        """Return the shifts (n, 2) at ``points`` (n, 2), both in working pixels."""
        return np.asarray(_basis(points, self.size, len(self.terms)) @ self.terms, np.float64)


def measure(blank: Blank, half: Grey, reach: int = REACH) -> Bend:
    """Return the bend of a sheet that is rectified at half the working frame."""
    blocks = blank.blocks
    found = [_seek(blank.half, half, int(x), int(y), reach) for x, y in blocks]
    fits = np.array([fit for _, _, fit in found], np.float64)
    points = (blocks + BLOCK / 2) * 2.0
    shifts = np.array([(dx, dy) for dx, dy, _ in found], np.float64).reshape(-1, 2) * 2
    size = (blank.grey.shape[1], blank.grey.shape[0])
    terms, kept = _fitted(points, shifts, fits > _FIT, size)
    return Bend(terms, size, points[kept], shifts[kept], fits, float(kept.sum()) / max(len(blocks), 1))


def _seek(blank: Grey, seen: Grey, x: int, y: int, reach: int) -> tuple[float, float, float]:
    """Return where the block of ``blank`` at (x, y) lies in ``seen``, and how well it fits there."""
    height, width = seen.shape
    top, left = max(0, y - reach), max(0, x - reach)
    window = seen[top : min(height, y + BLOCK + reach), left : min(width, x + BLOCK + reach)]
    match = cv2.matchTemplate(window, blank[y : y + BLOCK, x : x + BLOCK], cv2.TM_CCOEFF_NORMED)
    _, best, _, (column, row) = cv2.minMaxLoc(match)
    return (
        left + column - x + _peak(match[row], column),
        top + row - y + _peak(match[:, column], row),
        float(best) if np.isfinite(best) else 0.0,
    )


def _peak(line: NDArray[Any], at: int) -> float:
    """Return where between its neighbours the maximum of a line lies, -0.5 to 0.5."""
    if not 0 < at < len(line) - 1:
        return 0.0
    before, here, after = (float(v) for v in line[at - 1 : at + 2])
    curve = before - 2 * here + after
    return (before - after) / (2 * curve) if curve < -1e-6 else 0.0


def _fitted(points: Points, shifts: Points, good: NDArray[Any], size: tuple[int, int]) -> tuple[Points, NDArray[Any]]:
    """Fit a polynomial field, of higher degree where there are blocks enough, leaving out what does not lie on it."""
    kept, terms = good.copy(), np.zeros((1, 2))
    if kept.sum() >= 3:
        terms = np.median(shifts[kept], axis=0)[None]
    for count, tolerance in ((3, 16.0), (3, 10.0), (6, 6.0), (6, 4.0), (10, _TOLERANCE * 1.5), (10, _TOLERANCE)):
        if kept.sum() < count * 1.5:
            break
        basis = _basis(points[kept], size, count)
        ridge = np.diag([1e-6 if n < 3 else 0.02 for n in range(count)])
        terms = np.linalg.solve(basis.T @ basis + ridge, basis.T @ shifts[kept])
        off = np.linalg.norm(shifts - _basis(points, size, count) @ terms, axis=1)
        kept = good & (off < tolerance)
    off = np.linalg.norm(shifts - _basis(points, size, len(terms)) @ terms, axis=1)
    return terms, good & (off < _TOLERANCE)


def _basis(points: Points, size: tuple[int, int], count: int) -> Points:
    x, y = (points / (np.array(size) / 2) - 1).T
    xx, xy, yy = x * x, x * y, y * y
    columns = [np.ones_like(x), x, y, xx, xy, yy, xx * x, xy * x, yy * x, yy * y]
    return np.stack(columns[:count], 1)
