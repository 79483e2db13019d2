"""Intake: a ballot's way to durability, in process and through the HTTP server, beside its bare cryptography."""

import asyncio
import json
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.living import Living
from tests.bench.measure import Row, Sizes, cpu_of, each, least, spent

from golos.credential.keys import keys_of
from golos.credential.sealing import open_envelope
from golos.credential.token import Redemption
from golos.demo.run import HOST
from golos.intake.admission import Admission
from golos.intake.standing import Standing
from golos.model.ed25519 import verify
from golos.model.entry import decode_entry
from golos.model.record import digest, signing_input
from golos.stores.embedded import open_stores

_CLIENTS = 2


def measure(living: Living, sizes: Sizes, folder: Path) -> Iterator[Row]:
    """Yield the rows; afterwards the election's log holds all ballots."""
    bare = bare_cryptography(living)
    yield Row("a ballot's bare cryptography", bare, "µs CPU")
    within = min(in_process(living, sizes, folder / str(number)) for number in range(3))
    yield Row("accept a ballot in process", within, "µs CPU", "bare", bare)
    cpu, p99, rate = over_http(living, sizes, folder)
    yield Row("accept a ballot over HTTP", cpu, "µs CPU", "in process", within, "≤ 2")
    yield Row(f"202, p99 of {sizes.clients} clients", p99, "ms", "limit", 250.0, "≤ 1")
    yield Row("ballots over HTTP", rate, "/s")


def bare_cryptography(living: Living) -> float:
    """Return the microseconds that opening the envelope and verifying signature and token take at the least."""
    pack, keys = living.office.pack, [living.keys.sealing("intake")]
    redemption = Redemption(keys_of(pack), pack.id)
    entries = [(s.envelope, s.record, decode_entry(s.record)) for s in living.submissions]

    def check(number: int) -> None:
        envelope, record, entry = entries[number]
        open_envelope(envelope, keys, pack.id)
        assert verify(entry.key, signing_input(record), entry.signature)
        assert redemption.cohort(entry.token, entry.key)

    return least(lambda: each(check, len(entries)))


def in_process(living: Living, sizes: Sizes, folder: Path) -> float:
    """Return the microseconds of an admission, group commit included, with as many at a time as there are clients."""
    pack, stores = living.office.pack, open_stores(folder / "in-process")
    standing = Standing(pack.policy.records_per_key)
    admission = Admission(pack, [living.keys.sealing("intake")], standing, stores.journal)
    waiting = iter(living.submissions)

    async def client() -> None:
        for one in waiting:
            assert await admission.admit(one.envelope) == digest(one.record)

    async def all_clients() -> None:
        await asyncio.gather(*(client() for _ in range(sizes.clients)))

    try:
        with spent() as took:
            asyncio.run(all_clients())
    finally:
        stores.close()
    return took.cpu / len(living.submissions) * 1e6


def over_http(living: Living, sizes: Sizes, folder: Path) -> tuple[float, float, float]:
    """Return the server's microseconds per ballot, the 99th percentile of the answers in ms, and ballots per second."""
    files = []
    for number in range(_CLIENTS):
        mine = [s.envelope for s in living.submissions[number::_CLIENTS]]
        files.append(folder / f"envelopes-{number}")
        files[-1].write_bytes(b"".join(struct.pack(">I", len(one)) + one for one in mine))
    threads = str(max(1, sizes.clients // _CLIENTS))
    with living.serving() as server:
        before, began = cpu_of(server.pid), time.perf_counter()
        command = [sys.executable, "-m", "tests.bench.client", HOST, str(living.port), threads]
        running = [subprocess.Popen([*command, str(file)], stdout=subprocess.PIPE) for file in files]
        answers = [json.loads(process.communicate()[0]) for process in running]
        took, used = max(a["seconds"] for a in answers), cpu_of(server.pid) - before
        _wait_for_log(living, began + 60)
    assert sum(a["accepted"] for a in answers) == len(living.submissions)
    times = sorted(t for a in answers for t in a["times"])
    return used / len(times) * 1e6, times[int(len(times) * 0.99)] * 1e3, len(times) / took


def _wait_for_log(living: Living, deadline: float) -> None:
    """Return once a checkpoint covers all ballots."""
    office = living.office
    while office.head().size < len(living.submissions):
        if time.perf_counter() > deadline:
            raise TimeoutError("no checkpoint covers the ballots")
        time.sleep(0.2)
