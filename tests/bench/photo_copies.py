"""Copies: what is found of pairs whose relation is known, what is joined that ought not to be, an index of a million.

`make bench PAIRS=2000` measures so many pairs of each kind, and 150 times as many of different ballots; `make bench`
alone measures fewer. Different ballots lie on desks of every kind, marked for one option by one pen for each shape.
"""

import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import faiss
import numpy as np
from tests.bench.measure import Row, Sizes, Spent, each, spent
from tests.photo import desks

from golos.photo import reader
from golos.photo.copies.descriptor import Descriptor
from golos.photo.copies.index import Index
from golos.photo.copies.pair import PDQ_NEAR, near, relation
from golos.photo.drawing.pens import SHAPES, pick

_FOUND = {"edited": {"edited"}, "again": {"same sheet", "same photograph"}, "laid anew": {"same sheet"}}
_SAME = {"same photograph", "same sheet"}
_GOAL = {"edited": ">= 99 %", "again": ">= 95 %", "laid anew": ">= 95 %"}
_DESKS = {"wood": 7, "cloth": 2, "stone": 5, "bare": 38, "papers": 6}


def measure(sizes: Sizes, folder: Path) -> Iterator[Row]:
    """Yield the rows."""
    random = np.random.default_rng(2020)
    form, blank, boxes = desks.form_and_blank()

    def described(data: bytes) -> Descriptor:
        return Descriptor.decode(reader.described(data, form))

    def sheet(ballot: desks.Ballot) -> object:
        return ballot.drawn(blank, boxes)

    yield from _pairs(sizes.copies, described, sheet, random)
    yield from _strangers("same desk, same pens", sizes.copies * 150, described, sheet, random)
    yield from _strangers("under a camera at rest", sizes.copies * 15, described, sheet, random)
    yield from _index(sizes.hashes, folder, random)


def _pairs(
    count: int, described: Callable[[bytes], Descriptor], sheet: Callable[..., object], random: np.random.Generator
) -> Iterator[Row]:
    found: dict[str, Counter[str | None]] = {kind: Counter() for kind in desks.KINDS}
    frames: dict[str, int] = dict.fromkeys(desks.KINDS, 0)
    size = 0
    for _ in range(count):
        ballot, view = desks.Ballot.any(random), desks.View.any(random)
        pixels = desks.picture(view, sheet(ballot))[0]
        first = described(desks.jpeg(pixels))
        size += len(first.encode())
        for kind in desks.KINDS:
            second = described(desks.second(kind, ballot, view, pixels, sheet, random))
            found[kind][relation(first, second, station=True)] += 1
            frames[kind] += near(first.pdq, second.pdq) <= PDQ_NEAR
    for kind in desks.KINDS:
        if kind.startswith("other"):
            yield from _wrongly(f"{kind}, of {count:,}", found[kind])
        else:
            share = 100 * sum(found[kind][how] for how in _FOUND.get(kind, _SAME)) / count
            yield Row(f"{kind}: found, of {count:,}", share, "%", goal=_GOAL.get(kind, ">= 99 %"))
            yield Row("  across stations: candidates by PDQ", 100 * frames[kind] / count, "%", goal="as it is")
    yield Row("a descriptor", size / count, "bytes")


def _wrongly(what: str, found: Counter[str | None]) -> Iterator[Row]:
    yield Row(what, sum(found[how] for how in _SAME), "joined", goal="0")
    yield Row("  shown to people as edited", found["edited"], "pairs", goal="as it is")


def _strangers(
    what: str,
    pairs: int,
    described: Callable[[bytes], Descriptor],
    sheet: Callable[..., object],
    random: np.random.Generator,
) -> Iterator[Row]:
    """Different ballots: on each desk as many as make a fifth of the pairs, all of which are compared."""
    count = max(2, round((2 * pairs / len(_DESKS)) ** 0.5))
    found: Counter[str | None] = Counter()
    took = Spent()
    for desk in _DESKS.values():
        known = [described(data) for data in _photographs(count, desk, "rest" in what, sheet, random)]
        with spent(took):
            found.update(relation(known[i], known[j], station=True) for i in range(count) for j in range(i))
    yield from _wrongly(f"different ballots, {what}, {found.total():,} pairs", found)
    yield Row("  one pair", took.cpu / found.total() * 1e6, "µs CPU")


def _photographs(
    count: int, desk: int, rest: bool, sheet: Callable[..., object], random: np.random.Generator
) -> Iterator[bytes]:
    pens, shapes = {shape: pick(random) for shape in SHAPES}, list(SHAPES)
    first = desks.View.any(random, desk)
    for number in range(count):
        shape = shapes[number % len(shapes)]
        view = first.on_a_stand(random) if rest else desks.View.any(random, desk)
        yield desks.jpeg(desks.picture(view, sheet(desks.Ballot(3, shape, pens[shape], number)))[0])


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
    cv2.setNumThreads(1)
    with tempfile.TemporaryDirectory() as name:
        for row in measure(Sizes(copies=int(sys.argv[1])), Path(name)):
            sys.stdout.write(f"{row.what}: {row.value:.4g} {row.unit}  (goal {row.goal or '-'})\n")
            sys.stdout.flush()
