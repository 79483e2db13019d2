"""C4: the parts of an area exceed the whole that was announced for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from golos.count.contradiction import ONE_TYPING
from golos.count.count import FIRST, Announcement, Count
from golos.count.figures import NONE, Mask, Numbers, known
from golos.count.standing import TWICE, Photos, Standing
from golos.count.words import assumptions
from golos.model.finding import Finding, Grade, Rule

NOT_AUTHORITY = "announcement from another source"


@dataclass(frozen=True, slots=True)
class Whole:
    """The highest announcement of an option in an area: at its upper edge, with its unit, and whose it is."""

    value: int
    unit: int
    authority: bool
    leaves: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """What one version of the protocols and the photographs elsewhere add up to."""

    protocols: int
    stations: int
    photos: int
    gap: int


def exceeded(count: Count, standing: Standing, photos: Photos | None) -> Iterator[Finding]:
    """Yield the findings of C4, by area in the order of the codes and by option in ballot order."""
    announced = [a for a in count.announcements if a.contest == standing.contest and a.area in count.tree.areas]
    for area in sorted({a.area for a in announced}):
        inside = count.tree.under(area)
        for option in standing.options:
            whole = highest([a for a in announced if a.area == area], option)
            if whole:
                yield from _finding(standing, photos, area, option, inside, whole)


def highest(announcements: Sequence[Announcement], option: str) -> Whole | None:
    """Return the highest announcement of the option, None if there is none."""
    edges = [(upper_edge(a.values[option], a.unit), a) for a in announcements if option in a.values]
    if not edges:
        return None
    value = max(edge for edge, _ in edges)
    top = [a for edge, a in edges if edge == value]
    return Whole(value, min(a.unit for a in top), any(a.authority for a in top), tuple(a.leaf for a in top))


def upper_edge(value: int, unit: int) -> int:
    """Return the most that a number rounded to ``unit`` can stand for."""
    return value if unit == 1 else value + unit // 2


def _finding(
    standing: Standing, photos: Photos | None, area: str, option: str, inside: Mask, whole: Whole
) -> Iterator[Finding]:
    p = photos.p[:, standing.options.index(option)] if photos else np.full(len(inside), NONE, dtype=np.int64)
    parts = {name: _part(v, p, inside, whole.value) for name, v in _versions(standing, option).items()}
    name = _headline(parts, whole.value)
    if name is None:
        return
    grade, reason = _grade(standing, photos, option, inside, whole)
    tier = photos.votes.tier if photos else ""
    yield Finding(
        rule=Rule.C4,
        grade=grade,
        contest=standing.contest,
        option=option,
        area=area,
        source=photos.votes.source if photos else "",
        tier=tier,
        breaking=parts[name].gap,
        numbers={
            "announced": whole.value,
            "unit": whole.unit,
            "authority": whole.authority,
            "headline": name,
            "versions": {
                source: {
                    "protocols": part.protocols,
                    "stations": part.stations,
                    "photos_elsewhere": part.photos,
                    "gap": part.gap,
                }
                for source, part in parts.items()
            },
        },
        assumptions=assumptions(Rule.C4, tier),
        evidence=(
            *((photos.votes.evidence,) if photos else ()),
            *dict.fromkeys(v.evidence for v in standing.versions),
            *(f"leaf:{leaf}" for leaf in whole.leaves),
        ),
        reason=reason,
    )


def _versions(standing: Standing, option: str) -> dict[str, Numbers]:
    """Return the figures of the option by version: the first source alone, ``first``, each other source alone."""
    alone = [(v.source, v.figures.column(option)) for v in standing.versions]
    if len(alone) < 2:
        return dict(alone) or {"": standing.high.column(option)}
    first = alone[0][1]
    for _, values in alone[1:]:
        first = np.where(first == NONE, values, first)
    return dict([alone[0], (FIRST, first), *alone[1:]])


def _part(v: Numbers, p: Numbers, inside: Mask, announced: int) -> Part:
    collected = inside & (v != NONE)
    protocols = int(v[collected].sum())
    elsewhere = int(known(p[inside & ~collected]).sum())
    return Part(protocols, int(collected.sum()), elsewhere, max(protocols + elsewhere - announced, 0))


def _headline(parts: dict[str, Part], announced: int) -> str | None:
    alone = (name for name, part in parts.items() if part.protocols > announced)
    with_photos = (name for name, part in parts.items() if part.gap > 0)
    return next(alone, next(with_photos, None))


def _grade(standing: Standing, photos: Photos | None, option: str, inside: Mask, whole: Whole) -> tuple[Grade, str]:
    if not whole.authority:
        return Grade.STRONG, NOT_AUTHORITY
    twice = standing.status_of([option])[:, 0] == TWICE
    v = np.where(twice, standing.low.column(option), NONE)
    p = np.full(len(v), NONE, dtype=np.int64)
    if photos:
        p = np.where(photos.suspect, NONE, photos.p[:, standing.options.index(option)])
    return (Grade.PROVEN, "") if _part(v, p, inside, whole.value).gap > 0 else (Grade.STRONG, ONE_TYPING)
