"""Everything wrong that can come through the doors of a real server, between what is right.

Each gets a machine-readable answer; what is right is in the log once; and the server's log lines tell nothing of what
came: no byte of a payload, no phone, no code, in no spelling.
"""

import base64
import os
import random
import socket
import time
from contextlib import suppress
from pathlib import Path

import httpx
from tests.e2e.living import CONTEST, golos

from golos.credential.blindrsa import blind_sign
from golos.credential.keys import keys_of, new_cohort_keys
from golos.credential.sealing import seal_envelope, seal_photo
from golos.credential.submission import submission
from golos.credential.token import token_key_id
from golos.credential.voter import Voter
from golos.model.ed25519 import SigningKey
from golos.model.entry import decode_entry
from golos.model.record import digest, kind_of

OCTETS = {"Content-Type": "application/octet-stream"}
ONE_EACH = httpx.Limits(max_keepalive_connections=0)
TUS = {"Tus-Resumable": "1.0.0"}
PHONES = [f"+3752976543{n:02}" for n in range(4)]
FLIPS = int(os.environ.get("GOLOS_FUZZ", "60"))
CHOICE = ((CONTEST, ("zaria",)),)


class Door:
    """A client that remembers every payload it has sent."""

    def __init__(self, client):
        self._client = client
        self.sent = []

    def post(self, path, content, headers):
        self.sent.append(content if isinstance(content, bytes) else b"")
        try:
            return self._client.post(path, content=content, headers=headers)
        except httpx.RemoteProtocolError:
            # A server that refuses a body unread may hang up; who sends the same again is answered.
            if not isinstance(content, bytes):
                raise
            return self._client.post(path, content=content, headers=headers)

    def envelope(self, envelope):
        return self.post("/envelopes", envelope, OCTETS)

    def photo(self, sealed, length=None, name=None):
        told = base64.b64encode(name or digest(sealed)).decode()
        headers = TUS | {
            "Upload-Length": str(len(sealed) if length is None else length),
            "Upload-Metadata": f"sha256 {told}",
        }
        return self.post("/photos", sealed, headers | {"Content-Type": "application/offset+octet-stream"})


def refused(answer, *codes):
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text)
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert body["type"].startswith("urn:golos:") and body["status"] == answer.status_code
    assert body["title"] and body["detail"] and body["field"] and body["remedy"]
    assert not codes or body["type"].removeprefix("urn:golos:") in codes, body


def test_wrong_among_right(living):
    living.start()
    good = living.voters(6)
    ballots = [voter.ballot(living.station, CHOICE, n) for voter in good for n in (2, 1)]
    with httpx.Client(
        base_url=f"http://127.0.0.1:{living.port}", timeout=30, trust_env=False, limits=ONE_EACH
    ) as client:
        door = Door(client)
        wrong = [*_damaged(living), *_of_others(living), *_forged(living)]
        random.Random(7).shuffle(wrong)
        for n, (envelope, codes) in enumerate(wrong):
            refused(door.envelope(envelope), *codes)
            one = ballots[n % len(ballots)]  # in any order, and each many times
            assert (answer := door.envelope(_again(living, one))).status_code == 202, answer.text
            assert answer.json() == {"record": one.name.hex()}
        _wrong_photographs(living, door)
        _wrong_enrolments(door)
    _wrong_bytes(living.port, door.sent)
    until = time.monotonic() + 20
    while not all(living.road.receipt(one.name) for one in ballots):
        assert time.monotonic() < until, "accepted, and never under a checkpoint"
        time.sleep(0.2)
    living.stop()
    records = living.office.log().records
    kept = [digest(record) for record in records if kind_of(record) == "ballot"]
    assert sorted(kept) == sorted(one.name for one in ballots), "each once, and nothing else"
    assert {kind_of(record) for record in records} <= {"pack", "key", "ballot"}
    assert golos("log", "fsck", living.folder).returncode == 0
    _tells_nothing(living.said, [*door.sent, *(one.record for one in ballots)])


def _again(living, one):
    return seal_envelope(one.record, one.sealed, keys_of(living.pack).intake, living.pack.id)


def _damaged(living):
    envelope = living.voters(1)[0].ballot(living.station, CHOICE, 1).envelope
    for place in range(0, len(envelope), -(-len(envelope) // FLIPS)):
        flipped = bytearray(envelope)
        flipped[place] ^= 1 << place % 8
        yield bytes(flipped), ("sealed.malformed", "sealed.unknown_key", "sealed.damaged")
    for length in (0, 1, 56, 57, 1023, len(envelope) - 1):
        yield envelope[:length], ("envelope.size",)
    for length in (4096, 16384):
        if length != len(envelope):
            yield envelope[:length].ljust(length, b"\0"), ("sealed.damaged",)
    for length in (16385, 20_000):
        yield bytes(length), ("body.too_large",)


def _of_others(living):
    """Records of another election, of another kind, twisted inside a good envelope."""
    pack, (voter,) = living.pack, living.voters(1)
    other = Voter(_renamed(pack), voter.key, voter.token).ballot(living.station, CHOICE, 1)
    yield (
        submission(pack, decode_entry(other.record), other.sealed).envelope,
        ("record.election", "token.invalid", "token.cohort"),
    )
    yield seal_envelope(other.record, other.sealed, keys_of(pack).intake, bytes(32)), ("sealed.damaged",)
    sent = voter.ballot(living.station, CHOICE, 1)
    for record in (sent.record + b"\0", sent.record[:-1], b"\xff" * 60, b"\x81" * 900, b""):
        yield seal_envelope(record, sent.sealed, keys_of(pack).intake, pack.id), ()
    yield submission(pack, decode_entry(living.office.log().records[1])).envelope, ("record.not_sent",)


def _renamed(pack):
    from dataclasses import replace

    return replace(pack, id=bytes(range(32)))


def _below(modulus, blinded):
    """Another key's modulus may be smaller than the one that the message was blinded for."""
    return (int.from_bytes(blinded) % modulus).to_bytes(len(blinded))


def _forged(living):
    """Tokens by a key of one's own, under a cohort's name, of another voter, with the numbers of no signature."""
    pack, (voter, other) = living.pack, living.voters(2)
    keys = keys_of(pack)
    own = new_cohort_keys(1)[0]
    forger = Voter(pack)
    request = forger.enrol(keys.cohorts[0])
    forged = forger._pending.unsigned + blind_sign(own, _below(own.public.n, request[3:]))
    strange = voter.token[:66] + bytes(32) + voter.token[98:]
    elsewhere = next(name for c in keys.cohorts if (name := token_key_id(c.key)) != voter.token[66:98])
    moved = voter.token[:66] + elsewhere + voter.token[98:]
    tokens = [
        (forger.key, forged),
        (forger.key, voter.token),
        (voter.key, other.token),
        (voter.key, moved),
        (voter.key, voter.token[:98] + bytes(256)),
        (voter.key, voter.token[:98] + b"\xff" * 256),
        (voter.key, strange),
    ]
    for key, token in tokens:
        yield Voter(pack, key, token).ballot(living.station, CHOICE, 1).envelope, ("token.invalid", "token.cohort")
    yield Voter(pack, SigningKey.generate(), b"\0" * 354).withdrawal(1).envelope, ("token.invalid", "token.cohort")


def _wrong_photographs(living, door):
    room, limit = keys_of(living.pack).room, living.pack.policy.photo_limit
    sealed = seal_photo(b"a picture " * 900, room, living.pack.id)
    refused(door.photo(b"", 0), "photo.size")
    refused(door.photo(b"", limit + 8192, bytes(32)), "photo.too_large")
    refused(door.photo(sealed[:-1], len(sealed) - 1), "photo.size")
    refused(door.photo(sealed[:-1] + bytes([sealed[-1] ^ 1]), name=digest(sealed)), "photo.mismatch")
    stranger = seal_photo(b"a picture", keys_of(living.pack).opening, living.pack.id)
    refused(door.photo(stranger), "photo.not_sealed")
    before = _memory(living.process.pid)
    _hundred_megabytes(door, sealed)
    assert _memory(living.process.pid) - before < 60_000_000, "a photograph that is too large was held in memory"


def _hundred_megabytes(door, sealed):
    """Without saying beforehand how much there will be."""
    parts = (bytes(1 << 20) for _ in range(100))
    told = {"Upload-Length": str(len(sealed)), "Upload-Metadata": f"sha256 {base64.b64encode(digest(sealed)).decode()}"}
    with suppress(httpx.TransportError):  # the server may hang up on it
        refused(door.post("/photos", parts, TUS | told | {"Content-Type": "application/offset+octet-stream"}))


def _memory(pid):
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def _wrong_enrolments(door):
    for phone in PHONES:
        for body in (
            f'{{"phone": "{phone}", "more": 1}}',
            f'{{"phone": "{phone}',
            f'{{"phone": "{phone[:6]}"}}',
            f'["{phone}"]',
            f'{{"phone": "{phone}", "code": "918273", "request": "{"A" * 346}"}}',
            '{"phone": {}}',
            "[" * 3000,
        ):
            for path in ("/enrolment/code", "/enrolment/token"):
                refused(door.post(path, body.encode(), {"Content-Type": "application/json"}))
    for path in ("/desk/next", "/desk/records", "/desk/photo", "/desk/code", "/desk/blobs", "/desk/large"):
        for body in (b"", b"\x81" * 3000, b"\x84" + b"\x58\x20" + b"k" * 32, b"not cbor at all, but a line of text"):
            refused(door.post(path, body, {"Content-Type": "application/cbor"}))


def _wrong_bytes(port, sent):
    """Not even HTTP."""
    for line in (
        b"\x16\x03\x01 telling-bytes\r\n\r\n",
        b"POST /envelopes HTTP/1.1\r\nContent-Length: 99999\r\n\r\ntelling-rest",
        b"GET /" + b"telling-path" * 9000 + b" HTTP/1.1\r\n\r\n",
    ):
        with socket.create_connection(("127.0.0.1", port), timeout=5) as raw:
            raw.sendall(line)
    sent.append(b"telling-bytes telling-rest telling-path")


def _tells_nothing(said, sent):
    """No piece of what was sent, as it is, in hex or in base64; no phone, no code, no address of a sender."""
    pieces = {data[at : at + 12] for data in sent for at in range(0, len(data) - 12, 97)} | {b"telling-"}
    pieces = {piece for piece in pieces if len(set(piece)) > 4}
    for piece in pieces:
        text = piece.decode("latin-1")
        for spelt in (text, piece.hex(), repr(piece)[2:-1], base64.b64encode(piece[:9]).decode()):
            assert spelt not in said, f"a log line tells what came: {spelt!r}"
    assert not [phone for phone in PHONES if phone[4:] in said or "918273" in said]
    assert "Traceback" not in said and "defect" not in said, said[-2000:]
