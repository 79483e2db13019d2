"""Confined: photographs are compared in a sandbox too, for a descriptor holds a picture, which a stranger has made."""

from collections.abc import Callable, Sequence

import msgspec
import numpy as np

from golos.model.problem import Problem
from golos.photo.copies.descriptor import Descriptor, describe
from golos.photo.copies.groups import Copy, copies
from golos.photo.picture import Picture
from golos.photo.sandbox import Limits, Sandbox, WorkerDied

LONG = Limits(cpu=86_400, wall=86_400, memory=2_000_000_000)
"""For comparing all photographs of a station with each other: some 5 ms of processor time a pair."""


def copies_of(descriptors: Sequence[bytes], *, station: bool, limits: Limits = LONG) -> list[Copy]:
    """Return which photographs are copies, from their packed descriptors, as `copies` does, in a sandbox of its own.

    Raises Problem ``descriptor.form``, ``photo.worker``.
    """
    with Sandbox("golos.photo.copies.confined:comparer", limits=limits) as sandbox:
        try:
            return msgspec.json.decode(sandbox.call(msgspec.msgpack.encode((station, descriptors))), type=list[Copy])
        except WorkerDied as died:
            raise Problem(
                "photo.worker", "descriptors", f"ended the worker ({died.reason}).", "Leave some out."
            ) from None


def comparer(_: bytes) -> Callable[[bytes], bytes]:
    """Return what runs inside the sandbox of `copies_of`."""
    blank = describe(b"", Picture(np.full((64, 64), 9, np.uint8), None, (64, 64)), None)
    copies([blank, blank], station=True)

    def compare(frame: bytes) -> bytes:
        station, packed = msgspec.msgpack.decode(frame, type=tuple[bool, list[bytes]])
        return msgspec.json.encode(copies([Descriptor.decode(each) for each in packed], station=station))

    return compare
