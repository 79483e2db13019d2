"""Look: read, describe and redact strangers' photographs, each in the sandbox, and always with an answer.

What kills the worker is tried again in a new one, for it may have been the machine; then the photograph is rejected,
with the reason. The process that calls holds the keys and never decodes a picture itself.
"""

import pickle
from collections.abc import Callable, Sequence
from typing import Self

import cv2
import msgspec
import numpy as np

from golos.model.problem import Problem
from golos.photo.answer import Answer
from golos.photo.copies.descriptor import Descriptor, describe
from golos.photo.copies.groups import Copy, copies
from golos.photo.decode import decode
from golos.photo.form import Form
from golos.photo.picture import Picture
from golos.photo.reader import read
from golos.photo.redact import redact
from golos.photo.sandbox import Limits, Sandbox, WorkerDied
from golos.photo.sheet import LONGEST, Sheet, register

TRIES = 3
LONG = Limits(cpu=86_400, wall=86_400, memory=2_000_000_000)
"""For comparing all photographs of a station with each other: some 5 ms of processor time a pair."""
Deed = Callable[[bytes], bytes]
_READ, _DESCRIBE, _REDACT = b"r", b"d", b"p"


class Look:
    """Looks at photographs of one form. Calls may come from any thread; one worker serves them one after the other."""

    def __init__(self, form: Form, limits: Limits | None = None) -> None:
        self._sandbox = Sandbox("golos.photo.look:worker", pickle.dumps(form), limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sandbox.close()

    def read(self, data: bytes) -> Answer:
        """Return what the photograph shows; one that can't be read safely is "rejected", its evidence says why."""
        try:
            return msgspec.json.decode(self._call(_READ, data), type=Answer)
        except WorkerDied as died:
            evidence: dict[str, dict[str, float | str]] = {"worker": {"died": died.reason, "tries": TRIES}}
            return Answer("rejected", ("undecodable",), evidence=evidence)

    def describe(self, data: bytes) -> bytes:
        """Return the descriptor, packed: a picture is in it, so nobody unpacks it outside a sandbox.

        Raises Problem as `decode` does, ``photo.worker`` where the worker died.
        """
        return self._answer(_DESCRIBE, data)

    def redact(self, data: bytes) -> bytes:
        """Return the publishable picture. Raises Problem as `redact` does, ``photo.worker`` where the worker died."""
        return self._answer(_REDACT, data)

    def _answer(self, deed: bytes, data: bytes) -> bytes:
        try:
            return self._call(deed, data)
        except WorkerDied as died:
            told = f"ended {TRIES} workers ({died.reason})."
            raise Problem("photo.worker", "photo", told, "Take it for damaged, or for an attack.") from None

    def _call(self, deed: bytes, data: bytes) -> bytes:
        for _ in range(TRIES - 1):
            try:
                return self._sandbox.call(deed + data)
            except WorkerDied:
                continue
        return self._sandbox.call(deed + data)


def copies_of(descriptors: Sequence[bytes], *, station: bool, limits: Limits = LONG) -> list[Copy]:
    """Return which photographs are copies, from their packed descriptors, as `copies` does, in a sandbox of its own.

    Raises Problem ``descriptor.form``, ``photo.worker``.
    """
    with Sandbox("golos.photo.look:comparer", limits=limits) as sandbox:
        try:
            return msgspec.json.decode(sandbox.call(msgspec.msgpack.encode((station, descriptors))), type=list[Copy])
        except WorkerDied as died:
            raise Problem(
                "photo.worker", "descriptors", f"ended the worker ({died.reason}).", "Leave some out."
            ) from None


def comparer(_: bytes) -> Deed:
    """Return what runs inside the sandbox of `copies_of`."""
    blank = describe(b"", Picture(np.full((64, 64), 9, np.uint8), None, (64, 64)), None)
    copies([blank, blank], station=True)

    def compare(frame: bytes) -> bytes:
        station, packed = msgspec.msgpack.decode(frame, type=tuple[bool, list[bytes]])
        return msgspec.json.encode(copies([Descriptor.decode(each) for each in packed], station=station))

    return compare


def worker(setup: bytes) -> Deed:
    """Return what runs inside the sandbox: the first byte says what to do with the rest."""
    form: Form = pickle.loads(setup)  # noqa: S301  # from the process that started this one, not from a stranger
    known = deeds(form)
    for deed in known.values():
        deed(_specimen(form))
    return lambda frame: known[frame[:1]](frame[1:])


def deeds(form: Form) -> dict[bytes, Deed]:
    """Return what can be done with a photograph's bytes. Each raises Problem as `decode` and `redact` do."""

    def described(data: bytes) -> bytes:
        picture = decode(data, longest=LONGEST[form.kind])
        sheet = register(picture, form)
        return describe(data, picture, sheet if isinstance(sheet, Sheet) else None).encode()

    return {
        _READ: lambda data: msgspec.json.encode(read(data, form)),
        _DESCRIBE: described,
        _REDACT: lambda data: redact(data, form),
    }


def _specimen(form: Form) -> bytes:
    """Return a picture of the blank form on a dark desk: whatever is loaded on first use is loaded by it."""
    paper = form.current.template
    ratio = 1200 / max(paper.shape)
    paper = np.asarray(cv2.resize(paper, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA), np.uint8)
    desk = cv2.copyMakeBorder(paper, 80, 80, 80, 80, cv2.BORDER_CONSTANT, value=60)
    return bytes(cv2.imencode(".jpg", desk)[1].tobytes())
