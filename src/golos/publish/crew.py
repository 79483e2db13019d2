"""Crew: the pages of a large publication, written by as many processes as there are processors."""

import ctypes
import gc
import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.sharedctypes import Synchronized

from golos.publish.folder import Folder

ALONE = 2_000
"""Fewer units than that are done by one process."""
_MOST = 4
_TURN = 16
_PR_SET_PDEATHSIG = 1  # prctl(2)


def share(folder: Folder, units: int, work: Callable[[int], None], meanwhile: Callable[[], None]) -> None:
    """Do ``work`` for each of the units 0, 1, ..., which write into ``folder``, and ``meanwhile`` once, here.

    The other processes are copies of this one: they share what it has read, and end with their share. What they
    write is the same whoever writes it. Raises RuntimeError if one of them fails; then nothing has been published.
    """
    helpers = min(len(os.sched_getaffinity(0)), _MOST) - 1 if hasattr(os, "sched_getaffinity") else 0
    if units < ALONE or helpers < 1:
        meanwhile()
        for unit in range(units):
            work(unit)
        return
    _together(folder, units, work, meanwhile, helpers)


def _together(
    folder: Folder, units: int, work: Callable[[int], None], meanwhile: Callable[[], None], helpers: int
) -> None:
    forked = multiprocessing.get_context("fork")
    next_unit: Synchronized[int] = forked.Value("q", 0)
    gc.collect()
    gc.freeze()  # what is there stays there: no collector touches, and so copies, the pages that all share
    crew = []
    try:
        for _ in range(helpers):
            here, there = forked.Pipe(duplex=False)
            process = forked.Process(target=_help, args=(folder, units, work, next_unit, there), daemon=True)
            process.start()
            there.close()
            crew.append((process, here))
        meanwhile()
        _turns(units, work, next_unit)
        for process, pipe in crew:
            _taken_in(folder, pipe)
            process.join()
    finally:
        for process, _ in crew:
            process.kill()
        gc.unfreeze()


def _help(
    folder: Folder, units: int, work: Callable[[int], None], next_unit: "Synchronized[int]", there: Connection
) -> None:
    _die_with_parent()
    first, changed = len(folder.files), folder.changed
    _turns(units, work, next_unit)
    there.send((folder.files[first:], folder.changed - changed, folder.made))
    there.close()


def _turns(units: int, work: Callable[[int], None], next_unit: "Synchronized[int]") -> None:
    while True:
        with next_unit.get_lock():
            start = next_unit.value
            next_unit.value += _TURN
        if start >= units:
            return
        for unit in range(start, min(start + _TURN, units)):
            work(unit)


def _die_with_parent() -> None:
    """Have the system end this process when the one it helps is gone: nobody else waits for it (Linux)."""
    libc = ctypes.CDLL(None)
    if hasattr(libc, "prctl"):
        libc.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _taken_in(folder: Folder, pipe: Connection) -> None:
    try:
        files, changed, made = pipe.recv()
    except EOFError as error:
        raise RuntimeError("a process that wrote pages has failed; what it said stands above") from error
    folder.add(files, changed, made)
