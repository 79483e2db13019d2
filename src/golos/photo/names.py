"""Names: the print beside a box, so that a mark is never counted for a name that is not there.

Two printings of a form may have their boxes in the same places and other names beside them: the worst of all errors.
"""

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from golos.photo.answer import Reason
from golos.photo.blank import blank_of
from golos.photo.form import Region, Revision
from golos.photo.sheet import Sheet

_PRINT = 60
"""Ink from which on a pixel of the blank form is print."""
_REACH = 7
"""How far the print may lie from where the bend puts it, in working pixels."""
OTHER = 0.66
"""Correlation with the name on the form, beside that of the sheet's print elsewhere, below which it is another name."""
_THERE = 0.55
"""Share of the blank form's ink that is seen if print is there at all, and no finger or glare over it."""
_LONGEST, _LEAST = 260, 6
"""Working pixels of a name that are looked at, and its least side."""


@lru_cache(maxsize=64)
def names(revision: Revision) -> tuple[Region | None, ...]:
    """Return where the print beside each box is, in working pixels; None where there is none."""
    blank = blank_of(revision)
    boxes = blank.regions
    print_ = blank.ink > _PRINT
    for box in boxes:
        print_[box.grown(4).slices] = False
    return tuple(_beside(print_, box, boxes) for box in boxes)


def _beside(print_: NDArray[Any], box: Region, boxes: tuple[Region, ...]) -> Region | None:
    """Return the print in the row of a box, on the side that has more of it, as far as the next box."""
    row = [b for b in boxes if b != box and b.y < box.y + box.h and box.y < b.y + b.h]
    left = max((b.x + b.w for b in row if b.x < box.x), default=0)
    right = min((b.x for b in row if b.x > box.x), default=print_.shape[1])
    found = []
    for start, end in ((left, box.x), (box.x + box.w, right)):
        part = print_[box.y : box.y + box.h, start:end]
        part = part & (part.mean(axis=1) < 0.7)[:, None]
        ys, xs = np.nonzero(part)
        if len(xs) > 40:
            low, high = int(xs.min()), min(int(xs.max()) + 1, int(xs.min()) + _LONGEST)
            top, bottom = int(ys.min()), int(ys.max()) + 1
            found.append((len(xs), Region(start + low, box.y + top, high - low, bottom - top)))
    return max(found, key=lambda one: one[0], default=(0, None))[1]


def another(sheet: Sheet, number: int) -> Reason | None:
    """Return "wrong revision" if another name stands beside box ``number``, "doubt" if half of it does."""
    place = names(sheet.revision)[number]
    if place is None or min(place.w, place.h) < _LEAST:
        return None
    ink = cv2.GaussianBlur(sheet.blank.ink[place.slices], (0, 0), 1.0)
    clear = float(np.median(sheet.bend.fits)) if len(sheet.bend.fits) else 1.0
    fit, seen = _fit(sheet, place, ink)
    if fit >= OTHER * clear or seen <= _THERE * _pale(sheet) * float(ink.sum()):
        return None
    half = place.w // 2
    halves = Region(place.x, place.y, half, place.h), Region(place.x + half, place.y, place.w - half, place.h)
    fits = [_fit(sheet, part, ink[:, part.x - place.x : part.x - place.x + part.w])[0] for part in halves]
    return "doubt" if max(fits) >= OTHER * clear else "wrong revision"


def _fit(sheet: Sheet, place: Region, ink: NDArray[Any]) -> tuple[float, float]:
    """Return how well the form's ink fits what is seen at ``place``, and how much ink is seen."""
    dx, dy = (round(float(v)) for v in sheet.bend.at(np.array([[place.x + place.w / 2, place.y + place.h / 2]]))[0])
    top, left = max(0, place.y + dy - _REACH), max(0, place.x + dx - _REACH)
    seen = sheet.ink[top : place.y + dy + place.h + _REACH, left : place.x + dx + place.w + _REACH]
    if seen.shape[0] < ink.shape[0] or seen.shape[1] < ink.shape[1]:
        return 0.0, 0.0
    match = cv2.matchTemplate(cv2.GaussianBlur(seen, (0, 0), 1.0), ink, cv2.TM_CCOEFF_NORMED)
    return float(match.max()), float(seen.sum())


def _pale(sheet: Sheet) -> float:
    """Return how dark print is on this sheet beside the blank form's."""
    seen, blank = np.sort(sheet.ink[::4, ::4], axis=None), np.sort(sheet.blank.ink[::4, ::4], axis=None)
    place = int(0.985 * len(seen))
    return float(min(1.0, seen[place:].mean() / max(blank[place:].mean(), 1.0)))
