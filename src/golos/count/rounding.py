"""C7: announced counts that were made from percentages: every one is a tenth of a percent of the total, rounded."""

from collections.abc import Iterator, Mapping, Sequence

from golos.count.count import Announcement
from golos.count.words import assumptions
from golos.model.finding import Finding, Grade, Rule

UNLIKELY = 10**6
"""A chance of one in more than so many is a finding."""


def rounded(
    announcements: Sequence[Announcement], contest: str, options: Sequence[str], turnout: str
) -> Iterator[Finding]:
    """Yield the findings of C7. Of one area, source and total the newest announcement's stays."""
    found: dict[str, Finding] = {}
    for announced in sorted(announcements, key=lambda a: a.leaf):
        if announced.contest == contest and announced.unit == 1 and all(o in announced.values for o in options):
            for finding in _findings(announced, options, turnout):
                found[finding.id] = finding
    yield from found.values()


def share(value: int, total: int) -> int | None:
    """Return the least whole k >= 0 with value = floor((k * total + 500) / 1000), None if there is none."""
    k = max(-((500 - 1000 * value) // total), 0)
    return k if (k * total + 500) // 1000 == value else None


def _findings(announced: Announcement, options: Sequence[str], turnout: str) -> Iterator[Finding]:
    totals = {"": sum(announced.values[o] for o in options)}
    if turnout in announced.values:
        totals[turnout] = announced.values[turnout]
    for line, total in totals.items():
        shares = _shares(announced.values, options, total)
        if shares and _is_unlikely(total, len(options) - 1):
            yield _finding(announced, line, total, shares, (1000 / total) ** (len(options) - 1))


def _shares(values: Mapping[str, int], options: Sequence[str], total: int) -> dict[str, list[int]] | None:
    shares: dict[str, list[int]] = {}
    for option in options:
        k = share(values[option], total) if total else None
        if k is None:
            return None
        shares[option] = [values[option], k]
    return shares


def _is_unlikely(total: int, free: int) -> bool:
    """Say whether min(1, 1000 / total) ** free is under 1e-6."""
    return total > 1000 and total**free > UNLIKELY * 1000**free


def _finding(announced: Announcement, line: str, total: int, shares: Mapping[str, list[int]], chance: float) -> Finding:
    return Finding(
        rule=Rule.C7,
        grade=Grade.STRONG,
        contest=announced.contest,
        option=line,
        area=announced.area,
        source=announced.source,
        tier="",
        breaking=1,
        numbers={"total": total, "chance": f"{chance:.1e}", "options": dict(shares)},
        assumptions=assumptions(Rule.C7),
        evidence=(f"leaf:{announced.leaf}",),
    )
