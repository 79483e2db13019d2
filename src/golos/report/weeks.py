"""Weeks: every count as it was among those registered up to each week, and what faking the claims would cost."""

from collections.abc import Iterator

from golos.count.evidence.result import Result
from golos.publish.results import Results
from golos.report.document import Block, Heading, Table, Text
from golos.report.voice import Voice


def weeks(results: Results, study: Result, voice: Voice) -> Iterator[Block]:
    """Yield the section of `golos.count.evidence.cohorts.cohort_study`; of each contest a table of its weeks."""
    text, numbers = voice.text, study.numbers
    yield Heading(2, text("What if somebody registered other people's numbers?"))
    yield Text(
        text(
            "Whoever can do that needs time: what stands among the first weeks' registrations was not made in the last "
            "ones. %(claims)s findings rest on this log's own ballots; to fake them all takes at least %(phones)s "
            "telephone numbers.",
            claims=voice.number(len(numbers["claims"])),
            phones=voice.number(numbers["phones_for_all"]),
        )
    )
    head = [
        text("Registered up to"),
        text("Tokens"),
        text("Voted"),
        text("Stations"),
        text("Votes missing, at the least"),
    ]
    for contest in results.pack.contests:
        rows = []
        for week in numbers["weeks"]:
            told = week["contests"].get(contest.id)
            c1 = told["c1"] if told else {"stations": 0, "votes": 0}
            figures = (week["issued"], week["redeemed"], c1["stations"], c1["votes"])
            rows.append([f"{week['cohort']} ({week['starts']})", *map(voice.number, figures)])
        yield Table(voice.name(contest.names, contest.id) if len(results.pack.contests) > 1 else "", head, rows)
