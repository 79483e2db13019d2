"""Camera: a photograph of a sheet as a telephone takes it: askew, bent, shadowed, held, blurred, compressed."""

from dataclasses import dataclass, field
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from golos.photo.drawing.light import fall
from golos.photo.drawing.surface import surface
from golos.photo.picture import Colour, Grey, Matrix

Field = NDArray[Any]
_STEP = 16
"""Pixels between the places where the paper's bend is worked out."""
_FILM = 2600


@dataclass(frozen=True, slots=True)
class Scene:
    """What stands between a sheet and its photograph. Angles are degrees, ``bend`` is a share of the sheet's width.

    ``size`` is (width, height) in pixels; ``fill`` the share of the frame that the sheet takes; ``blur`` a standard
    deviation and ``motion`` a length in pixels; ``quality`` is JPEG's; ``fingers`` (side 0 to 3, place along it, reach
    inward, both shares of the sheet's side). ``desk`` seeds the surface, ``seed`` all that is left to chance.
    """

    size: tuple[int, int] = (960, 1280)
    fill: float = 0.85
    roll: float = 0.0
    pitch: float = 0.0
    yaw: float = 0.0
    aside: tuple[float, float] = (0.0, 0.0)
    bend: float = 0.0
    folds: int = 0
    light: float = 0.85
    shadow: float = 0.0
    glare: float = 0.0
    fingers: tuple[tuple[int, float, float], ...] = ()
    blur: float = 0.5
    motion: float = 0.0
    grain: float = 2.0
    sharpen: float = 0.0
    quality: int = 80
    messenger: bool = False
    desk: int = 0
    seed: int = 0


@dataclass(frozen=True, slots=True, eq=False)
class Shot:
    """``homography`` maps the sheet's pixels to the picture's, but for the bend; ``covered``: what hides them."""

    picture: Colour
    homography: Matrix
    covered: Grey = field(repr=False)

    def jpeg(self, scene: Scene) -> bytes:
        """Return the file, sent through a messenger first if the scene says so."""
        if not scene.messenger:
            return _jpeg(self.picture, scene.quality)
        first: Colour = np.asarray(cv2.imdecode(np.frombuffer(_jpeg(self.picture, 92), np.uint8), cv2.IMREAD_COLOR))
        scale = min(1.0, 1280 / max(first.shape[:2]))
        small = cv2.resize(first, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else first
        return _jpeg(small, min(scene.quality, 72))


def take(sheet: Colour, scene: Scene) -> Shot:
    """Return the photograph of the sheet."""
    random = np.random.default_rng(scene.seed)
    height, width = sheet.shape[:2]
    homography = pose(scene, (width, height))
    across, shade = _way(scene, homography, (width, height), random)
    paper = cv2.remap(sheet, across, np.empty(0), cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    there = cv2.remap(np.full((height, width), 255, np.uint8), across, np.empty(0), cv2.INTER_LINEAR)
    desk = surface(scene.desk, scene.size)
    lit = fall(scene, homography, (width, height), there, random)
    paper_light = lit.light * shade
    picture = _mix(desk, paper, there)
    picture = cv2.multiply(picture, cv2.merge([paper_light * tint for tint in lit.tint]), dtype=cv2.CV_8U)
    picture = cv2.add(picture, cv2.merge([lit.glare] * 3))
    picture = _mix(picture, lit.hand, lit.skin)
    return Shot(_exposed(picture, scene, random), homography, lit.covered)


def pose(scene: Scene, sheet: tuple[int, int]) -> Matrix:
    """Return the homography of a pinhole camera that looks at the sheet from above, tilted and aside."""
    width, height = sheet
    frame = np.array(scene.size, np.float64)
    tall = max(scene.size)
    turn = _rotation(scene.pitch, scene.yaw, scene.roll)
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float64)
    flat = np.hstack([(corners - (width / 2, height / 2)) / max(sheet), np.zeros((4, 1))]) @ turn.T
    seen = flat[:, :2] / (1.6 + flat[:, 2:]) * 1.6
    span = seen.max(0) - seen.min(0)
    scale = scene.fill * float((frame / span).min())
    middle = (seen.max(0) + seen.min(0)) / 2
    placed = (seen - middle) * scale + frame / 2 + np.array(scene.aside) * tall
    return cv2.getPerspectiveTransform(corners.astype(np.float32), placed.astype(np.float32))


def _rotation(pitch: float, yaw: float, roll: float) -> Matrix:
    a, b, c = np.radians([pitch, yaw, roll])
    about_x = np.array([[1, 0, 0], [0, np.cos(a), -np.sin(a)], [0, np.sin(a), np.cos(a)]])
    about_y = np.array([[np.cos(b), 0, np.sin(b)], [0, 1, 0], [-np.sin(b), 0, np.cos(b)]])
    about_z = np.array([[np.cos(c), -np.sin(c), 0], [np.sin(c), np.cos(c), 0], [0, 0, 1]])
    return np.asarray(about_x @ about_y @ about_z, np.float64)


def _way(scene: Scene, homography: Matrix, sheet: tuple[int, int], random: np.random.Generator) -> tuple[Field, Field]:
    """Return for every pixel its place on the bent sheet (h, w, 2), and the shade (h, w) that the bend gives."""
    width, height = scene.size
    xs, ys = np.meshgrid(np.arange(0, width + 2 * _STEP, _STEP), np.arange(0, height + 2 * _STEP, _STEP))
    grid = np.stack([xs, ys], -1).astype(np.float64) - 0.0
    flat = cv2.perspectiveTransform(grid, np.linalg.inv(homography))
    part = flat / np.array(sheet)
    aside, shade = _bent(part, scene.bend, random)
    shade = shade * _folded(part, scene.folds, random)
    coarse = (flat + aside * sheet[0]).astype(np.float32)
    return _upscaled(coarse, scene.size), _upscaled(shade.astype(np.float32), scene.size)


def _upscaled(coarse: Field, size: tuple[int, int]) -> Field:
    """Return the field at every pixel; its samples stand at whole multiples of the step."""
    width, height = size
    move = np.array([[_STEP, 0, 0], [0, _STEP, 0]], np.float64)
    return np.asarray(cv2.warpAffine(coarse, move, (width, height), flags=cv2.INTER_LINEAR), np.float32)


def _bent(part: NDArray[Any], bend: float, random: np.random.Generator) -> tuple[NDArray[Any], Field]:
    """Return displacement and shade of paper that is rolled about one axis and waved about another."""
    total, slope = np.zeros_like(part), np.zeros(part.shape[:2])
    for size, waves in ((bend, random.uniform(0.5, 1.0)), (bend * 0.3, random.uniform(1.0, 1.8))):
        axis = random.uniform(0, np.pi)
        along = (part[..., 0] - 0.5) * np.cos(axis) + (part[..., 1] - 0.5) * np.sin(axis)
        phase = random.uniform(0, 2 * np.pi)
        towards = random.uniform(0, 2 * np.pi)
        wave = np.sin(along * waves * 2 * np.pi + phase)
        total += wave[..., None] * np.array([np.cos(towards), np.sin(towards)]) * size
        slope += np.cos(along * waves * 2 * np.pi + phase) * waves * size
    return total, np.asarray(1 + np.clip(slope * random.uniform(-5, 5), -0.25, 0.12), np.float32)


def _folded(part: NDArray[Any], folds: int, random: np.random.Generator) -> Field:
    """Return the shade of a sheet folded once or twice: its parts lie at different angles to the light."""
    shade = np.ones(part.shape[:2])
    for number in range(folds):
        place = 0.5 + random.normal(0, 0.02) - part[..., 1 - number % 2]
        shade *= 1 + random.uniform(-0.07, 0.07) * np.tanh(place * 60)
    return np.asarray(shade, np.float32)


def _mix(under: Colour, over: Colour, share: Grey) -> Colour:
    """Lay ``over`` on ``under`` where ``share`` (0 to 255) says."""
    alpha = cv2.merge([share] * 3)
    kept = cv2.multiply(under, cv2.bitwise_not(alpha), scale=1 / 255)
    return np.asarray(cv2.add(kept, cv2.multiply(over, alpha, scale=1 / 255)), np.uint8)


def _exposed(picture: Colour, scene: Scene, random: np.random.Generator) -> Colour:
    """Blur, sharpen and grain: what lens, hand, sensor and the telephone's own program do."""
    if scene.motion > 1:
        picture = cv2.filter2D(picture, -1, _streak(scene.motion, random.uniform(0, np.pi)))
    if scene.blur > 0.2:
        picture = cv2.GaussianBlur(picture, (0, 0), scene.blur)
    if scene.sharpen > 0:
        soft = cv2.GaussianBlur(picture, (0, 0), 1.6)
        picture = cv2.addWeighted(picture, 1 + scene.sharpen, soft, -scene.sharpen, 0)
    height, width = picture.shape[:2]
    top, left = random.integers(0, _FILM - height % _FILM), random.integers(0, _FILM - width % _FILM)
    film = _film()[top : top + height, left : left + width]
    if film.shape[:2] != (height, width):
        film = cv2.resize(_film(), (width, height), interpolation=cv2.INTER_NEAREST)
    return np.asarray(cv2.addWeighted(picture, 1.0, film, scene.grain / 8, -128 * scene.grain / 8), np.uint8)


def _streak(length: float, angle: float) -> Field:
    size = int(length) * 2 + 1
    kernel = np.zeros((size, size), np.float32)
    end = np.array([np.cos(angle), np.sin(angle)]) * length / 2
    middle = np.array([size // 2, size // 2])
    points = [tuple((p * 16).round().astype(int).tolist()) for p in (middle - end, middle + end)]
    cv2.line(kernel, points[0], points[1], 1.0, 1, cv2.LINE_AA, 4)
    return np.asarray(kernel / kernel.sum(), np.float32)


_held: list[Colour] = []


def _film() -> Colour:
    """Return grain around 128, drawn once: it costs more than all else in a picture."""
    if not _held:
        random = np.random.default_rng(7)
        grey = random.normal(0, 7, (_FILM, _FILM, 1)) + random.normal(0, 4, (_FILM, _FILM, 3))
        _held.append(np.asarray(cv2.GaussianBlur(np.clip(grey + 128, 0, 255).astype(np.uint8), (0, 0), 0.5), np.uint8))
    return _held[0]


def _jpeg(picture: Colour, quality: int) -> bytes:
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes())
