"""Features: corners of print, matched between a blank form and a picture, and the pose that most of them agree on."""

from dataclasses import dataclass
from typing import Any

import cv2
import faiss
import numpy as np
from numpy.typing import NDArray

from golos.photo.picture import Grey, Matrix

SIDE = 1200
"""Pixels of the longer side at which corners are looked for; at 620 a third of the small sheets are not found."""
_FILL = 0.82
"""What a sheet usually takes of a picture: the blank form is looked at in the size that its print will have."""
_ORB, _ORB_BLANK = 4000, 2000
_RATIO = 0.92
_MIN_PAIRS, MIN_INLIERS = 8, 12
faiss.omp_set_num_threads(1)


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """``points`` (n, 2) are pixels of the picture in full; ``descriptors`` (n, 32 or 64) are binary."""

    points: NDArray[Any]
    descriptors: NDArray[Any]


def orb(grey: Grey, blank: bool = False) -> Features:
    """Return ORB's corners, on a blank form the fewer and stronger."""
    seeker = cv2.ORB.create(_ORB_BLANK if blank else _ORB, scaleFactor=1.2, nlevels=6, fastThreshold=8)
    return _sought(seeker, grey, blank)


def akaze(grey: Grey, blank: bool = False) -> Features:
    """Return AKAZE's corners: slower, steadier under blur and low light."""
    return _sought(cv2.AKAZE.create(threshold=0.0006), grey, blank)


def _sought(seeker: "cv2.Feature2D", grey: Grey, blank: bool) -> Features:
    scale = min(1.0, (SIDE * _FILL if blank else SIDE) / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    corners, descriptors = seeker.detectAndCompute(_relief(np.asarray(small, np.uint8)), None)
    if descriptors is None:
        return Features(np.zeros((0, 2), np.float32), np.zeros((0, 32), np.uint8))
    points = (np.array([corner.pt for corner in corners], np.float32) + 0.5) / scale - 0.5
    return Features(points, np.ascontiguousarray(descriptors, np.uint8))


def _relief(grey: Grey) -> Grey:
    """Return the picture with its light and shadow divided out: print stays, a textured desk loses its lead."""
    return np.asarray(
        cv2.divide(cv2.GaussianBlur(grey, (0, 0), 0.8), np.maximum(cv2.blur(grey, (25, 25)), 16), scale=150), np.uint8
    )


def pose(blank: Features, seen: Features) -> tuple[Matrix, int] | None:
    """Return the homography from the blank form to the picture and how many pairs agree on it; None if too few do."""
    if len(blank.points) < _MIN_PAIRS or len(seen.points) < _MIN_PAIRS:
        return None
    index = faiss.IndexBinaryFlat(seen.descriptors.shape[1] * 8)
    index.add(seen.descriptors)
    distance, place = index.search(blank.descriptors, 2)
    clear = distance[:, 0] < _RATIO * distance[:, 1]
    if clear.sum() < _MIN_PAIRS:
        return None
    start, end = blank.points[clear], seen.points[place[clear, 0]]
    order = np.argsort(distance[clear, 0], kind="stable")
    reach = 0.004 * float(np.ptp(seen.points, axis=0).max()) + 2.0
    matrix, inliers = cv2.findHomography(start[order], end[order], cv2.USAC_MAGSAC, reach, None, 3_000, 0.999)
    if matrix is None or inliers is None:
        return None
    agreed = int(inliers.sum())
    return (np.asarray(matrix, np.float64), agreed) if agreed >= MIN_INLIERS else None


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
