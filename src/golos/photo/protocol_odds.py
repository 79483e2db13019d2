"""Odds: how likely the cells of a sheet say other numbers than the ones read, in the light of the sums.

Every other class of a cell is an alternative, as likely as the network says. One alternative alone is excluded by an
equation that it would break; two together are not if their changes cancel. One hand wrote the sheet, so the same
confusion in two cells is hardly less likely than in one. Where the pen left a cell open, the sums say which it is.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations, dropwhile

import numpy as np

from golos.photo.check import Check
from golos.photo.digits import CORRECTED, EMPTY, STRUCK, Cell

NEVER_SURER = 1e-5
"""Chance that is spread over all classes of a cell whatever the network says."""
BROKEN, BY_ONE = 1e-3, 8e-3
"""Chance that a real sheet breaks an equation by one given amount, and by 1; between them it falls as the amount grows
(of 659 complete protocols of Belarus 2020 81 break their sum: 9 by 1, 11 by 2, 4 each by 5, 6 and 60)."""
LEFT_OPEN = 0.1
"""Odds of another class, at the least, for a cell to be left open: the sums may settle it."""
LEGIBLE = 0.1
"""Chance that a cell that was written over, and still reads as a digit, means another one."""
SAME_HAND = 0.1
"""Chance that a confusion made in one cell is made in another of the same digit too."""
_MOST = 1e6
"""Odds are cut here: what is hopeless needs no larger number."""
Place = tuple[str, int]
Effect = tuple[int, ...]


@dataclass(frozen=True, eq=False)
class Reading:
    """``cells`` and the ``classes`` they are read as, by the number's id; ``told``: numbers from the sheet's code."""

    cells: Mapping[str, Sequence[Cell]]
    classes: Mapping[str, Sequence[int]]
    checks: tuple[Check, ...]
    told: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def values(self) -> dict[str, int | None]:
        """The numbers read, None for one that can't be told."""
        return {name: value_of(each) for name, each in self.classes.items()} | dict(self.told)

    @property
    def holds(self) -> bool:
        """Whether there are equations, and all of them hold."""
        equal = [check for check in self.checks if check.equal]
        return bool(equal) and all(check.holds(self.values) for check in equal)

    @property
    def equations(self) -> tuple[Check, ...]:
        """The checks that tell: equations whose numbers are all known."""
        return tuple(check for check in self.checks if check.equal and check.holds(self.values) is not None)

    @property
    def bounds(self) -> tuple[Check, ...]:
        """The inequalities that hold."""
        return tuple(check for check in self.checks if not check.equal and check.holds(self.values))

    @property
    def gaps(self) -> Effect:
        """Left side minus right side of each equation, 0 where it holds."""
        return tuple(sum(c * (self.values[n] or 0) for n, c in _coefficients(e).items()) for e in self.equations)


@dataclass(frozen=True)
class Change:
    """One cell read as another class: by how much each equation moves, and the odds against what was read."""

    place: Place
    swap: tuple[int, int]
    effect: Effect
    odds: float


def value_of(classes: Sequence[int]) -> int | None:
    """Return the number that cells of these classes say: digits, with nothing or strikes before them; else None."""
    rest = list(dropwhile(lambda each: each in (EMPTY, STRUCK), classes))
    if not rest or max(rest) > 9:
        return None
    return int("".join(str(each) for each in rest))


def settled(
    cells: Mapping[str, Sequence[Cell]], checks: Sequence[Check], told: Mapping[str, int] | None = None
) -> Reading:
    """Return each cell as its likeliest class; if equations fail and one cell that is left open mends them, as that."""
    best = Reading(cells, {name: [each.best for each in row] for name, row in cells.items()}, tuple(checks), told or {})
    if best.holds:
        return best
    mends = [(odds, mended) for odds, mended in _otherwise(best) if mended.holds]
    return max(mends, key=lambda each: each[0])[1] if mends else best


def _otherwise(reading: Reading) -> Iterator[tuple[float, Reading]]:
    """Give the readings with one cell as another class that it is left open to, and the odds of that."""
    for name, row in reading.cells.items():
        for position, cell in enumerate(row):
            for other in np.flatnonzero(cell.chances >= LEFT_OPEN * cell.confidence):
                if other != cell.best and name not in reading.told:
                    classes = list(reading.classes[name])
                    classes[position] = int(other)
                    changed = replace(reading, classes={**reading.classes, name: classes})
                    yield float(cell.chances[other]) / cell.confidence, changed


def doubts(reading: Reading) -> dict[Place, float]:
    """Return, per cell, its part of the odds that the numbers are others than those read."""
    told: dict[Place, float] = defaultdict(float)
    changes = list(_changes(reading))
    gaps = reading.gaps
    for change in changes:
        told[change.place] += change.odds * _weight(change.effect, gaps)
    for one, two in _cancelling(changes, gaps):
        both = _together(one, two) * _weight(tuple(-gap for gap in gaps), gaps)
        told[one.place] += both / 2
        told[two.place] += both / 2
    return dict(told)


def _together(one: Change, two: Change) -> float:
    apart = one.odds * two.odds
    return max(apart, SAME_HAND * min(one.odds, two.odds)) if one.swap == two.swap else apart


def _weight(effect: Effect, gaps: Effect) -> float:
    """Return how the equations weigh a change: to break what holds is rare, to mend what is broken is likely."""
    return _chance(tuple(gap + moved for gap, moved in zip(gaps, effect, strict=True))) / _chance(gaps)


def _chance(gaps: Effect) -> float:
    """Return how often a sheet's equations fail by these amounts, beside one where they hold."""
    return min((max(BROKEN, BY_ONE / abs(gap)) for gap in gaps if gap), default=1.0)


def _changes(reading: Reading) -> Iterator[Change]:
    equations = [_coefficients(check) for check in reading.equations]
    for name, cells in reading.cells.items():
        moved = [each.get(name, 0) for each in equations]
        bounds = [check for check in reading.bounds if name in (*check.left, *check.right)]
        for position in range(len(cells)):
            yield from _of_cell(reading, name, position, moved, bounds)


def _of_cell(
    reading: Reading, name: str, position: int, moved: Sequence[int], bounds: Sequence[Check]
) -> Iterator[Change]:
    values, classes = reading.values, reading.classes[name]
    value, cell, best = values[name], reading.cells[name][position], classes[position]
    for other, chance in enumerate(cell.chances):
        if other == best:
            continue
        odds = min((float(chance) + NEVER_SURER / len(cell.chances)) / float(cell.chances[best]), _MOST)
        changed = value_of([*classes[:position], other, *classes[position + 1 :]])
        if changed == value and value is not None:
            continue
        unread = changed is None or value is None
        effect = tuple(0 if unread else c * ((changed or 0) - (value or 0)) for c in moved)
        if other == CORRECTED:
            odds *= LEGIBLE
        if changed is not None and any(check.holds(values | {name: changed}) is False for check in bounds):
            odds *= BROKEN
        if not (changed is None and any(moved)):
            yield Change((name, position), (best, other), effect, odds)


def _cancelling(changes: Sequence[Change], gaps: Effect) -> Iterator[tuple[Change, Change]]:
    """Give the pairs of changes in two cells that leave every equation holding."""
    if not gaps:
        return
    by_effect: dict[Effect, list[Change]] = defaultdict(list)
    for change in changes:
        if any(change.effect):
            by_effect[change.effect].append(change)
    for effect, ones in by_effect.items():
        wanted = tuple(-gap - moved for gap, moved in zip(gaps, effect, strict=True))
        if wanted == effect:
            yield from ((a, b) for a, b in combinations(ones, 2) if a.place != b.place)
        elif effect < wanted:
            yield from ((a, b) for a in ones for b in by_effect.get(wanted, ()) if a.place != b.place)


def _coefficients(check: Check) -> dict[str, int]:
    """Return how often each number counts on the left less on the right."""
    told: dict[str, int] = defaultdict(int)
    for name in check.left:
        told[name] += 1
    for name in check.right:
        told[name] -= 1
    return dict(told)
