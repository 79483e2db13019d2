"""Look: strangers' photographs through the sandbox: the same answers as without it, and an answer whatever comes."""

import os
import time
from pathlib import Path

import msgspec
import numpy as np
import pytest
from tests.photo import desks, files

from golos.model.problem import Problem
from golos.photo import look as module
from golos.photo import reader
from golos.photo.copies.confined import Comparer
from golos.photo.copies.descriptor import Descriptor
from golos.photo.look import TRIES, Look
from golos.photo.reader import read
from golos.photo.redact import redact
from golos.photo.sandbox import Limits, WorkerDied

FORM, BLANK, BOXES = desks.form_and_blank()
BALLOT = desks.Ballot(3, "cross", desks.Pen((150, 60, 25), 0.09, 1.0), 5)
FILE = desks.jpeg(desks.picture(desks.View.any(np.random.default_rng(2), 4), BALLOT.drawn(BLANK, BOXES))[0])
BAD = [b"", b"nonsense", FILE[:5000], files.png_bomb(30_000, 30_000, 1), files.many_scans(files.scene(), 90)]


@pytest.fixture(scope="module")
def look():
    with Look(FORM) as look:
        yield look


def test_the_sandbox_changes_nothing(look):
    answer, bare = look.read(FILE), read(FILE, FORM)
    assert (answer.status, answer.choice, answer.reasons) == (bare.status, bare.choice, bare.reasons)
    assert look.redact(FILE) == redact(FILE, FORM)
    packed = look.describe(FILE)
    assert Descriptor.decode(packed).marks
    again = look.describe(FILE[:-2] + b" \xff\xd9")
    with Comparer() as comparer:
        found = comparer.copies([packed, again, packed], station=True)
        assert comparer.relation(packed, again) == "same photograph"
        with pytest.raises(Problem, match="none"):
            comparer.copies([packed, b"no descriptor"], station=True)
    assert [(copy.copy, copy.of, copy.relation) for copy in found] == [
        (1, 0, "same photograph"),
        (2, 0, "identical bytes"),
    ]


def test_nothing_is_made_that_was_not_asked_for(look, monkeypatch):
    """To read makes no descriptor, to describe reads nothing, and a look at all of it gives what both give."""
    sight = look.once(FILE)
    assert sight.descriptor == look.describe(FILE)
    assert msgspec.structs.replace(sight.answer, ms=0) == msgspec.structs.replace(look.read(FILE), ms=0)
    monkeypatch.setattr(reader, "describe", None)
    assert read(FILE, FORM).choice == "o3"
    monkeypatch.undo()
    monkeypatch.setattr(reader, "answer_of", None)
    assert Descriptor.decode(reader.described(FILE, FORM)).marks


def test_the_milliseconds_are_those_of_the_reading_alone(monkeypatch):
    """Nobody compares readers by what else was made of the photograph."""
    monkeypatch.setattr(reader, "describe", lambda *_: slow())

    def slow():
        until = time.process_time() + 0.5
        while time.process_time() < until:
            pass
        return Descriptor(bytes(32), bytes(32), b"", "", b"", b"", ())

    assert 0 < reader.see(FILE, FORM, descriptor=True).answer.ms < 500


@pytest.mark.parametrize("data", BAD)
def test_bad_files_are_rejected_and_the_worker_goes_on(look, data):
    look.read(FILE)
    pid = look._sandbox.pid
    assert look.read(data).status == "rejected"
    with pytest.raises(Problem, match="photo"):
        look.redact(data)
    assert look._sandbox.pid == pid


def test_what_kills_the_worker_is_rejected_after_some_tries(look, monkeypatch):
    tried = []

    def die(data):
        tried.append(data)
        raise WorkerDied("time", "the processor")

    monkeypatch.setattr(look._sandbox, "call", die)
    answer = look.read(FILE)
    assert (answer.status, answer.evidence["worker"]["died"], len(tried)) == ("rejected", "time", TRIES)
    with pytest.raises(Problem, match="3 workers"):
        look.describe(FILE)


def test_what_killed_it_once_is_read_the_next_time(look):
    look.read(FILE)
    os.kill(look._sandbox.pid, 9)
    assert look.read(FILE).status != "rejected"


def test_a_picture_that_needs_too_much_is_rejected_for_real():
    """The largest PNG that is let in needs 100 MB; this worker has 30."""
    big = files.png_bomb(4_000, 5_000, 5_000)
    with Look(FORM, Limits(memory=30_000_000)) as small:
        assert small.read(big).status == "rejected"


def test_memory_stays_within_a_worker_s_share(look):
    large = desks.jpeg(desks.cv2.resize(desks.cv2.imdecode(np.frombuffer(FILE, np.uint8), 1), (3000, 4000)))
    look.read(large)
    status = Path(f"/proc/{look._sandbox.pid}/status").read_text()
    peak = int(status.split("VmHWM:")[1].split()[0]) / 1000
    assert peak < 200, f"{peak} MB"


def test_the_factory_is_where_the_sandbox_looks_for_it():
    assert callable(module.worker)
