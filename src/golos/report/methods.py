"""Methods: how each number is made, who published it, what it assumes, and what else can look like its signal."""

from collections.abc import Iterator, Sequence

from golos.count.evidence import cohorts, multiplicity, power, selection
from golos.count.evidence.result import Method
from golos.model.finding import Grade, Rule
from golos.publish.results import Results
from golos.publish.words import GRADES, METHODS, RULES
from golos.report.document import Block, Heading, Points, Table, Text
from golos.report.voice import Phrases, Voice

EVIDENCE = (multiplicity.METHOD, selection.METHOD, power.METHOD, cohorts.METHOD)
"""The methods of the chapter on the strength of the evidence."""
MEANINGS: dict[Grade, str] = {
    Grade.PROVEN: "Two sides that are both sure contradict each other.",
    Grade.STRONG: "The same, but one side is less sure: a protocol typed once, pictures that a machine read, "
    "declarations.",
    Grade.SUSPICIOUS: "Something does not fit; it may be an error, ours included.",
    Grade.CONSISTENT: "A shift of 5 % of the votes would have been seen, and was not. It does not say that the vote "
    "was clean.",
    Grade.CANT_TELL: "There are data, but too few to see a shift either way.",
    Grade.NO_DATA: "Neither a protocol nor photographs.",
}
"""What the grades say, in sentences of the catalogue."""


def grades(voice: Phrases) -> Table:
    """Return the table of the grades."""
    rows = [[voice.text(GRADES[grade]), voice.text(said)] for grade, said in MEANINGS.items()]
    return Table(voice.text("Grades"), [voice.text("Grade"), voice.text("Meaning")], rows, left=2, wide=1)


def methods(results: Results, voice: Voice) -> Iterator[Block]:
    """Yield the chapter of a report on citizens' evidence: grades, the rules that found something, the statistics."""
    text = voice.text
    yield Heading(1, text("Methods"))
    yield grades(voice)
    present = {finding.rule for finding in results.findings}
    if present:
        yield Heading(2, text("The rules that found something"))
    for rule in Rule:
        if rule in present:
            yield Text(f"{rule}. {text(RULES[rule])}. {text(METHODS[rule])}")
    yield Heading(2, text("Statistics"))
    yield from described(EVIDENCE, voice)


def described(methods: Sequence[Method], voice: Phrases) -> Iterator[Block]:
    """Yield each method with its citations, assumptions and confounds, and the strongest grade that it can give."""
    text = voice.text
    for method in methods:
        yield Heading(3, text(method.name))
        yield Text(text("At most: %(grade)s.", grade=voice.grade(method.most)))
        points = [text("Assumes: %(said)s", said=text(said)) for said in method.assumptions]
        points += [text("Can look alike: %(said)s", said=text(said)) for said in method.confounds]
        yield Points([*points, *method.citations])
