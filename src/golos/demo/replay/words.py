"""Words: what a replay says of itself, as lines of at most 80 columns."""

from collections.abc import Iterator

from golos.demo.replay.report import Contradicted, Report
from golos.demo.replay.run import Ran
from golos.demo.replay.table import Sample
from golos.demo.replay.worker import Step

INTRO = """[bold]Golos: Belarus 2020 as individual voters.[/]
Real: the published table, the cryptography, the doors, the log, the count and
the independent program that verifies it.
Invented: the voters, their keys and their phones, one for each declaration.
Stand-ins: a photograph is a few hundred bytes that name what it shows, sealed
as photographs are; its two readers are programs that never err.
"""
_SHOWN = 5


def size(sample: Sample) -> Iterator[str]:
    """Yield what is to be replayed."""
    chosen, added = len(sample.chosen), sum(station.added for station in sample.chosen)
    yield f"Stations with declarations: {sample.stations:,}; replayed: {chosen:,}, each whole."
    yield f"Ballots: {sample.size:,}; with a photograph: {sample.photographs:,}."
    yield f"Ballots added where more were photographed than declared: {added:,}.\n"


def result(ran: Ran, sample: Sample) -> Iterator[str]:
    """Yield how the count compares with the table, how fast it went, and how long the whole would take."""
    report = ran.report
    yield ""
    yield f"Log: {ran.entries:,} entries. Ballots opened: {report.opened:,} of {report.ballots:,}."
    yield from _tallies(report)
    yield _contradicted("one typing of the protocols (zubr)", report.one)
    yield _contradicted("both typings", report.both)
    yield "The independent program: " + ("it is as published." if report.verified else "see verification.txt.")
    yield ""
    yield from pace(ran, sample)


def pace(ran: Ran, sample: Sample) -> Iterator[str]:
    """Yield what this run did in which time; for a sample, also what the whole would take at that pace."""
    whole, known = 0.0, True
    for name, part in ran.paces.items():
        rate = f", {part.done / part.seconds:,.0f} a second" if part.done > 1 and part.seconds else ""
        yield f"{name:<40} {part.done:>9,} in {part.seconds:>8,.1f} s{rate}"
        known = known and bool(part.done)
        whole += part.seconds if name not in (Step.ENROLLED, Step.PHOTOGRAPHED) else 0
    if known and sample.size < sample.ballots:
        hours = whole * sample.ballots / sample.size / 3600
        yield f"At this pace the whole, {sample.ballots:,} ballots, takes about {hours:.1f} hours on this machine."


def _tallies(report: Report) -> Iterator[str]:
    wrong = len(report.differences)
    yield f"Tallies by tier, station and choice: {report.tallies:,}; not as in the table: {wrong:,}."
    for d in report.differences[:_SHOWN]:
        yield f"  {d.station} {d.choice}, {d.tier}: counted {d.counted}, in the table {d.table}"


def _contradicted(name: str, found: Contradicted) -> str:
    same = "the same" if found.counted == found.table else "NOT the same"
    return f"Contradicted under {name}: {len(found.counted):,} stations; in the table {len(found.table):,}, {same}."
