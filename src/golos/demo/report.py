"""Report: what the count found beside the truth that only the generator knows."""

from collections import Counter
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table

from golos.count.compare import Comparison
from golos.count.count import OWN
from golos.demo.crowd import Sent
from golos.demo.nation import Nation
from golos.demo.voters import Photo, Voter
from golos.model.finding import Finding, Grade, Rule


@dataclass(frozen=True, slots=True)
class Beside:
    """A rule's findings at one grade: stations named, how many of them are false indeed, how many are not."""

    rule: Rule
    grade: Grade
    named: int
    false: int
    honest: int


def beside(comparison: Comparison, nation: Nation) -> list[Beside]:
    """Return the findings about stations beside the truth, by rule and grade."""
    named: Counter[tuple[Rule, Grade]] = Counter()
    right: Counter[tuple[Rule, Grade]] = Counter()
    for finding in _about_stations(comparison, nation):
        named[finding.rule, finding.grade] += 1
        right[finding.rule, finding.grade] += finding.area in nation.falsified
    return [Beside(*key, named[key], right[key], named[key] - right[key]) for key in sorted(named)]


def _about_stations(comparison: Comparison, nation: Nation) -> list[Finding]:
    best: dict[tuple[Rule, str], Finding] = {}
    order = list(Grade)
    for finding in comparison.findings:
        key = finding.rule, finding.area
        if finding.area in nation.stations and (
            key not in best or order.index(finding.grade) < order.index(best[key].grade)
        ):
            best[key] = finding
    return list(best.values())


def show(comparison: Comparison, nation: Nation, voters: list[Voter], sent: Sent, console: Console) -> None:
    """Print both tables."""
    c1 = comparison.summary["contests"]["president"]["sources"][OWN]["c1"]
    table = Table("", "found", "truth", title="What the count found, beside what the generator knows")
    table.add_row("stations falsified", "", str(len(nation.falsified)))
    table.add_row("votes missing at the least (C1)", f"{c1['votes']:,}", f"{nation.stolen:,} stolen")
    for row in beside(comparison, nation):
        verdict = f"{row.false} are false" + (f", [bold red]{row.honest} are honest[/]" if row.honest else "")
        table.add_row(f"{row.rule}, {row.grade}", f"{row.named} stations", verdict)
    console.print(table)
    console.print(_photographs(comparison, voters, sent))


def _photographs(comparison: Comparison, voters: list[Voter], sent: Sent) -> Table:
    kinds = Counter(voter.photo for voter in sent.photos.values())
    told = comparison.summary["contests"]["president"]["sources"][OWN]
    ballots = comparison.summary["ballots"]
    table = Table("photographs and ballots", "number", title="What was sent, and what became of it")
    for kind in (Photo.HONEST, Photo.COPY, Photo.JUNK, Photo.STAGED):
        table.add_row(f"photographs sent: {kind}", f"{kinds[kind]:,}")
    table.add_row("votes confirmed by two readers", f"{told['confirmed']:,}")
    table.add_row("votes declared", f"{told['declared']:,}")
    for name in ("winning", "superseded", "late", "opened", "withheld", "spoilt"):
        table.add_row(f"ballots {name}", f"{ballots[name]:,}")
    for why, often in sorted(sent.refused.items()):
        table.add_row(f"refused at the door: {why}", f"{often:,}")
    return table
