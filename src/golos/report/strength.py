"""Strength: what could undo the findings: fakes, chance, selection, and what the photographs could not have shown."""

from collections.abc import Iterator, Mapping
from typing import Any

from golos.count.evidence.curve import Parameter, drawn
from golos.count.evidence.result import Result
from golos.count.evidence.statements import Side, excesses_of, sides, statements
from golos.model.finding import Grade
from golos.publish.nation_view import ASSUMED, BOUNDS
from golos.publish.results import Results
from golos.report.document import Block, Heading, Plot, Table, Text
from golos.report.voice import Voice

ALPHA = 0.05
_PARAMETERS: tuple[Parameter, ...] = ("F", "k", "x")


def strength(results: Results, voice: Voice) -> Iterator[Block]:
    """Yield the chapter; nothing where no contest has confirmed photographs."""
    found = list(sides(results.comparison))
    if not found:
        return
    yield Heading(1, voice.text("How strong the evidence is"))
    for side in found:
        contest = next(c for c in results.pack.contests if c.id == side.contest)
        if len(results.pack.contests) > 1:
            yield Heading(2, voice.name(contest.names, contest.id))
        yield from _fakes(results, side, voice)
        told = statements(side, ALPHA)
        yield from _chance(told["multiplicity"], voice)
        yield from _selection(told["selection"], side, voice)
        yield from _power(told["power"], results, voice)


def _fakes(results: Results, side: Side, voice: Voice) -> Iterator[Block]:
    text, excesses = voice.text, excesses_of(side)
    chosen = "proven" if len(excesses["proven"].contradicted) else "all"
    yield Heading(2, text("What if some photographs are fakes?"))
    yield Text(
        text("What is left of the proven findings, whatever the fakes are and wherever they lie:")
        if chosen == "proven"
        else text("What is left of the findings of all grades, whatever the fakes are and wherever they lie:")
    )
    for parameter in _PARAMETERS:
        title = text(BOUNDS[parameter])
        yield Plot(drawn(excesses[chosen], parameter, title, text), title, text(ASSUMED[parameter]))
        rows = [
            [_value(voice, parameter, b.value), voice.number(b.stations), voice.number(b.votes)]
            for b in results.comparison.bounds
            if (b.contest, b.source, b.set, b.parameter) == (side.contest, side.source, chosen, parameter)
        ]
        yield Table(title, [text(ASSUMED[parameter]), text("Stations left"), text("Votes left")], rows)


def _value(voice: Voice, parameter: str, value: int) -> str:
    return voice.language.percent(value, 1000) if parameter == "x" else voice.number(value)


def _chance(result: Result, voice: Voice) -> Iterator[Block]:
    text = voice.text
    yield Heading(2, text("What if each photograph may be wrong by chance?"))
    if result.grade is Grade.NO_DATA:
        yield Text(text("The data lack what this method needs."))
        return
    yield Text(
        text(
            "If each photograph is wrong with the chance in the first column, independently of the others, at least so "
            "many stations are falsified, with a confidence of 95 %, after correction for all that were looked at."
        )
    )
    head = [
        text("Chance that a photograph is wrong"),
        text("Stations looked at"),
        "Holm",
        text("Closed testing, Simes"),
    ]
    rows = [
        [voice.share(row["rate"]), *(voice.number(int(row[key])) for key in ("stations", "holm", "closed_testing"))]
        for row in result.numbers["rates"]
    ]
    yield Table("", head, rows)


def _selection(result: Result, side: Side, voice: Voice) -> Iterator[Block]:
    text = voice.text
    yield Heading(2, text("What if supporters of one candidate report more readily?"))
    if result.grade is Grade.NO_DATA:
        yield Text(text("The data lack what this method needs."))
        return
    yield Text(
        text(
            "Nothing is assumed of those who did not report: the true share lies anywhere between the bounds. The last "
            "column says how many times as readily (in odds) the option's voters must have reported for the announced "
            "and the reported share to be both true."
        )
    )
    options: Mapping[str, Any] = result.numbers["options"]
    rows = [
        [
            voice.option(side.contest, option),
            voice.share(told["announced"]),
            voice.share(told["reported"]),
            "{} – {}".format(*(voice.share(end) for end in told["manski"])),
            _times(voice, told["break_even"]),
        ]
        for option, told in options.items()
    ]
    head = [text("Option"), text("Announced"), text("Among reports"), text("Bounds"), text("Break-even")]
    yield Table("", head, rows)


def _times(voice: Voice, value: float) -> str:
    if value == float("inf"):
        return "∞"
    return voice.number(round(value)) if value >= 10 else voice.language.decimal(value, 2)


def _power(result: Result, results: Results, voice: Voice) -> Iterator[Block]:
    yield Heading(2, voice.text("What could not have been seen"))
    yield Text(
        voice.text(
            "At %(n)s of %(all)s stations a transfer of 5 %% of the votes would have been seen; at the others a "
            "larger one may be hidden. A station without a contradiction is not a clean station.",
            n=voice.number(int(result.numbers["consistent"])),
            all=voice.number(len(results.pack.stations)),
        )
    )
