"""Cell: the ink of one printed cell -> the two small pictures that the digit network looks at."""

from typing import cast

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

_FAINTEST = 26.0
"""Ink that would be full in a picture: below it, what is there is paper and noise (of 255)."""
_CLEAR = 0.35
"""Share of the ink that has to be above the print's for it to be the pen's whole: a stroke over a faint guide stays."""
_SHARE = 0.4
"""Of the fullest ink: what counts as a stroke when its extent is sought."""


def written(ink: Grey, blank: Grey | None) -> NDArray[np.float32]:
    """Return the pen's ink (h, w), 0 to 255, without what is printed there, a pixel to either side of it included."""
    seen = ink.astype(np.float32)
    if blank is None:
        return seen
    wide = max(3, round(min(ink.shape) * 0.05) | 1)
    printed = cv2.dilate(blank, np.ones((wide, wide), np.uint8))
    clear = np.clip((seen - printed) / np.maximum(_CLEAR * seen, 1.0), 0.0, 1.0)
    return cast(NDArray[np.float32], seen * clear)


def glyph(ink: Grey, blank: Grey | None = None) -> Glyph:
    """Return what is written in the cell: its extent scaled to INNER and set in the middle, and the whole cell.

    ``ink`` and ``blank`` (h, w) are the darkness of the cell as photographed and as printed, 0 paper to 255.
    """
    pen = written(ink, blank)
    full = max(float(np.percentile(pen, 99)), _FAINTEST)
    pen = np.minimum(pen / full, 1.0)
    height, width = pen.shape
    whole = _set(pen, width / 2, height / 2, max(height, width) * INNER / (INNER + 7))
    return np.stack([_set(pen, *_extent(pen)), whole], -1)


def _extent(pen: NDArray[np.float32]) -> tuple[float, float, float]:
    """Return the middle (x, y) and the longer side of the ink, in pixels; of the whole cell if there is none."""
    height, width = pen.shape
    mask = (pen > _SHARE).astype(np.uint8)
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    parts = [stats[i] for i in range(1, count) if _is_stroke(stats[i], height, width)]
    if not parts:
        return width / 2, height / 2, float(max(height, width))
    left, top = min(p[0] for p in parts), min(p[1] for p in parts)
    right, bottom = max(p[0] + p[2] for p in parts), max(p[1] + p[3] for p in parts)
    longer = max(right - left, bottom - top, 0.3 * min(height, width))
    return (left + right) / 2, (top + bottom) / 2, float(longer)


def _is_stroke(part: NDArray[np.int32], height: int, width: int) -> bool:
    """Whether a connected part may be of the pen: no speck, no sliver along the cell's edge (a border, a neighbour)."""
    x, y, w, h, area = (int(value) for value in part)
    if max(w, h) < 0.12 * min(height, width) or area < 0.003 * height * width:
        return False
    near = 0.1
    beside = x + w <= near * width or x >= (1 - near) * width
    above = y + h <= near * height or y >= (1 - near) * height
    return not (beside or above)


def _set(pen: NDArray[np.float32], x: float, y: float, longer: float) -> NDArray[np.float32]:
    scale = INNER / longer
    soft = cv2.GaussianBlur(pen, (0, 0), 0.4 / scale) if scale < 1 else pen
    move = np.array([[scale, 0, SIDE / 2 - 0.5 - scale * (x - 0.5)], [0, scale, SIDE / 2 - 0.5 - scale * (y - 0.5)]])
    return cast(
        NDArray[np.float32], cv2.warpAffine(soft, move, (SIDE, SIDE), flags=cv2.INTER_LINEAR).astype(np.float32)
    )
