"""Checker: which records of a log are valid, found by as many processes as there are processors.

Nearly all the time of a count goes into signatures, and threads don't share that work: the library holds the
interpreter's lock while it verifies. A checker is this module run as a program: it is given the pack, then records
in portions, and answers each with its findings.
"""

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from queue import SimpleQueue
from typing import BinaryIO

from golos.credential.verification import Verifier
from golos.model.entry import decode_entry
from golos.model.pack import Pack
from golos.model.problem import Problem

INVALID = -2
"""The finding of a record that is closed or not valid."""
NO_COHORT = -1
"""The finding of a valid record that is not a voter's; of a voter's it is the place of the cohort in the pack."""
FEW = 8_000
"""Records up to that many are not worth starting a process for."""
_PORTION = 2_048


class Judge:
    """Decodes and verifies the records of one election."""

    def __init__(self, pack: Pack) -> None:
        self._verifier = Verifier(pack)
        self._cohorts = {c.name: place for place, c in enumerate(pack.keys.cohorts if pack.keys else ())}

    def finding(self, record: bytes | None) -> int:
        """Return the place of the voter's cohort, NO_COHORT or INVALID."""
        if record is None:
            return INVALID
        try:
            cohort = self._verifier.verify(decode_entry(record), record)
        except Problem:
            return INVALID
        return NO_COHORT if cohort is None else self._cohorts[cohort.name]


def findings(pack: Pack, records: Sequence[bytes | None]) -> Iterator[int]:
    """Yield the finding of each record, in order. Raises EOFError or OSError where a checker is killed."""
    number = min(_processors(), len(records) // FEW + 1)
    if number == 1:
        yield from map(Judge(pack).finding, records)
        return
    with ExitStack() as stack:
        idle: SimpleQueue[_Checker] = SimpleQueue()
        for _ in range(number):
            idle.put(stack.enter_context(_Checker(pack)))

        def portion(start: int) -> list[int]:
            checker = idle.get()
            try:
                return checker.check(records[start : start + _PORTION])
            finally:
                idle.put(checker)

        pool = stack.enter_context(ThreadPoolExecutor(number))
        for found in pool.map(portion, range(0, len(records), _PORTION)):
            yield from found


class _Checker:
    """One process, which ends with its input."""

    def __init__(self, pack: Pack) -> None:
        command = [sys.executable, "-P", "-m", __name__]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._process.stdin and self._process.stdout  # noqa: S101 - both are pipes
        self._to, self._from = self._process.stdin, self._process.stdout
        self._send(pack)

    def __enter__(self) -> "_Checker":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def check(self, records: Sequence[bytes | None]) -> list[int]:
        self._send(list(records))
        found: list[int] = pickle.load(self._from)  # noqa: S301 - of our own child
        return found

    def _send(self, what: object) -> None:
        pickle.dump(what, self._to, pickle.HIGHEST_PROTOCOL)
        self._to.flush()


def serve(asked: BinaryIO, answers: BinaryIO) -> None:
    """Be a checker until the input ends."""
    judge = Judge(pickle.load(asked))  # noqa: S301 - of our own parent
    while True:
        try:
            records = pickle.load(asked)  # noqa: S301
        except EOFError:
            return
        pickle.dump([judge.finding(record) for record in records], answers, pickle.HIGHEST_PROTOCOL)
        answers.flush()


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
