"""The curve of the bounds under fakes: what stands at every number of them, for a plot, a table and a slider."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from markupsafe import Markup

from golos.count.bounds import Excesses
from golos.count.evidence.drawing import Panel, numbers, sheet

Parameter = Literal["F", "k", "x"]
"""Fakes of an adversary in all; at most so many at each station; in thousandths of each option's photographs."""
Say = Callable[[str], str]
"""Puts a message of a drawing into the reader's language."""


@dataclass(frozen=True, slots=True)
class Point:
    """So many stations and votes stand if the parameter has this value."""

    value: int
    stations: int
    votes: int


def curve(excesses: Excesses, parameter: Parameter, points: int = 60) -> list[Point]:
    """Return the curve from 0 to where nothing stands, at about ``points`` values; each is exact, none between is lower
    than the next. The values are denser near 0.
    """
    left: Callable[[int], tuple[int, int]] = {"F": excesses.against, "k": excesses.capped, "x": excesses.rated}[
        parameter
    ]
    steps = (np.linspace(0, 1, max(points, 2)) ** 2 * _end(excesses, parameter)).round().astype(np.int64)
    return [Point(int(value), *left(int(value))) for value in np.unique(steps)]


def drawn(excesses: Excesses, parameter: Parameter, title: str, say: Say = str) -> str:
    """Return the two curves as SVG: votes at the left, stations at the right."""
    note = say(
        "What stands of the contradictions if so many of the photographs are fakes. The table holds the same numbers."
    )
    return sheet(title, note, panels(curve(excesses, parameter), parameter, say))


def panels(found: Sequence[Point], parameter: Parameter, say: Say = str) -> list[Markup]:
    """Return the curve of the votes, and that of the stations."""
    assumed = {
        "F": say("fakes, placed as cleverly as can be"),
        "k": say("fakes at every station"),
        "x": say("fakes in a thousand"),
    }
    across = numbers(assumed[parameter], float(found[-1].value))
    xs = [float(p.value) for p in found]
    sides = (
        (say("Votes that stand"), say("votes"), [float(p.votes) for p in found]),
        (say("Stations that stand"), say("stations"), [float(p.stations) for p in found]),
    )
    made = []
    for heading, unit, values in sides:
        panel = Panel(heading, across, numbers(unit, max(values)))
        made.append(panel.drawn([panel.line(xs, values, "l")]))
    return made


def _end(excesses: Excesses, parameter: Parameter) -> int:
    """Return a value at which nothing stands any more; 0 where nothing stands at all."""
    if not len(excesses.contradicted):
        return 0
    if parameter == "F":
        return int(excesses.contradicted.sum())
    return int(excesses.contradicted.max()) if parameter == "k" else 1000
