"""Line 1: after a whole run nothing that is left shows a phone, an address, a device or a time of arrival.

`keys/` is what each role guards and destroys; it is not searched. Nothing else is left out, deleted pages of the
database included.
"""

import base64
import hashlib
import re
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.e2e.conftest import ADDRESS, AGENT

from golos.model.entry import Ballot, decode_entry

pytestmark = pytest.mark.xdist_group("e2e")  # the demo runs once, on one worker

PREFIX = 8
"""Bytes by which a needle is looked for at first; a shorter one could not be told from chance."""


@pytest.fixture(scope="module")
def hay(whole):
    """Every file of the election by its path, and what the processes have said."""
    found = {
        path.relative_to(whole.folder).as_posix(): path.read_bytes()
        for path in sorted(whole.folder.rglob("*"))
        if path.is_file() and path.relative_to(whole.folder).parts[0] != "keys"
    }
    return found | {"the console": whole.console.encode()}


@pytest.fixture(scope="module")
def rows(whole, tmp_path_factory):
    """Every cell of the database with its table and column: a copy is opened, so that nothing of it changes."""
    copy = tmp_path_factory.mktemp("seized")
    for path in (whole.folder / "data").glob("golos.db*"):
        shutil.copy(path, copy)
    with closing(sqlite3.connect(copy / "golos.db")) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        cells = []
        for table in tables:
            cursor = database.execute(f"SELECT * FROM {table}")
            columns = [column[0] for column in cursor.description]
            cells += [(table, column, cell) for row in cursor for column, cell in zip(columns, row, strict=True)]
    return cells


def spellings(phone):
    """Return the ways to write a number of this nation: with and without country code, with the trunk prefix."""
    national = phone.removeprefix("+375")
    groups = f"{national[:2]} {national[2:5]} {national[5:7]} {national[7:]}"
    return [phone, phone[1:], f"00{phone[1:]}", f"80{national}", national, groups, groups.replace(" ", "-")]


def needles_of(phone):
    """Return what would show a phone: its spellings, their plain hashes in any common form, and it as a number."""
    found = []
    for text in spellings(phone):
        found += [text.encode(), text.encode("utf-16-le"), text.encode("utf-16-be")]
        for hashed in (hashlib.sha256, hashlib.sha1, hashlib.md5):
            digest = hashed(text.encode()).digest()
            found += [digest[:16], digest.hex().encode()[:32], base64.b64encode(digest)[:20]]
    number = int(phone[1:])
    return [*found, b"\0\0\0" + number.to_bytes(5), number.to_bytes(5, "little") + b"\0\0\0"]


class Needles:
    """Many strings of eight bytes or more, to be found in data: by their first eight all at once, then each in full."""

    def __init__(self, needles):
        self._by_start = {}
        for needle in needles:
            self._by_start.setdefault(needle[:PREFIX], []).append(needle)
        self._starts = np.unique(np.array([int.from_bytes(start, "little") for start in self._by_start], np.uint64))

    def within(self, data):
        """Return those that occur."""
        found = set()
        for offset in range(min(PREFIX, max(len(data) - PREFIX + 1, 0))):
            words = np.frombuffer(data, "<u8", (len(data) - offset) // PREFIX, offset)
            for at in np.nonzero(np.isin(words, self._starts))[0] * PREFIX + offset:
                here = int(at)
                found.update(n for n in self._by_start[data[here : here + PREFIX]] if data.startswith(n, here))
        return found


def test_the_search_finds_what_is_there():
    """A search that finds nothing proves nothing until it has found something."""
    phone = "+375291000042"
    needles = needles_of(phone)
    for hidden in needles:
        for offset in range(PREFIX):
            assert Needles(needles).within(bytes(100 + offset) + hidden + bytes(30)) >= {hidden}
    assert not Needles(needles).within(b"+375291000043, 29 100 00 41" * 9)


def test_no_phone_is_anywhere(whole, hay):
    needles = Needles([needle for voter in whole.ran.voters for needle in needles_of(voter.phone)])
    assert {path: found for path, data in hay.items() if (found := needles.within(data))} == {}


def test_no_address_and_no_device_is_anywhere(hay):
    packed = bytes(10) + b"\xff\xff" + bytes(map(int, ADDRESS.split(".")))
    telling = [ADDRESS.encode(), packed, b"Recognisable", AGENT.encode("utf-16-le"), b"python-httpx", b"Python-urllib"]
    telling += [b"User-Agent", b"user-agent", b"Accept-Encoding", b"X-Forwarded-For"]
    assert {path: found for path, data in hay.items() if (found := [t for t in telling if t in data])} == {}
    # The server's own address, where it listens, is in its configuration alone.
    assert {path for path, data in hay.items() if b"127.0.0.1" in data} <= {"golos.toml"}


def test_no_cell_of_the_database_is_a_time_of_the_run(whole, rows):
    began, ended = whole.began - 60, whole.ended + 60
    units = [(1, 0.0), (1e3, 0.0), (1e6, 0.0), (1e9, 0.0), (1 / 86400, 2440587.5), (1, -978307200.0)]

    def told(number):
        return any(began * unit + epoch <= number <= ended * unit + epoch for unit, epoch in units)

    assert len(rows) > 1000
    assert told(int(whole.began)) and told(whole.began * 1e3) and not told(17) and not told(1 << 40)
    assert [(table, column) for table, column, cell in rows if isinstance(cell, int | float) and told(cell)] == []


def test_no_text_is_a_time_of_the_run(whole, hay):
    """The pack's own dates are its cohorts' Mondays, in pack/keys.toml alone."""
    days = {(datetime.fromtimestamp(t, zone)).date() for t in (whole.began, whole.ended) for zone in (UTC, None)}
    formats = ("%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%d %b %Y", "%b %d", "%d/%m/%Y", "%m/%d/%Y", "%y-%m-%d ")
    dates = [day.strftime(form).encode() for day in days for form in formats]
    clock = moments(whole)
    found = []
    for path, data in hay.items():
        if not path.endswith("pack/keys.toml"):
            found += [(path, date) for date in dates if date in data]
        if path != "the console":  # it shows how long each part took
            found += [
                (path, c)
                for c in re.findall(rb"(?<![0-9])[0-2][0-9]:[0-5][0-9]:[0-5][0-9](?![0-9])", data)
                if c in clock
            ]
        for digits in re.findall(rb"(?<![0-9a-f])[0-9]{10,20}(?![0-9a-f])", data):
            if whole.began - 60 <= int(digits[:10]) <= whole.ended + 60:
                found.append((path, digits))
    assert found == []


def moments(whole):
    """Return every second of the run as a clock shows it, in UTC and local time."""
    seconds = range(int(whole.began) - 1, int(whole.ended) + 2)
    return {datetime.fromtimestamp(t, zone).strftime("%H:%M:%S").encode() for t in seconds for zone in (UTC, None)}


def test_the_times_of_the_stores_files_say_nothing(whole):
    """One time for all photographs, and it is not of the run; an upload that is under way has none either."""
    data = whole.folder / "data"
    packs = [path.stat().st_mtime_ns for path in (data / "blobs").iterdir()]
    assert packs and len(set(packs)) == 1
    early = (whole.began - timedelta(days=1).total_seconds()) * 1e9
    shown = {p.relative_to(data).as_posix(): p.stat().st_mtime_ns for p in data.rglob("*") if p.is_file()}
    live = {"golos.db-wal", "golos.db-shm", "lock"}  # of the last checkpoint or start, whatever came before
    assert [path for path, time in shown.items() if time > early and path not in live] == []


def test_what_is_kept_about_phones_leads_to_no_ballot(whole, rows):
    """The issuer's table: tag to the hash of a blinded request. No ballot's key, token or name is in it."""
    cells = [cell for table, _, cell in rows if table == "vault"]
    kept = [part for space, *parts in zip(*[iter(cells)] * 3, strict=True) if space == "enrolment" for part in parts]
    ballots = [e for e in map(decode_entry, whole.log.records) if isinstance(e, Ballot)]
    needles = [n for b in ballots for n in (b.key, b.token[-256:], b.token[2:34], b.inner, b.sealed)]
    needles += [hashlib.sha256(b.key).digest() for b in ballots] + [b.photo for b in ballots if b.photo]
    assert len(kept) == 2 * len(whole.ran.voters) and Needles(needles).within(b"".join(kept)) == set()


def test_no_photograph_is_kept_in_clear(hay):
    assert [
        path for path, data in hay.items() if b"\xff\xd8\xff\xe0" in data or b"JFIF\0" in data or b"Exif\0" in data
    ] == []


def test_the_configuration_of_the_server_does_not_log_requests(whole):
    said = (whole.folder / "server.log").read_text()
    assert "/envelopes" not in said and "/enrolment" not in said and len(said.splitlines()) <= 3


def test_uploads_leave_nothing(whole):
    uploads: Path = whole.folder / "data" / "uploads"
    assert not uploads.exists() or not list(uploads.iterdir())
