"""Official: the chapter on official figures alone: what every method says, and every plot beside a clean election."""

from collections.abc import Iterator, Mapping

from golos.count.evidence.result import Result
from golos.count.forensics.plots import plots
from golos.count.forensics.returns import Returns
from golos.model.finding import Grade
from golos.report.document import Block, Heading, Plot, Table, Text
from golos.report.methods import described
from golos.report.telling import control_sentence, sentence
from golos.report.voice import Phrases

NO_CONTROL = (
    "NO CLEAN CONTROL WAS GIVEN. Without a clean election beside it the eye sees fraud in any plot, so none is drawn "
    "here. Read the numbers below with the same caution: what they would say of a clean election is not shown."
)


def official(
    returns: Returns,
    results: Mapping[str, Result],
    control: tuple[Returns, Mapping[str, Result]] | None,
    voice: Phrases,
) -> Iterator[Block]:
    """Yield the chapter; ``control`` is the same of a clean election, None if the reader gave none."""
    text = voice.text
    yield Heading(1, text("The official figures by themselves"))
    yield Text(
        text(
            "%(title)s: the authority's own results of %(stations)s stations, and nothing else. This says nothing "
            "about any one station and never proves fraud; it shows what honest counting does not make.",
            title=returns.title,
            stations=voice.number(returns.stations),
        )
    )
    if control is None:
        yield Text(text(NO_CONTROL), "notice")
    yield _table(results, control[1] if control else None, voice)
    for name, result in _by_strength(results):
        yield Heading(2, text(result.method.name))
        yield voice.verdict(result.grade, sentence(name, result, voice))
        yield _rows(result, voice)
        if control is not None:
            beside = text("The clean control, %(title)s:", title=control[0].title)
            yield Text(f"{beside} {control_sentence(name, control[1][name], voice)}", "small")
    if control is not None:
        yield Heading(2, text("Plots, each beside the clean control"))
        for drawn in plots(returns, control[0], text):
            yield Plot(drawn.svg, drawn.title, drawn.note)


def cited(results: Mapping[str, Result], voice: Phrases) -> Iterator[Block]:
    """Yield the methods with their citations, and what is not offered."""
    text = voice.text
    yield Heading(2, text("Forensics of official figures"))
    yield from described([result.method for result in results.values()], voice)
    yield Heading(3, text("What is not offered, and why"))
    yield Text(
        text(
            "Second digits (Benford): honest elections do not follow that law; the tests reject clean elections and "
            "pass falsified ones (Deckert, Myagkov, Ordeshook 2011). Klimek's parameters of fraud: where town and "
            "country differ, as in Poland, the fit finds fraud that is none."
        )
    )


def _by_strength(results: Mapping[str, Result]) -> list[tuple[str, Result]]:
    order = {grade: at for at, grade in enumerate(Grade)}
    return sorted(results.items(), key=lambda item: order[item[1].grade])


def _table(results: Mapping[str, Result], clean: Mapping[str, Result] | None, voice: Phrases) -> Table:
    text = voice.text
    sides = {text("Here"): results} | ({text("In the clean control"): clean} if clean else {})
    rows = [
        [text(result.method.name), *(voice.grade(found[name].grade) for found in sides.values())]
        for name, result in _by_strength(results)
    ]
    return Table(text("Grades by method"), [text("Method"), *sides], rows, left=1 + len(sides))


def _rows(result: Result, voice: Phrases) -> Text:
    used = voice.plural("%(n)s station was used", "%(n)s stations were used", result.rows.used)
    out = sum(result.rows.excluded.values())
    left = voice.plural("%(n)s was left out", "%(n)s were left out", out)
    return Text(f"{used}; {left}.", "small")
