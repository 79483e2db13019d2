"""Surface: what a sheet lies on: wood, cloth, stone, a plain table, other papers."""

from collections.abc import Callable

import cv2
import numpy as np

from golos.photo.picture import Colour, Grey

Random = np.random.Generator
_COLOURS = (
    (70, 110, 150),
    (150, 150, 155),
    (95, 80, 70),
    (190, 195, 200),
    (60, 60, 65),
    (120, 140, 110),
    (40, 70, 120),
)


def surface(seed: int, size: tuple[int, int]) -> Colour:
    """Return the surface of that seed at (width, height); the same seed is the same desk at any size."""
    random = np.random.default_rng((seed, 11))
    base = np.array(_COLOURS[int(random.integers(len(_COLOURS)))], np.float64) * random.uniform(0.7, 1.1)
    kind = _KINDS[int(random.integers(len(_KINDS)))]
    texture = cv2.resize(kind(random), size, interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.merge([cv2.convertScaleAbs(texture, alpha=c / 128) for c in base]), np.uint8)


def _noise(random: Random, high: int, wide: int, spread: float, size: int = 512) -> Grey:
    coarse = np.clip(random.normal(128, spread, (high, wide)), 0, 255).astype(np.uint8)
    return np.asarray(cv2.resize(coarse, (size, size), interpolation=cv2.INTER_CUBIC), np.uint8)


def _wood(random: Random) -> Grey:
    grain = cv2.addWeighted(_noise(random, 170, 3, 26), 0.6, _noise(random, 24, 2, 30), 0.4, 0)
    for board in range(int(random.integers(1, 5))):
        cv2.line(grain, (0, board * 127 + 60), (512, board * 127 + 63), 60, 2, cv2.LINE_AA)
    return grain if random.random() < 0.5 else np.ascontiguousarray(grain.T)


def _cloth(random: Random) -> Grey:
    period = int(random.integers(14, 60))
    step = np.arange(512) // period % 2
    checks = 128 + (step[:, None] + step[None] - 1) * random.uniform(10, 45)
    return np.asarray(np.clip(checks + random.normal(0, 9, (512, 512)), 0, 255), np.uint8)


def _stone(random: Random) -> Grey:
    spots = cv2.addWeighted(_noise(random, 120, 120, 34), 0.5, _noise(random, 12, 12, 22), 0.5, 0)
    period = int(random.integers(150, 300))
    for place in range(int(random.integers(0, period)), 512, period):
        cv2.line(spots, (place, 0), (place - 20, 512), 70, 3, cv2.LINE_AA)
        cv2.line(spots, (0, place), (512, place + 20), 70, 3, cv2.LINE_AA)
    return spots


def _plain(random: Random) -> Grey:
    return np.asarray(cv2.addWeighted(_noise(random, 3, 3, 14), 0.8, _noise(random, 256, 256, 8), 0.2, 0), np.uint8)


def _papers(random: Random) -> Grey:
    """Other sheets with lines of print, some of them half under the ballot."""
    desk = _plain(random)
    for _ in range(int(random.integers(2, 5))):
        place = random.uniform(0, 512, 2)
        corners = cv2.boxPoints((tuple(place), tuple(random.uniform(160, 320, 2)), float(random.uniform(0, 90))))
        cv2.fillConvexPoly(desk, corners.astype(np.int32), int(random.integers(185, 225)), cv2.LINE_AA)
        for row in np.linspace(0.12, 0.88, 14):
            start = corners[0] + (corners[1] - corners[0]) * row + (corners[3] - corners[0]) * 0.1
            end = start + (corners[3] - corners[0]) * random.uniform(0.4, 0.8)
            cv2.line(desk, tuple(map(int, start)), tuple(map(int, end)), 110, 2, cv2.LINE_AA)
    return desk


_KINDS: tuple[Callable[[Random], Grey], ...] = (_wood, _cloth, _stone, _plain, _papers)
