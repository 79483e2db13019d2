"""Light: what falls on a sheet and what gets in its way: lamps, shadows, glare, the hand that holds it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np
from numpy.typing import NDArray

from golos.photo.picture import Colour, Grey, Matrix

if TYPE_CHECKING:
    from golos.photo.drawing.camera import Scene

Random = np.random.Generator
_COARSE = 8
"""Light is worked out at one pixel in eight: it has no edges."""


@dataclass(frozen=True, slots=True, eq=False)
class Light:
    """``light`` (h, w) multiplies, per colour by ``tint``; ``glare`` is added; ``hand`` lies above where ``skin`` is.

    ``covered`` is 255 where skin or strong glare hides the sheet.
    """

    light: NDArray[Any]
    tint: tuple[float, float, float]
    glare: Grey
    hand: Colour
    skin: Grey
    covered: Grey


def fall(scene: Scene, homography: Matrix, sheet: tuple[int, int], there: Grey, random: Random) -> Light:
    """Return the light of the scene; ``there`` is where the sheet lies."""
    width, height = scene.size
    small = (width // _COARSE + 1, height // _COARSE + 1)
    light = _lamp(scene, small, random)
    if scene.shadow > 0:
        light *= 1 - scene.shadow * _shadow(small, random)
    light *= 1 - 0.3 * _edge_shadow(there, small)
    glare = _glare(scene, small, homography, sheet, random)
    hand, skin, shade = _hand(scene, homography, sheet, random)
    light *= 1 - 0.45 * cv2.resize(shade, small).astype(np.float32) / 255
    warm = random.normal(0, 0.035)
    glare_full = cv2.resize(glare, (width, height), interpolation=cv2.INTER_LINEAR)
    covered = cv2.max(skin, cv2.inRange(glare_full, 70, 255))
    tint = (1 - warm - 0.02, 1.0, 1 + warm)
    return Light(cv2.resize(light, (width, height)), tint, glare_full, hand, skin, np.asarray(covered, np.uint8))


def _lamp(scene: Scene, small: tuple[int, int], random: Random) -> NDArray[Any]:
    slope = random.normal(0, 0.09, (3, 3)) + scene.light
    lamp = cv2.resize(slope.astype(np.float32), small, interpolation=cv2.INTER_CUBIC)
    across = np.linspace(-1, 1, small[0])[None] ** 2 + np.linspace(-1, 1, small[1])[:, None] ** 2
    return np.asarray(np.clip(lamp * (1 - 0.07 * across), 0.12, 1.02), np.float32)


def _shadow(small: tuple[int, int], random: Random) -> NDArray[Any]:
    """The shadow of a head, a hand or the telephone: a large shape that comes in from the rim, with a soft edge."""
    mask = np.zeros((small[1], small[0]), np.float32)
    span = np.array(small)
    start = random.uniform(0.05, 0.95, 2) * span
    rim = random.uniform(0, 2 * np.pi)
    out = np.array([np.cos(rim), np.sin(rim)])
    side = np.array([-out[1], out[0]]) * max(small) * random.uniform(0.08, 0.3)
    shape = np.array([start - side, start + side, start + side * 1.4 + out * 400, start - side * 1.4 + out * 400])
    cv2.fillConvexPoly(mask, shape.astype(np.int32), 1.0)
    cv2.circle(mask, tuple(map(int, start)), int(np.linalg.norm(side)), 1.0, -1)
    return np.asarray(cv2.GaussianBlur(mask, (0, 0), random.uniform(0.5, 5)), np.float32)


def _edge_shadow(there: Grey, small: tuple[int, int]) -> NDArray[Any]:
    """Paper that does not lie flat darkens the desk beside it."""
    part = cv2.resize(there, small, interpolation=cv2.INTER_AREA).astype(np.float32) / 255
    around = cv2.GaussianBlur(np.roll(part, (1, 1), (0, 1)), (0, 0), 1.5)
    return np.asarray(np.clip(around - part, 0, 1), np.float32)


def _glare(scene: Scene, small: tuple[int, int], homography: Matrix, sheet: tuple[int, int], random: Random) -> Grey:
    spot = np.zeros((small[1], small[0]), np.float32)
    if scene.glare > 0:
        place = cv2.perspectiveTransform((random.uniform(0, 1, (1, 1, 2)) * sheet), homography)[0, 0] / _COARSE
        axes = (int(random.uniform(0.02, 0.09) * max(small)) + 2, int(random.uniform(0.02, 0.05) * max(small)) + 2)
        cv2.ellipse(spot, tuple(map(int, place)), axes, float(random.uniform(0, 180)), 0, 360, 1.0, -1)
        spot = cv2.GaussianBlur(spot, (0, 0), 2 + 0.3 * axes[0]) * 255 * scene.glare
    return np.asarray(np.clip(spot, 0, 255), np.uint8)


def _hand(scene: Scene, homography: Matrix, sheet: tuple[int, int], random: Random) -> tuple[Colour, Grey, Grey]:
    """Return the colour of the hand, where it is, and where it darkens the paper beside it."""
    width, height = scene.size
    skin = np.zeros((height, width), np.uint8)
    tone = np.array(((130, 165, 215), (105, 140, 190), (70, 100, 150), (45, 65, 95))[int(random.integers(4))])
    if not scene.fingers:
        return np.zeros((height, width, 3), np.uint8), skin, skin
    hand = np.zeros((height, width, 3), np.uint8)
    hand[:] = (tone * scene.light).astype(np.uint8)
    for side, along, reach in scene.fingers:
        _finger(hand, skin, _tip(side, along, reach), homography, sheet, tone * scene.light, random)
    shade = cv2.GaussianBlur(np.roll(cv2.resize(skin, (width // 4, height // 4)), (3, 2), (0, 1)), (0, 0), 3)
    soft = cv2.GaussianBlur(skin, (0, 0), 1.2)
    return hand, np.asarray(soft, np.uint8), np.asarray(cv2.resize(shade, (width, height)), np.uint8)


def _tip(side: int, along: float, reach: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return tip and root of a finger in shares of the sheet."""
    tip = ((along, reach), (1 - reach, along), (along, 1 - reach), (reach, along))[side]
    out = ((0, -1), (1, 0), (0, 1), (-1, 0))[side]
    return np.array(tip), np.array(tip) + np.array(out) * 0.9


def _finger(
    hand: Colour,
    skin: Grey,
    ends: tuple[NDArray[Any], NDArray[Any]],
    homography: Matrix,
    sheet: tuple[int, int],
    tone: NDArray[Any],
    random: Random,
) -> None:
    tip, root = (cv2.perspectiveTransform((end * sheet).reshape(1, 1, 2), homography)[0, 0] for end in ends)
    edge = cv2.perspectiveTransform(np.array([[[0.0, 0.0], [sheet[0], 0.0]]]), homography)[0]
    wide = float(np.linalg.norm(edge[1] - edge[0])) * random.uniform(0.09, 0.13)
    lean = np.array([-(root - tip)[1], (root - tip)[0]]) * random.normal(0, 0.25)
    way = [tuple(map(int, tip)), tuple(map(int, root + lean))]
    for share, bright in ((1.0, 0.82), (0.8, 0.95), (0.5, 1.05)):
        colour = np.clip(tone * bright, 0, 255).tolist()
        cv2.line(hand, way[0], way[1], colour, max(2, int(wide * share)), cv2.LINE_AA)
    cv2.line(skin, way[0], way[1], 255, max(2, int(wide)), cv2.LINE_AA)
    nail = (tip + (root + lean - tip) / np.linalg.norm(root + lean - tip) * wide * 0.1).astype(int)
    angle = float(np.degrees(np.arctan2(*(root + lean - tip)[::-1])))
    pale = np.clip(tone * 1.12 + 12, 0, 255).tolist()
    cv2.ellipse(hand, tuple(map(int, nail)), (int(wide * 0.34), int(wide * 0.26)), angle, 0, 360, pale, -1, cv2.LINE_AA)
