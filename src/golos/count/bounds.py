"""What stays of the contradictions if some of the photographs are fakes (docs/counting.md section 7)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from golos.count.figures import Numbers
from golos.model.finding import Finding, Grade, Rule

BUDGETS = (0, 100, 500, 1_000, 5_000, 10_000)
CAPS = (0, 1, 2, 5, 10, 20, 50, 100)
RATES = (0, 10, 20, 50, 100, 200)


@dataclass(frozen=True, slots=True)
class Bound:
    """So many stations and votes stay under the parameter: ``F``, ``k`` or ``x`` (docs/counting.md)."""

    contest: str
    source: str
    set: str
    parameter: str
    value: int
    stations: int
    votes: int


@dataclass(frozen=True, slots=True, eq=False)
class Excesses:
    """The contradictions of one set: K by station, ascending; p and v of each contradicted option, and whose it is.

    ``station`` numbers the findings from 0 and ascends.
    """

    contradicted: Numbers
    p: Numbers
    v: Numbers
    station: Numbers

    @classmethod
    def of(cls, findings: Sequence[Finding]) -> "Excesses":
        """Return those of C1 findings with K > 0."""
        rows = [
            (at, option["p"], option["v"])
            for at, finding in enumerate(findings)
            for option in _options(finding)
            if option["e"] > 0
        ]
        station, p, v = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        ordered = sorted(finding.breaking for finding in findings)
        return cls(np.array(ordered, dtype=np.int64), p, v, station)

    def against(self, budget: int) -> tuple[int, int]:
        """Return the stations and votes that stay if an adversary placed ``budget`` fakes as best it could.

        It removes stations most cheaply smallest first, and votes one by one wherever there are any.
        """
        sums = np.cumsum(self.contradicted)
        removed = int(np.searchsorted(sums, budget, side="right"))
        return len(self.contradicted) - removed, max(int(self.contradicted.sum()) - budget, 0)

    def capped(self, cap: int) -> tuple[int, int]:
        """Return the stations and votes that stay if every station has at most ``cap`` fakes."""
        left = np.maximum(self.contradicted - cap, 0)
        return int((left > 0).sum()), int(left.sum())

    def rated(self, thousandths: int) -> tuple[int, int]:
        """Return the stations and votes that stay if that share of each option's photographs is fake."""
        left = np.maximum(self.p - self.p * thousandths // 1000 - self.v, 0)
        stations = self.station[left > 0]
        return int(np.count_nonzero(np.diff(stations, prepend=-1))), int(left.sum())


def standing_findings(findings: Sequence[Finding], contest: str, source: str) -> list[Finding]:
    """Return the C1 findings of the tier confirmed that are not withdrawn and have K > 0."""
    return [
        f
        for f in findings
        if (f.rule, f.contest, f.source, f.tier) == (Rule.C1, contest, source, "confirmed")
        and not f.withdrawn
        and f.numbers["K"]
    ]


def bounds(findings: Sequence[Finding], contest: str, source: str) -> Iterator[Bound]:
    """Yield the rows of bounds.csv of one contest and source, in order."""
    every = standing_findings(findings, contest, source)
    sets = {"all": every, "proven": [f for f in every if f.grade is Grade.PROVEN]}
    for name, chosen in sets.items():
        excesses = Excesses.of(chosen)
        ways = (("F", BUDGETS, excesses.against), ("k", CAPS, excesses.capped), ("x", RATES, excesses.rated))
        for parameter, values, left in ways:
            for value in values:
                yield Bound(contest, source, name, parameter, value, *left(value))


def _options(finding: Finding) -> list[Mapping[str, int]]:
    options = finding.numbers["options"]
    return list(options.values()) if isinstance(options, Mapping) else []
