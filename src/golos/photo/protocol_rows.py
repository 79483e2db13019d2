"""Rows: numbers in a ruled column without a known form: lines taken out, digits found, one reading a row.

No template says where to look, and seldom is there a sum, so a number is accepted only where every digit is sure and
nothing else is in its row. What is struck through, torn or crowded goes to people.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import cv2
import numpy as np
from numpy.typing import NDArray

from golos.photo.digits import Cell, read_cells
from golos.photo.ink import ink_of
from golos.photo.picture import Grey
from golos.photo.protocol import ACCEPTED
from golos.photo.protocol_odds import Reading, doubts, value_of

Mask = NDArray[np.uint8]
_SLOPES = np.linspace(-0.12, 0.12, 49)
_FAINTEST = 30.0


@dataclass(frozen=True, slots=True)
class Row:
    """One number: its place (x, y, w, h) in the levelled picture, its cells, its value, and whether it is accepted."""

    place: tuple[int, int, int, int]
    cells: tuple[Cell, ...]
    value: int | None
    odds: float
    sound: bool
    """Whether the ink is as many shapes as there are digits, of one size, with nothing struck through them."""

    @property
    def accepted(self) -> bool:
        """Whether the value may stand without people."""
        return self.sound and self.value is not None and self.odds <= ACCEPTED


@dataclass(frozen=True, slots=True)
class Shape:
    """A connected piece of ink: its box, and its number in the labels."""

    x: int
    y: int
    w: int
    h: int
    label: int

    @property
    def middle(self) -> float:
        """Its middle's height in the picture."""
        return self.y + self.h / 2


def read_rows(grey: Grey, digits: int) -> list[Row]:
    """Return the numbers of ``digits`` digits each in a picture of one ruled column, from the top."""
    ink = levelled(ink_of(grey, max(60, grey.shape[1] // 8)))
    mask = (ink > max(_FAINTEST, 0.45 * float(np.percentile(ink, 97)))).astype(np.uint8)
    lines = ruled(mask)
    pen = mask & ~lines
    _, found, stats, _ = cv2.connectedComponentsWithStats(_mended(pen, lines), connectivity=8)
    labels = np.asarray(found, np.int32)
    shapes = [Shape(int(x), int(y), int(w), int(h), n) for n, (x, y, w, h, area) in enumerate(stats) if n and area > 60]
    return [_row(ink, labels, lines, each, digits) for each in rows_of(shapes, grey.shape[0])]


def levelled(ink: Grey) -> Grey:
    """Return the picture sheared so that its ruled lines run level: the slope under which rows differ most."""
    half = np.asarray(cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    return _sheared(ink, max(_SLOPES, key=lambda slope: float(np.var(np.diff(_sheared(half, slope).mean(1))))))


def _sheared(ink: Grey, slope: float) -> Grey:
    height, width = ink.shape
    move = np.array([[1, 0, 0], [slope, 1, -slope * width / 2]])
    return np.asarray(cv2.warpAffine(ink, move, (width, height)), np.uint8)


def ruled(mask: Mask) -> Mask:
    """Return the pixels of long level lines, without those where a stroke crosses."""
    long = max(20, mask.shape[1] // 10)
    runs = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
    tall = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((11, 1), np.uint8))
    near = cv2.bitwise_and(cv2.dilate(runs, np.ones((5, 5), np.uint8)), mask)
    return np.asarray(np.where(tall > 0, 0, near), np.uint8)


def _mended(pen: Mask, lines: Mask) -> Mask:
    """Close the gaps that a removed line has cut into strokes."""
    closed = cv2.morphologyEx(pen, cv2.MORPH_CLOSE, np.ones((7, 1), np.uint8))
    return np.asarray(np.where(cv2.dilate(lines, np.ones((3, 1), np.uint8)) > 0, closed, pen), np.uint8)


def rows_of(shapes: Sequence[Shape], height: int) -> list[list[Shape]]:
    """Return the shapes that may be digits, row by row and from the left: of one height, side by side, no border."""
    tall = [s for s in shapes if 0.025 * height < s.h < 0.14 * height and s.w < 4 * s.h]
    usual = float(np.median([s.h for s in tall])) if tall else 0.0
    rows: list[list[Shape]] = []
    for shape in sorted((s for s in tall if 0.55 * usual < s.h < 1.9 * usual), key=lambda s: s.middle):
        if rows and shape.middle - np.mean([s.middle for s in rows[-1]]) < 0.45 * usual:
            rows[-1].append(shape)
        else:
            rows.append([shape])
    return [sorted(row, key=lambda s: s.x) for row in rows if sum(s.w for s in row) > 0.6 * usual]


def _row(ink: Grey, labels: NDArray[np.int32], lines: Mask, row: Sequence[Shape], digits: int) -> Row:
    left, top = min(s.x for s in row), min(s.y for s in row)
    right, bottom = max(s.x + s.w for s in row), max(s.y + s.h for s in row)
    held = np.isin(labels[top:bottom, left:right], [s.label for s in row])
    pen = np.where(cv2.dilate(held.astype(np.uint8), np.ones((3, 3), np.uint8)) > 0, ink[top:bottom, left:right], 0)
    cuts, cells = _parted(pen.astype(np.uint8), digits)
    value = value_of([cell.best for cell in cells])
    odds = sum(doubts(Reading({"": cells}, {"": value}, ())).values())
    struck = _struck(lines[top:bottom, left:right])
    sound = len(row) == digits and not struck and _even(cuts)
    return Row((left, top, right - left, bottom - top), tuple(cells), value, odds, sound)


def _parted(pen: Grey, digits: int) -> tuple[list[int], list[Cell]]:
    """Return the cuts of a row, its ends included, and the cells between them that are most surely digits together."""
    places = _cuts(pen, digits)
    spans = [(a, b) for i, a in enumerate(places) for b in places[i + 1 :] if 0.1 < (b - a) / pen.shape[0] < 1.4]
    cells = dict(zip(spans, read_cells([(_framed(pen[:, a:b]), None) for a, b in spans]), strict=True))
    scores = {span: float(np.log(cell.chances[:10].max() + 1e-6)) for span, cell in cells.items()}
    best: dict[tuple[int, int], tuple[float, list[int]]] = {(0, places[0]): (0.0, [places[0]])}
    for count in range(1, digits + 1):
        for a, b in spans:
            before = best.get((count - 1, a))
            score = before[0] + scores[a, b] if before else 0.0
            if before and score > best.get((count, b), (-np.inf, []))[0]:
                best[count, b] = (score, [*before[1], b])
    cuts = best.get((digits, places[-1]), (0.0, []))[1]
    return cuts, [cells[span] for span in pairwise(cuts)]


def _cuts(pen: Grey, digits: int) -> list[int]:
    """Return where a row may be cut: its ends, its gaps, and the thinnest places of joined digits."""
    width = pen.shape[1]
    weight = np.convolve((pen > 40).sum(0), np.ones(3) / 3, "same")
    least = [x for x in range(2, width - 2) if weight[x] == weight[max(0, x - 4) : x + 5].min()]
    kept: list[int] = []
    for x in sorted(least, key=lambda x: (weight[x], abs(x - width / 2))):
        if all(abs(x - other) > 6 for other in kept) and len(kept) < 4 * digits:
            kept.append(x)
    return [0, *sorted(kept), width]


def _framed(part: Grey) -> Grey:
    edge = max(4, part.shape[0] // 6)
    return np.asarray(cv2.copyMakeBorder(part, edge, edge, edge, edge, cv2.BORDER_CONSTANT, value=0), np.uint8)


def _even(cuts: Sequence[int]) -> bool:
    """Whether no digit is more than three times as wide as another: a 1 is narrow, two digits in one are wide."""
    widths = [b - a for a, b in pairwise(cuts)]
    return bool(widths) and max(widths) < 3.5 * min(widths)


def _struck(lines: Mask) -> bool:
    """Whether a level line runs through the middle of the row for most of its width."""
    height = lines.shape[0]
    middle = lines[round(0.25 * height) : round(0.75 * height)]
    return bool(middle.size) and float(middle.any(0).mean()) > 0.5
