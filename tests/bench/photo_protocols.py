"""Photographed protocols: how many are read, how many wrongly, and what a cell costs."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
from scipy.stats import beta
from tests.bench.measure import Row, Sizes, least, spent
from tests.photo import protocol_sheets, slips

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
    cells = [(np.full((64, 48), 60, np.uint8), None)] * 15
    yield Row("15 cells: digits", least(lambda: _cost(cells)) * 1000, "ms CPU", "limit", 15.0)
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


def _cost(cells: list[tuple[np.ndarray, None]]) -> float:
    with spent() as took:
        for _ in range(10):
            read_cells(cells)
    return took.cpu / 10
