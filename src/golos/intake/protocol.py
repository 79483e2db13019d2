"""A station protocol as an accredited observer copied it. Sums that do not add up are facts: they pass."""

from golos.intake.form import expect_line, expect_station, lines
from golos.model.entry import Protocol
from golos.model.pack import Pack
from golos.model.problem import Problem


def check_protocol(entry: Protocol, pack: Pack) -> None:
    """Raises Problem ``station.unknown``, ``line.unknown``, ``line.twice``, ``protocol.empty``."""
    expect_station(pack, entry.station, "protocol.station")
    known = lines(pack)
    seen: set[str] = set()
    for position, (line, _) in enumerate(entry.lines):
        field = f"protocol.lines[{position}]"
        expect_line(known, line, field)
        if line in seen:
            raise Problem("line.twice", field, "names a line for the second time.", "Send each line once.")
        seen.add(line)
    if not seen:
        raise Problem("protocol.empty", "protocol.lines", "holds no line.", "Send at least one line of the protocol.")
