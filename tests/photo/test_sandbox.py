"""The sandbox: what is inside reaches nothing, whatever it does ends in an answer, and the next picture is served."""

import os
import time
from pathlib import Path

import pytest

from golos.model.problem import Problem
from golos.photo.sandbox import Limits, Sandbox, WorkerDied

LIMITS = Limits(cpu=1, wall=60, memory=100_000_000, reply=1_000_000)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sandbox")
    (folder / "secret").write_text("a key")
    return folder


@pytest.fixture(scope="module")
def sandbox(folder):
    os.environ["PYTHONPATH"] = str(Path(__file__).parents[2])
    with Sandbox("tests.photo.confined:attacks", str(folder).encode(), LIMITS) as sandbox:
        yield sandbox
    del os.environ["PYTHONPATH"]


def died(sandbox, deed):
    with pytest.raises(WorkerDied) as caught:
        sandbox.call(deed)
    assert sandbox.call(b"echo:after") == b"after"
    return caught.value


def test_one_process_serves_many(sandbox):
    assert sandbox.call(b"pid") == sandbox.call(b"pid") == str(sandbox.pid).encode()
    text = b"x" * 900_000  # more than a pipe holds
    assert sandbox.call(b"echo:" + text) == text
    assert sandbox.call(b"print") == b"None"  # what is printed is no answer


@pytest.mark.parametrize(
    "deed",
    ["read file", "write file", "delete file", "list folder", "socket", "fork", "exec", "thread", "kill"],
)
def test_nothing_outside_is_reached(sandbox, folder, deed):
    assert str(died(sandbox, deed.encode())) in ("crash: PermissionError", "crash: RuntimeError")
    assert sorted(path.name for path in folder.iterdir()) == ["secret", "written before"]


def test_no_memory_is_executable(sandbox):
    assert sandbox.call(b"executable") == b"-1"


def test_time_and_memory_end(sandbox):
    before = time.process_time()
    assert str(died(sandbox, b"hang")) == "time: the processor"
    assert died(sandbox, b"memory:500000000").reason == "memory"
    assert time.process_time() - before < 2
    assert sandbox.call(b"memory:50000000") == b"50000000"


def test_the_clock_ends_what_waits(folder, sandbox):
    with Sandbox("tests.photo.confined:attacks", str(folder).encode(), Limits(wall=0.3)) as hasty:
        assert str(died(hasty, b"sleep")) == "time: the clock"


@pytest.mark.parametrize(
    ("deed", "told"),
    [("segfault", "crash: status -11"), ("exit", "crash: status 3"), ("raise", "crash: ZeroDivisionError")],
)
def test_a_crash_is_told_and_the_next_is_served(sandbox, deed, told):
    assert str(died(sandbox, deed.encode())) == told


def test_an_answer_has_a_limit(sandbox):
    assert died(sandbox, b"flood:2000000").reason == "crash"


def test_a_problem_comes_through_and_the_process_stays(sandbox):
    pid = sandbox.call(b"pid")
    with pytest.raises(Problem) as caught:
        sandbox.call(b"refuse")
    assert (caught.value.code, caught.value.remedy) == ("photo.kind", "Send one.")
    assert sandbox.call(b"pid") == pid


def test_a_killed_process_is_replaced(sandbox):
    sandbox.call(b"echo:x")
    os.kill(sandbox.pid, 9)
    assert died(sandbox, b"echo:x").reason == "crash"


def test_a_process_is_replaced_in_time(folder, sandbox):
    with Sandbox("tests.photo.confined:attacks", str(folder).encode(), Limits(pictures=2)) as short:
        pids = [short.call(b"pid") for _ in range(5)]
    assert pids[0] == pids[1] != pids[2] == pids[3] != pids[4]


def test_what_does_not_start_is_no_picture_s_fault():
    with Sandbox("golos.photo.nothing:at_all") as broken, pytest.raises(Problem, match="ModuleNotFoundError") as caught:
        broken.call(b"x")
    assert caught.value.code == "sandbox.unavailable"
