"""Cell: the ink of one printed cell -> the two small pictures that the digit network looks at."""

from typing import Any, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from golos.photo.picture import Grey

SIDE = 28
INNER = 20
"""The ink's longer extent in the network's picture of SIDE pixels; the cell's is 7 more."""
Glyph = NDArray[np.float32]
"""(SIDE, SIDE, 2), 0 paper to 1 full ink: the ink alone, its size and place taken out, and the whole cell, where a
border or a neighbour's stroke is told from a 1 by its place."""

_FAINTEST = 30.0
"""Ink that would be full in a picture: below it, what is there is paper and noise (of 255)."""
_PALE = 0.35
"""The same, as a share of the pen's ink in other cells."""
_CLEAR = 0.35
"""Share of the ink that has to be above the print's for it to be the pen's whole: a stroke over a faint guide stays."""
_WIDE, _SHADE = 0.4, 90
"""Side of a square that is wider than any stroke, as a share of the cell's shorter side; the darkest shadow (of 255):
what is darker and as wide is a blot, and stays."""
_SHARE = 0.4
"""Of the fullest ink: what counts as a stroke when its extent is sought."""
_RIM, _WITHIN = 0.1, 0.25
"""The cell's rim, as a share of its sides, and how much of a stroke lies within it: else it is a border's remainder."""


def written(ink: Grey, blank: Grey | None) -> NDArray[np.float32]:
    """Return the pen's ink (h, w), 0 to 255, without what is printed there, a pixel to either side of it included."""
    seen = _even(ink)
    if blank is None:
        return seen
    wide = max(3, round(min(ink.shape) * 0.05) | 1)
    printed = cv2.dilate(blank, np.ones((wide, wide), np.uint8))
    clear = np.clip((seen - printed) / np.maximum(_CLEAR * seen, 1.0), 0.0, 1.0)
    return cast(NDArray[np.float32], seen * clear)


def _even(ink: Grey) -> NDArray[np.float32]:
    """Return the ink without what is left of a shadow: darkness wide enough for a square that no stroke holds."""
    side = round(min(ink.shape) * _WIDE) | 1
    shade = cv2.morphologyEx(cv2.GaussianBlur(ink, (3, 3), 0), cv2.MORPH_OPEN, np.ones((side, side), np.uint8))
    return cv2.subtract(ink, np.minimum(shade, _SHADE)).astype(np.float32)


def glyph(pen: NDArray[np.float32], usual: float = 0.0) -> Glyph:
    """Return what is `written` in the cell: its extent scaled to INNER and set in the middle, and the whole cell.

    ``usual``: how dark the pen is in the sheet's other cells (`darkness`), 0 where nothing is known of it.
    """
    height, width = pen.shape
    full = max(darkness(pen), _SHARE * _darkest(pen), _PALE * usual, _FAINTEST)
    pen = np.minimum(pen / full, 1.0)
    whole = _set(pen, width / 2, height / 2, max(height, width) * INNER / (INNER + 7))
    return np.stack([_set(pen, *_extent(pen)), whole], -1)


def darkness(pen: NDArray[np.float32]) -> float:
    """Return the pen's full ink, 0 to 255: that in the middle of the cell, whatever a border has left at its rim."""
    return _darkest(_middle(pen))


def _darkest(page: NDArray[np.float32]) -> float:
    """Return the darkness that one pixel in a hundred exceeds."""
    place = round(0.99 * (page.size - 1))
    return float(np.partition(page.ravel(), place)[place])


def _middle(page: NDArray[Any]) -> NDArray[Any]:
    """Return the page without the cell's rim."""
    height, width = page.shape
    y, x = round(_RIM * height), round(_RIM * width)
    return page[y : height - y, x : width - x]


def _extent(pen: NDArray[np.float32]) -> tuple[float, float, float]:
    """Return the middle (x, y) and the longer side of the ink, in pixels; of the whole cell if there is none."""
    height, width = pen.shape
    mask = (pen > _SHARE).astype(np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    within = np.bincount(_middle(labels).ravel(), minlength=count)
    parts = [stats[i] for i in range(1, count) if _is_stroke(stats[i], within[i], height, width)]
    if not parts:
        return width / 2, height / 2, float(max(height, width))
    left, top = min(p[0] for p in parts), min(p[1] for p in parts)
    right, bottom = max(p[0] + p[2] for p in parts), max(p[1] + p[3] for p in parts)
    longer = max(right - left, bottom - top, 0.3 * min(height, width))
    return (left + right) / 2, (top + bottom) / 2, float(longer)


def _is_stroke(part: NDArray[np.int32], within: int, height: int, width: int) -> bool:
    """Whether a connected part may be of the pen: no speck, not along the cell's edge (a border, a neighbour)."""
    w, h, area = (int(value) for value in part[2:])
    return max(w, h) >= 0.12 * min(height, width) and area >= 0.003 * height * width and within >= _WITHIN * area


def _set(pen: NDArray[np.float32], x: float, y: float, longer: float) -> NDArray[np.float32]:
    scale = INNER / longer
    soft = cv2.GaussianBlur(pen, (0, 0), 0.4 / scale) if scale < 1 else pen
    move = np.array([[scale, 0, SIDE / 2 - 0.5 - scale * (x - 0.5)], [0, scale, SIDE / 2 - 0.5 - scale * (y - 0.5)]])
    return cast(
        NDArray[np.float32], cv2.warpAffine(soft, move, (SIDE, SIDE), flags=cv2.INTER_LINEAR).astype(np.float32)
    )
