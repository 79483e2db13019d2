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
from golos.photo.protocol_odds import doubts, settled

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
    """The box of a connected piece of ink."""

    x: int
    y: int
    w: int
    h: int

    @property
    def middle(self) -> float:
        """Its middle's height in the picture."""
        return self.y + self.h / 2


def read_rows(grey: Grey, digits: int) -> list[Row]:
    """Return the numbers of ``digits`` digits each in a picture of one ruled column, from the top."""
    ink = plumb(levelled(ink_of(grey, max(60, grey.shape[1] // 8))))
    mask = (ink > max(_FAINTEST, 0.45 * float(np.percentile(ink, 97)))).astype(np.uint8)
    across, down = ruled(mask, grey.shape[1] // 5), ruled(mask.T, grey.shape[0] // 9).T
    lines = np.asarray(np.maximum(across, down), np.uint8)
    pen = np.asarray(np.where(lines > 0, 0, mask), np.uint8)
    whole = _mended(pen, lines)
    return [_row(ink, whole, lines, row, digits) for row in rows_of(_shapes(whole), grey.shape[0])]


def _shapes(mask: Mask) -> list[Shape]:
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    return [Shape(int(x), int(y), int(w), int(h)) for n, (x, y, w, h, area) in enumerate(stats) if n and area > 60]


def levelled(ink: Grey) -> Grey:
    """Return the picture sheared so that its ruled lines run level: the slope under which rows differ most."""
    half = np.asarray(cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    return _sheared(ink, max(_SLOPES, key=lambda slope: float(np.var(np.diff(_sheared(half, slope).mean(1))))))


def plumb(ink: Grey) -> Grey:
    """Return the picture sheared so that the column's border stands upright."""
    return np.asarray(levelled(np.ascontiguousarray(ink.T)).T, np.uint8)


def _sheared(ink: Grey, slope: float) -> Grey:
    height, width = ink.shape
    move = np.array([[1, 0, 0], [slope, 1, -slope * width / 2]])
    return np.asarray(cv2.warpAffine(ink, move, (width, height)), np.uint8)


def ruled(mask: Mask, long: int) -> Mask:
    """Return the pixels of level lines of at least ``long`` pixels, dotted ones too, but not where a stroke crosses."""
    mask = np.ascontiguousarray(mask)
    whole = cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((1, 9), np.uint8))
    runs = cv2.morphologyEx(whole, cv2.MORPH_OPEN, np.ones((1, long), np.uint8))
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
        if rows and shape.middle - np.mean([s.middle for s in rows[-1]]) < 0.7 * usual:
            rows[-1].append(shape)
        else:
            rows.append([shape])
    return [sorted(row, key=lambda s: s.x) for row in rows if sum(s.w for s in row) > 0.6 * usual]


def _row(ink: Grey, pen: Mask, lines: Mask, row: Sequence[Shape], digits: int) -> Row:
    """Read one row: all ink of a digit's height in its band, wherever it hangs on to what is above or below."""
    middle, tall = float(np.median([s.middle for s in row])), float(np.median([s.h for s in row]))
    top, bottom = max(0, round(middle - 0.65 * tall)), round(middle + 0.65 * tall)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(np.ascontiguousarray(pen[top:bottom]), connectivity=8)
    kept = [n for n, (_, _, w, h, _) in enumerate(stats) if n and 0.45 * tall < h and w < 4 * tall]
    if not kept:
        return Row((0, top, 0, bottom - top), (), None, 0.0, sound=False)
    held = cv2.dilate(np.isin(labels, kept).astype(np.uint8), np.ones((3, 3), np.uint8))
    left, right = int(stats[kept, 0].min()), int((stats[kept, 0] + stats[kept, 2]).max())
    strip = _trimmed(np.asarray((ink[top:bottom] * held)[:, left:right], np.uint8))
    cuts, cells = _parted(strip, digits)
    reading = settled({"": cells}, ())
    value, odds = reading.values[""], sum(doubts(reading).values())
    sound = len(kept) == digits and not _struck(lines[top:bottom, left:right]) and _even(cuts)
    return Row((left, top, right - left, bottom - top), tuple(cells), value, odds, sound)


def _trimmed(pen: Grey) -> Grey:
    """Return the row without the dash that fills it up to the first digit: columns of little height on its left."""
    extents = [int(np.ptp(rows)) if len(rows := np.flatnonzero(column > 40)) else 0 for column in pen.T]
    tall = np.flatnonzero(np.array(extents) > 0.3 * pen.shape[0])
    return np.asarray(pen[:, max(0, int(tall[0]) - 3) :] if len(tall) else pen, np.uint8)


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
