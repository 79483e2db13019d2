"""Summary: the first page: what a journalist may quote, word for word, and what these data can't say."""

from collections.abc import Iterator

from golos.count.bounds import Bound
from golos.model.finding import Grade, Rule
from golos.model.pack import Contest
from golos.publish.results import Results
from golos.report.document import Block, Facts, Heading, Points, Text
from golos.report.voice import Voice


def summary(results: Results, voice: Voice) -> Iterator[Block]:
    """Yield the first page."""
    text = voice.text
    yield Heading(1, voice.name(results.pack.names))
    yield Text(results.pack.date + " · " + text("Report on the evidence of citizens"), "small")
    if results.pack.cancelled:
        yield Text(text("This election was cancelled; nothing is counted:") + f" {results.pack.cancelled}", "notice")
    yield Facts(list(_facts(results, voice)))
    yield Heading(2, text("May be quoted as it stands"))
    quotable = [*_stations(results, voice), *_votes(results, voice), *_wholes(results, voice), *_always(voice)]
    yield Points(quotable, quotable=True)
    yield Heading(2, text("What these data can't say"))
    yield Points(_never(voice))
    yield Text(
        text(
            "Election %(election)s, log of %(size)s entries with root %(root)s. "
            "Whoever has this log gets the same numbers; the last chapter says how.",
            election=results.pack.id.hex()[:16],
            size=voice.number(results.size),
            root=results.root.hex()[:16],
        ),
        "small",
    )


def _facts(results: Results, voice: Voice) -> Iterator[tuple[str, str]]:
    text, proven = voice.text, results.grade_counts[results.pack.root][Grade.PROVEN]
    with_protocol, stations = _denominators(results)
    yield voice.number(proven), text("stations where falsification is proven")
    yield (
        voice.language.percent(proven, with_protocol),
        text("of the %(n)s stations with a protocol", n=voice.number(with_protocol)),
    )
    yield voice.language.percent(proven, stations), text("of all %(n)s stations", n=voice.number(stations))
    for contest, _, votes in _proven(results):
        title = voice.name(contest.names, contest.id) if len(results.pack.contests) > 1 else ""
        said = text("votes missing at the stations where more ballots were photographed, at the least")
        yield voice.number(votes), f"{said} · {title}" if title else said


def _stations(results: Results, voice: Voice) -> Iterator[str]:
    proven = results.grade_counts[results.pack.root][Grade.PROVEN]
    with_protocol, stations = _denominators(results)
    if not proven:
        yield voice.text(
            "By these data falsification is proven at no polling station; this does not say that the vote was clean."
        )
        return
    yield voice.plural(
        "By the citizens' evidence falsification is proven at %(n)s polling station: %(share)s of the %(protocols)s "
        "stations whose protocol is known, and %(all_share)s of all %(stations)s stations.",
        "By the citizens' evidence falsification is proven at %(n)s polling stations: %(share)s of the %(protocols)s "
        "stations whose protocol is known, and %(all_share)s of all %(stations)s stations.",
        proven,
        share=voice.language.percent(proven, with_protocol),
        protocols=voice.number(with_protocol),
        all_share=voice.language.percent(proven, stations),
        stations=voice.number(stations),
    )


def _votes(results: Results, voice: Voice) -> Iterator[str]:
    for contest, stations, votes in _proven(results):
        title = f"{voice.name(contest.names, contest.id)}: " if len(results.pack.contests) > 1 else ""
        yield title + voice.plural(
            "At %(stations)s of these stations voters photographed more ballots for a candidate than the protocol "
            "admits; there at least %(n)s vote is missing.",
            "At %(stations)s of these stations voters photographed more ballots for a candidate than the protocol "
            "admits; there at least %(n)s votes are missing.",
            votes,
            stations=voice.number(stations),
        )
        bound = _hardest(results, contest)
        if bound is not None:
            yield title + voice.text(
                "If %(fakes)s of the photographs were fakes, placed as cleverly as possible, still %(votes)s votes "
                "would be missing at %(stations)s stations or more.",
                fakes=voice.number(bound.value),
                votes=voice.number(bound.votes),
                stations=voice.number(bound.stations),
            )


def _wholes(results: Results, voice: Voice) -> Iterator[str]:
    """Yield the strongest findings about whole areas: the nation's, and those right below."""
    root = results.pack.root
    areas = (root, *(area.code for area in results.children.get(root, ())))
    for code in areas:
        for finding in results.findings_of.get(code, ()):
            if finding.rule is Rule.C4 and not finding.withdrawn and finding.grade in (Grade.PROVEN, Grade.STRONG):
                place = voice.name(results.pack.areas[code].names, code)
                yield f"{place}: {voice.said(finding)} ({voice.grade(finding.grade)})"
                return


def _always(voice: Voice) -> Iterator[str]:
    yield voice.text(
        "These numbers are lower bounds and no result: those who sent in their ballots are not a sample of the voters."
    )


def _never(voice: Voice) -> list[str]:
    return [
        voice.text("Who won, or how the nation voted: whoever writes so has not read this page."),
        voice.text(
            "That a station without a contradiction was clean: there may be too few photographs or no protocol."
        ),
        voice.text(
            "That the share of contradicted stations holds for all stations: those with a protocol were not drawn by "
            "lot."
        ),
    ]


def _denominators(results: Results) -> tuple[int, int]:
    covered: int = results.coverage[results.pack.root].with_protocol
    return covered, int(results.summary["denominators"]["stations"])


def _proven(results: Results) -> Iterator[tuple[Contest, int, int]]:
    """Yield each contest with its proven C1 findings: stations and votes, by the headline source."""
    for contest in results.pack.contests:
        told = results.summary["contests"].get(contest.id, {})
        source = told.get("headline_source")
        stations, votes = told["sources"][source]["c1"]["by_grade"].get("proven", (0, 0)) if source else (0, 0)
        if stations:
            yield contest, stations, votes


def _hardest(results: Results, contest: Contest) -> Bound | None:
    """Return the row with the most fakes under which something proven still stands."""
    source = results.comparison.headline.get(contest.id)
    key = (contest.id, source, "proven", "F")
    rows = [b for b in results.comparison.bounds if (b.contest, b.source, b.set, b.parameter) == key]
    return next((b for b in reversed(rows) if b.stations and b.value), None)
