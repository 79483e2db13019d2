"""Marks: what ink there is in and around each box of a sheet, beside what the blank form prints there."""

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from golos.photo.blank import Blank, blank_of
from golos.photo.form import Region, Revision
from golos.photo.ink import Ink
from golos.photo.sheet import Sheet

_REACH, _FAR = 10, 24
"""How far a box is looked for about the place that the bend gives it, in working pixels, where boxes stand apart."""
_SURE = 0.72
"""Correlation of the print about a box from which on it tells where its neighbours lie."""
_NEIGHBOURS = 5
_AROUND = 0.45
"""How far around a box its surroundings go, as a share of its shorter side."""
_PRINT = 26
"""Ink of the blank form from which on a pixel is print."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One box of a blank form, in working pixels, cut out with its surroundings; all arrays have that cut's size.

    ``kernel`` is the print about the box, of zero mean over ``support``; ``inner`` is the free paper inside the box,
    ``sides`` that above, right, below and left of it.
    """

    region: Region
    cut: Region
    kernel: NDArray[Any]
    support: NDArray[Any]
    print: NDArray[Any]
    inner: NDArray[Any]
    sides: tuple[NDArray[Any], ...]


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What was seen at a box. ``fit`` is the correlation of the print about it; ``frame`` how dark its print is beside
    that of the rest of the sheet, by quarters, the faintest; ``shift`` how far off it lay, in working pixels, from
    where the bend puts it. ``ink`` is the darkness inside, ``dark`` the share of the inside that is inked,
    ``peak`` its darkest three hundredths, ``sides`` the ink above, right, below and left. ``inside`` says that the
    whole box is in the picture, ``light`` the brightness of its paper, ``cut`` the ink as cut out.
    """

    fit: float
    frame: float
    shift: tuple[float, float]
    ink: float
    dark: float
    peak: float
    sides: tuple[float, ...]
    inside: bool
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
    inside, reach = _inside(sheet), _reach(middles)
    expected = sheet.bend.at(middles)
    seen = [_measured(sheet, *each, reach) for each in zip(found, inside, expected, strict=True)]
    sure = np.array([each.fit >= _SURE for each in seen])
    if sure.any() and not sure.all():
        held = expected[sure] + np.array([each.shift for each in seen])[sure]
        mended = sheet.bend.through(middles[sure], held).at(middles)
        for n in np.flatnonzero(~sure):
            again = _measured(sheet, found[n], inside[n], mended[n], _REACH)
            if again.fit > seen[n].fit:
                off = mended[n] + again.shift - expected[n]
                seen[n] = replace(again, shift=(float(off[0]), float(off[1])))
    return tuple(_among(seen, middles))


def _reach(middles: NDArray[Any]) -> int:
    """Return how far a box may be looked for without meeting the next."""
    apart = np.linalg.norm(middles[:, None] - middles[None], axis=2) + np.eye(len(middles)) * 1e6
    return int(np.clip(0.4 * apart.min(), _REACH, _FAR))


def _inside(sheet: Sheet) -> list[bool]:
    """Return for each box whether all its corners lie in the picture."""
    regions = sheet.revision.regions
    corners = [(x, y) for r in regions for x in (r.x, r.x + r.w) for y in (r.y, r.y + r.h)]
    places_ = sheet.place(np.array(corners, np.float64)).reshape(-1, 4, 2)
    limit = np.array(sheet.picture.size) - 1
    within = np.logical_and(places_ >= 0, places_ <= limit).reshape(len(regions), -1)
    return [bool(each.all()) for each in within]


def _among(seen: list[Measured], middles: NDArray[Any]) -> list[Measured]:
    """Return the boxes with their shifts beside those of the nearest: paper bends smoothly, a wrong fit jumps."""
    shifts = np.array([each.shift for each in seen])
    apart = np.linalg.norm(middles[:, None] - middles[None], axis=2)
    near = np.argsort(apart, axis=1, kind="stable")[:, :_NEIGHBOURS]
    off = shifts - np.median(shifts[near], axis=1)
    return [replace(each, shift=(float(x), float(y))) for each, (x, y) in zip(seen, off, strict=True)]


def _measured(sheet: Sheet, place: Place, inside: bool, shift: NDArray[Any], reach: int) -> Measured:
    dx, dy = (round(float(v)) for v in shift)
    cut = Region(place.cut.x + dx, place.cut.y + dy, place.cut.w, place.cut.h)
    window = _window(sheet.ink, cut.grown(reach))
    match = cv2.matchTemplate(window.astype(np.float32), place.kernel, cv2.TM_CCORR)
    _, _, _, (column, row) = cv2.minMaxLoc(match)
    seen = window[row : row + cut.h, column : column + cut.w]
    off = (dx + column - reach - float(shift[0]), dy + row - reach - float(shift[1]))
    soft = cv2.GaussianBlur(seen, (3, 3), 0)
    inner = soft[place.inner]
    return Measured(
        _correlation(seen, place),
        _frame(seen, place),
        off,
        float(inner.mean()) if inner.size else 255.0,
        float((inner > 30).mean()) if inner.size else 1.0,
        darkest(inner) if inner.size else 255.0,
        tuple(darkest(soft[side]) for side in place.sides),
        inside,
        _light(sheet, place, dx, dy),
        np.asarray(seen, np.uint8),
    )


def darkest(ink: NDArray[Any]) -> float:
    """Return the ink that three hundredths of the pixels reach, 0 of none."""
    if not ink.size:
        return 0.0
    place = int(0.97 * (ink.size - 1))
    return float(np.partition(ink.ravel(), place)[place])


def _light(sheet: Sheet, place: Place, dx: int, dy: int) -> float:
    """Return the brightness of the box's paper."""
    part = _window(sheet.work, Region(place.region.x + dx, place.region.y + dy, place.region.w, place.region.h))
    return float(part.mean()) if part.size else 0.0


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
