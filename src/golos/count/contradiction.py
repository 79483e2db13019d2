"""C1 and C8: more photographs, or declarations, of an option than its station's protocol has votes."""

from collections.abc import Iterator

import numpy as np

from golos.count.figures import NONE, Mask, Numbers
from golos.count.standing import DIFFER, ONCE, STATUS, Codes, Photos, Standing
from golos.count.words import assumptions
from golos.model.finding import Finding, Grade, Rule

BEYOND_VOTERS = "more photos than voters"
LOWER_ONLY = "only under the lower version"
NOT_READ = "photographs not read"
ONE_TYPING = "one typing"
TYPINGS_DIFFER = "typings differ"
BY_TIER = {"read": "machine reading", "declared": "declarations"}


def contradictions(photos: Photos, standing: Standing, stations: tuple[str, ...]) -> Iterator[Finding]:
    """Yield the findings of C1, or of C8 in the tier declared, in the order of the stations."""
    v, v_low = standing.high.take(standing.options), standing.low.take(standing.options)
    e, e_low = excess(photos.p, v), excess(photos.p, v_low)
    status = standing.status_of(standing.options)
    for at in np.flatnonzero((e_low > 0).any(axis=1)):
        grade, reason = _grade(photos.votes.tier, bool(photos.suspect[at]), e[at], status[at])
        votes, lower = int(e[at].sum()), int(e_low[at].sum())
        yield Finding(
            rule=Rule.C8 if photos.votes.tier == "declared" else Rule.C1,
            grade=grade,
            contest=standing.contest,
            option="",
            area=stations[at],
            source=photos.votes.source,
            tier=photos.votes.tier,
            breaking=votes or lower,
            numbers={
                "K": votes,
                "K_low": lower,
                "photos": int(photos.total[at]),
                "voters": number_or_none(standing.voters[at]),
                "options": {
                    standing.options[c]: {
                        "p": int(photos.p[at, c]),
                        "v": int(v[at, c]),
                        "v_low": int(v_low[at, c]),
                        "e": int(e[at, c]),
                        "status": STATUS[status[at, c]],
                    }
                    for c in np.flatnonzero(e_low[at] > 0)
                },
            },
            assumptions=assumptions(Rule.C8 if photos.votes.tier == "declared" else Rule.C1, photos.votes.tier),
            evidence=(photos.votes.evidence, *standing.evidence_at(int(at))),
            reason=reason,
        )


def excess(p: Numbers, v: Numbers) -> Numbers:
    """Return max(p - v, 0) where both are known, else 0."""
    both: Mask = (p != NONE) & (v != NONE)
    return np.where(both, np.maximum(p - v, 0), 0)


def number_or_none(value: np.int64 | int) -> int | None:
    """Return the figure, None for NONE."""
    return None if value == NONE else int(value)


def reading_grade(status: int) -> tuple[Grade, str]:
    """Return the grade that the reading of one protocol figure allows, and why it is no higher."""
    if status == ONCE:
        return Grade.STRONG, ONE_TYPING
    return (Grade.STRONG, TYPINGS_DIFFER) if status == DIFFER else (Grade.PROVEN, "")


def _grade(tier: str, suspect: bool, e: Numbers, status: Codes) -> tuple[Grade, str]:
    contradicted = status[e > 0]
    if suspect:
        return Grade.SUSPICIOUS, BEYOND_VOTERS
    if not contradicted.size:
        return Grade.SUSPICIOUS, LOWER_ONLY
    if tier == "photographed":
        return Grade.SUSPICIOUS, NOT_READ
    for found in (ONCE, DIFFER):
        if (contradicted == found).any():
            return reading_grade(found)
    return (Grade.STRONG, BY_TIER[tier]) if tier in BY_TIER else (Grade.PROVEN, "")
