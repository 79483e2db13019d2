"""Result: the one shape of everything the analyst says (docs/analyst.md)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from golos.count.figures import Mask
from golos.model.finding import Grade

_ORDER = tuple(Grade)


@dataclass(frozen=True, slots=True)
class Method:
    """A method, who published it, what it takes for granted and what else can look like its signal.

    ``most`` is the strongest grade that it can ever give.
    """

    name: str
    citations: tuple[str, ...]
    assumptions: tuple[str, ...]
    confounds: tuple[str, ...]
    most: Grade


@dataclass(frozen=True, slots=True)
class Rows:
    """How many rows a result rests on, and how many were left out for which reason (the first that applies)."""

    used: int
    excluded: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """What a method found. ``numbers`` are its own figures; docs/analyst.md names their keys.

    ``input`` is the SHA-256 of what was read, in hex. ``seed`` is what random draws started from, "" where there
    are none. ``reason`` says in words why the grade is what it is.
    """

    method: Method
    grade: Grade
    reason: str
    rows: Rows
    input: str
    numbers: Mapping[str, Any] = field(default_factory=dict)
    seed: str = ""

    def __post_init__(self) -> None:
        """No result is graded above what its method can show."""
        if _ORDER.index(self.grade) < _ORDER.index(self.method.most):
            raise ValueError(f"{self.method.name} can't be graded {self.grade}")

    def told(self) -> dict[str, Any]:
        """Return the result as one flat object for JSON: its numbers, then what every result carries."""
        return {
            **self.numbers,
            "grade": self.grade.value,
            "reason": self.reason,
            "method": self.method.name,
            "citations": list(self.method.citations),
            "assumptions": list(self.method.assumptions),
            "confounds": list(self.method.confounds),
            "rows": {"used": self.rows.used, "excluded": dict(self.rows.excluded)},
            "seed": self.seed or None,
            "input": self.input,
        }


def refused(method: Method, reason: str, rows: int, source: str) -> Result:
    """Return the result of a method that the data at hand do not allow: *no data*, and why."""
    return Result(method, Grade.NO_DATA, reason, Rows(0, {reason: rows} if rows else {}), source)


def kept(conditions: Sequence[tuple[str, Mask]], rows: int) -> tuple[Mask, Rows]:
    """Return which rows meet every condition, and the account of the others.

    A condition is the reason to leave a row out, and where that reason holds [rows].
    """
    left: Mask = np.ones(rows, dtype=np.bool_)
    excluded: dict[str, int] = {}
    for reason, holds in conditions:
        out = left & holds
        if number := int(out.sum()):
            excluded[reason] = number
        left &= ~holds
    return left, Rows(int(left.sum()), excluded)


def graded(chance: float, strong: float, suspicious: float) -> Grade:
    """Return the grade of a chance under the null hypothesis; a large chance shows nothing either way."""
    if chance < strong:
        return Grade.STRONG
    return Grade.SUSPICIOUS if chance < suspicious else Grade.CANT_TELL
