"""Summary: the first page: what a journalist may quote, word for word, and what these data can't say."""

from collections.abc import Iterator

from golos.model.finding import Grade
from golos.publish.quotes import denominators, proven, quotes
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
    yield Points([quote.text for quote in quotes(results, voice.words)], quotable=True)
    yield Heading(2, text("What these data can't say"))
    yield Points(_never(voice))
    yield Text(
        text(
            "Election %(election)s, log of %(size)s entries with root %(root)s. "
            "Whoever has this log gets the same numbers; the chapter on recomputing says how.",
            election=results.pack.id.hex()[:16],
            size=voice.number(results.size),
            root=results.root.hex()[:16],
        ),
        "small",
    )


def _facts(results: Results, voice: Voice) -> Iterator[tuple[str, str]]:
    text, found = voice.text, results.grade_counts[results.pack.root][Grade.PROVEN]
    with_protocol, stations = denominators(results)
    yield voice.number(found), text("stations where falsification is proven")
    yield (
        voice.language.percent(found, with_protocol),
        text("of the %(n)s stations with a protocol", n=voice.number(with_protocol)),
    )
    yield voice.language.percent(found, stations), text("of all %(n)s stations", n=voice.number(stations))
    for contest, _, votes in proven(results):
        title = voice.name(contest.names, contest.id) if len(results.pack.contests) > 1 else ""
        said = text("votes missing at the stations where more ballots were photographed, at the least")
        yield voice.number(votes), f"{said} · {title}" if title else said


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
