"""Rows of somebody's file: CSV in any encoding, plain or gzipped, and Parquet, all as texts with their line."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast

import duckdb

from golos.intake.mapping import FileForm
from golos.model.problem import Problem

_BATCH = 50_000


@dataclass(frozen=True, slots=True)
class Reject:
    """A row or a cell that was not taken. ``line`` counts from 1, the header's; ``column`` is "" for a whole row."""

    line: int
    column: str
    value: str
    reason: str


@dataclass(frozen=True, slots=True)
class Rows:
    """``lines`` yields each row's first line (in Parquet: its number plus 1) and cells; blank lines are passed over."""

    header: tuple[str, ...]
    lines: Iterator[tuple[int, Sequence[str]]]

    def position(self, column: str) -> int:
        """Return the column's position. Raises Problem ``import.column``."""
        if self.header.count(column) != 1:
            there = "is there more than once" if column in self.header else "is no column of the file"
            known = ", ".join(self.header[:60])
            raise Problem("import.column", column, f"{there}; columns are {known}.", "Mend the mapping.")
        return self.header.index(column)


@contextmanager
def open_rows(path: Path, form: FileForm) -> Iterator[Rows]:
    """Open the file. Raises Problem ``import.file``, and while rows are read ``import.encoding``, ``import.csv``."""
    if not path.is_file():
        raise Problem("import.file", str(path), "is no file.", "Name a CSV, CSV.gz or Parquet file.")
    if path.suffix == ".parquet":
        yield _parquet(path)
        return
    try:
        with _binary(path) as binary:
            yield _csv(path, binary, form)
    except UnicodeError as error:
        problem = f"holds bytes that are not {form.encoding}."
        raise Problem("import.encoding", str(path), problem, 'Set encoding in the mapping, as "cp1251".') from error
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        raise Problem("import.file", str(path), "is damaged: it can't be unpacked.", "Fetch it again.") from error


def _binary(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path)) if path.suffix == ".gz" else path.open("rb")


def _csv(path: Path, binary: BinaryIO, form: FileForm) -> Rows:
    reader = csv.reader(io.TextIOWrapper(binary, form.encoding, newline=""), delimiter=form.delimiter)
    try:
        header = [name.strip() for name in next(reader, [])]
    except csv.Error as error:
        raise Problem(
            "import.csv", str(path), f"has no header ({error}).", "Its first line names the columns."
        ) from error
    if not header:
        raise Problem("import.csv", str(path), "is empty.", "The first line has to name the columns.")
    header[0] = header[0].removeprefix("\ufeff").strip('"')
    return Rows(tuple(header), _csv_lines(path, reader))


def _csv_lines(path: Path, reader: "Iterator[list[str]]") -> Iterator[tuple[int, Sequence[str]]]:
    start = reader.line_num + 1  # type: ignore[attr-defined]
    try:
        for cells in reader:
            if cells:
                yield start, cells
            start = reader.line_num + 1  # type: ignore[attr-defined]
    except csv.Error as error:
        raise Problem(
            "import.csv", f"{path}:{start}", f"is no CSV from here on ({error}).", "Look at its quotes."
        ) from error


def _parquet(path: Path) -> Rows:
    try:
        cursor = duckdb.connect().execute("SELECT CAST(COLUMNS(*) AS VARCHAR) FROM read_parquet(?)", [str(path)])
    except duckdb.Error as error:
        raise Problem("import.file", str(path), "can't be read as Parquet.", "Fetch it again.") from error
    return Rows(tuple(name for name, *_ in cursor.description or ()), _parquet_lines(cursor))


def _parquet_lines(cursor: duckdb.DuckDBPyConnection) -> Iterator[tuple[int, Sequence[str]]]:
    line = 1
    while batch := cursor.fetchmany(_BATCH):
        for cells in batch:
            line += 1
            yield line, ["" if cell is None else cell for cell in cells]
