"""C3: the protocol has more voters than observers saw at the door."""

from collections.abc import Iterator, Sequence

from golos.count.contradiction import reading_grade
from golos.count.count import DoorCount
from golos.count.figures import NONE
from golos.count.standing import Standing
from golos.count.words import assumptions
from golos.model.finding import Finding, Rule


def doorstep(doors: Sequence[DoorCount], standing: Standing, stations: tuple[str, ...]) -> Iterator[Finding]:
    """Yield the findings of C3 for the doors that are held against this contest's protocols."""
    for door in doors:
        if door.contest not in ("", standing.contest) or door.line not in standing.low.columns:
            continue
        protocol = int(standing.low.column(door.line)[door.station])
        more = protocol - door.voters - door.double_count
        if protocol == NONE or more <= 0:
            continue
        grade, reason = reading_grade(standing.status_of([door.line])[door.station, 0])
        yield Finding(
            rule=Rule.C3,
            grade=grade,
            contest=standing.contest,
            option=door.line,
            area=stations[door.station],
            source=door.source,
            tier="",
            breaking=more,
            numbers={
                "protocol": protocol,
                "observed": door.voters,
                "double_count": door.double_count,
                "organisation": door.organisation,
            },
            assumptions=assumptions(Rule.C3),
            evidence=(door.evidence, *standing.evidence_at(door.station)),
            reason=reason,
        )
