"""Place: where the rows of cells lie in the picture. Paper waves more than the blocks of print beside them tell."""

from collections.abc import Iterator
from dataclasses import replace

import cv2
import numpy as np

from golos.photo.form import Number, Region
from golos.photo.ink import ink_of
from golos.photo.sheet import Patch, Sheet

_ROWS = 56
"""Pixels of a cell's height at which it is looked at, at the least."""
_PART = 0.5
"""Size at which a row is looked for, beside the template's."""
_REACH = 0.4
"""How far a row is looked for, as a share of a cell's shorter side: less than half, so that no neighbour is taken."""
_FITS = 0.5
"""Correlation of a row's print from which on it is held to be there."""


def patches(sheet: Sheet) -> Iterator[list[Patch]]:
    """Give the cells of each number, every one registered again by its own borders, its row by the row's before.

    A row whose print is not to be seen lies as far off as the others.
    """
    numbers = sheet.revision.numbers
    found = [_sought(sheet, number) for number in numbers]
    usual = np.median([move for move, fit in found if fit >= _FITS] or [(0.0, 0.0)], axis=0)
    for number, (move, fit) in zip(numbers, found, strict=True):
        row = _moved(sheet, *(move if fit >= _FITS else usual))
        yield [row.patch(cell, scale=_scale(cell)) for cell in number.cells]


def _scale(cell: Region) -> float:
    """Return the pixels per template pixel at which a cell is looked at."""
    return max(1.0, min(4.0, _ROWS / cell.h))


def _sought(sheet: Sheet, number: Number) -> tuple[tuple[float, float], float]:
    """Return how far (x, y) in template pixels the row's print lies from its place, and the correlation there."""
    row = _around(number.cells, sheet.revision.size)
    reach = round(_REACH * min(min(cell.w, cell.h) for cell in number.cells) * _PART)
    stroke = max(1, round(sheet.blank.stroke / sheet.blank.scale * _PART))
    print_ = cv2.resize(sheet.revision.template[row.slices], None, fx=_PART, fy=_PART, interpolation=cv2.INTER_AREA)
    kernel = ink_of(np.asarray(print_, np.uint8), stroke)
    if not kernel.any():
        return (0.0, 0.0), 0.0
    seen = ink_of(sheet.straight(sheet.picture.grey, row.grown(round(reach / _PART)), _PART), stroke)
    _, fit, _, (x, y) = cv2.minMaxLoc(cv2.matchTemplate(seen, kernel, cv2.TM_CCOEFF_NORMED))
    return ((x - reach) / _PART, (y - reach) / _PART), fit if np.isfinite(fit) else 0.0


def _moved(sheet: Sheet, x: float, y: float) -> Sheet:
    move = np.array([[1.0, 0.0, x], [0.0, 1.0, y], [0.0, 0.0, 1.0]])
    return replace(sheet, homography=sheet.homography @ move)


def _around(cells: tuple[Region, ...], size: tuple[int, int]) -> Region:
    """Return the region of all the cells and their borders, within the form, of even sides."""
    left, top = max(0, min(cell.x for cell in cells) - 2), max(0, min(cell.y for cell in cells) - 2)
    right = min(size[0], max(cell.x + cell.w for cell in cells) + 2)
    bottom = min(size[1], max(cell.y + cell.h for cell in cells) + 2)
    return Region(left, top, (right - left) // 2 * 2, (bottom - top) // 2 * 2)
