"""Copies: what is found of pairs whose relation is known, what is joined that ought not to be, an index of a million.

`make bench PAIRS=2000` measures so many pairs of each kind, and 150 times as many of different ballots; `make bench`
alone measures fewer. Different ballots lie on desks of every kind, marked for one option by one pen for each shape.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import cv2
import faiss
import numpy as np
from tests.bench.measure import Row, Sizes, each, spent
from tests.bench.spread import spread
from tests.photo import desks

from golos.photo import reader
from golos.photo.copies.candidates import candidates
from golos.photo.copies.descriptor import Descriptor
from golos.photo.copies.groups import copies
from golos.photo.copies.index import Index
from golos.photo.copies.pair import PDQ_NEAR, Relation, near, relation
from golos.photo.drawing.pens import SHAPES, pick
from golos.photo.form import Form, Region
from golos.photo.picture import Colour

_FOUND = {"edited": {"edited"}, "again": {"same sheet", "same photograph"}, "laid anew": {"same sheet"}}
_SAME = {"same photograph", "same sheet"}
_GOAL = {"edited": ">= 99 %", "again": ">= 95 %", "laid anew": ">= 95 %"}
_ALONE, _TOLD = 4, 100
"""So few are measured in one process; after so many pairs the figures so far are told."""
_SAMPLE = 40
"""So many photographs of a station are compared each with each."""
_DESKS = {"wood": 7, "cloth": 2, "stone": 5, "bare": 38, "papers": 6}


def measure(sizes: Sizes, folder: Path) -> Iterator[Row]:
    """Yield the rows."""
    cv2.setNumThreads(1)
    yield from _pairs(sizes.copies)
    yield from _strangers("same desk, same pens", sizes.copies * 150, False)
    yield from _strangers("under a camera at rest", sizes.copies * 15, True)
    yield from _station(sizes.station)
    yield from _index(sizes.hashes, folder, np.random.default_rng(2020))


@cache
def _form() -> tuple[Form, Colour, tuple[Region, ...]]:
    return desks.form_and_blank()


def _sheet(ballot: desks.Ballot) -> Colour:
    _, blank, boxes = _form()
    return ballot.drawn(blank, boxes)


def _described(data: bytes) -> Descriptor:
    return Descriptor.decode(reader.described(data, _form()[0]))


@dataclass(frozen=True, slots=True)
class _Pair:
    """What one photograph is found to be to a second of each kind, and in how many bits their frames differ; how many
    of those found would not have been compared at all, or not as what they are; bytes of a descriptor.
    """

    found: dict[str, tuple[str | None, int]]
    left_out: int
    size: int

    @classmethod
    def of(cls, number: int) -> "_Pair":
        """Take photograph ``number`` and its seconds; the same number, the same pairs."""
        random = np.random.default_rng((2020, number))
        ballot, view = desks.Ballot.any(random), desks.View.any(random)
        pixels = desks.picture(view, _sheet(ballot))[0]
        first = _described(desks.jpeg(pixels))
        found, left_out = {}, 0
        for kind in desks.KINDS:
            second = _described(desks.second(kind, ballot, view, pixels, _sheet, random))
            how = relation(first, second, station=True)
            found[kind] = (how, near(first.pdq, second.pdq))
            left_out += how is not None and not _worth(first, second, how)
        return cls(found, left_out, len(first.encode()))


def _worth(first: Descriptor, second: Descriptor, how: Relation) -> bool:
    """Whether a station's photographs would have been compared in full, or in their strokes where these tell."""
    return any(pair.view or how == "same sheet" for pair in candidates([first, second]))


def _pairs(count: int) -> Iterator[Row]:
    pairs: list[_Pair] = []
    for pair in spread(_Pair.of, range(count), alone=_ALONE):
        pairs.append(pair)
        if len(pairs) % _TOLD == 0:
            told = {kind: sum(_right(kind, each) for each in pairs) for kind in desks.KINDS}
            sys.stderr.write(f"{len(pairs)} of {count} pairs of each kind: {told}\n")
    for kind in desks.KINDS:
        if kind.startswith("other"):
            yield from _wrongly(f"{kind}, of {count:,}", Counter(pair.found[kind][0] for pair in pairs))
        else:
            share = 100 * sum(_right(kind, pair) for pair in pairs) / count
            yield Row(f"{kind}: found, of {count:,}", share, "%", goal=_GOAL.get(kind, ">= 99 %"))
            frames = sum(pair.found[kind][1] <= PDQ_NEAR for pair in pairs)
            yield Row("  across stations: candidates by PDQ", 100 * frames / count, "%", goal="as it is")
    found = sum(how is not None for pair in pairs for how, _ in pair.found.values())
    lost = sum(pair.left_out for pair in pairs)
    yield Row(f"left out by the comparison in the small, of {found:,} found", lost, "pairs", goal="0")
    yield Row("a descriptor", sum(pair.size for pair in pairs) / count, "bytes")


def _right(kind: str, pair: _Pair) -> bool:
    """Whether the pair was found to be of its kind; of different ballots, whether it was joined."""
    return pair.found[kind][0] in _FOUND.get(kind, _SAME)


def _wrongly(what: str, found: Counter[str | None]) -> Iterator[Row]:
    yield Row(what, sum(found[how] for how in _SAME), "joined", goal="0")
    yield Row("  shown to people as edited", found["edited"], "pairs", goal="as it is")


def _strangers(what: str, pairs: int, rest: bool) -> Iterator[Row]:
    """Different ballots: on each desk as many as make a fifth of the pairs, all of which are compared."""
    count = max(2, round((2 * pairs / len(_DESKS)) ** 0.5))
    found: Counter[str | None] = Counter()
    took = 0.0
    work = partial(_among, count=count, rest=rest)
    for among, seconds in spread(work, list(_DESKS.values()), alone=_ALONE):
        found += among
        took += seconds
    yield from _wrongly(f"different ballots, {what}, {found.total():,} pairs", found)
    yield Row("  one pair", took / found.total() * 1e6, "µs CPU")


def _among(desk: int, count: int, rest: bool) -> tuple[Counter[str | None], float]:
    """Return what all pairs of so many ballots on a desk were found to be, and the seconds that took."""
    known = [_described(data) for data in _photographs(count, desk, rest, np.random.default_rng((desk, rest)))]
    with spent() as took:
        found = Counter(relation(known[i], known[j], station=True) for i in range(count) for j in range(i))
    return found, took.cpu


def _photographs(count: int, desk: int, rest: bool, random: np.random.Generator) -> Iterator[bytes]:
    pens, shapes = {shape: pick(random) for shape in SHAPES}, list(SHAPES)
    first = desks.View.any(random, desk)
    for number in range(count):
        shape = shapes[number % len(shapes)]
        view = first.on_a_stand(random) if rest else desks.View.any(random, desk)
        yield desks.jpeg(desks.picture(view, _sheet(desks.Ballot(3, shape, pens[shape], number)))[0])


def _station(photographs: int) -> Iterator[Row]:
    """A station whose voters have tables of their own, but every third of whom has one of ten."""
    known = list(spread(_voter, range(photographs), alone=_ALONE))
    among = photographs * (photographs - 1) // 2
    with spent() as small:
        worth = sum(pair.view for pair in candidates(known))
    with spent() as whole:
        copies(known, station=True)
    yield Row(f"a station of {photographs:,}, {among:,} pairs: compared in full", 100 * worth / among, "%")
    yield Row("  all of them in the small", small.cpu, "s CPU")
    some = [(one, other) for at, one in enumerate(known[:_SAMPLE]) for other in known[:at]]
    each_pair = each(lambda n: relation(*some[n], station=True), len(some)) / 1e6
    yield Row("  the station", whole.cpu, "s CPU", "each pair in full", each_pair * among)


def _voter(number: int) -> Descriptor:
    random = np.random.default_rng((1, number))
    view = desks.View.any(random, None if number % 3 else number % 10)
    return _described(desks.jpeg(desks.picture(view, _sheet(desks.Ballot.any(random)))[0]))


def _index(count: int, folder: Path, random: np.random.Generator) -> Iterator[Row]:
    faiss.omp_set_num_threads(1)
    names, hashes = (random.integers(0, 256, (count, 32), dtype=np.uint8) for _ in range(2))
    with Index(folder / "index") as index:
        with spent() as building:
            for start in range(0, count, 1000):
                rows = range(start, min(start + 1000, count))
                index.add([(names[n].tobytes(), hashes[n].tobytes()) for n in rows])
        yield Row(f"index of {count:,} frames, built durably", building.cpu, "s CPU", "limit", 60, "<= 60 s")
        times = max(1, min(50, count))
        query = each(lambda n: index.near(hashes[n * 37 % count].tobytes(), 24), times)
        yield Row("  one query", query / 1000, "ms CPU", "limit", 10, "<= 10 ms")
        adding = each(lambda n: index.add([(bytes([n]) * 32, bytes([n]) * 32)]), times)
        yield Row("  one addition, durable", adding / 1000, "ms CPU", "limit", 10, "<= 10 ms")
    with spent() as opening, Index(folder / "index") as index:
        whole = len(index) == count + times
    yield Row("  opened again, whole" if whole else "  opened again, NOT WHOLE", opening.cpu, "s CPU")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as name:
        for row in measure(Sizes(copies=int(sys.argv[1]), station=300), Path(name)):
            sys.stdout.write(f"{row.what}: {row.value:.4g} {row.unit}  (goal {row.goal or '-'})\n")
            sys.stdout.flush()
