"""Photographed ballots: how many are read, how many wrongly, what a picture costs; a contact sheet of failures."""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import cv2
import numpy as np
from scipy.stats import beta
from tests.bench.measure import Row, Sizes, least, seconds
from tests.bench.photo_contact import Failure, contact
from tests.bench.photo_layouts import HELDOUT, NUMBER, files_of, form_of, layout
from tests.bench.spread import spread

from golos.photo.blank import blank_of
from golos.photo.decode import decode
from golos.photo.drawing.chance import Act, hidden, paper, photograph, scene, vote
from golos.photo.form import Form, Region
from golos.photo.picture import Grey
from golos.photo.reader import read
from golos.photo.sheet import LONGEST

SHEET = Path("build/bench/ballots.png")
"""The contact sheet: wrong readings first, then readable ballots that were not read."""
LARGE = (3000, 4000)
"""12 megapixels, upright."""
_DRAWN = 1500
_ALONE, _TOLD = 500, 1000
"""So many photographs are read in one process, more of them in as many as there are cores; after so many the figures
so far are told.
"""
_SHOWN = 40
_MANY = 9
"""The layout of 30 options."""


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
    """What the reader said of a photograph; ``jpeg`` is kept of failures alone."""

    number: int
    act: Act
    clear: bool
    accepted: bool
    wrong: bool
    reasons: tuple[str, ...]
    ms: float
    jpeg: bytes

    @property
    def failed(self) -> bool:
        """Whether it was read wrongly, or could have been read and was not."""
        return self.wrong or (self.clear and not self.accepted)


def take(number: int, family: int = 0, size: tuple[int, int] = (960, 1280)) -> Taken:
    """Return photograph ``number`` of a family of layouts, upright of ``size``; the same number, the same bytes."""
    blank, boxes, form = _prepared(family + number % NUMBER)
    random = np.random.default_rng((number, family))
    sheet = paper(blank, random)
    act = vote(sheet, boxes, random)
    of = scene(random, size if blank.shape[0] >= blank.shape[1] else size[::-1])  # who holds a telephone turns it
    shot = photograph(sheet, of)
    clear = not act.for_people and not any(hidden(shot, box) for box in boxes)
    return Taken(number, shot.jpeg(of), form, act, clear)


def judge(number: int, family: int) -> Judged:
    """Take a photograph and read it."""
    taken = take(number, family)
    answer = read(taken.jpeg, taken.form)
    true = None if taken.act.choice is None else str(taken.act.choice)
    accepted = answer.status == "read"
    wrong = accepted and (taken.act.for_people or answer.choice != true)
    one = Judged(number, taken.act, taken.clear, accepted, wrong, answer.reasons, answer.ms, taken.jpeg)
    return one if one.failed else replace(one, jpeg=b"")


def measure(sizes: Sizes, folder: Path) -> Iterator[Row]:
    """Yield the rows: accuracy on both families, then costs, with one thread as in the sandbox."""
    cv2.setNumThreads(1)
    shares, failed = [], []
    for family, name in ((0, "layouts of development"), (HELDOUT, "layouts kept back")):
        judged = list(_told(_judged(sizes.ballot_photos, family), name))
        failed += [Failure(j.jpeg, j.wrong, f"{j.number} {j.act.kind}", j.reasons) for j in judged if j.failed]
        shares.append(_share(judged))
        yield from _accuracy(judged, name, shares[-1])
        if family == 0:
            yield Row("ballot of 1280 px, decoded and read", _median(judged), "ms CPU", "limit", 25.0, "≤ 1")
    yield Row("ballots, accepted, layouts kept back against the others", abs(shares[0] - shares[1]), "%", goal="≤ 2")
    if failed:
        SHEET.parent.mkdir(parents=True, exist_ok=True)
        SHEET.write_bytes(contact(sorted(failed, key=lambda each: not each.wrong)[:_SHOWN]))
    yield from _costs(sizes, folder)


def _judged(photos: int, family: int) -> Iterator[Judged]:
    return spread(partial(judge, family=family), range(photos), alone=_ALONE, chunk=50)


def _told(judged: Iterable[Judged], name: str) -> Iterator[Judged]:
    """Yield them, and tell the figures so far after every thousand."""
    clear = accepted = wrong = 0
    for number, each in enumerate(judged, 1):
        clear, accepted, wrong = clear + each.clear, accepted + (each.clear and each.accepted), wrong + each.wrong
        if number % _TOLD == 0:
            sys.stderr.write(f"{number:,} of {name}: {accepted:,} of {clear:,} clear ones accepted, {wrong} wrong\n")
        yield each


def _share(judged: Iterable[Judged]) -> float:
    """Return the percentage of the clear ones that was accepted."""
    clear = [each.accepted for each in judged if each.clear]
    return 100 * sum(clear) / max(1, len(clear))


def _median(judged: Iterable[Judged]) -> float:
    return float(np.median([each.ms for each in judged]))


def _accuracy(judged: list[Judged], name: str, share: float) -> Iterator[Row]:
    clear, several = sum(each.clear for each in judged), [each for each in judged if each.act.for_people]
    wrong, passed = sum(each.wrong for each in judged), sum(each.accepted for each in several)
    yield Row(f"ballots, {name}: accepted of {clear:,} clear", share, "%", goal="≥ 98")
    what = f"ballots, {name}: {wrong} of {len(judged):,} accepted wrong; at most, at 95 %"
    yield Row(what, 100 * float(beta.ppf(0.95, wrong + 1, max(1, len(judged) - wrong))), "%", goal="3 in 20,000")
    what = f"ballots, {name}: {passed} of {len(several):,} over-votes accepted"
    yield Row(what, 100 * passed / max(1, len(several)), "%", goal="0")


def _costs(sizes: Sizes, folder: Path) -> Iterator[Row]:
    large = [take(n, size=LARGE) for n in range(min(20, sizes.ballot_photos))]
    beyond = float(np.median([_beyond(each) for each in large]))
    yield Row("ballot of 12 MP, beyond its decoding", beyond, "ms CPU", "limit", 30.0, "≤ 1")
    few = [take(_MANY + n * NUMBER) for n in range(min(50, sizes.ballot_photos))] + [take(_MANY, size=LARGE)]
    yield Row(f"ballots, memory of a reader after {len(few)}", _memory(few, folder), "MB", "limit", 150.0, "≤ 1")


def _beyond(taken: Taken) -> float:
    """Return the milliseconds that reading costs more than decoding, the least of three tries each."""
    longest = LONGEST[taken.form.kind]
    decoding = least(lambda: seconds(lambda: decode(taken.jpeg, longest=longest)))
    return (least(lambda: seconds(lambda: read(taken.jpeg, taken.form))) - decoding) * 1000


def _memory(taken: list[Taken], folder: Path) -> float:
    """Return the most megabytes that a fresh process holds which reads the photographs, all of one form."""
    place = folder / "ballots"
    place.mkdir()
    for name, data in files_of(layout(taken[0].number % NUMBER)).items():
        (place / name).write_bytes(data)
    for each in taken:
        (place / f"{each.number}-{len(each.jpeg)}.jpg").write_bytes(each.jpeg)
    told = subprocess.run(
        [sys.executable, "-m", "tests.bench.photo_memory", str(place)], capture_output=True, check=True, text=True
    )
    return float(told.stdout)


@cache
def _prepared(number: int) -> tuple[Grey, tuple[Region, ...], Form]:
    specimen = layout(number)
    form = form_of(specimen)
    blank_of(form.current).prepare()
    return specimen.grey(_DRAWN), specimen.regions(_DRAWN), form


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        for row in measure(replace(Sizes(), ballot_photos=int(sys.argv[1])), Path(name)):
            beside = f"{row.beside} {row.rival:.0f}" if row.rival else f"goal {row.goal}"
            sys.stdout.write(f"{row.what}: {row.value:.4g} {row.unit}  ({beside})\n")
            sys.stdout.flush()
