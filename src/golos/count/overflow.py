"""C2: more photographs than the station's protocol has ballots."""

from collections.abc import Iterator

import numpy as np

from golos.count.contradiction import BEYOND_VOTERS, number_or_none, reading_grade
from golos.count.figures import NONE
from golos.count.standing import Photos, Standing
from golos.count.words import assumptions
from golos.model.finding import Finding, Grade, Rule


def overflows(photos: Photos, standing: Standing, stations: tuple[str, ...]) -> Iterator[Finding]:
    """Yield the findings of C2, in the order of the stations."""
    found = (standing.turnout != NONE) & (photos.total > standing.turnout)
    for at in np.flatnonzero(found):
        grade, reason = reading_grade(standing.turnout_status[at])
        if photos.suspect[at]:
            grade, reason = Grade.SUSPICIOUS, BEYOND_VOTERS
        total, ballots = int(photos.total[at]), int(standing.turnout[at])
        yield Finding(
            rule=Rule.C2,
            grade=grade,
            contest=standing.contest,
            option="",
            area=stations[at],
            source=photos.votes.source,
            tier=photos.votes.tier,
            breaking=total - ballots,
            numbers={"photos": total, "ballots": ballots, "voters": number_or_none(standing.voters[at])},
            assumptions=assumptions(Rule.C2, photos.votes.tier),
            evidence=(photos.votes.evidence, *standing.evidence_at(int(at))),
            reason=reason,
        )
