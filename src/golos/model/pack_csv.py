"""Sheet: a CSV file of the pack, read row by row, that can say where each cell stands."""

import csv
import io
import re
from collections.abc import Callable, Iterator, Sequence

from golos.model.mistake import Notes

_CONTROL = re.compile(r"[\x00-\x1f\x7f]")


def undecodable(data: bytes) -> tuple[int, int, int] | None:
    """Return line, column and value of the first byte that is not UTF-8, or None."""
    try:
        data.decode()
    except UnicodeDecodeError as error:
        before = data[: error.start]
        return before.count(b"\n") + 1, len(before) - before.rfind(b"\n"), data[error.start]
    return None


class Sheet:
    """The rows of ``data``, whose header must hold ``required``, may hold ``optional`` and nothing else."""

    def __init__(self, file: str, data: bytes, required: Sequence[str], optional: Sequence[str], notes: Notes) -> None:
        self.file = file
        self.notes = notes
        self.wanted = (*required, *optional)
        self.header: list[str] = []
        self._required = required
        self._data = data
        self._field: dict[str, int] = {}

    def rows(self) -> Iterator[tuple[int, Sequence[str]]]:
        """Yield each row's first line and its cells in the order ``required``, ``optional``.

        A column that is absent gives "". A row that can't be read is noted and left out; where the file as
        such can't be read on, that is noted and the rows end.
        """
        if (place := undecodable(self._data)) is not None:
            line, column, value = place
            self.notes.mistake(self.file, line, column, f"byte 0x{value:02x} is not UTF-8; save the file as UTF-8")
            return
        # BytesIO shares the bytes, so the file is never held as text as a whole.
        reader = csv.reader(io.TextIOWrapper(io.BytesIO(self._data), "utf-8-sig", newline=""), strict=True)
        start = 1
        try:
            self.header = [name.strip() for name in next(reader, [])]
            if not self._header_is_good():
                return
            arrange = self._arrangement()
            start, width = reader.line_num + 1, len(self.header)
            for cells in reader:
                if len(cells) == width:
                    if not "".join(cells).isprintable():
                        self._note_control(start, cells)
                    yield start, arrange(cells)
                elif cells:
                    text = f"{len(cells)} cells where the header has {width}"
                    self.notes.mistake(self.file, start, min(len(cells), width) + 1, text)
                start = reader.line_num + 1
        except csv.Error as error:
            self.notes.mistake(self.file, start, 1, f"is no CSV from here on ({error}); look for a quote too many")

    def mistake(self, line: int, column: str, text: str) -> None:
        """Note a mistake in that column of the row that begins at ``line``."""
        self.notes.mistake(self.file, line, self._field.get(column, 1), f"{column}: {text}")

    def warn(self, line: int, column: str, text: str) -> None:
        """Note a warning likewise."""
        self.notes.warn(self.file, line, self._field.get(column, 1), f"{column}: {text}")

    def has(self, column: str) -> bool:
        """Return whether the header has that column."""
        return column in self._field

    def _header_is_good(self) -> bool:
        good = True
        for position, name in enumerate(self.header, 1):
            if name not in self.wanted:
                text = f"unknown column {name[:60]!r}; known are {', '.join(self.wanted)}"
                self.notes.mistake(self.file, 1, position, text)
            elif name in self._field:
                self.notes.mistake(self.file, 1, position, f"the column {name} is there twice")
            else:
                self._field[name] = position
                continue
            good = False
        for name in self._required:
            if name not in self._field:
                self.notes.mistake(self.file, 1, len(self.header) + 1, f"the column {name} is missing")
                good = False
        return good

    def _arrangement(self) -> Callable[[list[str]], Sequence[str]]:
        """Return what puts a row's cells in the order of ``wanted``; an absent column is taken from an added ""."""
        if list(self.wanted) == self.header:
            return _as_it_is
        positions = [self._field.get(name, 0) - 1 for name in self.wanted]

        def arrange(cells: list[str]) -> Sequence[str]:
            cells.append("")
            return [cells[position] for position in positions]

        return arrange

    def _note_control(self, line: int, cells: Sequence[str]) -> None:
        for name, cell in zip(self.header, cells, strict=True):
            if _CONTROL.search(cell):
                self.mistake(line, name, "holds a line break or another control character")


def _as_it_is(cells: list[str]) -> Sequence[str]:
    return cells
