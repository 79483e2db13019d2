"""C6: two versions of one station's protocol differ."""

from collections.abc import Iterator, Sequence
from itertools import combinations

import numpy as np

from golos.count.count import Version
from golos.count.figures import NONE
from golos.count.standing import DIFFER, Standing
from golos.count.words import assumptions
from golos.model.finding import Finding, Grade, Rule

TYPING = "typing differences"


def differences(standing: Standing, stations: tuple[str, ...]) -> Iterator[Finding]:
    """Yield the findings of C6, in the order of the stations."""
    differ = standing.status == DIFFER
    for at in np.flatnonzero(differ.any(axis=1)):
        lines = {
            standing.high.columns[c]: _figures(standing.versions, standing.high.columns[c], int(at))
            for c in np.flatnonzero(differ[at])
        }
        proven = any(_irreconcilable(standing.versions, values) for values in lines.values())
        yield Finding(
            rule=Rule.C6,
            grade=Grade.PROVEN if proven else Grade.SUSPICIOUS,
            contest=standing.contest,
            option="",
            area=stations[at],
            source="",
            tier="",
            breaking=1,
            numbers={"lines": lines},
            assumptions=assumptions(Rule.C6),
            evidence=standing.evidence_at(int(at)),
            reason="" if proven else TYPING,
        )


def _figures(versions: Sequence[Version], line: str, station: int) -> dict[str, int]:
    figures = ((v.source, int(v.figures.column(line)[station])) for v in versions)
    return {source: value for source, value in figures if value != NONE}


def _irreconcilable(versions: Sequence[Version], values: dict[str, int]) -> bool:
    """Say whether two differing figures are both the authority's, or both from paper that was read twice."""
    having = [v for v in versions if v.source in values]
    return any(
        values[a.source] != values[b.source]
        and ((a.authority and b.authority) or not (a.authority or b.authority or min(a.readings, b.readings) < 2))
        for a, b in combinations(having, 2)
    )
