"""Mistake: what is wrong in a file that people wrote, and where."""

from dataclasses import dataclass, field
from typing import Literal

Level = Literal["mistake", "warning"]


@dataclass(frozen=True, slots=True)
class Mistake:
    """``line`` counts from 1 (0: the file as a whole); ``column`` is the character in TOML, the field in CSV, from 1.

    A mistake makes the pack unusable; a warning is to be read and may stay.
    """

    file: str
    line: int
    column: int
    level: Level
    text: str

    @property
    def place(self) -> str:
        """File, line and column as editors understand them."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def __str__(self) -> str:
        return f"{self.place}: {self.level}: {self.text}"


@dataclass(slots=True)
class Notes:
    """The mistakes found so far."""

    found: list[Mistake] = field(default_factory=list)

    def mistake(self, file: str, line: int, column: int, text: str) -> None:
        """Note something that has to be mended."""
        self.found.append(Mistake(file, line, column, "mistake", text))

    def warn(self, file: str, line: int, column: int, text: str) -> None:
        """Note something that may stay as it is."""
        self.found.append(Mistake(file, line, column, "warning", text))

    @property
    def fatal(self) -> bool:
        """Whether anything has to be mended."""
        return any(m.level == "mistake" for m in self.found)
