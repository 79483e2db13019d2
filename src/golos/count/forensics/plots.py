"""Plots of official figures, each beside the clean control: without it the eye sees fraud everywhere."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from markupsafe import Markup

from golos.count.evidence.drawing import Panel, counted, numbers, percents, sheet
from golos.count.forensics.digits import METHOD as DIGITS
from golos.count.forensics.digits import last_digits
from golos.count.forensics.histograms import comet, fingerprint, spikes, tenths
from golos.count.forensics.returns import Returns
from golos.count.forensics.turnout import WINDOWS, curve, selected

Say = Callable[[str], str]
"""Puts a message of a plot into the reader's language."""
_BLUES = ("#e3ecf6", "#b9cfe6", "#86abd0", "#4f83b6", "#265a92", "#0b2f5c")
_RUSTS = ("#fbe9dc", "#f2c39f", "#e0925d", "#bf6026", "#8a3d0f")
_REGIONS = 11
_LEAST_DRAWN = 30


class Drawn(NamedTuple):
    """A plot: a file's name for it, what it shows, how to read it, and the drawing."""

    name: str
    title: str
    note: str
    svg: str


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """The election at the left, the clean control at the right, in the language of ``say``."""

    returns: Returns
    control: Returns
    say: Say = str

    def drawn(self, name: str, what: str, note: str, panels: Sequence[Markup], columns: int = 2) -> Drawn:
        """Return a plot of these panels."""
        title = self.say("%(what)s. %(title)s; beside it the clean control: %(control)s")
        title %= {"what": what, "title": self.returns.title, "control": self.control.title}
        return Drawn(name, title, note, sheet(title, note, panels, columns))

    def both(self, panel: Callable[[Returns, Say], Markup]) -> list[Markup]:
        """Return a panel of each."""
        return [panel(returns, self.say) for returns in (self.returns, self.control)]


def plots(returns: Returns, control: Returns, say: Say = str) -> Iterator[Drawn]:
    """Yield every plot: the election at the left, the control at the right."""
    pair = Pair(returns, control, say)
    yield integers(pair)
    yield turnout(pair)
    yield shpilkin_curves(pair)
    yield fingerprints(pair)
    yield comets(pair)
    yield regional_comets(pair)
    if returns.handwritten and all(last_digits(replace(r, handwritten=True)).numbers for r in (returns, control)):
        yield digits(pair)


def integers(pair: Pair) -> Drawn:
    """Return how often each last tenth of a percent stands behind the point, beside the band of the null."""
    say = pair.say
    note = say(
        "Stations by the tenth of a point that their turnout, or the leader's share, ends in; 0 is a whole percent. "
        "The band is what chance makes of the stations' own shares, three standard deviations."
    )
    return pair.drawn("integers", say("Whole percentages"), note, pair.both(_integers))


def fingerprints(pair: Pair) -> Drawn:
    """Return the fingerprints: voters by turnout and the leader's share."""
    say = pair.say
    note = say(
        "Voters by turnout and leader's share, darker is more. A trail to the upper right corner is worth a look; two "
        "clouds are not."
    )
    return pair.drawn("fingerprint", say("Fingerprint"), note, pair.both(_fingerprint))


def turnout(pair: Pair) -> Drawn:
    """Return the turnout histograms in tenths of a point, with the band of three standard deviations of the null."""
    say = pair.say
    note = say(
        "Stations by turnout in tenths of a point. The band is what chance makes of the stations' own turnouts, three "
        "standard deviations; marks stand above it at whole percents."
    )
    return pair.drawn("turnout", say("Turnout"), note, pair.both(_turnout))


def shpilkin_curves(pair: Pair) -> Drawn:
    """Return Shpilkin's curves: an option's votes, and the others' scaled by the ratios of all windows.

    Of the control the option is drawn of which the method is most wrong.
    """
    say = pair.say
    note = say(
        "Votes by turnout: one option's (line), and all others' scaled to them by every window (band, dashed). Right "
        "of the mode (dotted) the method calls the gap anomalous; in the control it is no fraud."
    )
    panels = [_curve(pair.returns, pair.returns.leader, say), _curve(pair.control, _most_wrong(pair.control), say)]
    return pair.drawn("shpilkin", say("Votes by turnout"), note, panels)


def comets(pair: Pair) -> Drawn:
    """Return the comets of the nations: the leader's and the others' votes per registered voter."""
    say = pair.say
    note = say(
        "Stations by turnout and votes per registered voter: above the leader's, below all others'. Where every extra "
        "vote is the leader's, the lower cloud bends down."
    )
    panels = [_comet(r, part, say) for part in ("leader", "others") for r in (pair.returns, pair.control)]
    return pair.drawn("comet", say("Comets"), note, panels)


def regional_comets(pair: Pair) -> Drawn:
    """Return the leader's comets of the regions with the most voters, and the control's as a whole at the end."""
    returns, say = pair.returns, pair.say
    sizes = np.bincount(returns.regions.of + 1, np.maximum(returns.registered, 0), len(returns.regions.names) + 1)[1:]
    largest = np.argsort(-sizes, kind="stable")[:_REGIONS]
    panels = [_comet(returns, "leader", say, int(region)) for region in largest]
    note = say(
        "The leader's votes per registered voter by turnout in the regions with the most voters; last the clean "
        "control."
    )
    last = _comet(pair.control, "leader", say)
    return pair.drawn("comet-regions", say("Comets by region"), note, [*panels, last], columns=3)


def digits(pair: Pair) -> Drawn:
    """Return the last digits of the leader's votes where they were written by hand; the band is the uniform null's."""
    say = pair.say
    note = say(
        "Stations by the last digit of the leader's votes, where chance scatters them enough. The line is the mean of "
        "honest digits, the dashed lines three standard deviations."
    )
    return pair.drawn("digits", say(DIGITS.name), note, pair.both(_digits))


def _integers(returns: Returns, say: Say) -> Markup:
    found = tenths(returns)
    x = np.arange(-5, 5).astype(np.float64)
    observed, expected, sd = (
        np.roll(part, 5).astype(np.float64) for part in (found.observed, found.expected, found.sd)
    )
    top = float(max(observed.max(initial=1), (expected + 3 * sd).max(initial=1)))
    panel = Panel(
        returns.title, counted(say("tenths of a point from a whole percent"), -5, 4), numbers(say("stations"), top)
    )
    band = panel.band(x, np.maximum(expected - 3 * sd, 0), expected + 3 * sd)
    return panel.drawn([panel.bars(x, observed, 0.6), band, panel.line(x, expected, "o")])


def _fingerprint(returns: Returns, say: Say) -> Markup:
    heat, _ = fingerprint(returns)
    across, up = percents(say("turnout")), percents(say("share of %(who)s") % {"who": _leader(returns)})
    panel = Panel(returns.title, across, up)
    return panel.drawn([panel.cells(heat.voters, _BLUES)])


def _turnout(returns: Returns, say: Say) -> Markup:
    found, _ = spikes(returns)
    x = np.arange(len(found.observed)) / 10
    high, low = found.expected + 3 * found.sd, np.maximum(found.expected - 3 * found.sd, 0)
    shown = slice(1, 991)
    top = float(max(high[shown].max(initial=1), found.observed[shown].max(initial=1)))
    panel = Panel(returns.title, percents(say("turnout")), numbers(say("stations in a tenth of a point"), top))
    marks = [
        panel.band(x[shown], low[shown], high[shown]),
        panel.line(x[shown], found.observed[shown].astype(np.float64), "l"),
    ]
    marks += [
        Markup('<circle class="m" r="3" cx="{}" cy="{}"/>').format(*panel.spot(x[at], float(found.observed[at])))
        for at in range(10, 991, 10)
        if found.observed[at] > high[at] and found.expected[at] >= 1
    ]
    return panel.drawn(marks)


def _most_wrong(control: Returns) -> int:
    mask, _ = selected(control)
    window = WINDOWS["mode -3..+3"]
    return max(range(len(control.options)), key=lambda option: curve(control, mask, option).anomalous(window)[1])


def _curve(returns: Returns, option: int, say: Say) -> Markup:
    mask, _ = selected(returns)
    found = curve(returns, mask, option)
    ratios = [found.anomalous(window)[0] for window in WINDOWS.values()]
    x = np.linspace(0.5, 100.5, 101)
    top = float(max(found.leader.max(initial=1), (max(ratios) * found.others).max(initial=1)))
    votes = say("votes in a point of turnout: %(who)s") % {"who": returns.options[option][:24]}
    panel = Panel(returns.title, percents(say("turnout"), 0, 101), numbers(votes, top))
    marks = [panel.band(x, min(ratios) * found.others, max(ratios) * found.others)]
    marks.append(panel.line(x, found.others * max(ratios), "o"))
    marks.append(panel.line(x, found.leader, "l"))
    marks.append(panel.line([found.mode + 0.5] * 2, [0, top], "w"))
    return panel.drawn(marks)


def _comet(returns: Returns, part: str, say: Say, region: int | None = None) -> Markup:
    found, rows = comet(returns, region)
    weights = (found.leader if part == "leader" else found.others).astype(np.float64)
    place = returns.title if region is None else returns.regions.names[region]
    who = _leader(returns) if part == "leader" else say("all others")
    up = percents(say("votes for %(who)s per voter") % {"who": who})
    panel = Panel(place[:48], percents(say("turnout")), up)
    few = rows.used < _LEAST_DRAWN
    colours = (_BLUES if part == "leader" else _RUSTS)[2 if few else 1 :]
    return panel.drawn([panel.cells(weights, colours)])


def _digits(returns: Returns, say: Say) -> Markup:
    told = last_digits(replace(returns, handwritten=True)).numbers  # a control may have been filled in by a program
    observed, mean = np.array(told["digits"], dtype=np.float64), float(told["expected"])
    reach = 3 * (0.9 * mean) ** 0.5
    x = np.arange(10).astype(np.float64)
    panel = Panel(returns.title, counted(say("last digit"), 0, 9), numbers(say("stations"), float(observed.max())))
    ends = np.array([-0.5, 9.5])
    marks = [panel.bars(x, observed, 0.6), panel.line(ends, np.full(2, mean), "l")]
    marks += [panel.line(ends, np.full(2, mean + way * reach), "o") for way in (-1, 1)]
    return panel.drawn(marks)


def _leader(returns: Returns) -> str:
    return returns.options[returns.leader][:24]
