"""Cohorts: every count as it was among those registered before a week, and what faking a claim would cost.

Whoever can register other people's numbers (a telecom that reads the codes) needs time; a contradiction that stands
among the first weeks' registrations was not made in the last ones.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from golos.count.compare import Comparison, compare
from golos.count.count import OWN, REISSUED
from golos.count.evidence.result import Method, Result, Rows
from golos.count.known import Known
from golos.count.log import Log, is_voters
from golos.count.recount import recount
from golos.credential.token import KEY_ID, token_key_id
from golos.model.ballot import Ballot, Withdrawal
from golos.model.entry import entry_or_none
from golos.model.finding import Finding, Grade, Rule
from golos.model.pack import Cohort, Pack

METHOD = Method(
    name="Counts by week of registration, and the cost of faking each claim",
    citations=("docs/analyst.md, Cohorts",),
    assumptions=(
        "A token's cohort is the week in which it was issued: the issuer's keys were not kept or used later.",
        "A fake ballot needs a phone number of its own.",
    ),
    confounds=(
        "Early registrants differ from late ones: a smaller count is no sign of fakes in the later weeks.",
        "Re-issued credentials replace lost ones at any time; they are in no week and stay a source of their own.",
    ),
    most=Grade.PROVEN,
)


@dataclass(frozen=True, slots=True)
class Week:
    """The comparison of the ballots of all cohorts up to ``name``."""

    name: str
    starts: str
    issued: int
    redeemed: int
    comparison: Comparison

    def told(self) -> dict[str, Any]:
        """Return the week for JSON; only the log's own ballots depend on it."""
        contests = self.comparison.summary["contests"]
        own = {contest: found["sources"].get(OWN) for contest, found in contests.items()}
        return {
            "cohort": self.name,
            "starts": self.starts,
            "issued": self.issued,
            "redeemed": self.redeemed,
            "contests": own,
            "stations": self.comparison.summary["stations"],
        }


def weekly(pack: Pack) -> list[Cohort]:
    """Return the cohorts that are weeks, the first first."""
    cohorts = pack.keys.cohorts if pack.keys else ()
    return sorted((c for c in cohorts if not c.reissue), key=lambda c: (c.starts, c.name))


def among(log: Log, cohorts: Collection[Cohort]) -> Log:
    """Return the log as if only these cohorts had voted: all other ballots and withdrawals are closed records."""
    keys = {token_key_id(c.key) for c in cohorts}
    return replace(log, records=[_kept(record, keys) for record in log.records])


def weeks(log: Log) -> list[Week]:
    """Return the comparison of those registered up to each week, the last being every week's. Each is a recount."""
    found, before = [], []
    for cohort in weekly(log.pack):
        before.append(cohort)
        comparison = compare(recount(among(log, before)))
        tokens = [comparison.count.cohorts[c.name] for c in before]
        issued, redeemed = (sum(pair[at] for pair in tokens) for at in (0, 1))
        found.append(Week(cohort.name, cohort.starts, issued, redeemed, comparison))
    return found


def cohort_study(log: Log, price: float | None = None) -> Result:
    """Return every week's counts, and for each claim of the whole log its cost and the week from which it stands.

    ``price`` is that of one registered phone number, in any currency; None leaves the cost in numbers of phones.
    """
    log = replace(log, known=log.known or Known(log.pack))  # each signature is verified once, not once a week
    full, by_week = compare(recount(log)), weeks(log)
    claims = [_claim(finding, by_week, price) for finding in _claims(full)]
    votes = _phones(_claims(full))
    numbers = {
        "weeks": [week.told() for week in by_week],
        "claims": claims,
        "phones_for_all": votes,
        "price": price,
        "cost_of_all": None if price is None else votes * price,
    }
    grade = min((f.grade for f in _claims(full)), key=list(Grade).index, default=Grade.CANT_TELL)
    reason = (
        f"{len(claims)} claims rest on the log's own ballots; faking all of them takes at least {votes:,} phone numbers"
    )
    ballots = full.summary["ballots"]
    rows = Rows(int(ballots["winning"]), {"ballots that do not win": int(ballots["logged"] - ballots["winning"])})
    return Result(METHOD, grade, reason, rows, log.root.hex(), numbers)


def _phones(claims: Sequence[Finding]) -> int:
    """Return how many phones faking all claims takes at the least: a fake ballot serves every claim of its station."""
    most: dict[str, int] = {}
    for finding in claims:
        most[finding.area] = max(most.get(finding.area, 0), finding.breaking)
    return sum(most.values())


def _claims(comparison: Comparison) -> Sequence[Finding]:
    """Return the findings that rest on the log's own ballots."""
    sources, rules = (OWN, REISSUED), (Rule.C1, Rule.C2, Rule.C8)
    return [f for f in comparison.findings if f.source in sources and f.rule in rules and not f.withdrawn]


def _claim(finding: Finding, by_week: Sequence[Week], price: float | None) -> dict[str, Any]:
    """Return what a claim costs: as many ballots as must be wrong for it to fall, each with a phone of its own."""
    history: Mapping[str, int] = {week.name: _breaking(week.comparison, finding.id) for week in by_week}
    return {
        "id": finding.id,
        "grade": finding.grade.value,
        "phones": finding.breaking,
        "cost": None if price is None else finding.breaking * price,
        "since": next((name for name, votes in history.items() if votes), None),
        "breaking_by_week": history,
    }


def _breaking(comparison: Comparison, name: str) -> int:
    return next((f.breaking for f in comparison.findings if f.id == name), 0)


def _kept(record: bytes | None, keys: Collection[bytes]) -> bytes | None:
    if record is None or not is_voters(record):
        return record
    entry = entry_or_none(record)
    return record if isinstance(entry, Ballot | Withdrawal) and entry.token[KEY_ID] in keys else None
