"""Slip: nine handwritten or printed digits in a row beside the ballot, found and read wherever they lie.

Chains of ink shapes of one height that stand side by side are read both ways up; the check digit and the odds decide.
A slip that is not surely read goes to people: it never counts for or against anybody by itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from golos.photo import barcode
from golos.photo.binding import DIGITS, from_qr, is_code
from golos.photo.digits import Cell, read_cells
from golos.photo.ink import Ink, ink_of
from golos.photo.picture import Grey, Matrix

WIDEST = 1600
"""Pixels of the longer side at which a slip is looked for."""
ACCEPTED = 0.05
"""Odds against the nine digits, at most; a wrong one breaks the check digit besides, but for one in ten thousand."""
_FAINTEST = 45
Floats = NDArray[np.float64]
Box = NDArray[np.float64]
"""(n, 5): x and y of the middle, width, height, label of each shape."""


@dataclass(frozen=True, slots=True)
class Slip:
    """``code`` is the nine digits as read; ``sure`` whether they stand without people; ``printed``: it was a QR."""

    code: str
    sure: bool
    printed: bool = False


def find_slip(grey: Grey, sheet: Matrix | None = None, size: tuple[int, int] = (0, 0)) -> Slip | None:
    """Return the code that lies beside the sheet, None if no nine digits are found.

    ``sheet`` maps pixels of the template, ``size`` (width, height), to the picture: nothing on the sheet is a slip.
    """
    if (code := from_qr(barcode.codes(grey))) is not None:
        return Slip(code, sure=True, printed=True)
    scale = min(1.0, WIDEST / max(grey.shape))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    ink = ink_of(np.asarray(small, np.uint8), max(small.shape) // 12)
    mask = _mask(np.asarray(small, np.uint8), ink, sheet, size, scale)
    _, parts, stats, _ = cv2.connectedComponentsWithStats(mask, connectivity=8)
    labels = np.asarray(parts, np.int32)
    shapes = _shapes(np.asarray(stats, np.int32), max(mask.shape))
    found = [slip for chain in chains(shapes) if (slip := _read(ink, labels, shapes[chain])) is not None]
    return max(found, key=lambda each: (each[1].sure, -each[0]), default=(0.0, None))[1]


def _mask(small: Grey, ink: Ink, sheet: Matrix | None, size: tuple[int, int], scale: float) -> NDArray[np.uint8]:
    """Return the ink on bright paper outside the sheet."""
    paper = cv2.morphologyEx(small, cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    bright = paper > 0.6 * float(np.percentile(paper, 95))
    mask = ((ink > _FAINTEST) & bright).astype(np.uint8)
    if sheet is not None:
        width, height = size
        corners = np.array([[[0, 0], [width, 0], [width, height], [0, height]]], np.float64)
        outline = cv2.perspectiveTransform(corners, sheet)[0] * scale
        cv2.fillConvexPoly(mask, np.round(outline).astype(np.int32), 0)
    return mask


def _shapes(stats: NDArray[np.int32], longest: int) -> Box:
    rows = []
    for label, (x, y, w, h, area) in enumerate(stats):
        tall = max(w, h)
        if label and 0.012 * longest < tall < 0.09 * longest and area > 0.04 * tall * tall:
            rows.append((x + w / 2, y + h / 2, w, h, label))
    return np.array(rows, np.float64).reshape(-1, 5)


def chains(shapes: Box) -> Iterator[list[int]]:
    """Give the indexes of nine shapes that stand side by side in a straight line, in its order."""
    sizes = shapes[:, 2:4].max(1) if len(shapes) else np.zeros(0)
    for start in range(len(shapes)):
        for other in range(start + 1, len(shapes)):
            step = shapes[other, :2] - shapes[start, :2]
            gap, size = float(np.hypot(*step)), float(max(sizes[start], sizes[other]))
            if not 0.3 * size < gap < 2.2 * size or abs(sizes[start] - sizes[other]) > 0.5 * size:
                continue
            along = step / gap
            yield from _along(shapes, sizes, start, along if along[0] > 0 else -along, size)


def _along(shapes: Box, sizes: Floats, start: int, along: Floats, size: float) -> Iterator[list[int]]:
    """Give the chain through ``start`` in one direction, if it has nine shapes and starts with this one."""
    away = shapes[:, :2] - shapes[start, :2]
    forward, aside = away @ along, away @ np.array([-along[1], along[0]])
    fit = (np.abs(aside) < 0.12 * np.abs(forward) + 0.45 * size) & (sizes > 0.45 * size) & (sizes < 1.6 * size)
    fit &= (forward > -3 * size) & (forward < 30 * size)
    order = [int(i) for i in np.argsort(forward) if fit[i]]
    gaps = np.diff(forward[order])
    if len(order) == DIGITS and order[0] == start and gaps.max() < 3.2 * size and gaps.min() > 0.15 * size:
        yield order


def _read(ink: Ink, labels: NDArray[np.int32], chain: Box) -> tuple[float, Slip] | None:
    """Return (odds against it, the slip) for the way up that reads better, if its check digit holds."""
    first, last = chain[0, :2], chain[-1, :2]
    turn = float(np.degrees(np.arctan2(last[1] - first[1], last[0] - first[0])))
    patches = [_upright(ink, labels, shape, turn) for shape in chain]
    turned = [np.asarray(cv2.rotate(patch, cv2.ROTATE_180), np.uint8) for patch in reversed(patches)]
    ways = [read_cells([(patch, None) for patch in way]) for way in (patches, turned)]
    told = [(_odds(cells), "".join(str(int(cell.chances[:10].argmax())) for cell in cells)) for cells in ways]
    sound = [(odds, code) for odds, code in told if is_code(code)]
    if not sound:
        return None
    odds, code = min(sound)
    return odds, Slip(code, odds <= ACCEPTED)


def _odds(cells: Sequence[Cell]) -> float:
    return float(sum((1 - cell.chances[:10].max()) / max(float(cell.chances[:10].max()), 1e-6) for cell in cells))


def _upright(ink: Ink, labels: NDArray[np.int32], shape: NDArray[np.float64], turn: float) -> Grey:
    """Return one digit alone, turned level, with paper around it."""
    x, y, w, h, label = shape
    side = round(1.5 * max(w, h))
    left, top = max(0, round(x) - side), max(0, round(y) - side)
    part = labels[top : round(y) + side, left : round(x) + side]
    grown = cv2.dilate((part == int(label)).astype(np.uint8), np.ones((3, 3), np.uint8))
    alone = ink[top : round(y) + side, left : round(x) + side] * grown
    move = cv2.getRotationMatrix2D((float(x) - left, float(y) - top), turn, 1.0)
    move[:, 2] += side / 2 - np.array([x - left, y - top])
    return np.asarray(cv2.warpAffine(alone, move, (side, side), flags=cv2.INTER_LINEAR), np.uint8)
