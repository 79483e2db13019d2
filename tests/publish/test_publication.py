"""The published folder: the same bytes every time, every file in the signed index, never half of it."""

import base64
import csv
import hashlib
import io
import json
import threading

import pytest

from golos.count.log import Log
from golos.ledger.note import Verifier, open_note
from golos.ledger.tiles import decode_entries, decode_records
from golos.model.ballot import Ballot, Withdrawal
from golos.model.entry import Reading, Verdict
from golos.model.problem import Problem
from golos.model.record import encode
from golos.publish import folder as folder_module
from golos.publish import mirror, publish
from golos.publish.folder import Folder
from golos.publish.lists import FEW, Written, shard_lists
from golos.publish.opendata import dictionary

from .conftest import CHECKPOINT, PUBLISHER, published
from .nation import FILES, nation, pack


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def test_the_same_log_gives_the_same_bytes(site, tmp_path):
    assert published(tmp_path / "public", nation()).files() == site.files()


def test_the_lists_name_every_file_once_where_its_path_belongs(site):
    files = site.files()
    lists = {path for path in files if path.startswith("lists/")}
    root = {row["path"]: (int(row["length"]), row["sha256"]) for row in rows(files["index.csv"])}
    assert root == {p: (len(files[p]), hashlib.sha256(files[p]).hexdigest()) for p in lists}
    listed = {}
    for path in lists:
        below = {row["path"]: (int(row["length"]), row["sha256"]) for row in rows(files[path])}
        assert list(below) == sorted(below, key=str.encode)
        assert {f"lists/{hashlib.sha256(p.encode()).hexdigest()[:1]}.csv" for p in below} == {path}
        listed |= below
    others = lists | {"index", "index.csv"}
    assert listed == {p: (len(b), hashlib.sha256(b).hexdigest()) for p, b in files.items() if p not in others}
    assert site.publication.files == len(files)


def test_a_shard_has_two_digits_from_4096_files_on():
    few = [Written(f"en/{n}.html", 1, "0" * 64) for n in range(FEW - 1)]
    assert {len(path) for path, _ in shard_lists(few)} == {len("lists/0.csv")}
    many = [*few, Written("more", 1, "0" * 64)]
    assert [path for path, _ in shard_lists(many)] == sorted(f"lists/{n:02x}.csv" for n in range(256))


def test_the_index_is_signed_over_the_log(site):
    verifier = Verifier.parse(PUBLISHER.verifier.vkey())
    text, _ = open_note(site.files()["index"], [verifier])
    log = site.nation.log
    assert text.decode().splitlines() == [
        "golos/publication/v2",
        log.pack.id.hex(),
        str(log.size),
        base64.b64encode(log.root).decode(),
        hashlib.sha256(site.files()["index.csv"]).hexdigest(),
    ]


def test_the_mirror_holds_log_pack_and_tables(site):
    files, log = site.files(), site.nation.log
    assert files["checkpoint"] == CHECKPOINT
    assert decode_entries(files["tile/entries/000.p/5"]) == site.nation.leaves
    assert decode_records(files["records/000.p/5"]) == list(log.records)
    assert {p[5:]: b for p, b in files.items() if p.startswith("pack/")} == FILES
    tables = {p: b for p, b in files.items() if p.startswith("tables/")}
    assert len(tables) == 3
    assert all(hashlib.sha256(b).hexdigest() == p[7:-4] for p, b in tables.items())
    assert not any(p.startswith("openings/") for p in files)


def test_leaves_that_are_not_the_checkpoints_are_refused(tmp_path):
    made = nation()
    with pytest.raises(Problem) as told:
        publish(made.log, made.comparison, made.leaves[:-1], CHECKPOINT, FILES, PUBLISHER, tmp_path / "public")
    assert told.value.code == "publication.root"
    assert not (tmp_path / "public").exists()


ELECTION, KEY, SIGNATURE = bytes(32), bytes(32), bytes(64)
OPENED, UNOPENED = b"\1" * 32, b"\2" * 32


def _ballot(photo: bytes) -> bytes:
    return encode(Ballot(1, ELECTION, KEY, bytes(354), 0, photo, bytes(32), bytes(32), SIGNATURE))


def _verdict(photo: bytes) -> bytes:
    return encode(Verdict(1, ELECTION, photo, KEY, "ballot", (), bytes(16), SIGNATURE))


def _reading(photo: bytes) -> bytes:
    return encode(Reading(1, ELECTION, photo, KEY, "ballot", (), None, bytes(16), SIGNATURE))


def test_nothing_closed_is_published():
    withdrawal = encode(Withdrawal(1, ELECTION, KEY, bytes(354), 0, SIGNATURE))
    below = [_ballot(OPENED), _ballot(UNOPENED), withdrawal, _verdict(OPENED), _verdict(UNOPENED), _reading(UNOPENED)]
    after = [_ballot(OPENED), _verdict(OPENED), _reading(OPENED), withdrawal]
    records = [*below, *after]
    log = Log(pack(), records, {0: b"inner"}, {}.__getitem__, len(records), bytes(32))
    public = mirror.public_records(log, len(below))
    assert [record is not None for record in public] == [True, True, True, True, False, False] + [False] * 4
    unopened = Log(pack(), records, {}, {}.__getitem__, len(records), bytes(32))
    assert mirror.public_records(unopened, None) == [None] * len(records)


def test_open_data_says_what_was_counted(site):
    files = site.files()
    tallies = {(r["source"], r["tier"], r["area"], r["option"]): r["votes"] for r in rows(files["data/tallies.csv"])}
    assert tallies["photos", "confirmed", "s1", "anna"] == "1120"
    assert tallies["photos", "confirmed", "R1", "anna"] == "1190"
    assert ("photos", "confirmed", "s3", "boris") not in tallies  # a blank is never 0
    proven = [r for r in rows(files["data/findings.csv"]) if r["grade"] == "proven"]
    assert [(r["rule"], r["area"], r["breaking"]) for r in proven] == [("C1", "s1", "120")]
    figures = {(r["source"], r["station"], r["line"]): r["value"] for r in rows(files["data/protocols.csv"])}
    assert figures["typed", "s1", "voters"] == "3000"
    assert ("again", "s1", "voters") not in figures
    official = rows(files["data/official.csv"])
    assert [(r["leaf"], r["area"], r["authority"], r["id"], r["value"]) for r in official] == [
        ("1", "N", "true", "anna", "1600"),
        ("1", "N", "true", "boris", "5000"),
    ]
    coverage = {r["area"]: r for r in rows(files["data/coverage.csv"])}
    assert (coverage["N"]["stations"], coverage["N"]["with_protocol"], coverage["N"]["with_photos"]) == ("7", "3", "4")
    summary = json.loads(files["data/summary.json"])
    assert summary["denominators"] == {"stations": 8, "stations_with_protocol": {"president": 3}}


def test_findings_agree_in_both_forms(site):
    listed = rows(site.files()["data/findings.csv"])
    told = json.loads(site.files()["data/findings.json"])["findings"]
    assert [f["id"] for f in told] == [r["id"] for r in listed] == sorted(r["id"] for r in listed)
    assert all({k: str(f[k]) for k in r} == r for f, r in zip(told, listed, strict=True))


def test_the_dictionary_explains_every_column(site):
    explained = {(row.file, row.column) for row in dictionary(("be", "ru", "en"))}
    for path, data in site.files().items():
        if path.startswith("data/") and path.endswith(".csv") and not path.endswith("dictionary.csv"):
            header = data.decode().split("\n", 1)[0].split(",")
            assert {(path[5:], column) for column in header} <= explained, path


def test_a_crash_leaves_the_old_publication(site, tmp_path, monkeypatch):
    old = published(tmp_path / "public", nation()).files()
    monkeypatch.setattr("golos.publish.site.Site.write", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        published(tmp_path / "public", nation(own_ballots=True))
    monkeypatch.undo()
    out = tmp_path / "public"
    assert {p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()} == old
    again = published(tmp_path / "public", nation())  # the remains of the crash are in nobody's way
    assert again.files() == old
    assert [p.name for p in tmp_path.iterdir()] == ["public"]


def test_readers_see_the_old_or_the_new_folder_at_every_moment(tmp_path):
    out, seen, stop = tmp_path / "public", set(), threading.Event()

    def put(text: bytes) -> None:
        folder = Folder(out)
        folder.write("a", text)
        folder.write("deep/b", text)
        folder.step_into_place()

    def read() -> None:
        while not stop.is_set():
            seen.add((out / "a").exists())

    put(b"0")
    reader = threading.Thread(target=read)
    reader.start()
    for number in range(100):
        put(str(number).encode())
    stop.set()
    reader.join()
    assert seen == {True}
    assert (out / "deep/b").read_bytes() == b"99"


def test_without_an_exchange_the_folder_is_still_replaced(tmp_path, monkeypatch):
    monkeypatch.setattr(folder_module, "_exchanged", lambda one, other: False)
    for text in (b"1", b"2"):
        folder = Folder(tmp_path / "public")
        folder.write("a", text)
        folder.step_into_place()
    assert (tmp_path / "public/a").read_bytes() == b"2"
    assert [p.name for p in tmp_path.iterdir()] == ["public"]


def test_a_file_is_written_once(tmp_path):
    folder = Folder(tmp_path / "public")
    folder.write("a", b"")
    with pytest.raises(FileExistsError):
        folder.write("a", b"")
