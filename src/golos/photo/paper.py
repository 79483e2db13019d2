"""Paper: the bright four-sided thing in a picture, found by its edges before anything on it is looked at."""

from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from golos.photo.picture import Grey, shrunk

Quad = NDArray[Any]
"""(4, 2): corners in pixels of the picture, clockwise as seen."""
_SIDE = 320
_LEAST, _FULL = 0.1, 0.88
"""Share of the picture that paper takes at the least; share of its quadrilateral that it fills."""
_RIM = 400
"""Points of the paper's outline that its sides are drawn through."""
_FINGER = 0.075
"""Half a finger's width, as a share of the paper's shorter side: what is narrower is no paper."""


def sheets(grey: Grey) -> Iterator[Quad]:
    """Yield the quadrilaterals that may be the sheet, the likeliest first."""
    scale = min(1.0, _SIDE / max(grey.shape))
    small = shrunk(grey, scale)
    seen: list[Quad] = []
    for mask in _bright(np.asarray(cv2.GaussianBlur(small, (5, 5), 0), np.uint8)):
        quad = _quad(mask)
        if quad is not None and all(np.abs(quad - other).max() > 4 for other in seen):
            seen.append(quad)
            yield (quad + 0.5) / scale - 0.5


def _bright(small: Grey) -> Iterator[Grey]:
    """Yield what is brighter than some level, then what edges enclose."""
    level, mask = cv2.threshold(small, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    yield np.asarray(mask, np.uint8)
    edges = cv2.Canny(small, 20, 50)
    yield np.asarray(255 - cv2.dilate(edges, np.ones((3, 3), np.uint8)), np.uint8)
    bright = small[small > level]
    if bright.size:
        upper, _ = cv2.threshold(bright.reshape(1, -1), 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
        yield np.asarray(cv2.threshold(small, upper, 255, cv2.THRESH_BINARY)[1], np.uint8)
    lower = float(np.median(small[small <= level])) if (small <= level).any() else level
    yield np.asarray(cv2.threshold(small, (level + lower) / 2, 255, cv2.THRESH_BINARY)[1], np.uint8)


def _quad(mask: Grey) -> Quad | None:
    """Return the corners of the largest shape of the mask, if it is four-sided but for fingers."""
    shape = _largest(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((7, 7), np.uint8)))
    if shape is None:
        return None
    (_, size, _) = cv2.minAreaRect(shape)
    reach = 2 * max(1, int(min(size) * _FINGER)) + 1
    filled = cv2.drawContours(np.zeros_like(mask), [shape], -1, 255, -1)
    shape = _largest(_opened(filled, reach))
    if shape is None:
        return None
    rough = _four(cv2.convexHull(shape))
    return None if rough is None else _sharpened(shape, rough, mask.shape, reach)


def _opened(mask: Grey, reach: int) -> Grey:
    """Return the mask without what a disc of ``reach`` pixels does not fit into; a quarter of them is looked at."""
    small = cv2.resize(mask, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_NEAREST)
    side = reach // 2 | 1
    disc = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    wide = cv2.dilate(cv2.morphologyEx(small, cv2.MORPH_OPEN, disc), np.ones((3, 3), np.uint8))
    there = cv2.resize(wide, mask.shape[::-1], interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.bitwise_and(mask, there), np.uint8)


def _largest(mask: NDArray[Any]) -> NDArray[Any] | None:
    shapes, _ = cv2.findContours(mask, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    shape = max(shapes, key=cv2.contourArea, default=None)
    return shape if shape is not None and cv2.contourArea(shape) > _LEAST * mask.size else None


def _four(hull: NDArray[Any]) -> Quad | None:
    """Return the hull simplified to four corners, None if that loses much of it."""
    length = cv2.arcLength(hull, True)
    for part in (0.02, 0.03, 0.045, 0.06, 0.08):
        corners = cv2.approxPolyDP(hull, part * length, True)
        if len(corners) == 4:
            filled = cv2.contourArea(hull) / max(cv2.contourArea(corners), 1.0)
            return corners[:, 0].astype(np.float64) if _FULL < filled < 1.25 else None
    return None


def _sharpened(shape: NDArray[Any], rough: Quad, size: tuple[int, ...], reach: int) -> Quad | None:
    """Return the corners where lines through the four sides meet; None if a side is the picture's own rim."""
    points = shape[:: max(1, len(shape) // _RIM), 0].astype(np.float64)
    lines = []
    for start, end in zip(rough, np.roll(rough, -1, 0), strict=True):
        along = end - start
        length = float(np.linalg.norm(along))
        part = (points - start) @ along / length**2
        off = np.abs((points - start) @ np.array([-along[1], along[0]])) / length
        near = points[(part > 0.08) & (part < 0.92) & (off < 0.03 * length + 4)]
        rim = (near <= 2).any(1) | (near >= np.array(size[::-1]) - 3).any(1)
        if len(near) < 10 or rim.mean() > 0.4:
            return None
        x, y, px, py = (
            float(value) for value in cv2.fitLine(near.astype(np.float32), cv2.DIST_HUBER, 0, 0.01, 0.01).ravel()
        )
        lines.append(np.cross([px, py, 1.0], [px + x, py + y, 1.0]))
    corners = [np.cross(lines[n - 1], lines[n]) for n in range(4)]
    if any(abs(c[2]) < 1e-9 for c in corners):
        return None
    quad = np.array([c[:2] / c[2] for c in corners])
    if np.abs(quad - rough).max() > 3 * reach:
        return None
    return quad if cv2.contourArea(quad.astype(np.float32), True) > 0 else quad[::-1].copy()
