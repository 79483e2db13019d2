"""Marks: what ink there is in and around each box of a sheet, beside what the blank form prints there."""

import math
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from golos.photo.blank import Blank, blank_of
from golos.photo.form import Region, Revision
from golos.photo.ink import Ink, ink_near
from golos.photo.picture import Grey
from golos.photo.sheet import Sheet

_REACH, _FAR = 10, 24
"""How far a box is looked for about the place that the bend gives it, in working pixels, where boxes stand apart."""
_SURE = 0.72
"""Correlation of the print about a box from which on it tells where its neighbours lie."""
_NEIGHBOURS = 5
_BENT, _CORNER, _CORNER_FIT, _TWIST = 0.8, 6, 0.5, 0.25
"""A box that fits worse is sought by its corners: how far each, how well it has to fit, the twist that paper takes."""
_AROUND = 0.45
"""How far around a box its surroundings go, as a share of its shorter side."""
_SQUARE = 1.6
"""Side of the square that paper in shadow holds and ink does not, as a share of a box's longer side."""
_RULE = 9
"""Width of a band about other print in which ink beside a box counts for nothing: rules bend with the paper."""
_SECTORS = 12
_PRINT = 26
"""Ink of the blank form from which on a pixel is print."""

Places = NDArray[Any]
"""Indices into a cut, flat."""


@dataclass(frozen=True, slots=True, eq=False)
class Print:
    """Print at some ``places`` of a cut; ``shape`` (n,) is its ink there, of zero mean and unit length."""

    places: Places
    shape: NDArray[Any]

    @classmethod
    def of(cls, ink: NDArray[Any], where: NDArray[Any]) -> "Print":
        """Return that of a cut's ``ink`` where the mask says."""
        places = np.flatnonzero(where)
        values = ink.ravel()[places] - ink.ravel()[places].mean()
        return cls(places, (values / (np.linalg.norm(values) or 1.0)).astype(np.float32))

    def fit(self, seen: NDArray[Any]) -> float:
        """Return the correlation of what is seen, a flat cut of float32, with the print: -1 to 1."""
        values = seen[self.places]
        spread = float(values @ values) - float(values.sum()) ** 2 / values.size
        return float(values @ self.shape) / spread**0.5 if spread > 1e-3 else 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Sectors:
    """The frame of a box cut as a cake is: its ``line`` and the paper ``outside`` and ``inside`` of it.

    Each is (places, the number of the sector of each, how many each sector has); every sector holds some of all three.
    """

    line: tuple[Places, Places, Places]
    outside: tuple[Places, Places, Places]
    inside: tuple[Places, Places, Places]

    def contrast(self, grey: NDArray[Any]) -> float:
        """Return how much darker the frame is than the paper on one side of it, in the faintest two neighbours.

        A mark darkens the paper on one side at most, a shadow the line too; under a finger there is no line.
        """
        line, outside, inside = (
            np.bincount(of, grey[places]) / held for places, of, held in (self.line, self.outside, self.inside)
        )
        if not line.size:
            return 0.0
        each = 1 - line / np.maximum(np.maximum(outside, inside), 1)
        return float((each + np.roll(each, 1)).min() / 2)


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """One box of a blank form, in working pixels. ``cut`` is the box with its surroundings, ``window`` all that is
    sampled: ``margin`` more on each side, ``reach`` of which are searched. ``square``: see `ink_near`.

    ``kernel`` (of the cut's size) is the print about the box, of zero mean over ``support``; ``near`` is the part of
    that close to the box, ``close`` its four sides; ``print`` holds where it is dark, ``sectors`` the frame; ``inner``
    is the free paper inside the box, ``core`` the middle of it, ``sides`` the free paper above, right, below and left;
    ``black`` the ink of the blank form's print.
    """

    region: Region
    cut: Region
    window: Region
    margin: int
    reach: int
    square: int
    kernel: NDArray[Any]
    support: Print
    near: Print
    print: Places
    sectors: Sectors
    close: tuple[Places, ...]
    inner: Places
    core: Places
    sides: tuple[Places, ...]
    black: float


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """What was seen at a box. ``fit`` is the correlation of the print about it, ``black`` the ink of that print,
    ``weights`` the mean ink close to the frame above, right, below and left of the middle; ``frame`` how much darker
    than the paper beside it the frame is where it is faintest, 0 to 1; ``shift`` how far off it lay, in working pixels,
    from where the bend and its neighbours put it. ``ink`` is the mean inside, ``dark`` the share of the inside that is
    inked, ``peak`` its darkest three hundredths, ``core`` those of its middle, ``sides`` those above, right, below and
    left of the box. ``inside`` says that the whole box is in the picture, ``light`` the brightness of its paper.
    """

    fit: float
    black: float
    frame: float
    weights: tuple[float, ...]
    shift: tuple[float, float]
    ink: float
    dark: float
    peak: float
    core: float
    sides: tuple[float, ...]
    inside: bool
    light: float


@dataclass(frozen=True, slots=True, eq=False)
class _View:
    """A box as photographed: its window straightened, and the ink in it."""

    place: Place
    inside: bool
    grey: Grey
    ink: Ink

    def found(self) -> Measured:
        """Measure the box where it fits best: near its place, or as far as it is looked for."""
        near = self.measured(0, 0, _REACH)
        if near.fit >= _SURE or self.place.reach == _REACH:
            return near
        far = self.measured(0, 0, self.place.reach)
        return far if far.fit > near.fit else near

    def measured(self, dx: int, dy: int, reach: int) -> Measured:
        """Measure the box where it fits best within ``reach`` of a shift."""
        place = self.place
        (left, right), (top, bottom) = (
            (max(off - reach, -place.reach), min(off + reach, place.reach))
            for off in (max(-place.reach, min(v, place.reach)) for v in (dx, dy))
        )
        searched = self.ink[
            place.margin + top : place.margin + bottom + place.cut.h,
            place.margin + left : place.margin + right + place.cut.w,
        ]
        _, _, _, (column, row) = cv2.minMaxLoc(
            cv2.matchTemplate(searched.astype(np.float32), place.kernel, cv2.TM_CCORR)
        )
        dx, dy = left + column, top + row
        rows = slice(place.margin + dy, place.margin + dy + place.cut.h)
        columns = slice(place.margin + dx, place.margin + dx + place.cut.w)
        return self._at(self.ink[rows, columns], self.grey[rows, columns], (dx, dy))

    def straightened(self, seen: Measured) -> Measured:
        """Measure again with the window bent to where the four corners of the print lie, if that fits better."""
        place = self.place
        start = np.array(seen.shift) + place.margin
        pairs = [pair for part in _corners(place.cut) if (pair := self._corner(part, start)) is not None]
        if len(pairs) < 3:
            return seen
        corners, ends = np.array(pairs).swapaxes(0, 1)
        way, *_ = np.linalg.lstsq(np.column_stack([corners, np.ones(len(corners))]), ends, rcond=None)
        if np.abs(way[:2] - np.eye(2)).max() > _TWIST:
            return seen
        size, flags = (place.cut.w, place.cut.h), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
        ink, grey = (cv2.warpAffine(each, way.T, size, flags=flags) for each in (self.ink, self.grey))
        again = self._at(np.asarray(ink, np.uint8), np.asarray(grey, np.uint8), seen.shift)
        return again if again.fit > seen.fit else seen

    def _corner(self, part: tuple[slice, slice], start: NDArray[Any]) -> tuple[NDArray[Any], NDArray[Any]] | None:
        """Return the middle of a quarter of the cut, and where in the window that quarter of the print lies."""
        rows, columns = part
        corner = np.array([columns.start, rows.start])
        left, top = (int(v) for v in start + corner - _CORNER)
        kernel = self.place.kernel[part]
        high, wide = kernel.shape[0] + 2 * _CORNER, kernel.shape[1] + 2 * _CORNER
        area = self.ink[max(top, 0) : top + high, max(left, 0) : left + wide].astype(np.float32)
        if area.shape != (high, wide):
            return None
        _, best, _, there = cv2.minMaxLoc(cv2.matchTemplate(area, kernel, cv2.TM_CCOEFF_NORMED))
        middle = corner + np.array([kernel.shape[1] / 2, kernel.shape[0] / 2])
        return (middle, middle + start + np.array(there) - _CORNER) if best > _CORNER_FIT else None

    def _at(self, ink: Ink, grey: Grey, shift: tuple[float, float]) -> Measured:
        place = self.place
        flat, soft = ink.astype(np.float32).ravel(), np.asarray(cv2.GaussianBlur(ink, (3, 3), 0)).ravel()
        inner = soft[place.inner]
        return Measured(
            fit=max(place.support.fit(flat), place.near.fit(flat)),
            black=_mean(flat[place.print]),
            frame=place.sectors.contrast(grey.ravel()),
            weights=tuple(_mean(flat[side]) for side in place.close),
            shift=(float(shift[0]), float(shift[1])),
            ink=_mean(inner) if inner.size else 255.0,
            dark=_mean(inner > 30) if inner.size else 1.0,
            peak=_darkest(inner) if inner.size else 255.0,
            core=_darkest(soft[place.core]),
            sides=tuple(_darkest(soft[side]) for side in place.sides),
            inside=self.inside,
            light=cv2.mean(grey)[0],
        )


@lru_cache(maxsize=64)
def places(revision: Revision) -> tuple[Place, ...]:
    """Return the boxes of a revision made ready; the last 64 revisions are kept."""
    blank = blank_of(revision)
    reach = _reach(_middles(blank.regions))
    return tuple(_place(blank, region, reach) for region in blank.regions)


def _middles(regions: tuple[Region, ...]) -> NDArray[Any]:
    return np.array([(r.x + r.w / 2, r.y + r.h / 2) for r in regions])


def _reach(middles: NDArray[Any]) -> int:
    """Return how far a box may be looked for without meeting the next."""
    apart = np.linalg.norm(middles[:, None] - middles[None], axis=2) + np.eye(len(middles)) * 1e6
    return int(np.clip(0.4 * apart.min(), _REACH, _FAR))


def _place(blank: Blank, region: Region, reach: int) -> Place:
    around = max(6, round(min(region.w, region.h) * _AROUND))
    square = round(_SQUARE * max(region.w, region.h))
    margin = max(reach + _CORNER, square // 2 - around) + 2
    cut = region.grown(around)
    window = cut.grown(margin)
    ink = ink_near(blank.window(window), square)[margin:-margin, margin:-margin].astype(np.float32)
    printed = cv2.dilate((ink > _PRINT).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    box = np.zeros(ink.shape, bool)
    box[around : around + region.h, around : around + region.w] = True
    inner = _eroded(box, 3) & ~printed
    support = ~(inner & _eroded(box, 9))
    free, core = ~printed, np.zeros(ink.shape, bool)
    high, wide = region.h // 4, region.w // 4
    core[around + high : around + region.h - high, around + wide : around + region.w - wide] = True
    dark = (ink > 90) & support
    beside = ~box & free & ~_grown((ink > _PRINT) & ~_grown(box, 5), _RULE)
    near = support & _grown(box, 7)
    sides = _sides(ink.shape, region)
    return Place(
        region=region,
        cut=cut,
        window=window,
        margin=margin,
        reach=reach,
        square=square,
        kernel=np.where(support, ink - ink[support].mean(), 0).astype(np.float32),
        support=Print.of(ink, support),
        near=Print.of(ink, near),
        print=np.flatnonzero(dark),
        sectors=_sectors(dark & _grown(box, 9), _grown(box, 15) & free & ~_grown(box, 7), inner & ~_eroded(box, 17)),
        close=tuple(np.flatnonzero(near & side) for side in sides),
        inner=np.flatnonzero(inner),
        core=np.flatnonzero(core),
        sides=tuple(np.flatnonzero(beside & side) for side in sides),
        black=float(ink[dark].mean()) if dark.any() else 255.0,
    )


def _eroded(mask: NDArray[Any], side: int) -> NDArray[Any]:
    return np.asarray(cv2.erode(mask.astype(np.uint8), np.ones((side, side), np.uint8)) > 0)


def _grown(mask: NDArray[Any], side: int) -> NDArray[Any]:
    return np.asarray(cv2.dilate(mask.astype(np.uint8), np.ones((side, side), np.uint8)) > 0)


def _sectors(*masks: NDArray[Any]) -> Sectors:
    """Cut line, outside and inside in `_SECTORS`, and leave those out that hold too little of one of them."""
    height, width = masks[0].shape
    ys, xs = np.mgrid[0:height, 0:width]
    angle = np.arctan2(ys - height / 2 + 0.5, xs - width / 2 + 0.5) / (2 * np.pi) + 0.5
    sector = np.minimum((angle * _SECTORS).astype(int), _SECTORS - 1)
    held = [n for n in range(_SECTORS) if min(int((mask & (sector == n)).sum()) for mask in masks) >= 4]
    number = np.full(_SECTORS, -1)
    number[held] = np.arange(len(held))
    places = [np.flatnonzero(mask & (number[sector] >= 0)) for mask in masks]
    of = [number[sector].ravel()[place] for place in places]
    return Sectors(*((place, each, np.bincount(each)) for place, each in zip(places, of, strict=True)))


def _corners(cut: Region) -> list[tuple[slice, slice]]:
    rows, columns = ((slice(0, side // 2), slice(side - side // 2, side)) for side in (cut.h, cut.w))
    return [(row, column) for row in rows for column in columns]


def _sides(shape: tuple[int, ...], region: Region) -> list[NDArray[Any]]:
    """Return what lies above, right, below and left of the diagonals of the box."""
    ys, xs = np.mgrid[0 : shape[0], 0 : shape[1]]
    y, x = (ys - shape[0] / 2 + 0.5) / region.h, (xs - shape[1] / 2 + 0.5) / region.w
    return [y < -abs(x), x > abs(y), y > abs(x), x < -abs(y)]


def measure(sheet: Sheet) -> tuple[Measured, ...]:
    """Return what is seen at every box of the sheet."""
    found = places(sheet.revision)
    middles = _middles(sheet.blank.regions)
    ways = sheet.ways(middles)
    views = [_view(sheet, *each) for each in zip(found, ways, middles, _inside(sheet), strict=True)]
    seen = [view.found() for view in views]
    sure = np.array([each.fit >= _SURE for each in seen])
    if sure.any() and not sure.all():
        expected = sheet.bend.at(middles)
        held = expected[sure] + np.array([each.shift for each in seen])[sure]
        off = sheet.bend.through(middles[sure], held).at(middles) - expected
        for n in np.flatnonzero(~sure):
            again = views[n].measured(round(off[n, 0]), round(off[n, 1]), _REACH)
            seen[n] = again if again.fit > seen[n].fit else seen[n]
    seen = [view.straightened(each) if each.fit < _BENT else each for view, each in zip(views, seen, strict=True)]
    return tuple(_among(seen, middles))


def _view(sheet: Sheet, place: Place, way: NDArray[Any], middle: NDArray[Any], inside: bool) -> _View:
    grey = sheet.window(place.window, way, middle)
    return _View(place, inside, grey, ink_near(grey, place.square))


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


def _darkest(ink: NDArray[Any]) -> float:
    """Return the ink that three hundredths of the pixels reach, 0 of none."""
    if not ink.size:
        return 0.0
    place = math.floor(0.97 * (ink.size - 1))
    return float(np.partition(ink, place)[place])


def _mean(values: NDArray[Any]) -> float:
    return float(values.sum(dtype=np.float64)) / values.size if values.size else 0.0
