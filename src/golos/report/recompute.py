"""Recompute: everything needed to get the same numbers: digests, leaves, commands."""

from collections.abc import Iterator

from golos import __version__
from golos.publish.results import Results
from golos.report.document import Block, Heading, Table, Text
from golos.report.voice import Voice

COMMANDS = """golos verify FOLDER
golos compare FOLDER --json
golos evidence FOLDER --json
golos report FOLDER --out report.pdf --language {language}"""


def recompute(results: Results, voice: Voice) -> Iterator[Block]:
    """Yield the chapter of a report on an election."""
    text = voice.text
    yield Heading(1, text("Recompute it"))
    yield Text(
        text(
            "Everything in this report is a function of the log named here. FOLDER is the published folder, from any "
            "mirror: the verifier is one file that shares no code with the program that counted, and needs no trust "
            "in it."
        )
    )
    yield Text(COMMANDS.format(language=voice.language.code), "code")
    opening = results.summary["opening"]
    rows = [
        [text("Election"), results.pack.id.hex()],
        [text("Entries of the log"), str(results.size)],
        [text("Root of the log (SHA-256)"), results.root.hex()],
        [text("Opened up to entry"), "–" if opening is None else str(opening)],
        [text("Program"), f"golos {__version__}"],
    ]
    yield Table("", [text("What"), text("Value")], rows, left=2, wide=1)
    yield from _tables(results, voice)
    yield from _announcements(results, voice)


def _tables(results: Results, voice: Voice) -> Iterator[Block]:
    text = voice.text
    found = [(v.source, voice.words.tier(v.tier), v.evidence) for v in results.votes]
    found += [
        (v.source, voice.plural("read %(n)s time", "read %(n)s times", v.readings), v.evidence)
        for v in results.versions
    ]
    rows = [[voice.source(source), kind, evidence] for source, kind, evidence in found if evidence]
    if rows:
        head = [text("Source"), text("Kind"), text("Published table (SHA-256)")]
        yield Table(text("Imported tables"), head, rows, left=3, wide=2)


def _announcements(results: Results, voice: Voice) -> Iterator[Block]:
    text = voice.text
    rows = [
        [
            said.source,
            voice.name(results.pack.areas[said.area].names, said.area),
            said.announced,
            text("yes") if said.authority else text("no"),
            str(leaf),
        ]
        for leaf, said in sorted(results.announcements, key=lambda a: a.leaf)
        if said.area in results.pack.areas
    ]
    if rows:
        head = [
            text("Source"),
            text("Area"),
            text("Announced on"),
            text("The authority itself"),
            text("Entry of the log"),
        ]
        yield Table(text("Announced results"), head, rows, left=4)
