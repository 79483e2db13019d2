"""Picture: the demo's photographs: the ballot paper of its own pack, marked by an invented hand, seen by a telephone.

They are drawn, and the demo says so. Plainer than those that the reader is measured on (`golos.photo.drawing.camera`:
paper that bends, fingers, glare), and cheap, because 1,500 are drawn while somebody waits.
"""

from functools import cache

import cv2
import numpy as np

from golos.model.pack import Contest, Pack
from golos.photo.drawing import pens
from golos.photo.drawing.ballot_paper import ballot
from golos.photo.drawing.camera import pose
from golos.photo.drawing.chance import HANDS, scene
from golos.photo.drawing.surface import surface
from golos.photo.form_text import toml_of
from golos.photo.picture import Colour, Grey

SIZE = (600, 800)
"""Width and height of a photograph."""
LONGEST = 1000
"""Pixels of the longer side of the blank ballot."""
_DESKS = 12
_HANDS = [hand for hand in HANDS if hand in pens.SHAPES]
_FILM = 2048
_SHAKEN = 0.04
"""Share of the photographs that are so blurred that a machine ought to leave them to people."""


class Printer:
    """Prints ballots of a contest, has them marked and photographs them."""

    def __init__(self, pack: Pack, contest: Contest) -> None:
        specimen = ballot(pack, contest)
        self._options = [option.id for option in contest.options]
        self._png = specimen.png(LONGEST)
        self._boxes = specimen.regions(LONGEST)
        self._blank = cv2.cvtColor(cv2.convertScaleAbs(specimen.grey(LONGEST), alpha=0.8, beta=38), cv2.COLOR_GRAY2BGR)

    def form(self) -> dict[str, bytes]:
        """Return the files of the pack by which the machine reads these ballots."""
        places = [(option, [box]) for option, box in zip(self._options, self._boxes, strict=True)]
        return {"FORM.toml": toml_of("ballot", "blank.png", places).encode(), "blank.png": self._png}

    def ballot(self, option: str, random: np.random.Generator) -> bytes:
        """Return a JPEG of a ballot marked for ``option``, on somebody's table."""
        sheet = np.asarray(self._blank.copy(), np.uint8)
        box = self._boxes[self._options.index(option)]
        pens.mark(sheet, box, str(random.choice(_HANDS)), pens.pick(random), random)
        way = pose(scene(random, SIZE), (sheet.shape[1], sheet.shape[0]))
        table = _table(int(random.integers(_DESKS))).copy()
        seen = cv2.warpPerspective(sheet, way, SIZE, dst=table, borderMode=cv2.BORDER_TRANSPARENT)
        return _exposed(np.asarray(seen, np.uint8), random)


def junk(random: np.random.Generator) -> bytes:
    """Return a JPEG that shows no ballot: the table."""
    return _exposed(_table(int(random.integers(_DESKS))), random)


def _exposed(picture: Colour, random: np.random.Generator) -> bytes:
    """Return a JPEG of it in the light of a room, a few shaken, with the grain of a random place of a film."""
    light = random.uniform(150, 255) * random.uniform(0.8, 1.0, (2, 2, 1)).astype(np.float32)
    lit = cv2.resize(np.asarray(light, np.float32), SIZE, interpolation=cv2.INTER_LINEAR).astype(np.uint8)
    picture = np.asarray(cv2.multiply(picture, cv2.merge([lit] * 3), scale=1 / 255), np.uint8)
    if random.random() < _SHAKEN:
        picture = np.asarray(cv2.GaussianBlur(picture, (0, 0), random.uniform(2.0, 3.0)), np.uint8)
    top, left = random.integers(_FILM - SIZE[1]), random.integers(_FILM - SIZE[0])
    grain = cv2.merge([_film()[top : top + SIZE[1], left : left + SIZE[0]]] * 3)
    picture = np.asarray(cv2.addWeighted(picture, 1.0, grain, random.uniform(0.3, 1.0), -64), np.uint8)
    return bytes(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, int(random.integers(60, 85))])[1].tobytes())


@cache
def _table(number: int) -> Colour:
    return surface(number, SIZE)


@cache
def _film() -> Grey:
    """Return grain around 128, drawn once: it costs more than all else in a picture. No two pictures take one place."""
    return np.random.default_rng(0).normal(128, 5, (_FILM, _FILM)).clip(0, 255).astype(np.uint8)
