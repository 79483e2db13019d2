"""The table of injected faults: whatever happens where, what was accepted is there once and nothing is half there."""

import errno
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from golos.ports import Head, Missing, Positions, Row, StoreFull, Waiting
from golos.stores.embedded import open_stores
from golos.stores.embedded.disk import Disk

from .child import BLOBS, ROWS, SECRET
from .sequencing import append, sha

CHILD = Path(__file__).with_name("child.py")

FAULTS = [
    # step, how often it is passed before the process dies there, what that is
    ("database.commit", 1, "before the first admission is committed"),
    ("database.committed", 1, "an admission is durable and not yet acknowledged"),
    ("database.commit", 21, "before the log is committed"),
    ("database.committed", 21, "the log is committed and nobody knows"),
    ("synced", 1, "the folder's entry of the new database is durable"),
    ("pack.begun", 1, "an empty pack"),
    ("write", 1, "before the first blob's bytes"),
    ("pack.written", 1, "blobs written and not synced"),
    ("torn", 1, "half of the first frame reached the disk"),
    ("torn", 4, "a whole frame and half of the next"),
    ("pack.synced", 1, "blobs durable that can't be found yet"),
    ("database.commit", 23, "before their places are committed"),
    ("database.committed", 23, "their places are committed and nobody knows"),
    ("pack.begun", 2, "a second pack"),
    ("pack.synced", 2, "blobs in a second pack that can't be found yet"),
    ("database.commit", 28, "before an erasure is noted"),
    ("database.committed", 28, "an erasure is noted and not begun"),
    ("pack.erasing", 1, "an erasure begun in memory"),
    ("torn", 7, "half of an erased frame's header reached the disk"),
    ("torn", 8, "half of an erased blob reached the disk"),
    ("database.commit", 29, "erased, the note is still there"),
    ("database.committed", 29, "erased, the note is gone"),
    ("database.commit", 30, "before a name is erased"),
    ("database.committed", 30, "a name is erased, its bytes are still in the write-ahead log"),
]


def run_child(folder, *arguments):
    return subprocess.run([sys.executable, CHILD, folder, *map(str, arguments)], capture_output=True, timeout=30)


def said(output: bytes) -> Counter:
    return Counter(output.decode().rpartition("\n")[0].splitlines())


def holds(folder: Path, data: bytes) -> bool:
    return any(data in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def check_accepted(stores, words) -> None:
    there = Counter(
        row.record.hex() for what in (Positions(0, 10**9), Waiting(10**9)) for row in stores.journal.read(what)
    )
    assert set(there.values()) <= {1}, "a record is there twice"
    assert {word.split()[1] for word in words if word.startswith("admitted")} <= set(there)
    for word in words:
        if word.startswith("put"):
            digest = bytes.fromhex(word.split()[1])
            assert sha(stores.blobs.get(digest)) == digest


@pytest.mark.parametrize(("step", "count", "what"), FAULTS, ids=[fault[2] for fault in FAULTS])
def test_killed_at(tmp_path, step, count, what):
    result = run_child(tmp_path, "once", step, count)
    assert result.returncode == -signal.SIGKILL, result.stderr.decode()
    words = said(result.stdout)
    stores = open_stores(tmp_path, pack_limit=70_000)
    erased = sha(BLOBS[1])
    if "erased blob" in words:
        del words[f"put {erased.hex()}"]
    _check_log(stores, words)
    _check_erasures(stores, words, tmp_path)
    if f"put {erased.hex()}" in words and "kept" in words:
        del words[f"put {erased.hex()}"]  # it was being erased: either is right
    check_accepted(stores, words)
    _carry_on(stores)
    stores.close()


def _check_log(stores, words) -> None:
    """The commit is whole or absent: head, rows and jobs together."""
    head, log, jobs = stores.journal.head(), stores.journal.read(Positions(0, 99)), stores.work.lease("k", 99, 60)
    if head.size == 0:
        assert "committed" not in words
        assert log == [] and jobs == []
    else:
        assert (head.size, head.checkpoint) == (20, b"signed")
        assert log == sorted(ROWS[:20], key=lambda row: sha(row.record))
        assert sorted(lease.job.name for lease in jobs) == [sha(row.record).hex() for row in log]


def _check_erasures(stores, words, folder) -> None:
    try:
        assert stores.blobs.get(sha(BLOBS[1])) == BLOBS[1]
        assert "erased blob" not in words
    except Missing:
        assert not holds(folder / "blobs", BLOBS[1][4000:8000])
    if stores.vault.get("tag", SECRET) is None:
        assert not holds(folder, SECRET)
    else:
        assert "erased name" not in words
    assert stores.vault.get("tag", b"other") == (b"value" if "kept" in words else stores.vault.get("tag", b"other"))


def _carry_on(stores) -> None:
    """Everybody sends again, as clients do: now all is there once, and the store works as ever."""
    stores.journal.admit(ROWS)
    stores.blobs.put(BLOBS)
    assert [stores.blobs.get(sha(blob)) for blob in BLOBS] == BLOBS
    left = stores.journal.read(Waiting(99))
    append(stores.journal, left)
    assert Counter(stores.journal.read(Positions(0, 99))) == Counter(ROWS)
    stores.blobs.erase(sha(BLOBS[0]))
    with pytest.raises(Missing):
        stores.blobs.get(sha(BLOBS[0]))


def test_the_table_names_steps_that_are_reached_in_its_order(tmp_path):
    """Without a fault the scenario ends, so each line of the table dies where it says and not earlier."""
    words = said(run_child(tmp_path, "once", "never", 1).stdout)
    assert "closed" in words


def test_kill_9_among_thousands_loses_nothing_acknowledged(tmp_path):
    words: Counter = Counter()
    for round_number in range(6):
        child = subprocess.Popen(
            [sys.executable, CHILD, tmp_path, "hammer", str(round_number)], stdout=subprocess.PIPE, bufsize=0
        )
        output = child.stdout.readline()
        killer = time.monotonic() + 0.1 + 0.07 * round_number
        os.set_blocking(child.stdout.fileno(), False)
        while time.monotonic() < killer:
            output += child.stdout.read(1 << 20) or b""
        child.kill()
        child.wait()
        os.set_blocking(child.stdout.fileno(), True)
        output += child.stdout.read()
        child.stdout.close()
        words += said(output)
    stores = open_stores(tmp_path)
    check_accepted(stores, words)
    stores.close()
    assert len(words) > 500


def test_a_full_disk_is_said_and_loses_nothing_accepted(tmp_path):
    result = run_child(tmp_path, "full", 300_000)
    assert result.returncode == -signal.SIGKILL, result.stderr.decode()
    words = said(result.stdout)
    assert words["refused"] == 1 and words["again"] == 1
    stores = open_stores(tmp_path)
    check_accepted(stores, words)
    stores.close()


def test_a_full_database_is_said_and_goes_on_when_there_is_room(tmp_path):
    stores = open_stores(tmp_path)
    stores.journal.admit([Row(b"first")])
    limit = lambda pages: stores._database.submit(  # noqa: E731
        lambda connection: connection.execute(f"PRAGMA max_page_count = {pages}").fetchall()
    ).result()
    limit(20)
    many = [Row(os.urandom(3000)) for _ in range(200)]
    with pytest.raises(StoreFull):
        stores.journal.admit(many)
    with pytest.raises(StoreFull):
        stores.journal.commit([sha(b"first")], [], stores.journal.head(), Head(1, b"r" * 32, bytes(500_000)))
    assert stores.journal.read(Waiting(999)) == [Row(b"first")]
    assert stores.journal.head().size == 0
    limit(10**6)
    assert stores.journal.admit(many) == [True] * 200
    stores.close()


class SickDisk(Disk):
    """Fails the next operation of one kind with an error number."""

    def __init__(self):
        self.sick = ""
        self.error = 0

    def write(self, file, parts, offset):
        if self.sick == "write":
            super().write(file, (b"".join(parts)[:100],), offset)
        self._fail("write")
        super().write(file, parts, offset)

    def sync(self, file):
        self._fail("sync")
        super().sync(file)

    def reached(self, step):
        self._fail(step)

    def _fail(self, what):
        if self.sick == what:
            self.sick = ""
            raise OSError(self.error, os.strerror(self.error))


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EIO], ids=errno.errorcode.get)
@pytest.mark.parametrize(
    "step", ["write", "pack.written", "sync", "pack.synced", "database.commit", "database.committed"]
)
def test_an_error_at_a_step_accepts_nothing_and_harms_nothing(tmp_path, step, error):
    disk = SickDisk()
    stores = open_stores(tmp_path, disk=disk)
    stores.blobs.put([b"before" * 50])
    disk.sick, disk.error = step, error
    with pytest.raises(StoreFull):
        stores.blobs.put([b"refused" * 100, b"too" * 100])
    assert disk.sick == ""
    stores.blobs.put([b"longer than what was refused" * 100])
    stores.blobs.put([b"too" * 100])
    stores.blobs.erase(sha(b"too" * 100))
    stores.close()
    stores = open_stores(tmp_path)
    assert stores.blobs.get(sha(b"before" * 50)) == b"before" * 50
    assert stores.blobs.get(sha(b"longer than what was refused" * 100))
    with pytest.raises(Missing):
        stores.blobs.get(sha(b"too" * 100))
    stores.blobs.put([b"refused" * 100])
    assert stores.blobs.get(sha(b"refused" * 100)) == b"refused" * 100
    stores.close()


@pytest.mark.parametrize("step", ["database.commit"])
def test_an_error_at_commit_admits_nothing(tmp_path, step):
    disk = SickDisk()
    stores = open_stores(tmp_path, disk=disk)
    disk.sick, disk.error = step, errno.EIO
    with pytest.raises(StoreFull):
        stores.journal.admit(ROWS)
    assert stores.journal.read(Waiting(99)) == []
    assert stores.journal.admit(ROWS) == [True] * len(ROWS)
    stores.close()
