"""Names: the print beside a box, so that a mark is never counted for a name that is not there.

Two printings of a form may have their boxes in the same places and other names beside them: the worst of all errors.
"""

from functools import lru_cache

import cv2
import numpy as np

from golos.photo.answer import Reason
from golos.photo.blank import blank_of
from golos.photo.form import Region, Revision
from golos.photo.ink import Ink, ink_near
from golos.photo.sheet import Sheet

_PRINT = 60
"""Ink from which on a pixel of the blank form is print."""
_REACH = 7
"""How far the print may lie from where the bend puts it, in working pixels."""
OTHER = 0.66
"""Correlation with the name on the form, beside that of the sheet's print elsewhere, below which it is another name."""
_THERE = 0.55
"""Share of the blank form's ink that is seen if print is there at all, and no finger or glare over it."""
_STROKE = 40
"""Working pixels that a letter's stroke does not reach: see `ink_near`."""
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


def _beside(print_: Ink, box: Region, boxes: tuple[Region, ...]) -> Region | None:
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


def another(sheet: Sheet, number: int, contrast: float) -> Reason | None:
    """Return "wrong revision" if another name stands beside box ``number``, "doubt" if half of it does.

    ``contrast`` is how dark print is on this sheet beside the blank form's.
    """
    place = names(sheet.revision)[number]
    if place is None or min(place.w, place.h) < _LEAST:
        return None
    printed = sheet.blank.ink[place.slices]
    ink, seen = cv2.GaussianBlur(printed, (0, 0), 1.0), _seen(sheet, place)
    clear = float(np.median(sheet.bend.fits)) if len(sheet.bend.fits) else 1.0
    there = float(seen[_REACH:-_REACH, _REACH:-_REACH].sum()) > _THERE * min(1.0, contrast) * float(printed.sum())
    if _fit(seen, ink) >= OTHER * clear or not there:
        return None
    half = place.w // 2
    fits = (_fit(seen[:, : half + 2 * _REACH], ink[:, :half]), _fit(seen[:, half:], ink[:, half:]))
    return "doubt" if max(fits) >= OTHER * clear else "wrong revision"


def _seen(sheet: Sheet, place: Region) -> Ink:
    """Return the ink about ``place``, `_REACH` pixels on each side of it."""
    wide, scale = place.grown(_REACH), sheet.blank.scale
    there = Region(*(round(v / scale) for v in (wide.x, wide.y, wide.w, wide.h)))
    grey = cv2.resize(sheet.straight(sheet.picture.grey, there, scale), (wide.w, wide.h))
    return cv2.GaussianBlur(ink_near(np.asarray(grey, np.uint8), _STROKE), (0, 0), 1.0)


def _fit(seen: Ink, ink: Ink) -> float:
    """Return how well the form's ink fits what is seen, at best."""
    return float(cv2.matchTemplate(seen, ink, cv2.TM_CCOEFF_NORMED).max())
