"""Regions: the boxes and rows of cells that a blank form prints, found without being told."""

from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from golos.photo.form import MIN_SIDE, Region
from golos.photo.picture import Grey

_LEAST, _MOST = 0.008, 0.12
"""Sides of a box or a cell, as shares of the form's longer side."""
_ROUND = 0.72
"""Share of its rectangle that a round field fills, at the least."""
_FREE = 0.06
"""Share of a box's inside that may be dark: residue, a guide of dots."""


def boxes(blank: Grey) -> tuple[Region, ...]:
    """Return the framed empty fields of about box size and shape, from the top, then from the left."""
    longest = max(blank.shape)
    fields = [f for f in _fields(blank) if 0.55 <= f.w / f.h <= 1.8 and _LEAST * longest <= min(f.w, f.h)]
    return tuple(_in_order(_alike([f for f in fields if max(f.w, f.h) <= _MOST * longest])))


def rows(blank: Grey) -> tuple[tuple[Region, ...], ...]:
    """Return the rows of two or more equal cells that stand side by side, from the top."""
    found: list[list[Region]] = []
    for field in _in_order(boxes(blank)):
        for row in found:
            last = row[-1]
            beside = 0 <= field.x - last.x - last.w < 0.8 * last.w and abs(field.y - last.y) < 0.25 * last.h
            if beside and abs(field.w - last.w) < 0.3 * last.w:
                row.append(field)
                break
        else:
            found.append([field])
    return tuple(tuple(row) for row in found if len(row) > 1)


def _fields(blank: Grey) -> list[Region]:
    """Return the bounding rectangles of the paper that frames enclose."""
    _, paper = cv2.threshold(blank, 0, 255, cv2.THRESH_BINARY + cv2.THRESH_OTSU)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(np.asarray(paper, np.uint8), connectivity=4)
    found = []
    for label in range(1, count):
        x, y, w, h, area = (int(v) for v in stats[label])
        sized = min(w, h) >= MIN_SIDE and max(w, h) < _MOST * max(blank.shape)
        if sized and area >= (1 - _FREE) * _ROUND * w * h and _framed(labels, label, x, y, w, h):
            found.append(Region(max(0, x - 1), max(0, y - 1), w + 2, h + 2))
    return found


def _framed(labels: NDArray[Any], label: int, x: int, y: int, w: int, h: int) -> bool:
    """Whether the component is a full shape, four-sided or round, not the inside of a letter."""
    part = labels[y : y + h, x : x + w] == label
    return bool(part[h // 2].mean() > 0.8 and part[:, w // 2].mean() > 0.8)


def _alike(fields: Sequence[Region]) -> list[Region]:
    """Return the largest family of fields of one size: letters and ornaments enclose paper too, of all sizes."""
    families = [[g for g in fields if abs(g.w - f.w) <= 0.2 * f.w and abs(g.h - f.h) <= 0.2 * f.h] for f in fields]
    return max(families, key=lambda family: (len(family), family[0].w), default=[])


def _in_order(fields: Sequence[Region]) -> list[Region]:
    """Return the fields line by line; fields whose middles differ by less than half a height are on one line."""
    lines: list[list[Region]] = []
    for field in sorted(fields, key=lambda f: f.y):
        if lines and field.y - lines[-1][0].y < 0.5 * lines[-1][0].h:
            lines[-1].append(field)
        else:
            lines.append([field])
    return [field for line in lines for field in sorted(line, key=lambda f: f.x)]
