"""Fakes view: what stands of a contest's findings at every number of fakes, to be drawn, listed and slid along."""

from collections.abc import Iterator
from typing import NamedTuple

from markupsafe import Markup

from golos.count.evidence.curve import Parameter, Point, curve, panels
from golos.count.evidence.drawing import inline
from golos.count.evidence.statements import excesses_of, sides
from golos.publish.language import Language
from golos.publish.nation_view import ASSUMED, BOUNDS
from golos.publish.results import Results

_PARAMETERS: tuple[Parameter, ...] = ("F", "k", "x")


class Line(NamedTuple):
    """A row of the table: what is assumed, and the stations and votes that stand, in the signs of the language."""

    assumed: str
    stations: str
    votes: str


class Slide(NamedTuple):
    """One way of faking: the curves, the table of the same numbers, and their words."""

    name: str
    title: str
    column: str
    drawing: Markup
    lines: list[Line]


class Fakes(NamedTuple):
    """One contest's page; ``proven``: of the proven findings alone, else of all."""

    contest: str
    proven: bool
    slides: list[Slide]


def fakes(results: Results, language: Language) -> Iterator[Fakes]:
    """Yield a page for each contest with findings that fakes could undo, in the order of the pack."""
    for side in sides(results.comparison):
        sets = excesses_of(side)
        proven = len(sets["proven"].contradicted) > 0
        excesses = sets["proven" if proven else "all"]
        if len(excesses.contradicted):
            slides = [_slide(curve(excesses, parameter), parameter, language) for parameter in _PARAMETERS]
            yield Fakes(side.contest, proven, slides)


def _slide(found: list[Point], parameter: Parameter, language: Language) -> Slide:
    title, number = language.text(BOUNDS[parameter]), language.number
    lines = [
        Line(
            language.percent(point.value, 1000) if parameter == "x" else number(point.value),
            number(point.stations),
            number(point.votes),
        )
        for point in found
    ]
    drawing = inline(f"plot-{parameter}", title, panels(found, parameter, language.text))
    return Slide(f"curve-{parameter}", title, language.text(ASSUMED[parameter]), drawing, lines)


def fakes_page(number: int) -> str:
    """Return the path, in a language's folder, of the page of the contest that comes as the ``number``-th, from 1."""
    return "fakes/index.html" if number == 1 else f"fakes/{number}.html"
