"""Copies: which photographs of a station show one sheet of paper, and which come again at another station.

Sought after the opening, station by station, in the descriptors that the reading room sealed as it first looked. It
says so and does no more: nothing is deleted, joined or entered. A false join would take a voter's ballot away, so
people decide, who look at the photographs.
"""

import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Self

import msgspec

from golos.desk.claims import Claim, Claims
from golos.desk.described import Described
from golos.desk.searched import Copied, Group, Searched
from golos.model.problem import Problem
from golos.photo.copies.confined import Comparer
from golos.photo.copies.descriptor import Descriptor
from golos.photo.copies.groups import Copy
from golos.photo.copies.index import Index
from golos.photo.copies.pair import PDQ_NEAR, Relation


@dataclass(frozen=True, slots=True)
class _Inside:
    """A station, compared in itself: its claims that have a descriptor, the hashes of their frames, the copies."""

    claims: Sequence[Claim]
    hashes: Sequence[bytes]
    copies: Sequence[Copy]


class Search:
    """Compares with as many sandboxes as there are processors; in memory are the photographs of some stations."""

    def __init__(self, claims: Claims, described: Described, index: Index, before: Sequence[Searched]) -> None:
        """``before``: what was found at stations that ``index`` holds already."""
        self._claims = claims
        self._described = described
        self._index = index
        self._claim = {claim.photo: claim for some in claims.by_station.values() for claim in some}
        self._firsts: dict[str, str] = {}
        for group in (group for searched in before for group in searched.groups):
            self._firsts |= {
                copy.photo: group.first.photo for copy in group.copies if copy.station != group.first.station
            }
        self._close = ExitStack()
        self._free: SimpleQueue[Comparer] = SimpleQueue()
        self._workers = os.cpu_count() or 1
        for _ in range(self._workers):
            self._free.put(self._close.enter_context(Comparer()))
        self._across = self._close.enter_context(Comparer())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close.close()

    def stations(self, codes: Sequence[str]) -> Iterator[Searched]:
        """Yield what is found at each of the stations, in this order, which are not among those ``before``.

        Of a station where a descriptor ends the worker none is compared; people look there. Raises Problem
        ``sealed.unknown_key``, ``sandbox.unavailable``.
        """
        ahead: deque[tuple[str, Future[_Inside]]] = deque()
        with ThreadPoolExecutor(self._workers) as pool:
            try:
                for code in codes:
                    ahead.append((code, pool.submit(self._inside, code)))
                    if len(ahead) > 2 * self._workers:
                        yield self._searched(*ahead.popleft())
                while ahead:
                    yield self._searched(*ahead.popleft())
            finally:
                pool.shutdown(cancel_futures=True)

    def _inside(self, code: str) -> _Inside:
        known = [
            (claim, packed)
            for claim in self._claims.by_station.get(code, ())
            if (packed := self._described.of(claim.photo)) is not None
        ]
        comparer = self._free.get()
        try:
            hashes = [Descriptor.decode(packed).pdq for _, packed in known]  # the picture in it stays packed
            copies = comparer.copies([packed for _, packed in known], station=True)
        except Problem as problem:
            _expect_hostile(problem)
            return _Inside((), (), ())
        finally:
            self._free.put(comparer)
        return _Inside([claim for claim, _ in known], hashes, copies)

    def _searched(self, code: str, inside: Future[_Inside]) -> Searched:
        found = inside.result()
        groups = _grouped(found) + self._elsewhere(found)
        self._index.add([(bytes.fromhex(c.photo), pdq) for c, pdq in zip(found.claims, found.hashes, strict=True)])
        return Searched(code, len(self._claims.by_station.get(code, ())), len(found.claims), tuple(groups))

    def _elsewhere(self, found: _Inside) -> list[Group]:
        """Return which of the station's photographs come from stations that were searched before."""
        groups: dict[str, list[Copied]] = {}
        for claim, pdq in zip(found.claims, found.hashes, strict=True):
            for earlier in self._near(claim, pdq):
                reason = self._relation(earlier, claim)
                if reason is not None:
                    first = self._firsts.get(earlier.photo, earlier.photo)
                    self._firsts[claim.photo] = first
                    groups.setdefault(first, []).append(_copied(claim, reason, earlier))
                    break
        return [_group(self._claim[first], copies) for first, copies in groups.items()]

    def _near(self, claim: Claim, pdq: bytes) -> list[Claim]:
        """Return the photographs of other stations whose frames look alike, the oldest ballot first."""
        names = (name.hex() for name in self._index.near(pdq, PDQ_NEAR))
        found = (self._claim[name] for name in names if name in self._claim)
        return sorted((each for each in found if each.station != claim.station), key=lambda each: each.ballot)

    def _relation(self, one: Claim, other: Claim) -> Relation | None:
        mine, theirs = self._described.of(one.photo), self._described.of(other.photo)
        try:
            return self._across.relation(mine, theirs) if mine and theirs else None
        except Problem as problem:
            _expect_hostile(problem)
            return None


def _expect_hostile(problem: Problem) -> None:
    """Raise the problem again unless a descriptor is the cause, which then comes from a sandbox taken over once."""
    if problem.code not in ("photo.worker", "descriptor.form"):
        raise problem


def _grouped(found: _Inside) -> list[Group]:
    """Return the copies inside the station by their first."""
    groups: dict[int, list[Copied]] = {}
    for copy in found.copies:
        copied = _copied(found.claims[copy.copy], copy.relation, found.claims[copy.of])
        groups.setdefault(copy.first, []).append(copied)
    return [_group(found.claims[first], copies) for first, copies in groups.items()]


def _copied(claim: Claim, reason: Relation, of: Claim) -> Copied:
    return Copied(**msgspec.structs.asdict(claim), reason=reason, of=of.photo)


def _group(first: Claim, copies: Sequence[Copied]) -> Group:
    return Group(first, tuple(copies), len({first.counted, *(copy.counted for copy in copies)}))
