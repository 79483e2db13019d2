"""Look: read, describe and redact strangers' photographs, each in the sandbox, and always with an answer.

What kills the worker is tried again in a new one, for it may have been the machine; then the photograph is rejected,
with the reason. The process that calls holds the keys and never decodes a picture itself.
"""

import pickle
from collections.abc import Callable
from typing import Self

import cv2
import msgspec
import numpy as np

from golos.model.problem import Problem
from golos.photo.answer import Answer
from golos.photo.form import Form
from golos.photo.reader import Sight, described, see, unseen
from golos.photo.redact import redact
from golos.photo.sandbox import Limits, Reason, Sandbox, WorkerDied

TRIES = 3
Deed = Callable[[bytes], bytes]
_SEE, _READ, _DESCRIBE, _REDACT = b"s", b"r", b"d", b"p"
_FAULTS = (ArithmeticError, LookupError, ValueError, cv2.error)
"""What our own code may stumble over in a picture that could be decoded."""


class Look:
    """Looks at photographs of one form. Calls may come from any thread; one worker serves them one after the other.

    ``code``: the code beside the ballot is looked for too.
    """

    def __init__(self, form: Form, limits: Limits | None = None, *, code: bool = False) -> None:
        self._sandbox = Sandbox("golos.photo.look:worker", pickle.dumps((form, code)), limits)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._sandbox.close()

    def once(self, data: bytes) -> Sight:
        """Return answer and descriptor of the photograph. Raises WorkerDied, for who has a queue to try again later;
        Problem ``sandbox.unavailable``.
        """
        return msgspec.msgpack.decode(self._sandbox.call(_SEE + data), type=Sight)

    def read(self, data: bytes) -> Answer:
        """Return what the photograph shows; one that can't be read safely is "rejected", its evidence says why."""
        try:
            return msgspec.msgpack.decode(self._call(_READ, data), type=Sight).answer
        except WorkerDied as died:
            return fatal(died.reason)

    def describe(self, data: bytes) -> bytes:
        """Return the descriptor, packed: a picture is in it, so nobody unpacks it outside a sandbox.

        Raises Problem as `decode` does, ``photo.fault``, ``photo.worker`` where the worker died.
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


def fatal(reason: Reason) -> Answer:
    """Return the answer to a photograph that has ended every worker."""
    return Answer("rejected", ("undecodable",), evidence={"worker": {"died": reason, "tries": TRIES}})


def worker(setup: bytes) -> Deed:
    """Return what runs inside the sandbox: the first byte says what to do with the rest."""
    form, code = pickle.loads(setup)  # noqa: S301  # from the process that started this one, not from a stranger
    known = deeds(form, code=code)
    for deed in known.values():
        deed(_specimen(form))
    return lambda frame: known[frame[:1]](frame[1:])


def deeds(form: Form, *, code: bool = False) -> dict[bytes, Deed]:
    """Return what can be done with a photograph's bytes. To describe and to redact raise Problem."""

    def seen(data: bytes, *, descriptor: bool) -> bytes:
        return msgspec.msgpack.encode(_seen(data, form, code=code, descriptor=descriptor))

    return {
        _SEE: lambda data: seen(data, descriptor=True),
        _READ: lambda data: seen(data, descriptor=False),
        _DESCRIBE: lambda data: _described(data, form),
        _REDACT: lambda data: redact(data, form),
    }


def _seen(data: bytes, form: Form, *, code: bool, descriptor: bool) -> Sight:
    """See it; where we stumble, people are to look."""
    try:
        return see(data, form, code=code, descriptor=descriptor)
    except _FAULTS as error:
        return Sight(unseen(Answer("review", ("doubt",)), _fault(error)))


def _described(data: bytes, form: Form) -> bytes:
    try:
        return described(data, form)
    except _FAULTS as error:
        raise _fault(error) from error


def _fault(error: Exception) -> Problem:
    told = f"could not be looked at ({type(error).__name__})."
    return Problem("photo.fault", "photo", told, "People read it. Report this.")


def _specimen(form: Form) -> bytes:
    """Return a picture of the blank form on a dark desk: whatever is loaded on first use is loaded by it."""
    paper = form.current.template
    ratio = 1200 / max(paper.shape)
    paper = np.asarray(cv2.resize(paper, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA), np.uint8)
    desk = cv2.copyMakeBorder(paper, 80, 80, 80, 80, cv2.BORDER_CONSTANT, value=60)
    return bytes(cv2.imencode(".jpg", desk)[1].tobytes())
