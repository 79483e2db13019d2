"""Exhibit: the page of one contradicted station: both sides of its figures, what they say, where they come from."""

from collections.abc import Iterator, Sequence

from golos.count.count import Version, Votes, column_ids
from golos.count.figures import NONE
from golos.model.ballot import INVALID
from golos.model.finding import Rule
from golos.model.pack import Contest
from golos.publish.language import untagged
from golos.publish.results import Results
from golos.report.document import Block, Heading, Table, Text
from golos.report.findings import told, verdict
from golos.report.voice import Voice

_BLANK = "–"


def exhibit(results: Results, voice: Voice, number: int, code: str) -> Iterator[Block]:
    """Yield the page of a station."""
    station, text = results.pack.stations[code], voice.text
    yield Heading(1, text("Exhibit %(n)s", n=str(number)) + f". {voice.name(station.names, code)}")
    within = [voice.name(area.names, area.code) for area in results.path[station.area][1:]]
    place = [part for part in (station.address, station.place) if part]
    yield Text(" · ".join((code, *reversed(within), *place)), "small")
    yield verdict(results, voice, code)
    for contest in results.pack.contests:
        yield from _figures(results, voice, contest, code)
    for finding in results.findings_of.get(code, ()):
        yield Heading(2, f"{finding.rule}. {untagged(voice.words.tell(finding).rule)}")
        if finding.rule in (Rule.C5, Rule.C6):
            yield voice.verdict(finding.grade, voice.said(finding))
        else:
            yield from told(finding, voice)


def _figures(results: Results, voice: Voice, contest: Contest, code: str) -> Iterator[Block]:
    """Yield the table of every figure of the station: a column for each version and each of the citizens' tallies."""
    at = results.comparison.count.tree.index[code]
    options = [*(option.id for option in contest.options), INVALID]
    lines = [name for name in column_ids(results.pack, contest.id) if name not in options]
    sides: list[tuple[str, Sequence[int]]] = []
    every: list[Version | Votes] = [*results.versions, *results.votes]
    for side in every:
        if side.contest == contest.id:
            found = dict(zip(side.figures.columns, side.figures.values[at].tolist(), strict=True))
            ids = options + lines if isinstance(side, Version) else options
            row = [found.get(name, NONE) if name in ids else NONE for name in options + lines]
            if any(value != NONE for value in row):
                sides.append((_head(voice, side), row))
    rows = [
        [voice.option(contest.id, name), *(_cell(voice, row[place]) for _, row in sides)]
        for place, name in enumerate(options + lines)
        if any(row[place] != NONE for _, row in sides)
    ]
    if rows:
        head = [voice.text("Line of the protocol or option"), *(title for title, _ in sides)]
        yield Table(voice.name(contest.names, contest.id), head, rows)


def _head(voice: Voice, side: Version | Votes) -> str:
    name = voice.source(side.source)
    if isinstance(side, Votes):
        return f"{name}, {voice.words.tier(side.tier)}"
    if side.authority:
        return f"{name}, " + voice.text("protocol, the authority's own data")
    return f"{name}, " + voice.plural("protocol, read %(n)s time", "protocol, read %(n)s times", side.readings)


def _cell(voice: Voice, value: int) -> str:
    return _BLANK if value == NONE else voice.number(value)
