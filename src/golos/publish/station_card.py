"""Station card: a station's tables, verdict and findings: the middle of its own page, or a section of its host's.

It is joined from markup by hand and not by a template: a nation has a million of them in three languages.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from markupsafe import Markup, escape

from golos.count.count import Version, Votes, column_ids
from golos.count.figures import NONE, Numbers
from golos.model.ballot import INVALID
from golos.model.finding import Finding, Grade, Rule
from golos.model.pack import Contest
from golos.publish.finding_card import FindingCards, evidence
from golos.publish.language import marked as _n
from golos.publish.marks import CLASSES
from golos.publish.results import Results
from golos.publish.words import Words

BLANK = "–"
_SMALL = [f"<td>{value}</td>" for value in range(1_000)]


class Column(NamedTuple):
    """A column of a table: whose figures, and how sure."""

    title: Markup
    note: str
    kind: str
    """``official`` or ``citizens``: the class of the style sheet."""


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """A column of one contest over all stations: where its figures stand, and where each id is among them."""

    figures: Numbers
    places: Mapping[str, int]
    head: str
    evidence: Version | Votes
    name: Markup

    def row(self, at: int) -> list[int] | None:
        """Return the figures of the station at that place, None if it has none."""
        row: list[int] = self.figures[at].tolist()
        return row if any(value != NONE for value in row) else None


@dataclass(frozen=True, slots=True, eq=False)
class Ballot:
    """One contest: its name, what its rows are called, the official columns and the citizens'."""

    contest: str
    title: Markup
    options: tuple[tuple[str, str], ...]
    lines: tuple[tuple[str, str], ...]
    versions: tuple[Side, ...]
    tiers: tuple[Side, ...]


class Detail(Enum):
    """How much of its findings a section tells: cards, what they say, or their rules alone."""

    WHOLE = 2
    SAID = 1
    NAMED = 0


Shown = list[tuple[Side, list[int]]]


class StationCards:
    """The cards of one language."""

    def __init__(self, results: Results, words: Words, findings: FindingCards) -> None:
        self._results = results
        self._words = words
        self.findings = findings
        self._index = results.comparison.count.tree.index
        self._own = any(cohort["issued"] for cohort in results.summary["cohorts"].values())
        self._opened = results.summary["opening"] is not None
        self._said = {name: escape(words.language.text(message)) for name, message in _SAID.items()}
        self._reasons = {grade: escape(words.language.text(message)) for grade, message in _GRADED.items()}
        self._ballots = [self._ballot(contest) for contest in results.pack.contests]
        self._heads: dict[tuple[str, bool, str], str] = {}

    def page(self, code: str) -> str:
        """Return what stands on a station's own page below its name and place."""
        grade, findings = self._results.grade(code), self._results.findings_of.get(code, ())
        parts = [f'<p class="verdict g-{CLASSES[grade]}">{self.findings.badges[grade]} {self._reason(grade, findings)}']
        parts.append(f"</p>\n{self._sealing(code)}")
        if findings:
            cards = "".join(self.findings.card(f) for f in findings)
            parts.append(_section("findings", self._said["contradictions"], cards))
        tables = list(self._tables(code, findings))
        for at, (title, table) in enumerate(tables, 1):
            parts.append(_section(f"table-{at}", title, _scroll(f'labelledby="table-{at}"', table)))
        if not tables:
            parts.append(f"<p>{self._said['nothing']}</p>\n")
        listed = "".join(f"<li>{name}: {_mono(item)}</li>\n" for name, item in self.sources(code))
        if listed:
            parts.append(_section("evidence", self._said["evidence"], f"<ul>\n{listed}</ul>\n"))
        return "".join(parts)

    def section(self, code: str, title: Markup, address: Markup, *, detail: Detail) -> str:
        """Return a station as a section of a page of many."""
        grade, findings = self._results.grade(code), self._results.findings_of.get(code, ())
        name = "" if title == code else f"{title} "
        parts = [
            f'<section class="station" id="s-{code}">\n'
            f'<h3>{name}<a class="mono" href="#s-{code}">{code}</a> {self.findings.badges[grade]}</h3>\n'
        ]
        if address:
            parts.append(f'<p class="place">{address}</p>\n')
        parts.append(self._sealing(code))
        parts += [self._finding(f, detail) for f in findings]
        for ballot, versions, tiers in self._filled(code):
            parts.append(_scroll(f'label="{code}"', self._table(ballot, versions, tiers, findings, whole=True)))
        leaves = [item for _, item in self.sources(code) if item.startswith("leaf:")]
        if leaves:
            parts.append(f'<p class="small">{self._said["evidence"]}: {", ".join(map(_mono, leaves))}</p>\n')
        return "".join([*parts, "</section>\n"])

    def sources(self, code: str) -> Iterator[tuple[Markup, str]]:
        """Yield each source that has figures of the station, and ``table:HEX`` or ``leaf:N`` behind it."""
        at = self._index[code]
        for ballot in self._ballots:
            for side in ballot.versions:
                if isinstance(side.evidence, Version) and side.row(at):
                    yield side.name, side.evidence.evidence_at(at)
        for ballot in self._ballots:
            for side in ballot.tiers:
                if side.evidence.evidence and side.row(at):
                    yield side.name, side.evidence.evidence

    def tables_behind(self) -> Iterator[tuple[Markup, str]]:
        """Yield every source that is a published table as a whole: what a page of sections names once."""
        for ballot in self._ballots:
            for side in (*ballot.versions, *ballot.tiers):
                if side.evidence.evidence:
                    yield side.name, side.evidence.evidence

    def section_bytes(self) -> int:
        """Return about how many bytes a section without findings takes, from its rows and columns."""
        total = 400
        for ballot in self._ballots:
            titles = sum(len(title.encode()) + 40 for _, title in (*ballot.options, *ballot.lines))
            columns = len(ballot.versions) + len(ballot.tiers)
            total += 200 + titles + columns * (100 + 14 * (len(ballot.options) + len(ballot.lines)))
        return total

    def _reason(self, grade: Grade, findings: Sequence[Finding]) -> str:
        strongest = next((f for f in findings if f.grade is grade and not f.withdrawn and f.rule is not Rule.C5), None)
        if strongest is not None:
            return escape(self._words.tell(strongest).reason) or self._reasons[Grade.PROVEN]
        return self._reasons[grade]

    def _finding(self, finding: Finding, detail: Detail) -> str:
        if detail is Detail.WHOLE:
            return self.findings.card(finding, level=4)
        told = self._words.tell(finding)
        said = " · ".join(map(escape, (*told.said, told.breaking))) if detail is Detail.SAID else ""
        return f"<p>{self.findings.badges[finding.grade]} {escape(told.rule)}. {said}</p>\n"

    def _sealing(self, code: str) -> str:
        """Say that this log's ballots are sealed, or withheld; "" where they are open or there is no such log."""
        text = self._words.language.text
        if not self._own or code in self._results.opened:
            return ""
        said = text("The ballots of this election are still sealed; the stewards have not opened them.")
        if self._opened:
            said = text(
                "Withheld: fewer than %(k)s ballots came from this station, or none. To protect the voters they are "
                "not opened, and they enter no number at any level.",
                k=self._words.language.number(self._results.pack.policy.k),
            )
        return f'<p class="notice">{escape(said)}</p>\n'

    # The tables.

    def _filled(self, code: str) -> Iterator[tuple[Ballot, Shown, Shown]]:
        at = self._index[code]
        for ballot in self._ballots:
            versions = [(side, row) for side in ballot.versions if (row := side.row(at))]
            tiers = [(side, row) for side in ballot.tiers if (row := side.row(at))]
            if versions or tiers:
                yield ballot, versions, tiers

    def _tables(self, code: str, findings: Sequence[Finding]) -> Iterator[tuple[str, str]]:
        """Yield title and markup of each table of a station's own page."""
        for ballot, versions, tiers in self._filled(code):
            yield ballot.title, self._table(ballot, versions, tiers, findings, whole=False)
            rows = self._rows(ballot.lines, versions, {})
            if rows:
                yield self._said["lines"], _table(self._said["lines"], self._head("line", versions), rows)

    def _table(self, ballot: Ballot, versions: Shown, tiers: Shown, findings: Sequence[Finding], *, whole: bool) -> str:
        """Return the table of the options; ``whole``: with the other lines below, as a section has but one table."""
        missing = self._missing(ballot.contest, findings)
        sides = [*versions, *tiers]
        rows = self._rows(ballot.options, sides, missing)
        if whole:
            rows += self._rows(ballot.lines, sides, {}, wide=bool(missing))
        shown = whole and len(self._ballots) > 1
        return _table(ballot.title, self._head("option", sides, missing=bool(missing)), rows, shown=shown)

    def _head(self, first: str, sides: Shown, *, missing: bool = False) -> str:
        key = first, missing, "".join(side.head for side, _ in sides)
        if key not in self._heads:
            last = f'<th scope="col" class="missing">{self._said["missing"]}<small>{self._said["least"]}</small></th>'
            cells = key[2] + (last if missing else "")
            self._heads[key] = f'<thead><tr><th scope="col">{self._said[first]}</th>{cells}</tr></thead>\n'
        return self._heads[key]

    def _rows(
        self, ids: Sequence[tuple[str, str]], sides: Shown, missing: Mapping[str, int], *, wide: bool = False
    ) -> str:
        """Return the rows that have a number; an empty last cell where other rows have one of missing votes."""
        found = []
        for name, title in ids:
            values = [row[side.places[name]] if name in side.places else NONE for side, row in sides]
            if any(value != NONE for value in values):
                cells = "".join(map(self._cell, values))
                last = self._cell(missing[name]) if name in missing else "<td></td>" if missing or wide else ""
                row = '<tr class="broken">' if name in missing else "<tr>"
                found.append(f"{row}{title}{cells}{last}</tr>\n")
        return "".join(found)

    def _cell(self, value: int) -> str:
        if 0 <= value < 1_000:
            return _SMALL[value]
        return f"<td>{BLANK}</td>" if value == NONE else f"<td>{self._words.language.number(value)}</td>"

    def _missing(self, contest: str, findings: Sequence[Finding]) -> dict[str, int]:
        """Return the votes missing by option, by the headline source's confirmed photographs."""
        headline = (Rule.C1, contest, self._results.comparison.headline.get(contest), "confirmed")
        for finding in findings:
            claimed = finding.grade is not Grade.SUSPICIOUS and not finding.withdrawn
            if claimed and (finding.rule, finding.contest, finding.source, finding.tier) == headline:
                options = finding.numbers["options"]
                if isinstance(options, Mapping):
                    return {option: row["e"] for option, row in options.items() if row["e"]}
        return {}

    # The columns, made once.

    def _ballot(self, contest: Contest) -> Ballot:
        options = (*(option.id for option in contest.options), INVALID)
        lines = tuple(i for i in column_ids(self._results.pack, contest.id) if i not in options)
        versions = tuple(self._official(v) for v in self._results.versions if v.contest == contest.id)
        tiers = tuple(self._tier(v, options) for v in self._results.votes if v.contest == contest.id)
        title = self._words.language.label(contest.names, contest.id)
        named = [
            tuple((i, f'<th scope="row">{self._words.option(contest.id, i)}</th>') for i in ids)
            for ids in (options, lines)
        ]
        return Ballot(contest.id, title, named[0], named[1], versions, tiers)

    def _official(self, version: Version) -> Side:
        language, name = self._words.language, self._words.source(version.source)
        note = (
            language.text("protocol, the authority's own data")
            if version.authority
            else language.plural("protocol, read %(n)s time", "protocol, read %(n)s times", version.readings)
        )
        figures = version.figures
        places = {column: at for at, column in enumerate(figures.columns)}
        return Side(figures.values, places, head(Column(name, note, "official")), version, name)

    def _tier(self, votes: Votes, options: Sequence[str]) -> Side:
        source, tier = self._words.source(votes.source), self._words.tier(votes.tier)
        name = Markup("{} ({})").format(source, tier)
        places = {column: at for at, column in enumerate(options)}
        figures = votes.figures.take(options)
        return Side(figures, places, head(Column(source, tier, "citizens")), votes, name)


def head(column: Column) -> str:
    """Return the head of a column."""
    return f'<th scope="col" class="{column.kind}">{column.title}<small>{escape(column.note)}</small></th>'


def _section(name: str, title: str, inside: str) -> str:
    return f'<section aria-labelledby="{name}"><h2 id="{name}">{title}</h2>\n{inside}</section>\n'


def _scroll(label: str, table: str) -> str:
    return f'<div class="scroll" tabindex="0" role="region" aria-{label}>\n{table}</div>\n'


def _table(title: str, head: str, rows: str, *, shown: bool = False) -> str:
    hidden = "" if shown else ' class="hidden"'
    caption = f"<caption{hidden}>{title}</caption>"
    return f'<table class="numbers">\n{caption}\n{head}<tbody>\n{rows}</tbody></table>'


def _mono(item: str) -> str:
    return f'<span class="mono">{evidence(item, "../")}</span>'


_SAID: Mapping[str, str] = {
    "contradictions": _n("Contradictions"),
    "nothing": _n("Nobody has sent a protocol or photographs of this station."),
    "evidence": _n("Where the numbers come from"),
    "option": _n("Option"),
    "line": _n("Line"),
    "lines": _n("Other lines of the protocol"),
    "missing": _n("Missing"),
    "least": _n("at the least"),
}
_GRADED: Mapping[Grade, str] = {
    Grade.PROVEN: _n("People have read the photographs, the protocol was read twice, and they contradict each other."),
    Grade.STRONG: _n("There is a strong contradiction."),
    Grade.SUSPICIOUS: _n("Something does not fit; it may be an error, ours included."),
    Grade.CONSISTENT: _n("A shift of 5 % of the votes would have been seen here, and was not."),
    Grade.CANT_TELL: _n("There are too few data to see a shift either way."),
    Grade.NO_DATA: _n("There is neither a protocol nor a confirmed photograph."),
}
