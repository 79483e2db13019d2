"""Groups: which of many photographs are copies. Nothing is deleted: a copy points to its first, and says why."""

from collections.abc import Iterator
from dataclasses import dataclass

from golos.photo.copies.candidates import Candidate, Photographs, candidates
from golos.photo.copies.pair import PDQ_NEAR, Relation, near, relation
from golos.photo.copies.stroke import same_strokes


@dataclass(frozen=True, slots=True)
class Copy:
    """Photograph number ``copy`` is a copy of number ``of``, whose own first is number ``first`` (perhaps the same)."""

    copy: int
    of: int
    first: int
    relation: Relation


def copies(photographs: Photographs, *, station: bool) -> list[Copy]:
    """Return the copies, in order; each points to the first photograph, in the given order, that it is one of.

    Inside a ``station`` all pairs are compared that `candidates` leaves. Else only those of equal bytes and of near PDQ
    hashes are, which crops and bars escape; the marks are not compared, because among a million some are alike by
    chance.
    """
    pairs = candidates(photographs) if station else _near(photographs)
    firsts: dict[int, int] = {}
    found = []
    for pair in pairs:
        how = None if pair.number in firsts else _relation(photographs, pair, station=station)
        if how is not None:
            firsts[pair.number] = firsts.get(pair.earlier, pair.earlier)
            found.append(Copy(pair.number, pair.earlier, firsts[pair.number], how))
    return found


def _relation(photographs: Photographs, pair: Candidate, *, station: bool) -> Relation | None:
    one, other = photographs[pair.earlier], photographs[pair.number]
    if pair.view:
        return relation(one, other, station=station)
    return "same sheet" if same_strokes(one, other) else None


def _near(photographs: Photographs) -> Iterator[Candidate]:
    """Yield the pairs of equal bytes or near hashes."""
    known = [(photographs[number].pdq, photographs[number].sha256) for number in range(len(photographs))]
    for number, (pdq, sha) in enumerate(known):
        for earlier, (other, bytes_) in enumerate(known[:number]):
            if near(other, pdq) <= PDQ_NEAR or bytes_ == sha:
                yield Candidate(number, earlier, True)
