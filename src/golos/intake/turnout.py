"""The voters an accredited observer counted at a station's door."""

from golos.intake.form import expect_line, expect_station, lines
from golos.model.entry import Turnout
from golos.model.pack import Pack


def check_turnout(entry: Turnout, pack: Pack) -> None:
    """Raises Problem ``station.unknown``, ``line.unknown``."""
    expect_station(pack, entry.station, "turnout.station")
    expect_line(lines(pack), entry.line, "turnout.line")
