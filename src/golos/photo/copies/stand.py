"""Stand: whether pictures that lie upon each other may show two sheets, one after the other, under a camera at rest.

Then all but the sheet is the same and proves nothing: desk, light, and the sheet's own shadow, which moves along with
it. What gives it away is that sheet and desk are not displaced alike; where the desk shows nothing that could be
displaced, that the pictures' frames do not lie upon each other, and do as far as a hand lays a sheet amiss.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
Mask = NDArray[np.uint8]

_STILL = 0.2
"""Pixels that the frame's corners may move in one picture that was only encoded, scaled or toned anew."""
_SCALE, _TURN, _SHIFT = 0.012, 6.0, 0.06
"""What a sheet laid down by hand under a camera at rest does at most: change of size, degrees, share of the side."""
_SLIP = 0.12
"""Pixels that sheet and desk may be displaced against each other in one photograph."""


def by_a_stand(way: Field, one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Return whether the way (2, 3), from shape ``one`` to shape ``other``, is that of a sheet laid down anew."""
    if max(abs(one[0] - other[0]), abs(one[1] - other[1])) > 1:
        return False
    height, width = one[:2]
    frame = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float32)
    moved = np.asarray(cv2.transform(frame, way), np.float32) - frame
    if float(np.linalg.norm(moved, axis=2).max()) <= _STILL:
        return False
    scale = float(np.sqrt(abs(np.linalg.det(way[:, :2].astype(np.float64)))))
    turn = abs(float(np.degrees(np.arctan2(way[1, 0], way[0, 0]))))
    shift = float(np.linalg.norm(moved.mean(1))) / max(height, width)
    return abs(scale - 1) < _SCALE and turn < _TURN and shift < _SHIFT


def one_piece(one: Field, laid: Field, sheet: Mask, desk: Mask) -> bool:
    """Return whether sheet and desk of the picture ``laid`` upon ``one`` are displaced alike."""
    apart = _displaced(one, laid, sheet) - _displaced(one, laid, desk)
    return float(np.hypot(*apart)) <= _SLIP


def _displaced(one: Field, laid: Field, where: Mask) -> NDArray[np.float64]:
    """Return by how many pixels (dx, dy) texture there is displaced, to first order; brightness and contrast aside."""
    there = where > 0
    values = one[there]
    slopes = [cv2.Sobel(one, cv2.CV_32F, *order, ksize=3, scale=1 / 8)[there] for order in ((1, 0), (0, 1))]
    terms = np.stack([*slopes, values, np.ones_like(values)], 1).astype(np.float64)
    found = np.linalg.lstsq(terms.T @ terms, terms.T @ laid[there].astype(np.float64), rcond=None)[0]
    return np.asarray(found[:2] / max(float(found[2]), 0.1), np.float64)
