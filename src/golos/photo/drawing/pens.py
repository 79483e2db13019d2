"""Pens: marks as hands make them: shaky strokes of ink or pencil in and around a box."""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from golos.photo.form import Region
from golos.photo.picture import Colour

Stroke = NDArray[Any]
"""(n, 2) points; the box is the square from (0, 0) to (1, 1)."""
Random = np.random.Generator
_STEPS = 14


@dataclass(frozen=True, slots=True)
class Pen:
    """``ink`` is the colour, blue, green, red; ``width`` a share of the box; ``press`` of the ink that stays."""

    ink: tuple[int, int, int]
    width: float
    press: float


def pick(random: Random) -> Pen:
    """Return a ballpoint or a felt pen, blue or black."""
    ink = (150, 60, 25) if random.random() < 0.55 else (45, 42, 40)
    blue, green, red = (int(c + random.integers(-18, 30)) for c in ink)
    felt = random.random() < 0.12
    width = random.uniform(0.13, 0.22) if felt else random.uniform(0.045, 0.1)
    return Pen((blue, green, red), width, random.uniform(0.75, 1.0))


def pick_pencil(random: Random) -> Pen:
    """Return a pencil that presses lightly."""
    tone = int(random.integers(70, 110))
    return Pen((tone, tone, tone), random.uniform(0.05, 0.09), random.uniform(0.3, 0.6))


def mark(sheet: Colour, box: Region, shape: str, pen: Pen, random: Random) -> None:
    """Draw a mark of that shape (a key of `SHAPES`) at the box, somewhat off and askew."""
    aside = random.normal(0, 0.06, 2)
    turn = random.normal(0, 0.12)
    size = random.uniform(0.72, 1.2)
    strokes = [_placed(stroke, aside, turn, size) for stroke in SHAPES[shape](random)]
    write(sheet, box, strokes, pen, random)


def strike(sheet: Colour, box: Region, pen: Pen, random: Random) -> None:
    """Strike a mark out: a dense scribble over the box and beyond it."""
    write(sheet, box, [_placed(s, np.zeros(2), random.normal(0, 0.2), 1.25) for s in _scribble(random)], pen, random)


def tail(sheet: Colour, box: Region, other: Region, pen: Pen, random: Random) -> None:
    """Draw a tick whose last stroke runs on into the edge of another box."""
    reach = np.array([other.x + other.w / 2 - box.x, other.y + other.h / 2 - box.y], np.float64) / box.w
    middle = np.array([0.5, 0.5])
    edge = middle + (reach - middle) * (
        1 - random.uniform(0.36, 0.46) / max(float(np.linalg.norm(reach - middle)), 0.5)
    )
    write(sheet, box, [_path([(0.1, 0.4), (0.45, 0.85)], random), _path([(0.45, 0.85), edge], random)], pen, random)


def write(sheet: Colour, box: Region, strokes: list[Stroke], pen: Pen, random: Random) -> None:
    """Blend strokes, in units of the box, into the sheet; the ink varies along the way as a pen's does."""
    reach = np.vstack(strokes)
    side = max(box.w, box.h)
    corner = np.array([box.x, box.y])
    low = np.floor(reach.min(0) * side - 8).astype(int) + corner
    high = np.ceil(reach.max(0) * side + 8).astype(int) + corner
    left, top = np.maximum(low, 0)
    right, bottom = np.minimum(high, (sheet.shape[1], sheet.shape[0]))
    if right <= left or bottom <= top:
        return
    cover = np.zeros((bottom - top, right - left), np.uint8)
    for stroke in strokes:
        points = (stroke * side + (box.x - left, box.y - top)) * 16
        thick = max(1, round(side * pen.width * random.uniform(0.85, 1.2)))
        cv2.polylines(cover, [points.round().astype(np.int32)], False, 255, thick, cv2.LINE_AA, 4)
    grain = cv2.resize(random.uniform(0.72, 1.0, (6, 6)).astype(np.float32), (right - left, bottom - top))
    share = cv2.GaussianBlur(cover, (0, 0), 0.6).astype(np.float32)[..., None] / 255 * grain[..., None] * pen.press
    under = sheet[top:bottom, left:right].astype(np.float32)
    sheet[top:bottom, left:right] = under * (1 - share) + np.array(pen.ink, np.float32) * share * (under / 255)


def _placed(stroke: Stroke, aside: NDArray[Any], turn: float, size: float) -> Stroke:
    cos, sin = np.cos(turn), np.sin(turn)
    return np.asarray((stroke - 0.5) @ np.array([[cos, sin], [-sin, cos]]) * size + 0.5 + aside, np.float64)


def _path(points: list[tuple[float, float] | NDArray[Any]], random: Random, shake: float = 0.012) -> Stroke:
    """Return a way through the points with a slight curve and tremor."""
    corners = np.array(points, np.float64)
    pieces = []
    for start, end in pairwise(corners):
        t = np.linspace(0, 1, _STEPS)[:, None]
        across = np.array([start[1] - end[1], end[0] - start[0]]) * random.normal(0, 0.07)
        pieces.append(start + (end - start) * t + across * 4 * t * (1 - t))
    way = np.vstack(pieces)
    tremor = cv2.GaussianBlur(random.normal(0, 1, way.shape), (1, 5), 1.2)
    return np.asarray(way + tremor * shake, np.float64)


def _near(random: Random, *points: tuple[float, float]) -> list[tuple[float, float] | NDArray[Any]]:
    return [np.array(point) + random.normal(0, 0.05, 2) for point in points]


def _tick(random: Random) -> list[Stroke]:
    return [_path(_near(random, (0.12, 0.5), (0.4, 0.85), (0.98, 0.08)), random)]


def _cross(random: Random) -> list[Stroke]:
    return [
        _path(_near(random, (0.12, 0.12), (0.88, 0.88)), random),
        _path(_near(random, (0.86, 0.12), (0.12, 0.88)), random),
    ]


def _plus(random: Random) -> list[Stroke]:
    return [
        _path(_near(random, (0.5, 0.1), (0.5, 0.9)), random),
        _path(_near(random, (0.1, 0.5), (0.9, 0.5)), random),
    ]


def _dash(random: Random) -> list[Stroke]:
    return [_path(_near(random, (0.12, 0.5), (0.88, 0.5)), random)]


def _circle(random: Random) -> list[Stroke]:
    """Around the box, or inside it."""
    radius = random.uniform(0.72, 0.9) if random.random() < 0.5 else random.uniform(0.28, 0.42)
    angle = np.linspace(0, 2 * np.pi * random.uniform(0.97, 1.12), 40) + random.uniform(0, 6)
    wobble = radius * (1 + 0.06 * np.sin(angle * 2 + random.uniform(0, 6)))
    squash = random.uniform(0.85, 1.1)
    return [np.stack([0.5 + wobble * np.cos(angle), 0.5 + wobble * np.sin(angle) * squash], 1)]


def _scribble(random: Random) -> list[Stroke]:
    across = np.linspace(0.1, 0.9, int(random.integers(9, 16)))
    up = np.where(np.arange(len(across)) % 2, 0.12, 0.88) + random.normal(0, 0.06, len(across))
    return [_path(list(np.stack([across, up], 1)), random)]


def _filled(random: Random) -> list[Stroke]:
    rows = np.linspace(0.08, 0.92, 16)
    ends = np.where(np.arange(len(rows)) % 2, 0.06, 0.94) + random.normal(0, 0.03, len(rows))
    return [_path(list(np.stack([ends, rows], 1)), random, 0.006), _path([(0.06, 0.5), (0.94, 0.5)], random)]


SHAPES: dict[str, Callable[[Random], list[Stroke]]] = {
    "tick": _tick,
    "cross": _cross,
    "plus": _plus,
    "dash": _dash,
    "circle": _circle,
    "scribble": _scribble,
    "filled": _filled,
}
