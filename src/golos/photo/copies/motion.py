"""Motion: whether two pictures laid upon each other moved as one piece: then they are one photograph.

Two photographs of one form can be laid upon each other well enough for the eye. What gives them away is displacement
of parts of a pixel. Another camera has another perspective: the quarters of the sheet lie as no similarity lays them.
A camera at rest, that sees one sheet after the other, has moved the sheet and not the desk; and where the desk shows
nothing that could be displaced, the frames do not lie upon each other, and do as far as a hand lays a sheet amiss.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Field = NDArray[np.float32]
Mask = NDArray[np.uint8]

_STILL, _LEVEL = 0.6, 0.15
"""Pixels that the frame's corners may move, and may turn, in one picture that was only encoded, scaled or toned anew:
a size in whole pixels is not quite the scale that was meant, but nothing turns.
"""
_SCALE, _TURN, _SHIFT = 0.012, 6.0, 0.06
"""What a sheet laid down by hand under a camera at rest does at most: change of size, degrees, share of the side."""
_SLIP = 0.12
"""Pixels that sheet and desk may be displaced against each other in one photograph."""
_BENT, _BLURRED, _MOST_BENT = 0.1, 2.0, 0.45
"""Pixels that a quarter of the sheet may lie off the similarity of all; more where one picture is larger."""
_LEAST = 1_000.0
"""Texture that a quarter has to have, to say where it is."""


def by_a_stand(way: Field, one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    """Return whether the way (2, 3), from shape ``one`` to shape ``other``, is that of a sheet laid down anew."""
    if max(abs(one[0] - other[0]), abs(one[1] - other[1])) > 1:
        return False
    height, width = one[:2]
    frame = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float32)
    moved = np.asarray(cv2.transform(frame, way), np.float32) - frame
    turned = max(abs(float(way[0, 1])) * height, abs(float(way[1, 0])) * width)
    if float(np.linalg.norm(moved, axis=2).max()) <= _STILL and turned <= _LEVEL:
        return False
    turn = abs(float(np.degrees(np.arctan2(way[1, 0], way[0, 0]))))
    shift = float(np.linalg.norm(moved.mean(1))) / max(height, width)
    return abs(_scale(way) - 1) < _SCALE and turn < _TURN and shift < _SHIFT


def one_piece(one: Field, laid: Field, sheet: Mask, desk: Mask) -> bool:
    """Return whether sheet and desk of the picture ``laid`` upon ``one`` are displaced alike."""
    apart = _displaced(one, laid, sheet) - _displaced(one, laid, desk)
    return float(np.hypot(*apart)) <= _SLIP


def one_camera(one: Field, laid: Field, printed: Mask, corners: Field, way: Field) -> bool:
    """Return whether the quarters of the sheet, whose ``corners`` (4, 2) are in ``one``, moved by one similarity."""
    here, there = [], []
    for quarter in _quarters(corners, printed):
        weight = np.abs(one) * (quarter > 0)
        if float(weight.sum()) >= _LEAST:
            ys, xs = np.nonzero(quarter)
            middle = np.average(np.stack([xs, ys], 1), 0, weight[ys, xs])
            here.append(complex(*middle))
            there.append(complex(*(way[:, :2] @ (middle - _displaced(one, laid, quarter)) + way[:, 2])))
    if len(here) < 3:
        return True  # too little is seen of the sheet to say otherwise
    start, end = np.array(here) - np.mean(here), np.array(there) - np.mean(there)
    similarity = np.vdot(start, end) / np.vdot(start, start)
    off = float(np.abs(end - similarity * start).max() / abs(similarity))
    return off <= min(_BENT + _BLURRED * abs(_scale(way) - 1), _MOST_BENT)


def _scale(way: Field) -> float:
    return float(np.sqrt(abs(np.linalg.det(way[:, :2].astype(np.float64)))))


def _quarters(corners: Field, printed: Mask) -> list[Mask]:
    middle = corners.mean(0)
    found = []
    for number, corner in enumerate(corners):
        sides = (corner + corners[(number + 1) % 4]) / 2, (corner + corners[number - 1]) / 2
        mask = np.zeros_like(printed)
        cv2.fillConvexPoly(mask, np.stack([corner, sides[0], middle, sides[1]]).round().astype(np.int32), 255)
        found.append(np.asarray(mask & printed, np.uint8))
    return found


def _displaced(one: Field, laid: Field, where: Mask) -> NDArray[np.float64]:
    """Return by how many pixels (dx, dy) texture there is displaced, to first order; brightness and contrast aside."""
    there = where > 0
    values = one[there]
    slopes = [cv2.Sobel(one, cv2.CV_32F, *order, ksize=3, scale=1 / 8)[there] for order in ((1, 0), (0, 1))]
    terms = np.stack([*slopes, values, np.ones_like(values)], 1).astype(np.float64)
    found = np.linalg.lstsq(terms.T @ terms, terms.T @ laid[there].astype(np.float64), rcond=None)[0]
    return np.asarray(found[:2] / max(float(found[2]), 0.1), np.float64)
