"""Features: corners of print, matched between a blank form and a picture, and the pose that most of them agree on."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import cv2
import faiss
import numpy as np
from numpy.typing import NDArray

from golos.photo.picture import Grey, Matrix, shrunk

Kind = Literal["soon", "orb", "akaze"]
KINDS: tuple[Kind, ...] = ("soon", "orb", "akaze")
"""How corners are looked for, the quickest first: by ORB in a small picture, which is enough for most, then in a large
one, where small sheets are found too; by AKAZE, slow, steadier under blur and low light.
"""
_SIDE = {"soon": 640, "orb": 1200, "akaze": 1200}
"""Pixels of the longer side at which they are looked for."""
_MOST = {"soon": (1500, 700), "orb": (4000, 2000)}
"""Corners at the most in a picture, and on a blank form the fewer and stronger."""
_FILL = 0.82
"""What a sheet usually takes of a picture: the blank form is looked at in the size that its print will have."""
_RATIO = 0.97
_TURN, _SCALE, _ASIDE = 25.0, 0.6, 0.22
"""How far pairs may differ from what most say of the turn (degrees), the scale (powers of two) and the sheet's middle
(a share of its diagonal): a tilted sheet spreads them, a form of equal rows offers as many false ones."""
_MIN_PAIRS, MIN_INLIERS = 8, 12
faiss.omp_set_num_threads(1)


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """``points`` (n, 2) are pixels of the picture in full; ``descriptors`` (n, 32 or 64) are binary; ``turns`` (n,) are
    degrees, ``sizes`` (n,) pixels of the picture in full.
    """

    points: NDArray[Any]
    descriptors: NDArray[Any]
    turns: NDArray[Any]
    sizes: NDArray[Any]


def corners(grey: Grey, kind: Kind, blank: bool = False) -> Features:
    """Return the corners of print in a picture, or on a blank form."""
    side = _SIDE[kind] * (_FILL if blank else 1)
    scale = min(1.0, side / max(grey.shape))
    found, descriptors = _seeker(kind, blank).detectAndCompute(_relief(shrunk(grey, scale)), None)
    if descriptors is None:
        return Features(np.zeros((0, 2), np.float32), np.zeros((0, 32), np.uint8), np.zeros(0), np.zeros(0))
    points = (np.array([corner.pt for corner in found], np.float32) + 0.5) / scale - 0.5
    turns = np.array([corner.angle for corner in found])
    sizes = np.array([corner.size for corner in found]) / scale
    return Features(points, np.ascontiguousarray(descriptors, np.uint8), turns, sizes)


def _seeker(kind: Kind, blank: bool) -> "cv2.Feature2D":
    if kind == "akaze":
        return cv2.AKAZE.create(threshold=0.0006)
    return cv2.ORB.create(_MOST[kind][blank], scaleFactor=1.2, nlevels=6, fastThreshold=8)


def _relief(grey: Grey) -> Grey:
    """Return the picture with its light and shadow divided out: print stays, a textured desk loses its lead."""
    return np.asarray(
        cv2.divide(cv2.GaussianBlur(grey, (0, 0), 0.8), np.maximum(cv2.blur(grey, (25, 25)), 16), scale=150), np.uint8
    )


def poses(blank: Features, seen: Features, size: tuple[int, int]) -> Iterator[Matrix]:
    """Yield homographies from the blank form, of that (width, height), to the picture: of the plane, then affine.

    Equal rows can tilt a plane that slips by a row at one end; the affine one holds then.
    """
    start, end = _pairs(blank, seen)
    if len(start) < _MIN_PAIRS:
        return
    reach = 0.004 * float(np.ptp(seen.points, axis=0).max()) + 2.0
    plane, agreed = cv2.findHomography(start, end, cv2.USAC_MAGSAC, reach, None, 3_000, 0.999)
    if plane is not None and agreed.sum() >= MIN_INLIERS and plausible(plane, size):
        yield np.asarray(plane, np.float64)
    affine, agreed = cv2.estimateAffine2D(start, end, None, cv2.RANSAC, 2 * reach, 3_000, 0.999)
    whole = np.vstack([affine, [0, 0, 1]]) if affine is not None else None
    if whole is not None and agreed.sum() >= MIN_INLIERS and plausible(whole, size):
        yield np.asarray(whole, np.float64)


def _pairs(blank: Features, seen: Features) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return points (n, 2) of the blank form and of the picture that look alike, the likest first."""
    if len(blank.points) < _MIN_PAIRS or len(seen.points) < _MIN_PAIRS:
        return blank.points[:0], seen.points[:0]
    index = faiss.IndexBinaryFlat(seen.descriptors.shape[1] * 8)
    index.add(seen.descriptors)
    distance, place = index.search(blank.descriptors, 2)
    clear = np.flatnonzero(distance[:, 0] < _RATIO * distance[:, 1])
    if len(clear) >= _MIN_PAIRS:
        clear = clear[_alike(blank, seen, clear, place[clear, 0])]
    order = clear[np.argsort(distance[clear, 0], kind="stable")]
    return blank.points[order], seen.points[place[order, 0]]


def _alike(blank: Features, seen: Features, one: NDArray[Any], other: NDArray[Any]) -> NDArray[Any]:
    """Return which pairs say much the same of the sheet's turn, scale and middle: a generalised Hough vote."""
    turns = (seen.turns[other] - blank.turns[one]) % 360
    scales = np.log2(seen.sizes[other] / blank.sizes[one])
    votes, _, _ = np.histogram2d(turns, scales, bins=(36, 16), range=((0, 360), (-4, 4)))
    wide = cv2.blur(np.vstack([votes[-2:], votes, votes[:2]]), (3, 5))[2:-2]
    row, column = np.unravel_index(int(wide.argmax()), wide.shape)
    turn, scale = row * 10.0 + 5, column / 2 - 3.75
    near = np.asarray((np.abs((turns - turn + 180) % 360 - 180) < _TURN) & (np.abs(scales - scale) < _SCALE))
    if not near.any():
        return near
    middle, span = blank.points.mean(0), float(np.linalg.norm(np.ptp(blank.points, axis=0)))
    angle, size = np.radians(turn + _mean_off(turns[near], turn)), 2.0 ** float(scales[near].mean())
    way = size * np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    middles = seen.points[other] - (blank.points[one] - middle) @ way.T
    some = middles[near][:: max(1, int(near.sum()) // 100)]
    close = np.linalg.norm(some[:, None] - some[None], axis=2) < _ASIDE / 2 * size * span
    best = some[int(close.sum(1).argmax())]
    return np.asarray(near & (np.linalg.norm(middles - best, axis=1) < _ASIDE * size * span))


def _mean_off(turns: NDArray[Any], turn: float) -> float:
    return float((((turns - turn + 180) % 360) - 180).mean())


def plausible(matrix: Matrix, size: tuple[int, int]) -> bool:
    """Return whether the homography shows a sheet of that (width, height) as a camera can: convex, not mirrored."""
    width, height = size
    corners = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float64)
    depth = np.hstack([corners[0], np.ones((4, 1))]) @ matrix[2]
    if (depth <= 0).any() != (depth < 0).all():
        return False
    seen = cv2.perspectiveTransform(corners, matrix)[0]
    sides = np.roll(seen, -1, 0) - seen
    turns = sides[:, 0] * np.roll(sides, -1, 0)[:, 1] - sides[:, 1] * np.roll(sides, -1, 0)[:, 0]
    lengths = np.linalg.norm(sides, axis=1)
    return bool((turns > 0).all() and lengths.min() > 0.12 * lengths.max() and lengths.min() > 40)
