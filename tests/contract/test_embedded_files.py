"""What the embedded store's files hold and don't: no time, no erased byte, one writer, damage found."""

import sqlite3
import struct
import subprocess
import sys
import time
from datetime import UTC, datetime

import pytest

from golos.model.problem import Problem
from golos.ports import Job, Missing, Positions, Row, Waiting
from golos.stores.embedded import open_stores

from .sequencing import append, sha


def use_everything(folder):
    stores = open_stores(folder, pack_limit=10_000)
    append(stores.journal, [Row(b"row %d" % i) for i in range(30)], [Job("k", str(i)) for i in range(3)])
    stores.journal.admit([Row(b"waiting")])
    for i in range(4):
        stores.blobs.put([b"%d" % i * 5000])
    stores.blobs.erase(sha(b"1" * 5000))
    stores.vault.put("s", b"n", b"v")
    stores.vault.put("s", b"m", b"w")
    stores.vault.erase("s", b"n")
    for lease in stores.work.lease("k", 2, 3600):
        stores.work.later(lease.job, 3600)
    return stores


def test_no_file_time_no_column_and_no_bytes_tell_when_anything_came(tmp_path):
    start = int(time.time()) - 1
    stores = use_everything(tmp_path / "store")
    now = int(time.time()) + 2
    files = [path for path in (tmp_path / "store").rglob("*") if path.is_file()]
    assert {path.name for path in files} >= {"golos.db", "lock", "000001.pack", "000002.pack"}
    assert {path.name: path.stat().st_mtime for path in files} == {path.name: 0 for path in files}
    stores.close()
    assert [path.name for path in files if path.exists() and path.stat().st_mtime] == []
    everything = b"".join(path.read_bytes() for path in files if path.exists())
    for second in range(start, now):
        day = datetime.fromtimestamp(second, UTC)
        spelt = (str(second).encode(), day.isoformat()[:16].encode(), day.strftime("%H:%M:%S").encode())
        packed = (struct.pack(order, second) for order in (">I", "<I"))
        assert not [form for form in (*spelt, *packed) if form in everything]


def test_no_column_is_a_time(tmp_path):
    use_everything(tmp_path).close()
    connection = sqlite3.connect(tmp_path / "golos.db")
    tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    assert {"waiting", "committed", "vault", "job", "blob"} <= set(tables)
    for table in tables:
        columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
        assert not [c for c in columns if {"time", "date", "at", "when", "until", "created"} & set(c[1].split("_"))]
        numbers = [
            value
            for row in connection.execute(f"SELECT * FROM {table}")
            for value in row
            if isinstance(value, int | float)
        ]
        assert all(number < 10**9 for number in numbers)
    connection.close()


def test_the_order_in_which_rows_came_is_gone_after_the_commit(tmp_path):
    rows = [Row(b"row %d" % i) for i in range(300)]
    logs = []
    for name, order in (("there", rows), ("back", rows[::-1])):
        stores = open_stores(tmp_path / name)
        for row in order:
            stores.journal.admit([row])
        waiting = stores.journal.read(Waiting(999))
        append(stores.journal, waiting)
        logs.append((waiting, stores.journal.read(Positions(0, 999))))
        assert (tmp_path / name / "golos.db-wal").stat().st_size == 0
        stores.close()
    assert logs[0] == logs[1]


def test_erased_names_leave_no_byte_in_any_file(tmp_path):
    """Far more rows than a page holds: pages were split, and stale copies of rows lay between the live ones."""
    stores = open_stores(tmp_path)
    names = [sha(b"%d" % i)[:12] for i in range(4000)]
    rows = [("phone", name, b"+37529" + sha(name) * (1 + i % 9)) for i, name in enumerate(names)]
    stores._database.submit(lambda c: c.executemany("INSERT INTO vault VALUES (?, ?, ?)", rows).rowcount).result()
    gone, stay = rows[:2000], rows[2000:]
    query = "DELETE FROM vault WHERE space = ? AND name = ?"
    stores._database.submit(lambda c: c.executemany(query, [row[:2] for row in gone[1:]]).rowcount, scrub=True).result()
    assert stores.vault.erase("phone", names[0]) == 1
    whole = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert [name for _, name, value in gone[::7] if name in whole or value in whole] == []
    assert stores.vault.find("phone") == sorted(row[1:] for row in stay)
    assert stores.vault.erase("phone") == 2000
    whole = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"+37529" not in whole
    assert [name for name in names[::7] if name in whole] == []
    stores.close()


def test_an_erasure_waits_for_a_reader_or_says_that_one_is_in_the_way(tmp_path):
    stores = open_stores(tmp_path)
    stores.vault.put("s", b"n", b"a secret value")
    reader = sqlite3.connect(f"file:{tmp_path / 'golos.db'}?mode=ro", uri=True, check_same_thread=False)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM vault").fetchall()
    erasing = stores._database.submit(lambda c: c.execute("DELETE FROM vault").rowcount, scrub=True)
    time.sleep(0.3)
    assert not erasing.done()
    reader.execute("COMMIT")
    assert erasing.result(timeout=5) == 1
    assert not any(b"a secret value" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    reader.close()
    stores.close()


def test_erased_blobs_leave_no_byte_and_their_neighbours_stay(tmp_path):
    stores = open_stores(tmp_path)
    blobs = [bytes([65 + i]) * 3_000_000 for i in range(3)]
    stores.blobs.put(blobs)
    stores.blobs.erase(sha(blobs[1]))
    whole = b"".join(path.read_bytes() for path in (tmp_path / "blobs").iterdir())
    assert b"BBBB" not in whole
    assert sha(blobs[1]) not in whole
    stores.close()
    stores = open_stores(tmp_path)
    assert stores.blobs.get(sha(blobs[0])) == blobs[0]
    assert stores.blobs.get(sha(blobs[2])) == blobs[2]
    stores.close()


def test_a_second_writer_is_told_to_go_through_the_server(tmp_path):
    stores = open_stores(tmp_path)
    program = (
        f"from pathlib import Path; from golos.stores.embedded import open_stores; open_stores(Path({str(tmp_path)!r}))"
    )
    other = subprocess.run([sys.executable, "-c", program], capture_output=True)
    assert other.returncode != 0
    assert b"store.in_use" in other.stderr or b"another process" in other.stderr
    with pytest.raises(Problem, match="running server"):
        open_stores(tmp_path)
    stores.close()
    open_stores(tmp_path).close()


def test_reading_beside_a_running_writer_and_after_it(tmp_path):
    stores = use_everything(tmp_path)
    beside = open_stores(tmp_path, readonly=True)
    stores.journal.admit([Row(b"later")])
    assert Row(b"later") in beside.journal.read(Waiting(99))
    assert beside.blobs.get(sha(b"2" * 5000)) == b"2" * 5000
    assert beside.journal.head() == stores.journal.head()
    for write in (
        lambda: beside.journal.admit([Row(b"x")]),
        lambda: beside.blobs.put([b"x"]),
        lambda: beside.vault.erase("s"),
        lambda: beside.work.lease("k", 1, 1),
    ):
        with pytest.raises(Problem, match="reading only"):
            write()
    stores.close()
    assert beside.journal.head().size == 30
    beside.close()
    after = open_stores(tmp_path, readonly=True)
    assert after.journal.head().size == 30
    after.close()
    with pytest.raises(Problem, match="holds no store"):
        open_stores(tmp_path / "nowhere", readonly=True)


def test_another_format_is_refused(tmp_path):
    open_stores(tmp_path).close()
    connection = sqlite3.connect(tmp_path / "golos.db")
    connection.execute("PRAGMA user_version = 99")
    connection.close()
    with pytest.raises(Problem, match="format 99"):
        open_stores(tmp_path)


def test_a_damaged_blob_is_missing_until_it_is_put_again(tmp_path):
    stores = open_stores(tmp_path)
    good, other = b"good" * 1000, b"other" * 1000
    stores.blobs.put([good, other])
    pack = tmp_path / "blobs" / "000001.pack"
    pack.write_bytes(pack.read_bytes().replace(b"goodgood", b"goodbadd", 1))
    with pytest.raises(Missing):
        stores.blobs.get(sha(good))
    stores.blobs.put([good])
    assert stores.blobs.get(sha(good)) == good
    stores.close()
    stores = open_stores(tmp_path)
    assert stores.blobs.get(sha(good)) == good
    assert stores.blobs.get(sha(other)) == other
    assert b"goodbadd" not in pack.read_bytes()
    stores.close()


def test_packs_newer_than_a_restored_database_are_found_again(tmp_path):
    stores = open_stores(tmp_path, pack_limit=5000)
    stores.blobs.put([b"old" * 1000])
    stores.close()
    backup = (tmp_path / "golos.db").read_bytes()
    stores = open_stores(tmp_path, pack_limit=5000)
    newer = [b"%d" % i * 3000 for i in range(5)]
    for blob in newer:
        stores.blobs.put([blob])
    stores.close()
    (tmp_path / "golos.db").write_bytes(backup)
    stores = open_stores(tmp_path, pack_limit=5000)
    assert [stores.blobs.get(sha(blob)) for blob in (b"old" * 1000, *newer)] == [b"old" * 1000, *newer]
    stores.close()


def test_packs_that_are_gone_are_missing_and_can_be_put_again(tmp_path):
    stores = open_stores(tmp_path)
    stores.blobs.put([b"lost" * 1000])
    stores.close()
    (tmp_path / "blobs" / "000001.pack").unlink()
    stores = open_stores(tmp_path)
    with pytest.raises(Missing):
        stores.blobs.get(sha(b"lost" * 1000))
    stores.blobs.put([b"lost" * 1000])
    assert stores.blobs.get(sha(b"lost" * 1000)) == b"lost" * 1000
    stores.close()


def test_the_writer_keeps_its_promises_to_the_disk(tmp_path):
    stores = open_stores(tmp_path)
    pragmas = ("synchronous", "secure_delete", "journal_mode")
    asked = stores._database.submit(lambda c: [c.execute(f"PRAGMA {name}").fetchone()[0] for name in pragmas])
    assert asked.result() == [2, 1, "wal"]
    stores.close()
    with pytest.raises(RuntimeError, match="closed"):
        stores.journal.admit([Row(b"x")])
