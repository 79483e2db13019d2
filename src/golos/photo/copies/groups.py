"""Groups: which of many photographs are copies. Nothing is deleted: a copy points to its first, and says why."""

from collections.abc import Sequence
from dataclasses import dataclass

from golos.photo.copies.descriptor import Descriptor
from golos.photo.copies.pair import PDQ_NEAR, Relation, near, relation


@dataclass(frozen=True, slots=True)
class Copy:
    """Photograph number ``copy`` is a copy of number ``of``, whose own first is number ``first`` (perhaps the same)."""

    copy: int
    of: int
    first: int
    relation: Relation


def copies(photographs: Sequence[Descriptor], *, station: bool) -> list[Copy]:
    """Return the copies, in order; each points to the first photograph, in the given order, that it is one of.

    Inside a ``station`` every pair is compared. Else only those of equal bytes and of near PDQ hashes are, which crops
    and bars escape; the marks are not compared, because among a million some are alike by chance.
    """
    firsts: dict[int, int] = {}
    found = []
    for number, photograph in enumerate(photographs):
        for earlier in range(number):
            other = photographs[earlier]
            if not station and near(other.pdq, photograph.pdq) > PDQ_NEAR and other.sha256 != photograph.sha256:
                continue
            how = relation(other, photograph, station=station)
            if how is not None:
                firsts[number] = firsts.get(earlier, earlier)
                found.append(Copy(number, earlier, firsts[number], how))
                break
    return found
