"""Candidates: which pairs of a station's photographs are worth comparing in full. Cheap: products of matrices.

A full comparison takes milliseconds, and 300 photographs are 44,850 pairs. What it would find shows in the small too:
*one photograph* shows the sheet in one perspective, on one desk; *one sheet* has ink of one shape in the same boxes.
The bounds here are far wider than those of the full comparison, which alone says what a pair is.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from golos.photo.copies.descriptor import Descriptor
from golos.photo.copies.gist import INK_SIDE, Gist, gist

Flags = NDArray[np.bool_]
Numbers = NDArray[np.float32]

_ROWS = 256
"""Photographs compared with all others at once: it bounds the memory."""
_SAME, _ALIKE, _OTHER = 0.005, 0.02, 0.05
"""Distance of two outlines, as a share of their size: up to the first the desk is not asked, up to the second it may be
silent, beyond the last they are not one.
"""
_COMMON, _TEXTURE = 40, 15.0
"""Pixels and texture in common without which the desk is silent."""
_DESK, _DESK_ALONE = 0.12, 0.4
"""Correlation that makes it one desk, where the outlines are the same, and where they are as far apart as can be."""
_SHARED, _ONE_MARK, _MANY_MARKS, _MANY = 0.5, 0.9, 0.6, 8
"""As in `golos.photo.copies.stroke`: share of all ink, correlation where there is one mark, and where many."""


class Photographs(Protocol):
    """Descriptors by number: a list, or what unpacks them when they are wanted."""

    def __len__(self) -> int: ...

    def __getitem__(self, number: int, /) -> Descriptor: ...


@dataclass(frozen=True, slots=True)
class Candidate:
    """Photograph ``number`` may be a copy of ``earlier``: one photograph if ``view``, else at most one sheet."""

    number: int
    earlier: int
    view: bool


def candidates(photographs: Photographs) -> Iterator[Candidate]:
    """Yield the pairs that may be copies of each other, in order."""
    table = _Table([_told(photographs[number]) for number in range(len(photographs))])
    for start in range(0, len(photographs), _ROWS):
        rows = slice(start, start + _ROWS)
        view = table.one_photograph(rows)
        worth = view | table.one_ink(rows)
        for number, (flags, views) in enumerate(zip(worth, view, strict=True), start):
            for earlier in np.flatnonzero(flags[:number]).tolist():
                yield Candidate(number, earlier, bool(views[earlier]))


def _told(photograph: Descriptor) -> tuple[bytes, str, Gist]:
    return photograph.sha256, photograph.revision, gist(photograph)


class _Table:
    """The gists of all photographs, as matrices with a row each."""

    def __init__(self, known: Sequence[tuple[bytes, str, Gist]]) -> None:
        gists = [each for _, _, each in known]
        self._bytes, self._revision = _numbered([sha for sha, _, _ in known]), _numbered([form for _, form, _ in known])
        self._sheet = np.array([each.outline is not None for each in gists], np.bool_)
        nowhere = np.zeros(4, np.complex128)
        self._outline = np.array([nowhere if each.outline is None else each.outline for each in gists])
        self._desk, self._seen = np.array([each.desk for each in gists]), np.array([each.seen for each in gists])
        self._ink = {region: _inked(gists, region) for region in sorted({r for each in gists for r in each.ink})}
        self._mass = np.array([sum(mass for _, mass in each.ink.values()) for each in gists], np.float32)

    def one_photograph(self, rows: slice) -> Flags:
        """Return which of these photographs (r) may be the same as which of all (n): (r, n)."""
        same = self._bytes[rows, None] == self._bytes
        one_sheet = self._sheet[rows, None] != self._sheet  # where the other lies is known by this one alone
        both = self._sheet[rows, None] & self._sheet
        return np.asarray(same | one_sheet | (both & self._one_view(rows)), np.bool_)

    def _one_view(self, rows: slice) -> Flags:
        """Whether perspective and desk are those of one photograph, however it was cropped or turned."""
        likeness = np.abs(self._outline[rows] @ self._outline.conj().T)
        apart = np.sqrt(np.maximum(0, 1 - likeness**2))
        desk, seen = self._desk, self._seen
        energy = np.sqrt((desk[rows] ** 2 @ seen.T) * (seen[rows] @ (desk**2).T))
        alike = desk[rows] @ desk.T
        silent = (seen[rows] @ seen.T < _COMMON) | (energy < _TEXTURE)
        needed = np.interp(apart, (_SAME, _OTHER), (_DESK, _DESK_ALONE))
        reach = np.where(silent, _ALIKE, np.where(alike >= needed * energy, _OTHER, _SAME))
        return np.asarray(apart <= reach, np.bool_)

    def one_ink(self, rows: slice) -> Flags:
        """Return which may bear the same marks, stroke for stroke: (r, n)."""
        shape = self._mass[rows].shape[0], len(self._mass)
        shared, most, alike = (np.zeros(shape, np.float32) for _ in range(3))
        for ink, mass in self._ink.values():
            common = np.minimum(mass[rows, None], mass)
            shared += common
            most = np.maximum(most, common)
            alike += common * (ink[rows] @ ink.T)
        enough = (shared > 0) & (shared >= _SHARED * np.maximum(self._mass[rows, None], self._mass))
        needed = np.interp(shared / np.maximum(most, 1e-6), (1, _MANY), (_ONE_MARK, _MANY_MARKS))
        one_form = self._revision[rows, None] == self._revision
        return np.asarray(enough & one_form & (alike >= needed * shared), np.bool_)


def _numbered(values: Sequence[bytes] | Sequence[str]) -> NDArray[np.int64]:
    """Return a number for each, the same for equal ones."""
    numbers: dict[bytes | str, int] = {}
    return np.array([numbers.setdefault(value, len(numbers)) for value in values], np.int64)


def _inked(gists: Sequence[Gist], region: int) -> tuple[Numbers, Numbers]:
    """Return the ink (n, 196) and its mass (n,) in a region, 0 where a photograph has none."""
    none = np.zeros(INK_SIDE * INK_SIDE, np.float32), 0.0
    found = [each.ink.get(region, none) for each in gists]
    return np.array([ink for ink, _ in found], np.float32), np.array([mass for _, mass in found], np.float32)
