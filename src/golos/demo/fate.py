"""Fate: what became of each photograph, read off the log after the count has verified it."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from typing import TypeVar

from golos.count.log import Leaf, Log
from golos.count.pictures import AGREEING, Picture, pictures
from golos.count.staff import Staff
from golos.demo.voters import Photo, Voter
from golos.model.entry import decode_entry
from golos.model.record import kind_of


class Said(StrEnum):
    """What the machine alone made of a photograph."""

    RIGHT = "right"
    WRONG = "wrong"
    REVIEW = "in review"
    """it said nothing, for people are to look"""
    JOINED = "copy"
    NO_BALLOT = "no ballot"
    REJECTED = "rejected"
    """it could not be decoded"""


What = TypeVar("What")
_REFUSED = {"copy": Said.JOINED, "not_a_ballot": Said.NO_BALLOT, "unreadable": Said.REJECTED}
_KINDS = ("key", "photo", "reading", "verdict", "binding")


class Fate(StrEnum):
    """What machine and readers made of a photograph."""

    RIGHT = "read right"
    WRONG = "misread"
    JOINED = "copy"
    NO_BALLOT = "no ballot"
    OPEN = "unsettled"
    """its readers have not agreed"""


def fates(log: Log) -> Mapping[bytes, Picture]:
    """Return what the log says of each photograph by its digest. Signatures are the count's to verify."""
    leaves = [
        Leaf(index, record, decode_entry(record), None)
        for index, record in enumerate(log.records)
        if record is not None and kind_of(record) in _KINDS
    ]
    return pictures(leaves, Staff(leaves), log.size)


def tally(sent: Mapping[bytes, Voter], seen: Mapping[bytes, Picture]) -> Mapping[Photo, Counter[Fate]]:
    """Return how many photographs of each true kind met which fate."""
    return _counted(sent, seen, _fate)


def machine_tally(sent: Mapping[bytes, Voter], seen: Mapping[bytes, Picture]) -> Mapping[Photo, Counter[Said]]:
    """Return of how many photographs of each true kind the machine said what."""
    return _counted(sent, seen, _said)


def _counted(
    sent: Mapping[bytes, Voter], seen: Mapping[bytes, Picture], judge: Callable[[Picture, str], What]
) -> Mapping[Photo, Counter[What]]:
    found: dict[Photo, Counter[What]] = {kind: Counter() for kind in Photo if kind is not Photo.NONE}
    for photo, voter in sent.items():
        found[voter.photo][judge(seen.get(photo, Picture()), voter.shown)] += 1
    return found


def _said(picture: Picture, shown: str) -> Said:
    first = picture.readings[0] if picture.readings else None
    if first is None:
        return Said.REVIEW
    if first.status == "ballot":
        return Said.RIGHT if _marks(first.choices) == [shown] else Said.WRONG
    return _REFUSED[first.status]


def _fate(picture: Picture, shown: str) -> Fate:
    if picture.copy:
        return Fate.JOINED
    if picture.confirmed is not None:
        return Fate.RIGHT if _marks(picture.confirmed) == [shown] else Fate.WRONG
    refused = sum(verdict.status == "not_a_ballot" for verdict in picture.verdicts.values())
    return Fate.NO_BALLOT if refused >= AGREEING else Fate.OPEN


def _marks(choices: Iterable[tuple[str, Iterable[str]]]) -> list[str]:
    return [option for _, options in choices for option in options]
