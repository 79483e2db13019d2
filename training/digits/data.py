"""Data: many disturbed cells, seen the way the reader sees them, in as many processes as there are cores."""

from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from golos.photo.digits import CORRECTED, EMPTY, NAMES, STRUCK
from golos.photo.digits_cell import SIDE, glyph, written
from training.digits.cell import cell
from training.digits.sources import split

CHUNK = 2_000


@dataclass(frozen=True)
class Data:
    """``glyphs`` (n, 28, 28, 2) uint8, 255 full ink; ``labels`` (n,) indexes of NAMES."""

    glyphs: NDArray[np.uint8]
    labels: NDArray[np.int32]


def make(folder: Path, count: int, held_out: bool, seed: int, processes: int) -> Data:
    """Return ``count`` cells drawn from the sources in ``folder``; the same arguments give the same cells."""
    jobs = [(folder, held_out, seed, number) for number in range(-(-count // CHUNK))]
    with ProcessPoolExecutor(processes) as pool:
        parts = list(pool.map(_chunk, jobs))
    return Data(np.concatenate([p.glyphs for p in parts])[:count], np.concatenate([p.labels for p in parts])[:count])


_split = cache(split)
"""Once a process: reading the handwriting takes as long as drawing a thousand cells."""


def _chunk(job: tuple[Path, bool, int, int]) -> Data:
    folder, held_out, seed, number = job
    sources = _split(folder)[held_out]
    rng = np.random.default_rng([seed, number])
    chances = np.full(len(NAMES), 0.075)
    chances[[EMPTY, STRUCK, CORRECTED]] = 0.10, 0.09, 0.06
    labels = rng.choice(len(NAMES), CHUNK, p=chances / chances.sum()).astype(np.int32)
    glyphs = np.empty((CHUNK, SIDE, SIDE, 2), np.uint8)
    for row, label in enumerate(labels):
        glyphs[row] = np.round(glyph(written(*cell(int(label), sources, rng))) * 255)
    return Data(glyphs, labels)
