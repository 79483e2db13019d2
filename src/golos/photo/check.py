"""Check: a sum that the numbers of a sheet must keep, as FORM.toml writes it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_RULE = re.compile(r"([^<=>]+)(==|<=)([^<=>]+)")
_RANGE = re.compile(r"sum\(\s*(?P<stem>.*?)(?P<low>\d+)\.\.(?P<high>\d+)\s*\)")


@dataclass(frozen=True, slots=True)
class Check:
    """``left`` and ``right`` are ids of numbers to be added up; ``equal``: the sums are equal, else left <= right."""

    rule: str
    left: tuple[str, ...]
    right: tuple[str, ...]
    equal: bool

    def holds(self, values: Mapping[str, int | None]) -> bool | None:
        """Return whether the check holds, None if a number that it needs is not known."""
        known = [values.get(name) for name in (*self.left, *self.right)]
        if any(value is None for value in known):
            return None
        left = sum(values[name] or 0 for name in self.left)
        right = sum(values[name] or 0 for name in self.right)
        return left == right if self.equal else left <= right


def parse_check(rule: str, ids: Sequence[str]) -> Check:
    """Return the check that ``rule`` writes, like ``sum(option-1..6) + invalid == turnout``.

    Raises ValueError saying what is wrong; every id has to be one of ``ids``.
    """
    parts = _RULE.fullmatch(rule)
    if parts is None:
        raise ValueError("has to be two sums with == or <= between them")
    left, right = (_ids(side, ids) for side in (parts[1], parts[3]))
    return Check(rule, left, right, parts[2] == "==")


def _ids(side: str, ids: Sequence[str]) -> tuple[str, ...]:
    return tuple(name for term in side.split("+") for name in _term(term.strip(), ids))


def _term(term: str, ids: Sequence[str]) -> tuple[str, ...]:
    """Return the ids of one term: an id, or ``sum(stem1..9)`` for the ids stem1, stem2 and so on."""
    found = _RANGE.fullmatch(term)
    names: tuple[str, ...] = (term,)
    if found is not None:
        low, high = int(found["low"]), int(found["high"])
        if not low <= high <= low + 1_000:
            raise ValueError(f"{term[:40]}: the range goes upward, over at most a thousand numbers")
        names = tuple(f"{found['stem']}{number}" for number in range(low, high + 1))
    for name in names:
        if name not in ids:
            raise ValueError(f"{name[:40]!r} is no number of this form")
    return names
