"""Publishing again: only what changed is written, the outcome is that of publishing afresh, and a kill harms nobody."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from golos.count.known import Known
from golos.publish import crew, publish
from golos.publish.folder import Folder

from .conftest import CHECKPOINT, PUBLISHER, published
from .nation import FILES, nation, pack


def stats(out: Path) -> dict[str, tuple[int, int]]:
    return {
        p.relative_to(out).as_posix(): (p.stat().st_ino, p.stat().st_mtime_ns) for p in out.rglob("*") if p.is_file()
    }


def test_nothing_changed_nothing_is_written(tmp_path):
    first = published(tmp_path / "public", nation())
    before, times = first.files(), stats(first.out)
    again = published(tmp_path / "public", nation())
    assert again.files() == before and stats(again.out) == times
    assert again.publication.changed == 0 and first.publication.changed == len(before)


def test_what_changed_is_written_and_the_rest_stays_the_same_file(tmp_path):
    first = published(tmp_path / "public", nation())
    before, times = first.files(), stats(first.out)
    withdrawn = nation(retracted="C1:president::s1:photos:confirmed")
    again, afresh = published(tmp_path / "public", withdrawn), published(tmp_path / "afresh", withdrawn)
    assert again.files() == afresh.files()
    changed = {path for path, data in again.files().items() if before.get(path) != data}
    assert again.publication.changed == len(changed) < len(before) / 2
    assert {"en/stations/s1.html", "data/findings.csv", "index.csv", "index"} <= changed
    assert {"en/stations/s2.html", "en/methods.html", "pack/stations.csv"}.isdisjoint(changed)
    now = stats(again.out)
    gone = before.keys() - now.keys()  # cards and curves of what stands no more
    assert {path for path in before if now.get(path) != times[path]} == changed & before.keys() | gone


def test_file_times_are_the_log_s_size_and_grow(tmp_path):
    out = published(tmp_path / "public", nation()).out
    assert {p.stat().st_mtime_ns for p in out.rglob("*") if p.is_file()} == {5 * 10**9}
    assert {p.stat().st_mtime_ns for p in (out, *out.rglob("*")) if p.is_dir()} == {0}
    published(out, nation(retracted="C1:president::s1:photos:confirmed"))
    assert (out / "en/stations/s1.html").stat().st_mtime_ns == 6 * 10**9  # another page of a log of the same size


def test_a_file_that_was_altered_or_made_a_link_is_written_anew(tmp_path):
    first = published(tmp_path / "public", nation())
    before = first.files()
    (first.out / "en/methods.html").write_bytes(b"altered")
    (first.out / "en/find.html").unlink()
    (first.out / "en/find.html").symlink_to(first.out / "ru/find.html")
    (first.out / "en/added.html").write_bytes(b"added")
    again = published(first.out, nation())
    assert again.files() == before and not any(p.is_symlink() for p in first.out.rglob("*"))
    assert again.publication.changed == 2


def test_a_large_file_written_by_lines_stays_the_same_too(tmp_path):
    for lines, changed in ((["a\n", "b\n"], 1), (["a\n", "b\n"], 0), (["a\n", "c\n"], 1)):
        folder = Folder(tmp_path / "public", 7)
        folder.write_lines("data/x.csv", lines)
        assert folder.changed == changed
        folder.step_into_place()
        assert (tmp_path / "public/data/x.csv").read_text() == "".join(lines)


def test_a_file_system_without_links_gives_the_same_bytes(tmp_path, monkeypatch):
    before = published(tmp_path / "public", nation()).files()

    def refused(*_, **__):
        raise PermissionError

    monkeypatch.setattr(os, "link", refused)
    assert published(tmp_path / "public", nation()).files() == before


def test_several_processes_write_the_same_folder(tmp_path, monkeypatch):
    alone = published(tmp_path / "alone", nation())
    monkeypatch.setattr(crew, "ALONE", 1)
    monkeypatch.setattr(crew, "_TURN", 1)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    together = published(tmp_path / "together", nation())
    assert together.files() == alone.files()
    assert together.publication.files == alone.publication.files
    assert published(together.out, nation()).publication.changed == 0


def test_a_helper_that_fails_publishes_nothing(tmp_path, monkeypatch, capfd):
    old = published(tmp_path / "public", nation()).files()
    monkeypatch.setattr(crew, "ALONE", 1)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1}, raising=False)
    parent = os.getpid()

    def fails(*_):
        if os.getpid() != parent:
            os._exit(3)
        time.sleep(0.05)

    monkeypatch.setattr("golos.publish.area_pages.AreaPages.area", fails)
    with pytest.raises(RuntimeError, match="process that wrote pages"):
        published(tmp_path / "public", nation(own_ballots=True))
    assert {
        p.relative_to(tmp_path / "public").as_posix() for p in (tmp_path / "public").rglob("*") if p.is_file()
    } == set(old)


KILLED = """
import sys, time
from pathlib import Path
from golos.publish import folder
from tests.publish.conftest import published
from tests.publish.nation import nation
write, done = folder.Folder.write, []
def slow(self, path, data):
    write(self, path, data)
    done.append(path)
    if len(done) == int(sys.argv[2]):
        print("now", flush=True)
        time.sleep(60)
folder.Folder.write = slow
published(Path(sys.argv[1]), nation(retracted="C1:president::s1:photos:confirmed"))
"""


@pytest.mark.parametrize("written", [1, 40])
def test_a_kill_leaves_the_old_publication(tmp_path, written):
    old = published(tmp_path / "public", nation())
    before, times = old.files(), stats(old.out)
    command = [sys.executable, "-c", KILLED, str(old.out), str(written)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]) as process:
        assert process.stdout is not None and process.stdout.readline() == b"now\n"
        process.send_signal(signal.SIGKILL)
    assert old.files() == before and stats(old.out) == times
    after = nation(retracted="C1:president::s1:photos:confirmed")
    made = publish(after.log, after.comparison, after.leaves, CHECKPOINT, FILES, PUBLISHER, old.out)
    assert made.changed > 0 and [p.name for p in tmp_path.iterdir()] == ["public"]


KEY = b"k" * 32


def test_what_is_known_is_taken_from_its_own_key_pack_and_bytes_alone(monkeypatch):
    election = pack()
    monkeypatch.setattr(
        "golos.count.known.findings", lambda _, records: iter([-1 if r == b"good" else -2 for r in records])
    )
    first = Known(election)
    assert list(first.findings([b"good", None, b"bad"])) == [-1, -2, -2] and first.new == 2
    kept = first.kept(KEY)
    second = Known(election, kept, KEY)
    assert list(second.findings([b"bad", b"good", b"new", None])) == [-2, -1, -2, -2] and second.new == 1
    forged = bytearray(kept)
    forged[-1] ^= 1  # the last record's finding
    for data, key in (
        (bytes(forged), KEY),
        (kept, b"x" * 32),
        (kept, b""),
        (kept[:-1], KEY),
        (b"", KEY),
        (kept[:20], KEY),
    ):
        other = Known(election, data, key)
        assert list(other.findings([b"good", b"bad"])) == [-1, -2] and other.new == 2
    monkeypatch.setattr("golos.count.known.program", lambda: b"another")
    assert list(Known(election, kept, KEY).findings([b"good"])) == [-1]
