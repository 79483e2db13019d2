"""Plots of official figures, each beside the clean control: without it the eye sees fraud everywhere."""

from collections.abc import Iterator

import numpy as np
from markupsafe import Markup

from golos.count.evidence.drawing import Panel, numbers, percents, sheet
from golos.count.forensics.histograms import comet, fingerprint, spikes
from golos.count.forensics.returns import Returns
from golos.count.forensics.turnout import WINDOWS, curve, selected

_BLUES = ("#e3ecf6", "#b9cfe6", "#86abd0", "#4f83b6", "#265a92", "#0b2f5c")
_RUSTS = ("#fbe9dc", "#f2c39f", "#e0925d", "#bf6026", "#8a3d0f")
_REGIONS = 11
_LEAST_DRAWN = 30


def plots(returns: Returns, control: Returns) -> Iterator[tuple[str, str]]:
    """Yield name and SVG of every plot: the election at the left, the control at the right."""
    pair = (returns, control)
    yield "fingerprint", fingerprints(*pair)
    yield "turnout", turnout(*pair)
    yield "shpilkin", shpilkin_curves(*pair)
    yield "comet", comets(*pair)
    yield "comet-regions", regional_comets(*pair)


def fingerprints(returns: Returns, control: Returns) -> str:
    """Return the fingerprints: voters by turnout and the leader's share."""
    note = "Voters by turnout and leader's share, darker is more. A trail to the upper right corner is worth a look; two clouds are not."  # noqa: E501
    return sheet(_title("Fingerprint", returns, control), note, [_fingerprint(r) for r in (returns, control)])


def turnout(returns: Returns, control: Returns) -> str:
    """Return the turnout histograms in tenths of a point, with the band of three standard deviations of the null."""
    note = "Stations by turnout in tenths of a point. The band is what chance makes of the stations' own turnouts, three standard deviations; marks stand above it at whole percents."  # noqa: E501
    return sheet(_title("Turnout", returns, control), note, [_turnout(r) for r in (returns, control)])


def shpilkin_curves(returns: Returns, control: Returns) -> str:
    """Return Shpilkin's curves: an option's votes, and the others' scaled by the ratios of all windows.

    Of the control the option is drawn of which the method is most wrong.
    """
    note = "Votes by turnout: one option's (line), and all others' scaled to them by every window (band, dashed). Right of the mode (dotted) the method calls the gap anomalous; in the control it is no fraud."  # noqa: E501
    panels = [_curve(returns, returns.leader), _curve(control, _most_wrong(control))]
    return sheet(_title("Votes by turnout", returns, control), note, panels)


def comets(returns: Returns, control: Returns) -> str:
    """Return the comets of the nations: the leader's and the others' votes per registered voter."""
    note = "Stations by turnout and votes per registered voter: above the leader's, below all others'. Where every extra vote is the leader's, the lower cloud bends down."  # noqa: E501
    panels = [_comet(r, part) for part in ("leader", "others") for r in (returns, control)]
    return sheet(_title("Comets", returns, control), note, panels)


def regional_comets(returns: Returns, control: Returns) -> str:
    """Return the leader's comets of the regions with the most voters, and the control's as a whole at the end."""
    sizes = np.bincount(returns.regions.of + 1, np.maximum(returns.registered, 0), len(returns.regions.names) + 1)[1:]
    largest = np.argsort(-sizes, kind="stable")[:_REGIONS]
    panels = [_comet(returns, "leader", int(region)) for region in largest]
    note = "The leader's votes per registered voter by turnout in the regions with the most voters; last the clean control."  # noqa: E501
    return sheet(_title("Comets by region", returns, control), note, [*panels, _comet(control, "leader")], columns=3)


def _title(what: str, returns: Returns, control: Returns) -> str:
    return f"{what}. {returns.title}; beside it the clean control: {control.title}"


def _fingerprint(returns: Returns) -> Markup:
    heat, _ = fingerprint(returns)
    panel = Panel(returns.title, percents("turnout"), percents(f"share of {_leader(returns)}"))
    return panel.drawn([panel.cells(heat.voters, _BLUES)])


def _turnout(returns: Returns) -> Markup:
    found, _ = spikes(returns)
    x = np.arange(len(found.observed)) / 10
    high, low = found.expected + 3 * found.sd, np.maximum(found.expected - 3 * found.sd, 0)
    shown = slice(1, 991)
    top = float(max(high[shown].max(initial=1), found.observed[shown].max(initial=1)))
    panel = Panel(returns.title, percents("turnout"), numbers("stations in a tenth of a point", top))
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


def _curve(returns: Returns, option: int) -> Markup:
    mask, _ = selected(returns)
    found = curve(returns, mask, option)
    ratios = [found.anomalous(window)[0] for window in WINDOWS.values()]
    x = np.linspace(0.5, 100.5, 101)
    top = float(max(found.leader.max(initial=1), (max(ratios) * found.others).max(initial=1)))
    votes = f"votes in a point of turnout: {returns.options[option][:24]}"
    panel = Panel(returns.title, percents("turnout", 0, 101), numbers(votes, top))
    marks = [panel.band(x, min(ratios) * found.others, max(ratios) * found.others)]
    marks.append(panel.line(x, found.others * max(ratios), "o"))
    marks.append(panel.line(x, found.leader, "l"))
    marks.append(panel.line([found.mode + 0.5] * 2, [0, top], "w"))
    return panel.drawn(marks)


def _comet(returns: Returns, part: str, region: int | None = None) -> Markup:
    found, rows = comet(returns, region)
    weights = (found.leader if part == "leader" else found.others).astype(np.float64)
    place = returns.title if region is None else returns.regions.names[region]
    who = _leader(returns) if part == "leader" else "all others"
    panel = Panel(place[:48], percents("turnout"), percents(f"votes for {who} per voter"))
    few = rows.used < _LEAST_DRAWN
    colours = (_BLUES if part == "leader" else _RUSTS)[2 if few else 1 :]
    return panel.drawn([panel.cells(weights, colours)])


def _leader(returns: Returns) -> str:
    return returns.options[returns.leader][:24]
