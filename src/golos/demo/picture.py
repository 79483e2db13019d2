"""Picture: the demo's photographs. A drawn ballot with a cross, and the program that reads one back.

These are stand-ins, and the demo says so: a drawn sheet with noise, not a photograph of paper.
"""

from functools import cache

import cv2
import numpy as np
from cv2.typing import MatLike

WIDTH, ROW, BOX = 480, 110, 64
_BOX_LEFT = 380
_INK = 40.0
"""Mean darkness of a box's middle, of 255, from which it is taken to be marked."""
_SCALE = 4
"""The reader looks at every fourth pixel: a JPEG is decoded at a quarter of its size for less."""
_FILM = 2048


def draw(names: list[str], marked: int | None, random: np.random.Generator) -> bytes:
    """Return a JPEG of a ballot with one row per name and a cross in row ``marked`` (None: blank)."""
    sheet = np.full((ROW * (len(names) + 1), WIDTH), 238, np.uint8)
    for row, name in enumerate(names):
        top = ROW * row + ROW // 2
        cv2.putText(sheet, name, (24, top + 42), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 40, 2, cv2.LINE_AA)
        cv2.rectangle(sheet, (_BOX_LEFT, top), (_BOX_LEFT + BOX, top + BOX), 60, 2)
        if row == marked:
            _cross(sheet, top, random)
    return _photograph(sheet, random)


def draw_junk(random: np.random.Generator) -> bytes:
    """Return a JPEG that shows no ballot."""
    coarse = random.integers(0, 255, (12, 12), dtype=np.uint8)
    return _photograph(cv2.resize(coarse, (WIDTH, WIDTH), interpolation=cv2.INTER_CUBIC), random)


def read(jpeg: bytes, rows: int) -> list[int] | None:
    """Return the rows whose box holds ink, or None if the picture shows no ballot of that many rows."""
    sheet = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_REDUCED_GRAYSCALE_4)
    if sheet is None or sheet.shape != (-(-ROW * (rows + 1) // _SCALE), WIDTH // _SCALE):
        return None
    paper = float(np.median(sheet))
    if paper < 180:
        return None
    boxes = [_middle(sheet, ROW * row + ROW // 2) for row in range(rows)]
    return [row for row, box in enumerate(boxes) if paper - float(box.mean()) > _INK]


def _middle(sheet: MatLike, top: int) -> MatLike:
    """Return the inside of the box whose upper edge is at ``top`` of the sheet in full size."""
    inside = slice((top + 8) // _SCALE, (top + BOX - 8) // _SCALE)
    return sheet[inside, (_BOX_LEFT + 8) // _SCALE : (_BOX_LEFT + BOX - 8) // _SCALE]


def _cross(sheet: MatLike, top: int, random: np.random.Generator) -> None:
    shake = random.integers(-6, 7, 8)
    left, right, bottom = _BOX_LEFT + 6, _BOX_LEFT + BOX - 6, top + BOX - 6
    top += 6
    for start, end in (((left, top), (right, bottom)), ((left, bottom), (right, top))):
        a = (int(start[0] + shake[0]), int(start[1] + shake[1]))
        b = (int(end[0] + shake[2]), int(end[1] + shake[3]))
        cv2.line(sheet, a, b, 30, 11, cv2.LINE_AA)


def _photograph(sheet: MatLike, random: np.random.Generator) -> bytes:
    """Return a JPEG of the sheet with grain from a random place of one film, under a random shadow."""
    height, width = sheet.shape
    top, left = random.integers(_FILM - height), random.integers(_FILM - width)
    shadow = np.linspace(0, random.uniform(-14, 14), width).astype(np.int16)
    shades = _film()[top : top + height, left : left + width] + shadow
    picture = cv2.add(sheet, shades, dtype=cv2.CV_8U)
    return cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 70])[1].tobytes()


@cache
def _film() -> MatLike:
    """Return grain, drawn once: it costs more than all else in a picture. No two pictures take it from one place."""
    return np.random.default_rng(0).normal(0, 5, (_FILM, _FILM)).astype(np.int16)
