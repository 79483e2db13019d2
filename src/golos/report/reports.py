"""Reports: the two documents: on an election of citizens' evidence, and on a table of official figures alone."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from golos import __version__
from golos.count.evidence.result import Result
from golos.count.forensics.returns import Returns
from golos.publish.chart import Atlas
from golos.publish.language import Language
from golos.publish.results import Results
from golos.publish.words import Words
from golos.report.document import Block, Document, Heading, Points, Table, Text
from golos.report.exhibit import exhibit
from golos.report.findings import contradicted, findings
from golos.report.methods import grades, methods
from golos.report.official import NO_CONTROL, cited, official
from golos.report.recompute import recompute
from golos.report.strength import strength
from golos.report.summary import summary
from golos.report.telling import sentence
from golos.report.voice import Phrases, Voice
from golos.report.weeks import weeks

EXHIBITS = 1_000
"""So many contradicted stations, the strongest, have a page of their own if nobody says otherwise."""


@dataclass(frozen=True, slots=True, eq=False)
class Studied:
    """A table of official figures with what every method says of it; ``control``: the same of a clean election."""

    returns: Returns
    results: Mapping[str, Result]
    control: tuple[Returns, Mapping[str, Result]] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Beside:
    """What a report on an election holds besides: its official figures, its cohorts, how many exhibits at most."""

    studied: Studied | None = None
    cohorts: Result | None = None
    exhibits: int = EXHIBITS


def on_election(results: Results, chart: Atlas, language: Language, beside: Beside) -> Document:
    """Return the report on an election."""
    voice = Voice(Words(results.pack, language))
    blocks = list(_election(results, chart, voice, beside))
    title = voice.name(results.pack.names)
    foot = f"{title}. {language.text(BOUNDS_ONLY)} · {results.root.hex()[:16]}"
    return Document(language.code, title, foot, language.text("Contents"), blocks)


def on_figures(studied: Studied, voice: Phrases) -> Document:
    """Return the report on official figures alone."""
    returns, text = studied.returns, voice.text
    blocks = list(_figures(studied, voice))
    foot = f"{returns.title}. " + text("Never proof of one station.") + f" · {returns.digest[:16]}"
    return Document(voice.language.code, returns.title, foot, text("Contents"), blocks)


BOUNDS_ONLY = "These are bounds and contradictions, never a result."


def _election(results: Results, chart: Atlas, voice: Voice, beside: Beside) -> Iterator[Block]:
    every, studied = contradicted(results), beside.studied
    shown = every[: beside.exhibits]
    yield from summary(results, voice)
    yield from findings(results, chart, voice, shown)
    yield from strength(results, voice)
    if beside.cohorts is not None:
        yield from weeks(results, beside.cohorts, voice)
    if studied is not None:
        yield from official(studied.returns, studied.results, studied.control, voice)
    yield from methods(results, voice)
    if studied is not None:
        yield from cited(studied.results, voice)
    yield from recompute(results, voice)
    if studied is not None:
        yield _inputs(studied, voice)
    if len(shown) < len(every):
        yield Text(
            voice.text(
                "%(shown)s of %(all)s contradicted stations have a page here, the strongest; data/findings.csv has "
                "all.",
                shown=voice.number(len(shown)),
                all=voice.number(len(every)),
            ),
            "notice",
        )
    for number, code in enumerate(shown, 1):
        yield from exhibit(results, voice, number, code)


def _figures(studied: Studied, voice: Phrases) -> Iterator[Block]:
    text, returns = voice.text, studied.returns
    yield Heading(1, returns.title)
    yield Text(text("Report on official figures"), "small")
    if studied.control is None:
        yield Text(text(NO_CONTROL), "notice")
    yield Heading(2, text("May be quoted as it stands"))
    strong = [(n, r) for n, r in studied.results.items() if r.grade.value in ("strong", "suspicious")]
    quotable: Sequence[str] = [
        f"{text(r.method.name)}. {sentence(n, r, voice)} ({voice.grade(r.grade)})" for n, r in strong
    ]
    last = text(
        "This says nothing about any one station, and is no proof of fraud: it is what the figures show by themselves."
    )
    yield Points([*quotable, last], quotable=True)
    yield from official(returns, studied.results, studied.control, voice)
    yield Heading(1, text("Methods"))
    yield grades(voice)
    yield from cited(studied.results, voice)
    yield Heading(1, text("Recompute it"))
    yield Text(COMMAND.format(language=voice.language.code), "code")
    yield _inputs(studied, voice)


COMMAND = """golos forensics FILE --map MAP --control CONTROL --control-map CONTROL_MAP \\
    --report report.pdf --language {language}"""


def _inputs(studied: Studied, voice: Phrases) -> Table:
    text = voice.text
    sides = [studied.returns, *([studied.control[0]] if studied.control else [])]
    rows = [[r.title, r.digest] for r in sides] + [[text("Program"), f"golos {__version__}"]]
    return Table(text("What was read"), [text("What"), "SHA-256"], rows, left=2, wide=1)
