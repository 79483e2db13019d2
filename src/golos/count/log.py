"""Log: what the count reads, and the two digests that tie an opening to it (docs/formats.md, "The opening")."""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from golos.count.checker import INVALID, findings
from golos.count.known import Known
from golos.credential.verification import Verifier
from golos.model.entry import Entry, Freeze, Opening, decode_again, decode_entry
from golos.model.pack import Cohort, Pack
from golos.model.problem import Problem
from golos.model.record import kind_of

_HEAD = 12


@dataclass(frozen=True, slots=True, eq=False)
class Log:
    """The log of one election, as a mirror has it or as the stewards have it: both give the same count.

    ``records`` are by leaf index, None is a closed record. ``inners`` holds the unpadded inner parts of the newest
    opening by leaf index, ``rows`` returns the rows of a table by their SHA-256 (KeyError or Missing where there are
    none). ``size`` and ``root`` are those of the checkpoint at hand. ``known``: what was verified before, if kept.
    """

    pack: Pack
    records: Sequence[bytes | None]
    inners: Mapping[int, bytes]
    rows: Callable[[bytes], bytes]
    size: int
    root: bytes
    known: Known | None = None


@dataclass(frozen=True, slots=True)
class Leaf:
    """A valid entry at its place: its election is this one and its signatures verify; ``cohort`` is a voter's."""

    index: int
    record: bytes
    entry: Entry
    cohort: Cohort | None


@dataclass(frozen=True, slots=True)
class Cuts:
    """Where voters' entries end: ``freeze`` is the first freeze's size or None, ``opening`` the newest opening."""

    freeze: int | None
    opening: Opening | None


def leaf_at(log: Log, index: int, verifier: Verifier) -> Leaf | None:
    """Return the entry at that place, None where it is closed or not valid."""
    record = log.records[index]
    if record is None:
        return None
    try:
        entry = decode_entry(record)
        return Leaf(index, record, entry, verifier.verify(entry, record))
    except Problem:
        return None


def leaves_of(log: Log) -> list[Leaf]:
    """Return all valid entries of a log, in order; nearly all the work is the verification of their signatures."""
    found = findings(log.pack, log.records) if log.known is None else log.known.findings(log.records)
    cohorts = (*(log.pack.keys.cohorts if log.pack.keys else ()), None)  # NO_COHORT is the last place
    return [
        Leaf(index, record, decode_again(record), cohorts[finding])
        for index, (record, finding) in enumerate(zip(log.records, found, strict=True))
        if record is not None and finding != INVALID
    ]


def leaves_of_kinds(log: Log, *kinds: str) -> Iterator[Leaf]:
    """Yield the valid entries of these kinds, in order; no other signature is verified."""
    verifier = Verifier(log.pack)
    places = (at for at, record in enumerate(log.records) if record and kind_of(record) in kinds)
    return (leaf for at in places if (leaf := leaf_at(log, at, verifier)))


def is_voters(record: bytes) -> bool:
    """Say whether a record claims to be a ballot or a withdrawal, valid or not."""
    return kind_of(record) in ("ballot", "withdrawal")


def cuts(leaves: Iterable[Leaf]) -> Cuts:
    """Return the cut-offs of a log's valid entries, which come in order of their index."""
    freeze, opening = None, None
    for leaf in leaves:
        if isinstance(leaf.entry, Freeze) and freeze is None and leaf.entry.size <= leaf.index:
            freeze = leaf.entry.size
        if isinstance(leaf.entry, Opening) and leaf.entry.size <= leaf.index:
            opening = leaf.entry
    return Cuts(freeze, opening)


def cuts_of(log: Log) -> Cuts:
    """Return the cut-offs of a log, without a look at its other entries."""
    return cuts(leaves_of_kinds(log, "freeze", "opening"))


def opening_blob(inners: Mapping[int, bytes]) -> bytes:
    """Return the blob of an opening: index, length and inner part of each opened leaf, in order of the index."""
    return b"".join(index.to_bytes(8) + len(inner).to_bytes(4) + inner for index, inner in sorted(inners.items()))


def inners_of(blob: bytes) -> dict[int, bytes]:
    """Return the inner parts in an opening's blob by leaf index. Raises Problem ``opening.malformed``."""
    found: dict[int, bytes] = {}
    at, last = 0, -1
    while at < len(blob):
        index, length = int.from_bytes(blob[at : at + 8]), int.from_bytes(blob[at + 8 : at + _HEAD])
        at += _HEAD + length
        if at > len(blob) or index <= last:
            raise Problem("opening.malformed", "opening.openings", "is cut off or out of order.", "Fetch it again.")
        found[index] = blob[at - length : at]
        last = index
    return found


def openings_digest(inners: Mapping[int, bytes]) -> bytes:
    """Return ``openings`` of an opening entry."""
    return hashlib.sha256(opening_blob(inners)).digest()


def closed_digest(indexes: Iterable[int]) -> bytes:
    """Return ``closed`` of an opening entry, of the indexes of all closed leaves below its size."""
    return hashlib.sha256(b"".join(index.to_bytes(8) for index in sorted(indexes))).digest()
