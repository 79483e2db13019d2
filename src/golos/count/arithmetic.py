"""C5: lines of a protocol that must agree and do not. Ordinary in clean elections: a label, never a proof."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from golos.count.count import Version, column_ids, option_ids
from golos.count.figures import NONE, Mask, Numbers
from golos.count.standing import Standing
from golos.count.words import assumptions
from golos.model.finding import Finding, Grade, Rule
from golos.model.pack import Check, Pack

ALL_OPTIONS = "options"


@dataclass(frozen=True, slots=True, eq=False)
class Checked:
    """One check in one version: both sums [stations], where all figures are there, and where they disagree."""

    contest: str
    check: str
    version: Version
    left: Numbers
    right: Numbers
    complete: Mask
    broken: Mask


def checked(pack: Pack, standing: Standing) -> Iterator[Checked]:
    """Yield every check of the pack in every version of the contest's protocols."""
    columns = set(column_ids(pack, standing.contest))
    for check in pack.checks:
        left, right = _side(pack, check.left, standing.contest), _side(pack, check.right, standing.contest)
        if columns.issuperset((*left, *right)):
            for version in standing.versions:
                yield _check(check, standing.contest, version, left, right)


def disagreements(found: Checked, stations: tuple[str, ...]) -> Iterator[Finding]:
    """Yield the findings of C5 of one check in one version, in the order of the stations."""
    for at in np.flatnonzero(found.broken):
        left, right = int(found.left[at]), int(found.right[at])
        yield Finding(
            rule=Rule.C5,
            grade=Grade.SUSPICIOUS,
            contest=found.contest,
            option=found.check,
            area=stations[at],
            source=found.version.source,
            tier="",
            breaking=abs(left - right),
            numbers={"left": left, "right": right},
            assumptions=assumptions(Rule.C5),
            evidence=(found.version.evidence_at(int(at)),),
        )


def _side(pack: Pack, ids: Sequence[str], contest: str) -> list[str]:
    return [name for term in ids for name in (option_ids(pack, contest) if term == ALL_OPTIONS else (term,))]


def _check(check: Check, contest: str, version: Version, left_ids: list[str], right_ids: list[str]) -> Checked:
    left, right = version.figures.take(left_ids), version.figures.take(right_ids)
    complete: Mask = (left != NONE).all(axis=1) & (right != NONE).all(axis=1)
    a, b = left.sum(axis=1), right.sum(axis=1)
    holds = a <= b if check.relation == "<=" else a == b
    return Checked(contest, check.id, version, a, b, complete, complete & ~holds)
