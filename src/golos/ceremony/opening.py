"""Opening: the stewards open the winning ballots of every station with at least k (docs/formats.md, "The opening").

Pure: the same log, the same sealed parts and the same key give the same opening, so that each steward can make it
alone and compare before signing.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from golos.count.log import Log, closed_digest, cuts, leaves_of, opening_blob, openings_digest
from golos.count.winners import Winners, winners_of
from golos.credential.sealing import SealingKey, decode_inner, open_inner
from golos.model.ballot import INVALID, Ballot, Inner
from golos.model.entry import SEALED_KINDS, Opening, entry_or_none
from golos.model.pack import Pack
from golos.model.problem import Problem
from golos.model.record import digest

Sealed = Callable[[int], bytes]
"""The sealed inner part of the ballot at a leaf index."""


@dataclass(frozen=True, slots=True)
class Opened:
    """What the stewards sign, and the blob that `Opening.openings` names."""

    draft: Opening
    blob: bytes


def open_ballots(log: Log, sealed: Sealed, key: SealingKey) -> Opened:
    """Return the opening of everything in ``log``; raises Problem ``opening.early`` before the freeze."""
    leaves = leaves_of(log)
    freeze = cuts(leaves).freeze
    if freeze is None:
        raise Problem(
            "opening.early", "log", "has no freeze: the cut-off has not been named.", "Run `golos freeze` first."
        )
    won = winners_of(log.records, leaves, freeze)
    readable, spoilt = _read(log.pack, won, sealed, key)
    voters = Counter(station for station, _ in readable.values())
    inners = {index: data for index, (station, data) in readable.items() if voters[station] >= log.pack.policy.k}
    draft = Opening(
        version=1,
        election=log.pack.id,
        freeze=freeze,
        size=log.size,
        opened=len(inners),
        openings=openings_digest(inners),
        closed=closed_digest(_closed(log, won, inners)),
        withheld=len(readable) - len(inners),
        spoilt=spoilt,
        signatures=(),
    )
    return Opened(draft, opening_blob(inners))


def _read(
    pack: Pack, won: Winners, sealed: Sealed, key: SealingKey
) -> tuple[dict[int, tuple[str, bytes]], tuple[int, ...]]:
    """Return station and inner part of the winning ballots by leaf index, and the indexes of those that are spoilt.

    The same inner part twice is a copy, for its salt is random: whoever held the intake and k - 1 tokens could repeat
    a lone voter's sealed vote until its station opens. So only the first counts.
    """
    readable: dict[int, tuple[str, bytes]] = {}
    taken: set[bytes] = set()
    for index, ballot in won.ballots.items():
        part = _inner(pack, ballot, sealed(index), key) if ballot.inner not in taken else None
        if part is not None:
            readable[index] = part
            taken.add(ballot.inner)
    return readable, tuple(index for index in won.ballots if index not in readable)


def _inner(pack: Pack, ballot: Ballot, sealed: bytes, key: SealingKey) -> tuple[str, bytes] | None:
    """Return station and inner part of a ballot, None if it is spoilt."""
    try:
        data = open_inner(sealed, [key], pack.id)
        inner = decode_inner(data)
    except Problem:
        return None
    station = pack.succession.get(inner.station, inner.station)
    if digest(data) != ballot.inner or station not in pack.stations or not _marks_fit(pack, inner):
        return None
    return station, data


def _marks_fit(pack: Pack, inner: Inner) -> bool:
    contests = [contest for contest, _ in inner.choices]
    if len(set(contests)) < len(contests) or not set(contests) <= set(pack.contest_ids):
        return False
    for name, marks in inner.choices:
        contest = pack.contest(name)
        known = {option.id for option in contest.options} | {INVALID}
        if len(set(marks)) < len(marks) or not set(marks) <= known or len(marks) > contest.max_choices:
            return False
    return True


def _closed(log: Log, won: Winners, inners: Mapping[int, bytes]) -> list[int]:
    """Return the indexes of readings, verdicts and bindings of photographs that no opened ballot names."""
    shown = {won.ballots[index].photo for index in inners}
    closed = []
    for index, record in enumerate(log.records):
        entry = entry_or_none(record) if record else None
        if isinstance(entry, SEALED_KINDS) and entry.photo not in shown:
            closed.append(index)
    return closed
