"""Digits written by a simulated pen: several ways to form each digit, seven-segment style, and what is no digit."""

from typing import cast

import cv2
import numpy as np
from numpy.typing import NDArray

Ink = NDArray[np.float32]
"""(height, width), 0 paper to 1 full ink."""
Stroke = list[tuple[float, float]]
Shape = tuple[list[Stroke], bool]
"""Strokes through points (x, y) in a box of 1 by 1, y downward; True: rounded, False: straight between the points."""

SIDE = 96


def _arc(cx: float, cy: float, rx: float, ry: float, start: float, end: float, n: int = 9) -> Stroke:
    turn = np.radians(np.linspace(start, end, n))
    return [(cx + rx * float(np.cos(t)), cy + ry * float(np.sin(t))) for t in turn]


FORMS: dict[int, list[Shape]] = {
    0: [
        ([_arc(0.5, 0.5, 0.36, 0.5, -90, 270, 13)], True),
        ([_arc(0.5, 0.5, 0.45, 0.47, -60, 320, 13)], True),
        ([_arc(0.5, 0.5, 0.3, 0.5, -120, 255, 13)], True),
    ],
    1: [
        ([[(0.5, 0.0), (0.5, 1.0)]], False),
        ([[(0.2, 0.32), (0.55, 0.0), (0.55, 1.0)]], False),
        ([[(0.0, 0.5), (0.55, 0.0), (0.55, 1.0)]], False),
        ([[(0.1, 0.45), (0.35, 0.25), (0.6, 0.0), (0.55, 0.5), (0.52, 1.0)]], False),
        ([[(0.25, 0.25), (0.5, 0.0), (0.5, 1.0)], [(0.2, 1.0), (0.8, 1.0)]], False),
    ],
    2: [
        (
            [
                [(0.12, 0.25), (0.3, 0.03), (0.65, 0.02), (0.85, 0.25), (0.7, 0.5), (0.1, 0.98)],
                [(0.1, 0.98), (0.92, 0.97)],
            ],
            True,
        ),
        (
            [[(0.1, 0.2), (0.5, 0.0), (0.85, 0.2), (0.6, 0.6), (0.15, 0.95), (0.12, 0.8), (0.35, 0.82), (0.9, 0.98)]],
            True,
        ),
        ([[(0.1, 0.05), (0.85, 0.05), (0.1, 0.97), (0.9, 0.97)]], False),
        ([[(0.15, 0.15), (0.55, 0.0), (0.85, 0.3), (0.4, 0.7), (0.1, 1.0), (0.5, 0.93), (0.95, 1.0)]], True),
    ],
    3: [
        ([[(0.12, 0.12), (0.5, 0.0), (0.82, 0.2), (0.4, 0.46), (0.88, 0.7), (0.5, 1.0), (0.08, 0.86)]], True),
        (
            [
                [(0.1, 0.02), (0.85, 0.02), (0.42, 0.4)],
                [(0.42, 0.4), (0.85, 0.55), (0.8, 0.88), (0.45, 1.0), (0.08, 0.9)],
            ],
            True,
        ),
        ([[(0.15, 0.0), (0.82, 0.0), (0.82, 0.48), (0.3, 0.48)], [(0.82, 0.48), (0.82, 1.0), (0.12, 1.0)]], False),
    ],
    4: [
        ([[(0.28, 0.0), (0.08, 0.6), (0.92, 0.6)], [(0.7, 0.25), (0.66, 1.0)]], False),
        ([[(0.72, 1.0), (0.72, 0.0), (0.05, 0.68), (0.95, 0.68)]], False),
        ([[(0.15, 0.0), (0.15, 0.5), (0.8, 0.5)], [(0.8, 0.0), (0.8, 1.0)]], False),
        ([[(0.2, 0.02), (0.12, 0.4), (0.4, 0.52), (0.8, 0.45)], [(0.85, 0.0), (0.72, 1.0)]], True),
    ],
    5: [
        (
            [
                [(0.85, 0.02), (0.22, 0.02)],
                [(0.22, 0.02), (0.15, 0.45)],
                [(0.15, 0.45), (0.55, 0.36), (0.88, 0.65), (0.6, 0.97), (0.08, 0.92)],
            ],
            True,
        ),
        ([[(0.85, 0.0), (0.2, 0.0), (0.2, 0.45), (0.82, 0.45), (0.82, 1.0), (0.12, 1.0)]], False),
        ([[(0.88, 0.05), (0.4, 0.02), (0.2, 0.3), (0.75, 0.55), (0.75, 0.9), (0.1, 0.98)]], True),
    ],
    6: [
        ([[(0.75, 0.0), (0.3, 0.3), (0.12, 0.7), (0.4, 1.0), (0.82, 0.8), (0.65, 0.52), (0.18, 0.66)]], True),
        ([[(0.6, 0.0), (0.15, 0.5), (0.2, 0.95), (0.6, 0.98), (0.85, 0.72), (0.5, 0.55), (0.15, 0.75)]], True),
        ([[(0.8, 0.0), (0.15, 0.0), (0.15, 1.0), (0.85, 1.0), (0.85, 0.5), (0.15, 0.5)]], False),
        ([[(0.3, 0.0), (0.18, 0.6), (0.35, 1.0), (0.8, 0.9), (0.8, 0.6), (0.2, 0.62)]], True),
    ],
    7: [
        ([[(0.08, 0.02), (0.9, 0.02), (0.4, 1.0)]], False),
        ([[(0.08, 0.02), (0.9, 0.02), (0.42, 1.0)], [(0.25, 0.5), (0.85, 0.5)]], False),
        ([[(0.1, 0.18), (0.12, 0.0), (0.9, 0.02), (0.5, 1.0)], [(0.3, 0.48), (0.85, 0.45)]], False),
        ([[(0.05, 0.1), (0.35, 0.02), (0.88, 0.06), (0.5, 0.5), (0.38, 1.0)], [(0.2, 0.55), (0.8, 0.5)]], True),
        ([[(0.12, 0.25), (0.12, 0.0), (0.88, 0.0), (0.88, 1.0)]], False),
    ],
    8: [
        (
            [
                [
                    (0.75, 0.15),
                    (0.5, 0.0),
                    (0.18, 0.2),
                    (0.5, 0.46),
                    (0.85, 0.75),
                    (0.5, 1.0),
                    (0.14, 0.76),
                    (0.5, 0.46),
                    (0.8, 0.2),
                    (0.6, 0.02),
                ]
            ],
            True,
        ),
        ([_arc(0.5, 0.25, 0.3, 0.24, 90, 450, 11), _arc(0.5, 0.74, 0.36, 0.26, -90, 270, 11)], True),
        ([[(0.15, 0.0), (0.85, 0.0), (0.85, 1.0), (0.15, 1.0), (0.15, 0.0)], [(0.15, 0.48), (0.85, 0.48)]], False),
        (
            [
                [
                    (0.5, 0.48),
                    (0.2, 0.25),
                    (0.5, 0.0),
                    (0.8, 0.22),
                    (0.45, 0.5),
                    (0.15, 0.78),
                    (0.5, 1.0),
                    (0.85, 0.78),
                    (0.5, 0.48),
                ]
            ],
            True,
        ),
    ],
    9: [
        ([[(0.8, 0.2), (0.5, 0.0), (0.15, 0.25), (0.45, 0.5), (0.8, 0.25)], [(0.82, 0.15), (0.76, 1.0)]], True),
        (
            [
                [
                    (0.82, 0.22),
                    (0.5, 0.0),
                    (0.15, 0.25),
                    (0.45, 0.5),
                    (0.82, 0.22),
                    (0.78, 0.75),
                    (0.45, 1.0),
                    (0.1, 0.9),
                ]
            ],
            True,
        ),
        ([_arc(0.5, 0.27, 0.33, 0.27, -20, 340, 11), [(0.83, 0.25), (0.5, 1.0)]], True),
        ([[(0.85, 0.5), (0.15, 0.5), (0.15, 0.0), (0.85, 0.0), (0.85, 1.0), (0.15, 1.0)]], False),
    ],
}
"""Straight forms 2.2, 3.2, 5.1, 6.2, 7.4, 8.2, 9.3 are the seven segments that some forms print as guides."""

_CROSS: list[Shape] = [([[(0.0, 0.0), (1.0, 1.0)], [(1.0, 0.0), (0.0, 1.0)]], False)]
_DASH: list[Shape] = [
    ([[(0.0, 0.5), (1.0, 0.5)]], False),
    ([[(0.0, 0.52), (0.3, 0.46), (0.7, 0.54), (1.0, 0.48)]], True),
    ([[(0.0, 0.4), (1.0, 0.4)], [(0.0, 0.6), (1.0, 0.6)]], False),
    ([[(0.0, 0.55), (0.25, 0.35), (0.5, 0.55), (0.75, 0.65), (1.0, 0.45)]], True),
]
_UNSURE: list[Shape] = [
    ([[(0.0, 1.0), (1.0, 0.0)]], False),
    ([[(0.0, 0.0), (1.0, 1.0)]], False),
    ([[(0.1, 0.05), (0.9, 0.05), (0.1, 0.95), (0.9, 0.95)], [(0.25, 0.5), (0.75, 0.5)]], False),
]
"""A slash is a strike to one writer and a 1 to another, a Z a strike or a 2: people decide."""


def digit(value: int, rng: np.random.Generator) -> Ink:
    """Return one digit as a pen would write it."""
    return _written(FORMS[value][rng.integers(len(FORMS[value]))], rng, rng.uniform(0.45, 0.95))


_LIT = ("abcdef", "bc", "abged", "abgcd", "fgbc", "afgcd", "afgedc", "abc", "abcdefg", "abcdfg")
_OTHERWISE = {6: "fgedc", 7: "fabc", 9: "abcfg"}
_ENDS = {"a": "01", "b": "13", "c": "35", "d": "45", "e": "24", "f": "02", "g": "23"}
"""Seven segments by their usual letters, each from one of six corners to another: 0 1 above, 2 3 amid, 4 5 below."""


def segments(value: int, guides: tuple[int, int, int, int], page: Ink, rng: np.random.Generator) -> Ink:
    """Draw a digit upon a copy of ``page`` along the seven segments within (left, top, right, bottom)."""
    left, top, right, bottom = guides
    corners = np.array([(x, y) for y in (top, (top + bottom) / 2, bottom) for x in (left, right)], np.float64)
    spread = 0.05 * (bottom - top)
    corners += rng.normal(0, 0.6 * spread, 2) + rng.normal(0, rng.uniform(0, spread), corners.shape)
    lit = _OTHERWISE[value] if value in _OTHERWISE and rng.random() < 0.3 else _LIT[value]
    pen = max(1, round((bottom - top) * rng.uniform(0.03, 0.13)))
    drawn = np.zeros(page.shape, np.uint8)
    for letter in lit:
        ends = corners[[int(end) for end in _ENDS[letter]]] + rng.normal(0, 0.4 * spread, (2, 2))
        cv2.polylines(drawn, [np.round(ends * 16).astype(np.int32)], False, 255, pen, cv2.LINE_AA, 4)
    return np.maximum(page, drawn.astype(np.float32) / 255)


def struck(rng: np.random.Generator) -> Ink:
    """Return a cell that somebody has struck out to say "no digit here": a cross or a dash."""
    if rng.random() < 0.6:
        return _written(_CROSS[0], rng, rng.uniform(0.6, 1.2))
    drawn = _written(_DASH[rng.integers(len(_DASH))], rng, rng.uniform(0.9, 1.5), slant=0.1)
    return _squeezed(drawn, rng.uniform(0.1, 0.4))


def scribble(rng: np.random.Generator) -> Ink:
    """Return ink that is no digit and no plain strike: loops to and fro, a slash, a Z."""
    if rng.random() < 0.3:
        return _written(_UNSURE[rng.integers(len(_UNSURE))], rng, rng.uniform(0.9, 1.3), slant=0.1)
    n = int(rng.integers(6, 16))
    points = rng.uniform(0, 1, (n, 2))
    if rng.random() < 0.5:
        points[:, 1] = np.linspace(0, 1, n) + rng.normal(0, 0.08, n)
        points[::2, 0] *= 0.3
    return _written(([[(float(x), float(y)) for x, y in points]], bool(rng.integers(2))), rng, rng.uniform(0.6, 1.1))


def _written(shape: Shape, rng: np.random.Generator, aspect: float, slant: float = 0.3) -> Ink:
    strokes, rounded = shape
    lean, shake = rng.uniform(-slant, slant), rng.uniform(0.0, 0.05)
    turn = np.radians(rng.normal(0, 5))
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    paths = []
    for stroke in strokes:
        points = np.array(stroke) - 0.5 + rng.normal(0, shake, (len(stroke), 2))
        points[:, 0] = points[:, 0] * aspect - lean * points[:, 1]
        paths.append((_rounded(points) if rounded or rng.random() < 0.15 else _straight(points)) @ rotation.T)
    return _inked(paths, rng)


def _rounded(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Catmull-Rom through the points, eight steps between two of them."""
    if len(points) < 3:
        return _straight(points)
    p = np.vstack([2 * points[0] - points[1], points, 2 * points[-1] - points[-2]])
    t = np.linspace(0, 1, 8, endpoint=False)[:, None]
    a, b, c, d = p[:-3, None], p[1:-2, None], p[2:-1, None], p[3:, None]
    curve = 0.5 * (2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3)
    return cast(NDArray[np.float64], np.vstack([curve.reshape(-1, 2), points[-1:]]))


def _straight(points: NDArray[np.float64]) -> NDArray[np.float64]:
    t = np.linspace(0, 1, 8, endpoint=False)[:, None]
    legs = points[:-1, None] + (points[1:, None] - points[:-1, None]) * t
    return cast(NDArray[np.float64], np.vstack([legs.reshape(-1, 2), points[-1:]]))


def _inked(paths: list[NDArray[np.float64]], rng: np.random.Generator) -> Ink:
    """Draw the paths into a square of SIDE pixels, their longer extent filling it but for the pen's width."""
    every = np.vstack(paths)
    low, high = every.min(0), every.max(0)
    pen = rng.uniform(0.03, 0.13)
    scale = SIDE * (1 - pen) / max(float((high - low).max()), 0.05)
    canvas = np.zeros((SIDE, SIDE), np.uint8)
    middle = (low + high) / 2
    for path in paths:
        at = ((path - middle) * scale + SIDE / 2) * 16
        width = max(1, round(pen * SIDE * rng.uniform(0.85, 1.15)))
        cv2.polylines(canvas, [np.round(at).astype(np.int32)], False, 255, width, cv2.LINE_AA, 4)
    return canvas.astype(np.float32) / 255


def _squeezed(ink: Ink, to: float) -> Ink:
    """Flatten a drawing to ``to`` of its height, in the middle of the square."""
    high = max(4, round(SIDE * to))
    canvas = np.zeros_like(ink)
    top = (SIDE - high) // 2
    rows = np.flatnonzero(ink.max(1) > 0.2)
    part = ink[max(rows[0] - 2, 0) : rows[-1] + 3]
    if part.shape[0] <= high:
        return ink
    canvas[top : top + high] = cv2.resize(part, (SIDE, high), interpolation=cv2.INTER_AREA)
    return canvas
