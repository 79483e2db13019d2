"""Quotes: what may be quoted as it stands, each with its denominators: for the report's first page and share cards."""

from collections.abc import Iterator
from typing import NamedTuple

from golos.count.bounds import Bound
from golos.model.finding import Grade, Rule
from golos.model.pack import Contest
from golos.publish.language import Language, untagged
from golos.publish.results import Results
from golos.publish.words import Words


class Quote(NamedTuple):
    """A sentence, its main figure ("" where it has none), and a name that is the same in every language."""

    name: str
    figure: str
    text: str


def quotes(results: Results, words: Words) -> list[Quote]:
    """Return the quotes, the most general first, at the end what every one of them needs beside it."""
    return [
        *_stations(results, words.language),
        *_votes(results, words.language),
        *_wholes(results, words),
        bound(words),
    ]


def bound(words: Words) -> Quote:
    """Return the sentence without which no number is told."""
    said = words.language.text(
        "These numbers are lower bounds and no result: those who sent in their ballots are not a sample of the voters."
    )
    return Quote("bound", "", said)


def denominators(results: Results) -> tuple[int, int]:
    """Return the stations with a protocol, and all stations."""
    covered: int = results.coverage[results.pack.root].with_protocol
    return covered, int(results.summary["denominators"]["stations"])


def proven(results: Results) -> Iterator[tuple[Contest, int, int]]:
    """Yield each contest with its proven C1 findings: stations and votes, by the headline source."""
    for contest in results.pack.contests:
        told = results.summary["contests"].get(contest.id, {})
        source = told.get("headline_source")
        stations, votes = told["sources"][source]["c1"]["by_grade"].get("proven", (0, 0)) if source else (0, 0)
        if stations:
            yield contest, stations, votes


def _stations(results: Results, language: Language) -> Iterator[Quote]:
    found = results.grade_counts[results.pack.root][Grade.PROVEN]
    with_protocol, stations = denominators(results)
    if not found:
        text = language.text(
            "By these data falsification is proven at no polling station; this does not say that the vote was clean."
        )
        yield Quote("stations", "", text)
        return
    text = language.plural(
        "By the citizens' evidence falsification is proven at %(n)s polling station: %(share)s of the %(protocols)s "
        "stations whose protocol is known, and %(all_share)s of all %(stations)s stations.",
        "By the citizens' evidence falsification is proven at %(n)s polling stations: %(share)s of the %(protocols)s "
        "stations whose protocol is known, and %(all_share)s of all %(stations)s stations.",
        found,
        share=language.percent(found, with_protocol),
        protocols=language.number(with_protocol),
        all_share=language.percent(found, stations),
        stations=language.number(stations),
    )
    yield Quote("stations", language.number(found), text)


def _votes(results: Results, language: Language) -> Iterator[Quote]:
    for at, (contest, stations, votes) in enumerate(proven(results), 1):
        title = f"{language.plain(contest.names, contest.id)}: " if len(results.pack.contests) > 1 else ""
        said = language.plural(
            "At %(stations)s of these stations voters photographed more ballots for a candidate than the protocol "
            "admits; there at least %(n)s vote is missing.",
            "At %(stations)s of these stations voters photographed more ballots for a candidate than the protocol "
            "admits; there at least %(n)s votes are missing.",
            votes,
            stations=language.number(stations),
        )
        yield Quote(f"votes-{at}", language.number(votes), title + said)
        left = _hardest(results, contest)
        if left is not None:
            said = language.text(
                "If %(fakes)s of the photographs were fakes, placed as cleverly as possible, still %(votes)s votes "
                "would be missing at %(stations)s stations or more.",
                fakes=language.number(left.value),
                votes=language.number(left.votes),
                stations=language.number(left.stations),
            )
            yield Quote(f"fakes-{at}", language.number(left.votes), title + said)


def _wholes(results: Results, words: Words) -> Iterator[Quote]:
    """Yield the strongest finding about the nation, or an area right below it."""
    root = results.pack.root
    for code in (root, *(area.code for area in results.children.get(root, ()))):
        for finding in results.findings_of.get(code, ()):
            if finding.rule is Rule.C4 and not finding.withdrawn and finding.grade in (Grade.PROVEN, Grade.STRONG):
                place = words.language.plain(results.pack.areas[code].names, code)
                said = " ".join(untagged(sentence) for sentence in words.tell(finding).said)
                text = f"{place}: {said} ({words.grade(finding.grade)})"
                yield Quote("whole", words.language.number(finding.breaking), text)
                return


def _hardest(results: Results, contest: Contest) -> Bound | None:
    """Return the row with the most fakes under which something proven still stands."""
    key = (contest.id, results.comparison.headline.get(contest.id), "proven", "F")
    rows = [b for b in results.comparison.bounds if (b.contest, b.source, b.set, b.parameter) == key]
    return next((b for b in reversed(rows) if b.stations and b.value), None)
