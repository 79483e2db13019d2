"""kill -9, EIO and ENOSPC at the system calls of a store's life: what was accepted is there once, and one log goes on.

The calls of each thread that writes are counted by a run without a fault; then each of them, in turn, is the one that
fails. By default a sample of them is taken; GOLOS_FULL=1 takes all.
"""

import os
import shutil

import pytest
from tests.fault import strace
from tests.fault.life import Office, Outside, Process, Told, check, live, threads

FULL = os.environ.get("GOLOS_FULL") == "1"
SAMPLE = 6
KILL, EIO, ENOSPC = "signal=SIGKILL", "error=EIO", "error=ENOSPC"
THREADS = ("main", "golos-database", "golos-packs")


@pytest.fixture(scope="module", autouse=True)
def _permitted():
    if reason := strace.missing():
        pytest.skip(reason)


def life(folder):
    """The traced part begins when store and sequencer are open."""

    def act(tell, wait):
        office = Office(folder, Outside(tell))
        _ready(tell, wait)
        live(office, tell)
        office.close()
        tell("closed")

    return act


def start(folder):
    """The traced part is the start: of a store that is not there yet, or of what a crash has left."""

    def act(tell, wait):
        _ready(tell, wait)
        Office(folder, Outside(tell)).close()
        tell("closed")

    return act


def _ready(tell, wait):
    for name, thread in threads().items():
        tell("thread", name, thread)
    tell("ready")
    wait()


def run(act, folder, thread="main", fault=""):
    """Run it with a fault in that thread; return what was told, and how often each call was made."""
    folder.mkdir(exist_ok=True)
    process, heard, numbers = Process(act(folder)), [], {}
    while (words := process.hear()) != ["ready"]:
        assert words, "the process ended before it was ready"
        numbers |= {words[1]: words[2]} if words[0] == "thread" else {}
        heard.append(words)
    tracing = strace.Strace(numbers[thread], folder / "calls", fault)
    process.go_on()
    return process.ended(heard), tracing.ended()


def points(calls, sample):
    """Return (call, n) for every call, or for ``sample`` of them spread over all, the first of each kind included."""
    every = [(call, n) for call, count in calls.items() for n in range(1, count + 1)]
    if FULL or len(every) <= sample:
        return every
    return every[:: -(-len(every) // sample)]


@pytest.mark.parametrize("fault", [KILL, EIO, ENOSPC])
@pytest.mark.parametrize("thread", THREADS)
def test_a_fault_at_each_call_of_a_life(tmp_path, thread, fault):
    told, calls = run(life, tmp_path / "whole", thread)
    assert told.end == 0 and told.has("closed"), "the life ends well without a fault"
    check(tmp_path / "whole", told)
    for call, n in points(calls, SAMPLE):
        folder = tmp_path / f"{call}-{n}"
        told, _ = run(life, folder, thread, f"{call}:{fault}:when={n}")
        check(folder, told)
        if fault == KILL:
            assert told.end == -9, f"{call} {n} was not reached"
        else:  # the very same process has gone on, once its disk was well again
            assert told.end == 0 and told.has("closed"), f"{call} {n}: {told.all('failed')}"
        shutil.rmtree(folder)


@pytest.mark.parametrize("fault", [KILL, EIO, ENOSPC])
@pytest.mark.parametrize("before", ["", "main rename:2", "golos-database pwrite64:15", "golos-packs utimensat:1"])
def test_a_fault_at_each_call_of_a_start(tmp_path, before, fault):
    """Of the first start (``before`` is ""), and of the restart after a kill there: recovery itself may be cut off."""
    left, heard = _crashed(tmp_path / "crashed", before)
    whole = _copy(left, tmp_path / "whole")
    told, calls = run(start, whole)
    assert told.end == 0
    for call, n in points(calls, SAMPLE // 2):
        folder = _copy(left, tmp_path / f"{call}-{n}")
        told, _ = run(start, folder, "main", f"{call}:{fault}:when={n}")
        check(folder, Told(heard.words + told.words))
        refused = told.end == 1 and told.all("failed") == [["StoreFull"]]
        assert told.end == -9 if fault == KILL else told.end == 0 or refused, f"{call} {n}: {told.all('failed')}"
        shutil.rmtree(folder)


def _crashed(folder, before):
    if not before:
        folder.mkdir()
        return folder, Told()
    thread, call, n = before.replace(":", " ").split()
    told, _ = run(life, folder, thread, f"{call}:{KILL}:when={n}")
    assert told.end == -9, "the crash that this start is to recover from did not happen"
    return folder, told


def _copy(folder, to):
    shutil.copytree(folder, to)
    return to
