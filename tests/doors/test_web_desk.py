"""Readers and stewards over HTTP: signed requests, blind assignment, pictures for their readers alone."""

import asyncio
import secrets
import time
from http.client import HTTPConnection

from tests.doors.test_web_intake import expect_problem, receipt, send
from tests.intake.world import PRESIDENT, Election, World, serving

from golos.credential.staff import Staff
from golos.credential.steward import jointly_signed
from golos.desk.pen import Pen
from golos.doors.cli.remote import announcement
from golos.doors.cli.remote import send as send_to_server
from golos.doors.web.desk import HEADER
from golos.ledger.policy import Policy
from golos.model.ed25519 import SigningKey
from golos.model.entry import Opening, Table, decode_entry
from golos.model.record import digest, encode, signed
from golos.photo.binding import code_of

OCTETS = "application/octet-stream"
CBOR = {"Content-Type": "application/cbor"}


def ask(client, staff, path, body=b""):
    return client.post(path, content=staff.request(path, body), headers=CBOR)


def announce(client, staff, path, body, **headers):
    """Send a large body as a clerk does: who sends it is in the header."""
    headers = {"Content-Type": "application/octet-stream", **announcement(staff, path, body), **headers}
    return client.post(path, content=body, headers=headers)


def grant(world, client, role):
    staff, record = world.election.staff(role)
    assert ask(client, staff, "/desk/records", record).json() == {"record": digest(record).hex()}
    assert receipt(client, digest(record)).status_code == 200
    return staff


def photograph(world, client, picture):
    """A voter's photograph and ballot, under a checkpoint and seen by the room."""
    photo = asyncio.run(world.photograph(picture))
    sent = world.election.voter().ballot("s1", PRESIDENT, 1, photo)
    assert send(client, sent.envelope).status_code == 202
    assert receipt(client, sent.name).status_code == 200
    return photo


def next_photo(client, reader, patience=5.0):
    until = time.monotonic() + patience
    while (found := ask(client, reader, "/desk/next").json()["photo"]) is None and time.monotonic() < until:
        time.sleep(0.05)
    return bytes.fromhex(found) if found else None


def test_two_blind_readers_and_a_third_where_they_differ(world, client, election):
    readers = [grant(world, client, "reader") for _ in range(4)]
    picture = secrets.token_bytes(3000)
    photo = photograph(world, client, picture)
    for reader, said in zip(readers[:2], (PRESIDENT, (("president", ("two",)),)), strict=True):
        assert next_photo(client, reader) == photo
        answer = ask(client, reader, "/desk/photo", photo)
        assert answer.content == picture and answer.headers["cache-control"] == "no-store"
        record = reader.verdict(photo, "ballot", said)
        assert ask(client, reader, "/desk/records", record).status_code == 202
        assert ask(client, reader, "/desk/records", record).status_code == 202, "a retry is welcome"
        assert ask(client, reader, "/desk/next").json() == {"photo": None}
    assert next_photo(client, readers[2]) == photo
    assert ask(client, readers[3], "/desk/next").json() == {"photo": None}
    expect_problem(ask(client, readers[3], "/desk/photo", photo), 403, "desk.not_assigned", "request.body")
    early = readers[3].verdict(photo, "ballot", PRESIDENT)
    expect_problem(ask(client, readers[3], "/desk/records", early), 403, "desk.not_assigned", "verdict.photo")
    assert len(world.records_of("verdict")) == 2


def test_the_digits_that_two_readers_saw_bind_a_photograph(tmp_path):
    election = Election(tmp_path / "pack", binding=True)
    world = World(election, tmp_path)
    with serving(world) as client:
        readers = [grant(world, client, "reader") for _ in range(2)]
        photo = asyncio.run(world.photograph(b"a picture"))
        sent = election.voter().ballot("s1", PRESIDENT, 1, photo)
        assert send(client, sent.envelope).status_code == 202
        ballot = decode_entry(sent.record)
        digits = code_of(ballot.token, election.pack.id).encode()
        for reader in readers:
            assert next_photo(client, reader) == photo
            assert ask(client, reader, "/desk/code", photo + digits).status_code == 204
        expect_problem(ask(client, reader, "/desk/code", photo + b"1234"), 400, "code.digits", "request.body")
        binding = encode(Pen(election.pack.id, election.machine).binding(photo, ballot.key))
        assert receipt(client, digest(binding)).status_code == 200
    world.close()


def test_requests_of_the_desk_that_are_refused(world, client, election):
    reader = grant(world, client, "reader")
    request = reader.request("/desk/next")
    assert client.post("/desk/next", content=request, headers=CBOR).status_code == 200
    expect_problem(client.post("/desk/next", content=request, headers=CBOR), 403, "desk.replayed", "request.nonce")
    other = reader.request("/desk/next")
    expect_problem(client.post("/desk/photo", content=other, headers=CBOR), 403, "desk.signature", "request.signature")
    expect_problem(client.post("/desk/next", content=b"\x80", headers=CBOR), 400, "record.malformed", "request")
    expect_problem(client.post("/desk/next", content=other), 415, "body.type", "Content-Type")
    stranger = Staff(election.pack.id, SigningKey.generate())
    expect_problem(ask(client, stranger, "/desk/next"), 403, "role.missing", "request.key")
    expect_problem(announce(client, stranger, "/desk/blobs", b"rows"), 403, "role.missing", "request.key")
    expect_problem(announce(client, reader, "/desk/large", b"rows"), 403, "role.missing", "request.key")
    expect_problem(ask(client, stranger, "/desk/records", b"x"), 400, "record.kind", "record")


def test_the_freeze_closes_the_ballot_box_at_once(world, client, election):
    head = Policy.of(election.pack.keys.log).accept(client.get("/checkpoint").content)
    stranger = Staff(election.pack.id, SigningKey.generate())
    assert ask(client, stranger, "/desk/records", election.freeze(head)).status_code == 202
    late = election.voter().ballot("s1", PRESIDENT, 1)
    expect_problem(send(client, late.envelope), 409, "election.frozen", "election")


def test_a_clerk_stores_the_rows_before_the_table(world, client, election):
    clerk, rows = grant(world, client, "clerk"), secrets.token_bytes(300_000)
    record = table(election, clerk, digest(rows))
    expect_problem(ask(client, clerk, "/desk/records", record), 400, "blob.missing", "table.rows")
    assert announce(client, clerk, "/desk/blobs", rows).json() == {"digest": digest(rows).hex()}
    assert ask(client, clerk, "/desk/records", record).status_code == 202
    assert world.stores.blobs.get(digest(rows)) == rows


def test_of_a_stranger_no_large_body_is_read(world, client, election):
    """The answer comes after the headers, while not a byte of 200 MB has been sent."""
    stranger = Staff(election.pack.id, SigningKey.generate())
    clerk = grant(world, client, "clerk")
    for headers, status in (
        (announcement(stranger, "/desk/blobs", b"rows"), 403),
        (announcement(clerk, "/desk/large", b"rows"), 403),
        ({HEADER: "no base64!"}, 400),
        ({}, 400),
    ):
        connection = HTTPConnection(client.base_url.host, client.base_url.port, timeout=10)
        connection.putrequest("POST", "/desk/blobs")
        for name, value in {**headers, "Content-Type": OCTETS, "Content-Length": "200000000"}.items():
            connection.putheader(name, value)
        connection.endheaders()
        assert connection.getresponse().status == status
        connection.close()
    small = announce(client, clerk, "/desk/blobs", b"other", **announcement(clerk, "/desk/blobs", b"rows"))
    expect_problem(small, 400, "desk.body", "body")


def test_an_opening_with_a_hundred_thousand_spoilt_ballots_goes_through_the_door(world, client, election):
    clerk, blob = grant(world, client, "clerk"), b""
    host, port = client.base_url.host, client.base_url.port
    spoilt = tuple(range(10, 100_010))
    draft = Opening(1, election.pack.id, 1, 1, 0, digest(blob), digest(b""), 0, spoilt, ())
    record = encode(jointly_signed(draft, election.stewards))
    assert len(record) > 300_000
    expect_problem(ask(client, clerk, "/desk/records", record), 413, "body.too_large", "body")
    send_to_server(host, port, election.pack.id, clerk.key, [record], [blob])
    assert record in world.records_of("opening")


def table(election, clerk, rows):
    draft = Table(
        version=1, election=election.pack.id, source="zubr", kind="protocol", tier="", contest="president", readings=1,
        authority=False, file=bytes(32), mapping=bytes(32), rows=rows, rejected=0, key=clerk.key.public,
        signature=bytes(64),
    )  # fmt: skip
    return encode(signed(draft, clerk.key.sign))
