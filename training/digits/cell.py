"""A cell as a phone would photograph it: a digit or what is none, printed borders and guides, neighbours, noise."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from golos.photo.digits import CORRECTED, EMPTY, STRUCK
from training.digits.sources import Sources
from training.digits.strokes import Ink, scribble, segments, struck

Dark = NDArray[np.float32]
PAD = 8
"""Pixels drawn around a cell, so that borders and neighbours reach into it."""


@dataclass(frozen=True)
class Form:
    """An empty cell of ``high`` by ``wide`` pixels: its print, PAD around it, and guides (left, top, right, bottom)."""

    high: int
    wide: int
    page: Dark
    guides: tuple[int, int, int, int] | None

    def blank(self) -> Dark:
        """Return paper of the print's size."""
        return np.zeros_like(self.page)


def cell(value: int, sources: Sources, rng: np.random.Generator) -> tuple[NDArray[np.uint8], NDArray[np.uint8] | None]:
    """Return (ink, blank) of a cell that shows ``value``; blank is None for a form of which no template is known."""
    form = _printed(rng)
    pen = _content(value, form, sources, rng)
    if rng.random() < 0.25:
        pen = np.maximum(pen, _neighbour(form, sources, rng))
    known = rng.random() < 0.75
    strength = rng.uniform(0.35, 1.0) if value != EMPTY else 1.0
    printed = _slipped(form.page, rng) * rng.uniform(0.6, 1.0) if known else form.page * (rng.random() < 0.5)
    ink = _photographed(1 - (1 - printed) * (1 - pen * strength), rng)
    inner = slice(PAD, PAD + form.high), slice(PAD, PAD + form.wide)
    return ink[inner], np.round(form.page * 255).astype(np.uint8)[inner] if known else None


def _slipped(page: Dark, rng: np.random.Generator) -> Dark:
    """Move the print as far as a cell is found beside its place: seldom far."""
    high = page.shape[0] - 2 * PAD
    x, y = rng.normal(0, (0.06 if rng.random() < 0.08 else 0.018) * high, 2)
    return cv2.warpAffine(page, np.float32([[1, 0, x], [0, 1, y]]), page.shape[::-1])


def _printed(rng: np.random.Generator) -> Form:
    """Draw the border (or none), dotted guides, a baseline, and grey fill."""
    high = int(rng.integers(26, 90))
    wide = round(high * rng.uniform(0.65, 1.1))
    page = np.zeros((high + 2 * PAD, wide + 2 * PAD), np.float32)
    thick = int(rng.integers(1, 3 if high < 50 else 4))
    tone = rng.uniform(0.4, 1.0)
    style = rng.random()
    if style < 0.7:
        inset = int(rng.integers(-2, 4))
        corner, other = (PAD + inset, PAD + inset), (PAD + wide - inset, PAD + high - inset)
        cv2.rectangle(page, corner, other, tone, thick)
    guides = _guides(page, rng) if rng.random() < 0.25 else None
    if rng.random() < 0.15:
        y = PAD + round(high * rng.uniform(0.6, 0.95))
        page[y : y + 1, PAD : PAD + wide : int(rng.integers(1, 5))] = tone
    if rng.random() < 0.1:
        page[:] = np.maximum(page, rng.uniform(0.03, 0.15))
    return Form(high, wide, page, guides)


def _guides(page: Dark, rng: np.random.Generator) -> tuple[int, int, int, int]:
    """Draw the seven segments that some forms print for the pen to follow, thin or dotted; return where they are."""
    high, wide = page.shape[0] - 2 * PAD, page.shape[1] - 2 * PAD
    edge = rng.uniform(0.14, 0.3)
    left, right = PAD + round(edge * wide), PAD + round((1 - edge) * wide)
    rows = [PAD + round(part * high) for part in (0.15, 0.5, 0.85)]
    step, tone = int(rng.integers(1, 5)), rng.uniform(0.1, 0.5)
    for y in rows:
        page[y, left:right:step] = np.maximum(page[y, left:right:step], tone)
    for x in (left, right):
        page[rows[0] : rows[2] : step, x] = np.maximum(page[rows[0] : rows[2] : step, x], tone)
    return left, rows[0], right, rows[2]


def _content(value: int, form: Form, sources: Sources, rng: np.random.Generator) -> Dark:
    blank = form.blank()
    if value == EMPTY:
        return _specks(blank, rng) if rng.random() < 0.3 else blank
    if value == STRUCK:
        return _placed(blank, struck(rng), rng.uniform(0.45, 1.05), rng, rng.uniform(0.7, 1.5))
    if value == CORRECTED:
        return _spoilt(blank, sources, rng)
    if form.guides is not None and rng.random() < 0.6:
        return segments(value, form.guides, blank, rng)
    aside = 0.25 if value == 1 and rng.random() < 0.5 else 0.1  # a 1 of seven segments stands at the right
    return _placed(blank, sources.digit(value, rng), rng.uniform(0.38, 0.95), rng, spread=aside)


def _spoilt(blank: Dark, sources: Sources, rng: np.random.Generator) -> Dark:
    """A digit struck out, written over with another one, two digits in one cell, or a scribble."""
    size, kind = rng.uniform(0.45, 0.9), rng.random()
    first, second = (int(each) for each in rng.choice(10, 2, replace=False))
    one = _placed(blank, sources.digit(first, rng), size, rng)
    if kind < 0.35 or (kind < 0.7 and first in _BARRED):
        return _placed(blank, scribble(rng), size, rng)
    if kind < 0.7:
        bar = _placed(blank, struck(rng), size * rng.uniform(0.9, 1.3), rng, rng.uniform(0.9, 1.5))
        return np.maximum(one, bar)
    if kind < 0.82 and {first, second} not in _ALIKE:
        return np.maximum(one, _placed(blank, sources.digit(second, rng), size, rng))
    half = blank.shape[1] // 4
    both = [_placed(blank, sources.digit(each, rng), size * 0.7, rng, spread=0.02) for each in (first, second)]
    return np.maximum(_moved(both[0], -half), _moved(both[1], half))


_BARRED = (0, 1, 7)
"""With a stroke through it a zero of some writers, a 4 or a plus, a European 7: not told from a digit struck out."""
_ALIKE = ({0, 8}, {1, 7}, {1, 4}, {3, 8}, {5, 6}, {6, 8}, {8, 9}, {4, 9}, {3, 9})
"""Written over one another they are one of the two."""


def _moved(page: Dark, by: int) -> Dark:
    return cv2.warpAffine(page, np.float32([[1, 0, by], [0, 1, 0]]), page.shape[::-1])


def _neighbour(form: Form, sources: Sources, rng: np.random.Generator) -> Dark:
    """Part of a digit beside the cell that reaches over its edge."""
    digit = sources.digit(int(rng.integers(10)), rng)
    other = _placed(form.blank(), digit, rng.uniform(0.5, 0.9), rng, spread=0.05)
    columns = np.flatnonzero(other.max(0) > 0.3)
    if not len(columns):
        return form.blank()
    reach = round(rng.uniform(0.0, 0.12) * form.wide)
    right = rng.random() < 0.5
    return _moved(other, PAD + form.wide - reach - columns[0] if right else PAD + reach - columns[-1])


def _placed(
    page: Dark, ink: Ink, size: float, rng: np.random.Generator, aspect: float = 0.0, spread: float = 0.1
) -> Dark:
    """Set a drawing of height ``size`` of the cell somewhere about its middle, turned, stretched and bent a little."""
    height, width = page.shape
    rows, columns = np.flatnonzero(ink.max(1) > 0.3), np.flatnonzero(ink.max(0) > 0.3)
    if not len(rows):
        return page.copy()
    tall, broad = rows[-1] - rows[0] + 1, columns[-1] - columns[0] + 1
    scale = size * (height - 2 * PAD) / max(tall, broad * 0.8)
    stretch = aspect * tall / max(broad, 1) if aspect and 0.5 * tall < broad < 2 * tall else rng.uniform(0.8, 1.2)
    stretch = min(stretch, 1.1 * (width - 2 * PAD) / (broad * scale))
    turn, lean = np.radians(rng.normal(0, 6)), rng.normal(0, 0.12)
    form = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]]) @ np.array([[stretch, lean], [0, 1]])
    form *= scale
    middle = np.array([(columns[0] + columns[-1]) / 2, (rows[0] + rows[-1]) / 2])
    target = np.array([width / 2, height / 2]) + rng.normal(0, spread * (height - 2 * PAD) * (1 - 0.6 * size), 2)
    if scale < 1:
        ink = cv2.GaussianBlur(ink, (0, 0), 0.35 / scale)
    move = np.hstack([form, (target - form @ middle)[:, None]])
    return np.clip(cv2.warpAffine(ink, move, (width, height)), 0, 1)


def _specks(page: Dark, rng: np.random.Generator) -> Dark:
    """A dot, a hair, the shadow of a fold: ink that says nothing."""
    height, width = page.shape
    for _ in range(int(rng.integers(1, 4))):
        at = int(rng.integers(width)), int(rng.integers(height))
        if rng.random() < 0.7:
            cv2.circle(page, at, int(rng.integers(1, 3)), float(rng.uniform(0.2, 0.8)), -1, cv2.LINE_AA)
        else:
            to = at[0] + int(rng.integers(-6, 7)), at[1] + int(rng.integers(-4, 5))
            cv2.line(page, at, to, float(rng.uniform(0.1, 0.5)), 1, cv2.LINE_AA)
    return page


def _light(height: int, width: int, rng: np.random.Generator) -> Dark:
    """Return the light on a cell, 1 at most: falling off to a side, or with the soft edge of a shadow."""
    way = rng.uniform(0, 2 * np.pi)
    rows, columns = np.mgrid[0:height, 0:width]
    across = (np.cos(way) * (columns / width - 0.5) + np.sin(way) * (rows / height - 0.5)) * 2
    steep = 10 ** rng.uniform(-0.3, 1.0)
    shade = 1 / (1 + np.exp(-steep * (across - rng.uniform(-0.7, 0.7))))
    return np.asarray(1 - rng.uniform(0.05, 0.4) * shade, np.float32)


def _photographed(dark: Dark, rng: np.random.Generator) -> NDArray[np.uint8]:
    """Blur, move, lose pixels, compress; the answer is darkness against the paper again, 0 to 255."""
    height, width = dark.shape
    page = (0.95 - dark * rng.uniform(0.55, 0.9)) * 255
    if rng.random() < 0.3:
        page = page * _light(height, width, rng)
    if rng.random() < 0.5:
        fewer = max(rng.uniform(0.35, 1.0), 28 / height)
        small = cv2.resize(page, None, fx=fewer, fy=fewer, interpolation=cv2.INTER_AREA)
        page = cv2.resize(small, (width, height), interpolation=cv2.INTER_LINEAR)
    page = cv2.GaussianBlur(page, (0, 0), 0.01 + height * min(rng.exponential(0.008), 0.035))
    if rng.random() < 0.1:
        page = cv2.blur(page, (int(rng.integers(1, 5)), int(rng.integers(1, 3))))
    page = page + rng.normal(0, rng.uniform(0, 6), page.shape)
    grey = np.clip(page, 0, 255).astype(np.uint8)
    if rng.random() < 0.4:
        quality = [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 90))]
        grey = cv2.imdecode(cv2.imencode(".jpg", grey, quality)[1], cv2.IMREAD_GRAYSCALE)
    paper = float(np.percentile(grey, 85))
    return np.clip((1 - grey / max(paper, 1)) * 255, 0, 255).astype(np.uint8)
