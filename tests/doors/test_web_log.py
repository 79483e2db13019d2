"""The log, the election and the site over HTTP, as strangers and mirrors see them."""

import asyncio
import hashlib
from types import SimpleNamespace

from tests.doors.test_web_intake import expect_problem, receipt, send
from tests.intake.world import PRESIDENT

from golos.doors.web.metrics import Metrics
from golos.ledger.policy import Policy
from golos.ledger.tiles import decode_entries
from golos.ledger.tree import Tree


def test_a_mirror_rebuilds_the_tree_from_tiles(world, client, election):
    sent = [election.voter().ballot("s1", PRESIDENT, n) for n in range(9)]
    for one in sent:
        send(client, one.envelope)
    receipt(client, max(s.name for s in sent))
    for one in sent:
        assert receipt(client, one.name).status_code == 200
    checkpoint = Policy.of(election.pack.keys.log).accept(client.get("/checkpoint").content)
    assert checkpoint.size == 10
    names = decode_entries(client.get("/tile/entries/000.p/10").content)
    assert {s.name for s in sent} <= set(names)
    assert Tree(names).root() == checkpoint.root
    answer = client.get("/tile/0/000.p/10")
    assert "immutable" in answer.headers["cache-control"]
    tree = Tree()
    tree.append_hashes(answer.content)
    assert tree.root() == checkpoint.root
    assert client.get("/tile/0/000.p/3").content == answer.content[:96], "an earlier partial tile stays"


NO_TILES = """0/000 0/000.p/11 0/001.p/1 1/000.p/1 0/000.p/0 0/000.p/256 0/000.p/01 0/0 0/x000/000.p/1 00/000.p/1
entries/000 entries/000.p/11 64/000.p/1 -1/000.p/1 0/000.p/1x 0/x001/x234/067 entries"""


def test_tiles_that_are_not(client):
    for path in NO_TILES.split():
        expect_problem(client.get(f"/tile/{path}"), 404, "missing.tile", "path")


def test_what_waits_is_not_shown(world, client, election):
    world.beat.stopped = True
    send(client, election.voter().ballot("s1", PRESIDENT, 1).envelope)
    assert client.get("/tile/0/000.p/1").status_code == 200
    expect_problem(client.get("/tile/0/000.p/2"), 404, "missing.tile", "path")
    assert client.get("/totals").json()["cohorts"]["2020-W32"]["redeemed"] == 0


def test_health_is_stale_when_the_log_stands_still(world, client):
    assert client.get("/health").status_code == 200
    world.beat.stopped = True
    answer = client.get("/health")
    expect_problem(answer, 503, "log.stale", "log")
    assert "retry-after" in answer.headers


def test_receipts_of_what_is_no_name(client):
    expect_problem(client.get("/receipts/12"), 400, "request.malformed", "name")
    expect_problem(client.get("/receipts/" + "A" * 64), 400, "request.malformed", "name")
    expect_problem(client.get("/receipts/" + "a" * 64), 404, "missing.receipt", "path")


def test_the_pack_is_served_as_it_was_signed(client, election):
    body = client.get("/election").json()
    assert body["election"] == election.pack.id.hex()
    for name, expected, length in election.pack.files:
        answer = client.get(f"/pack/{name}")
        assert (hashlib.sha256(answer.content).digest(), len(answer.content)) == (expected, length)
    for wrong in ("nothing.csv", "../guard", "map", "%2e%2e/guard"):
        assert client.get(f"/pack/{wrong}").status_code == 404


def test_the_published_folder_is_served_once_it_is_there(world, client):
    public = world.services.public
    expect_problem(client.get("/be/"), 404, "missing", "path")
    (public / "be").mkdir(parents=True)
    (public / "be" / "index.html").write_text("<!doctype html><title>Голас</title>")
    (public / "index.html").write_text("<!doctype html><title>all</title>")
    (public / "checkpoint").write_text("as published")
    (public.parent / "secret").write_text("secret")
    assert "Голас" in client.get("/be/").text and client.get("/be/").headers["content-type"].startswith("text/html")
    assert "all" in client.get("/").text
    assert client.get("/checkpoint").text.startswith("log.example"), "the live path comes first"
    assert client.get("/published/checkpoint").text == "as published"
    for wrong in ("/..%2fsecret", "/be/..%2f..%2fsecret", "/published/..%2fsecret"):
        assert client.get(wrong).status_code == 404


def test_no_page_loads_from_another_host(client):
    for path in ("/", "/health", "/schema/openapi.json", "/nothing", "/election"):
        headers = client.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'self'")
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert "set-cookie" not in headers
    assert client.get("/election").headers["cache-control"] == "no-store"


def test_metrics_count_answers_by_pattern_and_status(client, election):
    answer = send(client, election.voter().ballot("s1", PRESIDENT, 1).envelope)
    send(client, b"rubbish")
    receipt(client, bytes.fromhex(answer.json()["record"]))
    page = client.get("/metrics").text
    assert 'golos_answers_total{path="/envelopes",status="202"} 1.0' in page
    assert 'golos_answers_total{path="/envelopes",status="400"} 1.0' in page
    assert "golos_log_size 2.0" in page


def test_metrics_stand_still_between_checkpoints():
    """A count that moved with a request would tell a watcher of the network what the connection carried."""
    log, now = SimpleNamespace(final=SimpleNamespace(size=1)), [0.0]
    metrics = Metrics(log, 600, lambda: now[0])
    before = metrics.page()
    asyncio.run(
        metrics.answered({"type": "http.response.start", "status": 202}, {"type": "http", "path_template": "/x"})
    )
    now[0] = 599
    assert metrics.page() == before
    log.final.size = 2
    assert b'path="/x",status="202"} 1.0' in metrics.page()
