"""Importing tallies: a file and its mapping in, tables by station and everything that was not taken out."""

import csv
import io
import re
from array import array
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from golos.intake.mapping import FileForm, Mapping, TableMap
from golos.intake.rows import Reject, Rows, open_rows
from golos.model.pack import Pack

BLANK = -(2**63)
"""No number; never 0."""
_BAD = BLANK + 1
_MOST = 10**9
"""Greater figures count nowhere (docs/counting.md section 3)."""
_WHOLE = re.compile(r"(-?[0-9]+)(?:\.0*)?")

Figures = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ImportedTable:
    """One table: ``rows`` is CSV as docs/formats.md, "Table rows"; ``stations`` is how many it holds."""

    map: TableMap
    rows: bytes
    stations: int
    rejects: tuple[Reject, ...]


class Numbers(dict[str, int]):
    """What a cell says: a whole number up to `_MOST`, `BLANK`, or `_BAD` for anything else."""

    def __init__(self, form: FileForm) -> None:
        super().__init__()
        self._form = form

    def __missing__(self, cell: str) -> int:
        text = cell.strip()
        if text in self._form.blank:
            number = BLANK
        else:
            digits = text.replace(self._form.thousands, "") if self._form.thousands else text
            match = _WHOLE.fullmatch(digits)
            number = int(match[1]) if match and len(match[1]) <= 16 else _BAD
            least = -_MOST if self._form.keep_negative else 0
            number = number if least <= number <= _MOST else _BAD
        self[cell] = number
        return number


def read_tables(path: Path, mapping: Mapping, pack: Pack) -> list[ImportedTable]:
    """Return the mapping's tables, stations by code; reads the file once.

    Raises Problem ``import.*`` where the file as such can't be read; a row or cell that can't be taken is a reject.
    """
    if not mapping.tables:
        return []
    columns = list(dict.fromkeys(column for table in mapping.tables for column in table.columns.values()))
    with open_rows(path, mapping.form) as rows:
        sheet = _Sheet(rows, mapping.form, columns, pack)
    sheet.refuse_repeats()
    sheet.merge(pack)
    return [_table(sheet, columns, table) for table in mapping.tables]


def reason_of(cell: str) -> str:
    """Return why a cell is no figure."""
    if re.match(r"\s*[-−]\s*\d", cell):
        return "is negative"
    return f"is above {_MOST:,}" if cell.strip().isdigit() else "is no whole number"


class _Sheet:
    """The rows that name a station: their code, line and figures, row by row."""

    def __init__(self, rows: Rows, form: FileForm, columns: Sequence[str], pack: Pack) -> None:
        self.key = form.join.join(form.station)
        self.codes: list[str] = []
        self.lines = array("q")
        self.rejects: list[Reject] = []
        self.bad_cells: list[Reject] = []
        self._form = form
        self._columns = columns
        flat = self._read(rows, pack, Numbers(form))
        self.figures: Figures = (
            np.frombuffer(flat, np.int64).reshape(len(self.codes), len(columns)) if flat else _none(columns)
        )

    def _read(self, rows: Rows, pack: Pack, numbers: Numbers) -> "array[int]":
        """Take the rows in; codes are still the file's own."""
        key = _key(rows, self._form)
        wanted = [rows.position(column) for column in self._columns]
        known = {code: code for code in (*pack.stations, *pack.succession)}
        width, flat = len(rows.header), array("q")
        for line, cells in rows.lines:
            if len(cells) != width:
                self._reject(line, "", str(len(cells)), f"has {len(cells)} cells where the header has {width}")
                continue
            text = key(cells)
            code = known.get(text)
            if code is None:
                self._reject(line, self.key, text, "is no station of the pack")
                continue
            values = [numbers[cells[i]] for i in wanted]
            if _BAD in values:
                values = self._without_bad(line, [cells[i] for i in wanted], values)
            self.codes.append(code)
            self.lines.append(line)
            flat.extend(values)
        return flat

    def refuse_repeats(self) -> None:
        """A station twice: equal rows count once, of different ones none can be believed."""
        rows_of: dict[str, list[int]] = defaultdict(list)
        if len(set(self.codes)) == len(self.codes):
            return
        for row, code in enumerate(self.codes):
            rows_of[code].append(row)
        refused: list[int] = []
        for code, rows in rows_of.items():
            if len(rows) > 1:
                equal = bool((self.figures[rows] == self.figures[rows[0]]).all())
                reason = (
                    f"the station is in line {self.lines[rows[0]]} already"
                    if equal
                    else (f"the station is there {len(rows)} times with different figures, so none is taken")
                )
                refused += rows[1:] if equal else rows
                for row in rows[1:] if equal else rows:
                    self._reject(self.lines[row], self.key, code, reason)
        self._drop(refused)

    def merge(self, pack: Pack) -> None:
        """Put old codes' rows at the stations that took their place; rows of merged stations are added up.

        A sum needs all its parts: where a part has no row the others are refused, where it has no number, neither
        has the sum. A protocol that is too low would make a finding out of nothing.
        """
        if not pack.succession:
            return
        parts: dict[str, set[str]] = defaultdict(set)
        for old, new in pack.succession.items():
            parts[new].add(old)
        rows_of: dict[str, list[int]] = defaultdict(list)
        for row, code in enumerate(self.codes):
            new = pack.succession.get(code, code)
            if new in parts:
                rows_of[new].append(row)
        figures = self.figures.copy()
        refused: list[int] = []
        for new, rows in rows_of.items():
            if {self.codes[row] for row in rows} in (parts[new], {new}):
                whole = (figures[rows] != BLANK).all(axis=0)
                figures[rows[0]] = np.where(whole, figures[rows].sum(axis=0), BLANK)
                refused += rows[1:]
                self.codes[rows[0]] = new
            else:
                refused += rows
                for row in rows:
                    reason = (
                        f"{new} took the place of {len(parts[new])} stations; not these alone and all are in the file"
                    )
                    self._reject(self.lines[row], self.key, self.codes[row], reason)
        self.figures = figures
        self._drop(refused)

    def _without_bad(self, line: int, cells: Sequence[str], values: Sequence[int]) -> list[int]:
        for column, cell, value in zip(self._columns, cells, values, strict=True):
            if value == _BAD:
                self.bad_cells.append(Reject(line, column, cell, reason_of(cell)))
        return [BLANK if value == _BAD else value for value in values]

    def _reject(self, line: int, column: str, value: str, reason: str) -> None:
        self.rejects.append(Reject(line, column, value, reason))

    def _drop(self, rows: Iterable[int]) -> None:
        gone = set(rows)
        if gone:
            kept = [row for row in range(len(self.codes)) if row not in gone]
            self.codes = [self.codes[row] for row in kept]
            self.lines = array("q", (self.lines[row] for row in kept))
            self.figures = self.figures[kept]


def _none(columns: Sequence[str]) -> Figures:
    return np.empty((0, len(columns)), np.int64)


def _key(rows: Rows, form: FileForm) -> Callable[[Sequence[str]], str]:
    """Return what gives a row's station code."""
    positions = [rows.position(column) for column in form.station]
    if len(positions) == 1:
        position = positions[0]
        return lambda cells: cells[position].strip()
    return lambda cells: form.join.join([cells[position].strip() for position in positions])


def _table(sheet: _Sheet, columns: Sequence[str], table: TableMap) -> ImportedTable:
    mine = [columns.index(column) for column in table.columns.values()]
    figures = sheet.figures[:, mine]
    filled = np.flatnonzero((figures != BLANK).any(axis=1)).tolist()
    order = sorted(filled, key=sheet.codes.__getitem__)
    names = set(table.columns.values())
    rejects = [*sheet.rejects, *(reject for reject in sheet.bad_cells if reject.column in names)]
    return ImportedTable(
        map=table,
        rows=_csv([sheet.codes[row] for row in order], figures[order], table),
        stations=len(order),
        rejects=tuple(sorted(rejects, key=lambda r: (r.line, r.column))),
    )


def _csv(codes: Sequence[str], figures: Figures, table: TableMap) -> bytes:
    """Write the rows; the same figures give the same bytes whatever the order of the file."""
    ids = list(table.columns)
    cells = {name: ["" if value == BLANK else value for value in figures[:, i].tolist()] for i, name in enumerate(ids)}
    if table.kind == "turnout":
        constant = {"line": table.line, "organisation": table.organisation}
        cells = {"voters": [""] * len(codes), "double_count": [""] * len(codes), **cells}
        cells |= {name: [text] * len(codes) for name, text in constant.items()}
        ids = ["line", "voters", "double_count", "organisation"]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["area", *ids])
    writer.writerows(zip(codes, *(cells[name] for name in ids), strict=True))
    return text.getvalue().encode()
