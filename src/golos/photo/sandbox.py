"""Sandbox: a stranger's picture is decoded in a process of its own that can do nothing but compute.

One process serves many pictures and is started anew when it dies, and after ``Limits.pictures`` of them anyway, so
that whoever takes it over holds it for that long only. It is started by exec, not by fork: no key of ours is in its
memory. Its answers are data (never pickles), and are checked for size here.
"""

import math
import os
import resource
import select
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

import msgspec

from golos.model.problem import Problem
from golos.photo.worker import FAILED, OK, REFUSED

Reason = Literal["time", "memory", "crash"]
_ENVIRONMENT = {
    "OMP_NUM_THREADS": "1",  # a thread can't be started inside
    "OPENBLAS_NUM_THREADS": "1",
    "OPENCV_OPENCL_RUNTIME": "disabled",
    "PYTHONDONTWRITEBYTECODE": "1",
}
_KEPT = ("LD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHASHSEED")
_START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Limits:
    """``cpu`` seconds of processor and ``wall`` of the clock for one picture; bytes of ``memory`` beyond what the
    program takes when it starts; bytes of one ``reply``; ``pictures`` until the process is replaced.
    """

    cpu: int = 5
    wall: float = 60.0
    memory: int = 400_000_000
    reply: int = 50_000_000
    pictures: int = 1_000


class WorkerDied(Exception):
    """The process is no more, or its function failed as it must not; ``reason`` says how. Another call starts anew."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason: Reason = reason


class Sandbox:
    """Runs the function that ``MODULE:FACTORY`` makes of ``setup``: bytes -> bytes, confined. Calls may come from any
    thread; one runs at a time.
    """

    def __init__(self, factory: str, setup: bytes = b"", limits: Limits | None = None) -> None:
        self._factory = factory
        self._setup = setup
        self._limits = limits or Limits()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._served = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """The process that runs now, if one does."""
        return self._process.pid if self._process else None

    def call(self, data: bytes) -> bytes:
        """Return what the function returns for ``data``.

        Raises the function's own Problem, Problem ``sandbox.unavailable``, WorkerDied.
        """
        with self._lock:
            if self._served >= self._limits.pictures:
                self._end()
            process = self._process or self._start()
            self._served += 1
            self._grant(process, self._limits.cpu)
            reply = self._exchange(process, data, self._limits.wall)
            return self._result(reply)

    def close(self) -> None:
        """End the process; a later call starts another."""
        with self._lock:
            self._end()

    def _start(self) -> subprocess.Popen[bytes]:
        environment = _ENVIRONMENT | {name: os.environ[name] for name in _KEPT if name in os.environ}
        self._process = process = subprocess.Popen(
            [sys.executable, "-P", "-m", "golos.photo.worker", self._factory, str(self._limits.memory)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env=environment,
            bufsize=0,
        )
        self._served = 0
        for pipe in (process.stdin, process.stdout):
            os.set_blocking(_descriptor(pipe), False)
        try:
            self._result(self._exchange(process, self._setup, _START_SECONDS))
        except WorkerDied as died:  # no picture's fault: it has seen none
            told = f"can't be looked at: the worker does not start ({died})."
            raise Problem("sandbox.unavailable", "photo", told, "See what else this machine runs.") from None
        except Problem:
            self._end()
            raise
        return process

    def _exchange(self, process: subprocess.Popen[bytes], data: bytes, seconds: float) -> bytes:
        """Send a frame and return the one that answers it. A process that does not answer well is ended."""
        deadline = time.monotonic() + seconds
        try:
            _send(_descriptor(process.stdin), len(data).to_bytes(4) + data, deadline)
            length = int.from_bytes(_receive(_descriptor(process.stdout), 4, deadline))
            if not 1 <= length <= self._limits.reply:
                raise WorkerDied("crash", "its answer has no size that an answer has")
            return _receive(_descriptor(process.stdout), length, deadline)
        except (BrokenPipeError, EOFError):
            raise self._died(process) from None
        except (TimeoutError, WorkerDied) as error:
            self._end()
            raise WorkerDied("time", "the clock") if isinstance(error, TimeoutError) else error from None

    def _died(self, process: subprocess.Popen[bytes]) -> WorkerDied:
        status = process.wait()
        self._end()
        if status == -signal.SIGXCPU:
            return WorkerDied("time", "the processor")
        return WorkerDied("crash", f"status {status}")

    def _result(self, reply: bytes) -> bytes:
        if reply[:1] == OK:
            return reply[1:]
        if reply[:1] == REFUSED:
            raise Problem(*msgspec.json.decode(reply[1:], type=tuple[str, str, str, str]))
        self._end()  # a function that failed as it must not may have left anything behind
        name = reply[1:65].decode("ascii", "replace") if reply[:1] == FAILED else "no answer"
        raise WorkerDied("memory" if name == "MemoryError" else "crash", name)

    def _end(self) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        process.kill()
        process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()

    @staticmethod
    def _grant(process: subprocess.Popen[bytes], seconds: int) -> None:
        """Let the process use ``seconds`` more of the processor. It can't change the limit itself."""
        fields = Path(f"/proc/{process.pid}/stat").read_text().rsplit(")", 1)[1].split()
        used = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
        hard = resource.prlimit(process.pid, resource.RLIMIT_CPU)[1]
        resource.prlimit(process.pid, resource.RLIMIT_CPU, (math.ceil(used) + seconds, hard))


def _descriptor(pipe: object) -> int:
    fileno: Callable[[], int] = pipe.fileno  # type: ignore[attr-defined]
    return fileno()


def _send(descriptor: int, data: bytes, deadline: float) -> None:
    view = memoryview(data)
    while view:
        _await(descriptor, select.POLLOUT, deadline)
        view = view[os.write(descriptor, view[: 1 << 16]) :]


def _receive(descriptor: int, length: int, deadline: float) -> bytes:
    parts = bytearray()
    while len(parts) < length:
        _await(descriptor, select.POLLIN, deadline)
        part = os.read(descriptor, length - len(parts))
        if not part:
            raise EOFError
        parts += part
    return bytes(parts)


def _await(descriptor: int, event: int, deadline: float) -> None:
    poll = select.poll()
    poll.register(descriptor, event)
    if not poll.poll(max(0.0, deadline - time.monotonic()) * 1000):
        raise TimeoutError
