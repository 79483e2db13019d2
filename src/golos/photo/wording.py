"""Wording: whether the words that a form prints are those on the sheet. Frames alone don't tell its printings apart."""

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from golos.photo.form import Region, Revision
from golos.photo.ink import Ink, ink_near
from golos.photo.picture import Grey
from golos.photo.sheet import Sheet

_LONGEST = 1600
"""Pixels of the longer side at which words are compared."""
_BLOCK = (64, 24)
"""Width and height of a piece of print."""
_STROKE, _LINE = 40, 45
"""Pixels that no stroke of a letter is wide, and no letter's straight line long."""
_INK = 60
_LEAST = 120
"""Pixels of ink that make a block words."""
_NEAR = 10
"""How far a block may lie off its place."""
_FITS, _OTHER, _ENOUGH = 0.75, 0.28, 12
"""Correlation, beside the best tenth's, of the same words; share of blocks with other words that makes it another
printing (measured: 0 to 0.18 on seven real sheets of their form, 0.42 on one of an older printing); blocks it takes."""


def reworded(sheet: Sheet) -> bool:
    """Return whether the sheet bears other words than its form in many places: then it is another printing."""
    blank, blocks = _words(sheet.revision)
    width, height = sheet.revision.size
    scale = blank.shape[1] / width
    seen = _soft(ink_near(sheet.straight(sheet.picture.grey, Region(0, 0, width, height), scale), _STROKE))
    there = [block for block in blocks if sheet.inside(_scaled(block.grown(_NEAR), 1 / scale)) == 1.0]
    if len(there) < _ENOUGH:
        return False
    fits = np.array([_fit(seen, blank, block) for block in there])
    return bool((fits < _FITS * np.percentile(fits, 90)).mean() > _OTHER)


@lru_cache(maxsize=16)
def _words(revision: Revision) -> tuple[Ink, tuple[Region, ...]]:
    """Return the form's ink, and where words are on it: the fullest block of each field of a coarse grid."""
    scale = min(1.0, _LONGEST / max(revision.size))
    blank = cv2.resize(revision.template, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = ink_near(np.asarray(blank, np.uint8), _STROKE)
    wide, high = _BLOCK
    full = cv2.boxFilter(_letters(ink), cv2.CV_32F, (wide, high), normalize=False, anchor=(0, 0))
    found = []
    for y in range(_NEAR, ink.shape[0] - 2 * high - _NEAR, 2 * high):
        for x in range(_NEAR, ink.shape[1] - 2 * wide - _NEAR, 2 * wide):
            field = full[y : y + high, x : x + wide]
            row, column = np.unravel_index(int(field.argmax()), field.shape)
            if field[row, column] >= _LEAST:
                found.append(Region(x + int(column), y + int(row), wide, high))
    return _soft(ink), tuple(found)


def _letters(ink: Ink) -> NDArray[Any]:
    """Return 1 where there is print but for ruled lines."""
    dark = (ink > _INK).astype(np.uint8)
    across = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((1, _LINE), np.uint8))
    down = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((_LINE, 1), np.uint8))
    ruled = cv2.dilate(cv2.max(across, down), np.ones((5, 5), np.uint8))
    return np.asarray(cv2.subtract(dark, ruled), np.uint8)


def _soft(ink: Ink) -> Ink:
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), 1.0), np.uint8)


def _scaled(block: Region, scale: float) -> Region:
    return Region(*(round(v * scale) for v in (block.x, block.y, block.w, block.h)))


def _fit(seen: Grey, blank: Grey, block: Region) -> float:
    near = seen[block.grown(_NEAR).slices]
    if near.shape[0] < block.h or near.shape[1] < block.w:
        return 1.0
    return float(cv2.matchTemplate(near, blank[block.slices], cv2.TM_CCOEFF_NORMED).max())
