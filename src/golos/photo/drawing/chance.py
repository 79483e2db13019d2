"""Chance: what people and telephones do to ballots, drawn at random; every picture comes with its truth."""

from dataclasses import dataclass, replace

import cv2
import numpy as np

from golos.photo.drawing import pens
from golos.photo.drawing.camera import Scene, Shot, take
from golos.photo.form import Region
from golos.photo.picture import Colour, Grey

Random = np.random.Generator
HANDS = {
    "tick": 0.17,
    "cross": 0.22,
    "plus": 0.09,
    "dash": 0.04,
    "circle": 0.07,
    "scribble": 0.05,
    "filled": 0.07,
    "pencil": 0.06,
    "touching": 0.04,
    "blank": 0.05,
    "over-vote": 0.09,
    "corrected": 0.05,
}
"""What a voter does, and how often in these pictures; more of the difficult than in life."""


@dataclass(frozen=True, slots=True)
class Act:
    """``kind`` is a key of `HANDS`; ``marked`` the boxes that hold a mark, one struck out included."""

    kind: str
    marked: tuple[int, ...]

    @property
    def choice(self) -> int | None:
        """The one box marked; None: blank, or not for a machine to say."""
        return self.marked[0] if len(self.marked) == 1 else None

    @property
    def for_people(self) -> bool:
        """Whether no machine may accept this."""
        return len(self.marked) > 1


def vote(
    sheet: Colour, boxes: tuple[Region, ...], random: Random, kind: str | None = None, box: int | None = None
) -> Act:
    """Mark the sheet as a voter would; return what was done."""
    if kind is None:
        kind = str(random.choice(list(HANDS), p=np.array(list(HANDS.values())) / sum(HANDS.values())))
    first = int(random.integers(len(boxes))) if box is None else box
    second = int((first + 1 + random.integers(len(boxes) - 1)) % len(boxes))
    pen = pens.pick(random)
    if kind == "blank":
        return Act(kind, ())
    if kind == "touching":
        near = min((b for b in range(len(boxes)) if b != first), key=lambda b: _apart(boxes[b], boxes[first]))
        pens.tail(sheet, boxes[first], boxes[near], pen, random)
        return Act(kind, (first,))
    shape = (
        kind if kind in pens.SHAPES else str(random.choice(["tick", "cross", "plus", "cross", "scribble", "filled"]))
    )
    if kind == "pencil":
        pens.mark(sheet, boxes[first], shape, pens.pick_pencil(random), random)
        return Act(kind, (first,))
    pens.mark(sheet, boxes[first], shape, pen, random)
    if kind == "over-vote":
        again = pen if random.random() < 0.7 else pens.pick(random)
        pens.mark(sheet, boxes[second], shape if random.random() < 0.6 else "dash", again, random)
        return Act(kind, (first, second))
    if kind == "corrected":
        pens.strike(sheet, boxes[first], pen, random)
        pens.mark(sheet, boxes[second], shape, pen, random)
        return Act(kind, (first, second))
    return Act(kind, (first,))


def _apart(a: Region, b: Region) -> float:
    return float(np.hypot(a.x - b.x, a.y - b.y))


def scene(random: Random, size: tuple[int, int] = (960, 1280)) -> Scene:
    """Return the circumstances of a photograph taken by hand, some good, some poor."""
    upright = random.random() < 0.9
    return Scene(
        size=size if upright else size[::-1],
        fill=random.uniform(0.72, 0.98),
        roll=random.normal(0, 6) + float(random.choice([0, 90, 180, 270], p=[0.86, 0.06, 0.03, 0.05])),
        pitch=random.normal(0, 11),
        yaw=random.normal(0, 9),
        aside=(random.normal(0, 0.012), random.normal(0, 0.012)),
        bend=abs(random.normal(0, 0.008)),
        folds=int(random.choice([0, 1, 2], p=[0.55, 0.3, 0.15])),
        light=random.uniform(0.45, 0.97),
        shadow=random.uniform(0.1, 0.5) if random.random() < 0.35 else 0.0,
        glare=random.uniform(0.4, 1.0) if random.random() < 0.07 else 0.0,
        fingers=_fingers(random) if random.random() < 0.22 else (),
        blur=random.uniform(0.3, 1.25),
        motion=random.uniform(1.5, 4.0) if random.random() < 0.12 else 0.0,
        grain=random.uniform(0.8, 5.0),
        sharpen=random.uniform(0.2, 0.9) if random.random() < 0.4 else 0.0,
        quality=int(random.integers(45, 94)),
        messenger=random.random() < 0.25,
        desk=int(random.integers(1 << 30)),
        seed=int(random.integers(1 << 30)),
    )


def _fingers(random: Random) -> tuple[tuple[int, float, float], ...]:
    side = int(random.choice([0, 1, 2, 3], p=[0.05, 0.35, 0.25, 0.35]))
    found = [(side, random.uniform(0.25, 0.9), random.uniform(0.02, 0.14))]
    if random.random() < 0.4:
        found.append(((side + 2) % 4, random.uniform(0.25, 0.9), random.uniform(0.02, 0.12)))
    return tuple(found)


def photograph(sheet: Colour, of: Scene) -> Shot:
    """Return the picture; of one larger than 1280 pixels the lens is as much less sharp."""
    larger = max(of.size) / 1280
    return take(sheet, replace(of, blur=of.blur * larger, motion=of.motion * larger) if larger > 1 else of)


def hidden(shot: Shot, box: Region) -> bool:
    """Return whether something covers part of the box, or the frame cuts it, the bend not considered."""
    ring = box.grown(max(2, box.w // 8))
    corners = np.array(
        [[[ring.x, ring.y], [ring.x + ring.w, ring.y], [ring.x + ring.w, ring.y + ring.h], [ring.x, ring.y + ring.h]]]
    )
    seen = cv2.perspectiveTransform(corners.astype(np.float64), shot.homography)[0]
    height, width = shot.covered.shape
    if (seen < 1).any() or (seen > (width - 2, height - 2)).any():
        return True
    mask = np.zeros_like(shot.covered)
    cv2.fillConvexPoly(mask, seen.round().astype(np.int32), 255)
    return bool(cv2.bitwise_and(mask, shot.covered).any())


def paper(blank: Grey, random: Random) -> Colour:
    """Return a fresh sheet with that print, in ink that is never quite black on paper never quite white."""
    low, high = random.uniform(8, 60), random.uniform(225, 252)
    ramp = np.linspace(low, high, 256).astype(np.uint8)
    return np.asarray(cv2.cvtColor(cv2.LUT(blank, ramp), cv2.COLOR_GRAY2BGR), np.uint8)
