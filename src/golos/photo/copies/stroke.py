"""Stroke: whether two sheets bear the same marks, stroke for stroke: then they are one sheet of paper."""

import cv2
import numpy as np
from numpy.typing import NDArray

from golos.photo.copies.descriptor import MARK, Descriptor, Mark

_REACH = 4
"""Pixels of a patch by which its place may be off: the box is printed, so marks of two sheets do not slide together."""
_INK, _LEAST = 40, 40
_ONE_MARK, _MANY_MARKS, _MANY = 0.986, 0.85, 8
"""Correlation of the ink that makes one sheet: where there is a single mark, and the mean where there are many."""
_SHARED = 0.5
"""Share of all ink of either sheet that has to be where the other has some too."""


def same_strokes(one: Descriptor, other: Descriptor) -> bool:
    """Return whether the marks of both are the same ink. Sheets without a mark can't be told apart: False."""
    if not one.revision or one.revision != other.revision:
        return False
    shared = sorted(one.inked.keys() & other.inked.keys())
    masses = [min(one.inked[region].mass, other.inked[region].mass) for region in shared]
    whole = max(sum(mark.mass for mark in each.marks) for each in (one, other))
    if not shared or sum(masses) < _SHARED * whole:
        return False
    needed = float(np.interp(sum(masses) / max(masses), (1, _MANY), (_ONE_MARK, _MANY_MARKS)))
    likenesses = [likeness(one.inked[region], other.inked[region]) for region in shared]
    return float(np.average(likenesses, weights=masses)) >= needed


def likeness(one: Mark, other: Mark) -> float:
    """Return the correlation of the ink where either patch has some and neither has print, laid upon each other."""
    mine, theirs = (np.asarray(cv2.GaussianBlur(mark.pixels[0], (0, 0), 1.0), np.float32) for mark in (one, other))
    way = _shift(mine, theirs)
    laid = cv2.warpAffine(theirs, way, (MARK, MARK), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    theirs = np.asarray(laid, np.float32)
    free = ~(one.pixels[1] | other.pixels[1])
    free[:_REACH] = free[-_REACH:] = False
    free[:, :_REACH] = free[:, -_REACH:] = False
    inked = np.asarray((mine > _INK) | (theirs > _INK), np.uint8)
    where = (np.asarray(cv2.dilate(inked, np.ones((5, 5)))) > 0) & free
    if int(where.sum()) < _LEAST or min(float(mine[where].std()), float(theirs[where].std())) < 1:
        return 0.0
    return float(np.corrcoef(mine[where], theirs[where])[0, 1])


def _shift(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the shift (2, 3) of ``other``, to a part of a pixel, that lays frame and ink upon those of ``one``."""
    part = np.ascontiguousarray(other[_REACH:-_REACH, _REACH:-_REACH])
    match = np.asarray(cv2.matchTemplate(one, part, cv2.TM_CCOEFF_NORMED), np.float32)
    _, _, _, (column, row) = cv2.minMaxLoc(match)
    dx, dy = column + _vertex(match[row], column), row + _vertex(match[:, column], row)
    return np.array([[1, 0, dx - _REACH], [0, 1, dy - _REACH]], np.float32)


def _vertex(values: NDArray[np.float32], at: int) -> float:
    """Return how far from ``at`` the parabola through its neighbours has its top."""
    if not 0 < at < len(values) - 1:
        return 0.0
    before, here, after = (float(values[at + step]) for step in (-1, 0, 1))
    bend = before - 2 * here + after
    return 0.5 * (before - after) / bend if bend else 0.0
