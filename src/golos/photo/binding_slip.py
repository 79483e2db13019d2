"""Slip: nine handwritten or printed digits in a row beside the ballot, found and read wherever they lie.

Chains of ink shapes of one height that stand side by side are read both ways up; the check digit and the odds decide.
A slip that is not surely read goes to people: it never counts for or against anybody by itself.
"""

from collections.abc import Sequence
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
Shapes = NDArray[np.float64]
"""(n, 5): x and y of the middle, width, height, label of each shape."""
Chain = tuple[tuple[int, ...], ...]
"""The shapes of each digit, in order."""


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
    found = [slip for chain in chains(shapes) if (slip := _read(ink, labels, shapes, chain)) is not None]
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


def _shapes(stats: NDArray[np.int32], longest: int) -> Shapes:
    rows = []
    for label, (x, y, w, h, area) in enumerate(stats):
        tall = max(w, h)
        if label and 0.012 * longest < tall < 0.09 * longest and area > 0.04 * tall * tall:
            rows.append((x + w / 2, y + h / 2, w, h, label))
    return np.array(rows, np.float64).reshape(-1, 5)


def chains(shapes: Shapes) -> list[Chain]:
    """Return every way in which shapes stand in a straight line as nine digits, each a list of the digits' shapes.

    Two shapes are taken for the first and the last; what lies between them on the line, one above the other or not
    (the flag of a 5), has to make nine groups of about one size.
    """
    found: dict[tuple[tuple[int, ...], ...], None] = {}
    sizes = shapes[:, 2:4].max(1) if len(shapes) else np.zeros(0)
    for first in range(len(shapes)):
        for last in range(len(shapes)):
            step, size = shapes[last, :2] - shapes[first, :2], float(max(sizes[first], sizes[last]))
            far = float(np.hypot(*step))
            if 5 * size < far < 28 * size and (step[0], step[1]) > (0, 0):
                chain = _between(shapes, sizes, first, step / far, far, size)
                if chain is not None:
                    found[chain] = None
    return list(found)


def _between(shapes: Shapes, sizes: Floats, first: int, along: Floats, far: float, size: float) -> Chain | None:
    """Return the digits of the line from ``first`` as far as ``far``, if there are nine, side by side."""
    away = shapes[:, :2] - shapes[first, :2]
    forward, aside = away @ along, away @ np.array([-along[1], along[0]])
    fit = (np.abs(aside) < 0.6 * size) & (forward > -0.4 * size) & (forward < far + 0.4 * size) & (sizes < 1.8 * size)
    half = np.abs(shapes[:, 2:4] @ np.abs(along)) / 2
    groups: list[list[int]] = []
    ends: list[float] = []
    for i in (int(i) for i in np.argsort(forward) if fit[i]):
        if groups and ends[-1] - (forward[i] - half[i]) > 0.7 * min(2 * half[i], 2 * half[groups[-1][-1]]):
            groups[-1].append(i)
            ends[-1] = max(ends[-1], float(forward[i] + half[i]))
        else:
            groups.append([i])
            ends.append(float(forward[i] + half[i]))
    tall = [max(float(sizes[i]) for i in group) for group in groups]
    gaps = np.diff([float(np.mean(forward[group])) for group in groups])
    if len(groups) != DIGITS or min(tall) < 0.4 * max(tall) or gaps.max() > 3.2 * size:
        return None
    return tuple(tuple(group) for group in groups)


def _read(ink: Ink, labels: NDArray[np.int32], shapes: Shapes, chain: Chain) -> tuple[float, Slip] | None:
    """Return (odds against it, the slip) for the way up that reads better, if its check digit holds."""
    step = shapes[chain[-1][0], :2] - shapes[chain[0][0], :2]
    turn = float(np.degrees(np.arctan2(step[1], step[0])))
    patches = [_upright(ink, labels, shapes[list(group)], turn) for group in chain]
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


def _upright(ink: Ink, labels: NDArray[np.int32], parts: Shapes, turn: float) -> Grey:
    """Return one digit, made of ``parts``, alone, turned level, with paper around it."""
    low = (parts[:, :2] - parts[:, 2:4] / 2).min(0)
    high = (parts[:, :2] + parts[:, 2:4] / 2).max(0)
    side = round(1.5 * float((high - low).max()))
    middle = (low + high) / 2
    left, top = (max(0, round(float(v)) - side) for v in middle)
    window = slice(top, round(float(middle[1])) + side), slice(left, round(float(middle[0])) + side)
    grown = cv2.dilate(np.isin(labels[window], parts[:, 4].astype(int)).astype(np.uint8), np.ones((3, 3), np.uint8))
    here = middle - (left, top)
    move = cv2.getRotationMatrix2D((float(here[0]), float(here[1])), turn, 1.0)
    move[:, 2] += side / 2 - here
    return np.asarray(cv2.warpAffine(ink[window] * grown, move, (side, side), flags=cv2.INTER_LINEAR), np.uint8)
