"""Confined: photographs are compared in a sandbox too, for a descriptor holds a picture, which a stranger has made."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Self

import msgspec
import numpy as np

from golos.model.problem import Problem
from golos.photo.copies.descriptor import Descriptor, describe
from golos.photo.copies.groups import Copy, copies
from golos.photo.copies.pair import Relation, relation
from golos.photo.picture import Picture
from golos.photo.sandbox import Limits, Sandbox, WorkerDied

LONG = Limits(cpu=86_400, wall=86_400, memory=2_000_000_000)
"""For comparing all photographs of a station with each other: milliseconds a pair that is alike in the small."""
_HELD = 400
"""Photographs held unpacked, a third of a megabyte each; the packed ones take 15 KB."""


class Comparer:
    """Compares photographs by their packed descriptors, in a sandbox of its own. To be closed."""

    def __init__(self, limits: Limits = LONG) -> None:
        self._sandbox = Sandbox("golos.photo.copies.confined:comparer", limits=limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sandbox.close()

    def copies(self, descriptors: Sequence[bytes], *, station: bool) -> list[Copy]:
        """Return which photographs are copies, as `copies` does.

        Raises Problem ``descriptor.form``, ``photo.worker``.
        """
        return msgspec.json.decode(self._call(descriptors, "station" if station else "across"), type=list[Copy])

    def relation(self, one: bytes, other: bytes) -> Relation | None:
        """Return what two photographs of different stations have to do with each other. Raises the same."""
        how: Relation | None = msgspec.json.decode(self._call([one, other], "pair"), type=Relation | None)
        return how

    def _call(self, descriptors: Sequence[bytes], how: str) -> bytes:
        try:
            return self._sandbox.call(msgspec.msgpack.encode((how, descriptors)))
        except WorkerDied as died:
            told = f"ended the worker ({died.reason})."
            raise Problem("photo.worker", "descriptors", told, "Leave some out.") from None


class _Packed:
    """Descriptors by number, of which only the last used are held unpacked."""

    def __init__(self, packed: Sequence[bytes]) -> None:
        self._packed = packed
        self._unpacked = lru_cache(_HELD)(self._unpack)

    def __len__(self) -> int:
        return len(self._packed)

    def __getitem__(self, number: int) -> Descriptor:
        return self._unpacked(number)

    def _unpack(self, number: int) -> Descriptor:
        return Descriptor.decode(self._packed[number])


def comparer(_: bytes) -> Callable[[bytes], bytes]:
    """Return what runs inside the sandbox of a `Comparer`."""
    blank = describe(b"", Picture(np.full((64, 64), 9, np.uint8), None, (64, 64)), None)
    copies([blank, blank], station=True)

    def compare(frame: bytes) -> bytes:
        how, packed = msgspec.msgpack.decode(frame, type=tuple[str, list[bytes]])
        known = _Packed(packed)
        if how == "pair":
            return msgspec.json.encode(relation(known[0], known[1], station=False))
        return msgspec.json.encode(copies(known, station=how == "station"))

    return compare
