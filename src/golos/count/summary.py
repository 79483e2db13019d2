"""The summary of a comparison: data/summary.json (docs/counting.md section 6)."""

import dataclasses
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from golos.count.bounds import standing_findings
from golos.count.count import BOUND, Count, Votes
from golos.count.figures import known
from golos.count.standing import Standing
from golos.model.finding import Finding, Grade, Rule


def summary(
    count: Count,
    standings: Sequence[Standing],
    findings: Sequence[Finding],
    bound: Sequence[Finding],
    grades: Sequence[Grade],
    headline: Mapping[str, str | None],
) -> dict[str, Any]:
    """Return the object of data/summary.json; ``bound``: the findings of C1 if only the bound are confirmed."""
    announced = count.pack.stations_announced
    found = Counter(grades)
    return {
        "election": count.pack.id.hex(),
        "size": count.size,
        "root": count.root.hex(),
        "opening": count.opening,
        "denominators": {
            "stations": len(count.tree.stations) if announced is None else announced,
            "stations_with_protocol": {s.contest: int(s.with_protocol.sum()) for s in standings},
        },
        "stations": {grade.value: found[grade] for grade in Grade},
        "ballots": dataclasses.asdict(count.ballots),
        "cohorts": {name: {"issued": n, "redeemed": m} for name, (n, m) in count.cohorts.items()},
        "contests": {
            s.contest: {
                "headline_source": headline[s.contest],
                "sources": {
                    source: _source(count, findings, bound, s.contest, source) for source in sources(count, s.contest)
                },
            }
            for s in standings
        },
    }


def _source(
    count: Count, findings: Sequence[Finding], bound: Sequence[Finding], contest: str, source: str
) -> dict[str, Any]:
    told = {
        "declared": total(count, contest, source, "declared"),
        "confirmed": total(count, contest, source, "confirmed"),
        "c1": contradicted(count, findings, contest, source),
    }
    votes = total(count, contest, source, BOUND)
    if votes is None:
        return told
    return told | {"bound": votes, "c1_bound": contradicted(count, bound, contest, source)}


def sources(count: Count, contest: str) -> list[str]:
    """Return the citizens' sources of a contest, by name."""
    return sorted({v.source for v in count.votes if v.contest == contest})


def headline_source(count: Count, contest: str) -> str | None:
    """Return the citizens' source with the most confirmed votes for options, the first by name of equal ones."""
    tallies = count.votes_of(contest, "confirmed")
    return max(tallies, key=lambda v: _options_total(count, v)).source if tallies else None


def total(count: Count, contest: str, source: str, tier: str) -> int | None:
    """Return the votes of a source and tier, options and ``invalid``; None where it lacks the tier."""
    for votes in count.votes_of(contest, tier):
        if votes.source == source:
            return int(known(votes.figures.take(count.ids(contest))).sum())
    return None


def contradicted(count: Count, findings: Sequence[Finding], contest: str, source: str) -> dict[str, Any]:
    """Return what the C1 findings of a source's confirmed tier add up to."""
    chosen = standing_findings(findings, contest, source)
    by_grade: dict[str, list[int]] = {}
    for f in findings:
        if (f.rule, f.contest, f.source, f.tier) == (Rule.C1, contest, source, "confirmed") and not f.withdrawn:
            cell = by_grade.setdefault(f.grade.value, [0, 0])
            cell[0] += 1
            cell[1] += excess_of(f)
    return {
        "stations": len(chosen),
        "votes": sum(map(excess_of, chosen)),
        "by_grade": by_grade,
        "by_region": _by_region(count, chosen),
        "by_option": _by_option(chosen),
    }


def excess_of(finding: Finding) -> int:
    """Return K of a C1 or C8 finding."""
    votes = finding.numbers["K"]
    return votes if isinstance(votes, int) else 0


def _options_total(count: Count, votes: Votes) -> int:
    return int(known(votes.figures.take(count.ids(votes.contest)[:-1])).sum())


def _by_region(count: Count, findings: Sequence[Finding]) -> dict[str, int]:
    tree = count.tree
    return dict(sorted(Counter(tree.areas[tree.regions[tree.index[f.area]]] for f in findings).items()))


def _by_option(findings: Sequence[Finding]) -> dict[str, int]:
    sums: Counter[str] = Counter()
    for finding in findings:
        options = finding.numbers["options"]
        if isinstance(options, Mapping):
            sums.update({option: numbers["e"] for option, numbers in options.items() if numbers["e"]})
    return dict(sums)
