"""Report: what the count found beside the truth that only the generator knows, in tables of at most 80 columns."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

from golos.count.bounds import standing_findings
from golos.count.compare import Comparison
from golos.count.count import OWN
from golos.count.summary import excess_of
from golos.demo.crowd import CONTEST
from golos.demo.fate import Fate, Said, machine_tally, tally
from golos.demo.nation import Nation
from golos.demo.run import Ran
from golos.demo.voters import Photo
from golos.model.finding import Finding, Grade, Rule

_ATTACKS = {
    ("F", 0): "if every photograph is what it seems",
    ("k", 1): "if each station has at most 1 fake",
    ("k", 5): "if each station has at most 5 fakes",
    ("F", 100): "if 100 are fakes, placed where they do most",
    ("F", 500): "if 500 are fakes, placed where they do most",
}
"""Rows of bounds.csv, by parameter and value, and what they mean."""


@dataclass(frozen=True, slots=True)
class Beside:
    """A rule's findings at one grade: places named, how many of them are false indeed, votes missing and stolen there.

    A place is a station, or (rule C4) an area, which is false if one of its stations is. ``missing`` is None for the
    rules that count no votes.
    """

    rule: Rule
    grade: Grade
    named: int
    false: int
    missing: int | None
    stolen: int


def beside(comparison: Comparison, nation: Nation) -> Iterator[Beside]:
    """Yield the findings beside the truth, by rule and grade; a place counts at its highest grade by the rule."""
    best = _highest(comparison)
    for rule, grade in sorted({(f.rule, f.grade) for f in best}, key=lambda key: (key[0], list(Grade).index(key[1]))):
        found = [f for f in best if (f.rule, f.grade) == (rule, grade)]
        stolen = [_stolen(comparison, nation, f.area) for f in found]
        counts = rule in (Rule.C1, Rule.C8)
        missing = sum(excess_of(f) for f in found) if counts else None
        yield Beside(rule, grade, len(found), sum(votes > 0 for votes in stolen), missing, sum(stolen))


def _highest(comparison: Comparison) -> list[Finding]:
    best: dict[tuple[Rule, str], Finding] = {}
    order = list(Grade)
    for f in comparison.findings:
        held = best.get((f.rule, f.area))
        if held is None or order.index(f.grade) < order.index(held.grade):
            best[f.rule, f.area] = f
    return list(best.values())


def _stolen(comparison: Comparison, nation: Nation, area: str) -> int:
    """Return the votes stolen at a station, or in all stations of an area."""
    if area in nation.stations:
        return nation.stations[area].stolen
    pack = comparison.count.pack
    parents = {a.code: a.parent for a in pack.areas.values()}
    inside = {area}
    while more := {code for code, parent in parents.items() if parent in inside} - inside:
        inside |= more
    return sum(s.stolen for s in nation.stations.values() if s.district in inside)


def show(ran: Ran, console: Console) -> None:
    """Print the tables."""
    for table in (_findings(ran), _machine(ran), _photographs(ran), _fakes(ran), _ballots(ran)):
        console.print()
        console.print(table)


def _table(title: str, first: str, *others: str) -> Table:
    table = Table(
        title=title, title_justify="left", title_style="bold", caption_justify="left", box=SIMPLE_HEAD, width=78
    )
    table.add_column(first, ratio=1)
    for name in others:
        table.add_column(name, justify="right")
    return table


def _row(table: Table, name: str, *numbers: int | None) -> None:
    table.add_row(name, *("" if number is None else f"{number:,}" for number in numbers))


def _findings(ran: Ran) -> Table:
    table = _table(
        "What the count found, beside the truth", "rule and grade", "named", "false", "honest", "missing", "stolen"
    )
    for row in beside(ran.comparison, ran.nation):
        what = "areas" if row.rule is Rule.C4 else "stations"
        honest = row.named - row.false
        _row(table, f"{row.rule} {row.grade}, {what}", row.named, row.false, honest, row.missing, row.stolen)
    table.add_section()
    named = {f.area for f in ran.comparison.findings if f.grade is Grade.PROVEN} & set(ran.nation.stations)
    false = len(named & ran.nation.falsified)
    _row(table, "stations with a proven finding", len(named), false, len(named) - false)
    _row(table, "truth: all falsified stations", None, len(ran.nation.falsified), None, None, ran.nation.stolen)
    table.caption = "missing: votes missing at the least; stolen: what the authority moved there."
    return table


def _photographs(ran: Ran) -> Table:
    table = _table("What people made of them, and what counts", "truth", "sent", *Fate)
    for kind, met in tally(ran.crowd.sent.photos, ran.pictures).items():
        _row(table, _WORDS[kind], sum(met.values()), *(met[fate] for fate in Fate))
    table.caption = (
        "junk shows no ballot; a copy is another voter's picture, and which of the two\n"
        "is joined to the other is chance; a staged one shows a ballot that was not\ncast."
    )
    return table


def _machine(ran: Ran) -> Table:
    table = _table("The machine's reading of the photographs, beside the truth", "truth", "sent", *Said)
    tallied = machine_tally(ran.crowd.sent.photos, ran.pictures)
    for kind, said in tallied.items():
        _row(table, kind, sum(said.values()), *(said[what] for what in Said))
    told = sum(tallied.values(), Counter[Said]())
    sure = told[Said.RIGHT] + told[Said.WRONG]
    shown = sure + told[Said.REVIEW] - tallied[Photo.JUNK][Said.REVIEW]
    share, right = (100 * part / (whole or 1) for part, whole in ((sure, shown), (told[Said.RIGHT], sure)))
    table.caption = (
        f"Of {shown:,} ballots the machine was sure of {share:.1f} %, right in {right:.2f} % of these.\n"
        "In review: it says nothing. People look at all but copies, and are not told\nwhat it said."
    )
    return table


_WORDS = {
    Photo.HONEST: "honest",
    Photo.JUNK: "fake: junk",
    Photo.COPY: "fake: copy",
    Photo.STAGED: "fake: staged",
}


def _fakes(ran: Ran) -> Table:
    met = tally(ran.crowd.sent.photos, ran.pictures)
    passed = sum(sum(met[kind][fate] for fate in (Fate.RIGHT, Fate.WRONG)) for kind in (Photo.JUNK, Photo.STAGED))
    found = standing_findings(ran.comparison.findings, CONTEST, OWN)
    table = _table("What fakes can do: contradictions of rule C1 that stay", "", "stations", "votes")
    left = {(b.parameter, b.value): b for b in ran.comparison.bounds if (b.source, b.set) == (OWN, "all")}
    for attack, words in _ATTACKS.items():
        if attack in left:
            _row(table, words, left[attack].stations, left[attack].votes)
    table.caption = f"{_breaking(found)}\nJunk and staged pictures counted as votes in this run: {passed:,}."
    return table


def _breaking(found: Sequence[Finding]) -> str:
    numbers = sorted(f.breaking for f in found)
    if not numbers:
        return "No station is contradicted."
    return (
        f"Breaking number, the fakes that it takes to clear a station: {numbers[0]:,} at the\n"
        f"weakest, {median(numbers):g} in the middle, {numbers[-1]:,} at the strongest."
    )


def _ballots(ran: Ran) -> Table:
    told = ran.comparison.summary["contests"][CONTEST]["sources"][OWN]
    ballots = ran.comparison.summary["ballots"]
    table = _table("Ballots", "", "number")
    for name in ("logged", "winning", "superseded", "late", "opened", "withheld", "spoilt"):
        _row(table, name, ballots[name])
    _row(table, "votes declared at opened stations", told["declared"])
    _row(table, "votes confirmed by two readers of a photograph", told["confirmed"])
    for why, often in sorted(Counter(ran.crowd.sent.refused).items()):
        _row(table, f"refused at the door: {why}", often)
    return table
