"""Form: the names of the pack that an observer's record may use. Checks of arithmetic are no business of intake."""

from golos.model.pack import Pack
from golos.model.problem import Problem


def expect_station(pack: Pack, code: str, field: str) -> None:
    """Raises Problem ``station.unknown`` unless the pack has the station, or says what took its place."""
    if code not in pack.stations and code not in pack.succession:
        raise Problem(
            "station.unknown",
            field,
            "names a station that this election does not have.",
            "Use a code of stations.csv in the election pack.",
        )


def expect_line(known: frozenset[str], line: str, field: str) -> None:
    """Raises Problem ``line.unknown`` unless the protocol form has the line."""
    if line not in known:
        raise Problem(
            "line.unknown",
            field,
            "names a line that the protocol form of this election does not have.",
            "Use an id of lines.csv or options.csv in the election pack.",
        )


def lines(pack: Pack) -> frozenset[str]:
    """Return the ids of everything a protocol can have a number for: lines, options, ``invalid``."""
    options = (option.id for contest in pack.contests for option in contest.options)
    return frozenset((*(line.id for line in pack.lines), *options, "invalid"))
