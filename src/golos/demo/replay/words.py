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
    yield _contradicted("one typing", report.one)
    yield _contradicted("two typings", report.both)
    yield "The independent program: " + ("it is as published." if report.verified else "see verification.txt.")
    yield ""
    yield from pace(ran)
    yield from whole(ran, sample)


def pace(ran: Ran) -> Iterator[str]:
    """Yield what this run did in which time."""
    for name, part in ran.paces.items():
        rate = f", {part.done / part.seconds:,.0f} a second" if part.done > 1 else ""
        yield f"{name:<40} {part.done:>9,} in {part.seconds:>8,.1f} s{rate}"
    yield f"Processor time of all processes together: {ran.processor:,.0f} s."


def whole(ran: Ran, sample: Sample) -> Iterator[str]:
    """Yield how long the whole would take at the pace of this run, if this run has done all of its sample."""
    parts = [part for name, part in ran.paces.items() if name in (Step.SENT, Step.READ)]
    if sample.size < sample.ballots and sum(part.done for part in parts) == sample.size + 2 * sample.photographs:
        times = sample.ballots / sample.size / 3600
        hours, processor = sum(part.seconds for part in parts) * times, ran.processor * times
        yield f"At this pace all {sample.ballots:,} ballots are sent and read in {hours:.1f} hours;"
        yield f"everything until it is verified takes {processor:.1f} hours of processor time at most."


def _tallies(report: Report) -> Iterator[str]:
    wrong = len(report.differences)
    yield f"Tallies by tier, station and choice: {report.tallies:,}; not as in the table: {wrong:,}."
    for d in report.differences[:_SHOWN]:
        yield f"  {d.station} {d.choice}, {d.tier}: counted {d.counted}, in the table {d.table}"


def _contradicted(name: str, found: Contradicted) -> str:
    same = "the same" if found.counted == found.table else "NOT the same"
    return f"Contradicted, {name}: {len(found.counted):,} stations; in the table {len(found.table):,}, {same}."
