"""Findings: all of them by strength: how many, those about whole areas, the map, the list of the exhibits."""

import re
from collections.abc import Iterator, Sequence

from markupsafe import Markup, escape

from golos.model.finding import Finding, Grade, Rule
from golos.publish.chart import Atlas, draw
from golos.publish.language import untagged
from golos.publish.marks import CLASSES, PATTERNS
from golos.publish.results import Results
from golos.publish.words import RULES
from golos.report.document import Block, Heading, Plot, Table, Text, Verdict
from golos.report.voice import Voice

GRADED = (Grade.PROVEN, Grade.STRONG, Grade.SUSPICIOUS)
"""The grades of a contradiction."""
_WHOLES = 40
_STYLE = Markup(
    "<style>.area{stroke:#fff;stroke-width:1.5}.border{fill:none;stroke:#1b242c;stroke-width:2}"
    ".g-proven{fill:#8f1d14}.g-strong{fill:#c8561b}.g-suspicious{fill:#e8b23a}.g-consistent{fill:#2f7d95}"
    ".g-unknown{fill:#b6bec4}.g-nodata{fill:#e9e8e3}.area.g-proven,.area.g-unknown{fill-opacity:.65}"
    ".area.g-strong{fill:url(#p-strong)}.area.g-suspicious{fill:url(#p-suspicious)}"
    ".area.g-consistent{fill:url(#p-consistent)}.area.g-nodata{fill:url(#p-nodata)}.tint{fill-opacity:.4}"
    ".spot{fill:#1b242c;fill-opacity:.55}.hatch-ground{fill:#e9e8e3}.hatch-line{fill:#aeb2b0}"
    ".faint{fill:none;stroke:#8d979d;stroke-width:3;stroke-linecap:round}.mark,.dot{stroke:#fff;stroke-width:1.5}"
    ".mark.g-suspicious,.dot.g-suspicious{stroke:#1b242c}</style>"
)


def findings(results: Results, chart: Atlas, voice: Voice, exhibits: Sequence[str]) -> Iterator[Block]:
    """Yield the chapter; ``exhibits`` are the stations that have a page of their own, in their order."""
    text = voice.text
    yield Heading(1, text("Findings"))
    yield Text(
        text(
            "A finding is a contradiction between what was cast and what was announced. Its grade follows from how "
            "sure both sides are; its breaking number says how many photographs must be false for it to fall."
        )
    )
    if any(not finding.withdrawn for finding in results.findings):
        yield _counts(results, voice)
    else:
        yield Text(text("These data show no contradiction. It does not say that there was none."))
    picture = _map(results, chart, voice)
    if picture is not None:
        yield picture
    yield from _wholes(results, voice)
    if exhibits:
        yield Heading(2, text("Contradicted stations, strongest first"))
        yield _listed(results, voice, exhibits)


def told(finding: Finding, voice: Voice) -> Iterator[Block]:
    """Yield what one finding says, with everything that it rests on."""
    text = voice.text
    words = voice.words.tell(finding)
    if finding.withdrawn:
        yield Text(f"{text('Withdrawn:')} {finding.withdrawn}", "notice")
    yield voice.verdict(finding.grade, voice.said(finding))
    why = f" {text('Why it is not graded higher:')} {words.reason}" if words.reason else ""
    yield Text(words.breaking + why)
    yield Text(text("Assumes: %(said)s", said=" ".join(words.assumptions)), "small")
    yield Text("\n".join((finding.id, *finding.evidence)), "code")


def _counts(results: Results, voice: Voice) -> Table:
    standing = [f for f in results.findings if not f.withdrawn]
    rows = [
        [f"{rule}  {voice.text(RULES[rule])}", *(voice.number(sum(f.grade is g for f in of)) for g in GRADED)]
        for rule in Rule
        if (of := [f for f in standing if f.rule is rule])
    ]
    head = [voice.text("Rule"), *(voice.grade(grade) for grade in GRADED)]
    return Table(voice.text("Findings by rule and grade"), head, rows)


def _wholes(results: Results, voice: Voice) -> Iterator[Block]:
    areas = results.pack.areas
    found = [f for f in results.by_strength if f.area in areas and not f.withdrawn][:_WHOLES]
    if found:
        yield Heading(2, voice.text("Whole areas"))
    for finding in found:
        place = voice.name(areas[finding.area].names, finding.area)
        yield Heading(3, f"{place}. {untagged(voice.words.tell(finding).rule)}")
        yield from told(finding, voice)


def _listed(results: Results, voice: Voice, exhibits: Sequence[str]) -> Table:
    text, stations = voice.text, results.pack.stations
    rows = [
        [
            f"{at}. {voice.name(stations[code].names, code)}",
            code,
            voice.grade(results.grade(code)),
            voice.number(results.missing_at[code]) if results.missing_at.get(code) else "–",
        ]
        for at, code in enumerate(exhibits, 1)
    ]
    head = [text("Exhibit"), text("Code"), text("Grade"), text("Votes missing, at the least")]
    return Table("", head, rows, left=3)


def _map(results: Results, chart: Atlas, voice: Voice) -> Plot | None:
    root = results.pack.root
    title = voice.text("Map: %(name)s", name=voice.name(results.pack.areas[root].names, root))
    drawn = draw(chart, root, title, title, lambda code: ("#", code))
    if not drawn:
        return None
    note = voice.text("An area has the colour and pattern of its strongest station; a mark is a station.")
    return Plot(_with_legend(drawn, voice), title, note)


def _with_legend(drawn: Markup, voice: Voice) -> str:
    """Return a map that stands alone: with its style, its patterns and a line of what they mean, without links."""
    head, inside = str(drawn).split(">", 1)
    box = re.search(r'viewBox="0 0 (\d+) (\d+)"', head)
    width, height = (int(side) for side in box.groups()) if box else (1000, 1000)
    step = width // len(Grade)
    legend = "".join(
        f'<rect class="area g-{CLASSES[grade]}" x="{at * step + 8}" y="{height + 8}" width="34" height="22"/>'
        f'<text font-size="15" x="{at * step + 48}" y="{height + 26}">{escape(voice.grade(grade))}</text>'
        for at, grade in enumerate(Grade)
    )
    head = head.replace(f'"0 0 {width} {height}"', f'"0 0 {width} {height + 40}"')
    patterns = re.sub(r"</?svg[^>]*>", "", PATTERNS)
    inside = inside.removesuffix("</svg>").replace('<a href="#">', "<g>").replace("</a>", "</g>")
    return f"{head}>{_STYLE}{patterns}{inside}{legend}</svg>"


def contradicted(results: Results) -> list[str]:
    """Return the stations whose grade is that of a contradiction, strongest first, then by votes missing."""
    order = {grade: at for at, grade in enumerate(Grade)}
    found = [code for code in results.pack.stations if results.grade(code) in GRADED]
    return sorted(found, key=lambda code: (order[results.grade(code)], -results.missing_at.get(code, 0), code))


def verdict(results: Results, voice: Voice, code: str) -> Verdict:
    """Return the grade of a station, and the rules of the findings that stand there."""
    rules = dict.fromkeys(f.rule for f in results.findings_of.get(code, ()) if not f.withdrawn)
    return voice.verdict(results.grade(code), "; ".join(voice.text(RULES[rule]) for rule in rules))
