"""Quick: the page of a quick count: the sole estimate of a result that Golos ever states, and all that it rests on."""

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from golos.count.evidence.drawing import Axis, Panel, sheet
from golos.count.evidence.quickcount import METHOD, Stratum
from golos.count.evidence.result import Result
from golos.report.document import Block, Document, Facts, Heading, Plot, Table, Text
from golos.report.methods import described
from golos.report.voice import Phrases


def on_quick_count(title: str, result: Result, strata: Sequence[Stratum], voice: Phrases) -> Document:
    """Return the page; ``title`` names the election and the option."""
    text, numbers = voice.text, result.numbers
    low, high = numbers["interval_with_missing"]
    blocks: list[Block] = [
        Heading(1, title),
        Text(text("Quick count: an estimate from stations drawn by lot before the vote"), "small"),
        Facts(
            [
                (f"{voice.share(low)} – {voice.share(high)}", text("between these the option's share lies")),
                (voice.share(numbers["share"]), text("best guess, from the stations that reported")),
                (voice.share(numbers["confidence"]), text("confidence of the interval")),
            ]
        ),
        Text(
            text(
                "The interval holds whatever the %(missing)s drawn stations without a report hold. Without them it "
                "would be %(low)s to %(high)s.",
                missing=voice.number(numbers["missing"]),
                low=voice.share(numbers["interval"][0]),
                high=voice.share(numbers["interval"][1]),
            )
        ),
    ]
    if numbers["announced"] is not None:
        blocks.append(voice.verdict(result.grade, _announced(result, voice)))
    blocks += [_plot(result, voice), *_design(result, strata, voice), *described([METHOD], voice)]
    foot = f"{title}. " + text("An estimate with an interval, never a count.") + f" · {result.input[:16]}"
    return Document(voice.language.code, title, foot, text("Contents"), blocks)


def _announced(result: Result, voice: Phrases) -> str:
    announced, (low, high) = result.numbers["announced"], result.numbers["interval_with_missing"]
    share = voice.share(announced)
    if low <= announced <= high:
        return voice.text("The announced %(share)s lies within the interval.", share=share)
    return voice.text("The announced %(share)s lies outside the interval.", share=share)


def _plot(result: Result, voice: Phrases) -> Plot:
    """Return the two intervals on a line of shares, and the announced share as a dotted line across."""
    text, numbers = voice.text, result.numbers
    bars = [
        (2.0, numbers["interval_with_missing"], text("whatever the missing hold")),
        (1.0, numbers["interval"], text("stations that reported")),
    ]
    ends = [end for _, pair, _ in bars for end in pair]
    ends += [numbers["announced"]] if numbers["announced"] is not None else []
    low, high = np.floor(min(ends) * 20) / 20, np.ceil(max(ends) * 20) / 20
    ticks = tuple((float(at), voice.share(float(at))) for at in np.linspace(low, high, 6))
    panel = Panel(text("Intervals"), Axis(float(low), float(high), ticks, text("share")), Axis(0.3, 2.7, (), ""))
    marks: list[Markup] = []
    for level, (left, right), words in bars:
        marks.append(panel.band(np.array([left, right]), np.full(2, level - 0.15), np.full(2, level + 0.15)))
        x, y = panel.spot(float(low), level + 0.28)
        marks.append(Markup('<text x="{}" y="{}">{}</text>').format(x + 6, y, words))
    marks.append(panel.line([numbers["share"]] * 2, [0.7, 2.3], "l"))
    if numbers["announced"] is not None:
        marks.append(panel.line([numbers["announced"]] * 2, [0.3, 2.7], "o"))
    note = text("The line is the best guess; dashed: as announced.")
    return Plot(sheet(text("Intervals"), note, [panel.drawn(marks)]), text("Intervals"), note)


def _design(result: Result, strata: Sequence[Stratum], voice: Phrases) -> list[Block]:
    text, numbers = voice.text, result.numbers
    rows = [
        [str(at), *(voice.number(n) for n in (stratum.units, stratum.drawn, len(stratum.y), len(stratum.missing)))]
        for at, stratum in enumerate(strata, 1)
    ]
    head = [text("Stratum"), text("Units in it"), text("drawn"), text("reported"), text("missing")]
    proof = [
        [text("Seed of the draw"), result.seed or "–"],
        [text("The filled sample (SHA-256)"), result.input],
    ]
    if logged := numbers.get("logged"):
        before = voice.number(logged["ballots_before"])
        proof.append([text("Entry of the log"), f"{logged['leaf']}"])
        proof.append([text("Ballots in the log before it"), before])
    return [
        Heading(2, text("Design")),
        Table("", head, rows),
        Heading(2, text("Recompute it")),
        Text("golos quickcount estimate SAMPLE --json", "code"),
        Table("", [text("What"), text("Value")], proof, left=2, wide=1),
        Heading(2, text("Method")),
    ]
