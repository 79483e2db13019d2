"""The table of all that reads foreign bytes: a name, the parser, good bytes to begin with, and what it may raise."""

import csv
import dataclasses
import gzip
import io
import secrets
import tempfile
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path

import httpx
import msgspec
from tests.intake.world import PRESIDENT, Election
from tests.photo import files

from golos.ceremony.shares import restore, split
from golos.config import DEFAULT, FILE, read_config
from golos.count.compare import compare
from golos.count.log import inners_of, opening_blob
from golos.count.sheets import Sheet, count_tables
from golos.credential.blindrsa import blind_sign
from golos.credential.sealing import decode_inner, open_envelope, open_inner, open_photo, seal_envelope, seal_photo
from golos.credential.staff import DeskRequest
from golos.credential.token import Redemption, Request, decode_public_key, token_challenge
from golos.credential.token import begin as begin_token
from golos.credential.verification import Verifier
from golos.intake.mapping import parse_mapping
from golos.intake.official import read_officials
from golos.intake.places import make_places, parse_stations_map
from golos.intake.skeleton import skeleton
from golos.intake.table import read_tables
from golos.ledger.checkpoint import Checkpoint
from golos.ledger.guard import Guard, Memory
from golos.ledger.note import COSIGNATURE, Signer, open_note
from golos.ledger.note import Verifier as NoteVerifier
from golos.ledger.policy import Party, Policy
from golos.ledger.proof import Receipt
from golos.ledger.tiles import decode_entries, decode_records, encode_entries, encode_records
from golos.ledger.tree import Tree
from golos.ledger.witness import Mirror, Witness
from golos.model.ballot import Inner
from golos.model.ed25519 import SigningKey
from golos.model.entry import Freeze, Official, Opening, PhotoReceived, Retraction, Table, decode_entry
from golos.model.packfiles import parse as parse_pack
from golos.model.problem import Problem
from golos.model.record import digest, encode, kind_of
from golos.photo.copies.descriptor import Descriptor, describe
from golos.photo.decode import decode
from golos.publish.topology import shapes

PROJECT = Path(__file__).parents[2]
EXAMPLES = PROJECT / "examples"
_MAP = b"""[file]
station = "st"
keep_negative = true

[[table]]
source = "golos"
kind = "citizens"
tier = "declared"
contest = "president"
columns = { one = "one", two = "two", invalid = "bad" }

[[table]]
source = "cec"
kind = "official"
contest = "president"
authority = true
readings = 1
area = "st"
announced = { column = "bad" }
columns = { one = "one", two = "two" }
areas = { "s1" = "n" }
"""
_STATIONS = b"""[file]
station = "code"

[stations]
code = "code"
names = { en = "place" }

[stations.nation]
code = "n"
level = "nation"
names = { en = "Nation" }

[[stations.level]]
level = "region"
code = "region"
"""


@dataclasses.dataclass(frozen=True)
class Parser:
    """``parse`` is to return or to raise one of ``raises`` for whatever bytes."""

    name: str
    parse: Callable[[bytes], object]
    seeds: Sequence[bytes]
    raises: tuple[type[Exception], ...] = (Problem,)


@cache
def parsers() -> tuple[Parser, ...]:
    election = Election(Path(tempfile.mkdtemp()) / "pack")
    return (*_records(election), *_credentials(election), *_ledger(), *_count(election), *_files(election))


def _records(election):
    records = records_of(election)
    verifier = Verifier(election.pack)
    envelopes = [seal_envelope(r, b"x" * 100, election.intake.public, election.pack.id) for r in records[:3]]
    inner = encode(Inner(1, "s1", PRESIDENT, bytes(32)))
    photo = seal_photo(b"picture", election.room.public, election.pack.id)
    staff, _ = election.staff("reader")
    contents = [msgspec.to_builtins((r, b"x"), builtin_types=(bytes,)) for r in records[:3]]

    def verify(data):
        verifier.verify(decode_entry(data), data)

    def enveloped(data):
        return open_envelope(
            seal_envelope(data, data[:64], election.intake.public, election.pack.id),
            [election.intake],
            election.pack.id,
        )

    def contained(data):
        from golos.credential.sealing import Contents
        from golos.model.record import decode

        return decode(data, Contents, "envelope")

    return (
        Parser("record", decode_entry, records),
        Parser("record's kind", kind_of, records, ()),
        Parser("record's signature", verify, records),
        Parser("envelope", lambda data: open_envelope(data, [election.intake], election.pack.id), envelopes),
        Parser("envelope around anything", enveloped, records),
        Parser("envelope's contents", contained, [encode_any(one) for one in contents]),
        Parser("inner part", decode_inner, [inner]),
        Parser(
            "sealed inner part",
            lambda data: open_inner(data, [election.opening], election.pack.id),
            [election.voter().ballot("s1", PRESIDENT, 1).sealed],
        ),
        Parser(
            "sealed photograph", lambda data: open_photo(data, [election.room], election.pack.id), [photo[:2000], photo]
        ),
        Parser(
            "desk request", lambda data: DeskRequest.decode(data, "/desk/next"), [staff.request("/desk/next", b"x")]
        ),
    )


def encode_any(value):
    import cbor2

    return cbor2.dumps(list(value), canonical=True)


def records_of(election):
    """Return one record of each kind, signed where that is easily done."""
    voter, observer, eid = election.voter(), election.observer(), election.pack.id
    staff, grant = election.staff("reader")
    signature, some = bytes(64), secrets.token_bytes(32)
    drafts = [
        Freeze(1, eid, 3, some, ((some, signature),)),
        Opening(1, eid, 3, 3, 1, some, some, 0, (2, 5), ((some, signature),)),
        Official(1, eid, "n", "president", "tv", True, "2020-08-09", 1, 1, (("one", 5),), some, signature),
        Table(1, eid, "src", "citizens", "declared", "president", 1, False, some, some, some, 0, some, signature),
        Retraction(1, eid, "C1:x", "a reason", some, signature),
        PhotoReceived(1, eid, some, 100, signature),
    ]
    return [
        voter.ballot("s1", PRESIDENT, 1, some).record,
        voter.withdrawal(2).record,
        observer.protocol("s1", [("one", 5), ("invalid", None)], 1).record,
        observer.turnout("s1", "voters", 7, 1).record,
        observer.incident("s2", "expelled", 1).record,
        staff.verdict(some, "ballot", PRESIDENT),
        staff.reading(some, "copy", (), some),
        grant,
        election.leaf_zero(),
        *map(encode, drafts),
    ]


def _credentials(election):
    keys, eid = election.pack.keys, election.pack.id
    redemption, token = Redemption(keys, eid), election.voter().token
    challenge = token_challenge(keys.issuer, eid)
    request, pending = begin_token(election.cohorts[0].key, challenge, bytes(32))
    words = split(bytes(range(32)), 2, 3)
    return (
        Parser("token", lambda data: redemption.cohort(data, data[2:34]), [token], ()),
        Parser("token request", Request.decode, [request]),
        Parser("token response", pending.finish, [blind_sign(election.private[0][1], request[3:])]),
        Parser("cohort key", decode_public_key, [election.cohorts[0].key]),
        Parser(
            "shares", lambda data: restore(data.decode("utf-8", "replace").split("\n")), ["\n".join(words[:2]).encode()]
        ),
    )


def _ledger():
    log, witness = (
        Signer("log.example", SigningKey(bytes([1]) * 32)),
        Signer("w.example", SigningKey(bytes([2]) * 32), COSIGNATURE),
    )
    tree = Tree()
    leaves = [digest(b"%d" % n) for n in range(70)]
    tree.append(leaves)
    text = Checkpoint(log.name, 70, tree.root()).text()
    cosignature = witness.signature(text, time=1_700_000_000).line().encode()
    checkpoint = log.sign(text) + cosignature
    policy = Policy.of(log.verifier.vkey(), [witness.verifier.vkey()], 1)
    receipt = Receipt(3, tuple(tree.inclusion(3, 70)), checkpoint, b"extra").encode()
    rules = f"# comment\nlog {log.verifier.vkey()} https://x/\nwitness a {witness.verifier.vkey()} u\n"
    rules += "group g any a\nquorum g\n"

    def witnessed(data):
        status = 200 if len(data) % 2 else 409
        client = httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(status, content=data)))
        Witness(Party(witness.verifier, "https://w/"), client).cosign(
            log.sign(text), 70, lambda old: tree.consistency(old, 70)
        )

    def guarded(data):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "guard.json"
            path.write_bytes(data)
            guard = Guard(path)
            try:
                guard.load()
            finally:
                guard.close()

    return (
        Parser("note", lambda data: open_note(data, [log.verifier, witness.verifier]), [checkpoint]),
        Parser("checkpoint", policy.accept, [checkpoint]),
        Parser("checkpoint's text", Checkpoint.parse, [text]),
        Parser(
            "verifier key",
            lambda data: NoteVerifier.parse(data.decode("utf-8", "replace")),
            [witness.verifier.vkey().encode()],
        ),
        Parser("signing key", lambda data: Signer.parse(data.decode("utf-8", "replace")), [log.skey().encode()]),
        Parser("receipt", lambda data: Receipt.parse(data).verify(leaves[3], policy), [receipt]),
        Parser("policy", Policy.parse, [rules.encode()]),
        Parser("entry bundle", decode_entries, [encode_entries(leaves[:5])]),
        Parser("record bundle", decode_records, [encode_records([b"one", None, b"three" * 50])]),
        Parser("witness's answer", witnessed, [cosignature, cosignature * 2, b"70\n", b"12"]),
        Parser(
            "mirror's answer", lambda data: policy.open(Mirror("https://m/", _answering(data)).latest()), [checkpoint]
        ),
        Parser("guard", guarded, [msgspec.json.encode(Memory(1, bytes(32), checkpoint, (bytes(32),)))]),
    )


def _answering(data):
    return httpx.Client(transport=httpx.MockTransport(lambda _: httpx.Response(200, content=data)))


def _count(election):
    rows = b"area,one,two,invalid,turnout\ns1,5,6,0,11\ns2,,7,,-1\n"
    turnout = b"area,line,voters,double_count,organisation\ns1,voters,70,1,Watchers\n"
    sheets = (("protocol", "", rows), ("citizens", "declared", rows), ("turnout", "", turnout))

    def counted(data):
        made = [Sheet("x", kind, tier, "president", 2, True, data) for kind, tier, _ in sheets]
        compare(count_tables(election.pack, made))

    return (
        Parser("rows of a table", counted, [rows, turnout], ()),
        Parser("opening", inners_of, [opening_blob({3: b"inner", 9: b"other" * 20})]),
    )


def _files(election):
    small = {name: data if isinstance(data, bytes) else data.encode() for name, data in skeleton().items()}
    keys = _keys_toml(election)
    examples = [(EXAMPLES / name / "map.toml").read_bytes() for name in ("belarus-2020", "indonesia-2019")]
    topology = b'{"type":"Topology","transform":{"scale":[0.1,0.1],"translate":[20,50]},"arcs":[[[0,0],[1,2],[3,-1]],[[4,1],[-4,-1]]],"objects":{"d":{"type":"GeometryCollection","geometries":[{"type":"Polygon","arcs":[[0,1]],"properties":{"code":"a"}},{"type":"MultiPolygon","arcs":[[[0,-2]]],"properties":{"code":7}}]}}}'  # noqa: E501

    def of_pack(name):
        return Parser(
            f"pack: {name}",
            lambda data: parse_pack({**small, "keys.toml": keys, name: data}),
            [{**small, "keys.toml": keys, "succession.csv": b"old,new\n9,1\n"}[name]],
            (),
        )

    return (
        *(of_pack(name) for name in (*small, "succession.csv", "keys.toml")),
        Parser("mapping", lambda data: parse_mapping(data, election.pack), [_MAP, *examples]),
        Parser("mapping of stations", lambda data: parse_stations_map(data, ("en",)), [_STATIONS, *examples]),
        Parser("golos.toml", _config, [DEFAULT.encode()]),
        Parser("photograph", lambda data: decode(data, longest=64, colour=True), list(files.seeds().values())),
        Parser("descriptor of a photograph", Descriptor.decode, [_descriptor()]),
        Parser("outlines", lambda data: [s.box for s in shapes(data, "map", "d", "code").values()], [topology]),
        *_tables(election),
    )


def _config(data):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / FILE).write_bytes(data)
        read_config(Path(folder))


def _descriptor():
    data = files.seeds()["jpeg"]
    return describe(data, decode(data), None).encode()


def _keys_toml(election):
    from golos.model.pack_keys import write_keys

    witness = Signer("w.example", SigningKey(bytes([2]) * 32), COSIGNATURE).verifier.vkey()
    publisher = Signer("p.example", SigningKey(bytes([3]) * 32)).verifier.vkey()
    return write_keys(
        dataclasses.replace(election.pack.keys, publisher=publisher, witnesses=(witness,), quorum=1)
    ).encode()


def _tables(election):
    asked = parse_mapping(_MAP, election.pack)
    of_stations = parse_stations_map(_STATIONS, ("en",))
    rows = io.StringIO()
    csv.writer(rows).writerows(
        [["st", "one", "two", "bad"], ["s1", "5", "6", "0"], ["s2", "", "x", "1 000"], ["s3", "1", "2", "3"]]
    )
    good = rows.getvalue().encode()
    places = b'region,code,place\nNorth,1,School\nNorth,2,"Hall, old"\nSouth,1,Library\n'

    def read(name, act):
        def parse(data):
            with tempfile.TemporaryDirectory() as folder:
                path = Path(folder) / name
                path.write_bytes(data)
                act(path)

        return parse

    def both(path):
        read_tables(path, asked, election.pack)
        read_officials(path, asked, election.pack)

    return (
        Parser("imported CSV", read("t.csv", both), [good]),
        Parser("imported CSV, packed", read("t.csv.gz", both), [gzip.compress(good)]),
        Parser("imported Parquet", read("t.parquet", both), [_parquet(good)]),
        Parser("imported stations", read("s.csv", lambda path: make_places(path, of_stations, ("en",))), [places]),
    )


def _parquet(good):
    import duckdb

    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "t.csv").write_bytes(good)
        duckdb.connect().execute(
            f"COPY (SELECT * FROM read_csv('{folder}/t.csv', all_varchar=true)) TO '{folder}/t.parquet'"
        )
        return (Path(folder) / "t.parquet").read_bytes()
