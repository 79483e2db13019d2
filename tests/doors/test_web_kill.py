"""kill -9 while many send: whatever was answered with 202 is there after the restart, once."""

import asyncio
import multiprocessing
import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
from tests.doors.test_web_intake import OCTETS, receipt, send
from tests.intake.world import PRESIDENT, World, free_port, serving

from golos.doors.web import server
from golos.doors.web.site import create

SENDERS, VOTERS = 8, 150


def serve(election, folder, port):
    world = World(election, folder, every=0.05)
    asyncio.run(server.serve(lambda: create(world.services), "127.0.0.1", port))


def post_until_dead(url, sent, accepted):
    with httpx.Client(base_url=url, timeout=5, trust_env=False) as client:
        for one in sent:
            try:
                if client.post("/envelopes", content=one.envelope, headers=OCTETS).status_code == 202:
                    accepted.append(one)
            except httpx.TransportError:
                return


def until_up(url):
    for _ in range(300):
        try:
            return httpx.get(f"{url}/health")
        except httpx.TransportError:
            time.sleep(0.02)
    raise AssertionError("the server did not start")


def test_what_was_accepted_survives_kill_9(election, tmp_path):
    sent = [election.voter().ballot("s1", PRESIDENT, 1) for _ in range(VOTERS)]
    port = free_port()
    child = multiprocessing.get_context("fork").Process(target=serve, args=(election, tmp_path, port), daemon=True)
    child.start()
    url = f"http://127.0.0.1:{port}"
    until_up(url)
    accepted = []
    with ThreadPoolExecutor(SENDERS) as pool:
        for n in range(SENDERS):
            pool.submit(post_until_dead, url, sent[n::SENDERS], accepted)
        until = time.monotonic() + 20
        while len(accepted) < VOTERS // 3 and time.monotonic() < until:
            time.sleep(0.001)
        os.kill(child.pid, signal.SIGKILL)
    child.join(10)
    assert child.exitcode == -signal.SIGKILL and VOTERS // 3 <= len(accepted) < VOTERS
    world = World(election, tmp_path)
    with serving(world) as client:
        assert all(receipt(client, one.name).status_code == 200 for one in accepted)
        assert all(send(client, one.envelope).status_code == 202 for one in sent)
        assert all(receipt(client, one.name).status_code == 200 for one in sent)
    records = world.records_of("ballot")
    assert sorted(records) == sorted(one.record for one in sent), "each one once"
    world.close()
