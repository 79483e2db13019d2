"""Station view: the tables of a station's page, the protocol's versions beside the citizens' tallies."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup, escape

from golos.count.count import column_ids
from golos.model.ballot import INVALID
from golos.model.entry import TIERS
from golos.model.finding import Finding, Grade, Rule
from golos.model.pack import Contest
from golos.publish.language import marked as _n
from golos.publish.results import Figure, Results
from golos.publish.words import Told, Words

BLANK = "–"


class Column(NamedTuple):
    """A column of a station's table: whose figures, and how sure."""

    title: Markup
    note: str
    kind: str
    """``official`` or ``citizens``: the class of the style sheet."""


class Row(NamedTuple):
    """A line of a station's table; ``broken`` where votes are missing."""

    title: Markup
    cells: list[str]
    broken: bool


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a station's page."""

    title: Markup | str
    head: str
    columns: list[Column]
    rows: list[Row]


class StationView:
    """The values of the stations' pages in one language."""

    def __init__(self, results: Results, words: Words, told: Mapping[str, Told]) -> None:
        self._results = results
        self._words = words
        self._told = told
        self._number = words.language.number
        self._contests = [(c, words.language.label(c.names, c.id)) for c in results.pack.contests]
        self._own = any(cohort["issued"] for cohort in results.summary["cohorts"].values())
        self._opened = results.summary["opening"] is not None
        self._citizens: dict[tuple[str, str], Column] = {}

    def values(self, code: str) -> dict[str, object]:
        """Return what station.html needs besides names and addresses."""
        findings = self._results.findings_of.get(code, ())
        return {
            "grade": self._results.grades[code],
            "reason": self._reason(self._results.grades[code], findings),
            "sealing": self._sealing(code),
            "told": [self._told[f.id] for f in findings],
            "tables": [table for pair in self._contests for table in self._tables(code, *pair)],
            "sources": list(self._evidence(code)),
        }

    def _reason(self, grade: Grade, findings: Sequence[Finding]) -> str:
        text = self._words.language.text
        strongest = next((f for f in findings if f.grade is grade and not f.withdrawn and f.rule is not Rule.C5), None)
        if strongest is not None:
            return self._told[strongest.id].reason or text(_GRADED[Grade.PROVEN])
        return text(_GRADED[grade])

    def _sealing(self, code: str) -> str:
        """Say that this log's ballots are sealed, or withheld; "" where they are open or there is no such log."""
        text = self._words.language.text
        if not self._own or code in self._results.opened:
            return ""
        if not self._opened:
            return text("The ballots of this election are still sealed; the stewards have not opened them.")
        return text(
            "Withheld: fewer than %(k)s ballots came from this station, or none. To protect the voters they are not "
            "opened, and they enter no number at any level.",
            k=self._number(self._results.pack.policy.k),
        )

    def _tables(self, code: str, contest: Contest, title: Markup) -> Iterator[Table]:
        versions = self._versions(code, contest.id)
        tiers = self._tiers(code, contest.id)
        options = (*(option.id for option in contest.options), INVALID)
        text = self._words.language.text
        if versions or tiers:
            yield self._votes(code, contest, title, versions, tiers)
        lines = [i for i in column_ids(self._results.pack, contest.id) if i not in options]
        lines = [line for line in lines if any(line in figures for _, figures in versions)]
        if lines:
            rows = [
                Row(self._words.option(contest.id, line), self._cells(line, [f for _, f in versions]), broken=False)
                for line in lines
            ]
            yield Table(text("Other lines of the protocol"), text("Line"), [column for column, _ in versions], rows)

    def _votes(
        self,
        code: str,
        contest: Contest,
        title: Markup,
        versions: list[tuple[Column, dict[str, int]]],
        tiers: list[tuple[Column, dict[str, int]]],
    ) -> Table:
        missing = self._missing(code, contest.id)
        text = self._words.language.text
        columns = [column for column, _ in (*versions, *tiers)]
        sides = [figures for _, figures in (*versions, *tiers)]
        rows = []
        for option in (*(o.id for o in contest.options), INVALID):
            cells = self._cells(option, sides)
            if missing:
                cells.append(self._number(missing[option]) if option in missing else "")
            if any(cell != BLANK for cell in cells):
                rows.append(Row(self._words.option(contest.id, option), cells, option in missing))
        if missing:
            columns.append(Column(escape(text("Missing")), text("at the least"), "missing"))
        return Table(title, text("Option"), columns, rows)

    def _cells(self, line: str, sides: Sequence[Mapping[str, int]]) -> list[str]:
        return [self._number(side[line]) if line in side else BLANK for side in sides]

    def _versions(self, code: str, contest: str) -> list[tuple[Column, dict[str, int]]]:
        found: dict[str, dict[str, int]] = {}
        columns: dict[str, Column] = {}
        for figure in self._results.figures_of.get(code, ()):
            if figure.contest == contest:
                found.setdefault(figure.source, {})[figure.line] = figure.value
                columns.setdefault(figure.source, self._official(figure))
        return [(columns[source], figures) for source, figures in found.items()]

    def _official(self, figure: Figure) -> Column:
        language = self._words.language
        note = (
            language.text("protocol, the authority's own data")
            if figure.authority
            else language.plural("protocol, read %(n)s time", "protocol, read %(n)s times", figure.readings)
        )
        return Column(self._words.source(figure.source), note, "official")

    def _tiers(self, code: str, contest: str) -> list[tuple[Column, dict[str, int]]]:
        found: dict[tuple[str, str], dict[str, int]] = {}
        for tally in self._results.tallies_of.get(code, ()):
            if tally.contest == contest:
                found.setdefault((tally.source, tally.tier), {})[tally.option] = tally.votes
        ordered = sorted(found, key=lambda key: (key[0], -TIERS.index(key[1])))
        return [(self._tier(*key), found[key]) for key in ordered]

    def _tier(self, source: str, tier: str) -> Column:
        if (source, tier) not in self._citizens:
            column = Column(self._words.source(source), self._words.tier(tier), "citizens")
            self._citizens[source, tier] = column
        return self._citizens[source, tier]

    def _missing(self, code: str, contest: str) -> dict[str, int]:
        """Return the votes missing by option, by the headline source's confirmed photographs."""
        for finding in self._results.findings_of.get(code, ()):
            headline = (Rule.C1, contest, self._results.comparison.headline[contest], "confirmed")
            claimed = finding.grade is not Grade.SUSPICIOUS and not finding.withdrawn
            if claimed and (finding.rule, finding.contest, finding.source, finding.tier) == headline:
                options = finding.numbers["options"]
                if isinstance(options, Mapping):
                    return {option: row["e"] for option, row in options.items() if row["e"]}
        return {}

    def _evidence(self, code: str) -> Iterator[tuple[Markup, str]]:
        """Yield each source that has figures of the station, and ``table:HEX`` or ``leaf:N`` behind it."""
        count = self._results.comparison.count
        at = count.tree.index[code]
        sources = {figure.source for figure in self._results.figures_of.get(code, ())}
        for version in count.versions:
            if version.source in sources:
                yield self._words.source(version.source), version.evidence_at(at)
        tiers = {(tally.source, tally.tier) for tally in self._results.tallies_of.get(code, ())}
        for votes in count.votes:
            if (votes.source, votes.tier) in tiers and votes.evidence:
                name = Markup("{} ({})").format(self._words.source(votes.source), self._words.tier(votes.tier))
                yield name, votes.evidence


_GRADED: Mapping[Grade, str] = {
    Grade.PROVEN: _n("People have read the photographs, the protocol was read twice, and they contradict each other."),
    Grade.STRONG: _n("There is a strong contradiction."),
    Grade.SUSPICIOUS: _n("Something does not fit; it may be an error, ours included."),
    Grade.CONSISTENT: _n("A shift of 5 % of the votes would have been seen here, and was not."),
    Grade.CANT_TELL: _n("There are too few data to see a shift either way."),
    Grade.NO_DATA: _n("There is neither a protocol nor a confirmed photograph."),
}
