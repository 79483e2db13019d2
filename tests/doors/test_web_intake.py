"""Voters and observers over HTTP: accepted means durable, and every refusal says what is wrong."""

import base64
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import httpx
import pytest
from tests.intake.world import PRESIDENT, World, serving

from golos.credential.sealing import seal_envelope
from golos.credential.voter import Voter
from golos.ledger.policy import Policy
from golos.ledger.proof import Receipt

OCTETS = {"Content-Type": "application/octet-stream"}
PHONE = "+375297654321"


def send(client, envelope):
    return client.post("/envelopes", content=envelope, headers=OCTETS)


def expect_problem(answer, status, code, field):
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    body = answer.json()
    assert (body["type"], body["status"], body["field"]) == (f"urn:golos:{code}", status, field)
    assert body["title"] and body["detail"] and body["remedy"]


def receipt(client, name, patience=10.0):
    until = time.monotonic() + patience
    while (answer := client.get(f"/receipts/{name.hex()}")).status_code == 404 and time.monotonic() < until:
        time.sleep(0.05)
    return answer


def test_a_ballot_gets_its_receipt_once_it_is_under_a_checkpoint(world, client, election):
    world.beat.stopped = True
    sent = election.voter().ballot("s1", PRESIDENT, 1)
    answer = send(client, sent.envelope)
    assert (answer.status_code, answer.json()) == (202, {"record": sent.name.hex()})
    expect_problem(client.get(f"/receipts/{sent.name.hex()}"), 404, "missing.receipt", "path")
    world.beat.stopped = False
    policy = Policy.of(election.pack.keys.log)
    proof = Receipt.parse(receipt(client, sent.name).content)
    checkpoint = proof.verify(sent.name, policy)
    assert client.get("/checkpoint").content == proof.checkpoint
    assert policy.accept(client.get("/health").content) == checkpoint


def test_the_same_record_from_many_senders_at_once_is_one_row(world, client, election):
    sent = election.voter().ballot("s1", PRESIDENT, 1)
    other = seal_envelope(sent.record, sent.sealed, election.intake.public, election.pack.id)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda e: send(client, e), [sent.envelope, other] * 10))
    assert {(a.status_code, a.json()["record"]) for a in answers} == {(202, sent.name.hex())}
    receipt(client, sent.name)
    assert send(client, other).json() == {"record": sent.name.hex()}
    assert world.records_of("ballot") == [sent.record]


def test_bad_envelopes_over_http(world, client, election):
    voter = election.voter()
    sent = voter.ballot("s1", PRESIDENT, 1)
    flipped = sent.envelope[:-1] + bytes([sent.envelope[-1] ^ 1])
    expect_problem(send(client, b"hello"), 400, "envelope.size", "envelope")
    expect_problem(send(client, sent.envelope[:1000]), 400, "envelope.size", "envelope")
    expect_problem(send(client, flipped), 400, "sealed.damaged", "envelope")
    expect_problem(send(client, bytes(20_000)), 413, "body.too_large", "body")
    expect_problem(client.post("/envelopes", content=sent.envelope), 415, "body.type", "Content-Type")
    forged = Voter(election.pack, voter.key, voter.token[:-1] + bytes([voter.token[-1] ^ 1])).ballot("s1", PRESIDENT, 1)
    expect_problem(send(client, forged.envelope), 403, "token.invalid", "ballot.token")
    station = election.observer().incident("nowhere", "expelled", 1)
    expect_problem(send(client, station.envelope), 400, "station.unknown", "incident.station")
    expect_problem(client.get("/envelopes"), 405, "http.method", "method")
    assert world.records_of("ballot") == []


def enrol(client, phone, code, request, **query):
    body = {"phone": phone, "code": code, "request": base64.urlsafe_b64encode(request).decode().rstrip("=")}
    return client.post("/enrolment/token", json=body, params=query)


def test_from_phone_to_receipt(world, client, election):
    voter = Voter(election.pack)
    request = voter.enrol(election.cohorts[0])
    assert client.post("/enrolment/code", json={"phone": PHONE}).status_code == 202
    answer = enrol(client, PHONE, world.channel.codes[PHONE], request)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/private-token-response")
    assert enrol(client, PHONE, world.channel.codes[PHONE], request).content == answer.content
    voter.enrolled(answer.content)
    sent = voter.ballot("s1", PRESIDENT, 1)
    send(client, sent.envelope)
    assert receipt(client, sent.name).status_code == 200
    totals = client.get("/totals").json()["cohorts"]
    assert totals["2020-W32"] == {"issued": 1, "redeemed": 1}


def test_a_hundred_requests_for_one_phone_at_once_give_one_token(world, client, election):
    requests = [Voter(election.pack).enrol(election.cohorts[0]) for _ in range(100)]
    client.post("/enrolment/code", json={"phone": PHONE})
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda r: enrol(client, PHONE, world.channel.codes[PHONE], r), requests))
    assert sorted(a.status_code for a in answers) == [200] + [409] * 99
    assert len(world.records_of("enrolment")) == 1


def test_bad_enrolments_over_http(world, client, election):
    request = Voter(election.pack).enrol(election.cohorts[0])
    expect_problem(client.post("/enrolment/code", json={"phone": "12"}), 400, "phone.invalid", "phone")
    expect_problem(client.post("/enrolment/code", json={"fone": PHONE}), 400, "request.malformed", "body")
    expect_problem(client.post("/enrolment/code", content=b"{"), 400, "request.malformed", "body")
    expect_problem(client.post("/enrolment/code", json={"phone": "1" * 5000}), 413, "body.too_large", "body")
    expect_problem(enrol(client, PHONE, "000000", request), 403, "enrolment.code_expired", "code")
    expect_problem(enrol(client, PHONE, "00000x", request), 400, "request.malformed", "code")
    client.post("/enrolment/code", json={"phone": PHONE})
    expect_problem(enrol(client, PHONE, world.channel.codes[PHONE], request[:-1]), 400, "request.malformed", "request")
    expect_problem(
        enrol(client, PHONE, world.channel.codes[PHONE], request, reissue=7), 400, "request.malformed", "reissue"
    )
    for _ in range(2):
        client.post("/enrolment/code", json={"phone": PHONE})
    answer = client.post("/enrolment/code", json={"phone": PHONE})
    expect_problem(answer, 429, "enrolment.too_often", "phone")
    assert int(answer.headers["retry-after"]) > 0
    assert world.records_of("enrolment") == []


class Slow:
    """A journal whose disk hangs until the gate opens."""

    def __init__(self, journal):
        self.journal, self.held, self.gate = journal, 0, threading.Event()

    def admit_future(self, rows):
        self.held += 1
        answer = Future()
        threading.Thread(target=self._later, args=(rows, answer)).start()
        return answer

    def _later(self, rows, answer):
        self.gate.wait(20)
        answer.set_result(self.journal.admit(rows))


def until_held(world, count):
    while world.journal.held < count:
        time.sleep(0.01)


def test_overload_is_said_and_passes(election, tmp_path):
    """A store that hangs must not make the door take in more than it can hold."""
    world = World(election, tmp_path, in_flight_limit=4, journal=Slow)
    sent = [election.voter().ballot("s1", PRESIDENT, 1) for _ in range(10)]
    with serving(world) as client, ThreadPoolExecutor(10) as pool:
        waiting = [pool.submit(send, client, s.envelope) for s in sent[:4]]
        until_held(world, 4)
        for one in sent[4:]:
            answer = send(client, one.envelope)
            expect_problem(answer, 503, "overload", "server")
            assert int(answer.headers["retry-after"]) >= 1
        assert client.get("/health").status_code == 200, "the loop must not hang with the store"
        world.journal.gate.set()
        assert [w.result().status_code for w in waiting] == [202] * 4
        assert send(client, sent[9].envelope).status_code == 202
    world.close()


def test_a_restart_keeps_what_was_accepted(election, tmp_path):
    sent = [election.voter().ballot("s1", PRESIDENT, 1) for _ in range(3)]
    world = World(election, tmp_path, every=1000)
    with serving(world) as client:
        assert all(send(client, s.envelope).status_code == 202 for s in sent)
    world.close()
    world = World(election, tmp_path)
    with serving(world) as client:
        assert all(receipt(client, s.name).status_code == 200 for s in sent)
        assert send(client, sent[0].envelope).json() == {"record": sent[0].name.hex()}
    assert sorted(world.records_of("ballot")) == sorted(s.record for s in sent)
    world.close()


def test_requests_under_way_are_answered_when_the_server_stops(election, tmp_path):
    world = World(election, tmp_path, journal=Slow)
    sent = election.voter().ballot("s1", PRESIDENT, 1)
    with ThreadPoolExecutor(2) as pool:
        with serving(world) as client:
            url = str(client.base_url)
            waiting = pool.submit(httpx.post, f"{url}/envelopes", content=sent.envelope, headers=OCTETS, timeout=20)
            until_held(world, 1)
            threading.Timer(0.3, world.journal.gate.set).start()
        assert waiting.result().status_code == 202
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{url}/health")
    world.close()


def test_nothing_of_a_sender_is_kept(world, election, tmp_path, capfd, caplog):
    """No phone, address, agent, path or body in any file, table or log after enrolment, ballots and mistakes."""
    caplog.set_level(0)
    agent = "Vychyshchalnik/7.1"
    with serving(world) as client:
        client.headers["User-Agent"] = agent
        client.headers["X-Forwarded-For"] = "203.0.113.77"
        client.headers["Cookie"] = "session=opoznanie"
        names = []
        for last in range(4):
            phone, voter = f"+37529765432{last}", Voter(election.pack)
            client.post("/enrolment/code", json={"phone": phone})
            code = world.channel.codes[phone]
            voter.enrolled(enrol(client, phone, code, voter.enrol(election.cohorts[0])).content)
            sent = voter.ballot("s1", PRESIDENT, 1)
            send(client, sent.envelope)
            names.append(sent.name)
        send(client, b"rubbish-from-someone")
        client.post("/enrolment/code", json={"phone": "+37529765432nonsense"})
        client.get("/somewhere/else?phone=+375297654329")
        assert receipt(client, names[-1]).status_code == 200
        page = client.get("/metrics").text
    out, err = capfd.readouterr()
    said = [r.getMessage() for r in caplog.records if not r.name.startswith(("httpx", "httpcore"))]  # the client's own
    kept = (out + err + page + "".join(said)).encode()
    for path in sorted(p for p in tmp_path.rglob("*") if p.is_file()):
        kept += path.name.encode() + path.read_bytes()
    assert len(kept) > 50_000
    for trace in ("2976543", agent, "203.0.113.77", "opoznanie", "127.0.0.1", "rubbish", "somewhere"):
        assert trace.encode() not in kept, trace
