"""Blank: a revision's template made ready once: corners to find it by, and blocks of print to hold it fast."""

from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from golos.photo.features import KINDS, Features, Kind, corners
from golos.photo.form import Region, Revision
from golos.photo.ink import Ink, ink_of
from golos.photo.picture import Grey

WORK = 1000
"""Pixels of the longer side of the frame in which a sheet is measured."""
COARSE = 0.12
BLOCK = 26
"""Side of a block, in pixels of half the working frame."""
_GRID = 7
_MIN_INK = 7.0


@dataclass(frozen=True, eq=False)
class Blank:
    """``scale`` is working pixels per template pixel; ``grey`` the template in the working frame."""

    revision: Revision
    scale: float
    grey: Grey

    def prepare(self) -> None:
        """Work out all that a first picture needs, so that it waits no longer than the next."""
        _ = self.coarse, self.blocks, self.ink, [self.corners(kind) for kind in KINDS]

    @cached_property
    def ink(self) -> Ink:
        """The print, in the working frame."""
        return ink_of(self.grey, self.stroke)

    @cached_property
    def stroke(self) -> int:
        """The width, in working pixels, from which on a dark shape is no ink: twice the largest box, at least 60."""
        sides = [max(r.w, r.h) * self.scale for r in self.revision.regions]
        return round(min(max(60.0, 2 * max(sides, default=0)), 240))

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """The boxes and cells in the working frame."""
        return tuple(self.scaled(region) for region in self.revision.regions)

    def scaled(self, region: Region) -> Region:
        """Return a region of the template in the working frame."""
        left, top = round(region.x * self.scale), round(region.y * self.scale)
        right, bottom = round((region.x + region.w) * self.scale), round((region.y + region.h) * self.scale)
        return Region(left, top, max(1, right - left), max(1, bottom - top))

    def window(self, region: Region) -> Grey:
        """Return a region of the working frame; what lies outside the sheet is paper."""
        return cut(self.grey, region)

    def corners(self, kind: Kind) -> Features:
        """Return corners of print, in template pixels; each kind is looked for once."""
        if kind not in self._corners:
            self._corners[kind] = corners(self.revision.template, kind, blank=True)
        return self._corners[kind]

    @cached_property
    def _corners(self) -> dict[Kind, Features]:
        return {}

    @cached_property
    def half(self) -> Grey:
        """The template at half the working frame."""
        return _half(self.grey)

    @cached_property
    def coarse(self) -> Grey:
        """The relief of the template at an eighth of the working frame, for a first look."""
        size = (round(self.grey.shape[1] * COARSE), round(self.grey.shape[0] * COARSE))
        return relief(np.asarray(cv2.resize(self.grey, size, interpolation=cv2.INTER_AREA), np.uint8))

    @cached_property
    def blocks(self) -> NDArray[Any]:
        """(n, 2): x, y of the upper left corners of well printed blocks, spread over the sheet, in half pixels."""
        worth = self._worth()
        height, width = worth.shape
        rows = max(3, round(_GRID * height / max(width, height)))
        columns = max(3, round(_GRID * width / max(width, height)))
        found = []
        for top, bottom in _spans(height, rows):
            for left, right in _spans(width, columns):
                part = worth[top:bottom, left:right]
                y, x = np.unravel_index(int(part.argmax()), part.shape)
                if part[y, x] > _MIN_INK:
                    found.append((left + x, top + y))
        return np.array(found, np.int64).reshape(-1, 2)

    def _worth(self) -> NDArray[Any]:
        """How well each block, by its upper left corner, can be told from its neighbours in both directions."""
        print_ = self.half.astype(np.float32)
        for region in self.regions:
            rows, columns = Region(region.x // 2, region.y // 2, region.w // 2 + 1, region.h // 2 + 1).grown(1).slices
            print_[max(rows.start, 0) : rows.stop, max(columns.start, 0) : columns.stop] = 255
        soft = cv2.GaussianBlur(print_, (0, 0), 1.0)
        across, down = cv2.Sobel(soft, cv2.CV_32F, 1, 0), cv2.Sobel(soft, cv2.CV_32F, 0, 1)
        sums = [
            cv2.boxFilter(part, -1, (BLOCK, BLOCK), anchor=(0, 0), borderType=cv2.BORDER_CONSTANT)
            for part in (across * across, down * down, across * down)
        ]
        half_trace = (sums[0] + sums[1]) / 2
        least = half_trace - np.sqrt(np.maximum(half_trace**2 - sums[0] * sums[1] + sums[2] ** 2, 0))
        inside = least[: max(1, least.shape[0] - BLOCK - 1), : max(1, least.shape[1] - BLOCK - 1)]
        return np.asarray(np.sqrt(np.maximum(inside, 0)), np.float32)


def cut(grey: Grey, region: Region) -> Grey:
    """Return a region of a blank form, white where it leaves it."""
    height, width = grey.shape
    top, left = max(0, -region.y), max(0, -region.x)
    bottom, right = max(0, region.y + region.h - height), max(0, region.x + region.w - width)
    rows, columns = slice(max(0, region.y), region.y + region.h), slice(max(0, region.x), region.x + region.w)
    part = grey[rows, columns]
    return np.asarray(cv2.copyMakeBorder(part, top, bottom, left, right, cv2.BORDER_CONSTANT, value=255), np.uint8)


def relief(grey: Grey) -> Grey:
    """Return print without light and shadow, grey where there is none, slightly blurred."""
    soft, wide = cv2.GaussianBlur(grey, (3, 3), 0), cv2.blur(grey, (11, 11))
    return np.asarray(cv2.addWeighted(soft, 2.0, wide, -2.0, 128), np.uint8)


def _spans(length: int, parts: int) -> list[tuple[int, int]]:
    edges = np.linspace(0, length, parts + 1).astype(int)
    return [(int(a), int(b)) for a, b in pairwise(edges)]


def _half(grey: Grey) -> Grey:
    return np.asarray(
        cv2.resize(grey, (grey.shape[1] // 2, grey.shape[0] // 2), interpolation=cv2.INTER_AREA), np.uint8
    )


@lru_cache(maxsize=64)
def blank_of(revision: Revision) -> Blank:
    """Return the revision made ready; the last 64 are kept."""
    scale = min(1.0, WORK / max(revision.size))
    width, height = (round(side * scale) for side in revision.size)
    grey = cv2.resize(revision.template, (width, height), interpolation=cv2.INTER_AREA)
    return Blank(revision, scale, np.asarray(grey, np.uint8))
