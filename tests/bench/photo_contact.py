"""Contact: the photographs that a reader failed at, side by side, for people to look at."""

from dataclasses import dataclass

import cv2
import numpy as np

from golos.photo.picture import Colour

_TILE, _COLUMNS = 300, 8


@dataclass(frozen=True, slots=True)
class Failure:
    """``name`` says which it is and what the voter did, ``reasons`` why it was not read."""

    jpeg: bytes
    wrong: bool
    name: str
    reasons: tuple[str, ...]


def contact(failed: list[Failure]) -> bytes:
    """Return the contact sheet as PNG."""
    tiles = [_tile(each) for each in failed]
    tiles += [np.zeros((_TILE, _TILE, 3), np.uint8)] * (-len(tiles) % _COLUMNS)
    lines = [np.hstack(tiles[n : n + _COLUMNS]) for n in range(0, len(tiles), _COLUMNS)]
    return bytes(cv2.imencode(".png", np.vstack(lines))[1].tobytes())


def _tile(each: Failure) -> Colour:
    picture = cv2.imdecode(np.frombuffer(each.jpeg, np.uint8), cv2.IMREAD_COLOR)
    scale = _TILE / max(picture.shape[:2])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    tile = np.zeros((_TILE, _TILE, 3), np.uint8)
    tile[: small.shape[0], : small.shape[1]] = small
    for line, text in enumerate((each.name, "WRONG" if each.wrong else ", ".join(each.reasons))):
        cv2.putText(tile, text, (4, 16 + 18 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (60, 60, 255), 1, cv2.LINE_AA)
    return tile
