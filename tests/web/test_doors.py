"""What the doors serve to the app: its files and their policy, the election, stations, look-up, mirrors, disputes."""

import asyncio
import csv
import gzip
import hashlib
import io
import json
from dataclasses import replace
from types import SimpleNamespace

import cbor2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from golos.credential.issuer import FIRST_SPACE
from golos.demo import election
from golos.demo.nation import make
from golos.doors.web.app_files import OFFLINE, AppFile, built, offline_page, policy
from golos.doors.web.app_lookup import LiveLookup
from golos.intake.dispute import Disputes
from golos.intake.pack import read_folder
from golos.ledger.merkle import leaf_hash
from golos.ledger.note import Signer
from golos.ledger.tree import Tree
from golos.model import packfiles
from golos.model.pack import Station
from golos.model.problem import Problem
from golos.publish import mirrors
from golos.publish.election_file import election_file
from golos.publish.lookup import START, digits, name
from golos.publish.shards import FILE_STATIONS, ROOT, shards


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("pack")
    election.write_pack(make(60, 2000, 0, 5), folder, 1, 1)
    return folder


@pytest.fixture(scope="module")
def pack(folder):
    found, mistakes = packfiles.parse(read_folder(folder))
    assert found, mistakes
    return found


def walk(files, path, expected):
    """Yield every station's row that can be reached from a file, checking each digest on the way."""
    data = files[path]
    assert hashlib.sha256(data).hexdigest() == expected
    yield from inside(files, json.loads(data))


def inside(files, shard):
    yield from shard["stations"]
    for number, part in enumerate(shard["parts"], 1):
        yield from walk(files, f"stations/{shard['code']}.{number}.json", part["file"])
    for area in shard["areas"]:
        rows = list(
            inside(files, area["inside"])
            if "inside" in area
            else walk(files, f"stations/{area['code']}.json", area["file"])
        )
        codes = [row[0] for row in rows]
        assert area["stations"] == len(codes)
        assert not codes or area["range"] == [min(codes), max(codes)]
        yield from rows


@pytest.mark.parametrize("copies", [1, 40])
def test_every_station_is_in_the_shards_once_and_no_file_is_large(pack, copies):
    many = {
        f"{code}.{at}" if at else code: replace(station, code=f"{code}.{at}" if at else code)
        for code, station in pack.stations.items()
        for at in range(copies)
    }
    nation = replace(pack, stations=many)
    files = shards(nation)
    rows = list(walk(files, ROOT, hashlib.sha256(files[ROOT]).hexdigest()))
    assert sorted(row[0] for row in rows) == sorted(many)
    assert all(row[4] == many[row[0]].lat for row in rows)
    assert max(map(len, files.values())) < 130 * FILE_STATIONS + 60_000
    assert shards(nation) == files


def test_an_area_with_more_stations_than_a_file_is_split(pack):
    crowded = {f"s{at:04}": Station(f"s{at:04}", pack.root, {"be": "у"}) for at in range(2 * FILE_STATIONS + 1)}
    files = shards(replace(pack, stations=crowded))
    assert sorted(files) == [f"stations/{pack.root}.1.json", f"stations/{pack.root}.2.json", ROOT]
    assert len(list(walk(files, ROOT, hashlib.sha256(files[ROOT]).hexdigest()))) == len(crowded)


def test_the_election_file_proves_the_elections_id(pack, folder):
    kind, version, listing, contents, files = cbor2.loads(election_file(pack, folder, {"stations/x": b"y"}))
    assert (kind, version, files) == ("golos/election", 1, [["stations/x", b"y"]])
    label = b"golos/election/v1\n"
    assert hashlib.sha256(label + cbor2.dumps(listing, canonical=True)).digest() == pack.id
    digests = {name: digest for name, digest, _ in listing}
    assert {name for name, _ in contents} >= {"election.toml", "options.csv"}
    assert all(hashlib.sha256(data).digest() == digests[name] for name, data in contents)


class Log:
    def __init__(self, leaves):
        self.tree = Tree(leaves)
        self.final = SimpleNamespace(size=len(leaves))


@settings(max_examples=20, deadline=None)
@given(sizes=st.lists(st.integers(1, 700), min_size=1, max_size=3))
def test_the_live_look_up_has_every_leaf_once_in_the_file_of_its_prefix(sizes):
    leaves = [hashlib.sha256(at.to_bytes(4)).digest() for at in range(sum(sizes))]
    log = Log(leaves)
    live = LiveLookup(log)
    for size in (sum(sizes[: end + 1]) for end in range(len(sizes))):
        log.final = SimpleNamespace(size=size)
        files = {live.file(name(leaf_hash(leaf), size)) for leaf in leaves[:size]}
        rows = [row.split() for file in files for row in file.decode().splitlines()]
        expected = {(leaf_hash(leaf).hex()[:START], str(index), "-") for index, leaf in enumerate(leaves[:size])}
        assert len(rows) == size
        assert {tuple(row) for row in rows} == expected
        assert live.file("all" if digits(size) else "0") is None


def test_look_up_files_hold_256_leaves_on_average():
    assert [digits(size) for size in (1, 256, 257, 4096, 4097, 1_000_000)] == [0, 0, 1, 1, 2, 3]


def test_the_signed_mirrors_are_read_back_and_nothing_else_is(pack):
    signer, other = Signer.generate("publisher.example"), Signer.generate("publisher.example")
    origins = ["https://mirror.example", "https://mirror.example:8443", f"http://{'a' * 56}.onion"]
    note = mirrors.sign(signer, pack.id, 7, "0" * 64, origins)
    vkey = signer.verifier.vkey()
    assert mirrors.read(note, vkey, pack.id) == origins
    for wrong, code in (
        (note.replace(b"mirror.example:8443", b"mirror.example:8444"), "note.forged"),
        (mirrors.sign(other, pack.id, 7, "0" * 64, []), "note.unsigned"),
        (mirrors.sign(signer, bytes(32), 7, "0" * 64, []), "mirrors.malformed"),
    ):
        with pytest.raises(Problem) as caught:
            mirrors.read(wrong, vkey, pack.id)
        assert caught.value.code == code


@pytest.mark.parametrize(
    "origin",
    [
        "http://mirror.example",
        "https://mirror.example/",
        "https://m; script-src *",
        "https://MIRROR",
        "//m",
        "http://a.onion",
    ],
)
def test_what_is_no_origin_never_gets_into_the_policy(pack, origin):
    with pytest.raises(Problem) as caught:
        mirrors.sign(Signer.generate("publisher.example"), pack.id, 7, "0" * 64, [origin])
    assert caught.value.code == "mirrors.origin"


def test_the_policy_names_the_mirrors_and_nobody_else():
    parts = dict(part.split(" ", 1) for part in policy(["https://m.example"]).split("; "))
    assert parts["connect-src"] == "'self' https://m.example"
    assert parts["default-src"] == "'self'"
    assert parts["require-trusted-types-for"] == "'script'"
    assert parts["trusted-types"] == "worker"


def test_files_are_served_compressed_where_that_is_less():
    text, small = AppFile.of("a.js", b"const a = 1;\n" * 100), AppFile.of("icon.svg", b"<svg/>")
    assert (gzip.decompress(text.gzipped), text.media_type) == (text.data, "text/javascript")
    assert (small.gzipped, small.media_type) == (None, "image/svg+xml")


def test_the_offline_page_is_served_only_as_the_pack_names_it(tmp_path, monkeypatch):
    (tmp_path / OFFLINE).write_bytes(b"page")
    (tmp_path / "sizes.json").write_bytes(b"{}")
    monkeypatch.setenv("GOLOS_APP", str(tmp_path))
    files = built()
    assert list(files) == [OFFLINE]
    digest = hashlib.sha256(b"page").hexdigest()
    assert offline_page(files, "") is offline_page(files, digest) is files[OFFLINE]
    assert offline_page(files, "0" * 64) is None


def test_a_pack_names_the_offline_page_and_a_wrong_digest_is_a_mistake(folder):
    files = read_folder(folder)
    digest = "ab" * 32
    found, _ = packfiles.parse({**files, "app.toml": f'offline = "{digest}"\n'.encode()})
    without, _ = packfiles.parse(files)
    assert (found.offline_page, without.offline_page) == (digest, "")
    assert found.id != without.id
    for wrong in (b'offline = "AB"\n', b"offline = 1\n", b"", b'offline = "' + b"ab" * 32 + b'"\nmore = 1\n'):
        broken, mistakes = packfiles.parse({**files, "app.toml": wrong})
        assert broken is None
        assert any("app.toml" in str(mistake) for mistake in mistakes)


class MemoryVault:
    def __init__(self):
        self.rows = {}

    def put(self, space, name, value):
        return self.rows.setdefault((space, name), value)

    def get(self, space, name):
        return self.rows.get((space, name))

    def find(self, space, prefix=b""):
        return [(name, value) for (where, name), value in self.rows.items() if where == space]


class Proven:
    def proven(self, phone, code):
        if code != "123456":
            raise Problem("enrolment.code_wrong", "code", "", "")
        return phone.encode()


def test_a_dispute_is_counted_once_for_a_phone_and_only_of_one_that_is_registered():
    vault = MemoryVault()
    disputes = Disputes(Proven(), vault, ["01", "02"])
    for phone in ("one", "two"):
        vault.put(FIRST_SPACE, phone.encode(), b"")

    def say(*told):
        asyncio.run(disputes.say(*told))

    say("one", "123456", "01")
    say("one", "123456", "02")
    say("two", "123456", "")
    assert disputes.by_region() == {"01": 1, "": 1}
    for wrong, code in (
        (("one", "000000", "01"), "enrolment.code_wrong"),
        (("new", "123456", "01"), "enrolment.unknown"),
        (("two", "123456", "99"), "dispute.region"),
    ):
        with pytest.raises(Problem) as caught:
            say(*wrong)
        assert caught.value.code == code
    assert disputes.by_region() == {"01": 1, "": 1}


def test_the_stations_of_the_pack_are_those_of_its_csv(pack, folder):
    rows = csv.DictReader(io.StringIO((folder / "stations.csv").read_text()))
    files = shards(pack)
    found = {row[0] for row in walk(files, ROOT, hashlib.sha256(files[ROOT]).hexdigest())}
    assert found == {row["code"] for row in rows}
