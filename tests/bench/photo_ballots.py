"""Photographed ballots: how many are read, how many wrongly, what a picture costs; a contact sheet of failures."""

import resource
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from scipy.stats import beta
from tests.bench.measure import Row, Sizes
from tests.bench.photo_layouts import HELDOUT, NUMBER, form_of, layout

from golos.photo.answer import Answer
from golos.photo.decode import decode
from golos.photo.drawing.chance import Act, hidden, paper, photograph, scene, vote
from golos.photo.form import Form, Region
from golos.photo.picture import Colour, Grey
from golos.photo.reader import read

SHEET = Path("build/bench/ballots.png")
"""The contact sheet: wrong readings first, then readable ballots that were not read."""
LARGE = (3000, 4000)
"""12 megapixels, upright."""
_DRAWN = 1500
_TILE, _COLUMNS, _ROWS = 300, 8, 5


@dataclass(frozen=True, slots=True)
class Taken:
    """One photograph with its truth. ``clear``: one mark or none, and nothing hides a box."""

    number: int
    jpeg: bytes
    form: Form
    act: Act
    clear: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """What the reader said of a photograph."""

    taken: Taken
    answer: Answer

    @property
    def wrong(self) -> bool:
        """Accepted, and not what the voter did."""
        true = None if self.taken.act.choice is None else str(self.taken.act.choice)
        return self.answer.status == "read" and (self.taken.act.for_people or self.answer.choice != true)


def take(number: int, family: int = 0, size: tuple[int, int] = (960, 1280)) -> Taken:
    """Return photograph ``number`` of a family of layouts; the same number gives the same bytes."""
    blank, boxes, form = _prepared(family + number % NUMBER)
    random = np.random.default_rng((number, family))
    sheet = paper(blank, random)
    act = vote(sheet, boxes, random)
    of = scene(random, size)
    shot = photograph(sheet, of)
    clear = not act.for_people and not any(hidden(shot, box) for box in boxes)
    return Taken(number, shot.jpeg(of), form, act, clear)


def measure(sizes: Sizes, folder: Path) -> Iterator[Row]:
    """Yield the rows: accuracy on both families, then costs."""
    del folder
    failed: list[Judged] = []
    for family, name in ((0, "layouts of development"), (HELDOUT, "layouts kept back")):
        judged = [Judged(t, read(t.jpeg, t.form)) for t in (take(n, family) for n in range(sizes.ballot_photos))]
        failed += [each for each in judged if each.wrong or (each.taken.clear and each.answer.status != "read")]
        yield from _accuracy(judged, name)
    if failed:
        _contact(failed)
    yield from _costs(sizes)


def _accuracy(judged: list[Judged], name: str) -> Iterator[Row]:
    clear = [each for each in judged if each.taken.clear]
    several = [each for each in judged if each.taken.act.for_people]
    wrong = sum(each.wrong for each in judged)
    accepted = sum(each.answer.status == "read" for each in clear)
    share = 100 * accepted / max(1, len(clear))
    yield Row(f"ballots, {name}: accepted of {len(clear):,} clear", share, "%", goal="≥ 98")
    what = f"ballots, {name}: {wrong} of {len(judged):,} accepted wrong; at most, at 95 %"
    yield Row(what, 100 * float(beta.ppf(0.95, wrong + 1, max(1, len(judged) - wrong))), "%", goal="3 in 20,000")
    passed = sum(each.answer.status == "read" for each in several)
    what = f"ballots, {name}: {passed} of {len(several):,} over-votes accepted"
    yield Row(what, 100 * passed / max(1, len(several)), "%", goal="0")


def _costs(sizes: Sizes) -> Iterator[Row]:
    small = [take(n) for n in range(min(100, sizes.ballot_photos))]
    for each in small:
        read(each.jpeg, each.form)
    yield Row("ballot of 1280 px, decoded and read", _median(small), "ms CPU", "limit", 25.0)
    large = [take(n, size=LARGE) for n in range(min(10, sizes.ballot_photos))]
    decoding = float(np.median([_decoding(each) for each in large]))
    yield Row("ballot of 12 MP, beyond its decoding", _median(large) - decoding, "ms CPU", "limit", 30.0)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield Row("memory of this process, generator included", most, "MB", "limit for a worker", 150.0)


def _median(taken: list[Taken]) -> float:
    return float(np.median([read(each.jpeg, each.form).ms for each in taken]))


def _decoding(taken: Taken) -> float:
    start = resource.getrusage(resource.RUSAGE_SELF).ru_utime
    decode(taken.jpeg, longest=1600)
    return (resource.getrusage(resource.RUSAGE_SELF).ru_utime - start) * 1000


@cache
def _prepared(number: int) -> tuple[Grey, tuple[Region, ...], Form]:
    specimen = layout(number)
    return specimen.grey(_DRAWN), specimen.regions(_DRAWN), form_of(specimen)


def _contact(failed: list[Judged]) -> None:
    """Write the contact sheet."""
    first = sorted(failed, key=lambda each: not each.wrong)[: _COLUMNS * _ROWS]
    tiles = [_tile(each) for each in first]
    tiles += [np.zeros((_TILE, _TILE, 3), np.uint8)] * (-len(tiles) % _COLUMNS)
    lines = [np.hstack(tiles[n : n + _COLUMNS]) for n in range(0, len(tiles), _COLUMNS)]
    SHEET.parent.mkdir(parents=True, exist_ok=True)
    SHEET.write_bytes(cv2.imencode(".png", np.vstack(lines))[1].tobytes())


def _tile(each: Judged) -> Colour:
    picture = cv2.imdecode(np.frombuffer(each.taken.jpeg, np.uint8), cv2.IMREAD_COLOR)
    scale = _TILE / max(picture.shape[:2])
    small = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    tile = np.zeros((_TILE, _TILE, 3), np.uint8)
    tile[: small.shape[0], : small.shape[1]] = small
    said = "WRONG" if each.wrong else ", ".join(each.answer.reasons)
    for line, text in enumerate((f"{each.taken.number} {each.taken.act.kind}", said)):
        cv2.putText(tile, text, (4, 16 + 18 * line), cv2.FONT_HERSHEY_SIMPLEX, 0.5, (60, 60, 255), 1, cv2.LINE_AA)
    return tile


if __name__ == "__main__":
    # python -m tests.bench.photo_ballots 20000: as many photographs of each family, which takes hours on one core.
    for row in measure(replace(Sizes(), ballot_photos=int(sys.argv[1])), Path()):
        print(f"{row.what}: {row.value:.3f} {row.unit} {row.goal}", flush=True)
