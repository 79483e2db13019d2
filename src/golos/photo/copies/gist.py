"""Gist: what of a photograph is compared in the small, before two are compared in full: perspective, desk, ink."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from golos.photo.copies.descriptor import Descriptor, Mark, Points
from golos.photo.picture import Grey

Numbers = NDArray[np.float32]

SIDE, _SPAN = 64, 1.9
"""Pixels of the desk's picture, upright with the sheet in its middle; how many sheets wide that is."""
_FINE, _COARSE, _USUAL = 0.8, 2.4, 3.0
"""Pixels of that picture between which texture is looked at; over which it is told what is usual."""
_SHADOW, _RIM = 12, 9
"""Pixels of the small picture left out, for nothing there is the desk's: around the sheet, and at the rim."""
_FLAT, _PATCH, _MARGIN = 0.5, 7, 8
"""Deviation below which a patch of so many pixels is a bar or burnt out, and pixels left out around it."""
_WEAK, _STRONG = 0.5, 2.0
"""Texture that is not made stronger, and the multiple of what is usual around it beyond which it is cut off."""
INK_SIDE = 14
_PALE, _BLUR = 20, 2.5


@dataclass(frozen=True, slots=True)
class Gist:
    """``outline`` (4,): the sheet's corners as complex numbers, without place and size. ``desk`` (64 * 64,): texture
    around the sheet, 0 where ``seen`` (64 * 64,) is. None, 0, 0 where no sheet was found. ``ink`` by region: blurred,
    of length 1 (196,), and how much there is.
    """

    outline: NDArray[np.complex128] | None
    desk: Numbers
    seen: Numbers
    ink: dict[int, tuple[Numbers, float]]


def gist(photograph: Descriptor) -> Gist:
    """Return the gist of a photograph."""
    ink = {mark.region: (_ink(mark), mark.mass) for mark in photograph.marks}
    if photograph.corners is None:
        nothing = np.zeros(SIDE * SIDE, np.float32)
        return Gist(None, nothing, nothing, ink)
    corners = photograph.corners.astype(np.float64)
    outline = corners @ np.array([1, 1j])
    outline -= outline.mean()
    desk, seen = _desk(photograph.grey, corners, outline)
    return Gist(outline / np.linalg.norm(outline), desk.ravel(), seen.ravel(), ink)


def _ink(mark: Mark) -> Numbers:
    ink, frame = mark.pixels
    ink = np.where(frame, 0, np.maximum(ink - _PALE, 0)).astype(np.float32)
    small = cv2.resize(cv2.GaussianBlur(ink, (0, 0), _BLUR), (INK_SIDE, INK_SIDE), interpolation=cv2.INTER_AREA).ravel()
    return np.asarray(small / max(float(np.linalg.norm(small)), 1e-6), np.float32)


def _desk(grey: Grey, corners: NDArray[np.float64], outline: NDArray[np.complex128]) -> tuple[Numbers, Numbers]:
    """Return the texture of the desk, upright, its contrast evened out; and 1 where it is seen."""
    pixels, there = grey.astype(np.float32), _desk_of(grey, np.asarray(corners, np.float32))
    way, scale = _upright(corners, outline)
    fine = _mean(pixels * there, there, _FINE * scale / 2)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = [cv2.warpAffine(each, way, (SIDE, SIDE), flags=flags) for each in (fine * there, there)]
    whole = np.asarray(laid[1] > 0.9, np.float32)
    fine = np.asarray(laid[0] * whole / np.maximum(laid[1], 0.9), np.float32)
    texture = (fine - _mean(fine, whole, _COARSE)) * whole
    usual = np.sqrt(np.maximum(_mean(texture * texture, whole, _USUAL), 0))
    return np.asarray(np.clip(texture / np.maximum(usual, _WEAK), -_STRONG, _STRONG), np.float32), whole


def _desk_of(grey: Grey, corners: Points) -> Numbers:
    """Return 1 where the picture may show the desk: not the sheet with its shadow, not bars laid over it."""
    there = np.zeros(grey.shape, np.uint8)
    there[_RIM:-_RIM, _RIM:-_RIM] = 1
    sheet = cv2.fillConvexPoly(np.zeros_like(there), corners.round().astype(np.int32), 1)
    there[_grown(np.asarray(sheet, np.uint8), _SHADOW) > 0] = 0
    field = grey.astype(np.float32)
    mean, square = (cv2.blur(each, (_PATCH, _PATCH)) for each in (field, field * field))
    even = np.asarray(square - mean * mean < _FLAT * _FLAT, np.uint8)
    bars = cv2.morphologyEx(even, cv2.MORPH_OPEN, np.ones((_PATCH, _PATCH), np.uint8))
    there[_grown(np.asarray(bars, np.uint8), _MARGIN) > 0] = 0
    return there.astype(np.float32)


def _grown(mask: Grey, by: int) -> Grey:
    return np.asarray(cv2.dilate(mask, np.ones((2 * by + 1, 2 * by + 1), np.uint8)), np.uint8)


def _mean(weighted: Numbers, weight: Numbers, blur: float) -> Numbers:
    """Return the blurred mean of what has weight."""
    share = np.maximum(cv2.GaussianBlur(weight, (0, 0), blur), 1e-2)
    return np.asarray(cv2.GaussianBlur(weighted, (0, 0), blur) / share, np.float32)


def _upright(corners: NDArray[np.float64], outline: NDArray[np.complex128]) -> tuple[NDArray[np.float64], float]:
    """Return the similarity (2, 3) from the desk's picture to the small one, and its scale."""
    across = outline[1] + outline[2] - outline[0] - outline[3]
    down = outline[2] + outline[3] - outline[0] - outline[1]
    turn = across / max(abs(across), 1e-6) - 1j * down / max(abs(down), 1e-6)
    scale = float(np.abs(outline).mean()) * 2**0.5 * _SPAN / SIDE
    turn *= scale / max(abs(turn), 1e-6)
    linear = np.array([[turn.real, -turn.imag], [turn.imag, turn.real]])
    middle = corners.mean(0) - linear @ np.full(2, (SIDE - 1) / 2)
    return np.column_stack([linear, middle]), scale
