"""Worker: the program inside the sandbox (sandbox.py starts it): frames of bytes in, frames of bytes out.

The first frame makes the function: ``MODULE:FACTORY`` is called with it, may read files and load what it needs, and
returns the function. Only then does the process confine itself and look at pictures, one frame each.
"""

import gc
import importlib
import os
import sys
from collections.abc import Callable

import msgspec

from golos.model.problem import Problem
from golos.photo.confine import confine

OK, REFUSED, FAILED = b"\0", b"\1", b"\2"
"""First byte of an answer: the result follows; a Problem (JSON list of its four texts); the name of an exception."""
Function = Callable[[bytes], bytes]
_BEHIND = 10
"""Pictures wait while voters are served."""


def main(factory: str, memory: str) -> None:
    """Serve until the other end of the pipe closes."""
    out = os.dup(1)
    os.dup2(2, 1)  # what a library prints is no answer
    try:
        function = _load(factory)(_read_frame())
        gc.collect()
        gc.freeze()
        os.nice(_BEHIND)
        confine(int(memory))
        _write_frame(out, OK)
    except EOFError:
        return
    except Exception as error:
        _write_frame(out, _failure(error))
        return
    while True:
        try:
            data = _read_frame()
        except EOFError:
            return
        _write_frame(out, _answer(function, data))


def _load(factory: str) -> Callable[[bytes], Function]:
    module, name = factory.split(":")
    made: Callable[[bytes], Function] = getattr(importlib.import_module(module), name)
    return made


def _answer(function: Function, data: bytes) -> bytes:
    try:
        return OK + function(data)
    except Exception as error:
        return _failure(error)


def _failure(error: Exception) -> bytes:
    if isinstance(error, Problem):
        return REFUSED + msgspec.json.encode([error.code, error.field, error.problem, error.remedy])
    return FAILED + type(error).__name__.encode()


def _read_frame() -> bytes:
    return _read(int.from_bytes(_read(4)))


def _read(length: int) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        part = os.read(0, min(length - len(parts), 1 << 20))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


def _write_frame(out: int, data: bytes) -> None:
    view = memoryview(len(data).to_bytes(4) + data)
    while view:
        view = view[os.write(out, view) :]


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
