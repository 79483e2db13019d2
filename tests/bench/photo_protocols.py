"""Photographed protocols: how many are read, how many wrongly, and what a cell costs."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from unittest.mock import patch

import cv2
import numpy as np
from scipy.stats import beta
from tests.bench.measure import Row, Sizes, least, spent
from tests.photo import protocol_sheets, slips
from training.digits.strokes import digit

from golos.photo.digits import read_cells
from golos.photo.reader import read

KINDS = (("plain", False), ("dots", False), ("plain", True))


def measure(sizes: Sizes) -> Iterator[Row]:
    """Yield what became of sheets of three kinds, the cost of 15 cells, and the codes beside ballots."""
    hand = "held-out handwriting" if protocol_sheets.held_out() else "strokes of a simulated pen"
    for inner, broken in KINDS:
        told = Counter(_outcome(seed, inner, broken) for seed in range(sizes.protocols))
        what = f"protocols, {inner} cells{', sums broken' if broken else ''}, {hand}"
        yield Row(what, sizes.protocols, "sheets", _said(told))
    yield Row("15 cells: digits", _confined(_cost) * 1000, "ms CPU", "limit", 15.0)
    codes = Counter(slips.outcome(seed) for seed in range(sizes.protocols))
    yield Row("code beside the ballot, handwritten", sizes.protocols, "photos", _said(codes))


def _said(told: Counter[str]) -> str:
    count = told.total()
    bound = 100 * float(beta.ppf(0.95, told["wrong"] + 1, count - told["wrong"]))
    return (
        f"{told['right']} read right, {told['wrong']} wrong (95 %: at most {bound:.1f} %), "
        f"{count - told['right'] - told['wrong']} to people"
    )


def _outcome(seed: int, inner: str, broken: bool) -> str:
    rng = np.random.default_rng([2020, seed])
    written = protocol_sheets.fill(rng, inner, broken)
    answer = read(protocol_sheets.photograph(written, rng), protocol_sheets.form(inner))
    if answer.status != "read":
        return "review"
    return "right" if dict(answer.numbers or {}) == written.values else "wrong"


def _confined(work: Callable[[], float]) -> float:
    """Return what ``work`` says in a process where matrices have one thread, as they have in the reader's sandbox."""
    with patch.dict(os.environ, OPENBLAS_NUM_THREADS="1"), ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(work).result()


def _cost() -> float:
    """Return the seconds of processor time of 15 cells with print and pen in them."""
    rng, frame = np.random.default_rng(2020), np.zeros((56, 46), np.uint8)
    cv2.rectangle(frame, (0, 0), (45, 55), 255, 1)
    pens = [cv2.resize(digit(n % 10, rng), (34, 44), interpolation=cv2.INTER_AREA) * 150 for n in range(15)]
    cells = [(np.maximum(frame, np.pad(pen, 6).astype(np.uint8)), frame) for pen in pens]
    return least(lambda: _spent(cells), 10)


def _spent(cells: list[tuple[np.ndarray, np.ndarray]]) -> float:
    with spent() as took:
        for _ in range(10):
            read_cells(cells)
    return took.cpu / 10
