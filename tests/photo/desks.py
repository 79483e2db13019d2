"""Desks: photographs of ballots with a desk around them, in pairs whose relation is known, for the copies.

The desk lies in the world, and every photograph is taken by a camera of its own; so two photographs of one desk share
its texture, seen from two places, and not a picture of it.
"""

from dataclasses import dataclass, replace
from functools import cache

import cv2
import numpy as np

from golos.photo.drawing.pens import SHAPES, Pen, mark, pick
from golos.photo.drawing.specimen import Design, draw
from golos.photo.drawing.surface import surface
from golos.photo.form import parse_form

DESKS = 40
_WORLD = 1600
"""Pixels of the desk's side; it is one metre of a table, the sheet an A5."""
_SHEET = 620
"""Pixels of the sheet's height on the desk."""
NAMES = ("Anna Zorka", "Barys Vodka", "Cimafiej Hrom", "Darja Rasa", "Jauhien Les", "Hanna Pole", "Against all")


def form_and_blank(longest=1000):
    """Return a ballot's form, its blank picture in colour and its boxes."""
    specimen = draw("Election of the Head of State", ("Put any mark in one box.",), NAMES, Design())
    boxes = specimen.regions(longest)
    text = 'kind = "ballot"\ntemplate = "blank.png"\n' + "".join(
        f'[[box]]\nid = "o{n}"\nxywh = [{b.x}, {b.y}, {b.w}, {b.h}]\n' for n, b in enumerate(boxes)
    )
    form = parse_form(text.encode(), {"blank.png": specimen.png(longest)})
    return form, cv2.cvtColor(specimen.grey(longest), cv2.COLOR_GRAY2BGR), boxes


@dataclass(frozen=True)
class Ballot:
    """A sheet of paper: one option marked by one hand."""

    option: int
    shape: str
    pen: Pen
    hand: int

    @classmethod
    def any(cls, random):
        """Return a ballot of chance."""
        return cls(
            int(random.integers(len(NAMES))),
            str(random.choice(list(SHAPES))),
            pick(random),
            int(random.integers(1 << 30)),
        )

    def drawn(self, blank, boxes):
        """Return its picture, in the template's frame."""
        sheet = blank.copy()
        mark(sheet, boxes[self.option], self.shape, self.pen, np.random.default_rng(self.hand))
        return sheet


@dataclass(frozen=True)
class View:
    """Where the sheet lies and how it was taken. Lengths are shares of the desk's side, angles degrees."""

    desk: int
    sheet: tuple[float, float, float] = (0.5, 0.5, 0.0)
    """Centre of the sheet on the desk and how it is turned."""
    aim: tuple[float, float, float] = (0.5, 0.5, 0.0)
    """Where the camera looks, and its roll."""
    span: float = 0.5
    """How much of the desk the picture's longer side shows."""
    tilt: tuple[float, float] = (0.0, 0.0)
    light: int = 0
    grain: int = 0
    quality: int = 82
    size: tuple[int, int] = (960, 1280)

    @classmethod
    def any(cls, random, desk=None):
        """Return a view of chance."""
        sheet = (*random.uniform(0.45, 0.55, 2), random.normal(0, 4))
        return cls(int(random.integers(DESKS)) if desk is None else desk, sheet).again(random)

    def again(self, random):
        """Return the same sheet on the same desk, taken by another camera in another light."""
        x, y, turn = self.sheet
        aim = (x + random.normal(0, 0.012), y + random.normal(0, 0.015), turn + random.normal(0, 4))
        tilt = (random.normal(0, 0.045), random.normal(0, 0.045))
        light, grain = (int(n) for n in random.integers(1 << 30, size=2))
        return replace(self, aim=aim, span=random.uniform(0.44, 0.56), tilt=tilt, light=light, grain=grain)

    def laid_anew(self, random, desk=None):
        """Return the sheet lifted and laid down again, and taken again."""
        sheet = (*random.uniform(0.45, 0.55, 2), random.normal(0, 5))
        return replace(self, sheet=sheet, desk=self.desk if desk is None else desk).again(random)

    def on_a_stand(self, random):
        """Return another sheet laid at the same place, as well as a hand can, under a camera that did not move."""
        x, y, turn = self.sheet
        sheet = (x + random.normal(0, 0.003), y + random.normal(0, 0.003), turn + random.normal(0, 0.7))
        return replace(self, sheet=sheet, grain=int(random.integers(1 << 30)))


def picture(view, paper):
    """Return the photograph (BGR) and the homography from the sheet's pixels to the picture's."""
    camera = _camera(view)
    whole = camera @ _place(view, paper)
    seen = cv2.warpPerspective(_desk(view.desk), camera, view.size, borderMode=cv2.BORDER_REFLECT)
    shift = np.array([[1, 0, 0.006 * view.size[0]], [0, 1, 0.006 * view.size[1]], [0, 0, 1]])
    shade = cv2.GaussianBlur(_covered(paper, shift @ whole, view.size, 8), (0, 0), 1.2)
    seen = _mixed(seen, np.zeros_like(seen), cv2.resize(shade, view.size) // 3)
    there = _covered(paper, whole, view.size, 1)
    seen = _mixed(seen, cv2.warpPerspective(paper, whole, view.size, flags=cv2.INTER_AREA), there)
    seen = cv2.multiply(seen, cv2.merge([_light(view) * 0.95] * 3), dtype=cv2.CV_8U)
    seen = cv2.addWeighted(cv2.GaussianBlur(seen, (0, 0), 0.7), 1, _grain(view), 1, -128)
    return seen, whole


@cache
def _desk(seed):
    return cv2.convertScaleAbs(surface(seed, (_WORLD, _WORLD)), alpha=0.85)


@cache
def _film():
    return np.clip(np.random.default_rng(9).normal(128, 2.6, (2000, 2000, 3)), 0, 255).astype(np.uint8)


def _grain(view):
    top, left = np.random.default_rng(view.grain).integers(0, 700, 2)
    return _film()[top : top + view.size[1], left : left + view.size[0]]


def _place(view, paper):
    """Return the homography from the sheet to the desk."""
    x, y, turn = view.sheet
    place = cv2.getRotationMatrix2D((paper.shape[1] / 2, paper.shape[0] / 2), turn, _SHEET / paper.shape[0])
    place[:, 2] += np.array([x, y]) * _WORLD - (paper.shape[1] / 2, paper.shape[0] / 2)
    return np.vstack([place, [0, 0, 1]])


def _covered(paper, homography, size, coarse):
    """Return where the sheet is, 0 to 255, at one pixel in ``coarse``."""
    height, width = paper.shape[:2]
    corners = cv2.perspectiveTransform(np.float32([[[0, 0], [width, 0], [width, height], [0, height]]]), homography)
    there = np.zeros((size[1] // coarse, size[0] // coarse), np.uint8)
    cv2.fillConvexPoly(there, (corners[0] / coarse * 16).round().astype(np.int32), 255, cv2.LINE_AA, 4)
    return there


def _mixed(under, over, share):
    alpha = cv2.merge([share] * 3)
    return cv2.add(cv2.multiply(under, 255 - alpha, scale=1 / 255), cv2.multiply(over, alpha, scale=1 / 255))


def _camera(view):
    width, height = view.size
    aim_x, aim_y, roll = view.aim
    half = np.array([width, height]) / max(width, height) * view.span * _WORLD / 2
    corners = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]], float)
    grow = 1 + corners @ np.array(view.tilt)
    angle = np.radians(roll)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    there = (corners * half * grow[:, None]) @ turn.T + np.array([aim_x, aim_y]) * _WORLD
    frame = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return cv2.getPerspectiveTransform(there.astype(np.float32), frame)


def _light(view):
    random = np.random.default_rng(view.light)
    width, height = view.size
    coarse = random.uniform(0.62, 1.04) + random.normal(0, 0.07, (3, 3))
    light = cv2.resize(coarse.astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    if random.random() < 0.4:
        mask = np.ones((height // 8, width // 8), np.float32)
        start = random.uniform(0, 1, 2) * (width // 8, height // 8)
        cv2.circle(mask, tuple(map(int, start)), int(random.uniform(15, 50)), random.uniform(0.55, 0.85), -1)
        light *= cv2.resize(cv2.GaussianBlur(mask, (0, 0), random.uniform(1, 6)), (width, height))
    return np.clip(light, 0.15, 1.08)


def jpeg(pixels, quality=82):
    """Return the file."""
    return cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, int(quality)])[1].tobytes()


def _crop(pixels, random):
    height, width = pixels.shape[:2]
    left, right, top, bottom = random.uniform(0, 0.12, 4)
    return pixels[int(top * height) : int((1 - bottom) * height), int(left * width) : int((1 - right) * width)]


def _tone(pixels, random):
    values = np.clip(
        (np.arange(256) / 255) ** random.uniform(0.6, 1.6) * 255 * random.uniform(0.75, 1.25) + random.uniform(-30, 30),
        0,
        255,
    )
    toned = cv2.LUT(pixels, values.astype(np.uint8))
    return cv2.cvtColor(cv2.cvtColor(toned, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR) if random.random() < 0.3 else toned


def _scale(pixels, random):
    factor = random.uniform(0.45, 1.4)
    return cv2.resize(
        pixels, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    )


def _rotation(pixels, random):
    if random.random() < 0.5:
        return np.ascontiguousarray(np.rot90(pixels, int(random.integers(1, 4))))
    height, width = pixels.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), random.uniform(-15, 15), random.uniform(0.85, 1.1))
    return cv2.warpAffine(pixels, turn, (width, height), flags=cv2.INTER_CUBIC)


def _bars(pixels, random):
    height, _width = pixels.shape[:2]
    top, bottom, left, right = (int(random.uniform(0, 0.2) * height) for _ in range(4))
    colour = tuple(int(c) for c in random.choice([0, 255, 32], 3)) if random.random() < 0.3 else (0, 0, 0)
    return cv2.copyMakeBorder(pixels, top, bottom, left, right, cv2.BORDER_CONSTANT, value=colour)


def _mirror(pixels, random):
    height, _width = pixels.shape[:2]
    top, bottom, left, right = (int(random.uniform(0.02, 0.15) * height) for _ in range(4))
    return cv2.copyMakeBorder(pixels, top, bottom, left, right, cv2.BORDER_REFLECT)


def _screenshot(pixels, random):
    tall = cv2.resize(pixels, (720, round(720 * pixels.shape[0] / pixels.shape[1])), interpolation=cv2.INTER_AREA)
    tall = cv2.copyMakeBorder(tall, 110, 170, 0, 0, cv2.BORDER_CONSTANT, value=(20, 20, 20))
    cv2.putText(tall, "12:41   LTE  87%", (20, 50), cv2.FONT_HERSHEY_SIMPLEX, 1, (230, 230, 230), 2)
    return tall


CHANGES = {
    "re-encoded": lambda pixels, _: pixels,
    "scaled": _scale,
    "tone": _tone,
    "cropped": _crop,
    "rotated": _rotation,
    "bars": _bars,
    "mirrored border": _mirror,
    "screenshot": _screenshot,
}


def changed(pixels, how, random):
    """Return the file of the same photograph after that change (a key of CHANGES), encoded again."""
    once = cv2.imdecode(np.frombuffer(jpeg(pixels), np.uint8), cv2.IMREAD_COLOR)
    return jpeg(CHANGES[how](once, random), random.uniform(45, 92))


KINDS = (*CHANGES, "edited", "again", "laid anew", "other ballot, same desk", "other ballot, on a stand")


def second(kind, ballot, view, first, sheet, random):
    """Return the file that makes a pair of that kind with the photograph ``first`` of ``ballot``.

    ``sheet`` draws a ballot. "again": another camera, the sheet has not moved. "laid anew": on any desk.
    """
    if kind in CHANGES:
        return changed(first, kind, random)
    if kind == "edited":
        option = (ballot.option + 1 + int(random.integers(len(NAMES) - 1))) % len(NAMES)
        other = sheet(replace(ballot, option=option, hand=ballot.hand + 1))
        return changed(
            picture(view, other)[0], str(random.choice(["re-encoded", "scaled", "tone", "rotated", "bars"])), random
        )
    if kind == "again":
        return jpeg(picture(view.again(random), sheet(ballot))[0])
    if kind == "laid anew":
        return jpeg(picture(view.laid_anew(random, int(random.integers(DESKS))), sheet(ballot))[0])
    other = sheet(replace(ballot, hand=ballot.hand + 2))
    return jpeg(picture(view.laid_anew(random) if "desk" in kind else view.on_a_stand(random), other)[0])
