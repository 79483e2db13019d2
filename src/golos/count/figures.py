"""Figures: whole numbers of stations in columns, and the reader of a table's rows."""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from golos.model.problem import Problem

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]
NONE = -(2**63)
"""No number: blank or not legible. It is never 0. A negative figure is one that was typed so: an error to be seen."""
LIMIT = 1_000_000_000
"""Greater values are no figures, so that no sum over all stations and columns leaves 64 bits."""


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """``values`` has shape [stations, columns], in the order of the tree's stations; NONE where there is no number."""

    columns: tuple[str, ...]
    values: Numbers

    def column(self, name: str) -> Numbers:
        """Return the figures of one id, shape [stations]; all NONE if there is no such column."""
        if name in self.columns:
            return self.values[:, self.columns.index(name)]
        return np.full(len(self.values), NONE, dtype=np.int64)

    def take(self, names: Sequence[str]) -> Numbers:
        """Return the figures of these ids in this order, shape [stations, names]."""
        return np.stack([self.column(name) for name in names], axis=1) if names else self.values[:, :0]


def number(cell: str) -> int:
    """Return the figure in a cell of a table, NONE if it holds none."""
    digits = cell.removeprefix("-")
    if digits.isascii() and digits.isdigit() and len(digits) <= 10:
        value = int(cell)
        return value if -LIMIT <= value <= LIMIT else NONE
    return NONE


def known(values: Numbers) -> Numbers:
    """Return the figures with 0 in the place of NONE, to be summed."""
    return np.where(values == NONE, 0, values)


def read_figures(rows: bytes, index: Mapping[str, int], allowed: Sequence[str]) -> Figures:
    """Return the figures of a table of stations; docs/counting.md section 3 says which columns, rows and cells count.

    ``index`` gives a station's place by its code. Raises Problem ``table.malformed``.
    """
    header, body = read_rows(rows)
    places = [(header.index(name), name) for name in allowed if name in header]
    values = np.full((len(index), len(places)), NONE, dtype=np.int64)
    seen = np.zeros(len(index), dtype=np.bool_)
    cells = [at for at, _ in places]
    for row in body:
        station = index.get(row[0])
        if station is not None and not seen[station]:
            seen[station] = True
            values[station] = [number(row[at]) for at in cells]
    return Figures(tuple(name for _, name in places), values)


def read_rows(rows: bytes) -> tuple[list[str], Iterator[list[str]]]:
    """Return the header of a table and its rows, those of another length left out.

    Raises Problem ``table.malformed`` where they are not UTF-8 or the first column is not ``area``.
    """
    try:
        reader = csv.reader(io.StringIO(rows.decode("utf-8"), newline=""))
        header: list[str] = next(reader, [])
        body = [row for row in reader if len(row) == len(header)]
    except (UnicodeDecodeError, csv.Error) as error:
        raise Problem("table.malformed", "table.rows", "are no CSV in UTF-8.", "Import the file again.") from error
    if header[:1] != ["area"]:
        raise Problem("table.malformed", "table.rows", "do not begin with the column area.", "Import the file again.")
    return header, iter(body)
