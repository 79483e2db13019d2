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
from golos.photo.redact import redact
from golos.photo.sandbox import Limits, Reason, Sandbox, WorkerDied
from golos.photo.sight import Sight, see

TRIES = 3
Deed = Callable[[bytes], bytes]
_SEE, _REDACT = b"s", b"p"


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
        """Return what the photograph holds. Raises WorkerDied, for who has a queue to try again later; Problem
        ``sandbox.unavailable``.
        """
        return msgspec.msgpack.decode(self._sandbox.call(_SEE + data), type=Sight)

    def read(self, data: bytes) -> Answer:
        """Return what the photograph shows; one that can't be read safely is "rejected", its evidence says why."""
        try:
            return msgspec.msgpack.decode(self._call(_SEE, data), type=Sight).answer
        except WorkerDied as died:
            return fatal(died.reason)

    def describe(self, data: bytes) -> bytes:
        """Return the descriptor, packed: a picture is in it, so nobody unpacks it outside a sandbox.

        Raises Problem as `decode` does, ``photo.worker`` where the worker died.
        """
        sight = msgspec.msgpack.decode(self._answer(_SEE, data), type=Sight)
        if not sight.descriptor:
            why = sight.answer.evidence["file"]
            raise Problem(str(why["code"]), "photo", str(why["problem"]), str(why["remedy"]))
        return sight.descriptor

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
    """Return what can be done with a photograph's bytes. To redact raises Problem as `redact` does."""
    return {
        _SEE: lambda data: msgspec.msgpack.encode(see(data, form, code=code)),
        _REDACT: lambda data: redact(data, form),
    }


def _specimen(form: Form) -> bytes:
    """Return a picture of the blank form on a dark desk: whatever is loaded on first use is loaded by it."""
    paper = form.current.template
    ratio = 1200 / max(paper.shape)
    paper = np.asarray(cv2.resize(paper, None, fx=ratio, fy=ratio, interpolation=cv2.INTER_AREA), np.uint8)
    desk = cv2.copyMakeBorder(paper, 80, 80, 80, 80, cv2.BORDER_CONSTANT, value=60)
    return bytes(cv2.imencode(".jpg", desk)[1].tobytes())
