"""Marks: what ink there is in and around each box of a sheet, beside what the blank form prints there."""

from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from golos.photo.blank import Blank, blank_of
from golos.photo.form import Region, Revision
from golos.photo.ink import Ink
from golos.photo.sheet import Sheet

_REACH = 5
"""How far a box is looked for about the place that the bend gives it, in working pixels."""
_AROUND = 0.45
"""How far around a box its surroundings go, as a share of its shorter side."""
_PRINT = 26
"""Ink of the blank form from which on a pixel is print."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One box of a blank form, in working pixels, cut out with its surroundings; all arrays have that cut's size.

    ``kernel`` is the print about the box, of zero mean over ``support``; ``inner`` is the free paper inside the box, ``sides``
    that above, right, below and left of it.
    """

    region: Region
    cut: Region
    kernel: NDArray[np.float32]
    support: NDArray[np.bool_]
    print: NDArray[np.bool_]
    inner: NDArray[np.bool_]
    sides: tuple[NDArray[np.bool_], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What was seen at a box. ``fit`` is the correlation of the print about it; ``frame`` how dark its print is beside
    that of the rest of the sheet, by quarters, the faintest; ``shift`` how far off it lay, in working pixels, from
    where the bend puts it. ``ink`` is the darkness inside, ``dark`` the share of the inside that is inked,
    ``peak`` its darkest three hundredths, ``sides`` the ink above, right, below and left. ``inside`` is the share of the box
    in the picture, ``light`` the brightness of its paper, ``cut`` the ink as cut out.
    """

    fit: float
    frame: float
    shift: tuple[float, float]
    ink: float
    dark: float
    peak: float
    sides: tuple[float, ...]
    inside: float
    light: float
    cut: Ink


@lru_cache(maxsize=64)
def places(revision: Revision) -> tuple[Place, ...]:
    """Return the boxes of a revision made ready; the last 64 revisions are kept."""
    blank = blank_of(revision)
    return tuple(_place(blank, region) for region in blank.regions)


def _place(blank: Blank, region: Region) -> Place:
    around = max(6, round(min(region.w, region.h) * _AROUND))
    cut = region.grown(around)
    ink = _window(blank.ink, cut).astype(np.float32)
    printed = cv2.dilate((ink > _PRINT).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    box = np.zeros(ink.shape, bool)
    box[around : around + region.h, around : around + region.w] = True
    hole = cv2.erode(box.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0
    inner = hole & ~printed
    support = ~(inner & (cv2.erode(box.astype(np.uint8), np.ones((9, 9), np.uint8)) > 0))
    kernel = np.where(support, ink - ink[support].mean(), 0).astype(np.float32)
    ys, xs = np.mgrid[0 : ink.shape[0], 0 : ink.shape[1]]
    y, x = (ys - ink.shape[0] / 2 + 0.5) / region.h, (xs - ink.shape[1] / 2 + 0.5) / region.w
    free = ~box & ~printed
    sides = tuple(free & side for side in ((y < -abs(x)), (x > abs(y)), (y > abs(x)), (x < -abs(y))))
    return Place(region, cut, kernel, support, (ink > 90) & support, inner, sides)


def measure(sheet: Sheet) -> tuple[Measured, ...]:
    """Return what is seen at every box of the sheet."""
    found = places(sheet.revision)
    middles = np.array([(p.region.x + p.region.w / 2, p.region.y + p.region.h / 2) for p in found])
    shifts = sheet.bend.at(middles)
    boxes = sheet.revision.regions
    return tuple(_measured(sheet, *each) for each in zip(found, boxes, shifts, strict=True))


def _measured(sheet: Sheet, place: Place, region: Region, shift: NDArray[np.float64]) -> Measured:
    dx, dy = (round(float(v)) for v in shift)
    cut = Region(place.cut.x + dx, place.cut.y + dy, place.cut.w, place.cut.h)
    window = _window(sheet.ink, cut.grown(_REACH))
    match = cv2.matchTemplate(window.astype(np.float32), place.kernel, cv2.TM_CCORR)
    _, _, _, (column, row) = cv2.minMaxLoc(match)
    seen = window[row : row + cut.h, column : column + cut.w]
    off = (dx + column - _REACH - float(shift[0]), dy + row - _REACH - float(shift[1]))
    soft = cv2.GaussianBlur(seen, (3, 3), 0)
    inner = soft[place.inner]
    return Measured(
        _correlation(seen, place),
        _frame(seen, place),
        off,
        float(inner.mean()) if inner.size else 255.0,
        float((inner > 30).mean()) if inner.size else 1.0,
        float(np.percentile(inner, 97)) if inner.size else 255.0,
        tuple(float(np.percentile(soft[side], 97)) if side.any() else 0.0 for side in place.sides),
        sheet.inside(region),
        _light(sheet, place, dx, dy),
        np.asarray(seen, np.uint8),
    )


def _light(sheet: Sheet, place: Place, dx: int, dy: int) -> float:
    """Return the brightness of the box's paper."""
    part = _window(sheet.work, Region(place.region.x + dx, place.region.y + dy, place.region.w, place.region.h))
    return float(np.percentile(part, 75))


def _correlation(seen: Ink, place: Place) -> float:
    values = seen[place.support].astype(np.float32)
    kernel = place.kernel[place.support]
    values = values - values.mean()
    scale = float(np.sqrt((values @ values) * (kernel @ kernel)))
    return float(values @ kernel) / scale if scale > 0 else 0.0


def _frame(seen: Ink, place: Place) -> float:
    """Return how dark the print of the faintest quarter is."""
    height, width = seen.shape
    quarters = []
    for rows in (slice(0, height // 2), slice(height // 2, height)):
        for columns in (slice(0, width // 2), slice(width // 2, width)):
            where = place.print[rows, columns]
            if where.sum() >= 6:
                quarters.append(float(seen[rows, columns][where].mean()))
    return min(quarters, default=0.0)


def _window(ink: Ink, region: Region) -> Ink:
    """Return a region of the ink; what lies outside is paper."""
    height, width = ink.shape
    top, left = max(0, -region.y), max(0, -region.x)
    bottom, right = max(0, region.y + region.h - height), max(0, region.x + region.w - width)
    rows = slice(min(max(region.y, 0), height), min(max(region.y + region.h, 0), height))
    columns = slice(min(max(region.x, 0), width), min(max(region.x + region.w, 0), width))
    part = ink[rows, columns]
    if not (top or left or bottom or right):
        return part
    if not part.size:
        return np.zeros((region.h, region.w), np.uint8)
    return np.asarray(cv2.copyMakeBorder(part, top, bottom, left, right, cv2.BORDER_CONSTANT, value=0), np.uint8)
