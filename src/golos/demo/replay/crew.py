"""Crew: the worker processes, and the post that brings each the codes of its voters."""

import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType

from golos.demo.replay.plan import GO_ON, Plan
from golos.demo.replay.table import Sample, number_of
from golos.demo.replay.worker import DONE, Report, Step
from golos.model.problem import Problem


class Crew:
    """``size`` workers. Used as a context: at its end, or when this process is killed, the workers end at once.

    ``lock`` is the plan's, which they inherit.
    """

    def __init__(self, plan: Plan, sample: Sample, size: int, lock: int) -> None:
        self._plan, self._size, self._lock = plan, size, lock
        self._post = Post(plan, sample)
        self._processes: list[subprocess.Popen[str]] = []

    def __enter__(self) -> "Crew":
        with (self._plan.folder / "workers.log").open("ab") as log:
            for number in range(self._size):
                self._plan.inbox(number).unlink(missing_ok=True)
                self._processes.append(self._start(number, log.fileno()))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._end()
        self._post.close()

    def work(self, tasks: Iterable[str], report: Report) -> int:
        """Have all tasks done, each by whichever worker is free; return how many steps that took.

        ``report`` is called after each step, from several threads. Raises Problem ``replay.worker`` if a worker fails.
        """
        waiting = deque(tasks)
        with ThreadPoolExecutor(self._size) as pool:
            try:
                drives = [pool.submit(self._drive, number, waiting, report) for number in range(self._size)]
                return sum(drive.result() for drive in drives)
            except BaseException:
                self._end()
                raise

    def _start(self, number: int, log: int) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [sys.executable, "-m", "golos.demo.replay.worker", str(self._plan.folder), str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            start_new_session=True,
            pass_fds=(self._lock,),
        )

    def _drive(self, number: int, waiting: deque[str], report: Report) -> int:
        """Give one worker task after task; if it fails, nobody gets another."""
        steps = 0
        try:
            while waiting:
                with suppress(IndexError):  # another was faster
                    steps += self._hand(number, waiting.popleft(), report)
        except BaseException:
            waiting.clear()
            raise
        return steps

    def _hand(self, number: int, task: str, report: Report) -> int:
        """Have one worker do one task; return how many steps it took."""
        source, sink = self._processes[number].stdout, self._processes[number].stdin
        assert source is not None and sink is not None  # noqa: S101
        self._post.deliver(task, self._plan.inbox(number).name)
        with suppress(BrokenPipeError):
            sink.write(f"{task}\n")
            sink.flush()
        for steps, line in enumerate(source):
            if line.strip() == DONE:
                return steps
            report(Step(line.strip()))
        raise Problem(
            "replay.worker",
            f"worker {number}",
            "has failed; workers.log in the replay's folder says why.",
            GO_ON,
        )

    def _end(self) -> None:
        for process in self._processes:
            process.terminate()
        for process in self._processes:
            process.wait()


class Post:
    """Takes all codes from the drill's socket, and hands each to the worker that plays the voter."""

    def __init__(self, plan: Plan, sample: Sample) -> None:
        self._sample, self._folder = sample, plan.folder
        self._inbox_of: dict[str, str] = {}
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        plan.post.unlink(missing_ok=True)
        self._socket.bind(str(plan.post))
        threading.Thread(target=self._carry, daemon=True).start()

    def deliver(self, task: str, inbox: str) -> None:
        """From now on hand the codes of the voters of this task to ``inbox``."""
        kind, name, *_ = task.split()
        if kind == "send":
            self._inbox_of[name] = inbox

    def close(self) -> None:
        """End; a code that is still on its way is lost."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _carry(self) -> None:
        with suppress(OSError):
            while message := self._socket.recv(64):
                station = self._sample.station_of(number_of(message.decode().split()[0]))
                with suppress(OSError):
                    self._socket.sendto(message, str(self._folder / self._inbox_of[station]))
